import Workbooks

/// A matrix a workbook holds: a sheet of marks, a sheet of answers, or one of each that speak of the same ids.
struct ControlSheetPair {
    var marks: ControlSheet?
    var answers: ControlSheet?

    var sheetNames: [String] {
        let names = [marks?.sheet.name, answers?.sheet.name].compactMap(\.self)
        return names.count == 2 && names[0] == names[1] ? [names[0]] : names
    }

    /// Whether anybody has filled it in: templates carry several empty ones.
    var isFilled: Bool {
        func has(_ columns: some Sequence<Int>, in sheet: ControlSheet?) -> Bool {
            sheet?.rows.contains { row, _ in columns.contains { row[$0].map { !$0.text.isBlank } ?? false } } ?? false
        }
        let markColumns = (marks.map { Array($0.statuses.values) } ?? []) + (marks.map { Array($0.originations.values) } ?? [])
        let answerColumns = answers?.answers.flatMap { [$0.flag, $0.text ?? $0.flag] } ?? []
        return has(markColumns, in: marks) || has(answerColumns, in: answers)
    }

    /// Returns the matrices of a workbook, in its order, and the sheets that belong to none.
    ///
    /// Sheets are joined by their ids, never by their names: the two that share most belong together, and of equals the
    /// nearest. A sheet of answers without marks stands for itself only where no sheet has marks.
    static func pairs(of sheets: [ControlSheet]) -> (pairs: [ControlSheetPair], unused: [ControlSheet]) {
        let ids = sheets.map { Set($0.rows.map(\.id)) }
        var partner: [Int: Int] = [:]
        var candidates: [(marks: Int, answers: Int, likeness: Double)] = []
        for (index, sheet) in sheets.enumerated() where sheet.hasMarks {
            if !sheet.answers.isEmpty {
                // One sheet holds both sides.
                partner[index] = index
                continue
            }
            for (other, answers) in sheets.enumerated() where !answers.hasMarks && !answers.answers.isEmpty {
                let common = ids[index].intersection(ids[other]).count
                guard common > 0 else { continue }
                candidates.append((index, other, Double(common) / Double(ids[index].union(ids[other]).count)))
            }
        }
        candidates.sort {
            ($1.likeness, abs($0.marks - $0.answers), $0.marks, $0.answers) < (
                $0.likeness, abs($1.marks - $1.answers), $1.marks, $1.answers
            )
        }
        var taken: Set<Int> = []
        for candidate in candidates where partner[candidate.marks] == nil && !taken.contains(candidate.answers) {
            partner[candidate.marks] = candidate.answers
            taken.insert(candidate.answers)
        }

        var pairs: [ControlSheetPair] = []
        var unused: [ControlSheet] = []
        let haveMarks = sheets.contains { $0.hasMarks }
        for (index, sheet) in sheets.enumerated() {
            if sheet.hasMarks {
                pairs.append(ControlSheetPair(marks: sheet, answers: partner[index].map { sheets[$0] }))
            } else if !haveMarks {
                pairs.append(ControlSheetPair(marks: nil, answers: sheet))
            } else if !taken.contains(index) {
                unused.append(sheet)
            }
        }
        return (pairs, unused)
    }
}
