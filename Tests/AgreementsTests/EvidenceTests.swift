import Agreements
import BuntanProtocol
import ChangeLog
import Merging
import Records
import TestKit
import Testing

@testable import SampleEvidence

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
        let archive = try evidence.archived()
        #expect(try Evidence(archive: archive) == evidence)
        #expect(try evidence.archived() == archive)
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

    @Test("Evidence that was tampered with is rejected, for its own reason", arguments: EvidenceMutation.all)
    func tampered(mutation: EvidenceMutation) throws {
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

    @Test("What was dishonest from the beginning is found, for its own reason", arguments: Dishonesty.all)
    func dishonest(case dishonesty: Dishonesty) throws {
        let report = try TwoLogs(dishonesty.plan()).report()
        #expect(report.findings.map(\.name).filter { $0 != "genesis-bad" } == dishonesty.findings, "\(report.findings)")
    }

    @Test("What is no archive of evidence is refused before anything is checked")
    func notEvidence() throws {
        let evidence = try TwoLogs().evidence()
        let files = try StoredArchive.files(try evidence.archived())
        func fault(_ change: (inout [String: [UInt8]]) -> Void) -> EvidenceFault? {
            var files = files
            change(&files)
            let bytes: [UInt8]
            do throws(ArchiveFault) { bytes = try StoredArchive.encoded(files) } catch { return .archive(error) }
            return fault(of: bytes)
        }
        func fault(of bytes: [UInt8]) -> EvidenceFault? {
            do { _ = try Evidence(archive: bytes) } catch { return error }
            return nil
        }
        #expect(fault(of: Array("hello".utf8)) == .archive(.notThisForm))
        #expect(fault(of: try evidence.archived().dropLast()) == .archive(.repacked))
        #expect(fault(of: try evidence.archived() + [0]) == .archive(.repacked))
        var damaged = try evidence.archived()
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
