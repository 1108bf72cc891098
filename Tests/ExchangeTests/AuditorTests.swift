import BuntanProtocol
import ChangeLog
import Exchange
import Storage
import Syncing
import Testing
import TestKit

@Suite("Auditors, at a server")
struct AuditorTests {
    private static let day: Int64 = 86_400_000

    /// A provider with two customers on one service, and an auditor who has nothing to do with any of them yet.
    struct Scene {
        let bench = Bench()
        let provider: Firm
        let customer: Firm
        let other: Firm
        let auditor: Firm
        let service: SpaceID
        let engagement: SpaceID
        let others: SpaceID

        init(policy: Policy = Policy()) throws {
            (provider, customer) = (try bench.firm(1), try bench.firm(2))
            (other, auditor) = (try bench.firm(3), try bench.firm(4))
            service = try bench.service(of: provider).space
            engagement = try bench.engaged(provider, customer, on: service, policy: policy)
            others = try bench.engaged(provider, other, on: service, seed: Nonce(high: 9, low: 9))
        }

        func statement(_ act: Statement.Act, by firm: Firm, about space: SpaceID? = nil) throws -> SignedBytes {
            let space = space ?? engagement
            let head = try bench.standing(space).rights.head(ofOwnChain: firm.id)
            return StatementAuthor(organisation: firm.id, key: firm.admin.signing).sign(act, after: head, about: space, time: bench.now)
        }

        @discardableResult
        func say(_ act: Statement.Act, by firm: Firm, about space: SpaceID? = nil) throws -> Verdict {
            let request = StatementRequest(statements: [try statement(act, by: firm, about: space)])
            return try #require(try bench.call(request, as: firm.admin).get().verdicts.first)
        }

        func grant(by firm: Firm, days: Int64 = 30) throws -> Verdict {
            try say(.grantReader(auditor.id, expires: bench.now + days * AuditorTests.day), by: firm)
        }

        /// What the auditor is told of.
        func list() throws -> Set<SpaceID> { Set(try bench.heads(auditor.admin).map(\.space)) }

        func isHidden() throws -> Bool {
            try list().isEmpty
                && [engagement, service].allSatisfy { refusal(try bench.pull($0, as: auditor.admin)) == Refusal(.notFound) }
        }

        var differences: Set<Reading> {
            get throws { try bench.store.read { try Readership.differences($0, besides: []) } }
        }
    }

    @Test("While one side's grant lasts, an auditor reads that engagement and its service, and nothing else; before and after, nothing")
    func reads() throws {
        for granting in [\Scene.provider, \.customer] {
            let scene = try Scene()
            let bench = scene.bench
            #expect(try scene.isHidden())
            guard case .accepted = try scene.grant(by: scene[keyPath: granting]) else { throw Refusal(.invalid) }
            #expect(try scene.list() == [scene.engagement, scene.service])
            for space in [scene.engagement, scene.service] {
                let (theirs, owners) = (
                    try bench.pull(space, as: scene.auditor.admin).get(), try bench.pull(space, as: scene.provider.admin).get()
                )
                #expect(theirs.entries == owners.entries)
            }
            #expect(refusal(try bench.pull(scene.others, as: scene.auditor.admin)) == Refusal(.notFound))
            #expect(try scene.differences.isEmpty)
            // The server's clock has the last word, to the millisecond.
            bench.now += 30 * Self.day - 1
            bench.forgetTokens()
            #expect(try scene.list() == [scene.engagement, scene.service])
            bench.now += 1
            #expect(try scene.isHidden())
            #expect(try scene.differences.isEmpty)
        }
    }

    @Test("An end takes the auditor's reading away at once, and only whoever has granted can end it")
    func ends() throws {
        let scene = try Scene()
        _ = try scene.grant(by: scene.provider)
        #expect(try scene.say(.endReader(scene.auditor.id), by: scene.customer) == .refused(.invalid, detail: "reader"))
        #expect(try !scene.list().isEmpty)
        _ = try scene.say(.endReader(scene.auditor.id), by: scene.provider)
        #expect(try scene.isHidden())
        // Two grants are two words: the one that is left holds.
        _ = try scene.grant(by: scene.provider)
        _ = try scene.grant(by: scene.customer)
        _ = try scene.say(.endReader(scene.auditor.id), by: scene.provider)
        #expect(try scene.list() == [scene.engagement, scene.service])
        #expect(try scene.differences.isEmpty)
    }

    @Test("A grant that is given again holds until the day that was named last, sooner or later")
    func renewed() throws {
        let scene = try Scene()
        _ = try scene.grant(by: scene.provider, days: 30)
        _ = try scene.grant(by: scene.provider, days: 2)
        scene.bench.now += 2 * Self.day
        scene.bench.forgetTokens()
        #expect(try scene.isHidden())
        _ = try scene.grant(by: scene.provider, days: 400)
        #expect(try scene.list() == [scene.engagement, scene.service])
    }

