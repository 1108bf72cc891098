/// Tells why bytes are not what PROTOCOL.md section 3 or a layout of appendix A allows.
package struct DecodingFault: Error, Hashable, Sendable {
    package enum Reason: String, Hashable, Sendable {
        case truncated, notShortest, indefiniteLength, unsupportedType, invalidText, unorderedKeys, trailingBytes, tooDeep
        case wrongType, wrongLength, outOfRange, unknownKey, missingKey, tooMany, unsorted, unknownFormat
    }
    package let reason: Reason
    /// The position in the bytes handed to the reader.
    package let offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

/// Reads the strict CBOR profile and refuses everything else.
///
/// A reader never copies its input: slices it returns share the input's storage.
package struct CBORReader: Sendable {
    private let base: [UInt8]
    package private(set) var offset: Int
    private let end: Int

    package init(_ bytes: [UInt8]) {
        base = bytes
        offset = 0
        end = bytes.count
    }

    package init(_ slice: ArraySlice<UInt8>) { self.init(Array(slice)) }

    /// Decodes one whole value with nothing behind it.
    @inlinable
    package static func decode<T>(_ bytes: [UInt8], _ body: (inout CBORReader) throws(DecodingFault) -> T) throws(DecodingFault) -> T {
        var reader = CBORReader(bytes)
        let value = try body(&reader)
        try reader.finish()
        return value
    }

    package func finish() throws(DecodingFault) {
        guard offset == end else { throw fault(.trailingBytes) }
    }

    package func fault(_ reason: DecodingFault.Reason) -> DecodingFault { DecodingFault(reason, at: offset) }

    // MARK: heads

    @inline(__always)
    private mutating func head() throws(DecodingFault) -> (major: UInt8, argument: UInt64) {
        guard offset < end else { throw fault(.truncated) }
        let first = base[offset]
        let major = first >> 5
        let low = first & 31
        if low < 24 {
            offset += 1
            return (major, UInt64(low))
        }
        guard major != 7 else { throw fault(.unsupportedType) }
        let count: Int
        switch low {
        case 24: count = 1
        case 25: count = 2
        case 26: count = 4
        case 27: count = 8
        case 31: throw fault(.indefiniteLength)
        default: throw fault(.unsupportedType)
        }
        guard end - offset > count else { throw fault(.truncated) }
        var argument: UInt64 = 0
        for i in 1...count { argument = argument << 8 | UInt64(base[offset + i]) }
        let least: UInt64 =
            switch count {
            case 1: 24
            case 2: 0x100
            case 4: 0x1_0000
            default: 0x1_0000_0000
            }
        guard argument >= least else { throw fault(.notShortest) }
        offset += 1 + count
        return (major, argument)
    }

    @inline(__always)
    private mutating func count(_ major: UInt8) throws(DecodingFault) -> Int {
        let start = offset
        let (found, argument) = try head()
        guard found == major else { throw DecodingFault(.wrongType, at: start) }
        // Every item takes at least one byte, so a larger count than the bytes left is a lie.
        guard argument <= UInt64(end - offset) else { throw DecodingFault(.truncated, at: start) }
        return Int(argument)
    }

    // MARK: values

    package mutating func array() throws(DecodingFault) -> Int { try count(4) }

    package mutating func array(of expected: Int) throws(DecodingFault) {
        let start = offset
        guard try count(4) == expected else { throw DecodingFault(.wrongLength, at: start) }
    }

    @inlinable
    package mutating func list<T>(
        least: Int = 0, most: Int, _ body: (inout CBORReader) throws(DecodingFault) -> T
    ) throws(DecodingFault) -> [T] {
        let start = offset
        let n = try array()
        guard n >= least else { throw DecodingFault(.wrongLength, at: start) }
        guard n <= most else { throw DecodingFault(.tooMany, at: start) }
        var result: [T] = []
        result.reserveCapacity(n)
        for _ in 0..<n { result.append(try body(&self)) }
        return result
    }

    package mutating func int() throws(DecodingFault) -> Int64 {
        let start = offset
        let (major, argument) = try head()
        guard major <= 1 else { throw DecodingFault(.wrongType, at: start) }
        guard argument < 1 << 62 else { throw DecodingFault(.outOfRange, at: start) }
        return major == 0 ? Int64(argument) : -1 - Int64(argument)
    }

    package mutating func int(_ range: ClosedRange<Int>) throws(DecodingFault) -> Int {
        let start = offset
        let value = try int()
        guard let value = Int(exactly: value), range.contains(value) else { throw DecodingFault(.outOfRange, at: start) }
        return value
    }

    package mutating func count() throws(DecodingFault) -> Int { try int(0...(1 << 53)) }

    package mutating func bool() throws(DecodingFault) -> Bool {
        guard offset < end else { throw fault(.truncated) }
        switch base[offset] {
        case 0xf5:
            offset += 1
            return true
        case 0xf4:
            offset += 1
            return false
        default: throw fault(.wrongType)
        }
    }

    /// Consumes a null if one stands here.
    package mutating func null() throws(DecodingFault) -> Bool {
        guard offset < end else { throw fault(.truncated) }
        guard base[offset] == 0xf6 else { return false }
        offset += 1
        return true
    }

    @inlinable
    package mutating func optional<T>(_ body: (inout CBORReader) throws(DecodingFault) -> T) throws(DecodingFault) -> T? {
        try null() ? nil : try body(&self)
    }

    package mutating func byteString(most: Int = .max) throws(DecodingFault) -> ArraySlice<UInt8> {
        let start = offset
        let n = try count(2)
        guard n <= most else { throw DecodingFault(.tooMany, at: start) }
        defer { offset += n }
        return base[offset..<offset + n]
    }

    package mutating func text(most: Int = .max) throws(DecodingFault) -> String {
        let start = offset
        let n = try count(3)
        guard n <= most else { throw DecodingFault(.tooMany, at: start) }
        let at = offset
        let text = base.withUnsafeBytes { bytes -> String? in
            let text = UnsafeRawBufferPointer(rebasing: bytes[at..<at + n])
            return UTF8Form.isValid(text) ? String(decoding: text, as: UTF8.self) : nil
        }
        guard let text else { throw DecodingFault(.invalidText, at: start) }
        offset += n
        return text
    }

    /// Passes over text, which must be valid, without making a string of it.
    package mutating func skipText(most: Int = .max) throws(DecodingFault) {
        let start = offset
        let n = try count(3)
        guard n <= most else { throw DecodingFault(.tooMany, at: start) }
        let at = offset
        guard base.withUnsafeBytes({ UTF8Form.isValid(UnsafeRawBufferPointer(rebasing: $0[at..<at + n])) }) else {
            throw DecodingFault(.invalidText, at: start)
        }
        offset += n
    }

    /// Reads the name of a kind, a field or a set's element: 1 to 64 bytes of printable ASCII.
    ///
    /// Text in general has forms that look and compare alike and differ in bytes; names have one.
    package mutating func name() throws(DecodingFault) -> String {
        let start = offset
        let n = try count(3)
        guard n <= Limits.nameBytes else { throw DecodingFault(.tooMany, at: start) }
        let at = offset
        let name = base.withUnsafeBytes { bytes -> String? in
            let name = UnsafeRawBufferPointer(rebasing: bytes[at..<at + n])
            guard n > 0, name.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
            return String(decoding: name, as: UTF8.self)
        }
        guard let name else { throw DecodingFault(.invalidText, at: start) }
        offset += n
        return name
    }

    /// Passes over what stands here if its bytes are those of a range passed earlier, which held whole items.
    package mutating func skip(same range: Range<Int>) -> Bool {
        let n = range.count
        guard n > 0, end - offset >= n else { return false }
        let at = offset
        let isSame = base.withUnsafeBytes { bytes in
            UnsafeRawBufferPointer(rebasing: bytes[range]).elementsEqual(UnsafeRawBufferPointer(rebasing: bytes[at..<at + n]))
        }
        if isSame { offset += n }
        return isSame
    }

    @inlinable
    package mutating func id<S>() throws(DecodingFault) -> Identifier<S> {
        let (high, low) = try words2()
        return Identifier(high: high, low: low)
    }

    @inlinable
    package mutating func fixed<S>() throws(DecodingFault) -> Fixed32<S> {
        let words = try words4()
        return Fixed32(word0: words.0, word1: words.1, word2: words.2, word3: words.3)
    }

    // What is generic is read where it is called, and what it does is written once.
    package mutating func words2() throws(DecodingFault) -> (UInt64, UInt64) {
        let at = try place(ofBytes: 16)
        return base.withUnsafeBytes { bytes in (Self.word(bytes, at), Self.word(bytes, at + 8)) }
    }

    package mutating func words4() throws(DecodingFault) -> (UInt64, UInt64, UInt64, UInt64) {
        let at = try place(ofBytes: 32)
        return base.withUnsafeBytes { bytes in
            (Self.word(bytes, at), Self.word(bytes, at + 8), Self.word(bytes, at + 16), Self.word(bytes, at + 24))
        }
    }

    /// Passes over a byte string of one length and returns where its bytes begin.
    @inline(__always)
    private mutating func place(ofBytes expected: Int) throws(DecodingFault) -> Int {
        let start = offset
        guard try count(2) == expected else { throw DecodingFault(.wrongLength, at: start) }
        defer { offset += expected }
        return offset
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> UInt64 {
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    }

    package mutating func bytes(exactly count: Int) throws(DecodingFault) -> [UInt8] {
        let start = offset
        let bytes = try byteString()
        guard bytes.count == count else { throw DecodingFault(.wrongLength, at: start) }
        return Array(bytes)
    }

    package mutating func signature() throws(DecodingFault) -> Signature {
        let start = offset
        guard let signature = Signature(try byteString()) else { throw DecodingFault(.wrongLength, at: start) }
        return signature
    }

    /// What stands here, without consuming it: 0…7 as in RFC 8949 section 3.1.
    package func peekMajor() throws(DecodingFault) -> UInt8 {
        guard offset < end else { throw fault(.truncated) }
        return base[offset] >> 5
    }

    /// Passes over one value, checking that it is canonical, and returns its bytes.
    ///
    /// `depth` counts the arrays and maps that may stand inside one another from here.
    package mutating func skip(depth: Int = Limits.nesting) throws(DecodingFault) -> ArraySlice<UInt8> {
        let start = offset
        let major = try peekMajor()
        guard depth > 0 || (major != 4 && major != 5) else { throw fault(.tooDeep) }
        switch major {
        case 0, 1: _ = try int()
        case 2: _ = try byteString()
        case 3: try skipText()
        case 4: for _ in 0..<(try count(4)) { _ = try skip(depth: depth - 1) }
        case 5:
            var map = try self.map()
            while try nextKey(&map) != nil { _ = try skip(depth: depth - 1) }
        case 7:
            switch base[offset] {
            case 0xf4, 0xf5, 0xf6: offset += 1
            default: throw fault(.unsupportedType)
            }
        default: throw fault(.unsupportedType)
        }
        return base[start..<offset]
    }

    /// The bytes from a position passed earlier up to here.
    package func bytes(from start: Int) -> ArraySlice<UInt8> { base[start..<offset] }

    // MARK: maps

    /// Where a map is being read: entries left and the last key seen.
    package struct MapPosition {
        fileprivate var left: Int
        fileprivate var last: Int64?
    }

    package mutating func map() throws(DecodingFault) -> MapPosition { MapPosition(left: try count(5), last: nil) }

    package mutating func nextKey(_ map: inout MapPosition) throws(DecodingFault) -> Int? {
        guard map.left > 0 else { return nil }
        let start = offset
        let key = try int()
        if let last = map.last {
            // Ascending by encoded bytes: non-negative keys first, each sort by size.
            let ascending = last >= 0 ? (key < 0 || key > last) : (key < 0 && key < last)
            guard ascending else { throw DecodingFault(.unorderedKeys, at: start) }
        }
        map.left -= 1
        map.last = key
        return Int(key)
    }

    /// Requires `expected` as the next key.
    package mutating func key(_ expected: Int, _ map: inout MapPosition) throws(DecodingFault) {
        let start = offset
        guard let found = try nextKey(&map) else { throw DecodingFault(.missingKey, at: start) }
        guard found == expected else { throw DecodingFault(found > expected ? .missingKey : .unknownKey, at: start) }
    }

    /// Consumes `wanted` if it is the next key.
    package mutating func hasKey(_ wanted: Int, _ map: inout MapPosition) throws(DecodingFault) -> Bool {
        guard map.left > 0 else { return false }
        let saved = (offset, map)
        if try nextKey(&map) == wanted { return true }
        (offset, map) = saved
        return false
    }

    /// Requires the map to be at its end: requests refuse keys they do not know.
    package func end(_ map: MapPosition) throws(DecodingFault) {
        guard map.left == 0 else { throw fault(.unknownKey) }
    }

    /// Passes over keys that are not known: answers ignore them.
    package mutating func skipRest(_ map: inout MapPosition) throws(DecodingFault) {
        while try nextKey(&map) != nil { _ = try skip(depth: Limits.nesting - 1) }
    }
}
