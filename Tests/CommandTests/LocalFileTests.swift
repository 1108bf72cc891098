import Foundation
import SampleWorkbooks
import Testing

@testable import ClientCLI

@Suite("Files on this machine that are not what they should be")
struct LocalFileTests {
    private func founded(_ arguments: String = "") async throws -> CommandBench {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha\(arguments)")
        await bench.expect("service add Object_Storage\(arguments)")
        return bench
    }

    private func bytes(_ path: String) -> [UInt8] { FileManager.default.contents(atPath: path).map { Array($0) } ?? [] }

    private func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

    // MARK: the store

    enum Store: CaseIterable, Sendable {
        case garbage, truncated, cutInFirstPage, text, folder, sqlite

        var code: String {
            switch self {
            case .garbage, .text, .folder, .sqlite: "store-not-ours"
            case .truncated, .cutInFirstPage: "store-damaged"
            }
        }

        func damaged(_ whole: [UInt8]) -> [UInt8] {
            switch self {
            case .garbage: (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }
            case .truncated: Array(whole.prefix(whole.count / 2))
            case .cutInFirstPage: Array(whole.prefix(60))
            case .text: Array("This is no store.\n".utf8)
            // Somebody else's database, whole as it is.
            case .sqlite: Array(whole[..<68]) + [0, 0, 0, 1] + Array(whole[72...])
            case .folder: []
            }
        }
    }

