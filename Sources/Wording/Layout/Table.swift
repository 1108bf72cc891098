/// A column of a table.
package struct Column: Sendable {
    /// What becomes of cells for which there is no room.
    package enum Fit: Sendable {
        /// Is never cut: ids, handles, numbers, dates. Where the terminal is too narrow it goes to a line of its own.
        case whole
        /// Ends in "…".
        case cut
        /// Goes on in the next line.
        case wrapped
    }

    package var title: String
    package var alignment: Alignment = .left
    package var fit: Fit = .whole
    package var minimum = 0

    package init(title: String, alignment: Alignment = .left, fit: Fit = .whole, minimum: Int = 0) {
        self.title = title
        self.alignment = alignment
        self.fit = fit
        self.minimum = minimum
    }
}

extension Column {
    /// A column under a word of the field.
    package init(_ head: TermPhrases, in language: Language, alignment: Alignment = .left, fit: Fit = .whole, minimum: Int = 0) {
        self.init(title: head.text(in: language), alignment: alignment, fit: fit, minimum: minimum)
    }
}

/// Rows under column heads, laid out by display width.
package struct Table: Sendable {
    package var columns: [Column]
    package var rows: [[Span]] = []
    /// Whether the heads are shown.
    package var hasHeads = true

    package init(columns: [Column], rows: [[Span]] = [], hasHeads: Bool = true) {
        self.columns = columns
        self.rows = rows
        self.hasHeads = hasHeads
    }

    private static let gap = 2

    /// Returns the lines of the table, no wider than the terminal if that can be.
    package func laidOut(for style: PageStyle) -> [[Span]] {
        let measure = style.measure
        let natural = naturalWidths(measure)
        guard let widths = fitted(natural, to: style.limit, measure) else { return stacked(natural, style) }
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

    /// The widths of the heads: no column gets narrower than the word above it.
    private func headWidths(_ measure: DisplayWidth) -> [Int] { columns.map { hasHeads ? measure($0.title) : 0 } }

    /// Returns widths that fit `limit`, the widest of those that may give way giving way first; `nil` where none does.
    private func fitted(_ natural: [Int], to limit: Int?, _ measure: DisplayWidth) -> [Int]? {
        guard let limit else { return natural }
        var widths = natural
        let gaps = Self.gap * max(0, widths.count - 1)
        let flexible = columns.indices.filter { columns[$0].fit != .whole }
        let heads = headWidths(measure)
        for floor in [8, 4] { narrow(&widths, among: flexible, floors: heads.map { max($0, floor) }, to: limit - gaps) }
        return widths.reduce(0, +) + gaps <= limit ? widths : nil
    }

    private static let indent = 4
    /// Columns that a cell which may give way wants before it goes to another line.
    private static let least = 12

    /// Each row on as many lines as its whole cells need: what does not fit beside the others goes on below, set in.
    private func stacked(_ natural: [Int], _ style: PageStyle) -> [[Span]] {
        let (measure, limit) = (style.measure, style.limit ?? .max)
        let titles = headWidths(measure)
        var groups: [[Int]] = [[]]
        var used = 0
        for index in columns.indices {
            let wanted = columns[index].fit == .whole ? natural[index] : min(natural[index], max(Self.least, titles[index]))
            let room = limit - (groups.count == 1 ? 0 : Self.indent)
            let isFirst = groups[groups.count - 1].isEmpty
            if !isFirst, used + Self.gap + wanted > room {
                groups.append([index])
                used = wanted
            } else {
                groups[groups.count - 1].append(index)
                used += (isFirst ? 0 : Self.gap) + wanted
            }
        }
        let parts = groups.enumerated().map { number, group in
            let indent = number == 0 ? 0 : Self.indent
            var part = Table(columns: group.map { columns[$0] }, hasHeads: hasHeads)
            part.rows = rows.map { row in group.map { $0 < row.count ? row[$0] : Span("") } }
            let natural = part.naturalWidths(measure)
            // What alone is wider than the terminal goes on in the next line: broken, but all of it.
            for index in part.columns.indices where natural[index] > limit - indent { part.columns[index].fit = .wrapped }
            return (table: part, widths: part.fitted(natural, to: limit - indent, measure) ?? natural, indent: indent)
        }
        func lines(_ row: (Table) -> [Span]) -> [[Span]] {
            parts.flatMap { part -> [[Span]] in
                let cells = row(part.table)
                if part.indent > 0, cells.allSatisfy({ $0.text.isEmpty }) { return [] }
                let blanks = part.indent > 0 ? [Span(String(repeating: " ", count: part.indent))] : []
                return part.table.laidOut(cells, widths: part.widths, measure).map { blanks + $0 }
            }
        }
        let heads = hasHeads ? lines { $0.columns.map { Span($0.title, .faint) } } : []
        return heads + rows.indices.flatMap { number in lines { $0.rows[number] } }
    }

    private func narrow(_ widths: inout [Int], among indices: [Int], floors: [Int], to total: Int) {
        var excess = widths.reduce(0, +) - total
        while excess > 0 {
            guard let widest = indices.filter({ widths[$0] > floors[$0] }).max(by: { widths[$0] < widths[$1] }) else { return }
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
