import Workbooks

/// Returns the format of a document, from its bytes first and its name last.
package func recognise(_ bytes: [UInt8], name: String, options: ImportOptions = ImportOptions()) throws(ImportFault) -> ImportFormat {
    if isTree(bytes, name, options) { return try TreeDocument(bytes, name: name, options: options).format }
    return try opened(bytes, name: name, options: options).format
}

/// Reads a responsibility matrix out of a document: all of it, or nothing and the reason.
package func readMatrix(_ bytes: [UInt8], name: String, options: ImportOptions = ImportOptions()) throws(ImportFault) -> MatrixImport {
    if isTree(bytes, name, options) { return try TreeDocument(bytes, name: name, options: options).matrix(options) }
    return try readTable(bytes, name: name, options: options).matrix
}

private func readTable(
    _ bytes: [UInt8], name: String, options: ImportOptions
) throws(ImportFault) -> (matrix: MatrixImport, workbook: Workbook) {
    let (workbook, format, isText) = try opened(bytes, name: name, options: options)
    var matrix: MatrixImport
    switch format {
    case .cisCRM: matrix = try ControlMatrixReader.read(workbook, document: name, options: options)
    case .caiq, .workbook, .csv:
        matrix = try MappedMatrixReader.read(workbook, document: name, format: format, isText: isText, options: options)
    case .oscal, .openControl, .json: throw .formatNotRead(format.rawValue, document: name)
    }
    matrix.isQuestionnaire = matrix.isQuestionnaire || workbook.sheets.contains(where: HeaderWords.areOfQuestionnaire)
    matrix.diagnostics += HiddenParts(workbook, document: name).diagnostics(on: matrix)
    return (matrix, workbook)
}

/// Reads whatever a document holds: all of it, or nothing and the reason.
package func readDocument(_ bytes: [UInt8], name: String, options: ImportOptions = ImportOptions()) throws(ImportFault) -> ReadDocument {
    func kept(_ fault: ImportFault) throws(ImportFault) -> ReadDocument {
        guard case .noResponsibilities(let model, let figures, _) = fault else { throw fault }
        return .kept(KeptDocument(document: name, model: model, figures: figures, bytes: bytes))
    }
    guard isTree(bytes, name, options) else {
        do throws(ImportFault) {
            var (matrix, workbook) = try readTable(bytes, name: name, options: options)
            // The words of a questionnaire are its publisher's, and stay in the file.
            if !matrix.isOwn, !matrix.isFromHere, !matrix.isQuestionnaire, saysMore(workbook, than: matrix) {
                matrix.whole = KeptDocument(
                    document: name, model: matrix.format.rawValue, bytes: bytes, workbook: workbook,
                    isText: !bytes.starts(with: Array("PK".utf8)))
            }
            return .matrix(matrix)
        } catch { return try kept(error) }
    }
    let tree = try TreeDocument(bytes, name: name, options: options)
    if case .oscal(let oscal, _) = tree {
        let whole = oscal.holdsMore ? KeptDocument(document: name, model: oscal.model.rawValue, figures: oscal.figures, bytes: bytes) : nil
        if var framework = try FrameworkReader.framework(oscal, document: name, options: options) {
            framework.whole = whole
            return .framework(framework)
        }
        if var mapping = try FrameworkReader.mapping(oscal, document: name) {
            mapping.whole = whole
            return .mapping(mapping)
        }
    }
    do {
        var matrix = try tree.matrix(options)
        // What stands above and beside the rows of a document of nested members is kept with all of it.
        matrix.whole = tree.kind.map { KeptDocument(document: name, model: $0, bytes: bytes) }
        if case .oscal(let oscal, _) = tree { matrix.planOf = oscal.planOf }
        return .matrix(matrix)
    } catch { return try kept(error) }
}

/// Whether a workbook holds anything beside a head and lines that are rows: their words are in cells and private notes.
private func saysMore(_ workbook: Workbook, than matrix: MatrixImport) -> Bool {
    let filled = workbook.sheets.filter { !$0.rows.isEmpty }
    guard filled.count == 1, let sheet = filled.first, sheet.comments.isEmpty else { return true }
    // What is passed over, and the second of two columns that mean the same, is in no row.
    if matrix.mapping?.columns.contains(where: { $0.field == .passedOver }) ?? false { return true }
    if matrix.diagnostics.contains(where: { $0.code == .columnRepeated }) { return true }
    return Set(matrix.rows.map(\.origin.row)).count + 1 != sheet.rows.count
}

/// What a table looks like whose columns nobody has named; `nil` for what is no table.
package func tableOutline(_ bytes: [UInt8], name: String, options: ImportOptions = ImportOptions()) throws(ImportFault) -> TableOutline? {
    guard !isTree(bytes, name, options) else { return nil }
    let workbook = try opened(bytes, name: name, options: options).workbook
    return TableOutline(workbook, sheets: try options.sheets(of: workbook, document: name))
}

/// Whether a document is read as one of nested members: what was said of its format holds, else its name and its first sign.
private func isTree(_ bytes: [UInt8], _ name: String, _ options: ImportOptions) -> Bool {
    if let format = options.format { return format.isTree }
    guard !bytes.starts(with: Array("PK".utf8)), let other = otherFormat(of: bytes, name: name) else { return false }
    return ["json", "yaml"].contains(other)
}

/// A document of nested members, recognised by what it holds.
private enum TreeDocument {
    case oscal(OscalDocument, name: String)
    case openControl(DocumentTree, name: String)
    case own(DocumentTree, name: String)
    /// A list of values that others may choose from, such as that of FedRAMP: so many of them.
    case values(Int, name: String)

