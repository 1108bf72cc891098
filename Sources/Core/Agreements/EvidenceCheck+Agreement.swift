import BuntanProtocol
import ChangeLog
import Merging
import Records

/// What was agreed: signatures, release and dates, once the document and both logs fit together.
extension EvidenceCheck {
    // MARK: signatures

    /// Each party needs one that counts. One that does not takes nothing from one that does: anybody who may write for a
    /// party could undo its signature otherwise.
    mutating func checkSignatures(_ document: AgreementDocument, _ engagement: CheckedLog, _ service: CheckedLog) {
        for side in Side.allCases {
            let party = document.organisation(side)
            var (counted, doubts, isContested): ([EvidenceLine], [EvidenceLine], Bool) = ([], [], false)
            for said in engagement.changes where said.author == party {
                for made in said.made(PartySignature.kind) where Self.isAbout(made, document.agreement) {
                    used.insert(said.place.position)
                    switch judge(made, said, document, engagement, service) {
                    case .counts(let lines): counted += lines
                    case .contested(let lines):
                        isContested = true
                        doubts += lines
                    case .void(let line): doubts.append(line)
                    }
                }
            }
            if counted.isEmpty {
                lines += doubts
                if !isContested { lines.append(.signatureMissing(party, side)) }
            } else {
                lines += counted + doubts.filter(\.isFinding).map { .passedOver($0) }
            }
        }
    }

    private enum Verdict {
        case counts([EvidenceLine])
        case contested([EvidenceLine])
        case void(EvidenceLine)
    }

    /// Whether a record is about the agreement.
    private static func isAbout(_ made: MadeRecord, _ agreement: RecordID) -> Bool {
        made["agreement"]?.bytes.flatMap { RecordID($0) } == agreement
    }

    private mutating func judge(
        _ made: MadeRecord, _ said: CheckedLog.Said, _ document: AgreementDocument, _ engagement: CheckedLog, _ service: CheckedLog
    ) -> Verdict {
        let place = said.place
        guard let signature = PartySignature(record: made.record, values: { made[$0] }, place: place) else {
            return .void(.entryBroken(.engagement, position: place.position, Refusal(.invalid, PartySignature.kind)))
        }
        let logs = [document.engagement: (engagement, "engagement"), document.service: (service, "service")]
        for (space, view) in signature.views {
            if let (_, folder) = logs[space] { usedProofs.insert("\(folder)/\(view.size).consistency.json") }
        }
        guard signature.organisation == said.author else {
            return .void(.signatureForeign(signature.organisation, position: place.position))
        }
        let standing = signature.standing(under: document.head, digest: evidence.digest, rights: engagement.rights) { space, view in
            logs[space]?.0.isPrefix(view)
        }
        if case .void(let fault) = standing { return .void(.signatureVoid(signature, place: place, fault)) }
        let lines: [EvidenceLine] = [
            .signed(signature, place: place),
            .key(signature.device, signature.organisation, enrolledAt: engagement.rights.authorPosition(of: signature.device) ?? 0),
            .views(
                signature.organisation, signature.organisation == document.provider ? .provider : .customer,
                engagement: signature.views[document.engagement]?.size ?? 0, service: signature.views[document.service]?.size ?? 0),
        ]
        // Either log may be the first to tell; the longer chain holds an organisation's last word.
        let chains = [engagement, service].compactMap { $0.rights.chain(of: signature.organisation) }
        let latest = chains.max { $0.head.number < $1.head.number }
        if let since = latest?.devices[signature.device]?.compromisedAfter, place.received > since {
            return .contested(lines + [.signatureContested(signature.organisation, signature.device, since: since)])
        }
        return .counts(lines)
    }

    // MARK: names, release and dates

    /// What each party calls itself: its own word, which nobody has checked.
    mutating func names(in log: CheckedLog) -> [OrganisationID: [String: String]] {
        var names: [OrganisationID: [String: String]] = [:]
        for said in log.changes {
            let own = RecordID.natural(space: log.rights.space, kind: "party", key: [.id(said.author)])
            for made in said.made("party") where made.record == own && made["org"] == .id(said.author) {
                used.insert(said.place.position)
                if names[said.author] == nil { names[said.author] = made.texts("legalName") }
            }
        }
        return names
    }

    mutating func checkRelease(_ document: AgreementDocument, _ service: CheckedLog) {
        var isHere = false
        for said in service.changes where said.author == document.provider {
            for made in said.made("release") where made.record == document.release.record {
                isHere = true
                usedOfService.insert(said.place.position)
                guard let text = made["document"]?.text, let label = made["label"]?.text, made.isTextOrEmpty("message"),
                    let manifest = ReleaseManifest(decoding: text.utf8)
                else {
                    lines.append(.entryBroken(.service, position: said.place.position, Refusal(.invalid, "release")))
                    continue
                }
                let digest = SHA.digest(Array(text.utf8))
                guard digest == document.release.digest else {
                    lines.append(.releaseChanged(label: label, named: document.release.digest, found: digest))
                    continue
                }
                let released = Set(manifest.items)
                let differing = document.records.count {
                    $0.space == document.service && !released.contains(.init(record: $0.record, kind: $0.kind, digest: $0.digest))
                }
                lines.append(
                    differing == 0 ? .release(label: label, digest) : .releaseDiffers(label: label, digest, records: differing))
            }
        }
        if !isHere { lines.append(.releaseMissing(document.release.digest)) }
    }

    mutating func checkDates(_ document: AgreementDocument, _ engagement: CheckedLog, on day: CalendarDate) {
        var isValid = (document.validFrom.map { $0 <= day } ?? true) && (document.validTo.map { day <= $0 } ?? true)
        for said in engagement.changes {
            for made in said.made(AgreementEnding.kind) where Self.isAbout(made, document.agreement) {
                used.insert(said.place.position)
                guard let ending = AgreementEnding(record: made.record, by: said.author, values: { made[$0] }, place: said.place) else {
                    // An end that cannot be read is none that could be passed over.
                    lines.append(.entryBroken(.engagement, position: said.place.position, Refusal(.invalid, AgreementEnding.kind)))
                    continue
                }
                lines.append(.ended(said.author, ending.endsOn))
                isValid = isValid && day <= ending.endsOn
            }
        }
        lines.append(isValid ? .validOn(day) : .notValidOn(day))
    }

    // MARK: what is left over

    /// What the archive holds beside what this agreement needs proves nothing, and may be there to be taken for proof.
    mutating func checkLeftovers(_ engagement: CheckedLog, _ service: CheckedLog) {
        for (log, excerpt, changes, used) in [
            (EvidenceLog.engagement, evidence.engagementLog, engagement.changes, used),
            (EvidenceLog.service, evidence.serviceLog, service.changes, usedOfService),
        ] {
            let positions = Set(changes.map(\.place.position))
            for held in excerpt.entries {
                let isChange = positions.contains(held.position)
                if !isChange, held.payload != nil { lines.append(.unneeded("\(log.rawValue)/\(held.position).payload")) }
                if isChange, !used.contains(held.position) { lines.append(.unneeded("\(log.rawValue)/\(held.position).entry")) }
            }
            for size in excerpt.consistency.keys.sorted() {
                let name = "\(log.rawValue)/\(size).consistency.json"
                if !usedProofs.contains(name) { lines.append(.unneeded(name)) }
            }
        }
    }
}
