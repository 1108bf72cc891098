import BuntanProtocol
import Testing

@Suite("Text that is checked and not read")
struct TextValidityTests {
    private func isValid(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { UTF8Form.isValid($0) } }

    @Test("Bytes are valid exactly when a string can be made of them")
    func agreesWithStrings() {
        var state: UInt64 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let edges: [UInt8] = [
            0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1,
            0xf3, 0xf4, 0xf5, 0xff,
        ]
        var valid = 0
        for _ in 0..<200_000 {
            var bytes = [UInt8](repeating: 0x61, count: next(10))
            for _ in 0..<1 + next(5) { bytes.append(edges[next(edges.count)]) }
            bytes += [UInt8](repeating: 0x62, count: next(10))
            let isText = String(validating: bytes, as: UTF8.self) != nil
            valid += isText ? 1 : 0
            #expect(isValid(bytes) == isText, "\(bytes)")
            if isValid(bytes) != isText { return }
        }
        #expect(valid > 1_000)
    }

    @Test("Every character of every plane is valid, and cut short it is not")
    func everyCharacter() {
        for value in stride(from: UInt32(0), through: 0x10_ffff, by: 37) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let bytes = Array(String(scalar).utf8)
            #expect(isValid(bytes))
            if bytes.count > 1 { #expect(!isValid(Array(bytes.dropLast()))) }
        }
    }

    @Test("An edit list with rows alike and rows apart is read as it was written")
    func repeatedRows() throws {
        func edit(_ number: UInt64, _ kind: String, _ cells: [CellKey]) -> Edit {
            Edit(record: RecordID(high: 1, low: number), kind: kind, ops: cells.map { Op(cell: $0, predecessors: []) })
        }
        let rows = [CellKey("b"), CellKey("name", "en"), CellKey("name", "ja"), CellKey("shorter")]
        let edits = [
            edit(1, "row", rows), edit(2, "row", rows), edit(3, "row", Array(rows.dropFirst())), edit(4, "other", rows),
            edit(5, "row", [CellKey("name", "en"), CellKey("b")]), edit(6, "row", rows + [CellKey("zz")]), edit(7, "row", rows),
        ]
        #expect(try EditList.decode(EditList.encoded(edits)) == edits)
        // Cells out of their usual order are still told apart from a cell that stands twice.
        let twice = [edit(1, "row", rows), edit(2, "row", [CellKey("zz"), CellKey("b"), CellKey("zz")])]
        #expect(throws: DecodingFault.self) { try EditList.decode(EditList.encoded(twice)) }
    }
}
