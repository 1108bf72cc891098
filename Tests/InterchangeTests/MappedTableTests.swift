import Foundation
import Glibc
import Interchange
import SampleWorkbooks
import Testing
import Workbooks

@Suite("Any table, read by its headers or by a mapping")
struct MappedTableTests {
    private func read(_ text: String, _ change: (inout ImportOptions) -> Void = { _ in }) throws -> MatrixImport {
        var options = ImportOptions()
        change(&options)
        return try readMatrix(Array(text.utf8), name: "table.csv", options: options)
    }

    private static let japanese = """
        責任分担表（2026年版）,,,,,,,,
        管理策番号,管理策,項目,責任区分（事業者／利用者／共有／供給者／対象外）,事業者の対応,利用者の対応,分界点,実装状況,備考
        １２．３．１,バックアップ,保存期間,共有,"日次で①取得する。
        30日間保持。",長期分は利用者が保管する。,ＡＰＩ,実装済,社内用メモ
        ＣＬＤ．６．３．１,役割分担,,事業者,㈱髙橋が行う～。,,,一部対応,
        5.1.1,方針,,利用者,,Write your own policy.,,○,
        5.1.2,方針の見直し,,×,,,,―,
        A.06.1.1,役割,,△,,,,×,
        6.2.1,モバイル,,ー,,,,,
        9.1.1,アクセス,,供給者,委託先が行う。,,,予定,
        """

    @Test("A field is understood under the name that commands and JSON have for it, with its language")
    func fieldNames() throws {
        let matrix = try read(
            """
            controlId,allocation,providerStatement/en,customerAction/ja,ProviderStatement (ja),boundaryNote,internal
            5.1,shared,We do.,する。,当社,API,mine
            """)
        let row = try #require(matrix.rows.first)
        #expect(row["providerStatement", "en"] == .text("We do.") && row["providerStatement", "ja"] == .text("当社"))
        #expect(row["customerAction", "ja"] == .text("する。"))
        #expect(matrix.rows.count == 1 && row.privateNotes.map(\.header) == ["internal"])
    }

