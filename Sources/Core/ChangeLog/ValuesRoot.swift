package import BuntanProtocol

/// Commits a change's signed bytes to values that stand outside of them (PROTOCOL.md section 6).
///
/// Each value hides behind a salt of its own, so that one can be erased, its salt with it, while the root and every
/// signature over it stay as they are.
package enum ValuesRoot {
    private static let saltPrefix = Purpose.prefix("salt")
    private static let valuePrefix = [0] + Purpose.prefix("value")

    /// salt_i = H("salt", seed ‖ i as 4 bytes big-endian)[0..<16].
    package static func salt(seed: Nonce, index: Int) -> Nonce {
        var content = seed.bytes
        withUnsafeBytes(of: UInt32(index).bigEndian) { content.append(contentsOf: $0) }
        return Nonce(prefixOf: Purpose.hash("salt", content))
    }

    /// commit_i = SHA-256(0x00 ‖ "buntan.value.v1" ‖ 0x00 ‖ salt ‖ CBOR(value)).
    package static func commitment(salt: Nonce, value: EncodedValue) -> Digest {
        SHA.digest(valuePrefix + salt.bytes + value.bytes)
    }

    /// Returns the RFC 6962 root whose leaf hashes are the commitments; SHA-256 of nothing for a payload without values.
    package static func root(of payload: Payload) -> Digest {
        TreeHash.root(of: commitments(of: payload))
    }

    package static func commitments(of payload: Payload) -> [Digest] {
        var result: [Digest] = []
        result.reserveCapacity(payload.count)
        forEachCommitment(of: payload) { result.append($0) }
        return result
    }

    /// Returns the payload's second form, in which a commitment alone stands for each of the values named.
    package static func erasing(_ indices: Set<Int>, from payload: Payload) -> Payload {
        switch payload {
        case .whole(let seed, let values):
            .partial(
                values.enumerated().map { index, value in
                    let salt = salt(seed: seed, index: index)
                    return indices.contains(index) ? .erased(commitment(salt: salt, value: value)) : .value(salt: salt, value)
                })
        case .partial(let slots):
            .partial(
                slots.enumerated().map { index, slot in
                    if case .value(let salt, let value) = slot, indices.contains(index) {
                        .erased(commitment(salt: salt, value: value))
                    } else {
                        slot
                    }
                })
        }
    }

    /// An import hashes hundreds of thousands of values: everything is laid out in one buffer, which grows to the largest
    /// value and is used for all.
    private static func forEachCommitment(of payload: Payload, _ body: (Digest) -> Void) {
        switch payload {
        case .whole(let seed, let values):
            var salted = saltPrefix + seed.bytes + [0, 0, 0, 0]
            var buffer = Commitment(prefix: valuePrefix)
            for (index, value) in values.enumerated() {
                salted.withUnsafeMutableBytes { bytes in
                    bytes.storeBytes(of: UInt32(index).bigEndian, toByteOffset: bytes.count - 4, as: UInt32.self)
                }
                body(buffer.hash(salt: Nonce(prefixOf: SHA.digest(salted)), value: value))
            }
        case .partial(let slots):
            var buffer = Commitment(prefix: valuePrefix)
            for slot in slots {
                switch slot {
                case .value(let salt, let value): body(buffer.hash(salt: salt, value: value))
                case .erased(let commitment): body(commitment)
                }
            }
        }
    }

    /// The bytes under a commitment, kept between values: prefix ‖ salt ‖ value.
    private struct Commitment {
        private var bytes: [UInt8]
        private let prefix: Int

        init(prefix: [UInt8]) {
            self.prefix = prefix.count
            bytes = prefix + [UInt8](repeating: 0, count: 16 + 256)
        }

        mutating func hash(salt: Nonce, value: EncodedValue) -> Digest {
            let start = prefix + 16
            let count = start + value.bytes.count
            if bytes.count < count { bytes.append(contentsOf: repeatElement(0, count: count - bytes.count)) }
            return bytes.withUnsafeMutableBytes { buffer in
                buffer.storeBytes(of: salt.high.bigEndian, toByteOffset: prefix, as: UInt64.self)
                buffer.storeBytes(of: salt.low.bigEndian, toByteOffset: prefix + 8, as: UInt64.self)
                value.bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[start..<count]).copyMemory(from: $0) }
                return SHA.digest(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
    }
}
