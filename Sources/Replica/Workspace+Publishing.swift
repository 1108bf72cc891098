package import Agreements
package import BuntanProtocol
import ChangeLog
import Merging
import Records
package import Storage
import Syncing

/// Why a draft cannot be published as it stands.
package enum PublishFault: Error, Hashable, Sendable {
    case conflicts([RecordID])
    case labelTaken(String)
    case nothingToPublish
    case documentTooLarge(bytes: Int)
    /// Fields that would leave and were not among those that somebody was shown.
    case moreLeaves([String])
}

package struct Release: Hashable, Sendable {
    package let id: RecordID
    package let label: String
    package let message: String?
    /// Where the change that made it stands; `nil` while it waits to be sent.
    package let position: Int?
    let document: String
    package let withdrawal: ReleaseWithdrawal?

    package var isWithdrawn: Bool { withdrawal != nil }
    package var documentDigest: Digest { SHA.digest(Array(document.utf8)) }
    /// Read anew each time, since it is as long as the matrix; `nil` if the provider wrote something else there.
    package var manifest: ReleaseManifest? { ReleaseManifest(decoding: document.utf8) }
    /// How many rows it holds.
    package var rows: Int { manifest?.count(of: "responsibility") ?? 0 }
}

/// A release as an agreement names it.
package struct NamedRelease: Hashable, Sendable {
    package let label: String
    package let withdrawal: ReleaseWithdrawal?

    package var isWithdrawn: Bool { withdrawal != nil }
}

/// That a release was withdrawn, and why.
package struct ReleaseWithdrawal: Hashable, Sendable {
    package let message: String?
    /// Where the change that says so stands; `nil` while it waits to be sent.
    package let position: Int?
}

/// What publishing would write, or wrote.
package struct Publication: Sendable {
    package let release: RecordID
    package let label: String
    package let documentDigest: Digest
    package let rows: Int
    package let changedRecords: Int
    package let changes: [ChangeID]
}

extension Workspace {
    /// The kinds that leave a draft.
    private var publishedKinds: [Kind] { Disclosure.publishedKinds(schema) }

    /// Copies what differs from the draft into the service space, the release last, in one local transaction.
    ///
    /// - Parameter shown: the fields that somebody has been told will leave; no other does.
    package func publish(
        _ service: ProvidedService, label: String, message: String?, leaving shown: Set<String>? = nil
    ) throws -> Publication {
        try store.write { transaction in
            try requireUnretired(service, transaction)
            if try releases(of: service.service, transaction).contains(where: { $0.label == label }) {
                throw PublishFault.labelTaken(label)
            }
            let drafts = try publicationDrafts(service, transaction)
            if let shown, case let more = Self.fields(leavingIn: drafts).subtracting(shown), !more.isEmpty {
                throw PublishFault.moreLeaves(more.sorted())
            }
            let committed = try commit(drafts, in: service.service, transaction)
            var records: [ReleaseManifest.Item] = []
            for kind in publishedKinds {
                for stored in try transaction.records(of: kind.name, in: service.service, after: nil, limit: .max)
                where stored.shown.isAlive {
                    guard let covered = CoveredRecord(stored.shown, record: stored.id, space: service.service) else {
                        throw PublishFault.conflicts([stored.id])
                    }
                    records.append(.init(record: stored.id, kind: kind.name, digest: covered.digest))
                }
            }
            let manifest = ReleaseManifest(records)
            let document = String(decoding: manifest.encoded(), as: UTF8.self)
            guard document.utf8.count <= Limits.documentBytes else { throw PublishFault.documentTooLarge(bytes: document.utf8.count) }
            var random = draw
            let id = RecordID.timeOrdered(millis: clock.now(), random: random.nonce())
            var cells: [CellKey: Value] = [CellKey("label"): .text(label), CellKey("document"): .text(document)]
            if let message { cells[CellKey("message")] = .text(message) }
            let last = try commit([RecordDraft(record: id, kind: "release", cells: cells)], in: service.service, transaction)
            try notePublished(service, transaction)
            return Publication(
                release: id, label: label, documentDigest: SHA.digest(Array(document.utf8)),
                rows: manifest.count(of: "responsibility"), changedRecords: committed.records.count,
                changes: committed.changes + last.changes)
        }
    }

