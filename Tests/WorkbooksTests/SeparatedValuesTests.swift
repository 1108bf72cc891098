import Testing
import Workbooks

@Suite("Tables of separated values")
struct SeparatedValuesTests {
    private func table(_ text: String, _ limits: WorkbookLimits = .standard) throws -> [Int: [Int: String]] {
        try table(Array(text.utf8), limits: limits)
    }

    private func table(_ bytes: [UInt8], encoding: TextEncoding? = nil, limits: WorkbookLimits = .standard) throws -> [Int: [Int: String]] {
        let sheet = try #require(try Workbook(csv: bytes, name: "t.csv", encoding: encoding, limits: limits).sheets.first)
        return Dictionary(
            uniqueKeysWithValues: sheet.rows.map { row in
                (row.number, Dictionary(uniqueKeysWithValues: row.cells.map { ($0.column, $0.value.text) }))
            })
    }

    @Test(
        "Quotes, line ends and empty fields are read as RFC 4180 says",
        arguments: [
            ("a,b\r\nc,d\r\n", [1: [1: "a", 2: "b"], 2: [1: "c", 2: "d"]]), ("a,b\nc,d", [1: [1: "a", 2: "b"], 2: [1: "c", 2: "d"]]),
            ("a,b\rc,d\r", [1: [1: "a", 2: "b"], 2: [1: "c", 2: "d"]]), ("\"a,\"\"x\"\"\",b", [1: [1: "a,\"x\"", 2: "b"]]),
            ("\"one\r\ntwo\rthree\nfour\",b", [1: [1: "one\ntwo\nthree\nfour", 2: "b"]]),
            ("a,,c\n\n,,\nd", [1: [1: "a", 3: "c"], 4: [1: "d"]]),
            ("a,\"\",c", [1: [1: "a", 3: "c"]]), ("5\" disk,b", [1: [1: "5\" disk", 2: "b"]]), ("\"a\"b,c", [1: [1: "ab", 2: "c"]]),
            (" a , b ", [1: [1: " a ", 2: " b "]]), ("x", [1: [1: "x"]]), ("\n", [:]),
        ] as [(String, [Int: [Int: String]])])
    func quotes(text: String, expected: [Int: [Int: String]]) throws {
        #expect(try table(text) == expected)
    }

    @Test(
        "The separator is found in the text",
        arguments: [
            "id\tflag\ttext\n1\tYes\ta, b, c, d, e\n2\tNo\tx, y", "id;flag;text\n1;Yes;\"a, b;\nc\"\n2;No;d, e",
            "id,flag,text\n1,Yes,\"a;b;c;d\"\n2,No,e",
            "A title; with, signs\nid,flag,text\n1,Yes,a\n2,No,b", "sep=;\nid;flag;text\n1,5;Yes;b\n",
        ])
    func separators(text: String) throws {
        let rows = try table(text)
        let header = try #require(rows.first { $0.value.values.contains("flag") })
        #expect(header.value == [1: "id", 2: "flag", 3: "text"])
        #expect(rows[header.key + 1]?[2] == "Yes")
    }

