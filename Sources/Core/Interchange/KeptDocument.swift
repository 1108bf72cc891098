import Foundation
package import Workbooks

/// A document as it is: one that says nothing of responsibilities, or one that says more than its rows have a place for.
package struct KeptDocument: Sendable, Equatable {
    package var document: String
    /// What it is: a model of OSCAL, the format of a table, `value-list` or `rule-table`.
    package var model: String
    package var figures: [String: Int] = [:]
    package var bytes: [UInt8]
    /// What it says, where that was read already.
    private var said: [UInt8]?

    package init(
        document: String, model: String, figures: [String: Int] = [:], bytes: [UInt8], workbook: Workbook? = nil, isText: Bool = false
    ) {
        self.document = document
        self.model = model
        self.figures = figures
        self.bytes = bytes
        // Of what is not kept nobody asks.
        said = bytes.count > Self.mostBytes ? nil : workbook.map { Self.content(of: $0, isText: isText) }
    }

    /// What it says, whatever its bytes: the members of a tree in the order of their names, nothing between them, JSON and YAML alike; the cells of a table
    /// and the remarks on them.
    package var content: [UInt8] {
        if let said { return said }
        if isTable { return tableContent(nil) ?? bytes }
        do { return Array(try DocumentTree(bytes).numbersAsTexts.canonicalJSON.utf8) } catch { return bytes }
    }

    /// Whether it is what somebody knows by its content, in whatever encoding its words were read.
    package func isKnown(by isSame: ([UInt8]) -> Bool) -> Bool {
        if isSame(bytes) || isSame(content) { return true }
        return isTable && TextEncoding.allCases.contains { tableContent($0).map(isSame) ?? false }
    }

    private var isTable: Bool {
        switch ImportFormat(rawValue: model) {
        case .cisCRM, .workbook, .csv: true
        case .caiq, .oscal, .openControl, .json, nil: false
        }
    }

    private func tableContent(_ encoding: TextEncoding?) -> [UInt8]? {
        let isText = !bytes.starts(with: Array("PK".utf8))
        do throws(WorkbookFault) {
            let workbook = isText ? try Workbook(csv: bytes, name: "", encoding: encoding) : try Workbook(xlsx: bytes)
            return Self.content(of: workbook, isText: isText)
        } catch { return nil }
    }

    private static func content(of workbook: Workbook, isText: Bool) -> [UInt8] {
        var content: [UInt8] = []
        // Behind its kind and the length of each of its texts no part looks like another.
        func add(_ kind: String, _ texts: String...) {
            content += kind.utf8
            for text in texts {
                content += "\(text.utf8.count):".utf8
                content += text.utf8
            }
        }
        for sheet in workbook.sheets {
            // A table of text is named as its file.
            if isText { add("t") } else { add(sheet.isHidden ? "h" : "s", sheet.name) }
            for row in sheet.rows {
                for cell in row.cells { add("c", "\(row.number) \(cell.column)", cell.value.text) }
            }
            func place(_ range: CellRange) -> (Int, Int) { (range.first.row, range.first.column) }
            for merged in sheet.mergedRanges.sorted(by: { place($0) < place($1) }) {
                add("m", "\(merged.first.row) \(merged.first.column) \(merged.last.row) \(merged.last.column)")
            }
            for comment in sheet.comments.sorted(by: { ($0.cell, $0.text) < ($1.cell, $1.text) }) { add("r", comment.cell, comment.text) }
        }
        return content
    }

    /// What is kept of documents at most, in bytes as they are kept.
    private static let mostBytes = 4 << 20

    /// What stands for bytes that are no text.
    package static let base64 = "base64"

    /// The words that are kept of it, and how they stand for its bytes where they are not these; `nil` for one that is too large.
    package var kept: (text: String, encoding: String?)? {
        guard bytes.count <= Self.mostBytes else { return nil }
        if let text = String(validating: bytes, as: UTF8.self) { return (text, nil) }
        let text = Data(bytes).base64EncodedString()
        return text.utf8.count <= Self.mostBytes ? (text, Self.base64) : nil
    }

    /// The bytes that kept words stand for; `nil` where they stand for none.
    package static func bytes(of text: String, encoding: String?) -> [UInt8]? {
        encoding == base64 ? Data(base64Encoded: text).map { [UInt8]($0) } : Array(text.utf8)
    }
}
