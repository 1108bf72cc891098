/// Bytes made from good ones by mistakes that a seed draws: what a disk, a wire or an adversary makes of them.
///
/// The same seed gives the same bytes, so that a failure is found again.
package struct Mutations {
    private var state: UInt64

    package init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 0x1234_5678_9abc_def1 }

    package mutating func below(_ bound: Int) -> Int {
        // splitmix64
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return bound <= 1 ? 0 : Int((word ^ (word >> 31)) % UInt64(bound))
    }

    /// Bytes that readers trip over: ends of ranges, lengths far too large, signs of a text's form.
    private static let tokens: [[UInt8]] = [
        [0x00], [0xff], [0x7f], [0x80], [0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        [0xbb, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        [0x5a, 0xff, 0xff, 0xff, 0xff], [0x7b, 0, 0, 0, 1, 0, 0, 0, 0], [0xf6], [0xf5], [0x9f], [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0],
        [0x7f, 0xff, 0xff, 0xff],
        Array("\"".utf8), Array("\r\n".utf8), Array("<![CDATA[".utf8), Array("&#x0;".utf8),
        Array("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>".utf8),
        Array("999999999999999999999".utf8), Array("-1".utf8), Array("../".utf8), Array("PK\u{1}\u{2}".utf8), [0xef, 0xbb, 0xbf],
        [0xed, 0xa0, 0x80], [0xc0, 0x80],
    ]

    /// Returns the bytes with one to four mistakes in them.
    package mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0...below(4) { result = once(result) }
        return result
    }

    private mutating func once(_ bytes: [UInt8]) -> [UInt8] {
        guard !bytes.isEmpty else { return Self.tokens[below(Self.tokens.count)] }
        var result = bytes
        let place = below(bytes.count)
        switch below(9) {
        case 0: result[place] ^= 1 << UInt8(below(8))
        case 1: result[place] = UInt8(below(256))
        case 2: result.removeLast(bytes.count - place)
        case 3: result.removeSubrange(place..<min(bytes.count, place + 1 + below(16)))
        case 4: result.insert(contentsOf: Self.tokens[below(Self.tokens.count)], at: place)
        case 5:
            let token = Self.tokens[below(Self.tokens.count)]
            result.replaceSubrange(place..<min(bytes.count, place + token.count), with: token)
        case 6:
            // A piece again, or from elsewhere.
            let from = below(bytes.count)
            result.insert(contentsOf: bytes[from..<min(bytes.count, from + 1 + below(64))], at: place)
        case 7:
            let other = below(bytes.count)
            result.swapAt(place, other)
        default:
            // The same piece many times over.
            let piece = bytes[place..<min(bytes.count, place + 1 + below(8))]
            for _ in 0..<below(200) { result.insert(contentsOf: piece, at: place) }
        }
        return result
    }
}
