import ArgumentParser
import Wording

/// The help of the server's commands, laid out as the client's is.
enum ServerHelp {
    /// Examples of each command by its path from the program on; the same in every language.
    static let examples: [String: [String]] = [
        "buntan-server": ["buntan-server serve --data ./data --server-name sync.example --open"],
        "buntan-server serve": [
            "buntan-server serve --data ./data --server-name sync.example --open",
            "buntan-server serve --config /etc/buntan-server.conf --print-config",
        ],
        "buntan-server org": ["buntan-server org list --data ./data"],
        "buntan-server org list": ["buntan-server org list --data ./data"],
        "buntan-server org admit": [#"buntan-server org admit "Kaisha K.K." --data ./data"#],
        "buntan-server org suspend": ["buntan-server org suspend FINGERPRINT --data ./data"],
        "buntan-server org quota": ["buntan-server org quota FINGERPRINT 2GiB --data ./data"],
        "buntan-server check": ["buntan-server check --data ./data"],
        "buntan-server backup": ["buntan-server backup copy.db --data ./data"],
        "buntan-server erase": [
            "buntan-server erase 42b054783a7e570b20fecad32b5075c2 0193a4c1-0000-7000-8000-000000000000 text --reference \"2026 (wa) 123\" --for-good --data ./data"
        ],
        "buntan-server repair": ["buntan-server repair --data ./data", "buntan-server repair --all --data ./data"],
        "buntan-server reopen": [
            "buntan-server reopen --data ./data", "buntan-server reopen 42b054783a7e570b20fecad32b5075c2 --accept-loss --data ./data",
            "buntan-server reopen --all --accept-loss --accept-lost-statements FINGERPRINT --data ./data",
        ],
    ]

    static var root: CommandNode { CommandNode(describing: BuntanServer._dumpHelp(), globals: []) }

    /// Our own page where the parser would show its help; what else it prints, such as the version, as it stands.
    static func answer(_ text: String, in language: Language) -> String {
        guard let path = path(to: BuntanServer.self, named: ["buntan-server"], showing: text) else { return text }
        let page = HelpPage(root: root, path: path, examples: examples[path.joined(separator: " ")] ?? [])
            .text(PageStyle(language: language, columns: 80))
        return String(page.dropLast())
    }

    private static func path(to command: any ParsableCommand.Type, named names: [String], showing text: String) -> [String]? {
        if BuntanServer.helpMessage(for: command) == text { return names }
        for below in command.configuration.subcommands {
            if let found = path(to: below, named: names + [below._commandName], showing: text) { return found }
        }
        return nil
    }
}
