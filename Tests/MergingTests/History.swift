import BuntanProtocol
import MergeReference
import Merging
import Records

/// A change as a device made it, and where the log took it.
struct MadeChange: Hashable {
    let id: ChangeID
    let author: Int
    let baseSize: Int
    let edits: [Edit]
    let values: [EncodedValue]
    /// `nil` until it is pushed.
    var position: Int?

    /// The ops it names.
    var predecessors: Set<OpID> { Set(edits.flatMap { $0.ops.flatMap(\.predecessors) }) }

    var loggedOps: [LoggedOp] {
        guard let position else { return [] }
        var first = 0
        return edits.flatMap { edit in
            defer { first += edit.ops.count }
            return edit.ops.enumerated().map { offset, op in
                LoggedOp(
                    id: OpID(id, first + offset), record: edit.record, cell: op.cell, predecessors: Set(op.predecessors),
                    value: values[first + offset], position: position, author: author, baseSize: baseSize)
            }
        }
    }
}

/// How a replica takes an edit into a state; tests hand in broken ones to see that a property can fail.
typealias Folding = @Sendable (inout RecordState, Edit, Int, (Int) -> EncodedValue?, OpContext) -> Void

let realFolding: Folding = { $0.apply($1, firstOp: $2, values: $3, context: $4) }

/// A replica: what it was delivered, folded.
struct TestReplica {
    private(set) var states: [RecordID: RecordState] = [:]
    private(set) var known: Set<ChangeID> = []
    let folding: Folding

    init(folding: @escaping Folding = realFolding) { self.folding = folding }

    mutating func deliver(_ change: MadeChange) {
        guard known.insert(change.id).inserted else { return }
        let context = OpContext(change: change.id, position: change.position, author: change.author, baseSize: change.baseSize)
        var first = 0
        for edit in change.edits {
            var state = states[edit.record] ?? RecordState(kind: edit.kind, creator: History.organisation)
            folding(&state, edit, first, { change.values[$0] }, context)
            states[edit.record] = state
            first += edit.ops.count
        }
    }
}

/// Random work of several devices on a few records through one log: made up from a seed, the same each time.
struct History {
    static let organisation = OrganisationID(high: 7, low: 7)
    static let kind = "annotation"
    static let records = [
        RecordID.timeOrdered(millis: 1, random: Nonce(high: 0, low: 1)), RecordID.timeOrdered(millis: 2, random: Nonce(high: 0, low: 2)),
    ]
    static let cells = [CellKey("text"), CellKey("label"), CellKey("roles", "x"), CellKey("topic", "ja")]

    struct Device {
        let author: Int
        /// Entries of the log it has seen.
        var size: Int
        /// Its view: the log up to there and its own work.
        var view: TestReplica
        var outbox: [MadeChange] = []
        /// What each change did to the view when it was made.
        var previews: [ChangeID: Effect] = [:]
    }

    /// The first position changes may take: genesis and enrolments stand below.
    static let firstPosition = 8
    private(set) var log: [MadeChange] = []
    private(set) var devices: [Device]
    private var random: SeededRandom
    private var made: UInt64 = 0

