import BuntanProtocol
import Merging
import Testing

@Suite struct RecordStateTests {
    static let space = SpaceID(high: 1, low: 1)
    static let record = RecordID(high: 1, low: 2)

    private static func head(_ change: UInt64, _ value: Value?, index: Int = 0, position: Int? = 5) -> Head {
        Head(op: OpID(ChangeID(high: 0, low: change), index), position: position, author: 2, value: value?.encoded)
    }

    @Test("The one form of a state, byte by byte")
    func bytes() throws {
        let state = RecordState(
            kind: "k", creator: OrganisationID(high: 0, low: 1), seam: 300,
            cells: [
                Cell(key: CellKey("f"), heads: [Self.head(1, .text("a"), index: 7)]),
                Cell(key: CellKey("f", "ja"), heads: [Self.head(2, .null, position: nil)]),
            ])
        let id = { (low: UInt8) in [0x50] + [UInt8](repeating: 0, count: 15) + [low] }
        var expected: [UInt8] = [0x84, 0x61, 0x6b] + id(1) + [0x19, 0x01, 0x2c, 0x82]
        // Elements come before none: a text is encoded from 0x60, null as 0xf6.
        let plain: [UInt8] = [0x83, 0x61, 0x66, 0xf6, 0x81, 0x85] + id(1) + [0x07, 0x05, 0x02, 0x61, 0x61]
        let japanese: [UInt8] = [0x83, 0x61, 0x66, 0x62, 0x6a, 0x61, 0x81, 0x85] + id(2) + [0x00, 0xf6, 0x02, 0xf6]
        expected += japanese + plain
        let sorted = RecordState(kind: state.kind, creator: state.creator, seam: 300, cells: state.cells.reversed())
        #expect(sorted.encoded() == expected)
        #expect(try RecordState(decoding: expected) == sorted)
        #expect(sorted.hash == SHA.digest(expected))
        // A head without a position is a client's own business.
        #expect(throws: DecodingFault.self) { try RecordState(decoding: expected, admitsPending: false) }
        #expect(throws: DecodingFault.self) { try RecordState(decoding: state.encoded()) }
    }

    @Test("Erased heads come first in the bytes and by op id in memory, so both orders of erasing give one form")
    func erased() throws {
        let state = RecordState(
            kind: "k", creator: OrganisationID(high: 0, low: 1),
            cells: [Cell(key: CellKey("f"), heads: [Self.head(1, .text("a")), Self.head(2, nil), Self.head(3, .text("c"))])])
        let bytes = state.encoded()
        #expect(try RecordState(decoding: bytes) == state)
        // Array heads of the three: four members first.
        #expect(bytes.filter { $0 == 0x84 || $0 == 0x85 } == [0x84, 0x84, 0x85, 0x85])
        #expect(state[CellKey("f")]?.isConflicted == true)
    }

    @Test("A release that was said twice stands where it was said last, and nowhere while that waits to be sent")
    func releasedTwice() {
        func brief(_ last: Int?) -> RecordBrief? {
            let heads = [Self.head(1, .text("r1"), position: 9), Self.head(2, .text("r1"), position: last)]
            return RecordBrief(
                RecordState(
                    kind: "release", creator: OrganisationID(high: 0, low: 1),
                    cells: [
                        Cell(key: .life, heads: [Self.head(1, .bool(true), position: 9)]), Cell(key: CellKey("label"), heads: heads),
                    ]), record: Self.record, space: Self.space)
        }
        for (last, wanted) in [(3, 9), (12, 12), (nil, nil)] as [(Int?, Int?)] {
            guard case .release(let label, let position)? = brief(last) else {
                Issue.record("no brief for \(String(describing: last))")
                continue
            }
            #expect(label == "r1" && position == wanted)
        }
    }

