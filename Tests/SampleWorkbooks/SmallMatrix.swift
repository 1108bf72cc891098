package import Workbooks

extension WorkbookLimits {
    /// Small enough that crossing a bound would show.
    package static let small: WorkbookLimits = {
        var limits = WorkbookLimits()
        limits.cells = 2_000
        limits.rows = 5_000
        limits.columns = 400
        limits.textBytes = 200_000
        limits.partBytes = 400_000
        limits.expandedBytes = 800_000
        return limits
    }()
}

extension SampleWorkbook {
    /// A matrix of a few rows, to make mistakes in.
    package static var matrix: SampleWorkbook {
        var rows: [Int: [String: SampleSheet.Content]] = [1: ["A": "Control ID", "B": "Responsibility"]]
        for row in 2..<20 { rows[row] = ["A": .text("AC-\(row)"), "B": .text("shared & <more>"), "C": .number("\(row * 1_000)")] }
        return SampleWorkbook(SampleSheet("Matrix", rows: rows), SampleSheet("Other", rows: [1: ["A": "x"]]))
    }
}

/// The same as a table.
package enum SampleTable {
    package static let text =
        "Control ID;Responsibility\n" + (1...40).map { "A-\($0);\"shared, \"\"as agreed\"\"\n on two lines\"\n" }.joined()
}
