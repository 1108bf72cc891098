import BuntanProtocol
import ChangeLog
import Exchange
import Replica
import Storage
import Syncing
import TestKit

/// A member with a key of its own who asks for more than its program would.
extension SimulatedRun {
    /// Sends what another has sent, under its own name or damaged; or writes to what is not its own. None of it may change anything
    /// that is another's, and none of the answers may tell it anything.
    func harass() throws {
        let attacker = participants[below(participants.count)]
        guard !attacker.isNew, let token = try signIn(attacker) else { return }
        var request: OutgoingRequest
        if below(3) == 0 {
            guard let forged = try forgery(by: attacker) else { return }
            note(.hostileRequest, "\(attacker.name) writes to what is another's")
            request = OutgoingRequest(
                method: .push, body: PushRequest(space: forged.space, changes: [forged.signed]).encoded(), token: token)
        } else {
            guard !overheard.isEmpty else { return }
            let captured = overheard[below(overheard.count)]
            var body = captured.request.body
            if below(3) > 0, !body.isEmpty {
                for _ in 0...below(3) { body[below(body.count)] ^= UInt8(1 << below(8)) }
            } else if captured.request.method == .push {
                // Handing on what another has made is anybody's right, whatever came of the rest of that write.
                return
            }
            request = OutgoingRequest(method: captured.request.method, body: body, token: token)
            note(.hostileRequest, "\(attacker.name) sends another's \(captured.request.method.rawValue)")
        }
        do {
            let reply = try server.answer(request)
            eavesdropper.overhear(reply, by: attacker.firm)
            try fileHandedOn(request, reply)
        } catch {
            chronicle.find(.unforeseen, "the server threw \(error) at a \(request.method.rawValue) of \(attacker.name)")
        }
    }

    /// What the damage has spared of a push is as its author signed it, and a server takes it from anybody who reads the space. It
    /// cannot know that the author meant to send something else first.
    private func fileHandedOn(_ request: OutgoingRequest, _ reply: Reply) throws {
        guard request.method == .push, case .answer(let bytes) = reply else { return }
        let changes = try PushRequest(decoding: request.body).changes
        let verdicts = try VerdictsAnswer(decoding: bytes).verdicts
        say("  of which the server says \(verdicts)")
        for (signed, verdict) in zip(changes, verdicts) {
            if case .accepted = verdict { chronicle.handOn(try Change(decoding: signed.bytes).id) }
        }
    }

    /// What may be sent again by another than who sent it: whoever could take down how a device signs in is that device.
    func capture(_ request: OutgoingRequest, of firm: Firm) {
        guard request.token != nil else { return }
        overheard.append((request, firm))
        if overheard.count > 30 { overheard.removeFirst() }
    }

    private func signIn(_ attacker: Participant) throws -> [UInt8]? {
        func ask<R: Request>(_ request: R) throws -> R.Answer? {
            let reply = try server.answer(OutgoingRequest(method: R.method, body: request.encoded(), token: nil))
            guard case .answer(let bytes) = reply else { return nil }
            return try R.Answer(decoding: bytes)
        }
        guard let nonce = try ask(ChallengeRequest(device: attacker.keys.device))?.nonce else { return nil }
        return try ask(SessionRequest(answering: nonce, of: world.identity.name, with: attacker.keys.signing))?.token
    }

    private struct Forgery {
        let space: SpaceID
        let signed: SignedChange
    }

    /// A change that does again, under the attacker's signature, what one of another organisation did.
    private func forgery(by attacker: Participant) throws -> Forgery? {
        let shared = try attacker.spaces().intersection(world.engagements.values.map(\.space)).sorted()
        guard !shared.isEmpty, let organisation = world.organisations[attacker.firm] else { return nil }
        let space = shared[below(shared.count)]
        return try server.store.read { reader in
            guard let standing = try reader.standing(of: space) else { return nil }
            var victims: [(change: Change, payload: Payload)] = []
            for stored in try reader.entries(of: space, from: 0, maxBytes: .max) {
                let entry = try Entry(decoding: stored.bytes)
                guard entry.kind == .change, let payload = stored.payload else { continue }
                let change = try Change(decoding: entry.content)
                guard let owner = standing.rights.organisation(of: change.device), owner != organisation else { continue }
                victims.append((change, try Payload(decoding: payload)))
            }
            guard !victims.isEmpty else { return nil }
            let (change, payload) = victims[below(victims.count)]
            guard let edits = change.edits, case .whole(_, let values) = payload else { return nil }
            let source = try reader.source(of: space)
            let base = Base(
                epoch: standing.epoch, size: standing.size,
                root: try LogTiles.root(ofSize: standing.size) { try source.tile($0) })
            let signed = try ChangeAuthor(space: space, key: attacker.keys.signing).change(
                edits: edits, values: values, base: base, time: attacker.clock.now(), schema: change.schema, random: &draw)
            return Forgery(space: space, signed: signed)
        }
    }
}
