import ArgumentParser
import Wording

/// Prints the completion script of a shell.
struct CompletionCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "completion", abstract: CommandPhrases.completion.spoken)
    }

    @Argument(help: .spoken(.shell)) var shell: String
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        guard let known = CompletionScript(rawValue: shell) else { throw CommandFailure(.unknownShell, ["value": .text(shell)]) }
        try invocation.console.write(known.text)
        return .done
    }
}

/// What the scripts ask: the words that could stand where the cursor is, one a line.
///
/// It must never be in the way of typing: it changes nothing, says nothing of errors, and ends well whatever happens.
struct CompleteCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "complete", shouldDisplay: false)

    @Argument(parsing: .postTerminator) var words: [String] = []
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let typed = TypedWords(words, root: .root(of: Buntan.self))
        let candidates = CompletionSource(typed, invocation).candidates()
        try invocation.console.write(candidates.map { $0 + "\n" }.joined())
        return .done
    }
}
