import Foundation
import Interchange
import Testing

private func readMatrix(_ bytes: [UInt8], name: String, _ change: (inout ImportOptions) -> Void) throws -> MatrixImport {
    var options = ImportOptions()
    change(&options)
    return try readMatrix(bytes, name: name, options: options)
}

/// Real documents of OSCAL and OpenControl, and made-up ones for what those do not show.
@Suite("OSCAL and OpenControl: who does what, out of plans, component definitions and shared-responsibility statements")
struct OscalTests {
    /// What a document of the library becomes: a row for each by-component, or each thing that a component says.
    struct Expected: Sendable, CustomTestStringConvertible {
        let path: String
        let framework: String
        let rows: Int
        let controls: Int
        let allocations: [String: Int]
        var remarks: [String: Int] = [:]

        var testDescription: String { path }
    }

    static let documents = [
        Expected(
            path: "aws-experimental/cloudtrail.oscal.json", framework: "aws-security-hub", rows: 12, controls: 6,
            allocations: ["unallocated": 12], remarks: ["framework-assumed": 1, "places-named": 2]),
        Expected(
            path: "aws-experimental/iam.oscal.json", framework: "aws-security-hub", rows: 43, controls: 26,
            allocations: ["unallocated": 43], remarks: ["framework-assumed": 1, "places-named": 1]),
        Expected(
            path: "aws-experimental/rds.oscal.json", framework: "aws-security-hub", rows: 105, controls: 49,
            allocations: ["unallocated": 105], remarks: ["framework-assumed": 1, "places-named": 4, "id-repeated": 7]),
        Expected(
            path: "aws-experimental/s3.oscal.json", framework: "aws-security-hub", rows: 40, controls: 20, allocations: ["unallocated": 40],
            remarks: ["framework-assumed": 1, "places-named": 1]),
        Expected(path: "civicactions/aws.json", framework: "nist-800-53r4", rows: 84, controls: 55, allocations: ["unallocated": 84]),
        Expected(path: "civicactions/django.json", framework: "nist-800-53r5", rows: 19, controls: 10, allocations: ["unallocated": 19]),
        Expected(path: "civicactions/privacy.json", framework: "nist-800-53r4", rows: 26, controls: 26, allocations: ["unallocated": 26]),
        Expected(
            path: "civicactions/django.opencontrol.component.yaml", framework: "nist-800-53r5", rows: 19, controls: 10,
            allocations: ["unallocated": 19], remarks: ["framework-assumed": 1, "id-repeated": 9]),
        Expected(
            path: "fedramp-oscal/FedRAMP_rev5-SSP-OSCAL-Template.json", framework: "nist-800-53r5", rows: 112, controls: 20,
            allocations: ["shared": 4, "provider": 108], remarks: ["uuid-repeated": 4, "text-missing": 2]),
        Expected(
            path: "nist-oscal-examples/example-component-definition.json", framework: "nist-800-53r5", rows: 3, controls: 3,
            allocations: ["unallocated": 3], remarks: ["uuid-repeated": 1]),
        Expected(
            path: "nist-oscal-examples/example-component.json", framework: "nist-800-53r4", rows: 2, controls: 1,
            allocations: ["unallocated": 2], remarks: ["id-repeated": 1]),
        Expected(
            path: "nist-oscal-examples/oscal_leveraged-example_ssp.json", framework: "nist-800-53r4", rows: 2, controls: 1,
            allocations: ["shared": 2]),
        Expected(
            path: "nist-oscal-examples/oscal_leveraging-example_ssp.json", framework: "nist-800-53r4", rows: 3, controls: 1,
            allocations: ["unallocated": 2, "supplier": 1]),
        Expected(
            path: "nist-oscal-examples/oscal_leveraging-example_ssp.yaml", framework: "nist-800-53r4", rows: 3, controls: 1,
            allocations: ["supplier": 1, "unallocated": 2]),
        Expected(
            path: "nist-oscal-examples/ssp-example.json", framework: "nist-800-53r4", rows: 13, controls: 1,
            allocations: ["unallocated": 13]),
        Expected(
            path: "nist-srm-prototype/example.ssp.csp.json", framework: "nist-800-53r5", rows: 82, controls: 44,
            allocations: ["shared": 82], remarks: ["framework-assumed": 1, "uuid-malformed": 1]),
        Expected(
            path: "nist-srm-prototype/example.ssp.csp.sr.json", framework: "nist-800-53r5", rows: 82, controls: 44,
            allocations: ["shared": 82], remarks: ["uuid-malformed": 1, "framework-assumed": 1]),
        Expected(
            path: "nist-srm-prototype/example.ssp.csp.sr.yaml", framework: "nist-800-53r5", rows: 82, controls: 44,
            allocations: ["shared": 82], remarks: ["framework-assumed": 1, "uuid-malformed": 1]),
        Expected(
            path: "opencontrol/component_v3.0.0.yaml", framework: "pci-dss-may-2015", rows: 7, controls: 4,
            allocations: ["shared": 2, "supplier": 5], remarks: ["framework-assumed": 2]),
        Expected(
            path: "opencontrol/component_v3.1.0.yaml", framework: "pci-dss-may-2015", rows: 7, controls: 4,
            allocations: ["shared": 2, "supplier": 5], remarks: ["framework-assumed": 2]),
        Expected(
            path: "opencontrol/freedonia_AWS_core.component.yaml", framework: "nist-800-53r5", rows: 1, controls: 1,
            allocations: ["supplier": 1], remarks: ["framework-assumed": 1]),
        Expected(
            path: "opencontrol/freedonia_AWS_implementation.component.yaml", framework: "nist-800-53r5", rows: 3, controls: 3,
            allocations: ["unallocated": 3], remarks: ["framework-assumed": 1]),
        Expected(
            path: "trestle/comp_def_a.json", framework: "nist-800-53r5", rows: 7, controls: 3, allocations: ["unallocated": 7],
            remarks: ["uuid-repeated": 1, "framework-assumed": 2]),
        Expected(
            path: "trestle/leveraged_ssp.json", framework: "nist-800-53r5", rows: 6, controls: 3,
            allocations: ["customer": 1, "provider": 4, "shared": 1], remarks: ["framework-assumed": 1]),
        Expected(
            path: "trestle/leveraging_ssp.json", framework: "nist-800-53r5", rows: 3, controls: 1, allocations: ["unallocated": 3],
            remarks: ["framework-assumed": 1]),
        Expected(
            path: "nist-srm-prototype/example.ssp.msp.json", framework: "nist-800-53r5", rows: 82, controls: 44,
            allocations: ["shared": 82], remarks: ["uuid-malformed": 1, "framework-assumed": 1]),
    ]

