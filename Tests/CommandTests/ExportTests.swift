import BuntanProtocol
import ChangeLog
import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Testing

@testable import ClientCLI

@Suite("What leaves: export, preview")
struct ExportTests {
    /// A store salted with secrets that no audience but oneself may see: in every field that holds words of every kind that
    /// stays in the organisation's own space, and in the draft after its release.
    static func salt(_ bench: CommandBench) throws -> Int {
        let store = try SQLiteStore.open(at: bench.path + "/provider/store.db", indexing: StateIndexing())
        defer { do { try store.close() } catch {} }
        let keys = try KeyStorage.read(bench.path + "/provider/keys/device.key").openDevice(passphrase: nil)
        let workspace = Workspace(store: store, clock: SystemClock(), random: SystemRandomPort(), keys: keys)
        let directory = try store.read { try StoreDirectory($0) }
        let service = try #require(directory.services.first)
        let draft = try #require(service.draft)
        let home = try #require(try store.read { try directory.home($0) })
        let rows = try store.read { try workspace.rows(in: service.service, $0) }
        var salted = 0
        var drafts: [RecordDraft] = []
        for kind in SchemaRegistry.current.kinds where kind.spaces == [.private] && kind.name != "device" {
            var cells: [CellKey: Value] = [:]
            for field in kind.fields where field.type == .text || field.type == .string {
                let key = field.merge == .languages ? CellKey(field.name, "en") : CellKey(field.name)
                cells[key] = .text("SECRET-\(kind.name)-\(field.name)")
                salted += 1
            }
            for field in kind.fields where field.type == .record && field.isRequired {
                cells[CellKey(field.name)] = .id(rows[0].key.responsibility(in: service.service))
            }
            let stranger = try #require(OrganisationID([UInt8](repeating: 9, count: 16)))
            if let fields = kind.key {
                let key = fields.map { name in
                    let isRecord = kind.field(name)?.type == .record
                    return (field: name, value: cells[CellKey(name)] ?? (isRecord ? .text("") : .id(stranger)))
                }
                let others = cells.filter { !fields.contains($0.key.field) }
                drafts.append(RecordDraft(space: home, kind: kind.name, key: key, cells: others))
            } else {
                drafts.append(
                    RecordDraft(
                        record: RecordID.timeOrdered(millis: 1, random: Nonce(high: 1, low: UInt64(salted))), kind: kind.name, cells: cells)
                )
            }
        }
        _ = try workspace.commit(drafts, in: home)
        _ = try workspace.commit(
            [
                RecordDraft(
                    space: draft, kind: "responsibility", key: rows[0].key.fields,
                    cells: [CellKey("boundaryNote", "en"): .text("SECRET-unpublished")]),
                RecordDraft(
                    record: RecordID.timeOrdered(millis: 2, random: Nonce(high: 2, low: 2)), kind: "service-dependency",
                    cells: [CellKey("upstreamName"): .text("SECRET-undisclosed")]),
            ], in: draft)
        return salted + 2
    }

    @Test("No secret of the own space or the draft is in what counterpart or public are given; all of the draft is in one's own")
    func salted() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let count = try Self.salt(bench)
            #expect(count >= 5)
            await bench.expect("comment A-1 BETWEEN-US -e kaisha", store: "provider")
            for scope in ["-s object-storage", "-e kaisha"] {
                for format in ["json", "csv"] {
                    for audience in ["counterpart", "public"] {
                        let out = await bench.expect("export \(format) --audience \(audience) \(scope)", store: "provider")
                        #expect(!out.output.contains("SECRET"), "\(scope) \(format) \(audience)")
                        #expect(out.output.contains("Keep a copy."))
                        #expect(
                            out.output.contains("BETWEEN-US") == (scope == "-e kaisha" && audience == "counterpart" && format == "json"))
                        // Who the customers are is nobody else's business.
                        if audience == "public" || scope == "-s object-storage" { #expect(!out.output.contains("Kaisha")) }
                    }
                }
            }
            for (number, scope) in ["-s object-storage", "-e kaisha"].enumerated() {
                for audience in ["counterpart", "public"] {
                    let folder = "\(bench.path)/oscal-\(number)-\(audience)"
                    await bench.expect("export oscal --audience \(audience) \(scope) -o \(folder)", store: "provider")
                    let text = try SaltedFormatTests.words(folder)
                    #expect(text.contains("Keep a copy.") && !text.contains("SECRET"), "\(scope) \(audience)")
                    if audience == "public" || scope == "-s object-storage" { #expect(!text.contains("Kaisha")) }
                }
            }
            let own = await bench.expect("export json -s object-storage", store: "provider")
            for secret in ["SECRET-unpublished", "SECRET-undisclosed", "SECRET-annotation-text"] { #expect(own.output.contains(secret)) }

            let preview = await bench.expect("preview --as counterpart -s object-storage --json", store: "provider")
            #expect(preview.output.contains("SECRET-unpublished"))
            #expect(!preview.output.contains("SECRET-undisclosed") && !preview.output.contains("SECRET-annotation"))
            let held = try #require(try preview.item["heldBack"] as? [[String: Any]])
            #expect(held.contains { $0["kind"] as? String == "service-dependency" && $0["reason"] as? String == "undisclosed" })
            #expect(held.contains { $0["kind"] as? String == "annotation" && $0["reason"] as? String == "private-kind" })
            let open = await bench.expect("preview --as public -e kaisha --json", store: "provider")
            #expect(!open.output.contains("BETWEEN-US"))
            #expect(open.output.contains("between-parties"))
        }
    }

    @Test("An own table reads back without a change, whatever signs its texts begin with, in both languages of headers")
    func readBack() async throws {
        let bench = try CommandBench()
        let table = try bench.file(
            "rows.csv",
            """
            Framework,Control ID,Item,Allocation,Provider shares,Provider statement (en),Customer action (ja),Implementation status
            iso27017,12.3.1,main,shared,,"=1+1, and ""quotes""\nin two lines",利用者は①㈱髙～,partial
            iso27017,12.3.1,main~2,supplier,yes,'=kept,,not-implemented
            iso27017,12.3.2,part,not-applicable,no,- dash,,planned
            nist-800-53r5,AC-2(3)(a),main,unallocated,,''@x,,

            """)
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("import \(table)")
        let before = await bench.expect("export json").output
        #expect(before.contains("\\\"quotes\\\"\\nin two lines"))
        for language in ["en", "ja"] {
            let path = bench.path + "/own-\(language).csv"
            await bench.expect("export csv -o \(path) --lang \(language)")
            let again = await bench.expect("import \(path) -n")
            #expect((again.errors + again.output).contains("nothing to change"))
            await bench.expect("import \(path)")
            #expect(await bench.expect("export json").output == before)
            let taken = await bench.expect("export csv -o \(path) --json", exit: .machine)
            #expect(try taken.code == "file-exists")
        }
    }

    @Test("Before a release nobody else can be given anything, and an unknown format or audience is named")
    func refusals() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        #expect(try await bench.expect("export json --audience public --json", exit: .refused).code == "nothing-published")
        #expect(try await bench.expect("export docx --json", exit: .usage).code == "invalid-value-of")
        #expect(try await bench.expect("export json --audience all --json", exit: .usage).code == "invalid-value-of")
        #expect(try await bench.expect("preview --as myself --json", exit: .usage).code == "invalid-value-of")
    }
}
