package import Foundation

/// The seeds that one build of the simulation has run, and what came of them: several runs of the program add up here.
///
/// Another build has another book, since what it would find is not known.
package struct SeedBook: Codable, Sendable {
    package private(set) var done = SeedRanges()
    package private(set) var summary = Summary()

    package init() {}

    /// Opens the book of a file; an empty one where there is none.
    package init(at file: URL) throws {
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    }

    package mutating func enter(_ range: ClosedRange<UInt64>, _ summary: Summary) {
        done.insert(range)
        self.summary.add(summary)
    }

    /// Enters these seeds into the book of a file, whoever else is writing in it.
    ///
    /// - Returns: the book as it stands then.
    package static func enter(_ pieces: [(ClosedRange<UInt64>, Summary)], in file: URL) throws -> SeedBook {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        // One writer at a time reads and replaces it, in whichever process.
        let descriptor = open(file.path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else { throw CocoaError(.fileLocking) }
        defer { close(descriptor) }
        var book = try SeedBook(at: file)
        for (range, summary) in pieces { book.enter(range, summary) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        try encoder.encode(book).write(to: file, options: .atomic)
        return book
    }
}
