import Mutations
import SampleWorkbooks
import Testing
import Workbooks

@Suite("Workbooks and tables with mistakes drawn at random")
struct MutatedWorkbookTests {
    /// Small enough that crossing a bound would show.
    private static let limits: WorkbookLimits = {
        var limits = WorkbookLimits()
        limits.cells = 2_000
        limits.rows = 5_000
        limits.columns = 400
        limits.textBytes = 200_000
        limits.partBytes = 400_000
        limits.expandedBytes = 800_000
        return limits
    }()

    private static var sample: SampleWorkbook {
        var rows: [Int: [String: SampleSheet.Content]] = [1: ["A": "Control ID", "B": "Responsibility"]]
        for row in 2..<20 { rows[row] = ["A": .text("AC-\(row)"), "B": .text("shared & <more>"), "C": .number("\(row * 1_000)")] }
        return SampleWorkbook(SampleSheet("Matrix", rows: rows), SampleSheet("Other", rows: [1: ["A": "x"]]))
    }

    private func expectBounded(_ workbook: Workbook, _ origin: @autoclosure () -> String) {
        let cells = workbook.sheets.flatMap { $0.rows.flatMap(\.cells) }
        #expect(cells.count <= Self.limits.cells, "\(origin())")
        #expect(workbook.sheets.allSatisfy { $0.rows.allSatisfy { $0.number <= Self.limits.rows } }, "\(origin())")
    }

    @Test("An archive with mistakes is refused or read within its bounds, and never more")
    func archives() {
        let bytes = Self.sample.xlsx()
        var read = 0
        for seed in 0..<600 as Range<UInt64> {
            var mutations = Mutations(seed: seed)
            do throws(WorkbookFault) {
                expectBounded(try Workbook(xlsx: mutations.damaged(bytes), limits: Self.limits), "seed \(seed)")
                read += 1
            } catch {}
        }
        // Both must happen: bytes that nobody reads, such as a date, may change.
        #expect(read > 0 && read < 600)
    }

    @Test(
        "Parts with mistakes, whole in their archive, are refused or read within their bounds",
        arguments: ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"])
    func parts(name: String) {
        let sample = Self.sample
        var outcomes = Set<Bool>()
        for seed in 0..<150 as Range<UInt64> {
            var mutations = Mutations(seed: seed)
            let bytes = sample.xlsx { part, bytes in part == name ? mutations.damaged(bytes) : bytes }
            do throws(WorkbookFault) {
                expectBounded(try Workbook(xlsx: bytes, limits: Self.limits), "seed \(seed)")
                outcomes.insert(true)
            } catch { outcomes.insert(false) }
        }
        #expect(outcomes == [true, false])
    }

    @Test("A table with mistakes is refused or read within its bounds", arguments: [nil, TextEncoding.windows31J] as [TextEncoding?])
    func tables(encoding: TextEncoding?) {
        let text = "Control ID;Responsibility\n" + (1...40).map { "A-\($0);\"shared, \"\"as agreed\"\"\n on two lines\"\n" }.joined()
        for seed in 0..<600 as Range<UInt64> {
            var mutations = Mutations(seed: seed)
            let bytes = mutations.damaged(Array(text.utf8))
            do throws(WorkbookFault) {
                expectBounded(try Workbook(csv: bytes, name: "table.csv", encoding: encoding, limits: Self.limits), "seed \(seed)")
            } catch {}
        }
    }
}
