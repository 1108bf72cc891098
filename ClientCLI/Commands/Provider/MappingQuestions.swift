import Interchange
import Wording

/// Asks what the columns of a table are, once: the answers are a mapping, which can be kept for tables like it.
struct MappingQuestions {
    let outline: TableOutline
    let file: String
    let invocation: Invocation

    private var prompt: Prompt { invocation.prompt }
    private var language: Language { invocation.language }

    /// The columns as they were named; `nil` where the first question was not answered.
    func mapping() throws -> ColumnMapping? {
        var lines = [
            ImportPhrases.askColumns.text(in: language, ["file": .text(file), "sheet": .text(outline.sheet), "row": .number(outline.row)])
        ]
        for (number, column) in outline.columns.enumerated() {
            let sample = column.sample.isEmpty ? "" : "  (\(column.sample))"
            lines.append("  \(number + 1)  \(column.header)\(sample)")
        }
        invocation.console.complain(lines.joined(separator: "\n") + "\n")
        guard let id = try columns(.askControl, most: 1).first else { return nil }
        var taken: [Int: ColumnMapping.Field] = [id: .controlId]
        let owners = try columns(.askOwner, most: 2, besides: taken)
        switch owners.count {
        case 1: taken[owners[0]] = .allocation
        case 2: (taken[owners[0]], taken[owners[1]]) = (.providerMark, .customerMark)
        default: break
        }
        let rest: [(ImportPhrases, ColumnMapping.Field)] = [
            (.askProvider, .providerStatement), (.askCustomer, .customerAction), (.askItem, .itemKey), (.askStatus, .implementationStatus),
        ]
        for (question, field) in rest {
            guard taken.count < outline.columns.count else { break }
            if let column = try columns(question, most: 1, besides: taken).first { taken[column] = field }
        }
        return ColumnMapping(
            columns: taken.sorted { $0.key < $1.key }.map { ColumnMapping.Column(header: outline.columns[$0.key].header, field: $0.value) })
    }

    /// The columns that were named by their numbers, those that are something else already left out; asked again where a number is none.
    private func columns(_ question: ImportPhrases, most: Int, besides taken: [Int: ColumnMapping.Field] = [:]) throws -> [Int] {
        while true {
            guard let typed = try prompt.line(question, flag: "--map") else { return [] }
            let numbers = typed.split { ",、 ".contains($0) }.map { Int($0) }
            let known = numbers.compactMap { $0 }.map { $0 - 1 }.filter { outline.columns.indices.contains($0) && taken[$0] == nil }
            if known.count == numbers.count, known.count <= most, Set(known).count == known.count { return known }
            invocation.console.complain(ImportPhrases.askAgain.text(in: language, ["n": .number(outline.columns.count)]) + "\n")
        }
    }
}
