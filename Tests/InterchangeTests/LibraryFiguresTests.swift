import Testing

@testable import Interchange

/// What the real documents hold, counted in what is read of them; the figures are those that another program counted.
@Suite("OSCAL: nothing of a real document is lost on the way in")
struct LibraryFiguresTests {
    struct Figures: Sendable, CustomTestStringConvertible {
        let path: String
        let counts: [String: Int]

        var testDescription: String { path }
    }

    static let documents = [
        Figures(
            path: "nist-oscal-examples/example-component-definition.json", counts: ["components": 1, "requirements": 3, "statements": 2]),
        Figures(path: "nist-oscal-examples/example-component.json", counts: ["components": 1, "requirements": 2]),
        Figures(
            path: "nist-oscal-examples/ssp-example.json",
            counts: ["components": 6, "requirements": 1, "statements": 7, "by-components": 12]),
        Figures(
            path: "nist-oscal-examples/oscal_leveraged-example_ssp.json",
            counts: ["requirements": 1, "statements": 1, "by-components": 2, "provided": 2, "responsibilities": 2]),
        Figures(
            path: "nist-oscal-examples/oscal_leveraging-example_ssp.json",
            counts: ["leveraged-authorizations": 1, "by-components": 3, "inherited": 1, "satisfied": 2]),
        Figures(
            path: "nist-oscal-examples/oscal_leveraging-example_ssp.yaml",
            counts: ["leveraged-authorizations": 1, "by-components": 3, "inherited": 1, "satisfied": 2]),
        Figures(
            path: "nist-srm-prototype/example.ssp.csp.json",
            counts: [
                "requirements": 44, "statements": 82, "by-components": 82, "provided": 82, "responsibilities": 82, "inherited": 0,
                "satisfied": 82,
            ]),
        Figures(
            path: "nist-srm-prototype/example.ssp.msp.json",
            counts: [
                "requirements": 44, "statements": 82, "by-components": 82, "provided": 82, "responsibilities": 82, "inherited": 164,
                "satisfied": 164,
            ]),
        Figures(
            path: "nist-srm-prototype/example.ssp.csp.sr.json",
            counts: ["requirements": 44, "statements": 82, "provided": 82, "responsibilities": 82]),
        Figures(
            path: "nist-srm-prototype/example.ssp.csp.sr.yaml",
            counts: ["requirements": 44, "statements": 82, "provided": 82, "responsibilities": 82]),
        Figures(
            path: "fedramp-oscal/FedRAMP_rev5-SSP-OSCAL-Template.json",
            counts: [
                "components": 18, "leveraged-authorizations": 1, "requirements": 20, "statements": 74, "by-components": 112, "provided": 2,
                "responsibilities": 2, "inherited": 1, "satisfied": 1, "sp-system": 20, "customer-configured": 1,
            ]),
        Figures(
            path: "fedramp-oscal/FedRAMP_rev5_LI-SaaS-baseline_profile.json", counts: ["alters": 156, "set-parameters": 156]),
        Figures(path: "civicactions/aws.json", counts: ["components": 1, "statements": 29]),
        Figures(path: "civicactions/django.json", counts: ["components": 1, "requirements": 19]),
        Figures(path: "civicactions/privacy.json", counts: ["components": 1, "requirements": 26]),
        Figures(path: "aws-experimental/s3.oscal.json", counts: ["components": 21, "requirements": 40]),
        Figures(path: "aws-experimental/iam.oscal.json", counts: ["components": 18, "requirements": 43]),
        Figures(path: "aws-experimental/rds.oscal.json", counts: ["components": 53, "requirements": 105]),
        Figures(path: "aws-experimental/cloudtrail.oscal.json", counts: ["components": 8, "requirements": 12]),
        Figures(
            path: "trestle/leveraged_ssp.json",
            counts: ["requirements": 3, "statements": 2, "by-components": 6, "provided": 5, "responsibilities": 2]),
        Figures(path: "trestle/leveraging_ssp.json", counts: ["leveraged-authorizations": 1, "satisfied": 1, "inherited": 0]),
        Figures(path: "trestle/comp_def_a.json", counts: ["components": 2, "requirements": 4, "statements": 4]),
        Figures(path: "trestle/mapping-collection.pci.json", counts: ["mappings": 1, "maps": 8]),
    ]

    @Test("Each document holds as much as was counted in it", .enabled(if: Documents.isLibraryExpected), arguments: documents)
    func held(expected: Figures) throws {
        let oscal = try #require(OscalDocument(DocumentTree(Documents.gathered(expected.path))))
        var found: [String: Int] = [:]
        Self.count(oscal.root, "", &found)
        let links = StatementLinks(oscal, document: "d")
        found["provided"] = links.provided.count
        found["responsibilities"] = links.responsibilities.count
        found["inherited"] = links.inherited.count
        found["satisfied"] = links.satisfied.count
        for (name, count) in expected.counts { #expect(found[name, default: 0] == count, "\(name)") }
    }

    @Test("Where a component says that it is provided is told", .enabled(if: Documents.isLibraryExpected))
    func places() throws {
        let matrix = try readMatrix(Documents.gathered("aws-experimental/s3.oscal.json"), name: "s3.json")
        let told = matrix.diagnostics.filter { $0.code == .placesNamed }
        #expect(told.map { $0.facts["count"] } == ["34"] && told.first?.facts["places"]?.contains("Asia Pacific (Tokyo)") == true)
        #expect(told.first?.sheet == "/components/0")
    }

    /// Counts what documents are made of wherever it stands.
    private static func count(_ node: DocumentTree, _ name: String, _ found: inout [String: Int]) {
        if node.text("control-id") != nil, node.text("uuid") != nil { found["requirements", default: 0] += 1 }
        if node.text("statement-id") != nil { found["statements", default: 0] += 1 }
        if node.text("component-uuid") != nil, node.text("description") != nil { found["by-components", default: 0] += 1 }
        if name == "props", node.text("name") == "control-origination", let value = node.text("value") { found[value, default: 0] += 1 }
        if ["components", "leveraged-authorizations", "alters", "set-parameters", "mappings", "maps"].contains(name) {
            found[name, default: 0] += 1
        }
        for (inner, member) in node.members {
            for item in member.items {
                guard case .object = item else { continue }
                count(item, inner, &found)
            }
        }
    }
}
