import Records
import Wording

extension ReportDocument {
    /// The whole of it for programs: codes in place of words, the same in every language but for what was typed (commands.md
    /// section 7). No handle of this store is in it.
    var json: JSONValue {
        .members(
            ("format", "buntan.report/1"), ("at", .text(Timestamp.rfc3339(at))), ("subject", .text(subject.rawValue)),
            ("audience", .text(audience.rawValue)), ("day", .text(day.text)),
            (
                "summary",
                .members(
                    ("facts", .object(facts.map { .init($0.name, $0.value) })),
                    ("notices", .list(notices.map { .text($0.name) })),
                    ("counts", .object(figures.map { .init($0.name, .number($0.count)) })))
            ), ("sections", .object(sections.map { .init($0.name.rawValue, $0.json) })))
    }
}

extension ReportDocument.Section {
    /// The rows of its tables under the tables' names, and how many are left out.
    fileprivate var json: JSONValue {
        var lists: [(name: String, rows: [JSONValue])] = []
        for table in tables {
            let rows = table.rows.map(\.value)
            if let index = lists.firstIndex(where: { $0.name == table.name }) {
                lists[index].rows += rows
            } else {
                lists.append((table.name, rows))
            }
        }
        return .object(lists.map { .init($0.name, .list($0.rows)) } + [.init("left", .number(left))])
    }
}
