import ArgumentParser
import Foundation
import Wording

/// Runs a command line from its words to its exit status.
struct Program: Sendable {
    let root: any ParsableCommand.Type
    let console: Console
    /// Turns a fault of a room below into words; `nil` for one it does not know.
    var translate: @Sendable (any Error) -> CommandFailure? = { _ in nil }

    /// Runs the command of this process and ends it.
    static func main(_ root: any ParsableCommand.Type, translate: @escaping @Sendable (any Error) -> CommandFailure?) async -> Never {
        Interruption.install()
        let program = Program(root: root, console: .live(), translate: translate)
        exit(await program.run(Array(CommandLine.arguments.dropFirst())).rawValue)
    }

    func run(_ arguments: [String]) async -> CommandExit {
        let directories = Directories(console.environment)
        let user = SettingsFile.read(directories.userSettings)
        let language = Settings.language(
            flag: Self.value(of: "--lang", in: arguments).flatMap { Language(argument: $0) }, environment: console.environment,
            files: [user])
        return await Language.$spoken.withValue(language) {
            do {
                let status = try await run(arguments, directories, user)
                try console.output.flush()
                return status
            } catch {
                return report(error, arguments, language, directories)
            }
        }
    }

    private func run(_ arguments: [String], _ directories: Directories, _ user: SettingsFile) async throws -> CommandExit {
        let (arranged, path) = ArgumentOrder.arranged(arguments, for: root)
        var parsed: any ParsableCommand
        do {
            parsed = try parse(arranged, path)
            guard parsed is any ConsoleCommand else {
                try parsed.run()
                return .done
            }
        } catch {
            return try answer(error, path)
        }
        guard let command = parsed as? any ConsoleCommand else { return .done }
        try command.global.check()
        let settings = Settings(options: command.global, environment: console.environment, directories: directories, user: user)
        let invocation = Invocation(
            console: console, options: command.global, network: (command as? any NetworkCommand)?.network, settings: settings,
            directories: directories)
        // Doctor has a line for each.
        if !(command is DoctorCommand) {
            for line in Diagnosis.settings(settings.faults) { invocation.notice(line.phrase, line.facts) }
        }
        // The store's settings may choose another language than the user's.
        return try await Language.$spoken.withValue(settings.language) {
            try await Interruption.cancelling {
                do {
                    return try await command.run(in: invocation)
                } catch let exit as ExitCode {
                    return CommandExit(rawValue: exit.rawValue) ?? .usage
                } catch let request as CleanExit {
                    try console.write(answerText(request, CommandPath(commands: [root])))
                    return .done
                } catch {
                    throw placed(error, invocation)
                }
            }
        }
    }

    /// Reads the options of the command that the words name, and of it alone: the parser would make those of every command on the way to
    /// it, several times each. What is wrong there, or asked for, is said of the whole command line.
    private func parse(_ arguments: [String], _ path: CommandPath) throws -> any ParsableCommand {
        let words = path.commands.count - 1
        if words > 0, path.unknownWord == nil, let last = path.last, last.configuration.subcommands.isEmpty {
            do {
                let parsed = try last.parseAsRoot(Array(arguments.dropFirst(words)))
                if parsed is any ConsoleCommand { return parsed }
            } catch {}
        }
        return try root.parseAsRoot(arguments)
    }

    /// Puts into a failure what it could not know: the path of the store, and how its next command has to be typed.
    private func placed(_ error: any Error, _ invocation: Invocation) -> any Error {
        guard var failure = error as? CommandFailure ?? translate(error) else { return error }
        if failure.facts["path"] == .text("") { failure.facts["path"] = .text(invocation.storePath) }
        failure.next = failure.next.map(invocation.retyped.completing)
        return failure
    }

