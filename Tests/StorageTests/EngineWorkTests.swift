import BuntanProtocol
import Storage
import StorageSQLite
import Syncing
import TestKit
import Testing

@Suite("What the engine counts")
struct EngineWorkTests {
    /// A store with so many records, and what a reading of it takes.
    private func work(
        records: Int, _ options: SQLiteStoreOptions, of body: (any StoreReader, SpaceID) throws -> Void
    ) throws -> EngineWork {
        var options = options
        options.mappedBytes = 0
        let folder = try TemporaryFolder()
        var log = try SampleLog()
        // Another process writes it.
        let writer = try folder.open(options)
        try writer.write { try $0.apply(log.beginning) }
        try writer.write { transaction in
            for number in 0..<records { try transaction.apply(try log.writing([.sample(number): "text"])) }
        }
        try writer.close()
        let store = try folder.open(options)
        // Statements are compiled and the schema is read with the first reading.
        try store.read { try body($0, log.space) }
        let before = try store.work()
        try store.read { try body($0, log.space) }
        let work = try store.work() - before
        try store.close()
        return work
    }

    @Test("One record costs the same among many; a list costs by what it lists", arguments: [SQLiteStoreOptions.server, .client])
    func reading(options: SQLiteStoreOptions) throws {
        let one = try [20, 400].map { count in
            try work(records: count, options) { reader, space in
                let found = try reader.record(.sample(7), in: space)
                #expect(found != nil)
            }
        }
        #expect(one[0].steps == one[1].steps && one[0].steps > 5 && one[0].scanned == 0 && one[0].pages > 0)
        let all = try [20, 400].map { count in
            try work(records: count, options) { reader, space in
                let found = try reader.briefs(of: "responsibility", in: space).count
                #expect(found == count)
            }
        }
        #expect(all[1].steps - all[0].steps >= 380 && all[1].pages > all[0].pages && all[1].scanned == 0)
    }

    @Test("What is passed in a scan of a table is counted by itself")
    func scanning() throws {
        let folder = try TemporaryFolder()
        let store = try folder.open(.server)
        let before = try store.work()
        try store.write { transaction in
            for seed in 1...5 as ClosedRange<UInt64> { try transaction.apply(try SampleLog(seed: seed).beginning) }
        }
        let written = try store.work()
        #expect(written.steps > before.steps && written.scanned == before.scanned)
        #expect(try store.read { try $0.spaces().count } == 5)
        let scanned = try (store.work() - written).scanned
        #expect((4...5).contains(scanned))
        try store.close()
    }
}
