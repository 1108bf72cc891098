package import Agreements
package import BuntanProtocol
import ChangeLog
import Merging
package import Records
package import Storage
import Syncing

/// An agreement of an engagement, as it stands on a day.
package struct KnownAgreement: Sendable {
    package let content: AgreementCase
    package let status: AgreementStatus
    /// Which records differ from what was signed; empty for an agreement that is over.
    package let differences: [OutlineDifference]
    /// The release the document names, if it is here.
    package let release: NamedRelease?
    /// Whether the record of the document has reached the log.
    package let isSent: Bool

    package var id: RecordID { head.agreement }
    package var head: AgreementHead { content.head }

    /// The kinds that it covers beside the rows, as `agree --with` takes them: what each side says of them comes with them.
    package var kindsBesideRows: [String] {
        let kinds = Set(head.scope.map(\.kind)).subtracting(["responsibility", "responsibility-position"])
        return kinds.subtracting(kinds.map { "\($0)-position" }).sorted()
    }

    /// The rows that differ, in the order people expect.
    package var differingRows: [RowKey] { RowKey.sorted(Set(differences.compactMap(\.row))) }
}

extension [AgreementDifference] {
    package var rowKeys: [RowKey] { RowKey.sorted(Set(compactMap { ($0.signed ?? $0.current).flatMap { RowKey($0) } })) }
}

extension AgreementStatus {
    /// Whether what it is about can still be signed or begin.
    fileprivate var isOpen: Bool {
        switch self {
        case .proposed, .halfSigned, .notYetValid: true
        case .inForce, .stale, .contested, .signed, .expired, .ended, .superseded: false
        }
    }
}

/// Why an agreement cannot be made, signed or ended: facts for the program to put into words.
package enum AgreementFault: Error, Hashable, Sendable {
    case notConfirmed
    /// The engagement has ended: on the day that a side named, if one did.
    case engagementEnded(day: String?)
    case noRight
    case noRelease
    /// Nothing is there of these kinds: both sides would take it for signed.
    case nothingToAttach(kinds: [String])
    /// Something in scope is not ready; the preview has the whole list.
    case notReady
    /// The document is another one than the one that was shown.
    case documentChanged(now: Digest)
    case documentTooLarge(bytes: Int)
    /// One in force covers the same, and nothing of it has changed.
    case inForce(RecordID)
    /// The own signature is there already; the counterpart's is not.
    case waitsForThem(RecordID)
    case unknownAgreement
    /// Ended before, or never signed by both.
    case notStanding(RecordID)
    /// No signature has reached the log yet, so there is nothing to prove.
    case notSent(RecordID)
}

extension Workspace {
    /// The agreements of an engagement, oldest first, on the day that `day` gives for a zone.
    package func agreements(
        of engagement: KnownEngagement, day: (String) -> CalendarDate, _ reader: any StoreReader
    ) throws -> [KnownAgreement] {
        try agreements(of: engagement, day: day, reader) { try survey(of: engagement, nil, comparing: $0, reader) }
    }

    /// The same, with the reading that says what differs from each outline.
    func agreements(
        of engagement: KnownEngagement, day: (String) -> CalendarDate, _ reader: any StoreReader,
        differing: ([AgreementOutline]) throws -> [RecordID: [OutlineDifference]]
    ) throws -> [KnownAgreement] {
        let cases = try agreementCases(of: engagement, reader)
        let releases = cases.isEmpty ? [:] : try namedReleases(of: engagement.service, reader)
        // Whether an agreement still fits is asked of few; and where one stands never follows from whether another fits.
        var asked: Set<RecordID> = []
        let apart = AgreementStatuses.statuses(of: cases.map(\.content), day: day) { content in
            asked.insert(content.head.agreement)
            return false
        }
        // Rows that are not here have not vanished.
        let isHere = try reader.standing(of: engagement.service) != nil
        let compared = zip(cases, apart).filter { known, status in
            isHere && !known.content.isUnseen && (asked.contains(known.content.head.agreement) || status.isOpen)
        }.map(\.0.content.outline)
        let differences = try differing(compared)
        let statuses = AgreementStatuses.statuses(of: cases.map(\.content), day: day) { content in
            differences[content.head.agreement].map { !$0.isEmpty } ?? false
        }
        return zip(cases, statuses).map { known, status in
            let head = known.content.head
            return KnownAgreement(
                content: known.content, status: status, differences: differences[head.agreement] ?? [],
                release: releases[head.release.record], isSent: known.isSent)
        }
    }

