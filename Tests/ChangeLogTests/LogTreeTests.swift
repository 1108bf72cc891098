import BuntanProtocol
import ChangeLog
import Testing

/// RFC 6962 section 2.1 word for word: slow, and plainly right.
private enum Naive {
    static func split(_ count: Int) -> Int {
        var k = 1
        while k * 2 < count { k *= 2 }
        return k
    }
    static func root(_ leaves: ArraySlice<Digest>) -> Digest {
        guard let first = leaves.first else { return SHA.empty }
        guard leaves.count > 1 else { return first }
        let k = leaves.startIndex + split(leaves.count)
        return SHA.digest([1] + root(leaves[..<k]).bytes + root(leaves[k...]).bytes)
    }
    static func path(_ m: Int, _ leaves: ArraySlice<Digest>) -> [Digest] {
        guard leaves.count > 1 else { return [] }
        let k = split(leaves.count)
        let left = leaves.prefix(k)
        let right = leaves.dropFirst(k)
        return m < k ? path(m, left) + [root(right)] : path(m - k, right) + [root(left)]
    }
    static func proof(_ m: Int, _ leaves: ArraySlice<Digest>, _ isStart: Bool = true) -> [Digest] {
        if m == leaves.count { return isStart ? [] : [root(leaves)] }
        let k = split(leaves.count)
        let left = leaves.prefix(k)
        let right = leaves.dropFirst(k)
        return m <= k ? proof(m, left, isStart) + [root(right)] : proof(m - k, right, false) + [root(left)]
    }
}

/// Tiles as a store keeps them.
private struct TileStore {
    var tiles: [TileID: [UInt8]] = [:]
    var size = 0

    mutating func append(_ leaves: [Digest]) throws -> [TileID] {
        let changed = try LogTiles.appending(leaves, toLogOf: size) { tiles[$0] }
        for (id, bytes) in changed { tiles[id] = bytes }
        size += leaves.count
        return changed.map(\.0)
    }
}

@Suite("The log's tree")
struct LogTreeTests {
    /// The reference vectors of Certificate Transparency.
    static let inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
    static let leaves = inputs.map { TreeHash.leaf(hex($0)) }

    private static func leaves(_ count: Int, seed: UInt64) -> [Digest] {
        var random = SeededRandom(seed)
        return (0..<count).map { _ in random.seed() }
    }

    @Test("Roots are those of the Certificate Transparency vectors", arguments: 0...8)
    func referenceRoots(size: Int) throws {
        var frontier = LogFrontier()
        frontier.append(contentsOf: Self.leaves.prefix(size))
        var store = TileStore()
        _ = try store.append(Array(Self.leaves.prefix(size)))
        #expect(frontier.root.hex == Self.roots[size])
        #expect(try LogTiles.root(ofSize: size) { store.tiles[$0] }.hex == Self.roots[size])
    }

    @Test(
        "Audit paths are those of the Certificate Transparency vectors",
        arguments: [
            (0, 1, []),
            (
                0, 8,
                [
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
                ]
            ),
            (
                5, 8,
                [
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ]
            ),
            (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
            (
                1, 5,
                [
                    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ]
            ),
        ] as [(Int, Int, [String])])
    func referencePaths(position: Int, size: Int, expected: [String]) throws {
        var store = TileStore()
        _ = try store.append(Self.leaves)
        let proof = try LogTiles.inclusionProof(position: position, size: size) { store.tiles[$0] }
        #expect(proof.map(\.hex) == expected)
        #expect(LogProof.includes(Self.leaves[position], at: position, size: size, proof: proof, root: digest(Self.roots[size])))
    }

    @Test(
        "Consistency proofs are those of the Certificate Transparency vectors",
        arguments: [
            (1, 1, []),
            (
                1, 8,
                [
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
                ]
            ),
            (
                6, 8,
                [
                    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ]
            ),
            (
                2, 5,
                [
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ]
            ),
        ] as [(Int, Int, [String])])
    func referenceConsistency(from: Int, to: Int, expected: [String]) throws {
        var store = TileStore()
        _ = try store.append(Self.leaves)
        let proof = try LogTiles.consistencyProof(from: from, to: to) { store.tiles[$0] }
        #expect(proof.map(\.hex) == expected)
        #expect(
            LogProof.isConsistent(
                oldSize: from, oldRoot: digest(Self.roots[from]), newSize: to, newRoot: digest(Self.roots[to]), proof: proof))
    }

