import BuntanProtocol
import Merging
import Records
import Replica
import Rules
import Storage
import Wording

/// One row as somebody answers it: as much as fits a screen, or whole.
struct AnswerScreen {
    let row: MatrixRow
    private let subject: AnswerSubject
    private let control: ControlView?
    /// What the row of its control holds; `nil` for a control itself.
    private let above: MatrixRow?
    /// Items that would take over an acceptance of this row, and those that would not, with what the other side says of them.
    private let taking: [RowKey]
    private let apart: [(key: RowKey, theirs: RowSide.Allocation)]

    init(_ row: MatrixRow, _ subject: AnswerSubject, _ items: RowItems, _ workspace: Workspace, _ reader: any StoreReader) throws {
        (self.row, self.subject) = (row, subject)
        control = try ControlView(of: row.key)
        let isItem = row.key.itemKey != RowKey.mainItem
        above = isItem ? try subject.row(row.key.control, workspace, reader) : nil
        var taking: [RowKey] = []
        var apart: [(key: RowKey, theirs: RowSide.Allocation)] = []
        if let engagement = subject.engagement, engagement.side == .customer {
            for key in items.items(of: row.key) {
                if try workspace.takes(.acceptance, on: row, key, in: engagement, reader) {
                    taking.append(key)
                } else {
                    apart.append((key, try subject.row(key, workspace, reader).negotiation.provider))
                }
            }
        }
        (self.taking, self.apart) = (taking, apart)
    }

    /// Lines that a text takes at most where it is not shown whole.
    private static let lines = 2
    private static let labels = 2
    private static let values = 13
    private static let usualColumns = 80
    private static let mostItems = 6

    func show(_ page: inout Page, number: Int, of count: Int, isWhole: Bool) {
        let language = page.language
        page.say(AnswerPhrases.progress, ["n": .number(number), "total": .number(count)], .faint)
        var heading = [Span(row.key.shown, .strong)]
        if let control { heading.append(Span("  " + control.control.title.text(in: language))) }
        if control == nil, let topic = row.row?.texts("topic").spoken(language.rawValue) { heading.append(Span("  " + topic)) }
        heading.append(Span("  \(row.key.framework)"))
        if subject.engagement != nil { heading.append(Span("  " + row.negotiation.state.phrase.text(in: language))) }
        page.line(spans: heading)
        held(&page)
        var cut = false
        func text(_ label: String, _ text: String?) {
            guard let text, !text.isEmpty else { return }
            let line = "\(label): \(text.replacing("\n", with: " "))"
            let room = ((page.style.columns ?? Self.usualColumns) - Self.labels) * Self.lines - 4
            let short = isWhole ? line : page.style.measure.cut(line, to: max(40, room))
            if short != line { cut = true }
            page.paragraph(short, indent: Self.labels)
        }
        for side in [subject.seat.other, subject.seat] {
            guard let guidance = control?.control.guidance(for: side) else { continue }
            let name = (side == .provider ? RowPhrases.sideProvider : .sideCustomer).text(in: language)
            text(
                CataloguePhrases.asks.text(in: language, ["side": .text(name), "act": .text(guidance.act.phrase.text(in: language))]),
                guidance.text.text(in: language))
        }
        for field in ["providerStatement", "customerAction", "customerStatement", "boundaryNote"] {
            text(CodeLabels.field(field, language), words(of: field, language))
        }
        if row.negotiation.state == .reworded { page.say(AnswerPhrases.reworded, [:], .warning, indent: Self.labels) }
        if cut { page.say(AnswerPhrases.isCut, [:], .faint, indent: Self.labels) }
    }

    /// What each side holds to, what the control holds above an item, and which items stand below a control.
    private func held(_ page: inout Page) {
        let language = page.language
        for side in Side.allCases where subject.engagement != nil || side == .provider {
            let allocation = side == .provider ? row.negotiation.provider : row.negotiation.customer
            let name = (side == .provider ? RowPhrases.sideProvider : .sideCustomer).text(in: language)
            var note = side == subject.seat ? AnswerPhrases.you.text(in: language) : ""
            if side == .customer, row.followsControl {
                note = RowPhrases.fromControl.text(in: language, ["row": .text(row.key.control.shown)])
            }
            let value = allocation == .empty ? RowPhrases.noneYet.text(in: language) : allocation.shown(language)
            page.place(.at(Self.labels, Span(name)), .at(Self.values, Span(value)), .at(32, Span(note, .faint)))
        }
        if let above, subject.engagement != nil {
            let own = subject.seat == .customer ? above.negotiation.customer : above.negotiation.provider
            page.say(
                AnswerPhrases.controlHolds, ["row": .text(above.key.shown), "allocation": .text(own.shown(language))], indent: Self.labels)
        }
        if !taking.isEmpty {
            page.say(AnswerPhrases.countsFor, ["list": .text(Self.list(taking.map(\.shown)))], indent: Self.labels)
        }
        if !apart.isEmpty {
            let list = apart.map { "\($0.key.shown) \($0.theirs.shown(language))" }
            page.say(AnswerPhrases.standApart, ["list": .text(Self.list(list))], indent: Self.labels)
        }
    }

    /// The first of many, and how many more there are.
    private static func list(_ names: [String]) -> String {
        names.prefix(mostItems).joined(separator: ", ") + (names.count > mostItems ? ", … +\(names.count - mostItems)" : "")
    }

    /// The words of a field that hold: a side's own position before what was published.
    private func words(of field: String, _ language: Language) -> String? {
        for state in [row.providerPosition, row.customerPosition, row.row] {
            if let text = state?.texts(field).spoken(language.rawValue), !text.isEmpty { return text }
        }
        return nil
    }
}
