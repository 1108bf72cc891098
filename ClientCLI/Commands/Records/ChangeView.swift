import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Storage
import Syncing
import Wording

/// A change as people see it: who made it when and on what, and what it wrote.
struct ChangeView {
    struct Line {
        let record: RecordID
        let kind: String
        let title: String
        let row: RowKey?
        let cell: CellKey
        let field: Field?
        let value: EncodedValue?
        /// What stands for a value that is an id or a document.
        let spoken: String?
        /// Whether the cell had held this value before, and another one since.
        let isReturned: Bool
    }

    let change: RecordedChange
    let lines: [Line]
    private let words: RecordWords

    /// - Parameters:
    ///   - record: shows what the change wrote to this record alone.
    ///   - returned: the ops whose values came back.
    ///   - others: changes that may tell the keys of rows that are gone.
    init(
        _ change: RecordedChange, of record: RecordID? = nil, returned: Set<OpID> = [], besides others: [RecordedChange] = [],
        _ words: RecordWords, _ reader: any StoreReader
    ) throws {
        self.change = change
        self.words = words
        var titles: [RecordID: (title: String, row: RowKey?)] = [:]
        var lines: [Line] = []
        let keys = Self.keys(in: change.steps + others.flatMap(\.steps))
        for step in change.steps where record == nil || step.record == record {
            let known: (title: String, row: RowKey?)
            if let held = titles[step.record] {
                known = held
            } else {
                let state = try reader.shown(step.record, in: change.space)
                let row = state.flatMap { RowKey($0) } ?? keys[step.record]
                known = (words.title(state) ?? row?.shown ?? "\(step.kind) \(words.index.short(step.record))", row)
                titles[step.record] = known
            }
            let field = words.schema.kind(step.kind)?.field(step.op.cell.field)
            lines.append(
                Line(
                    record: step.record, kind: step.kind, title: known.title, row: known.row, cell: step.op.cell,
                    field: field, value: step.value, spoken: try words.spoken(step.value, field, reader),
                    isReturned: returned.contains(step.id)))
        }
        self.lines = lines
    }

    /// The keys of rows that the steps wrote: of a row that is deleted now, nothing else tells it.
    private static func keys(in steps: [RecordedChange.Step]) -> [RecordID: RowKey] {
        var texts: [RecordID: [String: String]] = [:]
        for step in steps where ["framework", "controlId", "itemKey"].contains(step.op.cell.field) {
            texts[step.record, default: [:]][step.op.cell.field] = step.value?.value.text
        }
        return texts.compactMapValues { text in
            guard let framework = text["framework"], let control = text["controlId"], let item = text["itemKey"] else { return nil }
            return RowKey(framework: framework, controlId: control, itemKey: item)
        }
    }

    var short: String { words.index.short(change.id) }
    var isOwn: Bool { change.organisation == words.directory.identity.organisation }

    /// What people look for first: keys and lives say little beside the values of a record.
    var shownLines: [Line] {
        func isValue(_ line: Line) -> Bool {
            line.cell != .life && !(words.schema.kind(line.kind)?.key?.contains(line.cell.field) ?? false) && !Self.isAcceptance(line)
        }
        let told = Set(lines.filter(isValue).map(\.record))
        return lines.filter { isValue($0) || (($0.cell == .life || Self.isAcceptance($0)) && !told.contains($0.record)) }
    }

    /// Whether a line says which words of the other side were accepted: beside a value that says nothing more.
    private static func isAcceptance(_ line: Line) -> Bool { line.cell == CellKey("accepts") }

    // MARK: words

    func headline(_ language: Language, _ times: TimeDisplay) -> String {
        var device = change.label ?? "-"
        if change.device == words.directory.identity.device {
            device = ConflictPhrases.thisDevice.text(in: language, ["device": .text(device)])
        }
        return RecordPhrases.changeLine.text(
            in: language,
            [
                "time": .text(times.stamp(Date(milliseconds: change.time))), "device": .text(device),
                "organisation": .text(words.name(change.organisation)),
            ])
    }

    /// Its place in the log and the view it was made on.
    func basis(_ language: Language) -> String {
        let place: String
        if let position = change.position {
            place = RecordPhrases.changeAt.text(in: language, ["entry": .number(position)])
        } else {
            place = (change.waits == .rejected ? RecordPhrases.changeRefused : .changeWaits).text(in: language)
        }
        return RecordPhrases.changeOn.text(in: language, ["place": .text(place), "entry": .number(change.base.size - 1)])
    }