    /// The fields that leave the organisation with a publication.
    package static func fields(leavingIn drafts: [RecordDraft]) -> Set<String> {
        Set(drafts.flatMap { draft in draft.cells.keys.map(\.field) + draft.key.map(\.field) }).subtracting([CellKey.life.field])
    }

    /// What a publish would write into the service space now.
    package func publicationDrafts(_ service: ProvidedService, _ reader: any StoreReader) throws -> [RecordDraft] {
        try requireReadable(service.draft, reader)
        var drafts: [RecordDraft] = []
        let identity = try reader.identity()
        let directory = try StoreDirectory(reader)
        var names: [CellKey: Value] = [:]
        for (language, text) in directory.ownName { names[CellKey("legalName", language)] = .text(text) }
        drafts.append(
            RecordDraft(space: service.service, kind: "party", key: [("org", .id(identity.organisation))], cells: names))
        var conflicts: [RecordID] = []
        // The drafted records that leave: what is part of one that stays behind stays, too.
        var leaving = Set<RecordID>()
        let disclosure = Disclosure(to: .everybody, schema: schema)
        for kind in publishedKinds {
            var kept = Set<RecordID>()
            for stored in try reader.records(of: kind.name, in: service.draft, after: nil, limit: .max) {
                if stored.shown.isConflicted { conflicts.append(stored.id) }
                guard stored.shown.isAlive, reason(holding: stored.shown, in: .draft, disclosure) == nil else { continue }
                if kind.list != nil, stored.parent.map(leaving.contains) != true { continue }
                leaving.insert(stored.id)
                let draft = try publicationDraft(stored, kind: kind, of: service, disclosure, reader)
                kept.insert(draft.record)
                drafts.append(draft)
            }
            for stored in try reader.records(of: kind.name, in: service.service, after: nil, limit: .max)
            where stored.shown.standing != .deleted && !kept.contains(stored.id) {
                drafts.append(RecordDraft(record: stored.id, kind: kind.name, cells: [.life: .bool(false)]))
            }
        }
        guard conflicts.isEmpty else { throw PublishFault.conflicts(conflicts) }
        // Names alone are no matrix; a later release may take back all that an earlier one held.
        guard try drafts.contains(where: { $0.kind == "responsibility" }) || !releases(of: service.service, reader).isEmpty else {
            throw PublishFault.nothingToPublish
        }
        // What two devices published side by side yields to the draft, where its values were shown and chosen.
        return drafts.map { draft in
            var copy = draft
            copy.replacesSeveral = true
            return copy
        }
    }

    /// A draft that this device cannot read whole yet would look like one whose rows are gone.
    private func requireReadable(_ draft: SpaceID, _ reader: any StoreReader) throws {
        guard let standing = try reader.standing(of: draft) else { throw WorkspaceFault.unknownSpace(draft) }
        guard standing.genesis.policy.isSealed else { return }
        guard try reader.spaceKeys(of: [draft]).sealing(in: standing.rights) != nil, try reader.value(StoredName.unread(draft)) == nil
        else {
            throw WorkspaceFault.noSpaceKey(draft)
        }
    }

    private func publicationDraft(
        _ stored: StoredRecord, kind: Kind, of service: ProvidedService, _ disclosure: Disclosure, _ reader: any StoreReader
    ) throws -> RecordDraft {
        let space = service.service
        let key = (kind.key ?? []).map { (field: $0, value: stored.shown.value($0) ?? .null) }
        let id = stored.publishedID(kind, in: space)
        var cells: [CellKey: Value] = [:]
        for cell in stored.shown.cells where cell.key != .life {
            guard disclosure.reason(holding: cell, of: stored.shown) == nil, !key.contains(where: { $0.field == cell.key.field })
            else {
                continue
            }
            guard case .settled(let value?, _) = cell.state else { continue }
            let isReference = kind.field(cell.key.field)?.type == .record
            guard isReference else {
                cells[cell.key] = value.value
                continue
            }
            switch cell.key.element {
            case .id(let bytes)?:
                let element = try published(.bytes(bytes), of: service, reader).bytes ?? bytes
                cells[CellKey(cell.key.field, .id(element))] = value.value
            case .code?, nil: cells[cell.key] = try published(value.value, of: service, reader)
            }
        }
        if let published = try reader.shown(id, in: space) {
            for cell in published.cells
            where cell.key != .life && cells[cell.key] == nil && !key.contains(where: { $0.field == cell.key.field }) {
                cells[cell.key] = schema.kind(kind.name)?.field(cell.key.field)?.merge == .set ? .bool(false) : .null
            }
            if published.standing != .alive { cells[.life] = .bool(true) }
        }
        return RecordDraft(record: id, kind: kind.name, cells: cells, key: key)
    }

