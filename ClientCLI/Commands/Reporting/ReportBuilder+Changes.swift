import Agreements
import BuntanProtocol
import Merging
import Records
import Replica
import Storage
import Wording

// What the newest release changed, grouped by what happened to the rows.

extension ReportBuilder {
    /// What differs between the newest release and the one before it; `nil` where there are not two.
    func changes() throws -> ReportDocument.Section? {
        guard let service = scope.service else { return nil }
        let releases = try workspace.releases(of: service, reader).filter { !$0.isWithdrawn }
        guard releases.count > 1, let to = releases.last else { return nil }
        let from = releases[releases.count - 2]
        let differences = try workspace.publishedDifferences(from: .release(from), to: .release(to), of: service, reader).filter {
            disclosure.reason(holding: $0.kind, in: .service) == nil
        }
        let rows = differences.filter { DiffForms.row($0) != nil }
        let story = try workspace.story(of: rows, from: .release(from), to: .release(to), of: service, reader)
        let counts = DiffStory.counts(rows)
        let lead = say(
            .changesLead,
            [
                "rows": .number(rows.rowKeys.count), "allocations": .number(counts.allocations), "words": .number(counts.words),
                "message": .text(to.message ?? ""),
            ])
        let columns = [
            column(.headRow, .name), column(.headField, .name), column(.headBefore, .text), column(.headAfter, .text),
        ]
        let tables = DiffForms.groups(rows, story).map { heading, members in
            ReportDocument.Table(
                name: "changes", caption: Self.capitalised(heading.text(members, story, language)), form: .stacked, columns: columns,
                rows: members.filter { !story.isFolded($0) }.map { row($0, story) }, isFolded: true)
        }
        return ReportDocument.Section(
            name: .changes, title: say(.sectionChanges, ["from": .text(from.label), "to": .text(to.label)]),
            lead: rows.isEmpty ? [] : [lead.hasSuffix(" ") ? String(lead.dropLast()) : lead], tables: tables, none: say(.noRowDiffers))
    }

    private func row(_ difference: AgreementDifference, _ story: DiffStory) -> ReportDocument.Row {
        let kind = words.schema.kind(difference.kind)
        var title: [ReportDocument.Run] = [.typed(DiffForms.row(difference)?.shown ?? "")]
        for remark in story.remarks(on: difference.record, of: difference.kind, language) { title += [.next, .mark(remark, .warning)] }
        if let origin = story.origin(of: difference.record, times, language) { title += [.next, .typed(origin)] }
        var (fields, before, after): ([ReportDocument.Run], [ReportDocument.Run], [ReportDocument.Run]) = ([], [], [])
        func side(_ value: EncodedValue?, _ cell: AgreementDifference.CellChange) -> [ReportDocument.Run] {
            [.typed(DiffForms.shown(value, of: kind?.field(cell.key.field), in: difference.kind, language))]
        }
        let cells = DiffForms.cells(difference).filter { disclosure.reason(holding: $0.key.field, of: difference.kind) == nil }
        for (index, cell) in cells.enumerated() {
            let label = heading(field: cell.key.field, of: difference.kind) + (cell.key.elementText.map { " (\($0))" } ?? "")
            if index > 0 {
                fields.append(.next)
                before += [.next, .label(label)]
                after += [.next, .label(label)]
            }
            fields.append(.words(label))
            before += side(cell.before, cell)
            after += side(cell.after, cell)
        }
        let value = DiffForms.json(.record(difference), story) { words.index.short($0) }
        return ReportDocument.Row(cells: [title, fields, before, after], value: value)
    }
}
