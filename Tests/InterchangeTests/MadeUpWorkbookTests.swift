import Interchange
import SampleWorkbooks
import Testing
import Workbooks

/// One small matrix, written in the many ways that real workbooks are.
@Suite("Workbooks made up in many layouts")
struct MadeUpWorkbookTests {
    private static let statuses = ["Implemented", "Partially Implemented", "Planned", "Alternative Implementation", "N/A"]
    private static let originations = [
        "Service Provider Corporate", "Service Provider System Specific", "Service Provider Hybrid (Corporate and System Specific)",
        "Configured by Customer (Customer System Specific)", "Provided by Customer (Customer System Specific)",
        "Shared (Service Provider and Customer Responsibility)", "Inherited from Pre-Existing  Authorization",
    ]
    /// Id, columns marked, flag, text.
    private static let rows: [(String, Set<Int>, String, String)] = [
        ("AC-1(a)", [0, 7], "Yes", "We do it."), ("AC-2(3)(a)", [1, 2, 10], "Partial", "Both do it."),
        ("AC-2(5)", [0, 5, 6, 8], "No", "You do it."), ("AU-4", [3, 11], "Yes", "Our host does it."), ("SC-19", [4, 9], "", ""),
    ]

    private static func marks(
        at row: Int = 2, order: [Int] = Array(0..<12), idColumn: Int = 0, sign: String = "X", id: (String) -> String = { $0 }
    )
        -> [[String]]
    {
        let labels = statuses + originations
        func line(_ first: String, _ cells: [String]) -> [String] {
            var line = cells
            line.insert(first, at: idColumn)
            return line
        }
        return [line("", order.map { labels[$0] })] + rows.map { row in line(id(row.0), order.map { row.1.contains($0) ? sign : "" }) }
    }

    private static func answers(_ flag: String, _ text: String, id: (String) -> String = { $0 }) -> [[String]] {
        [["Control ID", flag, text]] + rows.map { [id($0.0), $0.2, $0.3] }
    }

    /// The layout of the template: title, groups with merged cells, sub-headers.
    private static var plain: SampleWorkbook {
        var cis = SampleSheet("CIS Worksheet", from: 3, table: marks(), merges: ["A1:M1", "A2:A3", "B2:F2", "G2:M2"])
        cis.rows[1] = ["A": "FedRAMP Control Implementation Summary (CIS) Worksheet"]
        cis.rows[2] = ["A": "Control ID", "B": "Implementation Status", "G": "Control Origination"]
        var crm = SampleSheet(
            "CRM Worksheet", from: 4,
            table: answers("Can Be Inherited from CSP", "Specific Inheritance and Customer Agency/CSP Responsibilities"))
        crm.rows[1] = ["A": "FedRAMP Customer Responsibility Matrix (CRM) Worksheet"]
        return SampleWorkbook(SampleSheet("Instructions", rows: [1: ["A": "Read me"]]), cis, crm)
    }

    private func read(_ sample: SampleWorkbook, _ change: (inout ImportOptions) -> Void = { _ in }) throws -> MatrixImport {
        var options = ImportOptions()
        change(&options)
        return try readMatrix(sample.xlsx(), name: "made-up.xlsx", options: options)
    }

    private func contents(_ matrix: MatrixImport) -> [String: [CellKey: ImportedValue]] {
        Dictionary(uniqueKeysWithValues: draft(matrix).map { ("\($0.key.controlId)/\($0.key.itemKey)", $0.value) })
    }

