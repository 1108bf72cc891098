import BuntanProtocol
import Foundation

/// The rows of a document of nested members, as they are gathered: each key once, each remark with the path of what it is about.
struct TreeRows {
    let document: String
    private(set) var rows: [ImportedRow] = []
    private(set) var diagnostics: [ImportDiagnostic] = []
    /// The number that each key came to, and the path of the first.
    private var seen: [RowKey: (count: Int, first: String)] = [:]

    init(document: String) { self.document = document }

    /// What a document says of one row.
    struct Words {
        var allocation = "unallocated"
        /// Whether the document says it, or what it is concluded from; else what stands is left.
        var saysAllocation = false
        /// Whether nothing in the document names the allocation, and it was concluded.
        var isDerived = false
        var status: String?
        var providerShares: Bool?
        var topic: [String: String] = [:]
        var providerStatement: [String: String] = [:]
        var customerAction: [String: String] = [:]
        var boundaryNote: [String: String] = [:]
        var notApplicableReason: [String: String] = [:]
        var notes: [PrivateNote] = []
    }

    mutating func add(_ words: Words, framework: String, controlId: String, itemKey: String, at path: String) {
        var fields = [ImportedField("allocation", nil, .text(words.allocation))]
        if words.isDerived { fields.append(ImportedField("derived", nil, .bool(true))) }
        if let status = words.status { fields.append(ImportedField("implementationStatus", nil, .text(status))) }
        if let shares = words.providerShares { fields.append(ImportedField("providerShares", nil, .bool(shares))) }
        let prose = [
            ("topic", words.topic), ("providerStatement", words.providerStatement), ("customerAction", words.customerAction),
            ("boundaryNote", words.boundaryNote), ("notApplicableReason", words.notApplicableReason),
        ]
        for (field, texts) in prose {
            for (language, text) in texts.sorted(by: { $0.key < $1.key }) {
                fields.append(ImportedField(field, language, .text(text)))
            }
        }
        add(
            fields, framework: framework, controlId: controlId, itemKey: itemKey, notes: words.notes, saysAllocation: words.saysAllocation,
            at: path)
    }

    mutating func add(
        _ fields: [ImportedField], framework: String, controlId: String, itemKey: String, notes: [PrivateNote] = [],
        saysAllocation: Bool = true, at path: String
    ) {
        // An id of signs alone names no item.
        let itemKey = itemKey.isEmpty ? RowKey.mainItem : itemKey
        let base = RowKey(framework: framework, controlId: controlId, itemKey: itemKey)
        var key = base
        if let (before, first) = seen[base] {
            var number = before
            repeat {
                number += 1
                key.itemKey = "\(itemKey)~\(number)"
            } while seen[key] != nil
            seen[base] = (number, first)
            say(.idRepeated, at: path, ["id": controlId, "itemKey": key.itemKey, "first": first])
        }
        seen[key] = seen[key] ?? (1, path)
        let item = key.itemKey
        for field in fields { if case .text(let text) = field.value { checkLength(text, at: path) } }
        for note in notes { checkLength(note.text, at: path) }
        rows.append(
            ImportedRow(
                framework: framework, controlId: controlId, itemKey: item, fields: fields, privateNotes: notes,
                origin: ImportOrigin(path: path), saysAllocation: saysAllocation))
    }

    mutating func say(_ code: ImportDiagnostic.Code, at path: String, _ facts: [String: String] = [:]) {
        diagnostics.append(ImportDiagnostic(code, document: document, sheet: path, row: 0, facts: facts))
    }

    private mutating func checkLength(_ text: String, at path: String) {
        guard text.utf8.count > ImportedRow.textBytesLimit else { return }
        say(.textTooLong, at: path, ["bytes": "\(text.utf8.count)", "allowed": "\(ImportedRow.textBytesLimit)"])
    }

