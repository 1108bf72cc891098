package import BuntanProtocol
package import ChangeLog
package import Merging
import Records

/// A change whose form, signature and payload have been checked outside any lock.
package struct ReceivedChange: Sendable {
    package let signed: SignedChange
    package let change: Change
    /// Edits and payload in the open; `nil` where the space is sealed and no key is at hand, or what is sealed is unsound.
    package private(set) var opened: OpenedChange?
    /// Why a key that is at hand opens nothing sound. What was signed is what came, so that it is the author's fault and no
    /// keeper's: everybody who may read finds the same.
    package private(set) var unsound: Refusal?

    package init(signed: SignedChange, change: Change, opened: OpenedChange?) {
        self.signed = signed
        self.change = change
        self.opened = opened
    }

    /// Checks a change as received: form, limits, signature, and the payload against the values root.
    package init(
        checking signed: SignedChange, keys: SpaceKeys = .none, form: ChangeCheck.PayloadForm = .whole
    ) throws(Refusal) {
        let checked = try ChangeCheck.check(signed, form: form)
        var opened: OpenedChange?
        if let edits = checked.change.edits, let payload = checked.payload { opened = OpenedChange(edits: edits, payload: payload) }
        self.init(signed: signed, change: checked.change, opened: opened)
        open(with: keys, form: form)
    }

    /// Checks the change in an entry as it travels, a salvaged one's too; `nil` where the entry holds none.
    ///
    /// Anybody could leave values out, and nothing that is signed would tell: what is missing the log must have erased, see
    /// `Ledger`.
    package static func carried(
        _ carried: CarriedEntry, keys: SpaceKeys = .none, form: ChangeCheck.PayloadForm = .afterErasure
    ) throws(Refusal) -> ReceivedChange? {
        let entry: Entry
        do { entry = try Entry(decoding: carried.entry).unwrapped() } catch { throw Refusal(.malformed, "entry") }
        guard entry.kind == .change else { return nil }
        guard let signature = entry.signature else { throw Refusal(.malformed, "payload") }
        return try ReceivedChange(
            checking: SignedChange(bytes: entry.content, signature: signature, payload: carried.payload ?? []), keys: keys, form: form)
    }

    /// Opens a sealed change whose key is at hand, if it has not been opened before.
    package mutating func open(with keys: SpaceKeys, form: ChangeCheck.PayloadForm) {
        guard isUnread, let key = keys.key(of: change) else { return }
        do throws(Refusal) {
            let (edits, payload) = try SealedSpace.open(change, payload: signed.payload, key: key, form: form)
            opened = OpenedChange(edits: edits, payload: payload)
        } catch { unsound = error }
    }

    /// Whether it is sealed and has not been looked into yet, for want of its key.
    package var isUnread: Bool { opened == nil && unsound == nil }
}

/// The edits of a change and their values, in the open.
package struct OpenedChange: Sendable {
    package let edits: [Edit]
    package let payload: Payload

    package init(edits: [Edit], payload: Payload) {
        self.edits = edits
        self.payload = payload
    }
}

