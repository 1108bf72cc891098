import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Replica
import Storage
import Syncing
import Testing
import TestKit

@Suite("An organisation's own word, on its way into every log")
struct ChainTests {
    /// A second device of the customer's, which may speak for it.
    private func second(_ sides: TwoSides) throws -> Workspace {
        let keys = DeviceKeys(drawnBy: 71)
        try enrol(keys, by: sides.customer)
        try sides.sync(sides.customer)
        let store = MemoryStore(indexing: StateIndexing())
        let organisation = try sides.customer.store.read { try $0.identity().organisation }
        try Workspace.enter(organisation: organisation, serverAddress: "https://sync.example", keys: keys, store: store)
        let workspace = Workspace(store: store, clock: sides.clock, random: sides.random, keys: keys)
        try sides.sync(workspace)
        try workspace.settleIdentity()
        try sides.sync(workspace)
        return workspace
    }

    private func enrol(_ keys: DeviceKeys, by workspace: Workspace) throws {
        try workspace.enrol(keys, as: "laptop")
    }

    private func enrolStranger(_ seed: UInt64, by workspace: Workspace) throws -> DeviceID {
        let keys = DeviceKeys(drawnBy: seed)
        try enrol(keys, by: workspace)
        return keys.device
    }

    private func carried(_ sides: TwoSides, in space: SpaceID) throws -> Int? {
        let organisation = try sides.customer.store.read { try $0.identity().organisation }
        return try sides.standing(space, sides.customer)?.rights.chain(of: organisation)?.head.number
    }

    // MARK: every log carries the latest statement

    @Test("A log that a server keeps the last statement out of is told of, until the server puts it there")
    func withheld() throws {
        let sides = try TwoSides()
        let organisation = try sides.customer.store.read { try $0.identity().organisation }
        sides.intercept = { [unowned sides] request in
            guard request.method == .statement else { return nil }
            try sides.store.write { try $0.endReading(sides.engagement, by: organisation) }
            let reply = try sides.honest(request)
            try sides.store.write { try $0.grantReading(sides.engagement, to: organisation) }
            return reply
        }
        _ = try enrolStranger(7, by: sides.customer)
        for _ in 0..<3 {
            let report = try sides.sync(sides.customer)
            #expect(report.uncarried == [UncarriedChain(space: sides.engagement, held: 2, known: 3)])
        }
        #expect(try sides.customer.store.read { try sides.customer.uncarriedChains($0) }.map(\.space) == [sides.engagement])

        // It is said again at each sync, and a server that listens puts it where it is lacking.
        sides.intercept = { _ in nil }
        #expect(try sides.sync(sides.customer).uncarried.isEmpty)
        #expect(try carried(sides, in: sides.engagement) == 3)
        let asked = sides.asked.count
        #expect(try sides.sync(sides.customer).uncarried.isEmpty)
        #expect(!sides.asked[asked...].contains { $0.method == .statement })
    }

    @Test("An honest server carries it everywhere in the same sync, and nothing is told")
    func honest() throws {
        let sides = try TwoSides()
        _ = try enrolStranger(7, by: sides.customer)
        let report = try sides.sync(sides.customer)
        #expect(report.uncarried.isEmpty)
        #expect(try carried(sides, in: sides.engagement) == 3)
        #expect(try sides.sync(sides.provider).uncarried.isEmpty)
    }

    @Test("A statement of another device that comes between two pulls is no lie", arguments: 0..<4)
    func between(pull: Int) throws {
        let sides = try TwoSides()
        let laptop = try second(sides)
        try sides.comment("one", as: sides.provider)
        try sides.sync(sides.provider)
        try sides.comment("two", as: sides.customer)
        var pulls = 0
        sides.leavesPagesToPulls = true
        sides.intercept = { [unowned sides] request in
            guard request.method == .pull else { return nil }
            pulls += 1
            guard pulls == pull + 1 else { return nil }
            let outer = sides.intercept
            sides.intercept = { _ in nil }
            _ = try enrolStranger(UInt64(90 + pull), by: laptop)
            try sides.sync(laptop)
            sides.intercept = outer
            return nil
        }
        #expect(try sides.sync(sides.customer).uncarried.isEmpty)
        sides.intercept = { _ in nil }
        #expect(try sides.sync(sides.customer).uncarried.isEmpty)
        #expect(try sides.sync(laptop).uncarried.isEmpty)
    }

