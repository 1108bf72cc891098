import ArgumentParser
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Wording

extension Buntan {
    static let rows: [any ParsableCommand.Type] = [
        Matrix.self, Show.self, Accept.self, Propose.self, Comment.self, Note.self,
    ]
}

struct Matrix: ConsoleCommand {
    /// What rows may be grouped by.
    enum Grouping: String, ExpressibleByArgument, CaseIterable {
        case family
    }

    static var configuration: CommandConfiguration {
        CommandConfiguration(abstract: CommandPhrases.matrix.spoken)
    }
    @Argument(help: .spoken(.rows)) var addresses: [String] = []
    @Option(name: .customLong("where"), help: .spoken(.whereCondition)) var conditions: [String] = []
    @Option(help: .spoken(.group)) var group: Grouping?
    @Flag(help: .spoken(.heatmap)) var heatmap = false
    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let selection = try selector.either()
        let conditions = try RowConditions(conditions)
        let language = invocation.language.rawValue
        let workspace = open.reading
        return try open.store.read { reader in
            let context = try selector.context(selection, reader)
            let rows = try Self.rows(selection, workspace, reader)
            let forms = try RowForms(selection, reader)
            let wanted = Set(try RowSelection(rows.map(\.key)).rows(addresses))
            let (chosen, more) = try cut.part(of: rows.filter { wanted.contains($0.key) && conditions.hold(for: $0) }) { $0.rowID.uuid }
            let release = try Self.release(shownFor: selection, workspace, reader)
            let service = selection.serviceName.spoken(language) ?? "-"
            try invocation.print(
                .list(
                    "matrix/1", context, fields: RowForms.fields, of: chosen, more: more, form: forms.json
                ) { page in
                    guard !rows.isEmpty else { return page.say(RowPhrases.matrixEmpty) }
                    guard !chosen.isEmpty else { return page.say(RowPhrases.matrixNoMatch) }
                    let matrix = MatrixPage(
                        rows: chosen, isEngagement: selection.isEngagement, release: release, service: service)
                    if heatmap { matrix.heatmap(&page) } else { matrix.table(&page, grouped: group != nil) }
                })
            return invocation.status(ofListWith: chosen.count)
        }
    }

    /// The label of the release that rows come from; `nil` for a draft of one's own.
    private static func release(shownFor selection: Selection, _ workspace: Workspace, _ reader: any StoreReader) throws -> String? {
        switch selection {
        case .engagement(let engagement): try workspace.releases(of: engagement.service, reader).last?.label
        case .service(let service): service.isOwn ? nil : try workspace.releases(of: service.service, reader).last?.label
        }
    }

    /// The rows of an engagement, or of a service: its draft where it is one's own, else what was published.
    static func rows(_ selection: Selection, _ workspace: Workspace, _ reader: any StoreReader) throws -> [MatrixRow] {
        switch selection {
        case .engagement(let engagement): return try workspace.rows(of: engagement, reader)
        case .service(let service):
            let space = service.draft ?? service.service
            return try workspace.rows(in: space, reader).map { key, state in
                let id = key.responsibility(in: space)
                return MatrixRow(
                    key: key, row: state, providerPosition: nil, customerPosition: nil,
                    negotiation: Negotiation(
                        row: RowSide(state, record: id, space: space), providerPosition: nil, customerPosition: nil), rowID: id)
            }
        }
    }
}

extension RowState {
    var phrase: StatusPhrases {
        switch self {
        case .unpublished: .unreleased
        case .open: .open
        case .agreed: .agreed
        case .disputed: .disputed
        case .unsettled: .unsettled
        case .reworded: .reworded
        }
    }
}

/// One row with both sides' words, comments and notes.
struct Show: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(abstract: CommandPhrases.show.spoken)
    }
    @Argument(help: .spoken(.rows)) var addresses: [String]
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let selection = try selector.either()
        let workspace = open.reading
        try open.store.read { reader in
            let context = try selector.context(selection, reader)
            let rows = try Matrix.rows(selection, workspace, reader)
            let remarks = try Remarks(selection, selector.directory, reader)
            let forms = try RowForms(selection, reader)
            let wanted = Set(try RowSelection(rows.map(\.key)).rows(addresses))
            let chosen = rows.filter { wanted.contains($0.key) }
            try invocation.print(
                .list(
                    "show/1", context, fields: RowForms.fields + ["comments", "notes"], of: chosen,
                    form: { row in
                        try forms.json(row).adding(
                            ("comments", .list(remarks.comments[row.rowID, default: []].map { .text($0) })),
                            ("notes", .list(remarks.notes[row.rowID, default: []].map { .text($0) })))
                    }
                ) { page in
                    for row in chosen { Self.show(row, remarks, &page) }
                })
        }
        return .done
    }

    private static func show(_ row: MatrixRow, _ remarks: Remarks, _ page: inout Page) {
        let language = page.language
        page.line(Span(row.key.shown, .strong), Span("  \(row.key.framework)  "), Span(row.negotiation.state.phrase.text(in: language)))
        page.line(Span(RowPhrases.sideProvider.text(in: language) + "  "), Span(row.negotiation.provider.shown))
        page.line(Span(RowPhrases.sideCustomer.text(in: language) + "  "), Span(row.negotiation.customer.shown))
        for state in [row.row, row.providerPosition, row.customerPosition].compactMap({ $0 }) {
            for field in ["providerStatement", "customerAction", "customerStatement", "boundaryNote"] {
                if let text = state.texts(field).spoken(language.rawValue) { page.paragraph("\(field): \(text)", indent: 2) }
            }
        }
        for (heading, texts) in [(RowPhrases.sectionComments, remarks.comments), (.sectionNotes, remarks.notes)] {
            guard let list = texts[row.rowID], !list.isEmpty else { continue }
            page.say(heading)
            for text in list { page.paragraph(text, indent: 2) }
        }
        page.blank()
    }
}

/// What has been said about rows: shared comments and private notes, in order.
struct Remarks {
    private(set) var comments: [RecordID: [String]] = [:]
    private(set) var notes: [RecordID: [String]] = [:]

    init(_ selection: Selection, _ directory: StoreDirectory, _ reader: any StoreReader) throws {
        if case .engagement(let engagement) = selection { comments = try Self.read("comment", in: engagement.space, reader) }
        if let home = try directory.home(reader) { notes = try Self.read("annotation", in: home, reader) }
    }

    private static func read(_ kind: String, in space: SpaceID, _ reader: any StoreReader) throws -> [RecordID: [String]] {
        var texts: [RecordID: [String]] = [:]
        for stored in try reader.records(of: kind, in: space, after: nil, limit: .max) where stored.shown.isAlive {
            guard let row = stored.shown.value("row")?.bytes.flatMap({ RecordID($0) }), let text = stored.shown.text("text") else {
                continue
            }
            let label = stored.shown.text("label").map { "\($0): " } ?? ""
            texts[row, default: []].append(label + text)
        }
        return texts
    }
}
