import BuntanProtocol
import ChangeLog
import Exchange
import MergeReference
import Merging
import Records
import Replica
import Storage
import Syncing
import TestKit

/// Judges a run by the server's logs, the chronicle of what was typed and acknowledged, and a reference that folds nothing.
///
/// What a replica holds is what is judged; what it says of itself counts for nothing.
struct Checker {
    let run: SimulatedRun
    let logs: [SpaceID: ReferenceLog]
    private let places: [ChangeID: (space: SpaceID, change: ReferenceLog.LoggedChange)]
    private let rights: RightsCheck
    /// Those who can still sync.
    var members: [Participant] { run.participants.filter { !rights.isOut($0) } }

    init(_ run: SimulatedRun) throws {
        self.run = run
        var keys = run.world.spaceKeys
        for participant in run.participants {
            try participant.store.read { reader in
                for space in try reader.spaces() {
                    for key in try reader.spaceKeys(of: [space]).all(of: space) {
                        let isOther = keys[space, key.epoch].map { $0.secret != key.secret } ?? false
                        if isOther { run.chronicle.find(.convergence, "\(space) has two keys of one key epoch, \(key.epoch)") }
                        keys[space, key.epoch] = key
                    }
                }
            }
        }
        logs = try run.server.store.read { [keys] reader in
            var logs: [SpaceID: ReferenceLog] = [:]
            for space in try reader.spaces() { logs[space] = try ReferenceLog(of: space, in: reader, keys: keys) }
            return logs
        }
        var places: [ChangeID: (SpaceID, ReferenceLog.LoggedChange)] = [:]
        for log in logs.values {
            for change in log.changes {
                if places[change.id] != nil { run.chronicle.find(.idempotency, "\(change.id) is in the logs twice") }
                places[change.id] = (log.space, change)
            }
        }
        (self.places, rights) = (places, try RightsCheck(run, logs, places.keys))
    }

    func check() throws {
        try rights.check()
        run.chronicle.spreadDoom()
        for log in logs.values {
            for sentence in log.findings { run.chronicle.find(.unforeseen, sentence) }
            // What was signed with keys that are gone nobody can seal anew.
            for leak in log.leaks where !run.withoutKeys.contains(leak.device) {
                run.chronicle.find(
                    .isolation, "\(log.space): the change at \(leak.position) is sealed with a key that its author knew was lost")
            }
            for sentence in log.authority.findings { run.chronicle.find(.authority, "\(log.space): \(sentence)") }
        }
        try convergence()
        try noLostUpdate()
        intention()
        try durability()
        isolation()
        try erasure()
        try liveness()
        try negotiation()
        try agreements()
        try run.prove()
        try rebuilding()
        run.reach.note(logs.values)
        for store in [run.server.store] + run.participants.map(\.store) {
            for violation in store.violations { run.chronicle.find(.unforeseen, "\(violation)") }
        }
    }

    // MARK: P1

    private func convergence() throws {
        var states: [SpaceID: [RecordID: RecordState]] = [:]
        for log in logs.values { for record in log.model.records { states[log.space, default: [:]][record] = log.state(of: record) } }
        for participant in members {
            let stranded = try run.stranded(at: participant)
            try participant.store.read { reader in
                for space in try reader.spaces() where !stranded.contains(space) {
                    try compare(space, participant.name, states[space] ?? [:], isShown: try reader.outbox(of: space).isEmpty, reader)
                }
            }
        }
        try run.server.store.read { reader in
            // Of sealed spaces the server has no states.
            for log in logs.values where try reader.standing(of: log.space)?.genesis.policy.isSealed == false {
                try compare(log.space, "the server", states[log.space] ?? [:], isShown: true, reader)
            }
        }
    }

