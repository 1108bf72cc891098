import SampleWorkbooks
import Testing
import Workbooks

@Suite("Cells of a workbook")
struct CellTests {
    private func values(_ row: [String: SampleSheet.Content], replaced: [String: String] = [:]) throws -> [Int: CellValue] {
        var sample = SampleWorkbook(SampleSheet("One", rows: [3: row]))
        sample.replaced = replaced
        let sheet = try #require(try Workbook(xlsx: sample.xlsx()).sheets.first)
        #expect(sheet.rows.map(\.number) == (sheet.rows.isEmpty ? [] : [3]))
        return Dictionary(uniqueKeysWithValues: sheet.rows.first?.cells.map { ($0.column, $0.value) } ?? [])
    }

    @Test("Each kind of cell is read as what it shows")
    func kinds() throws {
        let found = try values([
            "A": "shared <&>", "B": .xml("t=\"inlineStr\"", "<is><t>in</t><t>line</t></is>"),
            "C": .xml("t=\"str\"", "<f>A1&amp;\"x\"</f><v>formula</v>"), "D": .number("1.1000000000000001"), "E": .number("44396"),
            "F": .xml("t=\"b\"", "<v>1</v>"), "G": .xml("t=\"b\"", "<v>0</v>"), "H": .xml("t=\"e\"", "<v>#REF!</v>"), "J": .xml("", ""),
            "AA": .xml("t=\"n\"", "<f>1+1</f><v>2</v>"),
        ])
        #expect(
            found == [
                1: .text("shared <&>"), 2: .text("inline"), 3: .text("formula"), 4: .number(1.1000000000000001), 5: .number(44396),
                6: .boolean(true), 7: .boolean(false), 8: .error("#REF!"), 27: .number(2),
            ])
        #expect(found[4]?.text == "1.1")
        #expect(found[5]?.text == "44396")
    }

    @Test("Runs of rich text are joined and furigana is passed over")
    func runs() throws {
        let strings = """
            <sst><si><r><rPr><b/></rPr><t>責任</t></r><r><t xml:space="preserve"> 分担</t></r>\
            <rPh sb="0" eb="2"><t>セキニン</t></rPh><rPh sb="2" eb="4"><t>ブンタン</t></rPh><phoneticPr fontId="1"/></si>\
            <si><t>髙</t><rPh sb="0" eb="1"><t>タカ</t></rPh></si></sst>
            """
        let found = try values(
            ["A": .xml("t=\"s\"", "<v>0</v>"), "B": .xml("t=\"s\"", "<v>1</v>")], replaced: ["xl/sharedStrings.xml": strings])
        #expect(found == [1: .text("責任 分担"), 2: .text("髙")])
    }

    @Test(
        "The format's escapes and every kind of line break are undone",
        arguments: [
            ("a_x000D_\nb", "a\nb"), ("a\r\nb\rc\nd", "a\nb\nc\nd"), ("_x005F_x000D_", "_x000D_"), ("_x00", "_x00"),
            ("a_xZZZZ_b", "a_xZZZZ_b"),
            ("_x3042_い", "あい"), ("_x0000_", "_x0000_"),
        ])
    func escapes(written: String, shown: String) throws {
        #expect(try values(["A": .text(written)]) == [1: .text(shown)])
    }

    @Test(
        "Numbers are dates where their format shows a day or an hour",
        arguments: [
            (1, "44396", CellValue.date("2021-07-19")), (1, "44396.5", .date("2021-07-19T12:00:00")), (1, "59", .date("1900-02-28")),
            (1, "60", .date("1900-02-29")), (1, "61", .date("1900-03-01")), (1, "0.5", .date("12:00:00")),
            (2, "44396", .date("2021-07-19")),
            (3, "44396", .number(44396)), (0, "44396", .number(44396)), (1, "-1", .number(-1)), (9, "7", .number(7)),
        ])
    func dates(style: Int, written: String, expected: CellValue) throws {
        let styles = """
            <styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>\
            <numFmt numFmtId="165" formatCode="[Red]0.0&quot;days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>\
            <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>
            """
        #expect(try values(["A": .xml("s=\"\(style)\"", "<v>\(written)</v>")], replaced: ["xl/styles.xml": styles]) == [1: expected])
    }

    @Test(
        "A number that always shows decimals is read with them: 5.10 is no 5.1",
        arguments: [(1, "5.1", "5.10"), (2, "8.2", "8.200"), (3, "5.1", "5.1"), (0, "5.1", "5.1")])
    func decimals(style: Int, written: String, shown: String) throws {
        let styles = """
            <styleSheet><numFmts><numFmt numFmtId="164" formatCode="0.000"/><numFmt numFmtId="165" formatCode="0.0&quot;%&quot;"/></numFmts>\
            <cellXfs><xf numFmtId="0"/><xf numFmtId="2"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>
            """
        let found = try values(["A": .xml("s=\"\(style)\"", "<v>\(written)</v>")], replaced: ["xl/styles.xml": styles])
        #expect(found[1]?.text == shown)
    }

    @Test("A formula without its result is an error and no empty cell; one whose result is no text is empty")
    func uncomputed() throws {
        let found = try values([
            "A": .xml("", "<f>\"We \"&amp;\"do\"</f><v></v>"), "B": .xml("", "<f>1+1</f>"), "C": .xml("t=\"str\"", "<f>\"\"</f><v></v>"),
            "D": .xml("", "<f>1+1</f><v>2</v>"), "E": .xml("", "<v></v>"),
        ])
        guard case .error(let shown)? = found[1] else { Issue.record("\(found)"); return }
        #expect(
            shown.hasPrefix("=") && shown.contains("We") && found[2] != nil && found[3] == nil && found[4] == .number(2) && found[5] == nil)
    }

    @Test("Sheets keep order, names, visibility and merged cells")
    func sheets() throws {
        let bytes = SampleWorkbook(
            SampleSheet("責任分担表", rows: [2: ["B": "x"]], merges: ["B2:D3", "A5:A9"]), SampleSheet("Empty", isHidden: true),
            SampleSheet("<&\">")
        ).xlsx()
        let workbook = try Workbook(xlsx: bytes)
        #expect(workbook.sheets.map(\.name) == ["責任分担表", "Empty", "<&\">"])
        #expect(workbook.sheets.map(\.isHidden) == [false, true, false])
        #expect(
            workbook.sheets[0].mergedRanges == [
                CellRange(first: CellReference(row: 2, column: 2), last: CellReference(row: 3, column: 4)),
                CellRange(first: CellReference(row: 5, column: 1), last: CellReference(row: 9, column: 1)),
            ])
        #expect(workbook.sheets[0].value(row: 2, column: 2) == .text("x"))
        #expect(workbook.sheets[0].value(row: 2, column: 1) == nil)
        #expect(workbook.sheets[0].value(row: 3, column: 2) == nil)
    }

    @Test("Cells without references, and out of order, find their places")
    func places() throws {
        var sample = SampleWorkbook(SampleSheet("One"))
        sample.replaced["xl/worksheets/sheet1.xml"] = """
            <x:worksheet xmlns:x="u"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row>\
            <x:row r="9"><x:c r="C9"><x:v>3</x:v></x:c><x:c r="A9"><x:v>4</x:v></x:c></x:row>\
            <x:row r="4"><x:c r="A4"><x:v>5</x:v></x:c><x:c r="A4"><x:v>6</x:v></x:c></x:row></x:sheetData></x:worksheet>
            """
        let rows = try #require(try Workbook(xlsx: sample.xlsx()).sheets.first).rows
        #expect(rows.map(\.number) == [1, 4, 9])
        #expect(rows.map { $0.cells.map { "\($0.column)=\($0.value.text)" } } == [["1=1", "2=2"], ["1=6"], ["1=4", "3=3"]])
    }

    @Test(
        "Column letters and numbers are each other's inverse",
        arguments: [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16_384, "XFD")])
    func columnLetters(column: Int, letters: String) {
        #expect(CellReference.letters(ofColumn: column) == letters)
        #expect(CellReference("\(letters)7") == CellReference(row: 7, column: column))
        #expect(CellReference("$\(letters.lowercased())$7") == CellReference(row: 7, column: column))
    }

    @Test("What is no reference is none", arguments: ["", "A", "7", "A0", "A1B", "Ａ1", "A-1", "A1:", ":A1", "A1:B2:C3"])
    func noReference(text: String) {
        #expect(CellReference(text) == nil)
        #expect(CellRange(text) == nil)
    }
}
