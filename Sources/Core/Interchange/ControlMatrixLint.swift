import Workbooks

/// Looks over a CIS/CRM matrix for what its own template forbids or a reader would stumble over. Advice, never refusal.
struct ControlMatrixLint {
    let document: String
    let pair: ControlSheetPair
    let answer: ControlSheet.Answer?
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

        func say(_ code: ImportDiagnostic.Code, _ column: Int?, in side: Side, _ facts: [String: String] = [:]) {
            let (sheet, number) =
                switch side {
                case .marks where row.marksRow != nil: (pair.marks?.sheet.name, row.marksRow)
                case .answers where row.answersRow != nil: (pair.answers?.sheet.name, row.answersRow)
                case .marks, .answers: (row.origin.sheet, row.origin.row)
                }
            result.append(
                ImportDiagnostic(
                    code, document: document, sheet: sheet, row: number, column: column,
                    facts: facts.merging(["id": row.id.text], uniquingKeysWith: { mine, _ in mine })))
        }

        if pair.marks != nil, pair.answers != nil, row.marksRow == nil || row.answersRow == nil {
            say(.onlyOneSheet, nil, in: .marks, ["has": row.marksRow == nil ? "answers" : "marks"])
        }
        if let knownControls, !knownControls.contains(row.id.text), !knownControls.contains(row.id.control) {
            say(.idUnknown, pair.marks?.idColumn ?? pair.answers?.idColumn, in: .marks)
        }
        if row.marksRow != nil {
            if found.originations.isEmpty { say(.noMark, nil, in: .marks) }
            if found.statuses.count > 1 {
                say(.severalStatuses, nil, in: .marks, ["statuses": codes(found.statuses)])
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
            say(.textMissing, answer?.text, in: .answers, ["flag": found.flag ?? ""])
        }
        if conclusion.allocation == "shared" { say(.splitAsked, nil, in: .answers) }
        if conclusion.allocation == "not-applicable" { say(.reasonAsked, nil, in: .marks) }
        if conclusion.isDerived { say(.allocationDerived, nil, in: .marks, ["allocation": conclusion.allocation]) }
        if let parent = row.id.parent, let above = allocations[parent], above != conclusion.allocation {
            say(.parentContradicted, nil, in: .answers, ["parent": parent, "parentAllocation": above, "allocation": conclusion.allocation])
        }
        return result
    }

    private enum Side {
        case marks, answers
    }

    private func codes<Code: RawRepresentable & CaseIterable & Hashable>(_ codes: Set<Code>) -> String where Code.RawValue == String {
        Code.allCases.filter(codes.contains).map(\.rawValue).joined(separator: " ")
    }
}
