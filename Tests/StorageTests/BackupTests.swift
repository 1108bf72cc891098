import BuntanProtocol
import FaultyDisks
import Foundation
import Storage
import StorageSQLite
import Synchronization
import Syncing
import TestKit
import Testing

@Suite("Backups")
struct BackupTests {
    @Test("A backup taken under load opens clean and is a prefix of every log")
    func underLoad() throws {
        let folder = try TemporaryFolder()
        let store = try folder.open(.server)
        let isOver = Mutex(false)
        let logs = try (1...3).map { try SampleLog(seed: UInt64($0)) }
        try store.write { writer in for log in logs { try writer.apply(log.beginning) } }
        let writing = logs.map { log in
            Worker {
                var log = log
                var number = 0
                while !isOver.withLock({ $0 }), number < 5_000 {
                    let update = try log.writing([.sample(number % 50): String(repeating: "x", count: 700)])
                    try store.write { try $0.apply(update) }
                    number += 1
                }
            }
        }
        var sizes: [Int] = []
        var round = 0
        // On a busy machine the writers may take a while to be seen.
        while round < 5 || (round < 500 && Set(sizes).count <= 3) {
            defer { round += 1 }
            let before = try store.read { reader in try logs.map { try reader.standing(of: $0.space)?.size ?? 0 } }
            try store.backup(to: folder.path("copy \(round)"))
            let copy = try SQLiteStore.open(at: folder.path("copy \(round)"), indexing: PlainIndexing())
            #expect(try copy.check() == [])
            for (log, least) in zip(logs, before) {
                let entries = try copy.read { try $0.entries(of: log.space, from: 0, maxBytes: .max) }
                let original = try store.read { try $0.entries(of: log.space, from: 0, maxBytes: .max) }
                #expect(entries == Array(original.prefix(entries.count)))
                #expect(entries.count >= least, "what was acknowledged before the backup began is in it")
                sizes.append(entries.count)
            }
            try copy.close()
        }
        isOver.withLock { $0 = true }
        for writer in writing { try writer.join() }
        #expect(Set(sizes).count > 3, "the logs grew meanwhile: \(sizes)")
    }

    @Test("A backup takes the place of an older one")
    func replaced() throws {
        let folder = try TemporaryFolder()
        let store = try folder.open()
        let copy = folder.path("copy")
        for value in [1, 2] as [UInt8] {
            try store.write { try $0.setValue([value], for: "name") }
            try store.backup(to: copy)
            let opened = try SQLiteStore.open(at: copy, indexing: PlainIndexing())
            #expect(try opened.read { try $0.value("name") } == [value])
            try opened.close()
        }
    }

    @Test("One that fails, at whatever moment, leaves the older as it was", arguments: [FaultyDisk.Fault.error, .full, .torn])
    func failing(_ fault: FaultyDisk.Fault) throws {
        let (folder, place) = (try TemporaryFolder(), try TemporaryFolder())
        let store = try folder.open()
        let copy = place.path("copy")
        try store.write { try $0.setValue([1], for: "name") }
        try store.backup(to: copy)
        let older = try #require(FileManager.default.contents(atPath: copy))
        try store.write { try $0.setValue([2], for: "name") }
        let disk = FaultyDisk(folder: place.url.path)
        var failures = 0
        for operation in 1..<1_000 {
            disk.arm(fault, at: operation)
            do { try store.backup(to: copy) } catch is StorageFault { failures += 1 }
            let hasFired = disk.hasFired
            disk.disarm()
            guard hasFired else { break }
            #expect(FileManager.default.contents(atPath: copy) == older, "\(fault) at \(operation)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.url.path) == ["copy"])
        }
        #expect(failures > 2)
        // The last met no fault, and took the older one's place.
        let opened = try SQLiteStore.open(at: copy, indexing: PlainIndexing())
        #expect(try opened.read { try $0.value("name") } == [2] && opened.check().isEmpty)
        try opened.close()
    }
}
