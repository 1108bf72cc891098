/// The editions of standards that records may name, those of each standard from the oldest on.
///
/// A further one is a line of `editions.tsv` beside this file, and its words for people.
package struct Editions: Sendable {
    private let codes: [String: [String]]

    /// Reads the table: a head, then a standard and an edition a line. A line of another form names none.
    package init(_ table: [UInt8]) {
        var codes: [String: [String]] = [:]
        for line in String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst() {
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard cells.count == 2, cells.allSatisfy({ !$0.isEmpty }) else { continue }
            codes[String(cells[0]), default: []].append(String(cells[1]))
        }
        self.codes = codes
    }

    /// Of a standard by its code, as `iso27017`; none of one that is not known.
    package func of(_ standard: String) -> [String] { codes[standard] ?? [] }

    package var standards: [String] { codes.keys.sorted() }

    package static let shipped = Editions(PackageResources.editions_tsv)
}
