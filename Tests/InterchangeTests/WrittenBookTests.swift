import Foundation
import Interchange
import Mutations
import Spreadsheets
import Testing
import Workbooks

/// What is written is read with the same readers as anybody's file.
@Suite("Workbooks that are written: what was imported comes back, and what was written changes nothing where it came from")
struct WrittenBookTests {
    typealias Draft = [RowKey: [CellKey: ImportedValue]]

    static func bytes(_ sheets: [SheetDraft], _ language: MatrixTable.HeaderLanguage = .en) throws -> [UInt8] {
        let book = SheetBook(title: "Matrix", language: language, made: 1_600_000_000, sheets: sheets)
        return try book.xlsx(working: FileManager.default.temporaryDirectory)
    }

    static func rows(_ draft: Draft) -> [BookRow] {
        draft.sorted { ($0.key.framework, $0.key.controlId, $0.key.itemKey) < ($1.key.framework, $1.key.controlId, $1.key.itemKey) }.map {
            BookRow(
                MatrixTable.Row(key: $0.key, cells: $0.value), title: "What the catalogue calls it", agreedOn: "2026-04-01",
                evidence: "Example Auditors report")
        }
    }

    private static func controlMatrix(_ draft: Draft) throws -> [UInt8] {
        try bytes(ControlMatrixBook(rows(draft)).sheets(provider: "Example K.K.", service: "Example SaaS", changes: []))
    }

    private static func plan(_ draft: Draft, reading bytes: [UInt8], framework: String? = nil) throws -> ImportPlan {
        var options = ImportOptions()
        options.framework = framework
        return ImportPlan(current: draft, matrix: try readMatrix(bytes, name: "ours.xlsx", options: options))
    }

    // MARK: CIS/CRM

    @Test(
        "Rows of an imported CIS/CRM workbook that nobody touched come back with flag, marks and text as found",
        arguments: ["cloudgov-platform_2021-03-15.xlsx", "cloudgov-platform_2021-07-21.xlsx"])
    func untouched(name: String) throws {
        let read = try readMatrix(try Documents.fixture(name), name: name)
        let before = draft(read)
        let bytes = try Self.controlMatrix(before)
        var options = ImportOptions()
        options.framework = read.frameworkID
        let again = try readMatrix(bytes, name: "ours.xlsx", options: options)
        #expect(again.format == .cisCRM)
        #expect(again.rows.count == 616)
        #expect(again.counts.flags == read.counts.flags)
        #expect(again.counts.statuses == read.counts.statuses)
        #expect(again.counts.originations == read.counts.originations)
        #expect(draft(again) == before)
        #expect(again.privateColumns.isEmpty)
        #expect(ImportPlan(current: before, matrix: again).isEmpty)
    }

    @Test("A row that was changed says what it has become; the others stay as found")
    func changed() throws {
        var held = draft(try readMatrix(try Documents.fixture("cloudgov-platform_2021-03-15.xlsx"), name: "m.xlsx"))
        let key = RowKey(framework: "nist-800-53r4", controlId: "AC-2(a)", itemKey: "main")
        held[key]?[CellKey(field: "allocation")] = .text("customer")
        held[key]?[CellKey(field: "implementationStatus")] = .text("planned")
        held[key]?[CellKey(field: "customerAction", element: "en")] = .text("Yours alone.")
        held[key]?[CellKey(field: "boundaryNote", element: "ja")] = .text("境界は入口。")
        let bytes = try Self.controlMatrix(held)
        var options = ImportOptions()
        options.framework = "nist-800-53r4"
        let again = try readMatrix(bytes, name: "ours.xlsx", options: options)
        let row = try #require(again.rows.first { $0.key == key })
        #expect(row["foundFlag"] == .text("No"))
        #expect(row["foundText"] == .text("Yours alone."))
        #expect(row.fields.filter { $0.field == "foundOriginations" }.map(\.element) == ["customer-configured"])
        #expect(row.fields.filter { $0.field == "foundStatuses" }.map(\.element) == ["planned"])
        #expect(row["boundaryNote", "ja"] == .text("境界は入口。"))
        #expect(again.counts.flags == ["No": 372, "Partial": 137, "Yes": 107])
        #expect(try Self.plan(held, reading: bytes, framework: "nist-800-53r4").isEmpty)
    }

