import BuntanProtocol
import ChangeLog
import Foundation
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
            #expect(try await bench.expect("service add Other --json", store: "laptop", exit: .refused).code == "no-right")
            await bench.expect("device set laptop --caps read,write,admin", store: "customer")
            await bench.expect("sync", store: "laptop")
            await bench.expect("accept A-1", store: "laptop")
            await bench.expect("sync", store: "laptop")

            #expect(
                try await bench.expect("device revoke laptop --json --no-input", store: "customer", exit: .usage).code == "answer-missing")
            await bench.expect("device revoke laptop --yes", store: "customer")
            #expect(await bench.expect("devices", store: "customer").output.contains("revoked"))
            #expect(await bench.expect("devices --json", store: "customer").output.contains("\"revoked\": \"20"))
            let doctor = await bench.expect("doctor --json", store: "laptop")
            #expect(doctor.output.contains("device-ok"))
            let refused = await bench.expect("sync --json", store: "laptop", exit: .refused)
            #expect(try refused.code == "device-revoked", "\(refused.errors)")
            #expect(refused.errors.contains("revoked on 20") && refused.errors.contains("by device-1"), "\(refused.errors)")
            #expect(try refused.json["next"] as? String == "buntan outbox export FILE")
            // What the server has proved is known without it.
            let told = await bench.expect("doctor", store: "laptop", exit: .found)
            #expect(told.output.contains("revoked on 20") && told.output.contains("by device-1"), "\(told.output)")
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

    @Test("device add goes to a server that is only set, and prints what is to be typed on the other device, as it stands")
    func addAtSetServer() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            await bench.expect("init --org Kaisha", store: "desk")
            let fingerprint = try #require(try await bench.expect("org --json", store: "desk").item["fingerprint"] as? String)
            let request = await bench.expect("device request laptop --org \(fingerprint) --json", store: "laptop")
            let code = try #require(try request.item["code"] as? String)
            #expect(try await bench.expect("device add \(code) --yes --json", store: "desk", exit: .usage).code == "no-server")
            let added = await bench.run(
                ["--store", bench.path + "/desk", "device", "add", code, "--yes"], environment: ["BUNTAN_SERVER": server.address])
            #expect(added.exit == .done, "\(added.errors)")
            #expect(added.output.contains("  buntan join \(fingerprint)@\(server.address)\n"), "\(added.output)")
            await bench.expect("join \(fingerprint)@\(server.address)", store: "laptop")
        }
    }

    @Test("A device that joined says of each log how far it is verified: the number that status has")
    func joinedLogs() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            for (store, parts) in [
                ("customer", ["your organisation's own records", "example-cloud/object-storage", "object-storage"]),
                ("provider", ["your organisation's own records", "kaisha/object-storage", "object-storage", "object-storage, draft"]),
            ] {
                let label = store + "-laptop"
                let fingerprint = try #require(try await bench.expect("org --json", store: store).item["fingerprint"] as? String)
                let request = await bench.expect("device request \(label) --org \(fingerprint) --json", store: label)
                let added = await bench.expect("device add \(try #require(try request.item["code"] as? String)) --yes --json", store: store)
                let joined = await bench.expect("join \(try #require(try added.item["code"] as? String))", store: label)
                let said = joined.output.matches(of: /Verified to entry ([0-9]+): (.+)/).map { (String($0.2), Int($0.1)) }
                #expect(Set(said.map(\.0)) == Set(parts), "\(joined.output)")
                let context = try #require(try await bench.expect("status --json", store: label).json["context"] as? [String: Any])
                let engagement = context["engagement"] as? String
                let size = (context["log"] as? [String: Any])?["size"] as? Int
                #expect(said.first { $0.0 == engagement }?.1 == size && size != nil, "\(joined.output)")
            }
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
            #expect(try await bench.expect("outbox import \(junk) --json", store: "customer", exit: .inputFile).code == "file-no-outbox")
            let half = bench.path + "/half.outbox"
            try #require(FileManager.default.contents(atPath: file)).dropLast(9).write(to: URL(fileURLWithPath: half))
            let damaged = await bench.expect("outbox import \(half) --json", store: "customer", exit: .inputFile)
            #expect(try damaged.code == "file-damaged" && damaged.errors.contains("at byte"), "\(damaged.errors)")
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

    /// A provider with a published service and its recovery code in a file.
    private static func recoverable(_ bench: CommandBench, at server: LoopbackServer) async throws -> String {
        let table = try bench.file("rows.csv", "Framework,Control ID,Allocation\nf,A-1,shared\n")
        let made = await bench.expect("init --org Example --server \(server.address) --json", store: "office")
        let code = try bench.file("code", try #require(try made.item["recoveryCode"] as? String))
        await bench.expect("service add Storage", store: "office")
        await bench.expect("import \(table)", store: "office")
        await bench.expect("publish 1 -m first", store: "office")
        await bench.expect("sync", store: "office")
        return code
    }

    @Test("Where the only device is lost, a copy of its store and the recovery code make another that syncs and publishes")
    func lostDevice() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server", isOpen: true) { server in
            let code = try await Self.recoverable(bench, at: server)
            await bench.expect("invite Kaisha --json", store: "office")
            let invited = await bench.expect("invite Kaisha --json", store: "office")
            let copy = bench.path + "/copy.db"
            await bench.expect("store backup \(copy)", store: "office")
            // The customer comes, and the device goes.
            await bench.expect("init --org Kaisha", store: "customer")
            await bench.expect("join \(try #require(try invited.item["code"] as? String))", store: "customer")
            try FileManager.default.removeItem(atPath: bench.path + "/office")

            let early = await bench.expect("key recover --code-file \(code) --json", store: "new", exit: .usage)
            #expect(try early.json["next"] as? String == "buntan store restore FILE")
            await bench.expect("store restore \(copy)", store: "new")
            let keyless = await bench.expect("sync --json", store: "new", exit: .machine)
            #expect(try keyless.code == "keys-missing" && keyless.json["next"] as? String == "buntan key recover")
            #expect(await bench.expect("doctor", store: "new", exit: .found).output.contains("buntan key recover"))
            let wrong = try bench.file("wrong", RecoveryCode(seed: Nonce(high: 1, low: 2)).text)
            await bench.expect("key recover --code-file \(wrong)", store: "new", exit: .refused)
            #expect(!FileManager.default.fileExists(atPath: bench.path + "/new/keys/device.key"))
            let recovered = await bench.expect("key recover --code-file \(code) --label new-pc", store: "new")
            #expect(recovered.output.contains("new-pc") && recovered.output.contains("device-1"), "\(recovered.output)")
            #expect(await bench.expect("devices", store: "new").output.contains("this device"))

            await bench.expect("sync", store: "new")
            await bench.expect("device revoke device-1 --yes", store: "new")
            let table = try bench.file("more.csv", "Framework,Control ID,Allocation\nf,A-1,provider\nf,A-2,shared\n")
            await bench.expect("import \(table)", store: "new")
            await bench.expect("publish 2 -m second", store: "new")
            await bench.expect("sync", store: "new")
            await bench.expect("sync", store: "customer")
            #expect(await bench.expect("releases --plain --fields label", store: "customer").output == "label\n1\n2\n")
            let checked = await bench.expect("store check --json", store: "new")
            #expect((try checked.json["items"] as? [Any])?.isEmpty == true, "\(checked.output)")
        }
    }

    @Test("A device revoked by one that took its place is told so by sync, doctor, status and alone; nobody is asked to add it again")
    func revokedBySuccessor() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let code = try await Self.recoverable(bench, at: server)
            let copy = bench.path + "/copy.db"
            await bench.expect("store backup \(copy)", store: "office")
            await bench.expect("store restore \(copy)", store: "new")
            await bench.expect("key recover --code-file \(code) --label new-pc", store: "new")
            await bench.expect("sync", store: "new")
            await bench.expect("device revoke device-1 --yes", store: "new")

            let refused = await bench.expect("sync --json", store: "office", exit: .refused)
            #expect(try refused.code == "device-revoked", "\(refused.errors)")
            #expect(refused.errors.contains("by new-pc") && !refused.errors.contains("device add"), "\(refused.errors)")
            let doctor = await bench.expect("doctor", store: "office", exit: .found)
            #expect(doctor.output.contains("by new-pc") && !doctor.output.contains("All is well"), "\(doctor.output)")
            for words in ["", "status"] {
                let told = await bench.expect(words, store: "office").output
                #expect(told.contains("revoked on 20") && told.contains("by new-pc"), "\(told)")
                #expect(!told.contains("Next: buntan sync"), "\(told)")
            }
            #expect(await bench.expect("note A-1 lost --json", store: "office").errors.contains("revoked on 20"))
            // What is written goes on elsewhere: nothing that writes points to a sync, which would be refused.
            for words in ["edit responsibility A-1 --set topic/en=x -s storage", "undo --yes", "delete A-1 -m gone -s storage"] {
                let written = await bench.expect(words, store: "office")
                #expect(written.errors.contains("revoked on 20"), "\(words): \(written.errors)")
                #expect(!written.output.contains("Next: buntan sync"), "\(words): \(written.output)")
            }
            let undone = await bench.expect("undo --yes", store: "office")
            #expect(undone.output.contains("Next: buntan outbox export FILE"), "\(undone.output)")
            #expect(try await bench.expect("status --json", store: "office").item["device"] as? String == "revoked")
            #expect(try await bench.expect("status --json", store: "new").item["device"] as? String == "enrolled")
        }
    }

    @Test("A root key that is here makes a lost device anew without the code, and one that is no longer the root does not")
    func lostKeyAlone() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let code = try await Self.recoverable(bench, at: server)
            let keys = bench.path + "/office/keys"
            try FileManager.default.copyItem(atPath: keys + "/root.key", toPath: bench.path + "/old")
            try FileManager.default.removeItem(atPath: keys + "/device.key")
            let made = await bench.expect("key recover --json", store: "office")
            #expect(try made.item["device"] as? String == "device-2" && made.item["lost"] as? String == "device-1")
            await bench.expect("sync", store: "office")
            await bench.expect("service add More", store: "office")
            await bench.expect("sync", store: "office")

            try FileManager.default.removeItem(atPath: keys + "/root.key")
            await bench.expect("key recover --code-file \(code)", store: "office")
            try FileManager.default.removeItem(atPath: keys + "/root.key")
            try FileManager.default.removeItem(atPath: keys + "/device.key")
            try FileManager.default.copyItem(atPath: bench.path + "/old", toPath: keys + "/root.key")
            #expect(try await bench.expect("key recover --json", store: "office", exit: .machine).code == "keys-foreign")
            #expect(!FileManager.default.fileExists(atPath: keys + "/device.key"))
        }
    }

    @Test("A copy that is behind what the organisation has said since is told so")
    func staleCopy() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let code = try await Self.recoverable(bench, at: server)
            let copy = bench.path + "/copy.db"
            await bench.expect("store backup \(copy)", store: "office")
            try await bench.furtherDevice("laptop", of: "office")
            await bench.expect("store restore \(copy)", store: "new")
            await bench.expect("key recover --code-file \(code)", store: "new")
            #expect(try await bench.expect("sync --json", store: "new", exit: .refused).code == "chain-outrun")
        }
    }

    @Test("A device without the right to enrol says what to do, and enrols with the root key once that is recovered")
    func rootSpeaks() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let code = try await Self.recoverable(bench, at: server)
            try await bench.furtherDevice("laptop", of: "office")
            try FileManager.default.removeItem(atPath: bench.path + "/office")
            let fingerprint = try #require(try await bench.expect("org --json", store: "laptop").item["fingerprint"] as? String)
            let request = try #require(
                try await bench.expect("device request tower --org \(fingerprint) --json", store: "tower").item["code"] as? String)
            for line in ["device add \(request)", "device set laptop --caps read,write,admin", "device revoke device-1"] {
                let refused = await bench.expect(line + " --yes --json", store: "laptop", exit: .refused)
                #expect(try refused.code == "no-right" && refused.json["next"] as? String == "buntan key recover", "\(refused.errors)")
            }
            await bench.expect("key recover --code-file \(code)", store: "laptop")
            let added = await bench.expect("device add \(request) --caps read,write,sign,admin --yes --json", store: "laptop")
            await bench.expect("join \(try #require(try added.item["code"] as? String))", store: "tower")
            await bench.expect("device revoke device-1 --yes", store: "tower")
            await bench.expect("device set laptop --caps read,write,sign,admin", store: "laptop")
            await bench.expect("device set tower --caps read,write", store: "laptop")
            let table = try bench.file("more.csv", "Framework,Control ID,Allocation\nf,A-1,provider\n")
            await bench.expect("sync", store: "tower")
            await bench.expect("import \(table)", store: "tower")
            await bench.expect("publish 2 -m second", store: "tower")
            await bench.expect("sync", store: "tower")
        }
    }

    @Test("A device that ends its own rights, another admin being there, has done it")
    func ownRevocation() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await Self.laptop(bench, at: server)
            await bench.expect("device set laptop --caps read,write,sign,admin", store: "customer")
            await bench.expect("device revoke laptop --yes", store: "laptop")
            await bench.expect("sync", store: "customer")
            #expect(await bench.expect("devices", store: "customer").output.contains("revoked"))
            #expect(try await bench.expect("sync --json", store: "laptop", exit: .refused).code == "device-revoked")
        }
    }
}
