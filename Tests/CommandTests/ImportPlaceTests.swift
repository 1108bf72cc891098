import Foundation
import SampleWorkbooks
import Testing

@testable import ClientCLI

@Suite("import: where an error and a remark stand")
struct ImportPlaceTests {
    /// A file that cannot be taken, and the place that its error must have.
    struct Mistake: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        var words: [String] = ["--framework", "own"]
        let code: String
        var sheet: String?
        var row: Int?
        var column: String?
        var part: String?
        var line: Int?
        /// The place as a sentence has it, in English and in Japanese.
        let place: (en: String, ja: String)

        var testDescription: String { "\(name): \(code) \(place.en)" }

        /// A mistake in a cell.
        init(_ name: String, _ bytes: [UInt8], _ code: String, _ sheet: String, _ column: String, _ row: Int, words: [String]? = nil) {
            (self.name, self.bytes, self.code, self.sheet, self.row, self.column) = (name, bytes, code, sheet, row, column)
            place = ("\(sheet) \(column)\(row)", "\(sheet) \(column)\(row)")
            if let words { self.words = words }
        }

        init(
            _ name: String, _ bytes: [UInt8], _ code: String, sheet: String, row: Int? = nil, column: String? = nil, part: String? = nil,
            line: Int? = nil, words: [String]? = nil, _ en: String, _ ja: String
        ) {
            (self.name, self.bytes, self.code, self.sheet, self.row, self.column) = (name, bytes, code, sheet, row, column)
            (self.part, self.line, place) = (part, line, (en, ja))
            if let words { self.words = words }
        }
    }

    private static let head: [String: SampleSheet.Content] = ["A": "Control ID", "B": "Allocation", "C": "Provider statement (en)"]

    private static func workbook(_ third: [String: SampleSheet.Content]) -> [UInt8] {
        SampleWorkbook(SampleSheet("Matrix", rows: [1: head, 2: ["A": "A-1", "B": "shared"], 3: third])).xlsx()
    }

    private static func workbook(part: String) -> [UInt8] {
        var sample = SampleWorkbook(SampleSheet("Matrix", rows: [1: head]))
        sample.replaced["xl/worksheets/sheet1.xml"] = part
        return sample.xlsx()
    }

    private static func table(_ rest: String) -> [UInt8] { Array("Control ID,Allocation\nA-1,shared\n\(rest)".utf8) }

    private static let tooLong = String(repeating: "a", count: 65_537)
    private static let answers = SampleWorkbook(
        SampleSheet("CRM", from: 3, table: [["Control ID", "Can Be Inherited", "Responsibilities"], ["AC-2", "Yes", "We."]])
    ).xlsx()

    private static let mistakes: [Mistake] = [
        Mistake("m.xlsx", workbook(["A": "A-2", "B": .xml("t=\"e\"", "<v>#REF!</v>")]), "import-refused", "Matrix", "B", 3),
        Mistake("m.xlsx", workbook(["A": "A-2", "B": "somebody"]), "import-refused", "Matrix", "B", 3),
        Mistake("m.xlsx", workbook(["A": "A-2", "C": .text(tooLong)]), "import-refused", "Matrix", "C", 3),
        Mistake("m.xlsx", workbook(["A": .xml("t=\"s\"", "<v>99</v>")]), "file-damaged", "Matrix", "A", 3),
        Mistake("m.xlsx", workbook(["A": "A-2", "XFE": "x"]), "file-hostile", "Matrix", "XFE", 3),
        Mistake("m.xlsx", workbook([:]), "file-framework-unknown", "Matrix", "A", 2, words: []),
        Mistake("m.xlsx", answers, "file-service-missing", "CRM", "B", 3, words: ["--columns-of", "Pages"]),
        Mistake(
            "m.xlsx", workbook(part: "<worksheet><sheetData><row r=\"3\"><c r=\"A0\"/></row></sheetData></worksheet>"), "file-damaged",
            sheet: "Matrix", row: 3, "Matrix, row 3", "Matrix 3行目"),
        Mistake(
            "m.xlsx", workbook(part: "<worksheet>\n<sheetData></worksheet>"), "file-damaged", sheet: "Matrix",
            part: "xl/worksheets/sheet1.xml", line: 3, "Matrix, xl/worksheets/sheet1.xml, line 3",
            "Matrix、xl/worksheets/sheet1.xml、3行目"),
        Mistake("m.csv", table("A-2,somebody\n"), "import-refused", "m.csv", "B", 3),
        Mistake("m.csv", Array("Control ID,Allocation,Topic\nA-1,shared,\(tooLong)\n".utf8), "import-refused", "m.csv", "C", 2),
        Mistake("m.csv", table("A-2,\"sha\nred"), "file-damaged", "m.csv", "B", 3),
        Mistake("m.csv", table("A-2" + String(repeating: ",", count: 16_384) + "x\n"), "file-hostile", "m.csv", "XFE", 3),
        Mistake("m.csv", table(""), "file-framework-unknown", "m.csv", "A", 2, words: []),
        Mistake(
            "m.csv", table("\"A-2\n\",shared\nA-3,") + [0xFF], "file-damaged", sheet: "m.csv", row: 4, column: "B", line: 5,
            words: ["--encoding", "utf-8"], "m.csv B4, line 5", "m.csv B4、5行目"),
    ]

    @Test("An error has its sheet, row and column as JSON and in its sentence, in both languages", arguments: mistakes)
    func errors(mistake: Mistake) async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let file = bench.path + "/" + mistake.name
        try Data(mistake.bytes).write(to: URL(fileURLWithPath: file))
        for language in ["en", "ja"] {
            let words = ["import", file, "--lang", language] + mistake.words
            let place = language == "en" ? mistake.place.en : mistake.place.ja
            let machine = await bench.run(list: words + ["--json"])
            let error = try machine.json
            #expect(machine.exit == .inputFile)
            #expect(error["code"] as? String == mistake.code)
            #expect(error["file"] as? String == file)
            #expect(error["sheet"] as? String == mistake.sheet)
            #expect(error["row"] as? Int == mistake.row)
            #expect(error["column"] as? String == mistake.column)
            #expect(error["part"] as? String == mistake.part)
            #expect(error["line"] as? Int == mistake.line)
            #expect((error["message"] as? String)?.contains(place) == true, "\(error)")
            let human = await bench.run(list: words)
            #expect(human.exit == .inputFile && human.errors.contains(place), "\(human.errors)")
        }
        #expect(try await bench.expect("matrix --json").list.isEmpty)
    }

    @Test("A column of a mapping that the file lacks is told with the row that looks like its header", arguments: ["en", "ja"])
    func mapped(language: String) async throws {
        let bench = try CommandBench()
        let map = try bench.file(
            "map.json", #"{"version":1,"columns":[{"header":"Control ID","field":"controlId"},{"header":"Who","field":"allocation"}]}"#)
        let table = try bench.file("m.csv", "A title\nControl ID,Allocation\nA-1,shared\n")
        let refused = await bench.expect("import -n \(table) --map \(map) --lang \(language) --json", exit: .found)
        let error = try refused.json
        #expect(error["code"] as? String == "file-columns-missing")
        #expect(error["sheet"] as? String == "m.csv" && error["row"] as? Int == 2 && error["column"] == nil)
        #expect((error["message"] as? String)?.contains(language == "en" ? "Who (m.csv, row 2)" : "Who（m.csv 2行目）") == true, "\(error)")
        #expect(error["candidates"] as? [String] == ["Control ID", "Allocation"])
    }

    @Test("Of several errors the first has its place in the sentence and the others are listed with theirs")
    func several() async throws {
        let bench = try CommandBench()
        let table = try bench.file("m.csv", "Control ID,Allocation\nA-1,one\nA-2,shared\nA-3,two\nA-4,three\n")
        let refused = await bench.expect("import -n \(table) --framework own --json", exit: .found)
        #expect(try refused.json["candidates"] as? [String] == ["m.csv B4", "m.csv B5"])
        #expect((try refused.json["message"] as? String)?.contains("3 errors, the first at m.csv B2") == true)
    }

    @Test("A remark has its place as JSON and in its line; one on a whole sheet has the row of its header", arguments: ["en", "ja"])
    func remarks(language: String) async throws {
        let bench = try CommandBench()
        let table = [["Control ID", "Can Be Inherited", "Responsibilities"], ["AC-2", "Partial", "Both."]]
        var sample = SampleWorkbook(SampleSheet("CRM", from: 3, table: table), SampleSheet("Old", from: 5, table: table))
        sample.sheets[1].isHidden = true
        let file = bench.path + "/m.xlsx"
        try Data(sample.xlsx()).write(to: URL(fileURLWithPath: file))
        let looked = await bench.expect("import -n \(file) --json --lang \(language)")
        let remarks = try #require((try looked.item["files"] as? [[String: Any]])?.first?["remarks"] as? [[String: Any]])
        func place(_ code: String) -> [String] {
            remarks.filter { $0["code"] as? String == code }
                .map { "\($0["sheet"] as? String ?? "?") \($0["column"] as? String ?? "-")\($0["row"] as? Int ?? 0)" }
        }
        #expect(place("split-asked") == ["CRM B4"])
        #expect(place("framework-assumed") == ["CRM A3"])
        #expect(place("sheet-hidden") == ["Old -5"])
        #expect(remarks.count == 3)
        let lines = await bench.expect("import -n \(file) -v --lang \(language)").errors
        for place in ["CRM B4: ", "CRM A3: ", language == "en" ? "Old, row 5: " : "Old 5行目: "] {
            #expect(lines.contains(place), "\(place) in \(lines)")
        }
    }

    @Test("A flag that changes without its text is remarked on, in a dry run and when it is written", arguments: ["en", "ja"])
    func flagAlone(language: String) async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        func matrix(_ flag: String) throws -> String {
            try bench.file("m.csv", "Control ID,Can Be Inherited,Responsibilities\nAC-2,\(flag),Both of us.\n")
        }
        await bench.expect("import \(try matrix("Partial")) --yes")
        let newer = try matrix("No")
        for words in ["-n", "--yes"] {
            let looked = await bench.expect("import \(newer) -n --json")
            let remarks = (try looked.item["files"] as? [[String: Any]])?.first?["remarks"] as? [[String: Any]]
            let remark = try #require(remarks?.first { $0["code"] as? String == "flag-changed-alone" })
            #expect(remark["sheet"] as? String == "m.csv" && remark["row"] as? Int == 2 && remark["column"] as? String == "B")
            let said = await bench.expect("import \(newer) \(words) --lang \(language)").errors
            #expect(said.contains(language == "en" ? "AC-2 went from Partial to No" : "AC-2はPartialからNoに変わりました"), "\(said)")
            #expect(said.contains("m.csv B2: "), "\(said)")
        }
    }
}
