import Wording

@testable import ClientCLI

/// Writes manual pages in the macros of man(7) from what the parser of a program knows of its commands.
struct ManualPage {
    /// The name of the page, like `buntan-outbox`.
    let name: String
    private var lines: [String]

    private init(_ name: String, _ abstract: String, source: String, manual: String) {
        self.name = name
        lines = [
            #".\" Written from the program's own help by the test of the manual pages; do not edit."#,
            ".TH \(name.uppercased()) 1 2026-11-25 \"\(source)\" \"\(manual)\"", ".SH NAME",
            "\(Self.escaped(name)) \\- \(Self.escaped(Self.withoutPoint(abstract)))",
        ]
    }

    var text: String { lines.joined(separator: "\n") + "\n" }

    // MARK: buntan

    /// The page of the client as a whole, and one of each of its commands.
    static func client(_ root: CommandNode, version: String) -> [ManualPage] {
        var pages = [overview(root, version)]
        for command in root.shownCommands {
            var page = ManualPage(
                "buntan-\(command.commandName)", command.abstract ?? "", source: "Buntan \(version)", manual: "Buntan Manual")
            page.heading("SYNOPSIS")
            page.synopses(["buntan", command.commandName], command)
            page.heading("DESCRIPTION")
            page.paragraph(command.abstract ?? "")
            page.arguments(command)
            for below in command.shownCommands { page.section(of: below, ["buntan", command.commandName]) }
            page.examples(["buntan", command.commandName])
            page.heading("OPTIONS OF ALL COMMANDS, ENVIRONMENT, FILES, EXIT STATUS")
            page.paragraph("They are described in buntan(1).")
            page.heading("SEE ALSO")
            page.lines.append(".BR buntan (1)")
            pages.append(page)
        }
        return pages
    }

    private static func overview(_ root: CommandNode, _ version: String) -> ManualPage {
        var page = ManualPage("buntan", root.abstract ?? "", source: "Buntan \(version)", manual: "Buntan Manual")
        page.heading("SYNOPSIS")
        page.lines += [".B buntan", ".I command", ".RI [ options ]", ".RI [ argument \" ...]\""]
        page.heading("DESCRIPTION")
        page.topic(.gettingStarted)
        page.heading("COMMANDS")
        for group in HelpGroup.all(in: root) {
            page.lines.append(".SS \(Self.escaped(group.heading.text(in: .en)))")
            for command in group.commands {
                page.lines += [".TP", ".BR buntan\\-\(Self.escaped(command.commandName)) (1)", Self.escaped(command.abstract ?? "")]
            }
        }
        page.heading("OPTIONS OF ALL COMMANDS")
        for option in root.shownCommands.first?.globalOptions ?? [] { page.entry(option) }
        page.lines += [".TP", ".BR \\-h \", \" \\-\\-help", "Show help information.", ".TP", ".B \\-\\-version", "Show the version."]
        for (heading, topic) in [
            ("ROWS AND IDS", HelpTopics.rows), ("CONFLICTS", .conflicts), ("DISPUTES", .disputes), ("FORMATS", .formats),
            ("EXIT STATUS", .exitCodes), ("ENVIRONMENT", .environment), ("FILES", .files), ("UPGRADE", .upgrade), ("UNINSTALL", .uninstall),
        ] {
            page.heading(heading)
            page.topic(topic)
        }
        page.heading("SEE ALSO")
        page.lines.append(".BR buntan\\-server (1)")
        return page
    }

    // MARK: buntan-server

