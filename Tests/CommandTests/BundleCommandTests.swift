import BuntanProtocol
import ChangeLog
import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Syncing
import TestKit
import Testing

@testable import ClientCLI

@Suite("Exchange by file")
struct BundleCommandTests {
    private static func bundle(_ path: String) throws -> LogBundle {
        try LogBundle(decoding: Array(try #require(FileManager.default.contents(atPath: path))), .compressed)
    }

    /// Everything that a person could look at in a store.
    private static func picture(_ bench: CommandBench, _ store: String) async -> String {
        var picture = ""
        for line in ["store --json", "outbox --json", "export json --audience myself", "status --json"] {
            picture += await bench.run(line.split(separator: " ").map(String.init), store: store).output
        }
        return picture.replacing(/"(at|size)": [^,\n]*/, with: "")
    }

    @Test("A change of others that came by file is given up by name alone, and stays with who wrote it")
    func discarded() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("comment A-1 first", store: "customer")
            await bench.expect("comment A-2 second", store: "customer")
            let file = bench.path + "/for-cloud.bt"
            await bench.expect("bundle create \(file)", store: "customer")
            await bench.expect("bundle apply \(file)", store: "provider")
            // Without a name only refused changes of one's own are meant.
            #expect(try await bench.expect("outbox discard --json --yes", store: "provider").item["received"] as? [String] == [])
            let listed = try await bench.expect("outbox --json", store: "provider").list
            #expect(listed.count == 2)
            let short = try #require(listed.first?["short"] as? String)
            #expect(await bench.expect("outbox", store: "provider").output.contains(short))
            let discarded = try await bench.expect("outbox discard \(short) --json --yes", store: "provider").item["received"] as? [String]
            #expect(discarded == [listed.first?["change"] as? String].compactMap(\.self))
            #expect(try await bench.expect("outbox --json", store: "provider").list.count == 1)
            await bench.expect("outbox discard \(short) --yes", store: "provider", exit: .usage)
            #expect(await bench.expect("sync", store: "provider").output.contains("Handed over 1 change of others"))
            await bench.expect("sync", store: "customer")
            await bench.expect("sync", store: "provider")
            let comments = await bench.expect("log --json", store: "provider").output
            #expect(comments.contains("first") && comments.contains("second"))
        }
    }

    @Test("What was written without a network goes by file, is shown as that, and whoever has a network hands it to the server")
    func journey() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("propose A-1 --allocation customer -m ours", store: "customer")
            await bench.expect("comment A-2 who", store: "customer")
            let file = bench.path + "/for-cloud.bt"
            let made = await bench.expect("bundle create \(file)", store: "customer")
            #expect(made.output.contains("for Example Cloud") && made.output.contains("2 changes"), "\(made.output)")
            #expect(made.output.contains("buntan bundle apply \(file)"))
            #expect(try await bench.expect("bundle create \(file) --json", store: "customer", exit: .machine).code == "file-exists")

            let taken = await bench.expect("bundle apply \(file)", store: "provider")
            #expect(taken.output.contains("2 changes received by file") && taken.output.contains("Next: buntan sync"), "\(taken.output)")
            // What it says can be read before any server has taken it.
            #expect(taken.output.contains("who") && taken.output.contains("Kaisha"), "\(taken.output)")
            let again = await bench.expect("bundle apply \(file) --json", store: "provider")
            #expect(try again.item["kept"] as? Int == 0 && again.item["known"] as? Int == 2, "\(again.output)")
            // In no log yet: shown as what it is, and where the row stands is what the logs say.
            let outbox = await bench.expect("outbox", store: "provider")
            #expect(outbox.output.contains("2 changes of others came by file") && outbox.output.contains("comment"), "\(outbox.output)")
            #expect(outbox.output.contains("who") && outbox.output.contains("Kaisha"), "\(outbox.output)")
            let listed = try await bench.expect("outbox --json", store: "provider").list
            #expect(listed.map { $0["state"] as? String } == ["received", "received"])
            let edits = listed.compactMap { $0["edits"] as? [[String: Any]] }.flatMap(\.self)
            let fields = edits.filter { $0["kind"] as? String == "comment" }.compactMap { $0["fields"] as? [[String: Any]] }.flatMap(\.self)
            #expect(fields.contains { $0["field"] as? String == "text" && $0["value"] as? String == "who" }, "\(edits)")
            #expect(await bench.expect("matrix A-1 --json", store: "provider").output.contains("\"open\""))

