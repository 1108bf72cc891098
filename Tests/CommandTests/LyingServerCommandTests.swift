import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import Replica
import Storage
import StorageSQLite
import Syncing
import Testing

@testable import ClientCLI
@testable import ServerApp

@Suite("A server that lies, met by the command")
struct LyingServerCommandTests {
    enum Lie: CaseIterable, Sendable {
        case changedEntry, droppedEntry, otherPayload, forkedHead, shrunkLog, foreignKey, staleHead, otherSpacesPage, notAnEntry,
            wrongSignature
    }

    /// What a store holds of an engagement, to compare before and after.
    struct Held: Equatable {
        let size: Int
        let root: Digest
        let outbox: Int
        let matrix: String
    }

    /// Opens a store beside the commands, to look at it.
    private func looking<Result>(_ bench: CommandBench, _ body: (any StoreReader) throws -> Result) throws -> Result {
        let store = try SQLiteStore.open(at: bench.path + "/customer/store.db", indexing: StateIndexing())
        let result = try store.read(body)
        try store.close()
        return result
    }

    private func held(_ bench: CommandBench, _ space: SpaceID) async throws -> Held {
        let matrix = await bench.expect("matrix --plain", store: "customer").output
        return try looking(bench) { reader in
            let standing = try #require(try reader.standing(of: space))
            return Held(size: standing.size, root: standing.frontier.root, outbox: try reader.outboxCount(), matrix: matrix)
        }
    }

