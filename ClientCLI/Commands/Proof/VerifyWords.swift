import Agreements
import BuntanProtocol
import ChangeLog
import Foundation
import Records
import Wording

/// Says what a verifier saw.
struct VerifyWords {
    let times: TimeDisplay
    /// Names of organisations where a store knows them.
    let names: [OrganisationID: String]
    /// What organisations call themselves in the evidence: their own word.
    var stated: [OrganisationID: String] = [:]
    /// Which side each party is on: what is said of it where no store knows its name.
    var sides: [OrganisationID: Side] = [:]

    /// From when to when it holds: as the document says, up to an end that a party has said since.
    static func validity(_ document: AgreementDocument, _ report: EvidenceReport) -> (phrase: VerifyPhrases, facts: Facts) {
        let ends = report.lines.compactMap { if case .ended(_, let day) = $0 { day } else { nil } }
        guard let end = ends.min(), document.validTo.map({ end < $0 }) ?? true else { return (.validity, days(document)) }
        let said: Facts = ["from": .text(document.validFrom?.text ?? "-"), "date": .text(end.text)]
        return (.validityEnded, days(document).merging(said) { own, _ in own })
    }

    private static func days(_ document: AgreementDocument) -> Facts {
        let days: Facts = [
            "from": .text(document.validFrom?.text ?? "-"), "to": .text(document.validTo?.text ?? "-"),
            "zone": .text(document.terms.timeZone),
        ]
        return ["days": .word(document.validTo == nil ? AgreementPhrases.validOpen : .validText, days)]
    }

    /// What was checked, and no more than that.
    func conclusion(_ report: EvidenceReport) -> (phrase: VerifyPhrases, facts: Facts, style: Style) {
        guard report.isGood else { return (.notVerified, ["n": .number(report.findings.count)], .bad) }
        if let missing = report.uncompared.first {
            let isAny = report.lines.contains { $0.isTrusted }
            return (isAny ? .verifiedPartly : .verifiedUnnamed, ["organisation": name(missing)], .warning)
        }
        guard let day = report.notValidOn else { return (.verified, [:], .good) }
        return (.verifiedNotValid, ["date": .text(day.text)], .warning)
    }

    func text(_ line: EvidenceLine, in language: Language) -> String {
        let (entry, facts) = sentence(line)
        return entry.text(in: language, facts)
    }

    private func name(_ organisation: OrganisationID) -> Fact {
        if let name = names[organisation] { return .text(name) }
        guard let side = sides[organisation] else { return .text(organisation.fingerprint) }
        return .word(
            VerifyPhrases.party,
            ["side": .word(side == .provider ? TermPhrases.provider : .customer), "fingerprint": .text(organisation.fingerprint)])
    }
    private func party(_ organisation: OrganisationID, _ side: Side) -> Fact {
        if let name = names[organisation] { return .text(name) }
        let term: Fact = .word(side == .provider ? TermPhrases.provider : .customer)
        return stated[organisation].map { .word(VerifyPhrases.statedParty, ["side": term, "name": .text($0)]) } ?? term
    }
    private func short(_ digest: Digest) -> Fact { .text(String(digest.hex.prefix(16))) }
    private func key(_ device: PublicKey) -> Fact { .text(String(device.hex.prefix(16))) }
    private func time(_ millis: Int64) -> Fact { .text(times.stamp(Date(timeIntervalSince1970: Double(millis / 1000)))) }

