/// The help of one command: what it does, examples first, then its own arguments and options, last what all commands take.
package struct HelpPage {
    /// The names from the program on, like `buntan outbox retry`.
    package let path: [String]
    package let node: CommandNode
    package let examples: [String]
    /// For the program itself: its commands by group, where it has any.
    private let groups: [HelpGroup]
    /// What help can be had about beside commands.
    private let topics: [String]

    package init(root: CommandNode, path: [String], examples: [String], groups: [HelpGroup] = [], topics: [String] = []) {
        self.path = path
        self.examples = examples
        self.topics = topics
        let names = path.dropFirst()
        node = root[names] ?? root
        self.groups = names.isEmpty ? groups : []
    }

    package func text(_ style: PageStyle) -> String {
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
        guard !topics.isEmpty else { return }
        page.blank()
        page.say(HelpPhrases.topics, ["topics": .text(topics.joined(separator: ", "))])
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
package struct HelpGroup {
    package let heading: CommandPhrases
    package let commands: [CommandNode]

    package init(heading: CommandPhrases, commands: [CommandNode]) {
        self.heading = heading
        self.commands = commands
    }
}
