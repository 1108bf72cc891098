import BuntanProtocol
import MergeReference
import Merging
import Testing

/// The properties of sync.md section 13 that concern merging.
///
/// Each says why a history breaks it, or nothing; so each can
/// also be shown a fold that is broken, and has to notice.
enum Property {
    /// P1: the same entries give the same bytes however they were paged; any causal order gives the same heads and digest.
    static func convergence(_ history: History, seed: UInt64, folding: @escaping Folding = realFolding) -> String? {
        var inOrder = TestReplica(folding: folding)
        var model = ReferenceModel()
        for change in history.log {
            inOrder.deliver(change)
            model.add(change.loggedOps)
        }
        var shuffled = TestReplica(folding: folding)
        for change in history.causalOrder(seed: seed) { shuffled.deliver(change) }
        for record in History.records {
            guard let a = inOrder.states[record], let b = shuffled.states[record] else { return "a record is missing" }
            if a.cells != b.cells { return "orders differ in \(record)" }
            if digest(a, record) != digest(b, record) { return "digests differ in \(record)" }
            let heads = Dictionary(uniqueKeysWithValues: a.cells.map { ($0.key, Set($0.heads.map(\.op))) })
            if heads != model.heads(of: record) { return "the fold differs from the reference model in \(record)" }
            if a.seam != model.seam(of: record) { return "the seam differs from the reference model in \(record)" }
            guard let read = try? RecordState(decoding: a.encoded(), admitsPending: false), read == a, read.hash == a.hash else {
                return "the state does not survive its own encoding"
            }
        }
        return nil
    }

    /// P1 for a client: log plus outbox, pulled in pages, ends in the same bytes as the log alone.
    static func paging(_ history: History, seed: UInt64) -> String? {
        var random = SeededRandom(seed: seed)
        var plain = TestReplica()
        for change in history.log { plain.deliver(change) }
        let named = Set(history.log.flatMap(\.predecessors))
        for device in history.devices {
            // The log arrives in pages; after each, the rest of the device's own changes lies on top of it.
            var base = TestReplica()
            var at = 0
            while at < history.log.count {
                let end = min(history.log.count, at + Int.random(in: 1...7, using: &random))
                for change in history.log[at..<end] { base.deliver(change) }
                at = end
                var shown = base
                for change in history.log[at...] where change.author == device.author {
                    var pending = change
                    pending.position = nil
                    shown.deliver(pending)
                }
                for own in history.log where own.author == device.author {
                    // An own write is a head of the view, or something later took its place knowingly.
                    for op in own.loggedOps where !named.contains(op.id) {
                        guard shown.states[op.record]?[op.cell]?.heads.contains(where: { $0.op == op.id }) == true else {
                            return "an own write left the view"
                        }
                    }
                }
            }
            for record in History.records where base.states[record]?.encoded() != plain.states[record]?.encoded() {
                return "a paged replica has other bytes"
            }
        }
        return nil
    }

    /// P2: every op is a head, or is named by an op whose author had it in view.
    static func noLostUpdate(_ history: History, folding: @escaping Folding = realFolding) -> String? {
        var replica = TestReplica(folding: folding)
        for change in history.log { replica.deliver(change) }
        let ops = history.log.flatMap(\.loggedOps)
        let replacements = ops.reduce(into: [OpID: [LoggedOp]]()) { found, later in
            for named in later.predecessors { found[named, default: []].append(later) }
        }
        for op in ops {
            if replica.states[op.record]?[op.cell]?.heads.contains(where: { $0.op == op.id }) == true { continue }
            let wasReplacedKnowingly = (replacements[op.id] ?? []).contains { op.position < $0.baseSize || op.author == $0.author }
            if !wasReplacedKnowingly { return "\(op.id) was lost" }
        }
        return nil
    }

    /// P3: a change appears whole, and does what its author saw it do.
    static func intention(_ history: History, folding: @escaping Folding = realFolding) -> String? {
        let previews = history.devices.reduce(into: [ChangeID: Effect]()) { $0.merge($1.previews) { first, _ in first } }
        var replica = TestReplica(folding: folding)
        var superseded: Set<OpID> = []
        for change in history.log {
            let before = replica
            replica.deliver(change)
            let effect = Effect(before: before, after: replica)
            guard let preview = previews[change.id] else { return "a change without a preview" }
            if effect.added != preview.added { return "\(change.id) appeared in part" }
            // What it took away in the preview and not here had been taken by somebody else in between.
            if effect.removed != preview.removed.subtracting(superseded) { return "\(change.id) took away something else" }
            superseded.formUnion(effect.removed)
        }
        return nil
    }

    private static func digest(_ state: RecordState, _ record: RecordID) -> Digest? {
        CoveredRecord(state, record: record, space: SpaceID(high: 1, low: 1))?.digest
    }
}

@Suite struct PropertyTests {
    static let seeds: Range<UInt64> = 0..<120