    private func compare(
        _ space: SpaceID, _ holder: String, _ states: [RecordID: RecordState], isShown: Bool, _ reader: any StoreReader
    ) throws {
        let entries = try reader.standing(of: space)?.size ?? 0
        guard let log = logs[space] else {
            return run.chronicle.find(.convergence, "\(holder) has space \(space), which the server has not")
        }
        guard entries == log.size else {
            return run.chronicle.find(.convergence, "\(holder) has \(entries) of \(log.size) entries of \(space)")
        }
        if try reader.entries(of: space, from: 0, maxBytes: .max) != log.entries {
            run.chronicle.find(.convergence, "\(holder) has other entries of \(space) than the server")
        }
        for (record, state) in states {
            guard let held = try reader.record(record, in: space) else {
                run.chronicle.find(.convergence, "\(holder) has no record \(record) of \(space)")
                continue
            }
            if held != state {
                run.chronicle.find(.convergence, "\(holder) holds \(state.kind) \(record) otherwise: \(Self.difference(held, state))")
            }
            if isShown, try reader.shown(record, in: space) != state {
                run.chronicle.find(.convergence, "\(holder) shows \(state.kind) \(record) otherwise, with nothing in its outbox")
            }
        }
        guard isShown else { return }
        let held = try reader.kinds(in: space).keys.flatMap { try reader.briefs(of: $0, in: space) }
        if held.contains(where: { states[$0.id] == nil }) { run.chronicle.find(.convergence, "\(holder) has records that are in no log") }
    }

    private static func difference(_ held: RecordState, _ wanted: RecordState) -> String {
        if held.seam != wanted.seam { return "seam \(held.seam.map(String.init) ?? "-") for \(wanted.seam.map(String.init) ?? "-")" }
        let keys = Set(held.cells.map(\.key) + wanted.cells.map(\.key)).sorted()
        return keys.filter { held[$0] != wanted[$0] }
            .map { "\($0.field) has heads \(held[$0]?.heads.count ?? 0) for \(wanted[$0]?.heads.count ?? 0)" }.joined(separator: ", ")
    }

    /// What is kept follows from the log by the product's own proofs, too: the server's, and a replica's in some seeds.
    ///
    /// States are compared with the reference's in every seed (`convergence`); in each tenth the reference also gives the
    /// root and the devices of every log that anybody holds, and what a replica shows of log and outbox together.
    private func rebuilding() throws {
        if run.seed % 10 == 0 { try foundations() }
        try run.server.store.read { reader in
            for space in try reader.spaces() {
                for finding in try LogRebuild.check(space, reader, schema: run.server.schema) {
                    run.chronicle.find(.rebuilding, "the server keeps what its log does not give: \(finding)")
                }
            }
        }
        if try !run.server.hasLost() {
            for reading in try run.server.store.read({ try Readership.differences($0, besides: []) }) {
                run.chronicle.find(.rebuilding, "who reads what is kept otherwise than the logs give it: \(reading)")
            }
        }
        guard run.seed % 4 == 1 else { return }
        let participant = run.participants[Int(run.seed / 4) % run.participants.count]
        for finding in try participant.workspace.proveRecords(repairing: false) {
            run.chronicle.find(.rebuilding, "\(participant.name) keeps what its log does not give: \(finding)")
        }
    }

    private func foundations() throws {
        let holders = [("the server", run.server.store)] + members.map { ($0.name, $0.store) }
        for (name, store) in holders {
            try store.read { reader in
                for log in logs.values {
                    guard let standing = try reader.standing(of: log.space) else { continue }
                    if standing.frontier.root != log.root(of: standing.size) {
                        run.chronicle.find(.rebuilding, "\(name) has another root of \(log.space) than its entries give")
                    }
                    let held = standing.rights.enrolledDevices.map { ($0, standing.rights.authorPosition(of: $0)) }
                    let wanted = log.enrolled.map { ($0.key, Optional($0.value.position)) }
                    if !held.elementsEqual(wanted.sorted { $0.1 ?? 0 < $1.1 ?? 0 }, by: ==)
                        || log.enrolled.contains(where: { standing.rights.organisation(of: $0.key) != $0.value.organisation })
                    {
                        run.chronicle.find(.rebuilding, "\(name) has other devices in \(log.space) than its statements name")
                    }
                }
            }
        }
    }

    // MARK: P2