    private func sentence(_ line: EvidenceLine) -> (VerifyPhrases, Facts) {
        switch line {
        case .document(let digest): (.documentOk, ["digest": short(digest)])
        case .documentChanged(let named, let found): (.documentChanged, ["digest": short(named), "found": short(found)])
        case .documentBroken(let fault): (.documentBroken, ["reason": Self.reason(fault)])
        case .documentElsewhere: (.documentElsewhere, [:])
        case .records(let rows, let records): (.rowsOk, ["rows": .number(rows), "records": .number(records)])
        case .trusted(let organisation, let side): (.trustOk, trust(organisation, side))
        case .notCompared(let organisation, let side): (.trustMissing, trust(organisation, side))
        case .notTrusted(let organisation, let side): (.trustBad, trust(organisation, side))
        case .genesisBroken(_, let space): (.genesisBad, ["space": .text(space.hex)])
        case .statementBroken(let log, let position, let refusal):
            (.statementBad, at(log, position, ["code": .text(refusal.code.rawValue)]))
        case .log(_, let space, let size, let root, let logKey):
            (.logOk, ["space": .text(space.hex), "entries": .number(size), "root": short(root), "key": key(logKey)])
        case .checkpointBroken(_, let space, let fault): (.logBad, ["space": .text(space.hex), "reason": Self.reason(fault)])
        case .included(let log, let position): (.inclusionOk, at(log, position))
        case .notIncluded(let log, let position): (.inclusionBad, at(log, position))
        case .entryBroken(let log, let position, let refusal): entryBroken(refusal, at(log, position))
        case .signed(let signature, let place):
            (
                .signatureOk,
                [
                    "name": .text(signature.name), "title": .text(signature.title.isEmpty ? "-" : signature.title),
                    "organisation": name(signature.organisation), "time": time(place.received), "key": key(signature.device),
                    "position": .number(place.position),
                ]
            )
        case .key(let device, let organisation, let enrolledAt):
            (.keyOk, ["key": key(device), "organisation": name(organisation), "position": .number(enrolledAt)])
        case .views(let organisation, _, let engagement, let service):
            (.viewsOk, ["organisation": name(organisation), "engagement": .number(engagement), "service": .number(service)])
        case .signatureVoid(let signature, let place, let fault): void(signature, place, fault)
        case .signatureForeign(let organisation, let position):
            (.signatureForeign, ["organisation": name(organisation), "position": .number(position)])
        case .signatureMissing(let organisation, let side): (.signatureMissing, ["organisation": party(organisation, side)])
        case .signatureContested(let organisation, let device, let since):
            (.signatureContested, ["organisation": name(organisation), "key": key(device), "date": time(since)])
        case .passedOver(let line): passedOver(line)
        case .release(let label, let digest): (.releaseOk, ["label": .text(label), "digest": short(digest)])
        case .releaseMissing(let digest): (.releaseMissing, ["digest": short(digest)])
        case .releaseChanged(let label, let named, let found):
            (.releaseChanged, ["label": .text(label), "digest": short(named), "found": short(found)])
        case .releaseDiffers(let label, let digest, let records):
            (.releaseBad, ["label": .text(label), "digest": short(digest), "records": .number(records)])
        case .validOn(let day): (.validOn, ["date": .text(day.text)])
        case .notValidOn(let day): (.notValidOn, ["date": .text(day.text)])
        case .unneeded(let file): (.fileUnneeded, ["file": .text(file)])
        case .ended(let organisation, let day): (.ended, ["organisation": name(organisation), "date": .text(day.text)])
        }
    }

    private func trust(_ organisation: OrganisationID, _ side: Side) -> Facts {
        ["organisation": party(organisation, side), "fingerprint": .text(organisation.fingerprint)]
    }

    private func at(_ log: EvidenceLog, _ position: Int, _ more: Facts = [:]) -> Facts {
        let name = log == .engagement ? TermPhrases.engagement : .service
        return more.merging(["log": .word(name), "position": .number(position)]) { own, _ in own }
    }

    private func entryBroken(_ refusal: Refusal, _ facts: Facts) -> (VerifyPhrases, Facts) {
        switch refusal.code {
        case .invalid: (.entryUnreadable, facts)
        case .noRight: (.entryNoRight, facts)
        case .baseMismatch: (.entryOnWhatIsToCome, facts)
        default: (.entryBad, facts.merging(["code": .text(refusal.code.rawValue)]) { own, _ in own })
        }
    }