    /// A customer with an unsent comment; the provider has written two and released anew.
    private func scene(_ bench: CommandBench, _ server: LoopbackServer) async throws -> KnownEngagement {
        try await bench.engagement(at: server)
        await bench.expect("comment A-1 one", store: "provider")
        await bench.expect("comment A-1 two", store: "provider")
        let table = try bench.file("more.csv", "Framework,Control ID,Allocation\nf,A-4,shared\n")
        await bench.expect("import \(table)", store: "provider")
        await bench.expect("publish 2 -m second", store: "provider")
        await bench.expect("sync", store: "provider")
        await bench.expect("comment A-2 unsent", store: "customer")
        return try looking(bench) { try #require(try StoreDirectory($0).engagements.first) }
    }

    /// Makes the proxy show what the server never would.
    private func apply(
        _ lie: Lie, to engagement: KnownEngagement, _ bench: CommandBench, _ server: LoopbackServer, _ proxy: AlteringProxy
    ) throws {
        let space = engagement.space
        let standing = try looking(bench) { try #require(try $0.standing(of: space)) }
        let heldNote = try looking(bench) { try #require(try $0.checkpoint(of: space)) }
        let identity = server.identity
        @Sendable func note(_ size: Int, _ root: Digest, key: SigningKey? = nil) -> String {
            Checkpoint(origin: Checkpoint.origin(server: identity.name, space: space, epoch: 0), size: size, root: root)
                .signed(by: key ?? identity.logKey)
        }
        let (foreign, foreignNote) = try server.store.read { reader in
            let entries = try reader.entries(of: engagement.service, from: 0, maxBytes: 100_000)
            let standing = try #require(try reader.standing(of: engagement.service))
            let note = Checkpoint(
                origin: Checkpoint.origin(server: identity.name, space: engagement.service, epoch: 0), size: standing.size,
                root: standing.frontier.root
            ).signed(by: identity.logKey)
            return (entries.map { CarriedEntry(entry: $0.bytes, payload: $0.payload) }, note)
        }
        proxy.altering(space) { asked, page in
            var entries = page.entries
            var offered = page.note
            switch lie {
            case .changedEntry:
                let entry = try Entry(decoding: entries[0].entry)
                let later = Entry(kind: entry.kind, received: entry.received + 1, content: entry.content, signature: entry.signature)
                entries[0] = CarriedEntry(entry: later.encoded(), payload: entries[0].payload)
            case .droppedEntry: entries.removeFirst()
            case .otherPayload: entries[0] = CarriedEntry(entry: entries[0].entry, payload: entries[1].payload)
            case .forkedHead:
                // Two heads of one size, both signed: what this client was shown, and this.
                entries = []
                offered = note(asked.size, SHA.digest([1]))
            case .shrunkLog:
                entries = []
                offered = note(asked.size - 1, SHA.digest([2]))
            case .foreignKey:
                var frontier = standing.frontier
                frontier.append(contentsOf: entries.map { Entry.leafHash(of: $0.entry) })
                offered = note(frontier.size, frontier.root, key: SigningKey(seed: SHA.digest([9])))
            case .staleHead: offered = heldNote
            case .otherSpacesPage:
                entries = foreign
                offered = foreignNote
            case .wrongSignature:
                // A change that its author never signed, in a log that the server has signed as it is.
                let (entry, other) = try (Entry(decoding: entries[0].entry), Entry(decoding: entries[1].entry))
                let forged = Entry(kind: entry.kind, received: entry.received, content: entry.content, signature: other.signature)
                entries[0] = CarriedEntry(entry: forged.encoded(), payload: entries[0].payload)
                var frontier = standing.frontier
                frontier.append(contentsOf: entries.map { Entry.leafHash(of: $0.entry) })
                offered = note(frontier.size, frontier.root)
            case .notAnEntry: entries[0] = CarriedEntry(entry: [0x80], payload: nil)
            }
            return LogPage(entries: entries, note: offered, more: false)
        }
    }

    @Test(
        "The sync ends with 5 and names the proof; the store stands, work goes on offline, and what to do is said", arguments: Lie.allCases)
    func lie(_ lie: Lie) async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let engagement = try await scene(bench, server)
            let before = try await held(bench, engagement.space)
            #expect(before.outbox == 1)
            try await AlteringProxy.with(server) { proxy, address in
                try apply(lie, to: engagement, bench, server, proxy)
                await bench.expect("config server \(address)", store: "customer")
                let synced = await bench.expect("sync", store: "customer", exit: .unverified)
                let evidence = bench.path + "/customer/evidence/\(engagement.space.hex).cbor"
                #expect(synced.output.contains(evidence) && synced.output.contains("buntan doctor"), "\(synced.output)")
                // The proof holds what was signed before and what was shown now, and its owner alone reads it.
                let proof = try #require(FileManager.default.contents(atPath: evidence))
                let heldNote = try looking(bench) { try #require(try $0.checkpoint(of: engagement.space)) }
                #expect(String(decoding: proof, as: UTF8.self).contains(heldNote))

                let after = try await held(bench, engagement.space)
                #expect(after.size == before.size && after.root == before.root && after.outbox == 1)
                // What is of other logs has come: one lie holds up nothing else.
                #expect(await bench.expect("releases --json", store: "customer").output.contains("\"2\""))

                // Offline everything goes on, but nothing is added to a log that its keeper denies.
                for line in ["status", "matrix", "disputes", "outbox", "show A-1", "log"] { await bench.expect(line, store: "customer") }
                await bench.expect("note A-1 private", store: "customer")
                let refused = await bench.expect("comment A-1 more --json", store: "customer", exit: .unverified)
                #expect(
                    try refused.code == "space-frozen" && refused.errors.contains(bench.path + "/customer/evidence"), "\(refused.errors)")
                #expect(try refused.json["next"] as? String == "buntan doctor")
                let doctor = await bench.expect("doctor", store: "customer", exit: .found)
                #expect(doctor.output.contains(evidence) && doctor.output.contains("counterpart"), "\(doctor.output)")
                #expect(try await held(bench, engagement.space).size == before.size)

                // A server that tells the truth again gets nothing for that log, and the proof stays as it was.
                let asked = proxy.asked.count
                proxy.altering { _, answer in answer }
                let second = await bench.expect("sync --json", store: "customer", exit: .unverified)
                let frozen = try #require(try second.item["frozen"] as? [[String: Any]])
                #expect(frozen.map { $0["evidence"] as? String } == [evidence])
                #expect(proxy.asked[asked...].count { $0 == "pull" } <= 1)
                #expect(FileManager.default.contents(atPath: evidence) == proof)
                #expect(try looking(bench) { try $0.outboxCount() } == 1)

                // Once it has been put right and is asked again the log goes on, and the proof stays.
                #expect(doctor.output.contains("buntan sync --ask-again"), "\(doctor.output)")
                let third = await bench.expect("sync --ask-again --json", store: "customer")
                let unfrozen = try #require(try third.item["unfrozen"] as? [[String: Any]])
                #expect(unfrozen.map { $0["space"] as? String } == [engagement.space.hex])
                #expect(FileManager.default.contents(atPath: evidence) == proof)
                #expect(try looking(bench) { try $0.outboxCount() } == 0)
                await bench.expect("comment A-1 more", store: "customer")
            }
        }
    }

    @Test("A log that lies from its first page on, on a device that is new there, is told of by doctor, too")
    func newDevice() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let engagement = try await scene(bench, server)
            let fingerprint = try #require(try await bench.expect("org --json", store: "customer").item["fingerprint"] as? String)
            let request = await bench.expect("device request laptop --org \(fingerprint) --json", store: "laptop")
            try await AlteringProxy.with(server) { proxy, address in
                await bench.expect("config server \(address)", store: "customer")
                let added = await bench.expect(
                    "device add \(try #require(try request.item["code"] as? String)) --yes --json", store: "customer")
                await bench.expect("sync", store: "customer")
                proxy.altering(engagement.space) { _, page in
                    guard let last = page.entries.last else { return page }
                    let other = last.entry.dropLast() + [last.entry[last.entry.count - 1] ^ 1]
                    let entries = page.entries.dropLast() + [CarriedEntry(entry: Array(other), payload: last.payload)]
                    return LogPage(entries: Array(entries), note: page.note, more: page.more)
                }
                let joined = await bench.run("join", try #require(try added.item["code"] as? String), store: "laptop")
                #expect(joined.exit == .unverified && joined.output.contains("buntan doctor"), "\(joined.output)\(joined.errors)")
                let doctor = await bench.expect("doctor", store: "laptop", exit: .found)
                #expect(doctor.output.contains(engagement.space.hex + ".cbor"), "\(doctor.output)")
            }
        }
    }

