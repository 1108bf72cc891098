import Workbooks

/// What a table may say, for help that lists it: heads of columns, and the values that some of them hold.
package struct TableWords: Sendable, Equatable {
    /// The field or code that the words stand for.
    package let name: String
    package let english: [String]
    package let japanese: [String]

    private init(_ name: String, _ words: [String]) {
        self.name = name
        english = words.filter { !$0.hasJapanese }
        japanese = words.filter(\.hasJapanese)
    }

    /// The heads that are known without a mapping, by field.
    package static let columns: [TableWords] = ColumnMapping.Field.allCases.compactMap { field in
        (HeaderWords.columns[field] ?? HeaderWords.sideColumns[field]).map { TableWords(field.rawValue, $0) }
    }

    package static let allocations = codes(
        ["provider", "customer", "shared", "supplier", "not-applicable", "unallocated"], ValueWords.allocationNames)
    package static let statuses = codes(["implemented", "partial", "planned", "not-implemented"], ValueWords.statusNames)
    package static let encodings = TextEncoding.allCases.map(\.rawValue)

    private static func codes(_ codes: [String], _ names: [String: [String]]) -> [TableWords] {
        codes.map { TableWords($0, names[$0] ?? []) }
    }
}

extension String {
    fileprivate var hasJapanese: Bool {
        unicodeScalars.contains { (0x3040...0x30FF).contains($0.value) || (0x3400...0x9FFF).contains($0.value) }
    }
}