    /// Each op in a log is a head wherever its record is held, or is named by an op whose author had it in view.
    private func noLostUpdate() throws {
        for log in logs.values {
            for sentence in log.outOfOrder { run.chronicle.find(.noLostUpdate, sentence) }
            var replaced: [OpID: [LoggedOp]] = [:]
            let ops = log.changes.flatMap(\.ops)
            let early = Set(log.changes.filter(\.isOfEarlierEpoch).map(\.id))
            for later in ops { for named in later.predecessors { replaced[named, default: []].append(later) } }
            var standing: [LoggedOp] = []
            for op in ops {
                guard let later = replaced[op.id] else {
                    standing.append(op)
                    continue
                }
                if !later.contains(where: { op.position < $0.baseSize || op.author == $0.author || early.contains($0.id.change) }) {
                    run.chronicle.find(.noLostUpdate, "\(op.id) was replaced by an op whose author had not seen it")
                }
            }
            for participant in members {
                try participant.store.read { reader in
                    guard try reader.standing(of: log.space) != nil else { return }
                    var states: [RecordID: RecordState?] = [:]
                    for op in standing {
                        if states[op.record] == nil { states[op.record] = try reader.record(op.record, in: log.space) }
                        if states[op.record]??[op.cell]?.heads.contains(where: { $0.op == op.id && $0.value == op.value }) != true {
                            run.chronicle.find(.noLostUpdate, "\(participant.name) has lost \(op.cell.field), op \(op.id)")
                        }
                    }
                }
            }
        }
    }

    // MARK: P3

    /// Each change stands in the log as it was made, names what left its author's view, and follows those made before it.
    private func intention() {
        var last: [Int: (id: ChangeID, space: SpaceID, position: Int)] = [:]
        for id in run.chronicle.order {
            guard let written = run.chronicle.written[id], let (space, change) = places[id] else { continue }
            if space != written.space || change.edits != written.edits || !Self.holds(change, written) || change.device != written.device {
                run.chronicle.find(.intention, "\(id) stands in the log otherwise than it was made")
            }
            if let before = last[written.write], before.space == space, before.position > change.position,
                !run.chronicle.retried.contains(before.id), !run.chronicle.handedOn.contains(id)
            {
                run.chronicle.find(.intention, "\(id) overtook an earlier change of the same write")
            }
            last[written.write] = (id, space, change.position)
            let previewed = Set(written.removed.values.joined())
            let named = Set(change.edits.flatMap { $0.ops.flatMap(\.predecessors) })
            if run.chronicle.isAlone(written), named != previewed {
                run.chronicle.find(.intention, "\(id) names \(named.count) ops, and \(previewed.count) left its author's view")
            }
        }
    }

    /// Whether the values are those that were written, but for what was erased since.
    private static func holds(_ change: ReferenceLog.LoggedChange, _ written: WrittenChange) -> Bool {
        change.values.count == written.values.count && zip(change.values, written.values).allSatisfy { $0 == nil || $0 == $1 }
    }

    // MARK: P4

    private func durability() throws {
        for (id, place) in run.chronicle.acknowledged {
            guard let held = places[id] else {
                run.chronicle.find(.durability, "\(id) was acknowledged and is in no log")
                continue
            }
            if held.space != place.space || held.change.position != place.position {
                run.chronicle.find(.durability, "\(id) was acknowledged at \(place.position) and stands at \(held.change.position)")
            }
            if let written = run.chronicle.written[id], try !written.isSigned(as: held.change.bytes) {
                run.chronicle.find(.durability, "\(id) has other bytes in the log than those that were signed")
            }
        }
        var held: [ObjectIdentifier: Set<ChangeID>] = [:]
        for participant in run.participants { held[ObjectIdentifier(participant)] = Set(try participant.outbox().map(\.item.change)) }
        for id in run.chronicle.order where places[id] == nil && !run.chronicle.isDoomed(id) {
            // Whoever came back from a copy has lost what it made since, as a disk that burns does.
            let holders = run.chronicle.holders[id] ?? []
            if holders.isEmpty { continue }
            if !holders.contains(where: { held[$0]?.contains(id) == true }) {
                run.chronicle.find(.durability, "\(id) was never acknowledged and is in nobody's outbox")
            }
        }
    }

    // MARK: P7

    private func isolation() {
        var search = run.eavesdropper
        for participant in run.participants {
            search.search(participant.store.heldBytes, of: participant.firm, "the store of \(participant.name)")
        }
        for sentence in Set(search.findings) { run.chronicle.find(.isolation, sentence) }
        if search.searchedBytes == 0 { run.chronicle.find(.isolation, "nothing was searched") }
        // What is typed into a sealed space does not reach the server in the open.
        let sealed = Set(run.chronicle.written.values.filter { run.world.sealed.contains($0.space) }.map(\.id))
        let open = run.server.store.heldBytes
        for needle in [" note", " x", " y"].flatMap({ end in Firm.allCases.map { Array(($0.mark + end).utf8) } }) where !sealed.isEmpty {
            if open.contains(where: { Eavesdropper.contains($0, needle) }) {
                run.chronicle.find(.isolation, "the server holds \(String(decoding: needle, as: UTF8.self)) in the open")
            }
        }
    }

