/// The log view on which a change was made: what its author had verified (PROTOCOL.md section 6).
package struct Base: Hashable, Sendable {
    package let epoch: Int
    /// Entries in view, at least 1.
    package let size: Int
    package let root: Digest

    package init(epoch: Int, size: Int, root: Digest) {
        self.epoch = epoch
        self.size = size
        self.root = root
    }

    package func write(to writer: inout CBORWriter) {
        writer.array(3)
        writer.int(epoch)
        writer.int(size)
        writer.fixed(root)
    }

    package init(from reader: inout CBORReader) throws(DecodingFault) {
        try reader.array(of: 3)
        epoch = try reader.count()
        size = try reader.int(1...(1 << 53))
        root = try reader.fixed()
    }
}

/// Names one op: the change that holds it and its number there.
package struct OpID: Hashable, Comparable, Sendable {
    package let change: ChangeID
    package let index: Int

    @inlinable
    package init(_ change: ChangeID, _ index: Int) {
        self.change = change
        self.index = index
    }

    @inlinable
    package static func == (a: Self, b: Self) -> Bool { a.index == b.index && a.change == b.change }

    @inlinable
    package func hash(into hasher: inout Hasher) {
        hasher.combine(change)
        hasher.combine(index)
    }

    @inlinable
    package static func < (a: Self, b: Self) -> Bool { a.change != b.change ? a.change < b.change : a.index < b.index }
}

/// One cell's new value and the heads it replaces. The value stands in the payload at the op's number.
package struct Op: Hashable, Sendable {
    package let cell: CellKey
    package let predecessors: [OpID]

    package init(cell: CellKey, predecessors: [OpID]) {
        self.cell = cell
        self.predecessors = predecessors
    }
}

/// All ops of a change on one record.
package struct Edit: Hashable, Sendable {
    package let record: RecordID
    package let kind: String
    package let ops: [Op]

    package init(record: RecordID, kind: String, ops: [Op]) {
        self.record = record
        self.kind = kind
        self.ops = ops
    }
}

/// One user action: signed, atomic, final once made (PROTOCOL.md section 6).
package struct Change: Hashable, Sendable {
    /// What a change does: in view of everybody, or sealed.
    package enum Content: Hashable, Sendable {
        case edits([Edit])
        case sealed(SealedEdits)
    }

    package let space: SpaceID
    package let device: DeviceID
    package let nonce: Nonce
    package let base: Base
    /// The author's clock in milliseconds since 1970: for people to read; decides nothing.
    package let time: Int64
    package let schema: Int
    package let content: Content
    package let valuesRoot: Digest
    /// Made of device and nonce, once: it is asked for again and again.
    package let id: ChangeID

    package init(
        space: SpaceID, device: DeviceID, nonce: Nonce, base: Base, time: Int64, schema: Int, content: Content, valuesRoot: Digest
    ) {
        self.space = space
        self.device = device
        self.nonce = nonce
        self.base = base
        self.time = time
        self.schema = schema
        self.content = content
        self.valuesRoot = valuesRoot
        id = Self.id(device: device, nonce: nonce)
    }

    package static let format = 1

    package static func id(device: DeviceID, nonce: Nonce) -> ChangeID {
        var bytes = Purpose.prefix("cid", room: 48)
        device.append(to: &bytes)
        nonce.append(to: &bytes)
        return ChangeID(prefixOf: SHA.digest(bytes))
    }

    /// The nonce of the change that goes on with a write too large for one change (PROTOCOL.md section 6).
    package static func nonce(after nonce: Nonce) -> Nonce { Nonce(prefixOf: Purpose.hash("next-change", nonce.bytes)) }

    /// The edits, or `nil` for a sealed change.
    package var edits: [Edit]? { if case .edits(let edits) = content { edits } else { nil } }

    /// What a sealed change holds; `nil` for one in view of everybody.
    package var sealed: SealedEdits? { if case .sealed(let sealed) = content { sealed } else { nil } }

    package func encoded() -> [UInt8] {
        CBORWriter.encode(capacity: 512) { w in
            w.map(9 + (sealed.map { $0.follows.isEmpty ? 2 : 3 } ?? 0))
            w.key(1)
            w.int(Self.format)
            w.key(2)
            w.id(space)
            w.key(3)
            w.fixed(device)
            w.key(4)
            w.id(nonce)
            w.key(5)
            base.write(to: &w)
            w.key(6)
            w.int(time)
            w.key(7)
            w.int(schema)
            w.key(8)
            switch content {
            case .edits(let edits): EditList.write(edits, to: &w)
            case .sealed(let sealed): w.byteString(sealed.bytes)
            }
            w.key(9)
            w.fixed(valuesRoot)
            if let sealed {
                w.key(10)
                w.int(sealed.keyEpoch)
                w.key(11)
                w.fixed(sealed.payload)
                if !sealed.follows.isEmpty {
                    w.key(12)
                    w.list(sealed.follows) { $0.id($1) }
                }
            }
        }
    }

    package init(decoding bytes: [UInt8]) throws(DecodingFault) {
        var r = CBORReader(bytes)
        var m = try r.map()
        try r.key(1, &m)
        guard try r.int() == Int64(Self.format) else { throw r.fault(.unknownFormat) }
        try r.key(2, &m)
        space = try r.id()
        try r.key(3, &m)
        device = try r.fixed()
        try r.key(4, &m)
        nonce = try r.id()
        try r.key(5, &m)
        base = try Base(from: &r)
        try r.key(6, &m)
        time = try r.int()
        try r.key(7, &m)
        schema = try r.int(0...1_000_000)
        try r.key(8, &m)
        var edits: [Edit]?
        var sealed: [UInt8]?
        if try r.peekMajor() == 2 {
            sealed = Array(try r.byteString(most: Limits.changeBytes))
        } else {
            edits = try EditList.read(from: &r)
        }
        try r.key(9, &m)
        valuesRoot = try r.fixed()
        if let sealed {
            try r.key(10, &m)
            let keyEpoch = try r.count()
            try r.key(11, &m)
            let payload: Digest = try r.fixed()
            let follows = try r.hasKey(12, &m) ? try SealedEdits.readFollows(from: &r) : []
            content = .sealed(SealedEdits(bytes: sealed, keyEpoch: keyEpoch, payload: payload, follows: follows))
        } else {
            content = .edits(edits ?? [])
        }
        try r.end(m)
        try r.finish()
        id = Self.id(device: device, nonce: nonce)
    }
}

