import BuntanProtocol
import ChangeLog
import Foundation
import GRDB
import Testing

@testable import ClientCLI

@Suite("Devices, keys and the outbox between devices")
struct DeviceCommandTests {
    /// A provider with an engagement and a second device, `laptop`.
    private static func laptop(_ bench: CommandBench, at server: LoopbackServer) async throws {
        try await bench.engagement(at: server)
        try await bench.furtherDevice("laptop", of: "customer")
    }

    @Test("Rights are given and taken in every space, the last admin stays one, and a revoked device is listed as such")
    func rights() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await Self.laptop(bench, at: server)
            #expect(try await bench.expect("device set laptop --caps read --json", store: "laptop", exit: .refused).code == "no-right")
            #expect(
                try await bench.expect("device set device-1 --caps read --json", store: "customer", exit: .refused).code == "last-admin")
            #expect(try await bench.expect("device revoke device-1 --yes --json", store: "customer", exit: .refused).code == "last-admin")
            #expect(
                try await bench.expect("device set nobody --caps read --json", store: "customer", exit: .usage).code == "unknown-device")
            let set = await bench.expect("device set laptop --caps read --json", store: "customer")
            #expect(try set.item["capabilities"] as? [String] == ["read"])
            await bench.expect("sync", store: "laptop")
            await bench.expect("accept A-1", store: "laptop", exit: .refused)
            await bench.expect("device set laptop --caps read,write,admin", store: "customer")
            await bench.expect("sync", store: "laptop")
            await bench.expect("accept A-1", store: "laptop")
            await bench.expect("sync", store: "laptop")

            #expect(
                try await bench.expect("device revoke laptop --json --no-input", store: "customer", exit: .usage).code == "answer-missing")
            await bench.expect("device revoke laptop --yes", store: "customer")
            #expect(await bench.expect("devices", store: "customer").output.contains("revoked"))
            #expect(await bench.expect("devices --json", store: "customer").output.contains("\"revoked\": \"20"))
            await bench.expect("sync", store: "laptop", exit: .refused)
            // Every space that the server keeps for the organisation carries the word, as any party can read.
            await bench.expect("sync", store: "provider")
            #expect(
                try await bench.expect("device revoke laptop --yes --json", store: "customer", exit: .refused).code
                    == "device-revoked-already")
            // What it did before stays.
            #expect(
                await bench.expect("matrix --where state=agreed --plain --fields row.controlId", store: "customer").output.contains("A-1"))
        }
    }

    @Test("A device that waits to be added is told to join, not to make another organisation")
    func waiting() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha", store: "desk")
        let fingerprint = try #require(try await bench.expect("org --json", store: "desk").item["fingerprint"] as? String)
        await bench.expect("device request laptop --org \(fingerprint)", store: "laptop")
        let here = await bench.run("here", store: "laptop").output
        #expect(here.contains("buntan join") && !here.contains("buntan init"), "\(here)")
        let status = await bench.run("status", store: "laptop")
        #expect(status.errors.contains("buntan join") && !status.errors.contains("buntan init"), "\(status.errors)")
    }

    @Test("Words of two admins do not cross: each takes up the other's before it speaks")
    func twoAdmins() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await Self.laptop(bench, at: server)
            await bench.expect("device set laptop --caps read,write,sign,admin", store: "customer")
            await bench.expect("device set device-1 --caps read,write,admin", store: "laptop")
            await bench.expect("device set laptop --caps read,write,admin", store: "customer")
            await bench.expect("device set device-1 --caps read,write", store: "laptop")
            let listed = await bench.expect("devices --plain --fields label,capabilities", store: "laptop")
            #expect(listed.output.contains("device-1\t[\"read\",\"write\"]"), "\(listed.output)")
            await bench.expect("sync", store: "customer")
            #expect(await bench.expect("devices --plain --fields label,capabilities", store: "customer").output == listed.output)
        }
    }

    @Test("Work of a revoked device is taken over by another: nothing is lost, what was written meanwhile is a conflict")
    func takeover() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await Self.laptop(bench, at: server)
            await bench.expect("propose A-1 --allocation customer -m ours", store: "laptop")
            await bench.expect("propose A-1 --allocation provider -m theirs", store: "laptop")
            await bench.expect("propose A-2 --allocation shared -m both", store: "laptop")
            await bench.expect("note A-2 ask_legal", store: "laptop")
            await bench.expect("propose A-2 --allocation customer -m other", store: "customer")
            await bench.expect("device revoke laptop --yes", store: "customer")
            await bench.expect("sync", store: "laptop", exit: .refused)
            let file = bench.path + "/laptop.outbox"
            let exported = await bench.expect("outbox export \(file) --json", store: "laptop")
            let count = try #require(try exported.item["changes"] as? Int)
            #expect(count >= 4)
            #expect(try await bench.expect("outbox export \(file) --json", store: "laptop", exit: .machine).code == "file-exists")

            #expect(
                try await bench.expect("outbox import \(file) --json", store: "provider", exit: .inputFile).code
                    == "outbox-other-organisation")
            let junk = try bench.file("junk", "no outbox")
            #expect(try await bench.expect("outbox import \(junk) --json", store: "customer", exit: .inputFile).code == "file-damaged")
            let taken = await bench.expect("outbox import \(file) --json", store: "customer")
            #expect(try taken.item["taken"] as? Int == count)
            let again = await bench.expect("outbox import \(file) --json", store: "customer")
            #expect(try again.item["known"] as? Int == count && again.item["taken"] as? Int == 0)

            // The second word on A-1 followed the first; on A-2 two devices wrote without having seen each other.
            #expect(await bench.expect("matrix A-1 --json", store: "customer").output.contains("\"customer\": \"provider\""))
            let conflicts = await bench.expect("conflicts --json", store: "customer")
            #expect((try conflicts.json["items"] as? [Any])?.count == 1, "\(conflicts.output)")
            #expect(await bench.expect("show A-2", store: "customer").output.contains("ask legal"))
            // Who signed first is kept among the organisation's own records.
            let kept = await bench.expect("export json", store: "customer").output
            #expect(kept.contains("outbox-import") && kept.contains("laptop "))
            await bench.expect("sync", store: "customer")
            let pending = await bench.expect("outbox --json", store: "customer")
            #expect((try pending.json["items"] as? [Any])?.isEmpty == true, "\(pending.output)")
        }
    }

    @Test("The recovery code makes a new root key in the old one's place, and no other code does")
    func recovery() async throws {
        let bench = try CommandBench()
        let made = await bench.expect("init --org Kaisha --json")
        let code = try #require(try made.item["recoveryCode"] as? String)
        let root = bench.path + "/store/keys/root.key"
        let right = try bench.file("code", code + "\n")
        let wrong = try bench.file("wrong", RecoveryCode(seed: Nonce(high: 1, low: 2)).text)
        let junk = try bench.file("junk", "abcd")
        #expect(try await bench.expect("key recover --code-file \(right) --json", exit: .machine).code == "file-exists")
        let before = try KeyStorage.read(root).publicKey
        try FileManager.default.removeItem(atPath: root)
        #expect(try await bench.expect("key recover --code-file \(junk) --json", exit: .usage).code == "code-mistyped")
        #expect(try await bench.expect("key recover --code-file \(wrong) --json", exit: .refused).code == "recovery-wrong")
        #expect(!FileManager.default.fileExists(atPath: root))
        let fingerprint = try await bench.expect("org --json").item["fingerprint"] as? String
        await bench.expect("key recover --code-file \(right)")
        #expect(try KeyStorage.read(root).publicKey != before)
        #expect(try await bench.expect("org --json").item["fingerprint"] as? String == fingerprint)
        // The new root speaks for the organisation at a server.
        try await LoopbackServer.with(bench.path + "/server") { server in
            await bench.expect("config server \(server.address)")
            await bench.expect("sync")
            await bench.expect("service add Later")
            await bench.expect("sync")
        }
    }

    @Test("A record that is not what its log gives is found and built again; what the log cannot prove stays a finding")
    func repair() async throws {
        let bench = try CommandBench()
        let table = try bench.file("rows.csv", "Framework,Control ID,Allocation\nf,A-1,shared\nf,A-2,provider\n")
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("import \(table)")
        let good = await bench.expect("export json").output
        try bench.damage(
            "UPDATE record SET state = (SELECT state FROM record WHERE kind = 'responsibility' LIMIT 1) WHERE kind = 'responsibility'")
        let looked = await bench.expect("store check -n --json", exit: .unverified)
        #expect((try looked.json["items"] as? [[String: Any]])?.allSatisfy { $0["isRepaired"] as? Bool == false } == true)
        #expect(await bench.expect("export json").output != good)
        let repaired = await bench.expect("store check --json")
        #expect((try repaired.json["items"] as? [[String: Any]])?.contains { $0["isRepaired"] as? Bool == true } == true)
        #expect(await bench.expect("export json").output == good)
        await bench.expect("store check")

        try bench.damage("UPDATE record SET state = x'00' WHERE kind = 'responsibility'")
        await bench.expect("store check")
        #expect(await bench.expect("export json").output == good)
        try bench.damage("UPDATE entry SET bytes = x'00' WHERE pos = 3")
        let broken = await bench.expect("store check --json", exit: .unverified)
        #expect(broken.output.contains("\"isRepaired\": false"))
    }
}

extension CommandBench {
    /// Changes the store behind everybody's back.
    func damage(_ sql: String) throws {
        let queue = try DatabaseQueue(path: path + "/store/store.db")
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }
}