    @Test("P1: any causal order gives the same heads and digest, as the reference model has them", arguments: seeds)
    func convergence(seed: UInt64) { #expect(Property.convergence(History(seed: seed), seed: seed) == nil, "seed \(seed)") }

    @Test(
        "P1: pages and outbox end in the bytes of the log alone, and an own write never leaves the view", arguments: 0..<40 as Range<UInt64>
    )
    func paging(seed: UInt64) { #expect(Property.paging(History(seed: seed, steps: 40), seed: seed) == nil, "seed \(seed)") }

    @Test("P2: every op is a head or was named by who had it in view", arguments: seeds)
    func noLostUpdate(seed: UInt64) { #expect(Property.noLostUpdate(History(seed: seed)) == nil, "seed \(seed)") }

    @Test("P3: a change appears whole and does what its preview showed", arguments: seeds)
    func intention(seed: UInt64) { #expect(Property.intention(History(seed: seed)) == nil, "seed \(seed)") }

    @Test("The histories reach what they are to test: conflicts, equal heads, seams, deletions that met an edit, deletions, restorations")
    func reach() {
        var reached: [String: Int] = [:]
        for seed in Self.seeds {
            var replica = TestReplica()
            for change in History(seed: seed).log {
                let before = replica
                replica.deliver(change)
                for (record, state) in replica.states {
                    if !state.conflicts.isEmpty { reached["conflict", default: 0] += 1 }
                    if state.cells.contains(where: { $0.heads.count > 1 && !$0.isConflicted }) { reached["equal heads", default: 0] += 1 }
                    if state.seam != nil { reached["seam", default: 0] += 1 }
                    if before.states[record]?.seam != nil, state.seam == nil { reached["seam cleared", default: 0] += 1 }
                    if state.standing != .alive { reached["\(state.standing)", default: 0] += 1 }
                    if before.states[record]?.standing == .deleted, state.isAlive { reached["restored", default: 0] += 1 }
                }
            }
        }
        for name in ["conflict", "equal heads", "seam", "seam cleared", "deleted", "deletedHereEditedThere", "contested", "restored"] {
            #expect(reached[name, default: 0] > 0, "\(name) was never reached")
        }
    }
}

/// Folds that are wrong in one way each: a property that does not notice proves nothing.
@Suite struct NegativeControlTests {
    private func notices(_ property: (UInt64) -> String?) -> Bool { PropertyTests.seeds.contains { property($0) != nil } }

    @Test("P1 notices a fold that lets the last to arrive win")
    func lastToArriveWins() {
        let broken: Folding = { state, edit, firstOp, values, context in
            let forced = Edit(
                record: edit.record, kind: edit.kind,
                ops: edit.ops.map { Op(cell: $0.cell, predecessors: state[$0.cell]?.heads.map(\.op) ?? []) })
            state.apply(forced, firstOp: firstOp, values: values, context: context)
        }
        #expect(notices { Property.convergence(History(seed: $0), seed: $0, folding: broken) })
        #expect(notices { Property.noLostUpdate(History(seed: $0), folding: broken) })
    }

    @Test("P1 notices a fold that leaves the seam out")
    func noSeam() {
        let broken: Folding = { state, edit, firstOp, values, context in
            let blind = OpContext(change: context.change, position: context.position, author: context.author, baseSize: .max)
            state.apply(edit, firstOp: firstOp, values: values, context: blind)
        }
        #expect(notices { Property.convergence(History(seed: $0), seed: $0, folding: broken) })
    }

    @Test("P2 notices a deletion that takes away what it had not seen")
    func greedyDeletion() {
        let broken: Folding = { state, edit, firstOp, values, context in
            let all = state.allHeads
            let forced = Edit(
                record: edit.record, kind: edit.kind,
                ops: edit.ops.map { $0.cell == .life && !$0.predecessors.isEmpty ? Op(cell: $0.cell, predecessors: all) : $0 })
            state.apply(forced, firstOp: firstOp, values: values, context: context)
        }
        #expect(notices { Property.noLostUpdate(History(seed: $0), folding: broken) })
    }

    @Test("P3 notices a fold that takes a change in part")
    func partialChange() {
        let broken: Folding = { state, edit, firstOp, values, context in
            let part = Edit(record: edit.record, kind: edit.kind, ops: Array(edit.ops.prefix(2)))
            state.apply(part, firstOp: firstOp, values: values, context: context)
        }
        #expect(notices { Property.intention(History(seed: $0), folding: broken) })
    }

    @Test("P3 notices a fold that forgets what an op replaces")
    func forgetfulFold() {
        let broken: Folding = { state, edit, firstOp, values, context in
            let blind = Edit(record: edit.record, kind: edit.kind, ops: edit.ops.map { Op(cell: $0.cell, predecessors: []) })
            state.apply(blind, firstOp: firstOp, values: values, context: context)
        }
        #expect(notices { Property.intention(History(seed: $0), folding: broken) })
    }
}
