import Agreements
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Rules
import Storage
import Syncing
import Wording

/// Gathers a report in one reading of the store, from the views that the other commands print.
///
/// For the counterpart it reads the spaces that both share, and takes out of them what `Disclosure` holds back: no record of one's own,
/// no finding that rests on one, no name that one has given to a thing.
struct ReportBuilder {
    let selection: Selection?
    let audience: Audience
    let day: CalendarDate
    /// The day that was asked for; without one an agreement is told for today in its own zone.
    let asked: CalendarDate?
    let selector: Selector
    let workspace: Workspace
    let reader: any StoreReader
    let words: RecordWords
    let scope: RecordScope
    let disclosure: Disclosure
    /// What the audience may see of the service and the engagement; `nil` for the organisation as a whole.
    let view: DisclosedView?
    /// Its number among the places of an organisation's report; `nil` for a report of its own.
    let number: Int?

    init(
        _ selection: Selection?, for audience: Audience, on asked: CalendarDate?, _ selector: Selector, _ workspace: Workspace,
        _ reader: any StoreReader
    ) throws {
        (self.selection, self.audience, self.asked, self.selector) = (selection, audience, asked, selector)
        day = asked ?? selector.invocation.today
        (self.workspace, self.reader, number) = (workspace, reader, nil)
        words = try RecordWords(selector, reader)
        scope = try selector.scope(selection, reader)
        disclosure = Disclosure(to: audience)
        view = try selection.map { try DisclosedScope($0, selector).view(to: audience, .published, workspace, reader) }
        if audience != .myself, view?.release == nil, case .service(let service)? = selection {
            throw CommandFailure(.nothingPublished, ["name": .text(service.handle)], next: "buntan publish LABEL -m WHY")
        }
    }

    /// One of the places that the report of an organisation goes through: what has been read for the whole is not read again.
    init(_ place: Selection, number: Int, in whole: ReportBuilder) throws {
        (selection, audience, asked, selector) = (place, whole.audience, whole.asked, whole.selector)
        (day, workspace, reader, words) = (whole.day, whole.workspace, whole.reader, whole.words)
        (disclosure, view, self.number) = (whole.disclosure, nil, number)
        scope = try selector.scope(place, reader)
    }

    var invocation: Invocation { selector.invocation }
    var language: Language { invocation.language }
    var times: TimeDisplay { invocation.times }
    var isForMyself: Bool { audience == .myself }

    /// A command about what the report is about, as it is typed wherever the report is read.
    func command(_ words: String) -> String {
        switch selection {
        case .engagement(let engagement)?: "buntan \(words) -e \(engagement.handle)"
        case .service(let service)?: "buntan \(words) -s \(service.handle)"
        case nil: "buntan \(words)"
        }
    }

    /// The engagement that the report is about.
    var engagement: KnownEngagement? { if case .engagement(let engagement)? = selection { engagement } else { nil } }

    /// The space in which the rows are read: the draft of a service of one's own, where nobody else is to see them.
    var rowSpace: SpaceID? {
        switch selection {
        case .engagement(let engagement)?: engagement.service
        case .service(let service)?: isForMyself ? service.draft ?? service.service : service.service
        case nil: nil
        }
    }

    /// The spaces that whoever reads the report may read, with those of the organisation itself where that is oneself; of the
    /// organisation as a whole, all there are.
    func spaces() throws -> [SpaceID] {
        guard isForMyself else { return [engagement?.space, scope.service].compactMap { $0 } }
        return selection == nil ? try reader.spaces() : scope.spaces
    }

