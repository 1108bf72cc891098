import Interchange
import SampleWorkbooks
import Testing
import Workbooks

/// The questions are made up: those of the Cloud Security Alliance may not be passed on.
@Suite("A CAIQ: who owns each question, and the provider's answer")
struct QuestionnaireTests {
    private static let heads = [
        "Question ID", "Question", "CSP CAIQ Answer", "SSRM Control Ownership", "CSP Implementation Description (Optional/Recommended)",
        "CSC Responsibilities  (Optional/Recommended)", "CCM Control ID", "CCM Control Specification", "CCM Control Title",
        "CCM Domain Title",
    ]
    private static let questions = [
        ["A&A-01.1", "Asked one?", "Yes", "CSP-owned", "We audit.", "", "A&A-01", "Spec", "Audit policy", "Audit & Assurance"],
        ["A&A-01.2", "Asked two?", "No", "csc-owned ", "", "Audit yourselves.", "", "", "", ""],
        ["A&A-02.1", "Asked three?", "NA", "", "", "", "A&A-02", "Spec", "Independent audits", ""],
        ["BCR-08.1", "Asked four?", "NA", "Shared CSP and CSC", "", "", "BCR-08", "Spec", "Backup", "BCR"],
        ["BCR-08.2", "Asked five?", "Yes", "3rd-party outsourced", "A third party keeps them.", "", "", "", "", ""],
        ["BCR-08.3", "Asked six?", "yes", "Shared CSP and 3rd-party", "日次で取得する。", "確認する。", "", "", "", ""],
        ["STA-01.10", "Asked seven?", "", "", "", "", "STA-01", "Spec", "SSRM", ""],
    ]

    /// The questionnaire as it is given out: a title above the heads, a control's cells merged over its questions, a word at the end.
    private static func workbook(_ change: (inout [[String]]) -> Void = { _ in }) -> [UInt8] {
        var lines = [["CONSENSUS ASSESSMENTS INITIATIVE QUESTIONNAIRE v4.0.3"], heads] + questions + [["End of Standard"]]
        change(&lines)
        var rows: [Int: [String: SampleSheet.Content]] = [:]
        for (number, line) in lines.enumerated() {
            for (column, text) in line.enumerated() where !text.isEmpty {
                rows[number + 1, default: [:]][CellReference.letters(ofColumn: column + 1)] = .text(text)
            }
        }
        let merges = ["A1:J1"] + ["G", "H", "I", "J"].flatMap { ["\($0)3:\($0)4", "\($0)6:\($0)8"] }
        let introduction = SampleSheet("Introduction", rows: [1: ["A": .text("CAIQ")], 2: ["A": .text("How to use it")]])
        return SampleWorkbook(introduction, SampleSheet("CAIQv4.0.3", rows: rows, merges: merges)).xlsx()
    }

