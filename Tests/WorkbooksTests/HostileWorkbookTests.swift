import SampleWorkbooks
import Testing
import Workbooks

@Suite("Hostile and damaged workbooks")
struct HostileWorkbookTests {
    private let plain = SampleWorkbook(SampleSheet("One", rows: [1: ["A": "Control ID"], 2: ["A": "AC-1"]]))

    private func fault(_ bytes: [UInt8], _ limits: WorkbookLimits = .standard) -> WorkbookFault? {
        do throws(WorkbookFault) {
            _ = try Workbook(xlsx: bytes, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    private func limits(_ change: (inout WorkbookLimits) -> Void) -> WorkbookLimits {
        var limits = WorkbookLimits()
        change(&limits)
        return limits
    }

    @Test("A workbook cut short anywhere ends in a fault, never in part of it")
    func truncated() {
        let bytes = plain.xlsx()
        #expect(fault(bytes) == nil)
        for length in stride(from: 0, to: bytes.count, by: 7) {
            let found = fault(Array(bytes.prefix(length)))
            #expect(found != nil, "cut at \(length)")
        }
        #expect(fault([]) == .empty)
        #expect(fault(Array("not a zip".utf8)) == .unreadableArchive(code: 19))
        #expect(fault([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) == .oldOrEncrypted)
    }

    @Test("A changed byte anywhere ends in a fault or a workbook, never in a crash")
    func flipped() {
        let bytes = plain.xlsx()
        for position in bytes.indices {
            var changed = bytes
            changed[position] ^= 0x55
            _ = fault(changed)
        }
    }

    @Test(
        "A processing instruction is passed over wherever it stands, with data or without",
        arguments: ["<?page?>", "<?page ?>", "<?page one?>", "<?page\n?>", "<?xml?>", "<??>", "<!-- <?page?> --><?page?>"])
    func instructions(instruction: String) throws {
        // After the declaration, in the root, and within the text of a cell.
        for place in ["<sst", "<si>", "Control ID"] {
            let bytes = plain.xlsx { part, bytes in
                guard part == "xl/sharedStrings.xml" else { return bytes }
                return Array(String(decoding: bytes, as: UTF8.self).replacing(place, with: instruction + place, maxReplacements: 1).utf8)
            }
            let workbook: Workbook
            do { workbook = try Workbook(xlsx: bytes) } catch {
                // A name that is none, or is kept for the declaration, is a mistake in the markup and no more than that.
                #expect(["<?xml?>", "<??>"].contains(instruction), "\(instruction) before \(place): \(error)")
                continue
            }
            let cell = workbook.sheets.first?.rows.first?.cells.first?.value.text
            #expect(cell?.contains("Control ID") == true, "\(instruction) before \(place)")
        }
    }

    @Test("Instructions that open and never end, or end and never opened, by the hundred thousand, cost what their bytes do")
    func unended() {
        let fillings = [
            ("<?", false), ("?>", true), ("<?a ", false), ("<?a ?>?>", true), ("<!-- <? --><?page?>", true), ("<!--", false),
            ("<!-- - -- -->", true),
            ("<![CDATA[", false),
        ]
        for (filling, isRead) in fillings {
            let bytes = plain.xlsx { part, bytes in
                guard part == "xl/sharedStrings.xml" else { return bytes }
                return Array(
                    String(decoding: bytes, as: UTF8.self)
                        .replacing("<si>", with: String(repeating: filling, count: 200_000) + "<si>", maxReplacements: 1).utf8)
            }
            // A look that went back to the beginning at each of them would not come to its end here.
            let found = fault(
                bytes,
                limits {
                    $0.partBytes = 1 << 26
                    $0.ratio = 1 << 20
                })
            #expect((found == nil) == isRead, "\(filling): \(String(describing: found))")
        }
    }

    @Test("What looks like an instruction in text that is taken as it is stays")
    func quotedInstruction() throws {
        let bytes = plain.xlsx { part, bytes in
            guard part == "xl/sharedStrings.xml" else { return bytes }
            return Array(
                String(decoding: bytes, as: UTF8.self).replacing("Control ID", with: "<![CDATA[<?page?>]]>", maxReplacements: 1).utf8)
        }
        let cell = try Workbook(xlsx: bytes).sheets.first?.rows.first?.cells.first?.value.text
        #expect(cell == "<?page?>")
    }

    @Test("Bytes that are no UTF-8 are refused wherever they stand", arguments: ["<sheets", "sheetId=", "name=\"One\"", "</sheets"])
    func noText(place: String) {
        let bytes = plain.xlsx { part, bytes in
            guard part == "xl/workbook.xml" else { return bytes }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let range = text.firstRange(of: place) else { return bytes }
            var changed = bytes
            changed[text[..<range.upperBound].utf8.count - 2] = 0xff
            return changed
        }
        #expect(fault(bytes) == .unsupportedEncoding(at: WorkbookPlace(part: "xl/workbook.xml")))
    }

    @Test(
        "A part that is missing is named, with the sheet or the cell that needs it",
        arguments: [
            ("xl/workbook.xml", .document), ("xl/worksheets/sheet1.xml", WorkbookPlace(sheet: "One")),
            ("xl/sharedStrings.xml", WorkbookPlace(sheet: "One", row: 1, column: 1)),
        ] as [(String, WorkbookPlace)])
    func missingPart(part: String, place: WorkbookPlace) {
        var sample = plain
        sample.omitted = [part]
        #expect(fault(sample.xlsx()) == .missingPart(part, at: place))
    }

    @Test("Parts a workbook can do without may be missing", arguments: ["[Content_Types].xml", "_rels/.rels"])
    func dispensablePart(part: String) {
        var sample = plain
        sample.omitted = [part]
        #expect(fault(sample.xlsx()) == nil)
    }

    @Test("A workbook without shared strings is read if it needs none")
    func withoutSharedStrings() {
        var sample = plain
        sample.usesSharedStrings = false
        sample.omitted = ["xl/sharedStrings.xml"]
        #expect(fault(sample.xlsx()) == nil)
    }

    @Test("A sheet whose relationship leads nowhere, or out of the file, is a missing part")
    func foreignPart() {
        let type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
        var sample = plain
        sample.replaced["xl/_rels/workbook.xml.rels"] = "<Relationships/>"
        #expect(fault(sample.xlsx()) == .missingPart("xl/rId1", at: WorkbookPlace(sheet: "One")))
        sample.replaced["xl/_rels/workbook.xml.rels"] =
            "<Relationships><Relationship Id=\"rId1\" Type=\"\(type)\" Target=\"http://localhost/a.xml\" TargetMode=\"External\"/></Relationships>"
        #expect(fault(sample.xlsx()) == .missingPart("xl/rId1", at: WorkbookPlace(sheet: "One")))
        sample.replaced["xl/_rels/workbook.xml.rels"] =
            "<Relationships><Relationship Id=\"rId1\" Type=\"\(type)\" Target=\"../../../etc/passwd\"/></Relationships>"
        #expect(fault(sample.xlsx()) == .missingPart("etc/passwd", at: WorkbookPlace(sheet: "One")))
    }

    @Test(
        "Markup that is not well-formed is damage, whatever the parser says of it",
        arguments: [
            "<a><b></a>", "<worksheet><sheetData>", "<worksheet>", "", "no markup", "<worksheet></worksheet><worksheet/>",
            "<a>&unknown;</a>",
            "<!-- only a comment -->", "<worksheet>\u{1}</worksheet>",
        ])
    func malformed(markup: String) throws {
        var sample = plain
        sample.replaced["xl/worksheets/sheet1.xml"] = markup
        let found = try #require(fault(sample.xlsx()))
        guard case .damagedPart(let place) = found else {
            Issue.record("\(found)")
            return
        }
        #expect(place.part == "xl/worksheets/sheet1.xml" && place.sheet == "One" && place.line ?? 0 > 0)
    }

    @Test("Where a part stops being markup is told by its line")
    func damagedLine() {
        var sample = plain
        // Behind the declaration, which is the first line.
        sample.replaced["xl/worksheets/sheet1.xml"] = "<worksheet>\n<sheetData>\n<row></sheetData>\n</worksheet>"
        #expect(fault(sample.xlsx()) == .damagedPart(at: WorkbookPlace(part: "xl/worksheets/sheet1.xml", line: 4, sheet: "One")))
        sample.replaced = ["xl/workbook.xml": "<workbook>\n<"]
        #expect(fault(sample.xlsx()) == .damagedPart(at: WorkbookPlace(part: "xl/workbook.xml", line: 3)))
    }

    @Test(
        "A document type is refused before it is parsed",
        arguments: [
            "<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z \"&x;&x;&x;&x;&x;&x;&x;&x;\">]><a>&z;</a>",
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>", "<!-- <a> --><!DOCTYPE a><a/>",
            "<?pi ?>\n<!DOCTYPE a SYSTEM \"http://localhost/a.dtd\"><a/>",
        ])
    func documentType(markup: String) {
        for part in ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"] {
            var sample = plain
            sample.replaced[part] = markup
            let sheet = part.contains("sheet1") ? "One" : nil
            #expect(fault(sample.xlsx()) == .forbiddenDeclaration(at: WorkbookPlace(part: part, sheet: sheet)))
        }
    }

    @Test("A part in another encoding, where a declaration could hide, is refused")
    func otherEncoding() {
        let part = "xl/workbook.xml"
        for head in [[0xFF, 0xFE], [0xFE, 0xFF], [0x3C, 0x00, 0x3F, 0x00], Array("<?xml version='1.0' encoding='UTF-7'?><a/>".utf8)]
            as [[UInt8]]
        {
            var zip = ZipWriter()
            zip.add(part, head)
            #expect(fault(zip.finished()) == .unsupportedEncoding(at: WorkbookPlace(part: part)))
        }
    }

    @Test("A zip bomb is refused by what it declares, before it is expanded")
    func bomb() {
        var zip = ZipWriter()
        zip.add("xl/workbook.xml", [UInt8](repeating: 0x20, count: 8 << 20))
        guard
            case .limitExceeded(.ratio, allowed: 250, found: let ratio, at: WorkbookPlace(part: "xl/workbook.xml"))? = fault(zip.finished())
        else {
            Issue.record("expected the ratio to be refused")
            return
        }
        #expect(ratio > 900)
    }

    @Test("An archive that lies about a size is damaged, whichever way it lies", arguments: [-3, 5])
    func liar(difference: Int) {
        let content = Array("<?xml version=\"1.0\"?><workbook/>".utf8)
        var zip = ZipWriter()
        zip.add("xl/workbook.xml", content, declaredSize: content.count + difference)
        #expect(fault(zip.finished()) == .damagedPart(at: WorkbookPlace(part: "xl/workbook.xml")))
    }

    @Test("Sizes hold at the limit and fail one byte past it")
    func sizes() {
        let bytes = plain.xlsx()
        #expect(fault(bytes, limits { $0.fileBytes = bytes.count }) == nil)
        #expect(
            fault(bytes, limits { $0.fileBytes = bytes.count - 1 })
                == .limitExceeded(.fileBytes, allowed: bytes.count - 1, found: bytes.count, at: .document))

        var zip = ZipWriter()
        zip.add("a", [UInt8](repeating: 1, count: 100), isDeflated: false)
        zip.add("b", [UInt8](repeating: 1, count: 100), isDeflated: false)
        #expect(fault(zip.finished(), limits { $0.expandedBytes = 200 }) == .missingPart("xl/workbook.xml"))
        #expect(
            fault(zip.finished(), limits { $0.expandedBytes = 199 })
                == .limitExceeded(.expandedBytes, allowed: 199, found: 200, at: WorkbookPlace(part: "b")))
        #expect(fault(zip.finished(), limits { $0.entries = 2 }) == .missingPart("xl/workbook.xml"))
        #expect(
            fault(zip.finished(), limits { $0.entries = 1 }) == .limitExceeded(.entries, allowed: 1, found: 2, at: .document))