    init(seed: UInt64, steps: Int = 60) {
        random = SeededRandom(seed: seed)
        devices = (0..<4).map { Device(author: 2 + $0, size: Self.firstPosition, view: TestReplica()) }
        for record in Self.records.indices { write(by: 0, record: record, creating: true) }
        push(0)
        for device in devices.indices { pull(device, entries: log.count) }
        for _ in 0..<steps {
            let device = Int.random(in: devices.indices, using: &random)
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<12: write(by: device, record: Int.random(in: Self.records.indices, using: &random), creating: false)
            case 12..<16: push(device)
            case 16..<19: pull(device, entries: Int.random(in: 1...8, using: &random))
            default:
                // Everybody is online for a moment.
                for device in devices.indices { push(device) }
                for device in devices.indices { pull(device, entries: log.count) }
            }
        }
        for device in devices.indices { push(device) }
    }

    var size: Int { Self.firstPosition + log.count }

    private mutating func push(_ device: Int) {
        for change in devices[device].outbox {
            var change = change
            change.position = size
            log.append(change)
        }
        devices[device].outbox = []
    }

    /// Takes some entries more: the log up to there, folded anew, with what the device still has in its outbox on top.
    private mutating func pull(_ device: Int, entries: Int) {
        devices[device].size = min(size, devices[device].size + entries)
        var view = TestReplica()
        for change in log.prefix(devices[device].size - Self.firstPosition) { view.deliver(change) }
        // What was pushed and not come back yet stays in view: a user never sees an own write disappear.
        for change in log.dropFirst(devices[device].size - Self.firstPosition) where change.author == devices[device].author {
            var pending = change
            pending.position = nil
            view.deliver(pending)
        }
        for change in devices[device].outbox { view.deliver(change) }
        devices[device].view = view
    }

    /// Writes some cells of one or both records, naming every head in view.
    private mutating func write(by device: Int, record: Int, creating: Bool) {
        var records = [record]
        if Int.random(in: 0..<4, using: &random) == 0, !creating { records = Array(Self.records.indices) }
        var edits: [Edit] = []
        var values: [EncodedValue] = []
        for record in records {
            let state = devices[device].view.states[Self.records[record]]
            var ops: [Op] = []
            if creating || state?.isAlive == false || Int.random(in: 0..<8, using: &random) == 0 {
                // Restores or deletes, and says so over every head in view; what is deleted may be deleted again.
                let lives = creating || state?.isAlive == false && Int.random(in: 0..<3, using: &random) > 0
                let named = lives ? state?[.life]?.heads.map(\.op) ?? [] : state?.allHeads ?? []
                ops.append(Op(cell: .life, predecessors: named.sorted()))
                values.append(lives ? .true : .false)
            } else {
                let cells = Self.cells.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random))
                for cell in cells {
                    ops.append(Op(cell: cell, predecessors: state?[cell]?.heads.map(\.op) ?? []))
                    values.append(value(of: cell))
                }
            }
            edits.append(Edit(record: Self.records[record], kind: Self.kind, ops: ops))
        }
        made += 1
        let change = MadeChange(
            id: ChangeID(high: random.next(), low: made), author: devices[device].author, baseSize: devices[device].size, edits: edits,
            values: values, position: nil)
        let before = devices[device].view
        devices[device].view.deliver(change)
        devices[device].previews[change.id] = Effect(before: before, after: devices[device].view)
        devices[device].outbox.append(change)
    }

    private mutating func value(of cell: CellKey) -> EncodedValue {
        if cell.field == "roles" { return Bool.random(using: &random) ? .true : .false }
        // Few values, so that equal heads happen; and clearings.
        return ["A", "B", "C"].randomElement(using: &random).map { $0 == "C" ? .null : Value.text($0).encoded } ?? .null
    }

    /// The log in an order of chance in which every op still comes after those it names.
    func causalOrder(seed: UInt64) -> [MadeChange] {
        var random = SeededRandom(seed: seed)
        var left = log
        var delivered: Set<ChangeID> = []
        var order: [MadeChange] = []
        while !left.isEmpty {
            let ready = left.indices.filter { left[$0].predecessors.allSatisfy { delivered.contains($0.change) } }
            guard let next = ready.randomElement(using: &random) else { break }
            delivered.insert(left[next].id)
            order.append(left.remove(at: next))
        }
        return order
    }
}

/// What one change did: the heads it added and those it took away.
struct Effect: Equatable {
    let added: Set<OpID>
    let removed: Set<OpID>

    init(before: TestReplica, after: TestReplica) {
        func heads(_ replica: TestReplica) -> Set<OpID> { Set(replica.states.values.flatMap(\.allHeads)) }
        added = heads(after).subtracting(heads(before))
        removed = heads(before).subtracting(heads(after))
    }
}

/// SplitMix64: the same numbers for the same seed on every machine.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}
