/// The flags of a command line that the next command needs as well: which store was meant, what in it, and by which way the
/// server is reached. Every command that is printed to be typed goes through here; what stands in the environment need not
/// be repeated.
struct RetypedFlags: Sendable {
    private let store: String?
    private let selection: [String]
    private let network: [String]

    init(_ options: GlobalOptions, _ network: NetworkOptions?) {
        func flag(_ name: String, _ value: String?) -> [String] { value.map { [name, Self.quoted($0)] } ?? [] }
        store = options.store.map(Self.quoted)
        selection = flag("-s", options.service) + flag("-e", options.engagement)
        // A proxy's password that was typed once is not printed.
        let proxy = network?.proxy.flatMap { $0.contains("@") ? nil : $0 }
        self.network = flag("--ca-file", network?.caFile) + flag("--proxy", proxy)
    }

    /// Commands that take the whole store, or name what they work on.
    private static let storeWide: Set<String> = [
        "init", "join", "use", "config", "org", "devices", "device", "key", "store", "doctor", "help", "completion", "services", "service",
        "engagements", "engagement", "confirm", "sync", "watch", "outbox", "undo",
    ]
    private static let reachingOut: Set<String> = ["sync", "watch", "join", "invite", "doctor"]

    /// Returns a command as it has to be typed after the one that ran: `buntan sync` as `buntan --store csp sync`.
    func completing(_ command: String) -> String {
        let words = command.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count > 1, words[0] == "buntan" else { return command }
        var flags = store.map { ["--store", $0] } ?? []
        if !Self.storeWide.contains(words[1]), !command.contains(" -e "), !command.contains(" -s ") { flags += selection }
        if Self.reachingOut.contains(words[1]) { flags += network }
        return ([words[0]] + flags + words.dropFirst()).joined(separator: " ")
    }

    /// A command with the option that names what it is about, unless it takes the whole store or names that itself.
    static func naming(_ command: String, _ option: String) -> String {
        let words = command.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count > 1, !storeWide.contains(words[1]) else { return command }
        return "\(command) \(option)"
    }

    /// A value as a shell takes it for one word.
    static func quoted(_ value: String) -> String {
        let signs = Set("/._-+:@%,=".unicodeScalars)
        let isPlain = value.unicodeScalars.allSatisfy {
            signs.contains($0) || $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
        return isPlain && !value.isEmpty ? value : "'" + value.replacing("'", with: #"'\''"#) + "'"
    }
}
