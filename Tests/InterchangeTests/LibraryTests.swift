import Interchange
import Testing

@Suite("Real workbooks of the library", .enabled(if: Documents.isLibraryExpected))
struct LibraryTests {
    private func matrix(_ name: String, _ options: ImportOptions = ImportOptions()) throws -> MatrixImport {
        try readMatrix(try Documents.gathered("fedramp-cis-crm/\(name)"), name: name, options: options)
    }

    @Test(
        "Every layout is read with the counts that were made independently",
        arguments: [
            ("cloudgov-platform_2018-11-28.xlsx", 325, ["No": 177, "Partial": 85, "Yes": 63]),
            ("cloudgov-platform_2020-12-23.xlsx", 616, ["No": 371, "Partial": 138, "Yes": 107]),
            ("cloudgov-platform_2021-03-15.xlsx", 616, ["No": 371, "Partial": 138, "Yes": 107]),
            ("cloudgov-platform_2021-07-21.xlsx", 616, ["No": 365, "Partial": 141, "Yes": 110]),
            ("cloudgov-platform_2022-07-14.xlsx", 616, ["No": 365, "Partial": 142, "Yes": 109]),
            ("cloudgov-pages-low_2022-11-16.xlsx", 616, ["No": 186, "Partial": 27, "Yes": 124]),
            ("cloudgov-pages-rev5-moderate_2024-04-15.xlsx", 688, ["No": 358, "Partial": 129, "Yes": 201]),
            ("cloudgov-platform_2017-02-09.xlsx", 325, [:]),
        ] as [(String, Int, [String: Int])])
    func layouts(name: String, rows: Int, flags: [String: Int]) throws {
        let matrix = try matrix(name)
        #expect(matrix.rows.count == rows)
        #expect(matrix.counts.controls == (name.contains("rev5") ? 323 : 325))
        #expect(matrix.counts.flags == flags)
        #expect(matrix.frameworkID == (name.contains("rev5") ? "nist-800-53r5" : "nist-800-53r4"))
        #expect(!matrix.diagnostics.contains { $0.severity == .error || $0.code == .idUnreadable || $0.code == .frameworkAssumed })
    }

