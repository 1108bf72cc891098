import Agreements
import ArgumentParser
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// How differences are printed: grouped by the transition of the allocation, then those of words alone.
enum DiffForms {
    static let fields = [
        "id", "short", "kind", "row.framework", "row.controlId", "row.itemKey", "side", "change", "cells", "alone", "splitFrom", "asParent",
        "release", "message", "device",
        "author", "receivedAt", "returnsTo",
    ]

    static func json(_ item: DiffItem, _ story: DiffStory, _ short: (RecordID) throws -> String) rethrows -> JSONValue {
        switch item {
        case .terms(let id, let changes):
            .identified(
                id.uuid, short: try short(id), ("kind", "agreement"), ("change", "changed"), ("cells", .list(changes.map(\.json))))
        case .record(let difference): try json(difference, story, short)
        }
    }

    private static func json(
        _ difference: AgreementDifference, _ story: DiffStory, _ short: (RecordID) throws -> String
    ) rethrows -> JSONValue {
        let record = difference.record
        let origin = story.origins[record]
        let covered = difference.signed ?? difference.current
        let row = covered.flatMap { RowKey($0) }
        return .identified(
            difference.record.uuid, short: try short(difference.record), ("kind", .text(difference.kind)), ("row", row?.json),
            ("side", covered?.text("side").map { .text($0) }), ("change", .text(name(difference.change))),
            (
                "cells",
                .list(
                    cells(difference).map { cell in
                        .members(
                            ("field", .text(cell.key.field)), ("element", .text(orNull: cell.key.elementText)),
                            ("before", .value(cell.before)), ("after", .value(cell.after)),
                            ("returnsTo", story.returned[record]?.cells[cell.key].map { .text($0) }))
                    })
            ),
            ("alone", story.alone.contains(record) ? true : nil), ("splitFrom", story.divided[record]?.json),
            ("asParent", story.divided[record] == nil ? nil : .bool(story.asParent.contains(record))),
            ("release", origin?.release.map { .text($0.label) }), ("message", origin?.release?.message.map { .text($0) }),
            ("device", origin.map { .text($0.device.hex) }), ("author", origin.flatMap { story.labels[$0.device] }.map { .text($0) }),
            ("receivedAt", origin.map { .text(Timestamp.rfc3339(milliseconds: $0.received)) }),
            ("returnsTo", story.returned[record]?.whole.map { .text($0) }))
    }

    private static func name(_ change: AgreementDifference.Change) -> String {
        switch change {
        case .changed: "changed"
        case .vanished: "removed"
        case .conflicted: "conflicted"
        case .erased: "erased"
        case .added: "added"
        }
    }

    static func cells(_ difference: AgreementDifference) -> [AgreementDifference.CellChange] {
        switch difference.change {
        case .changed(let cells): return cells
        // What one side says of a row is little, and says what the row has come to.
        case .added where isPosition(difference):
            return said(in: difference.current).map { .init(key: $0.key, before: nil, after: $0.value) }
        case .vanished where isPosition(difference):
            return said(in: difference.signed).map { .init(key: $0.key, before: $0.value, after: nil) }
        case .added, .vanished, .conflicted, .erased: return []
        }
    }

    /// A text as a document had it is not shown beside the words that were made of it.
    private static func withoutEchoes(_ cells: [AgreementDifference.CellChange]) -> [AgreementDifference.CellChange] {
        cells.filter { cell in
            cell.key != CellKey("foundText")
                || !cells.contains { DiffStory.isProse($0.key) && $0.key != cell.key && $0.before == cell.before && $0.after == cell.after }
        }
    }

    private static func said(in position: CoveredRecord?) -> [(key: CellKey, value: EncodedValue)] {
        let key = position.flatMap { SchemaRegistry.current.kind($0.kind)?.key } ?? []
        return (position?.cells ?? []).filter { !key.contains($0.key.field) }.map { ($0.key, $0.value) }
    }

    /// Whether it is about what one side says of a row.
    static func isPosition(_ difference: AgreementDifference) -> Bool { difference.kind == "responsibility-position" }

    /// The differences by what they have in common, each row in one group with all that differs about it: so the groups add up.
    static func groups(_ differences: [AgreementDifference], _ story: DiffStory) -> [(heading: DiffHeading, members: [AgreementDifference])]
    {
        var groups: [(heading: DiffHeading, members: [AgreementDifference])] = []
        var headings: [RowKey: DiffHeading] = [:]
        for difference in differences {
            guard let row = row(difference) else { continue }
            let heading = DiffHeading(difference, story)
            headings[row] = min(headings[row] ?? heading, heading)
        }
        for difference in differences {
            let heading = row(difference).flatMap { headings[$0] } ?? DiffHeading(difference, story)
            if let index = groups.firstIndex(where: { $0.heading == heading }) {
                groups[index].members.append(difference)
            } else {
                groups.append((heading, [difference]))
            }
        }
        return groups.sorted { $0.heading < $1.heading }.map { heading, members in
            (heading, RowKey.sorted(members) { row($0) ?? nowhere })
        }
    }

