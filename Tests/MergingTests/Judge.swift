import BuntanProtocol
import Merging
import Records

/// An edit with its circumstances, all in order until a test changes one of them.
struct Judge {
    static let us = OrganisationID(high: 1, low: 1)
    static let them = OrganisationID(high: 2, low: 2)
    static let row = RowKey(framework: "iso27017", controlId: "12.3.1")

    var space = SpaceID(high: 9, low: 9)
    var spaceType = SpaceType.engagement
    var organisation = us
    var side = Side.customer
    var author = 3
    var baseSize = 10
    var changeSchema = 1
    var isOfEarlierEpoch = false
    var keepsUnknownSchema = false
    var schema = SchemaRegistry.current
    var kind = "responsibility-position"
    var record: RecordID?
    var cells: [(cell: CellKey, value: EncodedValue?, over: [OpID])] = []
    var state: RecordState?
    var places: [OpID: OpPlace] = [:]

    /// The creation of the customer's position.
    init() {
        set(.life, .bool(true))
        for (name, value) in zip(["framework", "controlId", "itemKey"], Self.row.keyValues) { set(CellKey(name), value) }
        set(CellKey("side"), .text("customer"))
        set(CellKey("allocation"), .text("shared"))
    }

    /// An edit of a record that stands already, all its heads at position 5 and written by `author`.
    init(editing kind: String, in type: SpaceType = .engagement, side: Side = .customer, cells: [(CellKey, Value)], headAuthor: Int = 2) {
        self.kind = kind
        self.spaceType = type
        self.side = side
        record = RecordID.timeOrdered(millis: 1, random: Nonce(high: 1, low: 1))
        state = RecordState(
            kind: kind, creator: Self.us,
            cells: ([(.life, .bool(true))] + cells).sorted { $0.0 < $1.0 }.enumerated().map { index, cell in
                Cell(key: cell.0, heads: [Head(op: Self.standing(index), position: 5, author: headAuthor, value: cell.1.encoded)])
            })
    }

    static func standing(_ index: Int) -> OpID { OpID(ChangeID(high: 5, low: 5), index) }

    mutating func set(_ cell: CellKey, _ value: Value?, over: [OpID] = []) {
        cells.removeAll { $0.cell == cell }
        cells.append((cell, value?.encoded, over.sorted()))
    }

    mutating func remove(_ cell: CellKey) { cells.removeAll { $0.cell == cell } }

    var edit: Edit {
        Edit(
            record: record ?? Self.row.position(of: side, in: space), kind: kind,
            ops: cells.map { Op(cell: $0.cell, predecessors: $0.over) })
    }

    func refusal() throws -> Refusal? {
        // The edit does not begin its change: numbers must be counted from its first op.
        let first = 7
        let context = EditContext(
            space: space, spaceType: spaceType, organisation: organisation, side: side, author: author, baseSize: baseSize, firstOp: first,
            changeSchema: changeSchema, isOfEarlierEpoch: isOfEarlierEpoch)
        return try EditCheck.refusal(
            of: edit, values: { cells[$0 - first].value }, state: state, context: context, schema: schema,
            keepsUnknownSchema: keepsUnknownSchema, opPlace: { places[$0] })
    }
}
