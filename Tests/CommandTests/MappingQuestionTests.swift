import Foundation
import Testing

@testable import ClientCLI

@Suite("import: what the columns of a table are is asked for once")
struct MappingQuestionTests {
    private static let table = "Ref,Wer,Wir,Ihr,Intern\nX-1,provider,We do.,,secret\nX-2,customer,,You do.,\n"

    @Test("The answers are a mapping that reads the table, and another like it without a question")
    func asked() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let file = try bench.file("odd.csv", Self.table)
        let refused = await bench.run("import", file)
        #expect(refused.exit == .inputFile)
        let map = bench.path + "/odd.map.json"
        // A number that is none, and one that is taken, are asked about again.
        let answers = ["9", "1", "1", "2", "3", "4", "", "", "own-rules", map]
        let told = await bench.expect("import \(file) --yes", answers: answers, isTerminal: true)
        #expect(told.errors.contains("1  Ref  (X-1)") && told.errors.contains("Numbers from 1 to 5"), "\(told.errors)")
        let rows = try await bench.expect("matrix --json").list
        #expect(rows.count == 2)
        #expect((rows[0]["row"] as? [String: Any])?["framework"] as? String == "own-rules")
        #expect(rows.compactMap { $0["provider"] as? String } == ["provider", "customer"])
        // What nobody named stays private.
        let exported = await bench.expect("export json")
        #expect(exported.output.contains("We do.") && exported.output.contains("You do."))
        await bench.expect("publish 1 -m first --yes")
        #expect(await !bench.expect("export json --audience public").output.contains("secret"))
        let again = try bench.file("again.csv", Self.table.replacing("X-2,customer", with: "X-2,shared"))
        #expect(await bench.expect("import \(again) --map \(map) --yes").output.contains("1 changed"))
    }

    @Test("Two columns of signs, one a side; nothing answered is nothing imported")
    func sides() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let file = try bench.file("signs.csv", "番,左,右\n12.3.1,○,△\n12.4.1,×,○\n")
        let none = await bench.run("import", file, "--lang", "ja", answers: [""], isTerminal: true)
        #expect(none.exit == .inputFile && none.errors.contains("管理策番号の列:"), "\(none.errors)")
        await bench.expect("import \(file) --yes", answers: ["1", "2、3", "", "", "", "", ""], isTerminal: true)
        #expect(try await bench.expect("matrix --json").list.compactMap { $0["provider"] as? String } == ["shared", "customer"])
    }
}
