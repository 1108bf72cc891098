import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Rules
import Storage
import Wording

// Records beside the rows: what is offered and required, where data lie, and the organisation's own.

extension ReportBuilder {
    /// A record with the items of its lists.
    private struct Whole {
        let view: RecordView
        let items: [(list: String, views: [RecordView])]
    }

    /// What is offered and required of a service, and what follows from the law: kinds in the order in which they are told.
    private static let kindsOfService = [
        "cloud-service", "service-dependency", "shared-role", "jurisdiction", "jurisdiction-position", "jurisdiction-policy",
        "backup-specification", "backup-requirement", "monitoring-capability", "monitoring-requirement", "logging-capability",
        "access-capability", "crypto-capability", "service-capability", "security-requirement", "supplementary-measure", "verification",
        "gap", "incident-procedure", "incident-procedure-position", "asset-removal", "asset-removal-position", "change-notice",
        "change-notice-position", "information-request", "information-request-answer", "evidence",
    ]

    /// Kinds of the organisation that other sections tell of, or that say nothing to a reader.
    private static let elsewhere: Set<String> = [
        "party", "contact-point", "device", "known-organisation", "annotation", "soa", "soa-entry", "responsibility", "release",
        "release-withdrawal", "framework-control", "control-mapping", "kept-document", "import-run",
    ]

    /// What else the two sides of a service tell one another and no other section tells of.
    private var otherKindsOfService: [String] {
        let told: Set = [
            "responsibility-position", "comment", "engagement", "agreement", "agreement-signature", "agreement-end", "handover",
        ]
        let elsewhere = Self.elsewhere.subtracting(["contact-point"]).union(told).union(Self.kindsOfService)
        return words.schema.kinds.filter { kind in
            kind.list == nil && !kind.spaces.isDisjoint(with: [.service, .engagement]) && !elsewhere.contains(kind.name)
        }.map(\.name)
    }

    func records() throws -> ReportDocument.Section {
        let kinds: [String] =
            selection != nil
            ? Self.kindsOfService + otherKindsOfService
            : words.schema.kinds.filter { $0.list == nil && $0.spaces.contains(.private) && !Self.elsewhere.contains($0.name) }.map(\.name)
        let tables = try kinds.map { kind in
            let rows = try wholes(of: kind).map(row)
            return ReportDocument.Table(
                name: "records", caption: heading(kind: kind), detail: say(.counted, ["n": .number(rows.count)]), form: .stacked,
                columns: [column(.headRecord, .name), column(.headWhose, .mark), column(.headContents, .text)], rows: rows, isFolded: true)
        }
        return ReportDocument.Section(name: .records, title: say(.sectionRecords), tables: tables, none: say(.noRecords))
    }

    /// A record that is published with the service: what it is called and what it says.
    struct ToldRecord {
        let kind: String
        let title: String
        let contents: [ReportDocument.Run]
    }

    /// The records of a kind that stand beside the rows, not those of one's own.
    func records(of kind: String) throws -> [ToldRecord] {
        let spaces = Set([scope.service, scope.draft].compactMap { $0 })
        return try wholes(of: kind).filter { spaces.contains($0.view.space) }.map { whole in
            ToldRecord(kind: kind, title: title(of: whole.view), contents: try contents(of: whole))
        }
    }

    private func title(of view: RecordView) -> String { view.title == view.short ? say(.untitled) : view.title }

    private func contents(of whole: Whole) throws -> [ReportDocument.Run] {
        var contents = try runs(of: whole.view)
        for (list, items) in whole.items {
            if !contents.isEmpty { contents.append(.next) }
            contents.append(.label(heading(field: list, of: whole.view.state.kind)))
            for item in items { contents += [.next, .faint("•")] + (try runs(of: item, isLine: true)) }
        }
        return contents
    }

