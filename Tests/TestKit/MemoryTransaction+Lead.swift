import BuntanProtocol
import ChangeLog
import Merging
import Storage
import Syncing

extension MemoryTransaction {
    func lead(of space: SpaceID) throws -> Lead? { try self.space(space)?.value.lead }
    func leadSpaces() throws -> [SpaceID] { try reading().value.spaces.filter { $0.value.value.lead != nil }.keys.sorted() }

    func setLead(_ lead: Lead, of id: SpaceID, records: [RecordID: RecordState]) throws {
        guard try space(id) != nil else { throw violated("A lead was set in space \(id), which is not here.") }
        // A real store keeps bytes.
        let kept = try Lead(decoding: lead.encoded(), space: id, genesisBytes: lead.standing.genesisBytes, genesis: lead.standing.genesis)
        let indexing = indexing
        try change { contents in
            guard var space = contents.spaces.removeValue(forKey: id)?.value else { return }
            if space.lead == nil { space.logged = space.records.compactMapValues(\.state) }
            space.lead = kept
            for (record, state) in records { space.show(state, of: record, in: id, indexing) }
            contents.spaces[id] = Shared(space)
        }
    }

    func endLead(of id: SpaceID) throws -> [RecordID] {
        guard let held = try space(id)?.value, held.lead != nil else { return [] }
        let indexing = indexing
        return try change { contents in
            guard var space = contents.spaces.removeValue(forKey: id)?.value else { return [] }
            let known = Set(space.logged.keys).union(space.records.keys)
            let differing = known.filter { space.logged[$0] != space.records[$0]?.state }
            for record in differing { space.show(space.logged[record], of: record, in: id, indexing) }
            space.lead = nil
            space.logged = [:]
            contents.spaces[id] = Shared(space)
            return differing.sorted()
        }
    }

    func dropLead(of id: SpaceID) throws {
        try change { contents in
            guard var space = contents.spaces.removeValue(forKey: id)?.value else { return }
            space.lead = nil
            space.logged = [:]
            contents.spaces[id] = Shared(space)
        }
    }

    func words(of space: SpaceID) throws -> [PlacedEntry] {
        guard let held = try self.space(space)?.value else { return [] }
        let changes = Set(held.places.values.map(\.position))
        return held.entries.filter { !changes.contains($0.position) }.map { PlacedEntry(position: $0.position, entry: $0.bytes) }
    }

    func states(in space: SpaceID, after: RecordID?, maxBytes: Int) throws -> (states: [CarriedState], more: Bool) {
        guard maxBytes > 0 else { throw violated("A page of \(maxBytes) bytes was asked for.") }
        var states: [CarriedState] = []
        var bytes = 0
        let records = try self.space(space)?.value.records ?? [:]
        for record in records.keys.sorted() where after.map({ $0 < record }) ?? true {
            guard let state = records[record]?.state?.encoded() else { continue }
            bytes += state.count + 18
            guard states.isEmpty || bytes <= maxBytes else { return (states, true) }
            states.append(CarriedState(record: record, state: state))
            countRow()
        }
        return (states, false)
    }

    func eachStateHash(in space: SpaceID, _ body: (RecordID, Digest) throws -> Void) throws {
        for (record, held) in try self.space(space)?.value.records.sorted(by: { $0.key < $1.key }) ?? [] {
            if let state = held.state { try body(record, state.hash) }
        }
    }
}

extension MemoryContents.Space {
    /// Puts another state of the log's behind what is shown.
    fileprivate mutating func show(_ state: RecordState?, of record: RecordID, in space: SpaceID, _ indexing: any RecordIndexing) {
        let shown = records[record]?.shown
        guard let visible = shown ?? state else {
            records[record] = nil
            return
        }
        let flags = indexing.flags(of: visible)
        records[record] = MemoryContents.Record(
            state: state, shown: shown, kind: visible.kind,
            flags: shown == nil ? flags.subtracting(.pending) : flags.union(.pending),
            brief: indexing.brief(of: visible, record: record, space: space))
    }
}