    // MARK: two devices speak at once

    @Test("A statement that is overtaken in the same sync again and again waits for the next one, and arrives")
    func overtakenTwice() throws {
        let sides = try TwoSides()
        let laptop = try second(sides)
        let device = try enrolStranger(21, by: sides.customer)
        var said = 0
        sides.intercept = { [unowned sides] request in
            guard request.method == .statement, said < 2 else { return nil }
            said += 1
            let outer = sides.intercept
            sides.intercept = { _ in nil }
            _ = try enrolStranger(UInt64(30 + said), by: laptop)
            try sides.sync(laptop)
            sides.intercept = outer
            return nil
        }
        // Twice another device's words come first; that is nothing a person could do anything about.
        try sides.sync(sides.customer)
        #expect(said == 2)
        sides.intercept = { _ in nil }
        try sides.sync(sides.customer)
        let organisation = try sides.customer.store.read { try $0.identity().organisation }
        let chain = try #require(try sides.standing(sides.engagement, sides.customer)?.rights.chain(of: organisation))
        #expect(chain.devices[device] != nil && chain.devices.count == 5)
    }

    @Test("A revocation that may not be said again is kept until somebody has been told, and none that is said already")
    func unsaid() throws {
        let sides = try TwoSides()
        let laptop = try second(sides)
        let own = try #require(sides.customer.keys).device
        let devices = try [81, 82].map { try enrolStranger($0, by: sides.customer) }
        for workspace in [sides.customer, laptop] { try sides.sync(workspace) }
        for device in devices { try sides.customer.revoke(device) }
        // The other admin revokes one of the two, and takes the right to speak from the device that has said so of both.
        try laptop.revoke(devices[0])
        try laptop.set([.read, .write], of: own)
        try sides.sync(laptop)
        let lost = [Statement.Act.revoke(device: devices[1], compromisedAfter: nil)]
        for _ in 0..<2 { #expect(try sides.sync(sides.customer).unsaid == lost) }
        try sides.customer.store.write { try sides.customer.forgetUnsaid($0) }
        #expect(try sides.sync(sides.customer).unsaid.isEmpty)
    }

    @Test("What the device may say again after another's words is said again, and is not told of")
    func saidAgain() throws {
        let sides = try TwoSides()
        let laptop = try second(sides)
        let device = try enrolStranger(83, by: sides.customer)
        for workspace in [sides.customer, laptop] { try sides.sync(workspace) }
        try sides.customer.revoke(device)
        _ = try enrolStranger(84, by: laptop)
        try sides.sync(laptop)
        #expect(try sides.sync(sides.customer).unsaid.isEmpty)
        #expect(try sides.customer.store.read { try sides.customer.ownOrganisationChain($0) }.devices[device]?.isRevoked == true)
    }

    // MARK: signing in

    /// Moves the clock on between a challenge and its answer, so often.
    private func spoil(_ times: Int, _ sides: TwoSides) {
        var spoilt = 0
        sides.intercept = { [unowned sides] request in
            if request.method == .session, spoilt < times {
                spoilt += 1
                sides.clock.advance(by: 61_000)
            }
            return nil
        }
    }

    @Test("A challenge that a jump of the clock has spoilt is asked for again, and the sync goes on")
    func spoiltChallenge() throws {
        let sides = try TwoSides()
        try sides.comment("unsent", as: sides.customer)
        sides.clock.advance(by: 3_600_000)
        spoil(1, sides)
        let report = try sides.sync(sides.customer)
        #expect(report.sentChanges == 1)
        #expect(sides.asked.prefix(4).map(\.method) == [.challenge, .session, .challenge, .session])
    }

    @Test("One that is spoilt each time ends the sync after three, and one more with the chain shown; what waits goes on waiting")
    func alwaysSpoilt() throws {
        let sides = try TwoSides()
        try sides.comment("unsent", as: sides.customer)
        sides.clock.advance(by: 3_600_000)
        spoil(.max, sides)
        #expect(throws: SyncFault.disowned) { try sides.sync(sides.customer) }
        #expect(sides.asked.count { $0.method == .session } == 4)
        #expect(sides.asked.count { $0.method == .register } == 1)
        #expect(try sides.customer.store.read { try $0.outboxCount() } == 1)
        sides.intercept = { _ in nil }
        #expect(try sides.sync(sides.customer).sentChanges == 1)
    }
}
