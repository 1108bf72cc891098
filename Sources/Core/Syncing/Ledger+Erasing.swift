import BuntanProtocol
import ChangeLog
import Merging

/// Values go for good and leave every signature and proof as it was (sync.md section 10).
///
/// ```
/// before   payload {seed, [v0, v1]}              cell: head (c, 1) = v1
/// erase c, 1
/// after    payload [[salt0, v0], commit1]        cell: head (c, 1) erased, and never an older value
/// ```
/// In a sealed space its keeper sees one ciphertext for all values of a change, so they go together.
extension Ledger {
    /// Requires that an organisation names ops of its own changes alone, hence of its own records; the log key may name any.
    ///
    /// A change that the log does not hold may be named: after a loss it comes back after the word, and is asked whose it is
    /// then.
    func requireOwn(_ erasing: Erasing) throws {
        for item in erasing.ops {
            guard let place = try place(of: item.change) else { continue }
            let change = try change(at: place.position)
            if let organisation = erasing.organisation, rights.organisation(of: change.device) != organisation {
                throw Refusal(.notOwner, "record")
            }
            // Whether a record lives is no value that anybody would want erased.
            if let ops = change.edits?.flatMap(\.ops) {
                guard item.indices.allSatisfy({ $0 < ops.count && ops[$0].cell != .life }) else { throw Refusal(.invalid, "erase") }
            }
        }
    }

    /// Takes the values away that a word names and the log holds.
    mutating func erase(_ erasing: Erasing) throws {
        for item in erasing.ops {
            guard let place = try place(of: item.change) else { continue }
            let change = try change(at: place.position)
            guard let named = rights.erasedOps(of: item.change, by: rights.organisation(of: change.device)) else { continue }
            try eraseStored(change, at: place.position, named)
            let edits = try editsInLog(of: item.change) ?? []
            try eraseHeads(of: item.change, edits, change.edits == nil ? nil : named)
            if let missing = unnamed[item.change], change.edits == nil || missing.isSubset(of: named) { unnamed[item.change] = nil }
        }
    }

    private mutating func eraseStored(_ change: Change, at position: Int, _ named: Set<Int>) throws {
        let isHere = position >= update.fromSize
        let stored =
            isHere ? update.entries[position - update.fromSize].payload : try update.erased[position] ?? source.payload(at: position)
        guard let stored else { return }
        var left: [UInt8]?
        if change.edits != nil {
            do { left = ValuesRoot.erasing(named, from: try Payload(decoding: stored)).encoded() } catch {
                throw LogFault.missingEntry(space: standing.id, position: position)
            }
        }
        guard left != stored else { return }
        if isHere {
            update.entries[position - update.fromSize].payload = left
        } else {
            update.erased[position] = .some(left)
        }
    }

    /// - Parameter named: the ops; all of a sealed change.
    private mutating func eraseHeads(of change: ChangeID, _ edits: [Edit], _ named: Set<Int>?) throws {
        for edit in edits {
            guard let state = try record(edit.record) else { continue }
            let erased = state.erasing { $0.change == change && named?.contains($0.index) ?? true }
            if erased != state { update.records[edit.record] = erased }
        }
    }

    private func change(at position: Int) throws -> Change {
        do { return try Change(decoding: entry(at: position).content) } catch is DecodingFault {
            throw LogFault.missingEntry(space: standing.id, position: position)
        }
    }

    // MARK: a change that is new here

    /// Whether all that a change came without has been erased by the log so far.
    package func hasErasedWhatIsMissing(of checked: ReceivedChange) -> Bool {
        guard let missing = checked.missing else { return true }
        let named = rights.erasedOps(of: checked.change.id, by: rights.organisation(of: checked.change.device))
        return checked.change.edits == nil ? named != nil : missing.isSubset(of: named ?? [])
    }

    /// The payload that is kept of a change, and the ops that the log has erased already: a word that was salvaged may stand
    /// before what it names. What else is missing is noted as unnamed.
    mutating func erasing(_ checked: ReceivedChange) throws(Refusal) -> (payload: [UInt8]?, gone: Set<Int>) {
        let (change, payload) = (checked.change, checked.signed.payload)
        if let missing = checked.missing, !hasErasedWhatIsMissing(of: checked) { unnamed[change.id] = missing }
        guard let named = rights.erasedOps(of: change.id, by: rights.organisation(of: change.device)) else {
            return (payload.isEmpty ? nil : payload, [])
        }
        guard change.edits != nil else { return (nil, Set(0..<Limits.opsPerChange)) }
        do { return (ValuesRoot.erasing(named, from: try Payload(decoding: payload)).encoded(), named) } catch {
            throw Refusal(.malformed, "payload")
        }
    }
}

extension ReceivedChange {
    /// The ops whose values did not come with the change; none are named of a sealed one, whose payload comes whole or not.
    /// `nil` where nothing is missing.
    package var missing: Set<Int>? {
        guard change.edits != nil else { return signed.payload.isEmpty ? [] : nil }
        guard case .partial? = opened?.payload, let missing = opened?.payload.missing, !missing.isEmpty else { return nil }
        return missing
    }
}
