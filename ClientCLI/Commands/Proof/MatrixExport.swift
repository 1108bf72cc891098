import BuntanProtocol
import Interchange
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Syncing
import Wording

/// Writes the matrix and records of a service or an engagement as text, as far as an audience may see them.
struct MatrixExport {
    /// The forms that are one file of text.
    enum Form: String { case json, csv }

    let form: Form
    let audience: Audience
    let file: OutputFile

    func run(_ invocation: Invocation) throws -> CommandExit {
        let source = try ExportSource(for: audience, file, invocation)
        let document = source.document
        let bytes =
            switch form {
            case .json: Array((JSONWriter.text(document.json(source.selector.directory), .indented) + "\n").utf8)
            case .csv: document.table.csv(headers: invocation.language == .ja ? .ja : .en)
            }
        // A table has the rows alone.
        let others = form == .csv ? 0 : source.view.records.count - source.view.rows.count
        return try source.write(
            bytes, as: form.rawValue, rows: source.view.rows.count, records: others, form == .csv ? .writtenTable : .written)
    }
}

/// The service, and the engagement if one is meant, whose contents an audience is shown.
struct DisclosedScope {
    let selection: Selection
    let service: KnownService
    let engagement: KnownEngagement?

    init(_ selection: Selection, _ selector: Selector) throws {
        self.selection = selection
        switch selection {
        case .service(let service): (self.service, engagement) = (service, nil)
        case .engagement(let chosen):
            (service, engagement) = (try selector.service(of: chosen), chosen)
        }
    }

    func view(
        to audience: Audience, _ view: ServiceView, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> DisclosedView {
        try workspace.disclosed(service, engagement, to: audience, view: view, reader)
    }
}

/// An export in the forms it is written in.
struct ExportDocument {
    let scope: DisclosedScope
    let audience: Audience
    let view: DisclosedView
    /// Where the sides of an engagement stand, for those who may see it.
    let states: [MatrixRow]
    /// The day that was asked for; `nil` where none was.
    var asOf: AskedDay?

    /// As the shown state has it: a draft's new name is not for others yet.
    private var serviceName: [String: String] { view.records.first { $0.kind == "cloud-service" }?.state.texts("name") ?? [:] }

    /// The whole of it, without a handle of this store or a time: the same contents are the same bytes.
    func json(_ directory: StoreDirectory) -> JSONValue {
        let seen = audience.seesEngagements ? scope.engagement : nil
        let standings = Dictionary(states.map { ($0.key, $0.negotiation) }) { first, _ in first }
        let fields = RecordFields(omitting: ["framework", "controlId", "itemKey"])
        return .members(
            ("format", "buntan.matrix-export/1"), ("audience", .text(audience.rawValue)), ("asOf", asOf?.json),
            ("service", .members(("id", .text(scope.service.service.hex)), ("name", .texts(serviceName)))),
            ("release", view.release.map { .members(("label", .text($0.label)), ("digest", .text($0.documentDigest.hex))) } ?? .null),
            (
                "engagement",
                seen.map { engagement in
                    let own = Party(engagement.party, engagement.partyName)
                    let theirs = Party(engagement.counterpart, engagement.counterpartName)
                    return .members(
                        ("id", .text(engagement.space.hex)),
                        ("provider", (engagement.seat == .provider ? own : theirs).json),
                        ("customer", (engagement.seat == .customer ? own : theirs).json))
                }
            ),
            (
                "rows",
                .list(
                    view.rows.map { key, record in
                        .members(
                            ("id", .text(record.id.uuid)), ("row", key.json), ("state", standings[key].map { .text($0.state.rawValue) }),
                            ("provider", standings[key]?.provider.json), ("customer", standings[key]?.customer.json),
                            ("fields", fields.json(record.state)))
                    })
            ),
            (
                "records",
                .list(
                    view.records.filter { $0.kind != "responsibility" }.map { record in
                        .members(("id", .text(record.id.uuid)), ("kind", .text(record.kind)), ("fields", RecordFields().json(record.state)))
                    })
            ))
    }

    var table: MatrixTable {
        let standings = Dictionary(states.map { ($0.key, $0.negotiation) }) { first, _ in first }
        return MatrixTable(
            view.rows.map { key, record in
                MatrixTable.Row(
                    key: Interchange.RowKey(framework: key.framework, controlId: key.controlId, itemKey: key.itemKey),
                    cells: record.state.importedCells,
                    standing: standings[key].map {
                        MatrixTable.Standing(
                            provider: $0.provider.text ?? "", customer: $0.customer.text ?? "", state: $0.state.rawValue)
                    })
            })
    }

    private struct Party {
        let organisation: OrganisationID
        let name: [String: String]

        init(_ organisation: OrganisationID, _ name: [String: String]) {
            self.organisation = organisation
            self.name = name
        }

        var json: JSONValue { .members(("fingerprint", .text(organisation.fingerprint)), ("name", .texts(name))) }
    }
}

extension RecordState {
    /// The settled cells as an import compares them.
    var importedCells: [Interchange.CellKey: ImportedValue] {
        var result: [Interchange.CellKey: ImportedValue] = [:]
        for cell in cells where cell.key != .life {
            guard case .settled(let value?, _) = cell.state else { continue }
            var element: String?
            if case .code(let code)? = cell.key.element { element = code }
            let imported: ImportedValue? =
                switch value.value {
                case .null, .bytes: nil
                case .bool(let bool): .bool(bool)
                case .int(let int): .int(Int(int))
                case .text(let text): .text(text)
                }
            if let imported { result[Interchange.CellKey(field: cell.key.field, element: element)] = imported }
        }
        return result
    }
}

extension DisclosedView {
    var heldBackJSON: JSONValue {
        .list(
            heldBack.map { part in
                .members(
                    ("kind", .text(part.kind)), ("field", .text(orNull: part.field)), ("reason", .text(part.reason.rawValue)),
                    ("count", .number(part.count)))
            })
    }

    /// Says what is not shown, and why; nothing where all is.
    func sayHeldBack(_ page: inout Page) {
        guard !heldBack.isEmpty else { return }
        page.say(ProviderPhrases.previewHeldBack)
        for part in heldBack {
            let what = [part.kind, part.field].compactMap { $0 }.joined(separator: ".")
            page.say(
                ExportPhrases.heldBack, ["n": .number(part.count), "what": .text(what), "reason": .word(part.reason.phrase)], indent: 2)
        }
    }
}

extension Audience {
    var phrase: ExportPhrases {
        switch self {
        case .myself: .audienceMyself
        case .counterpart: .audienceCounterpart
        case .everybody: .audiencePublic
        }
    }
}

extension HeldBack {
    var phrase: ExportPhrases {
        switch self {
        case .privateKind: .heldPrivateKind
        case .privateField: .heldPrivateField
        case .betweenParties: .heldBetweenParties
        case .undisclosed: .heldUndisclosed
        case .unknown: .heldUnknown
        }
    }
}
