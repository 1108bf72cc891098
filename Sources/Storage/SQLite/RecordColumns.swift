import BuntanProtocol
import Merging
import Records
import Storage

/// What the columns of a record hold: encoding a state, and hashing it for its brief, costs more than writing it.
struct RecordColumns: Sendable {
    let record: RecordID
    let kind: String
    let flags: Int
    let brief: [UInt8]
    let state: [UInt8]

    /// So many are held in memory before they are written.
    static let atOnce = 512
    /// So few are not worth the spreading.
    private static let few = 32

    private init(_ record: RecordID, _ state: RecordState, _ space: SpaceID, _ indexing: any RecordIndexing) {
        self.record = record
        kind = state.kind
        flags = indexing.flags(of: state).subtracting(.pending).rawValue
        brief = indexing.brief(of: state, record: record, space: space)
        self.state = state.encoded()
    }

    /// Makes them on as many cores as there are, in the order of the records.
    static func of(
        _ records: ArraySlice<(key: RecordID, value: RecordState)>, in space: SpaceID, _ indexing: any RecordIndexing
    ) -> [RecordColumns] {
        Cores.map(records, few: few) { RecordColumns($0.key, $0.value, space, indexing) }
    }
}
