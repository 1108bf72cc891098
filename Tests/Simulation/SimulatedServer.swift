import BuntanProtocol
import ChangeLog
import Exchange
import Replica
import Storage
import Syncing
import TestKit

/// A server whose process can die between any two of its steps and is started again at once.
final class SimulatedServer {
    private(set) var store: MemoryStore
    /// A backup, and the marks as they were then.
    private(set) var copy: MemoryStore?
    /// The disk as it was before the last request that changed it.
    private(set) var beforeLast: MemoryStore?
    /// Until which step it is full.
    var isFullUntil = 0
    private var markedThen: (places: [SpaceID: MarkedPlace], chains: [OrganisationID: ChainHead]) = ([:], [:])
    private var follower = Follower()
    /// The same as long as no log has changed.
    private var counted: (mark: Int, sizes: [SpaceID: Int])?
    let clock: SimulatedClock
    let faults = WriteFaults()
    let identity: ServerIdentity
    /// Servers are upgraded first.
    let schema: SchemaRegistry
    private var mark: MortalMark
    private var registrar: Registrar

    init(_ world: FoundedWorld, schema: SchemaRegistry) {
        self.schema = schema
        store = world.serverStore.clone()
        faults.install(in: store)
        clock = SimulatedClock(world.time)
        identity = world.identity
        mark = MortalMark(world.places, world.chains)
        registrar = Registrar(identity: identity, policy: RegistrarPolicy(isOpen: true), mark: mark, schema: schema)
    }

    func answer(_ request: OutgoingRequest) throws -> Reply {
        let (status, body) = try registrar.answer(
            method: request.method.rawValue, body: request.body, token: request.token, now: clock.now(), store: store)
        return status == 200 ? .answer(body) : .error(try ErrorAnswer(decoding: body))
    }

    /// Makes the next mark die, durable or not, once it has been written.
    func dieAfterMark() { mark.isMortal.with { $0 = true } }

    /// Ends what was to come to pass at the next mark; returns whether it did.
    func spareMark() -> Bool {
        mark.isMortal.with { isMortal in
            defer { isMortal = false }; return !isMortal
        }
    }

    /// Starts the process anew. Returns what it takes for lost: nothing is, whatever it died of.
    func restart() throws -> FallenBack {
        let fallen = try store.read { try FallenBack.reconcile($0, with: mark) }
        registrar = Registrar(identity: identity, policy: RegistrarPolicy(isOpen: true), mark: mark, frozen: fallen, schema: schema)
        return fallen
    }

    /// Keeps the disk as it is before a request that may change it.
    func keepBeforeLast(_ before: MemoryStore) { if before.sizes != store.sizes { beforeLast = before } }

    func keepCopy() {
        copy = store.clone()
        markedThen = (mark.places(), mark.chains())
    }

    /// What becomes of the marks when a disk is lost.
    enum Marks { case stay, comeBackWithIt, areLost }

    /// Begins anew on a copy of its disk from before.
    func restore(_ copy: MemoryStore, marks: Marks = .stay) throws {
        switch marks {
        case .stay: break
        case .comeBackWithIt: mark = MortalMark(markedThen.places, markedThen.chains)
        case .areLost: mark = MortalMark([:], [:])
        }
        store = copy.clone()
        follower.goBack(to: store.sizes)
        beforeLast = nil
        faults.install(in: store)
        _ = try restart()
    }

    /// Lets the operator give up what a copy lacks: each log that has lost its end begins another epoch. Returns where they were cut.
    func reopen() throws -> [SpaceID: Int] {
        // What organisations said last goes with the rest, and is said again by whoever holds it.
        try store.read { try mark.giveUp(statementsOf: FallenBack.reconcile($0, with: mark).organisations.keys.sorted(), $0) }
        _ = try restart()
        let reopened = try store.read { try FallenBack.reconcile($0, with: mark) }.spaces.keys.sorted()
        var cuts: [SpaceID: Int] = [:]
        // What is gone whole can only be given back.
        for space in try reopened.filter({ space in try store.read { try $0.standing(of: space) != nil } }) {
            let done = try store.write { try registrar.reopen(space, at: clock.now(), $0) }
            try mark.take(done)
            cuts[space] = done.ended.size
        }
        _ = try restart()
        return cuts
    }

    /// Whether anything that a copy lacked has not come back yet.
    func hasLost() throws -> Bool { try store.read { try registrar.hasLost($0) } }

    /// Lets somebody who follows the logs read on; returns what is out of order.
    func follow(most maxBytes: Int) throws -> [String] { try follower.follow(store, most: maxBytes) }

    /// The same to the end of each log, and whether each is what was followed.
    func followToEnd() throws -> [String] { try follower.compare(store) }

    /// The entries of each space, as many as there are.
    func sizes() -> [SpaceID: Int] {
        let mark = store.logsMark
        if let counted, counted.mark == mark { return counted.sizes }
        let sizes = store.sizes
        counted = (mark, sizes)
        return sizes
    }
}

/// The process died after the mark and before the answer.
struct DiedAfterMark: Error {}

/// A mark that outlives its process.
private final class MortalMark: HighWaterMark {
    private let held = MemoryMark()
    let isMortal = Box(false)

    init(_ places: [SpaceID: MarkedPlace], _ chains: [OrganisationID: ChainHead]) { held.advance(places, chains: chains) }

    func place(of space: SpaceID) -> MarkedPlace? { held.place(of: space) }
    func places() -> [SpaceID: MarkedPlace] { held.places() }
    func chains() -> [OrganisationID: ChainHead] { held.chains() }
    func history(of space: SpaceID) throws -> [MarkedPlace] { held.history(of: space) }
    func advance(_ places: [SpaceID: MarkedPlace], chains: [OrganisationID: ChainHead]) throws {
        held.advance(places, chains: chains)
        let dies = isMortal.with { isMortal in
            defer { isMortal = false }
            return isMortal
        }
        if dies { throw DiedAfterMark() }
    }
    func giveUp(_ chains: [OrganisationID: ChainHead]) throws { held.giveUp(chains) }
}
