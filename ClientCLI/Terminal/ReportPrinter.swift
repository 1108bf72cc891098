import Foundation
import Wording

/// The form in which results are printed.
enum OutputMode: Sendable, Equatable {
    case human, json, jsonLines, plain
}

/// Prints a report in one mode.
struct ReportPrinter {
    var mode: OutputMode
    /// The members or columns picked with `--fields`, in their order.
    var fields: [String]?
    var isQuiet = false
    var style: PageStyle
    var pager: String?
    let console: Console

    func print(_ report: Report) throws {
        try checkFields(report)
        switch mode {
        case .human: try printHuman(report)
        case .json: try printJSON(report)
        case .jsonLines:
            try each(report) { try console.write(JSONWriter.text(picked($0)) + "\n") }
        case .plain:
            let columns = fields ?? report.fields
            try console.write(PlainText.line(columns))
            try each(report) { item in try console.write(PlainText.line(columns.map { PlainText.cell(item[path: $0]) })) }
        }
    }

    private func printHuman(_ report: Report) throws {
        if isQuiet, report.isNotice { return }
        var page = Page(style)
        // The words of a command that writes, or that shows something this once, are not taken apart.
        if let fields, !report.isNotice, report.isPaged {
            try show(fields, of: report, on: &page)
        } else {
            // A view that was asked for a day says first which it is; what was written somewhere says so there.
            if !report.isNotice { report.context?.asOf?.say(&page) }
            report.human(&page)
        }
        var text = page.text
        if let context = report.context, context.isOneOfSeveral, let handle = context.handle, !text.contains(handle) {
            var heading = Page(style)
            heading.say(StatusPhrases.currentEngagement, ["name": .text(handle)], .faint)
            text = heading.text + text
        }
        if let pager, report.isPaged {
            try console.output.flush()
            do {
                try console.programs.feed(Array(text.utf8), to: pager)
                return
            } catch is ProgramFault {
                // Without its pager the page is still there to read.
            }
        }
        try console.write(text)
    }

    /// The members picked, for people: a column each of a list, a line each of a single thing.
    private func show(_ fields: [String], of report: Report, on page: inout Page) throws {
        func span(_ value: JSONValue?) -> Span { Span(words(value).replacing("\n", with: " ")) }
        switch report.body {
        case .item(let item):
            let columns = [Column(title: ""), Column(title: "", fit: .wrapped)]
            page.table(Table(columns: columns, rows: fields.map { [Span($0), span(item[path: $0])] }, hasHeads: false))
        case .items(let items):
            var table = Table(columns: fields.map { Column(title: $0, fit: .cut, minimum: 4) })
            let more = try items { item in table.rows.append(fields.map { span(item[path: $0]) }) }
            page.table(table)
            if let more { page.say(StatusPhrases.moreAfter, ["key": .text(more)], .faint) }
        }
    }

    /// A value as a line has it: of a text in languages the one that is spoken here, of a list its members.
    private func words(_ value: JSONValue?) -> String {
        switch value {
        case .list(let members)?: members.map(words).joined(separator: ", ")
        case .object(let members)? where !members.isEmpty && members.allSatisfy { Language(rawValue: $0.name) != nil }:
            words((members.first { $0.name == style.language.rawValue } ?? members[0]).value)
        default: PlainText.cell(value)
        }
    }

    // The envelope is written around the items as they come, so that a long list is never held as text.
    private func printJSON(_ report: Report) throws {
        var head: [UInt8] = Array("{".utf8)
        func member(_ name: String, _ value: JSONValue?, isFirst: Bool = false) {
            if !isFirst { head.append(UInt8(ascii: ",")) }
            JSONWriter.newLine(1, to: &head)
            head += "\"\(name)\": ".utf8
            if let value { JSONWriter.append(value, .indented, level: 1, to: &head) }
        }
        member("format", .text("buntan." + report.format), isFirst: true)
        member("at", .text(Timestamp.rfc3339(console.now())))
        member("context", report.context?.json ?? .null)
        switch report.body {
        case .item(let item):
            member("item", picked(item))
            try console.output.write(head)
        case .items(let items):
            member("items", nil)
            head.append(UInt8(ascii: "["))
            try console.output.write(head)
            var count = 0
            let more = try items { item in
                var bytes: [UInt8] = count == 0 ? [] : [UInt8(ascii: ",")]
                JSONWriter.newLine(2, to: &bytes)
                JSONWriter.append(picked(item), .indented, level: 2, to: &bytes)
                try console.output.write(bytes)
                count += 1
            }
            head = []
            if count > 0 { JSONWriter.newLine(1, to: &head) }
            head.append(UInt8(ascii: "]"))
            member("more", .text(orNull: more))
            try console.output.write(head)
        }
        try console.write("\n}\n")
    }

    private func each(_ report: Report, _ body: (JSONValue) throws -> Void) throws {
        switch report.body {
        case .item(let item): try body(item)
        case .items(let items): _ = try items(body)
        }
    }

    private func picked(_ item: JSONValue) -> JSONValue { fields.map { item.picking($0) } ?? item }

    private func checkFields(_ report: Report) throws { try Self.check(fields, among: report.fields) }

    /// Refuses the name of a member that there is none of.
    static func check(_ picked: [String]?, among fields: [String]) throws {
        for field in picked ?? [] {
            let root = field.split(separator: ".", maxSplits: 1).first.map(String.init) ?? field
            let isKnown = fields.contains { $0 == field || $0 == root || $0.hasPrefix(field + ".") }
            guard !isKnown else { continue }
            let near = Nearest.words(to: field, among: fields).map { CommandFailure.Candidate(name: $0) }
            throw CommandFailure(
                .unknownField, ["field": .text(field), "known": .text(fields.joined(separator: ", "))], candidates: near)
        }
    }
}
