import Agreements
import BuntanProtocol
import ChangeLog
import Foundation
import Records
import Testing
import Wording

@testable import ClientCLI
@testable import SampleEvidence

@Suite("verify, and every line it can print")
struct VerifyCommandTests {
    @Test("Evidence is checked in an empty folder: no store, no server, only fingerprints")
    func verifying() async throws {
        try await AgreementCommandTests.with { bench in
            let signed = try await AgreementCommandTests.sign(bench, "customer")
            let short = try #require(try signed.item["agreementShort"] as? String)
            let file = bench.path + "/evidence.zip"
            #expect(
                try await bench.expect("export evidence -o \(file) --json", store: "customer", exit: .refused).code == "agreement-not-sent")
            await AgreementCommandTests.settle(bench)
            let half = bench.path + "/half.zip"
            await bench.expect("export evidence -o \(half)", store: "provider")
            let missing = await bench.expect("verify \(half)", store: "nowhere", exit: .found)
            #expect(missing.output.contains("missing; the agreement is half-signed"))
            _ = try await AgreementCommandTests.sign(bench, "provider")
            await AgreementCommandTests.settle(bench)

            let written = await bench.expect("export evidence -o \(file) --json", store: "customer")
            let prints = try #require(try written.item["fingerprints"] as? [String])
            #expect(try await bench.expect("export evidence -o \(file) --json", store: "customer", exit: .machine).code == "file-exists")
            let first = FileManager.default.contents(atPath: file)
            await bench.expect("export evidence \(short) -o \(file) --yes", store: "customer")
            #expect(FileManager.default.contents(atPath: file) == first, "the same store gives the same bytes")

            // To standard output it is the same bytes and nothing beside them.
            let piped = await bench.run("export", "evidence", "-o", "-", store: "customer")
            #expect(piped.exit == .done && Data(piped.bytes) == first, "\(piped.errors)")

            let good = await bench.expect("verify \(file) --trust \(prints[0]) --trust \(prints[1])", store: "nowhere")
            for words in [
                "Hanako Yamada, Security Manager", "Ichiro Sato", "as given with --trust", "release 1: digest", "valid on", "Verified.",
            ] {
                #expect(good.output.contains(words), "\(words)\n\(good.output)")
            }
            #expect(!FileManager.default.fileExists(atPath: bench.path + "/nowhere"), "no store was made")
            let unnamed = await bench.expect("verify \(file) --json", store: "nowhere")
            #expect(try unnamed.item["trusted"] as? Bool == false)
            #expect(try unnamed.item["verified"] as? Bool == true)
            let signatures = try unnamed.item["signatures"] as? [Any]
            #expect(signatures?.count == 2)
            // What is said at the end is no more than what was compared.
            let one = await bench.expect("verify \(file) --trust \(prints[0])", store: "nowhere").output
            #expect(one.contains("the fingerprint of the customer") && !one.contains("Verified."), "\(one)")
            #expect(one.contains("for the provider \(prints[0])"), "\(one)")
            let halfTrusted =
                try await bench.expect("verify \(file) --trust \(prints[0]) --json", store: "nowhere").item["trusted"] as? Bool
            #expect(halfTrusted == false)
            let both = "--trust \(prints[0]) --trust \(prints[1])"
            let early = await bench.expect("verify \(file) \(both) --at 2020-01-01", store: "nowhere").output
            #expect(early.contains("not valid on 2020-01-01.") && !early.contains("Verified."), "\(early)")
            let japanese = await bench.expect("verify \(file) \(both) --lang ja", store: "nowhere")
            #expect(japanese.output.contains("検証できました。"))
            let readable = await bench.expect("verify \(file) \(both) --read", store: "nowhere").output
            #expect(readable.contains("A-1  f") && readable.contains("Keep a copy.") && readable.contains("Verified."), "\(readable)")
            // A ZIP archive that is not the one exported does not verify, and says what to ask for.
            let more = bench.path + "/more.zip"
            try (Data(first ?? Data()) + Data([0])).write(to: URL(fileURLWithPath: more))
            let repacked = await bench.expect("verify \(more) \(both)", store: "nowhere", exit: .unverified)
            #expect(repacked.errors.contains("not as it was exported"), "\(repacked.errors)")
            let stranger = OrganisationID(high: 1, low: 2).fingerprint
            #expect(
                await bench.expect("verify \(file) --trust \(stranger)", store: "nowhere", exit: .found).output.contains(
                    "is none of those given"))
            #expect(try await bench.expect("verify \(file) --trust hello! --json", store: "nowhere", exit: .usage).code == "invalid-value")

