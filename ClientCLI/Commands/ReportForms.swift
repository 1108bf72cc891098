import BuntanProtocol
import ChangeLog
import Merging
import Records
import Replica
import Storage
import Syncing

// The forms that mean the same in every format of JSON (commands.md section 7).

extension JSONValue {
    /// `id` in full with its `short` beside it, and what else is said of the thing.
    static func identified(_ id: String, short: String, _ members: (String, JSONValue?)...) -> JSONValue {
        let head: [Member] = [.init("id", .text(id)), .init("short", .text(short))]
        return .object(head + members.compactMap { name, value in value.map { Member(name, $0) } })
    }

    /// What a writing command did: the last `change` it made with its `short` id, both `null` where nothing differed.
    static func written(_ change: WrittenChange?, _ members: (String, JSONValue?)...) -> JSONValue {
        let head: [Member] = [.init("change", .text(orNull: change?.id?.hex)), .init("short", .text(orNull: change?.short))]
        return .object(head + members.compactMap { name, value in value.map { Member(name, $0) } })
    }

    /// A value of a field; what was erased is as *empty*.
    static func value(_ value: EncodedValue?) -> JSONValue {
        switch value?.value {
        case nil, .null?: .null
        case .bool(let bool)?: .bool(bool)
        case .int(let int)?: .integer(int)
        case .text(let text)?: .text(text)
        case .bytes(let bytes)?: .text(Hexadecimal.text(bytes))
        }
    }

    /// This object with further members behind its own.
    func adding(_ members: (String, JSONValue?)...) -> JSONValue {
        guard case .object(let own) = self else { return self }
        return .object(own + members.compactMap { name, value in value.map { Member(name, $0) } })
    }
}

/// Says of values in a space who wrote them and when, and shows those in conflict as all their heads, never as one of them.
struct HeadForms {
    let space: SpaceID
    private let reader: any StoreReader
    private let labels: [Int: String]

    init(_ space: SpaceID, _ reader: any StoreReader) throws {
        self.space = space
        self.reader = reader
        var labels: [Int: String] = [:]
        let rights = try reader.standing(of: space)?.rights
        for device in rights?.enrolledDevices ?? [] {
            guard let position = rights?.authorPosition(of: device) else { continue }
            labels[position] = rights?.organisation(of: device).flatMap { rights?.chain(of: $0) }?.devices[device]?.label
        }
        self.labels = labels
    }

    /// The label of the device that wrote a head.
    func device(of head: Head) -> String? { labels[head.author] }

    /// When a head was written by its device's clock, in milliseconds since 1970; `nil` for one that cannot be read here.
    func time(of head: Head, in record: RecordID) throws -> Int64? { try change(head.op.change, touching: record)?.time }

    /// The values that the heads of a cell replaced, as far as they all replaced the same: several where each has settled one
    /// conflict otherwise. Each value once, in order of the log.
    func before(_ cell: Cell, in record: RecordID) throws -> [EncodedValue] {
        var common: Set<OpID>?
        for head in cell.heads {
            let named = Set(try op(head.op, touching: record)?.predecessors ?? [])
            common = common?.intersection(named) ?? named
        }
        var values: [EncodedValue] = []
        for (_, op) in try (common ?? []).map({ (try position(of: $0), $0) }).sorted(by: { ($0.0, $0.1) < ($1.0, $1.1) }) {
            if let value = try value(of: op, in: record), !values.contains(value) { values.append(value) }
        }
        return values
    }

    private func value(of op: OpID, in record: RecordID) throws -> EncodedValue? {
        if let waiting = try waiting(op.change, touching: record) { return waiting.item.payload.value(of: op) }
        return try recorded(op.change)?.payload?.value(of: op)
    }

    /// A change of the log, opened: that of a sealed space says nothing before.
    private func recorded(_ change: ChangeID) throws -> RecordedChange? { try SpaceHistory(space, reader)?.change(change) }

    /// What stood before: a value, `null` for none, or all there were.
    func beforeJSON(_ cell: Cell, in record: RecordID) throws -> JSONValue {
        let values = try before(cell, in: record)
        guard values.count > 1 else { return .value(values.first) }
        return ["heads": .list(values.map { ["value": .value($0)] })]
    }

    /// One head with its author.
    func json(_ head: Head, in record: RecordID) throws -> JSONValue {
        [
            "value": .value(head.value), "device": .text(orNull: device(of: head)),
            "time": .text(orNull: try time(of: head, in: record).map { Timestamp.rfc3339(milliseconds: $0) }),
        ]
    }

    /// What stands in a cell: its value, `null` where it is empty, or its heads where they differ.
    func json(_ cell: Cell?, in record: RecordID) throws -> JSONValue {
        guard let cell else { return .null }
        guard cell.isConflicted else { return .value(cell.heads[0].value) }
        return ["heads": .list(try cell.heads.map { try json($0, in: record) })]
    }

    /// A text in the languages there are, each a value or its heads.
    func texts(_ field: String, of state: RecordState?, in record: RecordID) throws -> JSONValue {
        let cells = state?.cells(of: field).filter { $0.isConflicted || $0.state.filled != nil } ?? []
        return .object(
            try cells.compactMap { cell -> JSONValue.Member? in
                guard case .code(let language)? = cell.key.element else { return nil }
                return JSONValue.Member(language, try json(cell, in: record))
            }.sorted { $0.name > $1.name })
    }

    private func position(of op: OpID) throws -> Int { try reader.place(of: op.change, in: space)?.position ?? .max }

    private func waiting(_ change: ChangeID, touching record: RecordID) throws -> OutboxItem? {
        try reader.outbox(touching: record, in: space).first { $0.item.change == change }
    }

    private func change(_ id: ChangeID, touching record: RecordID) throws -> Change? {
        if let waiting = try waiting(id, touching: record) { return try Change(decoding: waiting.item.signed.bytes) }
        guard let place = try reader.place(of: id, in: space),
            let bytes = try reader.entries(of: space, from: place.position, maxBytes: 1).first?.bytes
        else { return nil }
        let entry = try Entry(decoding: bytes).unwrapped()
        return entry.kind == .change ? try Change(decoding: entry.content) : nil
    }

    private func op(_ id: OpID, touching record: RecordID) throws -> Op? {
        let edits =
            try waiting(id.change, touching: record)?.item.edits ?? reader.source(of: space).edits(of: id.change)
            ?? recorded(id.change)?.edits ?? []
        let ops = edits.flatMap(\.ops)
        return id.index < ops.count ? ops[id.index] : nil
    }
}

extension Payload {
    /// The value of an op of its change, `nil` once erased.
    fileprivate func value(of op: OpID) -> EncodedValue? { op.index < count ? self[op.index] : nil }
}
