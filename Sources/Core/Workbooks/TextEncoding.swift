import Glibc

/// The encodings that plain text tables come in.
package enum TextEncoding: String, Sendable, Equatable, CaseIterable, Codable {
    case utf8 = "utf-8"
    case utf16 = "utf-16"
    /// Shift_JIS with the extensions of Windows: ①, ㈱, 髙.
    case windows31J = "windows-31j"

    /// Returns the encoding that bytes seem to be in: by their mark, else UTF-8 where they are valid UTF-8, else Windows-31J.
    package static func detected(in bytes: [UInt8]) -> TextEncoding {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return .utf16 }
        return String(validating: bytes, as: UTF8.self) == nil ? .windows31J : .utf8
    }

    /// Returns the text as UTF-8 bytes without a mark at its head.
    package func utf8Bytes(of bytes: [UInt8]) throws(WorkbookFault) -> [UInt8] {
        switch self {
        case .utf8:
            let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
            guard String(validating: body, as: UTF8.self) != nil else {
                throw .undecodableText(self, byteOffset: Self.firstInvalidByte(of: body) + bytes.count - body.count)
            }
            return body
        case .utf16:
            let isBigEndian = bytes.starts(with: [0xFE, 0xFF])
            let hasMark = isBigEndian || bytes.starts(with: [0xFF, 0xFE])
            return try converted(Array(bytes.dropFirst(hasMark ? 2 : 0)), from: isBigEndian ? "UTF-16BE" : "UTF-16LE")
        case .windows31J:
            return try converted(bytes, from: "CP932")
        }
    }

    private static func firstInvalidByte(of bytes: [UInt8]) -> Int {
        var decoder = UTF8()
        var offset = 0
        var iterator = bytes.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            offset += UTF8.width(scalar)
        }
        return offset
    }

    private func converted(_ bytes: [UInt8], from name: String) throws(WorkbookFault) -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        guard let converter = iconv_open("UTF-8", name), converter != iconv_t(bitPattern: -1) else {
            throw .encodingUnavailable(self)
        }
        defer { iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        // No character of these encodings takes more than three bytes of UTF-8 for each of its own.
        var output = [CChar](repeating: 0, count: bytes.count * 3 + 4)
        var inputLeft = input.count
        var outputLeft = output.count
        let isConverted = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                var from = source.baseAddress
                var into = target.baseAddress
                return iconv(converter, &from, &inputLeft, &into, &outputLeft) != -1 && inputLeft == 0
            }
        }
        guard isConverted else { throw .undecodableText(self, byteOffset: bytes.count - inputLeft) }
        return output.prefix(output.count - outputLeft).map { UInt8(bitPattern: $0) }
    }
}
