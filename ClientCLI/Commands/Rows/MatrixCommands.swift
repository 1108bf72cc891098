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
        Matrix.self, ShowCommand.self, ControlsCommand.self, Answer.self, Accept.self, Propose.self, Comment.self, Note.self,
    ]
}

struct Matrix: ConsoleCommand {
    /// What rows may be grouped by.
    enum Grouping: String, ExpressibleByArgument, CaseIterable {
        case family
    }

    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "matrix", abstract: CommandPhrases.matrix.spoken)
    }
    @Argument(help: .spoken(.rows)) var addresses: [String] = []
    @Option(name: .customLong("where"), help: .spoken(.whereCondition)) var conditions: [String] = []
    @Option(help: .spoken(.group)) var group: Grouping?
    @Flag(help: .spoken(.heatmap)) var heatmap = false
    @OptionGroup var day: DayOption
    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit {
        let invocation = try invocation.answering(for: day)
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
            let wanted = Set(try RowSelection(rows.map(\.key)).rows(try invocation.addresses(addresses)))
            let meant = rows.filter { wanted.contains($0.key) && conditions.hold(for: $0) }
            let (chosen, more) = try cut.part(of: meant) { $0.rowID.uuid }
            let release = try Self.release(shownFor: selection, workspace, reader)
            let service = selection.serviceName.spoken(language) ?? "-"
            try invocation.print(
                .list(
                    "matrix/1", context, fields: RowForms.fields, of: chosen, more: more, form: forms.json
                ) { page in
                    guard !rows.isEmpty else { return page.say(RowPhrases.matrixEmpty) }
                    guard !chosen.isEmpty else { return page.say(RowPhrases.matrixNoMatch) }
                    let matrix = MatrixPage(
                        rows: chosen, all: meant, isEngagement: selection.isEngagement, release: release, service: service)
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
            return try workspace.rows(in: space, reader).map { MatrixRow($0.key, $0.state, in: space) }
        }
    }

    /// The keys of the same rows, in no order.
    static func keys(_ selection: Selection, _ workspace: Workspace, _ reader: any StoreReader) throws -> [RowKey] {
        switch selection {
        case .engagement(let engagement): try workspace.rowOutlines(of: engagement, reader).map(\.key)
        case .service(let service): try workspace.rowKeys(in: service.draft ?? service.service, reader)
        }
    }

    /// One of these rows.
    static func row(_ key: RowKey, of selection: Selection, _ workspace: Workspace, _ reader: any StoreReader) throws -> MatrixRow {
        switch selection {
        case .engagement(let engagement): return try workspace.row(key, of: engagement, reader)
        case .service(let service):
            let space = service.draft ?? service.service
            return MatrixRow(key, try reader.shown(key.responsibility(in: space), in: space), in: space)
        }
    }
}

extension MatrixRow {
    /// A row of a service alone: nobody takes a position on it there.
    init(_ key: RowKey, _ state: RecordState?, in space: SpaceID) {
        let id = key.responsibility(in: space)
        let side = state.flatMap { RowSide($0, record: id, space: space) }
        self.init(
            key: key, row: state, providerPosition: nil, customerPosition: nil,
            negotiation: Negotiation(row: side, providerPosition: nil, customerPosition: nil), rowID: id)
    }
}

extension RowState {
    var phrase: StatusPhrases {
        switch self {
        case .unpublished: .unpublished
        case .open: .open
        case .agreed: .agreed
        case .disputed: .disputed
        case .unsettled: .unsettled
        case .reworded: .reworded
        }
    }
}
