/// A column of a table.
struct Column: Sendable {
    /// What becomes of cells for which there is no room.
    enum Fit: Sendable {
        /// Keeps its width as long as any other column can give way: ids, numbers, dates.
        case whole
        /// Ends in "…".
        case cut
        /// Goes on in the next line.
        case wrapped
    }

    var title: String
    var alignment: Alignment = .left
    var fit: Fit = .whole
    var minimum = 0
}

/// Rows under column heads, laid out by display width.
struct Table: Sendable {
    var columns: [Column]
    var rows: [[Span]] = []
    /// Whether the heads are shown.
    var hasHeads = true

    private static let gap = 2

    /// Returns the lines of the table, no wider than the terminal if that can be.
    func laidOut(for style: PageStyle) -> [[Span]] {
        let measure = style.measure
        let widths = fitted(naturalWidths(measure), to: style.limit)
        var lines: [[Span]] = []
        if hasHeads { lines += laidOut(columns.map { Span($0.title, .faint) }, widths: widths, measure) }
        for row in rows { lines += laidOut(row, widths: widths, measure) }
        return lines
    }

    private func naturalWidths(_ measure: DisplayWidth) -> [Int] {
        columns.indices.map { index in
            let title = hasHeads ? measure(columns[index].title) : 0
            return rows.reduce(max(title, columns[index].minimum)) { widest, row in
                index < row.count ? max(widest, measure(row[index].text)) : widest
            }
        }
    }

    /// Returns widths that fit `limit`: those that may give way do so first, the widest first.
    private func fitted(_ natural: [Int], to limit: Int?) -> [Int] {
        guard let limit else { return natural }
        var widths = natural
        let gaps = Self.gap * max(0, widths.count - 1)
        let flexible = columns.indices.filter { columns[$0].fit != .whole }
        narrow(&widths, among: flexible, floor: 8, to: limit - gaps)
        narrow(&widths, among: flexible, floor: 4, to: limit - gaps)
        narrow(&widths, among: Array(columns.indices), floor: 2, to: limit - gaps)
        return widths
    }

    private func narrow(_ widths: inout [Int], among indices: [Int], floor: Int, to total: Int) {
        var excess = widths.reduce(0, +) - total
        while excess > 0 {
            guard let widest = indices.filter({ widths[$0] > floor }).max(by: { widths[$0] < widths[$1] }) else { return }
            widths[widest] -= 1
            excess -= 1
        }
    }

    private func laidOut(_ row: [Span], widths: [Int], _ measure: DisplayWidth) -> [[Span]] {
        let cells: [[String]] = columns.indices.map { index in
            guard index < row.count else { return [""] }
            let text = row[index].text
            switch columns[index].fit {
            case .wrapped: return measure.wrapped(text, to: widths[index])
            case .whole, .cut: return [measure.cut(text, to: widths[index])]
            }
        }
        let height = cells.map(\.count).max() ?? 0
        return (0..<height).map { level in
            var line: [Span] = []
            for index in columns.indices {
                let text = level < cells[index].count ? cells[index][level] : ""
                let blanks = String(repeating: " ", count: max(0, widths[index] - measure(text)))
                let style = index < row.count ? row[index].style : .plain
                if columns[index].alignment == .right { line.append(Span(blanks)) }
                line.append(Span(text, style))
                if columns[index].alignment == .left { line.append(Span(blanks)) }
                if index < columns.count - 1 { line.append(Span(String(repeating: " ", count: Self.gap))) }
            }
            return line
        }
    }
}
