import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Synchronization
import Syncing
import Testing

@testable import ClientCLI
@testable import ServerApp

@Suite("A word of the root's about a device that another device's words overtake is never lost unseen")
struct UnsaidWordTests {
    /// A customer with an admin device, a member `laptop` that has the root key at hand, and a further device `tower`.
    private static func scene(_ bench: CommandBench, _ server: LoopbackServer) async throws {
        try await bench.engagement(at: server)
        try await bench.furtherDevice("laptop", of: "customer")
        try await bench.furtherDevice("tower", of: "customer")
        try FileManager.default.copyItem(
            atPath: bench.path + "/customer/keys/root.key", toPath: bench.path + "/laptop/keys/root.key")
        for store in ["laptop", "customer"] { await bench.expect("sync", store: store) }
    }

    /// What the root says on the laptop, as it lies there after a sync that broke off.
    private static func say(_ bench: CommandBench, _ word: (Workspace, DeviceID, SigningKey) throws -> Void) throws {
        let layout = StoreLayout(folder: bench.path + "/laptop")
        let store = try SQLiteStore.open(at: layout.database, indexing: StateIndexing())
        let keys = try KeyStorage.read(layout.deviceKey).openDevice(passphrase: nil)
        let root = try KeyStorage.read(layout.rootKey).openRoot(passphrase: nil)
        let tower = try KeyStorage.read(bench.path + "/tower/keys/device.key").openDevice(passphrase: nil).device
        try word(Workspace(store: store, clock: SystemClock(), random: SystemRandomPort(), keys: keys), tower, root)
        try store.close()
    }

    @Test("A revocation that waited and was overtaken is told with 5 and its command, once, and holds when that is given")
    func revocation() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await Self.scene(bench, server)
            try Self.say(bench) { try $0.revoke($1, root: $2) }
            await bench.expect("device set laptop --caps read,write,sign", store: "customer")
            let told = await bench.expect("sync --json", store: "laptop", exit: .unverified)
            #expect(told.errors.contains("tower is not revoked"), "\(told.errors)")
            let unsaid = try #require((try told.item["unsaid"] as? [[String: Any]])?.first, "\(told.output)")
            #expect(unsaid["act"] as? String == "revoke" && unsaid["label"] as? String == "tower")
            #expect(unsaid["command"] as? String == "buntan device revoke tower")
            #expect(!(await bench.expect("sync", store: "laptop").errors.contains("not revoked")))
            #expect(!(await bench.expect("devices", store: "laptop").output.contains("revoked")))
            await bench.expect("device revoke tower --yes", store: "laptop")
            await bench.expect("sync", store: "customer")
            #expect(await bench.expect("devices", store: "customer").output.contains("revoked"))
        }
    }

    @Test("So are rights and an enrolment; what another device has said meanwhile itself is not")
    func others() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await Self.scene(bench, server)
            var draw = SystemRandom()
            let new = DeviceKeys(random: &draw)
            try Self.say(bench) { workspace, tower, root in
                try workspace.set([.read], of: tower, root: root)
                let organisation = try workspace.store.read { try $0.identity().organisation }
                try workspace.enrol(
                    device: new.device, sealingKey: new.sealing.publicKey, proof: new.enrolmentProof(for: organisation), label: "new",
                    capabilities: [.read, .write], root: root)
            }
            await bench.expect("device set laptop --caps read,write,sign", store: "customer")
            let told = await bench.expect("sync --lang ja --json", store: "laptop", exit: .unverified)
            #expect(told.errors.contains("towerの権利は変わっていません") && told.errors.contains("newは追加されていません"), "\(told.errors)")
            let commands = try #require(try told.item["unsaid"] as? [[String: Any]]).compactMap { $0["command"] as? String }
            #expect(commands.contains("buntan device set tower --caps read"), "\(commands)")
            let again = try #require(commands.first { $0.hasPrefix("buntan device add ") })
            await bench.expect(String(again.dropFirst("buntan ".count)) + " --yes", store: "laptop")

            try Self.say(bench) { try $0.revoke($1, root: $2) }
            await bench.expect("device revoke tower --yes", store: "customer")
            let same = await bench.expect("sync --json", store: "laptop")
            #expect((try same.item["unsaid"] as? [Any])?.isEmpty == true, "\(same.output)")
        }
    }

    @Test(
        "A command whose word is overtaken while it runs does not say that it is done",
        arguments: ["device revoke tower", "device set tower --caps read"])
    func race(line: String) async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await Self.scene(bench, server)
            try await AlteringProxy.with(server) { proxy, address in
                let isFirst = Mutex(true)
                proxy.meanwhile { call in
                    guard call.method == "statement",
                        isFirst.withLock({ first in
                            defer { first = false }; return first
                        })
                    else { return }
                    await bench.expect("device set laptop --caps read,write,sign", store: "customer")
                }
                await bench.expect("config server \(address)", store: "laptop")
                let failed = await bench.expect(line + " --yes --json", store: "laptop", exit: .refused)
                let (code, next) = (try failed.code, try failed.json["next"] as? String)
                #expect(code == "device-outspoken", "\(failed.errors)")
                #expect(next == "buntan " + line)
                #expect(!isFirst.withLock { $0 })
                await bench.expect("sync", store: "laptop")
                await bench.expect(line + " --yes", store: "laptop")
            }
        }
    }
}
