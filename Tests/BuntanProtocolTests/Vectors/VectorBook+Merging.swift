import BuntanProtocol
import ChangeLog
import Merging
import Records

/// How ops fold to a record, and what two sides' records make of a row (section 14).
extension VectorBook {
    var merging: VectorFile {
        VectorFile(
            "merging", "Records as they fold, op by op, and what a row, the provider's and the customer's position make of it.",
            [("folds", .list(Self.folds.map(fold))), ("rows", .list(negotiations.map(negotiation)))])
    }

    // MARK: folds

    /// A change of one record: who wrote it, with how much of the log in view, and what.
    private struct Step {
        let change: UInt8
        let author: Int
        let base: Int
        let ops: [(CellKey, Value, [(UInt8, Int)])]
    }

    private static func write(_ change: UInt8, by author: Int, base: Int, _ ops: (CellKey, Value, [(UInt8, Int)])...) -> Step {
        Step(change: change, author: author, base: base, ops: ops)
    }

    private static let text = CellKey("text")
    private static let title = CellKey("title")
    private static let member = CellKey("roles", "approver")

    /// The rows of the merge table. The changes of a fold stand one after another, the first at position 10.
    private static let folds: [(name: String, steps: [Step])] = [
        (
            "two devices write one field offline, a third resolves, a fourth had seen neither",
            [
                write(0xa1, by: 1, base: 10, (.life, .bool(true), []), (text, .text("A"), [])),
                write(0xb1, by: 2, base: 11, (text, .text("B"), [(0xa1, 1)])),
                write(0xc1, by: 1, base: 11, (text, .text("C"), [(0xa1, 1)])),
                write(0xd1, by: 3, base: 13, (text, .text("BC"), [(0xb1, 0), (0xc1, 0)])),
                write(0xe1, by: 4, base: 11, (text, .text("E"), [(0xa1, 1)])),
            ]
        ),
        (
            "the same value twice is one; a write that names one head alone leaves the other",
            [
                write(0xa1, by: 1, base: 10, (.life, .bool(true), []), (text, .text("same"), [])),
                write(0xb1, by: 2, base: 10, (.life, .bool(true), []), (text, .text("same"), [])),
                write(0xc1, by: 1, base: 12, (text, .text("new"), [(0xa1, 1)])),
            ]
        ),
        (
            "one clears what another rewrites",
            [
                write(0xa1, by: 1, base: 10, (.life, .bool(true), []), (text, .text("A"), [])),
                write(0xb1, by: 1, base: 11, (text, .null, [(0xa1, 1)])),
                write(0xc1, by: 2, base: 11, (text, .text("B"), [(0xa1, 1)])),
            ]
        ),
        (
            "an element of a set is added here and removed there, then settled",
            [
                write(0xa1, by: 1, base: 10, (.life, .bool(true), []), (member, .bool(false), [])),
                write(0xb1, by: 1, base: 11, (member, .bool(true), [(0xa1, 1)])),
                write(0xc1, by: 2, base: 11, (member, .bool(false), [(0xa1, 1)])),
                write(0xd1, by: 2, base: 13, (member, .bool(true), [(0xb1, 0), (0xc1, 0)])),
            ]
        ),
        (
            "deleted with every head named, and restored with a value anew",
            [
                write(0xa1, by: 1, base: 10, (.life, .bool(true), []), (text, .text("A"), []), (title, .text("T"), [])),
                write(0xb1, by: 2, base: 11, (.life, .bool(false), [(0xa1, 0), (0xa1, 1), (0xa1, 2)])),
                write(0xc1, by: 1, base: 12, (.life, .bool(true), [(0xb1, 0)]), (text, .text("A"), [])),
            ]
        ),
        (
            "deleted here, edited there; restored",
            [
                write(0xa1, by: 1, base: 10, (.life, .bool(true), []), (text, .text("A"), [])),
                write(0xb1, by: 1, base: 11, (.life, .bool(false), [(0xa1, 0), (0xa1, 1)])),
                write(0xc1, by: 2, base: 11, (text, .text("B"), [(0xa1, 1)])),
                write(0xd1, by: 1, base: 13, (.life, .bool(true), [(0xb1, 0)])),
            ]
        ),
        (
            "deleted by one and written alive by another: contested",
            [
                write(0xa1, by: 1, base: 10, (.life, .bool(true), []), (text, .text("A"), [])),
                write(0xb1, by: 1, base: 11, (.life, .bool(false), [(0xa1, 0), (0xa1, 1)])),
                write(0xc1, by: 2, base: 11, (.life, .bool(true), [(0xa1, 0)]), (text, .text("B"), [(0xa1, 1)])),
            ]
        ),
        (
            "two devices edit two fields: both apply, with a seam until a change that has seen both",
            [
                write(0xa1, by: 1, base: 10, (.life, .bool(true), []), (text, .text("A"), []), (title, .text("T"), [])),
                write(0xb1, by: 1, base: 11, (text, .text("B"), [(0xa1, 1)])),
                write(0xc1, by: 2, base: 11, (title, .text("U"), [(0xa1, 2)])),
                write(0xd1, by: 1, base: 12, (text, .text("C"), [(0xb1, 0)])),
                write(0xe1, by: 2, base: 14, (text, .text("D"), [(0xd1, 0)])),
            ]
        ),
        (
            "a device that goes on alone makes no seam",
            [
                write(0xa1, by: 1, base: 10, (.life, .bool(true), []), (text, .text("A"), []), (title, .text("T"), [])),
                write(0xb1, by: 1, base: 10, (text, .text("B"), [(0xa1, 1)])),
                write(0xc1, by: 1, base: 10, (title, .text("U"), [(0xa1, 2)])),
            ]
        ),
    ]

