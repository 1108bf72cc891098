import BuntanProtocol
import FaultyDisks
import Foundation
import SampleWorkbooks
import Storage
import StorageSQLite
import Testing
import Wording

@testable import ClientCLI

@Suite("Bad input, as its user meets it")
struct BadInputTests {
    /// A store with one service of its own and nothing in it.
    private func provider() async throws -> CommandBench {
        let bench = try CommandBench()
        _ = await bench.run("init", "--org", "Example Cloud K.K.", "-q")
        let made = await bench.run("service", "add", "Object Storage", "-q")
        #expect(made.exit == .done, "\(made.errors)")
        return bench
    }

    /// Everything the store says of itself, to compare before and after.
    private func state(_ bench: CommandBench) async throws -> String {
        let matrix = await bench.run("matrix", "--plain").output
        let outbox = await bench.run("outbox", "--plain").output
        return matrix + outbox + (await bench.run("services", "--plain").output)
    }

    // MARK: workbooks

    enum Hostile: CaseIterable, Sendable {
        case truncated, zipBomb, entityBomb, externalEntity, missingPart, millionColumns, lyingSize, notAWorkbook, sealed, empty, deep

        var bytes: [UInt8] {
            var sample = SampleWorkbook(SampleSheet("Matrix", rows: [1: ["A": "Control ID"], 2: ["A": "AC-1"]]))
            switch self {
            case .truncated: return Array(sample.xlsx().dropLast(200))
            case .zipBomb:
                var zip = ZipWriter()
                zip.add("xl/workbook.xml", [UInt8](repeating: 0x20, count: 8 << 20))
                return zip.finished()
            case .entityBomb:
                sample.replaced["xl/sharedStrings.xml"] = "<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z \"&x;&x;&x;&x;\">]><a>&z;</a>"
            case .externalEntity:
                sample.replaced["xl/worksheets/sheet1.xml"] = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"
            case .missingPart: sample.omitted = ["xl/worksheets/sheet1.xml"]
            case .millionColumns: sample = SampleWorkbook(SampleSheet("Wide", rows: [7: ["BDWGN": "x"]]))
            case .lyingSize:
                let content = Array("<?xml version=\"1.0\"?><workbook/>".utf8)
                var zip = ZipWriter()
                zip.add("xl/workbook.xml", content, declaredSize: content.count + 5)
                return zip.finished()
            case .notAWorkbook: return Array("PK not a zip".utf8)
            case .sealed: return [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + [UInt8](repeating: 0, count: 600)
            case .empty: return []
            case .deep:
                sample.replaced["xl/worksheets/sheet1.xml"] =
                    String(repeating: "<a>", count: 9_999) + String(repeating: "</a>", count: 9_999)
            }
            return sample.xlsx()
        }
    }

    /// The error's code, and what its sentence says of the reason and the place.
    private static func answer(to hostile: Hostile) -> (code: String, en: String, ja: String) {
        switch hostile {
        case .truncated, .notAWorkbook: ("file-damaged", "it is no workbook, or was cut short", "ワークブックではないか、途中で切れています")
        case .zipBomb: ("file-hostile", "where 250 are the most (xl/workbook.xml)", "上限の250を超えています（xl/workbook.xml）")
        case .entityBomb:
            (
                "file-hostile", "one of its parts declares a document type, as only an attack would (xl/sharedStrings.xml)",
                "文書型宣言があり、攻撃の疑いがあります（xl/sharedStrings.xml）"
            )
        case .externalEntity:
            (
                "file-hostile", "one of its parts declares a document type, as only an attack would (Matrix, xl/worksheets/sheet1.xml)",
                "文書型宣言があり、攻撃の疑いがあります（Matrix、xl/worksheets/sheet1.xml）"
            )
        case .missingPart:
            (
                "file-damaged", "one of its parts is missing (Matrix, xl/worksheets/sheet1.xml)",
                "必要な部分がありません（Matrix、xl/worksheets/sheet1.xml）"
            )
        case .millionColumns:
            (
                "file-hostile", "columns is 1000000, where 16384 are the most (Wide BDWGN7)",
                "columnsが1000000あり、上限の16384を超えています（Wide BDWGN7）"
            )
        case .lyingSize: ("file-damaged", "one of its parts is damaged (xl/workbook.xml)", "一部が壊れています（xl/workbook.xml）")
        case .sealed:
            (
                "file-damaged", "it is in the format of before 2007, or has a password; save it as .xlsx without one",
                "2007年より前の形式か、パスワード付きです。パスワードなしの.xlsxで保存してください"
            )
        case .empty: ("file-damaged", "it is empty", "空のファイルです")
        case .deep:
            (
                "file-hostile", "depth is 65, where 64 are the most (Matrix, xl/worksheets/sheet1.xml)",
                "depthが65あり、上限の64を超えています（Matrix、xl/worksheets/sheet1.xml）"
            )
        }
    }

