import ArgumentParser
import Foundation
import Wording

/// Runs a command line of the server from its words to its exit status.
enum ServerProgram {
    static func run(_ arguments: [String], as speaker: Speaker) async -> Int32 {
        await Language.$spoken.withValue(speaker.language) {
            await Speaker.$current.withValue(speaker) {
                do {
                    var command = try BuntanServer.parseAsRoot(arguments)
                    if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
                    return 0
                } catch { return answer(error, speaker) }
            }
        }
    }

    /// Answers what the parser or a command threw: help is printed, and anything that is no exit of a command's own is wrong usage.
    private static func answer(_ error: any Error, _ speaker: Speaker) -> Int32 {
        if let exit = error as? ExitCode { return exit.rawValue }
        if BuntanServer.exitCode(for: error) == .success {
            speaker.say(ServerHelp.answer(BuntanServer.fullMessage(for: error), in: speaker.language))
            return 0
        }
        let said = ParserText.complaint(BuntanServer.message(for: error))
        speaker.complain(said.entry, said.facts)
        if let near = said.near { speaker.tell(HelpPhrases.didYouMean, ["word": .text(near)]) }
        speaker.tell(HelpPhrases.nextLine, ["command": "buntan-server --help"])
        return ServerExit.usage.rawValue
    }
}
