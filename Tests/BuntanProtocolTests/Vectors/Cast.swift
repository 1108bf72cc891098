import BuntanProtocol
import ChangeLog
import Records

/// Who appears in the vectors, with keys that everybody knows.
struct Cast {
    /// The keys of RFC 8032 section 7.1, tests 1, 2, 3, 1024 and SHA(abc).
    let providerRoot = Cast.key("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    let providerDevice = Cast.key("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    let customerRoot = Cast.key("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
    let customerDevice = Cast.key("f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5")
    let serverLog = Cast.key("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42")
    /// A second device of the provider, the log key of a space that no server keeps, the next root.
    let laptop = SigningKey(seed: Cast.digest(0x21))
    let ownLog = SigningKey(seed: Cast.digest(0x22))
    let nextRoot = SigningKey(seed: Cast.digest(0x23))
    let nextLog = SigningKey(seed: Cast.digest(0x24))
    let providerSealing = SealingPrivateKey(seed: Cast.digest(0x31))
    let customerSealing = SealingPrivateKey(seed: Cast.digest(0x32))
    let laptopSealing = SealingPrivateKey(seed: Cast.digest(0x33))
    let recovery = RecoveryCode(seed: Cast.nonce(0x41))
    let invitationSeed = Cast.nonce(0x42)
    let server = "sync.example.jp"
    /// 2026-01-01T00:00:00Z, and a second more for each thing that happens.
    let start: Int64 = 1_767_225_600_000

    static func key(_ hex: String) -> SigningKey { SigningKey(seed: Hexadecimal.bytes(hex).flatMap { Digest($0) } ?? digest(0)) }
    static func nonce(_ byte: UInt8) -> Nonce {
        let word = UInt64(byte) &* 0x0101_0101_0101_0101
        return Nonce(high: word, low: word)
    }
    static func digest(_ byte: UInt8) -> Digest {
        let word = UInt64(byte) &* 0x0101_0101_0101_0101
        return Digest(word0: word, word1: word, word2: word, word3: word)
    }

    var provider: OrganisationID { OrganisationID(foundedBy: providerRoot.publicKey) }
    var customer: OrganisationID { OrganisationID(foundedBy: customerRoot.publicKey) }
    var providerKeys: DeviceKeys { DeviceKeys(signing: providerDevice, sealing: providerSealing) }
    var customerKeys: DeviceKeys { DeviceKeys(signing: customerDevice, sealing: customerSealing) }
    var laptopKeys: DeviceKeys { DeviceKeys(signing: laptop, sealing: laptopSealing) }
    var invitationKey: SigningKey { Invitation.key(of: invitationSeed) }

    var named: [(String, SigningKey)] {
        [
            ("provider root", providerRoot), ("provider device", providerDevice), ("provider laptop", laptop),
            ("provider next root", nextRoot),
            ("provider recovery", recovery.key), ("customer root", customerRoot), ("customer device", customerDevice),
            ("server log", serverLog),
            ("server next log", nextLog), ("own log", ownLog), ("invitation", invitationKey),
        ]
    }
    func name(of key: PublicKey) -> String { named.first { $0.1.publicKey == key }?.0 ?? "unknown" }
}

/// A source of chance that gives one byte over and over: only the nonces of the cipher come from it.
struct FixedRandom: RandomSource {
    let byte: UInt8
    mutating func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: byte, count: count) }
}

/// A log as the vectors print it.
struct StoryLog {
    let name: String
    let genesis: SignedBytes
    let acceptance: Signature?
    private(set) var rights: SpaceRights
    private(set) var entries: [(entry: [UInt8], payload: [UInt8]?)] = []
    private(set) var frontier = LogFrontier()
    private(set) var roots: [Digest] = []
    private var clock: Int64

    var space: SpaceID { rights.space }

    init(_ name: String, _ genesis: SignedBytes, acceptance: Signature? = nil, start: Int64) throws {
        self.name = name
        self.genesis = genesis
        self.acceptance = acceptance
        clock = start
        rights = try SpaceRights(genesis: genesis.bytes, signature: genesis.signature, acceptance: acceptance)
        append(.genesis, genesis, proof: acceptance?.bytes)
    }

    private mutating func append(_ kind: Entry.Kind, _ signed: SignedBytes, payload: [UInt8]? = nil, proof: [UInt8]? = nil) {
        clock += 1_000
        let entry = Entry(kind: kind, received: clock, content: signed.bytes, signature: signed.signature, proof: proof).encoded()
        entries.append((entry, payload))
        frontier.append(Entry.leafHash(of: entry))
        roots.append(frontier.root)
    }

    mutating func say(_ statement: SignedBytes) throws {
        try rights.apply(statement, at: entries.count)
        append(.statement, statement)
    }
    mutating func say(server statement: SignedBytes) throws {
        try rights.apply(serverStatement: statement, at: entries.count)
        append(.server, statement)
    }
    mutating func write(_ change: SignedChange) throws {
        _ = try ChangeCheck.check(change)
        append(.change, SignedBytes(bytes: change.bytes, signature: change.signature), payload: change.payload)
    }

    var base: Base { Base(epoch: rights.epoch, size: entries.count, root: frontier.root) }
    func note(_ key: SigningKey) -> String { Checkpoint(origin: rights.origin, size: entries.count, root: frontier.root).signed(by: key) }

    /// The checkpoint that a move is handed over with: under the key and the origin before it.
    func localNote(_ key: SigningKey) -> String {
        Checkpoint(origin: Checkpoint.origin(server: nil, space: space, epoch: 0), size: entries.count, root: frontier.root).signed(by: key)
    }

    /// The proof that an entry stands in the log, as it is now.
    func proof(of position: Int) throws -> [Digest] {
        let tiles = try tiles()
        return try LogTiles.inclusionProof(position: position, size: entries.count) { tiles[$0] }
    }

    /// The proof that the log as it was at a size is a beginning of the log as it is now.
    func consistency(from size: Int) throws -> [Digest] {
        let tiles = try tiles()
        return try LogTiles.consistencyProof(from: size, to: entries.count) { tiles[$0] }
    }

    private func tiles() throws -> [TileID: [UInt8]] {
        var tiles: [TileID: [UInt8]] = [:]
        for (id, tile) in try LogTiles.appending(entries.map { Entry.leafHash(of: $0.entry) }, toLogOf: 0, tile: { _ in nil }) {
            tiles[id] = tile
        }
        return tiles
    }
}