/// A space's log being extended: judges entries one after another and collects what they change.
///
/// Server, client and a space without a server run this same code, so that what one admits no other refuses. Nothing
/// is written here: a store takes `update` whole, in the transaction from which the ledger read.
package struct Ledger {
    package internal(set) var update: SpaceUpdate
    let source: any LogSource
    let schema: SchemaRegistry
    /// Whether kinds and fields of a newer schema are kept as they are (a replica) or refused (whoever admits).
    let keepsUnknownSchema: Bool
    /// The ops whose values came without, and which no entry so far has erased; of a sealed change none are named.
    ///
    /// Where a log is read whole nothing is left of it at the end: its keeper has withheld the rest.
    package var unnamed: [ChangeID: Set<Int>] = [:]
    /// The keys with which a sealed space's earlier changes are opened where a later one names their ops.
    package var keys: SpaceKeys

    /// Changes of a sealed space that were taken and change nothing, with the reason that all who read them give.
    package private(set) var passedOver: [ChangeID: Refusal] = [:]
    private var places: [ChangeID: ChangePlace] = [:]
    private var edits: [ChangeID: [Edit]] = [:]
    private var leaves: [Digest] = []
    private var roots: [Int: Digest] = [:]

    package init(
        _ standing: SpaceStanding, source: any LogSource, schema: SchemaRegistry = .current, keepsUnknownSchema: Bool = false,
        keys: SpaceKeys = .none
    ) {
        self.keys = keys
        update = SpaceUpdate(standing: standing)
        self.source = source
        self.schema = schema
        self.keepsUnknownSchema = keepsUnknownSchema
        if standing.size > 0 { roots[standing.size] = standing.frontier.root }
    }

    package var standing: SpaceStanding { update.standing }
    package var genesis: Genesis { _read { yield update.standing.genesis } }
    package var rights: SpaceRights { _read { yield update.standing.rights } }
    package var size: Int { update.standing.size }

    // MARK: what stands in the log, with this batch

    package func place(of change: ChangeID) throws -> ChangePlace? { try places[change] ?? source.place(of: change) }

    package func record(_ id: RecordID) throws -> RecordState? { try update.records[id] ?? source.record(id) }

    func editsInLog(of change: ChangeID) throws -> [Edit]? {
        if let known = try edits[change] ?? source.edits(of: change) { return known }
        guard genesis.policy.isSealed, let place = try place(of: change) else { return nil }
        let sealed: Change
        do { sealed = try Change(decoding: entry(at: place.position).content) } catch is DecodingFault {
            throw LogFault.missingEntry(space: standing.id, position: place.position)
        }
        return keys.key(of: sealed).flatMap { SealedSpace.edits(of: sealed, key: $0) }
    }

    /// The entry at a position of the log, a salvaged one as what it carries; one that cannot be read is missing.
    func entry(at position: Int) throws -> Entry {
        let bytes =
            position >= update.fromSize ? update.entries[position - update.fromSize].bytes : try source.entry(at: position)
        guard let bytes else { throw LogFault.missingEntry(space: standing.id, position: position) }
        do { return try Entry(decoding: bytes).unwrapped() } catch {
            throw LogFault.missingEntry(space: standing.id, position: position)
        }
    }

    /// The root of the log when it had `size` entries.
    package mutating func root(ofSize size: Int) throws -> Digest {
        if let root = roots[size] { return root }
        let root: Digest
        if size == self.size {
            root = update.standing.frontier.root
        } else {
            let changed = Dictionary(
                try LogTiles.appending(leaves, toLogOf: update.fromSize, tile: source.tile)
            ) { first, _ in first }
            root = try LogTiles.root(ofSize: size) { id in try changed[id] ?? source.tile(id) }
        }
        roots[size] = root
        return root
    }

    // MARK: changes

    /// Judges one change by steps 7 to 13 of PROTOCOL.md section 13 and takes it if it passes.
    ///
    /// - Parameter used: bytes this space may still grow by.
    package mutating func admit(_ checked: ReceivedChange, received: Int64, allowance: Int = .max) throws -> Verdict {
        if let known = try verdict(ofKnown: checked) { return known }
        if let refusal = try refusal(of: checked) { return .refused(refusal) }
        let entry = Entry(kind: .change, received: received, content: checked.signed.bytes, signature: checked.signed.signature).encoded()
        guard entry.count + checked.signed.payload.count <= allowance else { return .refused(Refusal(.quota)) }
        let position = size
        try take(checked, entryBytes: entry)
        return .accepted(position: position)
    }

    /// What is to be said of a change whose id stands in the log already; `nil` for a new one.
    package func verdict(ofKnown checked: ReceivedChange) throws -> Verdict? {
        guard let place = try place(of: checked.change.id) else { return nil }
        return try entry(at: place.position).content == checked.signed.bytes
            ? .duplicate(position: place.position) : .refused(Refusal(.cidReused))
    }

    /// Returns why a change new to this log cannot stand in it, or `nil`.
    ///
    /// - Parameter isSalvaged: whether it was accepted once, in an epoch that has ended: then its author need have had the
    ///   right to write at some time, and the log that it had in view is gone.
    /// - Parameter isStanding: whether the keeper of the log has taken it before.
    mutating func refusal(of checked: ReceivedChange, isSalvaged: Bool = false, isStanding: Bool = false) throws -> Refusal? {
        let change = checked.change
        guard change.space == standing.id else { return Refusal(.malformed, "space") }
        guard rights.isFounded, rights.isInvitationHonoured else { return Refusal(.noRight, "founding") }
        let mayWrite = isSalvaged ? rights.couldWrite(change.device) : rights.capabilities(of: change.device).contains(.write)
        guard mayWrite, let author = rights.authorPosition(of: change.device),
            let organisation = rights.organisation(of: change.device), let party = genesis.party(organisation)
        else { return Refusal(.noRight) }
        if !isSalvaged, let refusal = try refusal(of: change.base) { return refusal }
        guard change.schema >= rights.leastSchema else { return Refusal(.schemaUnknown, "schema") }
        guard genesis.policy.isSealed == (change.edits == nil) else { return Refusal(.invalid, "sealed") }
        guard try holdsWhatPrecedes(change) else { return Refusal(.unknownPredecessor) }
        if let unsound = checked.unsound { return unsound }
        guard let opened = checked.opened else { return nil }
        var first = 0
        for edit in opened.edits {
            let context = EditContext(
                space: standing.id, spaceType: genesis.type, organisation: organisation, side: party.side, author: author,
                baseSize: rights.sizeInView(of: change.base), firstOp: first, changeSchema: change.schema,
                isOfEarlierEpoch: change.base.epoch < standing.epoch, isStanding: isStanding)
            let state = try record(edit.record)
            let refusal = try EditCheck.refusal(
                of: edit, values: { opened.payload[$0] }, state: state, context: context, schema: schema,
                keepsUnknownSchema: keepsUnknownSchema,
                opPlace: { op in try self.opPlace(op) })
            if let refusal { return refusal }
            first += edit.ops.count
        }
        return nil
    }

    /// Why a change was not made on this log, or `nil`: one made in an earlier epoch is bound to what has stayed of it.
    private mutating func refusal(of base: Base) throws -> Refusal? {
        guard base.epoch <= standing.epoch else { return Refusal(.epochChanged) }
        guard !rights.isLost(base) else { return nil }
        guard base.size <= size, try root(ofSize: base.size) == base.root else { return Refusal(.baseMismatch) }
        return nil
    }

    /// Where an op named as predecessor stands: a head or one that was superseded since.
    private func opPlace(_ op: OpID) throws -> OpPlace? {
        guard let place = try place(of: op.change), let edits = try editsInLog(of: op.change) else { return nil }
        return OpPlace(op, in: edits, position: place.position, author: place.author)
    }

    mutating func take(_ checked: ReceivedChange, entryBytes: [UInt8]) throws {
        let change = checked.change
        let position = size
        let author = rights.authorPosition(of: change.device) ?? 0
        let (payload, gone) = try erasing(checked)
        var touched: [RecordID] = []
        if let opened = checked.opened {
            var first = 0
            for edit in opened.edits {
                let context = OpContext(
                    change: change.id, position: position, author: author, baseSize: rights.sizeInView(of: change.base))
                var state =
                    try record(edit.record)
                    ?? RecordState(kind: edit.kind, creator: rights.organisation(of: change.device) ?? genesis.parties[0].organisation)
                state.apply(edit, firstOp: first, values: { gone.contains($0) ? nil : opened.payload[$0] }, context: context)
                update.records[edit.record] = state
                touched.append(edit.record)
                first += edit.ops.count
            }
            edits[change.id] = opened.edits
        }
        places[change.id] = ChangePlace(position: position, author: author)
        append(entryBytes, payload: payload, change: change.id, author: author, records: touched)
    }

    // MARK: other entries

    /// Takes a statement of a party, if its chain and rights allow it here.
    ///
    /// - Throws: `Refusal`; what reading the log throws, for an erasure.
    package mutating func admit(_ statement: SignedBytes, received: Int64) throws -> Int {
        let position = size
        try take(Entry(kind: .statement, received: received, content: statement.bytes, signature: statement.signature))
        return position
    }

    /// - Parameter bytes: the entry as it stands in the log, where it carries this one.
    mutating func take(_ entry: Entry, as bytes: [UInt8]? = nil) throws {
        guard let signature = entry.signature else { throw Refusal(.malformed, "signature") }
        let statement = SignedBytes(bytes: entry.content, signature: signature)
        let erasing = Erasing(in: entry)
        try erasing.map { try requireOwn($0) }
        if entry.kind == .server {
            try follow(statement)
        } else {
            try update.standing.rights.apply(statement, at: size)
            update.rightsChanged = true
        }
        append(bytes ?? entry.encoded())
        try erasing.map { try erase($0) }
    }

    /// Takes a word of the log key: the announcement of a new key, a move, the end of an epoch, or an erasure.
    package mutating func admit(serverStatement statement: SignedBytes, received: Int64) throws -> Int {
        let position = size
        try take(Entry(kind: .server, received: received, content: statement.bytes, signature: statement.signature))
        return position
    }

    /// Takes in a word of the log key at the next position.
    private mutating func follow(_ statement: SignedBytes) throws(Refusal) {
        var rights = update.standing.rights
        try rights.apply(serverStatement: statement, at: size)
        if rights.epoch != standing.epoch, rights.endedEpochs.last?.root != standing.frontier.root { throw Refusal(.invalid, "epoch") }
        update.standing.rights = rights
        update.standing.epoch = rights.epoch
        update.rightsChanged = true
    }

    mutating func append(
        _ bytes: [UInt8], payload: [UInt8]? = nil, change: ChangeID? = nil, author: Int? = nil, records: [RecordID] = []
    ) {
        let leaf = Entry.leafHash(of: bytes)
        update.entries.append(
            NewEntry(position: size, bytes: bytes, leaf: leaf, payload: payload, change: change, author: author, records: records))
        leaves.append(leaf)
        update.standing.frontier.append(leaf)
    }

    // MARK: entries as another log keeper ordered them

    /// Takes an entry at the next position as received, re-checking what its admission promised.
    ///
    /// A change that a sealed space's server could not judge and that fails here is kept and passed over, by all alike.
    /// - Throws: `LogFault` where the keeper of the log admitted what it must not.
    package mutating func take(_ carried: CarriedEntry, checked: ReceivedChange?) throws {
        let position = size
        let entry: Entry
        do { entry = try Entry(decoding: carried.entry) } catch {
            throw LogFault.invalidEntry(space: standing.id, position: position, Refusal(.malformed))
        }
        do {
            switch entry.kind {
            case .genesis: throw Refusal(.invalid, "genesis")
            case .salvaged: try take(salvaged: entry, carried, checked: checked)
            case .statement, .server: try take(entry)
            case .change:
                guard let checked else { throw Refusal(.badSignature) }
                guard try place(of: checked.change.id) == nil else { throw Refusal(.cidReused) }
                try take(checked, carried, refusal: refusal(of: checked, isStanding: true))
            }
        } catch let refusal as Refusal {
            throw LogFault.invalidEntry(space: standing.id, position: position, refusal)
        }
    }

    /// Takes a change whose id is new; one in a sealed space that only those who can open it can refuse is passed over.
    mutating func take(_ checked: ReceivedChange, _ carried: CarriedEntry, refusal: Refusal?) throws {
        guard let refusal else { return try take(checked, entryBytes: carried.entry) }
        guard try isPassedOver(checked, for: refusal) else { throw refusal }
        let (payload, _) = try erasing(checked)
        let author = rights.authorPosition(of: checked.change.device)
        places[checked.change.id] = ChangePlace(position: size, author: author ?? 0)
        append(carried.entry, payload: payload, change: checked.change.id, author: author)
        passedOver[checked.change.id] = refusal
    }

    /// The update with the tree's changed tiles, ready for a store.
    package func finished() throws -> SpaceUpdate {
        var update = update
        update.tiles = Dictionary(
            try LogTiles.appending(leaves, toLogOf: update.fromSize, tile: source.tile)
        ) { first, _ in first }
        return update
    }
}

/// A log that is not what its keeper signed or promised.
package enum LogFault: Error, Hashable, Sendable {
    case missingEntry(space: SpaceID, position: Int)
    case invalidEntry(space: SpaceID, position: Int, Refusal)
    /// The checkpoint does not verify under the log's key, or names another log.
    case badCheckpoint(space: SpaceID)
    case rootMismatch(space: SpaceID, size: Int, signed: Digest, computed: Digest)
    /// The keeper's log is shorter than one it signed before.
    case fellBack(space: SpaceID, held: Int, offered: Int)
    case notTheGenesis(space: SpaceID)
    /// A page of a snapshot is not what the log's key may sign.
    case badSnapshot(space: SpaceID, SnapshotFlaw)
    /// The log, now that it is here whole, gives other states than the snapshots that its key has signed, or other rights.
    case snapshotDiffers(space: SpaceID, size: Int, records: [RecordID])
    /// Its parties have not let this organisation read it.
    case notForThisReader(space: SpaceID)
}
