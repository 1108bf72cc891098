extension FoundRow {
    /// What a workbook says of a row: flag, marks and text as they were found, where nobody has changed what was concluded from them;
    /// else what the same is concluded from.
    init(toldOf cells: [CellKey: ImportedValue]) {
        let kept = FoundRow(keptIn: cells)
        let concluded = Dictionary(kept.concludedCells.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        func isUntouched(_ field: String) -> Bool {
            kept != FoundRow() && cells[CellKey(field: field)] == concluded[CellKey(field: field)]
        }
        self = kept
        if !isUntouched("allocation") || !isUntouched("derived") {
            (flag, originations) = Self.marks(of: cells.text("allocation") ?? "unallocated")
            statuses.remove(.notApplicable)
        }
        if !isUntouched("implementationStatus") || cells.text("allocation") == "not-applicable" {
            let isNotApplicable = cells.text("allocation") == "not-applicable"
            let told = Self.statuses(of: cells.text("implementationStatus"))
            if !isUntouched("implementationStatus") { statuses = told }
            // Without a flag of its own, this is what says so.
            if isNotApplicable, knownFlag == nil { statuses.insert(.notApplicable) }
        }
        text = Self.text(of: cells, as: conclusion.allocation, asFound: kept.text)
    }

    /// The cell that its text is concluded to be; `nil` where it has none.
    var toldText: CellKey? {
        guard let text, !text.isBlank else { return nil }
        return CellKey(field: Self.field(ofTextUnder: conclusion.allocation), element: text.proseLanguage)
    }

    private static func field(ofTextUnder allocation: String) -> String {
        allocation == "provider" || allocation == "supplier" ? "providerStatement" : "customerAction"
    }

    private static func marks(of allocation: String) -> (flag: String?, originations: Set<Origination>) {
        switch allocation {
        case "provider": ("Yes", [.system])
        case "shared": ("Partial", [.shared])
        case "customer": ("No", [.configured])
        case "supplier": ("Yes", [.inherited])
        default: (nil, [])
        }
    }

    private static func statuses(of status: String?) -> Set<Status> {
        switch status {
        case "implemented": [.implemented]
        case "partial": [.partiallyImplemented]
        case "planned": [.planned]
        default: []
        }
    }

    /// The text as it was found, where it still is that of its cell; else that cell's own, in English before Japanese.
    private static func text(of cells: [CellKey: ImportedValue], as allocation: String, asFound found: String?) -> String? {
        let field = field(ofTextUnder: allocation)
        if let found, cells.text(field, found.proseLanguage) == found { return found }
        return ProseColumn.languages.lazy.compactMap { language in
            // What would be taken for another language has a column of its own.
            cells.text(field, language).flatMap { $0.proseLanguage == language && !$0.isBlank ? $0 : nil }
        }.first
    }
}
