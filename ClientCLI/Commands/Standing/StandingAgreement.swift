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

    var json: JSONValue {
        .members(
            ("id", .text(known.id.uuid)), ("short", .text(short)), ("status", .text(known.status.name)),
            ("differs", .number(known.differingRows.count)), ("endsOn", known.comingEnd.map { .text($0.endsOn.text) }))
    }
}

extension SignedPart {
    /// The command that signs it.
    var command: String {
        let addresses = keys.map { key in
            guard key.count == 3 else { return key.last.map { String($0.dropLast()) } ?? "" }
            return RowKey(framework: key[0], controlId: key[1], itemKey: key[2]).pasteable
        }
        let words =
            addresses.map(RetypedFlags.quoted) + (kinds.isEmpty ? [] : ["--with", kinds.joined(separator: ",")])
            + (except.isEmpty ? [] : ["--except"] + except.map { RetypedFlags.quoted($0.pasteable) })
        return (["buntan agree"] + words).joined(separator: " ")
    }
}

extension Waiting {
    /// What it asks to sign; `nil` where it asks for something else.
    var signedPart: SignedPart? {
        switch matter {
        case .sign(let part), .signAgain(_, let part), .signRecordsAgain(_, let part): part
        default: nil
        }
    }
}
