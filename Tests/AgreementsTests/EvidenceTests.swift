import Agreements
import BuntanProtocol
import ChangeLog
import Merging
import Records
import TestKit
import Testing

@Suite("Evidence, checked with nothing but itself and fingerprints")
struct EvidenceTests {
    @Test("Good evidence verifies, and each signature, key and position in the log is named")
    func good() throws {
        let logs = try TwoLogs()
        let report = try logs.report()
        #expect(report.isGood && report.isTrusted, "\(report.findings)")
        let names = report.lines.map(\.name)
        for (name, count) in [
            ("document-ok", 1), ("rows-ok", 1), ("trust-ok", 2), ("log-ok", 2), ("signature-ok", 2), ("key-ok", 2), ("views-ok", 2),
            ("release-ok", 1), ("valid-on", 1),
        ] { #expect(names.count { $0 == name } == count, "\(name)") }
        #expect(names.count { $0 == "inclusion-ok" } == (try logs.evidence()).engagementLog.entries.count + 4)
        #expect(report.lines.contains(.key(logs.customer.device.device, logs.customer.organisation, enrolledAt: 3)))
    }

    @Test("An archive gives back what went into it, and always has the same bytes")
    func archive() throws {
        let evidence = try TwoLogs().evidence()
        #expect(try Evidence(archive: evidence.archived()) == evidence)
        #expect(evidence.archived() == evidence.archived())
    }

    @Test("Without a fingerprint the evidence only fits together; with a stranger's it does not verify")
    func trust() throws {
        let logs = try TwoLogs()
        let unnamed = try logs.report(trusted: [])
        #expect(unnamed.isGood && !unnamed.isTrusted)
        #expect(unnamed.lines.count { $0.name == "trust-missing" } == 2)
        let one = try logs.report(trusted: [logs.provider.organisation])
        #expect(!one.isTrusted && one.uncompared == [logs.customer.organisation] && one.lines.contains { $0.name == "trust-missing" })
        let stranger = try logs.report(trusted: [logs.provider.organisation, OrganisationID(high: 4, low: 4)])
        #expect(stranger.findings.map(\.name) == ["trust-bad"])
    }

    @Test("Outside of its dates, and after an end by a party, an agreement is not valid; its evidence holds all the same")
    func dates() throws {
        let logs = try TwoLogs()
        for (day, name) in [
            ("2026-11-30", "not-valid-on"), ("2026-12-01", "valid-on"), ("2027-11-30", "valid-on"), ("2027-12-01", "not-valid-on"),
        ] {
            let report = try logs.report(on: CalendarDate(canonical: day))
            #expect(report.isGood && report.lines.last?.name == name, "\(day)")
        }
        var plan = TwoLogs.Plan()
        plan.after = { logs in
            let ending = AgreementEnding(
                record: RecordID.timeOrdered(millis: 8, random: Nonce(high: 8, low: 8)), agreement: logs.document.agreement,
                by: logs.provider.organisation, endsOn: try #require(CalendarDate(canonical: "2026-12-10")), message: "exit", place: nil)
            logs.ends = [
                try logs.engagement.make(ending.record, AgreementEnding.kind, ending.cells, by: logs.provider.device.signing, received: 250)
            ]
        }
        let ended = try TwoLogs(plan).report()
        #expect(ended.isGood && ended.lines.contains { $0.name == "ended" } && ended.lines.last?.name == "not-valid-on")
    }

    // MARK: mutations of what was exported

    /// A way to tamper with evidence, and what has to be found then, in order, among others that follow from it.
    struct Mutation: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let finding: String
        let apply: @Sendable (inout Evidence, TwoLogs) throws -> Void

        init(_ name: String, _ finding: String, _ apply: @escaping @Sendable (inout Evidence, TwoLogs) throws -> Void) {
            (testDescription, self.finding, self.apply) = (name, finding, apply)
        }
    }

    private static func edit(_ evidence: inout Evidence, _ old: String, _ new: String, rehash: Bool) {
        let text = String(decoding: evidence.document, as: UTF8.self).replacing(old, with: new)
        evidence.document = Array(text.utf8)
        if rehash { evidence.digest = SHA.digest(evidence.document) }
    }

    /// Rewrites the document over other records, all digests as they should be.
    private static func rewrite(_ evidence: inout Evidence, _ logs: TwoLogs, _ change: (AgreementDocument) throws -> AgreementDocument)
        throws
    {
        evidence.document = try change(logs.document).encoded()
        evidence.digest = SHA.digest(evidence.document)
    }

    static let mutations: [Mutation] = [
        Mutation("a letter of the document", "document-changed") { e, _ in edit(&e, "shared", "sharee", rehash: false) },
        Mutation("a value, with the document's digest renewed", "document-broken") { e, _ in edit(&e, "shared", "vendor", rehash: true) },
        Mutation("a value and every digest over it", "signature-bad") { e, logs in
            try rewrite(&e, logs) { document in
                let records = try document.records.map { record in
                    try TwoLogs.settled(
                        CoveredRecord(
                            space: record.space, record: record.record, kind: record.kind,
                            cells: record.cells.map {
                                $0.value == Value.text("shared").encoded ? .init(key: $0.key, value: Value.text("customer").encoded) : $0
                            }))
                }
                return AgreementDocument(
                    agreement: document.agreement, engagement: document.engagement, service: document.service, provider: document.provider,
                    customer: document.customer, release: document.release, validFrom: document.validFrom, validTo: document.validTo,
                    terms: document.terms, scope: document.scope, except: [], records: records)
            }
        },
        Mutation("the last day", "signature-bad") { e, _ in edit(&e, "2027-11-30", "2028-11-30", rehash: true) },
        Mutation("the zone of the days", "signature-bad") { e, _ in edit(&e, "Asia/Tokyo", "Asia/Seoul", rehash: true) },
        Mutation("another agreement's id", "document-elsewhere") { e, logs in
            try rewrite(&e, logs) { $0.renamed(to: RecordID.timeOrdered(millis: 77, random: Nonce(high: 7, low: 7))) }
        },
        Mutation("the parties changed over", "document-elsewhere") { e, logs in
            let (provider, customer) = (logs.provider.organisation.hex, logs.customer.organisation.hex)
            edit(&e, provider, "x", rehash: false)
            edit(&e, customer, provider, rehash: false)
            edit(&e, "\"x\"", "\"\(customer)\"", rehash: true)
        },
        Mutation("a member more", "document-broken") { e, _ in edit(&e, "{\"agreement\"", "{\"a\":1,\"agreement\"", rehash: true) },
        Mutation("a blank", "document-broken") { e, _ in edit(&e, "\"scope\":", "\"scope\": ", rehash: true) },
        Mutation("a covered record among the exceptions", "document-broken") { e, _ in
            edit(&e, "\"except\":[]", "\"except\":[\"\(TwoLogs.row.hex)\"]", rehash: true)
        },
        Mutation("the customer's signature left out", "signature-missing") { e, logs in
            e.engagementLog.entries.removeAll { $0.position == logs.words[0] }
        },
        Mutation("both signatures left out", "signature-missing") { e, logs in
            e.engagementLog.entries.removeAll { logs.words.contains($0.position) }
        },
        Mutation("a byte of the engagement's genesis", "genesis-bad") { e, _ in e.engagementLog.flip(entry: 0, byte: 40) },
        Mutation("the service's genesis for the engagement's", "genesis-bad") { e, _ in e.engagementLog.entries[0] = e.serviceLog.entries[0]
        },
        Mutation("no genesis", "genesis-bad") { e, _ in e.serviceLog.entries.removeFirst() },
        Mutation("another space's name", "genesis-bad") { e, _ in e.service = SpaceID(high: 5, low: 5) },
        Mutation("a statement left out of its chain", "statement-bad") { e, _ in e.engagementLog.entries.remove(at: 1) },
        Mutation("a byte of a statement", "statement-bad") { e, _ in e.engagementLog.flip(entry: 2, byte: 60) },
        Mutation("a statement's bytes for a genesis", "statement-bad") { e, _ in
            e.engagementLog.entries[1] = LogExcerpt.Held(
                position: 1, bytes: e.engagementLog.entries[0].bytes, payload: nil, proof: e.engagementLog.entries[1].proof)
        },
        Mutation("all of the customer's statements left out", "signature-foreign") { e, _ in
            e.engagementLog.entries.removeAll { [3, 4].contains($0.position) }
        },
        Mutation("a checkpoint by another key", "log-bad") { e, logs in
            e.engagementLog.note = Checkpoint(
                origin: logs.engagement.origin, size: logs.engagement.base.size, root: logs.engagement.base.root
            ).signed(by: logs.provider.root)
        },
        Mutation("the other log's checkpoint", "log-bad") { e, logs in e.engagementLog.note = logs.service.note },
        Mutation("a checkpoint that is none", "log-bad") { e, _ in e.serviceLog.note = "hello\n\n" },
        Mutation("a checkpoint with another root", "log-bad") { e, _ in
            var lines = e.engagementLog.note.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            lines[1] = String((Int(lines[1]) ?? 0) + 1)
            e.engagementLog.note = lines.joined(separator: "\n")
        },
        Mutation("a hash of a proof", "inclusion-bad") { e, logs in
            e.engagementLog.replace(entry: logs.words[1]) { held in
                LogExcerpt.Held(
                    position: held.position, bytes: held.bytes, payload: held.payload, proof: [SHA.empty] + held.proof.dropFirst())
            }
        },
        Mutation("a proof cut short", "inclusion-bad") { e, _ in
            let held = e.serviceLog.entries[1]
            e.serviceLog.entries[1] = LogExcerpt.Held(
                position: held.position, bytes: held.bytes, payload: nil, proof: Array(held.proof.dropLast()))
        },
        Mutation("a signature said to stand earlier", "inclusion-bad") { e, logs in
            e.engagementLog.replace(entry: logs.words[0]) {
                LogExcerpt.Held(position: $0.position + 100, bytes: $0.bytes, payload: $0.payload, proof: $0.proof)
            }
        },
        Mutation("the time of a signature's entry", "inclusion-bad") { e, logs in
            try e.engagementLog.replace(entry: logs.words[0]) { held in
                let entry = try Entry(decoding: held.bytes)
                let later = Entry(kind: .change, received: entry.received + 1, content: entry.content, signature: entry.signature)
                return LogExcerpt.Held(position: held.position, bytes: later.encoded(), payload: held.payload, proof: held.proof)
            }
        },
        Mutation("a value of a signature", "entry-bad") { e, logs in
            e.engagementLog.replace(entry: logs.words[0]) { held in
                var payload = held.payload ?? []
                payload[payload.count - 3] ^= 1
                return LogExcerpt.Held(position: held.position, bytes: held.bytes, payload: payload, proof: held.proof)
            }
        },
        Mutation("no values of a signature", "entry-bad") { e, logs in
            e.engagementLog.replace(entry: logs.words[0]) {
                LogExcerpt.Held(position: $0.position, bytes: $0.bytes, payload: nil, proof: $0.proof)
            }
        },
        Mutation("a byte of the change that signs", "entry-bad") { e, logs in
            let index = e.engagementLog.entries.firstIndex { $0.position == logs.words[0] } ?? 0
            e.engagementLog.flip(entry: index, byte: 90)
        },
        Mutation("no proof that a view is of this log", "view-bad") { e, _ in e.engagementLog.consistency = [:] },
        Mutation("another proof that a view is of this log", "view-bad") { e, _ in
            for size in e.serviceLog.consistency.keys { e.serviceLog.consistency[size] = [SHA.empty] }
        },
        Mutation("the release left out", "release-missing") { e, logs in e.serviceLog.entries.removeAll { $0.position == logs.release } },
    ]

    @Test("Evidence that was tampered with is rejected, for its own reason", arguments: mutations)
    func tampered(mutation: Mutation) throws {
        let logs = try TwoLogs()
        var evidence = try logs.evidence()
        try mutation.apply(&evidence, logs)
        // Whoever tampers packs the archive anew: it is no seal.
        let read = try Evidence(archive: evidence.archived())
        let report = try TwoLogs.report(read, trusted: [logs.provider.organisation, logs.customer.organisation])
        #expect(report.findings.contains { $0.name == mutation.finding }, "\(report.findings)")
        #expect(!report.isTrusted)
    }

    @Test("Any byte changed anywhere in an archive is noticed: it does not read, or does not verify, or only repeats a name")
    func anyByte() throws {
        let logs = try TwoLogs()
        let archive = try logs.evidence().archived()
        var random = SeededRandom(seed: 11)
        for _ in 0..<400 {
            var bytes = archive
            let at = Int(random.next() % UInt64(bytes.count))
            bytes[at] ^= 1 << UInt8(random.next() % 8)
            guard let evidence = try? Evidence(archive: bytes) else { continue }
            Issue.record("byte \(at) changed, and the archive reads: \(try TwoLogs.report(evidence).findings)")
        }
    }

    // MARK: logs that were dishonest from the beginning

    /// What a party or a log's keeper did wrong, and what has to be found then.
    struct Dishonesty: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let findings: [String]
        let plan: @Sendable () -> TwoLogs.Plan
    }