    private func row(_ whole: Whole) throws -> ReportDocument.Row {
        let view = whole.view
        let isPrivate = isForMyself && view.isPrivate
        var owner: [ReportDocument.Run] = [.typed(words.name(view.state.creator))]
        if isPrivate { owner += [.next, .faint(say(.markPrivate))] }
        let contents = try contents(of: whole)
        let title = title(of: view)
        return ReportDocument.Row(
            cells: [[.typed(title), .next, .code(view.short)], owner, contents],
            value: .members(
                ("id", .text(view.id.uuid)), ("kind", .text(view.state.kind)), ("owner", .text(view.state.creator.fingerprint)),
                ("private", .bool(isPrivate)), ("fields", RecordFields(schema: words.schema).json(view.state)),
                (
                    "lists",
                    .object(
                        whole.items.map { list, items in
                            JSONValue.Member(
                                list,
                                .list(
                                    items.map { RecordFields(omitting: [Kind.parentField], schema: words.schema).json($0.state) }))
                        })
                )))
    }

    /// The records of a kind that whoever reads this may see, each with its lists: of the service that is meant, or of all.
    private func wholes(of name: String) throws -> [Whole] {
        guard let kind = words.schema.kind(name) else { return [] }
        let services = Set([scope.service, scope.draft].compactMap { $0 }.map { KnownService.record(in: $0) })
        return try stored(of: kind).filter { _, stored in
            guard let about = stored.shown.value("serviceId")?.bytes.flatMap({ RecordID($0) }), !services.isEmpty else { return true }
            return services.contains(about)
        }.map { space, stored in
            let items = try words.schema.lists(of: name).compactMap { list -> (String, [RecordView])? in
                guard let listName = list.list?.name else { return nil }
                let items = try self.items(of: stored.id, kind: list, in: space)
                return items.isEmpty ? nil : (listName, try items.map { try self.view(of: $0, in: space) })
            }
            return Whole(view: try view(of: stored, in: space), items: items)
        }
    }

    private func view(of stored: StoredRecord, in space: SpaceID) throws -> RecordView {
        try RecordView(stored, in: space, scope, words, withHistory: false, reader)
    }

    private func stored(of kind: Kind) throws -> [(SpaceID, StoredRecord)] {
        if let view, !isForMyself {
            return view.records.filter { $0.kind == kind.name }.map { ($0.space, StoredRecord(id: $0.id, shown: $0.state)) }
        }
        return try scope.spaces(for: kind, named: kind.name).flatMap { space in
            try reader.records(of: kind.name, in: space, after: nil, limit: .max).filter { $0.shown.standing != .deleted }
                .map { (space, $0) }
        }
    }

    private func items(of record: RecordID, kind: Kind, in space: SpaceID) throws -> [StoredRecord] {
        guard let view, !isForMyself else { return try reader.items(of: record, kind: kind, in: space) }
        return view.records.filter { $0.kind == kind.name }.map { StoredRecord(id: $0.id, shown: $0.state) }.filter { $0.parent == record }
    }

    // MARK: fields

    /// The fields that hold something, a line each or one behind the other.
    private func runs(of view: RecordView, isLine: Bool = false) throws -> [ReportDocument.Run] {
        var runs: [ReportDocument.Run] = []
        for field in view.kind?.fields ?? [] where field.name != Kind.parentField && !field.isComputed {
            guard let text = try run(of: field, view) else { continue }
            if !runs.isEmpty, !isLine { runs.append(.next) }
            runs += [.label(heading(field: field.name, of: view.state.kind)), text]
        }
        return runs
    }

    private func run(of field: Field, _ view: RecordView) throws -> ReportDocument.Run? {
        let cells = view.state.cells(of: field.name)
        let kind = view.state.kind
        guard !cells.isEmpty else { return nil }
        if cells.contains(where: \.isConflicted) { return .mark(words.several(of: view.state.creator, in: language), .bad) }
        if cells.contains(where: \.isErased) { return .faint(RowPhrases.erasedValue.text(in: language)) }
        switch field.merge {
        case .languages: return spoken(view.state.texts(field.name))
        case .set:
            let members = try cells.compactMap { cell -> String? in
                guard cell.state.filled?.isTrue == true, let element = cell.key.element else { return nil }
                if case .id(let bytes) = element, let record = RecordID(bytes), field.type == .record { return try title(of: record) }
                return code(FieldValue.print(element, of: field), of: field.name, in: kind)
            }
            return members.isEmpty ? nil : .typed(members.joined(separator: language == .ja ? "、" : ", "))
        case .register, .writeOnce:
            guard let value = cells.first?.state.filled else { return nil }
            switch field.type {
            case .record: return try value.value.bytes.flatMap { RecordID($0) }.map { .typed(try title(of: $0)) }
            case .organisation: return value.value.bytes.flatMap { OrganisationID($0) }.map { .typed(name(of: $0)) }
            case .enumeration: return value.value.text.map { .words(code($0, of: field.name, in: kind)) }
            case .bool: return .words(code(value.isTrue ? "yes" : "no", of: nil))
            case .digest, .signature, .space, .device, .document: return nil
            default: return words.value(value, field, in: kind, quoted: false).map { .typed($0) }
            }
        }
    }