    @Test("A form that is not the one is refused")
    func otherForms() throws {
        let cells = [
            Cell(key: CellKey("a"), heads: [Self.head(1, .text("x")), Self.head(2, .text("y"))]),
            Cell(key: CellKey("b"), heads: [Self.head(1, .null)]),
        ]
        let creator = OrganisationID(high: 0, low: 1)
        let good = RecordState(kind: "k", creator: creator, cells: cells).encoded()
        #expect(try RecordState(decoding: good).cells == cells)
        func refused(_ cells: [Cell], _ reason: DecodingFault.Reason) {
            let bytes = RecordState(kind: "k", creator: creator, cells: cells).encoded()
            #expect(throws: DecodingFault.self) { try RecordState(decoding: bytes) }
            do { _ = try RecordState(decoding: bytes) } catch { #expect(error.reason == reason) }
        }
        refused([cells[1], cells[0]], .unsorted)
        refused([cells[0], cells[0]], .unsorted)
        refused([Cell(key: CellKey("a"), heads: [Self.head(2, .null), Self.head(1, .null)])], .unsorted)
        refused([Cell(key: CellKey("a"), heads: [Self.head(1, .null), Self.head(1, .null)])], .unsorted)
        refused([Cell(key: CellKey("a"), heads: [Self.head(1, nil), Self.head(1, .null)])], .unsorted)
        for end in good.indices { #expect(throws: DecodingFault.self) { try RecordState(decoding: Array(good[..<end])) } }
        #expect(throws: DecodingFault.self) { try RecordState(decoding: good + [0]) }
    }

    @Test("Every cell is found by its key, and a field's cells stand together")
    func lookup() {
        let keys = [
            CellKey("b"), CellKey("bb", "ja"), CellKey("bb", "en"), CellKey("bb"), CellKey("bb", .id([UInt8](repeating: 0, count: 16))),
            CellKey("ccc"),
        ]
        let state = RecordState(
            kind: "k", creator: OrganisationID(high: 0, low: 1),
            cells: keys.sorted().enumerated().map { Cell(key: $1, heads: [Self.head(UInt64($0), .null)]) })
        for key in keys { #expect(state[key]?.key == key) }
        #expect(state[CellKey("a")] == nil && state[CellKey("bb", "fr")] == nil && state[CellKey("dddd")] == nil)
        #expect(Set(state.cells(of: "bb").map(\.key)) == Set(keys.filter { $0.field == "bb" }))
        #expect(state.cells(of: "b").count == 1)
        #expect(state.cells(of: "zz").isEmpty)
    }

    @Test("The digest covers what a person would read, and nothing else")
    func covered() throws {
        let life = Cell(key: .life, heads: [Self.head(9, .bool(true))])
        func state(_ cells: [Cell], kind: String = "k", seam: Int? = nil, creator: UInt64 = 1) -> RecordState {
            RecordState(
                kind: kind, creator: OrganisationID(high: 0, low: creator), seam: seam, cells: (cells + [life]).sorted { $0.key < $1.key })
        }
        func digest(_ state: RecordState) -> Digest? { CoveredRecord(state, record: Self.record, space: Self.space)?.digest }
        let text = Cell(key: CellKey("f"), heads: [Self.head(1, .text("a"))])
        let member = Cell(key: CellKey("s", "x"), heads: [Self.head(1, .bool(true))])
        let base = try #require(digest(state([text, member])))

        // [space, record, "k", [["f", null, "a"], ["s", "x", true]]], by hand.
        let content =
            [0x84, 0x50] + Self.space.bytes + [0x50] + Self.record.bytes
            + [0x61, 0x6b, 0x82, 0x83, 0x61, 0x66, 0xf6, 0x61, 0x61, 0x83, 0x61, 0x73, 0x61, 0x78, 0xf5]
        #expect(base == Purpose.hash("covered", content))

        // Who wrote, when, in how many equal heads, what was cleared, left or removed: none of it is covered.
        let alike = [
            state([text, member], seam: 4), state([text, member], creator: 3),
            state([Cell(key: CellKey("f"), heads: [Self.head(4, .text("a"), position: 8), Self.head(5, .text("a"))]), member]),
            state([text, member, Cell(key: CellKey("g"), heads: [Self.head(1, .null)])]),
            state([text, member, Cell(key: CellKey("s", "y"), heads: [Self.head(1, .bool(false))])]),
        ]
        for other in alike { #expect(digest(other) == base) }
        // Every word is.
        let different = [
            state([text]), state([member]), state([text, member], kind: "l"),
            state([Cell(key: CellKey("f"), heads: [Self.head(1, .text("b"))]), member]),
            state([Cell(key: CellKey("g"), heads: [Self.head(1, .text("a"))]), member]),
            // A plain field that is false is a value; only a set element that is false is none.
            state([text, member, Cell(key: CellKey("p"), heads: [Self.head(1, .bool(false))])]),
        ]
        #expect(Set(different.compactMap(digest) + [base]).count == different.count + 1)
        #expect(CoveredRecord(state([text]), record: Self.record, space: SpaceID(high: 0, low: 9))?.digest != digest(state([text])))

        // What is torn, erased or gone cannot be covered.
        #expect(digest(state([Cell(key: CellKey("f"), heads: [Self.head(1, .text("a")), Self.head(2, .text("b"))])])) == nil)
        #expect(digest(state([Cell(key: CellKey("f"), heads: [Self.head(1, nil)])])) == nil)
        #expect(
            digest(
                RecordState(
                    kind: "k", creator: OrganisationID(high: 0, low: 1), cells: [Cell(key: .life, heads: [Self.head(9, .bool(false))])]))
                == nil)
    }

    @Test("What a customer accepts names row and position apart")
    func acceptsDigest() {
        let (a, b) = (SHA.digest([1]), SHA.digest([2]))
        let all = [(a, b), (b, a), (a, nil), (nil, a), (nil, nil)] as [(Digest?, Digest?)]
        #expect(Set(all.map { AcceptsDigest.digest(row: $0.0, providerPosition: $0.1) }).count == all.count)
        #expect(AcceptsDigest.digest(row: a, providerPosition: nil) == Purpose.hash("accepts", [0x82, 0x58, 0x20] + a.bytes + [0xf6]))
    }

    @Test("The seen mark names a set of heads: not their order, not their values, and never another set")
    func seenMark() {
        let heads = [Self.head(1, .text("a")), Self.head(2, .text("b"))]
        let mark = SeenMark.text(of: heads)
        #expect(mark.count >= SeenMark.leastLetters)
        #expect(SeenMark.text(of: heads.reversed()) == mark)
        #expect(SeenMark.matches(String(mark.prefix(4)).uppercased(), heads))
        #expect(SeenMark.matches(mark, heads))
        #expect(!SeenMark.matches(String(mark.prefix(3)), heads))
        #expect(!SeenMark.matches(mark, Array(heads.prefix(1))))
        #expect(!SeenMark.matches(mark, heads + [Self.head(3, .text("c"))]))
    }

    @Test("A record nobody has written is absent, and so is one without a life")
    func standing() {
        #expect(RecordStanding(of: nil) == .absent)
        #expect(RecordState(kind: "k", creator: OrganisationID(high: 0, low: 1)).standing == .absent)
        #expect(RecordStanding(of: Scene().state) == .alive)
    }

    @Test("A change that comes back from the log takes the place of its own pending op")
    func comesBack() {
        var state = Scene().state
        let edit = Edit(record: Self.record, kind: Scene.kind, ops: [Op(cell: Scene.text, predecessors: [])])
        for position in [nil, 40] {
            state.apply(
                edit, firstOp: 0, values: { _ in Value.text("a").encoded },
                context: OpContext(change: ChangeID(high: 3, low: 3), position: position, author: 2, baseSize: 20))
            #expect(state[Scene.text]?.heads.map(\.position) == [position])
        }
    }
}
