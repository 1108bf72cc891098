import Foundation
import Interchange
import Testing
import Wording
import Workbooks

@testable import ClientCLI

@Suite("import: a document into the draft, all or nothing")
struct ImportCommandTests {
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../Fixtures/cloudgov").standardized.path
    private static let march = fixtures + "/cloudgov-platform_2021-03-15.xlsx"
    private static let july = fixtures + "/cloudgov-platform_2021-07-21.xlsx"

    /// A store with one service of its own.
    private func provider() async throws -> CommandBench {
        let bench = try CommandBench()
        _ = await bench.run("init", "--org", "Example Cloud K.K.", "-q")
        let made = await bench.run("service", "add", "Object Storage", "-q")
        #expect(made.exit == .done, "\(made.errors)")
        return bench
    }

    @Test("A second import changes nothing, a newer version only what differs")
    func again() async throws {
        let bench = try await provider()
        let first = try await bench.run("import", Self.march, "--json", "-q", "--yes").item
        #expect(first["added"] as? Int == 616)
        let second = try await bench.run("import", Self.march, "--json", "-q", "--yes").item
        #expect(second["added"] as? Int == 0)
        #expect(second["changed"] as? Int == 0)
        #expect(second["change"] is NSNull)
        let plan = try await bench.run("import", "-n", Self.july, "--json", "-q").item
        #expect(plan["changed"] as? Int == 22)
        let newer = try await bench.run("import", Self.july, "--json", "-q", "--yes").item
        #expect(newer["changed"] as? Int == 22)
        let rows = try #require(newer["rows"] as? [[String: Any]])
        func changing(_ field: String) -> Int {
            rows.count { ($0["fields"] as? [[String: Any]])?.contains { $0["field"] as? String == field } ?? false }
        }
        #expect(changing("foundFlag") == 13)
        #expect(changing("foundText") == 21)
    }

    @Test("A dry run writes nothing and needs neither service nor store")
    func dry() async throws {
        let bench = try CommandBench()
        let without = try await bench.run("import", "-n", Self.march, "--json", "-q").item
        let files = try #require(without["files"] as? [[String: Any]])
        #expect(files.map { $0["rows"] as? Int } == [616])
        #expect(!FileManager.default.fileExists(atPath: bench.path + "/store"))
        _ = await bench.run("init", "--org", "Example Cloud K.K.", "-q")
        _ = await bench.run("service", "add", "Object Storage", "-q")
        _ = await bench.run("import", "-n", Self.march, "-q")
        let matrix = try await bench.run("matrix", "--json").json
        #expect((matrix["items"] as? [Any])?.isEmpty == true)
    }

    @Test("How the columns were read is written down once, and reads another file alike")
    func savedMapping() async throws {
        let bench = try await provider()
        let first = try bench.file("first.csv", "管理策番号,責任区分,社内メモ\n12.3.1,共有,秘密\n")
        let map = bench.path + "/map.json"
        let told = await bench.expect("import \(first) --save-map \(map) --yes")
        #expect(told.errors.contains("How the columns were read is in \(map)"), "\(told.errors)")
        let text = try String(contentsOfFile: map, encoding: .utf8)
        #expect(text.contains("責任区分") && !text.contains("秘密"))
        // The same file read by it changes nothing; another with the same heads is read.
        #expect(await bench.expect("import \(first) --map \(map) --yes").output.contains("already"))
        let next = try bench.file("next.csv", "管理策番号,責任区分,社内メモ\n12.3.1,事業者,秘密\n")
        #expect(await bench.expect("import \(next) --map \(map) --yes").output.contains("1 changed"))
        #expect(try await bench.expect("import \(next) --save-map \(map) --json", exit: .machine).code == "file-exists")
        let fixed = await bench.run("import", Self.march, "--save-map", map, "-n", "--json", "--yes")
        #expect(try fixed.exit == .usage && fixed.code == "no-mapping")
    }

    @Test("Several files are taken in one go or not at all")
    func several() async throws {
        let bench = try await provider()
        let broken = try bench.file("broken.xlsx", "PK\u{3}\u{4}cut")
        let refused = await bench.run("import", Self.march, broken, "--json", "-q", "--yes")
        #expect(refused.exit == .inputFile)
        #expect(try refused.json["file"] as? String == broken)
        let matrix = try await bench.run("matrix", "--json").json
        #expect((matrix["items"] as? [Any])?.isEmpty == true)
        let both = try await bench.run("import", Self.march, Self.july, "--json", "-q", "--yes").item
        #expect(both["added"] as? Int == 616)
        #expect(both["changed"] as? Int == 22)
    }

