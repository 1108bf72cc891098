package import BuntanProtocol
import ChangeLog
import Merging
import Records
package import Storage
import Syncing

/// What a person wants a record to hold, before predecessors and signatures.
package struct RecordDraft: Hashable, Sendable {
    package let record: RecordID
    package let kind: String
    /// The cells to write, in any order. `@life` and key fields are added when the record is new or comes back; `@life` as
    /// false deletes the record as it is in view, whatever else stands here.
    package var cells: [CellKey: Value]
    /// For a kind with a natural key: its fields. Written when the record is new or comes back.
    package var key: [(field: String, value: Value)]
    /// Whether it may replace several values of a cell: a choice among values that were shown, or a copy of what was chosen
    /// elsewhere. Any other draft is refused there, since nobody has seen what it would take away.
    package var replacesSeveral = false

    package init(record: RecordID, kind: String, cells: [CellKey: Value], key: [(field: String, value: Value)] = []) {
        self.record = record
        self.kind = kind
        self.cells = cells
        self.key = key
    }

    /// A draft of a record with a natural key in a space.
    package init(space: SpaceID, kind: String, key: [(field: String, value: Value)], cells: [CellKey: Value]) {
        self.init(record: RecordID.natural(space: space, kind: kind, key: key.map(\.value)), kind: kind, cells: cells, key: key)
    }

    package static func == (a: Self, b: Self) -> Bool {
        a.record == b.record && a.kind == b.kind && a.cells == b.cells && a.key.elementsEqual(b.key) { $0 == $1 }
    }
    package func hash(into hasher: inout Hasher) {
        hasher.combine(record)
        hasher.combine(cells)
    }
}

/// What a write made: its changes, in order.
package struct Committed: Hashable, Sendable {
    package let space: SpaceID
    package let changes: [ChangeID]
    /// The records that were touched, in the order of the drafts; records that held the values already are not among them.
    package let records: [RecordID]
    package let ops: Int
    /// The nonce of its last change, for a write that goes on.
    let lastNonce: Nonce?

    package var isEmpty: Bool { changes.isEmpty }
}

extension Workspace {
    /// Writes drafts as changes of up to 500 ops in one transaction. Cells that hold the value already are left out.
    package func commit(_ drafts: [RecordDraft], in space: SpaceID) throws -> Committed {
        try store.write { try commit(drafts, in: space, $0) }
    }

    /// The same inside a transaction of the caller.
    ///
    /// - Parameter last: the write that this goes on with: what is one act is undone as one.
    package func commit(
        _ drafts: [RecordDraft], in space: SpaceID, after last: Committed? = nil, _ transaction: any StoreWriter
    ) throws -> Committed {
        var author = try LocalAuthor(workspace: self, space: space, after: last?.lastNonce, transaction: transaction)
        for draft in drafts { try author.add(draft) }
        return try author.finish()
    }

    /// Writes ops that name their own predecessors: resolutions and undo.
    ///
    /// - Parameter last: the last nonce of a write that this goes on with.
    package func commit(
        _ edits: [(edit: Edit, values: [Value])], in space: SpaceID, after last: Nonce? = nil, _ transaction: any StoreWriter
    ) throws -> Committed {
        var author = try LocalAuthor(workspace: self, space: space, after: last, transaction: transaction)
        for (edit, values) in edits { try author.add(edit, values: values.map(\.encoded)) }
        return try author.finish()
    }
}

/// Makes the changes of one local transaction on one space: signs, judges as an admitting server would, and files each
/// in the outbox, or in the log where no server keeps the space.
struct LocalAuthor {
    private let workspace: Workspace
    private let keys: DeviceKeys
    private let space: SpaceID
    private let transaction: any StoreWriter
    private let standing: SpaceStanding
    private let spaceKey: SpaceKey?
    private let isLocal: Bool
    private let authorPosition: Int
    private let organisation: OrganisationID
    private let side: Side
    /// For a space without a server: its log, being extended.
    private var ledger: Ledger?
    private var random: PortRandom
    private var lastNonce: Nonce?

