import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Replica
import Storage
import Syncing
import Testing
import TestKit

@Suite("An auditor's replica")
struct AuditingTests {
    private static let day: Int64 = 86_400_000

    private struct Scene {
        let sides: TwoSides
        let auditor: Workspace
        let organisation: OrganisationID

        init(policy: Policy = Policy()) throws {
            sides = try TwoSides(policy: policy)
            auditor = try sides.stranger("Kensa Audit")
            organisation = try auditor.store.read { try $0.identity().organisation }
        }

        func engagement(_ workspace: Workspace) throws -> KnownEngagement? {
            try workspace.store.read { try StoreDirectory($0).engagements.first { $0.space == sides.engagement } }
        }

        func grant(by workspace: Workspace, days: Int64 = 30) throws {
            let engagement = try #require(try engagement(workspace))
            try workspace.letRead(organisation, engagement, until: sides.clock.now() + days * AuditingTests.day)
            try sides.sync(workspace)
        }

        func auditors(_ workspace: Workspace) throws -> [KnownAuditor] {
            let engagement = try #require(try engagement(workspace))
            return try workspace.store.read { try workspace.auditors(of: engagement, $0) }
        }
    }

    @Test("It holds what both parties say and hears what comes later, until its time ends; what it has read stays")
    func follows() throws {
        let scene = try Scene()
        let sides = scene.sides
        try sides.comment("from the provider", as: sides.provider)
        try sides.sync(sides.provider)
        try scene.grant(by: sides.customer)
        let first = try sides.sync(scene.auditor)
        #expect(Set(first.newSpaces) == [sides.engagement, sides.service.service])
        try sides.comment("from the customer", as: sides.customer)
        try sides.sync(sides.customer)
        try sides.sync(scene.auditor)
        #expect(try sides.comments(scene.auditor) == ["from the customer", "from the provider"])
        let known = try #require(try scene.engagement(scene.auditor))
        #expect(known.side == nil && known.audit?.isFollowed == true && known.end == nil)
        #expect(
            try Set(known.others.map(\.organisation))
                == Set([sides.provider, sides.customer].map { try $0.store.read { try $0.identity().organisation } }))
        #expect(try scene.auditor.store.read { try scene.auditor.uncarriedChains($0) }.isEmpty)

        sides.clock.advance(by: 30 * Self.day)
        try sides.comment("unheard", as: sides.customer)
        try sides.sync(sides.customer)
        let last = try sides.sync(scene.auditor)
        #expect(last.unfollowed == [sides.engagement] && last.frozen.isEmpty && last.unreachable.isEmpty)
        #expect(try scene.engagement(scene.auditor)?.audit?.isFollowed == false)
        #expect(try sides.comments(scene.auditor) == ["from the customer", "from the provider"])
        // Whoever waits is not answered at once for ever: what is not followed is not asked about.
        #expect(
            try scene.auditor.store.read { try scene.auditor.hostedHeads($0) }.allSatisfy {
                $0.space != sides.engagement && $0.space != sides.service.service
            })
        #expect(try sides.sync(scene.auditor).unfollowed.isEmpty)

        // Let in again, it goes on from where it was.
        try scene.grant(by: sides.provider)
        let again = try sides.sync(scene.auditor)
        #expect(try scene.engagement(scene.auditor)?.audit?.isFollowed == true && again.newSpaces.isEmpty)
        #expect(try sides.comments(scene.auditor) == ["from the customer", "from the provider", "unheard"])
    }

    @Test("It writes nothing in what it reads, and is told so before anything is signed")
    func writesNothing() throws {
        let scene = try Scene()
        try scene.grant(by: scene.sides.provider)
        try scene.sides.sync(scene.auditor)
        let sides = scene.sides
        #expect(throws: WorkspaceFault.readsOnly(sides.engagement)) { try sides.comment("mine", as: scene.auditor) }
        let row = RecordDraft(space: sides.service.service, kind: "cloud-service", key: [], cells: [CellKey("name", "en"): .text("x")])
        #expect(throws: WorkspaceFault.readsOnly(sides.service.service)) {
            try scene.auditor.commit([row], in: sides.service.service)
        }
        let known = try #require(try scene.engagement(scene.auditor))
        #expect(throws: WorkspaceFault.readsOnly(sides.engagement)) { try scene.auditor.end(known, on: "2030-01-01", reason: nil) }
        #expect(throws: AuditFault.noRight) { try scene.auditor.letRead(OrganisationID(high: 1, low: 1), known, until: .max) }
        #expect(try scene.auditor.store.read { try $0.outboxCount() } == 0)
    }

    @Test("Both parties see who may read until when, and whose word is missing")
    func seen() throws {
        let scene = try Scene(policy: Policy(auditNeedsBoth: true))
        let sides = scene.sides
        try scene.grant(by: sides.provider, days: 30)
        try sides.sync(sides.customer)
        for workspace in [sides.provider, sides.customer] {
            let auditor = try #require(try scene.auditors(workspace).first)
            #expect(auditor.needsBoth && auditor.until == nil && auditor.missing == .customer && auditor.grants.map(\.side) == [.provider])
        }
        try sides.sync(scene.auditor)
        #expect(try scene.engagement(scene.auditor) == nil)
        try scene.grant(by: sides.customer, days: 10)
        try sides.sync(sides.provider)
        let end = sides.clock.now() + 10 * Self.day
        for workspace in [sides.provider, sides.customer] {
            #expect(try scene.auditors(workspace).map(\.until) == [end] && scene.auditors(workspace)[0].missing == nil)
        }
        try sides.sync(scene.auditor)
        #expect(try scene.engagement(scene.auditor)?.audit?.until == end)
        // Each takes back its own word alone.
        let known = try #require(try scene.engagement(sides.customer))
        try sides.customer.endReading(scene.organisation, of: known)
        try sides.sync(sides.customer)
        #expect(throws: AuditFault.notGranted(by: .provider)) { try sides.customer.endReading(scene.organisation, of: known) }
        #expect(try scene.auditors(sides.customer).map(\.missing) == [.customer])
        #expect(try sides.sync(scene.auditor).unfollowed == [sides.engagement])
    }

    @Test(
        "An engagement of others that does not let it read is refused, with proof: its server shows what it must not",
        arguments: [true, false])
    func notForIt(leavesPagesToPulls: Bool) throws {
        let scene = try Scene()
        let sides = scene.sides
        sides.leavesPagesToPulls = leavesPagesToPulls
        try sides.store.write { try $0.grantReading(sides.engagement, to: scene.organisation) }
        let report = try sides.sync(scene.auditor)
        #expect(report.frozen.map(\.0) == [sides.engagement] && report.frozen.map(\.1) == [.notForThisReader(space: sides.engagement)])
        #expect(try sides.standing(sides.engagement, scene.auditor) == nil)
        #expect(try scene.engagement(scene.auditor) == nil)
    }

    @Test("A grant that the server's clock refuses is told, and not kept")
    func refused() throws {
        let scene = try Scene()
        let known = try #require(try scene.engagement(scene.sides.provider))
        try scene.sides.provider.letRead(scene.organisation, known, until: scene.sides.clock.now() + 1)
        #expect(try scene.auditors(scene.sides.provider).flatMap(\.grants).map(\.isPending) == [true])
        scene.sides.clock.advance(by: 10)
        let report = try scene.sides.sync(scene.sides.provider)
        #expect(report.rejected.map(\.detail) == ["expires"])
        #expect(try scene.auditors(scene.sides.provider).isEmpty)
        #expect(throws: AuditFault.isParty) { try scene.sides.provider.letRead(known.counterpart, known, until: .max) }
    }
}