    @Test("Each of the library's documents is read whole", .enabled(if: Documents.isLibraryExpected), arguments: documents)
    func library(expected: Expected) throws {
        let matrix = try readMatrix(Documents.gathered(expected.path), name: expected.path)
        let counts = matrix.counts
        #expect(matrix.frameworkID == expected.framework)
        #expect(counts.rows == expected.rows && counts.controls == expected.controls, "\(counts)")
        #expect(counts.allocations == expected.allocations && counts.diagnostics == expected.remarks, "\(counts)")
        #expect(Set(matrix.rows.map(\.key)).count == expected.rows)
        // A second reading plans nothing.
        var held: [RowKey: [CellKey: ImportedValue]] = [:]
        for row in matrix.rows {
            held[row.key] = Dictionary(row.fields.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        }
        #expect(ImportPlan(current: held, matrix: matrix).rows.isEmpty)
    }

    @Test("What holds no responsibilities is named with what it holds", .enabled(if: Documents.isLibraryExpected))
    func others() throws {
        let expected: [(String, String, [String: Int])] = [
            ("nist-800-53/NIST_SP-800-53_rev5_catalog-min.v5.0.1.json", "catalog", ["controls": 1_189, "groups": 20]),
            (
                "nist-800-53/NIST_SP-800-53_rev5_HIGH-baseline-resolved-profile_catalog-min.json", "catalog",
                ["controls": 370, "groups": 18]
            ),
            ("nist-800-53/NIST_SP-800-53_rev5_LOW-baseline-resolved-profile_catalog-min.json", "catalog", ["controls": 149, "groups": 18]),
            ("nist-800-53/NIST_SP-800-53_rev5_MODERATE-baseline_profile.json", "profile", ["controls": 287]),
            ("fedramp-oscal/FedRAMP_rev5_LI-SaaS-baseline_profile.json", "profile", ["controls": 156]),
            ("aws-experimental/aws_security-hub.oscal.json", "catalog", ["controls": 452, "groups": 77]),
            ("nist-oscal-examples/basic-catalog.json", "catalog", ["controls": 4, "groups": 2]),
            ("trestle/mapping-collection.pci.json", "mapping-collection", ["maps": 8]),
            ("aws-experimental/aws_regions-and-services.oscal.json", "component-definition", ["components": 0, "imports": 232]),
        ]
        for (path, model, figures) in expected {
            #expect(throws: ImportFault.noResponsibilities(model, figures: figures, document: path)) {
                try readMatrix(Documents.gathered(path), name: path)
            }
        }
    }

