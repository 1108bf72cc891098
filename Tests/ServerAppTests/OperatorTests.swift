import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import Storage
import StorageSQLite
import Syncing
import Testing
import TestKit
import Wording

@testable import ServerApp

@Suite("The operator's commands")
struct OperatorTests {
    @Test("An empty server lists nobody; one with an organisation shows what it fills")
    func list() async throws {
        let served = try ServedFolder()
        try served.serving { _ in }
        #expect(await served.run("org", "list").output == "No organisation yet.\n")
        try served.filled()
        let listed = await served.run("org", "list")
        let lines = listed.output.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
        #expect(listed.exit == 0 && lines.count == 2)
        #expect(lines.first == ["FINGERPRINT", "SPACES", "BYTES", "QUOTA", "STATE", "NAME"])
        #expect(lines.last?.prefix(2) == [Substring(served.firm.organisation.fingerprint), "1"])
    }

    @Test("The list has heads over columns that are as wide in every language", arguments: ["en_GB.UTF-8", "ja_JP.UTF-8"])
    func columns(locale: String) async throws {
        let served = try ServedFolder()
        try served.filled()
        let lines = await served.run("org", "list", environment: ["LANG": locale]).output.split(separator: "\n").map(String.init)
        try #require(lines.count == 2)
        // Numbers end below the last letter of their head.
        let heads = [ServerPhrases.headSpaces, .headBytes].map { $0.text(in: locale.hasPrefix("ja") ? .ja : .en) }
        for head in heads {
            let end = try #require(lines[0].range(of: head)).upperBound
            let column = DisplayWidth.standard(String(lines[0][..<end]))
            var width = 0
            let below = lines[1].prefix { character in
                width += DisplayWidth.standard(String(character))
                return width <= column
            }
            #expect(below.last?.isNumber == true && lines[1].dropFirst(below.count).first == " ", "\(lines)")
        }
    }

    @Test("An admission code stands alone on standard output and admits one organisation, once")
    func admit() async throws {
        let served = try ServedFolder()
        try served.serving { _ in }
        let admitted = await served.run("org", "admit", "Kaisha K.K.")
        #expect(admitted.exit == 0 && admitted.errors.contains("Kaisha K.K."))
        let code = try HandedCode(reading: String(admitted.output.dropLast()))
        guard case .admission(let nonce) = code else { throw Refusal(.invalid) }
        var random = SeededRandom(seed: 9)
        let other = try FoundedOrganisation(label: "other", time: 1, random: &random)
        try served.serving { (served: Served) throws in
            let closed = Registrar(identity: served.folder.identity, mark: served.mark)
            func register(_ firm: FoundedOrganisation) throws -> Code? {
                let request = RegisterRequest(
                    statements: Array(firm.statements), rootKey: firm.root.publicKey, ticket: .admission(nonce))
                let (status, body) = try closed.answer(
                    method: "register", body: request.encoded(), token: nil, now: ServedFolder.now, store: served.store)
                return status == 200 ? nil : try ErrorAnswer(decoding: body).code
            }
            let (first, second) = (try register(served.folder.firm), try register(other))
            #expect(first == nil && second == .noRight)
        }
        #expect(await served.run("org", "list").output.contains("Kaisha K.K."))
    }

    @Test("A suspended organisation is refused from the next request on, and served again once resumed")
    func suspend() async throws {
        let served = try ServedFolder()
        let space = try served.filled()
        let pull = PullRequest(space: space, epoch: 0, size: 0, root: SHA.empty)
        let token = try served.serving { try $0.token(served.firm.device) }
        func status() throws -> Int { try served.serving { try $0.answer(pull, token: token).status } }
        #expect(try status() == 200)
        let name = String(served.firm.organisation.fingerprint.prefix(9))
        #expect(await served.run("org", "suspend", name).output == "\(name) is suspended.\n")
        #expect(try status() == 401)
        #expect(await served.run("org", "list").output.contains("suspended"))
        #expect(await served.run("org", "suspend", name, "--resume").output == "\(name) is no longer suspended.\n")
        #expect(try status() == 200)
    }

