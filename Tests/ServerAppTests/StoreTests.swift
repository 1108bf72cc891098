import StorageSQLite
import TestKit
import Testing

@testable import ServerApp

@Suite("The server's own store keeps the promises of every store")
struct StoreTests {
    @Test("Opened and filed as the server does it", arguments: StoreCase.all)
    func conformance(_ test: StoreCase) throws {
        let served = try ServedFolder()
        let store = try served.folder.openStore()
        try test.run(on: store, filingBy: ServerIndexing())
        #expect(try store.check().isEmpty)
        try store.close()
    }
}
