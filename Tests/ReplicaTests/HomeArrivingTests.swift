import BuntanProtocol
import ChangeLog
import Replica
import Storage
import Testing
import TestKit

@Suite("A device that has its organisation's own log in part")
struct HomeArrivingTests {
    @Test("Before the word that enrols it is here it begins nothing, and is told so; without the right it is told that")
    func enrolmentOnItsWay() throws {
        let sides = try TwoSides()
        sides.leavesPagesToPulls = true
        let keys = DeviceKeys(drawnBy: 120)
        try sides.provider.enrol(keys, as: "laptop")
        try sides.sync(sides.provider)
        let organisation = try sides.provider.store.read { try $0.identity().organisation }
        let store = MemoryStore(indexing: StateIndexing())
        try Workspace.enter(organisation: organisation, serverAddress: "https://sync.example", keys: keys, store: store)
        let laptop = Workspace(store: store, clock: sides.clock, random: sides.random, keys: keys)
        func begin() throws { _ = try laptop.addService(name: ["en": "Block Storage"], cells: [:]) }

        var inPart = 0
        var session = SyncSession(laptop)
        while let request = try session.next() {
            try session.take(try sides.honest(Self.shortened(request)))
            try laptop.settleIdentity()
            let isInPart = try store.read { reader in
                guard try reader.identity().home != nil else { return false }
                return try laptop.ownOrganisationChain(reader).devices[keys.device] == nil
            }
            guard isInPart else { continue }
            inPart += 1
            let spaces = try store.read { try $0.spaces() }
            #expect(throws: WorkspaceFault.homeNotArrived) { try begin() }
            #expect(try store.read { try $0.spaces() } == spaces)
        }
        #expect(inPart > 0)
        try begin()

        try sides.provider.set([.read, .write], of: keys.device)
        try sides.sync(sides.provider)
        try sides.sync(laptop)
        #expect(throws: Refusal(.noRight, "admin")) { try begin() }
    }

    /// Each page has one entry.
    private static func shortened(_ request: OutgoingRequest) throws -> OutgoingRequest {
        guard request.method == .pull else { return request }
        let pull = try PullRequest(decoding: request.body)
        let short = PullRequest(space: pull.space, epoch: pull.epoch, size: pull.size, root: pull.root, maxBytes: 1)
        return OutgoingRequest(method: .pull, body: short.encoded(), token: request.token)
    }
}
