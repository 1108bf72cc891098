import BuntanProtocol
import ChangeLog
import Foundation
import Testing

import enum Crypto.AES
import enum Crypto.Curve25519
import enum Crypto.HPKE
import struct Crypto.SymmetricKey

/// Changes as a test wants them.
struct Draft {
    static let space = SpaceID(high: 5, low: 6)
    static let base = Base(epoch: 0, size: 3, root: SHA.empty)

    var key = SigningKey(seed: digest(String(repeating: "11", count: 32)))
    var space = Draft.space
    var edits: [Edit] = []
    var values: [EncodedValue] = []

    /// One edit of one record with these fields.
    init(_ fields: [(String, Value)] = [("name", .text("共有")), ("count", .int(3))]) {
        let ops = fields.map { Op(cell: CellKey($0.0), predecessors: []) }
        edits = [Edit(record: RecordID(high: 1, low: 2), kind: "responsibility", ops: ops)]
        values = fields.map(\.1.encoded)
    }

    func signed(sealedWith spaceKey: SpaceKey? = nil, seed: UInt64 = 1) throws(Refusal) -> SignedChange {
        var random = SeededRandom(seed)
        return try ChangeAuthor(space: space, key: key, spaceKey: spaceKey)
            .change(edits: edits, values: values, base: Self.base, time: 1_700_000_000_000, schema: 1, random: &random)
    }
}

@Suite("Changes")
struct ChangeSigningTests {
    @Test("A change that was made is checked and read back whole")
    func roundTrip() throws {
        let draft = Draft()
        let signed = try draft.signed()
        let checked = try ChangeCheck.check(signed)
        #expect(checked.change.edits == draft.edits)
        #expect(checked.change.device == draft.key.publicKey)
        #expect(checked.change.space == Draft.space && checked.change.base == Draft.base)
        #expect((0..<2).map { checked.payload?[$0] } == draft.values)
        #expect(try ChangeCheck.verify(signed) == checked.change)
    }

    @Test("The same action made twice is two changes")
    func fresh() throws {
        var random = SeededRandom(9)
        let draft = Draft()
        let author = ChangeAuthor(space: Draft.space, key: draft.key)
        let ids = try (0..<2).map { _ in
            try ChangeCheck.verify(
                try author.change(edits: draft.edits, values: draft.values, base: Draft.base, time: 0, schema: 1, random: &random)
            ).id
        }
        #expect(ids[0] != ids[1])
    }

