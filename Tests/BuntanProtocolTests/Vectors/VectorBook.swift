import BuntanProtocol
import ChangeLog
import Merging
import Records

/// One file of `Protocol/Vectors`.
struct VectorFile {
    let name: String
    let content: JSONText
    init(_ name: String, _ about: String, _ members: [(String, JSONText)]) {
        self.name = name
        content = .members([("about", .text(about)), ("protocol", .number(1))] + members)
    }
}

/// The vectors as this implementation computes them: what PROTOCOL.md fixes, in files that others can read.
struct VectorBook {
    let story: Story
    var cast: Cast { story.cast }

    init() throws { story = try Story() }

    func files() throws -> [VectorFile] {
        [
            keys, profile, hashes, values, changes, statements, try spaces(), codes, try messages, states, merging, try agreements(),
            try invalid(),
        ]
    }

    /// Every good layout in the files with its bytes: what the mutation tests damage.
    func layouts() throws -> [(name: String, layout: String, bytes: [UInt8])] {
        var result: [(String, String, [UInt8])] = []
        for (name, change) in story.changes {
            result.append((name, "change", change.bytes))
            if !name.contains("sealed") { result.append(("payload: " + name, "payload", change.payload)) }
        }
        for log in [story.service, story.engagement, story.draft] {
            result.append(("genesis of \(log.name)", "genesis", log.genesis.bytes))
            for (position, entry) in log.entries.enumerated() {
                result.append(("\(log.name), entry \(position)", "entry", entry.entry))
                let content = try Entry(decoding: entry.entry)
                switch content.kind {
                case .statement: result.append(("\(log.name), statement \(position)", "statement-word", content.content))
                case .server: result.append(("\(log.name), server statement \(position)", "server-statement", content.content))
                case .genesis, .change, .salvaged: break
                }
            }
        }
        for statement in story.providerStatements { result.append(("statement of the provider", "statement-word", statement.bytes)) }
        result.append(("invitation", "invitation-offer", story.invitation.bytes))
        for message in try messageList { result.append((message.name, message.layout, message.bytes)) }
        return result
    }

    // MARK: parts

    func layout(_ name: String, _ layout: String, _ bytes: [UInt8], _ facts: [(String, JSONText)] = []) -> JSONText {
        .members([("name", .text(name)), ("layout", .text(layout)), ("hex", .hex(bytes))] + facts)
    }

    /// Bytes with the signature over them: label and key as a verifier needs them.
    func signed(_ name: String, _ layout: String, _ signed: SignedBytes, _ label: String, by key: PublicKey) -> JSONText {
        self.layout(
            name, layout, signed.bytes,
            [("label", .text(label)), ("key", .hex(key)), ("signer", .text(cast.name(of: key))), ("signature", .hex(signed.signature))])
    }

    var keys: VectorFile {
        func sealing(_ name: String, _ key: SealingPrivateKey) -> JSONText {
            .members([("name", .text(name)), ("x25519", .hex(key.seed)), ("public", .hex(key.publicKey))])
        }
        return VectorFile(
            "keys", "The key pairs of the vectors: everybody knows them, so nothing else may use them.",
            [
                (
                    "ed25519",
                    .list(
                        cast.named.map { name, key in
                            .members([("name", .text(name)), ("seed", .hex(key.seed)), ("public", .hex(key.publicKey))])
                        })
                ),
                (
                    "x25519",
                    .list([
                        sealing("provider device", cast.providerSealing), sealing("customer device", cast.customerSealing),
                        sealing("provider laptop", cast.laptopSealing),
                    ])
                ),
                (
                    "organisations",
                    .list([
                        organisation("provider", cast.providerRoot.publicKey), organisation("customer", cast.customerRoot.publicKey),
                    ])
                ),
                ("smallOrder", .list(Self.smallOrder.map { .text($0) })),
            ])
    }

