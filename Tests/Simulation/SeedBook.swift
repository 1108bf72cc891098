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

    package func write(to file: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try encoder.encode(self).write(to: file, options: .atomic)
    }
}