    @Test("No bit of a change, its signature or its values can be altered", arguments: 1...3 as ClosedRange<UInt64>)
    func tampering(seed: UInt64) throws {
        let signed = try Draft().signed(seed: seed)
        func isAccepted(_ bytes: [UInt8], _ signature: [UInt8], _ payload: [UInt8]) throws -> Bool {
            let altered = SignedChange(bytes: bytes, signature: try #require(Signature(signature)), payload: payload)
            return (try? ChangeCheck.verify(altered)) != nil
        }
        let parts = (signed.bytes, signed.signature.bytes, signed.payload)
        #expect(try isAccepted(parts.0, parts.1, parts.2))
        for index in parts.0.indices {
            var bytes = parts.0
            bytes[index] ^= 1 << UInt8(index % 8)
            #expect(try !isAccepted(bytes, parts.1, parts.2), "byte \(index) of the change")
        }
        for index in parts.1.indices {
            var signature = parts.1
            signature[index] ^= 1 << UInt8(index % 8)
            #expect(try !isAccepted(parts.0, signature, parts.2), "byte \(index) of the signature")
        }
        for index in parts.2.indices {
            var payload = parts.2
            payload[index] ^= 1 << UInt8(index % 8)
            #expect(try !isAccepted(parts.0, parts.1, payload), "byte \(index) of the payload")
        }
    }

    @Test("Each way in which a change is wrong has its code and detail")
    func refusals() throws {
        let signed = try Draft().signed()
        let other = try Draft([("name", .text("単独")), ("count", .int(3))]).signed()
        let fewer = try Draft([("name", .text("共有"))]).signed()
        func refusal(_ bytes: [UInt8], _ signature: Signature, _ payload: [UInt8]) -> Refusal? {
            do {
                _ = try ChangeCheck.verify(SignedChange(bytes: bytes, signature: signature, payload: payload))
                return nil
            } catch { return error }
        }
        #expect(refusal(signed.bytes, signed.signature, other.payload) == Refusal(.badSignature, "values_root"))
        #expect(refusal(signed.bytes, signed.signature, fewer.payload) == Refusal(.badSignature, "values_root"))
        #expect(refusal(signed.bytes, other.signature, signed.payload) == Refusal(.badSignature, "change"))
        #expect(refusal(signed.bytes + [0], signed.signature, signed.payload) == Refusal(.malformed, "trailingBytes"))
        #expect(refusal(signed.bytes, signed.signature, []) == Refusal(.malformed, "truncated"))
        #expect(refusal(signed.bytes, signed.signature, [0xa0]) == Refusal(.malformed, "missingKey"))
    }

    @Test("A payload with erased values passes where the log has it, and not as a new change")
    func erasedPayload() throws {
        let signed = try Draft().signed()
        let payload = ValuesRoot.erasing([0], from: try Payload(decoding: signed.payload))
        let erased = SignedChange(bytes: signed.bytes, signature: signed.signature, payload: payload.encoded())
        #expect(throws: Refusal(.badSignature, "payload")) { try ChangeCheck.verify(erased) }
        let checked = try ChangeCheck.check(erased, form: .afterErasure)
        #expect(checked.payload?[0] == nil)
        #expect(checked.payload?[1] == Value.int(3).encoded)
    }

    private static func text(_ bytes: Int) -> Value { .text(String(repeating: "x", count: bytes)) }

    @Test(
        "A value may have 64 KiB, a document 4 MiB, and a change holds one such document",
        arguments: [
            ([("text", text(65_536))], nil),
            ([("text", text(65_537))], "value"),
            ([("document", text(65_537))], nil),
            ([("document", text(4_194_304))], nil),
            ([("document", text(4_194_305))], "document"),
            ([("document", text(4_194_304)), ("name", text(65_536))], nil),
            ([("document", text(4_194_304)), ("name", text(65_537))], "value"),
            ([("a", text(65_536)), ("b", text(65_536)), ("c", text(65_536)), ("d", text(65_000))], nil),
            ([("a", text(65_536)), ("b", text(65_536)), ("c", text(65_536)), ("d", text(65_536))], "change"),
        ] as [([(String, Value)], String?)])
    func valueLimits(fields: [(String, Value)], refused: String?) throws {
        let draft = Draft(fields)
        if let refused {
            #expect(throws: Refusal(.tooLarge, refused)) { try draft.signed() }
        } else {
            _ = try ChangeCheck.verify(try draft.signed())
        }
    }

    @Test("Two large documents do not go into one change, and a set named document holds none")
    func oneDocument() {
        var two = Draft([("document", Self.text(70_000)), ("document", Self.text(70_000))])
        two.edits = [1, 2].map { low in
            Edit(record: RecordID(high: 0, low: low), kind: "agreement", ops: [Op(cell: CellKey("document"), predecessors: [])])
        }
        #expect(throws: Refusal(.tooLarge, "document")) { try two.signed() }
        var set = Draft([("document", Self.text(70_000))])
        set.edits = [
            Edit(record: RecordID(high: 0, low: 1), kind: "agreement", ops: [Op(cell: CellKey("document", "ja"), predecessors: [])])
        ]
        #expect(throws: Refusal(.tooLarge, "value")) { try set.signed() }
    }

    @Test("A change may have 500 ops and 256 KiB to the byte, whoever measures")
    func changeLimits() throws {
        #expect(throws: Never.self) { try ChangeCheck.verify(try Draft((0..<500).map { ("f\($0)", .null) }).signed()) }
        #expect(throws: Refusal(.tooLarge, "ops")) { try Draft((0..<501).map { ("f\($0)", .null) }).signed() }
        func sized(_ last: Int) throws(Refusal) -> SignedChange {
            try Draft([
                ("a", Self.text(60_000)), ("b", Self.text(60_000)), ("c", Self.text(60_000)), ("d", Self.text(30_000)),
                ("e", Self.text(last)),
            ])
            .signed()
        }
        let probe = try sized(40_000)
        let room = Limits.changeBytes - probe.bytes.count - probe.payload.count
        let full = try sized(40_000 + room)
        #expect(full.bytes.count + full.payload.count == Limits.changeBytes)
        _ = try ChangeCheck.verify(full)
        #expect(throws: Refusal(.tooLarge, "change")) { try sized(40_000 + room + 1) }
    }

    @Test("What the author's own limits would stop is stopped on arrival too")
    func limitsOnArrival() throws {
        var random = SeededRandom(1)
        let draft = Draft([("name", Self.text(65_537))])
        let seed = random.nonce()
        let payload = Payload.whole(seed: seed, values: draft.values)
        func arriving(_ payload: Payload) -> SignedChange {
            let bytes = Change(
                space: Draft.space, device: draft.key.publicKey, nonce: seed, base: Draft.base, time: 0, schema: 1,
                content: .edits(draft.edits), valuesRoot: ValuesRoot.root(of: payload)
            ).encoded()
            return SignedChange(bytes: bytes, signature: draft.key.sign("change", bytes), payload: payload.encoded())
        }
        #expect(throws: Refusal(.tooLarge, "value")) { try ChangeCheck.verify(arriving(payload)) }
        let document = Payload.whole(seed: seed, values: [Self.text(Limits.documentBytes + 1).encoded])
        #expect(throws: Refusal(.tooLarge, "tooMany")) { try ChangeCheck.verify(arriving(document)) }
        let huge = SignedChange(
            bytes: [UInt8](repeating: 0, count: Limits.changeBytes + 1), signature: draft.key.sign("change", []), payload: [])
        #expect(throws: Refusal(.tooLarge, "change")) { try ChangeCheck.verify(huge) }
    }
}

@Suite("Sealed spaces")
struct SealedSpaceTests {
    private static func key(_ seed: UInt64, epoch: Int = 1) -> SpaceKey {
        var random = SeededRandom(seed)
        return SpaceKey(epoch: epoch, random: &random)
    }

