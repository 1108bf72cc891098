import BuntanProtocol
import Merging
import Testing

/// The two merge tables of sync.md section 4, a case a row.
@Suite struct MergeTableTests {
    @Test(
        "The steps of one text field leave the heads of the table",
        arguments: [
            (1, "D1 writes A", "a", "A"),
            (2, "D2 offline writes B, D1 offline writes C", "bc", "{B, C}"),
            (3, "D3 pulls and resolves BC", "d", "BC"),
            (4, "D4, still offline since a, writes E", "de", "{BC, E}"),
        ])
    func steps(step: Int, what: String, heads: String, shown: String) {
        var scene = Scene()
        scene.write("a", by: .d1, base: 11, .text("A"), over: "")
        if step >= 2 {
            scene.write("b", by: .d2, base: 12, .text("B"), over: "a")
            scene.write("c", by: .d1, base: 12, .text("C"), over: "a")
        }
        if step >= 3 { scene.write("d", by: .d3, base: 14, .text("BC"), over: "bc") }
        if step >= 4 { scene.write("e", by: .d4, base: 12, .text("E"), over: "a") }
        #expect(scene.heads() == heads)
        #expect(scene.shown() == shown)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let run: @Sendable () -> Void
        var testDescription: String { name }

        init(_ name: String, _ run: @escaping @Sendable () -> Void) { (self.name, self.run) = (name, run) }
    }

    static let topic = CellKey("label")
    static let member = CellKey("roles", "x")

