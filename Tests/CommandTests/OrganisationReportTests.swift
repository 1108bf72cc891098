import Foundation
import Testing
import Wording

@testable import ClientCLI

@Suite("Reports of an organisation")
struct OrganisationReportTests {
    private typealias Members = [String: Any]

    /// A customer with two engagements: something agreed and something disputed in one, something agreed in the other.
    private static func busy() async throws -> EngagedBench {
        let engaged = try await EngagedBench()
        try engaged.engageForMail()
        let bench = engaged.bench
        await bench.expect("accept ac-2 -e object", store: "customer")
        await bench.expect("propose au-4 --allocation shared -m our_own_copy -e object", store: "customer")
        await bench.expect("accept sc-7 -e mail", store: "customer")
        await bench.expect("edit backup-requirement --set maxRpo=4h --set dataSetName/en=Orders -e object", store: "customer")
        try engaged.syncBoth()
        return engaged
    }

    private static func sections(_ document: Members) -> [String: Members] { document["sections"] as? [String: Members] ?? [:] }

    /// What `check` lists of violated must rules, each by what tells it from others.
    private static func musts(_ list: [Members]) -> Set<String> {
        Set(
            list.filter { $0["severity"] as? String == "must" && $0["result"] as? String == "violation" }.map { finding in
                ["rule", "id", "kind", "field", "side", "service"].map { "\(finding[$0] ?? "-")" }.joined(separator: "/")
                    + "\((finding["message"] as? Members)?["en"] ?? "")"
            })
    }

    @Test("It holds what the reports of its engagements hold, each with its engagement, and counts over all of them")
    func whole() async throws {
        let engaged = try await Self.busy()
        let bench = engaged.bench
        let document = try await bench.expect("report --organisation --json", store: "customer").json
        let sections = Self.sections(document)
        let counts = try #require((document["summary"] as? Members)?["counts"] as? [String: Int])
        let engagements = try #require(sections["engagements"]?["engagements"] as? [Members])
        let places = try #require(document["places"] as? [Members])
        #expect(engagements.count == 2 && places.count == 2 && counts["engagements"] == 2 && counts["services"] == 2)
        let heat = try #require(sections["heatmap"]?["places"] as? [Members])
        var (agreed, disputed, open, gaps) = (0, 0, 0, 0)
        var musts = Set<String>()
        for (place, heat) in zip(places, heat) {
            let engagement = try #require(engagements.first { $0["id"] as? String == place["engagement"] as? String })
            let handle = try #require(engagement["handle"] as? String)
            let one = try await bench.expect("report --json -e \(handle)", store: "customer").json
            let (own, whole) = (Self.sections(one), Self.sections(place))
            for name in ["matrix", "agreements", "disputes", "gaps"] {
                #expect(own[name].map { NSDictionary(dictionary: $0) } == whole[name].map { NSDictionary(dictionary: $0) }, "\(name)")
            }
            #expect((whole["matrix"]?["rows"] as? [Any])?.count == heat["rows"] as? Int && (heat["rows"] as? Int ?? 0) > 1)
            #expect((heat["place"] as? Members)?["engagement"] as? String == place["engagement"] as? String)
            let its = try #require((one["summary"] as? Members)?["counts"] as? [String: Int])
            #expect(its["agreed"] == heat["agreed"] as? Int)
            agreed += its["agreed"] ?? 0
            disputed += its["disputed"] ?? 0
            open += its["open"] ?? 0
            gaps += its["gaps"] ?? 0
            musts.formUnion(Self.musts(try await bench.run("check", "--json", "-e", handle, store: "customer").list))
        }
        #expect([agreed, disputed, open] == [2, 1, 3] && gaps > 0)
        #expect(counts["agreed"] == agreed && counts["disputed"] == disputed && counts["open"] == open && counts["gaps"] == gaps)
        // What is found in both is counted once, and far more is found than in the organisation's own records.
        let found = try #require(sections["findings"]?["counts"] as? [Members])
        let own = try #require(found.first { $0["place"] is NSNull }?["violatedMusts"] as? Int)
        #expect(counts["violatedMusts"] == musts.count && musts.count > own, "\(counts) \(musts.count) \(own)")
        #expect(found.count == 3)
        let families = try #require(sections["heatmap"]?["families"] as? [Members])
        #expect(families.last?["rows"] as? Int == 6 && families.last?["family"] is NSNull)
        #expect(families.compactMap { $0["family"] as? String } == ["AC", "AU", "CA", "SC"])
        let changes = try #require(sections["timeline"]?["changes"] as? [Members])
        #expect(Set(changes.compactMap { ($0["place"] as? Members)?["engagement"] as? String }).count == 2)
        #expect(changes.contains { $0["place"] is NSNull })
    }

