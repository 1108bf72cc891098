import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Testing

@testable import ClientCLI

@Suite("Nothing leaves by publish that its user has not been told of")
struct PublishRaceTests {
    /// Gives the reason that is asked for, and does something else before.
    private struct SlowReader: LineSource {
        let meanwhile: @Sendable () throws -> Void
        func line() throws -> String? {
            try meanwhile()
            return "because"
        }
        func secret() throws -> String? { nil }
        func everything(limit: Int) throws -> [UInt8]? { nil }
    }

    /// A published row whose allocation the draft changes, so that publish asks for a reason.
    private static func scene(_ bench: CommandBench) async throws {
        for (index, allocation) in ["shared", "customer"].enumerated() {
            let table = try bench.file("rows.csv", "Framework,Control ID,Allocation\nf,A-1,\(allocation)\n")
            if index == 0 {
                await bench.expect("init --org Example")
                await bench.expect("service add Storage")
            }
            await bench.expect("import \(table)")
            if index == 0 { await bench.expect("publish 1 -m first") }
        }
    }

    /// Writes a cell of the draft's row, as another process does.
    private static func write(_ cell: CellKey, _ bench: CommandBench) throws {
        let layout = StoreLayout(folder: bench.path + "/store")
        let store = try SQLiteStore.open(at: layout.database, indexing: StateIndexing())
        let keys = try KeyStorage.read(layout.deviceKey).openDevice(passphrase: nil)
        let workspace = Workspace(store: store, clock: SystemClock(), random: SystemRandomPort(), keys: keys)
        try store.write { transaction in
            let draft = try #require(try StoreDirectory(transaction).services.first?.draft)
            let row = try #require(try transaction.records(of: "responsibility", in: draft, after: nil, limit: 1).first)
            let heads = row.shown[cell]?.heads.map(\.op) ?? []
            let edit = Edit(record: row.id, kind: "responsibility", ops: [Op(cell: cell, predecessors: heads.sorted())])
            _ = try workspace.commit([(edit, [.text("written meanwhile")])], in: draft, transaction)
        }
        try store.close()
    }

    @Test("The fields that leave are listed first, by name")
    func listed() async throws {
        let bench = try CommandBench()
        try await Self.scene(bench)
        let published = await bench.expect("publish 2 -m second")
        let line = try #require(published.errors.split(separator: "\n").first { $0.contains("will leave") })
        for field in ["allocation", "control", "framework", "legal name", "name"] { #expect(line.contains(field), "\(line)") }
        #expect(!line.contains("demarcation of responsibility"))
        try Self.write(CellKey("boundaryNote", "en"), bench)
        #expect(await bench.expect("publish 3 -m third").errors.contains("demarcation of responsibility"))
    }

    @Test("A field that is written while the reason is asked for does not leave unheard: nothing is published, and the field named")
    func race() async throws {
        let bench = try CommandBench()
        try await Self.scene(bench)
        let slow = SlowReader { try Self.write(CellKey("boundaryNote", "en"), bench) }
        let refused = await bench.run(["publish", "2", "--json"], isTerminal: true, input: slow)
        #expect(try refused.code == "publish-changed" && refused.exit == .refused, "\(refused.errors)")
        #expect(refused.errors.contains("demarcation of responsibility"))
        #expect(await bench.expect("releases --plain --fields label").output == "label\n1\n")
        // Another value of what was listed is the draft's to change until it is published.
        let again = await bench.run(
            ["publish", "2"], isTerminal: true, input: SlowReader { try Self.write(CellKey("boundaryNote", "en"), bench) })
        #expect(again.exit == .done, "\(again.errors)")
        #expect(await bench.expect("releases --plain --fields label").output == "label\n1\n2\n")
    }
}