    private var edits: [Edit] = []
    /// The records of `edits`.
    private var drafted: Set<RecordID> = []
    private var values: [EncodedValue] = []
    private var shown: [RecordID: RecordState?] = [:]
    private var changed: [RecordID] = []
    private var made: [ChangeID] = []
    private var opCount = 0
    private var ownOps: [ChangeID: [Edit]] = [:]
    /// What waits in the outbox and was made under keys that this store has lost.
    private let underLostKeys: Set<ChangeID>

    init(workspace: Workspace, space: SpaceID, after last: Nonce? = nil, transaction: any StoreWriter) throws {
        guard let keys = workspace.keys else { throw WorkspaceFault.keysNeeded }
        guard let standing = try transaction.standing(of: space) else { throw WorkspaceFault.unknownSpace(space) }
        guard try !transaction.isFrozen(space) else { throw WorkspaceFault.frozen(space) }
        guard try standing.genesis.party(transaction.identity().organisation) != nil else { throw WorkspaceFault.readsOnly(space) }
        // Before, some records are newer than the view that a change would name.
        if try transaction.lead(of: space)?.isSettled == false { try workspace.requireVerified([space], transaction) }
        guard standing.rights.capabilities(of: keys.device).contains(.write),
            let authorPosition = standing.rights.authorPosition(of: keys.device),
            let organisation = standing.rights.organisation(of: keys.device), let party = standing.genesis.party(organisation)
        else { throw WorkspaceFault.notEnrolled(space) }
        var spaceKey: SpaceKey?
        if standing.genesis.policy.isSealed {
            spaceKey = try transaction.spaceKeys(of: [space]).sealing(in: standing.rights)
            guard spaceKey != nil else { throw WorkspaceFault.noSpaceKey(space) }
        }
        self.workspace = workspace
        self.keys = keys
        self.space = space
        self.transaction = transaction
        self.standing = standing
        self.spaceKey = spaceKey
        self.authorPosition = authorPosition
        self.organisation = organisation
        self.side = party.side
        underLostKeys = try transaction.underLostKeys(in: space)
        random = workspace.draw
        lastNonce = last
        isLocal = try transaction.value(StoredName.logKey(space)) != nil && standing.rights.serverName == nil
        ledger =
            isLocal
            ? Ledger(
                standing, source: try transaction.source(of: space), schema: workspace.schema,
                keys: try transaction.spaceKeys(of: [space])) : nil
    }

    private mutating func state(_ record: RecordID) throws -> RecordState? {
        if let known = shown[record] { return known }
        let state = try ledger.map { try $0.record(record) } ?? transaction.shown(record, in: space)
        shown[record] = .some(state)
        return state
    }

    // MARK: adding

    mutating func add(_ draft: RecordDraft) throws {
        // What was drafted of this record before is in view of what is drafted now.
        if drafted.contains(draft.record) { try close() }
        let state = try state(draft.record)
        let standing = RecordStanding(of: state)
        if state?.isLifeOpen == true, !draft.replacesSeveral {
            throw WorkspaceFault.severalValues(draft.record, .life)
        }
        if draft.cells[.life] == .bool(false) {
            // A deletion names every head in view, in every cell: what it left out would stand as an edit beside it.
            guard let state, standing != .deleted else { return }
            if !draft.replacesSeveral, let cell = state.conflicts.first { throw WorkspaceFault.severalValues(draft.record, cell.key) }
            let deletion = Op(cell: .life, predecessors: state.allHeads)
            return try add(Edit(record: draft.record, kind: draft.kind, ops: [deletion]), values: [Value.bool(false).encoded])
        }
        var cells = draft.cells
        if standing == .absent || standing == .deleted { cells[.life] = cells[.life] ?? .bool(true) }
        // Life comes with the key, even where the key is in view: a deletion that has not been seen may take that away.
        var renewed: Set<CellKey> = []
        if cells[.life] == .bool(true), standing != .alive {
            for (field, value) in draft.key {
                cells[CellKey(field)] = value
                renewed.insert(CellKey(field))
            }
        }
        var ops: [Op] = []
        var opValues: [EncodedValue] = []
        for (cell, value) in cells.sorted(by: { $0.key < $1.key }) {
            let encoded = value.encoded
            let heads = state?[cell]?.heads ?? []
            if heads.isEmpty {
                // An empty cell and an absent one say the same.
                if value == .null || (value == .bool(false) && cell.element != nil) { continue }
            } else if heads.count == 1, heads[0].value == encoded, !renewed.contains(cell) {
                continue
            } else if !draft.replacesSeveral, state?[cell]?.isConflicted == true, !isComputed(cell, of: draft.kind) {
                throw WorkspaceFault.severalValues(draft.record, cell)
            }
            ops.append(Op(cell: cell, predecessors: heads.map(\.op)))
            opValues.append(encoded)
        }
        guard !ops.isEmpty else { return }
        try add(Edit(record: draft.record, kind: draft.kind, ops: ops), values: opValues)
    }

