import Foundation

/// A command as the parser knows it, with all below it: what help, manual pages and completion are made of.
package struct CommandNode: Decodable, Sendable {
    package let commandName: String
    package let abstract: String?
    package let defaultSubcommand: String?
    package let shouldDisplay: Bool?
    private var subcommands: [CommandNode]?
    private let arguments: [ArgumentNode]?
    /// The options that all commands of the program take.
    private var globals: Set<String> = []

    private enum CodingKeys: String, CodingKey { case commandName, abstract, defaultSubcommand, shouldDisplay, subcommands, arguments }

    /// The commands of a program, in the language of the command that runs, from the parser's description of itself.
    ///
    /// The parser describes itself in JSON alone; that it can be read is a promise that a test holds.
    package init(describing program: String, globals: Set<String>) {
        struct Dump: Decodable { let command: CommandNode }
        do {
            self = try JSONDecoder().decode(Dump.self, from: Data(program.utf8)).command.sharing(globals)
        } catch {
            preconditionFailure("The parser describes its commands in the form that is read here.")
        }
    }

    private func sharing(_ globals: Set<String>) -> CommandNode {
        var node = self
        node.globals = globals
        node.subcommands = subcommands?.map { $0.sharing(globals) }
        return node
    }

    private func isGlobal(_ argument: ArgumentNode) -> Bool { !globals.isDisjoint(with: argument.spellings) }

    /// The commands below that people are shown; the parser's own `help` is not one of ours.
    package var shownCommands: [CommandNode] {
        (subcommands ?? []).filter { $0.shouldDisplay != false && !($0.commandName == "help" && $0.isParsersOwn) }
    }

    /// The arguments and options of this command, each once.
    package var shownArguments: [ArgumentNode] {
        var seen = Set<String>()
        return (arguments ?? []).filter { $0.shouldDisplay && seen.insert($0.label).inserted }
    }

    package var positionals: [ArgumentNode] { shownArguments.filter { $0.kind == .positional } }
    /// What this command takes beside what all take.
    package var ownOptions: [ArgumentNode] {
        let own = shownArguments.filter { $0.kind != .positional && !isGlobal($0) && !$0.isParsersOwn }
        // The way to the server is the same for all that go there, so it stands last.
        return own.filter { !$0.isOfNetwork } + own.filter(\.isOfNetwork)
    }
    package var globalOptions: [ArgumentNode] { shownArguments.filter(isGlobal) }

    /// The command at the end of a path of names, `nil` if there is none.
    package subscript(path: some Collection<String>) -> CommandNode? {
        guard let name = path.first else { return self }
        return subcommands?.first { $0.commandName == name }?[path.dropFirst()]
    }

    private var isParsersOwn: Bool { positionals.map(\.valueName) == ["subcommands"] }
}

/// An argument, option or flag of a command.
package struct ArgumentNode: Decodable, Sendable {
    package enum Kind: String, Decodable, Sendable { case positional, option, flag }

    package struct Name: Decodable, Sendable {
        package let kind: String
        package let name: String
        package var text: String { (kind == "long" ? "--" : "-") + name }
    }

    package let kind: Kind
    package let shouldDisplay: Bool
    package let isOptional: Bool
    package let isRepeating: Bool
    package let names: [Name]?
    package let valueName: String?
    package let defaultValue: String?
    package let allValues: [String]?
    package let abstract: String?

    /// The names as they are typed, short ones first.
    package var spellings: [String] {
        let all = names ?? []
        return (all.filter { $0.kind != "long" } + all.filter { $0.kind == "long" }).map(\.text)
    }

    /// What the parser adds by itself to every command.
    package var isParsersOwn: Bool { spellings.contains("--help") || spellings.contains("--version") }
    package var isOfNetwork: Bool { spellings.contains("--ca-file") || spellings.contains("--proxy") }
    package var takesValue: Bool { kind == .option }
    package var value: String { "<\(valueName ?? "value")>" }

    /// How it stands in lists: `-m, --message <why>` or `<row> ...`.
    package var label: String {
        switch kind {
        case .positional: value + (isRepeating ? " ..." : "")
        case .option: spellings.joined(separator: ", ") + " " + value
        case .flag: spellings.joined(separator: ", ")
        }
    }

    /// How it stands in a usage line, in brackets where it may be left out.
    package var usage: String {
        let text = kind == .positional ? label : (spellings.last ?? "") + (takesValue ? " " + value : "")
        return isOptional || kind == .flag ? "[\(text)]" : text
    }
}
