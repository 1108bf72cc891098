import BuntanProtocol
import ChangeLog
import Testing

@Suite("Notes, checkpoints and evidence")
struct CheckpointTests {
    /// The reference note of golang.org/x/mod/sumdb/note.
    static let neumannText = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        """
    static let neumannNote =
        neumannText + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    static let neumann = SigningKey(seed: digest("810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173"))

    @Test("A key's name is any text without Unicode's blanks, control characters and plus signs")
    func names() {
        for scalar in (UInt32(0)...0x3100).compactMap(Unicode.Scalar.init) {
            let isControl = scalar.value < 0x20 || scalar.value == 0x7f
            let wanted = !scalar.properties.isWhitespace && !isControl && scalar != "+"
            #expect(SignedNote.isName("a" + String(Character(scalar))) == wanted, "U+\(String(scalar.value, radix: 16))")
        }
        #expect(!SignedNote.isName(""))
    }

    @Test("A note is byte for byte what the reference implementation makes")
    func referenceNote() throws {
        #expect(SignedNote.make(text: Self.neumannText, key: Self.neumann, name: "PeterNeumann") == Self.neumannNote)
        #expect(SignedNote.keyID(name: "PeterNeumann", key: Self.neumann.publicKey) == 0xc74f_20a3)
        let note = try SignedNote(parsing: Self.neumannNote)
        #expect(note.text == Self.neumannText)
        try note.verify(key: Self.neumann.publicKey, name: "PeterNeumann")
    }

    @Test("The examples of the C2SP texts are read")
    func examples() throws {
        let poem = """
            Ognuno sta solo sul cuor della terra
            trafitto da un raggio di sole:

            ed è subito sera.

            — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=

            """
        let note = try SignedNote(parsing: poem)
        #expect(note.text.hasSuffix("sole:\n\ned è subito sera.\n"))
        #expect(note.lines.map(\.name) == ["quasimodo.example/salvatore"])
        #expect(note.lines.map(\.signature.count) == [64])

        let sofa = """
            example.com/behind-the-sofa
            20852163
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

            — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=

