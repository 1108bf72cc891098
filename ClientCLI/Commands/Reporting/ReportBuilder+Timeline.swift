import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import Wording

// How it came to be: the newest changes of the logs that are shown.

extension ReportBuilder {
    /// Changes that are told; how many entries came before is said.
    private static let most = 120
    /// Records that are named of one change.
    private static let named = 4
    /// What a change is told by, where it wrote records of several kinds.
    private static let telling = [
        "release", "release-withdrawal", "handover", "agreement-end", "agreement-signature", "agreement", "responsibility-position",
        "comment",
    ]

    func timeline() throws -> ReportDocument.Section {
        var changes: [RecordedChange] = []
        var sizes: [SpaceID: Int] = [:]
        for space in try spaces() {
            guard let history = try SpaceHistory(space, reader) else { continue }
            sizes[space] = history.size
            changes += try history.newest(Self.most)
        }
        // Several logs have no common order but the time at which they were received.
        let ordered = changes.sorted { ($0.received ?? $0.time, $0.id) > ($1.received ?? $1.time, $1.id) }.prefix(Self.most)
        var left = sizes
        for change in ordered { left[change.space] = min(left[change.space] ?? 0, change.position ?? 0) }
        let count = left.values.reduce(0, +)
        let columns = [column(.headTime, .day), column(.headBy, .name), column(.headWhat, .text)]
        let table = ReportDocument.Table(
            name: "changes", caption: say(.timelineCaption), form: .stacked,
            columns: selection == nil ? told(columns) : columns, rows: try ordered.map(row))
        return ReportDocument.Section(
            name: .timeline, title: say(.sectionTimeline), tables: [table], none: say(.noChanges), left: count,
            cut: say(.timelineCut, ["shown": .number(ordered.count), "n": .number(count)]))
    }

    private func row(_ change: RecordedChange) throws -> ReportDocument.Row {
        var kinds: [String: [RecordID]] = [:]
        var seen = Set<RecordID>()
        for step in change.steps where seen.insert(step.record).inserted { kinds[step.kind, default: []].append(step.record) }
        let kind = Self.telling.first { kinds[$0] != nil } ?? kinds.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key
        let records = kind.flatMap { kinds[$0] } ?? []
        var runs: [ReportDocument.Run] = [.words(kind.map { heading(kind: $0) } ?? say(.sealedChange))]
        var names: [String] = []
        for record in records.prefix(Self.named) {
            if let name = try name(of: record, in: change) { names.append(name) }
        }
        if !names.isEmpty { runs[0] = .label(heading(kind: kind ?? "")) }
        for (index, name) in names.enumerated() { runs.append(.typed(index < names.count - 1 ? name + "," : name)) }
        if records.count > Self.named { runs.append(.faint(say(.moreRecords, ["n": .number(records.count - Self.named)]))) }
        let others = seen.count - records.count
        let whole = selector.selection(of: change.space)
        let place = whole.map { ids(of: $0) } ?? .null
        if others > 0 { runs.append(.faint(say(.otherRecords, ["n": .number(others)]))) }
        let row = ReportDocument.Row(
            cells: [
                [.words(stamp(change.received ?? change.time))],
                [.typed(words.name(change.organisation))] + (change.label.map { [.next, .faint($0)] } ?? []), runs,
            ],
            value: .members(
                ("id", .text(change.id.hex)), ("position", change.position.map { .number($0) } ?? .null),
                ("received", .text(orNull: change.received.map { Timestamp.rfc3339(milliseconds: $0) })),
                ("time", .text(Timestamp.rfc3339(milliseconds: change.time))),
                ("organisation", .text(orNull: change.organisation?.fingerprint)), ("device", .text(orNull: change.label)),
                ("kind", .text(orNull: kind)), ("records", .list(records.prefix(Self.named).map { .text($0.uuid) })),
                ("left", .number(max(0, seen.count - min(records.count, Self.named)))), ("place", selection == nil ? place : nil)))
        return selection == nil ? row.told(whole.map(name(of:)) ?? [.faint(say(.ownRecords))], of: nil) : row
    }

    /// What a record of a change is called, with the value that a position took or the words of a comment.
    private func name(of record: RecordID, in change: RecordedChange) throws -> String? {
        let state = try reader.shown(record, in: change.space)
        let steps = change.steps.filter { $0.record == record }
        func value(_ field: String) -> String? { steps.last { $0.op.cell.field == field }?.value?.value.text }
        switch state?.kind {
        case "responsibility-position"?:
            let allocation = value("allocation").map { code($0, of: "allocation") }
            return [words.title(state), allocation].compactMap { $0 }.joined(separator: " → ")
        case "comment"?:
            let about = state?.value("row")?.bytes.flatMap { RecordID($0) }
            return [try about.map { try title(of: $0) }, value("text")].compactMap { $0 }.joined(separator: ": ")
        case "agreement-signature"?: return state?.text("name")
        default: return words.title(state)
        }
    }
}

extension SpaceHistory {
    /// The newest changes of a log, so many at most, newest first.
    fileprivate func newest(_ most: Int) throws -> [RecordedChange] {
        var found: [RecordedChange] = []
        var position = size - 1
        while position >= 0, found.count < most {
            if let change = try change(at: position) { found.append(change) }
            position -= 1
        }
        return found
    }
}
