import BuntanProtocol
import Storage
import StorageSQLite
import Syncing
import TestKit
import Testing

@Suite("A killed process", .serialized)
struct CrashTests {
    @Test("After each of 24 kills in mid-write the store opens clean and holds every acknowledged write")
    func kills() throws {
        let folder = try TemporaryFolder()
        var random = SeededRandom(seed: 24)
        var acknowledged: [String: Int] = [:]
        for round in 1...24 {
            let process = try CrasherProcess("append", store: folder.path, seed: UInt64(round))
            var lines: [String] = []
            // The kill falls somewhere into the work of the following transaction.
            for _ in 0..<Int.random(in: 2...40, using: &random) { lines.append(try #require(process.line())) }
            lines += process.kill()
            let space = try #require(lines.first.map { String($0.dropFirst("space ".count)) })
            let size: Int = try #require(lines.last.flatMap { Int($0.dropFirst("size ".count)) })
            acknowledged[space] = size

            let store = try folder.open()
            #expect(try store.check() == [], "round \(round)")
            try store.read { reader in
                for (space, size) in acknowledged {
                    let id = try #require(Hexadecimal.bytes(space).flatMap { SpaceID($0) })
                    let standing = try #require(try reader.standing(of: id))
                    #expect(standing.size >= size, "round \(round)")
                    #expect(standing.size <= size + 1, "at most the transaction that was under way is there unacknowledged")
                    if standing.size > 2 {
                        // One transaction wrote both: they are there together or not at all.
                        #expect(try reader.value("size/\(space)") == Array("\(standing.size)".utf8))
                        #expect(try reader.history(of: .sample(100), in: id) == Array(2..<standing.size))
                    }
                }
            }
            try store.close()
        }
        #expect(acknowledged.count == 24)
    }

    @Test("A store that a killed process held for writing is free at once")
    func heldByTheDead() throws {
        let folder = try TemporaryFolder()
        let process = try CrasherProcess("hold", store: folder.path)
        #expect(process.line() == "holding")
        _ = process.kill()
        let store = try folder.open(SQLiteStoreOptions(wait: 0))
        try store.write { try $0.setValue([2], for: "name") }
        #expect(try store.read { try $0.value("unfinished") } == nil)
    }
}
