import BuntanProtocol
import ChangeLog
import Testing

@Suite("Key files")
struct KeyFileTests {
    /// Little work, so that tests are quick: the parameters stand in the file.
    static let cheap = PassphraseCost(log2Rounds: 4, blockSize: 8, parallelism: 1)

    private static func keys() -> (DeviceKeys, SigningKey) {
        var random = SeededRandom(3)
        return (DeviceKeys(random: &random), SigningKey(seed: random.seed()))
    }

    private static func file(_ key: StoredKey, _ passphrase: String) throws -> KeyFile {
        var random = SeededRandom(8)
        return try KeyFile(sealing: key, passphrase: passphrase, cost: cheap, random: &random)
    }

    @Test("A sealed key opens with its passphrase, and with no other")
    func sealed() throws {
        let (device, root) = Self.keys()
        let file = try KeyFile(decoding: try Self.file(.device(device), "合言葉 one").encoded())
        #expect(file.isSealed && file.purpose == .device && file.publicKey == device.device)
        let opened = try file.openDevice(passphrase: "合言葉 one")
        #expect(opened.signing.seed == device.signing.seed && opened.sealing.seed == device.sealing.seed)
        #expect(throws: KeyFileFault.wrongPassphrase) { try file.open(passphrase: "合言葉 two") }
        #expect(throws: KeyFileFault.passphraseNeeded) { try file.open(passphrase: nil) }
        #expect(throws: KeyFileFault.emptyPassphrase) { try file.open(passphrase: "") }
        #expect(throws: KeyFileFault.otherPurpose) { try file.openRoot(passphrase: "合言葉 one") }
        let rootFile = try KeyFile(decoding: try Self.file(.root(root), "pass").encoded())
        #expect(try rootFile.openRoot(passphrase: "pass").seed == root.seed)
        #expect(throws: KeyFileFault.otherPurpose) { try rootFile.openDevice(passphrase: "pass") }
        let logFile = try KeyFile(decoding: KeyFile(unsealed: .log(root)).encoded())
        #expect(try logFile.openLog(passphrase: nil).seed == root.seed)
    }

    @Test("A passphrase typed with composed or with combining letters is one passphrase")
    func normalised() throws {
        let file = try Self.file(.device(Self.keys().0), "がé")
        #expect(throws: Never.self) { try file.open(passphrase: "\u{304b}\u{3099}e\u{301}") }
    }

    @Test("An empty passphrase seals nothing")
    func emptyPassphrase() {
        #expect(throws: KeyFileFault.emptyPassphrase) { try Self.file(.device(Self.keys().0), "") }
    }

    @Test("Neither a sealed file nor a description shows the seeds; an unsealed file needs no passphrase")
    func seeds() throws {
        let (device, _) = Self.keys()
        let sealed = try Self.file(.device(device), "pass").encoded()
        #expect(!sealed.contains(device.signing.seed.bytes) && !sealed.contains(device.sealing.seed.bytes))
        let unsealed = KeyFile(unsealed: .device(device))
        let read = try KeyFile(decoding: unsealed.encoded())
        #expect(!read.isSealed)
        #expect(try read.openDevice(passphrase: nil).signing.seed == device.signing.seed)
        #expect(try read.openDevice(passphrase: "ignored").sealing.seed == device.sealing.seed)
        var dumped = ""
        dump(unsealed, to: &dumped)
        #expect(dumped.contains(device.device.hex) && !dumped.contains("content"))
    }

