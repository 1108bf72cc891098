package import BuntanProtocol
package import ChangeLog
import Records
package import Storage
/// Tells the time for people to read; nothing is decided by it.
package protocol WallClock: Sendable {
    /// Milliseconds since 1970.
    func now() -> Int64
}

/// Bytes that nobody can foresee, as a port: one source for many callers, so that two never get the same.
package protocol RandomPort: Sendable {
    func bytes(_ count: Int) -> [UInt8]
}

/// The system's random numbers.
package struct SystemRandomPort: RandomPort {
    package init() {}
    package func bytes(_ count: Int) -> [UInt8] {
        var random = SystemRandom()
        return random.bytes(count)
    }
}

/// A port in the form the core asks for.
struct PortRandom: RandomSource {
    let port: any RandomPort
    mutating func bytes(_ count: Int) -> [UInt8] { port.bytes(count) }
}

/// A replica as its owner sees it: one organisation's copy of everything it takes part in.
///
/// Every method is one local transaction and needs no network. What a method decides it asks the core; what it needs
/// from outside (store, clock, random, keys) it was handed.
package struct Workspace: Sendable {
    package let store: any SpaceStore
    package let clock: any WallClock
    package let random: any RandomPort
    /// `nil` where nothing is to be signed: reading commands open no key.
    package let keys: DeviceKeys?
    package let schema: SchemaRegistry
    /// The cores that signatures may be checked on at once.
    let cores: Int
    let fastStart: FastStart

    /// - Parameter cores: as many as there are, where nothing is said.
    package init(
        store: any SpaceStore, clock: any WallClock, random: any RandomPort, keys: DeviceKeys?,
        schema: SchemaRegistry = .current, cores: Int? = nil, fastStart: FastStart = .standard
    ) {
        self.store = store
        self.clock = clock
        self.random = random
        self.keys = keys
        self.schema = schema
        self.cores = cores ?? Cores.all
        self.fastStart = fastStart
    }

    var draw: PortRandom { PortRandom(port: random) }
}

/// Why a workspace will not do what was asked: facts for the program to put into words.
package enum WorkspaceFault: Error, Hashable, Sendable {
    case notInitialised
    case alreadyInitialised
    case keysNeeded
    case unknownSpace(SpaceID)
    case notEnrolled(SpaceID)
    /// This organisation is no party to the space: it reads what others write there.
    case readsOnly(SpaceID)
    /// The core would refuse the change if it were sent.
    case refused(Refusal, record: RecordID?)
    /// More ops on one record than a change may hold.
    case tooManyOps(record: RecordID, count: Int)
    /// A cell of an own record holds several values, or the record was deleted on one device and edited on another: a person
    /// chooses among what is shown, nothing replaces it unseen.
    case severalValues(RecordID, CellKey)
    /// The organisation's own records, or its word that enrols this device, have not arrived here: nothing can be begun beside them.
    case homeNotArrived
    case noSpaceKey(SpaceID)
    /// The replica has stopped taking entries of this space, since its log contradicted what was seen.
    case frozen(SpaceID)
    /// The space is shown ahead of its log: what must rest on verified records waits.
    case catchingUp(CatchingUp)
    /// What stands here was made under keys that this store has lost, and is in no log yet: nobody else can name it.
    case unsentUnderLostKeys(RecordID)
    case noServer
}
