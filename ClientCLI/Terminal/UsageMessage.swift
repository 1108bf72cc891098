import Wording

/// Turns what the argument parser says into our own errors, so that it exists in both languages and has a code.
///
/// The parser keeps the kinds of its errors to itself; its sentences are all there is to go by. One that is not
/// known here is passed on as it stands.
enum UsageMessage {
    static func failure(_ message: String) -> CommandFailure {
        if let match = message.wholeMatch(of: /Unknown option '([^']*)'(?:\. Did you mean '([^']*)'\?)?/) {
            let near = match.2.map { [CommandFailure.Candidate(name: String($0))] } ?? []
            return CommandFailure(.unknownOption, ["option": .text(String(match.1))], candidates: near)
        }
        if let match = message.prefixMatch(of: /Missing value for '([^']*)'/) {
            return CommandFailure(.missingOptionValue, ["option": .text(String(match.1))])
        }
        if let match = message.wholeMatch(of: /The option '([^']*)' does not take any value, but '(.*)' was specified\./) {
            return CommandFailure(.valueForFlag, ["option": .text(String(match.1)), "value": .text(String(match.2))])
        }
        if let match = message.wholeMatch(of: /Unexpected argument '(.*)'/) {
            return CommandFailure(.unexpectedArgument, ["value": .text(String(match.1))])
        }
        if let match = message.wholeMatch(of: /\d+ unexpected arguments: '(.*?)'(?:, '.*')?/) {
            return CommandFailure(.unexpectedArgument, ["value": .text(String(match.1))])
        }
        if let match = message.wholeMatch(of: /Missing expected argument '([^']*)'/) {
            return CommandFailure(.missingArgument, ["argument": .text(String(match.1))])
        }
        if let match = message.prefixMatch(of: /Missing one of: '([^']*)'/) {
            return CommandFailure(.missingArgument, ["argument": .text(String(match.1))])
        }
        if message == "Missing required subcommand." { return CommandFailure(.missingArgument, ["argument": "<subcommand>"]) }
        if let match = message.prefixMatch(of: /The value '(.*?)' is invalid for '([^']*)'/) {
            return invalid(String(match.1), String(match.2), message)
        }
        if let match = message.prefixMatch(of: /Can't generate completion scripts for '([^']*)'/) {
            return CommandFailure(.unknownShell, ["value": .text(String(match.1))])
        }
        return CommandFailure(.wrongUsage, ["detail": .text(message)])
    }

    /// A value that its option or argument cannot have; the parser lists those it can have in its sentence.
    private static func invalid(_ value: String, _ option: String, _ message: String) -> CommandFailure {
        let known = message.matches(of: /(?:one of |or |, )?'([^']+)'/).map { String($0.1) }.filter { $0 != value && $0 != option }
        guard !known.isEmpty else { return CommandFailure(.invalidValue, ["value": .text(value), "option": .text(option)]) }
        return CommandFailure(
            .invalidValueOf, ["value": .text(value), "option": .text(option), "known": .text(known.joined(separator: ", "))])
    }
}
