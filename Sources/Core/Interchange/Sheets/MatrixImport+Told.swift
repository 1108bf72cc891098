extension MatrixImport {
    /// The cells of a row in which a document says just what would be written into one of its kind for the row as it is held: it was
    /// written from it, and changes nothing.
    func told(held: [CellKey: ImportedValue], wanted: [CellKey: ImportedValue]) -> Set<CellKey> {
        if fields.isSuperset(of: FoundRow.foundFields) {
            let says = FoundRow(keptIn: wanted)
            guard isOwn, says == FoundRow(toldOf: held) else { return [] }
            let concluded = Dictionary(says.concludedCells.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
            return Set(held.keys).union(wanted.keys).filter { key in
                FoundRow.foundFields.contains(key.field)
                    || (FoundRow.concludedFields.contains(key.field) && wanted[key] == concluded[key])
            }
        }
        var told: Set<CellKey> = []
        // The AI-CAIQ has its answers in capitals.
        if fields.contains("foundFlag"), (wanted.text("foundFlag") ?? "").folded == QuestionnaireBook.answer(to: held).folded {
            told.insert(CellKey(field: "foundFlag"))
        }
        // An owner as found goes with its allocation alone.
        let written = QuestionnaireBook.owner(of: held, isOnAI: frameworkID.folded.hasPrefix("aicm"))
        if wanted.text("allocation") == held.text("allocation"), [nil, written].contains(wanted.text("foundOwner")) {
            told.insert(CellKey(field: "foundOwner"))
        }
        return told
    }
}
