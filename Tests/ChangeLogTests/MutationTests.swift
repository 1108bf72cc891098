import BuntanProtocol
import ChangeLog
import Mutations
import Testing

@Suite("Key files, notes and proofs with mistakes drawn at random")
struct MutationTests {
    @Test("A key file with mistakes is refused, or is the file it was; nothing is taken for a key that it does not name")
    func keyFiles() throws {
        var random = SeededRandom(3)
        let keys = DeviceKeys(random: &random)
        let cost = PassphraseCost(log2Rounds: 1, blockSize: 1, parallelism: 1)
        let files = [
            KeyFile(unsealed: .device(keys)), KeyFile(unsealed: .root(keys.signing)),
            try KeyFile(sealing: .device(keys), passphrase: "open", cost: cost, random: &random),
        ]
        for (number, file) in files.enumerated() {
            let bytes = file.encoded()
            for seed in 0..<800 as Range<UInt64> {
                var mutations = Mutations(seed: seed &+ UInt64(number) << 32)
                let damaged = mutations.damaged(bytes)
                do throws(KeyFileFault) {
                    let read = try KeyFile(decoding: damaged)
                    #expect(read == file && damaged == bytes, "file \(number), seed \(seed)")
                } catch {}
            }
        }
    }

    /// What a file's owner would find a day later, had somebody written it with the checksum made to fit.
    @Test(
        "A key file that asks for more work than any of ours is refused before any is done",
        arguments: [(20, 8, 1), (40, 8, 1), (17, 1 << 20, 1), (17, 8, 1 << 30), (63, 63, 63), (0, 8, 1)])
    func dearFile(log2Rounds: Int, blockSize: Int, parallelism: Int) throws {
        #expect(!PassphraseCost(log2Rounds: log2Rounds, blockSize: blockSize, parallelism: parallelism).isBearable)
        let key = SigningKey(seed: SHA.digest([1])).publicKey
        let salt = Nonce(high: 1, low: 2)
        func map(_ entries: Int, _ rest: (inout CBORWriter) -> Void) -> [UInt8] {
            CBORWriter.encode { w in
                w.map(entries)
                w.key(1)
                w.int(1)
                w.key(2)
                w.int(1)
                w.key(3)
                w.fixed(key)
                w.key(4)
                w.array(4)
                w.int(log2Rounds)
                w.int(blockSize)
                w.int(parallelism)
                w.id(salt)
                w.key(5)
                w.byteString([UInt8](repeating: 7, count: 92))
                rest(&w)
            }
        }
        let checksum = Array(Purpose.hash("key-file", map(5) { _ in }).bytes.prefix(16))
        let file = map(6) { w in
            w.key(6)
            w.byteString(checksum)
        }
        #expect(throws: KeyFileFault.self) { try KeyFile(decoding: file) }
    }

    @Test("A signed note with mistakes is refused, or says what it said")
    func notes() throws {
        let key = SigningKey(seed: SHA.digest([2]))
        let origin = Checkpoint.origin(server: "sync.example", space: SpaceID(high: 1, low: 2), epoch: 0)
        let checkpoint = Checkpoint(origin: origin, size: 1_234, root: SHA.digest([3]))
        let note = checkpoint.signed(by: key)
        for seed in 0..<1_000 as Range<UInt64> {
            var mutations = Mutations(seed: seed)
            let damaged = String(decoding: mutations.damaged(Array(note.utf8)), as: UTF8.self)
            if let opened = try? Checkpoint.open(damaged, origin: origin, key: key.publicKey) {
                #expect(opened == checkpoint, "seed \(seed)")
            }
        }
    }

    @Test("A proof with mistakes is refused, or shows the entry that it shows")
    func proofs() throws {
        let key = SigningKey(seed: SHA.digest([2]))
        let origin = Checkpoint.origin(server: "sync.example", space: SpaceID(high: 1, low: 2), epoch: 0)
        let leaves = (0..<11 as Range<UInt8>).map { TreeHash.leaf([$0]) }
        var frontier = LogFrontier()
        frontier.append(contentsOf: leaves)
        let note = Checkpoint(origin: origin, size: 11, root: frontier.root).signed(by: key)
        let path = try #require(Self.path(to: 4, in: leaves))
        let evidence = ChangeLog.LogEvidence(position: 4, proof: path, note: note)
        #expect(throws: Never.self) { try evidence.verify(entry: [4], origin: origin, key: key.publicKey) }
        for seed in 0..<1_000 as Range<UInt64> {
            var mutations = Mutations(seed: seed)
            let damaged = String(decoding: mutations.damaged(Array(evidence.text.utf8)), as: UTF8.self)
            guard let parsed = try? ChangeLog.LogEvidence(parsing: damaged) else { continue }
            for entry in 0..<11 as Range<UInt8> where (try? parsed.verify(entry: [entry], origin: origin, key: key.publicKey)) != nil {
                #expect(entry == 4 && parsed.position == 4, "seed \(seed)")
            }
        }
    }

    /// The hashes beside the way from a leaf to the root (RFC 6962 section 2.1.1), the plain way.
    private static func path(to index: Int, in leaves: [Digest]) -> [Digest]? {
        guard leaves.count > 1 else { return [] }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        func root(_ part: ArraySlice<Digest>) -> Digest {
            var frontier = LogFrontier()
            frontier.append(contentsOf: Array(part))
            return frontier.root
        }
        if index < split { return path(to: index, in: Array(leaves[..<split])).map { $0 + [root(leaves[split...])] } }
        return path(to: index - split, in: Array(leaves[split...])).map { $0 + [root(leaves[..<split])] }
    }
}
