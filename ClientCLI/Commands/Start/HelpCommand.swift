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
            try invocation.console.write(
                HelpText.translated(Buntan.helpMessage(columns: invocation.console.columns ?? 80), to: invocation.language))
            try invocation.console.write(
                "\n" + HelpPhrases.topics.text(in: invocation.language, ["topics": .text(topics.joined(separator: ", "))]) + "\n")
            return .done
        }
        if topic.count == 1, let entry = HelpTopics(rawValue: word) {
            let item: JSONValue = ["topic": .text(word), "text": .text(entry.text(in: invocation.language))]
            try invocation.print(
                .single("help/1", nil, fields: ["topic", "text"], item) { page in page.paragraph(entry.text(in: page.language)) })
            return .done
        }
        guard let command = Self.command(topic) else {
            let near = Nearest.words(to: word, among: topics + ArgumentOrder.commandNames(of: Buntan.self))
            throw CommandFailure(
                .unknownTopic, ["topic": .text(topic.joined(separator: " "))], next: "buntan help",
                candidates: near.map { CommandFailure.Candidate(name: $0) })
        }
        let text = Buntan.helpMessage(for: command, columns: invocation.console.columns ?? 80)
        try invocation.console.write(HelpText.translated(text, to: invocation.language) + "\n")
        return .done
    }

    private static func command(_ words: [String]) -> (any ParsableCommand.Type)? {
        var found: any ParsableCommand.Type = Buntan.self
        for word in words {
            guard let next = found.configuration.subcommands.first(where: { ArgumentOrder.names(of: $0).contains(word) }) else {
                return nil
            }
            found = next
        }
        return found
    }
}

extension ArgumentOrder {
    static func commandNames(of command: any ParsableCommand.Type) -> [String] {
        command.configuration.subcommands.flatMap { names(of: $0) }
    }
}

/// Prints the completion script of a shell.
struct CompletionCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "completion", abstract: CommandPhrases.completion.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.shell)) var shell: String

    func run(in invocation: Invocation) async throws -> CommandExit {
        guard let known = CompletionShell(rawValue: shell) else { throw CommandFailure(.unknownShell, ["value": .text(shell)]) }
        let script = Buntan.completionScript(for: known)
        try invocation.console.write(script.hasSuffix("\n") ? script : script + "\n")
        return .done
    }
}
