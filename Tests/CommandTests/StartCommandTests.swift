import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import Storage
import StorageSQLite
import Testing

@testable import ClientCLI

@Suite("Beginning: init, join, devices, settings")
struct StartCommandTests {
    @Test("init makes a store whose keys only their owner reads, and shows a recovery code that reads back")
    func founding() async throws {
        let bench = try CommandBench()
        let made = await bench.run("init", "--org", "Kaisha K.K.", "--json", "--quiet")
        #expect(made.exit == .done, "\(made.errors)")
        let item = try made.item
        let code = try #require(item["recoveryCode"] as? String)
        #expect(try RecoveryCode(reading: code).text == code)
        #expect(item["keysSealed"] as? Bool == false)
        for key in ["device", "root"] {
            let path = bench.path + "/store/keys/\(key).key"
            let mode = try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)
            #expect(mode.intValue == 0o600)
        }
        let org = await bench.run("org", "--json")
        #expect(try org.item["fingerprint"] as? String == item["fingerprint"] as? String)
    }

    @Test("Keys are sealed where somebody can be asked or a file is given, and it is said in one line where they are not")
    func sealedOrSaid() async throws {
        let bench = try CommandBench()
        let file = try bench.file("passphrase", "correct horse\n")
        for words in ["init --org Kaisha", "device request laptop --org \(OrganisationID(high: 1, low: 2).fingerprint)"] {
            let name = words.hasPrefix("init") ? "made" : "asked"
            let line = "The keys were written without a passphrase: anybody who reads"
            let unsealed = await bench.expect(words, store: "\(name)-unsealed")
            #expect(
                unsealed.output.split(separator: "\n").count { $0.contains("\(line) \(bench.path)/\(name)-unsealed/keys") } == 1,
                "\(unsealed.output)")
            // One of the two ways each: a key derivation is slow on purpose.
            let (answers, options) = name == "made" ? (["correct horse", "correct horse"], "") : ([], " --passphrase-file \(file)")
            let sealed = await bench.expect(words + options, store: "\(name)-sealed", answers: answers, isTerminal: !answers.isEmpty)
            #expect(sealed.output.contains("The keys are sealed") && !sealed.output.contains(line), "\(sealed.output)")
            let key = try KeyStorage.read("\(bench.path)/\(name)-sealed/keys/device.key")
            #expect(throws: (any Error).self) { try key.openDevice(passphrase: nil) }
            _ = try key.openDevice(passphrase: "correct horse")
            let differs = await bench.expect(
                words, store: "\(name)-differs", answers: ["one horse", "two horses"], isTerminal: true, exit: .usage)
            #expect(differs.errors.contains("passphrase"), "\(differs.errors)")
            #expect(!FileManager.default.fileExists(atPath: "\(bench.path)/\(name)-differs/keys/device.key"))
        }
    }

    @Test("Whoever asks for quiet is told that the keys lie open, on standard error, and gets the recovery code alone")
    func quietInit() async throws {
        let bench = try CommandBench()
        for (language, word) in [("en", "without a passphrase"), ("ja", "パスフレーズなし")] {
            let store = "quiet-\(language)"
            let made = await bench.run("init", "--org", "Kaisha", "-q", "--lang", language, store: store)
            #expect(made.exit == .done && made.output.split(separator: "\n").count == 1, "\(made.output)")
            #expect(made.errors.contains(word) && made.errors.contains("/\(store)/keys"), "\(made.errors)")
        }
        // Sealed keys are nothing to be warned of, and a program reads it in its own member.
        let pass = try bench.file("pass", "correct horse\n")
        let sealed = await bench.run("init", "--org", "Kaisha", "-q", "--passphrase-file", pass, store: "sealed")
        #expect(sealed.exit == .done && sealed.errors.isEmpty, "\(sealed.errors)")
        let program = await bench.run("init", "--org", "Kaisha", "-q", "--json", store: "program")
        #expect(try program.item["keysSealed"] as? Bool == false && program.errors.isEmpty, "\(program.errors)")
    }

    @Test("A second init leaves the first organisation's store and keys as they are")
    func foundingTwice() async throws {
        let bench = try CommandBench()
        _ = await bench.run("init", "--org", "Kaisha K.K.")
        let before = FileManager.default.contents(atPath: bench.path + "/store/keys/root.key")
        let again = await bench.run("init", "--org", "Other", "--json")
        #expect(again.exit == .usage)
        #expect(try again.code == "store-exists")
        #expect(again.errors.contains("Kaisha K.K."))
        #expect(FileManager.default.contents(atPath: bench.path + "/store/keys/root.key") == before)
    }

    @Test("A store sealed with a passphrase opens with it and with no other")
    func sealing() async throws {
        let bench = try CommandBench()
        let first = try bench.file("first", "correct horse\n")
        let second = try bench.file("second", "battery staple\n")
        let made = await bench.run("init", "--org", "Kaisha", "--passphrase-file", first, "--json")
        #expect(try made.item["keysSealed"] as? Bool == true)
        let wrong = await bench.run("key", "passphrase", "--passphrase-file", second, "--new-passphrase-file", second, "--json")
        #expect(try wrong.code == "passphrase-wrong")
        #expect(wrong.exit == .refused)
        let changed = await bench.run("key", "passphrase", "--passphrase-file", first, "--new-passphrase-file", second)
        #expect(changed.exit == .done, "\(changed.errors)")
        let stale = await bench.run("key", "passphrase", "--passphrase-file", first, "--new-passphrase-file", first, "--json")
        #expect(try stale.code == "passphrase-wrong")
    }

    @Test(
        "A code for another end is told apart from one that is mistyped",
        arguments: [
            (Code.admission, "no-server", CommandExit.usage), (.device, "code-is-device", .usage),
            (.recovery, "code-is-recovery", .usage), (.fingerprint, "code-is-fingerprint", .usage),
            (.mistyped, "code-mistyped", .usage), (.invitationWithoutServer, "code-no-server", .usage),
            (.own, "code-is-own", .usage), (.invitation, "server-unreachable", .network),
        ])
    func codes(code: Code, expected: String, exit: CommandExit) async throws {
        let bench = try CommandBench()
        let made = await bench.run("init", "--org", "Kaisha", "--json")
        let fingerprint = try #require(try made.item["fingerprint"] as? String)
        let joined = await bench.run("join", try code.text(own: fingerprint), "--json")
        #expect(try joined.code == expected, "\(joined.errors)")
        #expect(joined.exit == exit)
    }

    /// The texts that somebody may hand to `join`.
    enum Code: Sendable {
        case admission, device, recovery, fingerprint, mistyped, invitationWithoutServer, own, invitation

        func text(own: String) throws -> String {
            let nonce = Nonce(high: 1, low: 2)
            let stranger = try #require(OrganisationID([UInt8](repeating: 7, count: 16)))
            func invitation(of organisation: OrganisationID) -> String {
                HandedCode.invitation(seed: nonce, organisation: organisation, server: "http://127.0.0.1:1").text
            }
            switch self {
            case .admission: return HandedCode.admission(nonce).text
            case .device:
                var random = SystemRandom()
                let keys = DeviceKeys(random: &random)
                return HandedCode.deviceRequest(
                    device: keys.device, sealingKey: keys.sealing.publicKey, proof: keys.enrolmentProof(for: stranger), label: "laptop"
                ).text
            case .recovery: return RecoveryCode(seed: nonce).text
            case .fingerprint: return stranger.fingerprint
            case .mistyped:
                let text = HandedCode.admission(nonce).text
                return (text.first == "a" ? "b" : "a") + text.dropFirst()
            case .invitationWithoutServer: return String(invitation(of: stranger).prefix { $0 != "@" })
            case .own: return invitation(of: try #require(Base32.bytes(own).flatMap { OrganisationID($0) }))
            case .invitation: return invitation(of: stranger)
            }
        }
    }

    @Test("A device's request is refused by the admin of another organisation, and by one without a server")
    func enrolment() async throws {
        let bench = try CommandBench()
        let made = await bench.run("init", "--org", "Kaisha", "--json")
        let fingerprint = try #require(try made.item["fingerprint"] as? String)
        let request = await bench.run("device", "request", "laptop", "--org", fingerprint, "--json", store: "laptop")
        #expect(request.exit == .done, "\(request.errors)")
        let code = try #require(try request.item["code"] as? String)
        let offline = await bench.run("device", "add", code, "--json", "--yes")
        #expect(try offline.code == "no-server")

        let other = await bench.run("init", "--org", "Other", "--server", "http://127.0.0.1:1", store: "other")
        #expect(other.exit == .done, "\(other.errors)")
        let foreign = await bench.run("device", "add", code, "--json", "--yes", store: "other")
        #expect(try foreign.code == "code-other-organisation")
        let twice = await bench.run("device", "request", "laptop", "--org", fingerprint, "--json", store: "laptop")
        #expect(try twice.item["code"] as? String == code)
        let early = await bench.run("join", "\(fingerprint)@http://127.0.0.1:1", "--json", store: "laptop")
        #expect(try early.code == "server-unreachable")
        #expect(early.exit == .network)
    }

    @Test("The founding device is listed with every right")
    func devices() async throws {
        let bench = try CommandBench()
        _ = await bench.run("init", "--org", "Kaisha", "--label", "office-pc")
        let listed = await bench.run("devices", "--plain", "--fields", "label,isThis,capabilities")
        #expect(listed.output == "label\tisThis\tcapabilities\noffice-pc\ttrue\t[\"read\",\"write\",\"sign\",\"admin\"]\n")
    }

    @Test("A setting is written where it is asked for, and says where it comes from")
    func settings() async throws {
        let bench = try CommandBench()
        _ = await bench.run("init", "--org", "Kaisha")
        #expect(await bench.run("config", "language", "ja").exit == .done)
        let shown = await bench.run("config", "language", "--plain")
        #expect(shown.output == "key\tvalue\tsource\tplace\nlanguage\tja\tstore\t\(bench.path)/store/config\n")
        #expect(await bench.run("config", "language", "--unset").exit == .done)
        #expect(try await bench.run("config", "timeZone", "Mars/Olympus", "--json").code == "invalid-setting")
        #expect(try await bench.run("config", "langage", "--json").code == "unknown-setting")
    }

    @Test("A copy brings the store back where there is none, and never over one")
    func copies() async throws {
        let bench = try CommandBench()
        _ = await bench.run("init", "--org", "Kaisha")
        let copy = bench.path + "/copy.db"
        #expect(await bench.run("store", "backup", copy).exit == .done)
        #expect(try await bench.run("store", "restore", copy, "--json").code == "file-exists")
        #expect(await bench.run("store", "restore", copy, store: "second").exit == .done)
        let check = await bench.run("store", "check", "--json", store: "second")
        #expect(check.exit == .done)
        #expect((try check.json["items"] as? [Any])?.isEmpty == true)
        let junk = try bench.file("junk", String(repeating: "not a store ", count: 40))
        let refused = await bench.run("store", "restore", junk, "--json", store: "third")
        #expect(try refused.code == "file-not-store" && refused.exit == .inputFile)
        // A restore that fails leaves nothing behind.
        #expect(!FileManager.default.fileExists(atPath: bench.path + "/third"))
    }

    @Test(
        "Without a store a command says how to begin",
        arguments: [["org"], ["sync"], ["devices"], ["use"], ["outbox"], ["confirm", "x"], ["store"]])
    func noStore(words: [String]) async throws {
        let bench = try CommandBench()
        let outcome = await (words.count == 1 ? bench.run(words[0], "--json") : bench.run(words[0], words[1], "--json"))
        #expect(try outcome.code == "no-store")
        #expect(outcome.exit == .usage)
    }

    @Test("A sync without a server says so, and one that cannot be reached ends with 3")
    func syncing() async throws {
        let bench = try CommandBench()
        _ = await bench.run("init", "--org", "Kaisha")
        #expect(try await bench.run("sync", "--json").code == "no-server")
        #expect(await bench.run("config", "server", "http://127.0.0.1:1").exit == .done)
        let outcome = await bench.run("sync", "--json")
        #expect(try outcome.code == "server-unreachable", "\(outcome.errors)")
        #expect(outcome.exit == .network)
    }

    @Test("Help is there in both languages, and an unknown topic names the nearest")
    func help() async throws {
        let bench = try CommandBench()
        let english = await bench.run("help", "exit-codes")
        let japanese = await bench.run("help", "exit-codes", "--lang", "ja")
        #expect(english.exit == .done && japanese.exit == .done)
        #expect(!english.output.isEmpty && english.output != japanese.output)
        let unknown = await bench.run("help", "exit-code")
        #expect(unknown.exit == .usage)
        #expect(unknown.errors.contains("exit-codes"))
        #expect(await bench.run("completion", "bash").output.contains("buntan"))
    }

    @Test("An admission code that was not taken is followed by another one, given to join")
    func laterAdmission() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server", isOpen: false) { server in
            func code() throws -> String {
                var random = SystemRandom()
                return try server.store.write { try Operating.admit(label: "Kaisha", expires: .max, random: &random, $0) }.text
            }
            let stray = HandedCode.admission(Nonce(high: 1, low: 2)).text
            #expect(try await bench.expect("join \(stray) --json", exit: .usage).code == "code-is-admission")
            await bench.expect("init --org Kaisha --server \(server.address) --admission \(stray)")
            let refused = await bench.expect("sync --json", exit: .refused)
            #expect(try refused.code == "admission-wrong")
            #expect(try refused.json["next"] as? String == "buntan join CODE")
            #expect(try await bench.expect("sync --json", exit: .refused).code == "admission-needed")
            #expect(try await bench.expect("join \(stray) --json", exit: .refused).code == "admission-wrong")
            let admitted = await bench.expect("join \(try code())")
            #expect(admitted.output.contains("has admitted Kaisha."), "\(admitted.output)")
            await bench.expect("sync")
            let again = await bench.expect("join \(try code()) --json", exit: .refused)
            #expect(try again.code == "admitted-already")
            #expect(!again.errors.contains("{"))
        }
    }
}
