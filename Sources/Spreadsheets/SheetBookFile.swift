import CXLSXWriter
package import Foundation
package import Interchange

/// Why a workbook could not be written.
package enum SheetBookFault: Error, Sendable, Equatable {
    /// A cell of a workbook holds so many signs and no more; place and column are counted from 1.
    case textTooLong(sheet: String, row: Int, column: Int, signs: Int)
    /// The reason is that of the library, in its words.
    case cannotWrite(String)
}

extension SheetBook {
    /// What a cell of a workbook may hold, in UTF-16 units.
    package static let cellLimit = 32_767

    /// Returns the workbook as Office Open XML.
    ///
    /// All cells are words, also those that begin like a formula.
    /// - Parameter folder: where the library may put files while it writes; it is left as it was.
    package func xlsx(working folder: URL) throws -> [UInt8] {
        try requireRoom()
        let file = folder.appending(path: "buntan-\(UUID().uuidString).xlsx")
        // Where the library could not write, there is no file to take away; what it says of that is told.
        defer { try? FileManager.default.removeItem(at: file) }
        let fault = folder.path.withCString { directory in
            var options = lxw_workbook_options()
            options.tmpdir = UnsafeMutablePointer(mutating: directory)
            return file.path.withCString { path -> lxw_error in
                guard let workbook = workbook_new_opt(path, &options) else { return LXW_ERROR_MEMORY_MALLOC_FAILED }
                var writer = SheetBookWriter(self, in: workbook)
                let fault = writer.write()
                // The workbook is let go by this, whatever came before.
                let closing = workbook_close(workbook)
                return fault == LXW_NO_ERROR ? closing : fault
            }
        }
        guard fault == LXW_NO_ERROR else { throw SheetBookFault.cannotWrite(String(cString: lxw_strerror(fault))) }
        return try [UInt8](Data(contentsOf: file))
    }

    private func requireRoom() throws(SheetBookFault) {
        for sheet in sheets {
            for (row, cells) in sheet.rows.enumerated() {
                for (column, cell) in cells.enumerated() where SheetBookWriter.escaped(cell.text).utf16.count > Self.cellLimit {
                    throw .textTooLong(sheet: sheet.name, row: row + 1, column: column + 1, signs: cell.text.utf16.count)
                }
            }
        }
    }
}

/// Puts the cells of a workbook into the library's own, which it does not let go.
private struct SheetBookWriter {
    private let book: SheetBook
    private let workbook: UnsafeMutablePointer<lxw_workbook>
    private var formats: [SheetDraft.Style: UnsafeMutablePointer<lxw_format>] = [:]

    init(_ book: SheetBook, in workbook: UnsafeMutablePointer<lxw_workbook>) {
        self.book = book
        self.workbook = workbook
    }

    /// The library's first complaint, or that it has none.
    mutating func write() -> lxw_error {
        for style in SheetDraft.Style.allCases { formats[style] = format(style) }
        var fault = LXW_NO_ERROR
        func note(_ outcome: lxw_error) { if fault == LXW_NO_ERROR { fault = outcome } }
        Self.plain(book.title).withCString { title in
            var properties = lxw_doc_properties()
            properties.title = UnsafeMutablePointer(mutating: title)
            properties.created = time_t(book.made)
            note(workbook_set_properties(workbook, &properties))
        }
        for sheet in book.sheets {
            guard let worksheet = workbook_add_worksheet(workbook, sheet.name) else { return LXW_ERROR_SHEETNAME_ALREADY_USED }
            note(write(sheet, into: worksheet))
        }
        return fault
    }

    private func write(_ sheet: SheetDraft, into worksheet: UnsafeMutablePointer<lxw_worksheet>) -> lxw_error {
        var fault = LXW_NO_ERROR
        func note(_ outcome: lxw_error) { if fault == LXW_NO_ERROR { fault = outcome } }
        for (column, width) in sheet.widths.enumerated() {
            note(worksheet_set_column(worksheet, lxw_col_t(column), lxw_col_t(column), width, nil))
        }
        for (row, cells) in sheet.rows.enumerated() {
            for (column, cell) in cells.enumerated() {
                let format = formats[cell.style]
                if cell.text.isEmpty {
                    note(worksheet_write_blank(worksheet, lxw_row_t(row), lxw_col_t(column), format))
                } else {
                    note(worksheet_write_string(worksheet, lxw_row_t(row), lxw_col_t(column), Self.escaped(cell.text), format))
                }
            }
        }
        for (row, lines) in SheetHeights(sheet).lines.enumerated() where lines > 1 {
            note(worksheet_set_row(worksheet, lxw_row_t(row), min(15 * Double(lines), Self.tallest), nil))
        }
        for span in sheet.spans {
            guard sheet.rows.indices.contains(span.row), span.columns.count > 1,
                let cell = sheet.rows[span.row].dropFirst(span.columns.lowerBound).first
            else { continue }
            note(
                worksheet_merge_range(
                    worksheet, lxw_row_t(span.row), lxw_col_t(span.columns.lowerBound), lxw_row_t(span.row),
                    lxw_col_t(span.columns.upperBound), Self.escaped(cell.text), formats[cell.style]))
        }
        for choice in sheet.choices { note(offer(choice, in: worksheet)) }
        layOut(sheet, worksheet, note)
        return fault
    }

