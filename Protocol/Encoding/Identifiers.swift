/// A 16-byte identifier of one sort of thing.
///
/// The order is that of the bytes, so that every replica sorts alike (PROTOCOL.md section 2).
package struct Identifier<Subject>: Hashable, Comparable, Sendable {
    package let high: UInt64
    package let low: UInt64

    @inlinable
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes an identifier from exactly 16 bytes, or returns `nil` for any other count.
    @inlinable
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        let stored = bytes.withContiguousStorageIfAvailable { storage in
            let raw = UnsafeRawBufferPointer(storage)
            return Self(
                high: UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
        if let stored {
            self = stored
            return
        }
        var words: (UInt64, UInt64) = (0, 0)
        for (index, byte) in bytes.enumerated() {
            if index < 8 { words.0 = words.0 << 8 | UInt64(byte) } else { words.1 = words.1 << 8 | UInt64(byte) }
        }
        self.init(high: words.0, low: words.1)
    }

    /// Takes the first 16 bytes of a digest.
    @inlinable
    package init(prefixOf digest: Digest) {
        self.init(high: digest.word0, low: digest.word1)
    }

    @inlinable
    package static func == (a: Self, b: Self) -> Bool { a.high == b.high && a.low == b.low }

    @inlinable
    package func hash(into hasher: inout Hasher) {
        hasher.combine(high)
        hasher.combine(low)
    }

    @inlinable
    package static func < (a: Self, b: Self) -> Bool { a.high != b.high ? a.high < b.high : a.low < b.low }

    @inlinable
    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            for i in 0..<8 {
                buffer[i] = UInt8(truncatingIfNeeded: high >> (56 - 8 * UInt64(i)))
                buffer[8 + i] = UInt8(truncatingIfNeeded: low >> (56 - 8 * UInt64(i)))
            }
            count = 16
        }
    }

    /// Appends the 16 bytes, without an array of their own.
    @inlinable
    package func append(to bytes: inout [UInt8]) {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes.append(contentsOf: $0) }
    }

    @inlinable
    package var hex: String { withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Hexadecimal.text($0) } }
}

extension Identifier: CustomStringConvertible {
    package var description: String { hex }
}

package enum SpaceSubject {}
package enum RecordSubject {}
package enum OrganisationSubject {}
package enum ChangeSubject {}
package enum InvitationSubject {}
package enum NonceSubject {}

package typealias SpaceID = Identifier<SpaceSubject>
package typealias RecordID = Identifier<RecordSubject>
package typealias OrganisationID = Identifier<OrganisationSubject>
package typealias ChangeID = Identifier<ChangeSubject>
package typealias InvitationID = Identifier<InvitationSubject>
package typealias Nonce = Identifier<NonceSubject>

/// A 32-byte value of one sort: a digest or a public key.
package struct Fixed32<Subject>: Hashable, Comparable, Sendable {
    package let word0: UInt64
    package let word1: UInt64
    package let word2: UInt64
    package let word3: UInt64

    @inlinable
    package init(word0: UInt64, word1: UInt64, word2: UInt64, word3: UInt64) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
        self.word3 = word3
    }

    /// Makes a value from exactly 32 bytes, or returns `nil` for any other count.
    @inlinable
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        if let stored = bytes.withContiguousStorageIfAvailable({ Self(loadingFrom: UnsafeRawBufferPointer($0)) }) {
            self = stored
            return
        }
        var words: [4 of UInt64] = .init(repeating: 0)
        for (index, byte) in bytes.enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
        self.init(word0: words[0], word1: words[1], word2: words[2], word3: words[3])
    }

    /// Reads 32 bytes at `offset` of a raw buffer that is known to hold them.
    @inlinable
    package init(loadingFrom buffer: UnsafeRawBufferPointer, at offset: Int = 0) {
        self.init(
            word0: UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
            word1: UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)),
            word2: UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self)),
            word3: UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self)))
    }

    /// Writes the 32 bytes at `offset` of a raw buffer that is known to have room for them.
    @inlinable
    package func store(into buffer: UnsafeMutableRawBufferPointer, at offset: Int = 0) {
        buffer.storeBytes(of: word0.bigEndian, toByteOffset: offset, as: UInt64.self)
        buffer.storeBytes(of: word1.bigEndian, toByteOffset: offset + 8, as: UInt64.self)
        buffer.storeBytes(of: word2.bigEndian, toByteOffset: offset + 16, as: UInt64.self)
        buffer.storeBytes(of: word3.bigEndian, toByteOffset: offset + 24, as: UInt64.self)
    }

    @inlinable
    package static func == (a: Self, b: Self) -> Bool {
        a.word0 == b.word0 && a.word1 == b.word1 && a.word2 == b.word2 && a.word3 == b.word3
    }

    @inlinable
    package func hash(into hasher: inout Hasher) {
        hasher.combine(word0)
        hasher.combine(word1)
        hasher.combine(word2)
        hasher.combine(word3)
    }

    @inlinable
    package static func < (a: Self, b: Self) -> Bool {
        if a.word0 != b.word0 { return a.word0 < b.word0 }
        if a.word1 != b.word1 { return a.word1 < b.word1 }
        if a.word2 != b.word2 { return a.word2 < b.word2 }
        return a.word3 < b.word3
    }

    @inlinable
    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            store(into: UnsafeMutableRawBufferPointer(buffer))
            count = 32
        }
    }

    /// Appends the 32 bytes, without an array of their own.
    @inlinable
    package func append(to bytes: inout [UInt8]) {
        withUnsafeBytes(of: (word0.bigEndian, word1.bigEndian, word2.bigEndian, word3.bigEndian)) { bytes.append(contentsOf: $0) }
    }

    @inlinable
    package var hex: String { Hexadecimal.text(bytes) }
}

extension Fixed32: CustomStringConvertible {
    package var description: String { hex }
}

package enum DigestSubject {}
package enum SigningKeySubject {}
package enum SealingKeySubject {}

/// A SHA-256 value.
package typealias Digest = Fixed32<DigestSubject>
/// An Ed25519 public key: of a root, a device, a log or an invitation.
package typealias PublicKey = Fixed32<SigningKeySubject>
/// A device is named by its signing key.
package typealias DeviceID = PublicKey
/// An X25519 public key, to which space keys are wrapped.
package typealias SealingKey = Fixed32<SealingKeySubject>

/// An Ed25519 signature: 64 bytes.
package struct Signature: Hashable, Sendable {
    package let bytes: [UInt8]

    /// Makes a signature from exactly 64 bytes, or returns `nil` for any other count.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 64 else { return nil }
        self.bytes = Array(bytes)
    }
}