    /// The whole, or why it is not taken.
    ///
    /// - Parameter fields: those of which the document speaks even where it leaves them out; `nil` for those that a row of it has. What
    ///   no row has is none of the document's business, and stays as it is.
    func matrix(_ format: ImportFormat, fields: Set<String>? = nil) throws(ImportFault) -> MatrixImport {
        let fields = fields ?? Set(rows.flatMap(\.fields).map(\.field)).union(rows.contains(where: \.saysAllocation) ? ["derived"] : [])
        guard !rows.isEmpty else { throw .noRows(document: document, sheets: []) }
        if diagnostics.contains(where: { $0.severity == .error }) { throw .rejected(document: document, diagnostics: diagnostics) }
        let counts = Dictionary(rows.map { ($0.framework, 1) }, uniquingKeysWith: +)
        let framework = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
        return MatrixImport(
            document: document, format: format, frameworkID: framework, rows: rows, diagnostics: diagnostics, fields: fields)
    }
}

extension RowKey {
    /// The item of a row that is its control's own.
    static let mainItem = "main"

    /// A key as a document of ours has it: each part on one line, and no longer than people name things.
    init?(written framework: String, _ control: String, _ item: String?) {
        let parts = [framework, control, item ?? RowKey.mainItem]
        guard parts.allSatisfy({ $0 == $0.singleLine && !$0.isEmpty && $0.utf8.count <= RowKey.mostBytes }) else { return nil }
        self.init(framework: parts[0], controlId: parts[1], itemKey: parts[2])
    }

    private static let mostBytes = 256
}

extension ImportOrigin {
    /// Where something stands in a document of nested members: the names on the way to it, each behind a slash.
    init(path: String) { self.init(sheet: path, row: 0, column: nil) }
}

/// Where something stands in a document of nested members.
enum TreePath {
    /// The place of an item beneath a path: a name is as long as people name things.
    ///
    /// - Parameter member: what goes by the name; what is no list has no numbers.
    static func step(_ path: String, _ name: String, _ number: Int, of member: DocumentTree? = nil) -> String {
        let name = name.utf8.count <= 64 ? name : String(name.prefix(16)) + "…"
        if case .object? = member { return "\(path)/\(name)" }
        return "\(path)/\(name)/\(number)"
    }
}

/// What the catalogue is called whose controls a document of nested members is about.
enum TreeFramework {
    /// - Parameter words: what the document says of the catalogue: addresses and titles.
    /// - Returns: the framework, and whether something names it.
    static func named(_ words: [String], ids: [String]) -> (framework: String, isCertain: Bool)? {
        if ids.contains(where: { $0.lowercased().hasPrefix("iso27017-") }) { return ("iso27017", true) }
        let nist = ids.compactMap { NISTControlID($0) }
        let text = words.joined(separator: " ").lowercased().filter { !" _-.".contains($0) }
        if nist.count * 2 > ids.count || ids.isEmpty && text.contains("80053") {
            for revision in ["4", "5"] where text.contains("rev\(revision)") || text.contains("80053r\(revision)") {
                return ("nist-800-53r\(revision)", true)
            }
            if ids.isEmpty { return nil }
            let verdict = FrameworkEvidence.verdict(on: nist, asWritten: [])
            return (verdict.framework, verdict.isCertain)
        }
        guard let name = words.lazy.map(name(of:)).first(where: { !$0.isEmpty }) else { return nil }
        return (name, false)
    }

    /// Words that say of what form a catalogue is, not which.
    private static let forms: Set = ["catalog", "profile", "json", "yaml", "yml", "xml", "resolved-profile", "min", "oscal"]

    /// A name of an address or a title: the last of its parts that says which catalogue it is.
    static func name(of text: String) -> String {
        let parts = text.split(separator: "/").reversed()
        for part in parts {
            let words = slug(part.split(separator: ".").filter { !forms.contains($0.lowercased()) }.joined(separator: "."))
            if !words.isEmpty, !forms.contains(words), !text.hasPrefix("#") { return words }
        }
        return ""
    }

    /// Letters and digits in lower case, a hyphen for whatever stands between; at most as long as a key may be.
    static func slug(_ text: String) -> String {
        let words = text.folded.split { !($0.isLetter || $0.isNumber) }
        var slug = ""
        for word in words {
            let longer = slug.isEmpty ? String(word) : slug + "-" + word
            guard longer.utf8.count <= 48 else { return slug.isEmpty ? String(word.prefix(12)) : slug }
            slug = longer
        }
        return slug
    }
}
