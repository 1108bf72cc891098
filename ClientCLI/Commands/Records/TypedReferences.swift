import Agreements
import BuntanProtocol
import Merging
import Records
import Replica
import Storage
import Syncing
import Wording

/// What somebody typed into fields that name something else, as the ids and codes that are written: for whatever command takes it.
struct TypedReferences {
    let open: OpenStore
    let selector: Selector

    init(_ open: OpenStore, _ selector: Selector) { (self.open, self.selector) = (open, selector) }

    private var invocation: Invocation { open.invocation }

    /// Rows and short ids where a field refers to a record, as full ids; those of an agreement whose document a field names, as its digest.
    func resolved(
        _ assignments: [FieldAssignment], of kind: Kind, _ found: Addresses, _ reader: any StoreReader
    ) throws -> [FieldAssignment] {
        try assignments.map { assignment in
            guard let field = kind.field(assignment.field) else { return assignment }
            return try assignment.mapped { try resolved($0, for: field, of: kind, found, reader) }
        }
    }

    /// One value, or one member of a set.
    func resolved(_ text: String, for field: Field, of kind: Kind, _ found: Addresses, _ reader: any StoreReader) throws -> String {
        if case .enumeration = field.type { return CodeLabels.typed(text, for: field, in: kind.name) }
        if field.type == .digest, field.target == "agreement" { return try digest(ofAgreement: text, found, reader) }
        guard field.type == .record, !text.isEmpty else { return text }
        if let named = RecordID(uuid: text) {
            // What is not here cannot be looked at: it may come, or be computed.
            let held = try found.scope.spaces.lazy.compactMap { try reader.shown(named, in: $0)?.kind }.first
            if let held { try require(held, for: field, text) }
            return text
        }
        switch try found.record(text) {
        case .row(let row):
            try require("responsibility", for: field, text)
            return row.rowID.uuid
        case .record(let space, let record):
            if let held = try reader.shown(record, in: space)?.kind { try require(held, for: field, text) }
            return record.uuid
        // Whoever holds the service finds it again by the record that says what it is.
        case .service(let service) where field.target == "cloud-service": return KnownService.record(in: service.service).uuid
        case .engagement(let engagement) where field.target == "cloud-service":
            return KnownService.record(in: engagement.service).uuid
        case .change, .device, .service, .engagement, .invitation: return text
        }
    }

    /// Refuses a reference to a record of another kind than the field names.
    private func require(_ kind: String, for field: Field, _ typed: String) throws {
        guard let target = field.target, target != kind else { return }
        let language = invocation.language
        throw CommandFailure(
            .otherKind,
            [
                "field": .text(field.name), "id": .text(typed), "kind": .text(CodeLabels.field(nil, of: kind, language)),
                "target": .text(CodeLabels.field(nil, of: target, language)),
            ], next: "buntan list \(target)")
    }

    /// What both parties of an agreement signed, by the agreement's id; a digest is one already, and what is neither stays as it was typed.
    private func digest(ofAgreement typed: String, _ found: Addresses, _ reader: any StoreReader) throws -> String {
        guard typed.utf8.count < 64, ShortID.isShortID(typed) || RecordID(uuid: typed) != nil,
            case .record(let space, let id) = try found.record(typed),
            let engagement = selector.directory.engagements.first(where: { $0.space == space })
        else { return typed }
        let known = try open.reading.agreements(of: engagement, day: { invocation.day(in: $0) }, reader).first { $0.id == id }
        return known.flatMap { $0.content.isWhole ? $0.content.digest.hex : nil } ?? typed
    }
}

extension FieldAssignment {
    /// The same with every value, or every member of a list, as something makes of it.
    fileprivate func mapped(_ transform: (String) throws -> String) rethrows -> FieldAssignment {
        let content: Content =
            switch content {
            case .value(let text): .value(try Self.list(text).map(transform).joined(separator: ","))
            case .members(let texts): .members(try texts.map(transform))
            case .adding(let texts): .adding(try texts.map(transform))
            case .removing(let texts): .removing(try texts.map(transform))
            }
        return FieldAssignment(field: field, element: element, content: content)
    }
}
