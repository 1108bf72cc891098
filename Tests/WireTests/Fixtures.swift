import CZlib
import CZstd
import FoundationEssentials
import Wire

/// Compresses as a stranger might, without our sender's care; a zstd frame states its length or not.
func compressed(_ message: [UInt8], _ coding: ContentCoding, statesLength: Bool) -> [UInt8] {
    switch coding {
    case .identity: message
    case .zstd: zstd([message], statesLength: statesLength ? message.count : nil)
    case .gzip: gzip(piece: message, times: 1)
    }
}

/// A body that unfolds to `count` zeros.
func bomb(of count: Int, _ coding: ContentCoding) -> [UInt8] {
    let piece = [UInt8](repeating: 0, count: 1 << 20)
    return switch coding {
    case .identity: []
    case .zstd: zstd(Array(repeating: piece, count: count >> 20), statesLength: nil)
    case .gzip: gzip(piece: piece, times: count >> 20)
    }
}

private func zstd(_ pieces: [[UInt8]], statesLength: Int?) -> [UInt8] {
    let context = ZSTD_createCCtx()
    defer { ZSTD_freeCCtx(context) }
    if let statesLength { ZSTD_CCtx_setPledgedSrcSize(context, UInt64(statesLength)) }
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, statesLength == nil ? 0 : 1)
    var frame: [UInt8] = []
    var space = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())
    for (index, piece) in pieces.enumerated() {
        let mode = index == pieces.count - 1 ? ZSTD_e_end : ZSTD_e_continue
        piece.withUnsafeBytes { bytes in
            var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
            var left = 1
            while input.pos < input.size || (mode == ZSTD_e_end && left > 0) {
                space.withUnsafeMutableBytes { target in
                    var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    left = ZSTD_compressStream2(context, &output, &input, mode)
                    frame.append(contentsOf: target[..<output.pos])
                }
            }
        }
    }
    return frame
}

private func gzip(piece: [UInt8], times: Int) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var source = piece
    var member: [UInt8] = []
    var space = [UInt8](repeating: 0, count: 1 << 16)
    for index in 0..<times {
        source.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            repeat {
                space.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(target.count)
                    deflate(&stream, index == times - 1 ? Z_FINISH : Z_NO_FLUSH)
                    member.append(contentsOf: target[..<(target.count - Int(stream.avail_out))])
                }
            } while stream.avail_out == 0
        }
    }
    return member
}

/// The most memory this process has held, from /proc.
func residentPeakKiB() -> Int {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") } ?? 0
}
