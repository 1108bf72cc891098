import Foundation

/// A text that speaks of several services, each behind its name: `<Object storage>: what to do there`. What stands before the first name is
/// said of all.
struct ServiceSections {
    private let general: [Substring]
    private let sections: [(name: String, lines: [Substring])]

    init(_ text: String) {
        var general: [Substring] = []
        var sections: [(name: String, lines: [Substring])] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let match = line.prefixMatch(of: /\s*<([^<>\n]{1,80})>\s*[:：]\s*/) {
                sections.append((String(match.1).singleLine, [line[match.range.upperBound...]]))
            } else if sections.isEmpty {
                general.append(line)
            } else {
                sections[sections.count - 1].lines.append(line)
            }
        }
        (self.general, self.sections) = (general, sections)
    }

    var names: [String] { sections.map(\.name) }

    /// What is said of a service and of all; `nil` where nothing is.
    func text(for word: String) -> String? { Self.joined([general] + sections.filter { Self.isMeant($0.name, word) }.map(\.lines)) }

    /// What is said of other services, by their names.
    func others(than word: String) -> [(name: String, text: String)] {
        sections.filter { !Self.isMeant($0.name, word) }.compactMap { section in
            Self.joined([section.lines]).map { (section.name, $0) }
        }
    }

    func speaks(of word: String) -> Bool { sections.contains { Self.isMeant($0.name, word) } }

    private static func isMeant(_ name: String, _ word: String) -> Bool { name.folded.contains(word.folded) }

    private static func joined(_ parts: [[Substring]]) -> String? {
        let texts = parts.map { $0.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines) }.filter { !$0.isEmpty }
        return texts.isEmpty ? nil : texts.joined(separator: "\n\n")
    }
}
