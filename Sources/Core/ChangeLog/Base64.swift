/// Base 64 in the standard alphabet with padding, and in its one canonical form.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    /// The value of each letter, 64 for what is none.
    private static let values = alphabet.enumerated().reduce(into: [UInt8](repeating: 64, count: 256)) {
        $0[Int($1.element)] = UInt8($1.offset)
    }
    private static let padding = UInt8(ascii: "=")

    static func text(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { text in
            var at = 0
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let held = min(3, bytes.count - start)
                var word: UInt32 = 0
                for i in 0..<3 { word = word << 8 | (i < held ? UInt32(bytes[start + i]) : 0) }
                for i in 0..<4 {
                    text[at] = i <= held ? alphabet[Int(word >> (18 - 6 * UInt32(i)) & 63)] : padding
                    at += 1
                }
            }
            return at
        }
    }

    /// Returns the bytes, or `nil` for anything that encoding them would not give back: bits and blanks at the end included.
    static func bytes(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let letters = text.dropLast(text.suffix(2).count { $0 == padding })
        guard text.count - letters.count == (4 - letters.count % 4) % 4 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(letters.count * 3 / 4)
        var word: UInt32 = 0
        var bits = 0
        for letter in letters {
            let value = values[Int(letter)]
            guard value < 64 else { return nil }
            word = word << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
            }
        }
        // Two or three letters leave bits over, which must be none.
        guard word & (1 << UInt32(bits) - 1) == 0 else { return nil }
        return bytes
    }
}