    /// Whether the program alone writes a cell: nobody typed what stands there.
    private func isComputed(_ cell: CellKey, of kind: String) -> Bool {
        workspace.schema.kind(kind)?.field(cell.field)?.isComputed == true
    }

    mutating func add(_ edit: Edit, values opValues: [EncodedValue]) throws {
        guard edit.ops.count <= Limits.opsPerChange else {
            throw WorkspaceFault.tooManyOps(record: edit.record, count: edit.ops.count)
        }
        let bytes = opValues.reduce(0) { $0 + $1.bytes.count }
        let isSameRecord = drafted.contains(edit.record)
        if values.count + edit.ops.count > Limits.opsPerChange || pendingBytes + bytes > Self.changeBudget || isSameRecord { try close() }
        edits.append(edit)
        drafted.insert(edit.record)
        values.append(contentsOf: opValues)
        pendingBytes += bytes + edit.ops.count * 40
        if edit.ops.contains(where: { $0.cell.field == "document" }) { try close() }
    }

    /// Below the limit of a change, so that names and framing fit beside the values.
    private static let changeBudget = Limits.changeBytes - 64 * 1024
    private var pendingBytes = 0

    // MARK: making

    private mutating func close() throws {
        guard !edits.isEmpty else { return }
        let base = ledger?.standing.base ?? standing.base
        let content = edits
        let signed: SignedChange
        // Changes of one write are found by one another.
        let nonce = lastNonce.map(Change.nonce(after:)) ?? random.nonce()
        lastNonce = nonce
        let makers = try makers(of: content)
        do {
            signed = try ChangeAuthor(space: space, key: keys.signing, spaceKey: spaceKey).change(
                edits: content, values: values, also: makers, base: base, time: workspace.clock.now(),
                schema: workspace.schema.version, nonce: nonce, seed: random.nonce(), random: &random)
        } catch let refusal { throw WorkspaceFault.refused(refusal, record: content.first?.record) }
        let change: Change
        do { change = try Change(decoding: signed.bytes) } catch { preconditionFailure("an own change does not decode: \(error)") }
        let payload = Payload.whole(seed: ownSeed(of: signed), values: values)
        let checked = ReceivedChange(signed: signed, change: change, opened: OpenedChange(edits: content, payload: payload))
        if ledger != nil {
            let now = workspace.clock.now()
            switch try ledger?.admit(checked, received: now) {
            case .refused(let code, let detail)?:
                throw WorkspaceFault.refused(Refusal(code ?? .invalid, detail), record: content.first?.record)
            default: break
            }
        } else {
            try judge(content, payload: payload, baseSize: base.size)
            ownOps[change.id] = content
            _ = try transaction.appendToOutbox(
                OutboxItem.New(space: space, change: change.id, signed: signed, edits: content, payload: payload))
            var first = 0
            for edit in content {
                var state = try state(edit.record) ?? RecordState(kind: edit.kind, creator: organisation)
                state.apply(
                    edit, firstOp: first, values: { payload[$0] },
                    context: OpContext(change: change.id, position: nil, author: authorPosition, baseSize: base.size))
                shown[edit.record] = .some(state)
                try transaction.setShown(state, of: edit.record, in: space)
                first += edit.ops.count
            }
        }
        for edit in content {
            if ledger != nil { shown[edit.record] = nil }
            changed.append(edit.record)
        }
        opCount += values.count
        made.append(change.id)
        edits = []
        drafted = []
        values = []
        pendingBytes = 0
    }

