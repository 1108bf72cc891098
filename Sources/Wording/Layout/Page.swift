/// What human output must know about where it is shown.
package struct PageStyle: Sendable {
    package var language: Language = .en
    /// The columns of the terminal, or `nil` for a file or pipe, where nothing is cut.
    package var columns: Int?
    package var isWide = false
    package var usesColor = false
    package var measure = DisplayWidth.standard
    /// Whether it shows what stood on a day that has passed: then no command comes next.
    package var isOfThePast = false
    /// How a command has to be typed where this is shown.
    package var command: @Sendable (String) -> String = { $0 }

    package init(
        language: Language = .en, columns: Int? = nil, isWide: Bool = false, usesColor: Bool = false, measure: DisplayWidth = .standard,
        command: @escaping @Sendable (String) -> String = { $0 }
    ) {
        self.language = language
        self.columns = columns
        self.isWide = isWide
        self.usesColor = usesColor
        self.measure = measure
        self.command = command
    }

    /// The columns that lines must fit, or `nil` for any.
    package var limit: Int? { isWide ? nil : columns }
}

/// A piece of a line that stands at its own column.
package struct Placed: Sendable {
    /// The column at which it begins, or before which it ends if it stands on its right edge.
    package var column: Int
    package var span: Span
    package var alignment: Alignment = .left
    /// Whether it is moved to a line of its own rather than broken: commands to be pasted are.
    package var isWhole = false
    /// Whether it is a command to be typed where this is shown, which needs the flags that this command had.
    package var isTypedHere = false

    package init(column: Int, span: Span, alignment: Alignment = .left, isWhole: Bool = false, isTypedHere: Bool = false) {
        self.isTypedHere = isTypedHere
        self.column = column
        self.span = span
        self.alignment = alignment
        self.isWhole = isWhole
    }

    package static func at(_ column: Int, _ span: Span) -> Placed { Placed(column: column, span: span) }
    package static func upTo(_ column: Int, _ span: Span) -> Placed { Placed(column: column, span: span, alignment: .right) }
    package static func command(_ column: Int, _ text: String) -> Placed {
        Placed(column: column, span: Span(text, .strong), isWhole: true, isTypedHere: true)
    }
    /// A command for another machine, as it stands.
    package static func elsewhere(_ column: Int, _ text: String) -> Placed {
        Placed(column: column, span: Span(text, .strong), isWhole: true)
    }
}

/// Human output, collected line by line and laid out for the terminal it goes to.
package struct Page {
    package let style: PageStyle
    package private(set) var lines: [[Span]] = []

    package init(_ style: PageStyle) { self.style = style }

    package var language: Language { style.language }

    package mutating func line(_ spans: Span...) { line(spans: spans) }

    /// Adds a line; one that does not fit is broken, and keeps its style if it has only one.
    package mutating func line(spans: [Span]) {
        let text = spans.map(\.text).joined()
        guard let limit = style.limit, style.measure(text) > limit else { return lines.append(spans) }
        let styles = Set(spans.map(\.style))
        paragraph(text, styles.count == 1 ? styles.first ?? .plain : .plain)
    }

    package mutating func blank() { lines.append([]) }

    /// Adds a sentence, broken into lines that fit.
    package mutating func say(_ entry: some PhraseTable, _ facts: Facts = [:], _ kind: Style = .plain, indent: Int = 0) {
        paragraph(entry.text(in: language, facts), kind, indent: indent)
    }

    /// Adds text that may hold line breaks of its own, each line broken to fit.
    package mutating func paragraph(_ text: String, _ kind: Style = .plain, indent: Int = 0) {
        let blanks = String(repeating: " ", count: indent)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let pieces = style.limit.map { style.measure.wrapped(String(line), to: max(10, $0 - indent)) } ?? [String(line)]
            for piece in pieces { lines.append(piece.isEmpty ? [] : [Span(blanks), Span(piece, kind)]) }
        }
    }

    /// Adds the line that every report ends with: the next command to type.
    package mutating func next(_ command: String) {
        guard !style.isOfThePast else { return }
        lines.append([Span(StatusPhrases.next.text(in: language, ["command": .text(style.command(command))]))])
    }

    /// Adds text at given columns, the same in every language; what does not fit continues below its own column.
    package mutating func place(_ pieces: Placed...) { place(pieces) }

    package mutating func place(_ pieces: [Placed]) {
        let measure = style.measure
        var row: [Span] = []
        var used = 0
        var lastStart = 0

        func put(_ span: Span, at start: Int) {
            if start > used { row.append(Span(String(repeating: " ", count: start - used))) }
            row.append(span)
            used = start + measure(span.text)
        }
        func breakLine() {
            lines.append(row)
            row = []
            used = 0
        }

        for var piece in pieces where !piece.span.text.isEmpty {
            if piece.isTypedHere { piece.span.text = style.command(piece.span.text) }
            let width = measure(piece.span.text)
            let wanted = piece.alignment == .left ? piece.column : piece.column - width
            // Out of its column, one blank would make a command look like the end of a sentence.
            let start = used == 0 || used < wanted ? max(wanted, 0) : used + (piece.isWhole ? 2 : 1)
            guard let limit = style.limit, start + width > limit else {
                put(piece.span, at: start)
                lastStart = start
                continue
            }
            if piece.isWhole, row.isEmpty {
                // Alone on its line it stands where it belongs: no other place would make it fit.
                put(piece.span, at: start)
            } else if piece.isWhole {
                breakLine()
                put(piece.span, at: max(0, min(lastStart, limit - width)))
            } else {
                let begin = limit - start >= 12 ? start : min(wanted, max(0, limit - 24))
                if begin < start { breakLine() }
                for (number, part) in measure.wrapped(piece.span.text, to: max(2, limit - begin)).enumerated() {
                    if number > 0 { breakLine() }
                    put(Span(part, piece.span.style), at: begin)
                }
                lastStart = begin
            }
        }
        lines.append(row)
    }

    package mutating func table(_ table: Table) { lines += table.laidOut(for: style) }

    /// The page as it is written: without blanks at the ends of lines, with a line break after each.
    package var text: String {
        var result = ""
        for line in lines {
            var spans = line
            while let last = spans.last, last.text.allSatisfy({ $0 == " " }) { spans.removeLast() }
            if let last = spans.last, last.text.hasSuffix(" ") {
                var text = Substring(last.text)
                while text.last == " " { text.removeLast() }
                spans[spans.count - 1].text = String(text)
            }
            for span in spans { result += span.rendered(inColor: style.usesColor) }
            result += "\n"
        }
        return result
    }
}
