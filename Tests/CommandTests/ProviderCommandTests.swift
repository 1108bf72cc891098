import BuntanProtocol
import Foundation
import Testing

@testable import ClientCLI

@Suite("Provider: services, releases, invitations")
struct ProviderCommandTests {
    private static func published(_ bench: CommandBench) async throws {
        let table = try bench.file(
            "rows.csv",
            "Framework,Control ID,Allocation,Customer action (en),Remarks\nf,A-1,shared,Keep a copy.,ask legal\nf,A-2,provider,,\n")
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("import \(table)")
        await bench.expect("publish 1 -m first")
    }

    @Test("A second service of the same name is refused until it is meant, and the first stays as it is")
    func sameName() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        #expect(try await bench.expect("service add Storage --json", exit: .refused).code == "service-exists")
        #expect(try (await bench.expect("services --json").json["items"] as? [Any])?.count == 1)
        await bench.expect("service add Storage --yes")
        #expect(await bench.expect("services --plain --fields handle").output == "handle\nstorage\nstorage-2\n")
    }

    @Test("A new name is the draft's until the next release, and then everybody's")
    func renaming() async throws {
        let bench = try CommandBench()
        try await Self.published(bench)
        let renamed = await bench.expect("service rename Vault --json")
        #expect(try renamed.item["handle"] as? String == "vault")
        #expect(try renamed.item["change"] is String)
        #expect(await bench.expect("export json --audience public").output.contains("Storage"))
        #expect(!(await bench.expect("export json --audience public").output.contains("Vault")))
        await bench.expect("publish 2 -m renamed")
        #expect(await bench.expect("export json --audience public").output.contains("Vault"))
    }

    @Test("A service has a name that is one, the same name again changes nothing, and a retired one gets none")
    func names() async throws {
        let bench = try CommandBench()
        try await Self.published(bench)
        for name in [" ", ""] {
            for words in [["service", "rename", name], ["service", "add", name], ["service", "rename", "Vault", "--name-ja", name]] {
                #expect(try await bench.run(list: words + ["--json"]).code == "invalid-value", "\(words)")
            }
        }
        #expect(try await bench.expect("service rename Storage --json").item["change"] is NSNull)
        #expect(await bench.expect("service rename Storage").output == "Nothing changed.\n")
        let both = await bench.expect("service rename 倉庫 --name-ja ストレージ --json")
        #expect(try both.item["name"] as? [String: String] == ["en": "倉庫", "ja": "ストレージ"])
        let handle = try #require(try await bench.expect("services --json").list.first?["handle"] as? String)
        await bench.expect("service retire \(handle) --yes")
        #expect(try await bench.expect("service rename Cellar --json", exit: .refused).code == "service-retired")
    }

    @Test("A retired service takes no release and no invitation, and keeps what it has")
    func retiring() async throws {
        let bench = try CommandBench()
        try await Self.published(bench)
        #expect(try await bench.expect("service retire storage --json --no-input", exit: .usage).code == "answer-missing")
        let part = await bench.expect("service retire stor --yes --json", exit: .usage)
        #expect(try part.code == "name-in-part" && part.json["next"] as? String == "buntan service retire storage")
        #expect(await bench.expect("service retire stor --yes --lang ja", exit: .usage).errors.contains("「stor」"))
        await bench.expect("service retire storage", answers: ["n"], isTerminal: true, exit: .usage)
        await bench.expect("service retire storage --yes")
        #expect(try await bench.expect("publish 2 -m more --json", exit: .refused).code == "service-retired")
        await bench.expect("config server http://127.0.0.1:1")
        #expect(try await bench.expect("invite Kaisha --json", exit: .refused).code == "service-retired")
        #expect(try await bench.expect("service retire storage --yes --json", exit: .refused).code == "service-retired")
        #expect(await bench.expect("releases --plain --fields label").output == "label\n1\n")
        #expect(await bench.expect("services --lang ja").output.contains("終了"))
        // Its draft may still be written, and nobody is told to publish that.
        let table = try bench.file("more.csv", "Framework,Control ID,Allocation\nf,A-3,shared\n")
        for line in ["import \(table)", "edit responsibility a-1 --set allocation=provider"] {
            let written = await bench.expect(line)
            #expect(!written.output.contains("publish") && written.output.contains("Next: buntan sync"), "\(written.output)")
        }
        for line in ["status", "status --all", "todo", "todo --all"] {
            #expect(!(await bench.expect(line).output.contains("publish")), "\(line)")
        }
    }

    @Test("A withdrawn release says so with its reason, once, and can be followed by the same contents")
    func withdrawing() async throws {
        let bench = try CommandBench()
        try await Self.published(bench)
        #expect(try await bench.expect("withdraw 1 --json", exit: .usage).code == "reason-missing")
        let unknown = await bench.expect("withdraw 2 -m wrong --json", exit: .usage)
        #expect(try unknown.code == "unknown-release")
        let withdrawn = await bench.expect("withdraw 1 -m wrong_sheet")
        #expect(withdrawn.output.contains(" 1 is marked withdrawn."), "\(withdrawn.output)")
        let listed = await bench.expect("releases --json")
        let item = try #require((try listed.json["items"] as? [[String: Any]])?.first)
        #expect(item["isWithdrawn"] as? Bool == true)
        #expect((item["withdrawal"] as? [String: Any])?["message"] as? String == "wrong sheet")
        #expect(await bench.expect("releases").output.contains("wrong sheet"))
        #expect(try await bench.expect("withdraw 1 -m again --json", exit: .refused).code == "release-withdrawn-already")
        // Readers are left with nothing until something comes after it.
        let waiting = try #require(try await bench.expect("todo --json").list.first { $0["matter"] as? String == "publish" })
        #expect(waiting["count"] is NSNull && waiting["next"] as? String == "buntan publish LABEL -m WHY", "\(waiting)")
        #expect(!(waiting["since"] is NSNull), "\(waiting)")
        #expect(await bench.expect("todo").output.contains("publish a release in place of the one that was withdrawn"))
        #expect(await bench.expect("todo --lang ja").output.contains("取り下げた公開版に代わる公開版を公開する"))
        await bench.expect("publish 2 -m same")
        #expect(try await bench.expect("todo --json").list.allSatisfy { $0["matter"] as? String != "publish" })
        // Nobody is told to publish where nothing is published any more.
        await bench.expect("withdraw 2 -m over")
        await bench.expect("service retire storage --yes")
        for line in ["status", "todo", "todo --all"] {
            #expect(!(await bench.expect(line).output.contains("publish")), "\(line)")
        }
    }

    @Test("Publishing says what leaves and what stays, makes no release of nothing, and wants a reason for an allocation without words")
    func publishing() async throws {
        let bench = try CommandBench()
        try await Self.published(bench)
        let nothing = await bench.expect("publish 2 -m again")
        #expect(nothing.errors.contains("Nothing differs from 1"))
        #expect(await bench.expect("releases --plain --fields label").output == "label\n1\n")

        let moved = try bench.file("moved.csv", "Framework,Control ID,Allocation,Customer action (en)\nf,A-1,customer,Keep a copy.\n")
        await bench.expect("import \(moved)")
        #expect(try await bench.expect("publish 2 --json --no-input", exit: .usage).code == "answer-missing")
        let asked = await bench.expect("publish 2", answers: ["law changed"], isTerminal: true)
        #expect(asked.errors.contains("A-1") && asked.errors.contains("Remarks"))
        #expect(await bench.expect("releases --plain --fields label,message").output == "label\tmessage\n1\tfirst\n2\tlaw changed\n")

        let worded = try bench.file("worded.csv", "Framework,Control ID,Allocation,Customer action (en)\nf,A-1,shared,Keep two copies.\n")
        await bench.expect("import \(worded)")
        await bench.expect("publish 3 --no-input")
    }

    @Test("A code that is used, revoked, expired, mistyped or of another server is told apart when somebody joins")
    func codes() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            #expect(try await bench.expect("invite Other --list --json", store: "provider", exit: .usage).code == "unexpected-argument")
            let listed = await bench.expect("invite --list --json", store: "provider")
            let first = try #require((try listed.json["items"] as? [[String: Any]])?.first)
            #expect(first["state"] as? String == "used")
            #expect(first["engagement"] as? String == "kaisha/object-storage")
            #expect(first["name"] as? String == "Kaisha")
            let used = try #require(first["short"] as? String)
            #expect(try await bench.expect("invite --revoke \(used) --json", store: "provider", exit: .refused).code == "invite-used")

            func offer(_ name: String, _ options: String = "") async throws -> (id: String, code: String) {
                let made = await bench.expect("invite \(name) --json \(options)", store: "provider")
                return (try #require(try made.item["short"] as? String), try #require(try made.item["code"] as? String))
            }
            await bench.expect("init --org Second", store: "second")
            let (id, revoked) = try await offer("Second")
            let plain = await bench.expect("invite --revoke \(id)", store: "provider")
            #expect(plain.output.contains(id))
            let refused = await bench.expect("join \(revoked) --json", store: "second", exit: .refused)
            #expect(try refused.code == "code-revoked")
            let provider = try #require(try await bench.expect("org --json", store: "provider").item["fingerprint"] as? String)
            #expect(refused.errors.contains(provider))
            #expect(try await bench.expect("invite --revoke zzzz --json", store: "provider", exit: .usage).code == "unknown-id")

            let (_, expiring) = try await offer("Third")
            server.pass(days: 20)
            let late = await bench.expect("join \(expiring) --json", store: "second", exit: .refused)
            #expect(try late.code == "code-expired")
            #expect(late.errors.contains("20"), "\(late.errors)")
            let states = await bench.expect("invite --list", store: "provider")
            #expect(states.output.contains("revoked") && states.output.contains("used by kaisha/object-storage"))

            let (_, good) = try await offer("Fourth", "--until 2100-01-01")
            let letter = good.first == "a" ? "b" : "a"
            #expect(
                try await bench.expect("join \(letter)\(good.dropFirst()) --json", store: "second", exit: .usage).code == "code-mistyped")
            // Nothing that failed has left anything behind: the good code works, once.
            await bench.expect("join \(good)", store: "second")
            #expect(try await bench.expect("join \(good) --json", store: "second", exit: .refused).code == "code-used-undated")
            await bench.expect("init --org Fifth", store: "fifth")
            #expect(try await bench.expect("join \(good) --json", store: "fifth", exit: .refused).code == "code-used-undated")
            await bench.expect("sync", store: "second")
        }
    }

    @Test("A store whose server was never reached follows the code it is given, and one in use stays with its server")
    func servers() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let code = try #require(try await bench.expect("invite Second --json", store: "provider").item["code"] as? String)
            await bench.expect("init --org Second --server http://127.0.0.1:1", store: "second")
            await bench.expect("join \(code)", store: "second")
            #expect(try await bench.expect("org --json", store: "second").item["server"] as? String == server.address)

            try await LoopbackServer.with(bench.path + "/other", named: "other.example") { other in
                await bench.expect("config server \(other.address)", store: "second")
                let moved = await bench.expect("sync --json", store: "second", exit: .network)
                let code = try moved.code
                #expect(code == "server-other")
                #expect(moved.errors.contains("other.example") && moved.errors.contains("127.0.0.1"), "\(moved.errors)")
                await bench.expect("config server \(server.address)", store: "second")
                await bench.expect("sync", store: "second")
                // Before anything is kept anywhere, any server will do.
                await bench.expect("init --org Third --server http://127.0.0.1:1", store: "third")
                await bench.expect("config server \(other.address)", store: "third")
                await bench.expect("sync", store: "third")
            }
        }
    }
}
