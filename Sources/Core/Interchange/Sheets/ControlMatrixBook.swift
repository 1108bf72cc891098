/// A CIS/CRM workbook as FedRAMP's template lays it out: instructions, marks, answers and a record of changes.
///
/// Rows whose control has no id of NIST SP 800-53, or whose item has none, are no rows of such a workbook.
package struct ControlMatrixBook: Sendable {
    /// A line of the record of changes.
    package struct Change: Sendable {
        package var date: String
        package var version: String
        package var author: String
        package var description: String

        package init(date: String, version: String, author: String, description: String) {
            (self.date, self.version, self.author, self.description) = (date, version, author, description)
        }
    }

    private let rows: [(id: String, row: BookRow, found: FoundRow)]
    /// Rows that such a workbook has no place for.
    package let leftOut: [RowKey]
    private let proseColumns: [ProseColumn]
    private let saysStatus: Bool
    private let saysShares: Bool

    package init(_ all: [BookRow]) {
        var rows: [(id: String, row: BookRow, found: FoundRow)] = []
        var leftOut: [RowKey] = []
        var counts: [NISTControlID: Int] = [:]
        for row in all {
            // A row that came as the nth of one id comes again as the nth.
            guard let id = NISTControlID(row.key.controlId), id.text == row.key.controlId,
                case let count = counts[id, default: 0] + 1, row.key.itemKey == (count == 1 ? "main" : "main~\(count)")
            else {
                leftOut.append(row.key)
                continue
            }
            counts[id] = count
            rows.append((id.text, row, FoundRow(toldOf: row.cells)))
        }
        // As the template has them: a control's statements before what enhances it.
        func place(_ row: (id: String, row: BookRow, found: FoundRow)) -> (String, Int, Int, String) {
            let id = NISTControlID(row.id)
            return (id?.family ?? "", id?.number ?? 0, id?.enhancement ?? 0, id?.statement.joined(separator: ".") ?? "")
        }
        let order = rows.indices.sorted { one, other in
            let (first, second) = (place(rows[one]), place(rows[other]))
            return first == second ? one < other : first < second
        }
        self.rows = order.map { rows[$0] }
        self.leftOut = leftOut
        let found = Dictionary(rows.map { ($0.row.key, $0.found) }, uniquingKeysWith: { first, _ in first })
        proseColumns = ProseColumn.needed(by: rows.map(\.row)) { row in
            guard let told = found[row.key], let key = told.toldText, row.cells.text(key.field, key.element) == told.text else { return [] }
            return [key]
        }
        saysShares = rows.contains { $0.row.cells[CellKey(field: "providerShares")] != nil }
        saysStatus = rows.contains { $0.row.cells.text("implementationStatus") != $0.found.implementationStatus }
    }

    package var count: Int { rows.count }

    // MARK: sheets

    package func sheets(provider: String, service: String, changes: [Change]) -> [SheetDraft] {
        [instructions(provider, service), marks(service), answers(service), record(changes)]
    }

    private func instructions(_ provider: String, _ service: String) -> SheetDraft {
        var sheet = SheetDraft(name: "Instructions", widths: [28, 90])
        sheet.rows.append([.init("Control Implementation Summary (CIS) and Customer Responsibility Matrix (CRM)", .title)])
        for (name, value) in [("CSP", provider), ("System Name", service), ("System Identifier", ""), ("Impact Level", "")] {
            sheet.rows.append([.init(name, .head), .init(value)])
        }
        return sheet
    }

    private func marks(_ service: String) -> SheetDraft {
        let columns = Status.columns.count + Origination.columns.count
        var sheet = SheetDraft(name: "CIS Worksheet", widths: [14] + Array(repeating: 15, count: columns))
        sheet.rows.append([.init("Control Implementation Summary: \(service)", .title)])
        var groups: [SheetDraft.Cell] = [.init("Control ID", .head)]
        groups += [.init("Implementation Status", .group)] + Array(repeating: .init("", .group), count: Status.columns.count - 1)
        groups += [.init("Control Origination", .group)] + Array(repeating: .init("", .group), count: Origination.columns.count - 1)
        sheet.rows.append(groups)
        sheet.spans = [
            .init(row: 1, columns: 1...Status.columns.count), .init(row: 1, columns: (Status.columns.count + 1)...columns),
        ]
        sheet.headRow = sheet.rows.count
        sheet.keptColumns = 1
        sheet.rows.append([.init("", .head)] + (Status.columns.map(\.head) + Origination.columns.map(\.head)).map { .init($0, .head) })
        for (id, _, found) in rows {
            let marks =
                Status.columns.map { found.statuses.contains($0.mark) } + Origination.columns.map { found.originations.contains($0.mark) }
            sheet.rows.append([.init(id, .key)] + marks.map { .init($0 ? "X" : "", .mark) })
        }
        return sheet
    }

    private func answers(_ service: String) -> SheetDraft {
        let extra =
            proseColumns.map { $0.head(.en) } + (saysStatus ? [Self.statusHead] : []) + (saysShares ? [Self.sharesHead] : []) + [
                Self.frameworkHead
            ]
        var sheet = SheetDraft(name: "CRM Worksheet", widths: [14, 16, 90] + Array(repeating: 50, count: extra.count))
        sheet.rows.append([.init("Customer Responsibility Matrix: \(service)", .title)])
        sheet.rows.append([.init("Yes: inherited from the CSP. Partial: shared. No: the customer's own.", .lead)])
        sheet.rows.append([])
        sheet.headRow = sheet.rows.count
        sheet.keptColumns = 1
        let heads = ["Control ID", "Can Be Inherited from CSP", "Specific Inheritance and Customer Agency/CSP Responsibilities"] + extra
        sheet.rows.append(heads.map { .init($0, .head) })
        let first = sheet.rows.count
        for (id, row, found) in rows {
            var cells: [SheetDraft.Cell] = [
                .init(id, .key), .init(found.flag ?? "", SheetDraft.Style(allocation: found.conclusion.allocation)),
                .init(found.text ?? ""),
            ]
            for column in proseColumns {
                let isTold = found.toldText == column.key && row.text(column.field, column.language) == found.text
                cells.append(.init(isTold ? "" : row.text(column.field, column.language)))
            }
            if saysStatus { cells.append(.init(row.text("implementationStatus"), .key)) }
            if saysShares { cells.append(.init(Self.shares(row), .key)) }
            cells.append(.init(row.key.framework, .key))
            sheet.rows.append(cells)
        }
        if !rows.isEmpty {
            sheet.choices.append(.init(column: 1, rows: first...(sheet.rows.count - 1), words: ["No", "Partial", "Yes"]))
        }
        return sheet
    }

    private static func shares(_ row: BookRow) -> String {
        guard case .bool(let flag)? = row.cells[CellKey(field: "providerShares")] else { return "" }
        return flag ? "yes" : "no"
    }

    private func record(_ changes: [Change]) -> SheetDraft {
        var sheet = SheetDraft(name: "Record of Change", widths: [14, 70, 18, 30])
        sheet.rows.append([.init("Record of Change", .title)])
        sheet.rows.append(["Date", "Description", "Version", "Author"].map { .init($0, .head) })
        for change in changes {
            sheet.rows.append(
                [.init(change.date, .key), .init(change.description), .init(change.version, .key), .init(change.author)])
        }
        return sheet
    }

    private typealias Status = FoundRow.Status
    private typealias Origination = FoundRow.Origination

    /// Over the codes of the implementation status, where the marks do not say all of it.
    static let statusHead = "Recorded status (code)"
    /// Over whether a provider carries part of a supplier's row.
    static let sharesHead = "Recorded provider shares (code)"
    /// Over the framework of each row's id: it says whose workbook it is as well.
    static let frameworkHead = "Recorded framework (code)"
}

extension FoundRow.Status {
    /// The columns of the template, in its order.
    fileprivate static let columns: [(mark: Self, head: String)] = [
        (.implemented, "Implemented"), (.partiallyImplemented, "Partially Implemented"), (.planned, "Planned"),
        (.alternative, "Alternative Implementation"), (.notApplicable, "N/A"),
    ]
}

extension FoundRow.Origination {
    fileprivate static let columns: [(mark: Self, head: String)] = [
        (.corporate, "Service Provider Corporate"), (.system, "Service Provider System Specific"),
        (.hybrid, "Service Provider Hybrid (Corporate and System Specific)"),
        (.configured, "Configured by Customer (Customer System Specific)"), (.provided, "Provided by Customer (Customer System Specific)"),
        (.shared, "Shared (Service Provider and Customer Responsibility)"), (.inherited, "Inherited from Pre-Existing Authorization"),
    ]
}
