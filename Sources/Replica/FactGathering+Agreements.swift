import Agreements
import BuntanProtocol
import Foundation
import Merging
import Records
import Rules
import Storage

/// What both sides have signed.
struct SignedRecords {
    let agreement: FactID
    let digests: [RecordID: Digest]
    /// The same records, and the rows, as facts are named.
    let ids: Set<FactID>
    let rows: Set<RowKey>
    /// The rows that are no more what was signed.
    let differing: Set<RowKey>
    /// The records with a list that is no more what was signed.
    fileprivate let changed: Set<RecordID>
    /// The kinds of records from whose lists something is gone: of which, nothing says any more.
    fileprivate let changedKinds: Set<String>
    /// The records that are gone.
    fileprivate let vanished: [RecordID]

    /// Whether a row was signed, or a side's position on it: a row that was published later was not, nor one that was left out.
    func covers(_ row: MatrixRow, in engagement: KnownEngagement) -> Bool {
        digests[row.rowID] != nil || Side.allCases.contains { digests[row.key.position(of: $0, in: engagement.space)] != nil }
    }
}

extension FactGathering {
    /// The kinds of records beside the rows that an agreement can have attached.
    private static let attachable: Set<FactKind> = [
        .backupSpecification, .jurisdiction, .monitoringCapability, .assetRemoval, .incidentProcedure,
    ]

    /// The agreement that holds today, else the one that both have signed for later.
    mutating func gatherAgreement(of engagement: KnownEngagement) throws -> SignedRecords? {
        let all = try workspace.agreements(of: engagement, day: { _ in today }, reader)
        guard let standing = all.last(where: { $0.status.isStanding }) ?? all.binding else { return nil }
        let id = FactID(standing.id)
        let head = standing.head
        facts.add(
            RecordFact(
                .allocationAgreement, id,
                [
                    .engagementId: .id(FactID(engagement.space)), .serviceId: .id(FactID(KnownService.record(in: engagement.service))),
                    .effectiveFrom: .text(head.validFrom?.text ?? ""), .effectiveTo: .text(head.validTo?.text ?? ""),
                    .status: .text("agreed"), .reviewInterval: .text(head.terms.reviewInterval),
                ]))
        for side in Side.allCases {
            guard let signature = standing.content.signature(of: side)?.signature else { continue }
            let day = signature.place.flatMap { Self.day(of: $0.received, zone: head.terms.timeZone) }
            // Who may sign for the other side is known where it says so.
            let isTheirs = signature.organisation == engagement.counterpart
            let isKnown = try !isTheirs || namesSignatories(signature.organisation, engagement)
            facts.add(
                RecordFact(
                    .allocationAgreementSignatures, FactID(signature.record),
                    [
                        .parent: .id(id), .side: .text(side.name), .partyId: .id(FactID(signature.organisation)),
                        .personName: isKnown ? FactValue.text(signature.name) : .unseen,
                        .signedAt: day.map { FactValue.text($0.text) } ?? .unseen,
                    ]))
        }
        return try signedRecords(of: standing, engagement)
    }

    /// The day of a moment in milliseconds since 1970, in a zone; in UTC where the zone is unknown here.
    private static func day(of millis: Int64, zone: String) -> CalendarDate? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: zone) ?? .gmt
        let parts = calendar.dateComponents([.year, .month, .day], from: Date(timeIntervalSince1970: Double(millis) / 1000))
        guard let year = parts.year, let month = parts.month, let day = parts.day else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }

    private func namesSignatories(_ organisation: OrganisationID, _ engagement: KnownEngagement) throws -> Bool {
        try [engagement.space, engagement.service].contains { space in
            try reader.records(of: "party.signatories", in: space, after: nil, limit: .max).contains { stored in
                stored.shown.isAlive && stored.shown.creator == organisation
            }
        }
    }

    private func signedRecords(of agreement: KnownAgreement, _ engagement: KnownEngagement) throws -> SignedRecords {
        let outline = agreement.content.outline
        let (digests, rows) = (outline.digests, outline.rows)
        var changed: Set<RecordID> = []
        var changedKinds: Set<String> = []
        var vanished: [RecordID] = []
        for difference in agreement.differences {
            if let point = difference.kind.firstIndex(of: ".") {
                let state = try reader.shown(difference.record, in: difference.space)
                if let whole = state?.value(Kind.parentField)?.bytes.flatMap({ RecordID($0) }) {
                    changed.insert(whole)
                } else {
                    changedKinds.insert(String(difference.kind[..<point]))
                }
            } else if difference.change == .vanished, let kind = FactKind.named(difference.kind), Self.attachable.contains(kind) {
                vanished.append(difference.record)
            }
        }
        let signedRows = rows.map { FactID($0.responsibility(in: engagement.service)) }
        return SignedRecords(
            agreement: FactID(agreement.id), digests: digests, ids: Set(digests.keys.map { id($0) } + signedRows), rows: rows,
            differing: Set(agreement.differingRows), changed: changed, changedKinds: changedKinds, vanished: vanished)
    }

    /// Tells what would be signed of a record, and what was.
    mutating func attach(_ stored: StoredRecord, _ kind: FactKind, _ space: SpaceID, _ fields: inout FactFields) {
        guard Self.attachable.contains(kind) else { return }
        let now = CoveredRecord(stored.shown, record: stored.id, space: space)?.digest
        digests[stored.id] = now
        // The contents of records have no number here: what stands is the first, and all that went before is less.
        if kind == .backupSpecification { fields[.revision] = .int(1) }
        fields[.contentHash] = .text(now?.hex ?? "")
        guard let signed, let then = signed.digests[stored.id] else { return }
        let isSame = now == then && !signed.changed.contains(stored.id) && !signed.changedKinds.contains(kind.rawValue)
        fields[.contentHash] = .text(isSame ? then.hex : "changed")
        if isSame { fields[.status] = .text("agreed") }
        putAttached(stored.id, then, signed)
    }

    private mutating func putAttached(_ record: RecordID, _ digest: Digest, _ signed: SignedRecords) {
        facts.add(
            RecordFact(
                .allocationAgreementAttachedHashes, FactID("\(signed.agreement.text)/\(record.uuid)"),
                [.parent: .id(signed.agreement), .recordId: .id(id(record)), .contentHash: .text(digest.hex)]))
    }

    /// Puts the hash of a row that both have signed beneath the agreement.
    mutating func putRowHash(_ row: RecordID, _ hash: FactValue, _ signed: SignedRecords) {
        facts.add(
            RecordFact(
                .allocationAgreementRowHashes, FactID("\(signed.agreement.text)/\(row.uuid)"),
                [.parent: .id(signed.agreement), .recordId: .id(FactID(row)), .contentHash: hash]))
    }

    /// Puts the hashes of what both have signed and is gone.
    mutating func putVanished(among rows: [MatrixRow], _ engagement: KnownEngagement) {
        guard let signed else { return }
        for key in RowKey.sorted(signed.rows.subtracting(rows.map(\.key))) {
            putRowHash(key.responsibility(in: engagement.service), .text("signed"), signed)
        }
        for record in signed.vanished {
            if let digest = signed.digests[record] { putAttached(record, digest, signed) }
        }
    }
}
