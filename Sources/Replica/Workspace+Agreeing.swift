package import Agreements
package import BuntanProtocol
import ChangeLog
import Merging
package import Records
package import Storage
import Syncing

/// What a person wants to agree on.
package struct AgreementWish: Sendable {
    /// Rows to leave open; `nil` for what the counterpart left open, if anything.
    package var except: [RowKey]?
    /// Beginnings of row keys, where only a part of the matrix is meant.
    package var keys: [[String]]?
    /// Further kinds to make part of it, beside the matrix.
    package var kinds: [String]
    /// First and last day; `nil` for what the counterpart has, else from today on without end.
    package var validity: (from: CalendarDate, to: CalendarDate?)?
    /// The zone whose days these are.
    package var timeZone: String
    package var today: CalendarDate

    package init(
        except: [RowKey]? = nil, keys: [[String]]? = nil, kinds: [String] = [], validity: (from: CalendarDate, to: CalendarDate?)? = nil,
        timeZone: String,
        today: CalendarDate
    ) {
        self.except = except
        self.keys = keys
        self.kinds = kinds
        self.validity = validity
        self.timeZone = timeZone
        self.today = today
    }
}

/// Exactly what would be signed, and what a person should look at first.
package struct AgreementPreview: Sendable {
    package enum Origin: Sendable {
        /// The counterpart's document, signed by it and fitting still.
        case theirs(KnownAgreement)
        /// A new one, since nothing is signed that waits for us.
        case new
        /// A new one, since these rows changed after the counterpart signed.
        case newSince(KnownAgreement, rows: Int)
        /// A new one, since other rows or days were asked for than the counterpart signed.
        case newAsked(KnownAgreement)
    }

    package struct Obstacle: Sendable {
        package let row: RowKey?
        package let obstacle: SigningScene.Obstacle
    }

    package let origin: Origin
    /// `nil` while something stands in the way.
    package let document: AgreementDocument?
    package let bytes: [UInt8]
    package let digest: Digest?
    package let obstacles: [Obstacle]
    /// Rows in scope, those left open included.
    package let rowCount: Int
    /// The rows that would be signed, and every record: the rows' own and those of the further kinds.
    package let rows: Set<RowKey>
    package let records: Set<RecordID>
    /// How many of the rows to be signed are whose.
    package let allocations: [String: Int]
    /// Rows put together from edits that had not seen one another.
    package let seams: [RowKey]
    package let excepted: [RowKey]
    /// Those of them that no release holds any more: they leave nothing to agree on, and are left open without being named.
    package let dropped: [RowKey]
    package let release: Release
    /// The agreement that binds both now, with how the records differ from it.
    package let previous: KnownAgreement?
    /// Rows that would be signed and are not covered by that one, without those that are new since.
    package let newlyCovered: [RowKey]
    /// Rows that it covers, unchanged, and that would no longer be covered.
    package let noLongerCovered: [RowKey]
}

/// What signing made.
package struct SignedAgreement: Sendable {
    package let agreement: RecordID
    package let signature: RecordID
    package let digest: Digest
    package let committed: Committed
    /// Whether the counterpart's signature is there already.
    package let isWhole: Bool
}

