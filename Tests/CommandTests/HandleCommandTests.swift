import Foundation
import Testing

@testable import ClientCLI

@Suite("What services and engagements are called in a store")
struct HandleCommandTests {
    private static func handles(_ bench: CommandBench) async throws -> Set<String> {
        let items = try await bench.expect("services --json", store: "csp").json["items"] as? [[String: Any]] ?? []
        return Set(items.compactMap { $0["handle"] as? String })
    }

    @Test("A service keeps the handle it got, whatever comes beside it; its own new name gives it another")
    func kept() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kumo", store: "csp")
        var made: [String: String] = [:]
        for name in ["Object-Storage", "object-storage", "OBJECT-storage", "Object-storagE"] {
            let item = try await bench.expect("service add \(name) --json", store: "csp").item
            made[try #require(item["id"] as? String)] = try #require(item["handle"] as? String)
        }
        #expect(made.values.sorted() == ["object-storage", "object-storage-2", "object-storage-3", "object-storage-4"])
        let items = try await bench.expect("services --json", store: "csp").json["items"] as? [[String: Any]] ?? []
        for item in items {
            let id = try #require(item["id"] as? String)
            #expect(item["handle"] as? String == made[id], "\(id)")
        }
        await bench.expect("-s object-storage-2 service rename Archive", store: "csp")
        #expect(try await Self.handles(bench) == ["object-storage", "archive", "object-storage-3", "object-storage-4"])
    }

    @Test("A thing is found by its name as people write it, and nothing is chosen where several fit")
    func found() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kumo", store: "csp")
        #expect(await bench.run(["service", "add", "Object Storage"], store: "csp").exit == .done)
        #expect(await bench.run(["service", "add", "Object Lake"], store: "csp").exit == .done)
        #expect(await bench.run(["use", "OBJECT Storage"], store: "csp").exit == .done)
        let several = await bench.run(["use", "object", "--json"], store: "csp")
        #expect(several.exit == .usage)
        #expect(try several.code == "ambiguous-name")
        #expect(several.output.contains("object-lake") && several.output.contains("object-storage"))
    }

    @Test("Where a store holds several, people are told which one was meant, and what was changed in")
    func named() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kumo", store: "csp")
        await bench.expect("service add Archive", store: "csp")
        let alone = await bench.expect("matrix", store: "csp").output
        #expect(!alone.contains("archive"))
        await bench.expect("service add Queue", store: "csp")
        await bench.expect("use archive", store: "csp")
        for command in ["matrix", "releases", "conflicts", "edit cloud-service --set capabilityType=platform"] {
            let first = await bench.expect(command, store: "csp").output.split(separator: "\n").first
            #expect(first?.lowercased().contains("archive") == true, "\(command): \(first ?? "")")
            let other = await bench.expect("-s queue " + command, store: "csp").output.split(separator: "\n").first
            #expect(other?.lowercased().contains("queue") == true, "\(command): \(other ?? "")")
        }
        #expect(try await bench.expect("matrix --json", store: "csp").json["context"] as? [String: Any] != nil)
    }

    @Test("A new device calls engagements and services of one name as the others do")
    func alike() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            for _ in 0..<3 {
                let invited = await bench.expect("invite Kaisha --json", store: "provider")
                await bench.expect("join \(try #require(try invited.item["code"] as? String)) --yes", store: "customer")
                await bench.expect("service add Archive --yes", store: "customer")
                await bench.expect("sync", store: "customer")
            }
            try await bench.furtherDevice("laptop", of: "customer")
            for command in ["engagements", "services"] {
                func names(_ store: String) async throws -> [String: String] {
                    let items = try await bench.expect("\(command) --json", store: store).json["items"] as? [[String: Any]] ?? []
                    return Dictionary(
                        items.compactMap { item in
                            guard let handle = item["handle"] as? String, let id = item["id"] as? String else { return nil }
                            return (handle, id)
                        }, uniquingKeysWith: { first, _ in first })
                }
                let known = try await names("customer")
                let seen = try await names("laptop")
                #expect(known.count == 4 && seen == known, "\(known)\n\(seen)")
            }
        }
    }
}
