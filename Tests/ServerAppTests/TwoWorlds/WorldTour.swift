import BuntanProtocol
import ChangeLog
import Exchange
import Storage
import Syncing
import TestKit
import Testing
import Wire

/// A scripted tour of all methods over HTTP by the tenant that is the same in every world.
final class WorldTour {
    private(set) var told: [Told] = []
    private let scene: WorldRun.Scene
    private let beside: WorldTenant
    private let foreign: [ForeignIDs]
    private var tenant: WorldTenant?
    private var headers: [String] = []

    init(_ scene: WorldRun.Scene, beside: WorldTenant, about foreign: [ForeignIDs]) throws {
        (self.scene, self.beside, self.foreign) = (scene, beside, foreign)
    }

    func run() async throws {
        let tenant = try WorldTenant(WorldRun.asking, at: scene.identity) { [unowned self] method, body, token in
            try await post(method.rawValue, body, token)
        }
        self.tenant = tenant
        try scene.admit(tenant)
        try await odd(tenant)
        try await tenant.settle()
        try await beside.act()
        try await read(tenant)
        try await write(tenant)
        try await beside.act()
        headers = ["accept-encoding: gzip"]
        try await read(tenant)
        headers = ["accept-encoding: zstd"]
        try await read(tenant)
        headers = []
        try await administer(tenant)
        try await beside.act()
        try await probe(tenant)
        try await read(tenant)
    }

    // MARK: chapters

    /// What is no request of ours, or none in a session.
    private func odd(_ tenant: WorldTenant) async throws {
        for method in BuntanProtocol.Method.allCases {
            try await post(method.rawValue, [], nil)
            try await post(method.rawValue, [0xff, 0x00], nil)
            try await post(method.rawValue, [0xa0], Array(repeating: 9, count: 72))
        }
        try await post("nothing", [0xa0], nil)
        try await post("hello", HelloRequest().encoded(), nil)
        try await post("challenge", ChallengeRequest(device: tenant.provider.device.device).encoded(), nil)
    }

    private func read(_ tenant: WorldTenant) async throws {
        try await post("hello", HelloRequest().encoded(), nil)
        for firm in [tenant.provider, tenant.customer] {
            try await tenant.signIn(firm)
            let heads = try await tenant.ask(HeadsRequest(digest: SHA.empty), as: firm).heads ?? []
            _ = try await tenant.ask(HeadsRequest(digest: SpaceHead.digest(of: heads)), as: firm)
            _ = try await tenant.ask(WaitRequest(digest: SHA.empty), as: firm)
            _ = try await tenant.ask(WaitRequest(digest: SpaceHead.digest(of: heads)), as: firm)
            for head in heads {
                let (base, page) = try await tenant.base(of: head.space, as: firm)
                _ = try await tenant.ask(PullRequest(space: head.space, base: base), as: firm)
                try await tenant.answer(.snapshot, SnapshotRequest(space: head.space, after: nil).encoded(), as: firm)
                try await tenant.answer(.digest, DigestRequest(space: head.space).encoded(), as: firm)
                _ = try await tenant.ask(PullRequest(space: head.space, epoch: 0, size: 0, root: SHA.empty, maxBytes: 300), as: firm)
                try await tenant.answer(.pull, PullRequest(space: head.space, epoch: 0, size: 1, root: SHA.empty).encoded(), as: firm)
                try await tenant.answer(
                    .pull, PullRequest(space: head.space, epoch: 0, size: page.entries.count + 1, root: base.root).encoded(), as: firm)
                _ = try await tenant.ask(
                    HeadsRequest(
                        digest: SHA.empty,
                        held: [HeldLog(space: head.space, base: Base(epoch: 0, size: 1, root: Entry.leafHash(of: page.entries[0].entry)))]),
                    as: firm)
            }
            _ = try await tenant.ask(InvitationsRequest(), as: firm)
        }
    }