    static let cases: [Case] = [
        Case("heads with equal values: shown as one value, no conflict; the next write names all of them") {
            var scene = Scene()
            scene.write("a", by: .d1, base: 11, .text("same"), over: "")
            scene.write("b", by: .d2, base: 11, .text("same"), over: "")
            #expect(scene.heads() == "ab")
            #expect(scene.shown() == "same")
            #expect(scene.state.conflicts.isEmpty && !scene.state.isConflicted)
            #expect(scene.state.state(of: "text")?.ops == Scene.ops("ab"))
            // A write that named one of them only would leave the other standing beside it.
            var partial = scene
            partial.write("c", by: .d1, base: 13, .text("new"), over: "a")
            #expect(partial.shown() == "{new, same}")
            scene.write("c", by: .d1, base: 13, .text("new"), over: "ab")
            #expect(scene.shown() == "new")
        },
        Case("D1 clears, D2 rewrites: heads empty and B, conflict {empty, B}") {
            var scene = Scene()
            scene.write("a", by: .d1, base: 11, .text("A"), over: "")
            scene.write("b", by: .d1, base: 12, .null, over: "a")
            scene.write("c", by: .d2, base: 12, .text("B"), over: "a")
            #expect(scene.heads() == "bc")
            #expect(scene.shown() == "{B, empty}")
            #expect(scene.state.value("text") == nil)
        },
        Case("set element added by D1 while D2 removes it: contested element, must be resolved before signing") {
            var scene = Scene()
            scene.write("a", by: .d1, base: 11, [(member, .bool(false), "")])
            scene.write("b", by: .d1, base: 12, [(member, .bool(true), "a")])
            scene.write("c", by: .d2, base: 12, [(member, .bool(false), "a")])
            #expect(scene.shown(member) == "{false, true}")
            #expect(scene.state.contested("roles") == [.code("x")])
            #expect(scene.state.members("roles").isEmpty)
            #expect(CoveredRecord(scene.state, record: RecordID(high: 1, low: 1), space: SpaceID(high: 1, low: 1)) == nil)
            scene.write("d", by: .d2, base: 14, [(member, .bool(true), "bc")])
            #expect(scene.state.members("roles") == [.code("x")])
        },
        Case("delete naming all heads of the record seen, in every cell: record gone; restoring writes life and the old values anew") {
            var scene = Scene()
            scene.write("a", by: .d1, base: 11, .text("A"), over: "")
            scene.write("b", by: .d1, base: 12, [(topic, .text("T"), "")])
            scene.write("x", by: .d2, base: 13, [(.life, .bool(false), scene.state.allHeads)])
            #expect(scene.state.standing == .deleted)
            #expect(scene.state.cells.map(\.key) == [.life])
            scene.write("r", by: .d1, base: 14, [(.life, .bool(true), Scene.ops("x")), (Scene.text, .text("A"), [])])
            #expect(scene.state.standing == .alive)
            #expect(scene.shown() == "A")
            #expect(scene.shown(topic) == "nothing")
        },
        Case("delete concurrent with an edit: edit head survives, deleted here, edited there; restored") {
            var scene = Scene()
            scene.write("a", by: .d1, base: 11, .text("A"), over: "")
            scene.write("x", by: .d1, base: 12, [(.life, .bool(false), scene.state.allHeads)])
            scene.write("b", by: .d2, base: 12, .text("B"), over: "a")
            #expect(scene.heads() == "b")
            #expect(scene.state.standing == .deletedHereEditedThere)
            #expect(scene.state.isConflicted)
            var restored = scene
            restored.write("r", by: .d1, base: 14, [(.life, .bool(true), Scene.ops("x"))])
            #expect(restored.state.standing == .alive)
            #expect(restored.shown() == "B")
            scene.write("y", by: .d1, base: 14, [(.life, .bool(false), scene.state.allHeads)])
            #expect(scene.state.standing == .deleted)
        },
        Case("the edit arrives before the deletion that had not seen it: the same") {
            var scene = Scene()
            scene.write("a", by: .d1, base: 11, .text("A"), over: "")
            let seen = scene.state.allHeads
            scene.write("b", by: .d2, base: 12, .text("B"), over: "a")
            scene.write("x", by: .d1, base: 12, [(.life, .bool(false), seen)])
            #expect(scene.heads() == "b")
            #expect(scene.state.standing == .deletedHereEditedThere)
        },
        Case("one device deletes, another restores what a third had deleted: contested") {
            var scene = Scene()
            scene.write("x", by: .d1, base: 11, [(.life, .bool(false), scene.state.allHeads)])
            scene.write("y", by: .d2, base: 12, [(.life, .bool(false), "x")])
            scene.write("z", by: .d3, base: 12, [(.life, .bool(true), "x")])
            #expect(scene.state.standing == .contested)
            #expect(scene.state.conflicts.map(\.key) == [.life])
        },
        Case("two devices edit different fields of one row: both apply, the seam stands until a change that has seen it") {
            var scene = Scene()
            scene.write("a", by: .d1, base: 11, .text("A"), over: "")
            #expect(scene.state.seam == nil)
            let seamed = scene.size
            // D2 had not seen a, written by another device in another cell.
            scene.write("b", by: .d2, base: 11, [(topic, .text("T"), "")])
            #expect(scene.shown() == "A" && scene.shown(topic) == "T")
            #expect(!scene.state.isConflicted)
            #expect(scene.state.seam == seamed)
            // Its base covers a and b, but not the seam's own position: nobody has looked at the whole yet.
            var early = scene
            early.write("c", by: .d2, base: seamed, .text("C"), over: "a")
            #expect(early.state.seam == seamed)
            scene.write("c", by: .d1, base: seamed + 1, .text("C"), over: "a")
            #expect(scene.state.seam == nil)
        },
        Case("no seam: the unseen head is the device's own, or stands in the cell that is written, or is superseded") {
            var scene = Scene()
            scene.write("a", by: .d1, base: 11, .text("A"), over: "")
            var own = scene
            own.write("b", by: .d1, base: 11, [(topic, .text("T"), "")])
            #expect(own.state.seam == nil)
            var sameCell = scene
            sameCell.write("b", by: .d2, base: 11, .text("B"), over: "")
            #expect(sameCell.state.seam == nil)
            #expect(sameCell.shown() == "{A, B}")
            scene.write("b", by: .d2, base: 12, [(topic, .text("T"), "")])
            #expect(scene.state.seam == nil)
        },
        Case("value erased: the head stays with state erased; it never falls back to an older value") {
            var scene = Scene()
            scene.write("a", by: .d1, base: 11, .text("A"), over: "")
            scene.write("b", by: .d1, base: 12, .text("B"), over: "a")
            let cells = scene.state.cells.map { cell in
                Cell(
                    key: cell.key,
                    heads: cell.heads.map {
                        Head(op: $0.op, position: $0.position, author: $0.author, value: cell.key == .life ? $0.value : nil)
                    })
            }
            let erased = RecordState(kind: scene.state.kind, creator: scene.state.creator, cells: cells)
            #expect(erased.state(of: "text") == .settled(nil, by: Scene.ops("b")))
            #expect(erased.value("text") == nil)
            #expect(erased[Scene.text]?.isErased == true)
            #expect(CoveredRecord(erased, record: RecordID(high: 1, low: 1), space: SpaceID(high: 1, low: 1)) == nil)
        },
    ]

    @Test("Each case ends as the table says", arguments: cases)
    func holds(row: Case) { row.run() }
}
