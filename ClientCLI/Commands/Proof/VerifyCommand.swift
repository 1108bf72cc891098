import Agreements
import ArgumentParser
import BuntanProtocol
import Foundation
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// Checks evidence without server or store, or an agreement that is held here.
struct VerifyCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "verify", abstract: CommandPhrases.verify.spoken)
    }

    @Argument(help: .spoken(.evidenceFile)) var file: String
    @Option(name: .long, help: .spoken(.trust)) var trust: [String] = []
    @Option(name: .long, help: .spoken(.at)) var at: String?
    @Flag(name: .long, help: .spoken(.readDocument)) var read = false
    @OptionGroup var global: GlobalOptions

    static let fields = [
        "file", "agreement", "short", "verified", "trusted", "document", "validOn", "parties", "validFrom", "validTo", "findings",
        "signatures", "checks",
    ]

    func run(in invocation: Invocation) async throws -> CommandExit {
        let day = try at.map { try ZonedDays.day(reading: $0) }
        var trusted = Set(try trust.map { try Self.organisation($0) })
        let evidence: Evidence
        var names: [OrganisationID: String] = [:]
        if FileManager.default.fileExists(atPath: file) {
            evidence = try readFile()
        } else {
            let held = try held(invocation, day)
            (evidence, names) = (held.evidence, held.names)
            trusted.formUnion(held.trusted)
        }
        let now = invocation.console.now()
        let report = EvidenceCheck.report(on: evidence, trusted: trusted) { day ?? ZonedDays.day(of: now, zone: $0) }
        var words = VerifyWords(times: invocation.times, names: names)
        words.stated = report.names.compactMapValues { $0.spoken(invocation.language.rawValue) }
        if let document = report.document {
            for side in Side.allCases { words.sides[document.organisation(side)] = side }
        }
        let short = leastLetters(of: evidence.agreement.bytes)
        let findings = report.findings.count
        let item: JSONValue = [
            "file": .text(file), "agreement": .text(evidence.agreement.uuid), "short": .text(short), "verified": .bool(report.isGood),
            "trusted": .bool(report.isTrusted), "document": .text(evidence.digest.hex),
            "validOn": .bool(report.isGood && report.notValidOn == nil),
            "parties": .list(
                report.parties.map { party in
                    [
                        "side": .text(party.side.name), "fingerprint": .text(party.organisation.fingerprint),
                        "statedName": .texts(report.names[party.organisation] ?? [:]), "compared": .bool(party.isCompared),
                    ]
                }),
            "validFrom": .text(orNull: report.document?.validFrom?.text), "validTo": .text(orNull: report.document?.validTo?.text),
            "findings": .number(findings),
            "signatures": .list(report.signatures.map { Self.json($0, $1) }),
            "checks": .list(
                report.lines.map { line in
                    [
                        "name": .text(line.name), "ok": .bool(!line.isFinding),
                        "message": .text(words.text(line, in: invocation.language)),
                    ]
                }),
        ]
        try invocation.print(
            .single("verify/1", nil, fields: Self.fields, item) { page in
                page.say(VerifyPhrases.reading, ["file": .text(file), "id": .text(short)])
                page.blank()
                // Values that do not give their digests are not shown as what was signed: such a document is none here.
                if read, let document = report.document {
                    DocumentPage(document: document, names: names, release: report.releaseLabel).show(&page)
                }
                func say(_ line: EvidenceLine) {
                    let text = words.text(line, in: page.language)
                    guard line.isFinding else { return page.paragraph(text, indent: 2) }
                    page.paragraph("! " + text, .bad)
                }
                for line in report.lines { say(line) }
                if !read, let document = report.document {
                    let validity = VerifyWords.validity(document, report)
                    page.say(validity.phrase, validity.facts, indent: 2)
                }
                page.blank()
                let conclusion = words.conclusion(report)
                page.say(conclusion.phrase, conclusion.facts, conclusion.style)
                // Among many lines in order, those that are not are said once more.
                for line in report.findings { say(line) }
            })
        return report.isGood ? .done : .found
    }

    private static func json(_ signature: PartySignature, _ place: EntryPlace) -> JSONValue {
        [
            "organisation": .text(signature.organisation.hex), "fingerprint": .text(signature.organisation.fingerprint),
            "name": .text(signature.name), "title": .text(signature.title), "key": .text(signature.device.hex),
            "time": .text(Timestamp.rfc3339(milliseconds: place.received)), "position": .number(place.position),
        ]
    }

    private static func organisation(_ typed: String) throws -> OrganisationID {
        guard let organisation = Base32.bytes(typed).flatMap({ OrganisationID($0) }) else {
            throw CommandFailure(.invalidValue, ["value": .text(typed), "option": "--trust"])
        }
        return organisation
    }

    private func readFile() throws -> Evidence {
        let bytes = try InputFile.bytes(file, limit: Limits.evidenceBytes)
        do { return try Evidence(archive: bytes) } catch { throw VerifyWords.failure(error, file) }
    }

    /// An agreement of this store, put together as it would be exported: own fingerprint and confirmed ones count as given.
    private func held(
        _ invocation: Invocation, _ day: CalendarDate?
    ) throws -> (evidence: Evidence, trusted: Set<OrganisationID>, names: [OrganisationID: String]) {
        guard ShortID.isShortID(file) || RecordID(uuid: file) != nil, StoreLayout(folder: invocation.storePath).exists else {
            throw CommandFailure(.fileMissing, ["file": .text(file)])
        }
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let language = invocation.language.rawValue
        var failure: (any Error)?
        for engagement in selector.directory.engagements {
            let found = try open.store.read { reader -> Evidence? in
                let forms = try AgreementForms(engagement, selector.directory, open.reading, invocation, on: day, reader)
                let agreement: KnownAgreement
                do { agreement = try forms.agreement(file) } catch {
                    // That it is here and cannot be proved any more is the answer, whatever else is here.
                    if let known = error as? CommandFailure, known.code == ErrorPhrases.agreementErased.code { throw known }
                    failure = failure ?? error
                    return nil
                }
                try selector.requireRows(of: engagement)
                return try AgreementFailures(engagement: engagement, forms: forms, invocation: invocation).saying {
                    try open.reading.evidence(of: agreement.id, in: engagement, reader)
                }
            }
            guard let found else { continue }
            let own = engagement.party
            var names = [own: engagement.partyName.spoken(language) ?? own.fingerprint]
            names[engagement.counterpart] = engagement.counterpartName.spoken(language)
            var trusted: Set<OrganisationID> = engagement.side == nil ? [] : [own]
            if engagement.isConfirmed { trusted.insert(engagement.counterpart) }
            return (found, trusted, names)
        }
        throw failure ?? CommandFailure(.unknownID, ["id": .text(file)])
    }
}