    /// The changes by which records stand that a sealed change writes to and names nothing of: its server is to know of these, too.
    private mutating func makers(of edits: [Edit]) throws -> Set<ChangeID> {
        guard spaceKey != nil else { return [] }
        return try edits.reduce(into: []) { makers, edit in
            guard edit.ops.allSatisfy(\.predecessors.isEmpty) else { return }
            makers.formUnion(try state(edit.record)?[.life]?.heads.map(\.op.change) ?? [])
        }
    }

    /// The seed of an own change in the open; a sealed one's is behind the cipher, and only its values are asked for here.
    private func ownSeed(of signed: SignedChange) -> Nonce {
        if spaceKey == nil, case .whole(let seed, _)? = try? Payload(decoding: signed.payload) { return seed }
        return Nonce(high: 0, low: 0)
    }

    /// Judges own edits as the server will, so that nothing is signed that cannot be admitted.
    private mutating func judge(_ edits: [Edit], payload: Payload, baseSize: Int) throws {
        let source = try transaction.source(of: space)
        var first = 0
        for edit in edits {
            guard underLostKeys.isEmpty || !edit.ops.contains(where: { $0.predecessors.contains { underLostKeys.contains($0.change) } })
            else { throw WorkspaceFault.unsentUnderLostKeys(edit.record) }
            let context = EditContext(
                space: space, spaceType: standing.genesis.type, organisation: organisation, side: side, author: authorPosition,
                baseSize: baseSize, firstOp: first, changeSchema: workspace.schema.version)
            let outbox = ownOps
            let position = authorPosition
            let pending = transaction
            let refusal = try EditCheck.refusal(
                of: edit, values: { payload[$0] }, state: try state(edit.record), context: context, schema: workspace.schema,
                keepsUnknownSchema: false,
                opPlace: { op in
                    // A head of the shown state may still be in the outbox: it is this device's own.
                    if let edits = try outbox[op.change]
                        ?? pending.outbox(touching: edit.record, in: context.space)
                        .first(where: { $0.item.change == op.change })?.item.edits
                    {
                        return OpPlace(op, in: edits, position: nil, author: position)
                    }
                    guard let place = try source.place(of: op.change), let edits = try source.edits(of: op.change) else { return nil }
                    return OpPlace(op, in: edits, position: place.position, author: place.author)
                })
            if let refusal { throw WorkspaceFault.refused(refusal, record: edit.record) }
            first += edit.ops.count
        }
    }

    mutating func finish() throws -> Committed {
        try close()
        if let ledger, !ledger.update.isEmpty {
            try transaction.apply(try ledger.finished())
            try workspace.signCheckpoint(of: space, standing: ledger.standing, transaction)
        }
        return Committed(space: space, changes: made, records: changed, ops: opCount, lastNonce: made.isEmpty ? nil : lastNonce)
    }
}

extension StoreReader {
    /// The changes of a space that still wait in the outbox and that a device signed whose keys this store has lost.
    fileprivate func underLostKeys(in space: SpaceID) throws -> Set<ChangeID> {
        // Nearly always there were never other keys.
        guard let bytes = try value(StoredName.underLostKeys) else { return [] }
        let lost = Set(stride(from: 0, to: bytes.count, by: 16).compactMap { ChangeID(Array(bytes[$0..<min($0 + 16, bytes.count)])) })
        return lost.intersection(try outboxPlaces(of: space).map(\.change))
    }
}