    @Test("Any byte altered or missing is damage, never a wrong passphrase", arguments: [true, false])
    func damaged(isSealed: Bool) throws {
        let key = StoredKey.device(Self.keys().0)
        let bytes = isSealed ? try Self.file(key, "pass").encoded() : KeyFile(unsealed: key).encoded()
        for index in bytes.indices {
            var altered = bytes
            altered[index] ^= 1 << UInt8(index % 8)
            #expect(throws: KeyFileFault.self, "byte \(index)") { try KeyFile(decoding: altered).open(passphrase: "pass") }
            do { _ = try KeyFile(decoding: altered) } catch { #expect(error != .wrongPassphrase, "byte \(index)") }
            #expect(throws: KeyFileFault.damaged) { try KeyFile(decoding: Array(bytes[..<index])) }
        }
        #expect(throws: KeyFileFault.damaged) { try KeyFile(decoding: bytes + [0]) }
    }

    @Test(
        "A file cannot ask for all the memory or time there is",
        arguments: [
            (PassphraseCost(log2Rounds: 19, blockSize: 8, parallelism: 1), true),
            (PassphraseCost(log2Rounds: 20, blockSize: 8, parallelism: 1), false),
            (PassphraseCost(log2Rounds: 19, blockSize: 9, parallelism: 1), false),
            (PassphraseCost(log2Rounds: 17, blockSize: 32, parallelism: 1), true),
            (PassphraseCost(log2Rounds: 17, blockSize: 33, parallelism: 1), false),
            (PassphraseCost(log2Rounds: 17, blockSize: 8, parallelism: 4), true),
            (PassphraseCost(log2Rounds: 17, blockSize: 8, parallelism: 5), false),
            (PassphraseCost(log2Rounds: 0, blockSize: 8, parallelism: 1), false),
            (PassphraseCost(log2Rounds: 255, blockSize: 65_535, parallelism: 65_535), false),
        ])
    func bounds(cost: PassphraseCost, isBearable: Bool) {
        #expect(cost.isBearable == isBearable)
        #expect(PassphraseCost.standard.isBearable)
    }

    @Test("A whole file with unbearable parameters is refused before anything is derived")
    func unbearable() throws {
        let content = CBORWriter.encode { w in
            w.map(5)
            w.key(1)
            w.int(1)
            w.key(2)
            w.int(1)
            w.key(3)
            w.fixed(SHA.empty)
            w.key(4)
            w.array(4)
            w.int(40)
            w.int(8)
            w.int(1)
            w.id(Nonce(high: 0, low: 0))
            w.key(5)
            w.byteString([])
        }
        let checksum = Nonce(prefixOf: Purpose.hash("key-file", content))
        let bytes = [0xa6] + content.dropFirst() + [0x06] + CBORWriter.encode { $0.id(checksum) }
        #expect(throws: KeyFileFault.unsupported) { try KeyFile(decoding: bytes) }
    }

    /// The parameters and the memory that a file says it was sealed with: `{… 4: [log2 N, r, p, salt] …}`.
    private static func cost(writtenIn file: [UInt8]) throws -> (cost: PassphraseCost, salt: Nonce) {
        var r = CBORReader(file)
        var m = try r.map()
        for key in 1...3 {
            try r.key(key, &m)
            _ = try r.skip()
        }
        try r.key(4, &m)
        try r.array(of: 4)
        return (
            PassphraseCost(log2Rounds: try r.int(0...255), blockSize: try r.int(0...255), parallelism: try r.int(0...255)), try r.id()
        )
    }

    @Test("A passphrase is given 128 MiB and 2^17 rounds a guess where nobody asks for less, and the file says so")
    func standardCost() throws {
        #expect(PassphraseCost.standard == PassphraseCost(log2Rounds: 17, blockSize: 8, parallelism: 1))
        // RFC 7914, section 2: a guess takes 128 · N · r bytes, and p times that work.
        #expect(128 * PassphraseCost.standard.blockSize << PassphraseCost.standard.log2Rounds == 128 << 20)
        var random = SeededRandom(8)
        let root = Self.keys().1
        let file = try KeyFile(sealing: .root(root), passphrase: "pass", random: &random)
        let (cost, salt) = try Self.cost(writtenIn: file.encoded())
        #expect(cost == .standard)
        // What derives the key is what the file says: nothing is assumed of whoever reads it later.
        #expect(try KeyFile(decoding: file.encoded()).openRoot(passphrase: "pass").seed == root.seed)
        let another = try KeyFile(sealing: .root(root), passphrase: "pass", cost: Self.cheap, random: &random)
        let (less, otherSalt) = try Self.cost(writtenIn: another.encoded())
        #expect(less == Self.cheap && less != .standard, "a file that was sealed for less is told from one that was not")
        #expect(salt != otherSalt, "each file has a salt of its own")
    }
}