    @Test("People read of each row and each finding with whom and about what it is, in either language and in both forms")
    func words() async throws {
        let engaged = try await Self.busy()
        let bench = engaged.bench
        for place in ["-e example", "-s object-storage"] {
            let refused = await bench.expect("report --organisation \(place) --json", store: "customer", exit: .usage)
            #expect(try refused.code == "options-exclude", "\(refused.errors)")
        }
        let page = await bench.expect("report --organisation", store: "customer").output
        for part in [
            "Organisation report", "id=\"heatmap\"", "id=\"matrix\"", "id=\"gaps\"", "id=\"disputes\"", "id=\"agreements\"", "our own copy",
            "<h3 class=\"group\">Example Cloud K.K. – Mail</h3>", "Rows by engagement or service", "Own records", "Orders",
        ] {
            #expect(page.contains(part), "\(part)")
        }
        // Each row has an anchor of its own, and what leads to one leads somewhere.
        let ids = page.matches(of: /\sid="([^"]+)"/).map { String($0.1) }
        #expect(Set(ids).count == ids.count)
        #expect(Set(page.matches(of: /href="#([^"]+)"/).map { String($0.1) }).isSubset(of: ids))
        #expect(ids.contains("p1-r1") && ids.contains("p2-r1"))
        let markdown = await bench.expect("report --organisation --format md", store: "customer").output
        #expect(markdown.contains("### Example Cloud K.K. – Object Storage\n") && markdown.contains("#### AC\n"))
        let japanese = await bench.expect("report --organisation --lang ja", store: "customer").output
        for part in ["組織の報告書", "取引関係・サービスごとの行数", "取引関係・サービスごとの指摘の数", "組織の記録", "責任分担表"] {
            #expect(japanese.contains(part), "\(part)")
        }
    }

    @Test("A service that nobody uses is a place of its own, without what takes two")
    func alone() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let table = try bench.file("rows.csv", "Framework,Control ID,Allocation\nnist-800-53r4,AC-2,shared\nnist-800-53r4,AU-4,customer\n")
        await bench.expect("import \(table) --yes")
        let document = try await bench.expect("report --organisation --json").json
        let places = try #require(document["places"] as? [Members])
        #expect(places.count == 1 && places[0]["engagement"] is NSNull)
        let its = Self.sections(places[0])
        #expect((its["matrix"]?["rows"] as? [Any])?.count == 2 && its["agreements"] == nil && its["gaps"] == nil)
        let counts = (document["summary"] as? Members)?["counts"] as? [String: Int]
        #expect(counts?["agreed"] == nil && counts?["gaps"] == nil && counts?["services"] == 1)
    }

    @Test("What was signed is in it with its signers")
    func signed() async throws {
        try await AgreementCommandTests.withSigned(by: "customer") { bench, short in
            for store in ["provider", "customer"] {
                let page = await bench.expect("report --organisation", store: store).output
                for part in ["Hanako Yamada", "Ichiro Sato", "Security Manager", short, "in force since"] {
                    #expect(page.contains(part), "\(store) \(part)")
                }
                let document = try await bench.expect("report --organisation --json", store: store).json
                let place = try #require((document["places"] as? [Members])?.first)
                #expect((Self.sections(place)["agreements"]?["signatures"] as? [Any])?.count == 2)
            }
        }
    }
}
