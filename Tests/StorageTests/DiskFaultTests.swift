import BuntanProtocol
import FaultyDisks
import Foundation
import Storage
import StorageSQLite
import Syncing
import TestKit
import Testing

@Suite("A disk that fails")
struct DiskFaultTests {
    /// A store with a log that was acknowledged, and what is to be written next.
    private struct Bench {
        let folder: TemporaryFolder
        let disk: FaultyDisk
        let space: SpaceID
        let updates: [SpaceUpdate]

        init() throws {
            folder = try TemporaryFolder()
            var log = try SampleLog()
            let store = try folder.open()
            try store.write { try $0.apply(log.beginning) }
            try store.close()
            space = log.space
            updates = try (0..<3).map { try log.writing([.sample($0): String(repeating: "x", count: 2_000), .sample(9): "\($0)"]) }
            disk = FaultyDisk(folder: folder.url.path)
        }

        func open() throws -> SQLiteStore {
            var options = SQLiteStoreOptions.client
            // The log is copied into the file after each commit, so that faults fall there as well.
            options.checkpointPages = 1
            return try folder.open(options)
        }

        func write(_ update: SpaceUpdate, to store: SQLiteStore) throws {
            try store.write { writer in
                try writer.apply(update)
                try writer.setValue(Array("\(update.standing.size)".utf8), for: "size")
            }
        }

        /// Expects the store to hold this many entries, and all that was written with each.
        func expectWhole(_ store: SQLiteStore, size: Int, _ comment: Comment) throws {
            try store.read { (reader: any StoreReader) throws in
                #expect(try reader.standing(of: space)?.size == size, comment)
                #expect(try reader.value("size") == (size == 2 ? nil : Array("\(size)".utf8)), comment)
                #expect(try reader.history(of: .sample(9), in: space) == Array(2..<size), comment)
                #expect(try reader.entries(of: space, from: 0, maxBytes: .max).count == size, comment)
            }
            #expect(try store.check() == [], comment)
        }
    }

    @Test(
        "A write that meets a fault throws and leaves no trace; written again it succeeds",
        arguments: [FaultyDisk.Fault.error, .full, .torn])
    func transient(_ fault: FaultyDisk.Fault) throws {
        var fired = 0
        for operation in stride(from: 1, through: 1_000, by: 11) {
            let bench = try Bench()
            let store = try bench.open()
            bench.disk.arm(fault, at: operation)
            var size = 2
            for update in bench.updates {
                do {
                    try bench.write(update, to: store)
                } catch let error as StorageFault {
                    let comment: Comment = "\(fault) at \(operation): \(error)"
                    #expect(bench.disk.hasFired, comment)
                    switch error {
                    case .diskFull: #expect(fault == .full, comment)
                    case .engine: break
                    default: Issue.record(comment)
                    }
                    try bench.expectWhole(store, size: size, comment)
                    try bench.write(update, to: store)
                }
                size += 1
            }
            try bench.expectWhole(store, size: 5, "\(fault) at \(operation)")
            let hasFired = bench.disk.hasFired
            bench.disk.disarm()
            try store.close()
            let again = try bench.open()
            try bench.expectWhole(again, size: 5, "\(fault) at \(operation), opened again")
            try again.close()
            guard hasFired else { break }
            fired += 1
        }
        #expect(fired > 10, "the faults reached the work: \(fired)")
    }

    @Test(
        "After a power cut at any moment the store opens clean with every acknowledged write, and nothing half done",
        arguments: [FaultyDisk.Fault.death, .tornDeath])
    func powerCut(_ fault: FaultyDisk.Fault) throws {
        var cuts = 0
        for operation in stride(from: 1, through: 1_000, by: 5) {
            let bench = try Bench()
            let store = try bench.open()
            bench.disk.arm(fault, at: operation)
            var acknowledged = 2
            for update in bench.updates {
                do { try bench.write(update, to: store) } catch is StorageFault { break }
                acknowledged += 1
            }
            let hasFired = bench.disk.hasFired
            // Closing would tidy up; a dead disk takes none of it.
            try? store.close()
            bench.disk.disarm()
            let again = try bench.open()
            let size = try again.read { try $0.standing(of: bench.space)?.size ?? 0 }
            #expect(size == acknowledged || size == acknowledged + 1, "\(fault) at \(operation): \(size), acknowledged \(acknowledged)")
            try bench.expectWhole(again, size: size, "\(fault) at \(operation)")
            for update in bench.updates.dropFirst(size - 2) { try bench.write(update, to: again) }
            try bench.expectWhole(again, size: 5, "\(fault) at \(operation), carried on")
            try again.close()
            guard hasFired else { break }
            cuts += 1
        }
        #expect(cuts > 20, "the cuts reached the work: \(cuts)")
    }

    @Test("A store whose making is cut short at any moment is made by the next opening", arguments: FaultyDisk.Fault.allCases)
    func making(_ fault: FaultyDisk.Fault) throws {
        var cuts = 0
        for operation in stride(from: 1, through: 1_000, by: 7) {
            let folder = try TemporaryFolder()
            let disk = FaultyDisk(folder: folder.url.path)
            disk.arm(fault, at: operation)
            if let store = try? folder.open() { try? store.close() }
            let hasFired = disk.hasFired
            disk.disarm()
            let store = try folder.open()
            try store.write { try $0.setValue([1], for: "name") }
            #expect(try store.check() == [])
            try store.close()
            guard hasFired else { break }
            cuts += 1
        }
        #expect(cuts > 5)
    }

    @Test("A backup that meets a fault leaves nothing under the backup's name", arguments: [FaultyDisk.Fault.error, .full, .torn])
    func backup(_ fault: FaultyDisk.Fault) throws {
        let bench = try Bench()
        let store = try bench.open()
        bench.disk.arm(fault, at: 5)
        #expect(throws: StorageFault.self) { try store.backup(to: bench.folder.path("copy")) }
        bench.disk.disarm()
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder.url.path).allSatisfy { !$0.hasPrefix("copy") })
        try bench.expectWhole(store, size: 2, "\(fault)")
    }

    @Test("In one transaction of many callers a fault that undoes it all is told to all of them")
    func group() async throws {
        var failures = 0
        for operation in [1, 2, 4, 9, 14] {
            let bench = try Bench()
            let store = try bench.open()
            let writer = GroupCommitWriter(store)
            let words = Conversation()
            async let first: Void = writer.write { _ in
                words.say(1)
                words.awaitWord(2)
            }
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        do {
                            try await writer.write { try $0.setValue([UInt8](repeating: 1, count: 9_000), for: "value \(number)") }
                            return true
                        } catch { return false }
                    }
                }
                bench.disk.arm(.full, at: operation)
                words.say(2)
                var outcomes: [Bool] = []
                for await outcome in group { outcomes.append(outcome) }
                return outcomes
            }
            _ = try? await first
            bench.disk.disarm()
            await writer.stop()
            #expect(try store.read { try $0.values(withPrefix: "value ").count } == outcomes.count { $0 })
            failures += outcomes.count { !$0 }
            #expect(try store.check() == [])
        }
        // Which transaction a fault meets depends on how callers fell together; that it met none of five would say it never fired.
        #expect(failures > 0)
    }
}
