package import BuntanProtocol

extension Identifier where Subject == RecordSubject {
    /// Returns the id that a kind's natural key gives in one space: a UUIDv8 (PROTOCOL.md section 5).
    ///
    /// Two devices that add the same control offline meet in one record, since neither chooses the id.
    package static func natural(space: SpaceID, kind: String, key: [Value]) -> RecordID {
        let content = CBORWriter.encode(capacity: 128) { w in
            w.array(3)
            w.id(space)
            w.text(kind)
            w.list(key) { $1.write(to: &$0) }
        }
        return RecordID(prefixOf: Purpose.hash("record", content)).stamped(version: 8)
    }

    /// Returns a UUIDv7: 48 bits of milliseconds, then chance.
    ///
    /// `random` is handed in so that nothing here draws numbers; all 128 bits of it should be unpredictable.
    package static func timeOrdered(millis: Int64, random: Nonce) -> RecordID {
        let time = UInt64(clamping: millis) & 0xffff_ffff_ffff
        return RecordID(high: time << 16 | random.high & 0xffff, low: random.low).stamped(version: 7)
    }

    /// Returns a UUIDv7 from at least 10 random bytes.
    package static func timeOrdered(millis: Int64, random: [UInt8]) -> RecordID {
        precondition(random.count >= 10, "an id needs ten random bytes")
        let high = random[0..<2].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let low = random[2..<10].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return timeOrdered(millis: millis, random: Nonce(high: high, low: low))
    }

    private func stamped(version: UInt64) -> RecordID {
        RecordID(high: high & ~0xf000 | version << 12, low: low & ~(0b11 << 62) | 0b10 << 62)
    }

    /// The UUID version of the id, or `nil` if the id is not a UUID of RFC 9562 at all.
    package var uuidVersion: Int? { low >> 62 == 0b10 ? Int(high >> 12 & 0xf) : nil }

    /// The milliseconds since 1970 that a UUIDv7 begins with.
    package var millis: Int64? { uuidVersion == 7 ? Int64(high >> 16) : nil }

    /// The id as UUID text: `0193a4c1-…`.
    package var uuid: String {
        let digits = Array(hex.utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, digit) in digits.enumerated() {
            if index == 8 || index == 12 || index == 16 || index == 20 { text.append(0x2d) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads UUID text or 32 hexadecimal digits, whatever the case of the letters.
    package init?(uuid text: some StringProtocol) {
        let parts = text.lowercased().split(separator: "-", omittingEmptySubsequences: false)
        let lengths = parts.map(\.utf8.count)
        guard lengths == [32] || lengths == [8, 4, 4, 4, 12], let bytes = Hexadecimal.bytes(parts.joined()) else { return nil }
        self.init(bytes)
    }
}
