import BuntanProtocol
import ChangeLog
import Foundation
import Storage
@testable import StorageSQLite
import Syncing
import TestKit
import Testing

@Suite("Older stores")
struct MigrationTests {
    /// A schema as a later program could have it.
    private static let later = StoreSchema(
        migrations: StoreSchema.current.migrations + ["CREATE TABLE later (x INTEGER NOT NULL) STRICT; INSERT INTO later VALUES (7)"])

    private func open(_ folder: TemporaryFolder, _ schema: StoreSchema) throws -> SQLiteStore {
        try SQLiteStore.open(at: folder.path, indexing: PlainIndexing(), options: .client, schema: schema)
    }

    /// Makes the stored version-1 store anew from its text.
    private func restoreVersion1(in folder: TemporaryFolder) throws {
        let text = try #require(Bundle.module.url(forResource: "store-v1", withExtension: "sql", subdirectory: "Fixtures"))
        let foreign = try ForeignConnection(folder.path)
        try foreign.execute(try String(contentsOf: text, encoding: .utf8))
    }

    @Test("A store of version 1 opens with all that it holds")
    func version1() throws {
        let folder = try TemporaryFolder()
        try restoreVersion1(in: folder)
        let store = try folder.open()
        #expect(store.notice == .migrated(from: 1, to: StoreSchema.current.version, backup: folder.path("store.db.v1.bak")))
        #expect(try store.check() == [])
        var log = try SampleLog(seed: 1)
        let item = try OutboxItem.New.sample(try log.change([.sample(8): "unsent"]))
        try store.read { reader in
            let standing = try #require(try reader.standing(of: log.space))
            #expect(standing.size == 5)
            #expect(standing.rights == log.standing.rights)
            #expect(try reader.record(.sample(1), in: log.space) == SampleState.living("分担 1"))
            #expect(try reader.shown(.sample(2), in: log.space) == SampleState.living("mine"))
            #expect(try reader.conflicted(in: log.space).map(\.id) == [.sample(3)])
            #expect(try reader.history(of: .sample(1), in: log.space) == [2, 4])
            #expect(try reader.checkpoint(of: log.space) == "a note\n")
            #expect(try reader.value("name") == [1, 2, 3])
            #expect(try reader.outbox(of: nil).map(\.item.change) == [item.change])
            #expect(try reader.organisations().map(\.label) == ["東京"])
            #expect(try reader.heads(for: OrganisationID(high: 1, low: 1)) == [SpaceHead(space: log.space, epoch: 0, size: 5)])
        }
    }

    /// What the stored store was made from; run with `BUNTAN_WRITE_FIXTURE` naming a file, it writes the store for `sqlite3 .dump`.
    @Test(
        "The stored store can be made anew", .enabled(if: ProcessInfo.processInfo.environment["BUNTAN_WRITE_FIXTURE"] != nil))
    func write() throws {
        let path = try #require(ProcessInfo.processInfo.environment["BUNTAN_WRITE_FIXTURE"])
        let store = try SQLiteStore.open(at: path, indexing: PlainIndexing())
        var log = try SampleLog(seed: 1)
        let unsent = try OutboxItem.New.sample(try log.change([.sample(8): "unsent"]))
        let updates = [
            log.beginning, try log.writing([.sample(1): "log", .sample(2): "log"]),
            try log.appending([try log.change([.sample(3): ""])], records: [.sample(3): try SampleState.conflicted(["a", "b"])]),
            try log.writing([.sample(1): "分担 1"]),
        ]
        try store.write { writer in
            for update in updates { try writer.apply(update) }
            try writer.setShown(try SampleState.living("mine"), of: .sample(2), in: log.space)
            try writer.setCheckpoint("a note\n", of: log.space)
            try writer.setValue([1, 2, 3], for: "name")
            _ = try writer.appendToOutbox(unsent)
            let organisation = OrganisationID(high: 1, low: 1)
            try writer.register(
                RegisteredOrganisation(id: organisation, rootKey: log.keys.device, label: "東京", admitted: 1, quotaBytes: 2))
            try writer.appendStatement(
                SignedBytes(bytes: [1], signature: unsent.signed.signature), number: 1, of: organisation)
            try writer.setDevice(log.keys.device, of: organisation)
            try writer.setAdmission(RegisteredAdmission(label: "a", expires: 1, usedBy: organisation), for: SHA.digest([1]))
            try writer.setInvitation(
                RegisteredInvitation(
                    id: InvitationID(high: 1, low: 1), organisation: organisation, invitation: [1], signature: unsent.signed.signature,
                    expires: 1))
            try writer.grantReading(log.space, to: organisation)
        }
        try store.close()
    }

