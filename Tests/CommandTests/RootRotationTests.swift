import BuntanProtocol
import ChangeLog
import Foundation
import Testing

@testable import ClientCLI

@Suite("The root key is replaced")
struct RootRotationTests {
    @Test("A new root key and recovery code take the place of the old ones, which speak for nobody; the fingerprint stays for all")
    func rotation() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            try await bench.furtherDevice("laptop", of: "customer")
            await bench.expect("sync", store: "provider")
            let (keys, old) = (bench.path + "/customer/keys", bench.path + "/customer.code")
            let before = try KeyStorage.read(keys + "/root.key").publicKey
            try FileManager.default.copyItem(atPath: keys + "/root.key", toPath: bench.path + "/stolen")
            let fingerprint = try await bench.expect("org --json", store: "customer").item["fingerprint"] as? String

            let rotated = await bench.expect("key rotate --code-file \(old) --json", store: "customer")
            let code = try bench.file("new.code", try #require(try rotated.item["recoveryCode"] as? String))
            #expect(try rotated.item["isSent"] as? Bool == true)
            let root = try KeyStorage.read(keys + "/root.key").publicKey
            #expect(root != before)
            #expect(try rotated.item["rootKey"] as? String == root.hex)
            #expect(!FileManager.default.fileExists(atPath: keys + "/root.key.next"))
            #expect(try await bench.expect("org --json", store: "customer").item["fingerprint"] as? String == fingerprint)

            // The other side takes it by the chain, and is told once.
            let told = await bench.expect("sync --json", store: "provider")
            let events = try told.item["events"] as? [[String: Any]] ?? []
            #expect(events.map { $0["event"] as? String } == ["root-replaced"], "\(told.output)")
            #expect(events.first?["fingerprint"] as? String == fingerprint)
            #expect((try await bench.expect("sync --json", store: "provider").item["events"] as? [Any])?.isEmpty == true)
            let engagement = try #require(try await bench.expect("engagements --json", store: "provider").list.first)
            #expect(engagement["fingerprint"] as? String == fingerprint)

            // On a device that may not speak itself the old root is of no use, and neither is the old code; the new code is.
            await bench.expect("sync", store: "laptop")
            try FileManager.default.copyItem(atPath: bench.path + "/stolen", toPath: bench.path + "/laptop/keys/root.key")
            let refused = await bench.expect("device set laptop --caps read,write,admin --json", store: "laptop", exit: .refused)
            #expect(try refused.code == "no-right", "\(refused.errors)")
            try FileManager.default.removeItem(atPath: bench.path + "/laptop/keys/root.key")
            #expect(
                try await bench.expect("key recover --code-file \(old) --json", store: "laptop", exit: .refused).code == "recovery-wrong")
            await bench.expect("key recover --code-file \(code)", store: "laptop")
            await bench.expect("device set laptop --caps read,write,admin", store: "laptop")
            await bench.expect("sync", store: "customer")
            await bench.expect("sync", store: "provider")
            await bench.expect("store check", store: "provider")
        }
    }

    @Test("With --keep-code the root that is here names its successor, and the recovery code stays good")
    func byRoot() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let code = bench.path + "/customer.code"
            let both = await bench.expect("key rotate --keep-code --code-file \(code) --json", store: "customer", exit: .usage)
            #expect(try both.code == "options-exclude")
            for _ in 0..<2 {
                let rotated = await bench.expect("key rotate --keep-code --json", store: "customer")
                #expect(try rotated.item["recoveryCode"] is NSNull)
            }
            await bench.expect("sync", store: "provider")
            try FileManager.default.removeItem(atPath: bench.path + "/customer/keys/root.key")
            let rootless = await bench.expect("key rotate --keep-code --json", store: "customer", exit: .machine)
            #expect(try rootless.code == "keys-missing" && rootless.json["next"] as? String == "buntan key recover")
            #expect(try await bench.expect("key rotate --json --no-input", store: "customer", exit: .usage).code == "answer-missing")
            let junk = try bench.file("junk", RecoveryCode(seed: Nonce(high: 1, low: 2)).text)
            #expect(
                try await bench.expect("key rotate --code-file \(junk) --json", store: "customer", exit: .refused).code == "recovery-wrong")
            // Nothing that failed has left a key behind, and the code still stands for the recovery key.
            #expect(!FileManager.default.fileExists(atPath: bench.path + "/customer/keys/root.key.next"))
            await bench.expect("key rotate --code-file \(code)", store: "customer")
            await bench.expect("sync", store: "provider")
        }
    }

    @Test("A rotation that could not be sent is shown with its code, holds on this device, and goes out with the next sync")
    func unsent() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            // It takes another word of this organisation to fail between the two syncs of a rotation: the server is full.
            let next = bench.path + "/customer/keys/root.key.next"
            let fingerprint = try #require(try await bench.expect("org --json", store: "customer").item["fingerprint"] as? String)
            let id = try CodeReading.organisation(fingerprint)
            try server.fillQuota(of: id)
            let rotated = await bench.expect("key rotate --code-file \(bench.path)/customer.code --json", store: "customer")
            #expect(try rotated.item["isSent"] as? Bool == false && rotated.errors.contains("next sync"), "\(rotated.errors)")
            #expect(FileManager.default.fileExists(atPath: next))
            let code = try bench.file("new.code", try #require(try rotated.item["recoveryCode"] as? String))
            try server.liftQuota(of: id)
            await bench.expect("sync", store: "customer")
            // The key that lies beside is the root, and moves into place when it is wanted.
            await bench.expect("key rotate --keep-code", store: "customer")
            #expect(!FileManager.default.fileExists(atPath: next))
            await bench.expect("key rotate --code-file \(code)", store: "customer")
        }
    }

    @Test("A rotation that waited and came too late is told of by the sync that finds out; the keys from before stay good")
    func lostLater() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            try await bench.furtherDevice("laptop", of: "customer")
            await bench.expect("sync", store: "customer")
            let (keys, code) = (bench.path + "/customer/keys", bench.path + "/customer.code")
            let before = try KeyStorage.read(keys + "/root.key").publicKey
            let fingerprint = try #require(try await bench.expect("org --json", store: "customer").item["fingerprint"] as? String)
            let id = try CodeReading.organisation(fingerprint)
            try server.fillQuota(of: id)
            await bench.expect("key rotate --code-file \(code)", store: "customer")
            #expect(FileManager.default.fileExists(atPath: keys + "/root.key.next"))
            try server.liftQuota(of: id)
            // Meanwhile the recovery code has spoken on the other device.
            await bench.expect("key recover --code-file \(code)", store: "laptop")
            await bench.expect("device set laptop --caps read,write,admin", store: "laptop")
            let told = await bench.expect("sync", store: "customer")
            #expect(told.errors.contains("The root key was not replaced"), "\(told.errors)")
            #expect(!FileManager.default.fileExists(atPath: keys + "/root.key.next"))
            #expect(try KeyStorage.read(keys + "/root.key").publicKey == before)
            let again = await bench.expect("sync", store: "customer")
            #expect(!again.errors.contains("not replaced"))
            await bench.expect("key rotate --code-file \(code)", store: "customer")
        }
    }

    @Test("An organisation with another name is called so by its counterparts from the next sync on; handle and fingerprint stay")
    func renamed() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let before = try #require(try await bench.expect("engagements --json", store: "provider").list.first)
            let renamed = await bench.expect("org rename Kaisha_Holdings --name-ja 会社HD --json", store: "customer")
            #expect(try renamed.item["engagements"] as? [String] == ["example-cloud/object-storage"], "\(renamed.output)")
            #expect(try await bench.expect("org rename Kaisha_Holdings --name-ja 会社HD --json", store: "customer").item["change"] is NSNull)
            #expect(try await bench.expect("org rename _ --json", store: "customer", exit: .usage).code == "invalid-value")
            await bench.expect("sync", store: "customer")
            let told = await bench.expect("sync", store: "provider")
            #expect(told.output.contains("Kaisha is now called Kaisha Holdings."), "\(told.output)")
            let after = try #require(try await bench.expect("engagements --json", store: "provider").list.first)
            #expect((after["counterpart"] as? [String: String]) == ["en": "Kaisha Holdings", "ja": "会社HD"], "\(after)")
            for member in ["engagement", "fingerprint"] { #expect(after[member] as? String == before[member] as? String) }
            // A name is one name: the language that is not given has none any more.
            await bench.expect("org rename Kaisha_Group", store: "customer")
            let named = try await bench.expect("org --json", store: "customer").item["name"] as? [String: String]
            #expect(named == ["en": "Kaisha Group"])
            await bench.expect("undo --yes", store: "customer")
        }
    }
}