    @Test("A sealed change is checked without its key, and opened with it")
    func roundTrip() throws {
        let draft = Draft([("name", .text("秘密の名前"))])
        let key = Self.key(1, epoch: 3)
        let signed = try draft.signed(sealedWith: key)
        let checked = try ChangeCheck.check(signed)
        #expect(checked.payload == nil && checked.change.edits == nil)
        let (edits, payload) = try SealedSpace.open(checked.change, payload: signed.payload, key: key)
        #expect(edits == draft.edits)
        #expect(payload[0] == draft.values[0])
        for secret in [Array("秘密の名前".utf8), Array("responsibility".utf8), Array("name".utf8)] {
            #expect(!(signed.bytes + signed.payload).contains(secret))
        }
    }

    @Test("A sealed change opens with no other key, key epoch, space, change or payload")
    func bound() throws {
        let key = Self.key(1)
        let draft = Draft()
        let signed = try draft.signed(sealedWith: key)
        let change = try ChangeCheck.verify(signed)
        let other = try draft.signed(sealedWith: key, seed: 2)
        func opening(_ change: Change, _ payload: [UInt8], _ key: SpaceKey) -> Refusal? {
            do {
                _ = try SealedSpace.open(change, payload: payload, key: key)
                return nil
            } catch { return error }
        }
        #expect(opening(change, signed.payload, key) == nil)
        #expect(opening(change, signed.payload, Self.key(2)) == Refusal(.badSignature, "sealed"))
        #expect(opening(change, signed.payload, Self.key(1, epoch: 2)) == Refusal(.invalid, "key_epoch"))
        #expect(opening(change, other.payload, key) == Refusal(.badSignature, "sealed"))
        #expect(opening(change, [], key) == Refusal(.badSignature, "sealed"))
        let moved = Change(
            space: SpaceID(high: 9, low: 9), device: change.device, nonce: change.nonce, base: change.base, time: change.time,
            schema: change.schema, content: change.content, valuesRoot: change.valuesRoot)
        #expect(opening(moved, signed.payload, key) == Refusal(.badSignature, "sealed"))
        // The ciphertext of the values does not stand for that of the edits.
        let swapped = Change(
            space: change.space, device: change.device, nonce: change.nonce, base: change.base, time: change.time, schema: change.schema,
            content: .sealed(SealedEdits(bytes: signed.payload, keyEpoch: 1, payload: SHA.digest(signed.payload))),
            valuesRoot: change.valuesRoot)
        #expect(opening(swapped, signed.payload, key) == Refusal(.badSignature, "sealed"))
        let rooted = Change(
            space: change.space, device: change.device, nonce: change.nonce, base: change.base, time: change.time, schema: change.schema,
            content: change.content, valuesRoot: SHA.empty)
        #expect(opening(rooted, signed.payload, key) == Refusal(.badSignature, "values_root"))
        // One key used for two key epochs would still not open the one's ciphertext as the other's.
        let relabelled = Change(
            space: change.space, device: change.device, nonce: change.nonce, base: change.base, time: change.time, schema: change.schema,
            content: .sealed(SealedEdits(bytes: try sealedBytes(of: change), keyEpoch: 2, payload: SHA.digest(signed.payload))),
            valuesRoot: change.valuesRoot)
        #expect(opening(relabelled, signed.payload, Self.key(1, epoch: 2)) == Refusal(.badSignature, "sealed"))
        let plain = try ChangeCheck.verify(try draft.signed())
        #expect(opening(plain, signed.payload, key) == Refusal(.invalid, "not_sealed"))
    }

