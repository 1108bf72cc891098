extension String {
    /// The text with every character written out that could move the cursor, reverse the line or hide in it.
    ///
    /// What a counterpart typed is shown on our terminal: an escape sequence in it must not clear the screen,
    /// a line break must not fake a second line, and a change of direction must not swap what is read.
    /// Joiners stay, since scripts and emoji need them. Doing it twice changes nothing.
    package var visible: String {
        guard utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F }) else { return self }
        guard unicodeScalars.contains(where: \.isHazardous) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.isHazardous: result += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    /// Whether a terminal or a reader could take this for something else than a sign on the line.
    package var isHazardous: Bool {
        switch value {
        case 0...0x1F, 0x7F...0x9F: true  // C0, DEL, C1: the start of every escape sequence
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true  // direction of writing
        case 0x2028, 0x2029: true  // line and paragraph separator
        case 0x00AD, 0x200B, 0x2060...0x2064, 0xFEFF: true  // invisible
        case 0xFFF9...0xFFFB, 0xE0000...0xE007F: true  // annotations and tags
        default: false
        }
    }
}
