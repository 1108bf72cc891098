/// How many columns text takes on a terminal.
package struct DisplayWidth: Sendable {
    /// Whether characters of ambiguous width take two columns, as in old Japanese terminals.
    package var ambiguousIsWide = false

    package init(ambiguousIsWide: Bool = false) { self.ambiguousIsWide = ambiguousIsWide }

    package static let standard = DisplayWidth()

    package func callAsFunction(_ text: some StringProtocol) -> Int {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
        return text.reduce(0) { $0 + width(of: $1) }
    }

    /// Returns the columns of one character as a reader counts them.
    package func width(of character: Character) -> Int {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return 0 }
        if scalars.count == 1 { return width(of: first) }
        // Sequences that are drawn as one picture: joined, coloured, flagged, or asked for as a picture.
        if scalars.contains(where: { $0.value == 0x200D || $0.value == 0xFE0F || (0x1F1E6...0x1F1FF).contains($0.value) }) { return 2 }
        if scalars.dropFirst().contains(where: { (0x1F3FB...0x1F3FF).contains($0.value) }) { return 2 }
        return scalars.reduce(0) { $0 + width(of: $1) }
    }

    /// Returns the columns of one scalar: control characters none, since they never reach the terminal as they are.
    package func width(of scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x20 { return 0 }
        if value < 0x7F { return 1 }
        if value < 0xA0 { return 0 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        // Vowels and finals of Hangul join the wide letter before them.
        if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
        if value >= 0x1100, WidthTable.contains(value, in: WidthTable.wide) { return 2 }
        return ambiguousIsWide && WidthTable.contains(value, in: WidthTable.ambiguous) ? 2 : 1
    }

    /// Returns the text cut to `columns`, ending in "…" if anything was cut off.
    package func cut(_ text: String, to columns: Int) -> String {
        if self(text) <= columns { return text }
        let mark = "…"
        let room = columns - self(mark)
        guard room >= 0 else { return "" }
        var used = 0
        var result = ""
        for character in text {
            let width = width(of: character)
            if used + width > room { break }
            used += width
            result.append(character)
        }
        return result + mark
    }

    /// Returns the text with blanks up to `columns`; longer text as it is.
    package func padded(_ text: String, to columns: Int, _ alignment: Alignment = .left) -> String {
        let blanks = String(repeating: " ", count: max(0, columns - self(text)))
        return alignment == .left ? text + blanks : blanks + text
    }
}

/// The edge on which text stands in its column.
package enum Alignment: Sendable {
    case left, right
}
