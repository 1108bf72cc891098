import BuntanProtocol
import ChangeLog
import Exchange
import Storage
import Syncing
import Synchronization
import Testing
import TestKit

@Suite("Reading and isolation")
struct ReadingTests {
    @Test("Small pages and one large page give the same log, each under its checkpoint")
    func paging() throws {
        let bench = Bench()
        let (provider, customer) = (try bench.firm(1), try bench.firm(2))
        let service = try bench.service(of: provider).space
        let space = try bench.engaged(provider, customer, on: service)
        for number in 0..<9 {
            let change = try bench.change(in: space, by: customer.admin.signing, "comment \(number)")
            _ = try bench.call(PushRequest(space: space, changes: [change]), as: customer.admin).get()
        }
        let standing = try bench.standing(space)
        let whole = try bench.pull(space, as: customer.admin).get()
        #expect(whole.entries.count == standing.size && !whole.more)
        var frontier = LogFrontier()
        var entries: [CarriedEntry] = []
        while frontier.size < standing.size {
            let base = Base(epoch: 0, size: frontier.size, root: frontier.root)
            let page = try bench.pull(space, as: customer.admin, from: base, maxBytes: 600).get()
            entries += page.entries
            frontier.append(contentsOf: page.entries.map { Entry.leafHash(of: $0.entry) })
            let checkpoint = try Checkpoint.open(page.note, origin: standing.rights.origin, key: bench.identity.logKey.publicKey)
            #expect(checkpoint.size == frontier.size && checkpoint.root == frontier.root)
            #expect(page.more == (frontier.size < standing.size))
        }
        #expect(entries == whole.entries)
        #expect(try bench.pull(space, as: customer.admin, from: standing.base).get().entries.isEmpty)
    }

    @Test("A client that holds more, or something else, is told so")
    func beyond() throws {
        let bench = Bench()
        let firm = try bench.firm(1)
        let space = try bench.service(of: firm).space
        let base = try bench.standing(space).base
        let bases = [
            Base(epoch: 0, size: base.size + 1, root: base.root), Base(epoch: 0, size: base.size, root: SHA.empty),
            Base(epoch: 0, size: 1, root: base.root), Base(epoch: 1, size: base.size, root: base.root),
        ]
        let codes = try bases.map { refusal(try bench.pull(space, as: firm.admin, from: $0))?.code }
        #expect(codes == [.behindYou, .baseMismatch, .baseMismatch, .behindYou])
    }

    @Test("Heads are sent when they differ from what the caller knows")
    func heads() throws {
        let bench = Bench()
        let firm = try bench.firm(1)
        _ = try bench.service(of: firm)
        let heads = try bench.heads(firm.admin)
        #expect(heads.count == 1)
        #expect(try bench.call(HeadsRequest(digest: SpaceHead.digest(of: heads)), as: firm.admin).get().heads == nil)
    }

