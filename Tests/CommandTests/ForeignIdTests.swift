import BuntanProtocol
import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Synchronization
import Testing

@testable import ClientCLI
@testable import ServerApp

@Suite("Another tenant's ids, met by the command")
struct ForeignIdTests {
    /// What two organisations have between them, by the ids that they go by.
    private struct Theirs: Sendable {
        let space: String
        let engagement: String
        let service: String
        let comment: String
        let note: String
        let position: String
        let row: String
        let change: String
        let refused: String
        let agreement: String
        let invitation: String
        let device: String

        /// Each command that takes an id, with the code that an id of nobody's has there.
        var lines: [(line: String, code: String)] {
            let perRecord =
                ["show", "log"].flatMap { verb in [comment, note, position, row, agreement].map { "\(verb) \($0)" } }
                + [
                    "delete \(comment) -m x", "delete \(position) -m x", "comment \(comment) text", "comment \(row) text",
                    "note \(note) text",
                    "note \(row) text", "resolve \(position) allocation --take 1", "resolve \(comment) text --take 1",
                ]
            let others = [
                "edit comment \(comment) --set text=x", "edit annotation \(note) --set text=x",
                "edit responsibility-position \(position) --set canFulfil=yes", "edit responsibility \(row) --set allocation=shared",
                "show \(change)", "undo \(change)", "diff \(agreement)",
                "verify \(agreement)", "agreement end \(agreement) -m x", "invite --revoke \(invitation)", "outbox retry \(refused)",
                "outbox discard \(refused)", "show \(space)", "show \(invitation)",
            ]
            // Services and engagements go by names that each store makes; their ids are no names, and others' names none here.
            let names =
                [space, engagement].flatMap { name in
                    [
                        "status -e \(name)", "matrix -e \(name)", "confirm \(name)", "engagement end \(name) -m x",
                        "engagement rename \(name) mine", "use \(name)", "export json -e \(name)",
                    ]
                }
                + [service, "object-storage"].flatMap { name in
                    [
                        "matrix -s \(name)", "preview --as public -s \(name)", "use \(name)", "service rename New -s \(name)",
                        "service retire \(name)",
                    ]
                }
            let rows = ["accept \(row)", "propose \(row) --allocation shared -m x"]
            let devices = ["device set \(device) --caps read", "device revoke \(device)"]
            return [
                (perRecord + others, "unknown-id"), (names, "unknown-name"), (rows, "unknown-row"), (devices, "unknown-device"),
            ].flatMap { lines, code in lines.map { ($0, code) } }
        }

        /// The bytes of each, as a request would hold them.
        var bytes: [[UInt8]] {
            [space, service, comment, note, position, row, change, refused, agreement, invitation, device].compactMap { text in
                Hexadecimal.bytes(text.replacing("-", with: ""))
            }
        }
    }