    private static func change(_ byte: UInt8) -> ChangeID { ChangeID(high: UInt64(byte) << 56, low: UInt64(byte)) }

    private func fold(_ name: String, _ steps: [Step]) -> JSONText {
        let record = RecordID(high: 1, low: 1)
        var state = RecordState(kind: "example", creator: cast.provider)
        var printed: [JSONText] = []
        for (number, step) in steps.enumerated() {
            let position = 10 + number
            let ops = step.ops.map { key, _, named in Op(cell: key, predecessors: named.map { OpID(Self.change($0.0), $0.1) }) }
            state.apply(
                Edit(record: record, kind: "example", ops: ops), firstOp: 0, values: { step.ops[$0].1.encoded },
                context: OpContext(change: Self.change(step.change), position: position, author: step.author, baseSize: step.base))
            printed.append(
                .members([
                    ("change", .hex(Self.change(step.change))), ("position", .number(position)), ("author", .number(step.author)),
                    ("baseSize", .number(step.base)),
                    (
                        "ops",
                        .list(
                            zip(step.ops, ops).map { written, op in
                                .members([
                                    ("field", .text(op.cell.field)), ("element", Self.printed(op.cell.element)),
                                    (
                                        "predecessors",
                                        .list(
                                            op.predecessors.map { .members([("change", .hex($0.change)), ("index", .number($0.index))]) })
                                    ), ("value", .hex(Array(written.1.encoded.bytes))),
                                ])
                            })
                    ),
                    ("state", .hex(state.encoded())), ("standing", .text(Self.words(of: state.standing))),
                    (
                        "conflicts",
                        .list(
                            state.conflicts.map {
                                .members([("field", .text($0.key.field)), ("element", Self.printed($0.key.element))])
                            })
                    ),
                ]))
        }
        return .members([("name", .text(name)), ("kind", .text("example")), ("owner", .hex(cast.provider)), ("steps", .list(printed))])
    }

    private static func printed(_ element: Element?) -> JSONText {
        switch element {
        case nil: .null
        case .code(let code)?: .text(code)
        case .id(let id)?: .hex(id)
        }
    }

    /// The words of section 14.
    private static func words(of standing: RecordStanding) -> String {
        switch standing {
        case .alive: "alive"
        case .deleted: "deleted"
        case .absent: "absent"
        case .deletedHereEditedThere: "deleted here, edited there"
        case .contested: "contested"
        }
    }

    // MARK: rows

    private typealias Cells = [(CellKey, [Value])]

    private struct Row {
        let name: String
        let row: RecordState?
        let provider: RecordState?
        let customer: RecordState?
    }

    private static let row = RowKey(framework: "iso27017-2015", controlId: "12.3.1")

    private func state(_ kind: String, _ side: Side?, life: [Value] = [.bool(true)], _ cells: Cells) -> RecordState {
        var all: Cells = [(.life, life)] + Self.row.fields.map { (CellKey($0.field), [$0.value]) } + cells
        if let side { all.append((CellKey("side"), [.text(side.name)])) }
        return RecordState(
            kind: kind, creator: side == .customer ? cast.customer : cast.provider,
            cells: all.sorted { $0.0 < $1.0 }.enumerated().map { index, cell in
                Cell(
                    key: cell.0,
                    heads: cell.1.enumerated().map {
                        Head(op: OpID(Self.change(UInt8($0 + 1)), index), position: 20 + $0, author: 1 + $0, value: $1.encoded)
                    })
            })
    }

    private func published(_ allocation: [Value], action: [Value] = [.text("keep a copy")]) -> RecordState {
        state("responsibility", nil, [(CellKey("allocation"), allocation), (CellKey("customerAction", "en"), action)])
    }

