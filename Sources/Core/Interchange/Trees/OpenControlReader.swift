import BuntanProtocol

/// Reads a component of OpenControl (2.0 and 3.x): what it does for each control, in its author's words.
struct OpenControlReader {
    private let component: DocumentTree
    private let options: ImportOptions
    private var rows: TreeRows

    static func isComponent(_ tree: DocumentTree) -> Bool {
        tree["satisfies"] != nil && (tree["name"] != nil || tree["schema_version"] != nil)
    }

    static func read(_ component: DocumentTree, document: String, options: ImportOptions) throws(ImportFault) -> MatrixImport {
        var reader = OpenControlReader(component: component, options: options, rows: TreeRows(document: document))
        return try reader.matrix()
    }

    private mutating func matrix() throws(ImportFault) -> MatrixImport {
        let name = TreeFramework.slug(component.text("key") ?? component.text("name") ?? "")
        let satisfied = component.items("satisfies")
        var frameworks: [String: String] = [:]
        let standards = Dictionary(grouping: satisfied.enumerated(), by: { $0.element.text("standard_key") ?? "" })
        for (standard, all) in standards.sorted(by: { $0.key < $1.key }) {
            let ids = all.compactMap { $0.element.text("control_key") }
            let path = "/satisfies/\(all.first?.offset ?? 0)"
            if let framework = options.framework {
                frameworks[standard] = framework
            } else if let (framework, isCertain) = TreeFramework.named([standard], ids: ids) {
                frameworks[standard] = framework
                if !isCertain { rows.say(.frameworkAssumed, at: path, ["framework": framework]) }
            } else {
                throw .frameworkUnknown(document: rows.document, exampleID: ids.first?.singleLine ?? "", at: ImportOrigin(path: path))
            }
        }
        for (number, entry) in satisfied.enumerated() {
            read(entry, at: "/satisfies/\(number)", name, frameworks[entry.text("standard_key") ?? ""] ?? "")
        }
        return try rows.matrix(.openControl)
    }

    private mutating func read(_ entry: DocumentTree, at path: String, _ component: String, _ framework: String) {
        guard let written = entry.text("control_key") else { return rows.say(.idMissing, at: path) }
        guard let control = MappedMatrixReader.controlID(written, framework) else {
            return rows.say(.idUnreadable, at: path, ["value": written.singleLine])
        }
        var common = TreeRows.Words()
        takeStatus(of: entry, at: path, &common)
        takeOrigin(of: entry, at: path, &common)
        keepRest(of: entry, &common)
        // One text in the older form, a list of parts in the newer; parts without a key are the control's own.
        var texts: [(key: String?, text: String)] = []
        var places: [String?: Int] = [:]
        for part in entry.items("narrative") {
            guard let text = (part.text ?? part.text("text"))?.composed else { continue }
            let key = part.text("key")
            if let place = places[key] {
                texts[place].text += "\n\n" + text
            } else {
                places[key] = texts.count
                texts.append((key, text))
            }
        }
        if texts.isEmpty { texts = [(nil, "")] }
        for (place, part) in texts.enumerated() {
            var words = common
            // What is said of the control as a whole stands beside its first part.
            if place > 0 { words.notes = [] }
            if !part.text.isEmpty { words.providerStatement = [part.text.proseLanguage: part.text] }
            var (controlId, item) = (control, component)
            if let key = part.key {
                // A part of a control is what other documents call a statement of it.
                if framework.hasPrefix("nist-800-53"), let statement = NISTControlID("\(control)(\(key))") {
                    controlId = statement.text
                } else {
                    item = [TreeFramework.slug(key), component].filter { !$0.isEmpty }.joined(separator: "-")
                }
            }
            rows.add(words, framework: framework, controlId: controlId, itemKey: item.isEmpty ? RowKey.mainItem : item, at: path)
        }
    }

    private func values(_ entry: DocumentTree, _ one: String, _ several: String) -> [String] {
        (entry.items(several) + entry.items(one)).compactMap(\.text).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private mutating func takeStatus(of entry: DocumentTree, at path: String, _ words: inout TreeRows.Words) {
        let states = values(entry, "implementation_status", "implementation_statuses")
        for state in states {
            let status: String? =
                switch state.folded {
                case "complete", "implemented": "implemented"
                case "partial": "partial"
                case "planned": "planned"
                case "none", "unsatisfied": "not-implemented"
                default: nil
                }
            if status == nil { rows.say(.markUnknown, at: path, ["value": state.singleLine]) }
            words.status = words.status ?? status
        }
        // Where one was chosen, or none is known, they stand beside the row as they were.
        if states.count > 1 || (!states.isEmpty && words.status == nil) {
            words.notes.append(PrivateNote(header: "implementation_status", text: states.joined(separator: ", ")))
        }
    }

    private mutating func takeOrigin(of entry: DocumentTree, at path: String, _ words: inout TreeRows.Words) {
        let origins = values(entry, "control_origin", "control_origins")
        let known = origins.map(\.folded)
        if known.contains("shared") {
            words.allocation = "shared"
            words.saysAllocation = true
        } else if known.contains("inherited") {
            words.allocation = "supplier"
            words.saysAllocation = true
        }
        if !origins.isEmpty, known != ["shared"], known != ["inherited"] {
            words.notes.append(PrivateNote(header: "control_origin", text: origins.joined(separator: ", ")))
        }
    }

    private func keepRest(of entry: DocumentTree, _ words: inout TreeRows.Words) {
        let places: Set = [
            "standard_key", "control_key", "narrative", "implementation_status", "implementation_statuses", "control_origin",
            "control_origins",
        ]
        let rest = entry.members.filter { member in
            !places.contains(member.key) && member.value != .null && member.value != .list([])
        }
        if !rest.isEmpty { words.notes.append(PrivateNote(header: "OpenControl", text: DocumentTree.object(rest).canonicalJSON)) }
    }
}
