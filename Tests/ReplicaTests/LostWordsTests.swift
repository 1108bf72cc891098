import BuntanProtocol
import ChangeLog
import Exchange
import Replica
import Storage
import Syncing
import Testing
import TestKit

@Suite("What an organisation said about itself, and its server has lost for good, is said again by whoever holds it")
struct LostWordsTests {
    private let sides: TwoSides
    private let second: Workspace
    private let laptop: Workspace
    private let organisation: OrganisationID

    init() throws {
        sides = try TwoSides()
        second = try sides.further(141)
        laptop = try sides.further(142)
        organisation = try sides.customer.store.read { try $0.identity().organisation }
        for workspace in [sides.customer, second, sides.provider] { try sides.sync(workspace) }
    }

    /// The organisation's devices as the server's copy of a log has them.
    private func devices() throws -> [DeviceID: EnrolledDevice] {
        try #require(try sides.store.read { try $0.standing(of: sides.engagement) }?.rights.chain(of: organisation)).devices
    }

    private func isRevoked(_ workspace: Workspace) throws -> Bool? {
        let device = try #require(workspace.keys).device
        return try devices()[device]?.isRevoked
    }

    /// The customer revokes the laptop, which the server hears and then loses.
    private func lostRevocation(enrolling: Bool = false) throws -> MemoryStore {
        let backup = sides.store.clone()
        try sides.customer.revoke(try #require(laptop.keys).device)
        if enrolling { try sides.customer.enrol(DeviceKeys(drawnBy: 150), as: "later") }
        try sides.sync(sides.customer)
        try #expect(isRevoked(laptop) == true)
        return backup
    }

    private func reopenAll() throws {
        for space in try sides.store.read({ try $0.spaces() }) {
            do { try sides.reopen(space) } catch ReopenFault.nothingLost { continue }
        }
    }

    private func expectSettled(_ workspaces: [Workspace]) throws {
        for workspace in workspaces {
            let report = try sides.sync(workspace)
            #expect(report.uncarried.isEmpty && report.denied.isEmpty && report.frozen.isEmpty && report.fellBack.isEmpty)
            #expect(try workspace.store.read { try $0.orphans(of: nil) }.isEmpty)
            #expect(try workspace.store.read { try workspace.hasSaidAll($0) })
        }
    }

    @Test("Where others said something else in its place, with the marks lost, too", arguments: [false, true])
    func overtaken(saysTwo: Bool) throws {
        let backup = try lostRevocation(enrolling: saysTwo)
        try sides.restart(on: backup, marks: MemoryMark())
        try reopenAll()
        try #expect(isRevoked(laptop) == false)
        try second.enrol(DeviceKeys(drawnBy: 151), as: "meanwhile")
        try sides.sync(second)
        for _ in 0..<2 { try sides.sync(sides.customer) }
        try #expect(isRevoked(laptop) == true)
        #expect(throws: SyncFault.self) { try sides.sync(laptop) }
        let devices = try devices()
        #expect(devices[DeviceKeys(drawnBy: 151).device] != nil && (devices[DeviceKeys(drawnBy: 150).device] != nil) == saysTwo)
        try expectSettled([sides.customer, second, sides.provider, sides.customer, second])
    }

    @Test("Where nobody has spoken since, from the first of them on")
    func lacking() throws {
        let backup = try lostRevocation(enrolling: true)
        try sides.restart(on: backup, marks: MemoryMark())
        try reopenAll()
        for _ in 0..<2 { try sides.sync(sides.customer) }
        try #expect(isRevoked(laptop) == true)
        try expectSettled([sides.customer, second, sides.provider])
    }

    @Test("No epoch begins without such words until their operator gives them up by name; then everybody goes on")
    func givenUp() throws {
        let backup = try lostRevocation()
        try sides.restart(on: backup)
        #expect(throws: ReopenFault.chainLost(organisation)) { try sides.reopen() }
        #expect(!sides.registrar.frozen.organisations.isEmpty)
        let lost = try backup.read { try sides.registrar.frozen.statements($0) }
        #expect(lost.map(\.organisation) == [organisation] && lost.map { $0.marked - $0.held } == [1])
        try backup.read { try sides.mark.giveUp(statementsOf: [organisation], $0) }
        try sides.restart(on: sides.store)
        #expect(sides.registrar.frozen.organisations.isEmpty)
        try reopenAll()
        try sides.comment("onward", as: sides.provider)
        #expect(try sides.sync(sides.provider).sentChanges == 1)
        // What comes after is marked as ever.
        try second.enrol(DeviceKeys(drawnBy: 151), as: "meanwhile")
        try sides.sync(second)
        #expect(sides.mark.chains()[organisation]?.number == lost[0].held + 1)
        for _ in 0..<2 { try sides.sync(sides.customer) }
        try #expect(isRevoked(laptop) == true)
        try expectSettled([sides.customer, second, sides.provider, sides.customer])
    }
}
