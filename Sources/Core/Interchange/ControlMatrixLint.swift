import Workbooks

/// Looks over a CIS/CRM matrix for what its own template forbids or a reader would stumble over. Advice, never refusal.
struct ControlMatrixLint {
    let document: String
    let pair: ControlSheetPair
    let answer: ControlSheet.Answer?
    let framework: String
    let knownControls: Set<String>?

    func diagnostics(on rows: [ControlMatrixReader.Joined]) -> [ImportDiagnostic] {
        let allocations = Dictionary(
            rows.filter { $0.occurrence == 1 }.map { ($0.id.text, $0.found.conclusion.allocation) }, uniquingKeysWith: { first, _ in first }
        )
        return rows.flatMap { diagnostics(on: $0, allocations) }
    }

    private func diagnostics(on row: ControlMatrixReader.Joined, _ allocations: [String: String]) -> [ImportDiagnostic] {
        let found = row.found
        let conclusion = found.conclusion
        var result: [ImportDiagnostic] = []

        /// Without a column the row's id is meant; what cannot be said of one sheet is said of the other, where the row stands.
        func say(_ code: ImportDiagnostic.Code, _ column: Int?, in side: Side, _ facts: [String: String] = [:]) {
            let inMarks = pair.marks.flatMap { sheet in row.marksRow.map { (sheet: sheet, row: $0) } }
            let inAnswers = pair.answers.flatMap { sheet in row.answersRow.map { (sheet: sheet, row: $0) } }
            let meant = side == .marks ? inMarks : inAnswers
            // Every row stands in one of the two.
            guard let place = meant ?? inMarks ?? inAnswers else { return }
            result.append(
                ImportDiagnostic(
                    code, document: document, sheet: place.sheet.sheet.name, row: place.row,
                    column: (meant == nil ? nil : column) ?? place.sheet.idColumn,
                    facts: facts.merging(["id": row.id.text], uniquingKeysWith: { mine, _ in mine })))
        }
        let grounds = grounds(of: row)

        if pair.marks != nil, pair.answers != nil, row.marksRow == nil || row.answersRow == nil {
            say(.onlyOneSheet, nil, in: .marks, ["has": row.marksRow == nil ? "answers" : "marks"])
        }
        if let knownControls, !knownControls.contains(row.id.text), !knownControls.contains(row.id.control) {
            say(.idUnknown, nil, in: .marks, ["framework": framework])
        }
        if row.marksRow != nil {
            // The first place in which a mark could stand.
            if found.originations.isEmpty { say(.noMark, pair.marks?.originations.values.min(), in: .marks) }
            if found.statuses.count > 1 {
                say(.severalStatuses, firstMark(found.statuses, pair.marks?.statuses), in: .marks, ["statuses": codes(found.statuses)])
            }
        }
        if let flag = found.knownFlag, flag != .notApplicable, let expected = found.flagOfMarks, expected != flag,
            !found.statuses.contains(.notApplicable)
        {
            say(
                .flagAgainstMarks, answer?.flag, in: .answers,
                ["flag": flag.rawValue, "expected": expected.rawValue, "marks": codes(found.originations)])
        }
        if found.knownFlag == .yes, let text = found.text?.lowercased(),
            let word = ["customer", "agency", "responsib"].first(where: { text.contains($0) })
        {
            say(.customerDutyInProviderText, answer?.text, in: .answers, ["word": word])
        }
        if found.knownFlag == .partial || found.knownFlag == .no, found.text == nil {
            say(.textMissing, answer?.text ?? answer?.flag, in: .answers, ["flag": found.flag ?? ""])
        }
        if conclusion.allocation == "shared" { say(.splitAsked, grounds.column, in: grounds.side) }
        if conclusion.allocation == "not-applicable" { say(.reasonAsked, grounds.column, in: grounds.side) }
        if conclusion.isDerived { say(.allocationDerived, grounds.column, in: grounds.side, ["allocation": conclusion.allocation]) }
        if let parent = row.id.parent, let above = allocations[parent], above != conclusion.allocation {
            say(
                .parentContradicted, grounds.column, in: grounds.side,
                ["parent": parent, "parentAllocation": above, "allocation": conclusion.allocation])
        }
        return result
    }

    private enum Side {
        case marks, answers
    }

    /// Returns the cell that a row's allocation was concluded from: its flag, or the first mark that spoke; the id where none did.
    private func grounds(of row: ControlMatrixReader.Joined) -> (side: Side, column: Int?) {
        if row.found.knownFlag != nil { return (.answers, answer?.flag) }
        if row.found.statuses.contains(.notApplicable) { return (.marks, pair.marks?.statuses[.notApplicable]) }
        return (.marks, firstMark(row.found.originations, pair.marks?.originations))
    }

    private func firstMark<Mark: Hashable>(_ marks: Set<Mark>, _ columns: [Mark: Int]?) -> Int? {
        marks.compactMap { columns?[$0] }.min()
    }

    private func codes<Code: RawRepresentable & CaseIterable & Hashable>(_ codes: Set<Code>) -> String where Code.RawValue == String {
        Code.allCases.filter(codes.contains).map(\.rawValue).joined(separator: " ")
    }
}
