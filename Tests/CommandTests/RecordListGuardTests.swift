import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Testing

@testable import ClientCLI

@Suite("What is part of a record goes where it goes, and nobody else can put a part to it")
struct RecordListGuardTests {
    private func items(_ bench: CommandBench, _ kind: String, _ store: String) async throws -> [[String: Any]] {
        try #require(try await bench.run("list", kind, "--json", store: store).json["items"] as? [[String: Any]])
    }

    @Test("What belongs to a record that stays behind stays behind, and is taken back when that is")
    func undisclosed() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        let made = await bench.expect(
            "edit service-dependency --set upstreamName=Kumo --set disclosedToCustomers=no --set securityObjectives+={en:_SECRET-aim} --json",
            store: "provider")
        let id = try #require(try made.item["id"] as? String)
        await bench.expect("edit backup-specification --set rpo=1h", store: "provider")
        await bench.expect("publish 2 -m one --yes", store: "provider")
        try engaged.syncBoth()
        let kind = "service-dependency.securityObjectives"
        #expect(try await items(bench, kind, "customer").isEmpty)
        #expect(await bench.run("preview", "--as", "counterpart", store: "provider").output.contains("SECRET-aim") == false)
        await bench.expect("edit service-dependency \(id) --set disclosedToCustomers=yes", store: "provider")
        await bench.expect("publish 3 -m two --yes", store: "provider")
        try engaged.syncBoth()
        #expect(try await items(bench, kind, "customer").count == 1)
        await bench.expect("edit service-dependency \(id) --set disclosedToCustomers=no", store: "provider")
        await bench.expect("publish 4 -m three --yes", store: "provider")
        try engaged.syncBoth()
        #expect(try await items(bench, kind, "customer").isEmpty)
    }

    @Test("An item that the other side writes with my record as its parent is none of mine, and keeps me from nothing")
    func foreign() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        let made = await bench.expect(
            "edit shared-role --shared -e kaisha --set roleName/en=Operator --set duties+={en:_Mine.} --json", store: "provider")
        let id = try #require((try made.item["id"] as? String).flatMap { RecordID(uuid: $0) })
        try engaged.syncBoth()
        let customer = try engaged.open("customer")
        let space = try engaged.engagement("customer").space
        let cells = [CellKey("parent"): Value.id(id), CellKey("text", "en"): .text("Forged.")]
        _ = try customer.commit([RecordDraft(record: customer.newRecordID(), kind: "shared-role.duties", cells: cells)], in: space)
        try engaged.syncBoth()
        let shown = await bench.expect("show \(id.uuid) -e kaisha", store: "provider").output
        #expect(shown.contains("Mine.") && !shown.contains("Forged."), "\(shown)")
        await bench.expect("delete \(id.uuid) -m moved -e kaisha", store: "provider")
    }

    @Test("An item has a parent of its kind; a list is not said twice in two ways; what nobody shared is private")
    func words() async throws {
        let bench = try await CommandBench.drafting()
        let law = try #require(try await bench.expect("edit jurisdiction --set country=EU --json").item["id"] as? String)
        let wrong = await bench.run("edit", "backup-specification.schedule", "--set", "parent=\(law)", "--set", "interval=1d", "--json")
        #expect(try wrong.code == "other-kind", "\(wrong.errors)")
        // The Union has laws, and is no country in which data could lie.
        let nowhere = await bench.run("edit", "jurisdiction.dataLocations", "--set", "parent=\(law)", "--set", "country=EU", "--json")
        #expect(nowhere.exit == .usage && nowhere.errors.contains("ISO 3166"), "\(nowhere.errors)")
        let right = await bench.run("edit", "jurisdiction.dataLocations", "--set", "parent=\(law)", "--set", "country=JP")
        #expect(right.exit == .done, "\(right.errors)")
        let twice = await bench.run(
            "edit", "backup-specification", "--set", "schedule=[{interval: 1d}]", "--set", "schedule+={interval: 1h}", "--json")
        #expect(try twice.code == "invalid-set")
        let added = await bench.expect("edit backup-specification --set schedule+={interval:_1d} --set schedule+={interval:_1h} --json")
        #expect(added.exit == .done)
        #expect(try await items(bench, "backup-specification.schedule", "store").count == 2)
        await bench.expect("edit evidence --set evidenceType=policy")
        #expect(try await items(bench, "evidence", "store").first?["visibility"] as? String == "private")
        #expect(await bench.run("preview", "--as", "public").output.contains("evidence") == false)
    }

    @Test("What was deleted while its form was open is not brought back by an item alone")
    func deletedMeanwhile() async throws {
        let bench = try await CommandBench.drafting()
        let made = await bench.expect("edit backup-specification --set rpo=1h --json")
        let id = try #require(try made.item["id"] as? String)
        let open = try OpenStore.existing(bench.invocation())
        let outcome = await bench.run(
            list: ["edit", "backup-specification", id, "--json"],
            editor: { text in
                do {
                    let workspace = try open.writing()
                    try open.store.write { transaction in
                        guard let record = RecordID(uuid: id), let kind = workspace.schema.kind("backup-specification") else { return }
                        guard let draft = try StoreDirectory(transaction).services.first?.draft else { return }
                        _ = try workspace.delete(try workspace.target(record, kind: kind, in: draft, transaction), transaction)
                    }
                    // An editor cannot throw: an empty form says nothing, which ends otherwise than is expected below.
                } catch { return "" }
                return text.replacingOccurrences(of: "schedule: []", with: "schedule:\n  - {interval: 1d}")
            })
        #expect(outcome.exit != .done, "\(outcome.output)")
        #expect(await bench.run("list", "backup-specification").output == "No records of this kind.\n")
    }

    @Test(
        "Nothing typed into a form is lost: a second mistake is kept beside the first, as is what an unknown item or a failing editor leaves"
    )
    func keptForms() async throws {
        let bench = try await CommandBench.drafting()
        let id = try #require(try await bench.expect("edit backup-specification --set rpo=1h --json").item["id"] as? String)
        func forms() throws -> String {
            let root = URL(fileURLWithPath: bench.path)
            let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.allObjects as? [URL] ?? []
            return try files.filter { $0.path.contains("/forms/") && $0.pathExtension == "yaml" }
                .map { try String(contentsOf: $0, encoding: .utf8) }.joined()
        }
        for text in ["TYPED-A", "TYPED-B"] {
            let refused = await bench.run(
                list: ["edit", "backup-specification", id],
                editor: {
                    $0.replacingOccurrences(of: "dataFormat:", with: "dataFormat: \(text)").replacingOccurrences(
                        of: "rpo: 1h", with: "rpo: soon")
                })
            #expect(refused.exit != .done)
        }
        let unknown = await bench.run(
            list: ["edit", "backup-specification", id, "--json"],
            editor: {
                $0.replacingOccurrences(of: "dataFormat:", with: "dataFormat: TYPED-C")
                    .replacingOccurrences(of: "schedule: []", with: "schedule:\n  - {id: zzzz, interval: 1d}")
            })
        #expect(try unknown.code == "unknown-item")
        let failing = await bench.run(
            ["edit", "backup-specification", id], programs: FailingEditor(), environment: ["EDITOR": "editor"])
        #expect(failing.exit != .done)
        for text in ["TYPED-A", "TYPED-B", "TYPED-C", "TYPED-D"] { #expect(try forms().contains(text), "\(text)") }
    }
}

/// Writes into the file, and ends with 1.
private struct FailingEditor: ProgramRunner {
    func run(_ commandLine: String, arguments: [String]) throws -> Int32 {
        guard let path = arguments.last else { return 2 }
        try Data("dataFormat: TYPED-D\n".utf8).write(to: URL(fileURLWithPath: path))
        return 1
    }
    func feed(_ input: [UInt8], to commandLine: String) throws -> Int32 { throw ProgramFault(commandLine: commandLine, errno: ENOENT) }
}
