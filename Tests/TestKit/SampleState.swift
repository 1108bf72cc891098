package import BuntanProtocol
package import Merging

/// Record states written out by hand, for tests of stores alone.
package enum SampleState {
    /// A value of one cell, with the change and position that it came with.
    package struct Head: Sendable {
        let change: ChangeID
        let position: Int
        let value: Value

        package init(_ value: Value, change: ChangeID = ChangeID(high: 1, low: 1), position: Int = 2) {
            self.value = value
            self.change = change
            self.position = position
        }
    }

    /// A state with the cells given, `@life` among them if it is to have one.
    package static func make(
        kind: String = "responsibility", organisation: OrganisationID = OrganisationID(high: 7, low: 7), cells: [CellKey: [Head]]
    ) throws(DecodingFault) -> RecordState {
        let bytes = CBORWriter.encode(capacity: 512) { w in
            w.array(4)
            w.text(kind)
            w.id(organisation)
            w.null()
            w.list(cells.sorted { $0.key < $1.key }) { w, cell in
                w.array(3)
                cell.key.write(to: &w)
                w.list(cell.value.sorted { $0.change < $1.change }) { w, head in
                    w.array(5)
                    w.id(head.change)
                    w.int(0)
                    w.int(head.position)
                    w.int(1)
                    head.value.write(to: &w)
                }
            }
        }
        return try RecordState(decoding: bytes)
    }

    /// A living record with one text.
    package static func living(_ text: String, kind: String = "responsibility") throws(DecodingFault) -> RecordState {
        try make(kind: kind, cells: [.life: [Head(.bool(true))], CellKey("text"): [Head(.text(text))]])
    }

    /// A living record whose text has several values.
    package static func conflicted(_ texts: [String], kind: String = "responsibility") throws(DecodingFault) -> RecordState {
        let heads = texts.enumerated().map { Head(.text($1), change: ChangeID(high: 1, low: UInt64($0 + 1))) }
        return try make(kind: kind, cells: [.life: [Head(.bool(true))], CellKey("text"): heads])
    }
}