    /// What an organisation is called. Others are told the names of those who take part in what they read, and the fingerprint of any other.
    private func name(of organisation: OrganisationID) -> String {
        let parties = engagement.map { [$0.party, $0.counterpart] } ?? []
        let isKnown = isForMyself || organisation == words.directory.identity.organisation || parties.contains(organisation)
        return isKnown ? words.name(organisation) : organisation.shown
    }

    /// What a record is called that another one names. Others are told only of what they can read, and not by a name of one's own.
    func title(of record: RecordID) throws -> String {
        guard !isForMyself else { return try words.name(of: record, reader) }
        for space in try spaces() {
            if let title = words.title(try reader.shown(record, in: space)) { return title }
        }
        return words.index.short(record)
    }

    // MARK: statement of applicability

    /// The statements of applicability of the service, or of all services, by control; `nil` where there is none.
    func applicability() throws -> ReportDocument.Section? {
        let statements = try wholes(of: "soa")
        guard !statements.isEmpty else { return nil }
        let entries = try wholes(of: "soa-entry")
        let catalogue = try Catalogue.iso27017()
        let tables = try statements.map { statement in
            let own = entries.filter { $0.view.state.value("soaId")?.bytes.flatMap { RecordID($0) } == statement.view.id }
            let sorted = RowKey.sorted(own) { RowKey(framework: "", controlId: $0.view.state.text("controlId") ?? "") }
            let approval = try StatementApproval(
                of: statement.view.state, deciding: own.map(\.view.state), today: day, reader)
            return ReportDocument.Table(
                name: "entries", caption: statement.view.title,
                detail: starred(
                    say(.counted, ["n": .number(sorted.count)]) + (language == .ja ? "、" : "; ") + approval.text(language),
                    sorted.compactMap { catalogue.control($0.view.state.text("controlId") ?? "") }), form: .stacked,
                columns: [
                    column(.headControl, .name), column(.headAdopted, .mark), column(.headProvider, .mark), column(.headCustomer, .mark),
                    column(.headReasons, .text),
                ], rows: try sorted.map { try entry($0.view, of: statement.view, catalogue) }, isFolded: true)
        }
        return ReportDocument.Section(
            name: .applicability, title: say(.sectionApplicability), tables: tables, none: say(.noRecords), isPrivate: true)
    }

    private func entry(_ view: RecordView, of statement: RecordView, _ catalogue: Catalogue) throws -> ReportDocument.Row {
        let id = view.state.text("controlId") ?? "–"
        var title: [ReportDocument.Run] = [.typed(id)]
        if let control = catalogue.control(id) {
            title += [.next, .faint(control.listedTitle(language))]
            if let numbers = ControlView(control: control, catalogue: catalogue).numbers(in: language) {
                title += [.next, .faint(numbers)]
            }
        }
        var cells = [title]
        for name in ["adopted27001", "adoptedProvider", "adoptedCustomer"] {
            cells.append([try view.kind?.field(name).flatMap { try run(of: $0, view) } ?? .faint("–")])
        }
        var rest: [ReportDocument.Run] = []
        let shown: Set<String> = ["soaId", "controlId", "adopted27001", "adoptedProvider", "adoptedCustomer"]
        for field in view.kind?.fields ?? [] where !shown.contains(field.name) {
            guard let run = try run(of: field, view) else { continue }
            if !rest.isEmpty { rest.append(.next) }
            rest += [.label(heading(field: field.name, of: view.state.kind)), run]
        }
        return ReportDocument.Row(
            cells: cells + [rest],
            value: .members(
                ("id", .text(view.id.uuid)), ("statement", .text(statement.id.uuid)), ("controlId", .text(id)),
                ("fields", RecordFields(omitting: ["soaId", "controlId"], schema: words.schema).json(view.state))))
    }
}