    @Test("A file that would not go in is something found where one only looks, and an error where one imports")
    func wouldNotGoIn() async throws {
        let bench = try await provider()
        let broken = try bench.file("broken.xlsx", "PK\u{3}\u{4}cut")
        #expect(await bench.run("import", "-n", broken).exit == .found)
        #expect(await bench.run("import", broken).exit == .inputFile)
        let gone = await bench.run("import", bench.path + "/none.xlsx", "--json")
        #expect(try gone.code == "file-missing")
    }

    @Test("A Japanese table in Windows-31J keeps ①, ㈱, 髙 and ～")
    func japaneseTable() async throws {
        let bench = try await provider()
        let text = "管理策番号,責任区分,事業者の対応,利用者の対応\n9.2.1,共有,①㈱髙橋が登録～削除,申請する\n9.2.2,事業者,権限を割り当てる,\n"
        let bytes = try #require(text.data(using: .init(rawValue: CFEncodings.windows31J)))
        let path = bench.path + "/分担表.csv"
        try bytes.write(to: URL(fileURLWithPath: path))
        let taken = await bench.run("import", path, "--framework", "iso27017-2015", "--json")
        #expect(try taken.item["added"] as? Int == 2, "\(taken.errors)")
        let shown = await bench.run("show", "9.2.1", "--lang", "ja")
        #expect(shown.output.contains("①㈱髙橋が登録～削除"), "\(shown.output)\(shown.errors)")
    }

    @Test("Every remark on a real workbook is a whole sentence in both languages", arguments: [march, july], Language.allCases)
    func remarks(file: String, language: Language) throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        let matrix = try readMatrix(Array(bytes), name: "matrix.xlsx")
        let all = ImportWords.lines(matrix.diagnostics, all: true, in: language)
        #expect(all.count == matrix.diagnostics.count)
        #expect(!all.isEmpty)
        for line in all { #expect(!line.contains("{"), "\(line)") }
        let grouped = ImportWords.lines(matrix.diagnostics, all: false, in: language)
        #expect(grouped.count < 30)
    }

    @Test("Every fault of a document is said in words, with its file")
    func faults() {
        let faults: [ImportFault] = [
            .unreadable(.empty, document: "a"), .unreadable(.unreadableArchive(code: 19), document: "a"),
            .unreadable(.oldOrEncrypted, document: "a"), .unreadable(.missingPart("xl/workbook.xml"), document: "a"),
            .unreadable(.damagedPart(at: WorkbookPlace(part: "xl/workbook.xml", line: 3)), document: "a"),
            .unreadable(.forbiddenDeclaration(at: WorkbookPlace(part: "xl/workbook.xml")), document: "a"),
            .unreadable(.unsupportedEncoding(at: WorkbookPlace(part: "xl/workbook.xml")), document: "a"),
            .unreadable(.limitExceeded(.columns, allowed: 16_384, found: 1_000_000, at: WorkbookPlace(sheet: "S", row: 1)), document: "a"),
            .unreadable(.malformedReference("A0", at: WorkbookPlace(sheet: "S")), document: "a"),
            .unreadable(.unknownSharedString("9", at: WorkbookPlace(sheet: "S")), document: "a"),
            .unreadable(.undecodableText(.windows31J, byteOffset: 7, at: WorkbookPlace(line: 2, sheet: "S", row: 2)), document: "a"),
            .unreadable(.encodingUnavailable(.windows31J), document: "a"),
            .unreadable(.unclosedQuote(at: WorkbookPlace(row: 4)), document: "a"),
            .formatNotRead("pdf", document: "a"), .noMatrix(document: "a", sheets: ["S"]), .noRows(document: "a", sheets: ["S"]),
            .severalMatrices(document: "a", choices: [["High", "Low"]]), .sheetNotFound("T", document: "a", sheets: ["S"]),
            .serviceNotFound("x", document: "a", headers: ["S"], at: ImportOrigin(sheet: "S", row: 1, column: 2)),
            .columnsMissing(["x"], document: "a", headers: ["S"], at: nil),
            .frameworkUnknown(document: "a", exampleID: "Q-1", at: ImportOrigin(sheet: "S", row: 2, column: 1)),
            .rejected(
                document: "a",
                diagnostics: [ImportDiagnostic(.cellError, document: "a", sheet: "S", row: 3, column: 2, facts: ["value": "#REF!"])]),
        ]
        for fault in faults {
            let failure = ImportWords.failure(fault, file: "matrix.xlsx")
            #expect(failure.exit == .inputFile)
            for language in Language.allCases {
                let text = failure.text(in: language)
                #expect(text.contains("matrix.xlsx") && !text.contains("{"), "\(text)")
            }
        }
    }
}

/// The encoding's number, which Foundation names on other systems only.
private enum CFEncodings {
    static let windows31J: UInt = 0x8000_0420
}
