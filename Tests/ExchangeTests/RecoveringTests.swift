import BuntanProtocol
import ChangeLog
import Exchange
import Storage
import Syncing
import Testing
import TestKit

@Suite("A server whose store came back from a backup")
struct RecoveringTests {
    /// A service of four changes, a backup taken after the second, and the server as it starts on that backup.
    private struct Scene {
        let bench = Bench()
        let firm: Firm
        let space: SpaceID
        let places: [MarkedPlace]
        let backup: MemoryStore
        let fallen: FallenBack
        let registrar: Registrar

        init() throws {
            firm = try bench.firm(1)
            space = try bench.service(of: firm).space
            var places = [MarkedPlace(try bench.standing(space))]
            var copy: MemoryStore?
            for number in 0..<4 {
                let change = try bench.change(in: space, by: firm.admin.signing, "\(number)")
                _ = try bench.call(PushRequest(space: space, changes: [change]), as: firm.admin).get()
                places.append(MarkedPlace(try bench.standing(space)))
                if number == 1 { copy = bench.store.clone() }
            }
            self.places = places
            backup = try #require(copy)
            let mark = bench.mark
            fallen = try backup.read { try FallenBack.reconcile($0, with: mark) }
            registrar = Registrar(identity: bench.identity, policy: bench.policy, mark: bench.mark, frozen: fallen)
        }