    @Test("Japanese headers are understood; width is folded in ids and marks, never in prose")
    func japaneseHeaders() throws {
        let matrix = try read(Self.japanese)
        #expect(matrix.format == .csv)
        #expect(matrix.frameworkID == "iso27017")
        #expect(matrix.rows.map(\.controlId) == ["12.3.1", "CLD.6.3.1", "5.1.1", "5.1.2", "6.1.1", "6.2.1", "9.1.1"])
        #expect(matrix.rows.map(\.itemKey) == ["保存期間", "main", "main", "main", "main", "main", "main"])
        #expect(
            matrix.rows.map { $0["allocation"] }
                == ["shared", "provider", "customer", "customer", "shared", "not-applicable", "supplier"].map { .text($0) })
        #expect(
            matrix.rows.map { $0["implementationStatus"] }
                == ["implemented", "partial", "implemented", nil, "not-implemented", nil, "planned"].map { $0.map { .text($0) } })
        #expect(matrix.rows[0]["providerStatement", "ja"] == .text("日次で①取得する。\n30日間保持。"))
        #expect(matrix.rows[0]["boundaryNote", "en"] == .text("ＡＰＩ"))
        #expect(matrix.rows[1]["providerStatement", "ja"] == .text("㈱髙橋が行う～。"))
        #expect(matrix.rows[2]["customerAction", "en"] == .text("Write your own policy."))
        #expect(matrix.rows[0]["topic", "ja"] == .text("バックアップ"))
        #expect(matrix.rows[0].privateNotes == [PrivateNote(header: "備考", text: "社内用メモ")])
        #expect(matrix.privateColumns.map(\.header) == ["備考"])
        #expect(matrix.rows[0].origin == ImportOrigin(sheet: "table.csv", row: 3, column: 1))
    }

    @Test("The same table in Windows-31J and as a workbook reads alike")
    func otherForms() throws {
        let expected = try read(Self.japanese)
        let text = Self.japanese.replacingOccurrences(of: "―", with: "ー")
        let bytes = try #require(windows31J(text.replacingOccurrences(of: "\n", with: "\r\n")))
        #expect(TextEncoding.detected(in: bytes) == .windows31J)
        #expect(try readMatrix(bytes, name: "table.csv").rows == expected.rows)

        let sheet = try #require(try Workbook(csv: Array(Self.japanese.utf8), name: "表").sheets.first)
        var rows: [Int: [String: SampleSheet.Content]] = [:]
        for row in sheet.rows {
            for cell in row.cells { rows[row.number, default: [:]][letters(cell.column)] = .text(cell.value.text) }
        }
        let workbook = try readMatrix(SampleWorkbook(SampleSheet("表", rows: rows, merges: ["A1:I1"])).xlsx(), name: "table.xlsx")
        #expect(workbook.format == .workbook)
        #expect(workbook.rows.map(\.fields) == expected.rows.map(\.fields))
    }

    @Test("NIST's eleven common fields are understood")
    func elevenFields() throws {
        let matrix = try read(
            """
            Control ID,Control Name,Control Description,Control Origination,Implementation Model or Entity,Implementation Details,\
            Implementation Status,Implementation Requirement,Inheritable,Baseline,Baseline Entity or Framework
            AC-02 (03),Disable Accounts,Words of the standard,Shared,SaaS,We disable them.,Partially,Tell us who leaves.,Partial,Moderate,FedRAMP
            SR-2,Plan,,,SaaS,Done.,Implemented,,Yes,Low,FedRAMP
            SR-3,Processes,,,SaaS,,Planned,Do it.,No,Low,FedRAMP
            """)
        #expect(matrix.frameworkID == "nist-800-53r5")
        #expect(matrix.rows.map(\.controlId) == ["AC-2(3)", "SR-2", "SR-3"])
        #expect(matrix.rows.map { $0["allocation"] } == [.text("shared"), .text("provider"), .text("customer")])
        #expect(matrix.rows.map { $0["implementationStatus"] } == [.text("partial"), .text("implemented"), .text("planned")])
        #expect(matrix.rows[0]["providerStatement", "en"] == .text("We disable them."))
        #expect(matrix.rows[0]["customerAction", "en"] == .text("Tell us who leaves."))
        #expect(
            matrix.privateColumns.map(\.header) == [
                "Control Description", "Implementation Model or Entity", "Baseline", "Baseline Entity or Framework",
            ])
    }

    @Test("A sign for each side, under a merged header and with merged ids, is an allocation")
    func signs() throws {
        let sheet = SampleSheet(
            "分担", from: 2,
            table: [
                ["項番", "項目", "責任区分", "", "対応内容", "", "社内コメント"], ["", "", "事業者", "利用者", "事業者", "利用者", ""],
                ["9.4.1", "認証", "○", "", "基盤を守る", "", "要確認"], ["", "認可", "○", "△", "API", "設定する", ""],
                ["12.3.1", "", "×", "○", "", "取得する", ""],
                ["12.4.1", "", "－", "－", "", "", ""], ["12.4.2", "", "x", "○", "", "", ""],
            ],
            merges: ["A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:G3", "A4:A5"])
        let matrix = try readMatrix(SampleWorkbook(sheet).xlsx(), name: "分担.xlsx")
        #expect(
            matrix.rows.map { "\($0.controlId)/\($0.itemKey)" } == ["9.4.1/認証", "9.4.1/認可", "12.3.1/main", "12.4.1/main", "12.4.2/main"])
        #expect(matrix.rows.map { $0["allocation"] } == ["provider", "shared", "customer", "not-applicable", "customer"].map { .text($0) })
        #expect(matrix.rows[0]["providerStatement", "ja"] == .text("基盤を守る"))
        #expect(matrix.rows[1]["customerAction", "ja"] == .text("設定する"))
        #expect(matrix.rows[0].privateNotes == [PrivateNote(header: "社内コメント", text: "要確認")])
        #expect(matrix.privateColumns.first?.reason == .markedInternal)
    }

    @Test("An unknown sign refuses the document with every such place, and a mapping can explain it")
    func unknownSign() throws {
        let text = "管理策番号,責任区分\n5.1.1,甲\n5.1.2,事業者\n5.1.3,乙\n"
        let fault = #expect(throws: ImportFault.self) { try read(text) }
        guard case .rejected(let document, let diagnostics)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(document == "table.csv")
        #expect(
            diagnostics.filter { $0.severity == .error }.map { "\($0.column ?? "")\($0.row) \($0.facts["value"] ?? "")" } == [
                "B2 甲", "B4 乙",
            ])

        var mapping = ColumnMapping(columns: [.init(header: "管理策番号", field: .controlId), .init(header: "責任区分", field: .allocation)])
        mapping.values = ["allocation": ["甲": "provider", "乙": "customer"]]
        let matrix = try read(text) { $0.mapping = mapping }
        #expect(matrix.rows.map { $0["allocation"] } == [.text("provider"), .text("provider"), .text("customer")])
    }

    @Test("The mapping of one reading, kept as JSON, reads the next document alike")
    func mappingReuse() throws {
        let first = try read(Self.japanese)
        let mapping = try #require(first.mapping)
        let json = try mapping.json()
        #expect(try ColumnMapping(json: json) == mapping)
        #expect(try ColumnMapping(json: json).json() == json)
        let again = try read(Self.japanese) { $0.mapping = mapping }
        #expect(again.rows == first.rows)
        #expect(again.privateColumns.map(\.header) == first.privateColumns.map(\.header))
        #expect(ImportPlan(current: draft(first), matrix: again).isEmpty)

        // A column that the mapping has and the document lacks is named; one that only the document has is private.
        let renamed = Self.japanese.replacingOccurrences(of: "分界点", with: "境目")
        let fault = #expect(throws: ImportFault.self) { try read(renamed) { $0.mapping = mapping } }
        guard case .columnsMissing(let missing, _, let headers, let place)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(missing == ["分界点"])
        #expect(place == ImportOrigin(sheet: "table.csv", row: 2, column: nil))
        #expect(headers.contains("境目"))
        var smaller = mapping
        smaller.columns.removeAll { $0.header == "分界点" }
        let private3 = try read(renamed) { $0.mapping = smaller }
        #expect(private3.privateColumns.map(\.header) == ["境目", "備考"])
        #expect(private3.rows[0].privateNotes.map(\.text) == ["ＡＰＩ", "社内用メモ"])
    }

    @Test("A mapping can say language, framework and columns of any name")
    func ownMapping() throws {
        let json = """
            {"version": 1, "framework": "house-rules", "columns": [
              {"header": "Rule", "field": "controlId"}, {"header": "Wer", "field": "allocation"},
              {"header": "Text EN", "field": "providerStatement", "language": "en"},
              {"header": "Text JA", "field": "providerStatement", "language": "ja"}, {"header": "Geheim", "field": "private"}],
             "values": {"allocation": {"wir": "provider", "ihr": "customer"}}}
            """
        let text = "Rule;Wer;Text EN;Text JA;Geheim\nr-1;Wir;done;済;x\nr-2;Ihr;;;\nr-2;Ihr;;;\n"
        let matrix = try read(text) { $0.mapping = try? ColumnMapping(json: Array(json.utf8)) }
        #expect(matrix.frameworkID == "house-rules")
        #expect(matrix.rows.map { "\($0.controlId)/\($0.itemKey)" } == ["R-1/main", "R-2/main", "R-2/main~2"])
        #expect(matrix.rows[0]["providerStatement", "ja"] == .text("済"))
        #expect(matrix.rows[0]["providerStatement", "en"] == .text("done"))
        #expect(matrix.privateColumns.map(\.reason) == [.mapped])
        #expect(matrix.diagnostics.filter { $0.code == .idRepeated }.map(\.row) == [4])
    }

    @Test(
        "What is no mapping is told apart",
        arguments: [
            ("{", MappingFault.unreadable(at: "")), ("{\"version\": 1}", .unreadable(at: "columns")),
            ("{\"version\": 2, \"columns\": []}", .versionUnknown(2)), ("{\"version\": 1, \"columns\": []}", .noIDColumn),
            ("{\"version\": 1, \"columns\": [{\"header\": \"A\", \"field\": \"control\"}]}", .unreadable(at: "columns/0/field")),
            (
                "{\"version\": 1, \"columns\": [{\"header\": \"A b\", \"field\": \"controlId\"}, {\"header\": \"Ａ B\", \"field\": \"topic\"}]}",
                .columnRepeated("Ａ B")
            ),
        ])
    func badMapping(json: String, expected: MappingFault) {
        #expect(throws: expected) { try ColumnMapping(json: Array(json.utf8)) }
    }

    @Test("Ids of no known framework need one to be named")
    func unknownFramework() throws {
        let text = "Control ID,Allocation\nR1,provider\n"
        #expect(
            throws: ImportFault.frameworkUnknown(
                document: "table.csv", exampleID: "R1", at: ImportOrigin(sheet: "table.csv", row: 2, column: 1))
        ) { try read(text) }
        #expect(try read(text) { $0.framework = "own" }.rows.map(\.controlId) == ["R1"])
        #expect(throws: ImportFault.noHeader(document: "table.csv", line: 1, headers: ["a", "b"])) { try read("a,b\n1,2\n") }
        #expect(throws: ImportFault.noRows(document: "table.csv", sheets: ["table.csv"])) { try read("Control ID,Allocation\n") }
    }

    @Test("What is said of a hidden sheet, of all ids and of one has the place it is about")
    func places() throws {
        let table = [["", "", ""], ["", "管理策番号", "責任区分"], ["", "AC-2", "事業者"]]
        var sample = SampleWorkbook(SampleSheet("表", table: table), SampleSheet("控え", from: 5, table: table))
        sample.sheets[1].isHidden = true
        let matrix = try readMatrix(sample.xlsx(), name: "表.xlsx")
        func place(_ code: ImportDiagnostic.Code) -> [String] {
            matrix.diagnostics.filter { $0.code == code }.map { "\($0.sheet)!\($0.column ?? "")\($0.row)" }
        }
        #expect(place(.sheetHidden) == ["控え!6"])
        #expect(place(.frameworkAssumed) == ["表!B2"])
    }

    @Test("A format that is named says what the bytes are")
    func namedFormat() throws {
        let text = "Control ID,Allocation\nA-1,provider\n"
        #expect(throws: ImportFault.formatNotRead("yaml", document: "a.yaml")) { try readMatrix(Array(text.utf8), name: "a.yaml") }
        var options = ImportOptions()
        options.framework = "own"
        options.format = .csv
        #expect(try readMatrix(Array(text.utf8), name: "a.yaml", options: options).rows.count == 1)
        let workbook = SampleWorkbook(SampleSheet("One", table: [["Control ID", "Allocation"], ["A-1", "provider"]])).xlsx()
        // Read as text, an archive holds bytes that no table has.
        let fault = #expect(throws: ImportFault.self) { try readMatrix(workbook, name: "a.xlsx", options: options) }
        guard case .unreadable(.undecodableText, _)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        options.format = .workbook
        #expect(try readMatrix(workbook, name: "a", options: options).format == .workbook)
        #expect(throws: ImportFault.unreadable(.unreadableArchive(code: 19), document: "a.csv")) {
            try readMatrix(Array(text.utf8), name: "a.csv", options: options)
        }
    }

    @Test(
        "Ids are written as their framework writes them",
        arguments: [
            ("AC-2(3)(a)", "AC-2(3)(a)"), ("AC-02 (03) (a)", "AC-2(3)(a)"), ("AC-1 (c)", "AC-1(c)"), ("ac-2.3_smt.a", "AC-2(3)(a)"),
            ("ac-2_stmt.a.1", "AC-2(a)(1)"), ("ＡＣ－２（３）", "AC-2(3)"), ("AC-1a.1.", "AC-1(a)(1)"), ("AC–17", "AC-17"),
            ("AC-2(03)(A)", "AC-2(3)(a)"),
        ])
    func ids(written: String, expected: String) throws {
        let matrix = try read("Control ID,Allocation\n\(written),provider\n") { $0.framework = "nist-800-53r5" }
        #expect(matrix.rows.map(\.controlId) == [expected])
    }

    @Test(
        "What is no id is left out with a warning",
        arguments: ["AC", "AC-", "AC-x", "AC-2(", "AC-2()", "AC-2(3", "ABC-1", "see AC-2", "AC-2, AC-3", "AC-0"])
    func noIDs(written: String) throws {
        let matrix = try read("Control ID,Allocation\nAU-4,provider\n\"\(written)\",provider\n") { $0.framework = "nist-800-53r5" }
        #expect(matrix.rows.map(\.controlId) == ["AU-4"])
        #expect(matrix.diagnostics.filter { $0.code == .idUnreadable }.map { "\($0.column ?? "")\($0.row)" } == ["A3"])
    }

    @Test("A line with an id alone changes nothing of its row, and an item is read in one width")
    func little() throws {
        func read(_ text: String) throws -> MatrixImport {
            var options = ImportOptions()
            options.framework = "ours"
            return try readMatrix(Array(text.utf8), name: "t.csv", options: options)
        }
        let first = try read("管理策番号,小項目,責任区分,利用者の対応\nA-1,ａ１,共有,行う\nA-2,,利用者,する\n")
        #expect(first.rows.map(\.itemKey) == ["a1", "main"])
        let held = Dictionary(
            uniqueKeysWithValues: first.rows.map { row in
                (row.key, Dictionary(row.fields.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }))
            })
        let bare = ImportPlan(current: held, matrix: try read("管理策番号,小項目,責任区分,利用者の対応\nA-1,a1,共有,行う\nA-2,,,\nA-3,,,\n"))
        #expect(bare.rows.map(\.key.controlId) == ["A-3"] && bare.absentRows.isEmpty)
        // One that was emptied since it was imported, is.
        let before = held.filter { $0.key.controlId == "A-2" }
        let emptied = ImportPlan(current: held, matrix: try read("管理策番号,小項目,責任区分,利用者の対応\nA-1,a1,共有,行う\nA-2,,,\n"), before: before)
        #expect(emptied.rows.map(\.key.controlId) == ["A-2"] && emptied.rows.first?.cells.count == 2)
        // One that says something, and nobody's, does.
        let said = ImportPlan(current: held, matrix: try read("管理策番号,小項目,責任区分,利用者の対応\nA-2,,,別のこと\n"))
        #expect(said.rows.map(\.key.controlId) == ["A-2"] && said.rows.first?.cells.contains { $0.key.field == "allocation" } == true)
    }

    @Test("Heads are known with line breaks and blanks between their signs")
    func blanks() throws {
        let matrix = try read("管理策番号,\"責任\n区分\",利 用 者 の 対 応\n5.1.1,共有,行う\n")
        #expect(matrix.rows.first?["allocation"] == .text("shared") && matrix.rows.first?["customerAction", "ja"] == .text("行う"))
        #expect(matrix.privateColumns.isEmpty)
    }

    @Test("Text that was made of merged cells: a head of two lines, and an id at the first of its items alone")
    func unmerged() throws {
        let matrix = try read("管理策番号,小項目,責任,,備考\n,,事業者,利用者,\n9.4.1,a,○,△,\n,b,○,,\n,c,,○,\n,,,,nur\n12.3.1,,○,,\n")
        #expect(matrix.rows.map { "\($0.controlId)/\($0.itemKey)" } == ["9.4.1/a", "9.4.1/b", "9.4.1/c", "12.3.1/main"])
        #expect(matrix.rows.map { $0["allocation"] } == ["shared", "provider", "customer", "provider"].map { .text($0) })
        #expect(matrix.diagnostics.count { $0.code == .idCarried } == 2)
        // Footnotes and what stands below a heading are no items of what stands above.
        let noted = try read("管理策番号,小項目,責任区分\n9.4.1,a,共有\n,合計,\n※1,b,共有\n,c,共有\n")
        #expect(noted.rows.map(\.itemKey) == ["a"] && !noted.diagnostics.contains { $0.code == .idCarried })
        // Without an item a line belongs to nothing.
        let bare = try read("管理策番号,小項目,責任区分\n9.4.1,a,共有\n,,共有\n")
        #expect(bare.rows.count == 1 && bare.diagnostics.contains { $0.code == .idMissing })
    }

    @Test("A clause that heads others and says nothing is no row; one that says something is")
    func headings() throws {
        let matrix = try read("管理策番号,管理策,責任区分\n5,方針,\n5.1,方針群,\n5.1.1,文書,共有\n6,組織,利用者\n6.1,内部,共有\n7.1,空,\n")
        #expect(matrix.rows.map(\.controlId) == ["5.1.1", "6", "6.1", "7.1"])
        #expect(matrix.diagnostics.filter { $0.code == .headingLeft }.map { $0.facts["id"] } == ["5", "5.1"])
        // Words where ids stand do not hide whose ids they are.
        let nist = try read("Control ID,Allocation\nACCESS CONTROL,\nAUDIT,\nOTHER,\nAC-1,shared\nAC-2,shared\n")
        #expect(nist.frameworkID == "nist-800-53r5" && nist.rows.count == 2)
    }

    @Test("A line that is covered by a merged cell says what that cell says")
    func merged() throws {
        var sheet = SampleSheet(
            "S", table: [["Control ID", "Allocation"], ["AC-1", "shared"], ["AC-2", ""]], merges: ["B2:B3"])
        let first = try readMatrix(SampleWorkbook(sheet).xlsx(), name: "s.xlsx")
        #expect(first.rows.allSatisfy { $0.saysAllocation && $0["allocation"] == .text("shared") })
        sheet.rows[2]?["B"] = "customer"
        let held = Dictionary(
            uniqueKeysWithValues: first.rows.map { row in
                (row.key, Dictionary(row.fields.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }))
            })
        #expect(ImportPlan(current: held, matrix: try readMatrix(SampleWorkbook(sheet).xlsx(), name: "s.xlsx")).rows.count == 2)
    }
}

/// Returns the text as Excel for Japan writes it.
private func windows31J(_ text: String) -> [UInt8]? {
    guard let converter = iconv_open("CP932", "UTF-8"), converter != iconv_t(bitPattern: -1) else { return nil }
    defer { iconv_close(converter) }
    var input = text.utf8.map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: input.count * 2)
    var inputLeft = input.count
    var outputLeft = output.count
    let result = input.withUnsafeMutableBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
            var from = source.baseAddress
            var into = target.baseAddress
            return iconv(converter, &from, &inputLeft, &into, &outputLeft)
        }
    }
    return result == -1 ? nil : output.dropLast(outputLeft).map { UInt8(bitPattern: $0) }
}