    @Test("Every method with another tenant's ids answers as with ids that nobody has: the same bytes after the same work")
    func isolation() throws {
        let bench = Bench()
        let (provider, customer, stranger, accomplice) = (try bench.firm(1), try bench.firm(2), try bench.firm(3), try bench.firm(4))
        let own = try bench.service(of: provider)
        let engagement = try bench.engaged(provider, customer, on: own.space)
        let nobodys = SpaceID(high: 77, low: 77)
        let token = try bench.signIn(stranger.admin).get()
        let foreign = try bench.change(in: own.space, by: provider.admin.signing, "x")
        func answers(_ space: SpaceID) throws -> [Answered] {
            let seed = Nonce(high: 4, low: UInt64(space.low & 0xff))
            let invitation = bench.invitation(to: space, of: stranger, seed: seed)
            let forged = bench.invitation(to: space, of: accomplice, seed: seed)
            let founding = bench.engagement(of: accomplice, with: stranger, on: space, invitation: forged, seed: seed)
            let statement = StatementAuthor(organisation: stranger.id, key: stranger.admin.signing)
                .sign(.policy(leastSchema: 2), after: .start, about: space, time: 1)
            let base = try bench.standing(own.space).base
            return try [
                ("pull", PullRequest(space: space, epoch: 0, size: 0, root: SHA.empty).encoded()),
                ("pull", PullRequest(space: space, epoch: 0, size: base.size, root: base.root).encoded()),
                ("push", PushRequest(space: space, changes: [foreign]).encoded()),
                ("push", PushRequest(space: space, changes: []).encoded()),
                ("statement", StatementRequest(statements: [statement]).encoded()),
                ("replay", ReplayRequest(space: space, from: 0, entries: own.entries, note: own.note(1)).encoded()),
                ("replay", ReplayRequest(space: space, from: 1, entries: own.entries, note: own.note(1)).encoded()),
                ("invite", InviteRequest(invitation: invitation.bytes, signature: invitation.signature).encoded()),
                ("create_space", founding.encoded()),
            ].map { try bench.answered($0.0, $0.1, token: token) }
        }
        let absent = try answers(nobodys)
        for space in [own.space, engagement] { #expect(try answers(space) == absent) }
        #expect(absent.allSatisfy { $0.questions > 0 }, "work is counted")
        // A customer reads the service and has no other way to it.
        let customerToken = try bench.signIn(customer.admin).get()
        let change = try bench.change(in: own.space, by: customer.admin.signing, "x")
        let (_, body) = try bench.raw("push", PushRequest(space: own.space, changes: [change]).encoded(), token: customerToken)
        #expect(try VerdictsAnswer(decoding: body).verdicts == [.refused(.noRight, detail: nil)])
        #expect(try bench.heads(stranger.admin).isEmpty)
        // Who may read has other work done for it: the count tells them apart.
        let read = try bench.answered(
            "pull", PullRequest(space: own.space, epoch: 0, size: 0, root: SHA.empty).encoded(),
            token: try bench.signIn(provider.admin).get())
        #expect(read.status == 200 && read.questions != absent[0].questions)
    }

    @Test("A space is begun by nobody with another's invitation: whether that is kept here is not to be seen without its code")
    func foreignFounding() throws {
        let bench = Bench()
        let (provider, stranger) = (try bench.firm(1), try bench.firm(3))
        let service = try bench.service(of: provider).space
        let (kept, unknown) = (
            bench.invitation(to: service, of: provider), bench.invitation(to: service, of: provider, seed: Nonce(high: 9, low: 9))
        )
        _ = try bench.call(InviteRequest(invitation: kept.bytes, signature: kept.signature), as: provider.admin).get()
        let token = try bench.signIn(stranger.admin).get()
        func founding(_ invitation: SignedBytes, seed: Nonce) throws -> Answered {
            let request = bench.engagement(of: provider, with: stranger, on: service, invitation: invitation, seed: seed)
            return try bench.answered("create_space", request.encoded(), token: token)
        }
        // Its bytes alone, without the key that the code holds.
        let guessed = try [kept, unknown].map { try founding($0, seed: Nonce(high: 1, low: 1)) }
        #expect(guessed[0] == guessed[1])
        #expect(try ErrorAnswer(decoding: guessed[0].body).code == .badSignature)
        // One in the provider's name that the provider never gave, for a space of its own and for nobody's.
        let seed = Nonce(high: 6, low: 6)
        let invented = try [service, SpaceID(high: 77, low: 77)].map { space in
            let invitation = Invitation(
                service: space, organisation: provider.id, serverName: bench.identity.name, logKey: bench.identity.logKey.publicKey,
                policy: Policy(), key: Invitation.key(of: seed).publicKey, expires: bench.now + 1_000_000, device: stranger.admin.device
            ).signed(by: stranger.admin.signing)
            let request = bench.engagement(of: provider, with: stranger, on: space, invitation: invitation, seed: seed)
            return try bench.answered("create_space", request.encoded(), token: token)
        }
        #expect(invented[0] == invented[1])
        let refused = try ErrorAnswer(decoding: invented[0].body)
        #expect(refused.code == .invalid && refused.detail == "invitation_unknown")
        #expect(try bench.heads(stranger.admin).isEmpty)
        // With the code the same request is what the invitation is for.
        #expect(try founding(kept, seed: Nonce(high: 7, low: 8)).status == 200)
    }

    @Test("An invitation of another organisation is revoked by nobody else, and answers as one that nobody gave")
    func foreignInvitation() throws {
        let bench = Bench()
        let (provider, stranger) = (try bench.firm(1), try bench.firm(3))
        let service = try bench.service(of: provider).space
        let seed = Nonce(high: 4, low: 4)
        let invitation = bench.invitation(to: service, of: provider, seed: seed)
        _ = try bench.call(InviteRequest(invitation: invitation.bytes, signature: invitation.signature), as: provider.admin).get()
        let token = try bench.signIn(stranger.admin).get()
        let ids = [seed, Nonce(high: 5, low: 5)].map { Invitation.id(of: Invitation.key(of: $0).publicKey) }
        let answers = try ids.map { try bench.answered("revoke_invitation", RevokeInvitationRequest(id: $0).encoded(), token: token) }
        #expect(answers[0] == answers[1] && answers[0].status != 200)
        #expect(try bench.store.read { try $0.invitation(ids[0]) }?.isRevoked == false)
        #expect(try bench.call(InvitationsRequest(), as: stranger.admin).get().invitations.isEmpty)
    }

    @Test("Whatever tenant B is and does, every byte that A obtains stays the same")
    func swappingAnother() throws {
        func bytes(other seed: UInt64, changes: Int) throws -> [[UInt8]] {
            let bench = Bench()
            let firm = try bench.firm(1)
            let random = bench.random
            let other = try bench.firm(seed)
            _ = try bench.service(of: other, changes: changes)
            bench.random = random
            let space = try bench.service(of: firm).space
            let change = try bench.change(in: space, by: firm.admin.signing, "x")
            let token = try bench.signIn(firm.admin).get()
            return try [
                ("push", PushRequest(space: space, changes: [change]).encoded()), ("heads", HeadsRequest(digest: SHA.empty).encoded()),
                ("pull", PullRequest(space: space, epoch: 0, size: 0, root: SHA.empty).encoded()),
            ].map { try bench.raw($0.0, $0.1, token: token).body }
        }
        #expect(try bytes(other: 2, changes: 1) == bytes(other: 3, changes: 7))
    }

    @Test("Nothing that the mark does not cover is shown, and what it covers is not denied")
    func mark() throws {
        let bench = Bench()
        let firm = try bench.firm(1)
        let space = try bench.service(of: firm).space
        let base = try bench.standing(space).base
        let change = try bench.change(in: space, by: firm.admin.signing, "x")
        let copy = bench.store.clone()
        // The process dies between commit and mark.
        bench.store.crashes { $0 == .afterCommit }
        #expect(throws: SimulatedCrash.self) { try bench.call(PushRequest(space: space, changes: [change]), as: firm.admin) }
        bench.store.crashes(when: nil)
        #expect(try bench.heads(firm.admin) == [SpaceHead(space: space, epoch: 0, size: base.size)])
        #expect(try bench.pull(space, as: firm.admin, from: base).get().entries.isEmpty)
        #expect(try bench.store.read { try FallenBack.reconcile($0, with: bench.mark) }.isEmpty)
        #expect(try bench.pull(space, as: firm.admin, from: base).get().entries.count == 1)
        // A backup from before is found out, and signs nothing.
        #expect(try Array(copy.read { try FallenBack.reconcile($0, with: bench.mark) }.spaces.keys) == [space])
        let token = try bench.signIn(firm.admin).get()
        let pull = PullRequest(space: space, epoch: 0, size: 0, root: SHA.empty).encoded()
        let (status, body) = try bench.registrar.answer(method: "pull", body: pull, token: token, now: bench.now, store: copy)
        #expect(status == 503)
        #expect(try ErrorAnswer(decoding: body).code == .recovering)
    }

    @Test("A log that grows while it is being read is not taken for one that fell back")
    func growingMeanwhile() throws {
        let bench = Bench()
        let firm = try bench.firm(1)
        let space = try bench.service(of: firm).space
        let base = try bench.standing(space).base
        let token = try bench.signIn(firm.admin).get()
        let earlier = bench.store.clone()
        let change = try bench.change(in: space, by: firm.admin.signing, "x")
        _ = try bench.call(PushRequest(space: space, changes: [change]), as: firm.admin).get()
        let pull = PullRequest(space: space, epoch: base.epoch, size: base.size, root: base.root).encoded()
        let store = SeenEarlier(first: earlier, afterwards: bench.store)
        let (status, body) = try bench.registrar.answer(method: "pull", body: pull, token: token, now: bench.now, store: store)
        #expect(status == 200)
        #expect(try LogPage(decoding: body).entries.count == 1)
    }

    @Test("A log gives the state that the store keeps")
    func rebuild() throws {
        let bench = Bench()
        let (provider, customer) = (try bench.firm(1), try bench.firm(2))
        let service = try bench.service(of: provider, changes: 3).space
        let space = try bench.engaged(provider, customer, on: service)
        let change = try bench.change(in: space, by: customer.admin.signing, "x")
        _ = try bench.call(PushRequest(space: space, changes: [change]), as: customer.admin).get()
        #expect(try bench.store.read { reader in try [service, space].flatMap { try LogRebuild.check($0, reader) } }.isEmpty)
    }
}

/// A store whose first transaction began before the others.
private final class SeenEarlier: SpaceStore {
    private let first: MemoryStore
    private let afterwards: MemoryStore
    private let reads = Mutex(0)

    init(first: MemoryStore, afterwards: MemoryStore) {
        self.first = first
        self.afterwards = afterwards
    }

    func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
        let number = reads.withLock { reads in
            reads += 1
            return reads
        }
        return try (number == 1 ? first : afterwards).read(body)
    }

    func write<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result { try afterwards.write(body) }
}