    @Test("A hostile or damaged workbook ends with 6, its name and its own reason, and changes nothing", arguments: Hostile.allCases)
    func workbook(_ hostile: Hostile) async throws {
        let bench = try await provider()
        let before = try await state(bench)
        let file = bench.path + "/matrix.xlsx"
        try Data(hostile.bytes).write(to: URL(fileURLWithPath: file))
        for language in ["en", "ja"] {
            let outcome = await bench.run("import", file, "--json", "--lang", language)
            #expect(outcome.exit == .inputFile, "\(outcome.errors)")
            #expect(try outcome.json["file"] as? String == file)
            let answer = Self.answer(to: hostile)
            #expect(try outcome.code == answer.code)
            let reason = language == "ja" ? answer.ja : answer.en
            #expect((try outcome.json["message"] as? String)?.contains(reason) == true, "\(outcome.errors)")
            #expect(outcome.errors.contains("matrix.xlsx") && outcome.errors.contains(reason), "\(outcome.errors)")
            // A sentence and not a value of the program.
            #expect(!outcome.errors.contains("Workbook") && !outcome.errors.contains("{") && !outcome.errors.contains("limitExceeded"))
        }
        #expect(try await state(bench) == before)
    }

    // MARK: this machine

    @Test("A full disk ends with 7, names the store, and leaves it as it was", arguments: [1, 2, 3])
    func fullDisk(operation: Int) async throws {
        let bench = try await provider()
        let file = try bench.file("rows.csv", "Control ID,Responsibility\nA-1,shared\nA-2,provider\n")
        let before = try await state(bench)
        let disk = FaultyDisk(folder: bench.path + "/store")
        disk.arm(.full, at: operation)
        let outcome = await bench.run("import", file, "--framework", "own", "--json")
        #expect(disk.hasFired)
        disk.disarm()
        #expect(outcome.exit == .machine, "\(outcome.errors)")
        // A write says that there is no room, a synchronisation only that it failed.
        #expect(try ["disk-full", "cannot-write"].contains(outcome.code), "\(outcome.errors)")
        #expect(outcome.errors.contains(bench.path + "/store"))
        #expect(try await state(bench) == before)
        #expect(await bench.run("store", "check").exit == .done)
        #expect(await bench.run("import", file, "--framework", "own").exit == .done)
    }

