package import BuntanProtocol
import ChangeLog
import Merging
import Records
package import Storage

/// What a new service takes over from one that this store holds: its rows and whatever else is said of it, as drafts of one's own.
///
/// A service passes to another organisation so: the new provider, who is engaged in the old service, begins its own with the same
/// content, and the customers come over. What was signed with the old provider stays with it.
package struct ServiceCopy: Sendable {
    private struct Held: Sendable {
        let id: RecordID
        /// What its published copy goes by, or would: what was written in an engagement refers to that.
        let published: RecordID
        let kind: Kind
        let values: [CellKey: Value]
    }

    package let service: KnownService
    private let space: SpaceID
    private let records: [Held]

    /// The rows among them.
    package var rows: Int { records.count { $0.kind.name == "responsibility" } }
    /// The further records.
    package var others: Int { records.count { $0.kind.name != Self.describing } - rows }

    /// The kind of the record that describes the service itself.
    private static let describing = "cloud-service"
    /// What that record says of the service.
    fileprivate var description: [CellKey: Value] {
        Dictionary(records.filter { $0.kind.name == Self.describing }.flatMap(\.values).map { ($0.key, $0.value) }) { first, _ in first }
    }

    /// What the old provider says of itself, and the new one has to say anew.
    private static let own: Set = ["name", "providerPartyId", "retiredOn"]

    /// Reads a service: one's own as it is drafted, another's as it was published.
    ///
    /// - Throws: `PublishFault.conflicts` where a field has several values: which of them is taken over, a person has to choose.
    package init(of service: KnownService, schema: SchemaRegistry, _ reader: any StoreReader) throws {
        self.service = service
        let space = service.draft ?? service.service
        self.space = space
        var records: [Held] = []
        var conflicts: [RecordID] = []
        for kind in Disclosure.publishedKinds(schema) where kind.name != "party" && kind.list?.parent != "party" {
            for stored in try reader.records(of: kind.name, in: space, after: nil, limit: .max) where stored.shown.isAlive {
                if stored.shown.isConflicted { conflicts.append(stored.id) }
                var values: [CellKey: Value] = [:]
                for cell in stored.shown.cells where cell.key != .life {
                    guard case .settled(let value?, _) = cell.state, !value.isNull else { continue }
                    if kind.name == Self.describing, Self.own.contains(cell.key.field) { continue }
                    values[cell.key] = value.value
                }
                records.append(
                    Held(id: stored.id, published: stored.publishedID(kind, in: service.service), kind: kind, values: values))
            }
        }
        guard conflicts.isEmpty else { throw PublishFault.conflicts(conflicts) }
        self.records = records
    }

    /// The same records in the draft of a new service: those with a key under that key, the others under ids of their own, and what
    /// referred to one of them refers to its copy.
    package func drafts(in draft: SpaceID, id: () -> RecordID) -> [RecordDraft] {
        var ids: [RecordID: RecordID] = [:]
        // A key that refers to another record follows it.
        for record in records where record.kind.key == nil { ids[record.id] = id() }
        for record in records {
            guard let key = record.kind.key else { continue }
            let copy = RecordID.natural(
                space: draft, kind: record.kind.name, key: key.map { Self.moved(record.values[CellKey($0)] ?? .null, ids) })
            (ids[record.id], ids[record.published]) = (copy, copy)
        }
        return records.filter { $0.kind.name != Self.describing }.map { record in
            let key = (record.kind.key ?? []).map { (field: $0, value: Self.moved(record.values[CellKey($0)] ?? .null, ids)) }
            var cells: [CellKey: Value] = [:]
            for (cell, value) in record.values where !key.contains(where: { $0.field == cell.field }) {
                guard record.kind.field(cell.field)?.type == .record || cell.field == Kind.parentField else {
                    cells[cell] = value
                    continue
                }
                if case .id(let bytes)? = cell.element {
                    cells[CellKey(cell.field, .id(Self.moved(.bytes(bytes), ids).bytes ?? bytes))] = value
                } else {
                    cells[cell] = Self.moved(value, ids)
                }
            }
            return RecordDraft(record: ids[record.id] ?? record.id, kind: record.kind.name, cells: cells, key: key)
        }
    }

    private static func moved(_ value: Value, _ ids: [RecordID: RecordID]) -> Value {
        value.bytes.flatMap { RecordID($0) }.flatMap { ids[$0] }.map { .id($0) } ?? value
    }
}

extension Workspace {
    /// Makes a service that begins with what another says.
    package func addService(
        name: [String: String], cells: [CellKey: Value], copying copy: ServiceCopy
    ) throws -> ProvidedService {
        var random = draw
        let millis = clock.now()
        // What was typed for the service stands before what is taken over.
        return try addService(name: name, cells: copy.description.merging(cells) { _, typed in typed }) { draft in
            copy.drafts(in: draft) { RecordID.timeOrdered(millis: millis, random: random.nonce()) }
        }
    }
}
