import BuntanProtocol

/// Bytes that are JSON of another form than the one there is, or no JSON, or nested too deep.
package struct CanonicalFault: Error, Hashable, Sendable {
    /// Where in the bytes the form is left.
    package let offset: Int
}

extension CanonicalJSON {
    /// Arrays and objects inside one another.
    package static let nesting = 16

    /// Reads the one form of a value and refuses every other: blanks, other escapes, another order, numbers that are not whole.
    package init(decoding bytes: [UInt8]) throws(CanonicalFault) {
        var reader = CanonicalReader(bytes: bytes)
        self = try reader.value(depth: Self.nesting)
        guard reader.at == bytes.count else { throw CanonicalFault(offset: reader.at) }
    }
}

private struct CanonicalReader {
    let bytes: [UInt8]
    var at = 0

    private var fault: CanonicalFault { CanonicalFault(offset: at) }

    private func peek() throws(CanonicalFault) -> UInt8 {
        guard at < bytes.count else { throw fault }
        return bytes[at]
    }

    private mutating func take(_ byte: UInt8) throws(CanonicalFault) {
        guard try peek() == byte else { throw fault }
        at += 1
    }

    private mutating func take(_ word: StaticString) throws(CanonicalFault) {
        for index in 0..<word.utf8CodeUnitCount { try take(word.utf8Start[index]) }
    }

    mutating func value(depth: Int) throws(CanonicalFault) -> CanonicalJSON {
        switch try peek() {
        case UInt8(ascii: "n"):
            try take("null")
            return .null
        case UInt8(ascii: "t"):
            try take("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try take("false")
            return .bool(false)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "["): return .list(try list(depth: depth))
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        default: return .integer(try integer())
        }
    }

    private mutating func list(depth: Int) throws(CanonicalFault) -> [CanonicalJSON] {
        guard depth > 0 else { throw fault }
        at += 1
        var elements: [CanonicalJSON] = []
        if try peek() == UInt8(ascii: "]") {
            at += 1
            return elements
        }
        while true {
            elements.append(try value(depth: depth - 1))
            if try peek() == UInt8(ascii: "]") { break }
            try take(UInt8(ascii: ","))
        }
        at += 1
        return elements
    }

    private mutating func object(depth: Int) throws(CanonicalFault) -> [CanonicalJSON.Member] {
        guard depth > 0 else { throw fault }
        at += 1
        var members: [CanonicalJSON.Member] = []
        if try peek() == UInt8(ascii: "}") {
            at += 1
            return members
        }
        while true {
            let start = at
            let name = try text()
            if let last = members.last, !CanonicalJSON.precedes(last.name, name) { throw CanonicalFault(offset: start) }
            try take(UInt8(ascii: ":"))
            members.append(CanonicalJSON.Member(name, try value(depth: depth - 1)))
            if try peek() == UInt8(ascii: "}") { break }
            try take(UInt8(ascii: ","))
        }
        at += 1
        return members
    }

    private mutating func integer() throws(CanonicalFault) -> Int64 {
        let start = at
        let isNegative = try peek() == UInt8(ascii: "-")
        if isNegative { at += 1 }
        let first = at
        while at < bytes.count, (0x30...0x39).contains(bytes[at]) { at += 1 }
        // Sixteen digits hold 2⁵³; no number has a leading zero, and there is no negative zero.
        guard (1...16).contains(at - first), bytes[first] != 0x30 || (at - first == 1 && !isNegative) else {
            throw CanonicalFault(offset: start)
        }
        let magnitude = bytes[first..<at].reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        guard magnitude < 1 << 53 else { throw CanonicalFault(offset: start) }
        return isNegative ? -magnitude : magnitude
    }

    private mutating func text() throws(CanonicalFault) -> String {
        try take(UInt8(ascii: "\""))
        let start = at
        guard let end = bytes[start...].firstIndex(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5c }) else { throw fault }
        at = end
        if bytes[end] == 0x22 {
            at += 1
            return try utf8(bytes[start..<end], from: start)
        }
        var unescaped = Array(bytes[start..<end])
        while true {
            let byte = try peek()
            switch byte {
            case 0x22:
                at += 1
                return try utf8(unescaped[...], from: start)
            case 0x5c: unescaped.append(try escaped())
            case 0..<0x20: throw fault
            default:
                unescaped.append(byte)
                at += 1
            }
        }
    }

    private func utf8(_ bytes: ArraySlice<UInt8>, from start: Int) throws(CanonicalFault) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw CanonicalFault(offset: start) }
        return text
    }

    /// Only what has to be escaped is, and in its shortest way.
    private mutating func escaped() throws(CanonicalFault) -> UInt8 {
        let start = at
        at += 1
        let letter = try peek()
        at += 1
        switch letter {
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "n"): return 0x0a
        case UInt8(ascii: "f"): return 0x0c
        case UInt8(ascii: "r"): return 0x0d
        case 0x22, 0x5c: return letter
        case UInt8(ascii: "u"):
            guard bytes.count - at >= 4, let code = Hexadecimal.bytes(String(decoding: bytes[at..<at + 4], as: UTF8.self)), code[0] == 0,
                code[1] < 0x20, ![0x08, 0x09, 0x0a, 0x0c, 0x0d].contains(code[1])
            else { throw CanonicalFault(offset: start) }
            at += 4
            return code[1]
        default: throw CanonicalFault(offset: start)
        }
    }
}
