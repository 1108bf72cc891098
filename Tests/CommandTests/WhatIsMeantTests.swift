import Foundation
import Testing

@testable import ClientCLI

/// The selection of commands.md section 2: never by what happened to match.
@Suite("What a command works on")
struct WhatIsMeantTests {
    @Test("A flag comes before the environment, that before 'use', and no service lends another its engagement")
    func precedence() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("service add Second", store: "provider")
            func works(_ line: String, _ environment: [String: String]) async throws -> [String?] {
                let words = line.split(separator: " ").map(String.init) + ["--json"]
                let outcome = await bench.run(words, store: "provider", environment: environment)
                #expect(outcome.exit == .done, "\(line): \(outcome.errors)")
                let context = try #require(try outcome.json["context"] as? [String: Any])
                return [context["service"] as? String, context["engagement"] as? String]
            }
            let engaged = ["object-storage", "kaisha/object-storage"]
            let (ofFirst, ofSecond) = (["BUNTAN_ENGAGEMENT": "kaisha"], ["BUNTAN_SERVICE": "second"])
            #expect(try await works("status", ofFirst) == engaged)
            #expect(try await works("status", ofSecond) == ["second", nil])
            #expect(try await works("status -s second", ofFirst) == ["second", nil])
            #expect(try await works("releases -s second", ofFirst) == ["second", nil])
            #expect(try await works("status -e kaisha", ofSecond) == engaged)
            #expect(try await works("releases -e kaisha", ofSecond).first == "object-storage")
            #expect(try await works("disputes -s object", [:]) == engaged)
            await bench.expect("use second", store: "provider")
            #expect(try await works("status", ofFirst) == engaged)
            #expect(try await works("disputes -s object", [:]) == engaged)
            for line in ["disputes", "agreements", "accept A-1", "disputes -s second"] {
                let refused = await bench.expect(line, store: "provider", exit: .usage)
                #expect(refused.errors.contains("second is a service"), "\(refused.errors)")
            }
        }
    }

    @Test("Conflicts are listed of everything, each with the command that finds it again; a settled row has none")
    func conflictsOfAll() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            try await bench.furtherDevice("laptop", of: "customer")
            for (store, side) in [("customer", "shared"), ("laptop", "customer")] {
                await bench.expect("propose A-2 --allocation \(side) -m why", store: store)
                await bench.expect("sync", store: store)
            }
            await bench.expect("sync", store: "customer")
            await bench.expect("service add Own", store: "customer")
            let shown = await bench.expect("conflicts --all", store: "customer")
            let command = try #require(shown.output.split(separator: "\n").first { $0.contains("buntan resolve") })
            #expect(command.hasSuffix(" -e example-cloud/object-storage"), "\(shown.output)")
            let engaged = "-e example-cloud"
            #expect(try await bench.expect("conflicts --all --json", store: "customer").list.count == 1)
            #expect(try await bench.expect("conflicts A-2 --json \(engaged)", store: "customer").list.count == 1)
            #expect(try await bench.expect("conflicts A-1 --json \(engaged)", store: "customer").list.isEmpty)
            for word in ["conflicts Z-9", "resolve Z-9 allocation --take 1 --seen 7k3q"] {
                let unknown = await bench.expect("\(word) \(engaged) --json", store: "customer", exit: .usage)
                #expect(try unknown.code == "unknown-row", "\(unknown.errors)")
            }
            let settled = await bench.expect(
                "resolve A-1 allocation --take 1 --seen 7k3q --json \(engaged)", store: "customer", exit: .usage)
            #expect(try settled.code == "not-conflicting", "\(settled.errors)")
            let words = command.split(separator: " ").dropFirst().joined(separator: " ")
            await bench.expect(words, store: "customer")
            #expect(try await bench.expect("conflicts --all --json", store: "customer").list.isEmpty)
        }
    }

    @Test("A service without a row keeps nobody waiting, and nothing is said to be wrong")
    func emptyDraft() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        await bench.expect("service add Object_Storage")
        #expect(try await bench.expect("todo --json").list.isEmpty)
        #expect(try await bench.expect("todo --all --json").list.isEmpty)
    }

    @Test("A service that the server does not hold yet is said to wait, and to have been handed over")
    func handedOver() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            await bench.expect("init --org Kaisha --server \(server.address)")
            await bench.expect("sync")
            await bench.expect("service add Object_Storage")
            let waiting = await bench.expect("outbox")
            #expect(waiting.output.contains("object-storage is not on the server yet"), "\(waiting.output)")
            let preview = try #require(try await bench.expect("sync -n --json").item["toMove"] as? [[String: Any]])
            #expect(preview.map { $0["name"] as? String } == ["object-storage"])
            #expect(await bench.expect("sync -n").output.contains("Would hand object-storage to the server"))
            let synced = await bench.expect("sync")
            #expect(synced.output.contains("object-storage is on the server now"), "\(synced.output)")
            #expect(!synced.output.contains("Nothing new."))
            #expect(await bench.expect("outbox").output == "Nothing waits to be sent.\n")
            #expect(await bench.expect("sync").output == "Nothing new.\n")
        }
    }

    @Test("A device that is asked for again has the same keys, and its code can be printed again")
    func requestAgain() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        let fingerprint = try #require(try await bench.expect("org --json").item["fingerprint"] as? String)
        func request(_ label: String, store: String) async throws -> [String: Any] {
            try await bench.expect("device request \(label) --org \(fingerprint) --json", store: store).item
        }
        let (first, again) = (try await request("laptop", store: "laptop"), try await request("laptop", store: "laptop"))
        #expect(first["code"] as? String == again["code"] as? String)
        #expect(first["device"] as? String != (try await request("laptop", store: "other"))["device"] as? String)
        // The keys of an organisation's own device, or of an unfinished founding, are nobody else's request.
        await bench.expect("device request laptop --org \(fingerprint)", exit: .usage)
    }

    @Test("What a setting is shown as is what is used: a server that a code brought, and who still has to be named")
    func settings() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let shown = try await bench.expect("config server --json", store: "customer").list.first
            #expect(shown?["value"] as? String == server.address && shown?["source"] as? String == "store")
            await bench.expect("accept A-1 A-2 A-3 --yes", store: "customer")
            await bench.expect("sync", store: "customer")
            for (missing, setting) in [("signatory.name NAME", "signatory.name"), ("signatory.title TITLE", "signatory.title")] {
                let refused = await bench.expect("agree", store: "customer", exit: .refused)
                #expect(refused.errors.contains("buntan config \(missing)"), "\(refused.errors)")
                await bench.expect("config \(setting) Somebody", store: "customer")
            }
            let file = bench.path + "/rows-out.csv"
            #expect(await bench.expect("export csv -o \(file)", store: "customer").output.hasSuffix("rows-out.csv, 3 rows.\n"))
        }
    }

    @Test("A change that waits has the same letters in the outbox as everywhere")
    func outboxLetters() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("accept A-1", store: "customer")
            func letters(_ line: String) async throws -> String? {
                try await bench.expect(line, store: "customer").list.first?["short"] as? String
            }
            let short = try #require(try await letters("outbox --json"))
            #expect(try await letters("log A-1 --json --limit 1") == short)
            #expect(await bench.expect("outbox", store: "customer").output.contains("\n\(short)  "))
        }
    }
}
