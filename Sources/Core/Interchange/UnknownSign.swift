/// A value in a column of codes that nothing here understands: whoever knows the table can say what it stands for.
package struct UnknownSign: Sendable, Hashable {
    package let field: ColumnMapping.Field
    /// As it stands in the first row that has it.
    package let value: String
    /// The words that its column is understood in.
    package let known: String
    package fileprivate(set) var rows = 1

    /// The signs for which alone a table is not taken; none where something else has to be mended first.
    package static func signs(behind fault: ImportFault) -> [UnknownSign] {
        guard case .rejected(_, let diagnostics) = fault else { return [] }
        var signs: [UnknownSign] = []
        var places: [String: Int] = [:]
        for diagnostic in diagnostics where diagnostic.severity == .error {
            // Only what a mapping could say is asked about.
            guard diagnostic.code == .valueUnknown, let field = diagnostic.facts["field"].flatMap(ColumnMapping.Field.init),
                let value = diagnostic.facts["sign"]
            else { return [] }
            let name = "\(field.rawValue)\u{1F}\(value.folded)"
            if let place = places[name] {
                signs[place].rows += 1
            } else {
                places[name] = signs.count
                signs.append(UnknownSign(field: field, value: value, known: diagnostic.facts["known"] ?? ""))
            }
        }
        return signs
    }

    /// The code that a word or sign names in this column; `nil` where it is none of those that are known.
    package func code(named answer: String) -> String? {
        switch field {
        case .allocation, .inheritable: ValueWords.allocation(answer)?.code
        case .implementationStatus:
            if case .code(let code)? = ValueWords.implementationStatus(answer) { code } else { nil }
        default: Mark(answer)?.code
        }
    }
}

extension ImportOptions {
    /// The same, with what a sign of the document stands for.
    package func reading(_ sign: UnknownSign, as code: String) -> ImportOptions {
        var options = self
        var values = options.mapping.map { $0.values ?? [:] } ?? options.values
        values[sign.field.rawValue, default: [:]][sign.value] = code
        if options.mapping == nil { options.values = values } else { options.mapping?.values = values }
        return options
    }
}

extension Mark {
    /// The word for it, which is read as it again.
    fileprivate var code: String? {
        switch self {
        case .yes: "yes"
        case .partly: "partial"
        case .no: "no"
        case .notApplicable: "n/a"
        case .blank: nil
        }
    }
}
