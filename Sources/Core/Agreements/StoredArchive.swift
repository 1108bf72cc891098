import BuntanProtocol

/// Why bytes are no archive of this form.
package enum ArchiveFault: Error, Hashable, Sendable {
    /// No archive at all.
    case notThisForm
    /// An archive that another program has packed, or that was added to or cut off.
    case repacked
    /// A file whose bytes do not give its check sum.
    case damaged(String)
    /// More bytes or files than a reader takes.
    case tooLarge
}

/// A ZIP archive in one form: files stored as they are, without times and attributes, in the order of their names.
///
/// So the same files always give the same bytes, and any program can unpack them. A reader refuses every other form: what
/// is not covered by a proof could hide there.
package enum StoredArchive {
    private static let localHeader: [UInt8] = [0x50, 0x4b, 0x03, 0x04]
    private static let centralHeader: [UInt8] = [0x50, 0x4b, 0x01, 0x02]
    private static let endHeader: [UInt8] = [0x50, 0x4b, 0x05, 0x06]

    /// Returns the archive. Names are ASCII.
    ///
    /// - Throws: `tooLarge` for what no reader would take, `Limits.evidenceFiles` and `Limits.evidenceBytes`.
    package static func encoded(_ files: [String: [UInt8]]) throws(ArchiveFault) -> [UInt8] {
        // Each file has a header of 30 bytes before it, one of 46 in the list, and its name in both; the end has 22.
        let size = files.reduce(22) { $0 + 76 + 2 * $1.key.utf8.count + $1.value.count }
        guard files.count <= Limits.evidenceFiles, size <= Limits.evidenceBytes else { throw .tooLarge }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        var central: [UInt8] = []
        let names = files.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for name in names {
            let content = files[name] ?? []
            let offset = bytes.count
            var common: [UInt8] = [10, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]
            common += word(CRC32.of(content))
            common += word(UInt32(content.count))
            common += word(UInt32(content.count))
            common += half(UInt16(name.utf8.count))
            common += half(0)
            bytes += localHeader
            bytes += common
            bytes += name.utf8
            bytes += content
            central += centralHeader
            central += [10, 0]
            central += common
            // No comment, first disk, no attributes.
            central += [UInt8](repeating: 0, count: 10)
            central += word(UInt32(offset))
            central += name.utf8
        }
        let start = bytes.count
        bytes += central
        bytes += endHeader
        bytes += [0, 0, 0, 0]
        bytes += half(UInt16(names.count))
        bytes += half(UInt16(names.count))
        bytes += word(UInt32(central.count))
        bytes += word(UInt32(start))
        bytes += [0, 0]
        return bytes
    }

    /// Returns the files of an archive of this form.
    package static func files(_ bytes: [UInt8]) throws(ArchiveFault) -> [String: [UInt8]] {
        do { return try strictFiles(bytes) } catch {
            throw error == .notThisForm && bytes.starts(with: localHeader) ? .repacked : error
        }
    }

    private static func strictFiles(_ bytes: [UInt8]) throws(ArchiveFault) -> [String: [UInt8]] {
        guard bytes.count <= Limits.evidenceBytes else { throw .tooLarge }
        guard bytes.count >= 22, bytes[(bytes.count - 22)...].starts(with: endHeader) else { throw .notThisForm }
        let end = bytes.count - 22
        let count = number(bytes, end + 10, 2)
        var at = number(bytes, end + 16, 4)
        var files: [String: [UInt8]] = [:]
        // Files lie one behind the other: entries that share bytes would have little stand for very much.
        var next = 0
        for _ in 0..<count {
            guard at + 46 <= end, bytes[at...].starts(with: centralHeader) else { throw .notThisForm }
            let size = number(bytes, at + 24, 4)
            let nameLength = number(bytes, at + 28, 2)
            let start = number(bytes, at + 42, 4) + 30 + nameLength
            guard at + 46 + nameLength <= end, start == next + 30 + nameLength, start + size <= end else { throw .notThisForm }
            next = start + size
            let name = String(decoding: bytes[at + 46..<at + 46 + nameLength], as: UTF8.self)
            // What is no text is written longer than it was, and a name has no room for that.
            guard name.utf8.elementsEqual(bytes[at + 46..<at + 46 + nameLength]) else { throw .notThisForm }
            let content = Array(bytes[start..<start + size])
            // What is packed is another program's: no sum can be taken of what it holds.
            guard number(bytes, at + 10, 2) == 0 else { throw .notThisForm }
            guard CRC32.of(content) == UInt32(number(bytes, at + 16, 4)) else { throw .damaged(name) }
            guard files.updateValue(content, forKey: name) == nil else { throw .notThisForm }
            at += 46 + nameLength
        }
        guard try encoded(files) == bytes else { throw .notThisForm }
        return files
    }

    private static func half(_ value: UInt16) -> [UInt8] { [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)] }
    private static func word(_ value: UInt32) -> [UInt8] {
        half(UInt16(truncatingIfNeeded: value)) + half(UInt16(truncatingIfNeeded: value >> 16))
    }
    private static func number(_ bytes: [UInt8], _ at: Int, _ width: Int) -> Int {
        (0..<width).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
    }
}

/// The check sum of ZIP: finds slips, not attacks.
private enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ value >> 1 : value >> 1 }
    }

    static func of(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
    }
}
