import BuntanProtocol
import Foundation
import Testing

@testable import ClientCLI

@Suite("Ids and names that commands print")
struct ShownIdTests {
    /// Every short id in a document, wherever it stands.
    private static func shorts(in value: Any) -> [String] {
        switch value {
        case let object as [String: Any]:
            object.flatMap { key, value in
                if ["short", "agreementShort"].contains(key), let text = value as? String { return [text] }
                return shorts(in: value)
            }
        case let list as [Any]: list.flatMap { shorts(in: $0) }
        default: []
        }
    }

    @Test("Every short id that a command prints is found by show")
    func found() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await AgreementCommandTests.ready(bench, at: server)
            try await bench.furtherDevice("laptop", of: "customer")
            await bench.expect("propose A-3 --allocation shared -m both", store: "customer")
            await AgreementCommandTests.settle(bench)
            await bench.expect("accept A-3 -e kaisha", store: "provider")
            await AgreementCommandTests.settle(bench)
            _ = try await AgreementCommandTests.sign(bench, "customer")
            let lines: [(String, String)] = [
                ("service add Second", "provider"), ("invite Third -s object-storage", "provider"), ("services", "provider"),
                ("engagements", "provider"), ("releases -s object-storage", "provider"), ("devices", "provider"),
                ("engagement rename kaisha big", "provider"), ("invite --list", "provider"), ("log -e big", "provider"),
                ("comment A-1 why", "customer"), ("note A-1 because", "customer"), ("show A-1 A-3", "customer"),
                ("matrix", "customer"), ("list comment", "customer"), ("find both", "customer"), ("agreements", "customer"),
                ("devices", "customer"), ("outbox", "customer"), ("services", "customer"), ("engagements", "customer"),
                ("log", "customer"), ("sync", "customer"), ("undo", "customer"),
            ]
            var seen = Set<[String]>()
            for (line, store) in lines {
                let outcome = await bench.run(line.split(separator: " ").map(String.init) + ["--json"], store: store)
                for short in Self.shorts(in: try outcome.json) { seen.insert([store, short, line]) }
            }
            #expect(seen.count > 40)
            for entry in seen {
                let context = entry[0] == "provider" ? ["-e", "big"] : []
                let shown = await bench.run(["show", entry[1]] + context, store: entry[0])
                #expect(shown.exit == .done, "\(entry): \(shown.errors)")
            }
        }
    }

    @Test("Services and engagements are shown by handle, by id and by short id alike; an invitation says for whom it is")
    func places() async throws {
        let engaged = try await EngagedBench()
        let service = try #require(
            (try await engaged.bench.expect("services --json", store: "provider").json["items"] as? [[String: Any]])?.first)
        for name in ["handle", "id", "short"].compactMap({ service[$0] as? String }) {
            let shown = await engaged.bench.expect("show \(name)", store: "provider")
            #expect(shown.output.contains("Object Storage  service") && shown.output.contains("2026.1"), "\(name): \(shown.output)")
        }
        let engagement = try #require(
            (try await engaged.bench.expect("engagements --json", store: "provider").json["items"] as? [[String: Any]])?.first)
        for name in ["handle", "id", "short"].compactMap({ engagement[$0] as? String }) {
            let shown = await engaged.bench.expect("show \(name) --lang ja", store: "provider")
            #expect(shown.output.contains("Kaisha K.K.  取引関係") && shown.output.contains("未確認"), "\(name): \(shown.output)")
        }
    }

    @Test("log and show name rows and digests where a record holds ids and documents")
    func names() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("comment au-4 why", store: "customer")
        let uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/
        for line in ["log", "show 2026.1", "log 2026.1"] {
            let output = await engaged.bench.expect(line, store: "customer").output
            #expect(output.firstMatch(of: uuid) == nil, "\(line): \(output)")
            #expect(!output.contains("\"records\"") && !output.contains("\"format\""), "\(line): \(output)")
            #expect(output.contains("SHA-256 "), "\(line): \(output)")
        }
        #expect(await engaged.bench.expect("log", store: "customer").output.contains("row AU-4"))
        let comment = try #require(
            (try await engaged.bench.expect("list comment --json", store: "customer").json["items"] as? [[String: Any]])?.first?["short"]
                as? String)
        let shown = await engaged.bench.expect("show \(comment)", store: "customer").output
        #expect(shown.contains("AU-4") && shown.firstMatch(of: uuid) == nil, "\(shown)")
    }
}