    @Test("It is recognised by its heads; questions are items of their control, and each owner has its allocation")
    func questions() throws {
        let matrix = try readMatrix(Self.workbook(), name: "caiq.xlsx")
        #expect(matrix.format == .caiq && matrix.frameworkID == "ccm4")
        #expect(
            matrix.rows.map { "\($0.controlId) \($0.itemKey)" }
                == ["A&A-01 1", "A&A-01 2", "A&A-02 1", "BCR-08 1", "BCR-08 2", "BCR-08 3", "STA-01 10"])
        #expect(
            matrix.rows.map { $0["allocation"] }
                == ["provider", "customer", "not-applicable", "shared", "supplier", "supplier", "unallocated"].map { .text($0) })
        #expect(matrix.rows.map { $0["providerShares"] } == [nil, nil, nil, nil, nil, .bool(true), nil])
        #expect(
            matrix.rows.map { $0["implementationStatus"] }
                == ["implemented", "not-implemented", nil, nil, "implemented", "implemented", nil].map { $0.map { .text($0) } })
        #expect(matrix.rows.map { $0["foundFlag"] } == ["Yes", "No", "NA", "NA", "Yes", "yes", nil].map { $0.map { .text($0) } })
        #expect(matrix.rows[0]["providerStatement", "en"] == .text("We audit."))
        #expect(matrix.rows[1]["customerAction", "en"] == .text("Audit yourselves."))
        #expect(matrix.rows[5]["providerStatement", "ja"] == .text("日次で取得する。"))
        // A control's title is that of each of its questions.
        #expect(matrix.rows.prefix(2).map { $0["topic", "en"] } == [.text("Audit policy"), .text("Audit policy")])
        #expect(matrix.counts.controls == 4)
    }

    @Test("The publisher's words are read into nothing, and a row that is no question is told of and left out")
    func publishers() throws {
        let matrix = try readMatrix(Self.workbook(), name: "caiq.xlsx")
        let values = matrix.rows.flatMap(\.fields).map(\.value)
        for words in ["Asked one?", "Spec", "Audit & Assurance"] { #expect(!values.contains(.text(words))) }
        #expect(matrix.rows.allSatisfy(\.privateNotes.isEmpty) && matrix.privateColumns.isEmpty)
        let left = matrix.diagnostics.filter { $0.severity > .advice }
        #expect(left.map(\.row) == [10] && left.map(\.sheet) == ["CAIQv4.0.3"])
    }

    @Test("As a table it reads alike, and under a name for its framework or with a mapping of its own")
    func otherForms() throws {
        let expected = try readMatrix(Self.workbook(), name: "caiq.xlsx")
        let quoted = ([Self.heads] + Self.questions).map { line in line.map { "\"\($0)\"" }.joined(separator: ",") }
        let table = try readMatrix(Array(quoted.joined(separator: "\n").utf8), name: "caiq.csv")
        #expect(table.format == .caiq)
        #expect(table.rows.map(\.key) == expected.rows.map(\.key))
        #expect(table.rows.map { $0["allocation"] } == expected.rows.map { $0["allocation"] })
        var options = ImportOptions()
        options.framework = "ours"
        #expect(try readMatrix(Self.workbook(), name: "caiq.xlsx", options: options).rows.allSatisfy { $0.framework == "ours" })
        options = ImportOptions()
        options.mapping = expected.mapping
        let mapped = try readMatrix(Self.workbook(), name: "caiq.xlsx", options: options)
        #expect(mapped.rows.map(\.fields) == expected.rows.map(\.fields))
    }

    @Test("A second reading changes nothing, and a later answer that alone")
    func again() throws {
        let first = try readMatrix(Self.workbook(), name: "caiq.xlsx")
        let held = Dictionary(
            uniqueKeysWithValues: first.rows.map { row in
                (row.key, Dictionary(uniqueKeysWithValues: row.fields.map { ($0.key, $0.value) }))
            })
        #expect(ImportPlan(current: held, matrix: first).isEmpty)
        let later = try readMatrix(Self.workbook { $0[3][2] = "Yes" }, name: "caiq.xlsx")
        let plan = ImportPlan(current: held, matrix: later)
        #expect(plan.rows.map(\.key.itemKey) == ["2"])
        #expect(Set(plan.rows.flatMap(\.cells).map(\.key.field)) == ["foundFlag", "implementationStatus"])
        #expect(plan.diagnostics.isEmpty)
    }

    @Test("An answer or an owner that is none of theirs is refused with its place")
    func unknown() throws {
        for (column, letter, field) in [(2, "C", "answer"), (3, "D", "allocation")] {
            var found: ImportFault?
            do { _ = try readMatrix(Self.workbook { $0[2][column] = "Perhaps" }, name: "caiq.xlsx") } catch { found = error }
            guard case .rejected(_, let diagnostics)? = found else {
                Issue.record("it was taken: \(field)")
                continue
            }
            let error = try #require(diagnostics.first { $0.severity == .error })
            #expect(error.row == 3 && error.column == letter && error.facts["field"] == field && error.facts["value"] == "Perhaps")
        }
    }

    @Test("An AI-CAIQ names its owners by their place in a chain: each has its allocation, and stays beside the row as found")
    func actors() throws {
        let owners =
            [
                ("CSP-Owned", "provider", nil), ("MP-Owned", "supplier", nil), ("OSP-Owned", "supplier", nil),
                ("AP-Owned", "supplier", nil),
                ("AIC-Owned", "customer", nil), ("Shared CSP-MP", "supplier", true), ("Shared MP-OSP", "supplier", nil),
                ("Shared OSP-AP", "supplier", nil), ("Shared AP-AIC", "shared", nil), ("Shared Across the Supply Chain", "shared", nil),
                ("ND", "unallocated", nil),
            ] as [(String, String, Bool?)]
        let lines =
            [
                "Question ID,AI-CAIQ Answer,SSRM Control Ownership,Service Provider Implementation Description,Service Customer Responsibilities"
            ]
            + owners.enumerated().map { number, owner in "A&A-01.\(number + 1),YES,\(owner.0),We do.,Look at it." }
        let matrix = try readMatrix(Array(lines.joined(separator: "\n").utf8), name: "ai-caiq.csv")
        #expect(matrix.format == .caiq && matrix.frameworkID == "aicm1")
        #expect(matrix.rows.map { $0["allocation"] } == owners.map { .text($0.1) })
        #expect(matrix.rows.map { $0["providerShares"] } == owners.map { $0.2.map { .bool($0) } })
        #expect(matrix.rows.allSatisfy { $0["implementationStatus"] == .text("implemented") && $0["customerAction", "en"] != nil })
        #expect(matrix.rows.map { $0["foundOwner"] } == owners.map { .text($0.0) })
        // They come back as found, under the heads of their questionnaire, until somebody allocates the row otherwise.
        func written(_ rows: [ImportedRow]) throws -> [[String]] {
            let sheet = QuestionnaireBook(
                rows.map { row in
                    let cells = Dictionary(row.fields.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
                    return BookRow(MatrixTable.Row(key: row.key, cells: cells), title: "", agreedOn: "", state: "", evidence: "")
                }
            ).sheet(title: "T", lead: [])
            #expect(sheet.name == "AI-CAIQ" && sheet.rows.contains { $0.contains { $0.text == "AI-CAIQ Answer" } })
            return sheet.rows.dropFirst((sheet.headRow ?? 0) + 1).map { $0.map(\.text) }
        }
        #expect(try written(matrix.rows).map { $0[3] } == owners.map(\.0))
        var changed = matrix.rows
        changed[1].fields = changed[1].fields.map { $0.field == "allocation" ? ImportedField("allocation", nil, .text("customer")) : $0 }
        #expect(try written(changed)[1][3] == "AIC-Owned" && written(changed)[1][2] == "YES")
        // What was written says no more than is here.
        let held = Dictionary(uniqueKeysWithValues: changed.map { ($0.key, draftCells($0)) })
        var again = matrix
        again.rows = changed.map { row in
            var row = row
            if row["foundOwner"] == .text("MP-Owned") {
                row.fields = row.fields.map { $0.field == "foundOwner" ? ImportedField("foundOwner", nil, .text("AIC-Owned")) : $0 }
            }
            return row
        }
        #expect(ImportPlan(current: held, matrix: again).isEmpty)
        // Of the chain's actors one says how it is seen from its place.
        var options = ImportOptions()
        options.mapping = try ColumnMapping(
            json: Array(
                """
                {"framework": "aicm1", "columns": [{"header": "Question ID", "field": "questionId"},
                 {"header": "SSRM Control Ownership", "field": "allocation"}], "values": {"allocation": {"AP-Owned": "provider"}}}
                """.utf8))
        let mine = try readMatrix(Array(lines.joined(separator: "\n").utf8), name: "ai-caiq.csv", options: options)
        #expect(mine.rows[3]["allocation"] == .text("provider") && mine.rows[1]["allocation"] == .text("supplier"))
    }
}

private func draftCells(_ row: ImportedRow) -> [CellKey: ImportedValue] {
    Dictionary(row.fields.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
}