    @Test("A quota holds for what comes, and can be taken back")
    func quota() async throws {
        let served = try ServedFolder()
        let space = try served.filled()
        let name = served.firm.organisation.fingerprint
        #expect(await served.run("org", "quota", name, "1KiB").output == "\(name): quota 1024 bytes\n")
        #expect(await served.run("org", "list").output.contains(" 1024 "))
        try served.serving { served in
            let standing = try #require(try served.store.read { try $0.standing(of: space) })
            let change = try served.folder.change("x", in: space, base: standing.base, number: 50)
            let verdicts = try served.call(PushRequest(space: space, changes: [change]), as: served.folder.firm.device).verdicts
            #expect(verdicts == [.refused(.quota, detail: nil)])
        }
        #expect(await served.run("org", "quota", name, "none").exit == 0)
        try served.serving { try $0.push("x", in: space, number: 50) }
    }

    @Test(
        "What is wrong is said in both languages, with the exit code of its kind",
        arguments: [
            (["org", "suspend", "nobody"], Int32(2), "there is no organisation 'nobody'", "「nobody」という組織はありません"),
            (["org", "quota", "nobody", "5GiB"], 2, "there is no organisation 'nobody'", "「nobody」という組織はありません"),
            (["org", "quota", "nobody", "5GB"], 2, "'5GB' is no size", "「5GB」は大きさではありません"),
            (["org", "admit", "x", "--days", "0"], 2, "'0' days", "「0」日"),
            (["org", "admit", String(repeating: "x", count: 5_000)], 2, "longer than", "バイトを超えています"),
            (["org", "admit"], 2, "<label> is missing", "<label>がありません"),
            (["org", "lost"], 2, "buntan-server: ", "buntan-server: "),
            (["check", "--dta", "x"], 2, "there is no option '--dta'", "「--dta」というオプションはありません"),
            (["backup", "/nowhere/at/all/copy.db"], 7, "cannot be written", "書けません"),
        ])
    func wrong(words: [String], exit: Int32, english: String, japanese: String) async throws {
        let served = try ServedFolder()
        try served.serving { _ in }
        for (environment, expected) in [([:], english), (["LC_ALL": "ja_JP.UTF-8"], japanese)] {
            let data = words.contains("--dta") ? [] : ["--data", served.path]
            let outcome = await ServedFolder.run(words + data, environment: environment)
            #expect(outcome.exit == exit)
            #expect(outcome.errors.contains(expected), "\(outcome.errors)")
            #expect(outcome.errors.hasPrefix("buntan-server: ") && outcome.output.isEmpty)
        }
    }

    @Test("An ambiguous name changes nobody")
    func ambiguous() async throws {
        let served = try ServedFolder()
        try served.filled()
        var random = SeededRandom(seed: 9)
        let other = try FoundedOrganisation(label: "other", time: 1, random: &random)
        try served.serving { served in
            try served.register(other)
            for organisation in try served.store.read({ try $0.organisations() }) {
                let same = RegisteredOrganisation(
                    id: organisation.id, rootKey: organisation.rootKey, label: "same", admitted: organisation.admitted)
                try served.store.write { try $0.register(same) }
            }
        }
        let outcome = await served.run("org", "suspend", "same")
        #expect(outcome.exit == 2 && outcome.errors.contains("fits several"))
        #expect(try served.serving { try $0.store.read { try $0.organisations() } }.allSatisfy { !$0.isSuspended })
    }

