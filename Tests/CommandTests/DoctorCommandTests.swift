import BuntanProtocol
import ChangeLog
import Foundation
import Replica
import Storage
import StorageSQLite
import Testing
import Wording

@testable import ClientCLI

@Suite("doctor: each line it can print")
struct DoctorCommandTests {
    /// Facts under which a line appears, with the level it has.
    struct Case: CustomTestStringConvertible, Sendable {
        let phrase: DoctorPhrases
        let level: DoctorLine.Level
        let facts: @Sendable (inout DoctorFacts) -> Void
        var testDescription: String { phrase.rawValue }

        init(_ phrase: DoctorPhrases, _ level: DoctorLine.Level, _ facts: @escaping @Sendable (inout DoctorFacts) -> Void) {
            (self.phrase, self.level, self.facts) = (phrase, level, facts)
        }
    }

    static let cases: [Case] = [
        Case(.versionOk, .ok) { _ in },
        Case(.storeNone, .fail) { $0.store = .none },
        Case(.storeOk, .ok) { $0.store = .sound(entries: 5, version: 2) },
        Case(.storeNewer, .fail) { $0.store = .newer(found: 9, known: 2) },
        Case(.storeDamaged, .fail) { $0.store = .damaged("entry 5") },
        Case(.storeLocked, .fail) { $0.store = .locked(77) },
        Case(.storeReadOnly, .fail) { $0.store = .readOnly },
        Case(.storeNotDurable, .fail) { $0.store = .notDurable(name: "synchronous", found: "1", expected: "2") },
        Case(.diskOk, .ok) { $0.freeMiB = DoctorFacts.leastFreeMiB },
        Case(.diskLow, .warn) { $0.freeMiB = DoctorFacts.leastFreeMiB - 1 },
        Case(.keysOk, .ok) { $0.keys = .sealed },
        Case(.keysUnsealed, .warn) { $0.keys = .unsealed },
        Case(.keysMode, .fail) { $0.keys = .openToOthers(path: "k", mode: "644") },
        Case(.keysMissing, .fail) { $0.keys = .missing(path: "k") },
        Case(.keysForeign, .fail) { $0.keys = .foreign(path: "k") },
        Case(.deviceOk, .ok) { $0.device = .enrolled(label: "office-pc", capabilities: "read") },
        Case(.deviceRevoked, .fail) { $0.device = .revoked(on: "2026-11-01", by: "office-pc") },
        Case(.clockOk, .ok) {
            $0.server = .answers(milliseconds: 1, version: 1)
            $0.clockSeconds = -DoctorFacts.clockToleranceSeconds
        },
        Case(.clockOff, .warn) {
            $0.server = .answers(milliseconds: 1, version: 1)
            $0.clockSeconds = -DoctorFacts.clockToleranceSeconds - 1
        },
        Case(.statesOk, .ok) {
            $0.server = .answers(milliseconds: 1, version: 1)
            $0.compared = 2
        },
        Case(.statesDiffer, .fail) {
            $0.server = .answers(milliseconds: 1, version: 1)
            ($0.compared, $0.unlike) = (2, ["object-storage"])
        },
        Case(.serverNone, .ok) { $0.server = DoctorFacts.Server.none },
        Case(.serverOk, .ok) { $0.server = .answers(milliseconds: 12, version: 1) },
        Case(.serverUnreachable, .fail) { $0.server = .unreachable("no way") },
        Case(.serverNotBuntan, .fail) { $0.server = .notBuntan },
        Case(.serverOlder, .fail) { $0.server = .older(found: 0, needed: 1) },
        Case(.serverNewer, .fail) { $0.server = .newer(found: 2, known: 1) },
        Case(.serverLies, .fail) {
            $0.store = .sound(entries: 5, version: 2)
            $0.contradictions = [("object-storage", "evidence/x.cbor")]
        },
        Case(.deviceDisowned, .fail) { $0.device = .disowned },
        Case(.serverBehind, .fail) {
            $0.store = .sound(entries: 1, version: 1)
            $0.fellBack = ["storage"]
        },
        Case(.serverForgets, .fail) {
            $0.store = .sound(entries: 5, version: 2)
            $0.forgotten = ["object-storage"]
        },
        Case(.serverWithholds, .fail) {
            $0.store = .sound(entries: 5, version: 2)
            $0.withheld = [("object-storage", 2)]
        },
        Case(.certificateOk, .ok) {
            $0.server = .answers(milliseconds: 1, version: 1)
            $0.certificate = .valid(until: "2027-01-01")
        },
        Case(.certificateSoon, .warn) {
            $0.server = .answers(milliseconds: 1, version: 1)
            $0.certificate = .endsSoon(on: "2026-12-01")
        },
        Case(.certificateBad, .fail) {
            $0.server = .unreachable("x")
            $0.certificate = .bad("nobody signed it")
        },
        Case(.certificatePlain, .ok) {
            $0.server = .answers(milliseconds: 1, version: 1)
            $0.certificate = .plain
        },
        Case(.proxyUsed, .ok) {
            $0.server = DoctorFacts.Server.none
            $0.proxy = "http://proxy:3128"
        },
        Case(.outboxOk, .ok) { $0.store = .sound(entries: 5, version: 2) },
        Case(.outboxRefused, .warn) {
            $0.store = .sound(entries: 5, version: 2)
            $0.refused = 2
        },
        Case(.outboxOld, .warn) {
            $0.store = .sound(entries: 5, version: 2)
            ($0.pending, $0.oldestPending) = (3, ("2026-10-01", true))
        },
        Case(.unconfirmed, .warn) { $0.unconfirmed = [("Kaisha", "kaisha/storage")] },
        Case(.counterpartsOk, .ok) { $0.confirmed = 2 },
        Case(.catchingUp, .warn) {
            $0.store = .sound(entries: 5, version: 2)
            $0.unread = 4
        },
        Case(.historyOk, .ok) { ($0.store, $0.entries) = (.sound(entries: 5, version: 2), 5) },
        Case(.configUnknownKey, .warn) { $0.settingsFaults = [("config", .unknownKey(line: 2, key: "langage"))] },
        Case(.configBadValue, .warn) { $0.settingsFaults = [("config", .badValue(line: 3, key: .language, value: "fr"))] },
    ]