    @Test("The same document in JSON and in YAML is the same matrix", .enabled(if: Documents.isLibraryExpected))
    func bothForms() throws {
        for name in ["nist-oscal-examples/oscal_leveraging-example_ssp", "nist-srm-prototype/example.ssp.csp.sr"] {
            let json = try readMatrix(Documents.gathered(name + ".json"), name: "a")
            let yaml = try readMatrix(Documents.gathered(name + ".yaml"), name: "a.yaml")
            #expect(json.rows.map(\.key) == yaml.rows.map(\.key))
            for (one, other) in zip(json.rows, yaml.rows) { #expect(one.fields == other.fields, "\(one.key)") }
        }
    }

    @Test("What a plan keeps for its author is in no field of a row", .enabled(if: Documents.isLibraryExpected))
    func privateWords() throws {
        let matrix = try readMatrix(Documents.gathered("nist-srm-prototype/example.ssp.csp.sr.json"), name: "sr.json")
        let marked = matrix.rows.filter { row in
            row.fields.contains { field in
                if case .text(let text) = field.value { return text.contains("DO NOT SHARE") }
                return false
            }
        }
        #expect(marked.isEmpty)
        #expect(matrix.rows.count { row in row.privateNotes.contains { $0.text.contains("DO NOT SHARE") } } == 82)
    }

    // MARK: made up

    private static func plan(_ parts: String, props: String = "", control: String = "iso27017-12.3.1") -> [UInt8] {
        Array(
            """
            {"system-security-plan": {"uuid": "11111111-0000-4000-8000-000000000000", "metadata": {"oscal-version": "1.1.2"},
              "system-implementation": {"components": [
                {"uuid": "11111111-0000-4000-8000-000000000001", "type": "this-system", "title": "Us"},
                {"uuid": "11111111-0000-4000-8000-000000000002", "type": "software", "title": "Data Base (α)"}]},
              "control-implementation": {"implemented-requirements": [
                {"uuid": "11111111-0000-4000-8000-000000000003", "control-id": "\(control)", "props": [\(props)], "statements": [
                  {"uuid": "11111111-0000-4000-8000-000000000004", "statement-id": "\(control)_smt.retention",
                   "by-components": [\(parts)]}]}]}}}
            """.utf8)
    }

    private static func part(_ component: Int, _ number: Int, _ members: String) -> String {
        """
        {"uuid": "11111111-0000-4000-8000-0000000001\(number)0", "component-uuid": "11111111-0000-4000-8000-00000000000\(component)",
         "description": "inner words \(number)", \(members)}
        """
    }

    @Test("A statement is an item of its control; what is let out is the row's, what is not stays private")
    func statements() throws {
        let own = Self.part(
            1, 1,
            """
            "implementation-status": {"state": "alternative"}, "set-parameters": [{"param-id": "p"}],
            "export": {"provided": [
              {"uuid": "11111111-0000-4000-8000-000000000010", "description": "Kept 30 days.", "remarks": "By API.", "props": [
                {"name": "translation", "ns": "urn:buntan:oscal:1", "value": "description", "class": "ja", "remarks": "30日間保持する。"}]},
              {"uuid": "11111111-0000-4000-8000-000000000011", "description": "Not for you.", "exportable": false}],
             "responsibilities": [{"uuid": "11111111-0000-4000-8000-000000000012", "description": "Keep your own.",
              "provided-uuid": "11111111-0000-4000-8000-000000000010"}]}
            """)
        let matrix = try readMatrix(Self.plan(own + "," + Self.part(2, 2, #""remarks": "later""#)), name: "plan.json")
        #expect(matrix.format == .oscal && matrix.frameworkID == "iso27017" && matrix.diagnostics.isEmpty, "\(matrix.diagnostics)")
        #expect(matrix.rows.map { "\($0.controlId)/\($0.itemKey)" } == ["12.3.1/retention", "12.3.1/retention-data-base-α"])
        let row = try #require(matrix.rows.first)
        #expect(row["providerStatement", "en"] == .text("Kept 30 days.") && row["providerStatement", "ja"] == .text("30日間保持する。"))
        #expect(row["customerAction", "en"] == .text("Keep your own.") && row["boundaryNote", "en"] == .text("By API."))
        #expect(row["allocation"] == .text("shared") && row["derived"] == .bool(true))
        #expect(row["implementationStatus"] == .text("implemented"))
        #expect(
            row.privateNotes == [
                PrivateNote(header: "implementation-status", text: "alternative"),
                PrivateNote(header: "description", text: "inner words 1"),
                PrivateNote(header: "provided", text: "Not for you."),
                PrivateNote(header: "OSCAL", text: #"{"set-parameters":[{"param-id":"p"}]}"#),
            ])
        #expect(matrix.rows[1].privateNotes.map(\.header) == ["description", "remarks"])
    }

    @Test(
        "Who brought a control about says who is responsible; the inner word wins",
        arguments: [
            (["system-specific"], "provider"), (["sp-corporate", "sp-system"], "provider"), (["customer-configured"], "customer"),
            (["sp-system", "customer-provided"], "shared"), (["inherited"], "supplier"), (["Shared"], "shared"),
            (["inherited", "customer-configured"], "shared"),
        ])
    func origins(values: [String], allocation: String) throws {
        let props = values.map { #"{"name": "control-origination", "value": "\#($0)"}"# }.joined(separator: ",")
        let outer = try readMatrix(Self.plan(Self.part(1, 1, #""remarks": "r""#), props: props), name: "plan.json")
        #expect(outer.rows.first?["allocation"] == .text(allocation) && outer.rows.first?["derived"] == nil)
        let inner = #""props": [{"name": "allocation", "ns": "urn:buntan:oscal:1", "value": "not-applicable"}]"#
        let won = try readMatrix(Self.plan(Self.part(1, 1, inner), props: props), name: "plan.json")
        #expect(won.rows.first?["allocation"] == .text("not-applicable"))
    }

    @Test("Ids that come twice, and references that lead nowhere or elsewhere, are told with their paths")
    func references() throws {
        func duty(_ to: String) -> String {
            #""export": {"responsibilities": [{"uuid": "11111111-0000-4000-8000-000000000099", "description": "d", "provided-uuid": "\#(to)"}]}"#
        }
        let gone = try readMatrix(Self.plan(Self.part(1, 1, duty("22"))), name: "plan.json")
        #expect(gone.diagnostics.map(\.code) == [.linkDangling])
        let statement = "/control-implementation/implemented-requirements/0/statements/0"
        #expect(gone.diagnostics.first?.sheet == "\(statement)/by-components/0/export/responsibilities/0")
        let other = try readMatrix(Self.plan(Self.part(1, 1, duty("11111111-0000-4000-8000-000000000004"))), name: "plan.json")
        #expect(other.diagnostics.map(\.code).contains(.linkOfOtherKind))
        let twice = try readMatrix(
            Self.plan(Self.part(1, 1, #""remarks": "r""#) + "," + Self.part(1, 1, #""remarks": "s""#)), name: "plan.json")
        #expect(twice.diagnostics.map(\.code).contains(.uuidRepeated) && twice.rows.map(\.itemKey) == ["retention", "retention~2"])
    }

    @Test("Props of our own are taken for what they may say, and for nothing else")
    func ownProps() throws {
        func prop(_ name: String, _ value: String, _ more: String = "") -> String {
            #"{"name": "\#(name)", "ns": "urn:buntan:oscal:1", "value": "\#(value)"\#(more)}"#
        }
        let props = [
            prop("allocation", "banana"), prop("framework", "own"), prop("control", "a\\nb"), prop("item", "i"),
            prop("text", "topic", #", "class": "xx", "remarks": "t""#),
        ].joined(separator: ",")
        let provided = #"{"description": "d", "props": [\#(prop("language", "xx"))]}"#
        let matrix = try readMatrix(
            Self.plan(Self.part(1, 1, #""props": [\#(props)], "export": {"provided": [\#(provided)]}"#)), name: "plan.json")
        let row = try #require(matrix.rows.first)
        #expect(row.framework == "iso27017" && row.controlId == "12.3.1" && row.itemKey == "retention")
        #expect(row["allocation"] == .text("provider") && row["providerStatement", "en"] == .text("d"))
        #expect(row.fields.allSatisfy { ["en", "ja", nil].contains($0.element) } && row["topic", "xx"] == nil)
        #expect(matrix.diagnostics.map(\.code).contains(.markUnknown))
    }

    @Test(
        "A statement that names nothing, or at length, has a key that people can type",
        arguments: ["_smt.", "_smt.!!", "_stmt.\(String(repeating: "long ", count: 90))"])
    func statementKeys(ending: String) throws {
        let text =
            #"{"system-security-plan": {"control-implementation": {"implemented-requirements": [{"control-id": "iso27017-12.3.1", "statements": [{"statement-id": "iso27017-12.3.1\#(ending)", "by-components": [{"description": "d"}]}]}]}}}"#
        let row = try #require(try readMatrix(Array(text.utf8), name: "plan.json").rows.first)
        #expect((1...60).contains(row.itemKey.utf8.count) && row.itemKey == row.itemKey.split(separator: "\n").joined(), "\(row.itemKey)")
    }

    @Test("That a control does not apply counts before who brought it about, and says its reason in each language")
    func notApplicable() throws {
        let part = Self.part(
            1, 1,
            #""props": [{"name": "control-origination", "value": "system-specific"}], "implementation-status": {"state": "not-applicable", "remarks": "None."}"#
        )
        let row = try #require(try readMatrix(Self.plan(part), name: "plan.json").rows.first)
        #expect(row["allocation"] == .text("not-applicable") && row["notApplicableReason", "en"] == .text("None."))
    }

    @Test("What is said of a control for all of its components stays with it, and with no other")
    func ofAll() throws {
        let plan = """
            {"system-security-plan": {"control-implementation": {"implemented-requirements": [
              {"control-id": "ac-1", "set-parameters": [{"param-id": "p1"}], "statements": [{"statement-id": "ac-1_smt.a", "remarks": "r"}]},
              {"control-id": "ac-2", "remarks": "of ac-2", "statements": [
                {"statement-id": "ac-2_smt.a", "remarks": "of a", "by-components": [{"description": "d"}]}]},
              {"control-id": "ac-3", "remarks": "of ac-3", "statements": [{"statement-id": "ac-3_smt.a", "by-components": []}],
               "by-components": []},
              {"control-id": "ac-4", "by-components": [{"description": "e"}]}]}}}
            """
        let rows = try readMatrix(Array(plan.utf8), name: "plan.json") { $0.framework = "nist-800-53r5" }.rows
        let notes = Dictionary(rows.map { ($0.controlId, $0.privateNotes.map(\.text)) }, uniquingKeysWith: +)
        #expect(
            notes == [
                "AC-1": [#"[{"set-parameters":[{"param-id":"p1"}]}]"#], "AC-1(a)": ["r"],
                "AC-2(a)": ["d", #"[{"remarks":"of ac-2"}]"#, #"[{"remarks":"of a"}]"#], "AC-3": [#"[{"remarks":"of ac-3"}]"#],
                "AC-4": ["e"],
            ], "\(notes)")
    }

    /// The rows of a matrix as a store holds them.
    private func held(_ matrix: MatrixImport) -> [RowKey: [CellKey: ImportedValue]] {
        Dictionary(
            matrix.rows.map { row in
                (row.key, Dictionary(row.fields.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }))
            }, uniquingKeysWith: { first, _ in first })
    }

    @Test("What a document says nothing of stays as somebody has written it")
    func unsaid() throws {
        let component = Array(
            """
            name: Works
            schema_version: 3.0.0
            satisfies:
              - {standard_key: Own, control_key: A-1, narrative: done}
              - {standard_key: Own, control_key: A-2, narrative: done, control_origin: shared}
            """.utf8)
        let matrix = try readMatrix(component, name: "a.yaml")
        var rows = held(matrix)
        for key in rows.keys {
            rows[key]?[CellKey(field: "customerAction", element: "en")] = .text("typed")
            rows[key]?[CellKey(field: "topic", element: "ja")] = .text("件名")
        }
        let first = try #require(rows.keys.first { $0.controlId == "A-1" })
        rows[first]?[CellKey(field: "allocation")] = .text("customer")
        #expect(ImportPlan(current: rows, matrix: matrix).rows.isEmpty)
        // What it says is taken over.
        let second = try #require(rows.keys.first { $0.controlId == "A-2" })
        rows[second]?[CellKey(field: "allocation")] = .text("customer")
        #expect(ImportPlan(current: rows, matrix: matrix).rows.map(\.key.controlId) == ["A-2"])
    }

    @Test(
        "What is not said to leave does not, wherever that is said and however it is written",
        arguments: [
            (#""exportable": false"#, ""), (#""exportable": "false""#, ""), (#""exportable": 0"#, ""), (#""exportable": null"#, ""),
            ("", #""exportable": false,"#),
        ])
    func exportable(inner: String, outer: String) throws {
        let more = inner.isEmpty ? "" : ", " + inner
        let part = Self.part(
            1, 1,
            #"\#(outer)"export": {"provided": [{"description": "INNER"\#(more)}], "responsibilities": [{"description": "INNER", "remarks": "INNER"\#(more)}]}"#
        )
        let row = try #require(try readMatrix(Self.plan(part), name: "plan.json").rows.first)
        #expect(row.fields.allSatisfy { $0.value != .text("INNER") }, "\(row.fields)")
        #expect(row.privateNotes.filter { $0.text == "INNER" }.count == 3)
        // Nor does what stands in something that is held.
        let held =
            #"{"system-security-plan": {"control-implementation": {"implemented-requirements": [{"control-id": "iso27017-1.1.1", "exportable": false, "by-components": [{"description": "d", "implementation-status": {"state": "not-applicable", "remarks": "INNER"}, "provided": [{"description": "INNER"}]}]}]}}}"#
        let within = try #require(try readMatrix(Array(held.utf8), name: "plan.json").rows.first)
        #expect(within.fields.allSatisfy { $0.value != .text("INNER") } && within.privateNotes.filter { $0.text == "INNER" }.count == 2)
        let yaml =
            "system-security-plan: {control-implementation: {implemented-requirements: [{control-id: iso27017-1.1.1, "
            + "by-components: [{description: d, export: {provided: [{description: INNER, exportable: False}]}}]}]}}"
        let read = try #require(try readMatrix(Array(yaml.utf8), name: "plan.yaml").rows.first)
        #expect(read["providerStatement", "en"] == nil && read.privateNotes.contains { $0.text == "INNER" })
    }

    @Test("The status of a requirement is that of its parts", .enabled(if: Documents.isLibraryExpected))
    func inheritedStatus() throws {
        let matrix = try readMatrix(Documents.gathered("fedramp-oscal/FedRAMP_rev5-SSP-OSCAL-Template.json"), name: "template.json")
        let stated = matrix.rows.count { $0["implementationStatus"] != nil || $0["allocation"] == .text("not-applicable") }
        #expect(stated == matrix.rows.count)
        // Who brought a control about is kept as found.
        #expect(matrix.rows.contains { $0.privateNotes.contains { $0.header == "control-origination" && $0.text.contains("sp-system") } })
    }

    @Test("No two rows have one key, whatever the document calls them")
    func keys() throws {
        let parts = ["x", "x", "x~2", "x"].map {
            #"{"statement-id": "iso27017-12.3.1_smt.\#($0)", "by-components": [{"description": "d"}]}"#
        }.joined(separator: ",")
        let text =
            #"{"system-security-plan": {"control-implementation": {"implemented-requirements": [{"control-id": "iso27017-12.3.1", "statements": [\#(parts)]}]}}}"#
        let matrix = try readMatrix(Array(text.utf8), name: "plan.json")
        #expect(matrix.rows.map(\.itemKey) == ["x", "x~2", "x~2~2", "x~3"])
        let own =
            #"{"format": "buntan.matrix-export/1", "rows": ["#
            + ["iso27017", "iso27017-2015"].map {
                #"{"row": {"framework": "\#($0)", "controlId": "12.3.1", "itemKey": "main"}, "fields": {"allocation": "shared"}}"#
            }.joined(separator: ",") + "]}"
        #expect(try readMatrix(Array(own.utf8), name: "a.json").placed { [] }.rows.map(\.itemKey) == ["main", "main~2"])
    }

    @Test("Numbers that are ids keep their digits; parts of a control are its statements, or items by their key")
    func openControl() throws {
        let component = """
            name: Works Mail
            schema_version: 3.0.0
            satisfies:
              - {standard_key: NIST-800-53 rev4, control_key: AC-2 (1), control_origins: [shared, own], implementation_status: complete,
                 narrative: [{text: all of it}, {key: a, text: 一部}]}
              - {standard_key: Own list, control_key: 1.10, narrative: as of old, covered_by: [], parameters: [{key: k, text: t}]}
            """
        let matrix = try readMatrix(Array(component.utf8), name: "component.yaml")
        #expect(matrix.format == .openControl)
        #expect(
            matrix.rows.map { "\($0.framework) \($0.controlId)/\($0.itemKey)" }
                == ["nist-800-53r4 AC-2(1)/works-mail", "nist-800-53r4 AC-2(1)(a)/works-mail", "own-list 1.10/works-mail"])
        #expect(matrix.rows.map { $0["allocation"] } == ["shared", "shared", "unallocated"].map { .text($0) })
        #expect(matrix.rows[1]["providerStatement", "ja"] == .text("一部") && matrix.rows[2]["providerStatement", "en"] == .text("as of old"))
        #expect(matrix.rows[0].privateNotes == [PrivateNote(header: "control_origin", text: "shared, own")])
        #expect(
            matrix.rows[2].privateNotes == [PrivateNote(header: "OpenControl", text: #"{"parameters":[{"key":"k","text":"t"}]}"#)])
    }

    @Test("What is no document, or one without end, is refused")
    func refused() throws {
        func fault(_ text: String, _ name: String) -> ImportFault? {
            do throws(ImportFault) {
                _ = try readMatrix(Array(text.utf8), name: name)
                return nil
            } catch { return error }
        }
        guard case .unreadableTree(.malformed, _)? = fault(#"{"catalog": "#, "a.json") else { return #expect(Bool(false), "cut short") }
        guard case .unreadableTree(.malformed(line: 2, _), _)? = fault("name: a\n b: : c: [", "a.yaml") else {
            return #expect(Bool(false), "\(String(describing: fault("name: a\n b: : c: [", "a.yaml")))")
        }
        let deep = String(repeating: "[", count: 100_000)
        #expect(fault(deep, "a.json") == .unreadableTree(.tooDeep(allowed: 128), document: "a.json"))
        // An anchor that stands for itself again and again grows without end.
        let lines = (1...9).map { "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ", "))]" }
        let bomb = (["name: x", "satisfies: []", "a0: &a0 [x, x, x, x, x, x, x, x, x]"] + lines).joined(separator: "\n")
        // A star or an ampersand in prose refers to nothing.
        let prose =
            "name: x\nsatisfies:\n- narrative: |\n    R &amp; D\n" + String(repeating: "    a *strong* word and **two**\n", count: 20)
        #expect(fault(prose, "a.yaml") != .unreadableTree(.tooManyAliases(allowed: 12), document: "a.yaml"))
        #expect(fault(bomb, "a.yaml") == .unreadableTree(.tooManyAliases(allowed: 12), document: "a.yaml"))
        #expect(fault(bomb + "\n? *a9\n: b", "a.yaml") == .unreadableTree(.tooManyAliases(allowed: 12), document: "a.yaml"))
        let parted = bomb.replacing("*a", with: "\u{2028}*a")
        #expect(fault(parted, "a.yaml") == .unreadableTree(.tooManyAliases(allowed: 12), document: "a.yaml"))
        // A star is no reference where nothing is there to refer to.
        let stars = "name: x\nsatisfies:\n- {standard_key: Own, control_key: A-1, narrative: '\(String(repeating: "*all* ", count: 90))'}"
        #expect(fault(stars, "a.yaml") == nil)
        #expect(fault(#"{"a": 1}"#, "a.json") == .formatNotRead("json", document: "a.json"))
    }
}