    // MARK: P14

    /// What the logs erase stands nowhere any more: in no replica and not at the server, from which every page comes.
    private func erasure() throws {
        let erased = logs.values.reduce(into: Set<OpID>()) { $0.formUnion($1.erased) }
        guard !erased.isEmpty else { return }
        var waiting: Set<ChangeID> = []
        for participant in run.participants { waiting.formUnion(try participant.outbox().map(\.item.change)) }
        // A value that was typed into something else as well stands there.
        var elsewhere: Set<EncodedValue> = []
        for written in run.chronicle.written.values where places[written.id] != nil || waiting.contains(written.id) {
            for (op, _, _, value) in written.ops where !erased.contains(op) { elsewhere.insert(value) }
        }
        let stores = [("the server", run.server.store)] + members.map { ($0.name, $0.store) }
        let held = stores.map { ($0.0, $0.1.heldBytes) }
        for op in erased.sorted() {
            guard let written = run.chronicle.written[op.change], op.index < written.values.count else { continue }
            let value = written.values[op.index]
            // Short ones stand in others by chance.
            guard !elsewhere.contains(value), let text = value.value.text, text.utf8.count > 12,
                !elsewhere.contains(where: { $0.value.text?.contains(text) == true })
            else { continue }
            run.erasedValues += 1
            for (name, pieces) in held where pieces.contains(where: { Eavesdropper.contains($0, Array(text.utf8)) }) {
                run.chronicle.find(.erasure, "\(name) still holds \(text), which was erased as \(op)")
            }
        }
    }

    // MARK: P12

    private func liveness() throws {
        for participant in run.participants where participant.firm.isCustomer && run.world.engagements[participant.firm] == nil {
            run.chronicle.find(.liveness, "\(participant.name) was invited and has not begun its engagement")
        }
        for participant in members {
            for space in try participant.store.read({ try $0.leadSpaces() }) {
                run.chronicle.find(.liveness, "\(participant.name) has never verified what it shows of \(space)")
            }
            for lack in try participant.store.read({ try participant.workspace.withheld($0) }) {
                run.chronicle.find(.noLostUpdate, "\(participant.name) ends without values of \(lack.changes) changes of \(lack.space)")
            }
            for space in try participant.store.read({ try $0.frozenSpaces() }) {
                run.chronicle.find(.unforeseen, "\(participant.name) ends with \(space) frozen")
            }
        }
        for participant in try members.filter({ try $0.spaces().isEmpty }) {
            if logs.values.contains(where: { $0.enrolled[participant.keys.device] != nil }) {
                run.chronicle.find(.liveness, "\(participant.name) is enrolled and has not found its way in")
            }
        }
        for participant in members {
            for item in try participant.outbox()
            where !run.chronicle.isDoomed(item.item.change) && (item.list == .pending || item.code == nil) {
                run.chronicle.find(.liveness, "\(participant.name) still has \(item.item.change) to send, and no reason is shown")
            }
            for orphan in try participant.store.read({ try $0.orphanPlaces(of: nil) })
            // A statement may have become wrong with time, as a reading that has run out: then the reason stands beside it.
            where !(orphan.change.map(run.chronicle.isDoomed) ?? (orphan.code != nil)) {
                run.chronicle.find(
                    .liveness,
                    "\(participant.name) still has \(orphan.change.map { "\($0)" } ?? "a statement") of \(orphan.space) to give back, \(orphan.code?.rawValue ?? "-")"
                )
            }
            for change in try participant.store.read({ try participant.workspace.relayed($0) }) where !run.chronicle.isDoomed(change.change)
            {
                run.chronicle.find(.liveness, "\(participant.name) still has \(change.change) of a file to hand over")
            }
            for item in try participant.outbox() where !run.chronicle.isDoomed(item.item.change) {
                run.reach.note(refusal: item.code, item.detail)
                run.chronicle.refused(item, by: participant)
            }
        }
    }
}