    private func write(_ tenant: WorldTenant) async throws {
        for (space, firm) in [(tenant.engagements[0], tenant.customer), (tenant.services[0], tenant.provider)] {
            let base = try await tenant.base(of: space, as: firm).base
            let change = try tenant.change(in: space, by: firm, base: base)
            for held in [nil, base] {
                // Taken, known, and refused for its base, its author and its bytes.
                let wrong = Base(epoch: 0, size: base.size, root: SHA.empty)
                let items = [
                    change, change, try tenant.change(in: space, by: firm, base: wrong),
                    try tenant.change(in: space, by: try FoundedOrganisation(label: "x", time: 1, random: &tenant.random), base: base),
                    SignedChange(bytes: [1, 2], signature: change.signature, payload: change.payload),
                ]
                _ = try await tenant.ask(PushRequest(space: space, items: items.map(PushedItem.change), held: held), as: firm)
            }
        }
        // What is the provider's is not written by its customer, who reads it.
        let base = try await tenant.base(of: tenant.services[0], as: tenant.customer).base
        let foreign = try tenant.change(in: tenant.services[0], by: tenant.customer, base: base)
        _ = try await tenant.ask(PushRequest(space: tenant.services[0], changes: [foreign]), as: tenant.customer)
        try await tenant.write(in: tenant.engagements[0], by: tenant.customer)
    }

    private func administer(_ tenant: WorldTenant) async throws {
        try await tenant.enrol()
        let engagement = tenant.engagements[0]
        // Whoever is let in, known here or not: the log says the same, and the answer too.
        let named = foreign.flatMap { $0.firms.map(\.organisation) }
        for organisation in named { try await tenant.say(.grantReader(organisation, expires: WorldTenant.farAhead - 1), in: engagement) }
        for organisation in named { try await tenant.say(.endReader(organisation), in: engagement) }
        try await tenant.say(.grantReader(named[0], expires: 1), in: engagement)
        try await tenant.say(.policy(leastSchema: 2), in: tenant.services[1])
        try await tenant.say(.endService, in: tenant.services[1])
        for id in tenant.invitations + [InvitationID(high: 1, low: 2)] {
            try await tenant.answer(.invitation, InvitationRequest(id: id).encoded())
            try await tenant.answer(.revokeInvitation, RevokeInvitationRequest(id: id).encoded(), as: tenant.customer)
            try await tenant.answer(.revokeInvitation, RevokeInvitationRequest(id: id).encoded(), as: tenant.provider)
        }
        let own = try tenant.ownSpace(.service, of: tenant.provider)
        for _ in 0..<2 { try await tenant.answer(.replay, own.encoded(), as: tenant.provider) }
        try await tenant.answer(.replay, own.encoded(), as: tenant.customer)
        let seed = tenant.random.nonce()
        let founding = tenant.founding(on: own.space, tenant.invitation(to: own.space, seed: seed), seed: seed)
        try await tenant.answer(.createSpace, founding.encoded(), as: tenant.customer)
        let chain = tenant.chains[tenant.provider.organisation]?.statements ?? []
        for ticket in [nil, RegisterRequest.Ticket.admission(tenant.admissions[0]), .invitation(tenant.invitations[0])] {
            let request = RegisterRequest(statements: chain, rootKey: tenant.provider.root.publicKey, ticket: ticket)
            try await tenant.answer(.register, request.encoded())
        }
    }

    /// Every method about every id that is another's, in this world or the other one, beside ids that nobody has in either.
    private func probe(_ tenant: WorldTenant) async throws {
        var answers: [String: Set<Told>] = [:]
        let own = (space: tenant.services[0], base: try await tenant.base(of: tenant.services[0], as: tenant.provider).base)
        for (who, firm) in [("provider", tenant.provider), ("customer", tenant.customer)] {
            for ids in foreign + [try ForeignIDs(nobodys: 77), try ForeignIDs(nobodys: 78)] {
                for probe in try ids.probes(by: tenant, within: own) {
                    try await tenant.answer(probe.method, probe.body, as: firm)
                    let last = try #require(told.last)
                    // The head tells the length, the body the rest.
                    let name = "\(who): \(probe.name)"
                    answers[name, default: []].insert(Told(what: name, request: [], head: last.head, body: last.body))
                }
            }
        }
        for (name, given) in answers { #expect(given.count == 1 || scene.methods is LeakingMethods, "\(name): \(given.map(\.body))") }
    }

    // MARK: the wire

    @discardableResult
    private func post(_ method: String, _ body: [UInt8], _ token: [UInt8]?) async throws -> (status: Int, body: [UInt8]) {
        scene.clock.tick()
        let authorised = headers + (token.map { ["authorization: Bearer \(Base64URL.text($0))"] } ?? [])
        let answer = try await RawClient.post("/v1/\(method)", headers: authorised, body: body, port: scene.port)
        told.append(Told(what: "\(told.count) \(method)", request: body, head: answer.timelessHead, body: answer.body))
        let coding = try #require(ContentCoding(header: answer.header("content-encoding")))
        return (answer.status, try WireBody(bytes: answer.body, coding: coding).message())
    }
}
