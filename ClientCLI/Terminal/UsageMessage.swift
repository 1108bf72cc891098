import Wording

/// Turns what the argument parser says into the client's errors.
enum UsageMessage {
    static func failure(_ message: String) -> CommandFailure {
        let (entry, facts, near) = ParserText.complaint(message)
        return CommandFailure(entry, facts, candidates: near.map { [CommandFailure.Candidate(name: $0)] } ?? [])
    }
}
