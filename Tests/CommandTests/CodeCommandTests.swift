import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import StorageSQLite
import Testing

@testable import ClientCLI

@Suite("Codes that are mistyped, used, expired or meant for something else")
struct CodeCommandTests {
    enum Kind: String, CaseIterable, Sendable {
        case invitation, device, admission, recovery, fingerprint, organisation

        /// What the message says it is.
        var code: String {
            switch self {
            case .invitation: "code-is-invitation"
            case .device: "code-is-device"
            case .admission: "code-is-admission"
            case .recovery: "code-is-recovery"
            case .fingerprint, .organisation: "code-is-fingerprint"
            }
        }

        func text() throws -> String {
            let nonce = Nonce(high: 11, low: 12)
            let organisation = try #require(OrganisationID([UInt8](repeating: 7, count: 16)))
            switch self {
            case .invitation: return HandedCode.invitation(seed: nonce, organisation: organisation, server: "127.0.0.1:1").text
            case .device:
                var random = SystemRandom()
                let keys = DeviceKeys(random: &random)
                return HandedCode.deviceRequest(
                    device: keys.device, sealingKey: keys.sealing.publicKey, proof: keys.enrolmentProof(for: organisation), label: "laptop"
                ).text
            case .admission: return HandedCode.admission(nonce).text
            case .recovery: return RecoveryCode(seed: nonce).text
            case .fingerprint: return organisation.fingerprint
            case .organisation: return HandedCode.organisation(organisation, server: "127.0.0.1:1").text
            }
        }
    }

    enum Place: String, CaseIterable, Sendable {
        case join, enrol, admit, recover

        /// What it takes; nothing said of these here.
        var takes: Set<Kind> {
            switch self {
            case .join: [.invitation, .organisation, .admission]
            case .enrol: [.device]
            case .admit: [.admission]
            case .recover: [.recovery]
            }
        }

        func words(_ text: String, _ bench: CommandBench) throws -> [String] {
            switch self {
            case .join: ["join", text, "--json"]
            case .enrol: ["device", "add", text, "--yes", "--json"]
            case .admit:
                ["init", "--org", "Other", "--server", "http://127.0.0.1:1", "--admission", text, "--json", "--store", bench.path + "/new"]
            case .recover: ["key", "recover", "--code-file", try bench.file("code", text), "--json"]
            }
        }
    }

    @Test(
        "A code given where another belongs is named, with the command that takes it, and nothing is done", arguments: Place.allCases,
        Kind.allCases)
    func misplaced(place: Place, kind: Kind) async throws {
        guard !place.takes.contains(kind) else { return }
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha --server http://127.0.0.1:1")
        if place == .recover { try FileManager.default.removeItem(atPath: bench.path + "/store/keys/root.key") }
        let outcome = await bench.run(try place.words(try kind.text(), bench))
        #expect(outcome.exit == .usage, "\(outcome.errors)")
        #expect(try outcome.code == kind.code, "\(place) \(kind): \(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: bench.path + "/new"))
    }

    @Test("A letter mistyped anywhere is found by the check letters", arguments: [Kind.invitation, .device, .admission, .recovery])
    func mistyped(kind: Kind) async throws {
        let text = try kind.text()
        let letters = Array("abcdefghijklmnopqrstuvwxyz234567")
        let body = Array(text.prefix { $0 != "@" })
        var passed = 0
        for position in body.indices where body[position] != "-" {
            // Each neighbour of a letter, and letters that fingers and eyes take for one another.
            for other in Set([letters[((letters.firstIndex(of: body[position]) ?? 0) + 1) % 32], "o", "l", "7", "0", "1", "8"])
            where other != body[position] {
                var typed = body
                typed[position] = other
                let given = String(typed) + text.drop { $0 != "@" }
                do {
                    if kind == .recovery { _ = try RecoveryCode(reading: given) } else { _ = try HandedCode(reading: given) }
                    passed += 1
                } catch {}
            }
        }
        // Two check bytes: one slip in 65,536 may pass.
        #expect(passed <= 1)

        let bench = try CommandBench()
        await bench.expect("init --org Kaisha --server http://127.0.0.1:1")
        var slip = body
        slip[3] = slip[3] == "q" ? "r" : "q"
        if kind == .recovery { try FileManager.default.removeItem(atPath: bench.path + "/store/keys/root.key") }
        let place = try #require(Place.allCases.last { $0.takes.contains(kind) })
        let outcome = await bench.run(try place.words(String(slip) + text.drop { $0 != "@" }, bench))
        #expect(outcome.exit == .usage, "\(outcome.errors)")
        #expect(try outcome.code == "code-mistyped", "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: bench.path + "/new"))
    }

