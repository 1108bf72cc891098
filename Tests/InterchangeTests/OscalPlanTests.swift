import Foundation
import Testing

@testable import Interchange

@Suite("A matrix as OSCAL: valid by the schemas, and read back as it was")
struct OscalPlanTests {
    /// A name as digits of a UUID of version 5: the tests have no need of a hash that holds.
    private static func uuid(_ name: String) -> String {
        var state: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let digits = String(state, radix: 16) + String(state &* 0x9E37_79B9_7F4A_7C15, radix: 16) + String(repeating: "0", count: 32)
        func part(_ from: Int, _ count: Int) -> String { String(digits.dropFirst(from).prefix(count)) }
        return "\(part(0, 8))-\(part(8, 4))-5\(part(12, 3))-8\(part(15, 3))-\(part(18, 12))"
    }

    private static func row(
        _ framework: String, _ control: String, _ item: String, _ cells: [ImportedField], _ answer: OscalPlan.Answer? = nil
    ) -> OscalPlan.Row {
        OscalPlan.Row(
            key: RowKey(framework: framework, controlId: control, itemKey: item),
            cells: Dictionary(cells.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }), answer: answer)
    }

    private static func text(_ field: String, _ language: String?, _ text: String) -> ImportedField {
        ImportedField(field, language, .text(text))
    }

    /// Rows of several catalogues, with everything that a row may say and ids that OSCAL does not take as they are.
    private static let rows: [OscalPlan.Row] = [
        row(
            "iso27017-2015", "12.3.1", "main",
            [
                text("allocation", nil, "shared"), text("topic", "en", "Information backup"), text("topic", "ja", "情報のバックアップ"),
                text("providerStatement", "en", "Daily.\nKept 30 days."), text("providerStatement", "ja", "日次。\n30日間保持する。"),
                text("customerAction", "ja", "必要なものは自分で保存する。"), text("boundaryNote", "en", "By API."),
                text("implementationStatus", nil, "not-implemented"), ImportedField("derived", nil, .bool(true)),
            ], .init(position: "shared", takesOver: true, statement: ["en": "Exported monthly.", "ja": "毎月書き出す。"], status: "planned")),
        row(
            "iso27017-2015", "12.3.1", "保存期間~2",
            [text("allocation", nil, "provider"), text("providerStatement", "ja", "English words inside ABC だけ")],
            .init(position: "provider", takesOver: true, statement: [:], status: nil)),
        row(
            "iso27017-2015", "CLD.6.3.1", "main",
            [
                text("allocation", nil, "not-applicable"), text("notApplicableReason", "en", "No such thing."),
                text("notApplicableReason", "ja", "該当するものがない。"),
                text("implementationStatus", nil, "planned"),
            ]),
        row(
            "nist-800-53r5", "AC-2(3)(a)", "main", [text("allocation", nil, "customer"), text("customerAction", "en", " Do it yourself. ")]),
        row("nist-800-53r5", "AC-2(3)", "main", [text("allocation", nil, "supplier"), ImportedField("providerShares", nil, .bool(true))]),
        row("nist-800-53r5", "AC-2(3)", "works mail", [text("allocation", nil, "unallocated"), text("boundaryNote", "ja", "境界だけ")]),
        row("ccm4", "A&A-01", "1", [text("allocation", nil, "provider"), text("implementationStatus", nil, "implemented")]),
        row(
            "own", "1.10", "main", [text("allocation", nil, "shared"), text("providerStatement", "en", "=1+1")],
            .init(position: "provider", takesOver: false, statement: [:], status: "planned")),
    ]

    private static func plan(_ rows: [OscalPlan.Row] = rows, isPublished: Bool = true) -> OscalPlan {
        OscalPlan(
            service: "5d1f", serviceName: "Object Storage", provider: .init(id: "P", name: " Example\nCloud "),
            customer: .init(id: "C", name: "会社"),
            release: isPublished ? (label: "2026 spring", digest: String(repeating: "ab", count: 32)) : nil,
            modified: "2026-11-29T09:00:00Z",
            authorized: "2026-11-29", rows: rows, uuid: uuid)
    }

    @Test("Every document is valid by its model's schema", .enabled(if: Documents.isLibraryExpected), arguments: [true, false])
    func schemas(isPublished: Bool) throws {
        let schema = try OscalSchema(Documents.gathered("oscal-schema/oscal_complete_schema.json"))
        let documents = Self.plan(isPublished: isPublished).documents
        #expect(documents.map(\.name) == ["catalog.json", "provider-ssp.json", "customer-ssp.json"])
        for document in documents {
            #expect(try schema.faults(in: document.text) == [], "\(document.name)")
        }
        for (document, model) in zip(documents, ["catalog", "ssp", "ssp"] as [String]) {
            let own = try OscalSchema(Documents.gathered("oscal-schema/oscal_\(model)_schema.json"))
            #expect(try own.faults(in: document.text) == [], "\(document.name)")
        }
        // The check finds what is wrong: a real document that its makers' schema refuses, and one of ours with a mistake.
        #expect(
            try !schema.faults(in: String(decoding: Documents.gathered("nist-srm-prototype/example.ssp.csp.json"), as: UTF8.self)).isEmpty)
        #expect(try schema.faults(in: String(decoding: Documents.gathered("nist-oscal-examples/ssp-example.json"), as: UTF8.self)) == [])
        #expect(try !schema.faults(in: documents[1].text.replacing("\"iso27017-12.3.1\"", with: "\"12.3.1\"")).isEmpty)
    }

    @Test("Read back, the provider's plan changes nothing, whatever its rows say")
    func roundTrip() throws {
        let document = try #require(Self.plan().documents.first { $0.name == "provider-ssp.json" })
        let matrix = try readMatrix(Array(document.text.utf8), name: document.name)
        #expect(!matrix.diagnostics.contains { $0.severity != .advice }, "\(matrix.diagnostics)")
        #expect(matrix.rows.allSatisfy { $0.privateNotes.isEmpty }, "\(matrix.rows.flatMap(\.privateNotes))")
        #expect(Set(matrix.rows.map(\.key)) == Set(Self.rows.map(\.key)))
        let held = Dictionary(Self.rows.map { ($0.key, $0.cells) }, uniquingKeysWith: { first, _ in first })
        let plan = ImportPlan(current: held, matrix: matrix)
        #expect(plan.rows.isEmpty, "\(plan.rows)")
        #expect(Self.plan().documents.map(\.text) == Self.plan().documents.map(\.text))
    }

    /// What documents said of a row that no row has a place for: as members that OSCAL knows, as others, and in several places.
    private static let notes: [[PrivateNote]] = [
        [
            PrivateNote(header: "description", text: "Our own words."), PrivateNote(header: "remarks", text: "Two\n\nlines."),
            PrivateNote(header: "control-origination", text: "sp-system"),
            PrivateNote(
                header: "OSCAL",
                text:
                    #"{"links":[{"href":"link-a","rel":"reference"}],"parameter-settings":{"p":1},"props":[{"class":"x","name":"marking","value":"a  b"}],"responsible-roles":[{"party-uuids":["11111111-2222-4333-8444-555555555555"],"role-id":"owner"}],"set-parameters":[{"param-id":"ac-1_prm_1","values":["30 days"]}]}"#
            ),
        ],
        [PrivateNote(header: "OSCAL", text: #"{"props":[{"name":"marking","ns":"https://example.org","value":"high"}]}"#)],
        // From a place and one within it; what is no object is not taken apart.
        [PrivateNote(header: "OSCAL", text: #"[{"set-parameters":[{"param-id":"p","values":["1"]}]},{"links":[{"href":"link-b"}]}]"#)],
        [
            PrivateNote(header: "description", text: "One."), PrivateNote(header: "description", text: "Two."),
            PrivateNote(header: "OSCAL", text: #"{"a":1}"#), PrivateNote(header: "OSCAL", text: #"{"b":2}"#),
            PrivateNote(header: "社内 メモ", text: "列の言葉"),
        ],
        // Somebody's own words under the same name; no valid member of its place; what would say something of the row.
        [PrivateNote(header: "OSCAL", text: "typed: by hand")],
        [
            PrivateNote(
                header: "OSCAL",
                text:
                    #"{"links":[{"href":"a b"}],"props":[{"name":"allocation","ns":"urn:buntan:oscal:1","value":"provider"}],"set-parameters":[]}"#
            )
        ],
        [PrivateNote(header: "OSCAL", text: #"{"props":[{"name":"m","ns":"our_company:props","value":"v"}]}"#)],
    ]

    @Test("What documents said beyond their rows is given back where it stood, valid by the schema, and read back as it was")
    func givenBack() throws {
        let rows = zip(Self.rows, Self.notes).map { OscalPlan.Row(key: $0.key, cells: $0.cells, answer: $0.answer, notes: $1) }
        let document = try #require(Self.plan(rows).documents.first { $0.name == "provider-ssp.json" })
        for part in [
            #""description": "Our own words.""#, #""param-id": "ac-1_prm_1""#, #""role-id": "owner""#, #""href": "link-a""#,
            #""value": "high""#,
        ] { #expect(document.text.contains(part), "\(part)") }
        // Only what stands behind a prop of ours is no member of OSCAL's.
        #expect(!document.text.contains("\"parameter-settings\":") && document.text.contains(#"\"parameter-settings\":"#))
        if Documents.isLibraryExpected {
            let schema = try OscalSchema(Documents.gathered("oscal-schema/oscal_ssp_schema.json"))
            #expect(try schema.faults(in: document.text) == [])
        }
        let matrix = try readMatrix(Array(document.text.utf8), name: document.name)
        let order: (PrivateNote, PrivateNote) -> Bool = { ($0.header, $0.text) < ($1.header, $1.text) }
        for row in rows {
            let read = try #require(matrix.rows.first { $0.key == row.key })
            #expect(read.privateNotes.sorted(by: order) == row.notes.sorted(by: order), "\(row.key)")
        }
        let held = Dictionary(rows.map { ($0.key, $0.cells) }, uniquingKeysWith: { first, _ in first })
        #expect(ImportPlan(current: held, matrix: matrix).rows.isEmpty)
    }

    @Test("Whoever agrees to share takes over one part and does the other")
    func shared() throws {
        let row = Self.row(
            "own", "1.1", "main",
            [
                Self.text("allocation", nil, "shared"), Self.text("providerStatement", "en", "Daily."),
                Self.text("customerAction", "en", "Keep a copy."),
            ], .init(position: "shared", takesOver: true, statement: [:], status: nil))
        let documents = Self.plan([row]).documents
        let customer = try #require(documents.last).text
        #expect(customer.contains("The provider does its part.") && customer.contains("Agreed to, as the provider asks for it."))
        #expect(!customer.contains("Done by the provider."))
        let found = try reconcile([
            (bytes: Array(documents[1].text.utf8), name: "provider"), (bytes: Array(customer.utf8), name: "customer"),
        ])
        #expect(found.pairs.first?.counts == .init(provided: 1, responsibilities: 1, inherited: 1, satisfied: 1, own: 0))
        #expect(found.pairs.first?.findings.isEmpty == true)
        // Where nothing was asked for there is nothing to answer.
        let silent = OscalPlan.Row(key: row.key, cells: row.cells.filter { $0.key.field != "customerAction" }, answer: row.answer)
        let plans = Self.plan([silent]).documents
        let alone = try reconcile([
            (bytes: Array(plans[1].text.utf8), name: "provider"), (bytes: Array(try #require(plans.last).text.utf8), name: "customer"),
        ])
        #expect(alone.pairs.first?.findings.isEmpty == true && alone.pairs.first?.counts.satisfied == 0, "\(alone)")
    }

    @Test("Rows of one catalogue alone are read back as well", arguments: ["ccm4", "own", "iso27017-2015", "nist-800-53r5"])
    func alone(framework: String) throws {
        let rows = Self.rows.filter { $0.key.framework == framework }
        let document = try #require(Self.plan(rows).documents.first { $0.name == "provider-ssp.json" })
        let matrix = try readMatrix(Array(document.text.utf8), name: document.name)
        #expect(
            Set(matrix.rows.map(\.key)) == Set(rows.map(\.key)) && !matrix.diagnostics.contains { $0.severity != .advice },
            "\(matrix.diagnostics)")
        let held = Dictionary(rows.map { ($0.key, $0.cells) }, uniquingKeysWith: { first, _ in first })
        #expect(ImportPlan(current: held, matrix: matrix).rows.isEmpty)
    }

    @Test("The customer's plan answers the provider's: nothing leads nowhere, and what is not answered is open")
    func answered() throws {
        let documents = Self.plan().documents
        let found = try #require(
            try reconcile([
                (bytes: Array(documents[1].text.utf8), name: "provider"), (bytes: Array(documents[2].text.utf8), name: "customer"),
            ]).pairs.first)
        #expect(found.counts == .init(provided: 3, responsibilities: 2, inherited: 2, satisfied: 1, own: 0), "\(found.counts)")
        #expect(found.findings.map { "\($0.kind.rawValue) \($0.statement)" } == ["unanswered AC-2(3)(a)"], "\(found.findings)")
        // Nobody answers: there is no plan of a customer.
        let alone = Self.plan(Self.rows.map { OscalPlan.Row(key: $0.key, cells: $0.cells) })
        #expect(alone.documents.map(\.name) == ["catalog.json", "provider-ssp.json"])
    }
}
