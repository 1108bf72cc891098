import Interchange
import Testing

/// Documents that say nothing of responsibilities: what they hold is known, and named by the counts that were made independently.
@Suite("Catalogues, profiles, mappings, and what else is no matrix")
struct FrameworkTests {
    private func framework(_ path: String) throws -> FrameworkImport {
        guard case .framework(let framework) = try readDocument(Documents.gathered(path), name: path) else {
            Issue.record("\(path) is no framework")
            throw CancellationError()
        }
        return framework
    }

    @Test(
        "Real catalogues and profiles become frameworks, with every control once", .enabled(if: Documents.isLibraryExpected),
        arguments: [
            ("nist-800-53/NIST_SP-800-53_rev5_catalog-min.v5.0.1.json", "nist-800-53r5", nil, 1189, 182),
            ("nist-800-53/NIST_SP-800-53_rev5_HIGH-baseline-resolved-profile_catalog-min.json", "nist-800-53r5", "high", 370, 0),
            ("nist-800-53/NIST_SP-800-53_rev5_LOW-baseline-resolved-profile_catalog-min.json", "nist-800-53r5", "low", 149, 0),
            ("nist-800-53/NIST_SP-800-53_rev5_LOW-baseline_profile.json", "nist-800-53r5", "low", 149, 0),
            ("nist-800-53/NIST_SP-800-53_rev5_MODERATE-baseline_profile.json", "nist-800-53r5", "moderate", 287, 0),
            ("nist-800-53/NIST_SP-800-53_rev5_HIGH-baseline_profile.json", "nist-800-53r5", "high", 370, 0),
            ("fedramp-oscal/FedRAMP_rev5_LI-SaaS-baseline_profile.json", "nist-800-53r5", "fedramp-li-saas", 156, 0),
            ("nist-oscal-examples/basic-catalog.json", nil, nil, 4, 0),
            ("aws-experimental/aws_security-hub.oscal.json", "aws-security-hub-controls", nil, 452, 0),
        ] as [(String, String?, String?, Int, Int)])
    func frameworks(path: String, id: String?, baseline: String?, controls: Int, withdrawn: Int) throws {
        let framework = try framework(path)
        if let id { #expect(framework.frameworkID == id) }
        #expect(framework.baseline == baseline)
        #expect(framework.controls.count == controls)
        #expect(framework.controls.count(where: \.isWithdrawn) == withdrawn)
        #expect(Set(framework.controls.map(\.id)).count == controls)
        #expect(!framework.diagnostics.contains { $0.severity == .error || $0.code == .idUnreadable })
    }

    @Test("Ids stand as rows have them, and no text of a control is taken", .enabled(if: Documents.isLibraryExpected))
    func ids() throws {
        let framework = try framework("nist-800-53/NIST_SP-800-53_rev5_catalog-min.v5.0.1.json")
        let control = try #require(framework.controls.first { $0.id == "AC-2(3)" })
        #expect(control.title == "Disable Accounts" && control.groupTitle == "Access Control")
        #expect(framework.controls.allSatisfy { $0.title.utf8.count < 200 })
    }

    @Test("A mapping becomes pairs of ids, and what it says against the schema is told", .enabled(if: Documents.isLibraryExpected))
    func mapping() throws {
        let path = "trestle/mapping-collection.pci.json"
        guard case .mapping(let mapping) = try readDocument(Documents.gathered(path), name: path) else {
            Issue.record("no mapping")
            return
        }
        #expect(mapping.figures == ["maps": 8])
        let told = mapping.maps.map { "\($0.source) \($0.relationship ?? "-") \($0.target)" }
        #expect(told.contains("PCI-6.3.1 intersects-with RA-5(a)") && Set(told).count == mapping.maps.count)
        #expect(Set(mapping.maps.map(\.sourceFramework)) == ["pci"])
        #expect(Set(mapping.maps.map(\.targetFramework)) == ["nist-800-53r5"])
        #expect(mapping.diagnostics.contains { $0.code == .codeUnknown && $0.facts["value"] == "manual" })
    }

    @Test(
        "Value lists, settings of tools and lists of other documents are known for what they are, and kept",
        .enabled(if: Documents.isLibraryExpected),
        arguments: [
            ("fedramp-oscal/fedramp_values_rev5.json", "value-list"), ("trestle/soc2.sample.v1.csv", "rule-table"),
            ("aws-experimental/aws_regions-and-services.oscal.json", "component-definition"),
        ])
    func kept(path: String, model: String) throws {
        let bytes = try Documents.gathered(path)
        guard case .kept(let document) = try readDocument(bytes, name: path) else {
            Issue.record("\(path) is not kept")
            return
        }
        #expect(document.model == model && document.bytes == bytes)
        #expect(document.figures.values.contains { $0 > 0 })
        #expect(throws: ImportFault.self) { try readMatrix(bytes, name: path) }
    }

    @Test("A simulated matrix of the prototype's builder is a table like others", .enabled(if: Documents.isLibraryExpected))
    func simulated() throws {
        let name = "NIST_800-53_Rev5_Simulated.csv"
        let matrix = try readMatrix(Documents.gathered("nist-srm-prototype/\(name)"), name: name)
        #expect(matrix.rows.count == 82 && matrix.counts.controls == 44)
        #expect(matrix.rows.allSatisfy { $0["implementationStatus"] == .text("implemented") })
    }

    private func read(_ json: String, _ change: (inout ImportOptions) -> Void = { _ in }) throws -> ReadDocument {
        var options = ImportOptions()
        change(&options)
        return try readDocument(Array(json.utf8), name: "made-up.json", options: options)
    }

    @Test("What is wrong with a catalogue is told with its path, and ids that nobody can name are refused")
    func wrong() throws {
        let twice =
            #"{"catalog": {"metadata": {"title": "Own rules"}, "controls": [{"id": "r-1", "title": "One"}, {"id": "R-1"}, {"id": "!"}]}}"#
        guard case .framework(let framework) = try read(twice) else { return #expect(Bool(false)) }
        #expect(framework.frameworkID == "own-rules" && framework.controls.map(\.id) == ["R-1"])
        #expect(Set(framework.diagnostics.map(\.code)).isSuperset(of: [.uuidRepeated, .idUnreadable, .frameworkAssumed]))
        guard case .framework(let named) = try read(twice, { $0.framework = "ours" }) else { return #expect(Bool(false)) }
        #expect(named.frameworkID == "ours" && !named.diagnostics.contains { $0.code == .frameworkAssumed })
        #expect(throws: ImportFault.noRows(document: "made-up.json", sheets: [])) { try read(#"{"catalog": {}}"#) }
        #expect(throws: ImportFault.self) { try read(#"{"catalog": {"controls": [{"id": "r-1"}]}}"#) }
        // The standard's own ids are here: what our own exports write of them is no other framework.
        let own = #"{"catalog": {"metadata": {"title": "ISO"}, "controls": [{"id": "iso27017-12.3.1"}]}}"#
        #expect(throws: ImportFault.noResponsibilities("catalog", figures: ["controls": 1, "groups": 0], document: "made-up.json")) {
            try read(own)
        }
        #expect(throws: ImportFault.noRows(document: "made-up.json", sheets: [])) {
            try read(#"{"catalog": {"metadata": {"title": "Words"}, "controls": [{"id": "none"}]}}"#)
        }
    }

    @Test("A profile's exclusions are left out, what only its catalogue could tell is told, and two titles are two names")
    func choices() throws {
        func profile(_ title: String, _ imports: String) throws -> ReadDocument {
            try read(#"{"profile": {"metadata": {"title": "\#(title)"}, "imports": [\#(imports)]}}"#)
        }
        let some =
            #"{"include-controls": [{"with-ids": ["au-1", "AU-2"], "matching": [{"pattern": "ac-*"}]}], "exclude-controls": [{"with-ids": ["au-2"]}]}"#
        guard case .framework(let chosen) = try profile("Ours", some) else { return #expect(Bool(false)) }
        #expect(chosen.controls.map(\.id) == ["AU-1"])
        #expect(chosen.diagnostics.contains { $0.code == .choiceUnresolved && $0.facts["member"] == "matching" })
        let one = #"{"include-controls": [{"with-ids": ["au-1"]}]}"#
        var names: Set<String> = []
        for title in [
            "FedRAMP Rev 5 Low Baseline", "NIST LOW IMPACT BASELINE", "Not a high security, low-latency profile", "日本 プロファイル", "東京 基準",
        ] {
            guard case .framework(let framework) = try profile(title, one) else { return #expect(Bool(false)) }
            names.insert(framework.baseline ?? "")
        }
        #expect(names.count == 5 && names.isSuperset(of: ["fedramp-low", "low"]), "\(names)")
        guard case .kept = try profile("All", #"{"include-all": {}}"#) else { return #expect(Bool(false)) }
    }

    @Test("Of a source that is here a profile takes all, what fits a pattern, and what stands beneath a control")
    func resolved() throws {
        let catalogue: Set = ["AC-1", "AC-2", "AC-2(1)", "AC-2(13)", "AC-20", "AC-20(1)", "AU-2", "AU-12", "SC-7", "SC-7(4)"]
        func chosen(_ imports: String, title: String = "Ours", framework: String? = nil) throws -> FrameworkImport? {
            let json = #"{"profile": {"metadata": {"title": "\#(title)"}, "imports": [\#(imports)]}}"#
            let read = try read(json) {
                $0.framework = framework
                $0.knownControls = ["nist-800-53r5": catalogue, "csf-2-0": ["GV.OC-01", "GV.OC-02", "ID.AM-01"]]
                $0.knownBaselines = ["nist-800-53r5": ["moderate": ["AC-2", "AU-2"], "overlay": ["SC-7"]]]
            }
            if case .framework(let framework) = read { return framework } else { return nil }
        }
        func ids(_ imports: String) throws -> [String]? {
            guard let framework = try chosen(imports) else { return nil }
            #expect(framework.frameworkID == "nist-800-53r5", "\(imports)")
            #expect(!framework.diagnostics.contains { $0.code == .choiceUnresolved }, "\(imports)")
            return framework.controls.map(\.id)
        }
        let source = #""href": "https://example.org/NIST_SP-800-53_rev5_catalog.json""#
        #expect(try ids("{\(source), \"include-all\": {}}") == catalogue.sorted())
        #expect(
            try ids(#"{\#(source), "include-all": {}, "exclude-controls": [{"with-ids": ["ac-2"], "with-child-controls": "yes"}]}"#)
                == catalogue.subtracting(["AC-2", "AC-2(1)", "AC-2(13)"]).sorted())
        #expect(
            try ids(#"{\#(source), "include-controls": [{"with-ids": ["ac-2"], "with-child-controls": "yes"}]}"#)
                == ["AC-2", "AC-2(1)", "AC-2(13)"])
        // Patterns are made for the ids of the catalogue: a point stands for itself.
        #expect(
            try ids(#"{\#(source), "include-controls": [{"matching": [{"pattern": "ac-2*"}, {"pattern": "au-?"}]}]}"#)
                == ["AC-2", "AC-2(1)", "AC-2(13)", "AC-20", "AC-20(1)", "AU-2"])
        #expect(try ids(#"{\#(source), "include-controls": [{"matching": [{"pattern": "*.?"}]}]}"#) == ["AC-2(1)", "AC-20(1)", "SC-7(4)"])
        // A profile of a profile takes what that one chooses.
        let moderate = #""href": "NIST_SP-800-53_rev5_MODERATE-baseline_profile.json""#
        #expect(try ids("{\(moderate), \"include-all\": {}}") == ["AC-2", "AU-2"])
        let both = try ids(#"{\#(moderate), "include-all": {}}, {\#(source), "include-controls": [{"with-ids": ["sc-7"]}]}"#)
        #expect(both == ["AC-2", "AU-2", "SC-7"])
        let titled = "NIST SP 800-53 Rev 5 ours"
        let own = try chosen(#"{"href": "https://example.org/overlay.json", "include-all": {}}"#, title: titled)
        #expect(own?.controls.map(\.id) == ["SC-7"])
        // What a pattern finds has controls beneath it as well.
        #expect(
            try ids(#"{\#(source), "include-controls": [{"matching": [{"pattern": "ac-2"}], "with-child-controls": "yes"}]}"#)
                == ["AC-2", "AC-2(1)", "AC-2(13)"])
        // Other catalogues' ids stand for themselves; whoever says which is meant is believed.
        let csf = try chosen(#"{"href": "csf-2-0.json", "include-controls": [{"matching": [{"pattern": "gv.*"}]}]}"#)
        #expect(csf?.frameworkID == "csf-2-0" && csf?.controls.map(\.id) == ["GV.OC-01", "GV.OC-02"])
        let said = try chosen(
            #"{"href": "catalog.json", "include-all": {}, "exclude-controls": [{"with-ids": ["ac-2.1"]}]}"#, framework: "nist-800-53r5")
        #expect(said?.controls.map(\.id) == catalogue.subtracting(["AC-2(1)"]).sorted())
        // Another profile is not its catalogue, nor is an address that leads nowhere.
        for address in ["acme_overlay_profile.json", "#11111111-2222-4333-8444-555555555555", "somewhere.json"] {
            #expect(try chosen(#"{"href": "\#(address)", "include-all": {}}"#, title: titled) == nil, "\(address)")
        }
        // Many questions about a source are refused before the first is answered.
        let many = Array(repeating: "{\(source), \"include-all\": {}}", count: 1_001).joined(separator: ",")
        #expect(throws: ImportFault.unreadableTree(.tooMany(allowed: 1_000), document: "made-up.json")) { try chosen(many) }
        // One that is not here is told, and nothing is taken for it.
        #expect(try chosen(#"{"href": "NIST_SP-800-53_rev5_HIGH-baseline_profile.json", "include-all": {}}"#) == nil)
        #expect(try chosen(#"{"href": "somewhere.json", "include-all": {}}"#) == nil)
        let partly = try chosen(
            #"{"href": "NIST_SP-800-53_rev5_HIGH-baseline_profile.json", "include-all": {}}, {\#(source), "include-controls": [{"with-ids": ["sc-7"]}]}"#
        )
        #expect(partly?.controls.map(\.id) == ["SC-7"])
        #expect(partly?.diagnostics.filter { $0.code == .choiceUnresolved }.map { $0.facts["member"] } == ["include-all"])
    }

    @Test("A mapping of many to many meets its limit before it is paired")
    func hostile() throws {
        let ids = (0..<3_000).map { #"{"id-ref": "a-\#($0)"}"# }.joined(separator: ",")
        let json = #"{"mapping-collection": {"mappings": [{"maps": [{"sources": [\#(ids)], "targets": [\#(ids)]}]}]}}"#
        #expect(throws: ImportFault.unreadableTree(.tooMany(allowed: 20_000), document: "made-up.json")) { try read(json) }
    }
}
