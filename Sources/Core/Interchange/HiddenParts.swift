import Workbooks

/// Tells of rows and columns that were hidden in a workbook and read all the same: by a filter, or because they were for few.
struct HiddenParts {
    let sheets: [String: Sheet]
    let document: String

    init(_ workbook: Workbook, document: String) {
        sheets = Dictionary(
            workbook.sheets.lazy.filter { !$0.hiddenRows.isEmpty || !$0.hiddenColumns.isEmpty }.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first })
        self.document = document
    }

    func diagnostics(on matrix: MatrixImport) -> [ImportDiagnostic] {
        guard !sheets.isEmpty else { return [] }
        var rows: [String: [Int]] = [:]
        for origin in matrix.rows.flatMap({ [$0.origin, $0.flagOrigin].compactMap(\.self) }) {
            rows[origin.sheet, default: []].append(origin.row)
        }
        let kept = Set(matrix.privateColumns.map { "\($0.sheet)/\($0.column)" })
        var diagnostics: [ImportDiagnostic] = []
        for (name, numbers) in rows.sorted(by: { $0.key < $1.key }) {
            guard let sheet = sheets[name] else { continue }
            let numbers = Set(numbers)
            let hidden = numbers.intersection(sheet.hiddenRows)
            if let first = hidden.min() {
                diagnostics.append(
                    ImportDiagnostic(
                        .rowsHidden, document: document, sheet: name, row: first, column: 1, facts: ["rows": "\(hidden.count)"]))
            }
            var filled: [Int: Int] = [:]
            for row in sheet.rows where numbers.contains(row.number) {
                for cell in row.cells where sheet.hiddenColumns.contains(cell.column) { filled[cell.column, default: 0] += 1 }
            }
            for (column, count) in filled.sorted(by: { $0.key < $1.key }) {
                let letters = CellReference.letters(ofColumn: column)
                // What stays private needs no second look.
                guard !kept.contains("\(name)/\(letters)"), let first = numbers.min() else { continue }
                diagnostics.append(
                    ImportDiagnostic(
                        .columnHidden, document: document, sheet: name, row: first, column: column,
                        facts: ["column": letters, "filled": "\(count)"]))
            }
        }
        return diagnostics
    }
}
