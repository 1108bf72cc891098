import BuntanProtocol
import Foundation
import Replica
import Storage
import Wording

/// An auditor of an engagement, as lists tell of it.
struct AuditorCard {
    let auditor: KnownAuditor
    /// What this organisation calls it; `nil` where it has written nothing down.
    let name: String?
    /// A word that holds no longer, where the card is about that.
    private let past: PastGrant?
    private let engagement: KnownEngagement
    private let isSelf: Bool
    private let now: Int64
    private let times: TimeDisplay
    private let language: String

    init(
        _ auditor: KnownAuditor, past: PastGrant? = nil, _ names: [OrganisationID: String], _ engagement: KnownEngagement,
        _ selector: Selector
    ) {
        self.auditor = auditor
        self.past = past
        name = names[auditor.auditor]
        self.engagement = engagement
        isSelf = auditor.auditor == selector.directory.identity.organisation
        now = selector.invocation.moment
        times = selector.invocation.times
        language = selector.invocation.language.rawValue
    }

    init(_ past: PastGrant, _ names: [OrganisationID: String], _ engagement: KnownEngagement, _ selector: Selector) {
        self.init(KnownAuditor(former: past.auditor), past: past, names, engagement, selector)
    }

    /// Whether it reads now, as far as this machine's clock can tell; else what stands between.
    private var state: State {
        if isSelf, engagement.audit?.isFollowed == false { return .unfollowed }
        if let until = auditor.until { return until > now ? .reads : .ranOut }
        return auditor.missing == nil ? .unsent : .waits
    }

    private enum State: String { case reads, ranOut = "ran-out", unsent, waits, unfollowed }

    private func day(_ millis: Int64) -> String { times.day(Date(milliseconds: millis)).text }

    private func name(of side: Side) -> String {
        let name = side == engagement.seat ? engagement.partyName : engagement.counterpartName
        return name.spoken(language) ?? side.name
    }

    // MARK: words

    static func table(_ cards: [AuditorCard], _ language: Language) -> Table {
        var table = Table(columns: [
            Column(.headAuditor, in: language), Column(.headName, in: language), Column(.headGrantedBy, in: language, fit: .wrapped),
            Column(.headState, in: language, fit: .wrapped),
        ])
        for card in cards {
            let grants = card.past.map { [($0.side, $0.until)] } ?? card.auditor.grants.map { ($0.side, $0.until) }
            let by = grants.map { side, until in
                let name = side == card.engagement.side ? AuditorPhrases.you.text(in: language) : card.name(of: side)
                // The state says the day where it is the one that counts.
                guard card.past != nil || until != card.auditor.until else { return name }
                return AuditorPhrases.grantedBy.text(in: language, ["name": .text(name), "date": .text(card.day(until))])
            }
            table.rows.append([
                Span(card.name ?? card.auditor.auditor.fingerprint), Span(card.engagement.handle),
                Span(by.joined(separator: language == .ja ? "、" : "; ")), Span(card.standing(language)),
            ])
            // Beneath, since a name may be anybody's.
            if card.name != nil { table.rows.append([card.auditor.auditor.fingerprint, "", "", ""].map { Span($0) }) }
        }
        return table
    }

    private func standing(_ language: Language) -> String {
        if let past {
            return AuditorPhrases.heldFromTo.text(in: language, ["from": .text(day(past.given)), "to": .text(day(past.ended))])
        }
        let facts: Facts = ["date": .text(auditor.until.map { day($0) } ?? "-")]
        return switch state {
        case .reads: AuditorPhrases.reads.text(in: language, facts)
        case .ranOut: AuditorPhrases.ranOut.text(in: language, facts)
        case .unfollowed: AuditorPhrases.isNoLonger.text(in: language)
        case .unsent: AuditorPhrases.waitsToBeSent.text(in: language)
        case .waits:
            AuditorPhrases.waitsForSide.text(in: language, ["counterpart": .text(auditor.missing.map { name(of: $0) } ?? "-")])
        }
    }

    // MARK: JSON

    static let fields = ["auditor", "fingerprint", "engagement", "isSelf", "state", "until", "grants", "needsBoth", "missing", "name"]

    var json: JSONValue {
        .members(
            ("auditor", .text(auditor.auditor.hex)), ("fingerprint", .text(auditor.auditor.fingerprint)),
            ("engagement", .text(engagement.handle)), ("isSelf", .bool(isSelf)),
            ("state", auditor.grants.isEmpty ? "ended" : .text(state.rawValue)),
            ("until", .text(orNull: auditor.until.map { Timestamp.rfc3339(milliseconds: $0) })),
            (
                "grants",
                .list(
                    auditor.grants.map { grant in
                        [
                            "side": .text(grant.side.name), "until": .text(Timestamp.rfc3339(milliseconds: grant.until)),
                            "isSent": .bool(!grant.isPending),
                        ]
                    }
                        + [past].compactMap(\.self).map { past in
                            [
                                "side": .text(past.side.name), "until": .text(Timestamp.rfc3339(milliseconds: past.until)),
                                "isSent": true, "given": .text(Timestamp.rfc3339(milliseconds: past.given)),
                                "ended": .text(Timestamp.rfc3339(milliseconds: past.ended)),
                            ]
                        })
            ),
            ("needsBoth", .bool(auditor.needsBoth)), ("missing", .text(orNull: auditor.missing?.name)),
            ("name", .text(orNull: name)))
    }
}