    @Test("Where the policy wants both sides' grants one opens nothing, and both open what both have granted")
    func both() throws {
        let scene = try Scene(policy: Policy(auditNeedsBoth: true))
        _ = try scene.grant(by: scene.provider, days: 30)
        #expect(try scene.isHidden())
        _ = try scene.grant(by: scene.customer, days: 10)
        #expect(try scene.list() == [scene.engagement, scene.service])
        scene.bench.now += 10 * Self.day
        scene.bench.forgetTokens()
        #expect(try scene.isHidden())
        _ = try scene.grant(by: scene.customer, days: 10)
        _ = try scene.say(.endReader(scene.auditor.id), by: scene.provider)
        #expect(try scene.isHidden())
    }

    @Test("A grant ends in the future and at most 400 days ahead by the server's clock, whatever its author's says")
    func limits() throws {
        let scene = try Scene()
        let refused = Verdict.refused(.invalid, detail: "expires")
        let most = SpaceRights.mostGrantMillis
        let now = scene.bench.now
        func say(_ expires: Int64, at time: Int64) throws -> Verdict {
            let head = try scene.bench.standing(scene.engagement).rights.head(ofOwnChain: scene.provider.id)
            let statement = StatementAuthor(organisation: scene.provider.id, key: scene.provider.admin.signing)
                .sign(.grantReader(scene.auditor.id, expires: expires), after: head, about: scene.engagement, time: time)
            let request = StatementRequest(statements: [statement])
            return try #require(try scene.bench.call(request, as: scene.provider.admin).get().verdicts.first)
        }
        #expect(try say(now, at: now - Self.day) == refused)
        #expect(try say(now - 1, at: now - Self.day) == refused)
        #expect(try say(now + most + 1, at: now + Self.day) == refused)
        #expect(try say(now + most, at: now - 1) == refused)
        #expect(try scene.isHidden())
        guard case .accepted = try say(now + most, at: now) else { throw Refusal(.invalid) }
        #expect(try !scene.list().isEmpty)
        // A second copy of the statement is a duplicate even when its day has passed.
        let said = try #require(
            try scene.bench.store.read { try $0.entries(of: scene.engagement, from: 0, maxBytes: .max) }.last.map {
                try Entry(decoding: $0.bytes)
            })
        scene.bench.now += most
        scene.bench.forgetTokens()
        let again = StatementRequest(statements: [SignedBytes(bytes: said.content, signature: try #require(said.signature))])
        guard case .duplicate = try scene.bench.call(again, as: scene.provider.admin).get().verdicts.first else { throw Refusal(.invalid) }
        #expect(try scene.isHidden())
    }

    @Test("Only an admin of a party grants, in an engagement's log, and never to a party")
    func whoGrants() throws {
        let scene = try Scene()
        let bench = scene.bench
        let expires = bench.now + Self.day
        #expect(
            try scene.say(.grantReader(scene.customer.id, expires: expires), by: scene.provider) == .refused(.invalid, detail: "reader"))
        #expect(
            try scene.say(.grantReader(scene.auditor.id, expires: expires), by: scene.provider, about: scene.service)
                == .refused(.invalid, detail: "reader"))
        // A device that may write and not speak for its organisation.
        var provider = scene.provider
        let second = try provider.enrol([.read, .write])
        _ = try bench.call(StatementRequest(statements: [second.statement]), as: provider.admin).get()
        let head = try bench.standing(scene.engagement).rights.head(ofOwnChain: provider.id)
        let statement = StatementAuthor(organisation: provider.id, key: second.keys.signing)
            .sign(.grantReader(scene.auditor.id, expires: expires), after: head, about: scene.engagement, time: bench.now)
        #expect(
            try bench.call(StatementRequest(statements: [statement]), as: provider.admin).get().verdicts
                == [.refused(.noRight, detail: "admin")])
        // Nobody says anything in an engagement that is not theirs, nor learns that it is there.
        #expect(try scene.say(.grantReader(scene.auditor.id, expires: expires), by: scene.other) == .refused(.notFound, detail: nil))
        #expect(try scene.isHidden())
    }

    @Test("An auditor pushes nothing and says nothing: it may read, so it is told that it has no right")
    func writesNothing() throws {
        let scene = try Scene()
        let bench = scene.bench
        let auditor = scene.auditor
        _ = try scene.grant(by: scene.customer)
        let before = try [scene.engagement, scene.service].map { MarkedPlace(try bench.standing($0)) }
        let own = try bench.change(in: scene.engagement, by: auditor.admin.signing, "an opinion")
        // Nor does it carry what others have made and not sent.
        let carried = try bench.change(in: scene.engagement, by: scene.customer.admin.signing, "not yet said")
        for changes in [[], [own], [carried]] {
            let answer = refusal(try bench.call(PushRequest(space: scene.engagement, changes: changes), as: auditor.admin))
            #expect(answer == (changes.isEmpty ? nil : Refusal(.noRight)))
        }
        let published = try bench.change(in: scene.service, by: auditor.admin.signing, "a row")
        #expect(
            try bench.call(PushRequest(space: scene.service, changes: [published]), as: auditor.admin).get().verdicts
                == [.refused(.noRight, detail: nil)])
        for act in [Statement.Act.grantReader(scene.other.id, expires: bench.now + 1), .endReader(auditor.id), .policy(leastSchema: 2)] {
            for space in [scene.engagement, scene.service] {
                #expect(try scene.say(act, by: auditor, about: space) == .refused(.noRight, detail: "organisation"))
            }
        }
        let invitation = bench.invitation(to: scene.service, of: auditor, seed: Nonce(high: 3, low: 3))
        #expect(
            refusal(try bench.call(InviteRequest(invitation: invitation.bytes, signature: invitation.signature), as: auditor.admin))
                == Refusal(.notFound))
        let entries = try bench.store.read { try $0.entries(of: scene.engagement, from: 0, maxBytes: .max) }
        let page = ReplayRequest(
            space: scene.engagement, from: 0, entries: entries.map { CarriedEntry(entry: $0.bytes, payload: $0.payload) }, note: "")
        #expect(refusal(try bench.call(page, as: auditor.admin)) == Refusal(.notFound))
        #expect(try [scene.engagement, scene.service].map { MarkedPlace(try bench.standing($0)) } == before)
    }

    @Test("Nobody can tell from a grant whether the auditor is known here; one that registers later reads from then on")
    func unknown() throws {
        let scene = try Scene()
        let late = try Firm(77)
        let expires = scene.bench.now + Self.day
        guard case .accepted = try scene.say(.grantReader(late.id, expires: expires), by: scene.provider) else { throw Refusal(.invalid) }
        _ = try scene.bench.call(late.registering()).get()
        #expect(try Set(scene.bench.heads(late.admin).map(\.space)) == [scene.engagement, scene.service])
    }

    @Test("An auditor reads a service through any engagement that lets it, and no longer than the last of them")
    func severalEngagements() throws {
        let scene = try Scene()
        _ = try scene.grant(by: scene.customer, days: 10)
        _ = try scene.say(.grantReader(scene.auditor.id, expires: scene.bench.now + 20 * Self.day), by: scene.other, about: scene.others)
        #expect(try scene.list() == [scene.engagement, scene.service, scene.others])
        _ = try scene.say(.endReader(scene.auditor.id), by: scene.other, about: scene.others)
        #expect(try scene.list() == [scene.engagement, scene.service])
        #expect(try scene.differences.isEmpty)
        // A customer of the service whom another engagement lets read, too, stays a customer.
        _ = try scene.say(.grantReader(scene.other.id, expires: scene.bench.now + Self.day), by: scene.customer)
        scene.bench.now += Self.day
        scene.bench.forgetTokens()
        #expect(try Set(scene.bench.heads(scene.other.admin).map(\.space)) == [scene.service, scene.others])
        _ = try scene.say(.endReader(scene.other.id), by: scene.customer)
        #expect(try Set(scene.bench.heads(scene.other.admin).map(\.space)) == [scene.service, scene.others])
        #expect(try scene.differences.isEmpty)
    }

    @Test("Where the provider has closed its service to the customer, an auditor reads the engagement alone")
    func closedService() throws {
        let scene = try Scene()
        _ = try scene.grant(by: scene.provider)
        _ = try scene.say(.endService, by: scene.provider)
        #expect(try scene.list() == [scene.engagement])
        #expect(refusal(try scene.bench.pull(scene.service, as: scene.auditor.admin)) == Refusal(.notFound))
        #expect(try scene.differences.isEmpty)
        // A former customer lets nobody in to what it may no longer read itself.
        _ = try scene.say(.grantReader(scene.other.id, expires: scene.bench.now + Self.day), by: scene.customer)
        #expect(try scene.differences.isEmpty)
    }

    @Test("Readings that an auditor was given by others take no room from its own")
    func room() throws {
        let scene = try Scene()
        _ = try scene.grant(by: scene.provider)
        scene.bench.policy = RegistrarPolicy(isOpen: true, organisationSpaces: 1)
        let own = try scene.bench.ownSpace(of: scene.auditor)
        try scene.bench.hand(over: own, as: scene.auditor.admin)
        #expect(try scene.list() == [scene.engagement, scene.service, own.space])
    }

    @Test("What is kept of readings and the logs do not give is found, either way round")
    func rebuilt() throws {
        let scene = try Scene()
        _ = try scene.grant(by: scene.provider)
        #expect(try scene.differences.isEmpty)
        let end = scene.bench.now + 30 * Self.day
        let (engagement, service, auditor) = (scene.engagement, scene.service, scene.auditor.id)
        try scene.bench.store.write { try $0.endReading(engagement, by: auditor) }
        #expect(try scene.differences == [Reading(space: engagement, organisation: auditor, end: end)])
        try scene.bench.store.write { try $0.grantReading(engagement, to: auditor, until: end + 1) }
        #expect(try scene.differences.count == 2)
        try scene.bench.store.write {
            try $0.grantReading(engagement, to: auditor, until: end)
            try $0.grantReading(service, to: OrganisationID(high: 5, low: 5))
        }
        #expect(try scene.differences == [Reading(space: service, organisation: OrganisationID(high: 5, low: 5), end: Reading.forGood)])
    }
}