    @Test("A sealed change says in the open what it follows on, and one that leaves some of that out does not open")
    func follows() throws {
        let key = Self.key(1)
        let (named, maker) = (ChangeID(high: 9, low: 1), ChangeID(high: 3, low: 1))
        var draft = Draft([("name", .text("秘密の名前")), ("count", .int(3))])
        draft.edits = draft.edits.map { edit in
            Edit(
                record: edit.record, kind: edit.kind,
                ops: edit.ops.map { Op(cell: $0.cell, predecessors: [OpID(named, 0), OpID(named, 4)]) })
        }
        var random = SeededRandom(1)
        let signed = try ChangeAuthor(space: draft.space, key: draft.key, spaceKey: key).change(
            edits: draft.edits, values: draft.values, also: [maker], base: Draft.base, time: 0, schema: 1, random: &random)
        let change = try ChangeCheck.verify(signed)
        #expect(change.sealed?.follows == [maker, named])
        #expect(try SealedSpace.open(change, payload: signed.payload, key: key).0 == draft.edits)
        #expect(try ChangeCheck.verify(Draft().signed(sealedWith: key)).sealed?.follows == [])
        let silent = Change(
            space: change.space, device: change.device, nonce: change.nonce, base: change.base, time: change.time, schema: change.schema,
            content: .sealed(
                SealedEdits(bytes: try sealedBytes(of: change), keyEpoch: 1, payload: SHA.digest(signed.payload), follows: [maker])),
            valuesRoot: change.valuesRoot)
        #expect(throws: Refusal(.invalid, "predecessors")) { try SealedSpace.open(silent, payload: signed.payload, key: key) }
    }

    private func sealedBytes(of change: Change) throws -> [UInt8] {
        guard let sealed = change.sealed else { throw Refusal(.invalid, "not_sealed") }
        return sealed.bytes
    }

