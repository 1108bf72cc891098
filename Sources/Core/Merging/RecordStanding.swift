package import BuntanProtocol

/// Whether a record exists.
package enum RecordStanding: String, Hashable, Sendable {
    case alive
    case deleted
    /// No entry has named it.
    case absent
    /// Deleted by one device while another edited it: both stand until somebody restores or deletes again.
    case deletedHereEditedThere
    /// One device deleted and another restored.
    case contested

    package init(of state: RecordState?) { self = state?.standing ?? .absent }
}

extension RecordState {
    package var standing: RecordStanding {
        // The cell stands at the front: hardly a field is shorter, and small letters come after its sign.
        guard let life = cells.first(where: { $0.key.field == CellKey.life.field }) else { return .absent }
        if life.isConflicted { return .contested }
        if life.heads[0].value?.isFalse != true { return .alive }
        return cells.count > 1 ? .deletedHereEditedThere : .deleted
    }

    package var isAlive: Bool { standing == .alive }

    /// The cells that hold several values, in the order of their keys.
    package var conflicts: [Cell] { cells.filter(\.isConflicted) }

    /// Whether somebody has to say if the record exists: a deletion met an edit, or a restoration.
    package var isLifeOpen: Bool { standing == .deletedHereEditedThere || standing == .contested }

    /// How many choices a person has to make: one for each cell with several values, and one for the record's life.
    package var openChoices: Int {
        let life = isLifeOpen ? 1 : 0
        return life + cells.count { $0.key != .life && $0.isConflicted }
    }

    /// Whether a person has something to decide: a cell with several values, or a deletion that met an edit.
    package var isConflicted: Bool { cells.contains { $0.isConflicted } || standing == .deletedHereEditedThere }

    /// What a field, or one element or language of it, shows; `nil` where nobody has written.
    package func state(of field: String, _ element: Element? = nil) -> CellState? { self[CellKey(field, element)]?.state }

    /// The settled value of a cell: *empty* where nobody has written it, `nil` where it is in conflict or erased.
    package func value(_ field: String, _ code: String? = nil) -> Value? {
        guard let cell = self[code.map { CellKey(field, $0) } ?? CellKey(field)] else { return .null }
        guard !cell.isConflicted else { return nil }
        return cell.heads[0].value?.value
    }

    package func text(_ field: String, _ code: String? = nil) -> String? { value(field, code)?.text }

    /// The settled texts of a field with languages.
    package func texts(_ field: String) -> [String: String] {
        var texts: [String: String] = [:]
        for cell in cells(of: field) {
            if case .code(let language)? = cell.key.element, let text = cell.state.filled?.value.text { texts[language] = text }
        }
        return texts
    }

    /// The elements of a set that are settled as members, in the order of their encoded form.
    package func members(_ field: String) -> [Element] {
        cells(of: field).compactMap { $0.state.filled?.isTrue == true ? $0.key.element : nil }
    }

    /// The elements of a set that one device added while another removed them.
    package func contested(_ field: String) -> [Element] {
        cells(of: field).compactMap { $0.isConflicted ? $0.key.element : nil }
    }

    /// Every head of the record: what a deletion names.
    package var allHeads: [OpID] { cells.flatMap { $0.heads.map(\.op) }.sorted() }
}
