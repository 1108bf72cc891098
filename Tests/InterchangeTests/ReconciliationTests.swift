import Testing

@testable import Interchange

@Suite("Reconciliation: what a customer's document answers of its provider's")
struct ReconciliationTests {
    private func reconciled(_ provider: String, _ customer: String) throws -> Reconciliation {
        try #require(
            try reconcile([
                (bytes: Documents.gathered(provider), name: "provider"), (bytes: Documents.gathered(customer), name: "customer"),
            ]).pairs.first)
    }

    @Test(
        "NIST's example: one answer leads to what is provided, and one responsibility is not answered",
        .enabled(if: Documents.isLibraryExpected))
    func example() throws {
        let found = try reconciled(
            "nist-oscal-examples/oscal_leveraged-example_ssp.json", "nist-oscal-examples/oscal_leveraging-example_ssp.json")
        #expect(found.counts == .init(provided: 2, responsibilities: 2, inherited: 1, satisfied: 2, own: 0))
        #expect(
            found.findings.map { "\($0.kind.rawValue) \($0.id.suffix(12)) \($0.document)" }
                == ["wrong-kind 002001001001 customer", "unanswered 002001001002 provider"], "\(found.findings)")
        let yaml = try reconciled(
            "nist-oscal-examples/oscal_leveraged-example_ssp.json", "nist-oscal-examples/oscal_leveraging-example_ssp.yaml")
        #expect(yaml == found)
    }

    @Test("Trestle's fixtures: the one answer resolves, the other responsibility is open", .enabled(if: Documents.isLibraryExpected))
    func trestle() throws {
        let found = try reconciled("trestle/leveraged_ssp.json", "trestle/leveraging_ssp.json")
        #expect(found.counts == .init(provided: 5, responsibilities: 2, inherited: 0, satisfied: 1, own: 0))
        #expect(found.findings.map(\.kind) == [.unanswered], "\(found.findings)")
    }

    @Test("NIST's prototype: a chain of three tiers, the third in the second's document", .enabled(if: Documents.isLibraryExpected))
    func chain() throws {
        let (csp, msp) = ("nist-srm-prototype/example.ssp.csp.json", "nist-srm-prototype/example.ssp.msp.json")
        let found = try reconciled(csp, msp)
        #expect(found.counts == .init(provided: 82, responsibilities: 82, inherited: 82, satisfied: 82, own: 164))
        #expect(found.findings.isEmpty, "\(found.findings.prefix(4))")
        let third = try reconciled(msp, msp)
        // Of what the second takes over, half is the first's, which is nowhere in its own document.
        #expect(third.counts.inherited == 164 && third.counts.satisfied == 164)
        #expect(third.findings.count { $0.kind == .dangling } == 164 && !third.findings.contains { $0.kind == .unanswered })
        let documents = try reconcile([(bytes: Documents.gathered(csp), name: "csp"), (bytes: Documents.gathered(msp), name: "msp")])
        #expect(documents.chain.documents == ["csp", "msp", "msp"] && documents.chain.statements.count == 82)
        #expect(documents.chain.statements.allSatisfy { $0.goesThrough && !$0.isLeft })
        // What is shared of the first is as good as the first.
        #expect(try reconciled("nist-srm-prototype/example.ssp.csp.sr.json", msp).findings.isEmpty)
    }

    private static func document(_ parts: String) -> [UInt8] {
        Array(
            #"{"system-security-plan": {"control-implementation": {"implemented-requirements": [\#(parts)]}}}"#.utf8)
    }

    private static func requirement(_ control: String, _ members: String) -> String {
        #"{"control-id": "\#(control)", "by-components": [{"description": "d", \#(members)}]}"#
    }

    private static func provider(_ words: String = "Kept 30 days.") -> [UInt8] {
        document(
            requirement(
                "ac-1",
                #""export": {"provided": [{"uuid": "p1", "description": "\#(words)"}], "responsibilities": [{"uuid": "r1", "description": "d", "provided-uuid": "p1"}]}"#
            ) + ","
                + requirement(
                    "ac-2",
                    #""export": {"provided": [{"uuid": "p2", "description": "x"}], "responsibilities": [{"uuid": "r2", "description": "d", "provided-uuid": "p1"}]}"#
                ))
    }

    @Test("Each kind of finding, with its statement and path")
    func kinds() throws {
        let customer = Self.document(
            Self.requirement(
                "ac-1",
                #""inherited": [{"uuid": "i1", "provided-uuid": "p1", "description": "d"}, {"uuid": "i1", "provided-uuid": "r1", "description": "d"}], "satisfied": [{"uuid": "s1", "responsibility-uuid": "gone", "description": "d"}]"#
            ) + "," + Self.requirement("ac-3", #""satisfied": [{"uuid": "s2", "responsibility-uuid": "r1", "description": "d"}]"#))
        let documents = [(bytes: Self.provider("Kept 60 days."), name: "p"), (bytes: customer, name: "c")]
        let found = try #require(try reconcile(documents, since: (bytes: Self.provider(), name: "before")).pairs.first)
        #expect(
            found.findings.map { "\($0.kind.rawValue) \($0.statement) \($0.id) \($0.document)" } == [
                "dangling AC-1 gone c", "wrong-kind AC-1 r1 c", "crossed AC-2 p1 p", "crossed AC-3 r1 c", "duplicate AC-1 i1 c",
                "unanswered AC-2 r2 p", "stale AC-1 p1 c",
            ])
        #expect(found.findings.allSatisfy { $0.path.hasPrefix("/control-implementation/implemented-requirements/") })
        #expect(try reconcile(documents).pairs[0].findings.allSatisfy { $0.kind != .stale })
    }

    @Test("Down a chain each statement is followed: to its end, to where nobody takes it over, and from where it begins")
    func tiers() throws {
        func tier(_ name: String, _ statements: [(control: String, members: String)]) -> (bytes: [UInt8], name: String) {
            (Self.document(statements.map { Self.requirement($0.control, $0.members) }.joined(separator: ",")), name)
        }
        func provides(_ id: String) -> String { #""export": {"provided": [{"uuid": "\#(id)", "description": "x"}]}"# }
        func takes(_ id: String) -> String { #""inherited": [{"uuid": "i-\#(id)", "provided-uuid": "\#(id)", "description": "x"}]"# }
        let documents = [
            tier("csp", [("ac-1", provides("c1")), ("ac-2", provides("c2"))]),
            tier(
                "msp",
                [("ac-1", takes("c1") + "," + provides("m1")), ("ac-2", takes("c2") + "," + provides("m2")), ("ac-3", provides("m3"))]),
            tier("app", [("ac-1", takes("m1")), ("ac-3", takes("m3"))]),
        ]
        let chain = try reconcile(documents).chain
        #expect(chain.documents == ["csp", "msp", "app"])
        #expect(chain.statements.map(\.statement) == ["AC-1", "AC-2", "AC-3"])
        #expect(chain.statements.map(\.goesThrough) == [true, false, false])
        #expect(chain.statements.map(\.isLeft) == [false, true, false])
        #expect(chain.statements[1].tiers.map(\.inherits) == [false, true, false])
        // In another order nobody takes over what the one before says.
        #expect(try reconcile([documents[1], documents[0], documents[2]]).chain.statements.allSatisfy { !$0.goesThrough })
    }

    @Test("Ids and statements are compared without the case of their letters")
    func letters() throws {
        func document(_ id: String, _ statement: String, _ members: String) -> [UInt8] {
            Self.document(
                #"{"control-id": "own-1", "statements": [{"statement-id": "\#(statement)", "by-components": [{"uuid": "\#(id)", "description": "d", \#(members)}]}]}"#
            )
        }
        let found = try reconcile([
            (
                bytes: document("b1", "own-1_smt.a", #""export": {"responsibilities": [{"uuid": "ABCD", "description": "d"}]}"#), name: "p"
            ),
            (
                bytes: document("B2", "OWN-1_stmt.a", #""satisfied": [{"uuid": "s", "responsibility-uuid": "abcd", "description": "d"}]"#),
                name: "c"
            ),
        ])
        #expect(found.pairs[0].findings.isEmpty, "\(found.pairs)")
        // What is found is named as it stands.
        let open = try reconcile([
            (
                bytes: document("b1", "own-1_smt.a", #""export": {"responsibilities": [{"uuid": "ABCD", "description": "d"}]}"#), name: "p"
            ),
            (
                bytes: document("B2", "own-1_smt.a", #""inherited": [{"uuid": "I", "provided-uuid": "GONE", "description": "d"}]"#),
                name: "c"
            ),
        ])
        #expect(open.pairs[0].findings.map(\.id) == ["GONE", "ABCD"], "\(open.pairs)")
    }

    @Test("What is no plan is refused by its name")
    func refused() {
        #expect(throws: ImportFault.noResponsibilities("catalog", figures: ["controls": 0, "groups": 0], document: "c")) {
            try reconcile([(bytes: Self.provider(), name: "p"), (bytes: Array(#"{"catalog": {}}"#.utf8), name: "c")])
        }
    }
}
