import BuntanProtocol
import ChangeLog
import Testing

@Suite("Which keys of a sealed space a log gives")
struct SpaceKeyRightsTests {
    @Test("Space keys come epoch by epoch, for devices of the organisation that lack them")
    func spaceKeys() throws {
        var owner = try Organisation(3)
        var log = try privateSpace(of: owner)
        let late = try owner.enrol([.read, .write])
        let space = log.rights.space
        func give(_ key: SpaceKey, _ devices: DeviceKeys...) throws -> Statement.Act {
            try .giving(key, to: devices.map { ($0.device, $0.sealing.publicKey) }, space: space)
        }
        var random = SeededRandom(5)
        let first = SpaceKey(epoch: 1, random: &random)
        let second = SpaceKey(epoch: 2, random: &random)
        #expect(throws: Refusal(.invalid, "key_epoch")) { try log.say(try give(second, owner.admin), of: owner) }
        #expect(throws: Refusal(.invalid, "key_epoch")) {
            try log.say(try give(SpaceKey(epoch: 0, random: &random), owner.admin), of: owner)
        }
        #expect(throws: Refusal(.invalid, "wrapped_key")) { try log.say(.spaceKey(epoch: 1, []), of: owner) }
        #expect(throws: Refusal(.invalid, "wrapped_key")) { try log.say(try give(first, owner.admin, owner.admin), of: owner) }
        #expect(throws: Refusal(.invalid, "device_unknown")) { try log.say(try give(first, late), of: owner) }
        #expect(log.rights.keyEpoch == 0)
        try log.say(try give(first, owner.admin), of: owner)
        #expect(throws: Refusal(.invalid, "wrapped_key")) { try log.say(try give(first, owner.admin), of: owner) }
        #expect(log.rights.wrappedKey(for: late.device, epoch: 1) == nil)

        try log.append([owner.statements[2]])
        try log.say(try give(first, late), of: owner)
        try log.say(try give(second, owner.admin, late), of: owner)
        #expect(log.rights.keyEpoch == 2)
        let wrapped = try #require(log.rights.wrappedKey(for: late.device, epoch: 1))
        let opened = try SpaceKey(opening: wrapped, with: late.sealing, space: space, epoch: 1)
        let signed = try Draft().signed(sealedWith: first)
        #expect(throws: Never.self) { try SealedSpace.open(try ChangeCheck.verify(signed), payload: signed.payload, key: opened) }

        let short = WrappedKey(device: late.device, encapsulated: wrapped.encapsulated, ciphertext: Array(wrapped.ciphertext.dropLast()))
        #expect { try log.say(.spaceKey(epoch: 3, [short]), of: owner) } throws: { ($0 as? Refusal)?.code == .malformed }
        try log.append(try owner.say(.revoke(device: late.device, compromisedAfter: nil)))
        #expect(throws: Refusal(.invalid, "device_revoked")) {
            try log.say(try give(SpaceKey(epoch: 3, random: &random), owner.admin, late), of: owner)
        }
        for epoch in [-1, 0, 3] { #expect(log.rights.wrappedKey(for: late.device, epoch: epoch) == nil) }
        #expect(try SpaceRights(decoding: log.rights.encoded()) == log.rights)

        var plain = try privateSpace(of: owner, isSealed: false)
        #expect(throws: Refusal(.invalid, "not_sealed")) { try plain.say(try give(first, owner.admin), of: owner) }
    }

    @Test("Behind a loss the next key epoch has a number of its own, and a lost one may come back under the one that it had")
    func lostSpaceKeys() throws {
        let owner = try Organisation(3)
        var log = try privateSpace(of: owner)
        let space = log.rights.space
        var random = SeededRandom(6)
        func give(_ epoch: Int) throws -> Statement.Act {
            try .giving(
                SpaceKey(epoch: epoch, random: &random), to: [(owner.admin.device, owner.admin.sealing.publicKey)], space: space)
        }
        try log.say(try give(1), of: owner)
        let word = ServerStatement(space: space, act: .epoch(ended: 0, lastGoodSize: log.position, root: SHA.empty))
        try log.rights.apply(serverStatement: word.signed(by: owner.admin.signing), at: log.position)
        #expect(log.rights.keyEpoch == 1 && log.rights.nextKeyEpoch == 100_001)
        #expect(throws: Refusal(.invalid, "key_epoch")) { try log.say(try give(100_002), of: owner) }
        try log.say(try give(100_001), of: owner)
        #expect(throws: Refusal(.invalid, "key_epoch")) { try log.say(try give(100_003), of: owner) }
        // What the log had lost is no newer than what has begun since.
        try log.say(try give(2), of: owner)
        #expect(log.rights.keyEpochs == [1, 2, 100_001] && log.rights.nextKeyEpoch == 100_002)
        #expect(throws: Refusal(.invalid, "wrapped_key")) { try log.say(try give(2), of: owner) }
        for (epoch, isThere) in [(1, true), (2, true), (3, false), (100_001, true)] {
            #expect((log.rights.wrappedKey(for: owner.admin.device, epoch: epoch) != nil) == isThere)
        }
        #expect(try SpaceRights(decoding: log.rights.encoded()) == log.rights)
    }
}