    /// - Parameter all: what differs, of which the first may be shown alone.
    static func show(
        _ differences: [AgreementDifference], of all: [AgreementDifference], _ names: [RecordID: String], _ story: DiffStory, from: Fact,
        to: Fact, _ times: TimeDisplay?,
        _ page: inout Page
    ) {
        guard !differences.isEmpty else { return page.say(RowPhrases.diffNone) }
        let rows = all.rowKeys.count
        let others = all.count { row($0) == nil }
        let heading: RowPhrases = others == 0 ? .diffHeading : rows == 0 ? .diffHeadingRecords : .diffHeadingBoth
        page.say(heading, ["from": from, "to": to, "rows": .number(rows), "n": .number(others)])
        let counts = DiffStory.counts(all)
        if counts.allocations > 0 {
            page.say(RowPhrases.diffCounts, ["allocations": .number(counts.allocations), "words": .number(counts.words)])
        }
        if differences.count < all.count {
            page.say(RecordPhrases.recordsCut, ["shown": .number(differences.count), "n": .number(all.count)])
        }
        for group in groups(differences, story) {
            page.blank()
            page.line(Span(group.heading.text(group.members, story, page.language), .strong))
            // Where all of a group went out at once, that is said once.
            let origins = Set(group.members.map { story.origin(of: $0.record, times, page.language) })
            if origins.count == 1, let origin = origins.first, let origin { page.paragraph(origin, .faint, indent: 2) }
            for difference in group.members where !story.isFolded(difference) {
                show(difference, story.againstParent[difference.record] ?? cells(difference), names, &page)
                for remark in story.remarks(on: difference.record, of: difference.kind, page.language) {
                    page.paragraph(remark, .warning, indent: 4)
                }
                if origins.count > 1, let origin = story.origin(of: difference.record, times, page.language) {
                    page.paragraph(origin, .faint, indent: 4)
                }
            }
        }
    }

    /// The row that a difference is about; `nil` for one of another record.
    static func row(_ difference: AgreementDifference) -> RowKey? {
        (difference.signed ?? difference.current).flatMap { RowKey($0) }
    }

    /// Stands for records that are no row.
    private static let nowhere = RowKey(framework: "", controlId: "")

    private static func show(
        _ difference: AgreementDifference, _ cells: [AgreementDifference.CellChange], _ names: [RecordID: String], _ page: inout Page
    ) {
        let covered = difference.signed ?? difference.current
        let name = row(difference)?.shown ?? ""
        if row(difference) == nil {
            // A record goes by its kind as well, which is longer than a row's name.
            let label = CodeLabels.field(nil, of: difference.kind, page.language)
            page.place(.at(2, Span("\(label) \(names[difference.record] ?? "-")")))
        }
        let side = covered?.text("side").map { CodeLabels.shown($0, page.language) } ?? ""
        let kind = SchemaRegistry.current.kind(difference.kind)
        for (index, cell) in withoutEchoes(cells).enumerated() {
            let field = CodeLabels.field(cell.key, in: difference.kind, page.language)
            page.place(.at(2, Span(index == 0 ? name : "")), .at(14, Span(field)), .at(40, Span(index == 0 ? side : "", .faint)))
            // What was accepted is named by a digest, which says nothing to a person.
            if cell.key == CellKey("accepts") {
                page.say(cell.after == nil ? RowPhrases.diffAcceptsNone : cell.before == nil ? .diffAcceptsNow : .diffAccepts, indent: 4)
                continue
            }
            let known = kind?.field(cell.key.field)
            page.paragraph("- " + shown(cell.before, of: known, in: difference.kind, page.language), .bad, indent: 4)
            page.paragraph("+ " + shown(cell.after, of: known, in: difference.kind, page.language), .good, indent: 4)
        }
        if cells.isEmpty, row(difference) != nil { page.place(.at(2, Span(name)), .at(40, Span(side, .faint))) }
    }

    /// A value as people read it.
    static func shown(_ value: EncodedValue?, of field: Field?, in kind: String, _ language: Language) -> String {
        switch value?.value {
        case nil, .null?: "-"
        case .bytes(let bytes)?: String(Hexadecimal.text(bytes).prefix(16))
        case .text?, .bool?, .int?: value.map { CodeLabels.printed($0.value, of: field, in: kind, language) } ?? "-"
        }
    }
}
