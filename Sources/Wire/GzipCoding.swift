import CZlib

/// gzip, for the programs of others.
enum GzipCoding {
    /// 15 bits of window, and 16 more for zlib to read and write the gzip header.
    private static let windowBits: Int32 = 15 + 16

    /// Returns the member, or `nil` if the library could not make one.
    static func packed(_ message: [UInt8]) -> [UInt8]? {
        guard let length = UInt32(exactly: message.count) else { return nil }
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard deflateInit2_(&stream, 6, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var source = message
        var isWhole = false
        let member = [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(length)))) { output, count in
            source.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = length
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(clamping: output.count)
                isWhole = deflate(&stream, Z_FINISH) == Z_STREAM_END
                count = isWhole ? Int(stream.total_out) : 0
            }
        }
        return isWhole ? member : nil
    }

    static func unpacked(_ member: [UInt8], within limits: BodyLimits) throws(BodyFault) -> [UInt8] {
        var stream = z_stream()
        guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { throw .noMemory }
        defer { inflateEnd(&stream) }
        var source = member
        var output = BoundedOutput(limit: limits.unfolded(from: member.count), expected: member.count * 2)
        var consumed = 0
        while true {
            var verdict = Z_OK
            let (read, written) = output.fill { space in
                source.withUnsafeMutableBufferPointer { input in
                    let left = UInt32(clamping: input.count - consumed)
                    stream.next_in = input.baseAddress.map { $0 + consumed }
                    stream.avail_in = left
                    stream.next_out = space.baseAddress
                    stream.avail_out = UInt32(clamping: space.count)
                    verdict = inflate(&stream, Z_NO_FLUSH)
                    return (Int(left - stream.avail_in), space.count - Int(stream.avail_out))
                }
            }
            consumed += read
            guard !output.isExceeded else { throw limits.excess(from: member.count) }
            switch verdict {
            case Z_STREAM_END:
                guard consumed == member.count else { throw .trailing(.gzip, count: member.count - consumed) }
                return output.bytes
            case Z_OK where read > 0 || written > 0: continue
            case Z_OK, Z_BUF_ERROR: throw .truncated(.gzip)
            case Z_MEM_ERROR: throw .noMemory
            default: throw .corrupt(.gzip)
            }
        }
    }
}
