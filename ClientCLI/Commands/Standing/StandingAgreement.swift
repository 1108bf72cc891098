import Agreements
import BuntanProtocol
import Merging
import Records
import Replica
import Wording

/// An agreement as `status` tells of it, in one line.
struct StandingAgreement {
    let known: KnownAgreement
    /// The own side; `nil` for an auditor, who signs nothing.
    private let side: Side?
    private let short: String
    /// When both had signed, or the one that has; `nil` where that waits to be sent.
    private let signedDay: String?
    /// Whether the engagement has ended: nothing in it is signed any more.
    private let isOver: Bool

    init(_ known: KnownAgreement, side: Side?, _ forms: AgreementForms, isOver: Bool) {
        self.known = known
        self.side = side
        self.isOver = isOver
        short = forms.short(known.id)
        let seat = side ?? .provider
        let own = known.content.signature(of: seat)?.signature.place?.received
        let theirs = known.content.signature(of: seat.other)?.signature.place?.received
        let isWhole = Side.allCases.allSatisfy { known.content.signature(of: $0) != nil }
        signedDay = (isWhole ? known.content.signedAt : own ?? theirs).map { forms.day($0) }
    }

    /// Whether the next step is a signature of one's own, once the rows are settled.
    var isToBeSigned: Bool {
        guard let side else { return false }
        return switch known.status {
        case .inForce, .signed: false
        case .notYetValid: !known.differences.isEmpty
        case .halfSigned(let by): by != side || !known.differences.isEmpty
        case .proposed, .stale, .contested, .expired, .ended, .superseded: true
        }
    }

    /// Whether it is signed by the other side, and fits the rows as they are.
    var isOfferToSign: Bool { side.map { known.status == .halfSigned(by: $0.other) } == true && known.differences.isEmpty }

    /// Where it stands, and below that its end, where a side has said one for a day to come.
    var lines: [StandingView.Line] {
        guard let ending = known.comingEnd else { return [line] }
        let isOwn = side.map { ending.by == known.head.organisation($0) }
        let facts: Facts = ["date": .text(ending.endsOn.text)]
        let hint: StatusPhrases =
            switch isOwn {
            case nil: .agreementEndsByOne
            case true?: .agreementEndsByYou
            case false?: .agreementEndsByThem
            }
        return [line, StandingView.Line(.ends, short, hint, facts, "buntan agreements")]
    }

    private var line: StandingView.Line {
        func line(_ hint: StatusPhrases, _ command: String) -> StandingView.Line {
            let facts: Facts = [
                "date": .text(signedDay ?? "-"), "changed": known.changed,
            ]
            return StandingView.Line(.agreement, short, hint, facts, command)
        }
        func from(_ day: CalendarDate, _ hint: StatusPhrases, _ command: String) -> StandingView.Line {
            StandingView.Line(
                .agreement, short, hint, ["date": .text(day.text), "changed": known.changed], command)
        }
        let diff = "buntan diff \(short)"
        if isOver || side == nil, case .halfSigned = known.status { return line(.signedByOne, "buntan agreements") }
        return switch known.status {
        case .halfSigned(let by) where by == side:
            if known.differences.isEmpty {
                line(signedDay == nil ? .youSignedUnsent : .youSigned, "buntan sync")
            } else {
                line(.youSignedStale, diff)
            }
        case .halfSigned: known.differences.isEmpty ? line(.theySigned, "buntan agree") : line(.theySignedStale, diff)
        case .stale: line(signedDay == nil ? .bothSignedStaleUnsent : .bothSignedStale, diff)
        case .contested: line(.contestedSince, "buntan verify \(short)")
        case .signed: line(.bothSignedUnseen, "buntan agreements")
        case .notYetValid(let day):
            known.differences.isEmpty ? from(day, .bothSignedFrom, "buntan agreements") : from(day, .bothSignedFromStale, diff)
        case .ended(let ending): from(ending.endsOn, .agreementEnded, "buntan agreements")
        case .expired(let day): from(day, .agreementExpired, "buntan agreements")
        case .inForce, .superseded: line(signedDay == nil ? .bothSignedUnsent : .bothSigned, "buntan agreements")
        case .proposed: line(.noAgreement, "buntan agree")
        }
    }

    /// The command that signs again what it covers.
    var signing: String {
        let kinds = known.kindsBesideRows
        return kinds.isEmpty ? "buntan agree" : "buntan agree --with \(kinds.joined(separator: ","))"
    }

    var json: JSONValue {
        .members(
            ("id", .text(known.id.uuid)), ("short", .text(short)), ("status", .text(known.status.name)),
            ("differs", .number(known.differingRows.count)), ("endsOn", known.comingEnd.map { .text($0.endsOn.text) }))
    }
}
