import BuntanProtocol
import Interchange
import Records
import Replica
import Wording

/// What an import did or would do, in words and as JSON.
struct ImportReport {
    private let matrices: [MatrixImport]

    /// Rows named one by one before the rest is counted.
    private static let namedRows = 10
    private static let fields = [
        "change", "short", "added", "changed", "same", "absent", "removed", "kept", "conflicted", "dryRun", "files", "rows",
    ]

    init(_ matrices: [MatrixImport]) { self.matrices = matrices }

    /// A dry run without anything to compare with.
    func uncompared() -> Report {
        let rows = matrices.reduce(0) { $0 + $1.rows.count }
        let item = JSONValue.written(nil, ("dryRun", true), ("files", files()))
        return .single("import/1", nil, fields: ["change", "short", "dryRun", "files"], item) { page in
            page.say(ImportPhrases.notCompared, ["rows": .number(rows)])
            page.say(ProviderPhrases.importDry)
        }
    }

    /// A dry run: what would change, row by row.
    func planned(_ drafts: [ImportDraft], _ context: ReportContext) -> Report {
        let facts = Counts(drafts, matrices)
        return .single(
            "import/1", context, fields: Self.fields, item(facts, drafts, change: nil, dryRun: true)
        ) { page in
            say(drafts, facts, &page)
            page.say(ProviderPhrases.importDry)
        }
    }

    func written(
        _ drafts: [ImportDraft], _ change: WrittenChange, into service: String, next: String?, _ context: ReportContext
    ) -> Report {
        let facts = Counts(drafts, matrices)
        return .change(
            "import/1", context, fields: Self.fields, item(facts, drafts, change: change, dryRun: false)
        ) { page in
            guard change.id != nil else {
                if facts.conflicted == 0 { page.say(ProviderPhrases.importNothing) }
                return sayWhatStays(drafts, facts, isDry: false, &page)
            }
            let rows = facts.added + facts.changed
            let notes = drafts.reduce(0) { $0 + $1.notes.count }
            page.say(
                rows + facts.removed > 0 ? ProviderPhrases.imported : notes > 0 ? .importedNotes : .importedWhole,
                [
                    "id": change.shown, "rows": .number(rows), "service": .text(service), "added": .number(facts.added),
                    "changed": .number(facts.changed), "n": .number(notes),
                ])
            sayWhatStays(drafts, facts, isDry: false, &page)
            if let next { page.next(next) }
        }
    }

    // MARK: words

    private struct Counts {
        var added = 0, changed = 0, same = 0, absent = 0, removed = 0, kept = 0, conflicted = 0

        init(_ drafts: [ImportDraft], _ matrices: [MatrixImport]) {
            for (draft, matrix) in zip(drafts, matrices) {
                let new = draft.plan.rows.count(where: \.isNew)
                added += new
                changed += draft.rows.count - new
                same += matrix.rows.count - draft.rows.count
                kept += draft.plan.keptEdits.count
                conflicted += draft.conflicted.count
            }
            // Several files may lack the same row.
            absent = Set(drafts.flatMap(\.plan.absentRows)).count
            removed = Set(drafts.flatMap { $0.removals.map(\.record) }).count
        }
    }

    private func say(_ drafts: [ImportDraft], _ facts: Counts, _ page: inout Page) {
        if facts.added + facts.changed + facts.removed == 0 {
            let isMore = drafts.contains { $0.kept?.drafts.isEmpty == false }
            page.say(isMore ? ProviderPhrases.importWhole : .importNothing)
        } else {
            page.say(
                ProviderPhrases.importPlan,
                [
                    "added": .number(facts.added), "changed": .number(facts.changed), "same": .number(facts.same),
                    "missing": .number(facts.absent),
                ])
            let changed = drafts.flatMap(\.plan.rows).filter { !$0.isNew }
            for row in changed.prefix(page.style.isWide ? .max : Self.namedRows) {
                page.say(
                    ImportPhrases.changedLine,
                    [
                        "row": .text(shown(row.key)),
                        "fields": .text(
                            Set(row.cells.map(\.key.field)).sorted().map {
                                page.language == .ja ? CodeLabels.field($0, in: "responsibility", .ja) : $0
                            }.joined(separator: page.language == .ja ? "、" : ", ")),
                    ],
                    indent: 2)
            }
            if changed.count > Self.namedRows, !page.style.isWide {
                page.say(ImportPhrases.changedMore, ["n": .number(changed.count - Self.namedRows)], indent: 2)
            }
        }
        sayWhatStays(drafts, facts, isDry: true, &page)
    }

