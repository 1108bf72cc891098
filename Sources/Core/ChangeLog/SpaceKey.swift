package import BuntanProtocol
import FoundationEssentials

import enum Crypto.AES
import enum Crypto.Curve25519
import enum Crypto.HPKE
import struct Crypto.SymmetricKey

/// Why sealed bytes do not open.
package enum SealingFault: Error, Hashable, Sendable {
    /// Made with another key, for somebody else, for another place, or altered since.
    case doesNotOpen
    /// The receiver's key is none that anything can be sealed to.
    case unusableKey
}

/// The key of a sealed space during one key epoch.
package struct SpaceKey: Sendable {
    /// Key epochs are counted from 1.
    package let epoch: Int
    private let key: Digest

    /// The key itself, for the store of a device that may read the space.
    package var secret: Digest { key }

    package init(epoch: Int, key: Digest) {
        self.epoch = epoch
        self.key = key
    }

    package init(epoch: Int, random: inout some RandomSource) { self.init(epoch: epoch, key: random.seed()) }

    /// What a ciphertext is made for, so that it cannot stand in another place.
    enum Purpose: String { case edits, payload }

    /// Returns `nonce(12) ‖ AES-256-GCM` of the bytes, bound to the space, the change and the key epoch.
    func seal(
        _ bytes: [UInt8], as purpose: Purpose, space: SpaceID, change: ChangeID, random: inout some RandomSource
    ) -> [UInt8] {
        SealedBox.seal(
            bytes, key: key, associated: associated(purpose, space: space, change: change), random: &random)
    }

    func open(_ sealed: [UInt8], as purpose: Purpose, space: SpaceID, change: ChangeID) throws(SealingFault) -> [UInt8] {
        try SealedBox.open(sealed, key: key, associated: associated(purpose, space: space, change: change))
    }

    private func associated(_ purpose: Purpose, space: SpaceID, change: ChangeID) -> [UInt8] {
        CBORWriter.encode { w in
            w.array(4)
            w.text(purpose.rawValue)
            w.id(space)
            w.id(change)
            w.int(epoch)
        }
    }
}

extension SpaceKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "SpaceKey(epoch \(epoch))" }
    package var customMirror: Mirror { Mirror(self, children: ["epoch": epoch]) }
}

extension SpaceKey {
    /// Returns the key sealed for one device, by HPKE in base mode.
    ///
    /// The library draws HPKE's ephemeral key itself: two calls never give the same bytes.
    package func wrapped(for device: DeviceID, _ sealingKey: SealingKey, space: SpaceID) throws(SealingFault) -> WrappedKey {
        guard !sealingKey.isWeak else { throw .unusableKey }
        do {
            let receiver = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: sealingKey.bytes)
            var sender = try HPKE.Sender(recipientKey: receiver, ciphersuite: Self.suite, info: Self.info(space: space, epoch: epoch))
            let ciphertext = try sender.seal(key.bytes)
            return WrappedKey(device: device, encapsulated: Array(sender.encapsulatedKey), ciphertext: Array(ciphertext))
        } catch { throw .unusableKey }
    }

    /// Opens a key that was wrapped for this device.
    package init(opening wrapped: WrappedKey, with key: SealingPrivateKey, space: SpaceID, epoch: Int) throws(SealingFault) {
        do {
            var receiver = try HPKE.Recipient(
                privateKey: key.key, ciphersuite: Self.suite, info: Self.info(space: space, epoch: epoch),
                encapsulatedKey: Data(wrapped.encapsulated))
            guard let opened = Digest(try receiver.open(wrapped.ciphertext)) else { throw SealingFault.doesNotOpen }
            self.init(epoch: epoch, key: opened)
        } catch { throw .doesNotOpen }
    }

    private static var suite: HPKE.Ciphersuite { HPKE.Ciphersuite(kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256) }

    private static func info(space: SpaceID, epoch: Int) -> Data {
        Data(
            CBORWriter.encode { w in
                w.array(3)
                w.text("buntan.space-key.v1")
                w.id(space)
                w.int(epoch)
            })
    }
}

/// AES-256-GCM in the layout `nonce(12) ‖ ciphertext ‖ tag(16)`.
enum SealedBox {
    static let overhead = 12 + 16

    static func seal(_ bytes: [UInt8], key: Digest, associated: [UInt8], random: inout some RandomSource) -> [UInt8] {
        guard let nonce = try? AES.GCM.Nonce(data: random.bytes(12)),
            let box = try? AES.GCM.seal(bytes, using: SymmetricKey(data: key.bytes), nonce: nonce, authenticating: associated),
            let combined = box.combined
        else { preconditionFailure("AES-256-GCM seals any bytes under 32 bytes of key and 12 of nonce.") }
        return Array(combined)
    }

    static func open(_ sealed: [UInt8], key: Digest, associated: [UInt8]) throws(SealingFault) -> [UInt8] {
        do {
            let box = try AES.GCM.SealedBox(combined: sealed)
            return Array(try AES.GCM.open(box, using: SymmetricKey(data: key.bytes), authenticating: associated))
        } catch { throw .doesNotOpen }
    }
}
