import BuntanProtocol
import Foundation
import Interchange
import Merging
import Records
import Replica
import Wording

/// A matrix in a file as one end of a comparison: nothing of it is written anywhere.
enum FiledMatrix {
    /// Whether a word names a file. A label or a short id comes first where one is spelled like a file.
    static func isFile(_ word: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: word, isDirectory: &isFolder) && !isFolder.boolValue
    }

    /// The two ends of `A..B`, `nil` for one end alone. Paths hold points too: `../a.xlsx..b.xlsx` is parted where that leaves files.
    static func ends(of range: String) -> (String, String)? {
        if isFile(range) { return nil }
        var places: [(String, String)] = []
        var from = range.startIndex
        while let dots = range[from...].firstRange(of: "..") {
            places.append((String(range[..<dots.lowerBound]), String(range[dots.upperBound...])))
            from = range.index(after: dots.lowerBound)
        }
        return places.first { isFile($0.0) && isFile($0.1) } ?? places.first { isFile($0.0) || isFile($0.1) } ?? places.first
    }

    /// An error where two matrices are about controls of different frameworks: no row of one is a row of the other.
    static func requireCommon(_ one: Set<String>, _ other: Set<String>, _ names: (String, String)) throws {
        guard one.isDisjoint(with: other), !one.isEmpty, !other.isEmpty else { return }
        throw CommandFailure(
            .frameworksDiffer,
            [
                "first": .text(names.0), "second": .text(names.1), "one": .text(one.sorted().joined(separator: ", ")),
                "other": .text(other.sorted().joined(separator: ", ")),
            ], place: .init(file: names.0))
    }

    /// The two files that a range names, where both its ends are files.
    static func files(of range: String?) -> (String, String)? {
        guard let ends = range.flatMap({ ends(of: $0) }), isFile(ends.0), isFile(ends.1) else { return nil }
        return ends
    }

    /// The rows of a file, as they would stand in a service. Columns that an import keeps private are no part of them.
    /// - Parameter held: the frameworks of the rows with which they are compared.
    static func rows(in file: String, of service: SpaceID, among held: () throws -> Set<String>) throws -> FiledRows {
        let matrix = try Import.matrix(in: file, ImportOptions()).placed(among: held)
        let records = matrix.rows.map { row in
            let key = Records.RowKey(framework: row.framework, controlId: row.controlId, itemKey: row.itemKey)
            var cells = key.fields.map { (CellKey($0.field), $0.value) }
            // What is empty, and an element that a set has not, is no cell to cover.
            for field in row.fields where field.value != .null && (field.value != .bool(false) || field.element == nil) {
                cells.append((field.key.protocolKey, field.value.value))
            }
            return CoveredRecord(
                space: service, record: key.responsibility(in: service), kind: "responsibility",
                cells: cells.sorted { $0.0 < $1.0 }.map { CoveredCell(key: $0.0, value: $0.1.encoded) })
        }
        return FiledRows(records, fields: matrix.fields)
    }
}