    /// What an agreement's parties sign, whole; `nil` where it is not here.
    package func document(
        of agreement: RecordID, in engagement: KnownEngagement, _ reader: any StoreReader
    ) throws -> AgreementDocument? {
        guard let standing = try reader.standing(of: engagement.space) else { return nil }
        var history = try RecordHistory(of: engagement.space, reader)
        return try readSaying(of: agreement, "agreement", &history, standing, reader)?.made["document"]?.text
            .flatMap { try? AgreementDocument(decoding: Array($0.utf8)) }
    }

    /// How the records now differ from what an agreement covers, whatever it is worth, with the values.
    package func differences(of document: AgreementDocument, _ reader: any StoreReader) throws -> [AgreementDifference] {
        document.differences(from: try currentRecords(of: document.scope, reader))
    }

    /// The agreements with their signatures and ends, as the log and the outbox have them, in order of the log.
    func agreementCases(of engagement: KnownEngagement, _ reader: any StoreReader) throws -> [(content: AgreementCase, isSent: Bool)] {
        guard let standing = try reader.standing(of: engagement.space) else { return [] }
        var history = try RecordHistory(of: engagement.space, reader)
        let signatures = try sayings(PartySignature.kind, &history, standing, reader).compactMap { saying in
            // A record that names its organisation is that organisation's own.
            PartySignature(record: saying.record, values: { saying.values[$0] }, place: saying.place)
                .flatMap { $0.organisation == saying.creator ? $0 : nil }
        }
        let endings = try sayings(AgreementEnding.kind, &history, standing, reader).compactMap { saying in
            AgreementEnding(record: saying.record, by: saying.creator, values: { saying.values[$0] }, place: saying.place)
        }
        // What was closed to this organisation before it came here, or came so far, never comes whole.
        let roots = ViewRoots(reader)
        let isClosed = standing.rights.serviceEnded != nil
        func isPrefix(_ view: Base, of space: SpaceID) throws -> Bool? {
            let isOnItsWay = try reader.lead(of: space) != nil
            guard space == engagement.service || isOnItsWay else { return try roots.isPrefix(view, of: space) }
            guard let held = try reader.logStanding(of: space) else { return nil }
            if isClosed || isOnItsWay, view.epoch == held.epoch, view.size > held.size { return nil }
            return try roots.isPrefix(view, of: space)
        }
        return try sayings("agreement", &history, standing, reader)
            .sorted { ($0.place?.position ?? .max, $0.record) < ($1.place?.position ?? .max, $1.record) }
            .compactMap { found in
                // A text that is no document of this agreement binds nobody.
                guard let outline = found.outline, case let head = outline.head, head.agreement == found.record,
                    head.engagement == engagement.space, head.service == engagement.service,
                    Side.allCases.allSatisfy({ head.organisation($0) == standing.genesis.party($0)?.organisation })
                else { return nil }
                let judged = try signatures.filter { $0.agreement == found.record }.map { signature in
                    (
                        signature: signature,
                        standing: try signature.standing(under: head, digest: outline.digest, rights: standing.rights) {
                            try isPrefix($1, of: $0)
                        }
                    )
                }
                return (
                    AgreementCase(outline: outline, signatures: judged, endings: endings.filter { $0.agreement == found.record }),
                    found.place != nil
                )
            }
    }

