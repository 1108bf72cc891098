import BuntanProtocol

/// Writes the one form of a state into room that is known to suffice.
///
/// Importing and publishing write tens of thousands of cells at once; the general writer, which grows as it goes, takes
/// several times as long.
struct StateWriter {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) { self.buffer = buffer }

    @inline(__always)
    mutating func byte(_ byte: UInt8) {
        precondition(count < buffer.count, "a state is longer than its parts")
        buffer[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func head(_ major: UInt8, _ argument: Int) {
        let top = major << 5
        switch argument {
        case 0..<24: byte(top | UInt8(truncatingIfNeeded: argument))
        case 24...0xff:
            byte(top | 24)
            byte(UInt8(truncatingIfNeeded: argument))
        case 0x100...0xffff:
            byte(top | 25)
            bigEndian(UInt64(truncatingIfNeeded: argument), 2)
        case 0x1_0000...0xffff_ffff:
            byte(top | 26)
            bigEndian(UInt64(truncatingIfNeeded: argument), 4)
        default:
            precondition(argument >= 0, "counts and positions are not negative")
            byte(top | 27)
            bigEndian(UInt64(truncatingIfNeeded: argument), 8)
        }
    }

    @inline(__always)
    private mutating func bigEndian(_ value: UInt64, _ bytes: Int) {
        for shift in stride(from: bytes * 8 - 8, through: 0, by: -8) { byte(UInt8(truncatingIfNeeded: value >> UInt64(shift))) }
    }

    @inline(__always)
    mutating func id(_ high: UInt64, _ low: UInt64) {
        precondition(buffer.count - count >= 17, "a state is longer than its parts")
        let raw = UnsafeMutableRawBufferPointer(buffer)
        raw[count] = 0x50
        raw.storeBytes(of: high.bigEndian, toByteOffset: count + 1, as: UInt64.self)
        raw.storeBytes(of: low.bigEndian, toByteOffset: count + 9, as: UInt64.self)
        count += 17
    }

    mutating func optional(_ value: Int?) { if let value { head(0, value) } else { byte(0xf6) } }

    mutating func text(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            head(3, utf8.count)
            copy(utf8)
        }
    }

    mutating func element(_ element: Element?) {
        switch element {
        case nil: byte(0xf6)
        case .code(let code)?: text(code)
        case .id(let id)?:
            head(2, id.count)
            id.withUnsafeBufferPointer { copy($0) }
        }
    }

    mutating func write(_ head: Head) {
        byte(head.value == nil ? 0x84 : 0x85)
        id(head.op.change.high, head.op.change.low)
        self.head(0, head.op.index)
        optional(head.position)
        self.head(0, head.author)
        head.value?.bytes.withUnsafeBufferPointer { copy($0) }
    }

    @inline(__always)
    private mutating func copy(_ bytes: UnsafeBufferPointer<UInt8>) {
        precondition(buffer.count - count >= bytes.count, "a state is longer than its parts")
        guard let from = bytes.baseAddress, let to = buffer.baseAddress else { return }
        (to + count).update(from: from, count: bytes.count)
        count += bytes.count
    }
}
