package import BuntanProtocol
package import Merging
package import Records
package import Storage
import Syncing

/// A record with what an audience may see of it.
package struct DisclosedRecord: Sendable {
    package let id: RecordID
    package let space: SpaceID
    package let kind: String
    package let place: RecordPlace
    /// The state without the cells that are held back.
    package let state: RecordState
}

/// Something that an audience does not get to see.
package struct HeldBackPart: Hashable, Sendable {
    package let kind: String
    /// `nil` where whole records are meant.
    package let field: String?
    package let reason: HeldBack
    package var count: Int
}

/// What an audience would see of a service or an engagement, and what it would not.
package struct DisclosedView: Sendable {
    package init() {}

    package fileprivate(set) var records: [DisclosedRecord] = []
    /// By kind, then field.
    package fileprivate(set) var heldBack: [HeldBackPart] = []
    /// The newest release, where what is published was looked at.
    package fileprivate(set) var release: Release?

    /// The rows of the matrix as published or drafted, in the order of their ids.
    package var rows: [(key: RowKey, record: DisclosedRecord)] {
        RowKey.sorted(records.filter { $0.kind == "responsibility" }.compactMap { record in RowKey(record.state).map { ($0, record) } }) {
            $0.0
        }.map { (key: $0.0, record: $0.1) }
    }

    fileprivate mutating func hold(_ kind: String, _ field: String?, _ reason: HeldBack) {
        if let index = heldBack.firstIndex(where: { $0.kind == kind && $0.field == field && $0.reason == reason }) {
            heldBack[index].count += 1
        } else {
            heldBack.append(HeldBackPart(kind: kind, field: field, reason: reason, count: 1))
        }
    }
}

/// Which state of an own service is looked at.
package enum ServiceView: Hashable, Sendable {
    /// The draft, as the next publish would leave it.
    case nextRelease
    /// What is published; for oneself, where the service is one's own, the draft.
    case published
}

extension Workspace {
    /// Returns what an audience may see of a service, and of an engagement about it.
    ///
    /// - Parameter view: others are shown a draft only to preview it; what is written for them is what was published.
    package func disclosed(
        _ service: KnownService, _ engagement: KnownEngagement?, to audience: Audience, view: ServiceView, _ reader: any StoreReader
    ) throws -> DisclosedView {
        let disclosure = Disclosure(to: audience, schema: schema)
        var result = DisclosedView()
        var shown: [(space: SpaceID, place: RecordPlace)] = []
        if let draft = service.draft, view == .nextRelease || (audience == .myself && engagement == nil) {
            shown.append((draft, .draft))
        } else {
            shown.append((service.service, .service))
            result.release = try releases(of: service.service, reader).last
        }
        if let engagement { shown.append((engagement.space, .engagement)) }
        for (space, place) in shown { try collect(space, place, disclosure, into: &result, reader) }
        if let home = try StoreDirectory(reader).home(reader) {
            // Of the organisation's own records only remarks on what is shown here belong to a service.
            let spaces = [service.service, service.draft].compactMap { $0 }
            let rows = Set(result.rows.flatMap { row in spaces.map { row.key.responsibility(in: $0) } })
            let subjects = rows.union(result.records.map(\.id))
            try collect(home, .home, disclosure, into: &result, reader) { state in
                state.kind == "annotation" && (state.value("row")?.bytes.flatMap { RecordID($0) }).map(subjects.contains) == true
            }
        }
        result.heldBack.sort { ($0.kind, $0.field ?? "", $0.reason.rawValue) < ($1.kind, $1.field ?? "", $1.reason.rawValue) }
        return result
    }

    private func collect(
        _ space: SpaceID, _ place: RecordPlace, _ disclosure: Disclosure, into result: inout DisclosedView, _ reader: any StoreReader,
        where belongs: (RecordState) -> Bool = { _ in true }
    ) throws {
        guard let type = try reader.standing(of: space)?.genesis.type else { return }
        var shown = Set<RecordID>()
        var held: [RecordID: HeldBack] = [:]
        for kind in schema.kinds where kind.spaces.contains(type) {
            for stored in try reader.records(of: kind.name, in: space, after: nil, limit: .max)
            where stored.shown.standing != .deleted && belongs(stored.shown) {
                var reason = reason(holding: stored.shown, in: place, disclosure)
                // What is part of a record that is held back, or of none, is held back with it.
                if kind.list != nil, disclosure.audience != .myself, stored.parent.map(shown.contains) != true {
                    reason = reason ?? stored.parent.flatMap { held[$0] } ?? .undisclosed
                }
                if let reason {
                    result.hold(kind.name, nil, reason)
                    held[stored.id] = reason
                    continue
                }
                shown.insert(stored.id)
                var cells: [Cell] = []
                for cell in stored.shown.cells {
                    if cell.key != .life, let reason = disclosure.reason(holding: cell, of: stored.shown) {
                        result.hold(kind.name, cell.key.field, reason)
                    } else {
                        cells.append(cell)
                    }
                }
                let state = RecordState(kind: kind.name, creator: stored.shown.creator, seam: stored.shown.seam, cells: cells)
                result.records.append(DisclosedRecord(id: stored.id, space: space, kind: kind.name, place: place, state: state))
            }
        }
    }

    /// Why a record is held back as a whole.
    func reason(holding state: RecordState, in place: RecordPlace, _ disclosure: Disclosure) -> HeldBack? {
        if let reason = disclosure.reason(holding: state.kind, in: place) { return reason }
        guard let field = Disclosure.disclosingField(of: state.kind) else { return nil }
        return disclosure.reason(holdingRecordOf: state.kind, isDisclosed: state.value(field) == .bool(true))
    }
}