            let synced = await bench.expect("sync", store: "provider")
            #expect(synced.output.contains("Handed over 2 changes of others"), "\(synced.output)")
            #expect(try await bench.expect("outbox --json", store: "provider").list.isEmpty)
            #expect(await bench.expect("disputes --plain", store: "provider").output.contains("A-1"))
            // The answer goes back by file, and with it the log: the author's outbox is empty without any network.
            await bench.expect("accept A-1", store: "provider")
            let back = bench.path + "/for-kaisha.bt"
            await bench.expect("bundle create \(back)", store: "provider")
            #expect(try Self.bundle(back).parts.contains { ($0.from?.size ?? 0) > 0 })
            let heard = await bench.expect("bundle apply \(back)", store: "customer")
            #expect(heard.output.contains("entries taken") && heard.output.contains("1 change received by file"), "\(heard.output)")
            let left = try await bench.expect("outbox --json", store: "customer").list
            #expect(left.map { $0["state"] as? String } == ["received"])
            await bench.expect("sync", store: "customer")
            await bench.expect("sync", store: "provider")
            for store in ["provider", "customer"] {
                #expect(await bench.expect("matrix A-1 --json", store: store).output.contains("\"agreed\""))
                #expect(try await bench.expect("outbox --json", store: store).list.isEmpty)
            }
        }
    }

    @Test("Another device of one's own gets what is sealed, too, and a log that begins in the middle says what is missing")
    func ownDevices() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            try await bench.furtherDevice("laptop", of: "customer")
            let copy = bench.path + "/copy.db"
            await bench.expect("store backup \(copy)", store: "laptop")
            await bench.expect("note A-1 ask_legal", store: "customer")
            await bench.expect("sync", store: "customer")
            await bench.expect("note A-2 unsent", store: "customer")
            // The laptop says what it holds, and gets what follows on that.
            await bench.expect("bundle create \(bench.path)/held.bt --own", store: "laptop")
            await bench.expect("bundle apply \(bench.path)/held.bt", store: "customer")
            await bench.expect("bundle create \(bench.path)/own.bt --own", store: "customer")
            let taken = await bench.expect("bundle apply \(bench.path)/own.bt --json", store: "laptop")
            #expect(try taken.item["kept"] as? Int == 1, "\(taken.output)")
            #expect(await bench.expect("show A-1", store: "laptop").output.contains("ask legal"))
            // One that is behind that is told from where to where, and nothing else is kept back.
            await bench.expect("note A-3 more", store: "customer")
            await bench.expect("sync", store: "customer")
            await bench.expect("bundle create \(bench.path)/held2.bt --own", store: "laptop")
            await bench.expect("bundle apply \(bench.path)/held2.bt", store: "customer")
            await bench.expect("bundle create \(bench.path)/later.bt --own", store: "customer")
            await bench.expect("store restore \(copy) --yes", store: "old")
            try FileManager.default.createDirectory(atPath: bench.path + "/old/keys", withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: bench.path + "/laptop/keys/device.key", toPath: bench.path + "/old/keys/device.key")
            let gap = await bench.expect("bundle apply \(bench.path)/later.bt", store: "old")
            #expect(gap.output.contains("is missing entries") && gap.output.contains("--whole"), "\(gap.output)")
            // The earlier file, and the later one once more; or one that is whole.
            await bench.expect("bundle apply \(bench.path)/own.bt", store: "old")
            let filled = await bench.expect("bundle apply \(bench.path)/later.bt --json", store: "old")
            #expect((try filled.item["missing"] as? [Any])?.isEmpty == true, "\(filled.output)")
            await bench.expect("bundle create \(bench.path)/whole.bt --own --whole", store: "customer")
            let whole = await bench.expect("bundle apply \(bench.path)/whole.bt --json", store: "old")
            #expect((try whole.item["missing"] as? [Any])?.isEmpty == true)
            #expect(await bench.expect("show A-3", store: "old").output.contains("more"))
            await bench.expect("store check", store: "old")
            await bench.expect("sync", store: "old")
        }
    }

    @Test("Nothing private, no draft and no other engagement is in a file for somebody else, whatever its maker's store holds")
    func secrets() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let invited = await bench.expect("invite Other --json -s object-storage", store: "provider")
            await bench.expect("init --org OTHERNAME", store: "other")
            await bench.expect("join \(try #require(try invited.item["code"] as? String))", store: "other")
            await bench.expect("comment A-1 SALTOTHER", store: "other")
            for store in ["other", "provider", "other"] { await bench.expect("sync", store: store) }
            await bench.expect("note A-1 SALTNOTE -e kaisha", store: "provider")
            await bench.expect("edit responsibility A-1 --set topic/en=SALTDRAFT -s object-storage", store: "provider")
            await bench.expect("comment A-1 SALTOPEN -e kaisha", store: "provider")
            await bench.expect("comment A-1 SALTREPLY -e othername", store: "provider")
            for isSynced in [false, true] {
                if isSynced { await bench.expect("sync", store: "provider") }
                let undecided = await bench.expect("bundle create \(bench.path)/x.bt --json", store: "provider", exit: .usage)
                #expect(try undecided.code == "no-engagement" || undecided.errors.contains("kaisha"), "\(undecided.errors)")
                let file = bench.path + "/\(isSynced).bt"
                await bench.expect("bundle create \(file) -e kaisha --whole", store: "provider")
                let bundle = try Self.bundle(file)
                let bytes = String(decoding: bundle.encoded(.none), as: UTF8.self)
                #expect(bytes.contains("SALTOPEN"))
                for salt in ["SALTOTHER", "SALTNOTE", "SALTDRAFT", "SALTREPLY", "OTHERNAME"] { #expect(!bytes.contains(salt), "\(salt)") }
                let provider = try SQLiteStore.open(at: bench.path + "/provider/store.db", indexing: StateIndexing())
                let types = try provider.read { reader in
                    try bundle.held.map { try #require(try reader.standing(of: $0.space)).genesis.type }
                }
                #expect(types.sorted { $0.rawValue < $1.rawValue } == [.service, .engagement])
                await bench.expect("bundle apply \(file)", store: "customer")
                let other = await bench.expect("bundle apply \(file) --json", store: "other", exit: .inputFile)
                #expect(try other.code == "bundle-for-other")
            }
            // Once the service is closed to a customer, files for it hold no more of it.
            await bench.expect("engagement end kaisha -m leaving --yes", store: "provider")
            await bench.expect("sync", store: "provider")
            await bench.expect("bundle create \(bench.path)/ended.bt -e kaisha --whole", store: "provider")
            let ended = try Self.bundle(bench.path + "/ended.bt")
            #expect(ended.held.count == 1 && ended.parts.count == 1)
        }
    }

    @Test("A file that was damaged anywhere, is of another version or none is refused whole, and nothing is changed")
    func damaged() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("propose A-1 --allocation customer -m ours", store: "customer")
            await bench.expect("bundle create \(bench.path)/good.bt --whole", store: "customer")
            let good = Array(try #require(FileManager.default.contents(atPath: bench.path + "/good.bt")))
            let before = await Self.picture(bench, "provider")
            func refused(_ bytes: [UInt8]) async throws -> String? {
                try Data(bytes).write(to: URL(fileURLWithPath: bench.path + "/bad.bt"))
                let outcome = await bench.expect("bundle apply \(bench.path)/bad.bt --json", store: "provider", exit: .inputFile)
                return try outcome.code
            }
            var random = SeededRandom(seed: 5)
            for _ in 0..<40 {
                var bad = good
                let at = Int.random(in: 20..<bad.count, using: &random)
                bad[at] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
                #expect(try await refused(bad).map { ["file-damaged", "bundle-version"].contains($0) } == true, "byte \(at)")
            }
            #expect(try await refused(Array(good.dropLast(7))) == "file-damaged")
            #expect(try await refused(good + [0]) == "file-damaged")
            #expect(try await refused(Array("no bundle".utf8)) == "file-no-bundle")
            #expect(try await refused([]) == "file-no-bundle")
            var later = good
            let version = try #require(good.firstRange(of: Array("buntan-bundle".utf8))).upperBound + 1
            #expect(later[version] == 1)
            later[version] = 2
            #expect(try await refused(later) == "bundle-version")
            let large = bench.path + "/large.bt"
            #expect(FileManager.default.createFile(atPath: large, contents: nil))
            let handle = try #require(FileHandle(forWritingAtPath: large))
            try handle.truncate(atOffset: UInt64(Limits.bundleBytes) + 1)
            try handle.close()
            #expect(
                try await bench.expect("bundle apply \(large) --json", store: "provider", exit: .inputFile).code == "file-too-large")
            #expect(await Self.picture(bench, "provider") == before)
            await bench.expect("bundle apply \(bench.path)/good.bt", store: "provider")
            #expect(await Self.picture(bench, "provider") != before)
        }
    }

    @Test("A file that was made up to deceive is refused whole, each for its own reason, and nothing is changed")
    func hostile() async throws {
        let (bench, elsewhere) = (try CommandBench(), try CommandBench())
        try await LoopbackServer.with(elsewhere.path + "/server") { server in
            try await elsewhere.engagement(at: server)
            await elsewhere.expect("bundle create \(elsewhere.path)/foreign.bt --whole", store: "customer")
        }
        let foreign = try Self.bundle(elsewhere.path + "/foreign.bt")
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("propose A-1 --allocation customer -m ours", store: "customer")
            await bench.expect("comment A-1 why", store: "provider")
            await bench.expect("sync", store: "provider")
            await bench.expect("sync", store: "customer")
            await bench.expect("propose A-2 --allocation customer -m ours", store: "customer")
            await bench.expect("bundle create \(bench.path)/good.bt --whole", store: "customer")
            let good = try Self.bundle(bench.path + "/good.bt")
            let index = try #require(good.parts.firstIndex { !$0.changes.isEmpty })
            let part = good.parts[index]
            func with(_ other: LogBundle.Part) -> LogBundle {
                var parts = good.parts
                parts[index] = other
                return LogBundle(
                    from: good.from, to: good.to, time: good.time, held: good.held, parts: parts, chains: good.chains)
            }
            func altered(
                entries: [CarriedEntry]? = nil, note: String? = nil, from: Base?? = nil, changes: [SignedChange]? = nil
            ) -> LogBundle {
                with(
                    LogBundle.Part(
                        space: part.space, from: from ?? part.from, entries: entries ?? part.entries, note: note ?? part.note,
                        changes: changes ?? part.changes))
            }
            let change = try #require(part.changes.first)
            var flipped = change.payload
            flipped[flipped.count - 1] ^= 1
            var entry = part.entries[part.entries.count - 1].entry
            entry[entry.count - 70] ^= 1
            let root = try #require(good.held.first { $0.space == part.space }).base.root
            let cases: [(String, LogBundle)] = [
                (
                    "a payload that was not signed",
                    altered(changes: [SignedChange(bytes: change.bytes, signature: change.signature, payload: flipped)])
                ),
                (
                    "a signature of another change",
                    altered(changes: [
                        SignedChange(
                            bytes: change.bytes, signature: Signature(Array(repeating: 7, count: 64)) ?? change.signature,
                            payload: change.payload)
                    ])
                ),
                ("a page without its end", altered(entries: Array(part.entries.dropLast()))),
                (
                    "an entry that was altered",
                    altered(entries: part.entries.dropLast() + [CarriedEntry(entry: entry, payload: part.entries.last?.payload)])
                ),
                ("a page that says it begins elsewhere", altered(entries: [], note: nil, from: .some(Base(epoch: 0, size: 3, root: root)))),
                ("a checkpoint of another log", altered(note: good.parts.first { $0.space != part.space }?.note)),
                (
                    "somebody else's space",
                    LogBundle(from: good.from, to: good.to, time: good.time, held: [], parts: good.parts + foreign.parts, chains: [])
                ),
            ]
            let before = await Self.picture(bench, "provider")
            for (what, bundle) in cases {
                try Data(bundle.encoded(.compressed)).write(to: URL(fileURLWithPath: bench.path + "/bad.bt"))
                let outcome = await bench.run("bundle", "apply", bench.path + "/bad.bt", "--json", store: "provider")
                #expect(outcome.exit != .done, "\(what): \(outcome.output)")
                #expect(try ["bundle-invalid", "file-damaged"].contains(outcome.code), "\(what): \(outcome.errors)")
                #expect(await Self.picture(bench, "provider") == before, "\(what)")
            }
            #expect(await !bench.expect("doctor --json", store: "provider").output.contains("frozen"))
            await bench.expect("bundle apply \(bench.path)/good.bt", store: "provider")
        }
    }
}