/// The edits of a change in a sealed space, the payload that they go with, and what they follow on (PROTOCOL.md section 6).
package struct SealedEdits: Hashable, Sendable {
    /// `nonce(12) ‖ AES-256-GCM` of the edits' CBOR under the space key of the key epoch.
    package let bytes: [UInt8]
    /// Counted from 1.
    package let keyEpoch: Int
    /// SHA-256 of the payload as it travels: whoever has no key sees by it that a payload is the author's.
    package let payload: Digest
    /// The changes without which the edits mean nothing, ascending and distinct: whoever has no key sees by it that they stand
    /// below this one.
    package let follows: [ChangeID]

    package init(bytes: [UInt8], keyEpoch: Int, payload: Digest, follows: Set<ChangeID> = []) {
        self.init(bytes: bytes, keyEpoch: keyEpoch, payload: payload, follows: follows.sorted())
    }

    fileprivate init(bytes: [UInt8], keyEpoch: Int, payload: Digest, follows: [ChangeID]) {
        self.bytes = bytes
        self.keyEpoch = keyEpoch
        self.payload = payload
        self.follows = follows
    }

    fileprivate static func readFollows(from r: inout CBORReader) throws(DecodingFault) -> [ChangeID] {
        let start = r.offset
        let changes = try EditList.readChanges(from: &r)
        guard !changes.isEmpty else { throw DecodingFault(.wrongLength, at: start) }
        return changes
    }
}

