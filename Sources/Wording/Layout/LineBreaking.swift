extension DisplayWidth {
    /// Returns the text in lines of at most `columns`.
    ///
    /// Latin breaks at blanks, Japanese between any two characters but where a mark must not begin a line or
    /// end one (kinsoku). A word longer than the line is cut where the line ends.
    package func wrapped(_ text: String, to columns: Int) -> [String] {
        guard columns > 0, self(text) > columns else { return [text] }
        var lines: [String] = []
        var line: [Character] = []
        var used = 0
        for character in text {
            let width = width(of: character)
            if used + width > columns, !line.isEmpty {
                let cut = character == " " ? line.count : lastBreak(in: line, before: character)
                lines.append(String(line[..<cut]).trimmingEnd)
                line = Array(line[cut...].drop { $0 == " " })
                used = line.reduce(0) { $0 + self.width(of: $1) }
                if character == " ", line.isEmpty { continue }
            }
            line.append(character)
            used += width
        }
        if !line.isEmpty { lines.append(String(line).trimmingEnd) }
        return lines
    }

    /// Returns how many characters of `line` stay on it when `next` no longer fits.
    private func lastBreak(in line: [Character], before next: Character) -> Int {
        var at = line.count
        var following = next
        while at > 0 {
            let previous = line[at - 1]
            if mayBreak(between: previous, and: following) { return at }
            following = previous
            at -= 1
        }
        return line.count
    }

    private func mayBreak(between left: Character, and right: Character) -> Bool {
        if left == " " { return true }
        if right == " " { return false }
        guard width(of: left) == 2 || width(of: right) == 2 else { return false }
        return !Self.neverFirst.contains(right) && !Self.neverLast.contains(left)
    }

    private static let neverFirst = Set("、。，．・：；？！」』）］｝〉》】〕ゝゞ々ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ,.:;?!)]}%…")
    private static let neverLast = Set("「『（［｛〈《【〔([{")
}

extension String {
    fileprivate var trimmingEnd: String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