    @Test("A store of a newer program ends with 7, says both versions, and is left byte for byte")
    func newer() async throws {
        let bench = try await provider()
        let path = bench.path + "/store/store.db"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        try #require(!FileManager.default.fileExists(atPath: path + "-wal"))
        // The version in the header of the file (SQLite file format section 1.3.17).
        bytes.replaceSubrange(60..<64, with: [0, 0, 0, 99])
        try bytes.write(to: URL(fileURLWithPath: path))
        for words in [["status"], ["services"], ["sync"], ["service", "add", "Other"]] {
            let outcome = await bench.run(words + ["--json"])
            #expect(try outcome.code == "store-newer", "\(outcome.errors)")
            #expect(outcome.exit == .machine)
            #expect(outcome.errors.contains("99") && outcome.errors.contains(bench.path + "/store"))
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    }

    @Test("While another process writes, readers go on and a writer waits, then names it and ends with 7")
    func inUse() async throws {
        let bench = try await provider()
        let store = try SQLiteStore.open(at: bench.path + "/store/store.db", indexing: StateIndexing())
        let (started, begin) = AsyncStream<Void>.makeStream()
        let release = DispatchSemaphore(value: 0)
        let writing = Thread {
            do {
                try store.write { transaction in
                    try transaction.setValue([1], for: "held")
                    begin.finish()
                    release.wait()
                }
            } catch { Issue.record(error) }
        }
        writing.start()
        for await _ in started {}
        #expect(await bench.run("services", "--json").exit == .done)
        let outcome = await bench.run("service", "add", "Other", "--json")
        release.signal()
        #expect(try outcome.code == "store-in-use", "\(outcome.errors)")
        #expect(outcome.exit == .machine)
        #expect(outcome.errors.contains("\(ProcessInfo.processInfo.processIdentifier)"))
        #expect(await bench.run("service", "add", "Other").exit == .done)
    }

    @Test("A place where no store can be made ends with 7 and is named")
    func noPlace() async throws {
        let bench = try CommandBench()
        let file = try bench.file("file", "x")
        let outcome = await bench.run("init", "--org", "Kaisha", "--store", file + "/store", "--json")
        #expect(outcome.exit == .machine, "\(outcome.errors)")
        #expect(outcome.errors.contains(file))
    }

    @Test("A store whose pages are damaged ends with 5 and is named")
    func damaged() async throws {
        let bench = try await provider()
        let path = bench.path + "/store/store.db"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for offset in stride(from: 8_192, to: bytes.count, by: 8_192) { bytes[offset] = 0x7f }
        try bytes.write(to: URL(fileURLWithPath: path))
        let outcome = await bench.run("services", "--json")
        #expect(outcome.exit == .unverified, "\(outcome.errors)")
        #expect(try outcome.code == "store-damaged")
        #expect(outcome.errors.contains(bench.path + "/store"))
    }

    // MARK: the way to the server

    @Test(
        "A proxy and a company's certificates are taken from flag, environment and settings alike",
        arguments: ["flag", "environment", "standard", "config"])
    func ways(way: String) async throws {
        let bench = try CommandBench()
        _ = await bench.run("init", "--org", "Kaisha", "--server", "https://sync.example", "-q")
        let empty = try bench.file("ca.pem", "no certificate")
        for (key, flag, variable, value, code) in [
            ("proxy", "--proxy", "BUNTAN_PROXY", "http://127.0.0.1:1", "proxy-failed"),
            ("caFile", "--ca-file", "BUNTAN_CA_FILE", empty, "ca-file-invalid"),
        ] {
            let outcome: Outcome
            switch way {
            case "flag": outcome = await bench.run(["sync", flag, value, "--json"])
            case "environment": outcome = await bench.run(["sync", "--json"], environment: [variable: value])
            case "standard":
                guard key == "proxy" else { continue }
                outcome = await bench.run(["sync", "--json"], environment: ["HTTPS_PROXY": value])
            default:
                #expect(await bench.run(["config", key, value]).exit == .done)
                outcome = await bench.run(["sync", "--json"])
                #expect(await bench.run(["config", key, "--unset"]).exit == .done)
            }
            #expect(try outcome.code == code, "\(outcome.errors)")
            #expect(outcome.errors.contains(key == "proxy" ? "127.0.0.1:1" : empty))
        }
    }

    @Test(
        "NO_PROXY passes by a proxy that HTTPS_PROXY names, and none that was set for Buntan",
        arguments: [
            ("HTTPS_PROXY", "localhost", "server-unreachable"), ("HTTPS_PROXY", "a.example, LOCALHOST", "server-unreachable"),
            ("HTTPS_PROXY", "*", "server-unreachable"), ("HTTPS_PROXY", "host", "proxy-failed"), ("HTTPS_PROXY", "", "proxy-failed"),
            ("BUNTAN_PROXY", "localhost", "proxy-failed"),
        ])
    func passedBy(variable: String, exceptions: String, code: String) async throws {
        let bench = try CommandBench()
        _ = await bench.run("init", "--org", "Kaisha", "--server", "https://localhost:1", "-q")
        let outcome = await bench.run(["sync", "--json"], environment: [variable: "http://127.0.0.1:1", "NO_PROXY": exceptions])
        #expect(try outcome.code == code, "\(outcome.errors)")
        // doctor names the proxy that is used, and no other.
        let doctor = await bench.run(["doctor", "--json"], environment: [variable: "http://127.0.0.1:1", "NO_PROXY": exceptions])
        let checks = try doctor.list.compactMap { $0["check"] as? String }
        #expect(checks.contains("proxy-used") == (code == "proxy-failed"), "\(doctor.output)")
    }

    @Test("A proxy that is none is refused, never passed by")
    func noProxy() async throws {
        let bench = try CommandBench()
        _ = await bench.run("init", "--org", "Kaisha", "--server", "https://sync.example", "-q")
        for environment in [["HTTPS_PROXY": "not a proxy"], ["BUNTAN_PROXY": "http://"]] {
            let outcome = await bench.run(["sync", "--json"], environment: environment)
            #expect(outcome.exit == .usage, "\(outcome.errors)")
        }
    }
}
