import Foundation
import Storage
import StorageSQLite
import TestKit
import Testing

@Suite("Two processes on one store", .serialized)
struct TwoProcessTests {
    @Test("Readers never wait for the other's writer; a writer waits, then names the holder and leaves no trace")
    func holderIsNamed() throws {
        let folder = try TemporaryFolder()
        let store = try folder.open(SQLiteStoreOptions(wait: 0.2))
        try store.write { try $0.setValue([1], for: "name") }
        let process = try CrasherProcess("hold", store: folder.path)
        #expect(process.line() == "holding")

        #expect(try store.read { try $0.value("name") } == [1])
        #expect(try store.read { try $0.value("unfinished") } == nil)
        let start = ContinuousClock.now
        #expect(throws: StorageFault.busy(holder: process.number)) { try store.write { try $0.setValue([2], for: "name") } }
        #expect(start.duration(to: .now) >= .milliseconds(200), "the writer waits as long as it was told")
        #expect(try store.read { try $0.value("name") } == [1])

        #expect(process.finish() == 0)
        try store.write { try $0.setValue([3], for: "name") }
        #expect(try store.read { try [$0.value("name"), $0.value("unfinished")] } == [[3], [1]])
    }

    @Test("A store can be opened and read while another process writes")
    func openedMeanwhile() throws {
        let folder = try TemporaryFolder()
        let process = try CrasherProcess("hold", store: folder.path)
        #expect(process.line() == "holding")
        let store = try folder.open(SQLiteStoreOptions(wait: 0))
        #expect(try store.read { try $0.value("unfinished") } == nil)
        #expect(throws: StorageFault.busy(holder: process.number)) { try store.write { try $0.setValue([2], for: "name") } }
        #expect(process.finish() == 0)
        #expect(try store.read { try $0.value("unfinished") } == [1])
    }

    @Test("A writer gets the store when the other lets go within the wait")
    func waitIsRewarded() throws {
        let folder = try TemporaryFolder()
        let store = try folder.open(SQLiteStoreOptions(wait: 60))
        let process = try CrasherProcess("hold", store: folder.path)
        #expect(process.line() == "holding")
        let writing = Worker { try store.write { try $0.setValue([2], for: "name") } }
        #expect(process.finish() == 0)
        try writing.join()
        #expect(try store.read { try $0.value("name") } == [2])
    }

    @Test("The wait is five seconds unless told otherwise")
    func defaultWait() {
        #expect(SQLiteStoreOptions.client.wait == 5)
        #expect(SQLiteStoreOptions.server.wait == 5)
    }

    @Test("A holder that is not known is not named")
    func holderUnknown() throws {
        let folder = try TemporaryFolder()
        let store = try folder.open(SQLiteStoreOptions(wait: 0))
        try store.write { try $0.setValue([1], for: "name") }
        // Another program, which leaves no mark.
        let foreign = try ForeignConnection(folder.path)
        try foreign.execute("BEGIN IMMEDIATE")
        #expect(throws: StorageFault.busy(holder: nil)) { try store.write { try $0.setValue([2], for: "name") } }
        try foreign.execute("ROLLBACK")
        try store.write { try $0.setValue([2], for: "name") }
    }
}
