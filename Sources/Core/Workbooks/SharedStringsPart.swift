/// Reads the texts that cells name by number. Runs of one text are joined; its reading aid (`rPh`, furigana) is passed over.
struct SharedStringsPart: PartReader {
    let part: String
    let limits: WorkbookLimits
    private(set) var strings: [String] = []
    private var gathered = GatheredText()
    private var byteCount = 0

    init(part: String, limits: WorkbookLimits) {
        self.part = part
        self.limits = limits
    }

    mutating func begin(_ element: String, _ attributes: [String: String]) {
        if element == "si" { gathered.clear() }
        gathered.begin(element)
    }

    mutating func text(_ text: String) throws(WorkbookFault) {
        try gathered.append(text, limit: limits.cellTextBytes, at: WorkbookPlace(part: part))
    }

    mutating func end(_ element: String) throws(WorkbookFault) {
        gathered.end(element)
        guard element == "si" else { return }
        let text = gathered.value
        byteCount += text.utf8.count
        guard byteCount <= limits.textBytes else {
            throw .limitExceeded(.textBytes, allowed: limits.textBytes, found: byteCount, at: WorkbookPlace(part: part))
        }
        guard strings.count < limits.cells else {
            throw .limitExceeded(.cells, allowed: limits.cells, found: strings.count + 1, at: WorkbookPlace(part: part))
        }
        strings.append(text)
    }
}

/// Gathers what stands in `t` elements outside of reading aids.
struct GatheredText {
    private var text = ""
    private var isInText = false
    private var readingAids = 0

    mutating func clear() {
        text = ""
    }

    mutating func begin(_ element: String) {
        if element == "rPh" { readingAids += 1 }
        isInText = element == "t" && readingAids == 0
    }

    mutating func end(_ element: String) {
        if element == "rPh" { readingAids = max(0, readingAids - 1) }
        if element == "t" { isInText = false }
    }

    mutating func append(_ more: String, limit: Int, at place: WorkbookPlace) throws(WorkbookFault) {
        guard isInText else { return }
        text += more
        guard text.utf8.count <= limit else {
            throw .limitExceeded(.cellTextBytes, allowed: limit, found: text.utf8.count, at: place)
        }
    }

    /// Returns the text with the format's own escapes (`_x000D_`) undone and line breaks made one.
    var value: String { unescapedCellText(text) }
}

/// Returns a cell's text as its author typed it: `_xHHHH_` stands for a character that XML cannot hold.
func unescapedCellText(_ text: String) -> String {
    var bytes = Array(text.utf8)
    if let start = bytes.indices.first(where: { bytes[$0] == UInt8(ascii: "_") && bytes.dropFirst($0 + 1).first == UInt8(ascii: "x") }) {
        var result = Array(bytes[..<start])
        var position = start
        while position < bytes.count {
            if let scalar = escapedScalar(bytes[position...]) {
                result.append(contentsOf: String(Character(scalar)).utf8)
                position += 7
            } else {
                result.append(bytes[position])
                position += 1
            }
        }
        bytes = result
    }
    guard bytes.contains(UInt8(ascii: "\r")) else { return String(decoding: bytes, as: UTF8.self) }
    return withSingleLineFeeds(bytes)
}

private func escapedScalar(_ bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
    let window = Array(bytes.prefix(7))
    guard window.count == 7, window[0] == UInt8(ascii: "_"), window[1] == UInt8(ascii: "x"), window[6] == UInt8(ascii: "_") else {
        return nil
    }
    guard let code = UInt32(String(decoding: window[2..<6], as: UTF8.self), radix: 16) else { return nil }
    // A character XML never holds stays as it is written.
    return code == 0 ? nil : Unicode.Scalar(code)
}

/// Returns the text with CR LF and CR each made one line feed.
func withSingleLineFeeds(_ bytes: some Collection<UInt8>) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var isAfterReturn = false
    for byte in bytes {
        if byte == UInt8(ascii: "\r") {
            result.append(UInt8(ascii: "\n"))
        } else if !(byte == UInt8(ascii: "\n") && isAfterReturn) {
            result.append(byte)
        }
        isAfterReturn = byte == UInt8(ascii: "\r")
    }
    return String(decoding: result, as: UTF8.self)
}
