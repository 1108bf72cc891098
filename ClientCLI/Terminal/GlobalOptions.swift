import ArgumentParser
import Wording

extension Language: ExpressibleByArgument {
    package init?(argument: String) {
        guard let language = Language(rawValue: argument) else { return nil }
        self = language
    }
}

/// The flags that every command takes, before its name or after it.
struct GlobalOptions: ParsableArguments {
    @Option(name: .long, help: .spoken(.store))
    var store: String?
    @Option(name: .shortAndLong, help: .spoken(.service))
    var service: String?
    @Option(name: .shortAndLong, help: .spoken(.engagement))
    var engagement: String?
    @Flag(name: .long, help: .spoken(.json))
    var json = false
    @Flag(name: .long, help: .spoken(.jsonl))
    var jsonl = false
    @Flag(name: .long, help: .spoken(.plain))
    var plain = false
    @Option(name: .long, help: .spoken(.fields))
    var fields: String?
    @Option(name: .long, help: .spoken(.lang))
    var lang: Language?
    @Flag(name: .long, help: .spoken(.utc))
    var utc = false
    @Flag(name: .long, help: .spoken(.wide))
    var wide = false
    @Flag(name: .customLong("no-pager"), help: .spoken(.noPager))
    var noPager = false
    @Flag(name: .customLong("no-color"), help: .spoken(.noColor))
    var noColor = false
    @Flag(name: .shortAndLong, help: .spoken(.quiet))
    var quiet = false
    @Flag(name: .shortAndLong, help: .spoken(.verbose))
    var verbose = false
    @Flag(name: .shortAndLong, help: .spoken(.yes))
    var yes = false
    @Flag(name: .customLong("no-input"), help: .spoken(.noInput))
    var noInput = false
    @Option(name: .customLong("passphrase-file"), help: .spoken(.passphraseFile))
    var passphraseFile: String?
    @Flag(name: .customLong("exit-code"), help: .spoken(.exitCode))
    var exitCode = false

    /// The names of the flags above that take no value, and of those that take one.
    static let flagNames: Set<String> = [
        "--json", "--jsonl", "--plain", "--utc", "--wide", "--no-pager", "--no-color", "--quiet", "--verbose", "--yes", "--no-input",
        "--exit-code", "-q", "-v", "-y",
    ]
    static let valueNames: Set<String> = [
        "--store", "--service", "--engagement", "--fields", "--lang", "--passphrase-file", "-s", "-e",
    ]

    var mode: OutputMode { json ? .json : jsonl ? .jsonLines : plain ? .plain : .human }

    /// The members picked with `--fields`.
    var fieldNames: [String]? {
        fields.map { $0.split(separator: ",").map { $0.trimmingBlanks } }
    }

    /// Checks what the parser cannot: one form of output at most.
    func check() throws {
        let modes = [("--json", json), ("--jsonl", jsonl), ("--plain", plain)].filter(\.1).map(\.0)
        if modes.count > 1 { throw CommandFailure(.optionsExclude, ["first": .text(modes[0]), "second": .text(modes[1])]) }
    }
}

/// The flags of commands that use the network.
struct NetworkOptions: ParsableArguments {
    @Option(name: .customLong("ca-file"), help: .spoken(.caFile))
    var caFile: String?
    @Option(name: .long, help: .spoken(.proxy))
    var proxy: String?
}

extension ArgumentHelp {
    /// The help of an option in the language of the command that runs.
    static func spoken(_ entry: OptionPhrases) -> ArgumentHelp { ArgumentHelp(entry.spoken, valueName: entry.valueName) }
}

extension Substring {
    fileprivate var trimmingBlanks: String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