    private func layOut(_ sheet: SheetDraft, _ worksheet: UnsafeMutablePointer<lxw_worksheet>, _ note: (lxw_error) -> Void) {
        if let head = sheet.headRow {
            worksheet_freeze_panes(worksheet, lxw_row_t(head + 1), lxw_col_t(sheet.keptColumns))
            let last = max(sheet.rows.count - 1, head)
            let width = max((sheet.rows.dropFirst(head).first?.count ?? 1) - 1, 0)
            note(worksheet_autofilter(worksheet, lxw_row_t(head), 0, lxw_row_t(last), lxw_col_t(width)))
            note(worksheet_repeat_rows(worksheet, lxw_row_t(head), lxw_row_t(head)))
            worksheet_set_landscape(worksheet)
        }
        // A4, as wide as a page and as many pages as it takes.
        worksheet_set_paper(worksheet, 9)
        worksheet_fit_to_pages(worksheet, 1, 0)
        note(worksheet_set_footer(worksheet, "&L&A&R&P / &N"))
    }

    private func offer(_ choice: SheetDraft.Choice, in worksheet: UnsafeMutablePointer<lxw_worksheet>) -> lxw_error {
        var words = choice.words.map { strdup($0) }
        defer { words.forEach { free($0) } }
        words.append(nil)
        return words.withUnsafeMutableBufferPointer { list in
            var validation = lxw_data_validation()
            validation.validate = UInt8(LXW_VALIDATION_TYPE_LIST.rawValue)
            validation.value_list = list.baseAddress
            // What a person types otherwise is asked about and taken.
            validation.error_type = UInt8(LXW_VALIDATION_ERROR_TYPE_INFORMATION.rawValue)
            return worksheet_data_validation_range(
                worksheet, lxw_row_t(choice.rows.lowerBound), lxw_col_t(choice.column), lxw_row_t(choice.rows.upperBound),
                lxw_col_t(choice.column), &validation)
        }
    }

    /// A row can be so high, in points.
    private static let tallest = 409.0

    // MARK: how cells look

    private func format(_ style: SheetDraft.Style) -> UnsafeMutablePointer<lxw_format>? {
        guard let format = workbook_add_format(workbook) else { return nil }
        format_set_font_name(format, book.language == .ja ? "Yu Gothic" : "Calibri")
        format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
        switch style {
        case .title:
            format_set_bold(format)
            format_set_font_size(format, 14)
        case .lead:
            format_set_font_color(format, Self.faint)
        case .group, .head:
            format_set_bold(format)
            format_set_text_wrap(format)
            format_set_bg_color(format, style == .group ? 0xD9E1E8 : 0xE9EEF2)
            format_set_border(format, UInt8(LXW_BORDER_THIN.rawValue))
            format_set_border_color(format, Self.line)
            if style == .group { format_set_align(format, UInt8(LXW_ALIGN_CENTER.rawValue)) }
        case .key, .prose, .mark, .provider, .customer, .shared, .supplier, .nobody:
            format_set_text_wrap(format)
            format_set_border(format, UInt8(LXW_BORDER_THIN.rawValue))
            format_set_border_color(format, Self.line)
            if style == .mark { format_set_align(format, UInt8(LXW_ALIGN_CENTER.rawValue)) }
            if let colour = Self.colours[style] { format_set_bg_color(format, colour) }
        }
        return format
    }

    private static let faint: lxw_color_t = 0x595959
    private static let line: lxw_color_t = 0xBFC7CE
    /// Words say the same.
    private static let colours: [SheetDraft.Style: lxw_color_t] = [
        .provider: 0xDCE9F7, .customer: 0xFBE8D3, .shared: 0xE6E0F3, .supplier: 0xDDF0E3,
    ]

    /// The library escapes signs that XML cannot hold as `_x0001_`, but for three; a text that says just that is escaped itself.
    static func escaped(_ text: String) -> String {
        var text = text.contains("_x") ? text.replacing(/_(?=x[0-9A-Fa-f]{4}_)/, with: "_x005F_") : text
        for (sign, code) in [("\u{0}", "_x0000_"), ("\u{FFFE}", "_xFFFE_"), ("\u{FFFF}", "_xFFFF_")]
        where text.unicodeScalars.contains(where: { String($0) == sign }) {
            text = text.unicodeScalars.map { String($0) == sign ? code : String($0) }.joined()
        }
        return text
    }

    /// A text in which no sign is missing from XML: a title is shown, and not read back.
    static func plain(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0xFFFE && $0.value != 0xFFFF }))
    }
}