    func text(_ line: Line, _ language: Language) -> String {
        if line.cell == .life {
            return (line.value?.isFalse == true ? ConflictPhrases.deleted : .kept).text(in: language)
        }
        if line.value == nil { return RowPhrases.erasedValue.text(in: language) }
        // A digest, which says nothing to a person.
        if Self.isAcceptance(line) {
            return (line.value?.isNull == true ? RowPhrases.diffAcceptsNone : .diffAcceptsNow).text(in: language)
        }
        if line.value?.isTrue == true, line.cell.element != nil { return "+" }
        if line.value?.isFalse == true, line.cell.element != nil { return "-" }
        if let spoken = line.spoken { return spoken }
        return words.value(line.value, line.field) ?? ConflictPhrases.empty.text(in: language)
    }

    /// The record, the field and its value, on one line.
    func said(_ line: Line, _ language: Language) -> String {
        let text =
            line.cell == .life || Self.isAcceptance(line)
            ? self.text(line, language) : "\(CodeLabels.field(line.cell, language)) \(self.text(line, language))"
        return "\(line.title)  \(text.replacing("\n", with: " "))"
    }

    /// - Parameter most: lines beyond are counted.
    func show(_ page: inout Page, _ times: TimeDisplay, most: Int, isIndented: Bool = false) {
        let indent = isIndented ? 2 : 0
        page.place(.at(indent, Span(short, .strong)), .at(indent + 8, Span(headline(page.language, times) + "  " + basis(page.language))))
        if change.edits == nil { return page.say(RecordPhrases.changeSealed, indent: indent + 8) }
        let shown = shownLines
        for line in shown.prefix(most) {
            let returned = line.isReturned ? "  (" + RowPhrases.returnedValue.text(in: page.language) + ")" : ""
            var text = said(line, page.language)
            // A list of changes is no place to read a whole text.
            if most != .max { text = page.style.measure.cut(text, to: Self.lineWidth) }
            page.paragraph(text + returned, indent: indent + 8)
        }
        if shown.count > most { page.say(RecordPhrases.moreFields, ["n": .number(shown.count - most)], indent: indent + 8) }
    }

    /// Columns that a value takes where several changes are listed.
    private static let lineWidth = 240

    // MARK: JSON

    static let fields = [
        "id", "short", "kind", "position", "base", "time", "received", "device", "organisation", "isOwn", "standing", "edits",
    ]

    /// The records that the change wrote, each with its fields.
    var editsJSON: [JSONValue] {
        var edits: [(record: RecordID, members: [JSONValue.Member], fields: [JSONValue])] = []
        for line in lines {
            let item: JSONValue = [
                "field": .text(line.cell.field), "element": .text(orNull: line.cell.elementText),
                "value": words.json(line.value, line.field), "returned": .bool(line.isReturned),
            ]
            if edits.last?.record == line.record {
                edits[edits.count - 1].fields.append(item)
            } else {
                let members: [JSONValue.Member] = [
                    .init("id", .text(line.record.uuid)), .init("short", .text(words.index.short(line.record))),
                    .init("kind", .text(line.kind)), .init("row", line.row?.json ?? .null),
                ]
                edits.append((line.record, members, [item]))
            }
        }
        return edits.map { .object($0.members + [.init("fields", .list($0.fields))]) }
    }

    var json: JSONValue {
        [
            "id": .text(change.id.hex), "short": .text(short), "kind": "change",
            "position": change.position.map { .number($0) } ?? .null,
            "base": ["epoch": .number(change.base.epoch), "size": .number(change.base.size)],
            "time": .text(Timestamp.rfc3339(milliseconds: change.time)),
            "received": .text(orNull: change.received.map { Timestamp.rfc3339(milliseconds: $0) }),
            "device": .text(orNull: change.label), "organisation": .text(orNull: change.organisation?.fingerprint), "isOwn": .bool(isOwn),
            "standing": .text(change.position != nil ? "in-log" : change.waits?.name ?? "pending"),
            "edits": change.edits == nil ? .members(("unknown", "sealed")) : .list(editsJSON),
        ]
    }
}
