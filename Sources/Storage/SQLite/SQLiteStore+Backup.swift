import Foundation
import GRDB
import Storage

extension SQLiteStore {
    /// Copies the store as it stands at one moment; readers and writers go on meanwhile.
    ///
    /// The copy opens clean and holds a prefix of every log. It takes its name once it is whole, so that what carries the
    /// name is never half a copy.
    package func backup(to path: String) throws {
        try StorageFault.mapping { try connections.reader.read { try Self.copy($0, to: path) } }
    }

    /// Copies what `database` sees; a copy that is there already is replaced.
    static func copy(_ database: Database, to path: String) throws {
        let partial = path + ".partial"
        let files = [partial, partial + "-journal", partial + "-wal", partial + "-shm"]
        for leftover in files { try StoreFile.remove(leftover) }
        do {
            _ = try StoreFile.create(partial)
            var configuration = Configuration()
            configuration.foreignKeysEnabled = false
            let target = try DatabaseQueue(path: partial, configuration: configuration)
            try target.writeWithoutTransaction { try database.backup(to: $0) }
            try target.close()
            try StoreFile.rename(partial, to: path)
        } catch {
            // The first error tells more than one met while tidying up.
            for file in files { try? StoreFile.remove(file) }
            throw error
        }
    }
}
