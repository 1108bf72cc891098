import BuntanProtocol
import FaultyDisks
import Foundation
import Replica
import SampleWorkbooks
import Storage
import StorageSQLite
import Testing

@testable import ClientCLI

@Suite("import: its flags, and how much it writes at once")
struct ImportFlagTests {
    private func provider() async throws -> CommandBench {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        return bench
    }

    private func file(_ bench: CommandBench, _ name: String, _ bytes: [UInt8]) throws -> String {
        let path = bench.path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func rows(_ bench: CommandBench) async throws -> [String] {
        try await bench.expect("matrix --json").list.map { row in
            let key = row["row"] as? [String: Any]
            return "\(key?["controlId"] as? String ?? "?") \(row["provider"] as? String ?? "?")"
        }
    }

    @Test("--columns-of chooses the service whose columns are read")
    func columnsOf() async throws {
        let sheet = SampleSheet(
            "CRM",
            table: [
                ["Control ID", "Can be inherited (Cloud)", "Cloud responsibilities", "Can be inherited (Pages)", "Pages responsibilities"],
                ["AC-2", "Yes", "We do it.", "No", "You do it."],
            ])
        for (words, allocation) in [("", "provider"), ("--columns-of pages", "customer"), ("--columns-of Cloud", "provider")] {
            let bench = try await provider()
            let path = try file(bench, "m.xlsx", SampleWorkbook(sheet).xlsx())
            await bench.expect("import \(path) --yes \(words)")
            #expect(try await rows(bench) == ["AC-2 \(allocation)"], "\(words)")
        }
        let bench = try await provider()
        let path = try file(bench, "m.xlsx", SampleWorkbook(sheet).xlsx())
        let refused = await bench.expect("import \(path) --yes --columns-of Mail --json", exit: .inputFile)
        #expect(try refused.code == "file-service-missing")
        #expect(try refused.json["candidates"] as? [String] == ["Can be inherited (Cloud)", "Can be inherited (Pages)"])
    }

    @Test("--sheet chooses among several matrices, may be given twice, and names a hidden sheet")
    func sheet() async throws {
        func table(_ name: String, _ id: String) -> SampleSheet {
            SampleSheet(name, table: [["Control ID", "Allocation"], [id, "shared"]])
        }
        var sample = SampleWorkbook(table("High", "A-1"), table("Low", "A-2"), table("Old", "A-3"))
        sample.sheets[2].isHidden = true
        let bench = try await provider()
        let path = try file(bench, "m.xlsx", sample.xlsx())
        let asked = await bench.expect("import \(path) --framework own --yes --json", exit: .inputFile)
        #expect(try asked.code == "file-several-matrices")
        #expect(try asked.json["candidates"] as? [String] == ["High", "Low"])
        let missing = await bench.expect("import \(path) --framework own --yes --sheet Middle --json", exit: .inputFile)
        #expect(try missing.code == "file-sheet-missing")
        #expect(try missing.json["candidates"] as? [String] == ["High", "Low", "Old"])
        #expect(try await rows(bench) == [])
        await bench.expect("import \(path) --framework own --yes --sheet Low")
        #expect(try await rows(bench) == ["A-2 shared"])
        await bench.expect("import \(path) --framework own --yes --sheet High --sheet Old")
        #expect(try await rows(bench) == ["A-1 shared", "A-2 shared", "A-3 shared"])
    }

    @Test("--format says what the file is where its name says otherwise, and is obeyed")
    func format() async throws {
        let bench = try await provider()
        let text = Array("Control ID,Allocation\nA-1,shared\n".utf8)
        let named = try file(bench, "m.yaml", text)
        #expect(try await bench.expect("import -n \(named) --framework own --json", exit: .found).code == "file-not-recognised")
        let read = try await bench.expect("import \(named) --framework own --format csv --yes --json").item
        #expect((read["files"] as? [[String: Any]])?.first?["format"] as? String == "csv")
        #expect(try await rows(bench) == ["A-1 shared"])
        // A workbook of the fixed form is read by its headers where it is said to be any workbook.
        let crm = SampleWorkbook(
            SampleSheet("CRM", table: [["Control ID", "Can be inherited", "Responsibilities"], ["AC-2", "No", "You."]])
        ).xlsx()
        let workbook = try file(bench, "crm.xlsx", crm)
        for (words, format) in [("", "cis-crm"), ("--format cis-crm", "cis-crm"), ("--format xlsx", "xlsx")] {
            let item = try await bench.expect("import -n \(workbook) --framework own \(words) --json").item
            #expect((item["files"] as? [[String: Any]])?.first?["format"] as? String == format, "\(words)")
        }
        #expect(try await bench.expect("import -n \(workbook) --framework own --format csv --json", exit: .found).code == "file-damaged")
        #expect(try await bench.expect("import -n \(named) --framework own --format xlsx --json", exit: .found).code == "file-damaged")
        let unknown = await bench.expect("import -n \(named) --format pdf --json", exit: .usage)
        #expect(unknown.errors.contains("cis-crm, caiq, xlsx, csv"), "\(unknown.errors)")
    }

    @Test("A CAIQ goes in by its questions, which are found by their numbers, and goes in again without a change")
    func questionnaire() async throws {
        let bench = try await provider()
        let table = try bench.file(
            "caiq.csv",
            """
            Question ID,Question,CSP CAIQ Answer,SSRM Control Ownership,CSP Implementation Description,CSC Responsibilities
            A&A-01.1,Asked one?,Yes,CSP-owned,We audit.,
            A&A-01.2,Asked two?,NA,,,
            BCR-08.1,Asked three?,No,Shared CSP and 3rd-party,,Keep a copy.

            """)
        let read = try #require((try await bench.expect("import -n \(table) --json").item["files"] as? [[String: Any]])?.first)
        #expect(read["format"] as? String == "caiq" && read["framework"] as? String == "ccm4")
        await bench.expect("import \(table)")
        #expect(try await rows(bench) == ["A&A-01 provider", "A&A-01 not-applicable", "BCR-08 supplier"])
        let shown = await bench.expect("show A&A-01/1").output
        #expect(shown.contains("We audit.") && !shown.contains("Asked"), "\(shown)")
        #expect(try await bench.expect("import \(table) --json").item["change"] is NSNull)
        #expect(!(await bench.expect("export json").output.contains("Asked")))
        #expect(await bench.expect("help formats").output.contains("CAIQ"))
    }

    @Test("--map reads columns of any name, with the values, the languages and the framework it says")
    func map() async throws {
        let bench = try await provider()
        let map = try bench.file(
            "map.json",
            """
            {"version": 1, "framework": "house", "encoding": "windows-31j", "columns": [
              {"header": "規則", "field": "controlId"}, {"header": "誰", "field": "allocation"},
              {"header": "説明", "field": "providerStatement", "language": "ja"}, {"header": "覚え", "field": "private"}],
             "values": {"allocation": {"当方": "provider", "先方": "customer"}}}
            """)
        let text = "規則,誰,説明,覚え\nr-1,当方,①実施,秘\nr-2,先方,,\n"
        // Windows-31J, by the number it has where Foundation names it.
        let bytes = try #require(text.data(using: .init(rawValue: 0x8000_0420)))
        let table = try file(bench, "m.csv", Array(bytes))
        #expect(try await bench.expect("import -n \(table) --json", exit: .found).code == "file-no-header-line")
        let item = try await bench.expect("import \(table) --map \(map) --yes --json").item
        let read = try #require((item["files"] as? [[String: Any]])?.first)
        #expect(read["framework"] as? String == "house" && read["rows"] as? Int == 2)
        #expect((read["private"] as? [[String: Any]])?.compactMap { $0["header"] as? String } == ["覚え"])
        #expect(try await rows(bench) == ["R-1 provider", "R-2 customer"])
        let shown = await bench.expect("show r-1 --lang ja").output
        #expect(shown.contains("①実施") && shown.contains("秘"), "\(shown)")
    }

    // MARK: how much at once

    private static let rowCount = 1_234

    private func manyRows(_ bench: CommandBench) throws -> String {
        let lines = (1...Self.rowCount).map { "own,A-\($0),shared\n" }.joined()
        return try bench.file("many.csv", "Framework,Control ID,Allocation\n" + lines)
    }

    /// The ops of each change of the draft.
    private func ops(_ bench: CommandBench) throws -> [Int] {
        let open = try OpenStore.existing(bench.invocation())
        let service = try Selector(open).ownService()
        var counts: [Int] = []
        try open.store.read { reader in
            try SpaceHistory(service.draft, reader)?.eachChange { counts.append($0.steps.count) }
        }
        return counts
    }

    @Test("1,234 rows become 13 changes, as full as they may be")
    func fewChanges() async throws {
        let bench = try await provider()
        let before = try ops(bench).count
        await bench.expect("import \(try manyRows(bench)) --yes")
        let counts = try ops(bench).dropFirst(before)
        // A new row is five ops: that it is there, its three names, and who is responsible.
        #expect(Array(counts) == [Int](repeating: 500, count: 12) + [34 * 5])
        #expect(counts.allSatisfy { $0 <= Limits.opsPerChange })
    }

    @Test("They are one transaction: a disk that fails anywhere in it leaves none of them")
    func oneTransaction() async throws {
        // What one import asks of the disk, to fail within.
        let counted = try await provider()
        let disk = FaultyDisk(folder: counted.path + "/store")
        disk.arm(.error, at: .max)
        await counted.expect("import \(try manyRows(counted)) --yes")
        let operations = disk.count
        disk.disarm()
        #expect(operations > 16)
        var refused = 0
        for part in [16, 4, 2] {
            let bench = try await provider()
            let before = try ops(bench).count
            let file = try manyRows(bench)
            let failing = FaultyDisk(folder: bench.path + "/store")
            failing.arm(.death, at: operations / part)
            let outcome = await bench.run("import", file, "--yes", "-q")
            #expect(failing.hasFired)
            failing.disarm()
            let written = try ops(bench).count - before
            #expect(written == 0 || written == 13, "\(written) after \(operations / part) of \(operations) operations")
            if outcome.exit != .done {
                refused += 1
                #expect(written == 0)
            }
        }
        #expect(refused > 0)
    }
}
