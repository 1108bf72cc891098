import Agreements
import BuntanProtocol
import ChangeLog
import Exchange
import MergeReference
import Merging
import Replica
import Storage
import Syncing
import TestKit

/// A part of the system that is wrong in one way, to see that the checker notices.
package final class Sabotage {
    package enum Kind: CaseIterable, Sendable {
        case none
        /// A server that answers *accepted* and appends nothing.
        case acceptsWithoutAppending
        /// A server that gives a change that it has another position each time it is asked.
        case answersAnew
        /// A server that lets one customer read the other's engagement.
        case showsTheOtherCustomer
        /// A server that never takes what one device sends.
        case refusesOneDevice
        /// A server that takes an organisation's word and keeps it out of one log.
        case withholdsStatements
        /// A fold that keeps one head of a cell that several devices wrote.
        case losesConcurrentHead
        /// A replica that takes a change twice: what has been replaced since comes back.
        case appliesTwice
        /// A client that empties its outbox when a sync ends in an error.
        case dropsOutboxOnError
        /// A client that stops showing its own changes before the log has them.
        case hidesOwnWrites
        /// A client whose log goes back to an earlier copy after a sync.
        case goesBack
        /// A client that writes another value than was typed.
        case writesOtherwise
        /// A client that leaves out a part of what was typed.
        case writesInPart
        /// A client that takes a publish under way for released.
        case showsUnreleased
        /// A server that keeps one head of a cell that several devices wrote, and serves the log as it is.
        case serverLosesHead
        /// A client that keeps other bytes than it was sent.
        case keepsOtherBytes
        /// A server that never begins an engagement.
        case beginsNoEngagement
        /// A client that keeps another root of its logs than their entries give.
        case keepsAnotherRoot
        /// A client that has the words of a sealed note stored by the server in the open.
        case storesSealedWords
        /// A client that sends what it wrote under a key that a lost device holds.
        case sealsWithLostKey
        /// A server that tells one customer what another wrote in a sealed note, in what it says of a refusal.
        case tellsSealedWords
        /// A server that takes the word of a root that has been replaced into a log.
        case takesOldRoot
        /// A client that puts into a file all that it holds, whoever that is for.
        case bundlesEverything
        /// A server that lets an auditor in whom nobody has let read, or not for so long.
        case letsAuditorsStay
        /// A client to which an acceptance of other words still counts.
        case countsOtherWords
        /// A server that lets a member write what is another's.
        case letsAnybodyWrite
        /// A client that keeps a server's lie to itself.
        case hushesLies
        /// A client to which an acceptance carries over to the value that the provider moved to.
        case carriesAcceptanceOver
        /// A server that signs a record's state otherwise than its log gives it, for whoever is new.
        case signsAnotherState
        /// A server that leaves a record out of what it gives to whoever is new.
        case leavesRecordOut
        /// A server that keeps a statement from whoever is new.
        case leavesStatementOut
        /// A client that takes the word that erases and keeps what it names.
        case keepsErased
        /// A server that does the same, and gives it to whoever asks.
        case serverKeepsErased
        /// A server that takes what a device has written whose rights have ended.
        case letsRevokedWrite
        /// A client that gives its outbox up when its device has no rights any more.
        case forgetsWhenRevoked
        /// A client that does not say that its device has no rights any more.
        case hushesRevocation
        /// A server that puts what a push brings last into a sealed log before the rest.
        case takesLastFirst
        /// A client that keeps nothing of fields that its program does not know.
        case dropsUnknown
        /// A client to which an agreement is in force whatever has become of what it covers.
        case keepsInForce
        /// A client to which one signature is enough.
        case countsOneSignature
        /// A client that does not compare its logs with what its organisation has said.
        case missesWithheld
        /// A client that looks at no signature of a log's key and at no proof.
        case takesForged
        /// A verifier to which evidence is good whatever is in it.
        case believesEvidence
        /// A server that shows the last entry of a page again at the beginning of the next.
        case showsTwice
        /// A server that looks through all of its logs for whatever it is asked.
        case looksThrough
    }

    package let kind: Kind
    private var forged: [ChangeID: Int] = [:]
    /// The log, and the organisation whose word it lacks.
    private var withheld: (space: SpaceID, from: OrganisationID)?
    /// The log that an auditor reads whatever it says.
    private var kept: (space: SpaceID, by: OrganisationID)?
    private var copies: [ObjectIdentifier: MemoryStore] = [:]
    /// Words of a sealed note, and whose they are.
    private var leaked: (words: [UInt8], of: Firm)?
    /// The device that the server refuses.
    private var refused: DeviceID?

    package init(_ kind: Kind) { self.kind = kind }

    package static var none: Sabotage { Sabotage(.none) }

    /// The properties that have to notice, each by itself.
    package var breaks: Set<Property> {
        switch kind {
        case .none: [.unforeseen]
        case .acceptsWithoutAppending, .dropsOutboxOnError, .forgetsWhenRevoked: [.durability]
        case .answersAnew: [.idempotency]
        case .showsTheOtherCustomer, .bundlesEverything, .letsAuditorsStay, .storesSealedWords, .tellsSealedWords,
            .sealsWithLostKey:
            [.isolation]
        case .countsOtherWords, .carriesAcceptanceOver: [.negotiation]
        // By what stands in the stores as well as by what the product makes of its own log.
        case .keepsErased: [.erasure, .convergence]
        case .serverKeepsErased: [.erasure, .convergence]
        case .refusesOneDevice, .beginsNoEngagement, .hushesRevocation: [.liveness]
        // By the reference as well as by what the product makes of its own log.
        case .serverLosesHead: [.convergence, .rebuilding]
        case .keepsAnotherRoot: [.rebuilding]
        case .withholdsStatements, .letsAnybodyWrite, .takesOldRoot, .letsRevokedWrite: [.authority]
        case .signsAnotherState, .leavesRecordOut, .leavesStatementOut: [.tamperEvidence]
        case .losesConcurrentHead: [.noLostUpdate, .convergence]
        case .takesLastFirst: [.noLostUpdate]
        case .appliesTwice, .keepsOtherBytes, .dropsUnknown: [.convergence]
        case .keepsInForce, .countsOneSignature, .believesEvidence: [.agreement]
        case .hidesOwnWrites: [.monotonicView, .rebuilding]
        case .goesBack: [.monotonicView]
        case .hushesLies, .missesWithheld, .takesForged: [.tamperEvidence]
        case .writesOtherwise, .writesInPart, .showsUnreleased: [.intention]
        case .showsTwice: [.order]
        case .looksThrough: [.cost]
        }
    }

    // MARK: before a run

    func prepare(_ run: SimulatedRun) throws {
        switch kind {
        case .refusesOneDevice: refused = run.world.devices.first?.keys.device
        case .showsTheOtherCustomer:
            guard let engagement = run.world.engagements[.ichi]?.space, let other = run.world.organisations[.ni] else { return }
            try run.server.store.write { try $0.grantReading(engagement, to: other) }
        case .letsAuditorsStay:
            guard let engagement = run.world.engagements[.ichi]?.space else { return }
            kept = (engagement, run.auditor.organisation)
        case .withholdsStatements:
            guard let engagement = run.world.engagements[.ichi]?.space, let party = run.world.organisations[.ichi] else { return }
            withheld = (engagement, party)
        case .losesConcurrentHead:
            for participant in run.participants { participant.store.distorts { update, _ in Self.loseHeads(&update) } }
        case .serverLosesHead: run.server.store.distorts { update, _ in Self.loseHeads(&update) }
        case .showsUnreleased:
            for participant in run.participants { participant.store.distorts { update, _ in Self.backdate(&update) } }
        case .letsAnybodyWrite: run.server.store.distorts { update, _ in Self.swapOwners(&update) }
        case .keepsErased: for participant in run.participants { participant.store.distorts { update, _ in update.erased = [:] } }
        case .serverKeepsErased: run.server.store.distorts { update, _ in update.erased = [:] }
        case .dropsUnknown: for participant in run.participants { participant.store.distorts { update, _ in Self.dropUnknown(&update) } }
        case .showsTwice: run.server.store.shows { entries, position in Array(entries.dropFirst(max(0, position - 1))) }
        case .keepsAnotherRoot: run.participants.first?.store.distorts { update, _ in Self.otherRoot(&update) }
        case .keepsOtherBytes: run.participants.first?.store.distorts { update, _ in Self.alterPayloads(&update) }
        case .appliesTwice:
            let first = Box<[RecordID: (edit: Edit, change: ChangeID, author: Int)]>([:])
            run.participants.first?.store.distorts { update, _ in Self.applyAgain(&update, first) }
        default: break
        }
    }

    private static func loseHeads(_ update: inout SpaceUpdate) {
        for (record, state) in update.records where state.cells.contains(where: { $0.heads.count > 1 }) {
            update.records[record] = RecordState(
                kind: state.kind, creator: state.creator, seam: state.seam,
                cells: state.cells.map { Cell(key: $0.key, heads: Array($0.heads.suffix(1))) })
        }
    }

    /// Has rows say that they were written when the log began.
    private static func backdate(_ update: inout SpaceUpdate) {
        for (record, state) in update.records where state.kind == "responsibility" {
            update.records[record] = RecordState(
                kind: state.kind, creator: state.creator, seam: state.seam,
                cells: state.cells.map { cell in
                    Cell(key: cell.key, heads: cell.heads.map { Head(op: $0.op, position: 0, author: $0.author, value: $0.value) })
                })
        }
    }

    /// Takes the records that one party has made for the other's.
    private static func swapOwners(_ update: inout SpaceUpdate) {
        for (record, state) in update.records {
            guard let other = update.standing.genesis.parties.first(where: { $0.organisation != state.creator })?.organisation else {
                continue
            }
            update.records[record] = RecordState(kind: state.kind, creator: other, seam: state.seam, cells: state.cells)
        }
    }

    private static func otherRoot(_ update: inout SpaceUpdate) {
        var frontier = LogFrontier()
        frontier.append(contentsOf: repeatElement(SHA.empty, count: update.standing.size))
        update.standing.frontier = frontier
    }

    private static func alterPayloads(_ update: inout SpaceUpdate) {
        update.entries = update.entries.map { entry in
            guard var payload = entry.payload, let last = payload.popLast() else { return entry }
            return NewEntry(
                position: entry.position, bytes: entry.bytes, leaf: entry.leaf, payload: payload + [last ^ 1], change: entry.change,
                author: entry.author, records: entry.records)
        }
    }

    private static func applyAgain(_ update: inout SpaceUpdate, _ first: Box<[RecordID: (edit: Edit, change: ChangeID, author: Int)]>) {
        for entry in update.entries {
            guard let change = entry.change, let author = entry.author, let edits = try? Entry.edits(inEntry: entry.bytes) else { continue }
            for edit in edits where update.records[edit.record] != nil {
                let earlier = first.with { known in
                    defer { if known[edit.record] == nil { known[edit.record] = (edit, change, author) } }
                    return known[edit.record]
                }
                guard let earlier else { continue }
                let context = OpContext(change: earlier.change, position: entry.position, author: earlier.author, baseSize: .max)
                update.records[edit.record]?.apply(earlier.edit, firstOp: 0, values: { _ in .null }, context: context)
            }
        }
    }

    // MARK: on the server

    func answer(_ request: OutgoingRequest, from participant: Participant, _ server: SimulatedServer) throws -> Reply {
        if let leaked, kind == .storesSealedWords { try server.store.write { try $0.setValue(leaked.words, for: "index") } }
        if let leaked, kind == .tellsSealedWords, participant.firm.isCustomer, participant.firm != leaked.of {
            return .error(ErrorAnswer(.unavailable, detail: String(decoding: leaked.words, as: UTF8.self)))
        }
        if kind == .takesOldRoot, request.method == .register, case .error = try server.answer(request) {
            try Self.append(RegisterRequest(decoding: request.body).statements.last, server)
        }
        if kind == .looksThrough {
            try server.store.read { reader in
                for space in try reader.spaces() { _ = try reader.entries(of: space, from: 0, maxBytes: .max) }
            }
        }
        if kind == .beginsNoEngagement, request.method == .createSpace { return .error(ErrorAnswer(.unavailable)) }
        if kind == .letsAuditorsStay, request.method == .statement, let (space, auditor) = kept {
            let reply = try server.answer(request)
            try server.store.write { try $0.grantReading(space, to: auditor) }
            return reply
        }
        if request.method == .statement, let (space, party) = withheld {
            // What the organisation may not read is no log of its for as long as it speaks.
            try server.store.write { try $0.endReading(space, by: party) }
            let reply = try server.answer(request)
            try server.store.write { try $0.grantReading(space, to: party) }
            return reply
        }
        if request.method == .snapshot { return try lie(in: server.answer(request), to: SnapshotRequest(decoding: request.body), server) }
        guard request.method == .push else { return try server.answer(request) }
        switch kind {
        case .acceptsWithoutAppending: return try forge(PushRequest(decoding: request.body), request.token, server)
        case .answersAnew:
            let reply = try server.answer(request)
            guard case .answer(let bytes) = reply else { return reply }
            let answer = try VerdictsAnswer(decoding: bytes)
            let verdicts = answer.verdicts.map { verdict -> Verdict in
                if case .duplicate(let position) = verdict { return .accepted(position: position + 1) }
                return verdict
            }
            return .answer(VerdictsAnswer(verdicts: verdicts, note: answer.note, page: answer.page).encoded())
        case .refusesOneDevice:
            let changes = try PushRequest(decoding: request.body).changes
            let device = try changes.first.map { try Change(decoding: $0.bytes).device }
            guard device != refused else { return .error(ErrorAnswer(.unavailable)) }
            return try server.answer(request)
        case .takesLastFirst:
            try Self.appendAhead(PushRequest(decoding: request.body).changes, server)
            return try server.answer(request)
        case .letsRevokedWrite:
            let reply = try server.answer(request)
            if Self.isShut(reply) { try Self.append(PushRequest(decoding: request.body).changes, server) }
            return reply
        default: return try server.answer(request)
        }
    }

    private func forge(_ push: PushRequest, _ token: [UInt8]?, _ server: SimulatedServer) throws -> Reply {
        let ids = try push.changes.map { try Change(decoding: $0.bytes).id }
        if forged.isEmpty, let first = ids.first { forged[first] = 1_000 }
        let rest = zip(ids, push.changes).filter { forged[$0.0] == nil }.map(\.1)
        let reply = try server.answer(
            OutgoingRequest(method: .push, body: PushRequest(space: push.space, changes: rest).encoded(), token: token))
        guard case .answer(let bytes) = reply else { return reply }
        let answer = try VerdictsAnswer(decoding: bytes)
        var real = answer.verdicts.makeIterator()
        let verdicts = ids.compactMap { id in forged[id].map { .accepted(position: $0) } ?? real.next() }
        return .answer(VerdictsAnswer(verdicts: verdicts, note: answer.note).encoded())
    }

    // MARK: on a client

    func commit(_ typed: TypedWrite, _ world: FoundedWorld, _ author: Participant) throws {
        let workspace = author.workspace
        switch typed {
        case .publication(let label): _ = try workspace.publish(world.service, label: label, message: nil)
        case .resolution(let edit, let value, let space):
            _ = try author.store.write { try workspace.commit([(edit, [value])], in: space, $0) }
        case .drafts(var drafts, let space):
            let text = CellKey("text")
            if world.homes[author.firm] == space, author.firm.isCustomer, let words = drafts.first?.cells[text]?.text {
                leaked = (Array(words.utf8), author.firm)
            }
            switch kind {
            case .writesOtherwise where drafts[0].cells[text] != nil: drafts[0].cells[text] = .text("something else")
            case .writesInPart where drafts.count > 1: drafts.removeLast()
            default: break
            }
            // Whoever types here has everything in view that stands, several values too.
            for index in drafts.indices { drafts[index].replacesSeveral = true }
            _ = try workspace.commit(drafts, in: space)
        }
    }

    func bundle(by writer: Participant, for organisation: OrganisationID, whole: Bool) throws -> BundleDraft {
        guard kind == .bundlesEverything else { return try writer.workspace.bundle(for: organisation, whole: whole) }
        return try writer.store.read { try writer.workspace.bundle(of: $0.spaces(), for: organisation, whole: whole, $0) }
    }

    func taken(_ reply: Reply, by participant: Participant) throws {
        switch kind {
        case .hidesOwnWrites:
            try participant.store.write { transaction in
                for item in try transaction.outbox(of: nil) {
                    for edit in item.item.edits { try transaction.setShown(nil, of: edit.record, in: item.item.space) }
                }
            }
        case .sealsWithLostKey:
            try participant.store.write { transaction in
                let places = try transaction.outboxPlaces(of: nil)
                for space in Set(places.map(\.space)) {
                    let numbers = CBORWriter.encode { w in w.list(places.map(\.number)) { $0.int($1) } }
                    try transaction.setValue(numbers, for: StoredName.departed(space))
                }
            }
        case .goesBack:
            let key = ObjectIdentifier(participant)
            if let copy = copies[key], copies.count > 3 { participant.replaceStore(copy.clone()) }
            if copies[key] == nil { copies[key] = participant.store.clone() }
        default: break
        }
    }

    /// Where a row stands as the client shows it.
    func shown(_ negotiation: Negotiation) -> ReferenceNegotiation {
        let right = ReferenceNegotiation(negotiation.standing)
        let isWrong =
            switch kind {
            case .countsOtherWords: right.state == .reworded
            case .carriesAcceptanceOver: right.state == .disputed && negotiation.customerPosition?.accepts != nil
            default: false
            }
        return isWrong ? ReferenceNegotiation(state: .agreed, provider: right.provider, customer: right.customer) : right
    }

    /// What an agreement is worth as the client shows it.
    func shown(_ status: AgreementStatus) -> String {
        switch (kind, status) {
        case (.keepsInForce, .stale), (.countsOneSignature, .halfSigned): AgreementStatus.inForce.name
        default: status.name
        }
    }

    /// The spaces of which a client says that their log does not hold.
    func tells(_ spaces: [SpaceID]) -> [SpaceID] { kind == .hushesLies ? [] : spaces }

    /// What a client tells its user of the end of its device's rights.
    func told(_ fault: SyncFault) -> SyncFault? { kind == .hushesRevocation ? nil : fault }

    func syncFailed(_ participant: Participant) throws {
        guard kind == .dropsOutboxOnError || kind == .forgetsWhenRevoked && participant.shutOut != nil else { return }
        try participant.store.write { transaction in
            for item in try transaction.outbox(of: nil) { try transaction.removeFromOutbox(item.number) }
        }
    }
}
