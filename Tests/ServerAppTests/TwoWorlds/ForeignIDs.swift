import BuntanProtocol
import ChangeLog
import Exchange
import Records
import Syncing
import TestKit

/// Ids that are another tenant's, or nobody's.
struct ForeignIDs: Sendable {
    let spaces: [SpaceID]
    let invitations: [InvitationID]
    let firms: [FoundedOrganisation]
    /// Records, and the changes that made them.
    let written: [(record: RecordID, change: ChangeID)]
    /// What nothing is.
    let isNobodys: Bool

    init(of tenant: WorldTenant) {
        spaces = tenant.services + tenant.engagements + (tenant.home.map { [$0] } ?? [])
        invitations = tenant.invitations
        firms = [tenant.provider, tenant.customer]
        written = Array(tenant.written.prefix(2))
        isNobodys = false
    }

    init(nobodys seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        spaces = [SpaceID(high: random.next(), low: random.next())]
        invitations = [InvitationID(high: random.next(), low: random.next())]
        firms = [try FoundedOrganisation(label: "nobody", time: 1, random: &random)]
        written = [(RecordID.timeOrdered(millis: 1, random: random.nonce()), ChangeID(high: random.next(), low: random.next()))]
        isNobodys = true
    }

    /// What somebody asks about each id, by every method that takes one: the answers to the requests of one name are to be the same
    /// whichever id they hold.
    ///
    /// `hello`, `wait` and `invitations` name nothing. An invitation's id is the code's own secret, which opens that invitation to
    /// whoever knows it, so `invitation` is not asked; what others must not know of a device is asked by `session`, and a nonce is
    /// another for each device.
    ///
    /// - Parameter own: A log of the tenant's own, whole: records and changes are named in it.
    func probes(
        by tenant: WorldTenant, within own: (space: SpaceID, base: Base)
    ) throws -> [(name: String, method: BuntanProtocol.Method, body: [UInt8])] {
        var probes: [(name: String, method: BuntanProtocol.Method, body: [UInt8])] = []
        func add(_ name: String, _ request: some Request) {
            let method = type(of: request).method
            probes.append(("\(method.rawValue) \(name)", method, request.encoded()))
        }
        var random = SeededRandom(seed: 5)
        let author = StatementAuthor(organisation: tenant.provider.organisation, key: tenant.provider.device.signing)
        let base = Base(epoch: 0, size: 3, root: SHA.digest([3]))
        for space in spaces {
            let draw = tenant.random
            let change = try tenant.change(in: space, by: tenant.provider, base: base)
            let founding = tenant.founding(
                on: space, tenant.invitation(to: space, seed: Nonce(high: 4, low: 4)), seed: Nonce(high: 4, low: 4))
            let brought = try tenant.ownSpace(.service, of: tenant.provider)
            // The same chance for each id.
            tenant.random = draw
            add("from nothing", PullRequest(space: space, epoch: 0, size: 0, root: SHA.empty))
            add("from somewhere", PullRequest(space: space, base: base, maxBytes: 10))
            add("of another epoch", PullRequest(space: space, epoch: 2, size: 3, root: base.root))
            add("one", PushRequest(space: space, changes: [change]))
            add("nothing", PushRequest(space: space, changes: [], held: base))
            for (name, act) in [
                ("policy", Statement.Act.policy(leastSchema: 2)), ("end", .endService),
                ("grant", .grantReader(tenant.provider.organisation, expires: WorldTenant.farAhead)),
                ("end of a grant", .endReader(tenant.customer.organisation)),
            ] { add(name, StatementRequest(statements: [author.sign(act, after: .start, about: space, time: 1)])) }
            add("size", ReplayRequest(space: space, from: 0, entries: [], note: ""))
            add("entries", ReplayRequest(space: space, from: 0, entries: brought.entries, note: brought.note))
            add("later entries", ReplayRequest(space: space, from: 1, entries: brought.entries, note: brought.note))
            let invitation = tenant.invitation(to: space, seed: Nonce(high: 6, low: 6))
            add("service", InviteRequest(invitation: invitation.bytes, signature: invitation.signature))
            add("service", founding)
            add("from nothing", SnapshotRequest(space: space, after: nil))
            add("states", DigestRequest(space: space))
            add("held", HeadsRequest(digest: SHA.empty, held: [HeldLog(space: space, base: base)]))
        }
        // The word that erases is taken whatever it names, and would make the log another one for whoever is asked next.
        for named in written {
            let draw = tenant.random
            let change = try tenant.change(in: own.space, by: tenant.provider, base: own.base, following: named)
            tenant.random = draw
            add("what another wrote", PushRequest(space: own.space, changes: [change]))
        }
        for invitation in invitations { add("id", RevokeInvitationRequest(id: invitation)) }
        for firm in firms {
            add(
                "unknown code",
                RegisterRequest(statements: firm.statements, rootKey: firm.root.publicKey, ticket: .admission(random.nonce())))
            add("no code", RegisterRequest(statements: firm.statements, rootKey: firm.root.publicKey, ticket: nil))
            let foreign = StatementAuthor(organisation: firm.organisation, key: firm.device.signing)
                .sign(.setCapabilities(device: firm.device.device, .read), after: firm.chain.head, time: 4)
            add("another's", StatementRequest(statements: [foreign]))
            let enrolment = StatementAuthor(organisation: tenant.provider.organisation, key: tenant.customer.device.signing)
                .sign(.revoke(device: firm.device.device, compromisedAfter: nil), after: .start, time: 4)
            add("about another's device", StatementRequest(statements: [enrolment]))
            let proof = SessionRequest(answering: SHA.digest([7]), of: tenant.identity.name, with: tenant.provider.device.signing)
            add("another's device", SessionRequest(device: firm.device.device, nonce: SHA.digest([7]), signature: proof.signature))
        }
        return probes
    }
}
