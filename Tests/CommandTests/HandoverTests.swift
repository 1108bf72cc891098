import BuntanProtocol
import Foundation
import Testing

@testable import ClientCLI

@Suite("A service is handed over to another provider", .serialized)
struct HandoverTests {
    private static let day = "2100-03-31"

    /// A provider with a customer and with whoever takes the service over, engaged in it as well.
    private static func with(
        confirmed: Bool = true, _ body: @escaping @Sendable (CommandBench, _ fingerprint: String, _ server: String) async throws -> Void
    ) async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            try await join("init --org Hoshi_Cloud", "hoshi", through: "provider", "object-storage", bench)
            let fingerprint = try #require(try await bench.expect("org --json", store: "hoshi").item["fingerprint"] as? String)
            if confirmed { await bench.expect("confirm hoshi --yes", store: "provider") }
            try await body(bench, fingerprint, server.address)
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

    private static func handover(to successor: String = "hoshi-cloud", on day: String = day, _ reason: String = "sold") -> String {
        "service handover object-storage --to \(successor) --on \(day) -m \(reason) --yes --json"
    }

    /// What a sync tells of handovers and ends.
    private static func events(_ bench: CommandBench, _ store: String) async throws -> [[String: Any]] {
        let events = try await bench.expect("sync --json", store: store).item["events"] as? [[String: Any]] ?? []
        return events.filter { ["handover", "handover-withdrawn", "end"].contains($0["event"] as? String) }
    }

    /// The ends of the engagements of a store, by their handles.
    private static func ends(_ bench: CommandBench, _ store: String) async throws -> [String: [String: Any]] {
        let list = try await bench.expect("engagements --json", store: store).list
        return Dictionary(list.map { ($0["handle"] as? String ?? "", $0["end"] as? [String: Any] ?? [:]) }) { first, _ in first }
    }

