import Mutations
import SampleWorkbooks
import Testing
import Workbooks

@Suite("Workbooks and tables with mistakes drawn at random")
struct MutatedWorkbookTests {
    private func expectBounded(_ workbook: Workbook, _ origin: @autoclosure () -> String) {
        let cells = workbook.sheets.flatMap { $0.rows.flatMap(\.cells) }
        #expect(cells.count <= WorkbookLimits.small.cells, "\(origin())")
        #expect(workbook.sheets.allSatisfy { $0.rows.allSatisfy { $0.number <= WorkbookLimits.small.rows } }, "\(origin())")
    }

    @Test("An archive with mistakes is refused or read within its bounds, and never more")
    func archives() {
        let bytes = SampleWorkbook.matrix.xlsx()
        var read = 0
        for seed in 0..<600 as Range<UInt64> {
            var mutations = Mutations(seed: seed)
            do throws(WorkbookFault) {
                expectBounded(try Workbook(xlsx: mutations.damaged(bytes), limits: .small), "seed \(seed)")
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
        let sample = SampleWorkbook.matrix
        var outcomes = Set<Bool>()
        for seed in 0..<150 as Range<UInt64> {
            var mutations = Mutations(seed: seed)
            let bytes = sample.xlsx { part, bytes in part == name ? mutations.damaged(bytes) : bytes }
            do throws(WorkbookFault) {
                expectBounded(try Workbook(xlsx: bytes, limits: .small), "seed \(seed)")
                outcomes.insert(true)
            } catch { outcomes.insert(false) }
        }
        #expect(outcomes == [true, false])
    }

    @Test("A table with mistakes is refused or read within its bounds", arguments: [nil, TextEncoding.windows31J] as [TextEncoding?])
    func tables(encoding: TextEncoding?) {
        let text = SampleTable.text
        for seed in 0..<600 as Range<UInt64> {
            var mutations = Mutations(seed: seed)
            let bytes = mutations.damaged(Array(text.utf8))
            do throws(WorkbookFault) {
                expectBounded(try Workbook(csv: bytes, name: "table.csv", encoding: encoding, limits: .small), "seed \(seed)")
            } catch {}
        }
    }
}