    private func passedOver(_ line: EvidenceLine) -> (VerifyPhrases, Facts) {
        let (finding, facts) = sentence(line)
        return (.signaturePassedOver, ["finding": .word(finding, facts)])
    }

    private func void(_ signature: PartySignature, _ place: EntryPlace, _ fault: SignatureFault) -> (VerifyPhrases, Facts) {
        let facts: Facts = [
            "organisation": name(signature.organisation), "key": key(signature.device), "position": .number(place.position),
        ]
        switch fault {
        case .doesNotVerify: return (.signatureBad, facts)
        case .notAParty, .notEnrolled: return (.keyUnknown, facts)
        case .revoked: return (.keyRevoked, facts)
        case .noRight: return (.keyNoRight, facts)
        case .viewMissing(let space): return (.viewMissing, facts.merging(["space": .text(space.hex)]) { own, _ in own })
        case .viewForeign(let space): return (.viewForeign, facts.merging(["space": .text(space.hex)]) { own, _ in own })
        case .viewNotPrefix(let space): return (.viewBad, facts.merging(["space": .text(space.hex)]) { own, _ in own })
        }
    }

    private static func reason(_ fault: DocumentFault) -> Fact {
        switch fault {
        case .tooLarge(let bytes): .word(VerifyPhrases.formTooLarge, ["size": .number(bytes)])
        case .notCanonical(let offset): .word(VerifyPhrases.formNotCanonical, ["offset": .number(offset)])
        case .wrongForm(let member): .word(VerifyPhrases.formMember, ["member": .text(member)])
        case .unsorted(let member): .word(VerifyPhrases.formUnsorted, ["member": .text(member)])
        case .digestDiffers(let record, let printed, let computed):
            .word(
                VerifyPhrases.formDigest,
                [
                    "record": .text(record.uuid), "digest": .text(String(printed.hex.prefix(16))),
                    "found": .text(String(computed.hex.prefix(16))),
                ])
        case .otherKey(let record): .word(VerifyPhrases.formKey, ["record": .text(record.uuid)])
        case .outOfScope(let record): .word(VerifyPhrases.formScope, ["record": .text(record.uuid)])
        }
    }

    private static func reason(_ fault: NoteFault) -> Fact {
        switch fault {
        case .malformed: .word(VerifyPhrases.noteMalformed)
        case .unsigned: .word(VerifyPhrases.noteUnsigned)
        case .badSignature: .word(VerifyPhrases.noteBadSignature)
        case .otherOrigin(let found, let expected):
            .word(VerifyPhrases.noteOtherOrigin, ["found": .text(found), "expected": .text(expected)])
        case .notIncluded: .word(VerifyPhrases.noteNotIncluded)
        }
    }

    /// A file that is no evidence cannot be taken; an archive of evidence with a part that is wrong does not verify.
    static func failure(_ fault: EvidenceFault, _ file: String) -> CommandFailure {
        let name: Fact = .text(file)
        func damaged(_ reason: VerifyPhrases) -> CommandFailure {
            CommandFailure(.fileNotRecognised, ["file": name, "known": .word(reason)], place: CommandFailure.Place(file: file))
        }
        func invalid(_ finding: VerifyPhrases, _ part: String) -> CommandFailure {
            CommandFailure(
                .evidenceInvalid, ["file": name, "finding": .word(finding, ["part": .text(part)])], place: CommandFailure.Place(file: file))
        }
        switch fault {
        case .archive(.notThisForm): return damaged(.notZip)
        case .archive(.repacked): return invalid(.notOurZip, "")
        case .archive(.tooLarge): return damaged(.zipTooLarge)
        case .archive(.damaged(let part)): return invalid(.zipDamaged, part)
        case .notEvidence: return damaged(.notEvidence)
        case .missing(let part): return invalid(.partMissing, part)
        case .unknownFile(let part): return invalid(.partUnknown, part)
        case .malformed(let part): return invalid(.partMalformed, part)
        case .checkpointDiffers(let part): return invalid(.partDiffers, part)
        }
    }
}
