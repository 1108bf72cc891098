import Agreements
import BuntanProtocol
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// Two days, or a day and now, between which every record of a scope is compared, those of the organisation itself, too.
struct DiffDays {
    private enum End {
        case day(CalendarDate)
        case now
    }
    private let from: End
    private let to: End

    /// Reads `2026-03-31..2026-06-30`, `2026-03-31..now` and `2026-03-31`; `nil` for a range of anything else.
    init?(_ range: String?) {
        func end(_ text: String) -> End? { text == "now" ? .now : CalendarDate(canonical: text).map { .day($0) } }
        guard let range else { return nil }
        let (first, second) = FiledMatrix.ends(of: range) ?? (range, "now")
        guard let from = end(first), let to = end(second), case .day = from else { return nil }
        (self.from, self.to) = (from, to)
    }

    /// Whether one of the days is the label of a release: that is meant then, as before there were days.
    func nameReleases(_ selector: Selector, _ open: OpenStore) throws -> Bool {
        let service: SpaceID
        switch try selector.eitherOrNone() {
        case .service(let known)?: service = known.service
        case .engagement(let engagement)?: service = engagement.service
        case nil: return false
        }
        let labels = try open.store.read { try open.reading.releases(of: service, $0) }.map(\.label)
        return [from, to].contains { if case .day(let day) = $0 { labels.contains(day.text) } else { false } }
    }

    func run(_ open: OpenStore, _ selector: Selector, _ cut: CutOptions) throws -> CommandExit {
        let invocation = open.invocation
        let selection = try selector.eitherOrNone()
        let (before, after) = (try records(at: from, selection, selector, open), try records(at: to, selection, selector, open))
        return try open.store.read { reader in
            let all = before.differences(to: after)
            let (chosen, more) = try cut.part(of: all.map { DiffItem.record($0) }) { $0.key }
            let shorts = ShortNames(reader)
            let words = try RecordWords(selector, reader)
            let records = chosen.records
            let others = records.filter { DiffForms.row($0) == nil }
            let story = DiffStory(records)
            let names = Dictionary(
                try others.map { difference in
                    let title = words.title(try reader.shown(difference.record, in: difference.space))
                    return (difference.record, [try shorts.of(difference.record), title].compactMap { $0 }.joined(separator: " "))
                }
            ) { first, _ in first }
            try invocation.print(
                .list(
                    "diff/1", try selector.context(selection, reader), fields: DiffForms.fields, of: chosen, more: more,
                    form: { try DiffForms.json($0, story) { try shorts.of($0) } }
                ) { page in
                    DiffForms.show(records, of: all, names, story, from: Self.name(from), to: Self.name(to), nil, &page)
                })
            return invocation.status(ofListWith: chosen.count)
        }
    }

    private static func name(_ end: End) -> Fact {
        switch end {
        case .day(let day): .text(day.text)
        case .now: .word(RowPhrases.diffNow)
        }
    }

    /// A day to come is as it is now.
    private func records(at end: End, _ selection: Selection?, _ selector: Selector, _ open: OpenStore) throws -> RecordsThen {
        var store: any SpaceStore = open.file
        if case .day(let day) = end, let moment = open.invocation.end(of: day) { store = PastStore(open.file, at: moment) }
        return try store.read { reader in try open.reading.records(in: try selector.scope(selection, reader), reader) }
    }
}
