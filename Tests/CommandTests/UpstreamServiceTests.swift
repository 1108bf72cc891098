import Foundation
import Testing

@testable import ClientCLI

@Suite("The services that others build on")
struct UpstreamServiceTests {
    private static func upstream(_ bench: CommandBench, _ store: String, of handle: String) async throws -> [[String: Any]] {
        let services = try await bench.expect("services --json", store: store).list
        return try #require(services.first { $0["handle"] as? String == handle }?["upstream"] as? [[String: Any]])
    }

    @Test("What an own service builds on is listed with provider, kind, newest release and engagement, for people and programs")
    func own() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("service add Mail", store: "customer")
            #expect(try await Self.upstream(bench, "customer", of: "mail").isEmpty)
            #expect(!(await bench.expect("services", store: "customer").output.contains("Upstream")))

            let edit = "edit service-dependency -s mail --set"
            await bench.expect("\(edit) upstreamServiceId=object-storage --set dependencyType=hosting", store: "customer")
            await bench.expect("\(edit) upstreamName=Post --set dependencyType=network", store: "customer")
            let listed = try await Self.upstream(bench, "customer", of: "mail")
            let known = try #require(listed.first)
            #expect(listed.count == 2 && known["service"] as? String == "object-storage" && known["release"] as? String == "1")
            #expect(known["engagements"] as? [String] == ["example-cloud/object-storage"])
            #expect((known["provider"] as? [String: Any])?["name"] as? [String: String] == ["en": "Example Cloud"])
            #expect((known["fields"] as? [String: Any])?["dependencyType"] as? String == "hosting")
            let named = try #require(listed.last)
            #expect(named["service"] is NSNull && named["provider"] is NSNull && named["release"] is NSNull)
            #expect(try await Self.upstream(bench, "customer", of: "object-storage").isEmpty)

            let page = await bench.expect("services", store: "customer").output.split(separator: "\n")
            let short = try #require(known["short"] as? String)
            let line = try #require(page.first { $0.hasPrefix(short) })
            for word in ["Object Storage", "Example Cloud", "hosting", "mail", " 1 ", "example-cloud/object-storage"] {
                #expect(line.contains(word), "\(word): \(line)")
            }
            #expect(page.contains { $0.contains("Post") && $0.contains("network") })
            #expect(await bench.expect("services --lang ja", store: "customer").output.contains("上流のサービス"))

            await bench.expect("delete \(try #require(named["short"] as? String)) -m gone", store: "customer")
            #expect(try await Self.upstream(bench, "customer", of: "mail").count == 1)
            let slip = await bench.expect("\(edit) upstreamServiceId=object-storag --json", store: "customer", exit: .usage)
            #expect(slip.output.contains("object-storag"), "\(slip.output)")
        }
    }

    @Test("A customer sees what its provider discloses and nothing else, and knows the service again where it holds it")
    func disclosed() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let table = try bench.file("mail.csv", "Framework,Control ID,Allocation\nf,B-1,provider\n")
            await bench.expect("service add Mail", store: "customer")
            await bench.expect("import \(table) -s mail", store: "customer")
            let edit = "edit service-dependency -s mail --set"
            await bench.expect("\(edit) upstreamName=Hidden", store: "customer")
            await bench.expect(
                "\(edit) upstreamName=Stores --set upstreamServiceId=object-storage --set disclosedToCustomers=yes", store: "customer")
            await bench.expect("publish 1 -m first -s mail", store: "customer")
            await bench.expect("sync", store: "customer")
            func code(_ store: String, _ service: String) async throws -> String {
                try #require(try await bench.expect("invite End -s \(service) --json", store: store).item["code"] as? String)
            }
            await bench.expect("init --org End", store: "end")
            await bench.expect("join \(try await code("customer", "mail"))", store: "end")
            let before = try await Self.upstream(bench, "end", of: "mail")
            #expect(before.count == 1 && before.first?["service"] is NSNull)
            #expect((before.first?["fields"] as? [String: Any])?["upstreamName"] as? String == "Stores")
            #expect(!(await bench.expect("services", store: "end").output.contains("Hidden")))

            await bench.expect("join \(try await code("provider", "object-storage"))", store: "end")
            let after = try #require(try await Self.upstream(bench, "end", of: "mail").first)
            #expect(after["service"] as? String == "object-storage")
            #expect(after["engagements"] as? [String] == ["example-cloud/object-storage"])
            #expect(after["release"] as? String == "1")
        }
    }
}