extension Workspace {
    /// Shows what `sign` would sign.
    package func agreementPreview(
        _ wish: AgreementWish, in engagement: KnownEngagement, _ reader: any StoreReader
    ) throws -> AgreementPreview {
        guard let side = engagement.side else { throw WorkspaceFault.readsOnly(engagement.space) }
        try requireVerified([engagement.space, engagement.service], reader)
        guard engagement.isConfirmed else { throw AgreementFault.notConfirmed }
        if let end = engagement.end, end.hasCome(by: wish.today) { throw AgreementFault.engagementEnded(day: end.day) }
        let known = try agreements(of: engagement, day: { _ in wish.today }, reader)
        let releases = try releases(of: engagement.service, reader)
        guard let release = releases.last(where: { $0.position != nil }) else { throw AgreementFault.noRelease }
        let scope = wishedScope(wish, in: engagement)
        let own = try reader.identity().organisation
        let previous = known.binding
        let rows = try rows(of: engagement, reader)

        // The counterpart's document, the newest first, if it says what is asked for and fits the rows as they are.
        var origin = AgreementPreview.Origin.new
        for theirs in known.reversed() where Self.waitsForUs(theirs, side: side, on: wish.today) {
            let stage = try SigningStage(
                workspace: self, engagement: engagement, scope: theirs.head.scope, rows: rows, release: release, reader)
            let excepted = stage.rows(excepted: Set(theirs.head.except))
            guard isAsked(theirs.head, excepted, wish, dropped: stage.dropped, scope: scope, in: engagement) else {
                if case .new = origin { origin = .newAsked(theirs) }
                continue
            }
            let judgement = stage.judged(excepted: excepted)
            guard judgement.obstacles.isEmpty, theirs.differences.isEmpty,
                let document = try document(of: theirs.id, in: engagement, reader), stage.honours(document, releases: releases),
                judgement.except == Set(document.except)
            else {
                if case .new = origin { origin = .newSince(theirs, rows: theirs.differingRows.count) }
                continue
            }
            try Self.requireThere(wish.kinds, document)
            let named = releases.first { $0.id == document.release.record } ?? release
            return stage.preview(
                document, origin: .theirs(theirs), excepted: excepted, judgement: judgement, previous: previous, release: named)
        }
        let stage = try SigningStage(workspace: self, engagement: engagement, scope: scope, rows: rows, release: release, reader)
        let excepted = Array(Set(wish.except ?? []).union(stage.dropped))
        let judgement = stage.judged(excepted: excepted)
        guard judgement.obstacles.isEmpty else {
            return stage.preview(nil, origin: origin, excepted: excepted, judgement: judgement, previous: previous)
        }
        let parties = side == .provider ? (own, engagement.counterpart) : (engagement.counterpart, own)
        let proposal = AgreementDocument(
            agreement: RecordID(high: 0, low: 0), engagement: engagement.space, service: engagement.service, provider: parties.0,
            customer: parties.1, release: .init(record: release.id, digest: release.documentDigest),
            validFrom: wish.validity?.from ?? wish.today, validTo: wish.validity?.to, terms: .init(timeZone: wish.timeZone), scope: scope,
            except: judgement.except, records: judgement.records)
        try Self.requireThere(wish.kinds, proposal)
        try refuseRepetition(proposal, wish, known, side: side)
        let document = proposal.renamed(to: try agreementID(for: proposal, among: known, own: own, reader))
        return stage.preview(document, origin: origin, excepted: excepted, judgement: judgement, previous: previous)
    }

    /// Refuses to attach what is not there; a side need not have said anything about what the other has published.
    private static func requireThere(_ kinds: [String], _ document: AgreementDocument) throws {
        let there = Set(document.records.map(\.kind))
        let missing = kinds.filter { kind in !kind.hasSuffix("-position") && !there.contains(kind) }
        guard missing.isEmpty else { throw AgreementFault.nothingToAttach(kinds: missing) }
    }

    /// Signs what the preview showed, in one local transaction that looks again: another document than `expected` is refused,
    /// and nothing is written.
    package func sign(
        _ wish: AgreementWish, expecting expected: Digest, in engagement: KnownEngagement, name: String, title: String
    ) throws -> SignedAgreement {
        guard let keys else { throw WorkspaceFault.keysNeeded }
        return try store.write { transaction in
            // Confirmed or not is read again as well: it is a record like others.
            guard let engagement = try StoreDirectory(transaction).engagements.first(where: { $0.space == engagement.space }) else {
                throw WorkspaceFault.unknownSpace(engagement.space)
            }
            let preview = try agreementPreview(wish, in: engagement, transaction)
            guard let document = preview.document, let digest = preview.digest else { throw AgreementFault.notReady }
            guard digest == expected else { throw AgreementFault.documentChanged(now: digest) }
            guard preview.bytes.count <= Limits.documentBytes else { throw AgreementFault.documentTooLarge(bytes: preview.bytes.count) }
            guard let standing = try transaction.standing(of: engagement.space),
                standing.rights.capabilities(of: keys.device).contains(.sign)
            else { throw AgreementFault.noRight }
            var views: [SpaceID: Base] = [:]
            for space in document.spaces {
                guard try !transaction.isFrozen(space) else { throw WorkspaceFault.frozen(space) }
                views[space] = try transaction.standing(of: space)?.base
            }
            var random = draw
            let signature = PartySignature(
                record: RecordID.timeOrdered(millis: clock.now(), random: random.nonce()), of: document, digest: digest,
                organisation: try transaction.identity().organisation, name: name, title: title, views: views, key: keys.signing)
            var drafts: [RecordDraft] = []
            var isWhole = false
            if case .theirs = preview.origin {
                isWhole = true
            } else {
                drafts.append(
                    RecordDraft(
                        record: document.agreement, kind: "agreement",
                        cells: [CellKey("document"): .text(String(decoding: preview.bytes, as: UTF8.self))]))
            }
            drafts.append(RecordDraft(record: signature.record, kind: PartySignature.kind, cells: signature.cells))
            let committed = try commit(drafts, in: engagement.space, transaction)
            return SignedAgreement(
                agreement: document.agreement, signature: signature.record, digest: digest, committed: committed, isWhole: isWhole)
        }
    }

