package import BuntanProtocol
import ChangeLog
import Merging
package import Syncing

extension StoreReader {
    /// What a space was when its log had `size` entries, at least its genesis: found from the entries beyond, and from the
    /// history of the records that they touch.
    ///
    /// - Parameter keys: those of sealed spaces, without which their records are nobody's to tell.
    package func cut(of space: SpaceID, to size: Int, keys: SpaceKeys = .none) throws -> LogCut {
        guard var standing = try standing(of: space), (1...standing.size).contains(size) else {
            throw LogFault.missingEntry(space: space, position: size)
        }
        let source = try source(of: space)
        var touched = Set<RecordID>()
        var rightsHold = true
        try eachEntry(of: space, in: size..<standing.size) { stored, entry in
            guard entry.kind == .change else {
                rightsHold = false
                return
            }
            let change = try Change(decoding: entry.content)
            var edits = change.edits
            if let key = keys.key(of: change) { edits = SealedSpace.edits(of: change, key: key) }
            touched.formUnion((edits ?? []).map(\.record))
        }
        standing.frontier = try LogTiles.frontier(ofSize: size) { try source.tile($0) }
        if !rightsHold {
            standing.rights = try rights(of: space, at: size)
            standing.epoch = standing.rights.epoch
        }
        var records: [RecordID: RecordState?] = [:]
        var read: [Int: (change: Change, opened: OpenedChange)?] = [:]
        for record in touched {
            records[record] = try state(of: record, below: size, standing, history: history(of: record, in: space)) { position in
                if let known = read[position] { return known }
                let found = try openedChange(at: position, in: space, keys: keys)
                read[position] = .some(found)
                return found
            }
        }
        return LogCut(standing: standing, records: records)
    }

    /// The rights that hold for the entry at a position.
    private func rights(of space: SpaceID, at position: Int) throws -> SpaceRights {
        var rights: SpaceRights?
        try eachEntry(of: space, in: 0..<position) { stored, entry in
            guard var current = rights else {
                rights = try SpaceRights(genesis: entry)
                return
            }
            guard entry.kind == .statement || entry.kind == .server, let signature = entry.signature else { return }
            rights = nil
            let signed = SignedBytes(bytes: entry.content, signature: signature)
            if entry.kind == .server {
                try current.apply(serverStatement: signed, at: stored.position)
            } else {
                try current.apply(signed, at: stored.position)
            }
            rights = current
        }
        guard let rights else { throw LogFault.missingEntry(space: space, position: 0) }
        return rights
    }

    /// The change at a position and what it holds in the open, as it was checked when it was taken; `nil` where no key opens it.
    func openedChange(at position: Int, in space: SpaceID, keys: SpaceKeys) throws -> (change: Change, opened: OpenedChange)? {
        guard let stored = try entries(of: space, from: position, maxBytes: 1).first, stored.position == position else {
            throw LogFault.missingEntry(space: space, position: position)
        }
        let payload = stored.payload ?? []
        let change = try Change(decoding: Entry(decoding: stored.bytes).unwrapped().content)
        if let edits = change.edits { return (change, OpenedChange(edits: edits, payload: try Payload(decoding: payload))) }
        guard let key = keys.key(of: change) else { return nil }
        do throws(Refusal) {
            let (edits, values) = try SealedSpace.open(change, payload: payload, key: key, form: .afterErasure)
            return (change, OpenedChange(edits: edits, payload: values))
        } catch {
            // What is sealed and not sound was passed over when it came.
            return nil
        }
    }

    /// A record's state as the entries below a size leave it.
    private func state(
        of record: RecordID, below size: Int, _ standing: SpaceStanding, history: [Int],
        read: (Int) throws -> (change: Change, opened: OpenedChange)?
    ) throws -> RecordState? {
        var state: RecordState?
        for position in history where position < size {
            guard let (change, opened) = try read(position) else { continue }
            let author = standing.rights.authorPosition(of: change.device) ?? 0
            let context = OpContext(
                change: change.id, position: position, author: author, baseSize: standing.rights.sizeInView(of: change.base))
            var first = 0
            for edit in opened.edits {
                if edit.record == record {
                    var next =
                        state
                        ?? RecordState(
                            kind: edit.kind,
                            creator: standing.rights.organisation(of: change.device) ?? standing.genesis.parties[0].organisation)
                    next.apply(edit, firstOp: first, values: { opened.payload[$0] }, context: context)
                    state = next
                }
                first += edit.ops.count
            }
        }
        return state
    }

    /// Hands over entries in order, salvaged ones as what they carry.
    func eachEntry(of space: SpaceID, in range: Range<Int>, _ body: (StoredEntry, Entry) throws -> Void) throws {
        var position = range.lowerBound
        while position < range.upperBound {
            let page = try entries(of: space, from: position, maxBytes: Limits.pageBytes)
            guard !page.isEmpty else { throw LogFault.missingEntry(space: space, position: position) }
            for stored in page.prefix(range.upperBound - position) {
                try body(stored, try Entry(decoding: stored.bytes).unwrapped())
                position = stored.position + 1
            }
        }
    }
}
