import Foundation
import Simulation
import Testing

@Suite("The seeds that have been run") struct SeedRangesTests {
    private static func ranges(_ ranges: ClosedRange<UInt64>...) -> SeedRanges {
        ranges.reduce(into: SeedRanges()) { $0.insert($1) }
    }

    @Test(
        "Ranges that touch or overlap become one, in whatever order they come",
        arguments: [
            (Self.ranges(1...3, 7...9), [1...3, 7...9]), (Self.ranges(7...9, 1...3, 4...6), [1...9]),
            (Self.ranges(1...10, 3...4), [1...10]), (Self.ranges(5...6, 1...10), [1...10]),
            (Self.ranges(0...0, UInt64.max...UInt64.max), [0...0, UInt64.max...UInt64.max]),
        ])
    func joining(ranges: SeedRanges, expected: [ClosedRange<UInt64>]) {
        #expect(ranges.ranges == expected)
        #expect(ranges.count == expected.reduce(0) { $0 + UInt64($1.count) })
    }

    @Test("What is missing of a range is what has not been run, in pieces")
    func missing() {
        let done = Self.ranges(5...9, 12...20)
        #expect(done.missing(in: 1...14, piecesOf: 3) == [1...3, 4...4, 10...11])
        #expect(done.missing(in: 6...8, piecesOf: 3).isEmpty)
        #expect(SeedRanges().missing(in: 1...2, piecesOf: 5) == [1...2])
        #expect(done.missing(in: 20...22, piecesOf: 5) == [21...22])
    }

    @Test("A book keeps what several runs did, and another run finds it there")
    func book() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).appending(path: "book.json")
        defer { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
        var summary = Summary()
        summary.run(7, in: try FoundedWorld())
        // Both began when there was nothing in it.
        for range in [1...7, 8...9] as [ClosedRange<UInt64>] { _ = try SeedBook.enter([(range, summary)], in: file) }
        let book = try SeedBook(at: file)
        #expect(book.done.ranges == [1...9])
        #expect(book.summary.runs == 2)
        #expect(book.summary.changes == 2 * summary.changes)
        #expect(book.summary.table.contains("requestLost"))
    }

    @Test("What so many runs have never met is named, and is exactly what the table counts as 0")
    func unmet() throws {
        var one = Summary()
        one.run(7, in: try FoundedWorld())
        #expect(one.unmet.isEmpty, "one run need not meet everything")
        var many = Summary()
        for _ in 0..<Summary.whole { many.add(one) }
        let zeros = many.table.split(separator: "\n").filter { $0.hasSuffix(" 0") }.map {
            $0.split(separator: " ").dropLast().joined(separator: " ")
        }
        #expect(!zeros.isEmpty && many.unmet == zeros)
    }
}
