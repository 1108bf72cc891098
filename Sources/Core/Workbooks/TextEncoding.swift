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

    /// Text as UTF-8 bytes without a mark at its head, as far as it could be read.
    struct Decoded {
        var text: [UInt8]
        /// The first byte of the file that is not in the encoding; `nil` where all are.
        var undecodable: Int?
    }

    /// Reads bytes up to the first that no table in this encoding has: one that is not in it, or a zero, by which other kinds of
    /// file show that happen to decode.
    func decoded(_ bytes: [UInt8]) throws(WorkbookFault) -> Decoded {
        var decoded = try textAlone(of: bytes)
        guard let zero = decoded.text.firstIndex(of: 0) else { return decoded }
        decoded.text.removeSubrange(zero...)
        decoded.undecodable =
            self == .utf16
            ? mark(of: bytes) + String(decoding: decoded.text, as: UTF8.self).utf16.count * 2 : bytes.firstIndex(of: 0)
        return decoded
    }

    /// The bytes of the mark at the head of a text.
    private func mark(of bytes: [UInt8]) -> Int {
        switch self {
        case .utf8: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        case .utf16: bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) ? 2 : 0
        case .windows31J: 0
        }
    }

    private func textAlone(of bytes: [UInt8]) throws(WorkbookFault) -> Decoded {
        let body = Array(bytes.dropFirst(mark(of: bytes)))
        switch self {
        case .utf8:
            guard String(validating: body, as: UTF8.self) == nil else { return Decoded(text: body) }
            let valid = Self.firstInvalidByte(of: body)
            return Decoded(text: Array(body.prefix(valid)), undecodable: bytes.count - body.count + valid)
        case .utf16:
            var decoded = try converted(body, from: bytes.starts(with: [0xFE, 0xFF]) ? "UTF-16BE" : "UTF-16LE")
            decoded.undecodable = decoded.undecodable.map { $0 + bytes.count - body.count }
            return decoded
        case .windows31J:
            return try converted(body, from: "CP932")
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

    private func converted(_ bytes: [UInt8], from name: String) throws(WorkbookFault) -> Decoded {
        guard !bytes.isEmpty else { return Decoded(text: []) }
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
        return Decoded(
            text: output.prefix(output.count - outputLeft).map { UInt8(bitPattern: $0) },
            undecodable: isConverted ? nil : bytes.count - inputLeft)
    }
}
