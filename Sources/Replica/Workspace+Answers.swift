import Agreements
package import BuntanProtocol
package import Merging
package import Records
package import Storage

/// An answer of one's own on a row.
package enum RowAnswer: Hashable, Sendable {
    /// What the other side holds to, as stored here now.
    case acceptance
    /// An allocation of one's own; `nil` takes the position back.
    case proposal(String?)
}

/// The items of controls, by the row of their control.
package struct RowItems: Sendable {
    private var items: [RowKey: [RowKey]] = [:]

    package init(_ keys: some Sequence<RowKey>) {
        for key in keys where key.itemKey != RowKey.mainItem { items[key.control, default: []].append(key) }
        for control in items.keys { items[control] = items[control].map { RowKey.sorted($0) } }
    }

    /// The items of the control whose own row this is, in order; none for an item.
    package func items(of key: RowKey) -> [RowKey] { items[key] ?? [] }
}

extension RowKey {
    /// The row of its control.
    package var control: RowKey { RowKey(framework: framework, controlId: controlId) }
}

extension RecordState {
    /// Whether a customer's position on an item was taken over from its answer on the control's row, and nobody has answered the item
    /// itself.
    ///
    /// Of two devices that wrote side by side, one may have answered the item, and knew of nothing to take back: where several values of
    /// the answer stand, each of them has to be taken over.
    package var followsControl: Bool {
        guard saysItFollows else { return false }
        func changes(_ field: String) -> [ChangeID] { self[CellKey(field)]?.heads.map(\.op.change) ?? [] }
        let answers = changes("allocation")
        return answers.count < 2 || Set(answers).isSubset(of: changes("followsControl"))
    }

    /// Whether the position's field says so, which an answer of the item's own takes back.
    var saysItFollows: Bool { value("followsControl") == .bool(true) }

}

extension MatrixRow {
    /// Whether the customer's position was taken over from its answer on the control's row.
    package var followsControl: Bool { customerPosition?.followsControl == true }
}

extension Negotiation {
    /// Whether a side is to say something: it has said nothing, or the other has moved since. What its own devices are not
    /// agreed on is settled first, and is no question to anybody.
    package func waits(for side: Side) -> Bool { state != .unsettled && turn == side }
}

/// What answers write, and which items take them over.
package struct AnswerDrafts: Sendable {
    package fileprivate(set) var drafts: [RecordDraft] = []
    package fileprivate(set) var followers: [RowKey] = []
}

extension Workspace {
    /// What answers on rows write. An answer on a control's row counts for its items until they have one of their own, so each
    /// of these gets a position that says so.
    ///
    /// Rows that are agreed stay as they are where they are accepted.
    /// - Parameter items: the items there are. Those that are among the rows are answered for themselves.
    package func answers(
        _ answer: RowAnswer, on rows: [MatrixRow], items: RowItems, in engagement: KnownEngagement, _ reader: any StoreReader
    ) throws -> AnswerDrafts {
        var made = AnswerDrafts()
        let named = Set(rows.map(\.key))
        for row in rows {
            switch answer {
            case .acceptance:
                made.drafts += try acceptances(of: [row.key], in: engagement, reader)
                // What was taken over and is accepted by name is an answer of its own from now on.
                if row.customerPosition?.saysItFollows == true, row.negotiation.state == .agreed, engagement.side == .customer,
                    try !signedRows(of: engagement, reader).contains(row.key)
                {
                    made.drafts.append(position(row.key, in: engagement, row: row, cells: [:]))
                }
            case .proposal(let allocation):
                let value: Value = allocation.map { .text($0) } ?? .null
                made.drafts.append(position(row.key, in: engagement, row: row, cells: [CellKey("allocation"): value]))
            }
            for key in items.items(of: row.key) where !named.contains(key) {
                guard let draft = try following(answer, on: row, key, in: engagement, reader) else { continue }
                made.drafts.append(draft)
                made.followers.append(key)
            }
        }
        return made
    }

    /// The rows that both have signed: another word beside what was signed would be another document.
    private func signedRows(of engagement: KnownEngagement, _ reader: any StoreReader) throws -> Set<RowKey> {
        try agreementCases(of: engagement, reader).filter(\.content.isWhole).reduce(into: []) { $0.formUnion($1.content.outline.rows) }
    }

    /// Whether an answer on the control's row would count for one of its items.
    package func takes(
        _ answer: RowAnswer, on control: MatrixRow, _ item: RowKey, in engagement: KnownEngagement, _ reader: any StoreReader
    ) throws -> Bool { try following(answer, on: control, item, in: engagement, reader) != nil }

    /// The position of an item that takes over what is answered on its control's row; `nil` for one that has an answer of its
    /// own, or on which the same answer would say something else.
    ///
    /// Only a customer answers whole controls: a provider's rows have been published one by one. An acceptance is taken over
    /// where it accepts the same, and never where words have changed that nobody has read.
    private func following(
        _ answer: RowAnswer, on control: MatrixRow, _ key: RowKey, in engagement: KnownEngagement, _ reader: any StoreReader
    ) throws -> RecordDraft? {
        guard engagement.side == .customer else { return nil }
        let item = try row(key, of: engagement, reader)
        let follows = item.followsControl
        guard follows || item.negotiation.customer == .empty, item.negotiation.unsettledSides.isEmpty,
            item.row != nil || item.providerPosition != nil
        else { return nil }
        let withdrawn = position(key, in: engagement, row: item, cells: [CellKey("allocation"): .null])
        let allocation: String
        switch answer {
        case .proposal(nil): return follows ? withdrawn : nil
        case .proposal(let value?):
            // What is proposed for the control would agree to words of the item that nobody was shown: it is left to be answered.
            guard item.theirs(for: .customer) != .settled(value) else {
                return follows && item.negotiation.state != .agreed ? withdrawn : nil
            }
            allocation = value
        case .acceptance:
            // Nor are words accepted that were written since somebody answered the item.
            let read = item.customerPosition?.value("accepts")?.bytes
            guard read == nil || read == item.negotiation.accepts?.bytes else { return nil }
            guard case .settled(let theirs) = control.theirs(for: .customer), item.theirs(for: .customer) == .settled(theirs),
                item.negotiation.state != .reworded, !(follows && item.negotiation.state == .agreed)
            else { return nil }
            allocation = theirs
        }
        return position(key, in: engagement, row: item, cells: [CellKey("allocation"): .text(allocation)], followsControl: true)
    }

    // MARK: where it stopped

    /// The row at which somebody stopped answering on this device: who goes on begins behind it.
    package func answeringPlace(in space: SpaceID, _ reader: any StoreReader) throws -> RowKey? {
        guard let bytes = try reader.value(StoredName.answering(space)) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: Self.partsEnd, omittingEmptySubsequences: false).map(
            String.init)
        // Of another version, it is no place: the walk begins at the top, and nothing is lost.
        guard parts.count == 3 else { return nil }
        return RowKey(framework: parts[0], controlId: parts[1], itemKey: parts[2])
    }

    package func setAnsweringPlace(_ key: RowKey?, in space: SpaceID, _ transaction: any StoreWriter) throws {
        let bytes = key.map { Array($0.texts.joined(separator: String(Self.partsEnd)).utf8) }
        try transaction.setValue(bytes, for: StoredName.answering(space))
    }

    private static let partsEnd: Character = "\u{1F}"
}

extension StoredName {
    fileprivate static func answering(_ space: SpaceID) -> String { "answering/\(space.hex)" }
}
