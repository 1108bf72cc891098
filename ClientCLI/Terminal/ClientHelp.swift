import ArgumentParser
import Wording

extension CommandNode {
    /// The commands of a program, in the language of the command that runs.
    static func root(of program: any ParsableCommand.Type) -> CommandNode {
        CommandNode(describing: program._dumpHelp(), globals: GlobalOptions.flagNames.union(GlobalOptions.valueNames))
    }
}

extension HelpPage {
    /// The page of one of the client's commands.
    init(root: CommandNode, path: [String]) {
        self.init(
            root: root, path: path, examples: CommandExamples.of(path), groups: HelpGroup.all(in: root),
            topics: HelpTopics.allCases.map(\.rawValue))
    }
}

extension HelpGroup {
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
        (
            .groupStanding,
            ["status", "todo", "conflicts", "resolve", "disputes", "check", "gaps", "rules", "soa", "review", "trace", "diff", "log"]
        ),
        (.groupExchange, ["sync", "watch", "outbox", "bundle"]),
        (.groupProof, ["agree", "agreements", "agreement", "export", "verify", "report", "reconcile"]),
    ]

    static func all(in root: CommandNode) -> [HelpGroup] {
        let shown = root.shownCommands
        return names.compactMap { heading, names in
            let commands = names.compactMap { name in shown.first { $0.commandName == name } }
            return commands.isEmpty ? nil : HelpGroup(heading: heading, commands: commands)
        }
    }
}
