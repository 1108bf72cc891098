import SampleWorkbooks
import Testing
import Workbooks

@testable import Interchange

@Suite("What a workbook says beside its rows")
struct KeptTableTests {
    private static func book(_ change: (inout SampleSheet) -> Void = { _ in }) -> SampleWorkbook {
        var sheet = SampleSheet(
            "分担表",
            table: [
                ["Control ID", "Allocation", "Customer action", "Notes"], ["A-1", "shared", "Do.", "n"], ["A-2", "provider", "", ""],
                ["A-3", "customer", "Act.", ""],
            ])
        change(&sheet)
        return SampleWorkbook(sheet, SampleSheet("History", table: [["Version", "Author"], ["1", "Hanako"]]))
    }

    private struct NoMatrix: Error {}

    private static func document(_ book: SampleWorkbook, name: String = "b.xlsx") throws -> MatrixImport {
        var options = ImportOptions()
        options.framework = "ours"
        guard case .matrix(let matrix) = try readDocument(book.xlsx(), name: name, options: options) else {
            throw NoMatrix()
        }
        return matrix
    }

    @Test("A workbook is kept with all it holds: a sheet without a matrix, a remark on a cell")
    func whole() throws {
        let plain = try #require(try Self.document(Self.book()).whole)
        let kept = try #require(plain.kept)
        #expect(kept.encoding == "base64" && plain.model == "xlsx")
        #expect(KeptDocument.bytes(of: kept.text, encoding: kept.encoding) == Self.book().xlsx())
        // Other bytes that say the same are the same document; another word anywhere makes it another.
        var inline = Self.book()
        inline.usesSharedStrings = false
        #expect(inline.xlsx() != Self.book().xlsx())
        #expect(try Self.document(inline).whole?.content == plain.content)
        var commented = Self.book()
        commented.sheets[0].comments = ["B2": "agreed by phone"]
        #expect(try Self.document(commented).whole?.content != plain.content)
        var merged = Self.book()
        merged.sheets[0].merges = ["B2:B3"]
        #expect(try Self.document(merged).whole?.content != plain.content)
        var other = Self.book()
        other.sheets[1].rows[2]?["B"] = "Taro"
        #expect(try Self.document(other).whole?.content != plain.content)
        // Read back from its bytes alone it says the same.
        #expect(KeptDocument(document: "x", model: "xlsx", bytes: inline.xlsx()).content == plain.content)
    }

    @Test("A table that says no more than its rows do is not kept: its lines are rows, and other columns their notes")
    func plain() throws {
        func whole(_ change: (inout SampleSheet) -> Void = { _ in }) throws -> KeptDocument? {
            var book = Self.book(change)
            book.sheets.removeLast()
            return try Self.document(book).whole
        }
        #expect(try whole() == nil)
        #expect(try whole { $0.rows[5] = ["D": "a line without an id"] } != nil)
        #expect(try whole { $0.comments = ["A2": "c"] } != nil)
        #expect(
            try whole { sheet in
                sheet.rows = Dictionary(uniqueKeysWithValues: sheet.rows.map { ($0.key + 1, $0.value) }).merging([1: ["A": "Title"]]) { $1 }
            } != nil)
    }

    @Test("A table of Windows-31J is known again by its content, whatever was said of its encoding")
    func encoded() throws {
        var options = ImportOptions()
        options.framework = "ours"
        options.encoding = .windows31J
        // The last word is ﾃｩ, and would be an accented letter in UTF-8.
        let bytes = Array("Title\nControl ID,Allocation,Customer action\nA-1,shared,".utf8) + [0xC3, 0xA9, 0x0A]
        guard case .matrix(let matrix) = try readDocument(bytes, name: "a.csv", options: options) else { throw NoMatrix() }
        #expect(matrix.rows.first?["customerAction", "ja"] == .text("ﾃｩ"))
        let whole = try #require(matrix.whole)
        let again = KeptDocument(document: "a.csv", model: "csv", bytes: bytes)
        #expect(again.isKnown { $0 == whole.content })
        #expect(!KeptDocument(document: "a.csv", model: "csv", bytes: bytes + [0x58]).isKnown { $0 == whole.content })
    }

    @Test("The words of a questionnaire stay in its file, and what this program wrote is not kept")
    func unkept() throws {
        let questions = SampleWorkbook(
            SampleSheet(
                "CAIQv4.0.3",
                table: [
                    ["Question ID", "Question", "CSP CAIQ Answer", "SSRM Control Ownership", "CCM Control ID"],
                    ["A&A-01.1", "Are they?", "Yes", "CSP-owned", "A&A-01"],
                ]))
        guard case .matrix(let matrix) = try readDocument(questions.xlsx(), name: "q.xlsx") else { throw NoMatrix() }
        #expect(matrix.format == .caiq && matrix.whole == nil)
        // One without an owner is a questionnaire, too.
        var ownerless = questions
        for row in [1, 2] { ownerless.sheets[0].rows[row]?["D"] = nil }
        guard case .matrix(let without) = try readDocument(ownerless.xlsx(), name: "q.xlsx") else { throw NoMatrix() }
        #expect(without.format == .caiq && without.whole == nil)
        // Whatever a mapping calls its columns.
        var called = ImportOptions()
        called.mapping = ColumnMapping(
            columns: [.init(header: "Question ID", field: .controlId), .init(header: "SSRM Control Ownership", field: .allocation)],
            framework: "x")
        guard case .matrix(let controls) = try readDocument(questions.xlsx(), name: "q.xlsx", options: called) else { throw NoMatrix() }
        #expect(controls.format == .workbook && controls.whole == nil)
        // However it was said to be read.
        var options = ImportOptions()
        options.format = .workbook
        guard case .matrix(let mapped) = try readDocument(questions.xlsx(), name: "q.xlsx", options: options) else { throw NoMatrix() }
        #expect(mapped.whole == nil)
        let own = MatrixTable([MatrixTable.Row(key: RowKey(framework: "ours", controlId: "A-1", itemKey: "main"), cells: [:])])
        guard case .matrix(let back) = try readDocument(own.csv(headers: .en), name: "own.csv") else { throw NoMatrix() }
        #expect(back.isFromHere && back.whole == nil)
    }

    @Test("Hidden rows and columns are read, and told; one that stays private anyhow is not told twice")
    func hidden() throws {
        let matrix = try Self.document(
            Self.book { sheet in
                sheet.hiddenRows = [3, 4, 40]
                sheet.hiddenColumns = [3, 4, 9]
            })
        #expect(matrix.rows.count == 3)
        let told = matrix.diagnostics.filter { [.rowsHidden, .columnHidden].contains($0.code) }
        #expect(told.map(\.code) == [.rowsHidden, .columnHidden])
        #expect(told.first?.facts["rows"] == "2" && told.first?.row == 3)
        #expect(told.last?.column == "C" && told.last?.facts["filled"] == "2")
        #expect(!(try Self.document(Self.book()).diagnostics.contains { [.rowsHidden, .columnHidden].contains($0.code) }))
    }
}
