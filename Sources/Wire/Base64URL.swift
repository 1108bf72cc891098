/// Base64 with the alphabet for URLs and without padding (RFC 4648 section 5), as tokens travel in headers.
package enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    package static func text(_ bytes: [UInt8]) -> String {
        var letters: [UInt8] = []
        letters.reserveCapacity((bytes.count * 4 + 2) / 3)
        var pending: UInt32 = 0
        var bits = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                letters.append(alphabet[Int(pending >> UInt32(bits) & 63)])
            }
            pending &= (1 << UInt32(bits)) - 1
        }
        if bits > 0 { letters.append(alphabet[Int(pending << UInt32(6 - bits) & 63)]) }
        return String(decoding: letters, as: UTF8.self)
    }

    /// Returns the bytes, or `nil` if the text is not their only spelling.
    package static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var pending: UInt32 = 0
        var bits = 0
        for letter in text.utf8 {
            let six: UInt8
            switch letter {
            case 0x41...0x5a: six = letter - 0x41
            case 0x61...0x7a: six = letter - 0x61 + 26
            case 0x30...0x39: six = letter - 0x30 + 52
            case 0x2d: six = 62
            case 0x5f: six = 63
            default: return nil
            }
            pending = pending << 6 | UInt32(six)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(bits)))
                pending &= (1 << UInt32(bits)) - 1
            }
        }
        // Six spare bits are a letter too many; spare bits that are set would give one token two spellings.
        return bits < 6 && pending == 0 ? bytes : nil
    }
}
