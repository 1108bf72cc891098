import BuntanProtocol
import Records
import Replica
import Wording

extension EngagementEnd {
    var json: JSONValue {
        .members(
            ("endsOn", .text(orNull: day)), ("side", .text(orNull: side?.name)), ("message", .text(orNull: reason)),
            ("isClosed", .bool(isClosed)), ("handover", handover?.json))
    }

    /// The end in a few words, as it is on a day.
    func text(on today: CalendarDate, in language: Language) -> String {
        let phrase = hasCome(by: today) ? EngagementPhrases.hasEnded : .endsOn
        let end = phrase.text(in: language, ["date": .text(day ?? "-")])
        guard let handover else { return end }
        let isSameDay = handover.day.text == day
        let passing = (isSameDay ? EngagementPhrases.passesTo : .passesToOn).text(in: language, handover.facts(language))
        return end + (language == .ja ? "、" : ", ") + passing
    }
}

extension Handover {
    var json: JSONValue {
        .members(
            ("name", .texts(successorName)), ("fingerprint", .text(successor.fingerprint)), ("passesOn", .text(day.text)),
            ("message", .text(reason)))
    }

    func facts(_ language: Language) -> Facts {
        [
            "successor": .text(successorName.spoken(language.rawValue) ?? "-"), "fingerprint": .text(successor.fingerprint),
            "date": .text(day.text), "reason": .text(reason),
        ]
    }

    /// Who takes over, when and why, with the fingerprint to compare.
    func say(_ page: inout Page, of engagement: KnownEngagement, indent: Int = 0) {
        var facts = facts(page.language)
        facts["engagement"] = .text(engagement.handle)
        page.say(EngagementPhrases.successorKey, facts, indent: indent)
    }
}
