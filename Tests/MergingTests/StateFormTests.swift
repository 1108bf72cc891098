import BuntanProtocol
import Merging
import Testing

/// The form of a state said again with the general reader and writer: slow, and judged by their own tests.
enum ReferenceForm {
    static func encoded(_ state: RecordState) -> [UInt8] {
        CBORWriter.encode { w in
            w.array(4)
            w.text(state.kind)
            w.id(state.creator)
            w.optional(state.seam) { $0.int($1) }
            w.list(state.cells) { w, cell in
                w.array(3)
                cell.key.write(to: &w)
                w.list(cell.heads.map(encoded).sorted { $0.lexicographicallyPrecedes($1) }) { $0.raw($1) }
            }
        }
    }

    private static func encoded(_ head: Head) -> [UInt8] {
        CBORWriter.encode { w in
            w.array(head.value == nil ? 4 : 5)
            w.id(head.op.change)
            w.int(head.op.index)
            w.optional(head.position) { $0.int($1) }
            w.int(head.author)
            if let value = head.value { w.raw(value.bytes) }
        }
    }

    /// Reads leniently, then asks whether writing it again gives the same bytes: there is no other form.
    static func decode(_ bytes: [UInt8]) -> RecordState? {
        do {
            let state = try CBORReader.decode(bytes) { r throws(DecodingFault) -> RecordState in
                try r.array(of: 4)
                let kind = try r.name()
                let creator: OrganisationID = try r.id()
                let seam = try r.optional { r throws(DecodingFault) in try r.count() }
                let cells = try r.list(most: .max) { r throws(DecodingFault) -> Cell in
                    try r.array(of: 3)
                    let key = try CellKey(from: &r)
                    let heads = try r.list(most: .max) { r throws(DecodingFault) -> Head in
                        let parts = try r.array()
                        guard parts == 4 || parts == 5 else { throw r.fault(.wrongLength) }
                        let op = OpID(try r.id(), try r.int(0...(Limits.opsPerChange - 1)))
                        let position = try r.optional { r throws(DecodingFault) in try r.count() }
                        return Head(op: op, position: position, author: try r.count(), value: parts == 5 ? try EncodedValue(from: &r) : nil)
                    }
                    guard !heads.isEmpty, Set(heads.map(\.op)).count == heads.count else { throw r.fault(.wrongLength) }
                    return Cell(key: key, heads: heads.sorted { $0.op < $1.op })
                }
                guard Set(cells.map(\.key)).count == cells.count else { throw r.fault(.unsorted) }
                return RecordState(kind: kind, creator: creator, seam: seam, cells: cells.sorted { $0.key < $1.key })
            }
            return encoded(state) == bytes ? state : nil
        } catch { return nil }
    }
}

@Suite struct StateFormTests {
    static func state(seed: UInt64) -> RecordState {
        var random = SeededRandom(seed: seed)
        func pick<T>(_ values: [T]) -> T { values[Int.random(in: values.indices, using: &random)] }
        var keys: Set<CellKey> = [.life]
        for _ in 0..<Int.random(in: 0..<12, using: &random) {
            let field = pick([
                "a", "label", "~!", String(repeating: "f", count: 23), String(repeating: "f", count: 24), String(repeating: "g", count: 64),
            ])
            keys.insert(
                CellKey(
                    field,
                    pick([
                        nil, .code("ja"), .code(String(repeating: "c", count: 30)),
                        .id([UInt8](repeating: random.next() > 1 << 63 ? 1 : 2, count: 16)),
                    ])))
        }
        let numbers = [0, 1, 23, 24, 255, 256, 65_535, 65_536, 4_294_967_295, 4_294_967_296, 1 << 53]
        func value() -> EncodedValue? {
            switch Int.random(in: 0..<8, using: &random) {
            case 0: nil
            case 1: .null
            case 2: .true
            case 3: Value.int(Int64(pick(numbers)) - 1).encoded
            case 4: Value.int(-Int64(pick(numbers)) + 1).encoded
            case 5: Value.bytes([UInt8](repeating: 9, count: pick([0, 16, 23, 24, 64]))).encoded
            default:
                Value.text(pick(["", "x", "日次のスナップショット", String(repeating: "é", count: 12), String(repeating: "t", count: 300)])).encoded
            }
        }
        let cells = keys.sorted().map { key in
            let ops = Set(
                (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    OpID(ChangeID(high: random.next() % 3, low: random.next() % 3), pick([0, 23, 24, 255, 256, 499]))
                })
            return Cell(
                key: key,
                heads: ops.sorted().map {
                    Head(op: $0, position: pick([nil, 3, pick(numbers)]), author: pick(numbers), value: value())
                })
        }
        return RecordState(
            kind: pick(["k", "responsibility-position"]), creator: OrganisationID(high: random.next(), low: 0), seam: pick([nil] + numbers),
            cells: cells)
    }

    @Test("The quick form and the general one are the same bytes, and give the state back", arguments: 0..<300 as Range<UInt64>)
    func sameForm(seed: UInt64) throws {
        let state = Self.state(seed: seed)
        let bytes = state.encoded()
        #expect(bytes == ReferenceForm.encoded(state), "seed \(seed)")
        #expect(try RecordState(decoding: bytes) == state, "seed \(seed)")
        #expect(ReferenceForm.decode(bytes) == state, "seed \(seed)")
        // Values are slices: a state in the middle of a page reads the same.
        let page = [0xff, 0xff] + bytes + [0xff]
        #expect(try RecordState(decoding: page[2..<page.count - 1]) == state, "seed \(seed)")
    }

    @Test("Bytes that were touched are judged alike by both: refused, or one and the same state", arguments: 0..<120 as Range<UInt64>)
    func touchedBytes(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let bytes = Self.state(seed: seed).encoded()
        for _ in 0..<60 {
            var touched = bytes
            let at = Int.random(in: touched.indices, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: touched[at] = UInt8.random(in: 0...255, using: &random)
            case 1: touched[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: touched.remove(at: at)
            default: touched.insert(UInt8.random(in: 0...255, using: &random), at: at)
            }
            let read = try? RecordState(decoding: touched)
            #expect(read == ReferenceForm.decode(touched), "seed \(seed)")
        }
    }
}
