package import Agreements
package import BuntanProtocol
import ChangeLog
package import Merging
package import Records
package import Storage
import Syncing

/// An agreement of an engagement, as it stands on a day.
package struct KnownAgreement: Sendable {
    package let content: AgreementCase
    package let status: AgreementStatus
    /// How the records differ from what was signed; empty for an agreement that is over.
    package let differences: [AgreementDifference]
    /// The release the document names, if it is here.
    package let release: Release?
    /// Whether the record of the document has reached the log.
    package let isSent: Bool

    package var id: RecordID { content.document.agreement }
    package var document: AgreementDocument { content.document }

    /// The rows that differ, in the order people expect.
    package var differingRows: [RowKey] { differences.rowKeys }
}

extension [AgreementDifference] {
    package var rowKeys: [RowKey] { RowKey.sorted(Set(compactMap { ($0.signed ?? $0.current).flatMap { RowKey($0) } })) }
}

extension RowKey {
    /// The row that a covered record is about.
    package init?(_ record: CoveredRecord) {
        guard let key = record.rowKey else { return nil }
        self.init(framework: key[0], controlId: key[1], itemKey: key[2])
    }
}

/// Why an agreement cannot be made, signed or ended: facts for the program to put into words.
package enum AgreementFault: Error, Hashable, Sendable {
    case notConfirmed
    case noRight
    case noRelease
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
        let cases = try agreementCases(of: engagement, reader)
        guard !cases.isEmpty else { return [] }
        let current = try currentRecords(of: cases.flatMap(\.content.document.scope), reader)
        let releases = Dictionary(try releases(of: engagement.service, reader).map { ($0.id, $0) }) { first, _ in first }
        var differences: [RecordID: [AgreementDifference]] = [:]
        let statuses = AgreementStatuses.statuses(of: cases.map(\.content), day: day) { content in
            let found = content.document.differences(from: current)
            differences[content.document.agreement] = found
            return !found.isEmpty
        }
        return zip(cases, statuses).map { found, status in
            let document = found.content.document
            let isOpen: Bool =
                switch status {
                case .proposed, .halfSigned, .notYetValid: true
                case .inForce, .stale, .contested, .expired, .ended, .superseded: false
                }
            return KnownAgreement(
                content: found.content, status: status,
                differences: differences[document.agreement] ?? (isOpen ? document.differences(from: current) : []),
                release: releases[document.release.record], isSent: found.isSent)
        }
    }

    /// How the records now differ from what an agreement covers, whatever it is worth.
    package func differences(of agreement: KnownAgreement, _ reader: any StoreReader) throws -> [AgreementDifference] {
        agreement.document.differences(from: try currentRecords(of: agreement.document.scope, reader))
    }

    /// The agreements with their signatures and ends, as the log and the outbox have them, in order of the log.
    func agreementCases(of engagement: KnownEngagement, _ reader: any StoreReader) throws -> [(content: AgreementCase, isSent: Bool)] {
        guard let standing = try reader.standing(of: engagement.space) else { return [] }
        var history = try RecordHistory(of: engagement.space, reader)
        let signatures = try statements(PartySignature.kind, in: engagement.space, &history, standing, reader) { made, place, creator in
            // A record that names its organisation is that organisation's own.
            PartySignature(record: made.record, values: { made[$0] }, place: place).flatMap { $0.organisation == creator ? $0 : nil }
        }
        let endings = try statements(AgreementEnding.kind, in: engagement.space, &history, standing, reader) { made, place, creator in
            AgreementEnding(record: made.record, by: creator, values: { made[$0] }, place: place)
        }
        let documents = try statements("agreement", in: engagement.space, &history, standing, reader) { made, place, _ in
            made["document"]?.text.map { (record: made.record, bytes: Array($0.utf8), place: place) }
        }
        let roots = ViewRoots(reader)
        return try documents.sorted { ($0.place?.position ?? .max, $0.record) < ($1.place?.position ?? .max, $1.record) }
            .compactMap { found in
                // A text that is no document of this agreement binds nobody.
                guard let document = try? AgreementDocument(decoding: found.bytes), document.agreement == found.record,
                    document.engagement == engagement.space, document.service == engagement.service,
                    Side.allCases.allSatisfy({ document.organisation($0) == standing.genesis.party($0)?.organisation })
                else { return nil }
                let digest = SHA.digest(found.bytes)
                let judged = try signatures.filter { $0.agreement == found.record }.map { signature in
                    (
                        signature: signature,
                        standing: try signature.standing(under: document, digest: digest, rights: standing.rights) {
                            try roots.isPrefix($1, of: $0)
                        }
                    )
                }
                return (
                    AgreementCase(
                        document: document, digest: digest, signatures: judged, endings: endings.filter { $0.agreement == found.record }),
                    found.place != nil
                )
            }
    }

    /// Reads records that say something once and for all, from the changes that made them: a deletion takes nothing back.
    private func statements<T>(
        _ kind: String, in space: SpaceID, _ history: inout RecordHistory, _ standing: SpaceStanding, _ reader: any StoreReader,
        _ body: (MadeRecord, EntryPlace?, OrganisationID) -> T?
    ) throws -> [T] {
        var found: [T] = []
        for stored in try reader.records(of: kind, in: space, after: nil, limit: .max) {
            if let first = try reader.history(of: stored.id, in: space).first {
                guard let (place, device, records) = try history.made(at: first), let creator = standing.rights.organisation(of: device),
                    let made = records.first(where: { $0.record == stored.id && $0.kind == kind }), let value = body(made, place, creator)
                else { continue }
                found.append(value)
            } else if let value = body(MadeRecord(stored.shown, record: stored.id), nil, stored.shown.creator) {
                found.append(value)
            }
        }
        return found
    }

    /// Every record of the kinds in scope that is there, their child kinds with them.
    func currentRecords(of scope: [ScopePart], _ reader: any StoreReader) throws -> [CurrentRecord] {
        try scopedKinds(scope).flatMap { space, kind in
            try reader.records(of: kind, in: space, after: nil, limit: .max).compactMap {
                CurrentRecord($0.shown, record: $0.id, space: space)
            }
        }
    }

    /// The kinds of a scope, each once a space.
    func scopedKinds(_ scope: [ScopePart]) -> [(space: SpaceID, kind: String)] {
        var found: [(space: SpaceID, kind: String)] = []
        for part in scope {
            for kind in [part.kind] + schema.kinds.map(\.name).filter({ $0 != part.kind && part.includes(kind: $0) })
            where !found.contains(where: { $0.space == part.space && $0.kind == kind }) {
                found.append((part.space, kind))
            }
        }
        return found
    }

    /// The stretches since both had signed in which what an agreement covers was something else.
    package func staleSpans(of agreement: KnownAgreement, _ reader: any StoreReader) throws -> [StaleSpan] {
        guard let signedAt = agreement.content.signedAt else { return [] }
        let document = agreement.document
        var histories: [SpaceID: RecordHistory] = [:]
        var pasts: [RecordPast] = []
        let covered = Dictionary(document.records.map { ($0.record, $0) }) { first, _ in first }
        for (space, kind) in scopedKinds(document.scope) {
            let size = agreement.content.signatures.compactMap { $0.signature.views[space]?.size }.min() ?? 0
            for stored in try reader.records(of: kind, in: space, after: nil, limit: .max)
            where stored.shown.latestChange >= size && !document.except.contains(stored.id) {
                var history = try histories[space] ?? RecordHistory(of: space, reader)
                let signed = covered[stored.id]
                pasts.append(
                    RecordPast(
                        steps: try history.states(of: stored.id).filter { $0.position >= size }.map { past in
                            let now = CurrentRecord(past.state, record: stored.id, space: space)
                            return (max(past.received, signedAt), Self.matches(now, signed))
                        }))
                histories[space] = history
            }
        }
        // What changed and came back before both had signed was never in force.
        return StaleSpan.spans(of: pasts).filter { $0.to != signedAt }
    }

    private static func matches(_ now: CurrentRecord?, _ signed: CoveredRecord?) -> Bool {
        switch (now?.content, signed) {
        case (nil, nil): true
        case (.settled(_, let digest)?, let signed?): digest == signed.digest
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
        guard let standing = try reader.standing(of: space), view.epoch == standing.epoch, view.size <= standing.size else { return false }
        if view.size == standing.size { return view.root == standing.frontier.root }
        let source = try reader.source(of: space)
        return try LogTiles.root(ofSize: view.size, tile: source.tile) == view.root
    }
}

extension RecordState {
    /// The position of the latest op that still stands: no change of the record stands behind it. −1 for what waits.
    fileprivate var latestChange: Int { cells.reduce(-1) { max($0, $1.heads.reduce(-1) { max($0, $1.position ?? -1) }) } }
}
