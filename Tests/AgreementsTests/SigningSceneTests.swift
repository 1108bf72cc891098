import Agreements
import BuntanProtocol
import Merging
import Records
import Testing

@Suite("What may be signed, and what stands in the way")
struct SigningSceneTests {
    private static let space = SpaceID(high: 1, low: 1)
    private static let record = RecordID.timeOrdered(millis: 1, random: Nonce(high: 1, low: 1))

    /// A row written by one change at a position; `nil` for one that waits in the outbox.
    private static func state(
        _ cells: [(CellKey, Value?)] = [(CellKey("allocation"), .text("shared"))], kind: String = "responsibility", at position: Int? = 5
    ) -> RecordState {
        var state = RecordState(kind: kind, creator: OrganisationID(high: 1, low: 1))
        let all: [(CellKey, Value?)] = [(.life, .bool(true))] + cells
        state.apply(
            Edit(record: record, kind: kind, ops: all.map { Op(cell: $0.0, predecessors: []) }), firstOp: 0,
            values: { all[$0].1?.encoded },
            context: OpContext(change: ChangeID(high: 1, low: 1), position: position, author: 1, baseSize: 4))
        return state
    }

    /// A second device's change that has not seen the first.
    private static func joined(_ state: RecordState, _ key: CellKey, _ value: Value) -> RecordState {
        var state = state
        state.apply(
            Edit(record: record, kind: state.kind, ops: [Op(cell: key, predecessors: [])]), firstOp: 0, values: { _ in value.encoded },
            context: OpContext(change: ChangeID(high: 2, low: 2), position: 6, author: 2, baseSize: 4))
        return state
    }

    private static func unsettled(_ state: RecordState, _ publication: Publication = .none) -> Unsettled? {
        do { _ = try SettledRecord(state, record: record, space: space, schema: .current, publication: publication) } catch { return error }
        return nil
    }

    @Test("A cell in conflict cannot form the value that is signed, and neither can a deletion beside an edit")
    func conflict() {
        let allocation = CellKey("allocation")
        #expect(Self.unsettled(Self.joined(Self.state(), allocation, .text("provider"))) == .conflict([allocation]))
        #expect(Self.unsettled(Self.joined(Self.state(), allocation, .text("shared"))) == nil, "equal values are one")
        var deleted = Self.state()
        deleted.apply(
            Edit(record: Self.record, kind: "responsibility", ops: [Op(cell: .life, predecessors: [OpID(ChangeID(high: 1, low: 1), 0)])]),
            firstOp: 0, values: { _ in .false }, context: OpContext(change: ChangeID(high: 3, low: 3), position: 7, author: 1, baseSize: 7))
        #expect(Self.unsettled(deleted) == .conflict([]))
    }

    @Test("What was erased, is unknown, waits to be sent, or is not as released cannot be signed")
    func refusals() throws {
        let settled = try SettledRecord(Self.state(), record: Self.record, space: Self.space, schema: .current, publication: .none)
        #expect(Self.unsettled(Self.state([(CellKey("allocation"), nil)])) == .erased(CellKey("allocation")))
        #expect(Self.unsettled(Self.state(kind: "tide-table")) == .unknownKind("tide-table"))
        #expect(Self.unsettled(Self.state([(CellKey("fromTheFuture"), .text("x"))])) == .unknownField(CellKey("fromTheFuture")))
        #expect(Self.unsettled(Self.state(at: nil)) == .unsent)
        #expect(Self.unsettled(Self.state(), .released(settled.digest)) == nil)
        #expect(Self.unsettled(Self.state(), .released(SHA.empty)) == .unreleased)
        #expect(Self.unsettled(Self.state(), .released(nil)) == .unreleased)
    }

    @Test("A record put together from edits unseen by one another is settled, and marked to be looked at")
    func seams() throws {
        let merged = Self.joined(Self.state(), CellKey("customerAction", "en"), .text("Do it."))
        let settled = try SettledRecord(merged, record: Self.record, space: Self.space, schema: .current, publication: .none)
        #expect(settled.hasSeam)
        #expect(try !SettledRecord(Self.state(), record: Self.record, space: Self.space, schema: .current, publication: .none).hasSeam)
    }

    private static func scene(_ state: RowState, excepted: Bool = false, record shown: RecordState? = nil, missing: [RecordID] = [])
        -> SigningScene
    {
        SigningScene(
            rows: [.init(record: record, members: [record, RecordID(high: 8, low: 8)], state: state)],
            records: [.init(record: record, space: space, state: shown ?? Self.state(), publication: .none)], missing: missing,
            excepted: excepted ? [record] : [])
    }

    @Test("A row that is not agreed stands in the way, whatever its state, unless it is left open on purpose", arguments: RowState.allCases)
    func rows(state: RowState) {
        let judged = Self.scene(state).judged(schema: .current)
        #expect(judged.obstacles.isEmpty == (state == .agreed))
        if state != .agreed { #expect(judged.obstacles == [.init(record: Self.record, reason: .row(state))]) }
        let open = Self.scene(state, excepted: true).judged(schema: .current)
        #expect(open.obstacles.isEmpty && open.records.isEmpty)
        #expect(open.except == [Self.record, RecordID(high: 8, low: 8)], "the row and both positions on it, whether they exist or not")
    }

    @Test("A record in the way is named; one of the release that is gone is too, and one that is deleted is not")
    func records() {
        let erased = Self.scene(.agreed, record: Self.state([(CellKey("allocation"), nil)])).judged(schema: .current)
        #expect(erased.obstacles == [.init(record: Self.record, reason: .record(.erased(CellKey("allocation"))))])
        let gone = RecordID(high: 7, low: 7)
        #expect(
            Self.scene(.agreed, missing: [gone]).judged(schema: .current).obstacles == [.init(record: gone, reason: .record(.unreleased))])
        var state = Self.state()
        state.apply(
            Edit(record: Self.record, kind: "responsibility", ops: [Op(cell: .life, predecessors: state.allHeads)]), firstOp: 0,
            values: { _ in .false }, context: OpContext(change: ChangeID(high: 3, low: 3), position: 7, author: 1, baseSize: 7))
        let deleted = Self.scene(.agreed, record: state).judged(schema: .current)
        #expect(deleted.obstacles.isEmpty && deleted.records.isEmpty)
    }
}
