package import Agreements
package import BuntanProtocol
import ChangeLog
import Merging
package import Storage
import Syncing

/// An agreement whose document was erased, by what the log still tells of it (design section 10).
///
/// What was agreed on, and for which days, nobody can tell from the log any more, nor what the signatures are over: only
/// evidence that was exported before proves it.
package struct ErasedAgreement: Sendable {
    package static let status = "document-erased"

    package let id: RecordID
    /// Who made the document, and alone could erase it but for a legal order.
    package let creator: OrganisationID
    package let place: EntryPlace
    /// The first signature of each party, in order of the log; they are no longer held against a document.
    package let signatures: [PartySignature]
    /// The last word that named the document.
    package let erasure: KnownErasure?
    /// Why, where it was this organisation that erased it: that is kept among its own records.
    package let reason: String?
    package let endings: [AgreementEnding]
    /// Whether both have signed another one since.
    package let isReplaced: Bool

    /// Whether both parties had signed it.
    package var isWhole: Bool { signatures.count == 2 }
    /// Whether the parties are left without a document of what they have agreed on.
    package var isMissed: Bool { isWhole && !isReplaced && endings.isEmpty }
}

extension Workspace {
    /// The label of the notes that keep why something was erased.
    package static let erasureLabel = "erasure"
    /// Labels by which the program knows its own notes: no column or member of a document is called so.
    package static let ownLabels: Set = [erasureLabel, takeoverLabel]

    /// The agreements of an engagement whose documents were erased, oldest first.
    package func erasedAgreements(of engagement: KnownEngagement, _ reader: any StoreReader) throws -> [ErasedAgreement] {
        guard let standing = try reader.standing(of: engagement.space) else { return [] }
        var history = try RecordHistory(of: engagement.space, reader)
        let gone = try sayings("agreement", &history, standing, reader).filter { saying in
            guard saying.outline == nil, saying.place != nil else { return false }
            return try reader.shown(saying.record, in: engagement.space)?[CellKey("document")]?.isErased == true
        }
        guard !gone.isEmpty else { return [] }
        let signatures = try sayings(PartySignature.kind, &history, standing, reader).compactMap { saying in
            PartySignature(record: saying.record, values: { saying.values[$0] }, place: saying.place)
                .flatMap { $0.organisation == saying.creator && Self.couldSign($0, standing.rights) ? $0 : nil }
        }.sorted { ($0.place?.position ?? .max, $0.record) < ($1.place?.position ?? .max, $1.record) }
        let endings = try sayings(AgreementEnding.kind, &history, standing, reader).compactMap { saying in
            AgreementEnding(record: saying.record, by: saying.creator, values: { saying.values[$0] }, place: saying.place)
        }
        let erasures = try knownErasures(in: engagement.space, reader)
        let latest = try agreementCases(of: engagement, reader).map(\.content).filter(\.isWhole).flatMap(\.signatures)
            .map { $0.signature.place?.position ?? .max }.max()
        return try gone.compactMap { saying -> ErasedAgreement? in
            guard let place = saying.place else { return nil }
            let own = signatures.filter { $0.agreement == saying.record }
            let firsts = Side.allCases.compactMap { side in
                own.first { $0.organisation == standing.genesis.party(side)?.organisation }
            }
            let last = firsts.map { $0.place?.position ?? .max }.max() ?? place.position
            return ErasedAgreement(
                id: saying.record, creator: saying.creator, place: place,
                signatures: firsts.sorted { ($0.place?.position ?? .max) < ($1.place?.position ?? .max) },
                erasure: erasures.last { $0.lost.contains { $0.record == saying.record && $0.cell == CellKey("document") } },
                reason: try erasureReason(of: saying.record, reader), endings: endings.filter { $0.agreement == saying.record },
                isReplaced: latest.map { last < $0 } ?? false)
        }.sorted { ($0.place.position, $0.id) < ($1.place.position, $1.id) }
    }

    private static func couldSign(_ signature: PartySignature, _ rights: SpaceRights) -> Bool {
        rights.organisation(of: signature.device) == signature.organisation && signature.isByWhoMightSign(rights)
    }

    /// What this organisation noted when it erased something of a record; the newest.
    private func erasureReason(of record: RecordID, _ reader: any StoreReader) throws -> String? {
        guard let home = try StoreDirectory(reader).home(reader) else { return nil }
        return try reader.records(of: "annotation", in: home, after: nil, limit: .max).last { stored in
            stored.shown.isAlive && stored.shown.text("label") == Self.erasureLabel && stored.shown.value("row") == .bytes(record.bytes)
        }?.shown.text("text")
    }
}
