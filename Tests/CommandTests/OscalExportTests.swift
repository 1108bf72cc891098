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
}