    /// Every encoding that a reader may meet of a point of small order, with either sign: all of them are refused.
    static let smallOrder = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ]

    private func organisation(_ name: String, _ root: PublicKey) -> JSONText {
        let id = OrganisationID(foundedBy: root)
        return .members([("name", .text(name)), ("rootKey", .hex(root)), ("id", .hex(id)), ("fingerprint", .text(id.fingerprint))])
    }

    var profile: VectorFile {
        func list(_ cases: [ProfileCases.Case], valid: Bool) -> JSONText {
            .list(
                cases.filter { ($0.reason == nil) == valid }.map { item in
                    .members(
                        [("hex", .text(item.hex)), ("item", .text(item.meaning)), ("appendixA", .flag(item.isAppendixA))]
                            + (item.reason.map { [("reason", .text($0.rawValue))] } ?? []))
                })
        }
        return VectorFile(
            "cbor", "Items that the profile takes, and items that it refuses. Those of RFC 8949 appendix A are all here.",
            [("valid", list(ProfileCases.all, valid: true)), ("invalid", list(ProfileCases.all, valid: false))])
    }

    var hashes: VectorFile {
        let labels: [StaticString] = [
            "accepts", "bucket", "cid", "code", "covered", "heads", "invitation", "invitation-seed", "next-change", "org", "record",
            "recovery-code",
            "recovery-seed", "salt", "space", "state",
        ]
        let content = Array("content".utf8)
        let device = cast.customerDevice.publicKey
        let heads = [story.service, story.engagement].map { SpaceHead(space: $0.space, epoch: 0, size: $0.entries.count) }
        let natural: [(String, [Value])] = [
            ("responsibility", [.text("iso27017-2015"), .text("12.3.1"), .text("main")]),
            ("responsibility-position", [.text("iso27017-2015"), .text("12.3.1"), .text("main"), .text("customer")]),
            ("party", [.id(cast.provider)]), ("engagement", [.text("provider")]), ("cloud-service", []), ("device", [.fixed(device)]),
        ]
        return VectorFile(
            "hashes", "Hashes that name their purpose, and the identifiers and digests made of them.",
            [
                (
                    "labels",
                    .list(
                        labels.map {
                            .members([("label", .text("\($0)")), ("content", .hex(content)), ("hash", .hex(Purpose.hash($0, content)))])
                        })
                ),
                (
                    "changeIds",
                    .list(
                        [UInt8(0x13), 0xff].map { byte in
                            .members([
                                ("device", .hex(device)), ("nonce", .hex(Cast.nonce(byte))),
                                ("cid", .hex(Change.id(device: device, nonce: Cast.nonce(byte)))),
                                ("nextNonce", .hex(Change.nonce(after: Cast.nonce(byte)))),
                            ])
                        })
                ),
                (
                    "naturalRecordIds",
                    .list(
                        natural.map { kind, key in
                            let id = RecordID.natural(space: story.service.space, kind: kind, key: key)
                            return .members([
                                ("space", .hex(story.service.space)), ("kind", .text(kind)),
                                ("key", .hex(CBORWriter.encode { w in w.list(key) { $1.write(to: &$0) } })), ("record", .hex(id)),
                                ("uuid", .text(id.uuid)),
                            ])
                        })
                ),
                (
                    "timeOrderedRecordIds",
                    .list([
                        .members([
                            ("millis", .number(Int(cast.start))), ("random", .hex(Cast.nonce(0xff))),
                            ("record", .hex(RecordID.timeOrdered(millis: cast.start, random: Cast.nonce(0xff)))),
                        ])
                    ])
                ),
                (
                    "heads",
                    .members([
                        (
                            "list",
                            .list(
                                heads.map {
                                    .members([("space", .hex($0.space)), ("epoch", .number($0.epoch)), ("size", .number($0.size))])
                                })
                        ), ("digest", .hex(SpaceHead.digest(of: heads))), ("digestOfNone", .hex(SpaceHead.digest(of: []))),
                    ])
                ),
            ])
    }
}