    @Test("The plain layout is read as its rows say")
    func plainLayout() throws {
        let matrix = try read(Self.plain)
        #expect(matrix.rows.map(\.controlId) == ["AC-1(a)", "AC-2(3)(a)", "AC-2(5)", "AU-4", "SC-19"])
        #expect(matrix.rows.map { $0["allocation"] } == ["provider", "shared", "customer", "supplier", "not-applicable"].map { .text($0) })
        #expect(
            matrix.rows.map { $0["implementationStatus"] }
                == ["implemented", "partial", "implemented", "implemented", nil].map { $0.map { .text($0) } })
        #expect(matrix.rows[0]["providerStatement", "en"] == .text("We do it."))
        #expect(matrix.rows[3]["providerStatement", "en"] == .text("Our host does it."))
        #expect(
            matrix.rows[2].fields.filter { $0.field == "foundOriginations" }.map(\.element) == [
                "sp-corporate", "sp-system", "customer-configured",
            ])
        #expect(matrix.privateColumns.isEmpty)
        #expect(matrix.counts.diagnostics["reason-asked"] == 1)
        #expect(matrix.counts.diagnostics["split-asked"] == 1)
        // AC-2(5) has marks of both sides and says No.
        #expect(matrix.diagnostics.filter { $0.code == .flagAgainstMarks }.map(\.facts["id"]) == ["AC-2(5)"])
    }

    @Test("Moved columns, other names, extra rows, merged headers and other spellings read alike")
    func layoutsReadAlike() throws {
        let expected = contents(try read(Self.plain))

        var moved = Self.plain
        let order = [11, 0, 4, 2, 9, 1, 3, 10, 8, 7, 6, 5]
        moved.sheets[1] = SampleSheet("Übersicht", from: 1, column: 4, table: Self.marks(order: order, idColumn: 5, sign: "x"))
        moved.sheets[1].rows[1]?["I"] = "CONTROL  ID"
        moved.sheets[2] = SampleSheet(
            "顧客責任", from: 1, column: 2,
            table: Self.answers("Can be inherited (Pages)", "Customer Responsibility").map { Array($0.reversed()) })
        #expect(contents(try read(moved)) == expected)

        var turned = Self.plain
        turned.sheets = [turned.sheets[2], turned.sheets[1]]
        turned.sheets[0].name = "B"
        turned.sheets[1].name = "A"
        #expect(contents(try read(turned)) == expected)

        // The providers' names in the headers, a taller title, blank rows, a total at the foot, ids written otherwise.
        var dressed = Self.plain
        let padded: [String: String] = [
            "AC-1(a)": "AC-01 (a)", "AC-2(3)(a)": " AC-02 (03) (a) ", "AC-2(5)": "ac-2.5", "AU-4": "ＡＵ－４", "SC-19": "SC-19\u{A0}",
        ]
        func dress(_ id: String) -> String { padded[id] ?? id }
        var table = Self.marks(id: dress)
        table[0][6] += " (GSA/18F)"
        table[0][7] = "Service Provider System Specific\n(cloud.gov)"
        table[0][12] = "Inherited from pre-existing FedRAMP Authorization (AWS GovCloud)"
        table[0][5] = "Not applicable"
        table.insert([], at: 3)
        dressed.sheets[1] = SampleSheet("CIS", from: 14, table: table, merges: ["A13:A14", "B13:F13", "G13:M13"])
        dressed.sheets[1].rows[13] = ["A": "Control ID", "B": "Implementation Status", "G": "Control Origination"]
        dressed.sheets[1].rows[2] = ["C": "A title"]
        dressed.sheets[2] = SampleSheet(
            "PaaS CRM", from: 9, table: Self.answers("Can be Inherited From cloud.gov", "Specific Inheritance", id: dress))
        dressed.sheets[2].rows[900] = ["B": "Grand Total", "C": "5"]
        let matrix = try read(dressed)
        #expect(contents(matrix) == expected)
        #expect(matrix.diagnostics.filter { $0.code == .idMissing }.map(\.row) == [900])

        var merged = Self.plain
        merged.sheets[2].merges = ["B4:C4"]
        merged.sheets[2].rows[4] = [
            "A": "Control ID", "B": "Can Be Inherited from CSP", "D": "Specific Inheritance and Customer Responsibilities",
        ]
        for (number, row) in merged.sheets[2].rows where number > 4 {
            merged.sheets[2].rows[number]?["D"] = row["C"]
            merged.sheets[2].rows[number]?["C"] = nil
        }
        #expect(contents(try read(merged)) == expected)

        // Everything on one sheet.
        var single = Self.plain
        var joined = single.sheets[1]
        joined.rows[2]?["N"] = "Can Be Inherited from CSP"
        joined.rows[2]?["O"] = "Specific Inheritance"
        for (offset, row) in Self.rows.enumerated() {
            if !row.2.isEmpty { joined.rows[4 + offset]?["N"] = .text(row.2) }
            if !row.3.isEmpty { joined.rows[4 + offset]?["O"] = .text(row.3) }
        }
        single.sheets = [joined]
        #expect(contents(try read(single)) == expected)
    }

    @Test("Columns for the house stay private, whatever else their headers say")
    func internalColumns() throws {
        var sample = Self.plain
        sample.sheets[1].rows[3]?["N"] = "FIPS level"
        sample.sheets[1].rows[4]?["N"] = .number("3")
        sample.sheets[2].rows[4]?["D"] = "Internal responsibilities - REMOVE before publishing"
        sample.sheets[2].rows[5]?["D"] = "Ask Kato."
        sample.sheets[2].rows[6]?["F"] = "no header at all"
        let matrix = try read(sample)
        #expect(
            matrix.privateColumns.map { "\($0.sheet)!\($0.column) \($0.reason) \($0.filled)" } == [
                "CIS Worksheet!N unrecognised 1", "CRM Worksheet!D markedInternal 1", "CRM Worksheet!F unrecognised 1",
            ])
        #expect(
            matrix.rows[0].privateNotes == [
                PrivateNote(header: "FIPS level", text: "3"),
                PrivateNote(header: "Internal responsibilities - REMOVE before publishing", text: "Ask Kato."),
            ])
        #expect(matrix.rows[1].privateNotes == [PrivateNote(header: "F", text: "no header at all")])
        #expect(!matrix.rows.flatMap(\.fields).contains { $0.value == .text("Ask Kato.") || $0.value == .text("no header at all") })
    }

    @Test("Of several services the one asked for is read, and the others' words stay private")
    func services() throws {
        var sample = Self.plain
        sample.sheets[2].rows[4]?["B"] = "Can be inherited (Cloud)"
        sample.sheets[2].rows[4]?["D"] = "Can be inherited (Pages)"
        sample.sheets[2].rows[4]?["E"] = "Pages Customer Responsibilities"
        sample.sheets[2].rows[5]?["D"] = "No"
        sample.sheets[2].rows[5]?["E"] = "You build the page."
        let first = try read(sample)
        #expect(first.rows[0]["allocation"] == .text("provider"))
        #expect(first.diagnostics.contains { $0.code == .severalServices && $0.severity == .warning && $0.column == "B" })
        #expect(first.rows[0].privateNotes.map(\.text) == ["No", "You build the page."])
        #expect(first.privateColumns.allSatisfy { $0.reason == .otherService })

        let pages = try read(sample) { $0.service = "pages" }
        #expect(pages.rows[0]["allocation"] == .text("customer"))
        #expect(pages.rows[0]["customerAction", "en"] == .text("You build the page."))
        #expect(pages.rows[0].privateNotes.map(\.text) == ["Yes", "We do it."])
        #expect(
            throws: ImportFault.serviceNotFound(
                "Mail", document: "made-up.xlsx", headers: ["Can be inherited (Cloud)", "Can be inherited (Pages)"],
                at: ImportOrigin(sheet: "CRM Worksheet", row: 4, column: 2))
        ) {
            try read(sample) { $0.service = "Mail" }
        }
    }

    @Test("Without a sheet of answers the marks decide, and the row says so")
    func derived() throws {
        var sample = Self.plain
        sample.sheets.removeLast()
        let matrix = try read(sample)
        #expect(
            matrix.rows.map { $0["allocation"] }
                == ["shared", "shared", "shared", "supplier", "not-applicable"].map { .text($0) }.enumerated().map {
                    // AC-1(a) has the provider's hybrid mark alone.
                    $0.offset == 0 ? .text("provider") : $0.element
                })
        #expect(matrix.rows.map { $0["derived"] } == [.bool(true), .bool(true), .bool(true), .bool(true), nil])
    }

    @Test("A repeated id becomes a second row and a warning; ids join by their turn")
    func repeated() throws {
        var sample = Self.plain
        sample.sheets[1].rows[9] = ["A": "AU-04", "B": "X", "H": "X"]
        sample.sheets[2].rows[10] = ["A": "AU-4", "B": "No", "C": "The second."]
        let matrix = try read(sample)
        let rows = matrix.rows.filter { $0.controlId == "AU-4" }
        #expect(rows.map(\.itemKey) == ["main", "main~2"])
        #expect(rows.map { $0["foundText"] } == [.text("Our host does it."), .text("The second.")])
        let said = matrix.diagnostics.filter { $0.code == .idRepeated }
        #expect(
            said == [
                ImportDiagnostic(
                    .idRepeated, document: "made-up.xlsx", sheet: "CIS Worksheet", row: 9, column: 1,
                    facts: ["id": "AU-4", "itemKey": "main~2", "first": "\(rows[0].origin.row)"])
            ])
        #expect(said.first?.severity == .warning)
    }

    /// The same controls in both revisions, whichever the ids are taken for.
    private static func known(_ ids: Set<String>) -> [String: Set<String>] { ["nist-800-53r4": ids, "nist-800-53r5": ids] }

    @Test("Lint names what contradicts, each with its place")
    func lint() throws {
        var sample = Self.plain
        sample.sheets[1].rows[9] = ["A": "CM-2"]
        sample.sheets[1].rows[10] = ["A": "CM-2(a)", "C": "X", "D": "x", "L": "see note"]
        sample.sheets[2].rows[10] = ["A": "CM-2", "B": "Yes", "C": "The agency is responsible."]
        sample.sheets[2].rows[11] = ["A": "CM-2(a)", "B": "Maybe"]
        sample.sheets[2].rows[12] = ["A": "see AC-1", "B": "No"]
        sample.sheets[2].rows[5]?["C"] = nil
        sample.sheets[2].rows[6]?["C"] = nil
        let matrix = try read(sample) { $0.knownControls = Self.known(["AC-1", "AC-2(3)", "AC-2(5)", "AU-4", "CM-2"]) }
        func places(_ code: ImportDiagnostic.Code) -> [String] {
            matrix.diagnostics.filter { $0.code == code }.map { "\($0.sheet)!\($0.column ?? "")\($0.row)" }
        }
        #expect(places(.noMark) == ["CIS Worksheet!G9"])
        #expect(places(.severalStatuses) == ["CIS Worksheet!C5", "CIS Worksheet!C10"])
        #expect(places(.customerDutyInProviderText) == ["CRM Worksheet!C10"])
        #expect(places(.textMissing) == ["CRM Worksheet!C6"])
        #expect(places(.flagUnknown) == ["CRM Worksheet!B11"])
        #expect(places(.markUnknown) == ["CIS Worksheet!L10"])
        #expect(places(.parentContradicted) == ["CIS Worksheet!L10"])
        #expect(places(.idUnreadable) == ["CRM Worksheet!A12"])
        #expect(places(.idUnknown) == ["CIS Worksheet!A8"])
        // Where nothing is flagged the mark that spoke is meant, else the flag; of a status the status.
        #expect(places(.allocationDerived) == ["CIS Worksheet!L10"])
        #expect(places(.splitAsked) == ["CRM Worksheet!B6", "CIS Worksheet!L10"])
        #expect(places(.reasonAsked) == ["CIS Worksheet!F8"])
        #expect(matrix.rows.last?["foundFlag"] == .text("Maybe"))
        #expect(matrix.diagnostics.allSatisfy { $0.severity != .error && $0.document == "made-up.xlsx" })
    }

    @Test("A cell that shows a spreadsheet's error, or holds too much, refuses the document with its place")
    func refused() throws {
        var broken = Self.plain
        broken.sheets[2].rows[7]?["B"] = .xml("t=\"e\"", "<v>#REF!</v>")
        #expect(rejections(broken) == ["cell-error CRM Worksheet!B7"])
        var long = Self.plain
        long.sheets[2].rows[5]?["C"] = .text(String(repeating: "a", count: 65_536))
        #expect(try read(long).rows.count == 5)
        long.sheets[2].rows[5]?["C"] = .text(String(repeating: "a", count: 65_537))
        #expect(rejections(long) == ["text-too-long CRM Worksheet!C5"])
    }

    private func rejections(_ sample: SampleWorkbook) -> [String] {
        do {
            _ = try read(sample)
            return []
        } catch ImportFault.rejected(_, let diagnostics) {
            return diagnostics.filter { $0.severity == .error }.map {
                "\($0.code.rawValue) \($0.sheet)!\($0.column ?? "")\($0.row)"
            }
        } catch {
            return ["\(error)"]
        }
    }

    @Test("Hidden sheets are passed over, said, and read when named")
    func hidden() throws {
        var sample = Self.plain
        sample.sheets[2].isHidden = true
        let matrix = try read(sample)
        #expect(matrix.counts.flags.isEmpty)
        #expect(places(matrix, .sheetHidden) == ["CRM Worksheet!4"])
        #expect(try read(sample) { $0.sheets = ["CIS Worksheet", "CRM Worksheet"] }.counts.flags == ["Yes": 2, "Partial": 1, "No": 1])
        #expect(
            throws: ImportFault.sheetNotFound("CRM", document: "made-up.xlsx", sheets: ["Instructions", "CIS Worksheet", "CRM Worksheet"])
        ) {
            try read(sample) { $0.sheets = ["CRM"] }
        }
    }

    @Test("What is no matrix is told apart")
    func noMatrix() throws {
        let other = SampleWorkbook(SampleSheet("One", rows: [1: ["A": "Name", "B": "Age"]]))
        #expect(throws: ImportFault.noMatrix(document: "made-up.xlsx", sheets: ["One"])) { try read(other) }
        var empty = Self.plain
        for number in 4...9 {
            empty.sheets[1].rows[number] = nil
            empty.sheets[2].rows[number + 1] = nil
        }
        #expect(throws: ImportFault.noRows(document: "made-up.xlsx", sheets: ["Instructions", "CIS Worksheet", "CRM Worksheet"])) {
            try read(empty) { $0.format = .cisCRM }
        }
        #expect(throws: ImportFault.formatNotRead("json", document: "a.json")) { try readMatrix(Array(" {\"a\":1}".utf8), name: "a.json") }
        #expect(throws: ImportFault.formatNotRead("yaml", document: "a.yaml")) { try readMatrix(Array("a: 1".utf8), name: "a.yaml") }
        #expect(throws: ImportFault.formatNotRead("pdf", document: "a")) { try readMatrix(Array("%PDF-1.7".utf8), name: "a") }
        #expect(throws: ImportFault.unreadable(.unreadableArchive(code: 19), document: "a.xlsx")) {
            try readMatrix(Array("text".utf8), name: "a.xlsx")
        }
        let truncated = Array(Self.plain.xlsx().dropLast(200))
        #expect(throws: ImportFault.self) { try readMatrix(truncated, name: "a.xlsx") }
    }

    @Test("The framework follows from the ids, unless it is said")
    func framework() throws {
        #expect(try read(Self.plain).frameworkID == "nist-800-53r4")
        #expect(try read(Self.plain) { $0.framework = "own-catalogue" }.rows.first?.framework == "own-catalogue")
        var five = Self.plain
        five.sheets[1].rows[8] = ["A": "SR-2", "B": "X"]
        five.sheets[2].rows[9] = ["A": "SR-2", "B": "No", "C": "You."]
        #expect(try read(five).frameworkID == "nist-800-53r5")
        var neither = five
        neither.sheets[1].rows[8] = nil
        neither.sheets[2].rows[9] = nil
        let matrix = try read(neither)
        #expect(matrix.frameworkID == "nist-800-53r5")
        #expect(matrix.diagnostics.contains { $0.code == .frameworkAssumed && $0.facts == ["framework": "nist-800-53r5"] })
        // What is said of all ids is said of their column.
        #expect(places(matrix, .frameworkAssumed) == ["CIS Worksheet!A2"])
    }

    private func places(_ matrix: MatrixImport, _ code: ImportDiagnostic.Code) -> [String] {
        matrix.diagnostics.filter { $0.code == code }.map { "\($0.sheet)!\($0.column ?? "")\($0.row)" }
    }

    @Test("A row of one sheet only is told by its id in that sheet, and a sheet without a part by its header")
    func elsewhere() throws {
        var sample = Self.plain
        sample.sheets[1].rows[9] = ["A": "CM-2", "G": "X"]
        sample.sheets[2].rows[10] = ["A": "CM-3", "B": "Partial", "C": "Both."]
        sample.sheets.append(
            SampleSheet("Spare", from: 6, column: 2, table: [["Control ID", "Can be inherited", "Responsibility"], ["AC-1(a)", "Yes"]]))
        let matrix = try read(sample) { $0.knownControls = Self.known(["AC-1", "AC-2(3)", "AC-2(5)", "AU-4", "SC-19"]) }
        #expect(places(matrix, .onlyOneSheet) == ["CIS Worksheet!A9", "CRM Worksheet!A10"])
        #expect(places(matrix, .idUnknown) == ["CIS Worksheet!A9", "CRM Worksheet!A10"])
        #expect(places(matrix, .sheetNotUsed) == ["Spare!6"])
    }

    @Test("Only of a whole sheet there is no column")
    func everyColumn() throws {
        let wholes: Set<ImportDiagnostic.Code> = [.sheetHidden, .sheetNotUsed]
        for name in ["cloudgov-platform_2021-03-15.xlsx", "cloudgov-platform_2021-07-21.xlsx"] {
            let matrix = try readMatrix(try Documents.fixture(name), name: name)
            #expect(!matrix.diagnostics.isEmpty)
            for remark in matrix.diagnostics {
                #expect((remark.column == nil) == wholes.contains(remark.code) && remark.row > 0 && !remark.sheet.isEmpty, "\(remark)")
            }
        }
    }

    @Test("A flag that changes without its text is told where the flag stands, in the sheet of answers")
    func flagAlone() throws {
        var newer = Self.plain
        newer.sheets[2].rows[6]?["B"] = "No"
        let plan = ImportPlan(current: draft(try read(Self.plain)), matrix: try read(newer))
        #expect(
            plan.diagnostics == [
                ImportDiagnostic(
                    .flagChangedAlone, document: "made-up.xlsx", sheet: "CRM Worksheet", row: 6, column: 2,
                    facts: ["id": "AC-2(3)(a)", "before": "Partial", "now": "No"])
            ])
    }
}
