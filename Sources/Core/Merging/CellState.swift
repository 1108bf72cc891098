package import BuntanProtocol

/// What a cell shows: one value, or several until a person chooses.
package enum CellState: Hashable, Sendable {
    /// One value; `nil` where it was erased. All its heads are named, so that the next write supersedes each.
    case settled(EncodedValue?, by: [OpID])
    case conflicted([Head])

    package var isSettled: Bool { if case .settled = self { true } else { false } }
}

extension Cell {
    /// Heads with equal values are shown as one value and leave nothing to decide.
    package var state: CellState {
        // An erased value equals no other: nobody can tell what it was.
        let agree = heads.dropFirst().allSatisfy { $0.value != nil && $0.value == heads[0].value }
        return agree ? .settled(heads[0].value, by: heads.map(\.op)) : .conflicted(heads)
    }
}

/// Whether a record exists.
package enum RecordStanding: Hashable, Sendable {
    case alive
    case deleted
    /// Deleted by one device while another edited it: both stand until somebody restores or deletes again.
    case deletedHereEditedThere
    /// One device deleted and another restored.
    case contested
}

extension RecordState {
    package var standing: RecordStanding {
        guard let life = self[.life] else { return .alive }
        switch life.state {
        case .conflicted: return .contested
        case .settled(let value, _):
            if value?.isFalse != true { return .alive }
            return cells.count > 1 ? .deletedHereEditedThere : .deleted
        }
    }

    package var isAlive: Bool { standing == .alive }

    /// The cells that hold several values.
    package var conflicts: [Cell] { cells.filter { !$0.state.isSettled } }

    package var isConflicted: Bool {
        switch standing {
        case .deletedHereEditedThere, .contested: true
        case .deleted: false
        case .alive: cells.contains { $0.heads.count > 1 && !$0.state.isSettled }
        }
    }

    /// The settled value of a cell: *empty* where nobody has written it, `nil` where it is in conflict or erased.
    package func value(_ field: String, _ code: String? = nil) -> Value? {
        guard let cell = self[code.map { CellKey(field, $0) } ?? CellKey(field)] else { return .null }
        guard case .settled(let value?, _) = cell.state else { return nil }
        return value.value
    }

    package func text(_ field: String, _ code: String? = nil) -> String? { value(field, code)?.text }

    /// The settled texts of a field with languages.
    package func texts(_ field: String) -> [String: String] {
        var texts: [String: String] = [:]
        for cell in cells where cell.key.field == field {
            if case .code(let language)? = cell.key.element, case .settled(let value?, _) = cell.state, let text = value.value.text {
                texts[language] = text
            }
        }
        return texts
    }

    /// The elements of a set that are settled as members.
    package func members(_ field: String) -> [Element] {
        cells.compactMap { cell in
            guard cell.key.field == field, let element = cell.key.element, case .settled(let value?, _) = cell.state, value.isTrue else {
                return nil
            }
            return element
        }
    }

    /// Every head of the record: what a deletion names.
    package var allHeads: [OpID] { cells.flatMap { $0.heads.map(\.op) }.sorted() }
}

/// The few letters that name a set of values shown to a person, so that a choice made later can tell whether it changed.
package enum SeenMark {
    package static func text(of heads: some Collection<Head>) -> String {
        let bytes = CBORWriter.encode { w in
            w.list(heads.map(\.op).sorted()) { w, op in
                w.array(2)
                w.id(op.change)
                w.int(op.index)
            }
        }
        return String(Base32.text(Purpose.hash("seen", bytes).bytes).prefix(8))
    }

    /// Whether what a person typed names this set: any beginning of at least four letters.
    package static func matches(_ typed: String, _ heads: some Collection<Head>) -> Bool {
        typed.utf8.count >= 4 && text(of: heads).hasPrefix(typed.lowercased())
    }
}