    private func position(_ side: Side, _ allocation: [Value], accepts: Digest? = nil, _ more: Cells = []) -> RecordState {
        state(
            "responsibility-position", side,
            [(CellKey("allocation"), allocation)] + (accepts.map { [(CellKey("accepts"), [.fixed($0)])] } ?? []) + more)
    }

    private func side(_ state: RecordState?, _ record: RecordID, _ space: SpaceID) -> RowSide? {
        state.flatMap { RowSide($0, record: record, space: space) }
    }

    private func stand(_ row: RecordState?, _ provider: RecordState?, _ customer: RecordState?) -> Negotiation {
        let (service, engagement) = (story.service.space, story.engagement.space)
        return Negotiation(
            row: side(row, Self.row.responsibility(in: service), service),
            providerPosition: side(provider, Self.row.position(of: .provider, in: engagement), engagement),
            customerPosition: side(customer, Self.row.position(of: .customer, in: engagement), engagement))
    }

    /// The rows of the negotiation table.
    private var negotiations: [Row] {
        let shared = published([.text("shared")])
        let reworded = published([.text("shared")], action: [.text("keep two copies")])
        let moved = position(.provider, [.text("shared")])
        let own = published([.text("provider")])
        func read(_ row: RecordState?, _ provider: RecordState? = nil) -> Digest? { stand(row, provider, nil).accepts }
        func takes(_ allocation: String, _ row: RecordState?, _ provider: RecordState? = nil) -> RecordState {
            position(.customer, [.text(allocation)], accepts: read(row, provider))
        }
        let gone = state("responsibility-position", .customer, life: [.bool(false)], [])
        let removed = RecordState(
            kind: gone.kind, creator: gone.creator, cells: gone.cells.filter { $0.key == .life })
        return [
            Row(name: "no position of the customer", row: shared, provider: nil, customer: nil),
            Row(
                name: "a position without an allocation", row: shared, provider: nil,
                customer: position(.customer, [.null], [(CellKey("customerStatement", "en"), [.text("we do")])])),
            Row(name: "a position that was deleted", row: shared, provider: nil, customer: removed),
            Row(name: "accepted as published", row: shared, provider: nil, customer: takes("shared", shared)),
            Row(name: "another allocation", row: shared, provider: nil, customer: takes("provider", shared)),
            Row(
                name: "the provider moved away since", row: shared, provider: position(.provider, [.text("provider")]),
                customer: takes("shared", shared)),
            Row(
                name: "the provider's position is empty: the row's stands", row: shared, provider: position(.provider, [.null]),
                customer: takes("shared", shared, position(.provider, [.null]))),
            Row(
                name: "two provider devices disagree", row: shared, provider: position(.provider, [.text("shared"), .text("provider")]),
                customer: takes("shared", shared)),
            Row(
                name: "the row's words are in conflict", row: published([.text("shared")], action: [.text("one"), .text("two")]),
                provider: nil, customer: takes("shared", shared)),
            Row(
                name: "two customer devices disagree", row: shared, provider: nil,
                customer: position(.customer, [.text("shared"), .text("customer")])),
            Row(
                name: "the customer's position was deleted here, edited there", row: shared, provider: nil,
                customer: state("responsibility-position", .customer, life: [.bool(false)], [(CellKey("allocation"), [.text("shared")])])),
            Row(name: "the row was reworded since", row: reworded, provider: nil, customer: takes("shared", shared)),
            Row(name: "equal values without a reading", row: shared, provider: nil, customer: position(.customer, [.text("shared")])),
            Row(
                name: "the provider moves to the customer's value and adds no words", row: own, provider: moved,
                customer: takes("shared", own)),
            Row(
                name: "the provider moves to the customer's value and adds words", row: own,
                provider: position(.provider, [.text("shared")], [(CellKey("providerStatement", "en"), [.text("only on weekdays")])]),
                customer: takes("shared", own)),
            Row(
                name: "the provider moves without words, but the row was reworded too", row: reworded, provider: moved,
                customer: takes("shared", own)),
            Row(name: "the customer wrote ahead of the row", row: nil, provider: nil, customer: position(.customer, [.text("shared")])),
        ]
    }

    private func negotiation(_ item: Row) -> JSONText {
        func printed(_ state: RecordState?) -> JSONText { state.map { .hex($0.encoded()) } ?? .null }
        let standing = stand(item.row, item.provider, item.customer)
        return .members([
            ("name", .text(item.name)), ("service", .hex(story.service.space)), ("engagement", .hex(story.engagement.space)),
            ("row", printed(item.row)), ("providerPosition", printed(item.provider)), ("customerPosition", printed(item.customer)),
            ("accepts", standing.accepts.map { .hex($0) } ?? .null), ("is", .text(standing.state.rawValue)),
        ])
    }
}
