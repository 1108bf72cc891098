/// A text that was written for the width of a terminal: paragraphs, and below some of them lists of words with what they mean.
///
/// ```
/// A settings file has one 'key = value' a line.
///
///   STORE/config                settings of this store
///   STORE/evidence/             what a server showed that
///                               does not verify
/// ```
struct TopicText {
    enum Block: Equatable {
        case blank
        case paragraph(String)
        /// Words at an indent and, at a column, what they mean.
        case entry(indent: Int, words: String, column: Int, meaning: String)
    }

    private(set) var blocks: [Block] = []

    init(_ text: String, measure: DisplayWidth) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let indent = line.prefix { $0 == " " }.count
            let content = line.dropFirst(indent)
            guard !content.isEmpty else {
                blocks.append(.blank)
                continue
            }
            switch blocks.last {
            case .paragraph(let before)? where indent == 0: blocks[blocks.count - 1] = .paragraph(Self.joined(before, content, measure))
            case .entry(let outer, let words, let column, let meaning)? where indent > outer + 1:
                blocks[blocks.count - 1] = .entry(
                    indent: outer, words: words, column: column > 0 ? column : indent, meaning: Self.joined(meaning, content, measure))
            default:
                blocks.append(indent == 0 ? .paragraph(String(content)) : Self.entry(content, indent, measure))
            }
        }
    }

    /// Two blanks part the words of an entry from what they mean.
    private static func entry(_ content: Substring, _ indent: Int, _ measure: DisplayWidth) -> Block {
        guard let gap = content.firstRange(of: "  ") else { return .entry(indent: indent, words: String(content), column: 0, meaning: "") }
        let words = content[..<gap.lowerBound]
        let meaning = content[gap.lowerBound...].drop { $0 == " " }
        let blanks = content.count - words.count - meaning.count
        return .entry(indent: indent, words: String(words), column: indent + measure(words) + blanks, meaning: String(meaning))
    }

    /// Puts two lines of one text together: Japanese has no blank there.
    private static func joined(_ before: String, _ after: Substring, _ measure: DisplayWidth) -> String {
        guard let left = before.last, let right = after.first else { return before + after }
        return before + (measure(String(left)) == 2 || measure(String(right)) == 2 ? "" : " ") + after
    }
}

extension Page {
    /// Adds a text that was written for a certain width: as it stands where it fits, else its paragraphs and lists laid out anew.
    package mutating func topic(_ text: String) {
        let measure = style.measure
        guard let limit = style.limit, text.split(separator: "\n").contains(where: { measure($0) > limit }) else { return paragraph(text) }
        for block in TopicText(text, measure: measure).blocks {
            switch block {
            case .blank: blank()
            case .paragraph(let text): paragraph(text)
            case .entry(let indent, let words, let column, let meaning):
                // A command is pasted whole.
                let isCommand = words.hasPrefix("buntan ") || words.hasPrefix("make ")
                place(Placed(column: indent, span: Span(words), isWhole: isCommand), .at(column, Span(meaning)))
            }
        }
    }
}