    func document() throws -> ReportDocument {
        let places = try places()
        let rows = selection == nil ? places.filter(\.isEngagement).flatMap(\.rows) : try rows()
        let findings = isForMyself ? ToldFindings(try checkedRules(), places) : nil
        let board = selection == nil ? GapBoard(of: places) : try gapBoard()
        let sections = selection == nil ? try sections(of: places, findings) : try sections(rows, findings, board)
        let subject: ReportDocument.Subject = selection == nil ? .organisation : engagement == nil ? .service : .engagement
        let now = invocation.console.now()
        return ReportDocument(
            subject: subject, audience: audience, language: language, at: now, made: times.stamp(now), day: day,
            records: invocation.asOf?.records ?? .now,
            kicker: say(subject == .organisation ? .kickerOrganisation : subject == .service ? .kickerService : .kickerEngagement),
            title: title, facts: try facts(rows), notices: try notices(), figures: figures(rows, findings, board, sections),
            sections: sections, places: places.map(\.json))
    }

    func checkedRules() throws -> CheckedRules { try CheckedRules(nil, of: selection, on: day, selector, workspace, words, reader) }

    private func sections(_ rows: [MatrixRow], _ findings: ToldFindings?, _ board: GapBoard?) throws -> [ReportDocument.Section] {
        var sections = [try heatmap(rows)]
        if let engagement { sections += [try agreements(of: engagement), try disputes(rows, in: engagement)] }
        if let board { sections.append(gaps(board)) }
        if let findings { sections.append(self.findings(findings)) }
        sections.append(try matrix(rows))
        if let changes = try changes() { sections.append(changes) }
        if isForMyself { sections += try [applicability()].compactMap { $0 } }
        sections.append(try records())
        if isForMyself { sections.append(try notes(on: rows)) }
        return sections + [try timeline()]
    }

    /// The rows of what the report is about, in the order of their ids.
    func rows() throws -> [MatrixRow] {
        if let engagement { return try workspace.rows(of: engagement, reader) }
        guard let rowSpace else { return [] }
        return try workspace.rows(in: rowSpace, reader).map { MatrixRow($0.key, $0.state, in: rowSpace) }
    }

    private var title: String {
        switch selection {
        case nil: selector.directory.ownName.spoken(language.rawValue) ?? "-"
        case .service?, .engagement?: serviceName.spoken(language.rawValue) ?? "-"
        }
    }

    /// As whoever reads it knows it: a new name in a draft is not for others yet.
    var serviceName: [String: String] {
        let shown = view?.records.first { $0.kind == "cloud-service" }?.state.texts("name") ?? [:]
        return shown.isEmpty ? selection?.serviceName ?? [:] : shown
    }

    // MARK: words

    func say(_ entry: ReportPhrases, _ facts: Facts = [:]) -> String { entry.text(in: language, facts) }

    func column(_ entry: ReportPhrases, _ width: ReportDocument.Column.Width) -> ReportDocument.Column {
        ReportDocument.Column(title: say(entry), width: width)
    }

    /// What a code of a field is called.
    func code(_ code: String, of field: String?, in kind: String? = nil) -> String {
        Labels.code(code, of: field, kind: kind, language) ?? code
    }

    /// What a kind or a field is called, as a heading has it.
    func heading(kind: String) -> String { Self.capitalised(Labels.kind(kind, language) ?? kind) }
    func heading(field: String, of kind: String?) -> String { Self.capitalised(Labels.field(field, of: kind, language) ?? field) }

    static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    func side(_ side: Side) -> String { code(side.name, of: "side") }

    /// The text of a field in the language of the report, else in another that there is.
    func spoken(_ texts: [String: String]) -> ReportDocument.Run? {
        if let text = texts[language.rawValue] { return .typed(text, language: language.rawValue) }
        return texts.min { $0.key < $1.key }.map { .typed($0.value, language: $0.key) }
    }

    func stamp(_ milliseconds: Int64?) -> String { milliseconds.map { times.stamp(Date(milliseconds: $0)) } ?? say(.notSentYet) }
    func date(_ milliseconds: Int64?) -> String { milliseconds.map { times.day(Date(milliseconds: $0)).text } ?? say(.notSentYet) }
}
