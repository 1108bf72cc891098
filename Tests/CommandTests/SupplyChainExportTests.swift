import Foundation
import Testing

@testable import ClientCLI

@Suite("A provider that relies on another: in its plan, and in what is reconciled")
struct SupplyChainExportTests {
    /// The customer of `object-storage` provides `mail`, whose A-1 its supplier does, and has a customer of its own for it.
    private static func with(_ body: @escaping @Sendable (CommandBench) async throws -> Void) async throws {
        try await AgreementCommandTests.with { bench in
            await bench.expect(
                "edit responsibility A-1 -s object-storage --set providerStatement/en=Word", store: "provider")
            await AgreementCommandTests.publish(bench, "2")
            let supplier = try #require(try await bench.expect("org --json", store: "provider").item["fingerprint"] as? String)
            let table = try bench.file(
                "mail.csv", "Framework,Control ID,Allocation\nf,A-1,supplier\nf,A-2,provider\nf,B-1,customer\n")
            await bench.expect("service add Mail", store: "customer")
            await bench.expect("import \(table) -s mail", store: "customer")
            let row = await bench.run(
                "edit", "responsibility", "A-1", "-s", "mail", "--set", "supplierPartyId=\(supplier)", store: "customer")
            #expect(row.exit == .done, "\(row.errors)")
            let dependency = await bench.run(
                "edit", "service-dependency", "-s", "mail", "--set", "upstreamServiceId=object-storage", "--set",
                "upstreamPartyId=\(supplier)", "--set", "upstreamName=Stores", "--set", "effectiveFrom=2026-04-01", "--set",
                "disclosedToCustomers=yes", store: "customer")
            #expect(dependency.exit == .done, "\(dependency.errors)")
            await bench.expect("publish 1 -m first -s mail", store: "customer")
            await bench.expect("sync", store: "customer")
            try await body(bench)
        }
    }

    private static func plan(_ folder: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/provider-ssp.json"))
        return try #require((try JSONSerialization.jsonObject(with: data) as? [String: Any])?["system-security-plan"] as? [String: Any])
    }

    @Test(
        "Its plan takes the supplier's row over by the id that the supplier's own plan gives it, names the party, and reads back as it was")
    func plans() async throws {
        try await Self.with { bench in
            let (above, own) = (bench.path + "/above", bench.path + "/own")
            await bench.expect("export oscal -e object-storage -o \(above)", store: "customer")
            await bench.expect("export oscal -s mail --audience counterpart -o \(own)", store: "customer")
            let plan = try Self.plan(own)
            let leveraged = (plan["system-implementation"] as? [String: Any])?["leveraged-authorizations"] as? [[String: Any]] ?? []
            #expect(leveraged.map { $0["date-authorized"] as? String } == ["2026-04-01"])
            let parties = (plan["metadata"] as? [String: Any])?["parties"] as? [[String: Any]] ?? []
            let supplier = try #require(parties.first { $0["name"] as? String == "Stores" }, "\(parties)")
            #expect(leveraged.first?["party-uuid"] as? String == supplier["uuid"] as? String)
            let text = try String(contentsOfFile: own + "/provider-ssp.json", encoding: .utf8)
            #expect(text.contains(#""role-id": "supplier""#) && text.contains("Relied on as the supplier states it."))
            // What it takes over is in its supplier's plan.
            let found = await bench.run("reconcile", "\(above)/provider-ssp.json", "\(own)/provider-ssp.json", "--json")
            let kinds = try #require(try found.item["findings"] as? [[String: Any]], "\(found.errors)").compactMap { $0["kind"] as? String }
            let counts = ((try found.item["pairs"] as? [[String: Any]])?.first?["counts"] as? [String: Any])?["inherited"] as? Int
            #expect(counts == 1 && !kinds.contains("dangling"), "\(kinds)")
            let again = await bench.expect("import \(own)/provider-ssp.json -s mail --yes", store: "customer")
            #expect(again.output.contains("already"), "\(again.output)")
            #expect(try await bench.expect("list annotation --json", store: "customer").list.isEmpty)
        }
    }

    @Test(
        "The sides of its engagement stand in a chain with its supplier; a customer that says what it does where nothing is asked is told")
    func sides() async throws {
        try await Self.with { bench in
            let code = try #require(try await bench.expect("invite End -s mail --json", store: "customer").item["code"] as? String)
            await bench.expect("init --org End", store: "end")
            await bench.expect("join \(code)", store: "end")
            await bench.expect("accept --where state=open --yes -e mail", store: "end")
            await bench.expect("sync", store: "end")
            await bench.expect("sync", store: "customer")
            let told = await bench.run("reconcile", "-e", "end", "--json", store: "customer")
            let chain = try #require(try told.item["chain"] as? [String: Any], "\(told.errors)")
            #expect((chain["documents"] as? [String])?.first == "Example Cloud" && (chain["documents"] as? [String])?.count == 3)
            let statements = try #require(chain["statements"] as? [[String: Any]])
            let first = try #require(statements.first { ($0["statement"] as? String)?.hasSuffix("A-1") == true }, "\(statements)")
            let tiers = try #require(first["tiers"] as? [[String: Bool]])
            #expect(tiers[0]["provides"] == true && tiers[1]["provides"] == true && tiers[2]["inherits"] == true)
            #expect(!((try told.item["findings"] as? [[String: Any]])?.contains { $0["kind"] as? String == "wrong-kind" } ?? true))
            // A customer does not see on whom its provider relies in turn.
            #expect(try await bench.run("reconcile", "-e", "mail", "--json", store: "end").item["chain"] is NSNull)
            let said = await bench.run(
                "edit", "responsibility-position", "A-2", "-e", "mail", "--set", "customerStatement/en=We do.", store: "end")
            #expect(said.exit == .done, "\(said.errors)")
            let wrong = await bench.run("reconcile", "-e", "mail", "--json", store: "end")
            let kinds = try #require(try wrong.item["findings"] as? [[String: Any]]).compactMap { $0["kind"] as? String }
            #expect(kinds.contains("wrong-kind"), "\(kinds) \(wrong.output)")
        }
    }

    @Test("A customer's own plan says what its statement of applicability decides, for itself alone")
    func decisions() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.found("init --org Example_Cloud --server \(server.address)", store: "provider")
            await bench.expect("service add Object_Storage --template iso27017", store: "provider")
            await bench.expect("edit responsibility 12.4.1 --set allocation=customer --set customerAction/en=Log.", store: "provider")
            await bench.expect("publish 1 -m first --yes", store: "provider")
            await bench.expect("sync", store: "provider")
            let code = try #require(try await bench.expect("invite Kaisha --json", store: "provider").item["code"] as? String)
            try await bench.found("init --org Kaisha", store: "customer")
            await bench.expect("join \(code)", store: "customer")
            await bench.expect("soa start --position customer --yes", store: "customer")
            await bench.expect("soa set 12.4.1 --applicable yes", store: "customer")
            await bench.expect("accept 12.4.1", store: "customer")
            for (audience, isTold) in [("myself", true), ("counterpart", false)] {
                let folder = "\(bench.path)/\(audience)"
                await bench.expect("export oscal -e object-storage --audience \(audience) -o \(folder)", store: "customer")
                let text = try String(contentsOfFile: folder + "/customer-ssp.json", encoding: .utf8)
                #expect(text.contains("adopted-customer") == isTold, "\(audience)")
            }
        }
    }
}