    init(_ bytes: [UInt8], name: String, options: ImportOptions) throws(ImportFault) {
        let tree: DocumentTree
        do { tree = try DocumentTree(bytes) } catch { throw .unreadableTree(error, document: name) }
        func isMeant(_ format: ImportFormat) -> Bool { options.format == nil || options.format == format }
        if isMeant(.oscal), let oscal = OscalDocument(tree) {
            self = .oscal(oscal, name: name)
        } else if isMeant(.openControl), OpenControlReader.isComponent(tree) {
            self = .openControl(tree, name: name)
        } else if isMeant(.json), tree.text("format") == OwnMatrixReader.format {
            self = .own(tree, name: name)
        } else if options.format == nil, let sets = tree.members.values.lazy.map({ $0.items("value-set").count }).first(where: { $0 > 0 }) {
            self = .values(sets, name: name)
        } else {
            throw .formatNotRead(DocumentTree.looksLikeJSON(bytes) ? "json" : "yaml", document: name)
        }
    }

    var format: ImportFormat {
        switch self {
        case .oscal, .values: .oscal
        case .openControl: .openControl
        case .own: .json
        }
    }

    /// What a document is that holds rows and may hold more.
    var kind: String? {
        switch self {
        case .oscal(let oscal, _): oscal.model.rawValue
        case .openControl: "opencontrol"
        case .own, .values: nil
        }
    }

    func matrix(_ options: ImportOptions) throws(ImportFault) -> MatrixImport {
        switch self {
        case .values(let count, let name): throw .noResponsibilities("value-list", figures: ["sets": count], document: name)
        case .own(let tree, let name): return linted(try OwnMatrixReader.read(tree, document: name), options)
        case .openControl(let tree, let name): return linted(try OpenControlReader.read(tree, document: name, options: options), options)
        case .oscal(let oscal, let name):
            guard oscal.model.holdsRequirements else {
                throw .noResponsibilities(oscal.model.rawValue, figures: oscal.figures, document: name)
            }
            return linted(try OscalMatrixReader.read(oscal, document: name, options: options), options)
        }
    }

    private func linted(_ matrix: MatrixImport, _ options: ImportOptions) -> MatrixImport {
        var matrix = matrix
        matrix.diagnostics += RowLint(document: matrix.document, knownControls: options.knownControls).diagnostics(on: matrix.rows)
        return matrix
    }
}

private func opened(
    _ bytes: [UInt8], name: String, options: ImportOptions
) throws(ImportFault) -> (workbook: Workbook, format: ImportFormat, isText: Bool) {
    let isArchive = bytes.starts(with: Array("PK".utf8)) || bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0])
    let isNamedWorkbook = [".xlsx", ".xlsm"].contains { name.lowercased().hasSuffix($0) }
    if !isArchive, !isNamedWorkbook, options.format == nil, let other = otherFormat(of: bytes, name: name) {
        throw .formatNotRead(other, document: name)
    }
    // What was said of the format holds: bytes of another are then damaged ones of this.
    let isWorkbook =
        switch options.format {
        case .workbook?: true
        case .csv?: false
        case .cisCRM?, .caiq?, .oscal?, .openControl?, .json?, nil: isArchive || isNamedWorkbook
        }
    let workbook: Workbook
    do throws(WorkbookFault) {
        if isWorkbook {
            workbook = try Workbook(xlsx: bytes, limits: options.limits)
        } else {
            workbook = try Workbook(csv: bytes, name: name, encoding: options.encoding ?? options.mapping?.encoding, limits: options.limits)
        }
    } catch {
        throw .unreadable(error, document: name)
    }
    if let format = options.format { return (workbook, format, !isWorkbook) }
    if !isWorkbook, options.mapping == nil, let rules = ruleTable(workbook) {
        throw .noResponsibilities("rule-table", figures: ["rules": rules], document: name)
    }
    // Whoever brings a mapping has said how the columns are to be read.
    let isControlMatrix = options.mapping == nil && workbook.sheets.contains { ControlSheet($0).map { !$0.rows.isEmpty } ?? false }
    if isControlMatrix { return (workbook, .cisCRM, !isWorkbook) }
    let isQuestionnaire = options.mapping == nil && workbook.sheets.contains { MappedSheet(recognising: $0)?.isQuestionnaire ?? false }
    return (workbook, isQuestionnaire ? .caiq : isArchive ? .workbook : .csv, !isWorkbook)
}

/// How many rules a table holds that is the setting of a tool: the heads of such a table say with `$` and `#` what each column is to it,
/// and the line below them explains the columns.
private func ruleTable(_ workbook: Workbook) -> Int? {
    guard let sheet = workbook.sheets.first, let head = sheet.rows.first else { return nil }
    let marked = head.cells.filter { ["$", "#"].contains($0.value.text.first) }
    guard marked.count > 2, marked.contains(where: { $0.value.text.folded.contains("control") || $0.value.text.folded.contains("rule") })
    else {
        return nil
    }
    return max(sheet.rows.count - 2, 0)
}

/// Returns the name of a format that is no spreadsheet, where the bytes or the name show one.
private func otherFormat(of bytes: [UInt8], name: String) -> String? {
    if bytes.starts(with: Array("%PDF".utf8)) { return "pdf" }
    let ending = name.lowercased().split(separator: ".").last.map(String.init) ?? ""
    if ["yaml", "yml"].contains(ending) { return "yaml" }
    if ["csv", "tsv", "txt"].contains(ending) { return nil }
    switch bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }) {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return "json"
    case UInt8(ascii: "<"): return "xml"
    default: return nil
    }
}
