import Foundation
import Testing

@testable import ClientCLI

@Suite("matrix: the table, families, one sign a row")
struct MatrixPageTests {
    private static let workbook = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../Fixtures/cloudgov/cloudgov-platform_2021-03-15.xlsx").standardized.path

    private func provider() async throws -> CommandBench {
        let bench = try CommandBench()
        _ = await bench.run("init", "--org", "Example Cloud K.K.", "-q")
        _ = await bench.run("service", "add", "Object Storage", "-q")
        let taken = await bench.run("import", Self.workbook, "-q", "--yes")
        #expect(taken.exit == .done, "\(taken.errors)")
        return bench
    }

    @Test("Every family has its line, and every row one sign in it")
    func heatmap() async throws {
        let bench = try await provider()
        let lines = await bench.run("matrix", "--heatmap").output.split(separator: "\n")
        let families = lines.dropFirst().prefix { $0.split(separator: " ").count == 2 }
        #expect(families.count == 17)
        #expect(families.reduce(0) { $0 + ($1.split(separator: " ").last?.count ?? 0) } == 616)
        #expect(families.allSatisfy { $0.split(separator: " ").last?.allSatisfy { "PCSUN-".contains($0) } ?? false })
    }

    @Test("A limit cuts the rows that are shown; all of them are counted, and how many are shown is said")
    func limit() async throws {
        let bench = try await provider()
        let whole = await bench.run("matrix").output.split(separator: "\n")
        let cut = await bench.run("matrix", "--limit", "5").output.split(separator: "\n")
        #expect(cut.first == whole.first && cut.first?.hasPrefix("616 rows of ") == true)
        #expect(cut.contains("5 of 616 rows shown (--limit)."))
        // The counts stand under the rows, of the cut and of the whole table alike.
        #expect(whole.last == cut[cut.count - 2])
        #expect(!whole.contains { $0.contains("(--limit)") })
        let japanese = await bench.run("matrix", "--limit", "5", "--heatmap", "--lang", "ja").output
        #expect(japanese.hasSuffix("616行中5行を表示（--limit）。\n"), "\(japanese)")
    }

    @Test("Groups hold the same rows as the table, under heads")
    func groups() async throws {
        let bench = try await provider()
        let plain = await bench.run("matrix", "ca", "cp").output
        let grouped = await bench.run("matrix", "ca", "cp", "--group", "family").output
        #expect(plain.contains("ROW") && plain.contains("ALLOCATION"))
        func rows(_ text: String) -> Set<Substring> {
            let lines = text.split(separator: "\n").filter { $0.hasPrefix("CA-") || $0.hasPrefix("CP-") }
            return Set(lines.compactMap { $0.split(separator: " ").first })
        }
        #expect(rows(plain) == rows(grouped))
        #expect(rows(plain).count == 73)
        #expect(grouped.contains("\nCA  provider") && grouped.contains("\nCP  provider"))
        let unknown = await bench.run("matrix", "--group", "colour")
        #expect(unknown.exit == .usage)
    }
}
