import Foundation
import Testing
import Workbooks

@testable import ClientCLI

@Suite("export xlsx, cis-crm, caiq, soa: workbooks")
struct BookExportTests {
    static func sheets(_ path: String) throws -> [Sheet] {
        try Workbook(xlsx: [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))).sheets
    }

    static func words(_ path: String) throws -> String {
        try sheets(path).flatMap(\.rows).flatMap(\.cells).map(\.value.text).joined(separator: "\n")
    }

    @Test("An imported workbook comes back as it was found, in either form, and what is written changes nothing where it came from")
    func readBack() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/cloudgov/cloudgov-platform_2021-03-15.xlsx").standardized.path
        try FileManager.default.copyItem(atPath: source, toPath: bench.path + "/source.xlsx")
        await bench.expect("import \(bench.path)/source.xlsx --yes")
        await bench.expect("edit responsibility ac-2.1 --set allocation=customer --set boundaryNote/ja=境界")
        let before = await bench.expect("export json").output
        for (format, options) in [("cis-crm", ""), ("xlsx", ""), ("xlsx", " --lang ja")] {
            let path = "\(bench.path)/own\(options.count).\(format).xlsx"
            let none = await bench.run("export", format)
            #expect(none.exit == .usage && none.errors.contains("buntan export \(format) -o FILE.xlsx"), "\(none.errors)")
            let told = await bench.expect("export \(format) -o \(path)\(options)")
            #expect(told.output.contains("616"), "\(told.output)")
            #expect(try await bench.expect("export \(format) -o \(path) --json", exit: .machine).code == "file-exists")
            let again = await bench.expect("import \(path) -n")
            #expect((again.errors + again.output).contains("nothing to change"), "\(again.errors) \(again.output)")
            await bench.expect("import \(path) --yes")
            #expect(await bench.expect("export json").output == before)
        }
        let names = try Self.sheets("\(bench.path)/own0.cis-crm.xlsx").map(\.name)
        #expect(names == ["Instructions", "CIS Worksheet", "CRM Worksheet", "Record of Change"])
        let other = await bench.run("export", "caiq", "-o", "\(bench.path)/caiq.xlsx", "--json")
        #expect(try other.exit == .refused && other.code == "no-rows-of-format")
        #expect(!FileManager.default.fileExists(atPath: "\(bench.path)/caiq.xlsx"))
    }

    @Test("A questionnaire's answers are written without its questions, and rows of other frameworks are counted")
    func questionnaire() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage --template iso27017")
        let table = try bench.file(
            "answers.csv",
            """
            Question ID,Question,CSP CAIQ Answer,SSRM Control Ownership,CSP Implementation Description (Optional/Recommended)
            A&A-01.1,Made up?,Yes,CSP-owned,=We audit.
            A&A-01.2,Made up too?,No,Shared CSP and 3rd-party,
            A&A-02.1,And this?,NA,,

            """)
        await bench.expect("import \(table) --yes")
        let path = bench.path + "/caiq.xlsx"
        let told = await bench.expect("export caiq -o \(path) --json")
        #expect(try told.item["rows"] as? Int == 3)
        #expect(try told.item["leftOut"] as? Int == 44)
        let words = try Self.words(path)
        #expect(words.contains("=We audit.") && words.contains("Shared CSP and 3rd-party") && !words.contains("Made up"))
        let again = await bench.expect("import \(path) -n")
        #expect((again.errors + again.output).contains("nothing to change"), "\(again.errors) \(again.output)")
    }

    @Test("Evidence that names a control stands beside its row, and is passed over when the workbook comes back")
    func evidence() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage --template iso27017")
        await bench.expect("edit evidence --set evidenceType=certificate --set issuer=Auditor --set coveredControlIds+=12.3.1 --shared")
        let path = bench.path + "/evidence.xlsx"
        await bench.expect("export xlsx -o \(path) --lang ja")
        let sheet = try #require(try Self.sheets(path).first)
        let head = try #require(sheet.rows.first { $0[1]?.text == "管理策番号" })
        let column = try #require(head.cells.first { $0.value.text == "根拠・証拠" }?.column)
        let cited = sheet.rows.filter { $0.number > head.number && $0[column]?.text.isEmpty == false }
        #expect(cited.map { $0[1]?.text } == ["12.3.1"] && cited[0][column]?.text == "Auditor 登録証", "\(cited)")
        let again = await bench.expect("import \(path) -n")
        #expect((again.errors + again.output).contains("nothing to change") && !again.errors.contains("private"), "\(again.errors)")
    }

    @Test("A statement of applicability is one's own, a line for each control")
    func statement() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage --template iso27017")
        let path = bench.path + "/soa.xlsx"
        #expect(try await bench.expect("export soa -o \(path) --json", exit: .usage).code == "no-statement")
        await bench.expect("soa start --position both --yes")
        await bench.expect("soa set 12.3.1 --applicable yes --reason Needed. --yes")
        #expect(try await bench.expect("export soa --audience public -o \(path) --json", exit: .refused).code == "own-record-only")
        await bench.expect("export soa -o \(path)")
        let sheet = try #require(try Self.sheets(path).first)
        #expect(sheet.rows.count { $0[1]?.text.hasPrefix("CLD.") == true } == 7)
        #expect(sheet.rows.count { $0[1]?.text.first?.isNumber == true } == 114)
        let row = try #require(sheet.rows.first { $0[1]?.text == "12.3.1" })
        #expect(row.cells.contains { $0.value.text == "Needed." })
    }

    @Test("No secret is in a workbook for the counterpart or for everybody")
    func salted() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            _ = try ExportTests.salt(bench)
            for (number, scope) in ["-s object-storage", "-e kaisha"].enumerated() {
                for audience in ["counterpart", "public"] {
                    let path = "\(bench.path)/\(number)-\(audience).xlsx"
                    await bench.expect("export xlsx --audience \(audience) \(scope) -o \(path)", store: "provider")
                    let words = try Self.words(path)
                    #expect(words.contains("Keep a copy.") && !words.contains("SECRET"))
                    #expect(words.contains("Kaisha") == (audience == "counterpart" && number == 1))
                    for ending in ["html", "md"] {
                        let paper = "\(bench.path)/\(number)-\(audience).\(ending)"
                        await bench.expect("export whitepaper --audience \(audience) \(scope) -o \(paper)", store: "provider")
                        let text = try String(contentsOfFile: paper, encoding: .utf8)
                        #expect(text.contains("Keep a copy.") && !text.contains("SECRET") && !text.contains("Kaisha"))
                    }
                }
            }
            let own = bench.path + "/own.xlsx"
            await bench.expect("export xlsx -s object-storage -o \(own)", store: "provider")
            #expect(try Self.words(own).contains("SECRET-unpublished"))
        }
    }

    @Test("What both have signed has its day beside it, and what somebody changed since has none")
    func agreed() async throws {
        try await AgreementCommandTests.withSigned(by: "customer") { bench, _ in
            func days(_ name: String) async throws -> [String: String] {
                let path = "\(bench.path)/\(name).xlsx"
                await bench.expect("export xlsx -o \(path)", store: "customer")
                let sheet = try #require(try Self.sheets(path).first)
                let head = try #require(sheet.rows.first { $0[1]?.text == "Control ID" })
                let column = try #require(head.cells.first { $0.value.text == "Agreed on" }?.column)
                let rows = sheet.rows.filter { $0.number > head.number }
                return Dictionary(uniqueKeysWithValues: rows.map { ($0[1]?.text ?? "", $0[column]?.text ?? "") })
            }
            let signed = try await days("signed")
            #expect(Set(signed.keys) == ["A-1", "A-2", "A-3"])
            #expect(signed.values.allSatisfy { $0.hasPrefix("20") }, "\(signed)")
            // A state is called as it is everywhere else.
            #expect(
                try Self.sheets("\(bench.path)/signed.xlsx")[0].rows.count { row in row.cells.contains { $0.value.text == "agreed" } } == 3)
            await bench.expect("edit responsibility A-1 --set providerStatement/en=Other. -s object-storage", store: "provider")
            await AgreementCommandTests.publish(bench, "2")
            let stale = try await days("stale")
            #expect(stale["A-1"] == "" && stale["A-2"] == signed["A-2"], "\(stale)")
        }
    }

    @Test("A white paper says control by control what is asked and what is stated, with the records that a control asks for")
    func whitePaper() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage --template iso27017")
        await bench.expect("edit responsibility 12.3.1 --set allocation=shared --set providerStatement/en=Kept_30_days.")
        await bench.expect("edit backup-specification --set restoreProcedure/en=All_buckets --set retention=P30D --yes")
        await bench.expect("note 12.3.1 INNER")
        let none = await bench.run("export", "whitepaper", "-o", bench.path + "/paper.txt")
        #expect(none.exit == .usage && none.errors.contains("FILE.html, FILE.md"), "\(none.errors)")
        #expect(await bench.run("export", "whitepaper").exit == .usage)
        for (language, asked) in [("en", "Asked of the provider: "), ("ja", "プロバイダへの求め: ")] {
            let path = "\(bench.path)/\(language).md"
            await bench.expect("export whitepaper -o \(path) --lang \(language)")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.contains(asked) && text.contains("Kept 30 days.") && text.contains("All buckets") && !text.contains("INNER"))
            let controls = text.split(separator: "\n").filter { $0.hasPrefix("#### ") }
            // Each control that asks something of the provider, once, in the order of the standard.
            #expect(controls.count >= 40)
            #expect(text.components(separatedBy: "#### 12.3.1 ").count == 2)
        }
        await bench.expect("export whitepaper -o \(bench.path)/paper.html")
        let page = try String(contentsOfFile: bench.path + "/paper.html", encoding: .utf8)
        #expect(page.contains("default-src 'none'") && !page.contains("<script"))
    }
}
