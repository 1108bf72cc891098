package import BuntanProtocol
package import Records

/// A party's word that an agreement ends, as an `agreement-end` record holds it.
package struct AgreementEnding: Hashable, Sendable {
    package static let kind = "agreement-end"

    package let record: RecordID
    package let agreement: RecordID
    package let by: OrganisationID
    /// The last day on which the agreement holds.
    package let endsOn: CalendarDate
    package let message: String?
    package let place: EntryPlace?

    package init(record: RecordID, agreement: RecordID, by: OrganisationID, endsOn: CalendarDate, message: String?, place: EntryPlace?) {
        self.record = record
        self.agreement = agreement
        self.by = by
        self.endsOn = endsOn
        self.message = message
        self.place = place
    }

    package init?(record: RecordID, by: OrganisationID, values: (String) -> Value?, place: EntryPlace?) {
        guard let agreement = values("agreement")?.bytes.flatMap({ RecordID($0) }),
            let endsOn = values("endsOn")?.text.flatMap({ CalendarDate(canonical: $0) }), values("message").isTextOrEmpty
        else { return nil }
        self.init(record: record, agreement: agreement, by: by, endsOn: endsOn, message: values("message")?.text, place: place)
    }

    package var cells: [CellKey: Value] {
        var cells: [CellKey: Value] = [CellKey("agreement"): .id(agreement), CellKey("endsOn"): .text(endsOn.text)]
        if let message { cells[CellKey("message")] = .text(message) }
        return cells
    }
}

/// An agreement with everything that has been said about it.
package struct AgreementCase: Sendable {
    package let outline: AgreementOutline
    package let signatures: [(signature: PartySignature, standing: SignatureStanding)]
    package let endings: [AgreementEnding]

    package init(
        outline: AgreementOutline, signatures: [(signature: PartySignature, standing: SignatureStanding)], endings: [AgreementEnding]
    ) {
        self.outline = outline
        self.signatures = signatures
        self.endings = endings
    }

    package var head: AgreementHead { outline.head }
    /// SHA-256 of the document's bytes.
    package var digest: Digest { outline.digest }

    /// A side's first signature that counts; one by a doubtful device only where there is no other.
    package func signature(of side: Side) -> (signature: PartySignature, standing: SignatureStanding)? {
        let organisation = head.organisation(side)
        func order(_ found: (signature: PartySignature, standing: SignatureStanding)) -> (Int, Int, RecordID) {
            (found.standing == .valid ? 0 : 1, found.signature.place?.position ?? .max, found.signature.record)
        }
        return signatures.filter { $0.signature.organisation == organisation && $0.standing.counts }.min { order($0) < order($1) }
    }

    /// Whether signatures of both sides count.
    package var isWhole: Bool { Side.allCases.allSatisfy { signature(of: $0) != nil } }

    /// The earliest word that it ends: a later one cannot bring back what another has ended.
    package var ending: AgreementEnding? { endings.min { ($0.endsOn, $0.record) < ($1.endsOn, $1.record) } }

    /// Where in the log the second party's signature made it whole: what "newer" means; `nil` for a half-signed one.
    fileprivate var completed: (position: Int, record: RecordID)? {
        guard let provider = signature(of: .provider)?.signature, let customer = signature(of: .customer)?.signature else { return nil }
        let (first, second) = (provider.place?.position ?? .max, customer.place?.position ?? .max)
        return (
            max(first, second), first == second ? max(provider.record, customer.record) : first < second ? customer.record : provider.record
        )
    }

    /// Whether a side's signature cannot be held against the log of what it covers, since that is not here: nor can what is
    /// covered be compared.
    package var isUnseen: Bool {
        Side.allCases.contains { signature(of: $0)?.standing == .unseen }
    }

    /// The sides whose device was marked as compromised before its signature was received.
    package var contestedSides: [Side] {
        Side.allCases.filter { side in
            guard let found = signature(of: side) else { return false }
            if case .contested = found.standing { return true }
            return false
        }
    }

    /// When the second signature was received: from then on both stand. `nil` while one is missing or waits to be sent.
    package var signedAt: Int64? {
        guard let provider = signature(of: .provider)?.signature.place, let customer = signature(of: .customer)?.signature.place else {
            return nil
        }
        return max(provider.received, customer.received)
    }
}

