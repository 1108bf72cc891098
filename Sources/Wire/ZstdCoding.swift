import CZstd

/// zstd at level 3, one frame a body.
enum ZstdCoding {
    static let level: Int32 = 3
    /// The largest window a reader sets memory aside for: 8 MiB, twice what level 3 ever asks for.
    static let windowLog: Int32 = 23

    private static let compressors = SpareContexts(make: { ZSTD_createCCtx() }, free: { _ = ZSTD_freeCCtx($0) })
    private static let decompressors = SpareContexts(make: { ZSTD_createDCtx() }, free: { _ = ZSTD_freeDCtx($0) })

    /// Returns the frame, or `nil` if the library could not make one.
    static func packed(_ message: [UInt8]) -> [UInt8]? {
        guard let context = compressors.take() else { return nil }
        defer { compressors.giveBack(context) }
        ZSTD_CCtx_reset(context.pointer, ZSTD_reset_session_and_parameters)
        ZSTD_CCtx_setParameter(context.pointer, ZSTD_c_compressionLevel, level)
        var failed = false
        let frame = [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(message.count)) { output, count in
            let written = message.withUnsafeBytes {
                ZSTD_compress2(context.pointer, output.baseAddress, output.count, $0.baseAddress, $0.count)
            }
            failed = ZSTD_isError(written) != 0
            count = failed ? 0 : written
        }
        return failed ? nil : frame
    }

    static func unpacked(_ frame: [UInt8], within limits: BodyLimits) throws(BodyFault) -> [UInt8] {
        let limit = limits.unfolded(from: frame.count)
        // A frame that states its length is judged by it before any work; what it states is not believed, only bounded by.
        let stated = frame.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        if stated < UInt64.max - 1, stated > UInt64(limit) { throw limits.excess(from: frame.count) }

        guard let context = decompressors.take() else { throw .noMemory }
        defer { decompressors.giveBack(context) }
        ZSTD_DCtx_reset(context.pointer, ZSTD_reset_session_and_parameters)
        ZSTD_DCtx_setParameter(context.pointer, ZSTD_d_windowLogMax, windowLog)

        var output = BoundedOutput(limit: limit, expected: stated < UInt64.max - 1 ? Int(stated) : frame.count * 2)
        var consumed = 0
        while true {
            var verdict = 0
            let (read, written) = output.fill { space in
                frame.withUnsafeBytes { bytes in
                    var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: consumed)
                    var target = ZSTD_outBuffer(dst: space.baseAddress, size: space.count, pos: 0)
                    verdict = ZSTD_decompressStream(context.pointer, &target, &input)
                    return (input.pos - consumed, target.pos)
                }
            }
            consumed += read
            guard ZSTD_isError(verdict) == 0 else { throw .corrupt(.zstd) }
            guard !output.isExceeded else { throw limits.excess(from: frame.count) }
            if verdict == 0 { break }
            if read == 0 && written == 0 { throw .truncated(.zstd) }
        }
        guard consumed == frame.count else { throw .trailing(.zstd, count: frame.count - consumed) }
        return output.bytes
    }
}