    @Test("An older store is copied aside, brought up to date with a notice, once")
    func migration() throws {
        let folder = try TemporaryFolder()
        let old = try folder.open()
        try old.write { try $0.setValue([1], for: "name") }
        try old.close()
        let known = StoreSchema.current.version
        let backup = folder.path("store.db.v\(known).bak")
        let store = try open(folder, Self.later)
        #expect(store.notice == .migrated(from: known, to: known + 1, backup: backup))
        #expect(try store.read { try $0.value("name") } == [1])
        try store.close()
        #expect(try ForeignConnection(folder.path).text("SELECT x FROM later") == "7")
        #expect(try open(folder, Self.later).notice == nil)
        #expect(try ForeignConnection(backup).text("PRAGMA user_version") == String(known))
        #expect(try SQLiteStore.open(at: backup, indexing: PlainIndexing()).read { try $0.value("name") } == [1])
        #expect(throws: StorageFault.newer(version: known + 1, known: known)) { try folder.open() }
    }

    @Test("A store whose records were filed by another version of the indexing files them anew, once, the outbox's view included")
    func filing() throws {
        let folder = try TemporaryFolder()
        try restoreVersion1(in: folder)
        try folder.open().close()
        var log = try SampleLog(seed: 1)
        _ = try log.change([.sample(8): "unsent"])
        let wanted = RecordFlags([.alive])
        try ForeignConnection(folder.path).execute("UPDATE record SET flags = 2, brief = x'00'")
        // The same version: nobody looks.
        #expect(try folder.open().read { try $0.briefs(of: "responsibility", in: log.space).map(\.brief) } == [[0], [0], [0]])
        let store = try SQLiteStore.open(at: folder.path, indexing: PlainIndexing(version: 2))
        let briefs = try store.read { try $0.briefs(of: "responsibility", in: log.space) }
        #expect(briefs.map(\.flags) == [wanted, [.alive, .pending], [.alive, .conflicted]])
        #expect(briefs.first?.brief == Array(Value.text("分担 1").encoded.bytes.prefix(32)))
        #expect(try ForeignConnection(folder.path).text("SELECT version FROM record_indexing") == "2")
    }

    @Test("A migration that fails leaves the store at its version, with its contents")
    func failedMigration() throws {
        let folder = try TemporaryFolder()
        let old = try folder.open()
        try old.write { try $0.setValue([1], for: "name") }
        try old.close()
        let broken = StoreSchema(migrations: Self.later.migrations + ["CREATE TABLE more (x) STRICT"])
        #expect(throws: StorageFault.self) { try open(folder, broken) }
        let store = try folder.open()
        #expect(try store.read { try $0.value("name") } == [1])
        #expect(try ForeignConnection(folder.path).text("SELECT name FROM sqlite_master WHERE name = 'later'") == nil)
    }

    @Test("Two processes that open an older store at once migrate it once")
    func together() throws {
        let folder = try TemporaryFolder()
        try folder.open().close()
        let workers = (0..<4).map { _ in
            Worker { [later = Self.later] in
                _ = try SQLiteStore.open(at: folder.path, indexing: PlainIndexing(), options: .client, schema: later)
            }
        }
        for worker in workers { try worker.join() }
        #expect(try ForeignConnection(folder.path).texts("SELECT x FROM later", column: 0) == ["7"])
    }
}
