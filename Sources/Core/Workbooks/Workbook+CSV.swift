extension Workbook {
    /// Reads a table of separated values as a workbook of one sheet.
    ///
    /// Separators are found in the text itself: comma, semicolon or tab, or what a first line `sep=;` says. Quoted fields may
    /// hold separators, doubled quotes and line breaks (RFC 4180). A row's number is its record's, empty records counted.
    package init(
        csv bytes: [UInt8], name: String, encoding: TextEncoding? = nil, limits: WorkbookLimits = .standard
    ) throws(WorkbookFault) {
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= limits.fileBytes else {
            throw .limitExceeded(.fileBytes, allowed: limits.fileBytes, found: bytes.count, at: .document)
        }
        let encoding = encoding ?? .detected(in: bytes)
        let decoded = try encoding.decoded(bytes)
        let text = decoded.text
        if let byte = decoded.undecodable {
            throw .undecodableText(encoding, byteOffset: byte, at: placeBehind(text, sheet: name, limits))
        }
        var records = RecordReader(text, separator: separator(of: text), sheet: name, limits: limits)
        self.init(sheets: [Sheet(name: name, isHidden: false, rows: try records.rows(), mergedRanges: [])])
    }
}

/// Returns the cell of a table that goes on where this part of its text ends, and its line.
private func placeBehind(_ text: [UInt8], sheet: String, _ limits: WorkbookLimits) -> WorkbookPlace {
    // A letter in the place of what cannot be read makes its cell the last one.
    var records = RecordReader(text + [UInt8(ascii: "?")], separator: separator(of: text), sheet: sheet, limits: limits)
    var place = WorkbookPlace(sheet: sheet)
    do throws(WorkbookFault) {
        let last = try records.rows().last
        place.row = last?.number
        place.column = last?.cells.last?.column
    } catch {
        if case .unclosedQuote(let at) = error { place = at }
    }
    place.line = 1 + withSingleLineFeeds(text).utf8.count { $0 == UInt8(ascii: "\n") }
    return place
}

/// Returns the separator a table uses: the one whose count in the first record most other records share.
private func separator(of text: [UInt8]) -> UInt8 {
    let candidates = [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";")]
    var counts: [[Int]] = []
    var current = [0, 0, 0]
    var isQuoted = false
    for byte in text.prefix(262_144) {
        if byte == UInt8(ascii: "\"") {
            isQuoted.toggle()
        } else if !isQuoted, byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
            if current.contains(where: { $0 > 0 }) { counts.append(current) }
            current = [0, 0, 0]
            if counts.count == 20 { break }
        } else if !isQuoted, let index = candidates.firstIndex(of: byte) {
            current[index] += 1
        }
    }
    if current.contains(where: { $0 > 0 }) { counts.append(current) }

    var best = (alike: 0, count: 0, separator: candidates[0])
    for (index, candidate) in candidates.enumerated() {
        // A title above the table has no separators: the most frequent count speaks, not the first line's.
        let frequencies = Dictionary(grouping: counts.map { $0[index] }.filter { $0 > 0 }, by: { $0 }).mapValues(\.count)
        guard let top = frequencies.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { continue }
        if (top.value, top.key) > (best.alike, best.count) { best = (top.value, top.key, candidate) }
    }
    return best.separator
}

private struct RecordReader {
    private let text: [UInt8]
    private var separator: UInt8
    private let sheet: String
    private let limits: WorkbookLimits
    private var position = 0
    private var record = 1
    private var cellCount = 0
    private var textBytes = 0

    init(_ text: [UInt8], separator: UInt8, sheet: String, limits: WorkbookLimits) {
        self.text = text
        self.separator = separator
        self.sheet = sheet
        self.limits = limits
    }

    mutating func rows() throws(WorkbookFault) -> [SheetRow] {
        var rows: [SheetRow] = []
        if text.starts(with: Array("sep=".utf8)), text.count > 5, text[5] == 13 || text[5] == 10 {
            separator = text[4]
            position = 5
            skipLineEnd()
            record = 2
        }
        while position < text.count {
            guard record <= limits.rows else {
                throw .limitExceeded(.rows, allowed: limits.rows, found: record, at: WorkbookPlace(sheet: sheet, row: record))
            }
            let cells = try nextRecord()
            if !cells.isEmpty { rows.append(SheetRow(number: record, cells: cells)) }
            record += 1
        }
        return rows
    }

    private mutating func nextRecord() throws(WorkbookFault) -> [SheetCell] {
        var cells: [SheetCell] = []
        var column = 1
        while true {
            let field = try nextField(column: column)
            if !field.isEmpty {
                guard column <= limits.columns else {
                    throw .limitExceeded(.columns, allowed: limits.columns, found: column, at: place(column))
                }
                guard field.count <= limits.cellTextBytes else {
                    throw .limitExceeded(.cellTextBytes, allowed: limits.cellTextBytes, found: field.count, at: place(column))
                }
                cellCount += 1
                guard cellCount <= limits.cells else {
                    throw .limitExceeded(.cells, allowed: limits.cells, found: cellCount, at: place(column))
                }
                textBytes += field.count
                guard textBytes <= limits.textBytes else {
                    throw .limitExceeded(.textBytes, allowed: limits.textBytes, found: textBytes, at: place(column))
                }
                cells.append(SheetCell(column: column, value: .text(withSingleLineFeeds(field))))
            }
            guard position < text.count else { return cells }
            if text[position] == separator {
                position += 1
                column += 1
            } else {
                skipLineEnd()
                return cells
            }
        }
    }

    private mutating func nextField(column: Int) throws(WorkbookFault) -> [UInt8] {
        var field: [UInt8] = []
        var isQuoted = false
        if position < text.count, text[position] == UInt8(ascii: "\"") {
            isQuoted = true
            position += 1
        }
        while position < text.count {
            let byte = text[position]
            if isQuoted {
                position += 1
                if byte != UInt8(ascii: "\"") {
                    field.append(byte)
                } else if position < text.count, text[position] == UInt8(ascii: "\"") {
                    field.append(byte)
                    position += 1
                } else {
                    isQuoted = false
                }
            } else if byte == separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                return field
            } else {
                field.append(byte)
                position += 1
            }
        }
        guard !isQuoted else { throw .unclosedQuote(at: place(column)) }
        return field
    }

    private mutating func skipLineEnd() {
        if position < text.count, text[position] == UInt8(ascii: "\r") {
            position += 1
            if position < text.count, text[position] == UInt8(ascii: "\n") { position += 1 }
        } else if position < text.count {
            position += 1
        }
    }

    private func place(_ column: Int) -> WorkbookPlace {
        WorkbookPlace(sheet: sheet, row: record, column: column)
    }
}
