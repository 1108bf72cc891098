import BuntanProtocol
import ChangeLog
import Merging
import Records
import Replica
import Storage
import TestKit

extension SchemaRegistry {
    /// What the program after this one knows: a further field of a kind that there is, in the open and sealed, and another kind.
    static let next: SchemaRegistry = {
        let version = current.version + 1
        let kinds = current.kinds.map { kind in
            let more: [Field] =
                switch kind.name {
                case "responsibility-position": [Field("weight", .int, since: version)]
                case "annotation": [Field("reviewer", .string, since: version)]
                default: []
                }
            return Kind(kind.name, sides: kind.sides, spaces: kind.spaces, key: kind.key, since: kind.since, fields: kind.fields + more)
        }
        let review = Kind(
            "review", sides: [.provider, .customer], spaces: [.engagement], key: nil, since: version,
            fields: [Field("row", .record, .writeOnce, required: true), Field("verdict", .string)])
        return SchemaRegistry(version: version, kinds: kinds + [review])
    }()
}

/// Programs of two versions beside one another.
extension SimulatedRun {
    func upgrade(_ participant: Participant) throws {
        guard isOld(participant) else { return }
        note(.upgraded, participant.name)
        participant.upgrade(to: .next)
        try watch(participant)
    }

    /// Whether there is a later program than a participant's.
    func isOld(_ participant: Participant) -> Bool { participant.schema.version < server.schema.version }

    /// Now and then, what only the later program can say; `nil` for everybody else.
    func later(for author: Participant) throws -> TypedWrite? {
        guard author.schema.version > SchemaRegistry.current.version, below(3) == 0 else { return nil }
        let engagement =
            author.firm.isCustomer
            ? world.engagements[author.firm] : world.providerEngagements.sorted { $0.key < $1.key }.randomElement(using: &draw)?.value
        guard let engagement, let home = world.homes[author.firm] else { return nil }
        let word = "\(author.firm.mark) \(below(3))"
        let (kind, field, value, space) =
            switch below(3) {
            case 0: ("annotation", "reviewer", Value.text(word), home)
            case 1: ("responsibility-position", "weight", Value.int(Int64(below(5))), engagement.space)
            default: ("review", "verdict", Value.text(word), engagement.space)
            }
        return try author.store.read { reader in
            guard try reader.standing(of: space) != nil else { return nil }
            let own = try reader.records(of: kind, in: space, after: nil, limit: 6).filter {
                $0.shown.creator == world.organisations[author.firm] && $0.shown.isAlive
            }
            guard kind == "review", below(2) == 0 || own.isEmpty else {
                return own.randomElement(using: &draw).map {
                    .drafts([RecordDraft(record: $0.id, kind: kind, cells: [CellKey(field): value])], space)
                }
            }
            let row = RowKey(framework: "iso27017-2015", controlId: FoundedWorld.controls[0]).responsibility(in: engagement.service)
            let id = RecordID.timeOrdered(millis: author.clock.now(), random: draw.nonce())
            return .drafts([RecordDraft(record: id, kind: kind, cells: [CellKey("row"): .id(row), CellKey(field): value])], space)
        }
    }
}
