package import BuntanProtocol

/// What a cell shows: one value, or several until a person chooses.
package enum CellState: Hashable, Sendable {
    /// One value; `nil` where it was erased. All its heads are named, so that the next write supersedes each.
    case settled(EncodedValue?, by: [OpID])
    case conflicted([Head])

    package var isSettled: Bool { if case .settled = self { true } else { false } }

    /// The op ids that the next write of the cell names.
    package var ops: [OpID] {
        switch self {
        case .settled(_, let ops): ops
        case .conflicted(let heads): heads.map(\.op)
        }
    }

    /// The one value there is, unless it is *empty*, erased or in conflict.
    package var filled: EncodedValue? {
        guard case .settled(let value?, _) = self, !value.isNull else { return nil }
        return value
    }
}

extension Cell {
    /// Heads with equal values are shown as one value and leave nothing to decide.
    package var state: CellState { isConflicted ? .conflicted(heads) : .settled(heads[0].value, by: heads.map(\.op)) }

    /// Whether the heads differ, without building a `CellState`: lists ask it of every cell there is.
    package var isConflicted: Bool {
        guard heads.count > 1 else { return false }
        // An erased value equals no other: nobody can tell what it was.
        return heads.dropFirst().contains { $0.value == nil || $0.value != heads[0].value }
    }

    package var isErased: Bool { heads.contains { $0.value == nil } }
}

/// The few letters that name a set of values shown to a person, so that a choice made later can tell whether it changed.
package enum SeenMark {
    package static let leastLetters = 4

    /// What is printed beside the values.
    package static func text(of heads: some Collection<Head>) -> String { String(letters(of: heads).prefix(8)) }

    /// Whether what a person typed names this set: any beginning of at least four letters.
    package static func matches(_ typed: String, _ heads: some Collection<Head>) -> Bool {
        typed.utf8.count >= leastLetters && letters(of: heads).hasPrefix(typed.lowercased())
    }

    private static func letters(of heads: some Collection<Head>) -> String {
        let bytes = CBORWriter.encode { w in
            w.list(heads.map(\.op).sorted()) { w, op in
                w.array(2)
                w.id(op.change)
                w.int(op.index)
            }
        }
        return Base32.text(Purpose.hash("seen", bytes).bytes)
    }
}
