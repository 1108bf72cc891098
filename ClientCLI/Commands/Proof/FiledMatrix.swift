import BuntanProtocol
import Foundation
import Interchange
import Merging
import Records
import Replica
import Wording
import Workbooks

/// A matrix in a file as one end of a comparison: nothing of it is written anywhere.
enum FiledMatrix {
    /// Whether a word names a file. A label or a short id comes first where one is spelled like a file.
    static func isFile(_ word: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: word, isDirectory: &isFolder) && !isFolder.boolValue
    }

    /// Whether a word that names none is spelled like a file.
    static func looksLikeFile(_ word: String) -> Bool {
        let endings = [".xlsx", ".xlsm", ".csv", ".tsv", ".json", ".yaml", ".yml"]
        return word.contains("/") || endings.contains { word.lowercased().hasSuffix($0) }
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

    /// The two matrices that are compared. What is said of the reading counts for the one that it fits: two files may be laid out otherwise.
    static func pair(_ files: (String, String), of service: SpaceID, _ options: ImportOptions) throws -> (
        before: FiledRows, after: FiledRows
    ) {
        var plain = options
        (plain.sheets, plain.mapping, plain.service) = ([], nil, nil)
        func rows(_ file: String, _ options: ImportOptions) throws -> FiledRows { try self.rows(in: file, of: service, options) { [] } }
        let unfit = [InputErrorPhrases.fileSheetMissing, .fileColumnsMissing, .fileServiceMissing].map(\.code)
        func isUnfit(_ failure: CommandFailure) -> Bool { plain != options && unfit.contains(failure.code) }
        func read(_ file: String) throws -> (rows: FiledRows, failure: CommandFailure?) {
            do { return (try rows(file, options), nil) } catch let failure as CommandFailure where isUnfit(failure) {
                do { return (try rows(file, plain), failure) } catch is CommandFailure { throw failure }
            }
        }
        let (before, after) = (try read(files.0), try read(files.1))
        if let failure = before.failure, after.failure != nil { throw failure }
        return (before.rows, after.rows)
    }

    private static func matrix(in file: String, _ options: ImportOptions) throws -> MatrixImport {
        let bytes = try InputFile.bytes(file, limit: WorkbookLimits.standard.fileBytes)
        do { return try readMatrix(bytes, name: URL(fileURLWithPath: file).lastPathComponent, options: options) } catch {
            throw ImportWords.failure(error, file: file, naming: "buntan diff --sheet NAME A..B")
        }
    }

    /// The rows of a file, as they would stand in a service. Columns that an import keeps private are no part of them.
    /// - Parameters:
    ///   - held: the frameworks of the rows with which they are compared.
    ///   - options: how it is read.
    static func rows(
        in file: String, of service: SpaceID, _ options: ImportOptions, among held: () throws -> Set<String>
    ) throws -> FiledRows {
        let read = try matrix(in: file, options)
        let matrix = try read.placed(among: held)
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