    private static func plan(_ change: @Sendable (inout TwoLogs.Plan) -> Void) -> TwoLogs.Plan {
        var plan = TwoLogs.Plan()
        change(&plan)
        return plan
    }

    /// The customer's signature with other words beside the same signature bytes.
    private static func reworded(
        _ signature: PartySignature, name: String? = nil, organisation: OrganisationID? = nil, views: [SpaceID: Base]? = nil,
        agreement: RecordID? = nil
    ) -> PartySignature {
        PartySignature(
            record: signature.record, agreement: agreement ?? signature.agreement, organisation: organisation ?? signature.organisation,
            device: signature.device, name: name ?? signature.name, title: signature.title, views: views ?? signature.views,
            signature: signature.signature, place: nil)
    }

    /// Signs other views in earnest.
    private static func signing(_ logs: TwoLogs, _ signature: PartySignature, views: [SpaceID: Base]) -> PartySignature {
        PartySignature(
            record: signature.record, of: logs.document, digest: SHA.digest(logs.document.encoded()), organisation: signature.organisation,
            name: signature.name, title: signature.title, views: views, key: logs.customer.device.signing)
    }

    static let dishonesties: [Dishonesty] = [
        Dishonesty(testDescription: "a device nobody enrolled", findings: ["key-unknown", "signature-missing"]) {
            plan { $0.signer = { $0.other.signing } }
        },
        Dishonesty(testDescription: "a device enrolled afterwards", findings: ["key-unknown", "signature-missing"]) {
            plan {
                $0.signer = { $0.other.signing }
                $0.after = { try $0.enrolOther(.all) }
            }
        },
        Dishonesty(testDescription: "a device without the right to sign", findings: ["key-no-right", "signature-missing"]) {
            plan {
                $0.signer = { $0.other.signing }
                $0.before = { try $0.enrolOther([.read, .write]) }
            }
        },
        Dishonesty(testDescription: "a device revoked before", findings: ["key-revoked", "signature-missing"]) {
            plan {
                $0.signer = { $0.other.signing }
                $0.before = { logs in
                    try logs.enrolOther(.all)
                    try logs.customerSays(.revoke(device: logs.other.device, compromisedAfter: nil))
                }
            }
        },
        Dishonesty(testDescription: "a device found compromised later", findings: ["signature-contested"]) {
            plan {
                $0.after = { logs in
                    try logs.customerSays(.revoke(device: logs.customer.device.device, compromisedAfter: 99))
                }
            }
        },
        Dishonesty(testDescription: "a signature written by the other party", findings: ["signature-foreign", "signature-missing"]) {
            plan { $0.writer = { $0.provider.device.signing } }
        },
        Dishonesty(testDescription: "another name than was signed", findings: ["signature-bad", "signature-missing"]) {
            plan { $0.signature = { signature, _ in reworded(signature, name: "Somebody Else") } }
        },
        Dishonesty(testDescription: "a signature under another agreement", findings: ["signature-bad", "signature-missing"]) {
            plan {
                $0.signature = { signature, _ in
                    reworded(signature, agreement: RecordID.timeOrdered(millis: 1, random: Nonce(high: 0, low: 0)))
                }
            }
        },
        Dishonesty(testDescription: "views changed after signing", findings: ["signature-bad", "signature-missing"]) {
            plan { $0.signature = { signature, logs in reworded(signature, views: [logs.service.space: logs.service.base]) } }
        },
        Dishonesty(testDescription: "a view of a log that was never there", findings: ["view-bad", "signature-missing"]) {
            plan {
                $0.signature = { signature, logs in
                    var views = signature.views
                    views[logs.service.space] = Base(epoch: 0, size: 2, root: SHA.empty)
                    return signing(logs, signature, views: views)
                }
            }
        },
        Dishonesty(testDescription: "a view of another epoch", findings: ["view-bad", "signature-missing"]) {
            plan {
                $0.signature = { signature, logs in
                    var views = signature.views
                    views[logs.engagement.space] = Base(epoch: 1, size: logs.engagement.base.size, root: logs.engagement.base.root)
                    return signing(logs, signature, views: views)
                }
            }
        },
        Dishonesty(testDescription: "no view of the service", findings: ["view-missing", "signature-missing"]) {
            plan {
                $0.signature = { signature, logs in
                    signing(logs, signature, views: signature.views.filter { $0.key != logs.service.space })
                }
            }
        },
        Dishonesty(testDescription: "a release other than the one named", findings: ["release-changed"]) {
            plan { $0.named = { _ in SHA.empty } }
        },
        Dishonesty(testDescription: "a row that the release holds otherwise", findings: ["release-bad"]) {
            plan { $0.manifest = { $0.map { ($0.0, SHA.empty) } } }
        },
        Dishonesty(testDescription: "a row that the release does not hold", findings: ["release-bad"]) {
            plan { $0.manifest = { _ in [] } }
        },
        Dishonesty(testDescription: "a server's word under a stranger's key", findings: ["statement-bad"]) {
            plan {
                $0.after = { logs in
                    let word = ServerStatement(space: logs.engagement.space, act: .key(logs.provider.device.device)).signed(
                        by: logs.provider.root)
                    logs.engagement.append(Entry(kind: .server, received: 1, content: word.bytes, signature: word.signature))
                }
            }
        },
    ]

