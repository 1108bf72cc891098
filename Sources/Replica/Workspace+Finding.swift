package import BuntanProtocol
import Foundation
package import Merging
import Records
package import Storage

/// A cell that holds a text that was looked for.
package struct FoundText: Sendable {
    package let space: SpaceID
    package let record: RecordID
    package let state: RecordState
    package let cell: CellKey
    package let text: String
}

/// Text made alike for comparing: NFKC, without case.
package struct SearchText: Hashable, Sendable {
    private let folded: String

    package init(_ text: String) { folded = Self.fold(text) }

    package func isIn(_ text: String) -> Bool { !folded.isEmpty && Self.fold(text).contains(folded) }

    private static func fold(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 < 0x80 }
        // Folding may take a text out of its normal form, so it is brought back into it.
        return isPlain
            ? text.lowercased()
            : text.precomposedStringWithCompatibilityMapping.folding(options: .caseInsensitive, locale: nil)
                .precomposedStringWithCompatibilityMapping
    }
}

extension Workspace {
    /// Every text in living records of the spaces that holds what is looked for, key fields and all heads included.
    package func find(
        _ text: SearchText, in spaces: [(space: SpaceID, kinds: (String) -> Bool)], _ reader: any StoreReader
    ) throws -> [FoundText] {
        var found: [FoundText] = []
        for (space, isWanted) in spaces {
            for kind in try reader.kinds(in: space).keys.sorted() where isWanted(kind) {
                for stored in try reader.records(of: kind, in: space, after: nil, limit: .max) where stored.shown.standing != .deleted {
                    for cell in stored.shown.cells {
                        // A manifest or an agreement repeats what stands in records.
                        guard schema.kind(kind)?.field(cell.key.field)?.type != .document else { continue }
                        for head in cell.heads {
                            guard let value = head.value?.value.text, text.isIn(value) else { continue }
                            found.append(
                                FoundText(space: space, record: stored.id, state: stored.shown, cell: cell.key, text: value))
                            break
                        }
                    }
                }
            }
        }
        return found
    }
}
