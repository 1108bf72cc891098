import BuntanProtocol
package import Records

// The form of a brief in a store. Lists read tens of thousands of them at once, so every part stands at a place that
// follows from the first bytes:
//
//   row      1, parts, allocation's length, name(16), moved(8)?, covered(32)?, accepts(32)?, allocation,
//            [length, text] of framework, control and item?
//   release  2, has position, position(8)?, label
//
// Numbers are big-endian. No brief at all stands for a record that lists read whole.
extension RecordBrief {
    private struct Parts: OptionSet {
        let rawValue: UInt8
        static let provider = Parts(rawValue: 1)
        static let customer = Parts(rawValue: 2)
        static let rowSide = Parts(rawValue: 4)
        static let wordless = Parts(rawValue: 8)
        static let covered = Parts(rawValue: 16)
        static let accepts = Parts(rawValue: 32)
        static let moved = Parts(rawValue: 64)
        static let unsettled = Parts(rawValue: 128)
    }

    package func encoded() -> [UInt8] {
        switch self {
        case .row(let row): return Self.encoded(row)
        case .release(let label, let position):
            var bytes: [UInt8] = [2, position == nil ? 0 : 1]
            if let position { Self.append(UInt64(position), to: &bytes) }
            return bytes + label.utf8
        }
    }

    private static func encoded(_ row: RowBrief) -> [UInt8] {
        var parts: Parts = []
        switch row.side {
        case .provider?: parts.insert(.provider)
        case .customer?: parts.insert(.customer)
        case nil: break
        }
        var allocation: [UInt8] = []
        if let side = row.rowSide {
            parts.insert(.rowSide)
            if side.isWordless { parts.insert(.wordless) }
            if side.covered != nil { parts.insert(.covered) }
            if side.accepts != nil { parts.insert(.accepts) }
            if side.moved != nil { parts.insert(.moved) }
            switch side.allocation {
            case .empty: break
            case .settled(let text): allocation = Array(text.utf8.prefix(255))
            case .unsettled: parts.insert(.unsettled)
            }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(128 + allocation.count)
        bytes += [1, parts.rawValue, UInt8(allocation.count)]
        append(row.name.high, to: &bytes)
        append(row.name.low, to: &bytes)
        if let moved = row.rowSide?.moved { append(UInt64(moved), to: &bytes) }
        if let covered = row.rowSide?.covered { bytes += covered.bytes }
        if let accepts = row.rowSide?.accepts { bytes += accepts.bytes }
        bytes += allocation
        for text in row.key?.texts ?? [] {
            bytes.append(UInt8(text.utf8.count))
            bytes += text.utf8
        }
        return bytes
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
    }

    /// Reads a brief with a row's key; `nil` for none, and for bytes that are no brief of this version.
    package init?(decoding bytes: [UInt8]) {
        let found = bytes.withUnsafeBytes { buffer in
            Self.read(buffer).map { brief, key in
                if case .row(let row) = brief {
                    RecordBrief.row(RowBrief(name: row.name, side: row.side, rowSide: row.rowSide, key: key.key))
                } else {
                    brief
                }
            }
        }
        guard let found else { return nil }
        self = found
    }

    /// Reads a brief in place, a row's key left as it lies there; `nil` as above.
    package static func read(_ buffer: UnsafeRawBufferPointer) -> (brief: RecordBrief, key: PackedRowKey)? {
        guard buffer.count >= 2 else { return nil }
        var at = 2
        func number() -> UInt64? {
            guard buffer.count - at >= 8 else { return nil }
            defer { at += 8 }
            return UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        }
        func rest(from start: Int) -> PackedRowKey { PackedRowKey(bytes: UnsafeRawBufferPointer(rebasing: buffer[start...])) }
        if buffer[0] == 2 {
            var position: Int?
            if buffer[1] == 1 {
                guard let number = number() else { return nil }
                position = Int(clamping: number)
            }
            return (.release(label: String(decoding: buffer[at...], as: UTF8.self), position: position), rest(from: buffer.count))
        }
        guard buffer[0] == 1, buffer.count >= 19 else { return nil }
        let parts = Parts(rawValue: buffer[1])
        let length = Int(buffer[2])
        at = 3
        guard let high = number(), let low = number() else { return nil }
        let name = RowName(high: high, low: low)
        let side: Side? = parts.contains(.provider) ? .provider : parts.contains(.customer) ? .customer : nil
        guard parts.contains(.rowSide) else { return (.row(RowBrief(name: name, side: side, rowSide: nil)), rest(from: at)) }
        let moved = parts.contains(.moved) ? number() : nil
        let size = (parts.contains(.covered) ? 32 : 0) + (parts.contains(.accepts) ? 32 : 0) + length
        guard buffer.count - at >= size, (moved != nil) == parts.contains(.moved) else { return nil }
        func digest(_ part: Parts) -> Digest? {
            guard parts.contains(part) else { return nil }
            defer { at += 32 }
            return Digest(loadingFrom: buffer, at: at)
        }
        let covered = digest(.covered)
        let accepts = digest(.accepts)
        let allocation: RowSide.Allocation =
            parts.contains(.unsettled)
            ? .unsettled : length == 0 ? .empty : .settled(String(decoding: buffer[at..<at + length], as: UTF8.self))
        let rowSide = RowSide(
            allocation: allocation, covered: covered, accepts: accepts, isWordless: parts.contains(.wordless),
            moved: moved.map { Int(clamping: $0) })
        return (.row(RowBrief(name: name, side: side, rowSide: rowSide)), rest(from: at + length))
    }
}

/// A row's key as it lies in a brief: each text behind a byte that says its length. Good for as long as the brief is.
package struct PackedRowKey {
    fileprivate let bytes: UnsafeRawBufferPointer

    /// `nil` where a brief has no room for the key.
    package var key: RowKey? {
        var texts: [String] = []
        var rest = bytes[...]
        while let length = rest.popFirst() {
            guard rest.count >= length else { return nil }
            texts.append(String(decoding: rest.prefix(Int(length)), as: UTF8.self))
            rest = rest.dropFirst(Int(length))
        }
        return texts.count == 3 ? RowKey(framework: texts[0], controlId: texts[1], itemKey: texts[2]) : nil
    }

    package var isEmpty: Bool { bytes.isEmpty }

    /// Whether the key begins with these texts: all but the last are whole.
    package func begins(with texts: [[UInt8]]) -> Bool {
        var rest = bytes[...]
        for (number, text) in texts.enumerated() {
            guard let length = rest.popFirst(), rest.count >= length, length >= text.count else { return false }
            guard number == texts.count - 1 || length == text.count else { return false }
            guard rest.prefix(text.count).elementsEqual(text) else { return false }
            rest = rest.dropFirst(Int(length))
        }
        return !texts.isEmpty
    }
}
