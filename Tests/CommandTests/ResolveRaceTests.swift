import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Syncing
import Testing

@testable import ClientCLI

@Suite("resolve replaces nothing that its user has not been shown")
struct ResolveRaceTests {
    /// A draft row whose allocation has two values of this organisation's, as two devices leave it.
    private struct Scene: Sendable {
        let bench: CommandBench
        let record: RecordID
        let draft: SpaceID
        private let layout: StoreLayout

        init() async throws {
            bench = try CommandBench()
            _ = await bench.run("init", "--org", "Example Cloud K.K.", "-q")
            _ = await bench.run("service", "add", "Object Storage", "-q")
            let rows = try bench.file("rows.csv", "Control ID,Responsibility\nA-1,shared\n")
            let imported = await bench.run("import", rows, "--framework", "own", "-q")
            #expect(imported.exit == .done, "\(imported.errors)")
            layout = StoreLayout(folder: bench.path + "/store")
            let store = try SQLiteStore.open(at: layout.database, indexing: StateIndexing())
            let found = try store.read { reader in
                let draft = try #require(try StoreDirectory(reader).services.first?.draft)
                return (draft, try #require(try reader.records(of: "responsibility", in: draft, after: nil, limit: 1).first).id)
            }
            (draft, record) = found
            try store.close()
            try write("provider", naming: [])
        }

        private var keys: DeviceKeys { get throws { try KeyStorage.read(layout.deviceKey).openDevice(passphrase: nil) } }

        /// Another value beside, or in the place of, what stands: what a sync of another process brings.
        func write(_ value: String, naming predecessors: [OpID]) throws {
            let store = try SQLiteStore.open(at: layout.database, indexing: StateIndexing())
            let workspace = Workspace(store: store, clock: SystemClock(), random: SystemRandomPort(), keys: try keys)
            let edit = Edit(
                record: record, kind: "responsibility", ops: [Op(cell: CellKey("allocation"), predecessors: predecessors.sorted())])
            _ = try store.write { try workspace.commit([(edit, [Value.text(value)])], in: draft, $0) }
            try store.close()
        }

        func values() throws -> [String] {
            let store = try SQLiteStore.open(at: layout.database, indexing: StateIndexing())
            let heads = try store.read { try $0.shown(record, in: draft)?[CellKey("allocation")]?.heads ?? [] }
            try store.close()
            return heads.compactMap { head in
                if case .text(let text)? = head.value?.value { text } else { nil }
            }.sorted()
        }

        /// The mark printed beside the values.
        func seen() throws -> String {
            let store = try SQLiteStore.open(at: layout.database, indexing: StateIndexing())
            let heads = try store.read { try $0.shown(record, in: draft)?[CellKey("allocation")]?.heads ?? [] }
            try store.close()
            return SeenMark.text(of: heads)
        }

        func resolve(_ words: String..., input: any LineSource = Answers([]), isTerminal: Bool = false) async -> Outcome {
            await bench.run(["resolve", "a-1", "allocation"] + words + ["--json"], isTerminal: isTerminal, input: input)
        }
    }

    /// Does something else before it says yes.
    private struct SlowReader: LineSource {
        let meanwhile: @Sendable () throws -> Void
        func line() throws -> String? {
            try meanwhile()
            return "y"
        }
        func secret() throws -> String? { nil }
        func everything(limit: Int) throws -> [UInt8]? { nil }
    }

    @Test("With the mark of what stands it is written, and nothing is left to resolve")
    func resolves() async throws {
        let scene = try await Scene()
        #expect(try scene.values() == ["provider", "shared"])
        let outcome = await scene.resolve("--value", "customer", "--seen", try scene.seen())
        #expect(outcome.exit == .done, "\(outcome.errors)")
        #expect(try scene.values() == ["customer"])
    }

    @Test("The mark of an older set is refused, and every value stays")
    func olderSet() async throws {
        let scene = try await Scene()
        let old = try scene.seen()
        try scene.write("customer", naming: [])
        let outcome = await scene.resolve("--take", "1", "--seen", old)
        #expect(try outcome.code == "seen-changed", "\(outcome.errors)")
        #expect(outcome.exit == .refused)
        #expect(try scene.values() == ["customer", "provider", "shared"])
        // The values that stand now are shown, with the command that takes one of them.
        let shown = outcome.errors.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(shown.first == "Other values stand there now:", "\(outcome.errors)")
        for value in ["customer", "provider", "shared"] { #expect(shown.contains { $0.contains(value) }, "\(outcome.errors)") }
        #expect(shown.contains("buntan resolve a-1 allocation --take 1 --seen \(try scene.seen())"), "\(outcome.errors)")
    }

    @Test("A mark too short to name anything is refused", arguments: ["", "a", "aaa"])
    func shortMark(mark: String) async throws {
        let scene = try await Scene()
        let outcome = await scene.resolve("--take", "1", "--seen", mark)
        #expect(try outcome.code == "seen-changed", "\(outcome.errors)")
        #expect(try scene.values() == ["provider", "shared"])
    }

    @Test("A value that arrives between showing and answering stops the write")
    func race() async throws {
        let scene = try await Scene()
        let reader = SlowReader { try scene.write("customer", naming: []) }
        let outcome = await scene.resolve("--take", "1", input: reader, isTerminal: true)
        #expect(outcome.errors.contains("buntan: "))
        #expect(outcome.exit == .refused, "\(outcome.errors)")
        #expect(try scene.values() == ["customer", "provider", "shared"])
        // Without the other write the same answer resolves.
        let calm = await scene.resolve("--take", "1", input: SlowReader {}, isTerminal: true)
        #expect(calm.exit == .done, "\(calm.errors)")
        #expect(try scene.values().count == 1)
    }

    @Test("On a terminal the number of a value is the answer, and nothing leaves all of them")
    func chosenByNumber() async throws {
        let scene = try await Scene()
        let none = await scene.resolve(input: Answers([""]), isTerminal: true)
        #expect(try none.code == "declined", "\(none.errors)")
        #expect(try scene.values() == ["provider", "shared"])
        let outcome = await scene.resolve(input: Answers(["y", "7", "2"]), isTerminal: true)
        #expect(outcome.exit == .done, "\(outcome.errors)")
        #expect(outcome.errors.contains("  2  "))
        #expect(try scene.values().count == 1)
    }

    @Test("What to take can be left out only where somebody can be asked")
    func unasked() async throws {
        let scene = try await Scene()
        let outcome = await scene.resolve("--seen", try scene.seen())
        #expect(outcome.exit == .usage)
        #expect(try scene.values() == ["provider", "shared"])
    }

    @Test("Without a terminal it needs the mark")
    func unseen() async throws {
        let scene = try await Scene()
        let outcome = await scene.resolve("--take", "1")
        #expect(try outcome.code == "seen-missing")
        #expect(outcome.exit == .usage)
        #expect(try scene.values() == ["provider", "shared"])
    }
}
