import Foundation
import Testing

@testable import ClientCLI

@Suite("What is typed on standard input")
struct TypedInputTests {
    /// Standard input that holds a text.
    private struct Held: LineSource {
        let text: String
        func line() throws -> String? { nil }
        func secret() throws -> String? { nil }
        func everything(limit: Int) throws -> [UInt8]? { text.utf8.count > limit ? nil : Array(text.utf8) }
    }

    private static func run(_ bench: CommandBench, _ words: [String], input: String) async -> Outcome {
        let (output, errors) = (Captured(), Captured())
        let console = Console(
            output: output, errors: errors, input: Held(text: input), programs: NoPrograms(), inputIsTerminal: false,
            environment: ["HOME": bench.path, "BUNTAN_STORE": bench.path + "/store"], now: { Date(timeIntervalSince1970: 1_795_428_311) },
            ticks: { .zero })
        let exit = await Program(root: Buntan.self, console: console) { FaultWords.failure($0) }.run(words)
        return Outcome(exit: exit, bytes: output.all, errors: errors.text)
    }

    @Test("Addresses are read one a line, beside those that were typed, and texts as a whole")
    func reading() async throws {
        let bench = try CommandBench()
        let table = try bench.file("rows.csv", "Framework,Control ID,Allocation\nf,AC-2(5),shared\nf,AC-3,provider\nf,AU-4,customer\n")
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("import \(table)")
        let fields = ["--plain", "--fields", "row.controlId"]
        let matrix = await Self.run(bench, ["matrix", "au-4", "-"] + fields, input: " ac-2.5 \n\n")
        #expect(matrix.output == "row.controlId\nAC-2(5)\nAU-4\n", "\(matrix.errors)")
        let none = await Self.run(bench, ["matrix", "-"] + fields, input: "zz-9\n")
        #expect(none.exit == .usage && none.errors.contains("zz-9"))
        for input in ["", " \n\n"] {
            // Without rows the command would list them all.
            let empty = await Self.run(bench, ["matrix", "-", "--json"], input: input)
            #expect(try empty.exit == .usage && empty.code == "empty-input")
        }
        let noted = await Self.run(bench, ["note", "ac-3", "-"], input: "ask\nlegal\n")
        #expect(noted.exit == .done, "\(noted.errors)")
        let shown = await Self.run(bench, ["show", "ac-3", "--json"], input: "")
        #expect(shown.output.contains(#"ask\nlegal""#), "\(shown.output)")
        for words in [["note", "ac-3", "-"], ["note", "ac-3"], ["note", "ac-3", " "]] {
            let empty = await Self.run(bench, words + ["--json"], input: "\n")
            #expect(try empty.code == "missing-argument", "\(words)")
        }
        let both = await Self.run(bench, ["show", "-", "--json"], input: "ac-3\nau-4\n")
        #expect(both.output.contains(#""AC-3""#) && both.output.contains(#""AU-4""#), "\(both.output) \(both.errors)")
        let large = await Self.run(bench, ["note", "ac-3", "-", "--json"], input: String(repeating: "x", count: Invocation.inputLimit + 1))
        #expect(try large.code == "file-too-large")
    }
}
