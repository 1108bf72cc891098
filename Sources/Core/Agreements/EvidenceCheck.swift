package import BuntanProtocol
import ChangeLog
import Merging
package import Records

/// What a verifier saw, and whether anything spoke against it.
package struct EvidenceReport: Sendable {
    package let lines: [EvidenceLine]
    /// The document, if it is one.
    package let document: AgreementDocument?

    /// What each party calls itself in the log: its own word, which nobody has checked.
    package let names: [OrganisationID: [String: String]]

    /// The parties that the log names, with the side of each, and whether its fingerprint was compared and fits.
    package var parties: [(organisation: OrganisationID, side: Side, isCompared: Bool)] {
        lines.compactMap { line in
            switch line {
            case .trusted(let organisation, let side): (organisation, side, true)
            case .notCompared(let organisation, let side), .notTrusted(let organisation, let side): (organisation, side, false)
            default: nil
            }
        }
    }

    /// The signatures that count, with the place of each in the log.
    package var signatures: [(PartySignature, EntryPlace)] {
        lines.compactMap { if case .signed(let signature, let place) = $0 { (signature, place) } else { nil } }
    }

    package var findings: [EvidenceLine] { lines.filter(\.isFinding) }
    package var isGood: Bool { findings.isEmpty }

    /// Whether the fingerprint of either party was compared, and is what the evidence has.
    package var isTrusted: Bool { isGood && lines.contains { $0.isTrusted } && uncompared.isEmpty }

    /// The parties whose fingerprints were not compared: anybody could have taken their part.
    package var uncompared: [OrganisationID] {
        lines.compactMap { if case .notCompared(let organisation, _) = $0 { organisation } else { nil } }
    }

    /// The label of the release that the document names, if its entry is here and fits.
    package var releaseLabel: String? {
        for case .release(let label, _) in lines { return label }
        return nil
    }

    /// The day asked for, if the agreement does not hold on it.
    package var notValidOn: CalendarDate? {
        for case .notValidOn(let day) in lines { return day }
        return nil
    }
}

/// Checks evidence with nothing but the evidence and the fingerprints of organisations: no network, no server, no store.
///
/// It goes from the document outward: the values printed, the parties, the engagement's log with its statements and keys,
/// the signatures in it, the service's log and release, the dates, and whether anything is left over. What the evidence cannot show is said in PROTOCOL.md
/// section 15: that nothing was left out of it that came later.
package struct EvidenceCheck {
    let evidence: Evidence
    var lines: [EvidenceLine] = []
    /// The positions of the changes in either log that say something of this agreement.
    var used: Set<Int> = []
    var usedOfService: Set<Int> = []
    /// The files of the consistency proofs that signatures of this agreement call for.
    var usedProofs: Set<String> = []

    private init(_ evidence: Evidence) { self.evidence = evidence }

    /// - Parameters:
    ///   - trusted: the organisations whose fingerprints were given.
    ///   - day: the day to answer for, in a zone.
    package static func report(
        on evidence: Evidence, trusted: Set<OrganisationID>, day: (String) -> CalendarDate
    ) -> EvidenceReport {
        var check = EvidenceCheck(evidence)
        let document = check.checkDocument()
        let engagement = check.checkLog(.engagement, evidence.engagementLog, space: evidence.engagement)
        if let engagement { check.checkParties(engagement.rights, document, trusted: trusted) }
        let service = check.checkLog(.service, evidence.serviceLog, space: evidence.service)
        if let engagement, let service {
            for party in service.rights.parties {
                guard let here = engagement.rights.chain(of: party.organisation), let there = service.rights.chain(of: party.organisation)
                else { continue }
                if !here.agrees(with: there) {
                    check.lines.append(.statementBroken(.service, position: 0, Refusal(.invalid, StatementDetail.fork)))
                }
            }
        }
        let names = engagement.map { check.names(in: $0) } ?? [:]
        if let document, let engagement, let service {
            check.checkSignatures(document, engagement, service)
            check.checkRelease(document, service)
            check.checkDates(document, engagement, on: day(document.terms.timeZone))
            check.checkLeftovers(engagement, service)
        }
        return EvidenceReport(lines: check.lines, document: document, names: names)
    }

    // MARK: document

    private mutating func checkDocument() -> AgreementDocument? {
        let found = SHA.digest(evidence.document)
        guard found == evidence.digest else {
            lines.append(.documentChanged(named: evidence.digest, found: found))
            return nil
        }
        let document: AgreementDocument
        do { document = try AgreementDocument(decoding: evidence.document) } catch {
            lines.append(.documentBroken(error))
            return nil
        }
        guard document.agreement == evidence.agreement, document.engagement == evidence.engagement, document.service == evidence.service
        else {
            lines.append(.documentElsewhere)
            return nil
        }
        lines.append(.document(found))
        let rows = document.records.count { $0.space == document.service && $0.kind == "responsibility" }
        lines.append(.records(rows: rows, records: document.records.count))
        return document
    }

    private mutating func checkParties(_ rights: SpaceRights, _ document: AgreementDocument?, trusted: Set<OrganisationID>) {
        if let document {
            let parties = Side.allCases.map { side in rights.parties.first { $0.side == side }?.organisation }
            if parties != [document.provider, document.customer] || rights.service != document.service { lines.append(.documentElsewhere) }
        }
        let strangers = trusted.subtracting(rights.parties.map(\.organisation))
        for party in rights.parties {
            if trusted.contains(party.organisation) {
                lines.append(.trusted(party.organisation, party.side))
            } else {
                // A fingerprint that fits neither party was meant for one of them.
                lines.append(
                    strangers.isEmpty ? .notCompared(party.organisation, party.side) : .notTrusted(party.organisation, party.side))
            }
        }
    }
}