    /// The one page of the server.
    static func server(_ root: CommandNode, variables: [String], version: String) -> ManualPage {
        var page = ManualPage("buntan-server", root.abstract ?? "", source: "Buntan \(version)", manual: "Buntan Manual")
        page.heading("SYNOPSIS")
        page.lines += [".B buntan\\-server", ".I command", ".RI [ options ]"]
        page.heading("DESCRIPTION")
        page.paragraph(root.abstract ?? "")
        for command in root.shownCommands {
            page.section(of: command, ["buntan-server"])
            for below in command.shownCommands { page.section(of: below, ["buntan-server", command.commandName]) }
        }
        page.heading("ENVIRONMENT")
        page.paragraph("Each setting of serve has a variable; a flag comes before it, the configuration file after it.")
        for variable in variables { page.lines += [".TP", ".B \(Self.escaped(variable))", "See the flag of the same name."] }
        page.heading("FILES")
        page.paragraph(
            "The folder of \\-\\-data holds identity (the server's keys), store.db (logs and registry) and marks.", isEscaped: true)
        page.heading("EXIT STATUS")
        page.lines += [
            ".TP", "0", "Done.", ".TP", "1", "Looked and found something.", ".TP", "2", "Wrong usage or configuration.", ".TP", "5",
            "Does not verify.", ".TP", "7", "This machine: disk, permission, folder in use or of a newer version.",
        ]
        page.heading("SEE ALSO")
        page.lines.append(".BR buntan (1)")
        return page
    }

    // MARK: pieces

    private mutating func heading(_ text: String) { lines.append(".SH \(text.contains(" ") ? "\"\(text)\"" : text)") }

    private mutating func paragraph(_ text: String, isEscaped: Bool = false) { lines.append(isEscaped ? text : Self.escaped(text)) }

    /// A topic of `help` as it stands, without its own heading.
    private mutating func topic(_ topic: HelpTopics) {
        let body = topic.text(in: .en).split(separator: "\n", omittingEmptySubsequences: false).drop { !$0.isEmpty }.drop(while: \.isEmpty)
        lines.append(".nf")
        lines += body.map { $0.isEmpty ? ".sp" : Self.escaped(String($0)) }
        lines.append(".fi")
    }

    private mutating func synopses(_ path: [String], _ command: CommandNode) {
        if command.shownCommands.isEmpty || command.defaultSubcommand != nil || !command.positionals.isEmpty || command.runs {
            synopsis(path, command)
        }
        for below in command.shownCommands {
            if !lines[lines.count - 1].hasPrefix(".SH") { lines.append(".br") }
            synopsis(path + [below.commandName], below)
        }
    }

    private mutating func synopsis(_ path: [String], _ command: CommandNode) {
        lines.append(".B \(Self.escaped(path.joined(separator: " ")))")
        let words = command.positionals.map(\.usage) + command.ownOptions.map(\.usage)
        if !words.isEmpty { lines.append(Self.escaped(words.joined(separator: " "))) }
    }

    private mutating func section(of command: CommandNode, _ path: [String]) {
        heading((path.dropFirst() + [command.commandName]).joined(separator: " ").uppercased())
        paragraph(command.abstract ?? "")
        arguments(command)
        examples(path + [command.commandName], isSection: false)
    }

    private mutating func arguments(_ command: CommandNode) {
        for argument in command.positionals + command.ownOptions { entry(argument) }
    }

    private mutating func entry(_ argument: ArgumentNode) {
        lines += [".TP", ".B \(Self.escaped(argument.label))"]
        var words = argument.abstract ?? ""
        if let values = argument.allValues, !values.isEmpty { words += " Values: " + values.joined(separator: ", ") + "." }
        if let value = argument.defaultValue { words += " Default: \(value)." }
        lines.append(Self.escaped(words))
    }

    private mutating func examples(_ path: [String], isSection: Bool = true) {
        let examples = CommandExamples.of(path) + ServerManual.examples(path)
        guard !examples.isEmpty else { return }
        if isSection { heading("EXAMPLES") } else { lines += [".PP", "Examples:"] }
        lines += [".PP", ".nf", ".RS"] + examples.map(Self.escaped) + [".RE", ".fi"]
    }

    private static func withoutPoint(_ text: String) -> String { text.hasSuffix(".") ? String(text.dropLast()) : text }

    /// Text that roff takes as it stands: no request at a line's beginning, no sign with a meaning of its own.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "~": result += "\\(ti"
            case "^": result += "\\(ha"
            case "`": result += "\\(ga"
            case _ where scalar.value >= 0x80: result += "\\[u" + String(scalar.value, radix: 16, uppercase: true) + "]"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
    }
}

extension CommandNode {
    /// Whether it does something itself beside having commands below: then it takes the options of all.
    var runs: Bool { !globalOptions.isEmpty }
}
