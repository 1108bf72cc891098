package import BuntanProtocol
import enum Crypto.Curve25519
import FoundationEssentials

/// An Ed25519 key pair: of a root, a device, a log or an invitation.
package struct SigningKey: Sendable {
    package let seed: Digest
    package let publicKey: PublicKey
    private let key: Curve25519.Signing.PrivateKey

    /// Makes the key pair that RFC 8032 derives from 32 bytes.
    package init(seed: Digest) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed.bytes),
            let publicKey = PublicKey(key.publicKey.rawRepresentation)
        else { preconditionFailure("Any 32 bytes are an Ed25519 seed.") }
        self.seed = seed
        self.key = key
        self.publicKey = publicKey
    }

    /// Returns Sig(key, label, content): over the content behind a prefix that names the purpose.
    package func sign(_ label: StaticString, _ content: [UInt8]) -> Signature { signRaw(Purpose.prefixed(label, content)) }

    /// Returns a signature over bytes without a prefix: only for signed notes, whose format leaves no room for one.
    package func signRaw(_ message: [UInt8]) -> Signature {
        guard let memory = SignatureMemory.current else { return makeSignature(message) }
        return memory.signature(by: publicKey, message: message) { makeSignature(message) }
    }

    private func makeSignature(_ message: [UInt8]) -> Signature {
        guard let bytes = try? key.signature(for: message), let signature = Signature(bytes) else {
            preconditionFailure("An Ed25519 key signs any message.")
        }
        return signature
    }
}

/// A description never shows the seed, whoever prints it and however.
extension SigningKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "SigningKey(\(publicKey))" }
    package var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }
}

/// Checks Ed25519 signatures over bytes as received.
package enum SignatureCheck {
    /// Returns whether `signature` is Sig(key, label, content).
    package static func isValid(_ signature: Signature, by key: PublicKey, label: StaticString, content: [UInt8]) -> Bool {
        isValidRaw(signature, by: key, message: Purpose.prefixed(label, content))
    }

    /// Returns whether `signature` is one over exactly these bytes: only for signed notes.
    package static func isValidRaw(_ signature: Signature, by key: PublicKey, message: [UInt8]) -> Bool {
        guard let memory = SignatureMemory.current else { return isGood(signature, by: key, message: message) }
        return memory.isGood(signature, by: key, message: message) { isGood(signature, by: key, message: message) }
    }

    private static func isGood(_ signature: Signature, by key: PublicKey, message: [UInt8]) -> Bool {
        // A key that is no point of the curve fails to load or to verify; either way nothing was signed by it.
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key.bytes) else { return false }
        return key.isValidSignature(signature.bytes, for: message)
    }
}

extension Fixed32 where Subject == SigningKeySubject {
    /// Whether the key is a point of small order, for which anybody can make signatures.
    ///
    /// Verification alone accepts such keys. Whoever enrolled one could later say that somebody else had signed,
    /// so chains refuse them (RFC 8032 leaves this to the protocol).
    package var isWeak: Bool { Self.smallOrder.contains(Self(word0: word0, word1: word1, word2: word2, word3: word3 & ~0x80)) }

    /// The y coordinates of the eight points of small order, little-endian, and those two that have a second encoding.
    private static let smallOrder: Set<Self> = [
        Self(word0: 0, word1: 0, word2: 0, word3: 0),
        Self(word0: 0x0100_0000_0000_0000, word1: 0, word2: 0, word3: 0),
        Self(word0: 0x26e8_958f_c2b2_27b0, word1: 0x45c3_f489_f2ef_98f0, word2: 0xd5df_ac05_d3c6_3339, word3: 0xb138_0288_6d53_fc05),
        Self(word0: 0xc717_6a70_3d4d_d84f, word1: 0xba3c_0b76_0d10_670f, word2: 0x2a20_53fa_2c39_ccc6, word3: 0x4ec7_fd77_92ac_037a),
        Self(word0: 0xecff_ffff_ffff_ffff, word1: .max, word2: .max, word3: 0xffff_ffff_ffff_ff7f),
        Self(word0: 0xedff_ffff_ffff_ffff, word1: .max, word2: .max, word3: 0xffff_ffff_ffff_ff7f),
        Self(word0: 0xeeff_ffff_ffff_ffff, word1: .max, word2: .max, word3: 0xffff_ffff_ffff_ff7f),
    ]
}

extension Fixed32 where Subject == SealingKeySubject {
    /// Whether the key is a point of small order: every sender would arrive at one secret, which anybody knows.
    ///
    /// RFC 9180 section 7.1.4 has HPKE refuse such keys, which the library leaves undone on this platform. The highest bit
    /// does not count (RFC 7748 section 5).
    package var isWeak: Bool { Self.smallOrder.contains(Self(word0: word0, word1: word1, word2: word2, word3: word3 & ~0x80)) }

    /// The u coordinates of the points of small order, of the curve and of its twist, little-endian, and those two that
    /// have a second encoding.
    private static let smallOrder: Set<Self> = [
        Self(word0: 0, word1: 0, word2: 0, word3: 0),
        Self(word0: 0x0100_0000_0000_0000, word1: 0, word2: 0, word3: 0),
        Self(word0: 0xe0eb_7a7c_3b41_b8ae, word1: 0x1656_e3fa_f19f_c46a, word2: 0xda09_8deb_9c32_b1fd, word3: 0x8662_0516_5f49_b800),
        Self(word0: 0x5f9c_95bc_a350_8c24, word1: 0xb1d0_b155_9c83_ef5b, word2: 0x0444_5cc4_581c_8e86, word3: 0xd822_4edd_d09f_1157),
        Self(word0: 0xecff_ffff_ffff_ffff, word1: .max, word2: .max, word3: 0xffff_ffff_ffff_ff7f),
        Self(word0: 0xedff_ffff_ffff_ffff, word1: .max, word2: .max, word3: 0xffff_ffff_ffff_ff7f),
        Self(word0: 0xeeff_ffff_ffff_ffff, word1: .max, word2: .max, word3: 0xffff_ffff_ffff_ff7f),
    ]
}

/// An X25519 key pair: what space keys are wrapped to.
package struct SealingPrivateKey: Sendable {
    package let seed: Digest
    package let publicKey: SealingKey
    let key: Curve25519.KeyAgreement.PrivateKey

    package init(seed: Digest) {
        guard let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: seed.bytes),
            let publicKey = SealingKey(key.publicKey.rawRepresentation)
        else { preconditionFailure("Any 32 bytes are an X25519 key.") }
        self.seed = seed
        self.key = key
        self.publicKey = publicKey
    }
}

extension SealingPrivateKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "SealingPrivateKey(\(publicKey))" }
    package var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }
}

/// The two key pairs of one device.
package struct DeviceKeys: Sendable {
    package let signing: SigningKey
    package let sealing: SealingPrivateKey

    package var device: DeviceID { signing.publicKey }

    package init(signing: SigningKey, sealing: SealingPrivateKey) {
        self.signing = signing
        self.sealing = sealing
    }

    /// Draws the signing seed first, then the sealing seed.
    package init(random: inout some RandomSource) {
        signing = SigningKey(seed: random.seed())
        sealing = SealingPrivateKey(seed: random.seed())
    }
}
