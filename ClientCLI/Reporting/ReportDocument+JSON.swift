import Records
import Wording

extension ReportDocument {
    /// The whole of it for programs: codes in place of words, the same in every language but for what was typed (commands.md
    /// section 7). No handle of this store is in it.
    ///
    /// What is of one of several places stands with that place, under the names of the sections.
    var json: JSONValue {
        let spread = sections.filter { section in section.isByPlace || section.tables.contains { $0.rows.contains { $0.place != nil } } }
        let places = places.enumerated().map { number, place in
            place.adding(("sections", .object(spread.map { .init($0.name.rawValue, $0.json(of: number)) })))
        }
        return JSONValue.members(
            ("format", "buntan.report/1"), ("at", .text(Timestamp.rfc3339(at))), ("subject", .text(subject.rawValue)),
            ("audience", .text(audience.rawValue)), ("day", .text(day.text)),
            ("records", .text(records.rawValue)),
            (
                "summary",
                .members(
                    ("facts", .object(facts.map { .init($0.name, $0.value) })),
                    ("notices", .list(notices.map { .text($0.name) })),
                    ("counts", .object(figures.map { .init($0.name, .number($0.count)) })))
            ), ("sections", .object(sections.filter { !$0.isByPlace }.map { .init($0.name.rawValue, $0.json(of: nil)) }))
        ).adding(("places", subject == .organisation ? .list(places) : nil))
    }
}

extension ReportDocument.Section {
    /// The rows that its tables have of a place, or of none, under the tables' names, and how many are left out.
    fileprivate func json(of place: Int?) -> JSONValue {
        var lists: [(name: String, rows: [JSONValue])] = []
        for table in tables {
            let rows = table.rows.filter { $0.place == place }.map(\.value)
            if let index = lists.firstIndex(where: { $0.name == table.name }) {
                lists[index].rows += rows
            } else {
                lists.append((table.name, rows))
            }
        }
        let left = place.map { leftOf[$0, default: 0] } ?? left - leftOf.values.reduce(0, +)
        return .object(lists.map { .init($0.name, .list($0.rows)) } + [.init("left", .number(left))])
    }
}