    /// A drafted record as it would be published: without what stays behind, and with references to what is published.
    func publishedState(
        of stored: StoredRecord, _ service: ProvidedService, _ disclosure: Disclosure, _ reader: any StoreReader
    ) throws -> RecordState {
        let state = stored.shown
        let kind = schema.kind(state.kind)
        let cells = try state.cells.filter { cell in
            cell.key == .life || disclosure.reason(holding: cell, of: state) == nil
        }.map { cell -> Cell in
            guard kind?.field(cell.key.field)?.type == .record else { return cell }
            if case .id(let bytes)? = cell.key.element {
                let element = try published(.bytes(bytes), of: service, reader).bytes ?? bytes
                return Cell(key: CellKey(cell.key.field, .id(element)), heads: cell.heads)
            }
            let heads = try cell.heads.map { head in
                Head(
                    op: head.op, position: head.position, author: head.author,
                    value: try head.value.map { try published($0.value, of: service, reader).encoded })
            }
            return Cell(key: cell.key, heads: heads)
        }
        return RecordState(kind: state.kind, creator: state.creator, seam: state.seam, cells: cells.sorted { $0.key < $1.key })
    }

    /// What names the published copy of a drafted record: of a kind with a key the copy has an id of its own.
    private func published(_ value: Value, of service: ProvidedService, _ reader: any StoreReader) throws -> Value {
        guard let id = value.bytes.flatMap({ RecordID($0) }), let drafted = try reader.shown(id, in: service.draft),
            let kind = schema.kind(drafted.kind)
        else { return value }
        return .id(StoredRecord(id: id, shown: drafted).publishedID(kind, in: service.service))
    }

    /// The releases that were withdrawn.
    func withdrawals(of service: SpaceID, _ reader: any StoreReader) throws -> [RecordID: ReleaseWithdrawal] {
        var withdrawn: [RecordID: ReleaseWithdrawal] = [:]
        for record in try reader.records(of: "release-withdrawal", in: service, after: nil, limit: .max) {
            guard let id = record.shown.value("release")?.bytes.flatMap({ RecordID($0) }) else { continue }
            withdrawn[id] = ReleaseWithdrawal(
                message: record.shown.text("message"), position: record.shown[CellKey("release")]?.heads.first?.position)
        }
        return withdrawn
    }

    /// The releases of a service by label alone: their documents, as long as the matrix, are not read.
    func namedReleases(of service: SpaceID, _ reader: any StoreReader) throws -> [RecordID: NamedRelease] {
        let withdrawn = try withdrawals(of: service, reader)
        var named: [RecordID: NamedRelease] = [:]
        for stored in try reader.briefs(of: "release", in: service) {
            guard case .release(let label, _)? = RecordBrief(decoding: stored.brief) else { continue }
            named[stored.id] = NamedRelease(label: label, withdrawal: withdrawn[stored.id])
        }
        return named
    }

    /// The releases of a service, oldest first; those that wait to be sent last.
    package func releases(of service: SpaceID, _ reader: any StoreReader) throws -> [Release] {
        let withdrawn = try withdrawals(of: service, reader)
        return try reader.records(of: "release", in: service, after: nil, limit: .max).compactMap { stored -> Release? in
            guard let label = stored.shown.text("label"), let document = stored.shown.text("document") else { return nil }
            return Release(
                id: stored.id, label: label, message: stored.shown.text("message"),
                position: stored.shown.latestPosition, document: document, withdrawal: withdrawn[stored.id])
        }.sorted { ($0.position ?? .max, $0.id) < ($1.position ?? .max, $1.id) }
    }
}

extension StoredRecord {
    /// The record that an item of a list is part of.
    package var parent: RecordID? { shown.value(Kind.parentField)?.bytes.flatMap { RecordID($0) } }

    /// The id that a drafted record has, or would have, where it is published.
    package func publishedID(_ kind: Kind, in service: SpaceID) -> RecordID {
        guard let key = kind.key else { return id }
        return RecordID.natural(space: service, kind: kind.name, key: key.map { shown.value($0) ?? .null })
    }
}
