import BuntanProtocol
import Foundation
import Merging
import Storage
import Synchronization

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
    /// Asked for once: the answer is put together from files.
    private static let cores = ProcessInfo.processInfo.activeProcessorCount

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
        guard records.count > few, cores > 1 else { return records.map { RecordColumns($0.key, $0.value, space, indexing) } }
        let share = max(1, records.count / (cores * 4))
        let shares = (records.count + share - 1) / share
        let done = Mutex<[(start: Int, columns: [RecordColumns])]>([])
        DispatchQueue.concurrentPerform(iterations: shares) { number in
            let start = records.startIndex + number * share
            let columns = records[start..<min(start + share, records.endIndex)].map { RecordColumns($0.key, $0.value, space, indexing) }
            done.withLock { $0.append((start, columns)) }
        }
        return done.withLock { $0.sorted { $0.start < $1.start }.flatMap(\.columns) }
    }
}
