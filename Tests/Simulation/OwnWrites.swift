import BuntanProtocol
import Merging
import Storage
import TestKit

/// Looks whether a replica still holds and shows what was written on it, or something that took its place knowingly (P6).
///
/// What it holds is read from its log, entry by entry, and from what waits in its outbox.
struct OwnWrites {
    let findings: [String]

    init(_ participant: Participant, _ chronicle: Chronicle) throws {
        findings = try participant.store.read { reader in
            let outbox = Dictionary(try reader.outbox(of: nil).map { ($0.item.change, $0.list) }) { first, _ in first }
            let orphans = Set(try reader.orphans(of: nil).compactMap(\.item.change))
            func holds(_ change: WrittenChange) -> Bool {
                if orphans.contains(change.id) { return true }
                if let list = outbox[change.id] { return list != .rejected }
                return participant.seen.changes.contains(change.id)
            }
            var found: [String] = []
            for id in participant.made {
                // What took its place may stand in what is shown and not be here yet.
                guard let change = chronicle.written[id], try reader.lead(of: change.space) == nil, outbox[id] != .rejected,
                    !orphans.contains(id), !chronicle.isDoomed(id)
                else {
                    continue
                }
                guard holds(change) else {
                    found.append("\(participant.name) has its own \(id) neither in its log nor in its outbox")
                    continue
                }
                var states: [RecordID: RecordState?] = [:]
                for (op, record, edit, _) in change.ops {
                    if states[record] == nil { states[record] = try reader.shown(record, in: change.space) }
                    if states[record]??[edit.cell]?.heads.contains(where: { $0.op == op }) == true { continue }
                    let wasReplaced = (chronicle.namedBy[op] ?? []).contains { named in chronicle.written[named].map(holds) ?? false }
                    if !wasReplaced { found.append("\(participant.name) no longer shows its own \(edit.cell.field), op \(op)") }
                }
            }
            return found
        }
    }
}