    @Test("Whatever people make of rows, the workbook that is written of them changes nothing when it is read", arguments: 1...24)
    func anything(seed: UInt64) throws {
        var draw = Draw(seed: seed)
        let imported = draft(try readMatrix(try Documents.fixture("cloudgov-platform_2021-07-21.xlsx"), name: "m.xlsx"))
        var held: Draft = [:]
        for (key, cells) in imported.sorted(by: { $0.key.controlId < $1.key.controlId }).prefix(60) {
            held[key] = draw.flip() ? draw.cells(changing: cells) : draw.cells(changing: [:])
        }
        let bytes = try Self.controlMatrix(held)
        // Its framework is told where the ids alone would be taken for another's.
        #expect(try Self.plan(held, reading: bytes).rows.map { "\($0)" } == [])
        let few = Dictionary(uniqueKeysWithValues: held.filter { $0.key.controlId.hasPrefix("AC-2(a") })
        #expect(few.count == 1)
        #expect(try Self.plan(few, reading: Self.controlMatrix(few)).rows.map { "\($0)" } == [])
    }

    @Test("A row whose item has no id there is counted, and a text that a sheet changes is told when it is read")
    func leftOut() throws {
        let item = RowKey(framework: "nist-800-53r5", controlId: "AC-2", itemKey: "retention")
        let iso = RowKey(framework: "iso27017-2015", controlId: "12.3.1", itemKey: "main")
        let held: Draft = [
            item: [CellKey(field: "allocation"): .text("shared")], iso: [CellKey(field: "allocation"): .text("shared")],
            RowKey(framework: "nist-800-53r5", controlId: "AC-2", itemKey: "main"): [CellKey(field: "allocation"): .text("provider")],
        ]
        let book = ControlMatrixBook(Self.rows(held))
        #expect(book.count == 1)
        #expect(Set(book.leftOut) == [item, iso])
    }

    @Test("A newer version of a workbook still changes only what differs in it, after our own was read")
    func newerAfterOwn() throws {
        let march = draft(try readMatrix(try Documents.fixture(CloudGovTests.march), name: "m.xlsx"))
        let own = try Self.plan(march, reading: Self.controlMatrix(march), framework: "nist-800-53r4")
        let july = try readMatrix(try Documents.fixture(CloudGovTests.july), name: "j.xlsx")
        let plan = ImportPlan(current: applied(own, to: march), matrix: july)
        #expect(plan.rowsChanging("foundFlag").count == 13)
        #expect(plan.rowsChanging("foundText").count == 21)
    }

    @Test("A workbook of somebody else that says what we would write is a word of the document's: its next one is followed")
    func othersWord() throws {
        let key = RowKey(framework: "nist-800-53r4", controlId: "AC-2", itemKey: "main")
        func document(_ flag: String) throws -> MatrixImport {
            var options = ImportOptions()
            options.framework = "nist-800-53r4"
            return try readMatrix(
                Array("Control ID,Can Be Inherited,Specific Inheritance\nAC-2,\(flag),Words.\n".utf8), name: "m.csv", options: options)
        }
        var held = draft(try document("Yes"))
        held[key]?[CellKey(field: "allocation")] = .text("shared")
        held = applied(ImportPlan(current: held, matrix: try document("Partial")), to: held)
        #expect(held[key]?[CellKey(field: "foundFlag")] == .text("Partial"))
        held = applied(ImportPlan(current: held, matrix: try document("Yes")), to: held)
        #expect(held[key]?[CellKey(field: "allocation")] == .text("provider"))
    }

