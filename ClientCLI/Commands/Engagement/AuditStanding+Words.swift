import Foundation
import Replica
import Wording

extension AuditStanding {
    private func facts(_ times: TimeDisplay) -> Facts { ["date": .text(times.day(Date(milliseconds: until)).text)] }

    /// How an auditor reads an engagement, in a few words.
    func text(_ times: TimeDisplay, in language: Language) -> String {
        (isFollowed ? AuditorPhrases.isAuditor : .isNoLonger).text(in: language, facts(times))
    }

    /// The same in a sentence.
    func say(_ page: inout Page, _ times: TimeDisplay, indent: Int = 0) {
        page.say(isFollowed ? AuditorPhrases.standing : .standingEnded, facts(times), isFollowed ? .plain : .warning, indent: indent)
    }

    var json: JSONValue {
        [
            "until": .text(Timestamp.rfc3339(milliseconds: until)), "isFollowed": .bool(isFollowed),
        ]
    }
}