    @Test("Frontier, tiles and RFC 6962 word for word agree, however a log was appended to", arguments: 1...12 as ClosedRange<UInt64>)
    func agreesWithNaive(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let leaves = Self.leaves(Int.random(in: 1...1_400, using: &random), seed: seed)
        var store = TileStore()
        var frontier = LogFrontier()
        var next = 0
        while next < leaves.count {
            let count = min(Int.random(in: 0...300, using: &random), leaves.count - next)
            _ = try store.append(Array(leaves[next..<next + count]))
            frontier.append(contentsOf: leaves[next..<next + count])
            next += count
            #expect(frontier.root == Naive.root(leaves[..<next]))
            #expect(try LogTiles.frontier(ofSize: next) { store.tiles[$0] } == frontier)
        }
        for _ in 0..<12 {
            let size = Int.random(in: 1...leaves.count, using: &random)
            let position = Int.random(in: 0..<size, using: &random)
            let earlier = Int.random(in: 0...size, using: &random)
            let root = try LogTiles.root(ofSize: size) { store.tiles[$0] }
            #expect(root == Naive.root(leaves[..<size]))
            let path = try LogTiles.inclusionProof(position: position, size: size) { store.tiles[$0] }
            #expect(path == Naive.path(position, leaves[..<size]))
            #expect(LogProof.includes(leaves[position], at: position, size: size, proof: path, root: root))
            let proof = try LogTiles.consistencyProof(from: earlier, to: size) { store.tiles[$0] }
            if earlier > 0 { #expect(proof == Naive.proof(earlier, leaves[..<size])) }
            let old = Naive.root(leaves[..<earlier])
            #expect(LogProof.isConsistent(oldSize: earlier, oldRoot: old, newSize: size, newRoot: root, proof: proof))
        }
    }

    @Test("A log of more than 256² entries has three levels of tiles, and one entry more changes one tile")
    func deepTree() throws {
        let leaves = Self.leaves(65_536 + 257, seed: 7)
        var store = TileStore()
        _ = try store.append(Array(leaves.dropLast()))
        #expect(store.tiles.keys.map(\.level).max() == 2)
        #expect(try store.append([leaves[65_536 + 256]]) == [TileID(level: 0, index: 257)])
        var frontier = LogFrontier()
        frontier.append(contentsOf: leaves)
        #expect(try LogTiles.root(ofSize: leaves.count) { store.tiles[$0] } == frontier.root)
        let proof = try LogTiles.inclusionProof(position: 65_535, size: leaves.count) { store.tiles[$0] }
        #expect(LogProof.includes(leaves[65_535], at: 65_535, size: leaves.count, proof: proof, root: frontier.root))
    }

    @Test("No proof passes for another leaf, position, size, root or path", arguments: 1...20 as ClosedRange<UInt64>)
    func forgedInclusion(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let leaves = Self.leaves(Int.random(in: 2...70, using: &random), seed: seed)
        var store = TileStore()
        _ = try store.append(leaves)
        let size = leaves.count
        let position = Int.random(in: 0..<size, using: &random)
        let root = Naive.root(leaves[...])
        let path = try LogTiles.inclusionProof(position: position, size: size) { store.tiles[$0] }
        let leaf = leaves[position]
        #expect(!LogProof.includes(random.seed(), at: position, size: size, proof: path, root: root))
        #expect(!LogProof.includes(leaf, at: position, size: size, proof: path, root: random.seed()))
        #expect(!LogProof.includes(leaf, at: position, size: size, proof: path + [root], root: root))
        #expect(!LogProof.includes(leaf, at: position, size: size, proof: path.dropLast(), root: root))
        #expect(!LogProof.includes(leaf, at: size, size: size, proof: path, root: root))
        #expect(!LogProof.includes(leaf, at: -1, size: size, proof: path, root: root))
        for other in 0..<size where other != position {
            #expect(!LogProof.includes(leaf, at: other, size: size, proof: path, root: root))
        }
        var altered = path
        altered[Int.random(in: 0..<path.count, using: &random)] = random.seed()
        #expect(!LogProof.includes(leaf, at: position, size: size, proof: altered, root: root))
    }

    @Test("No consistency proof passes for a history that was altered", arguments: 1...20 as ClosedRange<UInt64>)
    func forgedConsistency(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let leaves = Self.leaves(Int.random(in: 3...70, using: &random), seed: seed)
        var store = TileStore()
        _ = try store.append(leaves)
        let old = Int.random(in: 1..<leaves.count, using: &random)
        let oldRoot = Naive.root(leaves[..<old])
        let root = Naive.root(leaves[...])
        let proof = try LogTiles.consistencyProof(from: old, to: leaves.count) { store.tiles[$0] }
        func passes(_ oldSize: Int, _ oldRoot: Digest, _ size: Int, _ root: Digest, _ proof: [Digest]) -> Bool {
            LogProof.isConsistent(oldSize: oldSize, oldRoot: oldRoot, newSize: size, newRoot: root, proof: proof)
        }
        var rewritten = leaves
        rewritten[Int.random(in: 0..<old, using: &random)] = random.seed()
        #expect(passes(old, oldRoot, leaves.count, root, proof))
        #expect(!passes(old, Naive.root(rewritten[..<old]), leaves.count, root, proof))
        #expect(!passes(old, oldRoot, leaves.count, Naive.root(rewritten[...]), proof))
        #expect(!passes(old, oldRoot, leaves.count, root, proof + [root]))
        #expect(!passes(old, oldRoot, leaves.count, root, proof.dropLast()))
        #expect(!passes(leaves.count, root, old, oldRoot, proof))
        #expect(!passes(leaves.count, root, leaves.count, root, [root]))
        #expect(!passes(leaves.count, root, leaves.count, oldRoot, []))
        #expect(!passes(0, root, leaves.count, root, []))
        #expect(passes(0, SHA.empty, leaves.count, root, []))
    }

    @Test("A stored tree that lacks hashes is named, not guessed")
    func missingTile() throws {
        var store = TileStore()
        _ = try store.append(Self.leaves(300, seed: 1))
        let broken = TileID(level: 0, index: 1)
        store.tiles[broken]?.removeLast(32)
        #expect(throws: TileFault.missing(broken, hashes: 44)) { try LogTiles.root(ofSize: 300) { store.tiles[$0] } }
        #expect(throws: TileFault.missing(broken, hashes: 44)) { try LogTiles.appending([SHA.empty], toLogOf: 300) { store.tiles[$0] } }
        #expect(throws: TileFault.missing(TileID(level: 1, index: 0), hashes: 1)) { try LogTiles.root(ofSize: 256) { _ in nil } }
    }

    @Test("Hashes that a crash left beyond the size are dropped by the next append")
    func leftovers() throws {
        let leaves = Self.leaves(20, seed: 3)
        var store = TileStore()
        _ = try store.append(leaves)
        store.size = 10
        _ = try store.append([leaves[0]])
        #expect(try LogTiles.root(ofSize: 11) { store.tiles[$0] } == Naive.root((leaves[..<10] + [leaves[0]])[...]))
        #expect(store.tiles[TileID(level: 0, index: 0)]?.count == 11 * 32)
    }

    @Test("A frontier is read back as written, and one whose hashes do not fit its size is refused")
    func frontierEncoding() throws {
        var frontier = LogFrontier()
        for size in 0...40 {
            #expect(try LogFrontier(decoding: frontier.encoded()) == frontier, "size \(size)")
            frontier.append(SHA.empty)
        }
        let wrong = CBORWriter.encode { w in
            w.array(2)
            w.int(3)
            w.list([SHA.empty]) { $0.fixed($1) }
        }
        #expect(throws: DecodingFault(.wrongLength, at: 2)) { try LogFrontier(decoding: wrong) }
    }
}