        var one = ZipWriter()
        one.add("xl/workbook.xml", Array("<workbook/>".utf8))
        #expect(fault(one.finished(), limits { $0.partBytes = 11 }) == nil)
        #expect(
            fault(one.finished(), limits { $0.partBytes = 10 })
                == .limitExceeded(.partBytes, allowed: 10, found: 11, at: WorkbookPlace(part: "xl/workbook.xml")))
    }

    @Test("A workbook that declares a million columns ends in a fault that says so")
    func columns() {
        // BDWGN is column 1,000,000.
        let declared = SampleWorkbook(SampleSheet("Wide", dimension: "A1:BDWGN3")).xlsx()
        #expect(
            fault(declared)
                == .limitExceeded(
                    .columns, allowed: 16_384, found: 1_000_000, at: WorkbookPlace(sheet: "Wide", row: 3, column: 1_000_000)))
        let used = SampleWorkbook(SampleSheet("Wide", rows: [7: ["BDWGN": "x"]])).xlsx()
        #expect(
            fault(used)
                == .limitExceeded(
                    .columns, allowed: 16_384, found: 1_000_000, at: WorkbookPlace(sheet: "Wide", row: 7, column: 1_000_000)))
        let endless = SampleWorkbook(SampleSheet("Wide", merges: ["A1:" + String(repeating: "Z", count: 500) + "1"])).xlsx()
        #expect(
            fault(endless)
                == .limitExceeded(.columns, allowed: 16_384, found: 1 << 40, at: WorkbookPlace(sheet: "Wide", row: 1, column: 1 << 40)))
        // The whole of Excel's own grid, as some programs declare it.
        #expect(fault(SampleWorkbook(SampleSheet("Full", rows: [1: ["XFD": "x"]], dimension: "A1:XFD1048576")).xlsx()) == nil)
    }

    @Test("Rows, cells, sheets, depth and text hold at the limit and fail one past it")
    func grid() {
        let sample = SampleWorkbook(SampleSheet("One", rows: [1: ["A": "abc"], 9: ["A": "def", "B": "ghi"]]), SampleSheet("Two")).xlsx()
        #expect(fault(sample, limits { $0.rows = 9 }) == nil)
        #expect(
            fault(sample, limits { $0.rows = 8 }) == .limitExceeded(.rows, allowed: 8, found: 9, at: WorkbookPlace(sheet: "One", row: 9)))
        #expect(fault(sample, limits { $0.cells = 3 }) == nil)
        #expect(
            fault(sample, limits { $0.cells = 2 })
                == .limitExceeded(.cells, allowed: 2, found: 3, at: WorkbookPlace(part: "xl/sharedStrings.xml")))
        #expect(fault(sample, limits { $0.sheets = 2 }) == nil)
        #expect(fault(sample, limits { $0.sheets = 1 }) == .limitExceeded(.sheets, allowed: 1, found: 2, at: .document))
        #expect(fault(sample, limits { $0.cellTextBytes = 3 }) == nil)
        #expect(
            fault(sample, limits { $0.cellTextBytes = 2 })
                == .limitExceeded(.cellTextBytes, allowed: 2, found: 3, at: WorkbookPlace(part: "xl/sharedStrings.xml")))
        #expect(fault(sample, limits { $0.textBytes = 9 }) == nil)
        #expect(fault(sample, limits { $0.depth = 5 }) == nil)
        #expect(
            fault(sample, limits { $0.depth = 4 })
                == .limitExceeded(.depth, allowed: 4, found: 5, at: WorkbookPlace(part: "xl/worksheets/sheet1.xml", sheet: "One")))
        #expect(fault(SampleWorkbook(SampleSheet("M", merges: ["A1:B1", "A2:B2"])).xlsx(), limits { $0.mergedRanges = 2 }) == nil)
        #expect(
            fault(SampleWorkbook(SampleSheet("M", merges: ["A1:B1", "A2:B2"])).xlsx(), limits { $0.mergedRanges = 1 })
                == .limitExceeded(.mergedRanges, allowed: 1, found: 2, at: WorkbookPlace(sheet: "M", row: 2, column: 1)))
    }

    @Test("One long shared string in many cells counts once for each")
    func repeatedString() {
        let row = Dictionary(uniqueKeysWithValues: ["A", "B", "C", "D"].map { ($0, SampleSheet.Content.text("0123456789")) })
        let bytes = SampleWorkbook(SampleSheet("One", rows: [1: row])).xlsx()
        #expect(fault(bytes, limits { $0.textBytes = 40 }) == nil)
        #expect(
            fault(bytes, limits { $0.textBytes = 39 })
                == .limitExceeded(.textBytes, allowed: 39, found: 40, at: WorkbookPlace(sheet: "One", row: 1, column: 4)))
    }

    @Test("One short shared string in many cells is as many cells, those of the sheets before counted")
    func repeatedCells() {
        let row = Dictionary(uniqueKeysWithValues: ["A", "B", "C"].map { ($0, SampleSheet.Content.text("x")) })
        let bytes = SampleWorkbook(SampleSheet("One", rows: [1: row]), SampleSheet("Two", rows: [5: row])).xlsx()
        #expect(fault(bytes, limits { $0.cells = 6 }) == nil)
        #expect(
            fault(bytes, limits { $0.cells = 5 })
                == .limitExceeded(.cells, allowed: 5, found: 6, at: WorkbookPlace(sheet: "Two", row: 5, column: 3)))
        #expect(
            fault(bytes, limits { $0.cells = 2 })
                == .limitExceeded(.cells, allowed: 2, found: 3, at: WorkbookPlace(sheet: "One", row: 1, column: 3)))
        #expect(fault(bytes, limits { $0.textBytes = 6 }) == nil)
        #expect(
            fault(bytes, limits { $0.textBytes = 5 })
                == .limitExceeded(.textBytes, allowed: 5, found: 6, at: WorkbookPlace(sheet: "Two", row: 5, column: 3)))
    }

    @Test("A value and a text within its cell hold at the limit of a cell and fail one byte past it")
    func cellText() {
        let contents: [SampleSheet.Content] = [
            .xml("t=\"str\"", "<v>abc</v>"), .xml("", "<v>123</v>"), .xml("t=\"e\"", "<v>#N!</v>"),
            .xml("t=\"inlineStr\"", "<is><t>abc</t></is>"), .xml("t=\"inlineStr\"", "<is><r><t>a</t></r><r><t>bc</t></r></is>"),
        ]
        for content in contents {
            let bytes = SampleWorkbook(SampleSheet("One", rows: [2: ["B": content]])).xlsx()
            #expect(fault(bytes, limits { $0.cellTextBytes = 3 }) == nil, "\(content)")
            #expect(
                fault(bytes, limits { $0.cellTextBytes = 2 })
                    == .limitExceeded(.cellTextBytes, allowed: 2, found: 3, at: WorkbookPlace(sheet: "One", row: 2, column: 2)),
                "\(content)")
        }
        // The limit that is in force: what a cell may hold, four bytes a character.
        func cell(_ count: Int) -> [UInt8] {
            SampleWorkbook(SampleSheet("One", rows: [1: ["A": .xml("t=\"str\"", "<v>\(String(repeating: "a", count: count))</v>")]])).xlsx()
        }
        #expect(fault(cell(131_072)) == nil)
        #expect(
            fault(cell(131_073))
                == .limitExceeded(.cellTextBytes, allowed: 131_072, found: 131_073, at: WorkbookPlace(sheet: "One", row: 1, column: 1)))
    }

    @Test("Shared strings count before any cell names them")
    func sharedTexts() {
        var sample = SampleWorkbook(SampleSheet("One", rows: [1: ["A": "abc"]]))
        sample.replaced["xl/sharedStrings.xml"] = "<sst><si><t>abc</t></si><si><t>def</t></si></sst>"
        #expect(fault(sample.xlsx(), limits { $0.textBytes = 6 }) == nil)
        #expect(
            fault(sample.xlsx(), limits { $0.textBytes = 5 })
                == .limitExceeded(.textBytes, allowed: 5, found: 6, at: WorkbookPlace(part: "xl/sharedStrings.xml")))
    }

    @Test("A part may be packed as far as the ratio says and no further, and a small one as far as it likes")
    func ratio() {
        func archive(_ size: Int) -> (bytes: [UInt8], ratio: Int) {
            var zip = ZipWriter()
            let frame = "<workbook></workbook>"
            let content = "<workbook>" + String(repeating: " ", count: size - frame.utf8.count) + "</workbook>"
            zip.add("xl/workbook.xml", Array(content.utf8))
            let bytes = zip.finished()
            // The packed size stands at byte 18 of an entry's header.
            let packed = bytes[18..<22].reversed().reduce(0) { $0 << 8 | Int($1) }
            return (bytes, size / packed)
        }
        let small = archive(4_000)
        #expect(fault(small.bytes, limits { ($0.ratioFloorBytes, $0.ratio) = (3_999, small.ratio) }) == nil)
        #expect(
            fault(small.bytes, limits { ($0.ratioFloorBytes, $0.ratio) = (3_999, small.ratio - 1) })
                == .limitExceeded(
                    .ratio, allowed: small.ratio - 1, found: small.ratio, at: WorkbookPlace(part: "xl/workbook.xml")))
        #expect(fault(small.bytes, limits { ($0.ratioFloorBytes, $0.ratio) = (4_000, 1) }) == nil)
        // The limits that are in force.
        let floor = archive(1 << 20)
        #expect(floor.ratio > 250 && fault(floor.bytes) == nil)
        let above = archive(1 << 20 + 1)
        #expect(
            fault(above.bytes) == .limitExceeded(.ratio, allowed: 250, found: above.ratio, at: WorkbookPlace(part: "xl/workbook.xml")))
    }

    @Test("Elements nested without end stop at the depth limit")
    func deep() {
        var sample = plain
        sample.replaced["xl/worksheets/sheet1.xml"] = String(repeating: "<a>", count: 10_000) + String(repeating: "</a>", count: 10_000)
        #expect(
            fault(sample.xlsx())
                == .limitExceeded(.depth, allowed: 64, found: 65, at: WorkbookPlace(part: "xl/worksheets/sheet1.xml", sheet: "One")))
    }

    @Test("A cell that names what is not there is told by its place")
    func dangling() {
        #expect(
            fault(SampleWorkbook(SampleSheet("One", rows: [4: ["C": .xml("t=\"s\"", "<v>12</v>")]])).xlsx())
                == .unknownSharedString("12", at: WorkbookPlace(sheet: "One", row: 4, column: 3)))
        #expect(
            fault(SampleWorkbook(SampleSheet("One", merges: ["A1:"])).xlsx()) == .malformedReference("A1:", at: WorkbookPlace(sheet: "One"))
        )
    }

    @Test("A place that is none is told by what is known of where it stands")
    func noPlace() {
        func named(_ rows: String) -> WorkbookFault? {
            var sample = plain
            sample.replaced["xl/worksheets/sheet1.xml"] = "<worksheet><sheetData>\(rows)</sheetData></worksheet>"
            return fault(sample.xlsx())
        }
        #expect(
            named("<row r=\"3\"><c r=\"B3\"/><c r=\"A0\"/></row>") == .malformedReference("A0", at: WorkbookPlace(sheet: "One", row: 3)))
        #expect(named("<row r=\"3\"/><row r=\"x\"/>") == .malformedReference("x", at: WorkbookPlace(sheet: "One")))
        #expect(named("<c r=\"7\"/>") == .malformedReference("7", at: WorkbookPlace(sheet: "One")))
    }

    @Test("A sheet of more than 11 MB is read to its end")
    func large() throws {
        var markup = "<worksheet><sheetData>"
        var number = 0
        while markup.utf8.count < 11_600_000 {
            number += 1
            markup +=
                "<row r=\"\(number)\"><c r=\"A\(number)\"><v>\(number &* 7_919)</v></c><c r=\"B\(number)\" t=\"str\"><v>\(number * 31) 日次</v></c></row>"
        }
        var sample = plain
        sample.replaced["xl/worksheets/sheet1.xml"] = markup + "</sheetData></worksheet>"
        let rows = try #require(try Workbook(xlsx: sample.xlsx()).sheets.first).rows
        #expect(rows.count == number)
        #expect(rows.last?[2] == .text("\(number * 31) 日次"))
    }
}
