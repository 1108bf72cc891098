package import BuntanProtocol
package import Records

/// What a store keeps beside a record for lists and counts, so that counting rows reads no state.
///
/// It is made anew whenever the record is written and never travels: its form may change with the program
/// (`RecordBrief.version`), and a store then files its records again.
package enum RecordBrief: Hashable, Sendable {
    /// A published row, or one side's position on one.
    case row(RowBrief)
    /// A release with its label, and the position of its change; `nil` while it waits in the outbox.
    case release(label: String, position: Int?)

    /// Grows whenever a brief comes out otherwise than before.
    package static let version = 3

    /// Returns the brief of a state; `nil` for kinds that lists read whole, and for records without their key.
    package init?(_ state: RecordState, record: RecordID, space: SpaceID) {
        switch state.kind {
        case "responsibility", "responsibility-position":
            guard let row = RowBrief(state, record: record, space: space) else { return nil }
            self = .row(row)
        case "release":
            guard let label = state.text("label") else { return nil }
            // One that another device has made its own was said twice: the rows that came with it are released by the later word.
            self = .release(label: label, position: state.latestPosition)
        default: return nil
        }
    }
}

/// The name under which a row and both sides' positions on it meet: short, and the same in every space.
package struct RowName: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init(_ key: RowKey) {
        let digest = Purpose.hash("row-name", CBORWriter.encode { w in w.list(key.keyValues) { $1.write(to: &$0) } })
        self.init(high: digest.word0, low: digest.word1)
    }

    // The words come from a hash already.
    package func hash(into hasher: inout Hasher) { hasher.combine(high) }
}

/// What lists need of a published row or of one side's position: its place in the negotiation and its key.
package struct RowBrief: Hashable, Sendable {
    package let name: RowName
    /// `nil` for a published or drafted row.
    package let side: Side?
    /// `nil` for a record that is deleted.
    package let rowSide: RowSide?
    /// What the name stands for; `nil` where it was not read, or is too long for a brief.
    package let key: RowKey?

    package init(name: RowName, side: Side?, rowSide: RowSide?, key: RowKey? = nil) {
        self.name = name
        self.side = side
        self.rowSide = rowSide
        self.key = key
    }

    init?(_ state: RecordState, record: RecordID, space: SpaceID) {
        guard let framework = state.text("framework"), let control = state.text("controlId"), let item = state.text("itemKey") else {
            return nil
        }
        let side = state.kind == "responsibility" ? nil : state.text("side").flatMap { Side(name: $0) }
        guard side != nil || state.kind == "responsibility" else { return nil }
        let key = RowKey(framework: framework, controlId: control, itemKey: item)
        self.init(
            name: RowName(key), side: side, rowSide: RowSide(state, record: record, space: space),
            key: key.texts.allSatisfy { $0.utf8.count < 256 } ? key : nil)
    }
}
