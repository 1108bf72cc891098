import Foundation
import Storage
import StorageSQLite
import TestKit
import Testing

@Suite("Every kind of store keeps the same promises")
struct ConformanceTests {
    @Test("In memory", arguments: StoreCase.all)
    func memory(_ test: StoreCase) throws {
        let store = MemoryStore()
        try test.run(on: store)
        #expect(store.violations == [])
    }

    @Test("In memory, filed as programs file records", arguments: StoreCase.all)
    func filedMemory(_ test: StoreCase) throws {
        let store = MemoryStore(indexing: StateIndexing())
        try test.run(on: store, filingBy: StateIndexing())
        #expect(store.violations == [])
    }

    @Test("In SQLite as a client opens it", arguments: StoreCase.all)
    func client(_ test: StoreCase) throws { try run(test, .client, PlainIndexing()) }

    @Test("In SQLite as a server opens it", arguments: StoreCase.all)
    func server(_ test: StoreCase) throws { try run(test, .server, PlainIndexing()) }

    @Test("In SQLite, filed as programs file records", arguments: StoreCase.all)
    func filed(_ test: StoreCase) throws { try run(test, .client, StateIndexing()) }

    private func run(_ test: StoreCase, _ options: SQLiteStoreOptions, _ indexing: any RecordIndexing) throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore.open(at: folder.path, indexing: indexing, options: options)
        try test.run(on: store, filingBy: indexing)
        #expect(try store.check() == [])
        try store.close()
    }
}
