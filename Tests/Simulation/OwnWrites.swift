import BuntanProtocol
import Merging
import Storage
import TestKit

/// Looks whether a replica still shows what was written on it, or something that took its place knowingly (P6).
struct OwnWrites {
    let findings: [String]

    init(_ participant: Participant, _ chronicle: Chronicle) throws {
        findings = try participant.store.read { reader in
            let outbox = Dictionary(try reader.outbox(of: nil).map { ($0.item.change, $0.list) }) { first, _ in first }
            func holds(_ change: WrittenChange) throws -> Bool {
                if let list = outbox[change.id] { return list != .rejected }
                return try reader.place(of: change.id, in: change.space) != nil
            }
            var found: [String] = []
            for id in participant.made {
                guard let change = chronicle.written[id], outbox[id] != .rejected else { continue }
                var states: [RecordID: RecordState?] = [:]
                for (op, record, edit, _) in change.ops {
                    if states[record] == nil { states[record] = try reader.shown(record, in: change.space) }
                    if states[record]??[edit.cell]?.heads.contains(where: { $0.op == op }) == true { continue }
                    let wasReplaced = try (chronicle.namedBy[op] ?? []).contains { named in
                        try chronicle.written[named].map { try holds($0) } ?? false
                    }
                    if !wasReplaced { found.append("\(participant.name) no longer shows its own \(edit.cell.field), op \(op)") }
                }
            }
            return found
        }
    }
}
