import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Replica
import Storage
import Syncing
import Testing
import TestKit

@Suite("Keys of a sealed space that somebody lacks, or that its log has lost")
struct KeyLossTests {
    private let sides: TwoSides
    private let home: SpaceID
    private let lost: Workspace
    private let row = RecordID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0001)

    init() throws {
        sides = try TwoSides()
        home = try #require(try sides.customer.store.read { try $0.identity().home })
        lost = try sides.further(101)
        try sides.sync(sides.customer)
    }

    private func note(_ text: String, _ workspace: Workspace) throws {
        _ = try workspace.commit([workspace.note(on: row, text: text)], in: home)
    }

    private func notes(_ workspace: Workspace) throws -> [String] {
        try workspace.store.read { reader in
            try reader.records(of: "annotation", in: home, after: nil, limit: .max).compactMap { $0.shown.text("text") }.sorted()
        }
    }

    private func keyEpochs(_ workspace: Workspace) throws -> [Int] { try sides.standing(home, workspace)?.rights.keyEpochs ?? [] }

    private static func saysOfSpace(_ request: OutgoingRequest) throws -> Bool {
        try request.method == .statement
            && StatementRequest(decoding: request.body).statements.contains { try Statement(decoding: $0.bytes).space != nil }
    }

    /// The key epochs of the changes that the server's log holds, in their order.
    private func sealedWith() throws -> [Int] {
        try sides.store.read { reader in
            try reader.entries(of: home, from: 0, maxBytes: .max).compactMap { stored in
                let entry = try Entry(decoding: stored.bytes).unwrapped()
                return entry.kind == .change ? try Change(decoding: entry.content).sealed?.keyEpoch : nil
            }
        }
    }

    private func expectAlike(_ workspaces: [Workspace], _ texts: [String]) throws {
        for _ in 0..<2 { for workspace in workspaces { try sides.sync(workspace) } }
        for workspace in workspaces {
            try #expect(notes(workspace) == texts)
            #expect(try workspace.store.read { try $0.outbox(of: home).isEmpty && !$0.isFrozen(home) })
            #expect(try workspace.proveRecords(repairing: false).isEmpty)
        }
        let states = try workspaces.map { workspace in
            try workspace.store.read { reader in
                try reader.records(of: "annotation", in: home, after: nil, limit: .max).map { [$0.id.bytes, $0.shown.encoded()] }
            }
        }
        #expect(states.allSatisfy { $0 == states[0] })
        let keys = try workspaces.map { workspace in
            try workspace.store.read { try $0.spaceKeys(of: [home]).all(of: home).map { [$0.secret] } }
        }
        #expect(keys.allSatisfy { $0 == keys[0] })
    }

    // MARK: a device without the key

    /// An admin that was enrolled without the right to read, and has it now, and the key not yet.
    private func keyless(_ seed: UInt64) throws -> Workspace {
        let keys = DeviceKeys(drawnBy: seed)
        let organisation = try sides.customer.store.read { try $0.identity().organisation }
        try sides.customer.enrol(keys, as: "admin", [.write, .admin])
        try sides.sync(sides.customer)
        let store = MemoryStore(indexing: StateIndexing())
        try Workspace.enter(organisation: organisation, serverAddress: "https://sync.example", keys: keys, store: store)
        let admin = Workspace(store: store, clock: sides.clock, random: sides.random, keys: keys)
        try sides.customer.set(.all, of: keys.device)
        sides.intercept = { try Self.saysOfSpace($0) ? .error(ErrorAnswer(.unavailable)) : nil }
        #expect(throws: (any Error).self) { try sides.sync(sides.customer) }
        sides.intercept = { _ in nil }
        try sides.sync(admin)
        try admin.settleIdentity()
        return admin
    }

    @Test("An admin without the key begins the next one and writes on, and reads the rest once somebody gives it")
    func withoutTheKey() throws {
        let holder = try sides.further(102)
        try note("old", sides.customer)
        for workspace in [sides.customer, holder] { try sides.sync(workspace) }
        let admin = try keyless(103)
        #expect(throws: WorkspaceFault.noSpaceKey(home)) { try note("new", admin) }
        // Others hold the key and could give it: no other is begun for that.
        try #expect(keyEpochs(admin) == [1])
        try admin.revoke(try #require(sides.customer.keys).device)
        try sides.sync(admin)
        try #expect(keyEpochs(admin) == [1, 2])
        try note("new", admin)
        try sides.sync(admin)
        try #expect(notes(admin) == ["new"])
        try sides.sync(holder)
        try expectAlike([admin, holder], ["new", "old"])
    }

    @Test("The next key comes where nobody is left who could give the newest one")
    func noGiver() throws {
        let writer = try sides.further(104)
        try sides.customer.set([.read, .write], of: try #require(lost.keys).device)
        try sides.customer.set([.read, .write], of: try #require(writer.keys).device)
        try note("old", writer)
        for workspace in [sides.customer, writer] { try sides.sync(workspace) }
        let admin = try keyless(105)
        // It may read on, and gives nothing any more.
        try admin.set([.read, .write], of: try #require(sides.customer.keys).device)
        try sides.sync(admin)
        try #expect(keyEpochs(admin) == [1, 2])
        try note("new", admin)
        for workspace in [admin, writer] { try sides.sync(workspace) }
        try #expect(notes(writer) == ["new", "old"] && notes(admin) == ["new"])
        // The one that lost the right gives the earlier key once it has it again.
        try admin.set(.all, of: try #require(sides.customer.keys).device)
        try sides.sync(admin)
        try expectAlike([sides.customer, admin, writer], ["new", "old"])
        try #expect(keyEpochs(admin) == [1, 2])
    }

    // MARK: a loss

    /// The revocation stays, and the statement that began key epoch 2 is lost, with what a writer had sealed with it.
    private func keyLost() throws -> (holder: Workspace, writer: Workspace, late: Workspace) {
        let (holder, writer, late) = (sides.customer, try sides.further(106), try sides.further(107))
        try sides.customer.set([.read, .write], of: try #require(writer.keys).device)
        for workspace in [holder, writer, late] { try sides.sync(workspace) }
        var backup: MemoryStore?
        sides.intercept = { [unowned sides] request in
            if try backup == nil && Self.saysOfSpace(request) { backup = sides.store.clone() }
            return nil
        }
        try holder.revoke(try #require(lost.keys).device)
        try sides.sync(holder)
        sides.intercept = { _ in nil }
        try sides.sync(writer)
        try note("writer's", writer)
        try note("holder's", holder)
        for workspace in [writer, holder, writer] { try sides.sync(workspace) }
        // Written under the lost key, and never sent.
        try note("unsent", writer)
        try #expect(keyEpochs(writer) == [1, 2])
        try sides.restart(on: try #require(backup))
        try sides.reopen(home)
        return (holder, writer, late)
    }

    @Test("Another admin begins the next key before the lost one comes back: each has its number, and everybody reads both")
    func twoKeys() throws {
        let (holder, writer, late) = try keyLost()
        try sides.sync(late)
        try #expect(keyEpochs(late) == [1, 100_001])
        // What stands there under the lost key is not passed over by who lacks that: it is read once the key is given again.
        for workspace in [writer, late] { try sides.sync(workspace) }
        try #expect(notes(late) == ["unsent"])
        try expectAlike([holder, late, writer], ["holder's", "unsent", "writer's"])
        try #expect(keyEpochs(late) == [1, 2, 100_001])
        try note("after", writer)
        try expectAlike([writer, holder, late], ["after", "holder's", "unsent", "writer's"])
        try #expect(sealedWith().last == 100_001)
        // Once is enough.
        let size = try sides.standing(home, late)?.size
        for workspace in [late, holder, writer] { try sides.sync(workspace) }
        #expect(try sides.standing(home, late)?.size == size)
    }

    @Test("The lost word comes back before another admin says a new one: its key goes on, since the log says who holds it")
    func givenAgain() throws {
        let (holder, writer, late) = try keyLost()
        try sides.sync(holder)
        try #expect(keyEpochs(holder) == [1, 2])
        try expectAlike([holder, late, writer], ["holder's", "unsent", "writer's"])
        try #expect(keyEpochs(late) == [1, 2])
    }

    @Test("What is written between a loss and the lost key's return is sealed with a key that the log gives")
    func meanwhile() throws {
        let (holder, writer, late) = try keyLost()
        // It hears of the loss, and cannot give back what it kept.
        sides.intercept = { $0.method == .push ? .error(ErrorAnswer(.unavailable)) : nil }
        #expect(throws: (any Error).self) { try sides.sync(writer) }
        sides.intercept = { _ in nil }
        try #expect(keyEpochs(writer) == [1])
        try note("meanwhile", writer)
        try sides.sync(late)
        try expectAlike([writer, holder, late], ["holder's", "meanwhile", "unsent", "writer's"])
    }
}