    @Test("Without data a command says so, and makes none")
    func noData() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("none-\(UUID().uuidString)").path
        for words in [["org", "list"], ["check"], ["backup", path + ".copy"]] {
            let outcome = await ServedFolder.run(words + ["--data", path])
            #expect(outcome.exit == 2 && outcome.errors.contains("holds no data"))
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("A backup opens clean with every log, and does not take the place of a file that is there")
    func backup() async throws {
        let served = try ServedFolder()
        let space = try served.filled()
        let copy = served.path + "/copy.db"
        let written = await served.run("backup", copy)
        #expect(written.exit == 0 && written.output.contains("1 space"))
        let before = FileManager.default.contents(atPath: copy)
        let again = await served.run("backup", copy)
        #expect(again.exit == 2 && again.errors.contains("exists already"))
        #expect(FileManager.default.contents(atPath: copy) == before)
        let opened = try SQLiteStore.open(at: copy, indexing: ServerIndexing())
        #expect(try opened.check().isEmpty)
        #expect(try opened.read { try LogRebuild.check(space, $0) }.isEmpty)
        try opened.close()
    }

    @Test("A store of an older program is copied and brought up to date, and every command says so once")
    func older() async throws {
        for words in [["check"], ["org", "list"], ["org", "admit", "Kaisha"], ["backup", "copy.db"]] {
            let served = try ServedFolder()
            try served.filled()
            try served.alter("DROP TABLE record_indexing")
            for table in ["orphan", "word", "lead", "logged_record"] { try served.alter("DROP TABLE \(table)") }
            try served.alter("ALTER TABLE space_reader DROP COLUMN ends")
            try served.alter("PRAGMA user_version = 1")
            let command = words.map { $0.hasSuffix(".db") ? served.path + "/" + $0 : $0 }
            let outcome = await ServedFolder.run(command + ["--data", served.path])
            let copy = served.folder.storePath + ".v1.bak"
            #expect(outcome.exit == 0 && outcome.errors.contains("older version") && outcome.errors.contains(copy), "\(outcome.errors)")
            #expect(FileManager.default.fileExists(atPath: copy))
            #expect(!(await served.run("org", "list").errors.contains("older version")))
        }
    }

    @Test("A store of a newer program is refused and left as it was", arguments: ["check", "serve"])
    func newer(command: String) async throws {
        let served = try ServedFolder()
        try served.filled()
        try served.alter("PRAGMA user_version = 99")
        let before = FileManager.default.contents(atPath: served.folder.storePath)
        let outcome = await served.run(command)
        #expect(outcome.exit == 7 && outcome.errors.contains("version 99"), "\(outcome.errors)")
        #expect(FileManager.default.contents(atPath: served.folder.storePath) == before)
    }

    @Test("Settings are printed with their origin, and help is there in both languages")
    func printing() async throws {
        let printed = await ServedFolder.run(
            ["serve", "--print-config", "--listen", "127.0.0.1:1"], environment: ["BUNTAN_SERVER_OPEN": "yes", "LANG": "ja_JP.UTF-8"])
        #expect(printed.exit == 0)
        #expect(printed.output.contains("listen: 127.0.0.1:1") && printed.output.contains("# フラグ--listen"))
        #expect(printed.output.contains("# 環境変数BUNTAN_SERVER_OPEN") && printed.output.contains("# 既定値"))
        let english = await ServedFolder.run(["serve", "--help"])
        let japanese = await ServedFolder.run(["serve", "--help"], environment: ["LANG": "ja"])
        #expect(english.exit == 0 && english.output.contains("USAGE:") && english.output.contains("Connections served at once."))
        #expect(japanese.exit == 0 && japanese.output.contains("使い方:") && japanese.output.contains("同時に応じる接続の数。"))
    }

    @Test(
        "A server that cannot start says why, and ends with the code of its kind",
        arguments: [
            (["--listen", "0.0.0.0:1"], Int32(2), "--tls-cert"), (["--config", "/nowhere/s.yaml"], 2, "/nowhere/s.yaml"),
            (["--tls-cert", "/nowhere/c.pem", "--tls-key", "/nowhere/k.pem"], 2, "/nowhere/c.pem"),
            (["--server-name", "other.example"], 2, "sync.example.jp"),
            (["--listen", "192.0.2.1:0", "--insecure", "--server-name", "sync.example.jp"], 7, "192.0.2.1"),
            (["--log-level", "loud"], 2, "loud"),
        ])
    func cannotStart(words: [String], exit: Int32, named: String) async throws {
        let served = try ServedFolder()
        try served.filled()
        let outcome = await ServedFolder.run(
            ["serve", "--data", served.path, "--log-level", "critical"].filter {
                !words.contains("--log-level") || ($0 != "--log-level" && $0 != "critical")
            } + words)
        #expect(outcome.exit == exit)
        #expect(outcome.errors.contains(named), "\(outcome.errors)")
    }

    @Test("Two servers do not share a folder: the second names it and ends with 7")
    func inUse() async throws {
        let served = try ServedFolder()
        try served.filled()
        let mark = try FileMark(path: served.folder.marksPath)
        let outcome = await served.run("serve", "--listen", "127.0.0.1:0")
        #expect(outcome.exit == 7 && outcome.errors.contains("in use"), "\(outcome.errors)")
        _ = mark.places()
    }

    @Test("A folder that cannot be made is named")
    func noPermission() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("file-\(UUID().uuidString)")
        try Data("x".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let outcome = await ServedFolder.run(["serve", "--data", file.path + "/data", "--listen", "127.0.0.1:0"])
        #expect(outcome.exit == 7 && outcome.errors.contains(file.path), "\(outcome.errors)")
    }
}