    @Test("Every line appears under the facts it is for, with all its facts in both languages, and under no others", arguments: cases)
    func line(of item: Case) throws {
        var facts = DoctorFacts(path: "/store", version: "1")
        let without = Set(Diagnosis.lines(of: facts).map(\.phrase))
        item.facts(&facts)
        let line = try #require(Diagnosis.lines(of: facts).first { $0.phrase == item.phrase })
        #expect(line.level == item.level)
        for language in [Language.en, .ja] { #expect(!line.phrase.text(in: language, line.facts).contains("{")) }
        if item.phrase != .versionOk, item.phrase != .storeNone { #expect(!without.contains(item.phrase)) }
    }

    @Test("No line is left without its case")
    func complete() {
        let frame: Set<DoctorPhrases> = [.ok, .warn, .fail, .allWell, .summary]
        #expect(Set(Self.cases.map(\.phrase)) == Set(DoctorPhrases.allCases).subtracting(frame))
    }

    @Test("A connection that stays on this machine is said to be unencrypted and fine, and Japanese speaks politely throughout")
    func words() {
        let plain = DoctorPhrases.certificatePlain.text(in: .en, ["server": "http://127.0.0.1:8620"])
        #expect(plain.contains("not encrypted") && plain.contains("on this machine") && !plain.contains("certificate"))
        for phrase in DoctorPhrases.allCases {
            let text = phrase.phrase.text(in: .ja, [:])
            // Sentences end as elsewhere in the program; a line that only names a figure is none.
            let endings = ["る", "ない", "ある", "いる", "頼む", "引き継ぐ"]
            let sentences = text.split(separator: "。").map(String.init)
            #expect(sentences.allSatisfy { sentence in !endings.contains { sentence.hasSuffix($0) } }, "\(text)")
        }
    }

    private func checks(_ outcome: Outcome) throws -> [String: String] {
        let items = try outcome.json["items"] as? [[String: String]] ?? []
        return Dictionary(items.compactMap { item in item["check"].flatMap { check in item["level"].map { (check, $0) } } }) { first, _ in
            first
        }
    }

    @Test("A sealed store with nothing to complain of ends with 0, and says so")
    func allWell() async throws {
        let bench = try CommandBench()
        let passphrase = try bench.file("pass", "correct horse\n")
        _ = await bench.run("init", "--org", "Kaisha", "--passphrase-file", passphrase)
        let outcome = await bench.run("doctor")
        #expect(outcome.exit == .done, "\(outcome.output)")
        #expect(outcome.output.hasSuffix("All is well.\n"))
        #expect(outcome.output.contains("keys: sealed, mode 0600"))
    }

    @Test("Unsealed, missing, foreign and readable keys are told apart; a warning ends with 1 only where that is asked for")
    func keys() async throws {
        let bench = try CommandBench()
        _ = await bench.run("init", "--org", "Kaisha")
        _ = await bench.run("init", "--org", "Other", store: "other")
        let key = bench.path + "/store/keys/device.key"
        let unsealed = await bench.run("doctor", "--json")
        #expect(unsealed.exit == .done)
        #expect(try checks(unsealed)["keys-unsealed"] == "warn")
        #expect(await bench.run("doctor", "--exit-code").exit == .found)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
        let readable = await bench.run("doctor", "--json")
        #expect(readable.exit == .found)
        #expect(try checks(readable)["keys-mode"] == "fail")
        try FileManager.default.removeItem(atPath: key)
        #expect(try checks(await bench.run("doctor", "--json"))["keys-missing"] == "fail")
        try FileManager.default.copyItem(atPath: bench.path + "/other/keys/device.key", toPath: key)
        #expect(try checks(await bench.run("doctor", "--json"))["keys-foreign"] == "fail")
    }

    @Test("No store, a damaged one, a newer one, and settings that are none are named")
    func stores() async throws {
        let bench = try CommandBench()
        #expect(try checks(await bench.run("doctor", "--json"))["store-none"] == "fail")
        _ = await bench.run("init", "--org", "Kaisha")
        try Data("langage = ja\nlanguage = fr\n".utf8).write(to: URL(fileURLWithPath: bench.path + "/store/config"))
        let settings = try checks(await bench.run("doctor", "--json"))
        #expect(settings["config-unknown-key"] == "warn" && settings["config-bad-value"] == "warn")
        let database = bench.path + "/store/store.db"
        let bytes = try Data(contentsOf: URL(fileURLWithPath: database))
        try Data(repeating: 0x41, count: 4_096).write(to: URL(fileURLWithPath: database))
        #expect(try checks(await bench.run("doctor", "--json"))["store-damaged"] == "fail")
        var newer = bytes
        newer.replaceSubrange(60..<64, with: [0, 0, 0, 99])
        try newer.write(to: URL(fileURLWithPath: database))
        for suffix in ["-wal", "-shm"] { do { try FileManager.default.removeItem(atPath: database + suffix) } catch {} }
        #expect(try checks(await bench.run("doctor", "--json"))["store-newer"] == "fail")
    }

    @Test("A server that does not answer, an unconfirmed counterpart and unsent changes are told")
    func exchange() async throws {
        let engaged = try await EngagedBench()
        try engaged.open("customer").store.write { try $0.setServer(KnownServer(address: "http://127.0.0.1:1", isRegistered: true)) }
        _ = await engaged.bench.run("propose", "au-4", "--allocation", "shared", store: "customer")
        let customer = try checks(await engaged.bench.run("doctor", "--json", store: "customer"))
        #expect(customer["server-unreachable"] == "fail")
        #expect(customer["counterparts-ok"] == "ok")
        #expect(customer["history-ok"] == "ok")
        #expect(customer["outbox-ok"] == "ok")
        try engaged.open("provider").store.write { try $0.setServer(KnownServer(address: "http://127.0.0.1:1", isRegistered: true)) }
        #expect(try checks(await engaged.bench.run("doctor", "--json", store: "provider"))["unconfirmed"] == "warn")
        let space = try engaged.engagement("customer").space
        try engaged.open("customer").store.write { try $0.setValue([1], for: StoredName.frozen(space)) }
        #expect(try checks(await engaged.bench.run("doctor", "--json", store: "customer"))["server-lies"] == "fail")
    }
}

@Suite("buntan alone, and what waits")
struct HereCommandTests {
    @Test("Ten lines: the ways to begin without a store, where one stands with one, in both languages", arguments: ["en", "ja"])
    func tenLines(language: String) async throws {
        let bench = try CommandBench()
        func lines(_ store: String = "store") async -> [Substring] {
            let outcome = await bench.run("--lang", language, store: store)
            #expect(outcome.exit == .done, "\(outcome.errors)")
            return outcome.output.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
        }
        let none = await lines()
        #expect(none.count == 10)
        for command in ["buntan init", "buntan join", "buntan store restore"] { #expect(none.contains { $0.contains(command) }) }
        _ = await bench.run("init", "--org", "Example Cloud K.K.")
        #expect(await lines().count == 10)
        _ = await bench.run("service", "add", "Object Storage")
        #expect(await lines().count == 10)
        _ = await bench.run("service", "add", "Compute")
        let several = await lines()
        #expect(several.count == 10)
        #expect(several.contains { $0.hasPrefix("  compute") } && several.contains { $0.contains("buntan use NAME") })
    }

    @Test("With an engagement the ten lines say how its rows stand; an unknown word is still an unknown command")
    func engaged() async throws {
        let engaged = try await EngagedBench()
        _ = await engaged.bench.run("accept", "ca-8", store: "customer")
        let shown = await engaged.bench.run([], store: "customer")
        #expect(shown.output.dropLast().split(separator: "\n", omittingEmptySubsequences: false).count == 10)
        #expect(shown.output.contains("agreed 1, open 3, to send 1"))
        #expect(shown.output.contains("Next: buntan sync"))
        let unknown = await engaged.bench.run("stauts", "--json", store: "customer")
        #expect(try unknown.code == "unknown-command")
        #expect(unknown.errors.contains("status"))
        #expect(await engaged.bench.run("--help").output.contains("USAGE"))
    }

    @Test("todo lists what waits for this organisation alone, oldest first")
    func todo() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        func matters(_ store: String, _ words: String...) async throws -> [String] {
            let items = try await bench.run(list: ["todo", "--json"] + words, store: store).json["items"] as? [[String: Any]]
            return (items ?? []).compactMap { item in
                (item["matter"] as? String).map { "\($0) \(item["count"] as? Int ?? 0)" }
            }
        }
        #expect(try await matters("customer") == ["answer 4"])
        engaged.clock.millis += 3_600_000
        _ = await bench.run("propose", "au-4", "--allocation", "shared", store: "customer")
        #expect(try await matters("customer") == ["answer 3", "send 1"])
        try engaged.syncBoth()
        #expect(try await matters("provider", "-e", "kaisha") == ["confirm 0", "dispute 1"])
        #expect(try await matters("customer") == ["answer 3"])
        let shown = await bench.run("todo", "--all", store: "provider")
        #expect(shown.output.contains("1 disputed row, your turn"))
        #expect(shown.output.contains("buntan disputes -e kaisha/object-storage"))
        let japanese = await bench.run("todo", "--lang", "ja", store: "customer")
        #expect(japanese.output.contains("3行に回答する"))
        for row in ["ac-2", "ac-2.5", "ca-8"] { _ = await bench.run("accept", row, store: "customer") }
        _ = await bench.run("propose", "au-4", "--allocation", "customer", store: "customer")
        #expect(try await matters("customer") == ["send 4", "sign 0"])
    }
}