            // The same agreement, held in a store: what the store knows counts as given.
            let held = await bench.expect("verify \(short)", store: "provider")
            #expect(held.output.contains("Verified.") && held.output.contains("Kaisha"))
            #expect(try await bench.expect("verify zzzzzz --json", store: "provider", exit: .usage).code == "unknown-id")
            #expect(
                try await bench.expect("verify \(bench.path)/no.zip --json", store: "provider", exit: .inputFile).code == "file-missing")

            var bytes = try #require(first.map { Array($0) })
            #expect(try await Self.verify(bench, Array("no archive".utf8)).code == "file-not-recognised")
            #expect(try await Self.verify(bench, bytes.dropLast()).exit == .unverified)
            let at = try #require(bytes.firstRange(of: Array("buntan-agreement-1".utf8))).lowerBound
            bytes[at] ^= 1
            let damaged = try await Self.verify(bench, bytes)
            #expect(try damaged.code == "evidence-invalid")
            #expect(damaged.exit == .unverified)
            // Packed anew, it reads, and what was changed is found.
            var evidence = try Evidence(archive: Array(try #require(first)))
            evidence.document[evidence.document.count / 2] ^= 1
            let tampered = try await Self.verify(bench, try evidence.archived())
            #expect(tampered.exit == .found)
            #expect(try tampered.item["verified"] as? Bool == false)
        }
    }

    private static func verify(_ bench: CommandBench, _ bytes: [UInt8]) async throws -> Outcome {
        let file = bench.path + "/\(UUID().uuidString).zip"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return await bench.run(["verify", file, "--json"], store: "nowhere")
    }

    private static let own = OrganisationID(high: 1, low: 1)
    private static let place = EntryPlace(position: 12, received: 1_790_000_000_000)
    private static let signature: PartySignature = {
        let key = SigningKey(seed: SHA.empty)
        return PartySignature(
            record: RecordID(high: 1, low: 1), agreement: RecordID(high: 2, low: 2), organisation: own, device: key.publicKey,
            name: "Hanako",
            title: "Manager", views: [:], signature: key.sign("agreement", []), place: place)
    }()

    /// Every line there is, with a word of what it must say.
    static let lines: [(EvidenceLine, String)] = {
        let space = SpaceID(high: 3, low: 3)
        let record = RecordID(high: 4, low: 4)
        let refusal = Refusal(.noRight)
        let device = signature.device
        func void(_ fault: SignatureFault) -> EvidenceLine { .signatureVoid(signature, place: place, fault) }
        guard let day = CalendarDate(year: 2026, month: 12, day: 1) else { return [] }
        return [
            (.document(SHA.empty), "as signed"), (.documentChanged(named: SHA.empty, found: SHA.empty), "differs from what was signed"),
            (.documentElsewhere, "of another agreement"), (.documentBroken(.tooLarge(bytes: 5)), "5 bytes"),
            (.documentBroken(.notCanonical(offset: 7)), "not canonical JSON at byte 7"),
            (.documentBroken(.wrongForm("scope")), "'scope' is missing"),
            (.documentBroken(.unsorted("cells")), "'cells' is out of order"),
            (.documentBroken(.digestDiffers(record, printed: SHA.empty, computed: SHA.empty)), "not the one printed"),
            (.documentBroken(.outOfScope(record)), "no part of its scope"), (.records(rows: 3, records: 6), "3 rows, 6 records"),
            (.trusted(own, .provider), "as given with --trust"), (.notCompared(own, .customer), "is not compared"),
            (.notTrusted(own, .customer), "none of those given"), (.genesisBroken(.service, space), "does not begin with its own genesis"),
            (.statementBroken(.engagement, position: 3, refusal), "statement cannot stand there (no_right)"),
            (.log(.engagement, space, size: 9, root: SHA.empty, key: device), "9 entries"),
            (.checkpointBroken(.service, space, .malformed), "is none"),
            (.checkpointBroken(.service, space, .unsigned), "not signed by the log's key"),
            (.checkpointBroken(.service, space, .badSignature), "signature that does not verify"),
            (.checkpointBroken(.service, space, .otherOrigin(found: "a", expected: "b")), "is of the log a, not b"),
            (.checkpointBroken(.service, space, .notIncluded), "does not hold the entry"),
            (.included(.engagement, position: 4), "entry 4 of log engagement: included"),
            (.notIncluded(.service, position: 4), "entry 4 of log service: not included"),
            (.entryBroken(.engagement, position: 5, Refusal(.badSignature)), "not what its author signed (bad_signature)"),
            (.entryBroken(.engagement, position: 5, Refusal(.invalid)), "a field of this agreement is missing"),
            (.entryBroken(.engagement, position: 5, refusal), "had no right to write there"),
            (.entryBroken(.service, position: 5, Refusal(.baseMismatch)), "on a log that was still to come"),
            (.unneeded("engagement/5.entry"), "engagement/5.entry: nothing of this agreement needs it"),
            (.passedOver(void(.noRight)), "another signature of the same party counts: key"),
            (.documentBroken(.otherKey(record)), "not the one that its key gives"),
            (void(.viewForeign(space)), "which has no part in this agreement"),
            (.signed(signature, place: place), "signed by Hanako, Manager"), (.key(device, own, enrolledAt: 3), "enrolled by"),
            (.views(own, .provider, engagement: 1, service: 2), "signed on 1 entry of the engagement and 2 of the service"),
            (void(.doesNotVerify), "does not fit the document"), (void(.notAParty), "no statement of"),
            (void(.notEnrolled), "no statement of"),
            (void(.revoked), "revoked before entry 12"), (void(.noRight), "had no right to sign at entry 12"),
            (void(.viewMissing(space)), "does not say on which log"), (void(.viewNotPrefix(space)), "is not this one"),
            (.signatureForeign(own, position: 6), "put there by somebody else"), (.signatureMissing(own, .customer), "half-signed"),
            (.signatureContested(own, device, since: 1_790_000_000_000), "was marked compromised after"),
            (.release(label: "2026.1", SHA.empty), "fits its rows"), (.releaseMissing(SHA.empty), "not in the evidence"),
            (.releaseChanged(label: "2026.1", named: SHA.empty, found: SHA.empty), "the document names"),
            (.releaseDiffers(label: "2026.1", SHA.empty, records: 2), "does not hold 2 of the covered records"),
            (.validOn(day), "valid on 2026-12-01"), (.notValidOn(day), "not valid on 2026-12-01"), (.ended(own, day), "on 2026-12-01"),
        ]
    }()

    @Test("Each line is said in both languages, with every fact in its place")
    func said() {
        let words = VerifyWords(times: TimeDisplay(zone: .gmt, language: .en), names: [:])
        for (line, expected) in Self.lines {
            let english = words.text(line, in: .en)
            let japanese = words.text(line, in: .ja)
            #expect(english.contains(expected), "\(line.name): \(english)")
            #expect(!english.contains("{") && !japanese.contains("{") && english != japanese, "\(line.name): \(english) \(japanese)")
        }
    }

    /// Evidence as a file, what is asked of it, and a line that must be among the answers.
    private struct FileCase {
        let evidence: Evidence
        var trusted: [OrganisationID] = []
        var day = "2026-12-15"
        let line: String
        let isGood: Bool
    }

    private static func files() throws -> [FileCase] {
        let logs = try TwoLogs()
        let good = try logs.evidence()
        let both = [logs.provider.organisation, logs.customer.organisation]
        var cases = [
            "document-ok", "rows-ok", "trust-ok", "log-ok", "inclusion-ok", "signature-ok", "key-ok", "views-ok", "release-ok", "valid-on",
        ]
        .map { FileCase(evidence: good, trusted: both, line: $0, isGood: true) }
        cases.append(FileCase(evidence: good, line: "trust-missing", isGood: true))
        cases.append(FileCase(evidence: good, trusted: [OrganisationID(high: 4, low: 4)], line: "trust-bad", isGood: false))
        cases.append(FileCase(evidence: good, trusted: both, day: "2027-12-01", line: "not-valid-on", isGood: true))
        var plan = TwoLogs.Plan()
        plan.after = { logs in
            let ending = AgreementEnding(
                record: RecordID.timeOrdered(millis: 8, random: Nonce(high: 8, low: 8)), agreement: logs.document.agreement,
                by: logs.provider.organisation, endsOn: try #require(CalendarDate(canonical: "2026-12-10")), message: "exit", place: nil)
            logs.ends = [
                try logs.engagement.make(ending.record, AgreementEnding.kind, ending.cells, by: logs.provider.device.signing, received: 250)
            ]
        }
        cases.append(FileCase(evidence: try TwoLogs(plan).evidence(), trusted: both, line: "ended", isGood: true))
        plan = TwoLogs.Plan()
        plan.writer = { $0.provider.device.signing }
        // The provider's own counts all the same; what is missing is the customer's.
        cases.append(FileCase(evidence: try TwoLogs(plan).evidence(), trusted: both, line: "signature-passed-over", isGood: false))
        for mutation in EvidenceMutation.all {
            var evidence = good
            try mutation.apply(&evidence, logs)
            cases.append(FileCase(evidence: evidence, trusted: both, line: mutation.finding, isGood: false))
        }
        for dishonesty in Dishonesty.all {
            let evidence = try TwoLogs(dishonesty.plan()).evidence()
            for finding in dishonesty.findings {
                cases.append(FileCase(evidence: evidence, trusted: both, line: finding, isGood: false))
            }
        }
        return cases
    }

    @Test("Each line appears for a file that is so, in both languages, and the exit says whether it is a finding")
    func eachLine() async throws {
        let bench = try CommandBench()
        var seen = Set<String>()
        for (number, item) in try Self.files().enumerated() {
            let file = bench.path + "/\(number).zip"
            try Data(item.evidence.archived()).write(to: URL(fileURLWithPath: file))
            let words = ["verify", file, "--at", item.day] + item.trusted.flatMap { ["--trust", $0.fingerprint] }
            let exit: CommandExit = item.isGood ? .done : .found
            let json = await bench.run(list: words + ["--json"], store: "nowhere")
            let checks = try #require(try json.item["checks"] as? [[String: Any]], "\(json.errors)")
            let names = checks.compactMap { $0["name"] as? String }
            #expect(json.exit == exit && names.contains(item.line), "\(item.line): \(names)")
            seen.formUnion(names)
            let texts = Set(checks.compactMap { $0["message"] as? String })
            #expect(texts.count > 3 && texts.allSatisfy { !$0.contains("{") })
            let japanese = await bench.run(list: words + ["--lang", "ja", "--wide"], store: "nowhere")
            #expect(japanese.exit == exit && !japanese.output.contains("{"), "\(item.line)")
            #expect(!item.isGood || japanese.output.contains("署名"), "\(japanese.output)")
        }
        // Nothing that can be said goes without a file above.
        #expect(seen == Set(Self.lines.map(\.0.name)), "\(seen.symmetricDifference(Self.lines.map(\.0.name)))")
    }

    @Test(
        "A file that is no evidence cannot be taken; an archive of evidence with a part that is wrong does not verify",
        arguments: [
            (EvidenceFault.archive(.notThisForm), CommandExit.inputFile), (.archive(.tooLarge), .inputFile), (.notEvidence, .inputFile),
            (.archive(.damaged("x")), .unverified), (.archive(.repacked), .unverified), (.missing("x"), .unverified),
            (.unknownFile("x"), .unverified),
            (.malformed("x"), .unverified), (.checkpointDiffers("x"), .unverified),
        ])
    func faults(fault: EvidenceFault, exit: CommandExit) {
        let failure = VerifyWords.failure(fault, "e.zip")
        #expect(failure.exit == exit && failure.message(in: .en).contains("e.zip") && !failure.message(in: .ja).contains("{"))
    }
}
