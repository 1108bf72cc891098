import BuntanProtocol

/// When a replica shows a space by its records before it has loaded and verified its log.
package struct FastStart: Hashable, Sendable {
    /// A log that lacks fewer entries here is loaded whole at once: that takes a few seconds.
    package let leastEntries: Int
    /// Bytes of the page with which such a log begins here.
    package let firstBytes: Int
    /// Bytes of a page of records.
    package let pageBytes: Int

    /// Bytes of a page of the log behind them.
    package let verifiedBytes: Int

    package init(leastEntries: Int, firstBytes: Int, pageBytes: Int, verifiedBytes: Int = Limits.pageBytes) {
        self.leastEntries = leastEntries
        self.firstBytes = firstBytes
        self.pageBytes = pageBytes
        self.verifiedBytes = verifiedBytes
    }

    package static let standard = FastStart(leastEntries: 20_000, firstBytes: 64 * 1024, pageBytes: Limits.pageBytes)

    /// Whether it is worth it: much is missing, and next to nothing is here.
    func isWorthwhile(held: Int, head: Int) -> Bool { head - held >= leastEntries && held <= head / 8 }
}
