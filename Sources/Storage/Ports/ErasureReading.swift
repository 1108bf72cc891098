package import BuntanProtocol
import ChangeLog

package import Syncing

extension StoreReader {
    /// Every op that the log of a space holds on a field of a record and whose value is still there, whatever stands there
    /// now: who asks for a value to be erased expects its earlier forms to go with it.
    ///
    /// - Parameters:
    ///   - element: a language or member alone; `nil` for all that the field has.
    ///   - keys: those of sealed spaces; without them nothing is found there.
    package func standingOps(
        on field: String, element: Element?, of record: RecordID, in space: SpaceID, keys: SpaceKeys = .none
    ) throws -> [ErasedOps] {
        var found: [ErasedOps] = []
        for position in try history(of: record, in: space) {
            guard let (change, opened) = try openedChange(at: position, in: space, keys: keys) else { continue }
            var indices: [Int] = []
            var index = 0
            for edit in opened.edits {
                for op in edit.ops {
                    defer { index += 1 }
                    guard edit.record == record, op.cell.field == field, element == nil || op.cell.element == element,
                        opened.payload[index] != nil
                    else { continue }
                    indices.append(index)
                }
            }
            if !indices.isEmpty { found.append(ErasedOps(change.id, indices)) }
        }
        return found.sorted { $0.change < $1.change }
    }

    /// A change of a log whose values are not all here though no word has erased them.
    package func changeWithheld(in space: SpaceID) throws -> ChangeID? {
        guard let standing = try standing(of: space) else { return nil }
        var found: ChangeID?
        try eachEntry(of: space, in: 0..<standing.size) { stored, entry in
            guard entry.kind == .change, found == nil else { return }
            let change = try Change(decoding: entry.content)
            let missing: Set<Int>
            if change.edits == nil {
                guard stored.payload == nil else { return }
                missing = []
            } else {
                missing = try Payload(decoding: stored.payload ?? []).missing
                if missing.isEmpty { return }
            }
            let named = standing.rights.erasedOps(of: change.id, by: standing.rights.organisation(of: change.device))
            if named.map({ !missing.isSubset(of: $0) }) ?? true { found = change.id }
        }
        return found
    }
}
