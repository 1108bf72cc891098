import BuntanProtocol
import Records
import Replica
import Wording

extension EngagementEnd {
    var json: JSONValue {
        .members(
            ("endsOn", .text(orNull: day)), ("side", .text(orNull: side?.name)), ("message", .text(orNull: reason)),
            ("isClosed", .bool(isClosed)), ("successor", successor?.json))
    }

    /// The end in a few words, as it is on a day.
    func text(on today: CalendarDate, in language: Language) -> String {
        let phrase = hasCome(by: today) ? EngagementPhrases.hasEnded : .endsOn
        let end = phrase.text(in: language, ["date": .text(day ?? "-")])
        guard let successor else { return end }
        return end + (language == .ja ? "、" : ", ") + EngagementPhrases.passesTo.text(in: language, successor.facts(language))
    }
}
