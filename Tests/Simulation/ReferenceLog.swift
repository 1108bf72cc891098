import Agreements
import BuntanProtocol
import ChangeLog
import MergeReference
import Merging
import Storage
import Syncing

/// A space's log read by the letter, without any of the code that admits, folds or stores it.
struct ReferenceLog {
    struct LoggedChange {
        let id: ChangeID
        let position: Int
        let device: DeviceID
        let organisation: OrganisationID
        /// The position of the first statement that enrolled its device.
        let author: Int
        let baseSize: Int
        /// Made in an epoch that has ended since: what its author had in view there is not here.
        let isOfEarlierEpoch: Bool
        /// When the server took it, in milliseconds since 1970.
        let received: Int64
        let isSalvaged: Bool
        let bytes: [UInt8]
        let edits: [Edit]
        /// `nil` where it was erased.
        let values: [EncodedValue?]

        var ops: [LoggedOp] {
            var found: [LoggedOp] = []
            for edit in edits {
                for op in edit.ops {
                    found.append(
                        LoggedOp(
                            id: OpID(id, found.count), record: edit.record, cell: op.cell, predecessors: Set(op.predecessors),
                            value: values[found.count], position: position, author: author, baseSize: baseSize))
                }
            }
            return found
        }
    }

    let space: SpaceID
    let type: SpaceType
    let entries: [StoredEntry]
    var size: Int { entries.count }
    private(set) var changes: [LoggedChange] = []
    private(set) var model = ReferenceModel()
    private(set) var kinds: [RecordID: String] = [:]
    private(set) var creators: [RecordID: OrganisationID] = [:]
    private(set) var enrolled: [DeviceID: (position: Int, organisation: OrganisationID)] = [:]
    private(set) var findings: [String] = []
    /// What a device may read that has lost the right to: where it stands, and who signed it.
    private(set) var leaks: [(position: Int, device: DeviceID)] = []
    private var holders: [Int: [DeviceID: OrganisationID]] = [:]
    /// The key epochs that are lost from which position on.
    private var lostKeys: [(from: Int, epochs: Set<Int>)] = []
    private(set) var authority: ReferenceAuthority
    /// Who might do what where each signature under an agreement stands.
    private(set) var authorities: [Int: ReferenceAuthority] = [:]
    /// The ops that the log erases, wherever it says so.
    private(set) var erased: Set<OpID> = []

    init(of space: SpaceID, in reader: any StoreReader, keys: SpaceKeys) throws {
        self.space = space
        entries = try reader.entries(of: space, from: 0, maxBytes: .max)
        let genesis = try entries.first.map { try Genesis(decoding: Entry(decoding: $0.bytes).content) }
        type = genesis?.type ?? .private
        authority = ReferenceAuthority(genesis)
        let named = try Self.named(in: entries)
        // Where each epoch ended, in the order of the log.
        var cuts: [(epoch: Int, size: Int)] = []
        for stored in entries {
            let outer = try Entry(decoding: stored.bytes)
            let entry = try outer.unwrapped()
            switch entry.kind {
            case .genesis: break
            case .statement:
                let statement = try Statement(decoding: entry.content)
                authority.take(statement, at: stored.position)
                lostKeys.append((stored.position + 1, keysLost(by: statement)))
                if case .enrol(let device, _, _, _, _) = statement.act, enrolled[device] == nil {
                    enrolled[device] = (stored.position, statement.organisation)
                }
            case .change:
                let change = try Change(decoding: entry.content)
                guard let author = enrolled[change.device] else {
                    findings.append("the change at \(stored.position) is by a device that nobody enrolled")
                    continue
                }
                let mine = named.filter { $0.organisation == nil || $0.organisation == author.organisation }
                    .flatMap(\.ops).filter { $0.change == change.id }
                guard let (edits, values) = try Self.open(change, stored.payload, keys) else {
                    findings.append("the change at \(stored.position) cannot be read")
                    continue
                }
                if edits.contains(where: { $0.kind == PartySignature.kind }) { authorities[stored.position] = authority }
                authority.take(
                    edits.map(\.record), by: change.device, of: author.organisation, isSalvaged: outer.kind == .salvaged,
                    at: stored.position)
                for (index, value) in values.enumerated() {
                    let isNamed = mine.contains { $0.indices.contains(index) } || change.edits == nil && !mine.isEmpty
                    if isNamed { erased.insert(OpID(change.id, index)) }
                    if value == nil, !isNamed {
                        findings.append("op \(index) of the change at \(stored.position) lacks a value that nobody erased")
                    }
                    if value != nil, isNamed {
                        findings.append("op \(index) of the change at \(stored.position) has a value that was erased")
                    }
                }
                let cut = cuts.first { $0.epoch >= change.base.epoch }
                // What its author wrote knowing that the key was lost, and the key still was when it came.
                if let sealed = change.sealed, outer.kind == .change, cut == nil, isLost(sealed.keyEpoch, at: change.base.size),
                    isLost(sealed.keyEpoch, at: stored.position)
                {
                    leaks.append((stored.position, change.device))
                }
                take(
                    LoggedChange(
                        id: change.id, position: stored.position, device: change.device, organisation: author.organisation,
                        author: author.position, baseSize: min(change.base.size, cut?.size ?? .max), isOfEarlierEpoch: cut != nil,
                        received: outer.received, isSalvaged: outer.kind == .salvaged, bytes: entry.content, edits: edits, values: values))
            case .server:
                if case .epoch(let ended, let size, _) = try ServerStatement(decoding: entry.content).act { cuts.append((ended, size)) }
            case .salvaged: break
            }
        }
    }

