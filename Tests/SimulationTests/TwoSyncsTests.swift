import BuntanProtocol
import Merging
import Records
import Replica
import Simulation
import Storage
import Syncing
import Testing

@Suite("Two ways into one store at once")
struct TwoSyncsTests {
    /// A customer whose server holds a release that has not come to it.
    private static func behind() throws -> (world: World, provider: Workspace, customer: Workspace, service: SpaceID) {
        let world = World(seed: 3)
        let provider = try world.found("Example Cloud K.K.")
        let service = try provider.addService(name: ["en": "Object Storage"], cells: [:])
        let customer = try world.found("Kaisha K.K.")
        try world.engage(provider, service, customer)
        let row = RecordDraft(
            space: service.draft, kind: "responsibility", key: RowKey(framework: "iso27017-2015", controlId: "9.2.1").fields,
            cells: [CellKey("allocation"): .text("shared")])
        _ = try provider.commit([row], in: service.draft)
        _ = try provider.publish(service, label: "1", message: nil)
        try world.sync(provider)
        return (world, provider, customer, service.service)
    }

    private static func base(_ workspace: Workspace, _ space: SpaceID) throws -> Base? {
        try workspace.store.read { try $0.standing(of: space)?.base }
    }

    @Test(
        "An answer that comes when another sync of the store, or a file, has filed as much, freezes nothing and is taken once",
        arguments: [true, false])
    func staleAnswer(isFile: Bool) throws {
        let (world, provider, customer, service) = try Self.behind()
        let organisation = try customer.store.read { try $0.identity().organisation }
        var late = SyncSession(customer)
        var hasCome = false
        while let request = try late.next() {
            let reply = try world.answer(request)
            if request.method == .heads {
                if isFile { _ = try customer.apply(provider.bundle(for: organisation).bundle) } else { try world.sync(customer) }
                hasCome = true
            }
            try late.take(reply)
        }
        #expect(hasCome && late.report.frozen.isEmpty)
        #expect(try customer.store.read { try $0.frozenSpaces() }.isEmpty)
        #expect(try Self.base(customer, service) == Self.base(provider, service))
        #expect(try world.sync(customer).arrived.values.allSatisfy { $0 == 0 })
    }

    @Test("An empty page, from when the server held no more, says nothing of what another sync has brought since")
    func emptyAnswer() throws {
        let (world, provider, customer, service) = try Self.behind()
        let note = try #require(try customer.store.read { try $0.checkpoint(of: service) })
        var late = SyncSession(customer)
        var isLate = false
        while let request = try late.next() {
            var reply = try world.answer(request)
            if request.method == .heads, case .answer(let bytes) = reply {
                reply = .answer(HeadsAnswer(heads: try HeadsAnswer(decoding: bytes).heads).encoded())
            }
            if try request.method == .pull && !isLate && PullRequest(decoding: request.body).space == service {
                try world.sync(customer)
                isLate = true
                reply = .answer(LogPage(entries: [], note: note, more: false).encoded())
            }
            try late.take(reply)
        }
        #expect(isLate && late.report.frozen.isEmpty)
        #expect(try Self.base(customer, service) == Self.base(provider, service))
    }

    @Test("A file that brings what a sync has brought since, and one that is applied beside it, leave one log")
    func fileAfterSync() throws {
        let (world, provider, customer, service) = try Self.behind()
        let organisation = try customer.store.read { try $0.identity().organisation }
        let early = try provider.bundle(for: organisation).bundle
        try world.sync(customer)
        let outcome = try customer.apply(early)
        #expect(outcome.reached.allSatisfy { $0.from == $0.to } && outcome.missing.isEmpty && outcome.kept == 0)
        #expect(try Self.base(customer, service) == Self.base(provider, service))
    }
}