    @Test("Ciphertext, associated data and wrapping are laid out as the design says, shown without the code under test")
    func layout() throws {
        var random = SeededRandom(21)
        let keys = DeviceKeys(random: &random)
        let bytes = random.seed()
        let key = SpaceKey(epoch: 3, key: bytes)
        let draft = Draft()
        let signed = try draft.signed(sealedWith: key)
        let change = try ChangeCheck.verify(signed)
        func associated(_ word: String) -> [UInt8] {
            [0x84, 0x60 | UInt8(word.utf8.count)] + Array(word.utf8) + [0x50] + Draft.space.bytes + [0x50] + change.id.bytes + [0x03]
        }
        func open(_ sealed: [UInt8], _ word: String) throws -> [UInt8] {
            let box = try AES.GCM.SealedBox(combined: sealed)
            return Array(try AES.GCM.open(box, using: SymmetricKey(data: bytes.bytes), authenticating: associated(word)))
        }
        #expect(try open(sealedBytes(of: change), "edits") == EditList.encoded(draft.edits))
        let payload = try Payload(decoding: try open(signed.payload, "payload"))
        #expect(ValuesRoot.root(of: payload) == change.valuesRoot)

        let wrapped = try key.wrapped(for: keys.device, keys.sealing.publicKey, space: Draft.space)
        let info = [0x83, 0x73] + Array("buntan.space-key.v1".utf8) + [0x50] + Draft.space.bytes + [0x03]
        var recipient = try HPKE.Recipient(
            privateKey: Curve25519.KeyAgreement.PrivateKey(rawRepresentation: keys.sealing.seed.bytes),
            ciphersuite: HPKE.Ciphersuite(kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256), info: Data(info),
            encapsulatedKey: Data(wrapped.encapsulated))
        #expect(Array(try recipient.open(wrapped.ciphertext)) == bytes.bytes)
    }

    @Test("What is sealed keeps to the limits of a change")
    func limits() {
        let long = Value.text(String(repeating: "x", count: Limits.valueBytes + 1))
        #expect(throws: Refusal(.tooLarge, "value")) { try Draft([("name", long)]).signed(sealedWith: Self.key(1)) }
    }

    @Test("A wrapped space key opens for its device alone, in its space and key epoch alone")
    func wrapping() throws {
        var random = SeededRandom(7)
        let keys = DeviceKeys(random: &random)
        let stranger = DeviceKeys(random: &random)
        let key = SpaceKey(epoch: 2, random: &random)
        let space = Draft.space
        let wrapped = try key.wrapped(for: keys.device, keys.sealing.publicKey, space: space)
        #expect(wrapped.device == keys.device && wrapped.encapsulated.count == 32 && wrapped.ciphertext.count == 48)

        let opened = try SpaceKey(opening: wrapped, with: keys.sealing, space: space, epoch: 2)
        let signed = try Draft().signed(sealedWith: key)
        #expect(throws: Never.self) { try SealedSpace.open(try ChangeCheck.verify(signed), payload: signed.payload, key: opened) }

        #expect(throws: SealingFault.doesNotOpen) { try SpaceKey(opening: wrapped, with: stranger.sealing, space: space, epoch: 2) }
        #expect(throws: SealingFault.doesNotOpen) { try SpaceKey(opening: wrapped, with: keys.sealing, space: space, epoch: 1) }
        #expect(throws: SealingFault.doesNotOpen) {
            try SpaceKey(opening: wrapped, with: keys.sealing, space: SpaceID(high: 0, low: 0), epoch: 2)
        }
        var altered = wrapped.ciphertext
        altered[3] ^= 1
        let broken = WrappedKey(device: keys.device, encapsulated: wrapped.encapsulated, ciphertext: altered)
        #expect(throws: SealingFault.doesNotOpen) { try SpaceKey(opening: broken, with: keys.sealing, space: space, epoch: 2) }
        let short = WrappedKey(device: keys.device, encapsulated: [], ciphertext: [])
        #expect(throws: SealingFault.doesNotOpen) { try SpaceKey(opening: short, with: keys.sealing, space: space, epoch: 2) }
    }

    @Test(
        "Nothing is sealed to a key that gives everybody the same secret",
        arguments: [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000080",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ])
    func unusableKey(text: String) throws {
        let weak = try #require(SealingKey(hex(text)))
        #expect(weak.isWeak && !SealingPrivateKey(seed: digest(text)).publicKey.isWeak)
        #expect(throws: SealingFault.unusableKey) {
            try Self.key(1).wrapped(for: SigningKey(seed: SHA.empty).publicKey, weak, space: Draft.space)
        }
    }
}
