import BuntanProtocol
import Replica
import Wording

extension EngagementEnd {
    var json: JSONValue {
        .members(
            ("endsOn", .text(orNull: day)), ("side", .text(orNull: side?.name)), ("message", .text(orNull: reason)),
            ("isClosed", .bool(isClosed)))
    }

    /// The end in a few words.
    func text(in language: Language) -> String {
        let phrase = isClosed ? EngagementPhrases.hasEnded : .endsOn
        return phrase.text(in: language, ["date": .text(day ?? "-")])
    }
}