    @Test("A device's code enrols it once; a second time says that it is there, and nothing is signed")
    func deviceTwice() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let fingerprint = try #require(try await bench.expect("org --json", store: "customer").item["fingerprint"] as? String)
            let request = await bench.expect("device request laptop --org \(fingerprint) --json", store: "laptop")
            let code = try #require(try request.item["code"] as? String)
            await bench.expect("device add \(code) --yes", store: "customer")
            let devices = await bench.expect("devices --plain", store: "customer").output
            let twice = await bench.expect("device add \(code) --yes --json", store: "customer", exit: .refused)
            #expect(try twice.code == "device-enrolled-already" && twice.errors.contains("laptop"), "\(twice.errors)")
            #expect(await bench.expect("devices --plain", store: "customer").output == devices)
            await bench.expect("sync", store: "customer")
        }
    }

    @Test("A fingerprint mistyped on a new device leaves nothing behind, and the right one enters")
    func mistypedFingerprint() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let fingerprint = try #require(try await bench.expect("org --json", store: "customer").item["fingerprint"] as? String)
            let request = await bench.expect("device request laptop --org \(fingerprint) --json", store: "laptop")
            let added = await bench.expect(
                "device add \(try #require(try request.item["code"] as? String)) --yes --json", store: "customer")
            let code = try #require(try added.item["code"] as? String)
            var slip = Array(code)
            slip[2] = slip[2] == "q" ? "r" : "q"
            let wrong = await bench.expect("join \(String(slip)) --json", store: "laptop", exit: .usage)
            #expect(try wrong.code == "code-of-others", "\(wrong.errors)")
            #expect(!FileManager.default.fileExists(atPath: bench.path + "/laptop/store.db"))
            await bench.expect("join \(code)", store: "laptop")
            await bench.expect("matrix", store: "laptop")
        }
    }

    @Test("An admission code that is unknown, used or expired is told so by the sync, and nothing is lost")
    func admission() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server", isOpen: false) { server in
            func admitted(days: Int64 = 30) throws -> String {
                var random = SystemRandom()
                return try server.store.write { writer in
                    try Operating.admit(
                        label: "Kaisha", expires: Int64(Date().timeIntervalSince1970 * 1_000) + days * 86_400_000, random: &random, writer
                    ).text
                }
            }
            let used = try admitted()
            await bench.expect("init --org First --server \(server.address) --admission \(used)", store: "first")
            await bench.expect("sync", store: "first")
            let cases = [
                (used, "admission-used"), (HandedCode.admission(Nonce(high: 1, low: 1)).text, "admission-wrong"),
                (try admitted(days: -1), "admission-expired"), (nil, "admission-needed"),
            ]
            for (number, (code, expected)) in cases.enumerated() {
                let store = "store\(number)"
                await bench.expect("init --org Second --server \(server.address)" + (code.map { " --admission \($0)" } ?? ""), store: store)
                await bench.expect("service add Storage", store: store)
                let outcome = await bench.expect("sync --json", store: store, exit: .refused)
                #expect(try outcome.code == expected, "\(outcome.errors)")
                await bench.expect("services", store: store)
            }
        }
    }
}