/// The layout `[[cid, …], [Edit, …]]`: changes named once, ops numbered through.
package enum EditList {
    /// The changes whose ops these name as predecessors.
    package static func named(in edits: [Edit]) -> Set<ChangeID> {
        var named = Set<ChangeID>()
        for edit in edits { for op in edit.ops { for p in op.predecessors { named.insert(p.change) } } }
        return named
    }

    package static func encoded(_ edits: [Edit]) -> [UInt8] { CBORWriter.encode(capacity: 512) { write(edits, to: &$0) } }

    package static func write(_ edits: [Edit], to w: inout CBORWriter) {
        let changes = named(in: edits).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: changes.enumerated().map { ($1, $0) })
        w.array(2)
        w.list(changes) { $0.id($1) }
        w.list(edits) { w, edit in
            w.array(3)
            w.id(edit.record)
            w.text(edit.kind)
            w.list(edit.ops) { w, op in
                w.array(3)
                op.cell.write(to: &w)
                // Ascending by change id is ascending by number, since the changes stand in order.
                w.list(op.predecessors.sorted()) { w, p in
                    w.array(2)
                    w.int(numbers[p.change] ?? 0)
                    w.int(p.index)
                }
            }
        }
    }

    package static func decode(_ bytes: [UInt8]) throws(DecodingFault) -> [Edit] {
        try CBORReader.decode(bytes) { r throws(DecodingFault) in try read(from: &r) }
    }

    /// The changes that edits follow on, ascending and distinct.
    fileprivate static func readChanges(from r: inout CBORReader) throws(DecodingFault) -> [ChangeID] {
        let start = r.offset
        let changes: [ChangeID] = try r.list(most: Limits.opsPerChange * Limits.predecessors) { r throws(DecodingFault) in try r.id() }
        for i in changes.indices.dropFirst() where !(changes[i - 1] < changes[i]) { throw DecodingFault(.unsorted, at: start) }
        return changes
    }

    package static func read(from r: inout CBORReader) throws(DecodingFault) -> [Edit] {
        try r.array(of: 2)
        let start = r.offset
        let changes = try readChanges(from: &r)
        var used = [Bool](repeating: false, count: changes.count)
        var opCount = 0
        var records = Set<RecordID>()
        // Rows written together have the same kind and cells: each is decoded once and recognised by its bytes afterwards.
        var kindBefore = (bytes: 0..<0, name: "")
        var cellsBefore: [(bytes: Range<Int>, cell: CellKey)] = []
        let edits = try r.list(most: Limits.opsPerChange) { r throws(DecodingFault) -> Edit in
            try r.array(of: 3)
            let at = r.offset
            let record: RecordID = try r.id()
            guard records.insert(record).inserted else { throw DecodingFault(.unsorted, at: at) }
            let kindStart = r.offset
            if !r.skip(same: kindBefore.bytes) {
                let name = try r.name()
                kindBefore = (kindStart..<r.offset, name)
            }
            let kind = kindBefore.name
            var number = 0
            var isAscending = true
            var lastCell: CellKey?
            let ops = try r.list(most: Limits.opsPerChange) { r throws(DecodingFault) -> Op in
                try r.array(of: 3)
                let cellStart = r.offset
                if number == cellsBefore.count || !r.skip(same: cellsBefore[number].bytes) {
                    let cell = try CellKey(from: &r)
                    cellsBefore.replaceSubrange(number..<min(number + 1, cellsBefore.count), with: [(cellStart..<r.offset, cell)])
                }
                let cell = cellsBefore[number].cell
                if let lastCell, !(lastCell < cell) { isAscending = false }
                lastCell = cell
                number += 1
                let most = cell == .life ? Limits.lifePredecessors : Limits.predecessors
                let at = r.offset
                var last: OpID?
                let predecessors = try r.list(most: most) { r throws(DecodingFault) -> OpID in
                    try r.array(of: 2)
                    let number = try r.int(0...Int(Int32.max))
                    let index = try r.int(0...(Limits.opsPerChange - 1))
                    guard number < changes.count else { throw r.fault(.outOfRange) }
                    used[number] = true
                    let id = OpID(changes[number], index)
                    if let last, !(last < id) { throw DecodingFault(.unsorted, at: at) }
                    last = id
                    return id
                }
                return Op(cell: cell, predecessors: predecessors)
            }
            guard !ops.isEmpty else { throw DecodingFault(.wrongLength, at: at) }
            guard isAscending || Set(ops.map(\.cell)).count == ops.count else { throw DecodingFault(.unsorted, at: at) }
            opCount += ops.count
            guard opCount <= Limits.opsPerChange else { throw DecodingFault(.tooMany, at: at) }
            return Edit(record: record, kind: kind, ops: ops)
        }
        guard !edits.isEmpty else { throw DecodingFault(.wrongLength, at: start) }
        guard !used.contains(false) else { throw DecodingFault(.unsorted, at: start) }
        return edits
    }
}