    // MARK: 責任分担表

    @Test("The matrix as a sheet is read as it was, in either language", arguments: 1...24)
    func matrixSheet(seed: UInt64) throws {
        var draw = Draw(seed: seed)
        let language: MatrixTable.HeaderLanguage = seed.isMultiple(of: 2) ? .en : .ja
        var held: Draft = [:]
        for (framework, controls) in [("iso27017-2015", ["5.1.1", "12.3.1", "CLD.6.3.1"]), ("nist-800-53r5", ["AC-2", "AC-2(3)(a)"])] {
            for control in controls {
                for item in ["main", "retention", "main~2"] where draw.flip() {
                    held[RowKey(framework: framework, controlId: control, itemKey: item)] = draw.cells(changing: [:])
                }
            }
        }
        held[RowKey(framework: "iso27017-2015", controlId: "15.1.1", itemKey: "main")] = draw.cells(changing: [:])
        let sheet = MatrixBook.sheet(Self.rows(held), title: "責任分担表", lead: ["Release 1"], language: language)
        let bytes = try Self.bytes([sheet], language)
        let again = try readMatrix(bytes, name: "ours.xlsx")
        #expect(again.format == .workbook)
        #expect(again.privateColumns.isEmpty)
        #expect(again.rows.flatMap(\.privateNotes) == [])
        #expect(draft(again) == held)
        #expect(ImportPlan(current: held, matrix: again).isEmpty)
    }

    @Test("A cell that somebody changed in the sheet is read")
    func changedCell() throws {
        let key = RowKey(framework: "iso27017-2015", controlId: "12.3.1", itemKey: "main")
        let held: Draft = [key: [CellKey(field: "allocation"): .text("shared"), CellKey(field: "topic", element: "ja"): .text("バックアップ")]]
        var sheet = MatrixBook.sheet(Self.rows(held), title: "T", lead: [], language: .ja)
        let row = try #require(sheet.rows.indices.last)
        let column = try #require(sheet.rows[row].firstIndex { $0.text == "共有" })
        sheet.rows[row][column].text = "利用者"
        let plan = try Self.plan(held, reading: Self.bytes([sheet]))
        #expect(plan.rows.flatMap(\.cells).map(\.key) == [CellKey(field: "allocation")])
        #expect(plan.rows.flatMap(\.cells).map(\.write) == [.set(.text("customer"))])
    }

    // MARK: CAIQ

    @Test("Answers to a questionnaire are read as they were, and rows that are no questions are left out", arguments: 1...24)
    func questionnaire(seed: UInt64) throws {
        var draw = Draw(seed: seed)
        var held: Draft = [:]
        for control in ["A&A-01", "BCR-08", "STA-01"] {
            for item in ["main", "1", "2", "10"] where draw.flip() {
                var cells = draw.cells(changing: [:], unallocated: false)
                // What was found in a questionnaire says how far the provider is.
                let answers = ["implemented": "yes", "not-implemented": "No"]
                if draw.flip(), case .text(let status)? = cells[CellKey(field: "implementationStatus")], let answer = answers[status] {
                    cells[CellKey(field: "foundFlag")] = .text(answer)
                }
                held[RowKey(framework: "ccm4", controlId: control, itemKey: item)] = cells
            }
        }
        held[RowKey(framework: "ccm4", controlId: "IVS-01", itemKey: "1")] = draw.cells(changing: [:], unallocated: false)
        var all = held
        all[RowKey(framework: "iso27017-2015", controlId: "12.3.1", itemKey: "main")] = draw.cells(changing: [:])
        let book = QuestionnaireBook(Self.rows(all))
        #expect(book.leftOut.map(\.controlId) == ["12.3.1"])
        let bytes = try Self.bytes([book.sheet(title: "Answers", lead: ["The questions are their publisher's."])])
        let again = try readMatrix(bytes, name: "ours.xlsx")
        #expect(again.format == .caiq)
        #expect(again.privateColumns.isEmpty)
        #expect(Set(again.rows.map(\.key)) == Set(held.keys))
        #expect(ImportPlan(current: held, matrix: again).rows.map { "\($0)" } == [])
    }

