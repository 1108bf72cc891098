package import BuntanProtocol
package import Records
package import Storage
import ChangeLog
import Syncing

/// Something that has a short id: everything but rows and releases, which go by their names.
package enum NamedThing: Hashable, Sendable {
    case record(RecordID)
    case change(ChangeID)
    case device(DeviceID)
    /// A service or an engagement: they have handles too.
    case space(SpaceID)
    /// An invitation made here.
    case invitation(InvitationID)

    package var bytes: [UInt8] {
        switch self {
        case .record(let id): id.bytes
        case .change(let id): id.bytes
        case .device(let id): id.bytes
        case .space(let id): id.bytes
        case .invitation(let id): id.bytes
        }
    }
}

/// The ids of everything in a store, so that short ones are unambiguous in it (commands.md section 3).
package struct StoreIndex: Sendable {
    package let ids: ShortIDs<NamedThing>
    /// Where each record is: the same id stands in several spaces where a copy was published.
    package let records: [RecordID: [(space: SpaceID, kind: String)]]
    package let changes: [ChangeID: SpaceID]

    package init(_ reader: any StoreReader) throws {
        var records: [RecordID: [(space: SpaceID, kind: String)]] = [:]
        var changes: [ChangeID: SpaceID] = [:]
        var others = Set<NamedThing>()
        try reader.eachNamed { thing, space, kind in
            switch thing {
            case .record(let id): records[id, default: []].append((space, kind))
            case .change(let id): changes[id] = space
            case .device, .space, .invitation: others.insert(thing)
            }
        }
        self.records = records
        self.changes = changes
        ids = ShortIDs(records.keys.map { NamedThing.record($0) } + changes.keys.map { .change($0) } + others) { $0.bytes }
    }

    /// The letters by which a thing goes in this store; for one that is not here, as few as there may be.
    package func short(_ thing: NamedThing) -> String {
        ids.shortest(thing) ?? String(ShortID.letters(of: thing.bytes).prefix(ShortID.leastLetters))
    }

    package func short(_ record: RecordID) -> String { short(.record(record)) }
    package func short(_ change: ChangeID) -> String { short(.change(change)) }

    /// What a short id, a longer beginning of it, or a full id stands for.
    package func find(_ typed: String) -> ShortIDs<NamedThing>.Match {
        let lower = typed.lowercased()
        if let id = RecordID(uuid: lower), records[id] != nil { return .one(.record(id)) }
        if let bytes = Hexadecimal.bytes(lower) {
            if let id = ChangeID(bytes), changes[id] != nil { return .one(.change(id)) }
            let named = [
                DeviceID(bytes).map { NamedThing.device($0) }, SpaceID(bytes).map { .space($0) },
                InvitationID(bytes).map { .invitation($0) },
            ]
            if let thing = named.lazy.compactMap(\.self).first(where: { ids.shortest($0) != nil }) { return .one(thing) }
        }
        return ids.find(lower)
    }
}

extension StoreReader {
    /// Goes through everything that has a short id, with its space and, for a record, its kind; some of it comes more than once.
    fileprivate func eachNamed(_ visit: (NamedThing, SpaceID, String) -> Void) throws {
        for space in try spaces() {
            if try standing(of: space).map({ $0.genesis.type != .private }) ?? false { visit(.space(space), space, "") }
            for kind in try kinds(in: space).keys.sorted() {
                for brief in try briefs(of: kind, in: space) { visit(.record(brief.id), space, kind) }
            }
            for change in try changes(in: space) { visit(.change(change), space, "") }
            for device in try standing(of: space)?.rights.enrolledDevices ?? [] { visit(.device(device), space, "") }
        }
        for item in try outbox(of: nil) { visit(.change(item.item.change), item.item.space, "") }
        // An invitation is of no space: it is the server's.
        for id in try values(withPrefix: StoredName.invitationPrefix).keys.compactMap({ StoredName.invitation(named: $0) }) {
            visit(.invitation(id), SpaceID(high: 0, low: 0), "")
        }
    }

    /// The letters by which one thing goes in this store, without an index of all the others.
    package func shortID(of thing: NamedThing) throws -> String {
        try shortIDs(of: [thing])[thing] ?? String(ShortID.letters(of: thing.bytes).prefix(ShortID.leastLetters))
    }

    /// The same for a few things, in one walk through the store.
    package func shortIDs(of things: Set<NamedThing>) throws -> [NamedThing: String] {
        guard !things.isEmpty else { return [:] }
        var asked = things.map { (thing: $0, digest: ShortID.digest(of: $0.bytes), letters: ShortID.leastLetters) }
        try eachNamed { other, _, _ in
            let digest = ShortID.digest(of: other.bytes)
            for index in asked.indices where asked[index].thing != other {
                asked[index].letters = max(asked[index].letters, ShortID.lettersTelling(asked[index].digest, from: digest))
            }
        }
        return Dictionary(asked.map { ($0.thing, String(ShortID.letters(of: $0.thing.bytes).prefix($0.letters))) }) { first, _ in first }
    }
}
