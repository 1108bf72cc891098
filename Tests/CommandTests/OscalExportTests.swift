import Foundation
import Testing

@testable import ClientCLI

@Suite("export oscal: plans of both sides in a folder")
struct OscalExportTests {
    @Test("The provider's plan changes nothing where it came from; a folder is written whole, and over with --yes alone")
    func provider() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Object_Storage --template iso27017")
        let none = await bench.run("export", "oscal")
        #expect(none.exit == .usage && none.errors.contains("buntan export oscal -o FOLDER"), "\(none.errors)")
        await bench.expect("edit responsibility 12.3.1 --set allocation=shared --set providerStatement/en=Kept_30_days.")
        await bench.expect("note 12.3.1 INNER")
        let folder = bench.path + "/oscal"
        #expect(try await bench.expect("export oscal --audience public -o \(folder) --json", exit: .refused).code == "nothing-published")
        let told = await bench.expect("export oscal -o \(folder)")
        #expect(told.output.contains("catalog.json, provider-ssp.json in \(folder), 44 rows"), "\(told.output)")
        #expect(try await bench.expect("export oscal -o \(folder) --json", exit: .machine).code == "file-exists")
        await bench.expect("export oscal -o \(folder) --yes")
        #expect(await bench.expect("import \(folder)/provider-ssp.json --yes").output.contains("already"))
        await bench.expect("publish 1 -m first --yes")
        let published = bench.path + "/published"
        await bench.expect("export oscal --audience counterpart -o \(published)")
        #expect(await bench.expect("import \(published)/provider-ssp.json --yes").output.contains("already"))
        for name in ["catalog.json", "provider-ssp.json"] {
            let text = try String(contentsOfFile: published + "/" + name, encoding: .utf8)
            #expect(!text.contains("INNER") && text.contains("\"oscal-version\": \"1.2.3\""))
        }
        // The same contents are the same bytes.
        await bench.expect("export oscal --audience counterpart -o \(published)-again")
        for name in ["catalog.json", "provider-ssp.json"] {
            #expect(FileManager.default.contentsEqual(atPath: "\(published)/\(name)", andPath: "\(published)-again/\(name)"))
        }
    }

    @Test("What no row has a place for goes back to whoever brought it, and to nobody else; read back it changes nothing")
    func givenBack() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Works")
        let plan = bench.path + "/plan.json"
        try Data(Self.foreign.utf8).write(to: URL(fileURLWithPath: plan))
        await bench.expect("import \(plan) --yes")
        await bench.expect("publish 1 -m first --yes")
        let kept = ["OURS ALONE", "ac-1_prm_1", "STRANGE", "BESIDE"]
        for audience in ["myself", "counterpart", "public"] {
            let folder = "\(bench.path)/\(audience)"
            let told = await bench.expect("export oscal --audience \(audience) -o \(folder)")
            #expect(told.output.contains("private notes of its rows are in it") == (audience == "myself"), "\(told.output)")
            let text = try String(contentsOfFile: folder + "/provider-ssp.json", encoding: .utf8)
            #expect(kept.filter(text.contains) == (audience == "myself" ? kept : []), "\(audience)")
        }
        #expect(await bench.expect("import \(bench.path)/myself/provider-ssp.json --yes").output.contains("already"))
    }

    private static let foreign = #"""
        {"system-security-plan":{"uuid":"11111111-2222-4333-8444-555555555555","metadata":{"title":"x","oscal-version":"1.1.2"},
        "import-profile":{"href":"NIST_SP-800-53_rev5_profile.json"},"system-implementation":{"components":[
        {"uuid":"21111111-2222-4333-8444-555555555555","type":"this-system","title":"Works"}]},
        "control-implementation":{"implemented-requirements":[{"uuid":"31111111-2222-4333-8444-555555555555","control-id":"ac-1",
        "by-components":[{"component-uuid":"21111111-2222-4333-8444-555555555555","uuid":"41111111-2222-4333-8444-555555555555",
        "description":"OURS ALONE","set-parameters":[{"param-id":"ac-1_prm_1","values":["staff"]}],"strange":"STRANGE",
        "remarks":"BESIDE","implementation-status":{"state":"implemented"},
        "export":{"provided":[{"uuid":"51111111-2222-4333-8444-555555555555","description":"A policy."}]}}]}]}}}
        """#

    @Test("Of an engagement the customer's plan answers the provider's")
    func engagement() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("propose AU-4 --allocation provider -m ours", store: "provider")
        for store in ["provider", "customer"] { try engaged.sync(store) }
        await engaged.bench.expect("accept --where state=open --yes", store: "customer")
        let folder = engaged.bench.path + "/plans"
        await engaged.bench.expect("export oscal -o \(folder)", store: "customer")
        let found = await engaged.bench.run("reconcile", "\(folder)/provider-ssp.json", "\(folder)/customer-ssp.json", "--json")
        let findings = try #require(try found.item["findings"] as? [[String: Any]], "\(found.errors) \(found.output)")
        #expect(Set(findings.compactMap { $0["kind"] as? String }).isSubset(of: ["unanswered"]), "\(findings)")
        let plan = try String(contentsOfFile: "\(folder)/customer-ssp.json", encoding: .utf8)
        #expect(plan.contains("\"position\"") && plan.contains("Done by the provider."))
        // Turned round, nothing is compared, and that is no good news.
        let turned = await engaged.bench.run("reconcile", "\(folder)/customer-ssp.json", "\(folder)/provider-ssp.json")
        #expect(turned.exit == .found && turned.output.contains("nothing was compared"), "\(turned.output)")
        // Everybody is shown the provider's alone.
        await engaged.bench.expect("export oscal --audience public -o \(folder)-public", store: "provider")
        #expect(!FileManager.default.fileExists(atPath: "\(folder)-public/customer-ssp.json"))
        // Written over what the counterpart was given, the folder holds nothing of it.
        await engaged.bench.expect("export oscal --audience public -o \(folder) --yes", store: "customer")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["catalog.json", "provider-ssp.json"])
    }

    @Test("Records beside the rows stand in the provider's plan, whole and where OSCAL has a place for them; read back they are counted")
    func beside() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Object_Storage --template iso27017 --model saas --deployment public")
        await bench.expect("edit backup-specification --set rpo=4h --set schedule+={backupType:_full}")
        await bench.expect("edit monitoring-capability --set ownInstancesOnly=yes")
        await bench.expect("edit jurisdiction --set country=JP --set lawName/en=Act --set lawName/ja=法")
        await bench.expect("edit contact-point --shared --set purpose=support --set channel=email --set address=desk@example.org")
        await bench.expect(
            "edit service-dependency --set upstreamName=Big_IaaS --set dependencyType=hosting --set disclosedToCustomers=yes")
        await bench.expect("edit evidence --shared --set evidenceType=certificate --set issuer=Auditor --set coveredControlIds+=9.2.1")
        await bench.expect("publish 1 -m first --yes")
        let folder = bench.path + "/plan"
        await bench.expect("export oscal --audience counterpart -o \(folder)")
        let text = try String(contentsOfFile: folder + "/provider-ssp.json", encoding: .utf8)
        let plan = try #require(
            (try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])?["system-security-plan"] as? [String: Any])
        func items(_ path: String...) -> [[String: Any]] {
            var node: Any? = plan
            for name in path { node = (node as? [String: Any])?[name] }
            return node as? [[String: Any]] ?? []
        }
        func requirement(_ control: String) throws -> [[String: Any]] {
            let all = items("control-implementation", "implemented-requirements")
            return try #require(all.first { $0["control-id"] as? String == control })["props"] as? [[String: Any]] ?? []
        }
        let backup = try requirement("iso27017-12.3.1")
        #expect(backup.contains { $0["name"] as? String == "rpo" && $0["value"] as? String == "PT4H" }, "\(backup)")
        let schedule = try #require(backup.first { $0["name"] as? String == "schedule" })
        #expect(schedule["remarks"] as? String == #"[{"backupType":"full"}]"#, "\(schedule)")
        #expect(Set(backup.compactMap { $0["group"] as? String }).count == 1)
        #expect(try requirement("iso27017-cld.12.4.5").contains { $0["name"] as? String == "ownInstancesOnly" })
        #expect(try requirement("iso27017-9.2.1").contains { $0["value"] as? String == "Auditor certificate" })
        #expect(try requirement("iso27017-9.2.2").isEmpty)
        let places = items("metadata", "locations")
        #expect(places.contains { ($0["address"] as? [String: Any])?["country"] as? String == "JP" }, "\(places)")
        #expect(places.contains { $0["email-addresses"] as? [String] == ["desk@example.org"] }, "\(places)")
        #expect(items("metadata", "revisions").map { $0["version"] as? String } == ["1"])
        #expect(items("system-implementation", "components").contains { $0["title"] as? String == "Big IaaS" })
        let models = items("system-characteristics", "props").compactMap { $0["value"] as? String }
        #expect(models == ["saas", "public-cloud"], "\(models)")
        let resources = items("back-matter", "resources")
        let law = try #require(resources.first { ($0["title"] as? String)?.hasPrefix("jurisdiction: ") == true })
        let wrapped = try #require((law["base64"] as? [String: Any])?["value"] as? String)
        #expect(String(decoding: try #require(Data(base64Encoded: wrapped)), as: UTF8.self).contains(#""ja":"法""#))
        let again = await bench.expect("import \(folder)/provider-ssp.json --yes")
        #expect(again.output.contains("already"), "\(again.output)")
        #expect(again.errors.contains("records of other kinds"), "\(again.errors)")
        #expect(try await bench.expect("list annotation --json").list.isEmpty)
    }

    @Test("What both have signed stands in both plans: its digest, the day, and an approval for each signature; for everybody it does not")
    func signed() async throws {
        try await AgreementCommandTests.withSigned(by: "customer") { bench, _ in
            let folder = bench.path + "/signed"
            await bench.expect("export oscal -e kaisha -o \(folder)", store: "provider")
            for name in ["provider-ssp.json", "customer-ssp.json"] {
                let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
                #expect(text.components(separatedBy: #""type": "approval""#).count == 3 && text.contains("urn:sha256:"), "\(name)")
            }
            await bench.expect("export oscal --audience public -e kaisha -o \(folder)-public", store: "provider")
            let open = try String(contentsOfFile: folder + "-public/provider-ssp.json", encoding: .utf8)
            #expect(!open.contains("approval") && !open.contains("Kaisha"))
        }
    }
}
