import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Records
import Replica
import Storage
import Syncing
import TestKit

/// One run: replicas of three organisations and a server, driven by one source of chance.
///
/// Everything happens in steps on one thread: somebody writes, somebody begins a sync, something on the network arrives.
/// Between any two of them a process may die, a request be lost, repeated or late, a store come back from a copy.
package final class SimulatedRun {
    /// What travels: a request of an exchange, or its answer.
    struct Parcel {
        enum Content {
            case request(OutgoingRequest)
            case answer(Reply)
        }
        let exchange: Int
        let from: Participant
        let content: Content
    }

    let seed: UInt64
    var world: FoundedWorld
    let server: SimulatedServer
    let sabotage: Sabotage
    var participants: [Participant] = []
    let names = EntryNames()
    var chronicle = Chronicle()
    private(set) var fired: [Fault: Int] = [:]
    var eavesdropper: Eavesdropper
    var reach = Reach()
    /// Values that were erased and looked for everywhere.
    var erasedValues = 0
    var looks: [RowLook] = []
    /// What happened, for a seed that is run alone.
    package private(set) var trace: [String] = []
    let traces: Bool
    /// Few entries, so that whoever is new begins with records; in one seed of three nobody does.
    var fastStart: FastStart { seed % 3 == 0 ? .standard : FastStart(leastEntries: 4, firstBytes: 1, pageBytes: 400) }
    /// What a server said of a space's records first.
    var oldSnapshots: [[UInt8]: Reply] = [:]
    let random: SimulatedRandom
    var draw: SeededRandom
    let plan: FaultPlan
    var typist: Typist
    let auditor: Auditor
    var network: [Parcel] = []
    /// What is on its way for longer, and in which step it comes to where the rest is.
    var delayed: [(step: Int, parcel: Parcel)] = []
    var steps = 0
    /// Requests that will arrive once more when nobody waits for them any longer.
    var repeats: [(request: OutgoingRequest, from: Participant)] = []
    var exchanges = 0
    /// What was asked of the server, in how many bytes with the answer.
    var traffic: [(method: String, bytes: Int)] = []
    /// The last requests that reached the server.
    var overheard: [(request: OutgoingRequest, from: Firm)] = []
    /// The server's lies, while it tells them, and who has noticed any of them.
    var hostile: HostileServer?
    var told: Set<ObjectIdentifier> = []
    /// Files that somebody has written for an organisation.
    var files: [File] = []
    /// Devices of which somebody has said that their rights end or are others.
    var curtailed: Set<DeviceID> = []
    /// Devices whose keys a store has lost, with what they had signed in it.
    var withoutKeys: Set<DeviceID> = []
    /// Whether logs have begun another epoch.
    var hasReopened = false
    /// Nothing goes wrong any more.
    var isHealed = false
    /// Nothing goes wrong for a while.
    var isQuiet = false
    /// What had gone wrong before has been heard of by everybody.
    var isCalm = false

    /// - Parameter sparing: faults that do not come to pass in this run.
    package init(
        seed: UInt64, in world: FoundedWorld, sabotage: Sabotage = .none, sparing: Set<Fault> = [], traces: Bool = false
    ) throws {
        self.seed = seed
        self.sabotage = sabotage
        self.traces = traces
        self.world = world
        random = SimulatedRandom(seed: seed &* 0x9e37_79b9 &+ 17)
        draw = SeededRandom(seed: seed)
        plan = FaultPlan(&draw, seed: seed, sparing: sparing)
        server = SimulatedServer(world, schema: plan.rate(.upgraded) > 0 ? .next : .current)
        typist = Typist(world)
        eavesdropper = Eavesdropper(world)
        auditor = Auditor(world, seed: seed, random)
        let third = Bool.random(using: &draw)
        for device in world.devices where third || device.name != "ichi-3" {
            participants.append(
                Participant(
                    name: device.name, firm: device.firm, keys: device.keys, store: device.store.clone(),
                    clock: SimulatedClock(world.time), random: random, fastStart: fastStart))
        }
        try sabotage.prepare(self)
        for participant in participants { _ = try participant.seen.look(participant.store, names) }
    }

    /// The promises that the run has broken.
    package var findings: [Finding] { chronicle.findings }

    // MARK: the run

    /// Steps of a run as the first of them were, before each drew its own length.
    package static let longest = 150

    /// - Parameters:
    ///   - steps: how many; what the seed draws where nothing is said, since what goes wrong early shows in a short run.
    ///   - deceit: how the server lies at the end; in each fourth seed it does anyway.
    package func run(steps: Int? = nil, deceivedBy deceit: Deceit? = nil) throws {
        let steps = steps ?? Self.length(of: seed)
        // Every replica checks every signature: each is looked at once in a run, in fifteen seeds of sixteen only where it was not
        // made in this run.
        let memory = SignatureMemory(world.signatures, trustsMade: seed % 16 != 0)
        try SignatureMemory.$current.withValue(memory) {
            for _ in 0..<steps {
                try step()
                try audit()
                // Pages of one entry, and of some.
                for sentence in try server.follow(most: 1 + self.steps % 4 * 500) { chronicle.find(.order, sentence) }
            }
            try settle()
            let sizes = server.sizes()
            try look()
            // The auditor, too, gives back what only it still held: then everybody hears of that.
            if try server.sizes() != sizes && !rest() { chronicle.find(.liveness, "not quiet after the auditor") }
            for sentence in try server.followToEnd() { chronicle.find(.order, sentence) }
            try Checker(self).check()
            if let lie = deceit ?? Deceit.told(in: seed), findings.isEmpty { try deceive(lie) }
        }
    }

    /// Many runs are short, and a few as long as the longest: most of what can go wrong needs little time, and some needs much.
    private static func length(of seed: UInt64) -> Int {
        var lengths = SeededRandom(seed: seed ^ 0x6c65_6e67_7468)
        let part = Double.random(in: 0...1, using: &lengths)
        return 30 + Int(Double(longest - 30) * part * part)
    }

    func step() throws {
        steps += 1
        bringDelayed()
        if occurs(.clockForward) { jump(315_360_000_000) }
        if occurs(.clockBack) { jump(-315_360_000_000) }
        let participant = participants[below(participants.count)]
        // Who alone holds what the server has lost must not lose it, too.
        if try !hasReopened && !server.hasLost(), happens(.clientRestored) {
            restore(participant, .clientRestored, "comes back from a copy", participant.backup)
        }
        if try !hasReopened && !server.hasLost(), happens(.clientForgets) {
            restore(participant, .clientForgets, "has lost its last commit", participant.beforeLast)
        }
        if try !hasReopened && !server.hasLost(), happens(.clientBeganAnew) { try beginAnew(participant) }
        if happens(.partitioned) { partition() }
        if happens(.hostileRequest) { try harass() }
        if happens(.serverReopened) { try reopenServer() }
        if happens(.marksLost) { try reopenServer(losingMarks: true) }
        if happens(.serverRestored) { try restoreServer(.serverRestored, from: server.copy) }
        if happens(.serverForgets) { try restoreServer(.serverForgets, from: server.beforeLast) }
        if happens(.clientStaysFull) {
            participant.isFullUntil = steps + 5 + below(40)
            say("the disk of \(participant.name) is full until \(participant.isFullUntil)")
        }
        if happens(.serverStaysFull) {
            server.isFullUntil = steps + 5 + below(20)
            say("the server's disk is full until \(server.isFullUntil)")
        }
        if happens(.serverRestoredWhole) { try restoreServerWhole() }
        if below(15) == 0 { server.keepCopy() }
        if happens(.clientCloned) { try clone(participant) }
        // Copies are made now and then, as backups are.
        if below(60) == 0 { try enrol(by: participant) }
        if below(10) == 0 { try erase(by: participant) }
        if below(100) == 0, participant.firm == .provider { try addService(by: participant) }
        if below(80) == 0, participant.firm == .provider { try welcome(by: participant) }
        if happens(.rootReplaced) { try rotateRoot(by: participant) }
        if happens(.tookFile) {
            try writeFile(by: participant)
            try applyFile()
        }
        if happens(.oldRootSpeaks) { try speakWithOldRoot(of: participant) }
        if happens(.deviceRevoked) { try revokeDevice(by: participant) }
        if happens(.rightsChanged) { try changeRights(by: participant) }
        if happens(.keysLost) { try loseKeys(of: participant) }
        if happens(.tookOver) { try takeOver(by: participant) }
        if happens(.upgraded) { try upgrade(participant) }
        if plan.signs, below(4) == 0 { try agree(by: participant) }
        if plan.signs, below(50) == 0 { try meet(participant) }
        if below(40) == 0 { participant.backup = (participant.store.clone(), participant.made, participant.seen) }
        if !repeats.isEmpty, below(12) == 0 { return try repeatLate() }
        if !network.isEmpty, below(100) < 62 { return try deliver() }
        if participant.session == nil, below(100) < 40 { return try beginSync(participant) }
        for _ in 0...below(2) { try write(participant) }
    }

    func jump(_ millis: Int64) {
        let clocks = participants.map(\.clock) + [server.clock]
        clocks[below(clocks.count)].jump(by: millis)
    }

    /// Puts a store in the place of a replica's that was its own some time ago.
    private func restore(
        _ participant: Participant, _ fault: Fault, _ what: String, _ copy: (store: MemoryStore, made: Set<ChangeID>, seen: SeenLogs)?
    ) {
        guard let copy else { return }
        note(fault, "\(participant.name) \(what)")
        chronicle.forget(participant.made.subtracting(copy.made), by: participant)
        participant.replaceStore(copy.store.clone())
        participant.made = copy.made
        participant.seen = copy.seen
        participant.beforeLast = nil
    }

    /// Keeps a replica's store as it is before what comes next is written.
    func keepBeforeLast(_ participant: Participant) {
        guard plan.rate(.clientForgets) > 0 else { return }
        participant.beforeLast = (participant.store.clone(), participant.made, participant.seen)
    }

    /// A device loses its store, with all that it had not sent, and fetches everything again. Where its organisation has only
    /// just come nobody else could begin its engagement.
    func beginAnew(_ participant: Participant) throws {
        // One that goes on under new keys may be the only one that can give them the old ones' keys.
        guard participant.firm != .san, !curtailed.contains(participant.keys.device),
            let organisation = world.organisations[participant.firm],
            try participant.store.read({ try $0.identity().home }) != nil
        else { return }
        note(.clientBeganAnew, participant.name)
        chronicle.forget(participant.made, by: participant)
        let store = MemoryStore(indexing: StateIndexing())
        try Workspace.enter(organisation: organisation, serverAddress: "https://sync.example", keys: participant.keys, store: store)
        participant.replaceStore(store)
        participant.made = []
        participant.seen = SeenLogs()
        participant.backup = nil
        participant.beforeLast = nil
        // It has much to fetch: what befalls it meanwhile shall not be left to the few steps of a run.
        for _ in 0..<below(60) {
            if participant.session == nil { try beginSync(participant) }
            if !network.isEmpty { try deliver() }
            if below(5) == 0 { try write(participant) }
        }
    }

    func clone(_ original: Participant) throws {
        guard participants.count < 9 else { return }
        note(.clientCloned, "\(original.name) goes on twice")
        let copy = Participant(
            name: original.name + "'", firm: original.firm, keys: original.keys, store: original.store.clone(),
            clock: SimulatedClock(original.clock.now()), random: random, isNew: original.isNew, fastStart: fastStart,
            schema: original.schema)
        chronicle.copy(original, to: copy, outbox: try copy.outbox())
        copy.seen = original.seen
        participants.append(copy)
    }

    /// A digest of everything that happened, was written and stands in the server's logs, the same in every process.
    ///
    /// Entries are named and not taken by their bytes: the library that wraps the keys of sealed spaces draws a key of its own
    /// each time, and everything that is signed later covers the root over that.
    package var digest: String {
        get throws {
            var words = trace + findings.map(\.description)
            for id in chronicle.order {
                guard let written = chronicle.written[id] else { continue }
                words.append("\(id) \(written.space) \(written.device) \(written.edits) \(written.values)")
            }
            try server.store.read { reader in
                for space in try reader.spaces().sorted() {
                    for stored in try reader.entries(of: space, from: 0, maxBytes: .max) {
                        words.append("\(space) \(stored.position) \(names.change(in: stored, of: space).map(\.hex) ?? "-")")
                    }
                }
            }
            return SHA.digest(Array(words.joined(separator: "\n").utf8)).hex
        }
    }

    // MARK: the end

    /// Ends all faults, lets everybody sync, and requires that this comes to rest.
    func settle() throws {
        isHealed = true
        say("the network heals")
        bringDelayed()
        while !network.isEmpty { try deliver() }
        while !repeats.isEmpty { try repeatLate() }
        for participant in participants { participant.die() }
        isCalm = true
        var isQuiet = try rest()
        // Whoever was given rights again, or new keys, has to be heard of by everybody, and each word may outrun another store's.
        for _ in 0..<10 where try isQuiet && restoreRights() { isQuiet = try rest() }
        if !isQuiet { chronicle.find(.liveness, "not quiet after 8 rounds") }
        if try server.hasLost() { chronicle.find(.liveness, "the server still lacks what replicas hold") }
    }

    // MARK: chance

    func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &draw) }

    /// Whether a fault befalls a step that it may befall.
    func happens(_ fault: Fault) -> Bool {
        guard !isHealed, !isQuiet, plan.rate(fault) > 0 else { return false }
        return Double.random(in: 0..<1, using: &draw) < plan.rate(fault)
    }

    /// The same for a fault that has no further condition.
    func occurs(_ fault: Fault) -> Bool {
        let occurs = happens(fault)
        if occurs, fault != .overtaken { note(fault, "") }
        return occurs
    }

    func arm(_ participant: Participant, _ faults: [Fault]) -> Fault? {
        if participant.isFullUntil > steps, !isHealed, !isQuiet {
            participant.faults.armFull()
            return .clientStaysFull
        }
        for fault in faults where happens(fault) {
            switch fault {
            case .editDiesBeforeCommit, .syncDiesBeforeCommit: participant.faults.arm(.beforeCommit)
            case .editDiesAfterCommit, .syncDiesAfterCommit: participant.faults.arm(.afterCommit)
            default: participant.faults.armFailure()
            }
            return fault
        }
        return nil
    }

    func note(_ fault: Fault, _ what: String) {
        fired[fault, default: 0] += 1
        say("FAULT \(fault.rawValue) \(what)")
    }

    func say(_ sentence: @autoclosure () -> String) { if traces { trace.append(sentence()) } }

    // MARK: watching

    /// Sees to it that no log of a replica goes back, and that a publish under way is shown as one.
    ///
    /// - Parameter whole: whether every entry is compared with what it was.
    func watch(_ participant: Participant, whole: Bool = false) throws {
        let service = world.service.service
        let before = participant.seen.logs[service]?.count
        for sentence in try participant.seen.look(participant.store, names, whole: whole) {
            chronicle.find(.monotonicView, "\(participant.name): \(sentence)")
        }
        guard participant.firm.isCustomer, let now = participant.seen.logs[service]?.count, now != before else { return }
        try checkReleases(participant)
    }

    /// Compares the rows that a customer is shown as unreleased with those that its log says changed after the last release (P3).
    private func checkReleases(_ participant: Participant) throws {
        let service = world.service.service
        let engagement = world.engagements[participant.firm]
        guard let engagement, participant.seen.logs[engagement.space] != nil else { return }
        try participant.store.read { reader in
            // What is shown ahead of a log is not what that gives yet.
            guard try reader.leadSpaces().isEmpty else { return }
            let wanted = try ReferenceLog(of: service, in: reader, keys: .none).unreleased.count
            let shown = try participant.workspace.standing(of: engagement, reader).counts.unreleased
            reach.note(unreleased: wanted)
            if shown != wanted {
                chronicle.find(.intention, "\(participant.name) is shown \(shown) rows as unreleased, and its log has \(wanted)")
            }
        }
    }
}
