import Foundation
import Testing

@testable import ClientCLI

@Suite("Files that a person names, and ways to name them")
struct NamedFileTests {
    @Test("A file that cannot be had is told with the system's reason")
    func reasons() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha --server https://sync.example")
        let missing = await bench.expect("sync --ca-file \(bench.path)/none.pem --json", exit: .usage)
        #expect(try missing.code == "ca-file-unreadable" && missing.errors.contains("No such file"), "\(missing.errors)")
        let nowhere = await bench.expect("store backup \(bench.path)/none/copy.db --json", exit: .machine)
        #expect(try nowhere.code == "cannot-write" && nowhere.errors.contains("No such file"), "\(nowhere.errors)")
        #expect(try await bench.expect("store backup - --json", exit: .usage).code == "invalid-value")
        let folder = await bench.expect("store restore \(bench.path) --json", store: "second", exit: .inputFile)
        #expect(folder.errors.contains("Is a directory"), "\(folder.errors)")
        #expect(!FileManager.default.fileExists(atPath: bench.path + "/second"))
    }

    @Test("A company's certificates are kept by their whole path, so that they are found from any folder")
    func wholePath() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        let set = await bench.expect("config caFile company.pem --json")
        let kept = try #require(try set.item["value"] as? String)
        #expect(kept == FileManager.default.currentDirectoryPath + "/company.pem")
        #expect(try await bench.expect("config caFile --json").list.first?["value"] as? String == kept)
    }

    @Test("- is standard input for what is imported")
    func standardInput() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let table = try bench.file("rows.csv", "管理策番号,責任分担,事業者の対応\nA-1,共有,①㈱例～髙\n")
        let input = try #require(FileHandle(forReadingAtPath: table))
        let result = try BuntanProcess.run(
            ["--store", bench.path + "/store", "import", "-", "--framework", "own"], in: bench.path, input: input)
        #expect(result.status == 0, "\(result.errors)")
        #expect(await bench.expect("show A-1").output.contains("①㈱例～髙"))
    }

    @Test("A format that is named holds: bytes of another are refused")
    func namedFormat() async throws {
        let bench = try CommandBench()
        let table = try bench.file("rows.csv", "Control ID,Allocation\nA-1,shared\n")
        await bench.expect("import -n \(table) --framework own --format csv")
        #expect(try await bench.expect("import -n \(table) --framework own --format xlsx --json", exit: .found).code == "file-damaged")
    }

    @Test("A dry run of a file that was not there to be looked at ends as the import does; one that would not go in is an answer")
    func dryRunOfNothing() async throws {
        let bench = try CommandBench()
        let table = try bench.file("rows.csv", "Control ID,Allocation\nA-1,shared\n")
        for (line, code) in [
            ("\(bench.path)/none.xlsx", "file-missing"), ("\(table) \(bench.path)/none.xlsx --framework own", "file-missing"),
            (bench.path, "file-unreadable"), ("\(table) --framework own --map \(bench.path)/none.json", "file-missing"),
        ] {
            let refused = await bench.expect("import -n \(line) --json", exit: .inputFile)
            #expect(try refused.code == code && refused.json["exit"] as? Int == 6, "\(line): \(refused.output)")
        }
        let noise = try bench.file("noise.csv", "nothing")
        #expect(try await bench.expect("import -n \(noise) --json", exit: .found).json["exit"] as? Int == 1)
    }

    @Test("The column mapping that help shows is one, and another that is none is told with the place and where help is")
    func mapping() async throws {
        let bench = try CommandBench()
        let shown = try bench.file("shown.json", TableHelp.mapping.joined(separator: "\n"))
        let table = try bench.file("rows.csv", "Nr,Who,We do\nAC-2,both of us,Back it up.\n")
        await bench.expect("import -n \(table) --map \(shown) --encoding utf-8")
        let short = try bench.file("short.json", #"{"columns": [{"header": "Nr", "field": "controlId"}]}"#)
        await bench.expect("import -n \(table) --map \(short) --framework own")
        for (text, place) in [
            ("{", "not JSON"), (#"{"columns": {}}"#, "'columns'"), (#"{"columns": [{"header": "Nr", "field": "x"}]}"#, "field"),
        ] {
            let refused = await bench.expect("import -n \(table) --map \(try bench.file("bad.json", text)) --json", exit: .found)
            #expect(try refused.code == "mapping-invalid" && refused.errors.contains(place), "\(refused.errors)")
            #expect(try refused.json["next"] as? String == "buntan help formats")
        }
        for language in ["en", "ja"] {
            let help = await bench.expect("help formats --lang \(language)").output
            for line in TableHelp.mapping { #expect(help.contains(line), "\(line)") }
        }
    }

    @Test("A form that comes back as it was makes no record")
    func unchangedForm() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        let same = await bench.run(list: ["edit", "service-dependency"], editor: { $0 })
        #expect(same.output == "Nothing changed.\n", "\(same.output)\(same.errors)")
        #expect(try await bench.expect("list service-dependency --json").list.isEmpty)
        let filled = await bench.run(
            list: ["edit", "service-dependency"],
            editor: { $0.replacingOccurrences(of: "upstreamName:", with: "upstreamName: Iaas") })
        #expect(filled.output.contains("service-dependency"), "\(filled.errors)")
        #expect(try await bench.expect("list service-dependency --json").list.count == 1)
    }
}
