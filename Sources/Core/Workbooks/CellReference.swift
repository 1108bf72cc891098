/// A cell's place in its sheet; both counts start at 1.
package struct CellReference: Sendable, Hashable {
    package let row: Int
    package let column: Int

    package init(row: Int, column: Int) {
        self.row = row
        self.column = column
    }

    /// Reads `BC12`; `$` signs are passed over. Returns `nil` for anything else.
    ///
    /// Counts saturate far above any limit, so a reference of a thousand letters is a column too many, not an overflow.
    package init?(_ text: some StringProtocol) {
        var column = 0
        var row = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "$"): continue
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                guard row == 0 else { return nil }
                column = min(column * 26 + Int(byte - 64), 1 << 40)
            case UInt8(ascii: "a")...UInt8(ascii: "z"):
                guard row == 0 else { return nil }
                column = min(column * 26 + Int(byte - 96), 1 << 40)
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard column > 0 else { return nil }
                row = min(row * 10 + Int(byte - 48), 1 << 40)
            default: return nil
            }
        }
        guard row > 0, column > 0 else { return nil }
        self.init(row: row, column: column)
    }

    /// Returns the letters of a column: 1 is `A`, 27 is `AA`.
    package static func letters(ofColumn column: Int) -> String {
        var letters: [UInt8] = []
        var rest = column
        while rest > 0 {
            letters.append(UInt8(65 + (rest - 1) % 26))
            rest = (rest - 1) / 26
        }
        return String(decoding: letters.reversed(), as: UTF8.self)
    }
}

/// A rectangle of cells, corners included.
package struct CellRange: Sendable, Hashable {
    package let first: CellReference
    package let last: CellReference

    package init(first: CellReference, last: CellReference) {
        self.first = first
        self.last = last
    }

    /// Reads `A1:C3`, or `B2` as the range of one cell; corners may come in any order.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard let head = parts.first, let one = CellReference(head) else { return nil }
        if parts.count == 1 {
            self.init(first: one, last: one)
        } else {
            guard parts.count == 2, let other = CellReference(parts[1]) else { return nil }
            self.init(
                first: CellReference(row: min(one.row, other.row), column: min(one.column, other.column)),
                last: CellReference(row: max(one.row, other.row), column: max(one.column, other.column)))
        }
    }

    package func contains(row: Int, column: Int) -> Bool {
        row >= first.row && row <= last.row && column >= first.column && column <= last.column
    }
}
