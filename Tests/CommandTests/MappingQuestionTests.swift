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

    @Test("A sign that nothing knows is asked about once, in words of either language, and kept for tables like it")
    func signs() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let text = "Control ID,Allocation,Status\n12.3.1,◇,implemented\n12.4.1,◇,？\n6.1.1,customer,？\n8.2.2,＊,\n"
        let file = try bench.file("signs.csv", text)
        // Without anybody to ask, and where nothing is answered, it says what it takes and stores nothing.
        #expect(await bench.run("import", file, "--yes").errors.contains("'◇' is no value of allocation"))
        let none = await bench.run("import", file, answers: ["shared", ""], isTerminal: true)
        #expect(none.exit == .inputFile && none.errors.contains("'◇' in allocation of signs.csv (2 rows)"), "\(none.errors)")
        #expect(try await bench.expect("matrix --json").list.isEmpty)
        let map = bench.path + "/signs.map.json"
        // In the order in which they stand; a word that is none is asked about again.
        let told = await bench.expect("import \(file) --yes", answers: ["both?", "共有", "planned", "supplier", map], isTerminal: true)
        #expect(told.errors.contains("'both?' is no value of allocation"), "\(told.errors)")
        let rows = try await bench.expect("matrix --json").list
        func row(_ control: String) -> [String: Any]? { rows.first { ($0["row"] as? [String: Any])?["controlId"] as? String == control } }
        #expect(row("12.3.1")?["provider"] as? String == "shared" && row("8.2.2")?["provider"] as? String == "supplier")
        #expect(await bench.expect("show 6.1.1").output.contains("planned"))
        let again = try bench.file("again.csv", text.replacing("6.1.1,customer", with: "6.1.1,◇"))
        #expect(await bench.expect("import \(again) --map \(map) --yes").output.contains("1 changed"))
        // What is wrong beside a sign has to be mended first: nothing is asked.
        let long = "Control ID,Allocation,Provider statement\n12.3.1,◇,\n5.1.1,customer,\(String(repeating: "x", count: 70_000))\n"
        let broken = try bench.file("broken.csv", long)
        let refused = await bench.run("import", broken, answers: ["shared"], isTerminal: true)
        #expect(refused.exit == .inputFile && !refused.errors.contains("It stands for"), "\(refused.errors.prefix(400))")
    }

    @Test("Signs of two columns and of a customer's table are asked about in the words of marks")
    func marks() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let file = try bench.file("marks.csv", "管理策番号,事業者,利用者\n12.3.1,◆,○\n12.4.1,×,◆\n")
        let told = await bench.expect("import \(file) --yes --lang ja", answers: ["○", "○", ""], isTerminal: true)
        #expect(told.errors.contains("marks.csvのproviderMarkにある「◆」（1行）"), "\(told.errors)")
        #expect(try await bench.expect("matrix --json").list.compactMap { $0["provider"] as? String } == ["shared", "customer"])
    }
}
