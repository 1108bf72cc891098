import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Rules
import Storage
import Syncing
import Wording

/// One row as people look at it: both sides' positions and words, what was said about it, and how it came to be.
struct RowView {
    let row: MatrixRow
    let comments: [Remarks.Remark]
    let notes: [Remarks.Remark]
    let history: [ChangeView]
    /// What its framework asks of each side, where this program has its catalogue.
    private let control: ControlView?
    private let words: RecordWords
    private let isEngagement: Bool

    init(_ row: MatrixRow, _ scope: RecordScope, _ remarks: Remarks, _ words: RecordWords, _ reader: any StoreReader) throws {
        (self.row, self.words) = (row, words)
        isEngagement = scope.engagement != nil
        control = try ControlView(of: row.key)
        // A note made on the draft of a row, and one on the published row, are both about it.
        let ids = [scope.service, scope.draft].compactMap { $0 }.map { row.key.responsibility(in: $0) }
        comments = ids.flatMap { remarks.comments[$0] ?? [] }
        notes = ids.flatMap { remarks.notes[$0] ?? [] }
        var views: [ChangeView] = []
        if let space = isEngagement ? scope.service : scope.draft ?? scope.service {
            views += try ChangeView.history(of: row.key.responsibility(in: space), in: space, words, reader)
        }
        if let engagement = scope.engagement {
            for side in Side.allCases {
                views += try ChangeView.history(
                    of: row.key.position(of: side, in: engagement.space), in: engagement.space, words, reader)
            }
        }
        // Two logs have no common order but the time that their authors' clocks say.
        history = views.enumerated().sorted { ($0.element.change.time, $0.offset) < ($1.element.change.time, $1.offset) }.map(\.element)
    }

    func json(_ forms: RowForms) throws -> JSONValue {
        let fields = RecordFields(omitting: ["framework", "controlId", "itemKey", "side"], schema: words.schema)
        return try forms.json(row).adding(
            ("published", row.row.map { fields.json($0) } ?? .null),
            ("providerPosition", isEngagement ? row.providerPosition.map { fields.json($0) } ?? .null : nil),
            ("customerPosition", isEngagement ? row.customerPosition.map { fields.json($0) } ?? .null : nil),
            ("numbers", control?.control.numbersJSON), ("guidance", control?.guidance), ("unverified", control?.control.unverifiedJSON),
            ("comments", .list(comments.map { $0.json(words) })), ("notes", .list(notes.map { $0.json(words) })),
            ("history", .list(history.map(\.json))))
    }

    func show(_ page: inout Page, _ times: TimeDisplay) {
        let language = page.language
        var heading = [Span(row.key.shown, .strong)]
        if let control { heading.append(Span("  " + control.control.title.text(in: language))) }
        heading.append(Span("  \(row.key.framework)"))
        if isEngagement { heading.append(Span("  " + row.negotiation.state.phrase.text(in: language))) }
        page.line(spans: heading)
        control?.showNumbers(&page)
        position(
            .sideProvider, row.negotiation.provider, of: (row.providerPosition ?? row.row)?.creator,
            asPublished: row.negotiation.providerPosition?.allocation ?? .empty == .empty, published: row.negotiation.overruled, &page)
        if isEngagement {
            position(
                .sideCustomer, row.negotiation.customer, of: row.customerPosition?.creator, asPublished: false,
                from: row.followsControl ? row.key.control : nil, &page)
        }
        if let control {
            page.say(CataloguePhrases.guidance, [:], .strong)
            control.showGuidance(&page, indent: 2)
        }
        statements(&page)
        if isEngagement, row.negotiation.state == .reworded {
            page.say(RowPhrases.rewordedHint, ["row": .text(row.key.pasteable)], .warning)
        }
        page.show(comments, under: .sectionComments, times)
        page.show(notes, under: .sectionNotes, times)
        if !history.isEmpty {
            page.say(RowPhrases.sectionHistory, [:], .strong)
            for change in history { change.show(&page, times, most: 4, isIndented: true) }
        }
        page.blank()
    }

    private func position(
        _ side: RowPhrases, _ allocation: RowSide.Allocation, of creator: OrganisationID?, asPublished: Bool, published: String? = nil,
        from control: RowKey? = nil, _ page: inout Page
    ) {
        let language = page.language
        let value: String =
            switch allocation {
            case .empty: RowPhrases.noneYet.text(in: language)
            case .settled(let value): CodeLabels.shown(value, language)
            case .unsettled: words.several(of: creator, in: language)
            }
        let isPublished = isEngagement && asPublished && allocation != .empty
        let beside =
            published.map { RowPhrases.publishedOther.text(in: language, ["allocation": .text(CodeLabels.shown($0, language))]) }
            ?? control.map { RowPhrases.fromControl.text(in: language, ["row": .text($0.shown)]) }
        page.place(
            .at(2, Span(side.text(in: language))), .at(15, Span(value)),
            .at(32, Span(isPublished ? RowPhrases.asPublished.text(in: language) : beside ?? "")))
    }

    private func statements(_ page: inout Page) {
        var seen = Set<String>()
        var lines: [(name: String, text: String)] = []
        // A side's own position says more than what was published, and stands first.
        for state in [row.providerPosition, row.customerPosition, row.row].compactMap({ $0 }) {
            let kind = words.schema.kind(state.kind)
            let names =
                kind?.fields.filter { !($0.isComputed || ["side", "allocation", "followsControl"].contains($0.name)) }.map(\.name) ?? []
            for name in names where !(kind?.key?.contains(name) ?? false) {
                for cell in state.cells(of: name) {
                    let field = kind?.field(name)
                    guard seen.insert("\(state.creator.hex) \(cell.key.shown)").inserted || cell.isConflicted else { continue }
                    let label = CodeLabels.field(cell.key, page.language)
                    if cell.isConflicted { lines.append((label, words.several(of: state.creator, in: page.language))) }
                    if case .settled(let value?, _) = cell.state, let text = words.value(value, field, quoted: false), field?.merge != .set
                    {
                        lines.append((label, text))
                    }
                }
            }
        }
        guard !lines.isEmpty else { return }
        page.say(RowPhrases.sectionStatements, [:], .strong)
        for line in lines { page.paragraph("\(line.name): \(line.text)", indent: 2) }
    }
}
