import BuntanProtocol
import ChangeLog
import Testing

@Suite("The values root")
struct ValuesRootTests {
    private static func values(_ count: Int, _ random: inout SeededRandom) -> [EncodedValue] {
        (0..<count).map { index in
            switch index % 5 {
            case 0: Value.null.encoded
            case 1: Value.bool(index % 2 == 0).encoded
            case 2: Value.int(Int64(index) * 7_919).encoded
            case 3: Value.bytes(random.bytes(16)).encoded
            default: Value.text(String(repeating: "統制", count: Int.random(in: 0...300, using: &random))).encoded
            }
        }
    }

    /// The layouts of the design, written out: nothing shared with the code under test but SHA-256.
    private static func root(seed: Nonce, values: [EncodedValue]) -> Digest {
        var hashes = values.enumerated().map { index, value in
            let number: [UInt8] = [0, 0, UInt8(index >> 8), UInt8(index & 255)]
            let salt = SHA.digest(Array("buntan.salt.v1".utf8) + [0] + seed.bytes + number).bytes.prefix(16)
            return SHA.digest([0] + Array("buntan.value.v1".utf8) + [0] + salt + value.bytes)
        }
        func root(_ hashes: ArraySlice<Digest>) -> Digest {
            if hashes.count == 1, let only = hashes.first { return only }
            var k = 1
            while k * 2 < hashes.count { k *= 2 }
            return SHA.digest([1] + root(hashes.prefix(k)).bytes + root(hashes.dropFirst(k)).bytes)
        }
        defer { hashes = [] }
        return hashes.isEmpty ? SHA.empty : root(hashes[...])
    }

    @Test("The root is the one of the layouts in the design", arguments: [0, 1, 2, 3, 15, 16, 17, 255, 500])
    func matchesLayout(count: Int) {
        var random = SeededRandom(UInt64(count))
        let seed = random.nonce()
        let values = Self.values(count, &random)
        let payload = Payload.whole(seed: seed, values: values)
        #expect(ValuesRoot.root(of: payload) == Self.root(seed: seed, values: values))
        #expect(ValuesRoot.commitments(of: payload).count == count)
    }

    @Test("Erasing values leaves the root as it was and the values gone", arguments: 1...10 as ClosedRange<UInt64>)
    func erasure(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let values = Self.values(40, &random)
        let whole = Payload.whole(seed: random.nonce(), values: values)
        let root = ValuesRoot.root(of: whole)
        let first = Set((0..<40).filter { _ in Bool.random(using: &random) })
        let second = Set((0..<40).filter { _ in Bool.random(using: &random) })
        let erased = ValuesRoot.erasing(second, from: ValuesRoot.erasing(first, from: whole))
        #expect(ValuesRoot.root(of: erased) == root)
        for index in 0..<40 { #expect(erased[index] == (first.union(second).contains(index) ? nil : values[index])) }
        #expect(try Payload(decoding: erased.encoded()) == erased)
    }

    @Test("Another value, another seed or another order is another root")
    func binds() {
        var random = SeededRandom(4)
        let seed = random.nonce()
        let values = Self.values(20, &random)
        let root = ValuesRoot.root(of: .whole(seed: seed, values: values))
        var altered = values
        altered[7] = Value.text("改").encoded
        #expect(ValuesRoot.root(of: .whole(seed: seed, values: altered)) != root)
        #expect(ValuesRoot.root(of: .whole(seed: seed, values: values.reversed())) != root)
        #expect(ValuesRoot.root(of: .whole(seed: random.nonce(), values: values)) != root)
        #expect(ValuesRoot.root(of: .whole(seed: seed, values: values.dropLast())) != root)
    }
}
