import CZlib

/// Writes zip archives for tests, honest ones and others.
package struct ZipWriter {
    private var archive: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    package init() {}

    /// Adds an entry. A declared size other than the true one makes the archive a liar.
    package mutating func add(_ name: String, _ content: [UInt8], isDeflated: Bool = true, declaredSize: Int? = nil) {
        let packed = isDeflated ? deflated(content) : content
        let checksum = content.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32(0, $0.baseAddress, UInt32($0.count))) }
        let offset = archive.count
        var common: [UInt8] = []
        common.append(little: UInt16(20))
        common.append(little: UInt16(0x0800))
        common.append(little: UInt16(isDeflated ? 8 : 0))
        common.append(little: UInt32(0x0021_0000))
        common.append(little: checksum)
        common.append(little: UInt32(packed.count))
        common.append(little: UInt32(declaredSize ?? content.count))
        common.append(little: UInt16(name.utf8.count))
        common.append(little: UInt16(0))
        archive.append(little: UInt32(0x0403_4B50))
        archive += common + Array(name.utf8) + packed
        directory.append(little: UInt32(0x0201_4B50))
        directory.append(little: UInt16(20))
        directory += common
        directory += [UInt8](repeating: 0, count: 10)
        directory.append(little: UInt32(offset))
        directory += Array(name.utf8)
        count += 1
    }

    package func finished() -> [UInt8] {
        var bytes = archive + directory
        bytes.append(little: UInt32(0x0605_4B50))
        bytes.append(little: UInt32(0))
        bytes.append(little: UInt16(count))
        bytes.append(little: UInt16(count))
        bytes.append(little: UInt32(directory.count))
        bytes.append(little: UInt32(archive.count))
        bytes.append(little: UInt16(0))
        return bytes
    }

    private func deflated(_ content: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        // Negative window bits: the bare stream, without a header of its own.
        deflateInit2_(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(content.count))))
        var input = content
        let produced = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                deflate(&stream, Z_FINISH)
                return Int(stream.total_out)
            }
        }
        return Array(output.prefix(produced))
    }
}

extension [UInt8] {
    fileprivate mutating func append(little value: some FixedWidthInteger) {
        var rest = value
        for _ in 0..<(value.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }
}
