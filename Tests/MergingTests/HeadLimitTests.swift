import BuntanProtocol
import Merging
import Testing

/// How many values may stand side by side: each limit at the limit and one past it.
@Suite struct HeadLimitTests {
    static let kind = Kind(
        "note", sides: [.provider, .customer], spaces: [.private], key: nil,
        fields: [Field("text", .text), Field("roles", .record, .set)])

    private func element(_ index: Int) -> CellKey { CellKey("roles", .id(RecordID(high: 0, low: UInt64(index)).bytes)) }

    private func heads(_ count: Int, cell: Int = 0) -> [Head] {
        (0..<count).map {
            Head(op: OpID(ChangeID(high: UInt64(cell), low: UInt64($0)), 0), position: 5, author: 2, value: $0 % 2 == 0 ? .true : .false)
        }
    }

    private func judge(_ cells: [(CellKey, [Head])]) -> Judge {
        var judge = Judge(editing: "note", in: .private, cells: [])
        judge.schema = SchemaRegistry(version: 1, kinds: [Self.kind])
        let life = (CellKey.life, [Head(op: Judge.standing(0), position: 5, author: 2, value: .true)])
        judge.state = RecordState(
            kind: "note", creator: Judge.us, cells: ([life] + cells).sorted { $0.0 < $1.0 }.map { Cell(key: $0.0, heads: $0.1) })
        return judge
    }

    @Test("A cell holds 32 heads; a write beside them is refused, one over any of them is not")
    func headsPerCell() throws {
        let cell = element(0)
        var atLimit = judge([(cell, heads(Limits.headsPerCell - 1))])
        atLimit.set(cell, .bool(true))
        #expect(try atLimit.refusal() == nil)
        let full = heads(Limits.headsPerCell)
        var past = judge([(cell, full)])
        past.set(cell, .bool(true))
        #expect(try past.refusal() == Refusal(.tooManyHeads, "roles"))
        past.set(cell, .bool(true), over: [full[9].op])
        #expect(try past.refusal() == nil)
        past.set(cell, .bool(true), over: full.map(\.op))
        #expect(try past.refusal() == nil)
    }

    @Test("A record holds 1,000 cells")
    func cellsPerRecord() throws {
        // One is @life.
        var atLimit = judge((0..<Limits.cellsPerRecord - 2).map { (element($0), heads(1, cell: $0)) })
        atLimit.set(element(5_000), .bool(true))
        #expect(try atLimit.refusal() == nil)
        atLimit.set(element(5_001), .bool(true))
        #expect(try atLimit.refusal() == Refusal(.tooLarge, "cells"))
        // What stands already may be written on.
        var full = judge((0..<Limits.cellsPerRecord - 1).map { (element($0), heads(1, cell: $0)) })
        full.set(element(3), .bool(true), over: heads(1, cell: 3).map(\.op))
        #expect(try full.refusal() == nil)
        // A deletion makes room in the edit that holds it.
        full.set(.life, .bool(true), over: full.state?.allHeads ?? [])
        full.set(element(5_000), .bool(true))
        full.remove(element(3))
        #expect(try full.refusal() == nil)
    }

    @Test("A record holds 2,000 heads, and a resolution is never refused")
    func headsPerRecord() throws {
        let cells = 80
        let each = (Limits.headsPerRecord - 1) / cells
        var all = (0..<cells).map { (element($0), heads(each, cell: $0)) }
        let missing = Limits.headsPerRecord - 1 - cells * each
        all.append((element(cells), heads(missing, cell: cells)))
        var full = judge(all)
        #expect(full.state?.headCount == Limits.headsPerRecord)
        full.set(element(0), .bool(true), over: [heads(each, cell: 0)[0].op])
        #expect(try full.refusal() == nil)
        full.set(element(0), .bool(true))
        #expect(try full.refusal() == Refusal(.tooManyHeads, "record"))
        full.set(element(0), .bool(true), over: heads(each, cell: 0).map(\.op))
        #expect(try full.refusal() == nil)
        all[0].1.removeLast()
        var oneLeft = judge(all)
        oneLeft.set(element(0), .bool(true))
        #expect(try oneLeft.refusal() == nil)
    }

    @Test("States from elsewhere are read up to the limits and not past them", arguments: [0, 1])
    func decodingLimits(past: Int) throws {
        func reads(_ state: RecordState) -> Bool {
            do {
                return try RecordState(decoding: state.encoded(), admitsPending: false) == state
            } catch { return error.reason != .tooMany }
        }
        let cell = element(0)
        #expect(reads(judge([(cell, heads(Limits.headsPerCell + past))]).state ?? Scene().state) == (past == 0))
        let cells = (0..<Limits.cellsPerRecord - 1 + past).map { (element($0), heads(1, cell: $0)) }
        #expect(reads(judge(cells).state ?? Scene().state) == (past == 0))
        let crowded = (0..<80).map { (element($0), heads($0 == 0 ? 23 + past : 25, cell: $0)) } + [(CellKey("text"), heads(1, cell: 99))]
        let state = try #require(judge(crowded).state)
        #expect(state.headCount == Limits.headsPerRecord + past)
        #expect(reads(state) == (past == 0))
        // A client's own view may be larger by what waits in its outbox.
        #expect(try RecordState(decoding: state.encoded()) == state)
    }
}
