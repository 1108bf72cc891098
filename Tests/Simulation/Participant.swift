import BuntanProtocol
import ChangeLog
import Merging
import Replica
import Storage
import Syncing
import TestKit

/// One replica of a run: a device, or the copy of one that goes on beside it.
final class Participant {
    let name: String
    let firm: Firm
    private(set) var keys: DeviceKeys
    let clock: SimulatedClock
    let faults = WriteFaults()
    private(set) var store: MemoryStore
    private(set) var workspace: Workspace
    /// What its program knows.
    private(set) var schema: SchemaRegistry
    /// The sync that is under way, and the exchange whose answer it waits for.
    var session: SyncSession?
    var awaited: Int?
    /// What went beside that, and what came back of the two until both are there.
    var beside: Beside?
    /// An earlier copy of the store, which may come back, with what had been written by then.
    var backup: (store: MemoryStore, made: Set<ChangeID>, seen: SeenLogs)?
    /// The changes this replica has made or been copied with.
    var made: Set<ChangeID> = []
    var seen = SeenLogs()
    /// Whether its sync may meet a server that has lost something.
    var mayFindLoss = false
    /// As its store was before the last commit, which may not have come to its disk.
    var beforeLast: (store: MemoryStore, made: Set<ChangeID>, seen: SeenLogs)?
    /// Until which step its disk is full.
    var isFullUntil = 0
    /// Until which step nothing of it comes through, either way.
    var isCutOffUntil = 0
    /// Enrolled during the run: until that is known everywhere it can neither sign in nor read what is sealed.
    private(set) var isNew: Bool
    /// What its last sync ended in where its organisation had ended its device's rights.
    var shutOut: SyncFault?
    /// From how many entries on its spaces show records before their logs are here.
    let fastStart: FastStart
    /// The sizes at which what is shown ahead of a log has been looked at.
    var lookedAhead: Set<Int> = []

    struct Beside {
        let exchange: Int
        var isOver = false
        var reply: Reply?
        var main: Reply?
    }

    init(
        name: String, firm: Firm, keys: DeviceKeys, store: MemoryStore, clock: SimulatedClock, random: SimulatedRandom, isNew: Bool = false,
        fastStart: FastStart, schema: SchemaRegistry = .current
    ) {
        self.schema = schema
        self.name = name
        self.firm = firm
        self.keys = keys
        self.clock = clock
        self.isNew = isNew
        self.fastStart = fastStart
        self.store = store
        workspace = Workspace(store: store, clock: clock, random: random, keys: keys, schema: schema, cores: 1, fastStart: fastStart)
        faults.install(in: store)
    }

    /// The process ends, wherever it was.
    func die() {
        session = nil
        awaited = nil
        beside = nil
    }

    /// Puts another store in the place of this one.
    func replaceStore(_ store: MemoryStore) {
        die()
        self.store = store
        workspace = Workspace(
            store: store, clock: clock, random: workspace.random, keys: keys, schema: schema, cores: 1, fastStart: fastStart)
        faults.install(in: store)
    }

    /// Goes on with another program, on the same store.
    func upgrade(to schema: SchemaRegistry) {
        self.schema = schema
        replaceStore(store)
    }

    /// Goes on under other keys, on the same store: those it had are lost.
    func take(_ new: DeviceKeys) {
        keys = new
        isNew = true
        backup = nil
        beforeLast = nil
        replaceStore(store)
    }

    func spaces() throws -> Set<SpaceID> { Set(try store.read { try $0.spaces() }) }

    func outbox() throws -> [OutboxItem] { try store.read { try $0.outbox(of: nil) } }
}
