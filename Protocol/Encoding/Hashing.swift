import Crypto

/// Hashes that name their purpose, so that a value made for one cannot pass for another (PROTOCOL.md section 4).
package enum Purpose {
    /// Returns the bytes `"buntan." ‖ label ‖ ".v1" ‖ 0x00 ‖ content` that are hashed or signed.
    package static func prefixed(_ label: StaticString, _ content: some Collection<UInt8>) -> [UInt8] {
        var bytes = prefix(label, room: content.count)
        bytes.append(contentsOf: content)
        return bytes
    }

    /// The same for bytes that lie in an array, as nearly all do.
    package static func prefixed(_ label: StaticString, _ content: [UInt8]) -> [UInt8] {
        var bytes = prefix(label, room: content.count)
        bytes.append(contentsOf: content)
        return bytes
    }

    /// - Parameter room: bytes that will follow: most hashes are of little, and growing costs more than hashing it.
    package static func prefix(_ label: StaticString, room: Int = 0) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(11 + label.utf8CodeUnitCount + room)
        bytes.append(contentsOf: "buntan.".utf8)
        label.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: ".v1".utf8)
        bytes.append(0)
        return bytes
    }

    /// H(label, content).
    package static func hash(_ label: StaticString, _ content: some Collection<UInt8>) -> Digest {
        SHA.digest(prefixed(label, content))
    }

    package static func hash(_ label: StaticString, _ content: [UInt8]) -> Digest { SHA.digest(prefixed(label, content)) }
}

/// SHA-256 over byte arrays.
package enum SHA {
    package static func digest(_ bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBytes { digest($0) }
    }

    package static func digest(_ bytes: ArraySlice<UInt8>) -> Digest {
        bytes.withUnsafeBytes { digest($0) }
    }

    @inline(__always)
    package static func digest(_ buffer: UnsafeRawBufferPointer) -> Digest {
        SHA256.hash(data: buffer).withUnsafeBytes { Digest(loadingFrom: $0) }
    }

    /// SHA-256 of no bytes: the root of an empty log.
    package static let empty = digest([UInt8]())
}
