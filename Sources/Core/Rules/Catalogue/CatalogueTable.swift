/// A table of the catalogue: lines of fields with tabs between them, the first with their names.
struct CatalogueTable {
    let names: [String]
    let rows: [Row]

    struct Row {
        let line: Int
        fileprivate let fields: [String: String]

        /// A field's text; `nil` where it is empty.
        func text(_ name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }

        /// A field that every row has.
        func required(_ name: String) throws(CatalogueFault) -> String {
            guard let text = text(name) else { throw CatalogueFault(line: line, field: name) }
            return text
        }

        /// A field's words.
        func words(_ name: String) -> [String] { (text(name) ?? "").split(separator: " ").map(String.init) }

        func value<Value: RawRepresentable<String>>(_ text: String, of name: String) throws(CatalogueFault) -> Value {
            guard let value = Value(rawValue: text) else { throw CatalogueFault(line: line, field: name) }
            return value
        }

        func bilingual(_ name: String) throws(CatalogueFault) -> BilingualText {
            BilingualText(en: try required(name + "_en"), ja: try required(name + "_ja"))
        }
    }

    init(_ bytes: [UInt8]) throws(CatalogueFault) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
        guard let names = lines.first else { throw CatalogueFault(line: 1, field: "") }
        self.names = names
        var rows: [Row] = []
        for (index, line) in lines.enumerated().dropFirst() {
            guard line.count == names.count else { throw CatalogueFault(line: index + 1, field: "") }
            rows.append(Row(line: index + 1, fields: Dictionary(zip(names, line)) { first, _ in first }))
        }
        self.rows = rows
    }
}

/// A table of the catalogue that is not as this program reads it. Those it ships are read by its tests.
package struct CatalogueFault: Error, Hashable, Sendable {
    /// From 1.
    package let line: Int
    package let field: String
}