            """
        let checkpoint = try Checkpoint(parsing: try SignedNote(parsing: sofa).text)
        #expect(checkpoint.origin == "example.com/behind-the-sofa")
        #expect(checkpoint.size == 20_852_163)
        #expect(checkpoint.root.hex == "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62")
        #expect(checkpoint.text == (try SignedNote(parsing: sofa)).text)
    }

    private static let space = SpaceID(high: 0x0123_4567_89ab_cdef, low: 1)
    private static let origin = Checkpoint.origin(server: "sync.example.jp", space: space, epoch: 2)

    @Test("A checkpoint names server, space and epoch, and is read back as signed")
    func roundTrip() throws {
        var random = SeededRandom(1)
        let key = SigningKey(seed: random.seed())
        let checkpoint = Checkpoint(origin: Self.origin, size: 42, root: random.seed())
        #expect(checkpoint.origin == "sync.example.jp/buntan/0123456789abcdef0000000000000001/e2")
        #expect(Checkpoint.origin(server: nil, space: Self.space, epoch: 0) == "local/buntan/0123456789abcdef0000000000000001/e0")
        #expect(try Checkpoint.open(checkpoint.signed(by: key), origin: Self.origin, key: key.publicKey) == checkpoint)
        let empty = Checkpoint(origin: Self.origin, size: 0, root: SHA.empty)
        #expect(try Checkpoint.open(empty.signed(by: key), origin: Self.origin, key: key.publicKey) == empty)
    }

    @Test("A checkpoint of another log, by another key, or altered is not believed")
    func refused() throws {
        var random = SeededRandom(2)
        let key = SigningKey(seed: random.seed())
        let stranger = SigningKey(seed: random.seed())
        let checkpoint = Checkpoint(origin: Self.origin, size: 42, root: random.seed())
        let note = checkpoint.signed(by: key)
        let other = Checkpoint.origin(server: "sync.example.jp", space: Self.space, epoch: 3)
        #expect(throws: NoteFault.otherOrigin(found: Self.origin, expected: other)) {
            try Checkpoint.open(note, origin: other, key: key.publicKey)
        }
        #expect(throws: NoteFault.unsigned) { try Checkpoint.open(note, origin: Self.origin, key: stranger.publicKey) }
        let larger = note.replacing("\n42\n", with: "\n43\n")
        #expect(throws: NoteFault.badSignature) { try Checkpoint.open(larger, origin: Self.origin, key: key.publicKey) }
        // The same key under another name is another key.
        let renamed = SignedNote.make(text: checkpoint.text, key: key, name: other)
        #expect(throws: NoteFault.unsigned) { try Checkpoint.open(renamed, origin: Self.origin, key: key.publicKey) }
    }

    @Test("Signatures by unknown keys are passed over, so that a log can change its key")
    func unknownSignatures() throws {
        var random = SeededRandom(3)
        let old = SigningKey(seed: random.seed())
        let new = SigningKey(seed: random.seed())
        let checkpoint = Checkpoint(origin: Self.origin, size: 7, root: random.seed())
        let note = checkpoint.signed(by: old, new) + "— witness.example/w AAECAwQFBgc=\n"
        #expect(try Checkpoint.open(note, origin: Self.origin, key: old.publicKey) == checkpoint)
        #expect(try Checkpoint.open(note, origin: Self.origin, key: new.publicKey) == checkpoint)
    }

    @Test("A note in which any line of the key does not verify is not believed, whatever the others say")
    func everyLineOfTheKey() throws {
        var random = SeededRandom(4)
        let key = SigningKey(seed: random.seed())
        let checkpoint = Checkpoint(origin: Self.origin, size: 7, root: random.seed())
        let note = checkpoint.signed(by: key)
        let good = try #require(note.split(separator: "\n").last)
        let larger = Checkpoint(origin: Self.origin, size: 8, root: checkpoint.root).signed(by: key)
        let other = try #require(larger.split(separator: "\n").last)
        #expect(try Checkpoint.open(note + good + "\n", origin: Self.origin, key: key.publicKey) == checkpoint)
        for lines in ["\(good)\n\(other)\n", "\(other)\n\(good)\n"] {
            #expect(throws: NoteFault.badSignature) {
                try Checkpoint.open("\(checkpoint.text)\n\(lines)", origin: Self.origin, key: key.publicKey)
            }
        }
    }

    @Test(
        "What is not a note to the letter is refused",
        arguments: [
            "", "\n", "text\n", "text\n\n", "\n— a AAECAwQ=\n", "text\n— a AAECAwQ=\n", "text\n\n— a AAECAwQ=", "text\n\n- a AAECAwQ=\n",
            "text\n\n—a AAECAwQ=\n", "text\n\n— a  AAECAwQ=\n", "text\n\n— a AAECAwQ= \n", "text\n\n— AAECAwQ=\n",
            "text\n\n— a+b AAECAwQ=\n",
            "text\n\n— a\u{3000}b AAECAwQ=\n", "text\n\n— a AAECAwR=\n", "text\n\n— a AAECAwQ\n", "text\n\n— a AAECAw==\n",
            "text\n\n— a *AECAwQ=\n",
            "te\txt\n\n— a AAECAwQ=\n", "text\r\n\n— a AAECAwQ=\n", "text\n\n— a AAECAwQ=\nmore\n",
        ])
    func malformedNotes(note: String) {
        #expect(throws: NoteFault.malformed) { try SignedNote(parsing: note) }
    }

    @Test("As many signatures are read as a note has room for, and no note beyond that", arguments: [(272, true), (273, false)])
    func noteLimit(count: Int, isRead: Bool) {
        let note = "text\n\n" + String(repeating: "— a AAECAwQ=\n", count: count)
        #expect((note.utf8.count <= Limits.noteBytes) == isRead)
        #expect((try? SignedNote(parsing: note))?.lines.count == (isRead ? count : nil))
    }

    @Test(
        "What is not a checkpoint to the letter is refused",
        arguments: [
            "a\n1\n", "a\n01\n\(root)\n", "a\n+1\n\(root)\n", "a\n-1\n\(root)\n", "a\n\n\(root)\n", "a\n1 \n\(root)\n", "\n1\n\(root)\n",
            "a\n1\n\(root)x\n", "a\n1\nAAAA\n", "a\n1\n\(root)", "a\n1\n\(root)\n\n", "a\n99999999999999999999\n\(root)\n",
        ])
    func malformedCheckpoints(text: String) {
        #expect(throws: NoteFault.malformed) { try Checkpoint(parsing: text) }
    }
    private static let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

    @Test("There are no extension lines: nothing here says what they would mean")
    func extensionLines() {
        #expect(throws: NoteFault.malformed) { try Checkpoint(parsing: "a\n1\n\(Self.root)\nmore\nlines\n") }
    }

    // MARK: evidence

    private struct Log {
        let entries: [[UInt8]]
        let evidence: LogEvidence
        let checkpoint: Checkpoint
        let key: SigningKey

        init(position: Int, seed: UInt64) throws {
            var random = SeededRandom(seed)
            let key = SigningKey(seed: random.seed())
            let entries = (0..<9).map { _ in random.bytes(50) }
            var tiles: [TileID: [UInt8]] = [:]
            for (id, bytes) in try LogTiles.appending(entries.map(TreeHash.leaf), toLogOf: 0, tile: { _ in nil }) { tiles[id] = bytes }
            let root = try LogTiles.root(ofSize: 9) { tiles[$0] }
            checkpoint = Checkpoint(origin: CheckpointTests.origin, size: 9, root: root)
            evidence = LogEvidence(
                position: position, proof: try LogTiles.inclusionProof(position: position, size: 9) { tiles[$0] },
                note: checkpoint.signed(by: key))
            self.entries = entries
            self.key = key
        }
    }

    @Test("Evidence that was written and read back shows its entry, and no other", arguments: 0..<9)
    func evidence(position: Int) throws {
        let log = try Log(position: position, seed: 5)
        let read = try LogEvidence(parsing: log.evidence.text)
        #expect(read == log.evidence)
        #expect(read.text.hasPrefix("c2sp.org/tlog-proof@v1\nindex \(position)\n"))
        let verified = try read.verify(entry: log.entries[position], origin: Self.origin, key: log.key.publicKey)
        #expect(verified == log.checkpoint)
        #expect(throws: NoteFault.notIncluded) {
            try read.verify(entry: log.entries[(position + 1) % 9], origin: Self.origin, key: log.key.publicKey)
        }
        let stranger = SigningKey(seed: SHA.empty).publicKey
        #expect(throws: NoteFault.unsigned) { try read.verify(entry: log.entries[position], origin: Self.origin, key: stranger) }
    }

    @Test("An extra line is passed over, and a proof that is not one to the letter is refused")
    func evidenceFormat() throws {
        let evidence = try Log(position: 3, seed: 6).evidence
        let text = evidence.text
        #expect(try LogEvidence(parsing: text.replacing("index 3", with: "extra QUJD\nindex 3")) == evidence)
        for wrong in [
            "", text.replacing("@v1", with: "@v2"), text.replacing("index 3", with: "index 03"),
            text.replacing("index 3", with: "index -3"),
            text.replacing("index 3", with: "index"), text.replacing("index 3\n", with: "index 3\nAAAA\n"),
            text.replacing("index 3\n", with: "extra !\nindex 3\n"),
            text.replacing("index 3\n", with: "index 3\n" + String(repeating: Self.root + "\n", count: 61)),
        ] {
            #expect(throws: NoteFault.malformed, "\(wrong)") { try LogEvidence(parsing: wrong) }
        }
    }
}