    /// The root of its first entries by the words of RFC 6962, section 2.1.
    func root(of size: Int) -> Digest { Self.root(entries.prefix(size).map { SHA.digest([0] + $0.bytes) }[...]) }

    private static func root(_ leaves: ArraySlice<Digest>) -> Digest {
        guard leaves.count > 1 else { return leaves.first ?? SHA.digest([]) }
        // The largest power of two below the count.
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        return SHA.digest([1] + root(leaves.prefix(split)).bytes + root(leaves.dropFirst(split)).bytes)
    }

    /// The key epochs whose key a device holds that may not read any more, after a statement.
    private mutating func keysLost(by statement: Statement) -> Set<Int> {
        if case .spaceKey(let epoch, let keys) = statement.act {
            for key in keys { holders[epoch, default: [:]][key.device] = statement.organisation }
        }
        return Set(
            holders.filter { _, devices in devices.contains { !authority.rights(of: $0.key, $0.value).contains(.read) } }.map(\.key))
    }

    private func isLost(_ epoch: Int, at size: Int) -> Bool { lostKeys.last { $0.from <= size }?.epochs.contains(epoch) ?? false }

    private mutating func take(_ change: LoggedChange) {
        changes.append(change)
        model.add(change.ops)
        for edit in change.edits where kinds[edit.record] == nil {
            kinds[edit.record] = edit.kind
            creators[edit.record] = change.organisation
        }
    }

    /// What stands before something that it follows on: whoever reads the log one by one passes over it, and it is lost from sight.
    var outOfOrder: [String] {
        var above: Set<ChangeID> = []
        var begun: Set<RecordID> = []
        var found: [String] = []
        for change in changes {
            for edit in change.edits {
                for named in edit.ops.flatMap(\.predecessors) where !above.contains(named.change) {
                    found.append("\(change.id) stands at \(change.position), and not below it what it replaces, \(named)")
                }
                guard begun.insert(edit.record).inserted, !edit.ops.contains(where: { $0.cell == .life }) else { continue }
                found.append("\(change.id) stands at \(change.position), and not below it what begins \(edit.record)")
            }
            above.insert(change.id)
        }
        return found
    }

    /// What erases, by the letter of the entries.
    private static func named(in entries: [StoredEntry]) throws -> [(organisation: OrganisationID?, ops: [ErasedOps])] {
        try entries.compactMap { stored in
            let entry = try Entry(decoding: stored.bytes).unwrapped()
            if entry.kind == .statement, case let statement = try Statement(decoding: entry.content), case .erase(let ops) = statement.act {
                return (statement.organisation, ops)
            }
            if entry.kind == .server, case .erase(let ops, _) = try ServerStatement(decoding: entry.content).act { return (nil, ops) }
            return nil
        }
    }

    private static func open(_ change: Change, _ bytes: [UInt8]?, _ keys: SpaceKeys) throws -> ([Edit], [EncodedValue?])? {
        let edits: [Edit]
        var payload: Payload?
        if let plain = change.edits {
            guard let bytes else { return nil }
            (edits, payload) = (plain, try Payload(decoding: bytes))
        } else if let key = keys.key(of: change) {
            if let bytes {
                (edits, payload) = try SealedSpace.open(change, payload: bytes, key: key)
            } else {
                guard let read = SealedSpace.edits(of: change, key: key) else { return nil }
                edits = read
            }
        } else {
            return nil
        }
        let count = edits.reduce(0) { $0 + $1.ops.count }
        guard payload.map({ $0.count == count }) ?? true else { return nil }
        return (edits, (0..<count).map { index in payload.flatMap { $0[index] } })
    }

    /// The rows that changed after the newest release: a publish writes its release last.
    var unreleased: Set<RecordID> {
        let release = changes.last { $0.edits.contains { $0.kind == "release" } }?.position ?? -1
        let edits = changes.filter { $0.position > release }.flatMap(\.edits).filter { $0.kind == "responsibility" }
        return Set(edits.map(\.record).filter { id in state(of: id).flatMap { RowSide($0, record: id, space: space) } != nil })
    }

    /// A record as the reference has it, in the form in which replicas keep theirs.
    func state(of record: RecordID) -> RecordState? {
        guard let kind = kinds[record], let creator = creators[record] else { return nil }
        let ops = model.ops(of: record)
        let cells = model.heads(of: record).map { key, heads in
            Cell(
                key: key,
                heads: heads.sorted().compactMap { ops[$0] }.map {
                    Head(op: $0.id, position: $0.position, author: $0.author, value: $0.value)
                })
        }
        return RecordState(kind: kind, creator: creator, seam: model.seam(of: record), cells: cells.sorted { $0.key < $1.key })
    }
}