        func call<R: Request>(_ request: R) throws -> Result<R.Answer, Refusal> {
            let token = try bench.signIn(firm.admin).get()
            let (status, body) = try registrar.answer(
                method: R.method.rawValue, body: request.encoded(), token: token, now: bench.now, store: backup)
            if status == 200 { return .success(try R.Answer(decoding: body)) }
            let error = try ErrorAnswer(decoding: body)
            return .failure(Refusal(try #require(error.code), error.detail))
        }

        func pull(_ place: MarkedPlace?) throws -> Result<LogPage, Refusal> {
            try call(PullRequest(space: space, epoch: 0, size: place?.size ?? 0, root: place?.root ?? SHA.empty))
        }
    }

    @Test("It still gives what was signed before and is still held, to whoever holds no more than that")
    func served() throws {
        let scene = try Scene()
        let loss = FallenBack.Loss(mark: scene.places[4], vouched: scene.places[2], isFork: false)
        #expect(scene.fallen.spaces == [scene.space: loss])
        let answer = try scene.pull(nil).get()
        #expect(answer.entries.count == scene.places[2].size && !answer.more)
        let standing = try scene.bench.standing(scene.space)
        let note = try Checkpoint.open(answer.note, origin: standing.rights.origin, key: scene.bench.identity.logKey.publicKey)
        #expect(note.size == scene.places[2].size && note.root == scene.places[2].root)
        #expect(try scene.pull(scene.places[1]).get().entries.count == 1)
        #expect(try scene.pull(scene.places[2]).get().entries.isEmpty)
        let heads = try scene.call(HeadsRequest(digest: SHA.empty)).get().heads
        #expect(heads == [SpaceHead(space: scene.space, epoch: 0, size: scene.places[2].size)])
    }

    @Test("Whoever holds more is told that the space recovers, and nothing is signed or written")
    func refused() throws {
        let scene = try Scene()
        for place in scene.places[3...] { #expect(refusal(try scene.pull(place)) == Refusal(.recovering)) }
        let held = try #require(try scene.backup.read { try $0.standing(of: scene.space) })
        let change = try Drafting.change(
            "x", in: scene.space, type: .service, base: held.base, key: scene.firm.admin.signing, random: &scene.bench.random)
        #expect(refusal(try scene.call(PushRequest(space: scene.space, changes: [change]))) == Refusal(.recovering))
        let about = StatementAuthor(organisation: scene.firm.id, key: scene.firm.admin.signing)
            .sign(.policy(leastSchema: 2), after: .start, about: scene.space, time: 1)
        #expect(try scene.call(StatementRequest(statements: [about])).get().verdicts == [.refused(.recovering, detail: nil)])
        // The organisation's own word is kept, and enters no log that has lost its end.
        var firm = scene.firm
        #expect(try scene.call(StatementRequest(statements: [firm.enrol().statement])).get().verdicts == [.accepted(position: 3)])
        #expect(try scene.backup.read { try $0.standing(of: scene.space) }?.size == held.size)
    }

    @Test("A backup that holds other entries than were signed gives nothing at all")
    func otherHistory() throws {
        let scene = try Scene()
        let other = MemoryMark()
        let places = scene.places.map { MarkedPlace(epoch: 0, size: $0.size, root: SHA.digest([UInt8($0.size)])) }
        for place in places { other.advance([scene.space: place], chains: [:]) }
        let fallen = try scene.backup.read { try FallenBack.reconcile($0, with: other) }
        #expect(fallen.spaces == [scene.space: FallenBack.Loss(mark: places[4], vouched: nil, isFork: true)])
        let registrar = Registrar(identity: scene.bench.identity, policy: scene.bench.policy, mark: other, frozen: fallen)
        let pull = PullRequest(space: scene.space, epoch: 0, size: 0, root: SHA.empty)
        let (status, body) = try registrar.answer(
            method: "pull", body: pull.encoded(), token: try scene.bench.signIn(scene.firm.admin).get(), now: scene.bench.now,
            store: scene.backup)
        #expect(status == 503)
        #expect(try ErrorAnswer(decoding: body).code == .recovering)
    }

    @Test("A store that holds something else than was signed goes back to the last place that fits, and its log is whole from there")
    func cutBack() throws {
        let scene = try Scene()
        let mark = MemoryMark()
        for place in scene.places[...1] { mark.advance([scene.space: place], chains: [:]) }
        mark.advance([scene.space: MarkedPlace(epoch: 0, size: scene.places[2].size, root: SHA.digest([9]))], chains: [:])
        let fallen = try scene.backup.read { try FallenBack.reconcile($0, with: mark) }
        let loss = try #require(fallen.spaces[scene.space])
        #expect(loss.isFork && loss.vouched == scene.places[1])
        let registrar = Registrar(identity: scene.bench.identity, policy: scene.bench.policy, mark: mark, frozen: fallen)
        let reopening = try scene.backup.write { try registrar.reopen(scene.space, at: scene.bench.now, $0) }
        #expect(reopening.cut == 1 && reopening.ended.size == scene.places[1].size && reopening.ended.root == scene.places[1].root)
        #expect(try scene.backup.read { try LogRebuild.check(scene.space, $0) }.isEmpty)
        #expect(scene.backup.violations.isEmpty)
        try mark.take(reopening)
        #expect(try scene.backup.read { try FallenBack.reconcile($0, with: mark) }.isEmpty)
    }

    @Test("A restored backup revives no revoked device: until its organisation's chain is whole, it may do nothing")
    func revoked() throws {
        let bench = Bench()
        var firm = try bench.firm(1)
        let second = try firm.enrol()
        _ = try bench.call(StatementRequest(statements: [second.statement]), as: firm.admin).get()
        let space = try bench.service(of: firm).space
        let backup = bench.store.clone()
        let revocation = try firm.say(.revoke(device: second.keys.device, compromisedAfter: nil))
        _ = try bench.call(StatementRequest(statements: [revocation]), as: firm.admin).get()
        let mark = bench.mark
        let fallen = try backup.read { try FallenBack.reconcile($0, with: mark) }
        #expect(Array(fallen.organisations.keys) == [firm.id])
        let registrar = Registrar(identity: bench.identity, policy: bench.policy, mark: bench.mark, frozen: fallen)
        func call<R: Request>(_ request: R, token: [UInt8]?) throws -> (Int, [UInt8]) {
            let answer = try registrar.answer(
                method: R.method.rawValue, body: request.encoded(), token: token, now: bench.now, store: backup)
            return (answer.status, answer.body)
        }
        // Nor does a log go on without it, in which the device might write.
        #expect(throws: ReopenFault.self) { try backup.write { try registrar.reopen(space, at: bench.now, $0) } }
        // The backup knows nothing of the revocation, so the device signs in; that is all it gets.
        let nonce = try ChallengeRequest.Answer(decoding: call(ChallengeRequest(device: second.keys.device), token: nil).1).nonce
        let signIn = SessionRequest(answering: nonce, of: bench.identity.name, with: second.keys.signing)
        let token = try SessionRequest.Answer(decoding: call(signIn, token: nil).1).token
        var forged = firm
        forged.chain = try OrganisationChain(foundingRoot: firm.root.publicKey, statements: Array(firm.statements.prefix(3)))
        let beside = forged.draft(.setCapabilities(device: firm.admin.device, .read), by: second.keys.signing)
        for (status, body) in try [
            call(HeadsRequest(digest: SHA.empty), token: token), call(WaitRequest(digest: SHA.empty), token: token),
            call(PullRequest(space: space, epoch: 0, size: 0, root: SHA.empty), token: token),
            call(StatementRequest(statements: [beside]), token: token), call(PushRequest(space: space, changes: []), token: token),
        ] {
            #expect(status == 503)
            #expect(try ErrorAnswer(decoding: body).code == .recovering)
        }
        #expect(try backup.read { try $0.statements(of: firm.id).count } == 3)
    }

    @Test("An engagement that a backup lacks is not begun a second time under the same name")
    func begunAgain() throws {
        let bench = Bench()
        let (provider, customer) = (try bench.firm(1), try bench.firm(2))
        let service = try bench.service(of: provider).space
        let invitation = bench.invitation(to: service, of: provider)
        _ = try bench.call(InviteRequest(invitation: invitation.bytes, signature: invitation.signature), as: provider.admin).get()
        let backup = bench.store.clone()
        let request = bench.engagement(of: provider, with: customer, on: service, invitation: invitation)
        let space = try bench.call(request, as: customer.admin).get().space
        let mark = bench.mark
        let fallen = try backup.read { try FallenBack.reconcile($0, with: mark) }
        #expect(Array(fallen.spaces.keys) == [space])
        let registrar = Registrar(identity: bench.identity, policy: bench.policy, mark: bench.mark, frozen: fallen)
        let (status, body) = try registrar.answer(
            method: "create_space", body: request.encoded(), token: try bench.signIn(customer.admin).get(), now: bench.now + 1,
            store: backup)
        #expect(status == 503)
        #expect(try ErrorAnswer(decoding: body).code == .recovering)
        #expect(try backup.read { try $0.standing(of: space) } == nil)
    }

    @Test("Whoever is no party to a space that was lost whole is answered as of one that never was")
    func foreign() throws {
        let bench = Bench()
        let (provider, customer, other) = (try bench.firm(1), try bench.firm(2), try bench.firm(3))
        let service = try bench.service(of: provider).space
        let backup = bench.store.clone()
        let space = try bench.engaged(provider, customer, on: service)
        let lost = try bench.store.read { try $0.entries(of: space, from: 0, maxBytes: .max) }
            .map { CarriedEntry(entry: $0.bytes, payload: $0.payload) }
        let note = try bench.pull(space, as: customer.admin).get().note
        let mark = bench.mark
        let fallen = try backup.read { try FallenBack.reconcile($0, with: mark) }
        let registrar = Registrar(identity: bench.identity, policy: bench.policy, mark: bench.mark, frozen: fallen)
        func replay(_ space: SpaceID, from: Int, _ entries: [CarriedEntry], as device: DeviceKeys) throws -> (status: Int, body: [UInt8]) {
            let request = ReplayRequest(space: space, from: from, entries: entries, note: note)
            return try registrar.answer(
                method: "replay", body: request.encoded(), token: try bench.signIn(device).get(), now: bench.now, store: backup)
        }
        let absent = SpaceID(high: 9, low: 9)
        for (from, entries) in [(0, []), (0, lost), (1, Array(lost.dropFirst())), (lost.count, [])] {
            let (here, nowhere) = (
                try replay(space, from: from, entries, as: other.admin), try replay(absent, from: from, entries, as: other.admin)
            )
            #expect(here == nowhere && here.status == 404, "\(from) \(entries.count)")
        }
        // The same page from a party is what brings it back, and only from its genesis on.
        #expect(try replay(space, from: lost.count, [], as: customer.admin).status == 404)
        let answer = try replay(space, from: 0, lost, as: customer.admin)
        #expect(try ReplayRequest.Answer(decoding: answer.body).size == lost.count)
        #expect(try backup.read { try $0.mayRead(space, provider.id, at: .max) && $0.mayRead(service, customer.id, at: .max) })
    }
}