    @Test("A quote that never closes is a fault at the place where it opens")
    func unclosed() {
        #expect(throws: WorkbookFault.unclosedQuote(at: WorkbookPlace(sheet: "t.csv", row: 2, column: 2))) {
            try table("a,b\nc,\"d\ne,f\n")
        }
    }

    @Test("Windows-31J is recognised and keeps the characters that Shift_JIS lacks")
    func windows31J() throws {
        // ①,㈱,髙,～,表
        let bytes: [UInt8] = [0x87, 0x40, 0x2C, 0x87, 0x8A, 0x2C, 0xFB, 0xFC, 0x2C, 0x81, 0x60, 0x2C, 0x95, 0x5C, 0x0D, 0x0A]
        #expect(TextEncoding.detected(in: bytes) == .windows31J)
        #expect(try table(bytes) == [1: [1: "①", 2: "㈱", 3: "髙", 4: "～", 5: "表"]])
        #expect(try table(bytes)[1]?[4]?.unicodeScalars.first?.value == 0xFF5E)
    }

    @Test("UTF-8 and UTF-16 are recognised by their marks or by their bytes")
    func unicode() throws {
        let text = "①,㈱\n髙,～😀"
        let expected = [1: [1: "①", 2: "㈱"], 2: [1: "髙", 2: "～😀"]]
        let little = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        let big = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        #expect(try table(text) == expected)
        #expect(try table([0xEF, 0xBB, 0xBF] + Array(text.utf8)) == expected)
        #expect(try table([0xFF, 0xFE] + little) == expected)
        #expect(try table([0xFE, 0xFF] + big) == expected)
    }

    @Test("A forced encoding is obeyed")
    func forced() throws {
        // These bytes are ﾃｽﾄ in Windows-31J.
        #expect(try table([0xC3, 0xBD, 0xC4], encoding: .windows31J) == [1: [1: "ﾃｽﾄ"]])
        #expect(throws: WorkbookFault.empty) { try table([UInt8]()) }
    }

    @Test(
        "What is not in the encoding is told by its byte in the file, its line, and the cell it stands in",
        arguments: [
            ([0x61, 0xE3, 0x81, 0x82, 0x81], .utf8, 4, 1, 1, 1), ([0xEF, 0xBB, 0xBF, 0x61, 0x2C, 0xFF], .utf8, 5, 1, 1, 2),
            ([0x61, 0x2C, 0x81], .windows31J, 2, 1, 1, 2), ([0x61, 0x00, 0x62], nil, 1, 1, 1, 1),
            // A cell of two lines before it, and one that its quote has opened.
            (Array("a,b\r\n\"c\r\nd\",".utf8) + [0xFF], .utf8, 12, 3, 2, 2),
            (Array("a,b\nc,\"d\n".utf8) + [0xFF], .utf8, 9, 3, 2, 2), (Array("a,b\n".utf8) + [0xFF], .utf8, 4, 2, 2, 1),
            // A half of a pair alone, and a zero, in two bytes each behind a mark of two.
            ([0xFF, 0xFE, 0x61, 0x00, 0x0A, 0x00, 0x00, 0xDC], nil, 6, 2, 2, 1),
            ([0xFE, 0xFF, 0x00, 0x61, 0x00, 0x2C, 0x00, 0x00, 0x00, 0x62], nil, 6, 1, 1, 2),
        ] as [([UInt8], TextEncoding?, Int, Int, Int, Int)])
    func undecodable(bytes: [UInt8], encoding: TextEncoding?, byte: Int, line: Int, row: Int, column: Int) {
        let place = WorkbookPlace(line: line, sheet: "t.csv", row: row, column: column)
        #expect(throws: WorkbookFault.undecodableText(encoding ?? .detected(in: bytes), byteOffset: byte, at: place)) {
            try table(bytes, encoding: encoding)
        }
    }

    @Test("Limits hold at the limit and fail one past it")
    func limits() throws {
        func with(_ change: (inout WorkbookLimits) -> Void) -> WorkbookLimits {
            var limits = WorkbookLimits()
            change(&limits)
            return limits
        }
        let text = "abc,d,e\nf,g,h"
        #expect(try table(text, with { $0.columns = 3 }).count == 2)
        #expect(throws: WorkbookFault.limitExceeded(.columns, allowed: 2, found: 3, at: WorkbookPlace(sheet: "t.csv", row: 1, column: 3))) {
            try table(text, with { $0.columns = 2 })
        }
        #expect(try table(text, with { $0.rows = 2 }).count == 2)
        #expect(throws: WorkbookFault.limitExceeded(.rows, allowed: 1, found: 2, at: WorkbookPlace(sheet: "t.csv", row: 2))) {
            try table(text, with { $0.rows = 1 })
        }
        #expect(try table(text, with { $0.cells = 6 }).count == 2)
        #expect(throws: WorkbookFault.limitExceeded(.cells, allowed: 5, found: 6, at: WorkbookPlace(sheet: "t.csv", row: 2, column: 3))) {
            try table(text, with { $0.cells = 5 })
        }
        #expect(try table(text, with { $0.cellTextBytes = 3 }).count == 2)
        #expect(
            throws: WorkbookFault.limitExceeded(.cellTextBytes, allowed: 2, found: 3, at: WorkbookPlace(sheet: "t.csv", row: 1, column: 1))
        ) {
            try table(text, with { $0.cellTextBytes = 2 })
        }
        #expect(try table(text, with { $0.textBytes = 8 }).count == 2)
        #expect(
            throws: WorkbookFault.limitExceeded(.textBytes, allowed: 7, found: 8, at: WorkbookPlace(sheet: "t.csv", row: 2, column: 3))
        ) {
            try table(text, with { $0.textBytes = 7 })
        }
        #expect(try table(text, with { $0.fileBytes = 13 }).count == 2)
        #expect(throws: WorkbookFault.limitExceeded(.fileBytes, allowed: 12, found: 13, at: .document)) {
            try table(text, with { $0.fileBytes = 12 })
        }
    }
}