    /// Every record of the kinds in scope that is there, their child kinds with them.
    func currentRecords(of scope: [ScopePart], _ reader: any StoreReader) throws -> [CurrentRecord] {
        try scopedKinds(scope).flatMap { place in
            try reader.records(of: place.kind, in: place.space, after: nil, limit: .max).compactMap {
                CurrentRecord($0.shown, record: $0.id, space: place.space)
            }
        }
    }

    /// The kinds of a scope, each once a space.
    func scopedKinds(_ scope: [ScopePart]) -> [ScopedKind] {
        var found: [ScopedKind] = []
        for part in scope {
            for kind in [part.kind] + schema.kinds.map(\.name).filter({ $0 != part.kind && part.includes(kind: $0) }) {
                let place = ScopedKind(space: part.space, kind: kind)
                if !found.contains(place) { found.append(place) }
            }
        }
        return found
    }

    /// The stretches since both had signed in which what an agreement covers was something else.
    package func staleSpans(of agreement: KnownAgreement, _ reader: any StoreReader) throws -> [StaleSpan] {
        guard let signedAt = agreement.content.signedAt else { return [] }
        let (head, outline) = (agreement.head, agreement.content.outline)
        let signed = outline.digests
        let excepted = Set(head.except)
        var histories: [SpaceID: RecordHistory] = [:]
        var pasts: [RecordPast] = []
        for place in scopedKinds(head.scope) {
            let space = place.space
            let size = agreement.content.signatures.compactMap { $0.signature.views[space]?.size }.min() ?? 0
            for stored in try reader.briefs(of: place.kind, in: space)
            where !excepted.contains(stored.id) {
                guard try latestChange(of: stored, in: space, reader) >= size else { continue }
                var history = try histories[space] ?? RecordHistory(of: space, reader)
                pasts.append(
                    RecordPast(
                        steps: try history.states(of: stored.id).filter { $0.position >= size }.map { past in
                            let now = CurrentRecord(past.state, record: stored.id, space: space)
                            return (max(past.received, signedAt), Self.matches(now, signed[stored.id]))
                        }))
                histories[space] = history
            }
        }
        // What changed and came back before both had signed was never in force.
        return StaleSpan.spans(of: pasts).filter { $0.to != signedAt }
    }

    /// The position of the latest op of a record that still stands; a record that its brief says nothing of is read.
    private func latestChange(of stored: StoredBrief, in space: SpaceID, _ reader: any StoreReader) throws -> Int {
        if case .row(let brief)? = RecordBrief(decoding: stored.brief), let moved = brief.rowSide?.moved { return moved }
        return try reader.shown(stored.id, in: space)?.latestChange ?? -1
    }

    private static func matches(_ now: CurrentRecord?, _ signed: Digest?) -> Bool {
        switch (now?.content, signed) {
        case (nil, nil): true
        case (.settled(_, let digest)?, let signed?): digest == signed
        default: false
        }
    }
}

/// Tells whether views are those of the logs here; each root is computed once.
private final class ViewRoots {
    private let reader: any StoreReader
    private var known: [SpaceID: [Base: Bool]] = [:]

    init(_ reader: any StoreReader) { self.reader = reader }

    func isPrefix(_ view: Base, of space: SpaceID) throws -> Bool {
        if let answer = known[space]?[view] { return answer }
        let answer = try compute(view, of: space)
        known[space, default: [:]][view] = answer
        return answer
    }

    private func compute(_ view: Base, of space: SpaceID) throws -> Bool {
        guard let standing = try reader.logStanding(of: space), view.epoch <= standing.epoch else { return false }
        guard !standing.rights.isLost(view) else { return true }
        guard view.size <= standing.size else { return false }
        if view.size == standing.size { return view.root == standing.frontier.root }
        let source = try reader.source(of: space)
        return try LogTiles.root(ofSize: view.size, tile: source.tile) == view.root
    }
}

extension RecordState {
    /// The position of the latest op that still stands: no change of the record stands behind it. −1 for what waits.
    fileprivate var latestChange: Int { cells.reduce(-1) { max($0, $1.heads.reduce(-1) { max($0, $1.position ?? -1) }) } }
}
