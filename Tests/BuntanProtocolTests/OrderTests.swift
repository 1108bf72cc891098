import BuntanProtocol
import Testing

@Suite struct OrderTests {
    private func encoded(_ cell: CellKey) -> [UInt8] { CBORWriter.encode { cell.write(to: &$0) } }

    @Test("Cells sort by the bytes of their encoded forms")
    func cellOrder() {
        for seed in 0..<UInt64(3_000) {
            var shapes = Shapes(seed: seed)
            var (a, b) = (shapes.cell(), shapes.cell())
            // Near neighbours matter most: the same field, elements that share a beginning.
            if shapes.flag() { b = CellKey(a.field, b.element) }
            if shapes.chance(4) { a = CellKey(a.field, shapes.element()) }
            let byBytes = encoded(a).lexicographicallyPrecedes(encoded(b))
            #expect((a < b) == byBytes, "\(a) and \(b), seed \(seed)")
            #expect((a == b) == (encoded(a) == encoded(b)), "\(a) and \(b), seed \(seed)")
        }
    }

    @Test(
        "Cells that are close keep their places",
        arguments: [
            (CellKey("b"), CellKey("aa")), (CellKey("a", .id([UInt8](repeating: 255, count: 16))), CellKey("a", "a")),
            (CellKey("a", "zz"), CellKey("a")), (CellKey("a", "z"), CellKey("a", "aa")),
            (CellKey(String(repeating: "z", count: 23)), CellKey(String(repeating: "a", count: 24))),
        ])
    func neighbours(first: CellKey, second: CellKey) {
        #expect(first < second)
        #expect(!(second < first))
        #expect(encoded(first).lexicographicallyPrecedes(encoded(second)))
    }

    @Test("Identifiers, keys and ops sort by their bytes")
    func identifierOrder() {
        for seed in 0..<UInt64(1_000) {
            var shapes = Shapes(seed: seed)
            let (a, b): (RecordID, RecordID) = (shapes.id(), shapes.chance(4) ? RecordID(high: shapes.next(), low: 0) : shapes.id())
            #expect((a < b) == a.bytes.lexicographicallyPrecedes(b.bytes), "seed \(seed)")
            let (c, d): (Digest, Digest) = (shapes.fixed(), shapes.fixed())
            let near = Digest(word0: c.word0, word1: c.word1, word2: c.word2, word3: d.word3)
            for other in [d, near] { #expect((c < other) == c.bytes.lexicographicallyPrecedes(other.bytes), "seed \(seed)") }
            #expect(RecordID(a.bytes) == a)
            #expect(Digest(c.bytes) == c)
        }
        let change = ChangeID(high: 1, low: 2)
        #expect(OpID(change, 9) < OpID(change, 10))
        #expect(OpID(change, 499) < OpID(ChangeID(high: 1, low: 3), 0))
    }

    @Test("Texts that look alike but differ in bytes are different values")
    func canonicalEquivalence() {
        let (composed, decomposed) = ("が", "か\u{3099}")
        #expect(composed == decomposed, "Swift compares by canonical equivalence; this test guards against relying on it")
        #expect(Value.text(composed) != Value.text(decomposed))
        #expect(Set([Value.text(composed), Value.text(decomposed)]).count == 2)
        #expect(Value.text(composed).encoded != Value.text(decomposed).encoded)
    }

    @Test("The digest of heads does not depend on their order, and on everything else")
    func headsDigest() {
        let heads = [
            SpaceHead(space: SpaceID(high: 2, low: 0), epoch: 0, size: 5), SpaceHead(space: SpaceID(high: 1, low: 9), epoch: 1, size: 3),
        ]
        #expect(SpaceHead.digest(of: heads) == SpaceHead.digest(of: heads.reversed()))
        #expect(SpaceHead.digest(of: heads) != SpaceHead.digest(of: heads.dropLast()))
        #expect(SpaceHead.digest(of: heads) != SpaceHead.digest(of: [heads[0], SpaceHead(space: heads[1].space, epoch: 1, size: 4)]))
        #expect(SpaceHead.digest(of: heads) != SpaceHead.digest(of: [heads[0], SpaceHead(space: heads[1].space, epoch: 2, size: 3)]))
    }
}
