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

    @Test("In SQLite", arguments: StoreCase.all)
    func sqlite(_ test: StoreCase) throws {
        let folder = try TemporaryFolder()
        let store = try folder.open()
        try test.run(on: store)
        #expect(try store.check() == [])
        try store.close()
    }
}
