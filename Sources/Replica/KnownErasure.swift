package import BuntanProtocol
package import ChangeLog
package import Storage
import Syncing

/// A word of a log that erased values, with what it named (design section 10).
///
/// It is read from the log, so that all who hold that tell the same of it.
package struct KnownErasure: Sendable {
    /// A cell that has lost what it held up to then.
    package struct Lost: Hashable, Sendable {
        package let record: RecordID
        package let kind: String
        package let cell: CellKey
    }

    package let space: SpaceID
    /// The log keeper's clock, in milliseconds since 1970.
    package let received: Int64
    package let word: Erasing
    /// Each once, in the order of the word; empty where the changes are sealed from this device.
    package let lost: [Lost]

    /// Who said it; `nil` for the keeper of the log, by a legal order.
    package var organisation: OrganisationID? { word.organisation }
}

extension StoreReader {
    /// The words of a log that erased values, oldest first, each with when it was received.
    package func erasures(in space: SpaceID) throws -> [(word: Erasing, received: Int64)] {
        try words(of: space).compactMap { placed in
            let outer = try Entry(decoding: placed.entry)
            return try Erasing(in: outer.unwrapped()).map { ($0, outer.received) }
        }
    }
}

extension Workspace {
    /// The same with the cells that each names, of changes that were its to name.
    package func knownErasures(in space: SpaceID, _ reader: any StoreReader) throws -> [KnownErasure] {
        let words = try reader.erasures(in: space)
        guard !words.isEmpty, let history = try SpaceHistory(space, reader) else { return [] }
        return try words.map { word, received in
            var lost: [KnownErasure.Lost] = []
            var seen: Set<KnownErasure.Lost> = []
            for item in word.ops {
                guard let change = try history.change(item.change), word.organisation == nil || word.organisation == change.organisation
                else { continue }
                let named = Set(item.indices)
                for step in change.steps where named.contains(step.id.index) {
                    let cell = KnownErasure.Lost(record: step.record, kind: step.kind, cell: step.op.cell)
                    if seen.insert(cell).inserted { lost.append(cell) }
                }
            }
            return KnownErasure(space: space, received: received, word: word, lost: lost)
        }
    }
}