    @Test("A store that is none, or not whole, is told so and left as it is", arguments: Store.allCases)
    func store(kind: Store) async throws {
        let bench = try await founded()
        let path = bench.path + "/store/store.db"
        for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.removeItem(atPath: path + suffix)
        }
        let damaged = kind.damaged(bytes(path))
        try FileManager.default.removeItem(atPath: path)
        if kind == .folder {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        } else {
            try write(damaged, to: path)
        }
        for line in ["status --json", "services --json", "service add Other --json", "sync --json"] {
            let outcome = await bench.run(line.split(separator: " ").map(String.init))
            #expect([.machine, .unverified].contains(outcome.exit), "\(line): \(outcome.errors)")
            #expect(try outcome.code == kind.code, "\(line): \(outcome.errors)")
            #expect(outcome.errors.contains(bench.path + "/store") && !outcome.errors.contains("errors.log"), "\(outcome.errors)")
        }
        if kind != .folder { #expect(bytes(path) == damaged) }
        // And nothing begins anew in its place.
        let again = await bench.run("init", "--org", "Other", "--json")
        #expect(again.exit != .done, "\(again.output)")
        if kind != .folder { #expect(bytes(path) == damaged) }
    }

    @Test("A store of no bytes belongs to nobody yet: nothing is taken for lost, and nothing for there")
    func emptyStore() async throws {
        let bench = try await founded()
        let path = bench.path + "/store/store.db"
        try write([], to: path)
        for line in ["status --json", "service add Other --json"] {
            let outcome = await bench.run(line.split(separator: " ").map(String.init))
            #expect(try outcome.code == "no-store", "\(outcome.errors)")
        }
        // Keys that are there are never written over.
        let again = await bench.run("init", "--org", "Other", "--json")
        #expect(try again.code == "file-exists", "\(again.errors)")
    }

    // MARK: keys

    enum Keys: CaseIterable, Sendable {
        case truncated, garbage, empty, folder, missing, another, rootsOwn, huge
        var code: String {
            switch self {
            case .truncated, .garbage, .empty, .huge: "keys-damaged"
            case .folder: "cannot-read-machine"
            case .missing: "keys-missing"
            case .another, .rootsOwn: "keys-foreign"
            }
        }
    }

    @Test("Keys that are damaged, missing or another's end with 7 and are named; nothing is written with them", arguments: Keys.allCases)
    func keys(kind: Keys) async throws {
        let bench = try await founded()
        let path = bench.path + "/store/keys/device.key"
        let whole = bytes(path)
        switch kind {
        case .truncated: try write(Array(whole.prefix(whole.count / 2)), to: path)
        case .garbage: try write(whole.map { ~$0 }, to: path)
        case .empty: try write([], to: path)
        case .huge: try write([UInt8](repeating: 0x81, count: 1 << 20), to: path)
        case .missing: try FileManager.default.removeItem(atPath: path)
        case .folder:
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        case .another:
            await bench.expect("init --org Other", store: "other")
            try write(bytes(bench.path + "/other/keys/device.key"), to: path)
        case .rootsOwn: try write(bytes(bench.path + "/store/keys/root.key"), to: path)
        }
        let before = await bench.expect("services --plain").output
        let outcome = await bench.run("service", "add", "Other", "--json")
        #expect(outcome.exit == .machine, "\(outcome.errors)")
        #expect(try outcome.code == kind.code, "\(outcome.errors)")
        #expect(outcome.errors.contains(path), "\(outcome.errors)")
        // Reading goes on without keys, and the right ones make it whole again.
        #expect(await bench.expect("services --plain").output == before)
        if kind == .folder { try FileManager.default.removeItem(atPath: path) }
        try write(whole, to: path)
        await bench.expect("service add Other")
    }

    @Test(
        "A passphrase is the first line of its file, however the line ends; an empty one, a wrong one and no file are told apart",
        arguments: [
            ("correct horse", nil), ("correct horse\n", nil), ("correct horse\r\n", nil), ("correct horse\nmore\n", nil),
            ("", "passphrase-empty"), ("\n", "passphrase-empty"), ("\r\n", "passphrase-empty"), ("Correct horse\n", "passphrase-wrong"),
            ("correct horse \n", "passphrase-wrong"), ("\u{FEFF}correct horse\n", nil),
        ] as [(String, String?)])
    func passphrase(text: String, code: String?) async throws {
        let bench = try CommandBench()
        let right = try bench.file("right", "correct horse\n")
        await bench.expect("init --org Kaisha --passphrase-file \(right)")
        let given = try bench.file("given", text)
        let outcome = await bench.run("service", "add", "Storage", "--passphrase-file", given, "--json")
        #expect(outcome.exit == (code == nil ? .done : code == "passphrase-wrong" ? .refused : .usage), "\(outcome.errors)")
        if let code { #expect(try outcome.code == code) }
    }

    @Test("A passphrase file that cannot be read is named, and nobody to ask is told with the flag")
    func noPassphrase() async throws {
        let bench = try CommandBench()
        let right = try bench.file("right", "correct horse\n")
        await bench.expect("init --org Kaisha --passphrase-file \(right)")
        for path in [bench.path + "/nowhere", bench.path] {
            let outcome = await bench.expect("service add Storage --passphrase-file \(path) --json", exit: .machine)
            #expect(try outcome.code == "passphrase-file-unreadable" && outcome.errors.contains(path), "\(outcome.errors)")
        }
        let asked = await bench.expect("service add Storage --json", exit: .usage)
        #expect(try asked.code == "answer-missing" && asked.errors.contains("--passphrase-file"))
    }

    // MARK: settings

    @Test("A line of the settings that cannot be used is told of with its place, and the work goes on")
    func settings() async throws {
        let bench = try await founded()
        let path = bench.path + "/store/config"
        try write(
            Array("# mine\nlanguage = en\nprox = x\nno setting\ntimeZone = Mars/Olympus\n\u{0}\u{1}\n".utf8) + [0xff, 0xfe, 0x0a], to: path)
        let before = bytes(path)
        let outcome = await bench.expect("services")
        for place in ["line 3", "line 4", "line 5", "line 6", "line 7"] { #expect(outcome.errors.contains(place), "\(outcome.errors)") }
        #expect(outcome.errors.contains(path) && outcome.errors.contains("prox") && outcome.errors.contains("Mars/Olympus"))
        #expect(!outcome.errors.contains("\u{0}") && !outcome.errors.contains("line 2"))
        #expect(await bench.expect("services -q").errors.isEmpty)
        #expect(bytes(path) == before)
    }

    @Test("A proxy in the settings that is none stops what would go around it, and nothing else")
    func badProxy() async throws {
        let bench = try await founded()
        await bench.expect("config server https://localhost:1")
        try write(Array("proxy = not a proxy\nserver = https://localhost:1\n".utf8), to: bench.path + "/store/config")
        await bench.expect("services")
        let outcome = await bench.expect("sync --json", exit: .usage)
        #expect(try outcome.code == "invalid-value" && outcome.errors.contains("not a proxy"), "\(outcome.errors)")
    }

    // MARK: input

    enum Reader: String, CaseIterable, Sendable {
        case importing, mapping, outbox, verifying, editing, restoring, recovering

        func words(_ file: String) -> [String] {
            switch self {
            case .importing: ["import", file]
            case .mapping: ["import", "rows.csv", "--map", file]
            case .outbox: ["outbox", "import", file]
            case .verifying: ["verify", file]
            case .editing: ["edit", "responsibility", "A-1", "--from", file]
            case .restoring: ["store", "restore", file, "--store", "elsewhere"]
            case .recovering: ["key", "recover", "--code-file", file]
            }
        }
    }

    @Test("A file that is missing, a folder or noise ends with its name and nothing changed", arguments: Reader.allCases)
    func input(reader: Reader) async throws {
        let bench = try await founded()
        let rows = try bench.file("rows.csv", "Control ID,Responsibility\nA-1,shared\n")
        await bench.expect("import \(rows) --framework own")
        let before = await bench.expect("matrix --plain").output
        let noise = bench.path + "/noise"
        try write((0..<3_000).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 0x80) }, to: noise)
        let elsewhere = bench.path + "/elsewhere"
        if reader == .recovering { try FileManager.default.removeItem(atPath: bench.path + "/store/keys/root.key") }
        for (file, codes) in [
            (bench.path + "/nowhere", ["file-missing"]), (bench.path, ["file-unreadable"]), (rows + "/below", ["file-missing"]),
            (noise, []), (try bench.file("empty", ""), []), ("/dev/zero", []),
        ] {
            let words = reader.words(file).map { $0 == "rows.csv" ? rows : $0 == "elsewhere" ? elsewhere : $0 }
            // A form without a field changes nothing, which is no mistake.
            if reader == .editing, file == bench.path + "/empty" { continue }
            // What never ends is not for a command that copies whole files.
            if reader == .restoring, file == "/dev/zero" { continue }
            let outcome = await bench.run(words + ["--json"])
            #expect(outcome.exit != .done && outcome.exit != .interrupted, "\(words): \(outcome.output)")
            let code = try outcome.code ?? ""
            #expect(codes.isEmpty || codes.contains(code), "\(words): \(code) \(outcome.errors)")
            #expect(outcome.errors.contains(file) || reader == .recovering, "\(words): \(outcome.errors)")
            #expect(!outcome.errors.contains("{") && !outcome.errors.contains("errors.log"), "\(words): \(outcome.errors)")
            #expect(await bench.expect("matrix --plain").output == before)
            #expect(!FileManager.default.fileExists(atPath: elsewhere + "/store.db"))
        }
    }

    @Test("A table of a million columns, of a line without an end, and of an unknown encoding is refused with its name", arguments: 0..<4)
    func tables(number: Int) async throws {
        let bench = try await founded()
        let file = bench.path + "/table.csv"
        switch number {
        case 0: try write(Array(("Control ID" + String(repeating: ",x", count: 1_000_000) + "\nA-1\n").utf8), to: file)
        case 1: try write(Array("Control ID,Responsibility\n\"A-1".utf8) + [UInt8](repeating: 0x61, count: 2_000_000), to: file)
        case 2: try write(Array("Control ID,Responsibility\nA-1,shared\nA-2,".utf8) + [0x81, 0xff, 0xfe, 0x0a], to: file)
        default: try write([UInt8](repeating: 0x2c, count: 3_000_000), to: file)
        }
        let outcome = await bench.run("import", file, "--framework", "own", "--json")
        #expect(outcome.exit == .inputFile, "\(outcome.errors)")
        #expect(outcome.errors.contains(file))
        #expect(try outcome.code?.hasPrefix("file-") == true || outcome.code == "import-refused", "\(outcome.errors)")
    }

    @Test("A mark at a file's beginning is no part of what it says")
    func byteOrderMark() async throws {
        let bench = try await founded()
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        let rows = bench.path + "/rows.csv"
        try write(mark + Array("Control ID,Responsibility\nA-1,shared\n".utf8), to: rows)
        await bench.expect("import \(rows) --framework own")
        #expect(await bench.expect("matrix --plain").output.contains("A-1"))
    }

    // MARK: standard input

    private struct Typed: LineSource {
        let bytes: [UInt8]
        func line() throws -> String? { nil }
        func secret() throws -> String? { nil }
        func everything(limit: Int) throws -> [UInt8]? { bytes.count <= limit ? bytes : nil }
    }

    @Test("Text on standard input that is not UTF-8, empty or too long is refused and not written otherwise than it was typed")
    func standardInput() async throws {
        let bench = try await founded()
        let rows = try bench.file("rows.csv", "Control ID,Responsibility\nA-1,shared\n")
        await bench.expect("import \(rows) --framework own")
        for (bytes, code) in [
            (Array("fine\nbroken ".utf8) + [0xff, 0x0a], "text-encoding"), ([], "missing-argument"),
            (Array(" \n".utf8), "missing-argument"),
            ([UInt8](repeating: 0x61, count: 2 << 20), "file-too-large"),
        ] {
            let outcome = await bench.run(["note", "A-1", "-", "--json"], input: Typed(bytes: bytes))
            #expect(try outcome.code == code, "\(outcome.errors)")
        }
        let marked = await bench.run(["note", "A-1", "-", "--json"], input: Typed(bytes: [0xef, 0xbb, 0xbf] + Array("seen\n".utf8)))
        #expect(marked.exit == .done, "\(marked.errors)")
        #expect(await bench.expect("list annotation --json").output.contains("\"seen\""))
    }
}
