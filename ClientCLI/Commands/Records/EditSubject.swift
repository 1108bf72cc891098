import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Storage
import Syncing
import Wording

/// The record that a writing command means: where it is, what it is called, and whether this organisation may write it.
struct EditSubject {
    let target: EditTarget
    /// The natural key, written where the record is new.
    let key: [(field: String, value: Value)]
    let title: String
    /// What to type for it.
    let address: String
    let engagement: KnownEngagement?
    /// The service that the command is about.
    var service: SpaceID?

    /// What a new record says unless somebody says otherwise: the service that it is about.
    func presets(beside given: [FieldAssignment]) -> [FieldAssignment] {
        guard target.state == nil, let service else { return [] }
        return target.kind.fields.filter { $0.name == "serviceId" && $0.target == "cloud-service" }
            .filter { field in !given.contains { $0.field == field.name } }
            .map { FieldAssignment(field: $0.name, content: .value(KnownService.record(in: service).uuid)) }
    }

    /// Finds the record of a kind that `edit KIND [ID]` means.
    ///
    /// - Parameter given: what is to be written: it may hold the key of a record that begins.
    static func edited(
        _ kind: Kind, _ typed: String?, given: [FieldAssignment], isShared: Bool = false, _ found: Addresses, _ selector: Selector,
        _ workspace: Workspace,
        _ reader: any StoreReader
    ) throws -> EditSubject {
        let scope = found.scope
        guard let space = scope.writingSpace(for: kind, isShared: isShared) else {
            throw try refusal(kind, typed, found, selector, reader)
        }
        let key: [(field: String, value: Value)]
        let record: RecordID
        if let typed {
            let written: Addressed
            do { written = try found.written(typed) } catch var failure as CommandFailure {
                if kind.name == "responsibility", let making = try beginning(typed, found) { failure.next = making }
                throw failure
            }
            switch written {
            case .row(let row):
                guard kind.key?.starts(with: ["framework", "controlId", "itemKey"]) == true else {
                    throw CommandFailure(.unknownID, ["id": .text(typed)], next: "buntan list \(kind.name)")
                }
                key = row.key.fields + (kind.isKeyedBySide ? [("side", .text(scope.engagement?.side?.name ?? ""))] : [])
                record = RecordID.natural(space: space, kind: kind.name, key: key.map(\.value))
            case .record(let place, let id):
                let here = try reader.shown(id, in: space) == nil ? place : space
                let held = try reader.shown(id, in: here)?.kind
                if held == kind.name {
                    // Who may read a record is decided by where it stands, and it stands there for good.
                    if isShared, scope.visibility(of: here) == .private, here != scope.draft {
                        throw CommandFailure(
                            .sharedAtBeginning, ["record": .text(found.words.index.short(id))], next: "buntan edit \(kind.name) --shared")
                    }
                    return try of(id, in: here, found, workspace, reader)
                }
                // What a side says of a record is found by that record.
                guard let subject = kind.key?.first, kind.key?.dropFirst().allSatisfy({ $0 == "side" }) == true, let held,
                    kind.field(subject)?.target == held
                else {
                    throw CommandFailure(.unknownID, ["id": .text(typed)], next: "buntan list \(kind.name)")
                }
                key = [(subject, .id(id))] + (kind.isKeyedBySide ? [("side", .text(scope.engagement?.side?.name ?? ""))] : [])
                record = RecordID.natural(space: space, kind: kind.name, key: key.map(\.value))
            case .change, .device, .service, .engagement, .invitation:
                throw CommandFailure(.unknownID, ["id": .text(typed)], next: "buntan list \(kind.name)")
            }
        } else if let own = try workspace.ownKey(of: kind, side: scope.engagement?.side, reader) {
            key = own
            record = RecordID.natural(space: space, kind: kind.name, key: own.map(\.value))
        } else if let fields = kind.key {
            key = try fields.map { field in (field, try keyValue(field, kind, given, found)) }
            record = RecordID.natural(space: space, kind: kind.name, key: key.map(\.value))
        } else {
            key = []
            record = workspace.newRecordID()
        }
        let target = try workspace.target(record, kind: kind, in: space, reader)
        let row = kind.key?.contains("controlId") == true ? Self.row(key) : nil
        let title = found.words.title(target.state) ?? row?.shown ?? (target.state == nil ? kind.name : found.words.index.short(record))
        return EditSubject(
            target: target, key: key, title: title, address: row?.pasteable ?? found.words.index.short(record),
            engagement: scope.engagement, service: scope.service)
    }