    @Test("The oldest layout has numbered duties, which become what is expected of the customer")
    func numberedDuties() throws {
        let matrix = try matrix("cloudgov-platform_2017-02-09.xlsx")
        #expect(matrix.rows.count { row in row.fields.contains { $0.field == "customerAction" } } == 41)
        #expect(!matrix.diagnostics.contains { $0.code == .referenceUnknown })
        #expect(
            matrix.counts.derived
                == matrix.rows.count { $0["allocation"] != .text("unallocated") && $0["allocation"] != .text("not-applicable") })
        #expect(matrix.counts.derived > 250)
    }

    @Test("One change between two versions is one row")
    func oneChange() throws {
        let before = try matrix("cloudgov-platform_2021-07-21.xlsx")
        let plan = ImportPlan(current: draft(before), matrix: try matrix("cloudgov-platform_2022-07-14.xlsx"))
        #expect(plan.rows.map(\.key.controlId) == ["SI-4(4)"])
        #expect(plan.rowsChanging("foundText").count == 1 && plan.rowsChanging("foundFlag").count == 1)
    }

    @Test("A change of marks alone changes marks alone")
    func marksChange() throws {
        let before = try matrix("cloudgov-platform_2020-12-23.xlsx")
        let plan = ImportPlan(current: draft(before), matrix: try matrix("cloudgov-platform_2021-03-15.xlsx"))
        #expect(plan.rowsChanging("foundStatuses").map(\.controlId) == ["SI-8(a)", "SI-8(b)", "SI-8(1)", "SI-8(2)"])
        #expect(plan.rowsChanging("foundOriginations").map(\.controlId) == ["SI-8(2)"])
        #expect(plan.rowsChanging("foundFlag").isEmpty && plan.rowsChanging("foundText").isEmpty)
    }

    @Test("Several marks, and none, are counted as they stand")
    func marks() throws {
        let matrix = try matrix("cloudgov-pages-rev5-moderate_2024-04-15.xlsx")
        #expect(matrix.rows.count { row in row.fields.count { $0.field == "foundOriginations" } > 1 } == 196)
        #expect(matrix.counts.diagnostics["no-mark"] == 6)
        #expect(matrix.privateColumns.map(\.header) == ["FIPS-199 Impact Low (L) & Moderate (M)"])
    }

    @Test("A row in one sheet only is read, and said")
    func oneSheetOnly() throws {
        let matrix = try matrix("cloudgov-pages-low_2022-11-16.xlsx")
        #expect(matrix.counts.diagnostics["only-one-sheet"] == 616 - 337)
    }

    @Test("The empty template of revision 4 has one id twice")
    func repeatedID() throws {
        let matrix = try matrix("template-rev4_SSP-A09-FedRAMP-Low-or-Moderate-CIS-Workbook.xlsx")
        #expect(matrix.rows.count == 616)
        #expect(Set(matrix.rows.map(\.controlId)).count == 615)
        #expect(matrix.rows.filter { $0.controlId == "IR-4(a)" }.map(\.itemKey) == ["main", "main~2"])
        #expect(matrix.counts.allocations == ["unallocated": 616])
        let repeated = matrix.diagnostics.filter { $0.code == .idRepeated }
        #expect(repeated.map(\.facts) == [["id": "IR-4(a)", "itemKey": "main~2", "first": "301"]])
        #expect(repeated.first?.sheet == "CIS Worksheet" && repeated.first?.column == "A" && repeated.first?.row ?? 0 > 300)
        // The example sheet is no matrix.
        #expect(matrix.diagnostics.contains { $0.code == .sheetNotUsed && $0.facts["reason"] == "example" && $0.facts["rows"] == "28" })
    }

    @Test(
        "A template with four matrices asks which, and reads the one that is named",
        arguments: [("High", 791, 410), ("Moderate", 688, 323), ("Low", 424, 156), ("LI-SaaS", 424, 156)])
    func levels(level: String, rows: Int, controls: Int) throws {
        let name = "template-rev5_SSP-Appendix-J-CSO-CIS-and-CRM-Workbook.xlsx"
        let levels = ["High", "Moderate", "Low", "LI-SaaS"]
        #expect(
            throws: ImportFault.severalMatrices(document: name, choices: levels.map { ["\($0) CIS Worksheet", "\($0) CRM Worksheet"] })
        ) { try matrix(name) }
        var options = ImportOptions()
        options.sheets = ["\(level) CIS Worksheet", "\(level) CRM Worksheet"]
        let chosen = try matrix(name, options)
        #expect(chosen.rows.count == rows)
        #expect(chosen.counts.controls == controls)
        #expect(chosen.frameworkID == "nist-800-53r5")
        #expect(!chosen.diagnostics.contains { $0.code == .onlyOneSheet || $0.code == .idRepeated })
        // One sheet stands for its matrix, and a matrix may be named as it is offered, in any capitals.
        for typed in ["\(level) CIS Worksheet", "\(level) CRM Worksheet", "\(level) cis worksheet + \(level) CRM Worksheet"] {
            options.sheets = [typed]
            #expect(try matrix(name, options) == chosen, "\(typed)")
        }
        options.sheets = ["\(level) CIS Worksheet + Nothing"]
        #expect(throws: ImportFault.self) { try matrix(name, options) }
    }

    @Test("The largest workbook is read quickly")
    func speed() throws {
        let name = "template-rev5_SSP-Appendix-J-CSO-CIS-and-CRM-Workbook.xlsx"
        let bytes = try Documents.gathered("fedramp-cis-crm/\(name)")
        var options = ImportOptions()
        options.sheets = ["High CIS Worksheet", "High CRM Worksheet"]
        let spent = try ContinuousClock().measure { _ = try readMatrix(bytes, name: name, options: options) }
        // An optimised build takes a tenth of this; the bound only catches a reading that grew with the square of the rows.
        #expect(spent < .seconds(30))
        print("largest workbook: \(spent)")
    }

    @Test("NIST's own table of a prototype is read by its headers")
    func prototype() throws {
        let path = "nist-srm-prototype/NIST_800-53_Rev5_Simulated.csv"
        let matrix = try readMatrix(try Documents.gathered(path), name: path)
        #expect(matrix.format == .csv)
        #expect(matrix.frameworkID == "nist-800-53r5")
        #expect(matrix.rows.count == 82)
        #expect(Set(matrix.rows.map(\.controlId)).count == 82)
        #expect(matrix.counts.controls == 44)
        #expect(matrix.rows.first?.controlId == "AC-2(1)")
        #expect(matrix.rows.allSatisfy { $0["implementationStatus"] == .text("implemented") })
        #expect(matrix.rows.allSatisfy { $0["providerStatement", "en"] != nil && $0["customerAction", "en"] != nil })
        #expect(matrix.privateColumns.map(\.header) == ["description", "type"])
    }
}
