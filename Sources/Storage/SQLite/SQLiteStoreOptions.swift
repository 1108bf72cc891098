package import Foundation

/// How a SQLite store is opened.
package struct SQLiteStoreOptions: Sendable {
    /// How long a write waits for another process before it names the holder.
    package var wait: TimeInterval
    /// Pages kept in memory by the connection that writes, in KiB.
    package var cacheKiB: Int
    /// The same by each that reads.
    package var readerCacheKiB: Int
    /// Bytes of the file that readers map instead of copying.
    package var mappedBytes: Int
    package var readers: Int
    /// Pages in the write-ahead log from which on they are copied into the file after a commit.
    package var checkpointPages: Int
    /// Whether nothing is opened for writing until something is written: a reader then leaves the file as it was, waits for
    /// nobody, and works on a medium that takes no writes.
    package var writesLate: Bool

    package init(
        wait: TimeInterval = 5, cacheKiB: Int = 16 * 1024, readerCacheKiB: Int = 16 * 1024, mappedBytes: Int = 256 << 20,
        readers: Int = 4, checkpointPages: Int = 4_000, writesLate: Bool = true
    ) {
        self.wait = wait
        self.cacheKiB = cacheKiB
        self.readerCacheKiB = readerCacheKiB
        self.mappedBytes = mappedBytes
        self.readers = readers
        self.checkpointPages = checkpointPages
        self.writesLate = writesLate
    }

    /// One person's program: short-lived, one store.
    package static let client = SQLiteStoreOptions()
    /// A server: many spaces, many readers.
    ///
    /// Each connection has a cache of its own, and what is mapped counts as the server's memory: both stay small, for the
    /// system caches the file as well.
    package static let server = SQLiteStoreOptions(
        cacheKiB: 4 * 1024, readerCacheKiB: 1024, mappedBytes: 0, readers: 8, writesLate: false)
}