    /// What begins a row for a further item of a control that there is, where an address names one that there is not.
    private static func beginning(_ typed: String, _ found: Addresses) throws -> String? {
        guard let slash = typed.firstIndex(where: { $0 == "/" || $0 == "／" }),
            case .row(let row)? = try? found.written(String(typed[..<slash]) + "/main")
        else { return nil }
        let item = typed[typed.index(after: slash)...]
        let key = ["framework=\(row.key.framework)", "controlId=\(row.key.controlId)", "itemKey=\(item)"]
        return "buntan edit responsibility " + key.map { "--set " + RetypedFlags.quoted($0) }.joined(separator: " ")
    }

    /// The record that an id or a row names, for commands that take any kind; a row means one's own record about it.
    static func named(
        _ typed: String, _ found: Addresses, _ selector: Selector, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> EditSubject {
        switch try found.written(typed) {
        case .row(let row):
            if let engagement = found.scope.engagement {
                let own = row.key.position(of: try selector.requireParty(of: engagement).seat, in: engagement.space)
                if try reader.shown(own, in: engagement.space) != nil {
                    return try of(own, in: engagement.space, found, workspace, reader)
                }
            }
            // The row itself is its provider's, who works on the draft.
            guard let draft = found.scope.draft else { throw theirs(row) }
            return try of(row.key.responsibility(in: draft), in: draft, found, workspace, reader)
        case .record(let space, let id):
            if space == found.scope.service, let draft = found.scope.draft {
                return try drafted(id, publishedIn: space, draft: draft, found, workspace, reader)
            }
            return try of(id, in: space, found, workspace, reader)
        case .change, .device, .service, .engagement, .invitation:
            throw CommandFailure(.unknownID, ["id": .text(typed)], next: "buntan log")
        }
    }

    /// What an own record that was published is worked on in: it leaves the published space with the next release.
    private static func drafted(
        _ id: RecordID, publishedIn space: SpaceID, draft: SpaceID, _ found: Addresses, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> EditSubject {
        let published = try reader.shown(id, in: space)
        guard let published, let kind = workspace.schema.kind(published.kind) else {
            return try of(id, in: space, found, workspace, reader)
        }
        let drafted = StoredRecord(id: id, shown: published).publishedID(kind, in: draft)
        guard kind.isDrafted, try reader.shown(drafted, in: draft) != nil else {
            throw CommandFailure(.kindNotWritable, ["kind": .text(kind.name)], next: "buntan releases")
        }
        return try of(drafted, in: draft, found, workspace, reader)
    }

    static func of(
        _ id: RecordID, in space: SpaceID, _ found: Addresses, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> EditSubject {
        guard let state = try reader.shown(id, in: space) else {
            throw CommandFailure(.unknownID, ["id": .text(found.words.index.short(id))])
        }
        let title = found.words.title(state) ?? found.words.index.short(id)
        guard let kind = workspace.schema.kind(state.kind) else {
            throw CommandFailure(.unknownKind, ["kind": .text(state.kind)])
        }
        do {
            let target = try workspace.target(id, kind: kind, in: space, reader)
            return EditSubject(
                target: target, key: [], title: title, address: found.words.address(id, state), engagement: found.scope.engagement)
        } catch RecordFault.notOwn(_, _, let owner) {
            if let key = RowKey(state), state.kind == "responsibility" { throw theirs(key) }
            throw CommandFailure(.theirRecord, ["record": .text(title), "owner": .text(found.words.name(owner))])
        }
    }

    private static func theirs(_ row: MatrixRow) -> CommandFailure { theirs(row.key) }

    static func theirs(_ key: RowKey) -> CommandFailure {
        CommandFailure(
            .theirField, ["row": .text(key.shown)], next: "buntan propose \(key.pasteable) --allocation VALUE",
            place: CommandFailure.Place(record: key.shown))
    }

    /// Why this organisation writes no record of the kind here.
    private static func refusal(
        _ kind: Kind, _ typed: String?, _ found: Addresses, _ selector: Selector, _ reader: any StoreReader
    ) throws -> CommandFailure {
        if kind.name == "responsibility", let typed, case .row(let row) = try found.record(typed) { return theirs(row) }
        if kind.spaces == [.engagement], found.scope.engagement == nil { return CommandFailure(.noEngagement) }
        if kind.spaces.contains(.engagement), !kind.spaces.contains(.private), let engagement = found.scope.engagement {
            _ = try selector.requireParty(of: engagement)
        }
        let isPublishedAlone = kind.spaces == [.service]
        if kind.sides == [.provider], !isPublishedAlone, let service = try? selector.service() {
            return CommandFailure(.notProvider, ["service": .text(service.handle)])
        }
        if kind.sides == [.provider], !isPublishedAlone { return CommandFailure(.noService) }
        return CommandFailure(.kindNotWritable, ["kind": .text(kind.name)])
    }

    private static func keyValue(
        _ field: String, _ kind: Kind, _ given: [FieldAssignment], _ found: Addresses
    ) throws -> Value {
        if field == "side", let side = found.scope.engagement?.side { return .text(side.name) }
        let assignment = given.last { $0.field == field }
        guard case .value(let text)? = assignment?.content, !text.isEmpty else {
            if field == "itemKey", given.contains(where: { $0.field == "controlId" }) { return .text(RowKey.mainItem) }
            throw CommandFailure(.idNeeded, ["kind": .text(kind.name)], next: "buntan list \(kind.name)")
        }
        if kind.field(field)?.type == .record, RecordID(uuid: text) == nil, case .record(_, let id) = try found.record(text) {
            return .id(id)
        }
        do {
            return try FieldValue.parse(text, of: kind.field(field) ?? Field(field, .string))
        } catch {
            throw RecordEditFault.badValue(field: field, typed: text, error).failure(record: kind.name, kind: kind.name, address: "")
        }
    }

    private static func row(_ key: [(field: String, value: Value)]) -> RowKey? {
        func part(_ field: String) -> String? { key.first { $0.field == field }?.value.text }
        guard let framework = part("framework"), let control = part("controlId"), let item = part("itemKey") else { return nil }
        return RowKey(framework: framework, controlId: control, itemKey: item)
    }

    /// Turns a fault of the replica into a failure that names the record.
    func failure(_ fault: RecordFault, _ words: RecordWords) -> CommandFailure {
        switch fault {
        case .notOwn(_, _, let owner):
            return CommandFailure(.theirRecord, ["record": .text(title), "owner": .text(words.name(owner))])
        case .changedMeanwhile(_, let cell):
            return CommandFailure(.changedMeanwhile, ["field": .text(cell.shown), "record": .text(title)], next: "buntan show \(address)")
        case .deleted: return CommandFailure(.recordDeleted, ["record": .text(title)], next: "buntan undo")
        case .edit(_, let kind, let fault): return fault.failure(record: title, kind: kind, address: address)
        case .item(let kind, _, let fault): return fault.failure(record: title, kind: kind, address: address)
        case .noItem(let id, _, _):
            return CommandFailure(.unknownID, ["id": .text(words.index.short(id))], next: "buntan show \(address)")
        }
    }
}
