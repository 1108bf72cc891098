package import BuntanProtocol
import Merging
package import Storage

/// A record that names another one in a field.
package struct NamingRecord: Hashable, Sendable {
    package let id: RecordID
    package let kind: String
    package let field: String
}

extension Workspace {
    /// The records in some spaces that name a record of a kind by a field that is for that kind, as the schema orders their kinds. What
    /// belongs to it by its key goes unseen with it, and is not told of.
    ///
    /// Only kinds with such a field are read.
    package func records(
        naming id: RecordID, of kind: String, in spaces: [SpaceID], _ reader: any StoreReader
    ) throws -> [NamingRecord] {
        var found: [NamingRecord] = []
        for naming in schema.kinds {
            let fields = naming.fields.filter {
                $0.type == .record && $0.target == kind && !(naming.key?.contains($0.name) ?? false)
            }
            guard !fields.isEmpty else { continue }
            for space in spaces {
                for stored in try reader.records(of: naming.name, in: space, after: nil, limit: .max)
                where stored.shown.standing != .deleted {
                    guard let field = fields.first(where: { Self.names(id, $0, stored.shown) }) else { continue }
                    found.append(NamingRecord(id: stored.id, kind: naming.name, field: field.name))
                }
            }
        }
        return found
    }

    private static func names(_ id: RecordID, _ field: Field, _ state: RecordState) -> Bool {
        if field.merge == .set {
            return state.members(field.name).contains { if case .id(let bytes) = $0 { RecordID(bytes) == id } else { false } }
        }
        return state.value(field.name)?.bytes.flatMap { RecordID($0) } == id
    }
}