    private func sayWhatStays(_ drafts: [ImportDraft], _ facts: Counts, isDry: Bool, _ page: inout Page) {
        for (draft, matrix) in zip(drafts, matrices) {
            guard let whole = matrix.whole, let kept = draft.kept else { continue }
            if whole.kept == nil {
                page.say(ImportPhrases.takenWholeTooLarge, ["file": .text(whole.document)])
            } else if !kept.drafts.isEmpty {
                page.say(isDry ? ImportPhrases.takenWholeDry : .takenWhole, ["file": .text(kept.keptAddress ?? whole.document)])
            }
        }
        if facts.conflicted > 0 { page.say(ProviderPhrases.importConflicted, ["n": .number(facts.conflicted)], .warning) }
        if facts.absent > 0 {
            let removed = Set(drafts.flatMap { $0.removals.map(\.record) })
            func isRemoved(_ draft: ImportDraft, _ row: Interchange.RowKey) -> Bool {
                removed.contains(draft.record(of: row))
            }
            let gone = drafts.flatMap { draft in draft.plan.absentRows.filter { isRemoved(draft, $0) } }
            let left = drafts.flatMap { draft in draft.plan.absentRows.filter { !isRemoved(draft, $0) } }
            if facts.removed > 0 {
                page.say(ImportPhrases.removedRows, ["n": .number(facts.removed), "rows": .text(named(gone, all: page.style.isWide))])
            }
            if facts.absent > facts.removed {
                let phrase: ImportPhrases = drafts.contains(where: \.removesAbsent) ? .absentStay : .absentRows
                page.say(phrase, ["n": .number(facts.absent - facts.removed), "rows": .text(named(left))])
            }
        }
        if facts.kept > 0 {
            page.say(
                ImportPhrases.keptEdits, ["n": .number(facts.kept), "rows": .text(named(drafts.flatMap { $0.plan.keptEdits.map(\.row) }))])
        }
    }

    private func shown(_ key: Interchange.RowKey) -> String {
        Records.RowKey(framework: key.framework, controlId: key.controlId, itemKey: key.itemKey).shown
    }

    private func named(_ keys: [Interchange.RowKey], all: Bool = false) -> String {
        var (names, known): ([String], Set<String>) = ([], [])
        for name in keys.map(shown) where known.insert(name).inserted { names.append(name) }
        if all { return names.joined(separator: ", ") }
        return names.prefix(Self.namedRows).joined(separator: ", ") + (names.count > Self.namedRows ? ", …" : "")
    }

    // MARK: JSON

    private func item(_ facts: Counts, _ drafts: [ImportDraft], change: WrittenChange?, dryRun: Bool) -> JSONValue {
        .written(
            change, ("added", .number(facts.added)), ("changed", .number(facts.changed)),
            ("same", .number(facts.same)), ("absent", .number(facts.absent)), ("removed", .number(facts.removed)),
            ("kept", .number(facts.kept)),
            ("conflicted", .number(facts.conflicted)), ("dryRun", .bool(dryRun)), ("files", files(drafts.map(\.plan.diagnostics))),
            ("rows", .list(drafts.flatMap(\.plan.rows).filter { !$0.isNew }.map(json))))
    }

    private func json(_ row: ImportPlan.RowChange) -> JSONValue {
        let key: JSONValue = [
            "framework": .text(row.key.framework), "controlId": .text(row.key.controlId), "itemKey": .text(row.key.itemKey),
        ]
        let cells = row.cells.map { JSONValue.members(("field", .text($0.key.field)), ("element", .text(orNull: $0.key.element))) }
        return .members(("row", key), ("fields", .list(cells)))
    }

    /// - Parameter onChanges: what is to be said of each file's changes, where it was compared with something.
    private func files(_ onChanges: [[ImportDiagnostic]] = []) -> JSONValue {
        .list(
            matrices.enumerated().map { index, matrix in
                .members(
                    ("file", .text(matrix.document)), ("format", .text(matrix.format.rawValue)), ("framework", .text(matrix.frameworkID)),
                    ("rows", .number(matrix.rows.count)), ("whole", matrix.whole.map { .bool($0.kept != nil) }),
                    ("private", .list(matrix.privateColumns.map { .members(("sheet", .text($0.sheet)), ("header", .text($0.header))) })),
                    ("remarks", .list((matrix.diagnostics + (index < onChanges.count ? onChanges[index] : [])).map(Self.json))))
            })
    }

    static func json(_ remark: ImportDiagnostic) -> JSONValue {
        .members(
            ("code", .text(remark.code.rawValue)), ("severity", .text(remark.severity.rawValue)),
            ("path", remark.isOfTree ? .text(remark.sheet) : nil), ("sheet", remark.isOfTree ? nil : .text(remark.sheet)),
            ("row", remark.isOfTree ? nil : .number(remark.row)), ("column", remark.column.map { .text($0) }),
            ("facts", .object(remark.facts.sorted { $0.key < $1.key }.map { .init($0.key, .text($0.value)) })))
    }
}
