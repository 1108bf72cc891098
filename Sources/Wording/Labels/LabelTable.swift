/// A table of labels: lines of a name, its English and its Japanese with tabs between them, the first with their heads.
struct LabelTable: Sendable {
    /// In the order of the table.
    let names: [String]
    private let phrases: [String: Phrase]

    /// Reads a table.
    ///
    /// - Parameter head: What stands over its names.
    /// - Throws: `LabelFault` for the first line that is not three filled columns of text, or names what an earlier one does.
    init(_ bytes: [UInt8], names head: String) throws(LabelFault) {
        var names: [String] = []
        var phrases: [String: Phrase] = [:]
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard let first = lines.first, try Self.columns(of: first, line: 1) == [head, "en", "ja"] else {
            throw LabelFault(line: 1, reason: .columns)
        }
        for (index, line) in lines.enumerated().dropFirst() {
            let columns = try Self.columns(of: line, line: index + 1)
            guard phrases.updateValue(Phrase(columns[1], ja: columns[2]), forKey: columns[0]) == nil else {
                throw LabelFault(line: index + 1, reason: .doubled)
            }
            names.append(columns[0])
        }
        (self.names, self.phrases) = (names, phrases)
    }

    /// Returns the three texts of a line.
    private static func columns(of line: ArraySlice<UInt8>, line number: Int) throws(LabelFault) -> [String] {
        var columns: [String] = []
        for column in line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false) {
            guard let text = String(validating: column, as: UTF8.self), !text.isEmpty else {
                throw LabelFault(line: number, reason: .text)
            }
            columns.append(text)
        }
        guard columns.count == 3 else { throw LabelFault(line: number, reason: .columns) }
        return columns
    }

    /// Returns the entry of a name that says most about the place it stands in.
    ///
    /// A place is a path with a mark behind each of its parts. For `title` from `risk.` that is `risk.title` before `title`; for
    /// `accepted` from `gap.status:` it is `gap.status:accepted`, then `status:accepted`, then `accepted`.
    func phrase(of name: String, from place: String) -> Phrase? {
        var place = Substring(place)
        while true {
            if let phrase = phrases[place + name] { return phrase }
            guard let mark = place.firstIndex(where: { $0 == "." || $0 == ":" }) else { return nil }
            place = place[place.index(after: mark)...]
        }
    }
}

/// A table of labels that is not as this program reads it. Those it ships are read by its tests.
package struct LabelFault: Error, Hashable, Sendable {
    /// From 1.
    package let line: Int
    package let reason: Reason

    package enum Reason: Hashable, Sendable {
        /// Not three columns, or not the heads in the first line.
        case columns
        /// A column that is empty, or no UTF-8.
        case text
        /// A name that an earlier line has.
        case doubled
    }
}