    // MARK: cells

    @Test("Every cell is words, also one that begins like a formula, and holds them sign by sign")
    func cells() throws {
        let words = [
            "=1+1", "+81 3", "-1", "@SUM(A1)", "{=A1}", "'quoted", " blanks ", "line\nbreak", "_x0041_", "_x005F_x0041_", "a\u{1}b",
            "<&>\"",
            "責任分担 ①", "a\u{FFFF}b\u{FFFE}", "1", "TRUE", "2026-04-01", "\u{1F600}", "tab\there", "http://example.com/",
        ]
        var sheet = SheetDraft(name: "S", widths: [20])
        sheet.rows = words.map { [.init($0)] }
        let bytes = try Self.bytes([sheet])
        let book = try Workbook(xlsx: bytes)
        #expect(book.sheets[0].rows.compactMap { $0[1] } == words.map { .text($0) })
        #expect(bytes == (try Self.bytes([sheet])))
        // A sign that no workbook holds is written out: what stands behind it is not lost.
        sheet.rows = [[.init("a\u{0}b")]]
        #expect(try Workbook(xlsx: Self.bytes([sheet])).sheets[0].rows[0][1] == .text("a_x0000_b"))
        // The part of the sheet holds no formula at all.
        #expect(book.sheets[0].rows.count == words.count)
    }

    @Test("A text that no cell can hold is refused with its place, whole")
    func tooLong() throws {
        var sheet = SheetDraft(name: "S", widths: [20, 20])
        sheet.rows = [[.init("a"), .init(String(repeating: "長", count: SheetBook.cellLimit))]]
        #expect(try Workbook(xlsx: Self.bytes([sheet])).sheets[0].rows[0][2]?.text.count == SheetBook.cellLimit)
        sheet.rows.append([.init("b"), .init(String(repeating: "長", count: SheetBook.cellLimit + 1))])
        #expect(throws: SheetBookFault.textTooLong(sheet: "S", row: 2, column: 2, signs: SheetBook.cellLimit + 1)) {
            try Self.bytes([sheet])
        }
    }
}

/// Draws what rows could say.
private struct Draw {
    private var chance: Mutations

    init(seed: UInt64) { chance = Mutations(seed: seed) }

    mutating func flip() -> Bool { chance.below(2) == 0 }
    mutating func one<Element>(of some: [Element]) -> Element { some[chance.below(some.count)] }

    /// The cells of a row after somebody has written into some of them.
    mutating func cells(changing cells: [CellKey: ImportedValue], unallocated: Bool = true) -> [CellKey: ImportedValue] {
        var cells = cells
        if cells.isEmpty || flip() {
            let allocations = ["provider", "customer", "shared", "supplier", "not-applicable"] + (unallocated ? ["unallocated"] : [])
            cells[CellKey(field: "allocation")] = .text(one(of: allocations))
            let shares = CellKey(field: "providerShares")
            cells[shares] = cells[CellKey(field: "allocation")] == .text("supplier") && flip() ? .bool(true) : nil
        }
        if flip() {
            cells[CellKey(field: "implementationStatus")] = one(of: ["implemented", "partial", "planned", "not-implemented", nil]).map {
                .text($0)
            }
        }
        for field in ["topic", "providerStatement", "customerAction", "boundaryNote", "notApplicableReason"] {
            for (language, texts) in [
                ("en", ["Daily.", "=HYPERLINK(\"x\")", "Two\nlines", "日本語で"]), ("ja", ["日次。", "API key", "-（なし）", "二行\nの文"]),
            ] where chance.below(3) == 0 {
                cells[CellKey(field: field, element: language)] = .text(one(of: texts))
            }
        }
        return cells
    }
}