    @Test("Each customer is told to whom, when and why, with the fingerprint to compare; until the day all goes on")
    func told() async throws {
        try await Self.with { bench, fingerprint, _ in
            let item = try await bench.expect(Self.handover(), store: "provider").item
            #expect(item["passesOn"] as? String == Self.day)
            #expect((item["engagements"] as? [String])?.sorted() == ["hoshi-cloud/object-storage", "kaisha/object-storage"])
            #expect((item["successor"] as? [String: Any])?["fingerprint"] as? String == fingerprint)
            #expect(await bench.expect("services", store: "provider").output.contains("retires on \(Self.day)"))
            // Said again it tells nobody anything new.
            let again = try await bench.expect(Self.handover(), store: "provider").item
            #expect(again["engagements"] as? [String] == [] && again["change"] is NSNull)
            // The day of retirement is the provider's own, and no release is due for it.
            #expect(!(await bench.expect("todo -s object-storage", store: "provider").output.contains("publish")))
            await bench.expect("sync", store: "provider")

            let event = try #require(try await Self.events(bench, "customer").first)
            let handover = try #require(event["handover"] as? [String: Any])
            #expect(event["event"] as? String == "handover" && handover["fingerprint"] as? String == fingerprint)
            #expect(handover["passesOn"] as? String == Self.day && handover["message"] as? String == "sold")
            let status = await bench.expect("status", store: "customer").output
            #expect(status.contains("on \(Self.day), passes to Hoshi Cloud"), "\(status)")
            #expect(await bench.expect("engagements --lang ja", store: "customer").output.contains("Hoshi Cloudへ引継ぎ"))
            let listed = await bench.expect("engagements", store: "customer").output
            #expect(listed.contains("whose fingerprint is \(fingerprint): sold"), "\(listed)")

            await bench.expect("service rename Storage -s object-storage", store: "provider")
            let published = await bench.expect("publish 2 -m named", store: "provider")
            #expect(!(published.output + published.errors).contains("retired on"), "\(published.output)\(published.errors)")
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

    @Test("Another organisation of the successor's name is warned of by whoever joins it")
    func impostor() async throws {
        try await Self.with { bench, fingerprint, server in
            await bench.expect(Self.handover(), store: "provider")
            await bench.expect("sync", store: "provider")
            await bench.expect("sync", store: "customer")
            try await bench.found("init --org Hoshi_Cloud --server \(server)", store: "impostor")
            await bench.expect("service add Object_Storage --template iso27017", store: "impostor")
            await bench.expect("publish 1 -m first --yes", store: "impostor")
            await bench.expect("sync", store: "impostor")
            let joined = try await Self.join(nil, "customer", through: "impostor", "object-storage", bench)
            #expect(joined.contains("Take care") && joined.contains(fingerprint), "\(joined)")
        }
    }

    @Test("From the day on nothing is published or offered, the first sync closes the service, and whoever came late is told all the same")
    func day() async throws {
        try await Self.with { bench, _, _ in
            let code = try #require(try await bench.expect("invite Late --json", store: "provider").item["code"] as? String)
            await bench.expect("config timeZone UTC", store: "provider")
            let now = try #require(try await bench.expect("services --json", store: "provider").json["at"] as? String)
            let today = String(now.prefix(10))
            await bench.expect("edit responsibility A-1 -s object-storage --set customerAction/en=Else.", store: "provider")
            let said = await bench.expect("service handover object-storage --to hoshi-cloud --on \(today) -m sold --yes", store: "provider")
            #expect(said.output.contains("An invitation to it is still open"), "\(said.output)")
            for line in ["publish 2 -m late", "invite Later", "service rename Late", "service retire object-storage --yes"] {
                let place = line.hasPrefix("service retire") ? "" : " -s object-storage"
                let refused = await bench.expect("\(line)\(place) --json", store: "provider", exit: .refused)
                #expect(try refused.code == "service-retired", "\(line)")
            }
            await bench.expect("sync", store: "provider")
            for store in ["customer", "hoshi"] {
                await bench.expect("sync", store: store)
                let end = try #require(try await Self.ends(bench, store).values.first)
                #expect(end["isClosed"] as? Bool == true && end["handover"] is [String: Any], "\(store)")
            }
            #expect(await bench.expect("service add Hoshi_Storage --template object-storage", store: "hoshi").output.contains("3 rows"))
            try await bench.found("init --org Late", store: "late")
            await bench.expect("join \(code)", store: "late")
            await bench.expect("sync", store: "provider")
            let late = try await bench.expect(Self.handover(on: today), store: "provider").item
            #expect(late["engagements"] as? [String] == ["late/object-storage"])
            await bench.expect("sync", store: "provider")
            #expect(try await Self.events(bench, "late").contains { $0["event"] as? String == "handover" })
        }
    }

    @Test("A later word replaces the one before, be its day sooner or later; an end that comes first stays, and stays its side's own")
    func again() async throws {
        try await Self.with { bench, _, _ in
            await bench.expect("engagement end kaisha --on 2099-01-01 -m leaving --yes", store: "provider")
            for (on, reason) in [(Self.day, "sold"), ("2100-02-01", "sooner"), ("2100-09-30", "postponed")] {
                await bench.expect(Self.handover(on: on, reason), store: "provider")
                let ends = try await Self.ends(bench, "provider")
                let (kaisha, hoshi) = (ends["kaisha/object-storage"], ends["hoshi-cloud/object-storage"])
                #expect(kaisha?["endsOn"] as? String == "2099-01-01" && kaisha?["message"] as? String == "leaving")
                #expect(hoshi?["endsOn"] as? String == on && hoshi?["message"] as? String == reason)
                #expect((kaisha?["handover"] as? [String: Any])?["passesOn"] as? String == on)
                #expect(await bench.expect("services", store: "provider").output.contains("retires on \(on)"))
            }
            for store in ["provider", "customer"] { await bench.expect("sync", store: store) }
            // What a customer says of its own end is no handover of the customer's.
            await bench.expect("engagement end example-cloud --on 2098-05-05 -m gone --yes", store: "customer")
            let heard = try await Self.events(bench, "provider")
            #expect(heard.map { $0["event"] as? String } == ["end"] && heard.first?["endsOn"] as? String == "2098-05-05", "\(heard)")
            let status = await bench.expect("status -e kaisha", store: "provider").output
            #expect(status.contains("on 2098-05-05, said by them"), "\(status)")
        }
    }

    @Test("Two devices that hand over side by side leave one whole word, and of two days the earlier holds")
    func sideBySide() async throws {
        try await Self.with { bench, fingerprint, _ in
            let own = try #require(try await bench.expect("org --json", store: "provider").item["fingerprint"] as? String)
            let request = await bench.expect("device request laptop --org \(own) --json", store: "laptop")
            let asked = try #require(try request.item["code"] as? String)
            let added = await bench.expect("device add \(asked) --yes --json", store: "provider")
            await bench.expect("join \(try #require(try added.item["code"] as? String))", store: "laptop")
            for store in ["provider", "laptop"] { await bench.expect("sync", store: store) }
            let tsuki = try await Self.join("init --org Tsuki_Cloud", "tsuki", through: "provider", "object-storage", bench)
            #expect(tsuki.contains("Joined"))
            for store in ["provider", "laptop"] { await bench.expect("sync", store: store) }
            await bench.expect("confirm tsuki --yes", store: "laptop")

            await bench.expect(Self.handover(), store: "provider")
            await bench.expect(Self.handover(to: "tsuki-cloud", on: "2100-09-30", "other"), store: "laptop")
            for store in ["provider", "laptop", "provider", "customer"] { await bench.expect("sync", store: store) }
            for store in ["provider", "laptop", "customer"] {
                // Whose word came last in the log counts, with its own day, name and reason: nothing of two is mixed.
                let handovers = try await Self.ends(bench, store).values.compactMap { $0["handover"] as? [String: Any] }
                #expect(handovers.count == (store == "customer" ? 1 : 3), "\(store)")
                for handover in handovers {
                    let isHoshi = handover["fingerprint"] as? String == fingerprint
                    #expect((handover["name"] as? [String: String])?["en"] == (isHoshi ? "Hoshi Cloud" : "Tsuki Cloud"))
                    #expect(handover["passesOn"] as? String == (isHoshi ? Self.day : "2100-09-30"))
                    #expect(handover["message"] as? String == (isHoshi ? "sold" : "other"))
                }
            }
            #expect(await bench.expect("services", store: "laptop").output.contains("retires on \(Self.day)"))
        }
    }

    @Test("It is taken back in all engagements at once until the day has come, and not undone in one")
    func takenBack() async throws {
        try await Self.with { bench, _, _ in
            let none = await bench.expect("service handover object-storage --withdraw --yes --json", store: "provider", exit: .refused)
            #expect(try none.code == "handover-none")
            await bench.expect(Self.handover(), store: "provider")
            await bench.expect(Self.handover(on: "2100-09-30", "later"), store: "provider")
            await bench.expect("sync", store: "provider")
            await bench.expect("sync", store: "customer")
            await bench.expect("service handover object-storage --withdraw --yes", store: "provider")
            #expect(try await Self.ends(bench, "provider").values.allSatisfy(\.isEmpty))
            #expect(!(await bench.expect("services", store: "provider").output.contains("retire")))
            await bench.expect("sync", store: "provider")
            #expect(try await Self.events(bench, "customer").map { $0["event"] as? String } == ["handover-withdrawn"])
            #expect(try await Self.ends(bench, "customer").values.allSatisfy(\.isEmpty))

            let short = try #require(try await bench.expect(Self.handover(), store: "provider").item["short"] as? String)
            let undone = await bench.expect("undo \(short) --yes --json", store: "provider", exit: .refused)
            #expect(try undone.json["next"] as? String == "buntan service handover object-storage --withdraw")
        }
    }

    @Test(
        "It is refused without a day or a reason, to a stranger or somebody whom nobody has confirmed, on a day that is gone, by half a name"
    )
    func refused() async throws {
        try await Self.with(confirmed: false) { bench, fingerprint, _ in
            let rest = "--on \(Self.day) -m x --yes"
            for (line, exit, code) in [
                ("service handover object-storage --to hoshi-cloud --on \(Self.day) --yes", CommandExit.usage, "reason-missing"),
                ("service handover object-storage --to hoshi-cloud --on \(Self.day) -m _ --yes", .usage, "reason-missing"),
                ("service handover object-storage --to hoshi-cloud -m x --yes", .usage, "missing-option-value"),
                ("service handover object-storage --on \(Self.day) -m x --yes", .usage, "missing-option-value"),
                ("service handover object-storage --to nobody \(rest)", .refused, "successor-not-engaged"),
                ("service handover object-storage --to hoshi \(rest)", .refused, "successor-not-engaged"),
                ("service handover object-storage --to hoshi-cloud \(rest)", .refused, "successor-unconfirmed"),
                ("service handover object-storage --to hoshi-cloud --on 2020-01-01 -m x --yes", .usage, "date-in-past"),
                ("service handover object --to hoshi-cloud \(rest)", .usage, "name-in-part"),
                ("service handover object-storage --to hoshi-cloud --on \(Self.day) -m x --no-input", .usage, "answer-missing"),
                ("service handover object-storage --withdraw --to hoshi-cloud", .usage, "options-exclude"),
            ] {
                let failed = await bench.expect("\(line) --json", store: "provider", exit: exit)
                let found = try failed.code
                #expect(found == code, "\(line): \(failed.errors)")
            }
            let theirs = await bench.expect(
                "service handover object-storage --to hoshi-cloud \(rest) --json", store: "customer", exit: .refused)
            #expect(try theirs.code == "not-provider")
            // Nothing of it was written, and the successor is found by its name and its fingerprint, however it is typed.
            #expect(!(await bench.expect("services", store: "provider").output.contains("retire")))
            await bench.expect("confirm hoshi --yes", store: "provider")
            let line = "service handover object-storage --to Hoshi_Cloud --on \(Self.day) -m x"
            await bench.expect(line, store: "provider", answers: ["n"], isTerminal: true, exit: .usage)
            let letters = fingerprint.uppercased().filter { $0 != "-" }
            await bench.expect("service handover object-storage --to \(letters) \(rest)", store: "provider")
        }
    }
}