    @Test("They are ids of nobody: each command that takes one says so with 2, and nothing of them is asked of the server")
    func foreignIds() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let theirs = try await theirs(bench, server)
            try await AlteringProxy.with(server) { proxy, address in
                try await third(bench, at: address)
                let before = try bench.everything("third")
                let bodies = Mutex<[[UInt8]]>([])
                proxy.before { call in bodies.withLock { $0.append(call.body) } }
                for (line, code) in theirs.lines {
                    let asked = proxy.asked.count
                    let refused = await bench.expect(line + " --json --yes", store: "third", exit: .usage)
                    #expect(try refused.code == code, "\(line): \(refused.errors)")
                    // Which invitations are one's own only the server knows.
                    let allowed: Set<String> = line.hasPrefix("invite") ? ["challenge", "session", "invitations"] : []
                    #expect(Set(proxy.asked[asked...]) == allowed, "\(line)")
                }
                for bytes in theirs.bytes {
                    #expect(bytes.count >= 16 && bodies.withLock { $0.allSatisfy { $0.firstRange(of: bytes) == nil } })
                }
                await bench.expect("sync", store: "third")
                for kept in [before, try bench.everything("third")] {
                    for bytes in theirs.bytes { #expect(kept.firstRange(of: bytes) == nil) }
                }
            }
            // To whom they belong they are ids like any other.
            for id in [theirs.comment, theirs.note, theirs.position, theirs.row, theirs.change, theirs.space] {
                await bench.expect("show \(id)", store: "customer")
            }
            await bench.expect("diff \(theirs.agreement)", store: "customer")
            await bench.expect("verify \(theirs.agreement)", store: "customer")
            await bench.expect("outbox retry \(theirs.refused)", store: "customer")
            await bench.expect("matrix -e \(theirs.engagement)", store: "customer")
            await bench.expect("invite --revoke \(theirs.invitation)", store: "provider")
        }
    }

    /// A provider and a customer with something of everything that has an id.
    private func theirs(_ bench: CommandBench, _ server: LoopbackServer) async throws -> Theirs {
        try await bench.engagement(at: server)
        func text(_ line: String, _ member: String, store: String = "customer") async throws -> String {
            let item = try await bench.expect(line + " --json --yes", store: store).item
            return try #require(item[member] as? String, "\(line): \(item)")
        }
        await bench.expect("accept A --yes", store: "customer")
        await bench.expect("note A-1 private", store: "customer")
        let change = try await text("comment A-1 mine", "change")
        await bench.expect("confirm kaisha --yes", store: "provider")
        for store in ["customer", "provider", "customer"] { await bench.expect("sync", store: store) }
        for (store, name, counterpart) in [("customer", "Kaisha", "Example_Cloud"), ("provider", "Example", "Kaisha")] {
            await bench.expect("config signatory.name \(name)", store: store)
            await bench.expect("config signatory.title Manager", store: store)
            let document = try await text("agree --print", "digest", store: store)
            await bench.expect("agree --incomplete --confirm \(counterpart) --document \(document) --json", store: store)
            for store in ["customer", "provider", "customer"] { await bench.expect("sync", store: store) }
        }
        await bench.expect("invite Other", store: "provider")
        let invitations = try await bench.expect("invite --list --json", store: "provider").list
        let invitation = try #require(invitations.first { $0["state"] as? String == "open" }?["id"] as? String)
        let device = try #require(try await bench.expect("devices --json", store: "customer").list.first?["id"] as? String)
        // A change that the server refuses stays in the outbox.
        await bench.expect("comment A-2 forged", store: "customer")
        await bench.expect("comment A-2 honest", store: "customer")
        try bench.damage("UPDATE outbox SET signature = (SELECT signature FROM outbox ORDER BY number DESC LIMIT 1)", store: "customer")
        await bench.expect("sync", store: "customer")
        let refused = try #require(try await bench.expect("outbox --json", store: "customer").list.first?["change"] as? String)

        let store = try SQLiteStore.open(at: bench.path + "/customer/store.db", indexing: StateIndexing())
        let found = try store.read { reader in
            let engagement = try #require(try StoreDirectory(reader).engagements.first)
            func first(_ kind: String) throws -> String {
                let all = try reader.spaces().flatMap { try reader.records(of: kind, in: $0, after: nil, limit: 1) }
                return try #require(all.first, "\(kind)").id.uuid
            }
            return Theirs(
                space: engagement.space.hex, engagement: engagement.handle, service: engagement.service.hex, comment: try first("comment"),
                note: try first("annotation"),
                position: try first("responsibility-position"), row: try first("responsibility"), change: change, refused: refused,
                agreement: try first("agreement"), invitation: invitation, device: device)
        }
        try store.close()
        return found
    }

    /// A third organisation at the same server, which has a service and a customer of its own and has chosen that.
    private func third(_ bench: CommandBench, at address: String) async throws {
        await bench.expect("init --org Third --server \(address)", store: "third")
        await bench.expect("service add Own", store: "third")
        await bench.expect("import \(bench.path)/rows.csv", store: "third")
        await bench.expect("publish 1 -m first", store: "third")
        let code = try #require(try await bench.expect("invite Fourth --json", store: "third").item["code"] as? String)
        await bench.expect("init --org Fourth", store: "fourth")
        await bench.expect("join \(code)", store: "fourth")
        await bench.expect("sync", store: "third")
        await bench.expect("use fourth", store: "third")
        await bench.expect("comment A-1 ours", store: "third")
    }
}

extension CommandBench {
    /// Every byte that a store keeps.
    fileprivate func everything(_ store: String) throws -> [UInt8] {
        try ["store.db", "store.db-wal"].flatMap { name -> [UInt8] in
            let path = path + "/\(store)/" + name
            return FileManager.default.fileExists(atPath: path) ? Array(try Data(contentsOf: URL(fileURLWithPath: path))) : []
        }
    }
}
