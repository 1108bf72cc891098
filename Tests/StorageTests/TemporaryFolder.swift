import Foundation
import Storage
import StorageSQLite
import TestKit

/// A folder that is gone when its test is.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("buntan-storage-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Where the test's store stands.
    var path: String { path("store.db") }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func open(_ options: SQLiteStoreOptions = .client) throws -> SQLiteStore {
        try SQLiteStore.open(at: path, indexing: PlainIndexing(), options: options)
    }
}
