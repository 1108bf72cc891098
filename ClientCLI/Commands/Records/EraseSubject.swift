import BuntanProtocol
import Merging
import Records
import Replica
import Storage
import Wording

extension EditSubject {
    /// The record whose field an erasure means. A row stands for whichever of one's own records about it has held the field:
    /// the position in the engagement, or what a provider drafts and publishes.
    static func erased(
        _ typed: String, field: String, _ found: Addresses, _ selector: Selector, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> EditSubject {
        guard case .row(let row) = try found.written(typed) else { return try named(typed, found, selector, workspace, reader) }
        var records: [(space: SpaceID, record: RecordID)] = []
        if let engagement = found.scope.engagement {
            let own = row.key.position(of: try selector.requireParty(of: engagement).seat, in: engagement.space)
            records.append((engagement.space, own))
        }
        let draft = found.scope.draft ?? selector.directory.services.first { $0.service == found.scope.service }?.draft
        if let draft { records.append((draft, row.key.responsibility(in: draft))) }
        let held = try records.filter { try reader.shown($0.record, in: $0.space) != nil }
        func has(_ place: (space: SpaceID, record: RecordID)) throws -> Bool {
            guard let kind = try reader.shown(place.record, in: place.space).flatMap({ workspace.schema.kind($0.kind) }),
                let cell = EraseCommand.cell(field, of: kind)
            else { return false }
            return try !reader.standingOps(on: cell.field, element: cell.element, of: place.record, in: place.space).isEmpty
        }
        guard let place = try held.first(where: has) ?? held.first else {
            return try named(typed, found, selector, workspace, reader)
        }
        return try of(place.record, in: place.space, found, workspace, reader)
    }
}

extension Selector {
    /// What an erasure works on; where nothing is chosen, the only service of this organisation's own.
    func erasing(_ typed: String, _ reader: any StoreReader) throws -> Selection? {
        do { return try eitherOrNone(holding: [typed], reader) } catch let failure as CommandFailure
            where failure.code == ErrorPhrases.noCurrent.code
        {
            let own = directory.services.filter(\.isOwn)
            guard own.count == 1 else { throw failure }
            return .service(own[0])
        }
    }
}
