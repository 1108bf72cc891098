import ArgumentParser
import Foundation

/// A command as the parser knows it, with all below it: what help, manual pages and completion are made of.
struct CommandNode: Decodable, Sendable {
    let commandName: String
    let abstract: String?
    let defaultSubcommand: String?
    let shouldDisplay: Bool?
    private let subcommands: [CommandNode]?
    private let arguments: [ArgumentNode]?

    /// The commands of a program, in the language of the command that runs.
    ///
    /// The parser describes itself in JSON alone; that it can be read is a promise that a test holds.
    static func root(of program: any ParsableCommand.Type) -> CommandNode {
        struct Dump: Decodable { let command: CommandNode }
        do {
            return try JSONDecoder().decode(Dump.self, from: Data(program._dumpHelp().utf8)).command
        } catch {
            preconditionFailure("The parser describes its commands in the form that is read here.")
        }
    }

    /// The commands below that people are shown; the parser's own `help` is not one of ours.
    var shownCommands: [CommandNode] {
        (subcommands ?? []).filter { $0.shouldDisplay != false && !($0.commandName == "help" && $0.isParsersOwn) }
    }

    /// The arguments and options of this command, each once.
    var shownArguments: [ArgumentNode] {
        var seen = Set<String>()
        return (arguments ?? []).filter { $0.shouldDisplay && seen.insert($0.label).inserted }
    }

    var positionals: [ArgumentNode] { shownArguments.filter { $0.kind == .positional } }
    /// What this command takes beside what all take.
    var ownOptions: [ArgumentNode] {
        let own = shownArguments.filter { $0.kind != .positional && !$0.isGlobal && !$0.isParsersOwn }
        // The way to the server is the same for all that go there, so it stands last.
        return own.filter { !$0.isOfNetwork } + own.filter(\.isOfNetwork)
    }
    var globalOptions: [ArgumentNode] { shownArguments.filter { $0.isGlobal } }

    /// The command at the end of a path of names, `nil` if there is none.
    subscript(path: some Collection<String>) -> CommandNode? {
        guard let name = path.first else { return self }
        return subcommands?.first { $0.commandName == name }?[path.dropFirst()]
    }

    private var isParsersOwn: Bool { positionals.map(\.valueName) == ["subcommands"] }
}

/// An argument, option or flag of a command.
struct ArgumentNode: Decodable, Sendable {
    enum Kind: String, Decodable, Sendable { case positional, option, flag }

    struct Name: Decodable, Sendable {
        let kind: String
        let name: String
        var text: String { (kind == "long" ? "--" : "-") + name }
    }

    let kind: Kind
    let shouldDisplay: Bool
    let isOptional: Bool
    let isRepeating: Bool
    let names: [Name]?
    let valueName: String?
    let defaultValue: String?
    let allValues: [String]?
    let abstract: String?

    /// The names as they are typed, short ones first.
    var spellings: [String] {
        let all = names ?? []
        return (all.filter { $0.kind != "long" } + all.filter { $0.kind == "long" }).map(\.text)
    }

    var isGlobal: Bool { spellings.contains { GlobalOptions.flagNames.contains($0) || GlobalOptions.valueNames.contains($0) } }
    /// What the parser adds by itself to every command.
    var isParsersOwn: Bool { spellings.contains("--help") || spellings.contains("--version") }
    var isOfNetwork: Bool { spellings.contains("--ca-file") || spellings.contains("--proxy") }
    var takesValue: Bool { kind == .option }
    var value: String { "<\(valueName ?? "value")>" }

    /// How it stands in lists: `-m, --message <why>` or `<row> ...`.
    var label: String {
        switch kind {
        case .positional: value + (isRepeating ? " ..." : "")
        case .option: spellings.joined(separator: ", ") + " " + value
        case .flag: spellings.joined(separator: ", ")
        }
    }

    /// How it stands in a usage line, in brackets where it may be left out.
    var usage: String {
        let text = kind == .positional ? label : (spellings.last ?? "") + (takesValue ? " " + value : "")
        return isOptional || kind == .flag ? "[\(text)]" : text
    }
}
