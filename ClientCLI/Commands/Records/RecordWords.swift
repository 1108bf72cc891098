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

extension Selector {
    /// What is meant, or nothing where the store holds no service yet: the organisation's own records need none.
    func eitherOrNone() throws -> Selection? {
        let isAsked = invocation.options.engagement != nil || invocation.options.service != nil
        if directory.services.isEmpty, directory.engagements.isEmpty, !isAsked { return nil }
        return try either()
    }

    /// The spaces of what is meant, and the organisation's own.
    func scope(_ selection: Selection?, _ reader: any StoreReader) throws -> RecordScope {
        let home = try directory.home(reader)
        switch selection {
        case nil: return RecordScope(home: home, service: nil, engagement: nil)
        case .service(let service)?: return RecordScope(home: home, service: service, engagement: nil)
        case .engagement(let engagement)?:
            return RecordScope(
                home: home, service: directory.service(of: engagement), engagement: engagement)
        }
    }
}

/// What people call records, changes, devices and organisations of one store.
struct RecordWords {
    let index: StoreIndex
    let directory: StoreDirectory
    let language: String
    let schema: SchemaRegistry
    /// What the gaps are called that there are now, for a page that shows what was done about them; `nil` where nobody has computed them.
    var gaps: [RecordID: BilingualText]?

    init(_ selector: Selector, _ reader: any StoreReader, schema: SchemaRegistry = .current) throws {
        index = try StoreIndex(reader)
        directory = selector.directory
        language = selector.invocation.language.rawValue
        self.schema = schema
    }

    /// The fields by which people call a record, the first that is filled.
    static let names = [
        "label", "name", "legalName", "upstreamName", "title", "serviceName", "roleName", "dataSetName", "lawName", "assetName",
        "personName", "functionName",
    ]

    /// The row a record is about, or its own name; `nil` for one that has only its id.
    func title(_ state: RecordState?) -> String? {
        guard let state else { return nil }
        if let key = RowKey(state) { return key.shown }
        if let pair = ControlPair(state) { return pair.shown }
        for field in Self.names {
            if let text = state.texts(field).spoken(language) ?? state.text(field), !text.isEmpty { return text }
        }
        return nil
    }

    /// What to type for a record: its row, or its short id.
    func address(_ record: RecordID, _ state: RecordState?) -> String {
        state.flatMap { RowKey($0) }?.pasteable ?? index.short(record)
    }

    /// What people call a record: its row or name, else its short id.
    func name(of record: RecordID, _ reader: any StoreReader) throws -> String {
        // A service is known by its name before anything of it is published.
        if let service = directory.services.first(where: { KnownService.record(in: $0.service) == record }) {
            return service.name.spoken(language) ?? service.handle
        }
        let place = index.records[record]?.first
        return title(try place.flatMap { try reader.shown(record, in: $0.space) }) ?? index.short(record)
    }

    /// What a gap is called that a field names: nobody need have written a record of it, and so no id finds it. `nil` for what has one.
    func gap(_ record: RecordID?, of field: Field?) -> String? {
        guard let record, field?.target == "gap", index.records[record] == nil else { return nil }
        let language = Language(rawValue: language) ?? .en
        guard let gaps else { return CodeLabels.field(nil, of: "gap", language) }
        return gaps[record]?.text(in: language) ?? GapPhrases.gone.text(in: language)
    }

    /// What people read in place of a value that is an id, a document or a signature; `nil` where the value speaks for itself.
    func spoken(_ value: EncodedValue?, _ field: Field?, _ reader: any StoreReader) throws -> String? {
        guard let value = value?.value else { return nil }
        switch field?.type {
        case .record: return try value.bytes.flatMap { RecordID($0) }.map { try gap($0, of: field) ?? name(of: $0, reader) }
        case .organisation: return value.bytes.flatMap { OrganisationID($0) }.map { name($0) }
        // A document of some megabytes is for `agree --print` and `export`.
        case .document: return value.text.map { "SHA-256 " + SHA.digest(Array($0.utf8)).hex }
        case .signature: return value.bytes.map { String(Hexadecimal.text($0).prefix(16)) + "…" }
        default: return nil
        }
    }

    func name(_ organisation: OrganisationID?) -> String {
        guard let organisation else { return "-" }
        return directory.name(of: organisation).spoken(language) ?? organisation.shown
    }

    /// That several values stand in a field: whoever wrote them chooses, and nobody else can.
    func several(of creator: OrganisationID?, in language: Language) -> String {
        guard let creator, creator != directory.identity.organisation else { return RowPhrases.severalHeads.text(in: language) }
        return RowPhrases.theirSeveralHeads.text(in: language, ["organisation": .text(name(creator))])
    }

    /// A value as it can be typed again; texts in quotes where they stand among other words.
    func value(_ value: EncodedValue?, _ field: Field?, in kind: String? = nil, quoted: Bool = true) -> String? {
        guard let value, !value.isNull else { return nil }
        let text = CodeLabels.printed(value.value, of: field, in: kind, Language(rawValue: language) ?? .en)
        return quoted && (field?.type == .text || field?.type == .string) ? "\"\(text)\"" : text
    }

    func json(_ value: EncodedValue?, _ field: Field?) -> JSONValue {
        switch value?.value {
        case nil: .members(("unknown", "erased"))
        case .null?: .null
        case .bool(let bool)?: .bool(bool)
        case .int(let int)?: .integer(int)
        case .text(let text)?: .text(text)
        case .bytes(let bytes)?: .text(FieldValue.print(.bytes(bytes), as: field?.type ?? .digest))
        }
    }
}

extension OrganisationID {
    /// The beginning of its fingerprint, where no name is known.
    var shown: String { String(fingerprint.prefix(9)) }
}

extension Date {
    /// A time as changes carry it.
    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}

/// Two controls of different frameworks that a mapping joins, by the fields that are its key.
private struct ControlPair {
    let shown: String

    init?(_ state: RecordState) {
        guard let source = Self.control(state, "source"), let target = Self.control(state, "target") else { return nil }
        shown = "\(source) → \(target)"
    }

    private static func control(_ state: RecordState, _ end: String) -> String? {
        guard let framework = state.text("\(end)Framework"), let control = state.text("\(end)Control") else { return nil }
        return "\(framework):\(control)"
    }
}
