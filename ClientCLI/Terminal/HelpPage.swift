import Wording

/// The help of one command: what it does, examples first, then its own arguments and options, last what all commands take.
struct HelpPage {
    /// The names from the program on, like `buntan outbox retry`.
    let path: [String]
    let node: CommandNode
    let examples: [String]
    /// For the program itself: its commands by group.
    var groups: [CommandGroup] = []

    init(root: CommandNode, path: [String]) {
        let names = path.dropFirst()
        self.path = path
        node = root[names] ?? root
        examples = CommandExamples.of(path)
        if names.isEmpty { groups = CommandGroup.all(in: root) }
    }

    func text(_ style: PageStyle) -> String {
        var page = Page(style)
        if let abstract = node.abstract {
            page.paragraph(abstract)
            page.blank()
        }
        if !examples.isEmpty {
            page.say(HelpPhrases.examples)
            for example in examples { page.place(.command(2, example)) }
            page.blank()
        }
        page.say(HelpPhrases.usage)
        Self.fill(usage, &page)
        section(HelpPhrases.arguments, node.positionals.filter { $0.abstract != nil }, &page)
        section(HelpPhrases.options, node.ownOptions, &page)
        commands(&page)
        section(HelpPhrases.globalOptions, node.globalOptions, &page)
        if path.count == 1 {
            page.blank()
            Self.pairs(
                [
                    ("-h, --help", HelpPhrases.showHelp.text(in: page.language)),
                    ("--version", HelpPhrases.showVersion.text(in: page.language)),
                ], &page)
        }
        return page.text
    }

    private var usage: [String] {
        var words = path
        if !node.shownCommands.isEmpty {
            words.append(node.defaultSubcommand == nil && node.positionals.isEmpty ? "<command>" : "[<command>]")
        }
        words += node.positionals.map(\.usage) + node.ownOptions.map(\.usage)
        return words
    }

    /// Words on as many lines as they need; none of them is broken.
    private static func fill(_ words: [String], _ page: inout Page) {
        let limit = (page.style.limit ?? .max) - 2
        var line = ""
        for word in words {
            if !line.isEmpty, page.style.measure(line) + 1 + page.style.measure(word) > limit {
                page.line(Span("  " + line))
                line = "   "
            }
            line += line.isEmpty ? word : " " + word
        }
        page.line(Span("  " + line))
    }

    private func section(_ heading: HelpPhrases, _ arguments: [ArgumentNode], _ page: inout Page) {
        guard !arguments.isEmpty else { return }
        page.blank()
        page.say(heading)
        Self.pairs(
            arguments.map { argument in
                let fallback = argument.defaultValue.map {
                    " (" + HelpPhrases.defaultValue.text(in: page.language, ["value": .text($0)]) + ")"
                }
                return (argument.label, (argument.abstract ?? "") + (fallback ?? ""))
            }, &page)
    }

    private func commands(_ page: inout Page) {
        let all = node.shownCommands
        guard !all.isEmpty else { return }
        guard !groups.isEmpty else {
            page.blank()
            page.say(HelpPhrases.subcommands)
            return Self.pairs(all.map { ($0.commandName, $0.abstract ?? "") }, &page)
        }
        for group in groups {
            page.blank()
            page.paragraph(group.heading.text(in: page.language))
            Self.pairs(group.commands.map { ($0.commandName, $0.abstract ?? "") }, &page)
        }
        let grouped = Set(groups.flatMap { $0.commands.map(\.commandName) })
        let others = all.filter { !grouped.contains($0.commandName) }
        if !others.isEmpty {
            page.blank()
            page.say(HelpPhrases.subcommands)
            Self.pairs(others.map { ($0.commandName, $0.abstract ?? "") }, &page)
        }
        page.blank()
        page.say(HelpPhrases.topics, ["topics": .text(HelpTopics.allCases.map(\.rawValue).joined(separator: ", "))])
    }

    /// Two columns; the second begins at the same place on every line and is broken to fit.
    private static func pairs(_ pairs: [(String, String)], _ page: inout Page) {
        let measure = page.style.measure
        let column = min(30, (pairs.map { measure($0.0) }.max() ?? 0) + 4)
        for (name, words) in pairs {
            if measure(name) + 4 > column {
                page.paragraph(name, indent: 2)
                page.paragraph(words, indent: column)
            } else {
                page.place(.at(2, Span(name)), .at(column, Span(words)))
            }
        }
    }
}

/// Commands that belong together (commands.md section 4).
struct CommandGroup {
    let heading: CommandPhrases
    let commands: [CommandNode]

    /// The names of each group; those of commands that this program does not have are passed over.
    static let names: [(heading: CommandPhrases, names: [String])] = [
        (
            .groupStart,
            ["init", "join", "confirm", "use", "config", "org", "devices", "device", "key", "store", "doctor", "help", "completion"]
        ),
        (.groupProvider, ["services", "service", "import", "preview", "publish", "releases", "withdraw", "invite"]),
        (.groupEngagement, ["engagements", "engagement", "auditors", "auditor"]),
        (.groupRows, ["matrix", "show", "controls", "find", "answer", "accept", "propose", "comment", "note"]),
        (.groupRecords, ["list", "edit", "delete", "undo", "erase"]),
        (.groupStanding, ["status", "todo", "conflicts", "resolve", "disputes", "check", "gaps", "rules", "trace", "diff", "log"]),
        (.groupExchange, ["sync", "watch", "outbox", "bundle"]),
        (.groupProof, ["agree", "agreements", "agreement", "export", "verify", "report", "reconcile"]),
    ]

    static func all(in root: CommandNode) -> [CommandGroup] {
        let shown = root.shownCommands
        return names.compactMap { heading, names in
            let commands = names.compactMap { name in shown.first { $0.commandName == name } }
            return commands.isEmpty ? nil : CommandGroup(heading: heading, commands: commands)
        }
    }
}
