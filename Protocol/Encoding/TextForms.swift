/// Lower-case hexadecimal, as documents and logs print bytes.
package enum Hexadecimal {
    package static func text(_ bytes: some Collection<UInt8>) -> String {
        String(unsafeUninitializedCapacity: bytes.count * 2) { text in
            var at = 0
            for byte in bytes {
                text[at] = digit(byte >> 4)
                text[at + 1] = digit(byte & 15)
                at += 2
            }
            return at
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

    /// Returns the bytes of a lower-case hexadecimal text, or `nil` if it is not one.
    package static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let utf8 = Array(text.utf8)
        guard utf8.count % 2 == 0 else { return nil }
        func digit(_ c: UInt8) -> UInt8? {
            switch c {
            case 0x30...0x39: c - 0x30
            case 0x61...0x66: c - 0x57
            default: nil
            }
        }
        var result: [UInt8] = []
        result.reserveCapacity(utf8.count / 2)
        for i in stride(from: 0, to: utf8.count, by: 2) {
            guard let high = digit(utf8[i]), let low = digit(utf8[i + 1]) else { return nil }
            result.append(high << 4 | low)
        }
        return result
    }
}

/// Small-letter base32 (RFC 4648 alphabet, no padding), as people read fingerprints and codes.
package enum Base32 {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    package static func text(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 8 + 4) / 5)
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(buffer >> UInt32(bits) & 31)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << UInt32(5 - bits) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Returns the bytes, ignoring letter case, hyphens and blanks; `nil` for other characters or stray bits.
    package static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var result: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for c in text.utf8 {
            let digit: UInt8
            switch c {
            case 0x61...0x7a: digit = c - 0x61
            case 0x41...0x5a: digit = c - 0x41
            case 0x32...0x37: digit = c - 0x32 + 26
            case 0x2d, 0x20: continue
            default: return nil
            }
            buffer = (buffer << 5 | UInt32(digit)) & 0xfff
            bits += 5
            if bits >= 8 {
                bits -= 8
                result.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        guard bits < 5, buffer & ((1 << UInt32(bits)) - 1) == 0 else { return nil }
        return result
    }

    /// Puts a hyphen after every fourth letter, so that people can compare.
    package static func grouped(_ text: String) -> String {
        var result = ""
        for (index, character) in text.enumerated() {
            if index > 0, index % 4 == 0 { result.append("-") }
            result.append(character)
        }
        return result
    }
}

/// The name of a server, as it stands in a genesis, in the first line of a checkpoint and behind the @ of a handed code.
package enum ServerName {
    /// Whether a text is one: 1 to 255 bytes of printable ASCII without plus, slash and @ (PROTOCOL.md section 2).
    package static func isValid(_ text: String) -> Bool {
        let utf8 = text.utf8
        return !utf8.isEmpty && utf8.count <= Limits.serverNameBytes
            && utf8.allSatisfy {
                (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "@")
            }
    }
}

extension Identifier where Subject == OrganisationSubject {
    /// The 26 letters that people compare, in groups of four.
    package var fingerprint: String { Base32.grouped(Base32.text(bytes)) }
}
