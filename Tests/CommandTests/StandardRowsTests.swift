import Foundation
import Testing

/// Rows of the standard that come from a file or are typed find those that a template began.
@Suite("A file about the standard goes into the rows of its edition")
struct StandardRowsTests {
    private static let table = "Control ID,Responsibility\n12.3.1,shared\n9.5.9,provider\n"

    @Test("Ids of the standard are those of the edition that the rows are in; a second import changes nothing")
    func edition() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage --template iso27017")
        let rows = try bench.file("rows.csv", Self.table)
        let first = await bench.expect("import \(rows) --yes")
        #expect(first.output.contains("1 added, 1 changed"), "\(first.output)")
        let shown = try await bench.expect("matrix 12.3.1 --json").list
        let row = try #require(shown.first?["row"] as? [String: Any])
        #expect(shown.count == 1 && row["framework"] as? String == "iso27017-2015", "\(shown)")
        // Named by the standard alone it is the same, and compared it is, too.
        let again = try await bench.expect("import \(rows) --framework iso27017 --yes --json").item
        #expect(again["change"] == nil || again["change"] is NSNull, "\(again)")
        let difference = await bench.expect("diff \(rows)..draft --json")
        #expect(!difference.output.contains("\"framework\":\"iso27017\""), "\(difference.output)")
    }

    @Test("Where nothing is said of an edition the first is meant; rows that an older program put beside it are found")
    func firstEdition() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("edit responsibility --set framework=iso27017 --set controlId=12.3.1 --set allocation=provider")
        let rows = try bench.file("rows.csv", Self.table)
        await bench.expect("import \(rows) --yes")
        let shown = try await bench.expect("matrix --json").list.compactMap { $0["row"] as? [String: Any] }
        #expect(shown.map { "\($0["framework"] ?? "") \($0["controlId"] ?? "")" } == ["iso27017 9.5.9", "iso27017 12.3.1"])
    }

    @Test("An item that there is not yet is begun by what the error says")
    func newItem() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage --template iso27017")
        let refused = await bench.run("edit", "responsibility", "12.3.1/retention", "--set", "allocation=shared")
        let line = try #require(refused.errors.split(separator: "\n").first { $0.contains("buntan edit responsibility --set framework") })
        let command = try #require(line.firstRange(of: "edit responsibility").map { String(line[$0.lowerBound...]) })
        #expect(command == "edit responsibility --set framework=iso27017-2015 --set controlId=12.3.1 --set itemKey=retention")
        await bench.expect(command + " --set allocation=shared")
        #expect(try await bench.expect("matrix 12.3.1/retention --json").list.count == 1)
        // What no control begins is no item of one.
        let none = await bench.run("edit", "responsibility", "99.9.9/retention", "--set", "allocation=shared")
        #expect(!none.errors.contains("--set framework"), "\(none.errors)")
    }
}