    /// Ends an agreement that both signed, whose last day is `day`; or takes back, or turns down, what one side has signed.
    package func end(
        _ agreement: RecordID, on day: CalendarDate, message: String, today: CalendarDate, in engagement: KnownEngagement
    ) throws -> Committed {
        try store.write { transaction in
            guard let known = try agreements(of: engagement, day: { _ in today }, transaction).first(where: { $0.id == agreement }) else {
                throw AgreementFault.unknownAgreement
            }
            switch known.status {
            case .inForce, .stale, .contested, .signed, .notYetValid, .halfSigned: break
            case .proposed, .expired, .ended, .superseded: throw AgreementFault.notStanding(agreement)
            }
            var random = draw
            let ending = AgreementEnding(
                record: RecordID.timeOrdered(millis: clock.now(), random: random.nonce()), agreement: agreement,
                by: try transaction.identity().organisation, endsOn: day, message: message, place: nil)
            return try commit(
                [RecordDraft(record: ending.record, kind: AgreementEnding.kind, cells: ending.cells)], in: engagement.space, transaction)
        }
    }

    // MARK: parts

    private static func waitsForUs(_ known: KnownAgreement, side: Side, on today: CalendarDate) -> Bool {
        guard case .halfSigned(let by) = known.status, by == side.other else { return false }
        return known.head.validTo.map { today <= $0 } ?? true
    }

    private func wishedScope(_ wish: AgreementWish, in engagement: KnownEngagement) -> [ScopePart] {
        var scope = ScopePart.matrix(service: engagement.service, engagement: engagement.space, keys: wish.keys)
        for name in wish.kinds {
            guard let kind = schema.kind(name), !scope.contains(where: { $0.kind == name }) else { continue }
            scope.append(ScopePart(space: kind.spaces.contains(.service) ? engagement.service : engagement.space, kind: name))
        }
        return scope.sorted()
    }

    /// Whether a document says what was asked for, as far as anything was, in kinds this program knows.
    private func isAsked(
        _ document: AgreementHead, _ excepted: [RowKey], _ wish: AgreementWish, dropped: [RowKey], scope: [ScopePart],
        in engagement: KnownEngagement
    ) -> Bool {
        if wish.keys != nil || !wish.kinds.isEmpty, document.scope != scope { return false }
        if let except = wish.except, Set(except).union(dropped) != Set(excepted) { return false }
        if let validity = wish.validity, validity.from != document.validFrom || validity.to != document.validTo { return false }
        return document.scope.allSatisfy { part in
            [engagement.service, engagement.space].contains(part.space) && schema.kind(part.kind) != nil
        }
    }

    /// Refuses to sign a second time what stands already, unless something else was asked for.
    private func refuseRepetition(
        _ proposal: AgreementDocument, _ wish: AgreementWish, _ known: [KnownAgreement], side: Side
    ) throws {
        for agreement in known.reversed() {
            let document = agreement.head
            guard document.scope == proposal.scope, agreement.differences.isEmpty, document.except == proposal.except,
                wish.validity.map({ $0.from == document.validFrom && $0.to == document.validTo }) ?? true
            else { continue }
            switch agreement.status {
            case .inForce, .notYetValid: throw AgreementFault.inForce(agreement.id)
            case .halfSigned(let by) where by == side: throw AgreementFault.waitsForThem(agreement.id)
            default: continue
            }
        }
    }

    /// The id of a new agreement: the same whenever the same would be signed on the same state, so that a document can be
    /// named before it is written. The time in it is that of the newest entry its signer has seen.
    private func agreementID(
        for proposal: AgreementDocument, among known: [KnownAgreement], own: OrganisationID, _ reader: any StoreReader
    ) throws -> RecordID {
        var millis: Int64 = 0
        for space in proposal.spaces {
            guard let size = try reader.standing(of: space)?.size, size > 0,
                let last = try reader.entries(of: space, from: size - 1, maxBytes: 1).first
            else { continue }
            millis = max(millis, (try? Entry(decoding: last.bytes).received) ?? 0)
        }
        let content = CBORWriter.encode { w in
            w.array(3)
            w.id(own)
            w.list(known.map(\.id).sorted()) { $0.id($1) }
            w.fixed(SHA.digest(proposal.encoded()))
        }
        return RecordID.timeOrdered(millis: millis, random: Nonce(prefixOf: Purpose.hash("agreement-id", content)))
    }
}
