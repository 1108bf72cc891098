import BuntanProtocol
import ChangeLog
import Exchange
import Records
import Replica
import Storage
import Syncing
import TestKit

/// An organisation that reads one customer's engagement when a party lets it, and nothing else. What can go wrong on a way is for
/// others to meet: its own syncs go through.
final class Auditor {
    let organisation: OrganisationID
    let workspace: Workspace
    let keys: DeviceKeys
    /// What decides when somebody lets it read, ends that, or it looks: a run is the same with it or without.
    var draw: SeededRandom
    private(set) var looks = (reading: 0, shutOut: 0)

    init(_ world: FoundedWorld, seed: UInt64, _ random: SimulatedRandom) {
        organisation = world.auditorsID
        keys = world.auditor.keys
        workspace = Workspace(
            store: world.auditor.store.clone(), clock: SimulatedClock(world.time), random: random, keys: keys, cores: 1)
        draw = SeededRandom(seed: seed ^ 0xa0d1)
    }

    func count(reads: Bool) { if reads { looks.reading += 1 } else { looks.shutOut += 1 } }
}

extension SimulatedRun {
    /// Once in a while: a party lets the auditor read or ends that, or the auditor looks.
    func audit() throws {
        guard Int.random(in: 0..<16, using: &auditor.draw) == 0 else { return }
        let parties = participants.filter { $0.firm == .provider || $0.firm == .ichi }
        guard let party = parties.randomElement(using: &auditor.draw), let engagement = world.engagements[.ichi] else { return }
        // Who has not got that far, or has lost it, says nothing there.
        guard try party.store.read({ try $0.standing(of: engagement.space) }) != nil else { return }
        let known = party.firm == .ichi ? engagement : world.providerEngagements[engagement.space]
        switch Int.random(in: 0..<5, using: &auditor.draw) {
        case 0, 1:
            try say("lets the auditor read", party) { [auditor] workspace in
                guard let known else { return }
                try workspace.letRead(auditor.organisation, known, until: party.clock.now() + 20 * 86_400_000)
            }
        case 2:
            try say("ends the auditor's reading", party) { [auditor] workspace in
                guard let known else { return }
                try workspace.endReading(auditor.organisation, of: known)
            }
        default: try look()
        }
    }

    private func say(_ what: String, _ party: Participant, _ act: (Workspace) throws -> Void) throws {
        try founding(party, what) {
            // Nobody was let in, or the device may not speak.
            do { try act(party.workspace) } catch is AuditFault {}
        }
    }

    /// Lets the auditor sync, and compares what it is shown with what the log and the server's clock say (P7); what it tries to
    /// write there is refused (P8).
    func look() throws {
        guard try !server.hasLost(), let engagement = world.engagements[.ichi]?.space else { return }
        let reads = try isLetIn(engagement)
        auditor.count(reads: reads)
        var session = SyncSession(auditor.workspace)
        while let request = try session.next() {
            let reply = try server.answer(request)
            eavesdropper.overhear(reply, byAuditorWho: reads)
            try session.take(reply)
        }
        let report = session.report
        for (space, fault) in report.frozen { chronicle.find(.unforeseen, "the auditor froze \(space): \(fault)") }
        let shown = try report.visible ?? auditor.workspace.store.read { Set(try auditor.workspace.hostedHeads($0).map(\.space)) }
        let own = try auditor.workspace.store.read { try $0.identity().home }
        let expected: Set<SpaceID> = reads ? [engagement, world.service.service] : []
        if shown.subtracting(own.map { [$0] } ?? []) != expected {
            chronicle.find(
                .isolation, "the auditor is shown \(shown.count) spaces, and \(reads ? "one engagement lets" : "nobody lets") it read")
        }
        say("the auditor looks, \(reads ? "let in" : "shut out")")
        try tryToWrite(in: engagement, reads: reads)
    }

    /// Whether a party's word in the log lets the auditor read now, read from the entries alone.
    private func isLetIn(_ engagement: SpaceID) throws -> Bool {
        var ends: [OrganisationID: Int64] = [:]
        try server.store.read { reader in
            for stored in try reader.entries(of: engagement, from: 0, maxBytes: .max) {
                let entry = try Entry(decoding: stored.bytes).unwrapped()
                guard entry.kind == .statement else { continue }
                let statement = try Statement(decoding: entry.content)
                switch statement.act {
                case .grantReader(auditor.organisation, let end): ends[statement.organisation] = end
                case .endReader(auditor.organisation): ends[statement.organisation] = nil
                default: break
                }
            }
        }
        return ends.values.contains { $0 > server.clock.now() }
    }

    private func tryToWrite(in engagement: SpaceID, reads: Bool) throws {
        guard let standing = try server.store.read({ try $0.standing(of: engagement) }) else { return }
        let nonce = try ask(ChallengeRequest(device: auditor.keys.device)).nonce
        let token = try ask(SessionRequest(answering: nonce, of: world.identity.name, with: auditor.keys.signing)).token
        let row = RecordID.timeOrdered(millis: 1, random: Nonce(high: auditor.draw.next(), low: 1))
        let cells: [(CellKey, Value)] = [(.life, .bool(true)), (CellKey("row"), .id(row)), (CellKey("text"), .text("an auditor's"))]
            .sorted { $0.0 < $1.0 }
        let change = try ChangeAuthor(space: engagement, key: auditor.keys.signing).change(
            edits: [Edit(record: row, kind: "comment", ops: cells.map { Op(cell: $0.0, predecessors: []) })],
            values: cells.map(\.1.encoded), base: standing.base, time: 1, schema: 1, random: &auditor.draw)
        let push = OutgoingRequest(
            method: .push, body: PushRequest(space: engagement, changes: [change], held: standing.base).encoded(), token: token)
        let wanted: Code = reads ? .noRight : .notFound
        guard case .error(let refused) = try server.answer(push), refused.code == wanted else {
            return chronicle.find(.authority, "the auditor's change was not refused with \(wanted.rawValue)")
        }
        let statement = StatementAuthor(organisation: auditor.organisation, key: auditor.keys.signing)
            .sign(.grantReader(auditor.organisation, expires: server.clock.now() + 1), after: .start, about: engagement, time: 1)
        let said = OutgoingRequest(method: .statement, body: StatementRequest(statements: [statement]).encoded(), token: token)
        guard case .answer(let bytes) = try server.answer(said),
            case .refused(wanted, _)? = try VerdictsAnswer(decoding: bytes).verdicts.first
        else { return chronicle.find(.authority, "the auditor's word was not refused with \(wanted.rawValue)") }
    }

    private func ask<R: Request>(_ request: R) throws -> R.Answer {
        switch try server.answer(OutgoingRequest(method: R.method, body: request.encoded(), token: nil)) {
        case .answer(let bytes): return try R.Answer(decoding: bytes)
        case .error(let error): throw SyncFault.refused(R.method, error.code, detail: error.detail, retryAfterMillis: nil)
        }
    }
}
