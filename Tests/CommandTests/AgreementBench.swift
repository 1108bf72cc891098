import Testing

@testable import ClientCLI

/// What tests of agreements begin with: two sides that are ready to sign, and what they do.
extension AgreementCommandTests {
    /// Both sides at one on three rows, everything sent, signatories set.
    static func ready(_ bench: CommandBench, at server: LoopbackServer) async throws {
        try await bench.engagement(at: server)
        await bench.expect("confirm kaisha --yes", store: "provider")
        await bench.expect("use kaisha", store: "provider")
        await bench.expect("accept A-1 A-2 A-3", store: "customer")
        await settle(bench)
        for (store, name) in [("customer", "Hanako_Yamada"), ("provider", "Ichiro_Sato")] {
            await bench.expect("config signatory.name \(name)", store: store)
            await bench.expect("config signatory.title Security_Manager", store: store)
            await bench.expect("config timeZone Asia/Tokyo", store: store)
        }
    }

    static func settle(_ bench: CommandBench) async {
        for store in ["customer", "provider", "customer"] { await bench.expect("sync", store: store) }
    }

    /// The provider publishes the draft of its one service, and both sides have it.
    static func publish(_ bench: CommandBench, _ label: String) async {
        await bench.expect("publish \(label) -m changed -s object-storage", store: "provider")
        await settle(bench)
        for store in ["provider", "customer"] { await bench.expect("sync", store: store) }
    }

    static func digest(_ bench: CommandBench, _ store: String, _ options: String = "") async throws -> String {
        try #require(try await bench.expect("agree --print --json \(options)", store: store).item["digest"] as? String)
    }

    /// One side signs as a script does.
    static func sign(_ bench: CommandBench, _ store: String, _ options: String = "") async throws -> Outcome {
        let name = store == "customer" ? "Example_Cloud" : "Kaisha"
        return await bench.expect(
            "agree --incomplete --confirm \(name) --document \(try await digest(bench, store, options)) --json \(options)", store: store)
    }

    static func statuses(_ bench: CommandBench, _ store: String, _ options: String = "") async throws -> [String] {
        let items = try await bench.expect("agreements --json \(options)", store: store).json["items"] as? [[String: Any]]
        return items?.compactMap { $0["status"] as? String } ?? []
    }

    static func outbox(_ bench: CommandBench, _ store: String) async throws -> Int {
        (try await bench.expect("outbox --json", store: store).json["items"] as? [Any])?.count ?? -1
    }

    /// A bench with both sides ready, for the length of one test.
    static func with(_ body: @escaping @Sendable (CommandBench) async throws -> Void) async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await ready(bench, at: server)
            try await body(bench)
        }
    }

    /// Both sign the same, one after the other.
    static func signBoth(_ bench: CommandBench, _ options: String = "", first: String = "customer") async throws {
        for store in [first, first == "customer" ? "provider" : "customer"] {
            _ = try await sign(bench, store, options)
            await settle(bench)
        }
    }

    /// The same with an agreement that both have signed, for the length of one test.
    ///
    /// - Parameters:
    ///   - first: who makes the document.
    ///   - prepare: what comes before that.
    static func withSigned(
        by first: String, after prepare: @escaping @Sendable (CommandBench) async -> Void = { _ in },
        _ body: @escaping @Sendable (CommandBench, _ agreement: String) async throws -> Void
    ) async throws {
        try await with { bench in
            await prepare(bench)
            try await signBoth(bench, first: first)
            await bench.expect("sync", store: "provider")
            let listed = try await bench.expect("agreements --json", store: "customer").list
            try await body(bench, try #require(listed.first?["short"] as? String))
        }
    }
}
