/// What the argument parser says, turned into our own sentences, so that it exists in both languages and has a code.
///
/// The parser keeps the kinds of its errors to itself; its sentences are all there is to go by. One that is not known here
/// is passed on as it stands.
package enum ParserText {
    package typealias Complaint = (entry: ErrorPhrases, facts: Facts, near: String?)

    package static func complaint(_ message: String) -> Complaint {
        if let match = message.wholeMatch(of: /Unknown option '([^']*)'(?:\. Did you mean '([^']*)'\?)?/) {
            return (.unknownOption, ["option": .text(String(match.1))], match.2.map(String.init))
        }
        if let match = message.prefixMatch(of: /Missing value for '([^']*)'/) {
            return (.missingOptionValue, ["option": .text(String(match.1))], nil)
        }
        if let match = message.wholeMatch(of: /The option '([^']*)' does not take any value, but '(.*)' was specified\./) {
            return (.valueForFlag, ["option": .text(String(match.1)), "value": .text(String(match.2))], nil)
        }
        if let match = message.wholeMatch(of: /Unexpected argument '(.*)'/) {
            return (.unexpectedArgument, ["value": .text(String(match.1))], nil)
        }
        if let match = message.wholeMatch(of: /\d+ unexpected arguments: '(.*?)'(?:, '.*')?/) {
            return (.unexpectedArgument, ["value": .text(String(match.1))], nil)
        }
        if let match = message.wholeMatch(of: /Missing expected argument '([^']*)'/) {
            return (.missingArgument, ["argument": .text(String(match.1))], nil)
        }
        if let match = message.prefixMatch(of: /Missing one of: '([^']*)'/) {
            return (.missingArgument, ["argument": .text(String(match.1))], nil)
        }
        if message == "Missing required subcommand." { return (.missingArgument, ["argument": "<subcommand>"], nil) }
        if let match = message.prefixMatch(of: /The value '(.*?)' is invalid for '([^']*)'/) {
            return invalid(String(match.1), String(match.2), message)
        }
        if let match = message.prefixMatch(of: /Can't generate completion scripts for '([^']*)'/) {
            return (.unknownShell, ["value": .text(String(match.1))], nil)
        }
        return (.wrongUsage, ["detail": .text(message)], nil)
    }

    /// A value that its option or argument cannot have; the parser lists those it can have in its sentence.
    private static func invalid(_ value: String, _ option: String, _ message: String) -> Complaint {
        let known = message.matches(of: /(?:one of |or |, )?'([^']+)'/).map { String($0.1) }.filter { $0 != value && $0 != option }
        guard !known.isEmpty else { return (.invalidValue, ["value": .text(value), "option": .text(option)], nil) }
        return (
            .invalidValueOf, ["value": .text(value), "option": .text(option), "known": .text(known.joined(separator: ", "))], nil
        )
    }
}