/// What an agreement is worth on a day: computed from what was signed and what stands now, never stored.
package enum AgreementStatus: Hashable, Sendable {
    /// No signature that counts.
    case proposed
    case halfSigned(by: Side)
    case inForce
    /// Both signed, and what it covers has changed since.
    case stale
    /// As in force, but for a signer's device.
    case contested([Side])
    /// Both signed, but what it covers is not here and cannot be compared: in force or stale.
    case signed
    case notYetValid(from: CalendarDate)
    case expired(on: CalendarDate)
    case ended(AgreementEnding)
    case superseded(by: RecordID)

    package var name: String {
        switch self {
        case .proposed: "proposed"
        case .halfSigned: "half-signed"
        case .inForce: "in-force"
        case .stale: "stale"
        case .contested: "contested"
        case .signed: "signed"
        case .notYetValid: "not-yet-valid"
        case .expired: "expired"
        case .ended: "ended"
        case .superseded: "superseded"
        }
    }

    /// Whether both have signed and nothing has ended it: stale never means void.
    package var isStanding: Bool {
        switch self {
        case .inForce, .stale, .contested, .signed: true
        case .proposed, .halfSigned, .notYetValid, .expired, .ended, .superseded: false
        }
    }

    /// Whether both are bound by it, from today on or from a day to come.
    package var isBinding: Bool {
        if case .notYetValid = self { true } else { isStanding }
    }
}

package enum AgreementStatuses {
    /// Returns what each agreement of an engagement is worth on the day its own zone has.
    ///
    /// - Parameters:
    ///   - day: the day to answer for, in the zone of a document's terms.
    ///   - differs: whether the records now differ from a document; asked only where it decides.
    package static func statuses(
        of cases: [AgreementCase], day: (String) -> CalendarDate, differs: (AgreementCase) throws -> Bool
    ) rethrows -> [AgreementStatus] {
        try cases.map { own in try status(of: own, among: cases, on: day(own.head.terms.timeZone), differs: differs) }
    }

    private static func status(
        of own: AgreementCase, among cases: [AgreementCase], on day: CalendarDate, differs: (AgreementCase) throws -> Bool
    ) rethrows -> AgreementStatus {
        guard let completed = own.completed else { return unsigned(own, among: cases, on: day) }
        if let ending = own.ending, ending.endsOn < day { return .ended(ending) }
        let newer = cases.filter { other in other.completed.map { completed < $0 } ?? false && takesOver(other, from: own, on: day) }
        if let newer = newer.min(by: { isOlder($0, $1) }) { return .superseded(by: newer.head.agreement) }
        if let from = own.head.validFrom, day < from { return .notYetValid(from: from) }
        if let to = own.head.validTo, to < day { return .expired(on: to) }
        let contested = own.contestedSides
        if own.isUnseen { return contested.isEmpty ? .signed : .contested(contested) }
        if try differs(own) { return .stale }
        return contested.isEmpty ? .inForce : .contested(contested)
    }

    /// What one is worth that a side at most has signed: an offer, which binds nobody. It is over as soon as a side takes it
    /// back or turns it down, or a later signature of the side that made it has come into force on the same.
    private static func unsigned(_ own: AgreementCase, among cases: [AgreementCase], on day: CalendarDate) -> AgreementStatus {
        for side in Side.allCases {
            guard let signature = own.signature(of: side)?.signature else { continue }
            if let ending = own.ending { return .ended(ending) }
            let newer = cases.filter { other in
                guard let later = other.signature(of: side)?.signature else { return false }
                return signature.isBefore(later) && !isForLater(own, than: other) && takesOver(other, from: own, on: day)
            }
            return newer.min { isOlder($0, $1) }.map { .superseded(by: $0.head.agreement) } ?? .halfSigned(by: side)
        }
        return .proposed
    }

    /// Whether an offer is for days that begin only after those of another: it is about what comes then.
    private static func isForLater(_ own: AgreementCase, than other: AgreementCase) -> Bool {
        guard let first = own.head.validFrom else { return false }
        return other.head.validFrom.map { $0 < first } ?? true
    }

    /// Whether an agreement, signed by both, has taken over what another is about. It has for good: neither its end nor a
    /// change of what it covers brings the other back.
    private static func takesOver(_ newer: AgreementCase, from own: AgreementCase, on day: CalendarDate) -> Bool {
        guard newer.head.agreement != own.head.agreement, newer.completed != nil, newer.contestedSides.isEmpty,
            newer.head.validFrom.map({ $0 <= day }) ?? true
        else { return false }
        return own.head.scope.allSatisfy { part in newer.head.scope.contains { $0.covers(part) } }
    }

    private static func isOlder(_ a: AgreementCase, _ b: AgreementCase) -> Bool {
        guard let x = a.completed, let y = b.completed else { return false }
        return x < y
    }
}

extension PartySignature {
    /// The order of the log; what waits to be sent comes last.
    fileprivate func isBefore(_ other: PartySignature) -> Bool {
        (place?.position ?? .max, record) < (other.place?.position ?? .max, other.record)
    }
}
