import BuntanProtocol
import Merging

/// A record that a few devices write, with ops named by letters as in the tables of sync.md section 4.
struct Scene {
    /// A device is named by the position of the statement that enrolled it.
    enum Device: Int { case d1 = 2, d2, d3, d4 }

    static let kind = "annotation"
    static let text = CellKey("text")
    static let creator = OrganisationID(high: 7, low: 7)

    private(set) var state = RecordState(kind: kind, creator: creator)
    /// The next position of the log.
    private(set) var size = 10

    /// Begins with a record that lives, written by D1 in view of everybody.
    init() { write("@", by: .d1, base: 10, [(.life, .bool(true), "")]) }

    static func op(_ letter: Character, _ index: Int = 0) -> OpID {
        OpID(ChangeID(high: 0, low: UInt64(letter.unicodeScalars.first?.value ?? 0)), index)
    }

    static func ops(_ letters: String) -> [OpID] { letters.map { op($0) } }

    /// Appends a change to the log: for each cell a value and the letters of the ops it names.
    mutating func write(_ letter: Character, by device: Device, base: Int, _ cells: [(cell: CellKey, value: Value, over: String)]) {
        write(letter, by: device, base: base, cells.map { ($0.cell, $0.value, Self.ops($0.over)) })
    }

    mutating func write(_ letter: Character, by device: Device, base: Int, _ cells: [(cell: CellKey, value: Value, over: [OpID])]) {
        let edit = Edit(
            record: RecordID(high: 1, low: 1), kind: Self.kind, ops: cells.map { Op(cell: $0.cell, predecessors: $0.over.sorted()) })
        let values = cells.map(\.value.encoded)
        let context = OpContext(change: Self.op(letter).change, position: size, author: device.rawValue, baseSize: base)
        state.apply(edit, firstOp: 0, values: { values[$0] }, context: context)
        size += 1
    }

    mutating func write(_ letter: Character, by device: Device, base: Int, _ value: Value, over: String) {
        write(letter, by: device, base: base, [(Self.text, value, over)])
    }

    func heads(_ cell: CellKey = Scene.text) -> String {
        String(
            (state[cell]?.heads ?? []).compactMap { head in
                Unicode.Scalar(UInt32(truncatingIfNeeded: head.op.change.low)).map(Character.init)
            }.sorted())
    }

    /// What the cell shows: one value, or all of them in braces.
    func shown(_ cell: CellKey = Scene.text) -> String {
        func name(_ value: EncodedValue?) -> String {
            switch value?.value {
            case nil: "erased"
            case .null?: "empty"
            case .text(let text)?: text
            case .bool(let bool)?: "\(bool)"
            case .int(let int)?: "\(int)"
            case .bytes(let bytes)?: Hexadecimal.text(bytes)
            }
        }
        switch state[cell]?.state {
        case nil: return "nothing"
        case .settled(let value, _)?: return name(value)
        case .conflicted(let heads)?: return "{" + Set(heads.map { name($0.value) }).sorted().joined(separator: ", ") + "}"
        }
    }
}