    /// Answers what the parser threw: help and versions are printed, anything else is wrong usage.
    private func answer(_ error: any Error, _ path: CommandPath) throws -> CommandExit {
        if let failure = Self.failure(within: error) { throw failure }
        if root.exitCode(for: error) == .success {
            try console.write(answerText(error, path))
            return .done
        }
        var failure = UsageMessage.failure(root.message(for: error))
        let unexpected: Set<String> = [ErrorPhrases.unexpectedArgument.code, ErrorPhrases.missingArgument.code]
        let isUnknown = unexpected.contains(failure.code) || (path.commands.count == 1 && failure.code == ErrorPhrases.unknownOption.code)
        if let word = path.unknownWord, let parent = path.last, isUnknown {
            let known = parent.configuration.subcommands.flatMap { ArgumentOrder.names(of: $0) }
            let near = Nearest.words(to: word, among: known).map { CommandFailure.Candidate(name: $0) }
            failure = CommandFailure(.unknownCommand, ["word": .text(word)], candidates: near)
        }
        failure.next = path.text + " --help"
        throw failure
    }

    /// Our own page where the parser would show its help; what else it prints, such as the version, as it stands.
    private func answerText(_ error: any Error, _ path: CommandPath) -> String {
        let text = root.fullMessage(for: error)
        // Behind global flags the parser has gone on to what a group does without a word: the group was asked about.
        let asked = path.last.map { [$0] + [$0.configuration.defaultSubcommand].compactMap(\.self) } ?? []
        if asked.contains(where: { text == root.helpMessage(for: $0) }) { return helpPage(path) }
        return text.hasSuffix("\n") ? text : text + "\n"
    }

    private func helpPage(_ path: CommandPath) -> String {
        HelpPage(root: .root(of: root), path: path.commands.map { $0._commandName })
            .text(PageStyle(language: Language.spoken, columns: console.columns ?? 80))
    }

    /// Says what went wrong and returns the exit status for it.
    private func report(_ error: any Error, _ arguments: [String], _ language: Language, _ directories: Directories) -> CommandExit {
        // Nobody reads any more: that is the reader's choice, not an error.
        if case .closed? = error as? SinkFault { return .done }
        let failure = words(for: error, directories)
        do {
            if Self.wantsJSON(arguments, "--json") {
                try console.write(JSONWriter.text(failure.json(in: language), .indented) + "\n")
            } else if Self.wantsJSON(arguments, "--jsonl") {
                try console.write(JSONWriter.text(failure.json(in: language)) + "\n")
            }
            try console.output.flush()
        } catch {
            // The sentence on standard error still says it.
        }
        console.complain(failure.text(in: language))
        return failure.exit
    }

    private func words(for error: any Error, _ directories: Directories) -> CommandFailure {
        if let failure = error as? CommandFailure { return failure }
        if let failure = translate(error) { return failure }
        if error is CancellationError { return CommandFailure(.interrupted, ["kept": .word(PromptPhrases.stepsKept)]) }
        if case .failed(let number)? = error as? SinkFault {
            return CommandFailure(.cannotWrite, ["path": "-", "reason": .text(SystemReason.of(errno: number))])
        }
        return FaultRecord(directory: directories.state, time: console.now()).failure(for: error)
    }

    /// Finds our own error inside one of the parser's, which wraps what `validate()` and transforms throw.
    private static func failure(within error: Any, depth: Int = 0) -> CommandFailure? {
        if let failure = error as? CommandFailure { return failure }
        guard depth < 6 else { return nil }
        for child in Mirror(reflecting: error).children {
            if let failure = failure(within: child.value, depth: depth + 1) { return failure }
        }
        return nil
    }

    private static func wantsJSON(_ arguments: [String], _ flag: String) -> Bool { arguments.prefix { $0 != "--" }.contains(flag) }

    private static func value(of name: String, in arguments: [String]) -> String? {
        let words = arguments.prefix { $0 != "--" }
        for (index, word) in words.enumerated() {
            if word == name, index + 1 < words.count { return words[index + 1] }
            if word.hasPrefix(name + "=") { return String(word.dropFirst(name.count + 1)) }
        }
        return nil
    }
}
