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
/// the signatures in it, the service's log and release, the dates. What the evidence cannot show is said in PROTOCOL.md
/// section 15: that nothing was left out of it that came later.
package struct EvidenceCheck {
    private let evidence: Evidence
    private var lines: [EvidenceLine] = []

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
        if let document, let engagement, let service {
            check.checkSignatures(document, engagement, service)
            check.checkRelease(document, service)
            check.checkDates(document, engagement, on: day(document.terms.timeZone))
        }
        return EvidenceReport(lines: check.lines, document: document, names: engagement.map { Self.names(in: $0) } ?? [:])
    }

    private static func names(in log: CheckedLog) -> [OrganisationID: [String: String]] {
        var names: [OrganisationID: [String: String]] = [:]
        for (_, change) in log.changes {
            guard let organisation = log.rights.organisation(of: change.change.device), names[organisation] == nil else { continue }
            let own = RecordID.natural(space: log.rights.space, kind: "party", key: [.id(organisation)])
            for made in MadeRecord.all(in: change) where made.record == own { names[organisation] = made.texts("legalName") }
        }
        return names
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

    // MARK: logs

    /// A log as far as the excerpt shows it.
    private struct CheckedLog {
        let rights: SpaceRights
        let checkpoint: Checkpoint
        let consistency: [Int: [Digest]]
        /// The changes in it whose bytes, signatures and values hold.
        let changes: [(place: EntryPlace, change: CheckedChange)]

        func isPrefix(_ view: Base) -> Bool {
            guard !rights.isLost(view) else { return true }
            guard view.epoch <= rights.epoch, view.size <= checkpoint.size else { return false }
            if view.size == checkpoint.size { return view.root == checkpoint.root }
            guard let proof = consistency[view.size] else { return false }
            return LogProof.isConsistent(
                oldSize: view.size, oldRoot: view.root, newSize: checkpoint.size, newRoot: checkpoint.root, proof: proof)
        }
    }

    private mutating func checkLog(_ log: EvidenceLog, _ excerpt: LogExcerpt, space: SpaceID) -> CheckedLog? {
        guard let first = excerpt.entries.first, first.position == 0, let genesis = try? Entry(decoding: first.bytes),
            var rights = try? SpaceRights(genesis: genesis), rights.space == space
        else {
            lines.append(.genesisBroken(log, space))
            return nil
        }
        var changes: [(EntryPlace, CheckedChange)] = []
        var isWhole = true
        // A log's old key may still sign the log whose last entry announces the new one, as one that moves to a server does.
        var before: (position: Int, origin: String, key: PublicKey)?
        for held in excerpt.entries.dropFirst() {
            do throws(Refusal) {
                let outer = try Self.entry(held)
                let entry = try Self.unwrapped(outer, rights)
                switch entry.kind {
                case .statement: try rights.apply(try Self.signed(entry), at: held.position)
                case .server:
                    before = (held.position, rights.origin, rights.logKey)
                    try rights.apply(serverStatement: try Self.signed(entry), at: held.position)
                case .change:
                    changes.append(
                        (EntryPlace(position: held.position, received: outer.received), try Self.change(entry, held, in: space)))
                case .genesis, .salvaged: throw Refusal(.invalid, "kind")
                }
            } catch {
                isWhole = false
                let isChange = (try? Entry(decoding: held.bytes))?.kind == .change
                lines.append(
                    isChange
                        ? .entryBroken(log, position: held.position, error) : .statementBroken(log, position: held.position, error))
            }
        }
        // Who begins an engagement or invites to it has to be an admin, or the other party could have begun it alone.
        if isWhole, !rights.isFounded || !rights.isInvitationHonoured {
            lines.append(.statementBroken(log, position: 0, Refusal(.noRight, "founding")))
            isWhole = false
        }
        guard isWhole else { return nil }
        let checkpoint: Checkpoint
        var key = rights.logKey
        do throws(NoteFault) {
            if let before, let closing = try? Checkpoint.open(excerpt.note, origin: before.origin, key: before.key),
                closing.size == before.position + 1
            {
                (checkpoint, key) = (closing, before.key)
            } else {
                checkpoint = try Checkpoint.open(excerpt.note, origin: rights.origin, key: rights.logKey)
            }
        } catch {
            lines.append(.checkpointBroken(log, space, error))
            return nil
        }
        lines.append(.log(log, space, size: checkpoint.size, root: checkpoint.root, key: key))
        for held in excerpt.entries {
            let leaf = Entry.leafHash(of: held.bytes)
            let isIncluded = LogProof.includes(
                leaf, at: held.position, size: checkpoint.size, proof: held.proof, root: checkpoint.root)
            lines.append(isIncluded ? .included(log, position: held.position) : .notIncluded(log, position: held.position))
            isWhole = isWhole && isIncluded
        }
        guard isWhole else { return nil }
        return CheckedLog(rights: rights, checkpoint: checkpoint, consistency: excerpt.consistency, changes: changes)
    }

    private static func entry(_ held: LogExcerpt.Held) throws(Refusal) -> Entry {
        do { return try Entry(decoding: held.bytes) } catch { throw Refusal(.malformed, error.reason.rawValue) }
    }

    /// What an entry holds that an earlier epoch had held, once its proof is checked; any other as it is.
    private static func unwrapped(_ entry: Entry, _ rights: SpaceRights) throws(Refusal) -> Entry {
        guard entry.kind == .salvaged else { return entry }
        let old: Entry
        let proof: SalvageProof
        do {
            old = try entry.unwrapped()
            proof = try SalvageProof(decoding: entry.proof ?? [])
        } catch { throw Refusal(.malformed, error.reason.rawValue) }
        try rights.require(proof, of: entry.content)
        return old
    }

    private static func signed(_ entry: Entry) throws(Refusal) -> SignedBytes {
        guard let signature = entry.signature else { throw Refusal(.malformed, "signature") }
        return SignedBytes(bytes: entry.content, signature: signature)
    }

    private static func change(_ entry: Entry, _ held: LogExcerpt.Held, in space: SpaceID) throws(Refusal) -> CheckedChange {
        guard let signature = entry.signature, let payload = held.payload else { throw Refusal(.malformed, "payload") }
        let checked = try ChangeCheck.check(
            SignedChange(bytes: entry.content, signature: signature, payload: payload), form: .afterErasure)
        guard checked.change.space == space else { throw Refusal(.malformed, "space") }
        return checked
    }

    // MARK: signatures

    private mutating func checkSignatures(_ document: AgreementDocument, _ engagement: CheckedLog, _ service: CheckedLog) {
        var signedBy: Set<OrganisationID> = []
        for (place, change) in engagement.changes {
            for made in MadeRecord.all(in: change) where made.kind == PartySignature.kind {
                guard let signature = PartySignature(record: made.record, values: { made[$0] }, place: place) else {
                    lines.append(.entryBroken(.engagement, position: place.position, Refusal(.invalid, PartySignature.kind)))
                    continue
                }
                guard engagement.rights.organisation(of: change.change.device) == signature.organisation else {
                    lines.append(.signatureForeign(signature.organisation, position: place.position))
                    continue
                }
                let standing = signature.standing(under: document.head, digest: evidence.digest, rights: engagement.rights) { space, view in
                    space == document.engagement ? engagement.isPrefix(view) : space == document.service && service.isPrefix(view)
                }
                switch standing {
                case .void(let fault): lines.append(.signatureVoid(signature, place: place, fault))
                case .valid, .contested, .unseen:
                    signedBy.insert(signature.organisation)
                    lines.append(.signed(signature, place: place))
                    lines.append(
                        .key(
                            signature.device, signature.organisation,
                            enrolledAt: engagement.rights.authorPosition(of: signature.device) ?? 0))
                    lines.append(
                        .views(
                            signature.organisation, signature.organisation == document.provider ? .provider : .customer,
                            engagement: signature.views[document.engagement]?.size ?? 0,
                            service: signature.views[document.service]?.size ?? 0))
                    // Either log may be the first to tell.
                    let told = service.rights.chain(of: signature.organisation)?.devices[signature.device]?.compromisedAfter
                    if case .valid = standing, let told, place.received > told {
                        lines.append(.signatureContested(signature.organisation, signature.device, since: told))
                    }
                    if case .contested(let since) = standing {
                        lines.append(.signatureContested(signature.organisation, signature.device, since: since))
                    }
                }
            }
        }
        for side in Side.allCases where !signedBy.contains(document.organisation(side)) {
            lines.append(.signatureMissing(document.organisation(side), side))
        }
    }

    // MARK: release and dates

    private mutating func checkRelease(_ document: AgreementDocument, _ service: CheckedLog) {
        var found: (label: String, manifest: ReleaseManifest, digest: Digest)?
        for (_, change) in service.changes where service.rights.organisation(of: change.change.device) == document.provider {
            for made in MadeRecord.all(in: change) where made.kind == "release" && made.record == document.release.record {
                guard let text = made["document"]?.text, let manifest = ReleaseManifest(decoding: text.utf8) else { continue }
                found = (made["label"]?.text ?? "", manifest, SHA.digest(Array(text.utf8)))
            }
        }
        guard let found else {
            lines.append(.releaseMissing(document.release.digest))
            return
        }
        guard found.digest == document.release.digest else {
            lines.append(.releaseChanged(label: found.label, named: document.release.digest, found: found.digest))
            return
        }
        let released = found.manifest.digests
        let differing = document.records.count { $0.space == document.service && released[$0.record] != $0.digest }
        lines.append(
            differing == 0
                ? .release(label: found.label, found.digest) : .releaseDiffers(label: found.label, found.digest, records: differing))
    }

    private mutating func checkDates(_ document: AgreementDocument, _ engagement: CheckedLog, on day: CalendarDate) {
        var isValid = (document.validFrom.map { $0 <= day } ?? true) && (document.validTo.map { day <= $0 } ?? true)
        for (place, change) in engagement.changes {
            guard let organisation = engagement.rights.organisation(of: change.change.device),
                engagement.rights.side(of: organisation) != nil
            else { continue }
            for made in MadeRecord.all(in: change) where made.kind == AgreementEnding.kind {
                guard let ending = AgreementEnding(record: made.record, by: organisation, values: { made[$0] }, place: place) else {
                    // An end that cannot be read is none that could be passed over.
                    if made["agreement"]?.bytes.flatMap({ RecordID($0) }) == document.agreement {
                        lines.append(.entryBroken(.engagement, position: place.position, Refusal(.invalid, AgreementEnding.kind)))
                    }
                    continue
                }
                guard ending.agreement == document.agreement else { continue }
                lines.append(.ended(organisation, ending.endsOn))
                isValid = isValid && day <= ending.endsOn
            }
        }
        lines.append(isValid ? .validOn(day) : .notValidOn(day))
    }
}
