import BuntanProtocol
import Records

/// Reads the JSON that `export json` writes: the rows of a matrix, cell by cell. Records of other kinds stay in the document.
struct OwnMatrixReader {
    static let format = "buntan.matrix-export/1"

    private let tree: DocumentTree
    private var rows: TreeRows
    private var seen: Set<String> = []

    static func read(_ tree: DocumentTree, document: String) throws(ImportFault) -> MatrixImport {
        var reader = OwnMatrixReader(tree: tree, rows: TreeRows(document: document))
        return try reader.matrix()
    }

    /// The fields of a row that a document can bring: none that names something of the store it came from.
    private static let fields: [Field] = (SchemaRegistry.current.kind("responsibility")?.fields ?? []).filter { field in
        switch field.type {
        case .string, .text, .bool, .int, .date, .duration, .decimal, .enumeration, .country, .code, .dateTime:
            !["framework", "controlId", "itemKey"].contains(field.name)
        case .organisation, .record, .space, .device, .digest, .signature, .document: false
        }
    }

    private mutating func matrix() throws(ImportFault) -> MatrixImport {
        for (number, row) in tree.items("rows").enumerated() { read(row, at: "/rows/\(number)") }
        let others = tree.items("records").count
        if others > 0 { rows.say(.recordsLeft, at: "/records", ["count": "\(others)"]) }
        var matrix = try rows.matrix(.json, fields: seen)
        matrix.isFromHere = true
        if tree.text("audience") != Audience.myself.rawValue { matrix.heldBack = ["foundText", "foundOwner"] }
        return matrix
    }

    private mutating func read(_ row: DocumentTree, at path: String) {
        guard let written = row["row"], let framework = written.text("framework"), let control = written.text("controlId") else {
            return rows.say(.idMissing, at: path)
        }
        guard let key = RowKey(written: framework, control, written.text("itemKey")) else {
            let shown = String("\(framework) \(control)".singleLine.prefix(64))
            return rows.say(.valueUnknown, at: path + "/row", ["value": shown, "field": "row", "known": "framework, controlId, itemKey"])
        }
        var fields: [ImportedField] = []
        for field in Self.fields {
            guard let value = row["fields"]?[field.name] else { continue }
            seen.insert(field.name)
            let place = "\(path)/fields/\(field.name)"
            switch (field.merge, value) {
            case (.languages, .object(let texts)):
                for (language, text) in texts.sorted(by: { $0.key < $1.key }) where text != .null {
                    guard Vocabulary.languages.contains(language) else {
                        refuse(.text(language), field, at: place)
                        continue
                    }
                    add(text, field, language, at: place, &fields)
                }
            case (.set, .list(let members)):
                for member in members {
                    guard let code = member.text, (try? FieldValue.element(code, of: field)) != nil else {
                        refuse(member, field, at: place)
                        continue
                    }
                    fields.append(ImportedField(field.name, code, .bool(true)))
                }
            case (_, .null): break
            case (.languages, _), (.set, _): refuse(value, field, at: place)
            default: add(value, field, nil, at: place, &fields)
            }
        }
        rows.add(fields, framework: key.framework, controlId: key.controlId, itemKey: key.itemKey, at: path)
    }

    private mutating func refuse(_ value: DocumentTree, _ field: Field, at path: String) {
        var known = field.type.name
        if case .enumeration(let codes) = field.type { known = codes.joined(separator: ", ") }
        rows.say(.valueUnknown, at: path, ["value": value.canonicalJSON, "field": field.name, "known": known])
    }

    private mutating func add(
        _ value: DocumentTree, _ field: Field, _ element: String?, at path: String, _ fields: inout [ImportedField]
    ) {
        switch (value, field.type) {
        case (.bool(let bool), .bool): fields.append(ImportedField(field.name, element, .bool(bool)))
        case (.number(let number), .int):
            guard let int = Int(number) else { return refuse(value, field, at: path) }
            fields.append(ImportedField(field.name, element, .int(int)))
        case (.text, .int), (.text, .bool): refuse(value, field, at: path)
        case (.text(let text), _):
            // Prose as it stands; anything else in the one form that its type has.
            if field.type == .text || field.type == .string {
                fields.append(ImportedField(field.name, element, .text(text.composed)))
            } else if case .text(let normal)? = try? FieldValue.parse(text, of: field) {
                fields.append(ImportedField(field.name, element, .text(normal)))
            } else {
                refuse(value, field, at: path)
            }
        default: refuse(value, field, at: path)
        }
    }
}
