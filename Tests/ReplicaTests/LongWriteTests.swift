import BuntanProtocol
import Merging
import Records
import Replica
import Storage
import TestKit
import Testing

@Suite("Writes that are too large for one change")
struct LongWriteTests {
    /// Rows, 600 , with two fields each: more ops than a change may have.
    private func write(_ text: String, _ sides: TwoSides, rows: Range<Int> = 0..<600) throws -> Committed {
        let drafts = rows.map { number in
            RecordDraft(
                space: sides.service.draft, kind: "responsibility",
                key: RowKey(framework: "iso27017-2015", controlId: "X\(number)").fields,
                cells: [CellKey("allocation"): .text("shared"), CellKey("providerStatement", "en"): .text(text)])
        }
        return try sides.provider.commit(drafts, in: sides.service.draft)
    }

    private func statements(_ sides: TwoSides) throws -> [String: Int] {
        try sides.provider.store.read { reader in
            var found: [String: Int] = [:]
            for record in try reader.records(of: "responsibility", in: sides.service.draft, after: nil, limit: .max)
            where record.shown.standing == .alive {
                found[record.shown.text("providerStatement", "en") ?? "", default: 0] += 1
            }
            return found
        }
    }

    private func undo(_ change: ChangeID, _ sides: TwoSides) throws -> Undone {
        try sides.provider.store.write { transaction in
            let history = try #require(try SpaceHistory(sides.service.draft, transaction))
            return try sides.provider.undo(try #require(try history.change(change)), transaction)
        }
    }

    @Test("Whichever of its changes is named, the whole write is undone and no other one", arguments: [true, false])
    func whole(isSent: Bool) throws {
        let sides = try TwoSides()
        let first = try write("first", sides)
        let second = try write("second", sides)
        let third = try write("third", sides, rows: 600..<601)
        #expect(first.changes.count > 1 && second.changes.count > 1 && third.changes.count == 1)
        if isSent { try sides.sync(sides.provider) }
        _ = try undo(third.changes[0], sides)
        #expect(try statements(sides) == ["second": 600])
        let undone = try undo(second.changes[second.changes.count / 2], sides)
        #expect(undone.restored == 600 && undone.records.count == 600 && undone.left.isEmpty)
        #expect(try statements(sides) == ["first": 600])
        // An undo that takes several changes is one write, too.
        _ = try undo(try #require(undone.made.last), sides)
        #expect(try statements(sides) == ["second": 600])
    }

    @Test("What somebody changed since stays, and the rest of the write comes back")
    func partly() throws {
        let sides = try TwoSides()
        _ = try write("first", sides)
        let second = try write("second", sides)
        _ = try write("third", sides, rows: 0..<1)
        let undone = try undo(try #require(second.changes.last), sides)
        #expect(undone.restored == 599 && undone.left.count == 1)
        #expect(try statements(sides) == ["first": 599, "third": 1])
    }
}
