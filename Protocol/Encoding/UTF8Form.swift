/// Tells valid UTF-8 from other bytes, without making a string of them.
///
/// Logs are read by the ten thousand changes, and most of their bytes are text that nobody looks at now.
package enum UTF8Form {
    package static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let count = bytes.count
        var at = 0
        while at < count {
            // Most text is ASCII, which eight bytes at a time can tell.
            if count - at >= 8, bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {
                at += 8
                continue
            }
            let first = bytes[at]
            if first < 0x80 {
                at += 1
                continue
            }
            let length = length(first)
            guard length > 0, count - at >= length, isAllowed(second: bytes[at + 1], after: first) else { return false }
            if length > 2, bytes[at + 2] & 0xc0 != 0x80 { return false }
            if length > 3, bytes[at + 3] & 0xc0 != 0x80 { return false }
            at += length
        }
        return true
    }

    /// Bytes of the character that begins so; 0 for bytes that begin none.
    @inline(__always)
    private static func length(_ first: UInt8) -> Int {
        switch first {
        case 0xc2...0xdf: 2
        case 0xe0...0xef: 3
        case 0xf0...0xf4: 4
        default: 0
        }
    }

    /// Rules out longer forms than needed, surrogates, and what lies beyond U+10FFFF (RFC 3629 section 4).
    @inline(__always)
    private static func isAllowed(second: UInt8, after first: UInt8) -> Bool {
        switch first {
        case 0xe0: (0xa0...0xbf).contains(second)
        case 0xed: (0x80...0x9f).contains(second)
        case 0xf0: (0x90...0xbf).contains(second)
        case 0xf4: (0x80...0x8f).contains(second)
        default: second & 0xc0 == 0x80
        }
    }
}