    @Test("A copy from before the lie goes on with an honest server; each lie it meets again has a proof of its own")
    func thaw() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let engagement = try await scene(bench, server)
            let copy = bench.path + "/copy.db"
            await bench.expect("store backup \(copy)", store: "customer")
            @Sendable func comeBack(_ address: String) async throws {
                for ending in ["", "-wal", "-shm"] {
                    let path = bench.path + "/customer/store.db" + ending
                    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
                }
                await bench.expect("store restore \(copy)", store: "customer")
                await bench.expect("config server \(address)", store: "customer")
            }
            @Sendable func evidence() throws -> [String: Data] {
                let folder = bench.path + "/customer/evidence"
                return Dictionary(
                    try FileManager.default.contentsOfDirectory(atPath: folder).map { name in
                        (name, FileManager.default.contents(atPath: folder + "/" + name) ?? Data())
                    }
                ) { $1 }
            }
            try await AlteringProxy.with(server) { proxy, address in
                await bench.expect("config server \(address)", store: "customer")
                try apply(.forkedHead, to: engagement, bench, server, proxy)
                await bench.expect("sync", store: "customer", exit: .unverified)
                let first = try evidence()
                #expect(Array(first.keys) == ["\(engagement.space.hex).cbor"])

                try await comeBack(address)
                try apply(.shrunkLog, to: engagement, bench, server, proxy)
                let told = await bench.expect("sync", store: "customer", exit: .unverified)
                let second = "\(engagement.space.hex)-2.cbor"
                #expect(told.output.contains(second), "\(told.output)")
                #expect(await bench.expect("doctor", store: "customer", exit: .found).output.contains(second))
                let both = try evidence()
                #expect(both.count == 2 && both.merging(first) { a, b in a == b ? a : Data() } == both)
                await bench.expect("sync", store: "customer", exit: .unverified)
                #expect(try evidence() == both)

                proxy.altering { _, answer in answer }
                try await comeBack(address)
                await bench.expect("sync", store: "customer")
                #expect(try looking(bench) { try $0.outboxCount() } == 0)
                await bench.expect("comment A-1 more", store: "customer")
            }
        }
    }

    @Test("The same proxy that changes nothing is a server like any other")
    func truth() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let engagement = try await scene(bench, server)
            try await AlteringProxy.with(server) { proxy, address in
                proxy.altering(engagement.space) { $1 }
                await bench.expect("config server \(address)", store: "customer")
                await bench.expect("sync", store: "customer")
                let waiting = try looking(bench) { try $0.outboxCount() }
                #expect(waiting == 0)
                #expect(!FileManager.default.fileExists(atPath: bench.path + "/customer/evidence"))
            }
        }
    }

    @Test(
        "A server that denies the log it signed ends the sync with 5, and what is here stays",
        arguments: ["base_mismatch", "epoch_changed"])
    func denial(code: String) async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let engagement = try await scene(bench, server)
            try await AlteringProxy.with(server) { proxy, address in
                let refusal = try #require(Code(rawValue: code))
                proxy.leavePagesToPulls()
                proxy.altering { call, answer in
                    guard call.method == "pull", try PullRequest(decoding: call.body).space == engagement.space else { return answer }
                    return MethodAnswer(status: 409, body: ErrorAnswer(refusal, detail: "root").encoded())
                }
                await bench.expect("config server \(address)", store: "customer")
                let before = try await held(bench, engagement.space)
                let synced = await bench.expect("sync --json", store: "customer", exit: .unverified)
                #expect(try (synced.item["denied"] as? [[String: Any]])?.count == 1, "\(synced.output)")
                #expect(try await held(bench, engagement.space).size == before.size)
                await bench.expect("status", store: "customer")
            }
        }
    }

    @Test("A server that keeps the organisation's last word out of a log is told of with 5, until it puts it there")
    func withheld() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            let engagement = try await scene(bench, server)
            let organisation = try looking(bench) { try $0.identity().organisation }
            try await AlteringProxy.with(server) { proxy, address in
                await bench.expect("config server \(address)", store: "customer")
                // The server takes the statement, and carries it to the other logs alone.
                proxy.before {
                    if $0.method == "statement" { try server.store.write { try $0.endReading(engagement.space, by: organisation) } }
                }
                proxy.altering { call, answer in
                    if call.method == "statement" { try server.store.write { try $0.grantReading(engagement.space, to: organisation) } }
                    return answer
                }
                let fingerprint = try #require(try await bench.expect("org --json", store: "customer").item["fingerprint"] as? String)
                let request = await bench.expect("device request laptop --org \(fingerprint) --json", store: "laptop")
                await bench.expect("device add \(try #require(try request.item["code"] as? String)) --yes", store: "customer")
                for _ in 0..<2 {
                    let told = await bench.expect("sync --json", store: "customer", exit: .unverified)
                    let item = try told.item
                    let lacks = try #require(item["uncarried"] as? [[String: Any]])
                    #expect(lacks.map { $0["space"] as? String } == [engagement.space.hex])
                    #expect(lacks.map { $0["held"] as? Int } == [2] && lacks.map { $0["known"] as? Int } == [3], "\(lacks)")
                }
                #expect(await bench.expect("sync", store: "customer", exit: .unverified).output.contains("operator"))
                #expect(await bench.expect("doctor", store: "customer", exit: .found).output.contains("operator"))

                // What the log lacks was said again each time; a server that listens puts it there.
                proxy.before { _ in }
                proxy.altering { _, answer in answer }
                await bench.expect("sync", store: "customer")
                #expect(
                    try looking(bench) { reader in
                        try #require(try reader.standing(of: engagement.space)).rights.chain(of: organisation)?.head.number
                    } == 3)
            }
        }
    }
}
