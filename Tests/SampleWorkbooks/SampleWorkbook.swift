/// A workbook made up by a test, cell by cell.
package struct SampleWorkbook {
    package var sheets: [SampleSheet]
    /// Parts to leave out, and parts to put in place of the written ones.
    package var omitted: Set<String> = []
    package var replaced: [String: String] = [:]
    package var usesSharedStrings = true

    package init(_ sheets: SampleSheet...) {
        self.sheets = sheets
    }

    package init(sheets: [SampleSheet]) {
        self.sheets = sheets
    }

    /// - Parameter damage: what becomes of a part's bytes before they are packed.
    package func xlsx(damage: (_ part: String, _ bytes: [UInt8]) -> [UInt8] = { $1 }) -> [UInt8] {
        var shared: [String] = []
        var indexes: [String: Int] = [:]
        func reference(_ text: String) -> Int {
            if let index = indexes[text] { return index }
            indexes[text] = shared.count
            shared.append(text)
            return shared.count - 1
        }
        var parts: [(String, String)] = []
        let namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        let relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        for (index, sheet) in sheets.enumerated() {
            let rows = sheet.rows.sorted { $0.key < $1.key }.map { number, cells in
                let written = cells.sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }.map { letters, content in
                    let place = "r=\"\(letters)\(number)\""
                    return switch content {
                    case .xml(let attributes, let inner): "<c \(place) \(attributes)>\(inner)</c>"
                    case .number(let text): "<c \(place)><v>\(text)</v></c>"
                    case .text(let text) where usesSharedStrings: "<c \(place) t=\"s\"><v>\(reference(text))</v></c>"
                    case .text(let text): "<c \(place) t=\"inlineStr\"><is><t xml:space=\"preserve\">\(escaped(text))</t></is></c>"
                    }
                }
                let hidden = sheet.hiddenRows.contains(number) ? " hidden=\"1\"" : ""
                return "<row r=\"\(number)\"\(hidden)>\(written.joined())</row>"
            }
            let columns = sheet.hiddenColumns.sorted().map { "<col min=\"\($0)\" max=\"\($0)\" hidden=\"1\"/>" }.joined()
            let merges = sheet.merges.map { "<mergeCell ref=\"\($0)\"/>" }.joined()
            parts.append(
                (
                    "xl/worksheets/sheet\(index + 1).xml",
                    "<worksheet xmlns=\"\(namespace)\">\(sheet.dimension.map { "<dimension ref=\"\($0)\"/>" } ?? "")\(columns.isEmpty ? "" : "<cols>\(columns)</cols>")<sheetData>\(rows.joined())</sheetData>"
                        + (merges.isEmpty ? "" : "<mergeCells>\(merges)</mergeCells>") + "</worksheet>"
                ))
            if !sheet.comments.isEmpty {
                let comments = sheet.comments.sorted { $0.key < $1.key }.map {
                    "<comment ref=\"\($0.key)\"><text><r><t>\(escaped($0.value))</t></r></text></comment>"
                }
                parts += [
                    ("xl/comments\(index + 1).xml", "<comments><commentList>\(comments.joined())</commentList></comments>"),
                    (
                        "xl/worksheets/_rels/sheet\(index + 1).xml.rels",
                        "<Relationships><Relationship Id=\"r1\" Type=\"\(relationships)/comments\" Target=\"../comments\(index + 1).xml\"/></Relationships>"
                    ),
                ]
            }
        }
        let list = sheets.enumerated().map { index, sheet in
            "<sheet name=\"\(escaped(sheet.name))\" sheetId=\"\(index + 1)\"\(sheet.isHidden ? " state=\"hidden\"" : "") r:id=\"rId\(index + 1)\"/>"
        }
        let links = sheets.indices.map {
            "<Relationship Id=\"rId\($0 + 1)\" Type=\"\(relationships)/worksheet\" Target=\"worksheets/sheet\($0 + 1).xml\"/>"
        }
        parts += [
            ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
            (
                "_rels/.rels",
                "<Relationships><Relationship Id=\"r1\" Type=\"\(relationships)/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
            (
                "xl/workbook.xml",
                "<workbook xmlns=\"\(namespace)\" xmlns:r=\"\(relationships)\"><sheets>\(list.joined())</sheets></workbook>"
            ),
            (
                "xl/_rels/workbook.xml.rels",
                "<Relationships>\(links.joined())<Relationship Id=\"rIdS\" Type=\"\(relationships)/sharedStrings\" Target=\"sharedStrings.xml\"/>"
                    + "<Relationship Id=\"rIdY\" Type=\"\(relationships)/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
            (
                "xl/sharedStrings.xml",
                "<sst>\(shared.map { "<si><t xml:space=\"preserve\">\(escaped($0))</t></si>" }.joined())</sst>"
            ),
        ]
        parts += replaced.filter { part in !parts.contains { $0.0 == part.key } }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        var zip = ZipWriter()
        for (name, content) in parts where !omitted.contains(name) {
            let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + (replaced[name] ?? content)
            zip.add(name, damage(name, Array(text.utf8)))
        }
        return zip.finished()
    }
}

package struct SampleSheet {
    package enum Content: ExpressibleByStringLiteral {
        case text(String)
        case number(String)
        /// A cell element's attributes and inner markup, as given.
        case xml(String, String)

        package init(stringLiteral text: String) {
            self = .text(text)
        }
    }

    package var name: String
    package var isHidden = false
    package var hiddenRows: Set<Int> = []
    package var hiddenColumns: Set<Int> = []
    /// Remarks by the cell on which they hang.
    package var comments: [String: String] = [:]
    package var dimension: String?
    /// By row number, then column letters.
    package var rows: [Int: [String: Content]]
    package var merges: [String]

    package init(
        _ name: String, rows: [Int: [String: Content]] = [:], merges: [String] = [], isHidden: Bool = false, dimension: String? = nil
    ) {
        self.name = name
        self.rows = rows
        self.merges = merges
        self.isHidden = isHidden
        self.dimension = dimension
    }

    /// Lays a table out from a corner.
    package init(_ name: String, from row: Int = 1, column: Int = 1, table: [[String]], merges: [String] = []) {
        var rows: [Int: [String: Content]] = [:]
        for (down, line) in table.enumerated() {
            for (across, text) in line.enumerated() where !text.isEmpty {
                rows[row + down, default: [:]][letters(column + across)] = .text(text)
            }
        }
        self.init(name, rows: rows, merges: merges)
    }
}

/// Returns the letters of a column counted from 1.
package func letters(_ column: Int) -> String {
    column <= 26 ? String(UnicodeScalar(UInt8(64 + column))) : letters((column - 1) / 26) + letters((column - 1) % 26 + 1)
}

package func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "\r": result += "&#13;"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