    @Test("What was dishonest from the beginning is found, for its own reason", arguments: dishonesties)
    func dishonest(case dishonesty: Dishonesty) throws {
        let report = try TwoLogs(dishonesty.plan()).report()
        #expect(report.findings.map(\.name).filter { $0 != "genesis-bad" } == dishonesty.findings, "\(report.findings)")
    }

    @Test("What is no archive of evidence is refused before anything is checked")
    func notEvidence() throws {
        let evidence = try TwoLogs().evidence()
        let files = try StoredArchive.files(evidence.archived())
        func fault(_ change: (inout [String: [UInt8]]) -> Void) -> EvidenceFault? {
            var files = files
            change(&files)
            do { _ = try Evidence(archive: StoredArchive.encoded(files)) } catch { return error }
            return nil
        }
        func fault(of bytes: [UInt8]) -> EvidenceFault? {
            do { _ = try Evidence(archive: bytes) } catch { return error }
            return nil
        }
        #expect(fault(of: Array("hello".utf8)) == .archive(.notThisForm))
        #expect(fault(of: evidence.archived().dropLast()) == .archive(.repacked))
        #expect(fault(of: evidence.archived() + [0]) == .archive(.repacked))
        var damaged = evidence.archived()
        let at = try #require(damaged.firstRange(of: Array("Asia/Tokyo".utf8))).lowerBound
        damaged[at] ^= 1
        #expect(fault(of: damaged) == .archive(.damaged("document.json")))
        #expect(fault { $0["evidence.json"] = nil } == .notEvidence)
        #expect(fault { $0["evidence.json"] = Array("{}".utf8) } == .notEvidence)
        #expect(
            fault { files in
                files["evidence.json"] = Array(
                    String(decoding: files["evidence.json"] ?? [], as: UTF8.self).replacing("evidence-1", with: "evidence-2").utf8)
            } == .notEvidence)
        #expect(fault { $0["document.json"] = nil } == .missing("document.json"))
        #expect(fault { $0["service/checkpoint"] = nil } == .missing("service/checkpoint"))
        #expect(fault { $0["engagement/0.proof"] = nil } == .missing("engagement/0.proof"))
        #expect(fault { $0["engagement/0.proof"] = [1] } == .malformed("engagement/0.proof"))
        #expect(fault { $0["engagement/0.proof"] = $0["engagement/1.proof"] } == .malformed("engagement/0.proof"))
        #expect(fault { $0["hello.txt"] = [] } == .unknownFile("hello.txt"))
        #expect(fault { $0["engagement/01.entry"] = [] } == .unknownFile("engagement/01.entry"))
        #expect(fault { $0["engagement/99.payload"] = [] } == .unknownFile("engagement/99.payload"))
    }
}

extension LogExcerpt {
    fileprivate mutating func flip(entry index: Int, byte: Int) {
        let held = entries[index]
        var bytes = held.bytes
        bytes[byte] ^= 1
        entries[index] = Held(position: held.position, bytes: bytes, payload: held.payload, proof: held.proof)
    }

    fileprivate mutating func replace(entry position: Int, _ change: (Held) throws -> Held) rethrows {
        guard let index = entries.firstIndex(where: { $0.position == position }) else { return }
        entries[index] = try change(entries[index])
        entries.sort { $0.position < $1.position }
    }
}
