import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Rules
import Storage
import Wording

// What is open between the two: disputes with what was said, and notes.

extension ReportBuilder {
    func disputes(_ rows: [MatrixRow], in engagement: KnownEngagement) throws -> ReportDocument.Section {
        let talk = try Talk(engagement, reader)
        let forms = try RowForms(published: engagement.service, positions: engagement.space, reader)
        let disputed = rows.enumerated().filter { $0.element.negotiation.state == .disputed }
        let lines = try disputed.map { index, row in
            let word = try talk.lastWord(on: row)
            let since = try talk.moved(row)
            let said: [ReportDocument.Run] = word.map { [.label(side($0.side)), .typed($0.text)] } ?? [.faint(say(.nothingSaid))]
            return ReportDocument.Row(
                cells: [
                    [.link(row.key.shown, to: anchor(index))],
                    [allocation(row.negotiation.provider, of: nil)], [allocation(row.negotiation.customer, of: nil)],
                    [.words(row.negotiation.turn.map(side) ?? "–")], [.words(date(since))], said,
                ],
                value: try forms.json(row).adding(
                    ("turn", .text(orNull: row.negotiation.turn?.name)),
                    ("since", .text(orNull: since.map { Timestamp.rfc3339(milliseconds: $0) })),
                    ("lastWord", word.map { ["side": .text($0.side.name), "text": .text($0.text)] } ?? .null)))
        }
        let table = ReportDocument.Table(
            name: "rows", caption: say(.disputesCaption), form: .stacked,
            columns: [
                column(.headRow, .key), column(.headProvider, .mark), column(.headCustomer, .mark), column(.headTurn, .mark),
                column(.headSince, .day), column(.headLastWord, .text),
            ], rows: lines)
        let said = try comments(on: rows)
        let none = said.rows.isEmpty ? [] : [say(.noDisputes)]
        return ReportDocument.Section(
            name: .disputes, title: say(.sectionDisputes), lead: lines.isEmpty ? none : [say(.disputesLead)], tables: [table, said],
            none: say(.noDisputes))
    }

    /// What both sides said to each other, by row, in the order in which it was said.
    private func comments(on rows: [MatrixRow]) throws -> ReportDocument.Table {
        let remarks = try Remarks(scope, words, reader).comments
        return ReportDocument.Table(
            name: "comments", caption: say(.commentsCaption), form: .stacked,
            columns: [column(.headAbout, .name), column(.headBy, .name), column(.headTime, .day), column(.headText, .text)],
            rows: try lines(of: remarks, on: rows))
    }

    /// Remarks by what they are about: the rows in their order, then other records.
    func lines(of remarks: [RecordID: [Remarks.Remark]], on rows: [MatrixRow]) throws -> [ReportDocument.Row] {
        var places: [RecordID: Int] = [:]
        for (index, row) in rows.enumerated() {
            for space in [scope.service, scope.draft].compactMap({ $0 }) { places[row.key.responsibility(in: space)] = index }
        }
        let about = remarks.keys.sorted { (places[$0] ?? .max, $0) < (places[$1] ?? .max, $1) }
        return try about.flatMap { record -> [ReportDocument.Row] in
            let place = places[record]
            let name: ReportDocument.Run =
                if let place { .link(rows[place].key.shown, to: anchor(place)) } else { .typed(try title(of: record)) }
            return (remarks[record] ?? []).map { remark in
                let text: [ReportDocument.Run] = (remark.label.map { [.label($0)] } ?? []) + [.typed(remark.text)]
                return ReportDocument.Row(
                    cells: [[name], [.typed(remark.author)], [.words(stamp(remark.time))], text],
                    value: .members(
                        ("id", .text(remark.id.uuid)), ("record", .text(record.uuid)), ("row", place.map { rows[$0].key.json } ?? .null),
                        ("text", .text(remark.text)), ("label", .text(orNull: remark.label)), ("author", .text(remark.author)),
                        ("time", .text(orNull: remark.time.map { Timestamp.rfc3339(milliseconds: $0) }))))
            }
        }
    }

    /// What this organisation has noted for itself about what is shown here.
    func notes(on rows: [MatrixRow]) throws -> ReportDocument.Section {
        let remarks = try Remarks(scope, words, reader).notes
        let places = [scope.service, scope.draft].compactMap { $0 }
        let about = Set(rows.flatMap { row in places.map { row.key.responsibility(in: $0) } }).union(view?.records.map(\.id) ?? [])
        let table = ReportDocument.Table(
            name: "notes", caption: say(.notesCaption), form: .stacked,
            columns: [column(.headAbout, .name), column(.headBy, .name), column(.headTime, .day), column(.headText, .text)],
            rows: try lines(of: remarks.filter { about.contains($0.key) }, on: rows))
        return ReportDocument.Section(name: .notes, title: say(.sectionNotes), tables: [table], none: say(.noNotes), isPrivate: true)
    }
}
