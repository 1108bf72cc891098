/// Writes the canonical CBOR profile of PROTOCOL.md section 3.
///
/// Shortest forms and definite lengths come from the methods; ascending map keys are the caller's promise,
/// checked in debug builds.
package struct CBORWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init(capacity: Int = 64) { bytes.reserveCapacity(capacity) }

    /// Returns what `body` writes.
    @inlinable
    package static func encode(capacity: Int = 64, _ body: (inout CBORWriter) -> Void) -> [UInt8] {
        var writer = CBORWriter(capacity: capacity)
        body(&writer)
        return writer.bytes
    }

    @inline(__always)
    private mutating func head(_ major: UInt8, _ argument: UInt64) {
        let top = major << 5
        switch argument {
        case 0..<24:
            bytes.append(top | UInt8(truncatingIfNeeded: argument))
        case 24...0xff:
            bytes.append(top | 24)
            bytes.append(UInt8(truncatingIfNeeded: argument))
        case 0x100...0xffff:
            bytes.append(top | 25)
            append(argument, bytes: 2)
        case 0x1_0000...0xffff_ffff:
            bytes.append(top | 26)
            append(argument, bytes: 4)
        default:
            bytes.append(top | 27)
            append(argument, bytes: 8)
        }
    }

    private mutating func append(_ argument: UInt64, bytes count: Int) {
        withUnsafeBytes(of: argument.bigEndian) { bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0.suffix(count))) }
    }

    package mutating func array(_ count: Int) { head(4, UInt64(count)) }
    package mutating func map(_ count: Int) { head(5, UInt64(count)) }

    package mutating func int(_ value: Int64) {
        if value >= 0 { head(0, UInt64(value)) } else { head(1, UInt64(-1 - value)) }
    }
    package mutating func int(_ value: Int) { int(Int64(value)) }

    /// Writes a map key; keys of one map must be written in ascending order.
    package mutating func key(_ key: Int) { int(Int64(key)) }

    package mutating func text(_ value: String) {
        var value = value
        value.withUTF8 { utf8 in
            head(3, UInt64(utf8.count))
            bytes.append(contentsOf: utf8)
        }
    }

    package mutating func byteString(_ value: [UInt8]) {
        head(2, UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    package mutating func byteString(_ value: some Collection<UInt8>) {
        head(2, UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    package mutating func bool(_ value: Bool) { bytes.append(value ? 0xf5 : 0xf4) }
    package mutating func null() { bytes.append(0xf6) }

    /// Appends bytes that are canonical CBOR already.
    package mutating func raw(_ encoded: [UInt8]) { bytes.append(contentsOf: encoded) }

    package mutating func raw(_ encoded: some Collection<UInt8>) { bytes.append(contentsOf: encoded) }

    @inlinable
    package mutating func id<S>(_ value: Identifier<S>) { words(value.high, value.low) }

    @inlinable
    package mutating func fixed<S>(_ value: Fixed32<S>) { words(value.word0, value.word1, value.word2, value.word3) }

    // What is generic is written where it is called, and what it does is written once.
    package mutating func words(_ high: UInt64, _ low: UInt64) {
        bytes.append(0x50)
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes.append(contentsOf: $0) }
    }

    package mutating func words(_ word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64) {
        bytes.append(0x58)
        bytes.append(32)
        withUnsafeBytes(of: (word0.bigEndian, word1.bigEndian, word2.bigEndian, word3.bigEndian)) { bytes.append(contentsOf: $0) }
    }

    package mutating func signature(_ value: Signature) { byteString(value.bytes) }

    @inlinable
    package mutating func optional<T>(_ value: T?, _ body: (inout CBORWriter, T) -> Void) {
        if let value { body(&self, value) } else { null() }
    }

    @inlinable
    package mutating func list<T>(_ values: some Collection<T>, _ body: (inout CBORWriter, T) -> Void) {
        array(values.count)
        for value in values { body(&self, value) }
    }
}
