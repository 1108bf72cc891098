import Agreements
import BuntanProtocol
import Merging
import Records
import Replica
import Rules
import Storage
import Syncing
import Wording

/// What somebody typed into fields that name something else, as the ids and codes that are written: for whatever command takes it.
///
/// What is gone, or never was, is refused where it is typed. A record that refers to it already goes on doing so.
struct TypedReferences {
    /// Why something cannot be named so, with the field in which it was typed.
    struct Fault: Error {
        let field: String
        /// The item of a list, by its kind and its place among those given.
        var item: (kind: String, index: Int)?
        let failure: CommandFailure
    }

    let open: OpenStore
    let selector: Selector

    /// Kinds of which a record may be named before it is here: gaps are computed, services and parties come with their engagement.
    private static let mayCome: Set = ["gap", "cloud-service", "party"]

    init(_ open: OpenStore, _ selector: Selector) { (self.open, self.selector) = (open, selector) }

    private var invocation: Invocation { open.invocation }

    /// Rows and short ids where a field refers to a record, as full ids; those of an agreement whose document a field names, as its digest.
    ///
    /// - Parameter state: the record that is written, as it stands.
    func resolved(
        _ assignments: [FieldAssignment], of kind: Kind, on state: RecordState?, _ found: Addresses, _ reader: any StoreReader
    ) throws -> [FieldAssignment] {
        let isOfOther = try Self.isOfOtherCatalogue(assignments, kind, state)
        return try assignments.map { assignment in
            guard let field = kind.field(assignment.field) else { return assignment }
            var isTaken = false
            if case .removing = assignment.content { isTaken = true }
            do {
                return try assignment.mapped(isList: field.merge == .set) { text in
                    let id = try resolved(text, for: field, of: kind, found, reader)
                    if !id.isEmpty, !isTaken, !Self.holds(id, field, state) {
                        try requirePresent(id, typed: text, field, kind, isOfOther: isOfOther, found, reader)
                    }
                    return id
                }
            } catch let failure as CommandFailure { throw Fault(field: field.name, failure: failure) }
        }
    }

    /// One value, or one member of a set.
    func resolved(_ text: String, for field: Field, of kind: Kind, _ found: Addresses, _ reader: any StoreReader) throws -> String {
        if case .enumeration = field.type { return CodeLabels.typed(text, for: field, in: kind.name) }
        if field.typing == .kind { return CodeLabels.typed(text, for: field, in: kind.name) }
        if field.type == .digest, field.target == "agreement" { return try digest(ofAgreement: text, found, reader) }
        guard field.type == .record, !text.isEmpty else { return text }
        if let named = RecordID(uuid: text) {
            // What is not here cannot be looked at: it may come, or be computed.
            let held = try found.scope.spaces.lazy.compactMap { try reader.shown(named, in: $0)?.kind }.first
            if let held { try require(held, for: field, text) }
            return text
        }
        let named: Addressed
        do { named = try found.record(text) } catch let failure as CommandFailure where failure.code == ErrorPhrases.unknownID.code {
            var refused = refusal(text, field, kind, .unknownRecord(text))
            refused.candidates = failure.candidates
            throw refused
        }
        switch named {
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

    /// Refuses a record that was deleted wherever it stood, one that nothing here has where none of its kind could come later, and a
    /// control of no edition.
    private func requirePresent(
        _ id: String, typed: String, _ field: Field, _ kind: Kind, isOfOther: Bool, _ found: Addresses, _ reader: any StoreReader
    ) throws {
        if Self.namesControls(field), !isOfOther {
            guard try !Self.isControl(id) else { return }
            throw refusal(typed, field, kind, .unknownControl(typed))
        }
        guard field.type == .record, let record = RecordID(uuid: id), let target = field.target else { return }
        let states = try (found.words.index.records[record] ?? []).compactMap { try reader.shown(record, in: $0.space) }
        if states.contains(where: { $0.standing != .deleted }) { return }
        if !states.isEmpty { throw refusal(typed, field, kind, .deletedRecord(typed)) }
        if !Self.mayCome.contains(target) { throw refusal(typed, field, kind, .unknownRecord(typed)) }
    }

    private func refusal(_ typed: String, _ field: Field, _ kind: Kind, _ fault: FieldFault) -> CommandFailure {
        CommandFailure(
            .invalidFieldValue,
            ["value": .text(typed), "field": .text(field.name), "record": .text(kind.name), "reason": fault.reason],
            next: field.target.map { "buntan list \($0)" }, place: CommandFailure.Place(record: kind.name, field: field.name))
    }

    /// Whether the record says so already: what stood before it went is left as it is.
    private static func holds(_ text: String, _ field: Field, _ state: RecordState?) -> Bool {
        let id = RecordID(uuid: text).map(\.bytes)
        return (state?.cells(of: field.name) ?? []).contains { cell in
            guard let value = cell.state.filled?.value else { return false }
            switch cell.key.element {
            case .id(let bytes)?: return bytes == id && value == .bool(true)
            case .code(let code)?: return code == text && value == .bool(true)
            case nil: return value.text == text || (id != nil && value.bytes == id)
            }
        }
    }

    private static func namesControls(_ field: Field) -> Bool {
        let name = field.name.lowercased()
        return name.hasSuffix("controlid") || name.hasSuffix("controlids")
    }

    /// Whether a record is about a control of a catalogue that is not shipped: its controls are its own.
    private static func isOfOtherCatalogue(_ assignments: [FieldAssignment], _ kind: Kind, _ state: RecordState?) throws -> Bool {
        guard kind.field("framework") != nil else { return false }
        var framework = state?.text("framework")
        for assignment in assignments where assignment.field == "framework" {
            if case .value(let text) = assignment.content { framework = text }
        }
        let catalogue = try Catalogue.iso27017()
        return framework.map { !catalogue.isNamed($0) } ?? true
    }

    /// Whether any edition has a control of this id.
    private static func isControl(_ text: String) throws -> Bool {
        let catalogue = try Catalogue.iso27017()
        return catalogue.control(text) != nil || catalogue.controls.contains { $0.numbers.contains { $0.ids.contains(text) } }
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

extension TypedRecord {
    /// Where something is named that cannot be.
    func place(of fault: TypedReferences.Fault) -> RecordForm.Mistake {
        let reason = fault.failure.lineReason
        guard let (kind, index) = fault.item, let items = lists.first(where: { $0.kind.name == kind })?.items, index < items.count else {
            return RecordForm.Mistake(line: lines[fault.field] ?? 1, field: fault.field, reason: reason)
        }
        return RecordForm.Mistake(line: items[index].lines[fault.field] ?? items[index].line, field: fault.field, reason: reason)
    }
}

extension FieldAssignment {
    /// The same with every value, or every member of a list, as something makes of it. A comma parts the members of a list alone: in a
    /// text it stands as it was typed.
    fileprivate func mapped(isList: Bool, _ transform: (String) throws -> String) rethrows -> FieldAssignment {
        let content: Content =
            switch content {
            case .value(let text): .value(isList ? try Self.list(text).map(transform).joined(separator: ",") : try transform(text))
            case .members(let texts): .members(try texts.map(transform))
            case .adding(let texts): .adding(try texts.map(transform))
            case .removing(let texts): .removing(try texts.map(transform))
            }
        return FieldAssignment(field: field, element: element, content: content)
    }
}
