import BuntanProtocol
import Storage
import ChangeLog
import Syncing
import StorageSQLite
import ArgumentParser
import Wording

/// Explains a topic; without one it shows what every command does.
struct HelpCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "help", abstract: CommandPhrases.help.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.topic)) var topic: [String] = []

    func run(in invocation: Invocation) async throws -> CommandExit {
        let topics = HelpTopics.allCases.map(\.rawValue)
        guard let word = topic.first else {
            try invocation.console.write(HelpPage(root: .root(of: Buntan.self), path: ["buntan"]).text(invocation.helpStyle))
            return .done
        }
        if topic.count == 1, let entry = HelpTopics(rawValue: word) {
            func show(_ page: inout Page) {
                page.topic(entry.text(in: page.language))
                if entry == .formats { TableHelp.show(&page) }
            }
            var whole = Page(PageStyle(language: invocation.language))
            show(&whole)
            var text = whole.text
            while text.hasSuffix("\n") { text.removeLast() }
            let item: JSONValue = ["topic": .text(word), "text": .text(text)]
            try invocation.print(.single("help/1", nil, fields: ["topic", "text"], item) { show(&$0) })
            return .done
        }
        let root = CommandNode.root(of: Buntan.self)
        guard root[topic] != nil else {
            let near = Nearest.words(to: word, among: topics + ArgumentOrder.commandNames(of: Buntan.self))
            throw CommandFailure(
                .unknownTopic, ["topic": .text(topic.joined(separator: " "))], next: "buntan help",
                candidates: near.map { CommandFailure.Candidate(name: $0) })
        }
        try invocation.console.write(HelpPage(root: root, path: ["buntan"] + topic).text(invocation.helpStyle))
        return .done
    }
}

extension ArgumentOrder {
    static func commandNames(of command: any ParsableCommand.Type) -> [String] {
        command.configuration.subcommands.flatMap { names(of: $0) }
    }
}
