import ArgumentParser
import Foundation
import Synchronization
import Wording

/// Runs a command line of the server from its words to its exit status.
enum ServerProgram {
    static func run(_ arguments: [String], as speaker: Speaker) async -> Int32 {
        await Language.$spoken.withValue(speaker.language) {
            await Speaker.$current.withValue(speaker) {
                do {
                    var command = try BuntanServer.parseAsRoot(arguments)
                    let isServing = command is ServeCommand
                    if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
                    // What a command has to say is what it is for; a server goes on without.
                    return !isServing && StandardStream.lostWords.withLock { $0 } ? ServerExit.machine.rawValue : 0
                } catch { return answer(error, arguments, speaker) }
            }
        }
    }

    /// Answers what the parser or a command threw: help is printed, and anything that is no exit of a command's own is wrong usage.
    private static func answer(_ error: any Error, _ arguments: [String], _ speaker: Speaker) -> Int32 {
        if let exit = error as? ExitCode { return exit.rawValue }
        if BuntanServer.exitCode(for: error) == .success {
            speaker.say(ServerHelp.answer(BuntanServer.fullMessage(for: error), in: speaker.language))
            return 0
        }
        let (path, unknown) = commands(arguments)
        let said = ParserText.complaint(BuntanServer.message(for: error))
        if let unknown, said.entry == .unexpectedArgument || said.entry == .missingArgument {
            speaker.complain(ErrorPhrases.unknownCommand, ["word": .text(unknown)])
        } else {
            speaker.complain(said.entry, said.facts)
            if let near = said.near { speaker.tell(HelpPhrases.didYouMean, ["word": .text(near)]) }
        }
        speaker.tell(HelpPhrases.nextLine, ["command": .text((path + ["--help"]).joined(separator: " "))])
        return ServerExit.usage.rawValue
    }

    /// The commands that the first words name, and the word that names none where one could stand.
    private static func commands(_ arguments: [String]) -> (path: [String], unknown: String?) {
        var path = ["buntan-server"]
        var command: any ParsableCommand.Type = BuntanServer.self
        for word in arguments {
            guard !word.hasPrefix("-"), !command.configuration.subcommands.isEmpty else { break }
            guard let next = command.configuration.subcommands.first(where: { $0._commandName == word }) else { return (path, word) }
            command = next
            path.append(word)
        }
        return (path, nil)
    }
}
