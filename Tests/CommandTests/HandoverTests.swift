import BuntanProtocol
import Foundation
import Testing

@testable import ClientCLI

@Suite("A service is handed over to another provider")
struct HandoverTests {
    private static let day = "2100-03-31"

    /// A provider with a customer and with whoever takes the service over, engaged in it as well.
    private static func with(_ body: @escaping @Sendable (CommandBench, _ fingerprint: String) async throws -> Void) async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            try await join("init --org Hoshi_Cloud", "hoshi", through: "provider", "object-storage", bench)
            let fingerprint = try #require(try await bench.expect("org --json", store: "hoshi").item["fingerprint"] as? String)
            try await body(bench, fingerprint)
        }
    }

    /// Invites and joins; what the joining said.
    @discardableResult
    private static func join(
        _ founding: String?, _ store: String, through provider: String, _ service: String, _ bench: CommandBench
    ) async throws -> String {
        let code = try #require(try await bench.expect("invite Somebody -s \(service) --json", store: provider).item["code"] as? String)
        if let founding { try await bench.found(founding, store: store) }
        let said = await bench.expect("join \(code)", store: store).output
        for name in [provider, store] { await bench.expect("sync", store: name) }
        return said
    }

    private static func handover(_ rest: String = "") -> String {
        "service handover object-storage --to hoshi --on \(day) -m sold \(rest)"
    }

    @Test("Each customer is told to whom and when, with the fingerprint that it can compare; until the day all goes on")
    func told() async throws {
        try await Self.with { bench, fingerprint in
            await bench.expect("confirm hoshi --yes", store: "provider")
            let said = await bench.expect(Self.handover("--yes --json"), store: "provider")
            let item = try said.item
            #expect(item["endsOn"] as? String == Self.day)
            #expect((item["engagements"] as? [String])?.sorted() == ["hoshi-cloud/object-storage", "kaisha/object-storage"])
            let successor = item["successor"] as? [String: Any]
            #expect(successor?["fingerprint"] as? String == fingerprint)
            #expect(await bench.expect("services", store: "provider").output.contains("retires on \(Self.day)"))
            await bench.expect("sync", store: "provider")

            let heard = await bench.expect("sync --json", store: "customer")
            let event = try (heard.item["events"] as? [[String: Any]])?.first { $0["event"] as? String == "end" }
            #expect((event?["successor"] as? [String: Any])?["fingerprint"] as? String == fingerprint)
            #expect(event?["endsOn"] as? String == Self.day && event?["message"] as? String == "sold")
            let status = await bench.expect("status", store: "customer").output
            #expect(status.contains("on \(Self.day), passes to Hoshi Cloud"), "\(status)")
            #expect(await bench.expect("engagements --lang ja", store: "customer").output.contains("Hoshi Cloudへ引継ぎ"))
            #expect(await bench.expect("engagements", store: "customer").output.contains("as the provider gives it: \(fingerprint)"))

            // Until then a release reaches whoever is engaged, and somebody who joins is told nothing that is not said to it.
            await bench.expect("service rename Storage -s object-storage", store: "provider")
            await bench.expect("publish 2 -m named", store: "provider")
            await bench.expect("sync", store: "provider")
            await bench.expect("sync", store: "customer")
            #expect(await bench.expect("releases --plain --fields label", store: "customer").output == "label\n1\n2\n")

            // The successor begins with the same rows, and its fingerprint is known to whoever comes over.
            await bench.expect("sync", store: "hoshi")
            let made = await bench.expect("service add Hoshi_Storage --template storage", store: "hoshi").output
            #expect(made.contains("3 rows"), "\(made)")
            await bench.expect("publish 1 -m taken_over --yes -s hoshi-storage", store: "hoshi")
            await bench.expect("sync", store: "hoshi")
            let joined = try await Self.join(nil, "customer", through: "hoshi", "hoshi-storage", bench)
            #expect(joined.contains("Example Cloud names this fingerprint as that of Hoshi Cloud"), "\(joined)")
        }
    }

    @Test("From the day on nothing is published or offered, and the first sync closes the service to each of them")
    func day() async throws {
        try await Self.with { bench, _ in
            await bench.expect("confirm hoshi --yes", store: "provider")
            await bench.expect("service handover object-storage --to hoshi -m sold --yes", store: "provider")
            for line in ["publish 2 -m late", "invite Late", "service rename Late", "service retire object-storage --yes"] {
                let place = line.hasPrefix("service retire") ? "" : " -s object-storage"
                let refused = await bench.expect("\(line)\(place) --json", store: "provider", exit: .refused)
                #expect(try refused.code == "service-retired", "\(line)")
            }
            let twice = "service handover object-storage --to hoshi -m sold --yes --json"
            #expect(try await bench.expect(twice, store: "provider", exit: .refused).code == "service-retired")
            await bench.expect("sync", store: "provider")
            for store in ["customer", "hoshi"] {
                await bench.expect("sync", store: store)
                let engagement = try await bench.expect("engagements --json", store: store).list.first?["end"] as? [String: Any]
                #expect(engagement?["isClosed"] as? Bool == true && engagement?["successor"] is [String: Any], "\(store)")
            }
            // The rows stay with whoever goes on with them.
            #expect(await bench.expect("service add Hoshi_Storage --template object-storage", store: "hoshi").output.contains("3 rows"))
        }
    }

    @Test("An end that was named before stays where it comes first, and a later handover replaces an earlier one")
    func again() async throws {
        try await Self.with { bench, _ in
            await bench.expect("confirm hoshi --yes", store: "provider")
            await bench.expect("engagement end kaisha --on 2099-01-01 -m leaving --yes", store: "provider")
            await bench.expect(Self.handover("--yes"), store: "provider")
            await bench.expect("service handover object-storage --to hoshi --on 2100-02-01 -m sooner --yes", store: "provider")
            await bench.expect("sync", store: "provider")
            let ends = try await bench.expect("engagements --json", store: "provider").list.map { $0["end"] as? [String: Any] }
            #expect(Set(ends.map { $0?["endsOn"] as? String }) == ["2099-01-01", "2100-02-01"])
            #expect(Set(ends.map { $0?["message"] as? String }) == ["leaving", "sooner"])
            #expect(await bench.expect("services", store: "provider").output.contains("retires on 2100-02-01"))
        }
    }

    @Test("It is refused without a reason, to a stranger, to somebody whom nobody has confirmed, on a day that is gone, or by half a name")
    func refused() async throws {
        try await Self.with { bench, fingerprint in
            for (line, exit, code) in [
                ("service handover object-storage --to hoshi --yes", CommandExit.usage, "reason-missing"),
                ("service handover object-storage --to nobody -m x --yes", .refused, "successor-not-engaged"),
                ("service handover object-storage --to hoshi -m x --yes", .refused, "successor-unconfirmed"),
                ("service handover object-storage --to hoshi --on 2020-01-01 -m x --yes", .usage, "date-in-past"),
                ("service handover object --to hoshi -m x --yes", .usage, "name-in-part"),
                ("service handover object-storage --to hoshi -m x --no-input", .usage, "answer-missing"),
            ] {
                let failed = await bench.expect("\(line) --json", store: "provider", exit: exit)
                let found = try failed.code
                #expect(found == code, "\(line): \(failed.errors)")
            }
            let theirs = await bench.expect(
                "service handover object-storage --to hoshi -m x --yes --json", store: "customer", exit: .refused)
            #expect(try theirs.code == "not-provider")
            // Nothing of it was written, and the successor is found by its fingerprint as well.
            #expect(!(await bench.expect("services", store: "provider").output.contains("retire")))
            await bench.expect("confirm hoshi --yes", store: "provider")
            let line = "service handover object-storage --to \(fingerprint) -m x"
            await bench.expect(line, store: "provider", answers: ["n"], isTerminal: true, exit: .usage)
            await bench.expect("\(line) --yes", store: "provider")
        }
    }
}
