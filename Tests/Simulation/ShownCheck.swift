import BuntanProtocol
import MergeReference
import Merging
import Replica
import Storage
import TestKit

/// Looks whether a replica with changes in its outbox shows what the reference makes of its log and these together.
struct ShownCheck {
    let findings: [String]

    init(_ participant: Participant) throws {
        findings = try participant.store.read { reader in
            let outbox = try reader.outbox(of: nil)
            // What has been parked or refused may not be shown.
            guard outbox.allSatisfy({ $0.list == .pending }) else { return [] }
            var found: [String] = []
            for (space, items) in Dictionary(grouping: outbox, by: \.item.space).sorted(by: { $0.key < $1.key }) {
                // What is shown ahead of a log is compared once that is here.
                guard try reader.standing(of: space) != nil, try reader.lead(of: space) == nil else { continue }
                var model = try ReferenceLog(of: space, in: reader, keys: try reader.spaceKeys(of: [space])).model
                var records: Set<RecordID> = []
                for item in items {
                    var index = 0
                    for edit in item.item.edits {
                        records.insert(edit.record)
                        for op in edit.ops {
                            model.add([
                                LoggedOp(
                                    id: OpID(item.item.change, index), record: edit.record, cell: op.cell,
                                    predecessors: Set(op.predecessors), value: item.item.payload[index] ?? .null, position: .max,
                                    author: -1,
                                    baseSize: .max)
                            ])
                            index += 1
                        }
                    }
                }
                for record in records {
                    let shown = try reader.shown(record, in: space)
                    let heads = Dictionary((shown?.cells ?? []).map { ($0.key, Set($0.heads.map(\.op))) }) { first, _ in first }
                    if heads != model.heads(of: record) {
                        found.append("\(participant.name) shows \(record) otherwise than its log and its outbox give it")
                    }
                }
            }
            return found
        }
    }
}
