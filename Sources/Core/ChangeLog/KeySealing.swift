package import BuntanProtocol
import Foundation

import struct Crypto.SymmetricKey
import enum CryptoExtras.KDF

/// Why a key file does not open.
package enum KeyFileFault: Error, Hashable, Sendable {
    /// Not a key file, or not as it was written.
    case damaged
    /// Whole, but sealed with another passphrase.
    case wrongPassphrase
    /// Sealed, and no passphrase was given.
    case passphraseNeeded
    /// Written by a newer program, or asking for more memory than any of ours would.
    case unsupported
    /// An empty passphrase seals nothing.
    case emptyPassphrase
    /// It holds a key of another sort than was asked for.
    case otherPurpose
}

/// How much work a guess at a passphrase takes: scrypt's parameters, written beside the salt (RFC 7914).
package struct PassphraseCost: Hashable, Sendable {
    package let log2Rounds: Int
    package let blockSize: Int
    package let parallelism: Int

    package init(log2Rounds: Int, blockSize: Int, parallelism: Int) {
        self.log2Rounds = log2Rounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// 128 MiB and about half a second a guess.
    package static let standard = PassphraseCost(log2Rounds: 17, blockSize: 8, parallelism: 1)

    /// A file must not be able to ask for all the memory there is: at most 512 MiB, and four times the standard work.
    package var isBearable: Bool {
        (1...19).contains(log2Rounds) && (1...32).contains(blockSize) && (1...4).contains(parallelism)
            && 128 * blockSize * parallelism << log2Rounds <= 512 << 20
    }
}

/// The keys that stand in a file of their own.
package enum StoredKey: Sendable {
    case device(DeviceKeys)
    case root(SigningKey)
    /// A log's key: a server's, or a device's own for a space that no server keeps yet.
    case log(SigningKey)

    package enum Purpose: Int, Sendable, Hashable { case device = 1, root, log }

    package var purpose: Purpose {
        switch self {
        case .device: .device
        case .root: .root
        case .log: .log
        }
    }

    /// The key by which others know the holder.
    package var publicKey: PublicKey {
        switch self {
        case .device(let keys): keys.device
        case .root(let key), .log(let key): key.publicKey
        }
    }
}

/// A private key as a file: in the clear, or sealed with a passphrase.
///
/// ```
/// {1: format = 1, 2: purpose (1 device, 2 root, 3 log), 3: public key, 4: [log2 N, r, p, salt(16)] | null, 5: content, 6: checksum(16)}
/// content  = {1: signing seed, ?2: x25519 seed (device)}, sealed as nonce(12) ‖ AES-256-GCM under scrypt(passphrase, salt)
/// checksum = H("key-file", the map's keys 1 to 5, encoded as a map)[0..<16]
/// ```
/// The checksum is no secret and no protection. It tells a damaged file from a wrong passphrase, which are not at all the
/// same news, before any time is spent on the passphrase.
package struct KeyFile: Hashable, Sendable {
    package let purpose: StoredKey.Purpose
    package let publicKey: PublicKey
    private let cost: PassphraseCost?
    private let salt: Nonce?
    private let content: [UInt8]

    package var isSealed: Bool { cost != nil }

    private static let format = 1

    /// Writes a key in the clear: for machines that have nobody to type.
    package init(unsealed key: StoredKey) {
        purpose = key.purpose
        publicKey = key.publicKey
        cost = nil
        salt = nil
        content = Self.plain(key)
    }

    /// Seals a key. Passphrases that look alike are alike: they are brought to Unicode's composed form first.
    package init(
        sealing key: StoredKey, passphrase: String, cost: PassphraseCost = .standard, random: inout some RandomSource
    ) throws(KeyFileFault) {
        precondition(cost.isBearable, "A key file that is written must be readable.")
        let salt = random.nonce()
        purpose = key.purpose
        publicKey = key.publicKey
        self.cost = cost
        self.salt = salt
        let sealingKey = try Self.derive(passphrase, cost: cost, salt: salt)
        content = SealedBox.seal(
            Self.plain(key), key: sealingKey, associated: Self.associated(purpose, publicKey, cost, salt), random: &random)
    }

    /// Opens the key; a passphrase is needed if it is sealed and ignored if it is not.
    package func open(passphrase: String?) throws(KeyFileFault) -> StoredKey {
        var plain = content
        if let cost, let salt {
            guard let passphrase else { throw .passphraseNeeded }
            let key = try Self.derive(passphrase, cost: cost, salt: salt)
            do {
                plain = try SealedBox.open(content, key: key, associated: Self.associated(purpose, publicKey, cost, salt))
            } catch { throw .wrongPassphrase }
        }
        guard let key = Self.read(plain, purpose), key.publicKey == publicKey else { throw .damaged }
        return key
    }

    package func openDevice(passphrase: String?) throws(KeyFileFault) -> DeviceKeys {
        guard case .device(let keys) = try open(passphrase: passphrase) else { throw .otherPurpose }
        return keys
    }

    package func openRoot(passphrase: String?) throws(KeyFileFault) -> SigningKey {
        guard case .root(let key) = try open(passphrase: passphrase) else { throw .otherPurpose }
        return key
    }

    package func openLog(passphrase: String?) throws(KeyFileFault) -> SigningKey {
        guard case .log(let key) = try open(passphrase: passphrase) else { throw .otherPurpose }
        return key
    }

    private static func plain(_ key: StoredKey) -> [UInt8] {
        CBORWriter.encode { w in
            switch key {
            case .device(let keys):
                w.map(2)
                w.key(1)
                w.fixed(keys.signing.seed)
                w.key(2)
                w.fixed(keys.sealing.seed)
            case .root(let key), .log(let key):
                w.map(1)
                w.key(1)
                w.fixed(key.seed)
            }
        }
    }

    private static func read(_ plain: [UInt8], _ purpose: StoredKey.Purpose) -> StoredKey? {
        try? CBORReader.decode(plain) { r throws(DecodingFault) -> StoredKey in
            var m = try r.map()
            try r.key(1, &m)
            let signing = SigningKey(seed: try r.fixed())
            switch purpose {
            case .device:
                try r.key(2, &m)
                let sealing = SealingPrivateKey(seed: try r.fixed())
                try r.end(m)
                return .device(DeviceKeys(signing: signing, sealing: sealing))
            case .root:
                try r.end(m)
                return .root(signing)
            case .log:
                try r.end(m)
                return .log(signing)
            }
        }
    }

    private static func derive(_ passphrase: String, cost: PassphraseCost, salt: Nonce) throws(KeyFileFault) -> Digest {
        let password = Array(passphrase.precomposedStringWithCanonicalMapping.utf8)
        guard !password.isEmpty else { throw .emptyPassphrase }
        do {
            let key = try KDF.Scrypt.deriveKey(
                from: password, salt: salt.bytes, outputByteCount: 32, rounds: 1 << cost.log2Rounds, blockSize: cost.blockSize,
                parallelism: cost.parallelism)
            return key.withUnsafeBytes { Digest(loadingFrom: $0) }
        } catch { throw .unsupported }
    }

    private static func associated(_ purpose: StoredKey.Purpose, _ publicKey: PublicKey, _ cost: PassphraseCost, _ salt: Nonce) -> [UInt8] {
        CBORWriter.encode { w in
            w.array(4)
            w.text("buntan.key-file.v1")
            w.int(purpose.rawValue)
            w.fixed(publicKey)
            write(cost, salt, to: &w)
        }
    }

    private static func write(_ cost: PassphraseCost, _ salt: Nonce, to w: inout CBORWriter) {
        w.array(4)
        w.int(cost.log2Rounds)
        w.int(cost.blockSize)
        w.int(cost.parallelism)
        w.id(salt)
    }
}

/// A description never shows the content, which an unsealed file holds in the clear.
extension KeyFile: CustomStringConvertible, CustomReflectable {
    package var description: String { "KeyFile(\(purpose), \(publicKey), \(isSealed ? "sealed" : "unsealed"))" }
    package var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey, "isSealed": isSealed]) }
}

extension KeyFile {
    private func write(checksum: Nonce?) -> [UInt8] {
        CBORWriter.encode(capacity: 256) { w in
            w.map(checksum == nil ? 5 : 6)
            w.key(1)
            w.int(Self.format)
            w.key(2)
            w.int(purpose.rawValue)
            w.key(3)
            w.fixed(publicKey)
            w.key(4)
            if let cost, let salt { Self.write(cost, salt, to: &w) } else { w.null() }
            w.key(5)
            w.byteString(content)
            if let checksum {
                w.key(6)
                w.id(checksum)
            }
        }
    }

    private var checksum: Nonce { Nonce(prefixOf: Purpose.hash("key-file", write(checksum: nil))) }

    package func encoded() -> [UInt8] { write(checksum: checksum) }

    package init(decoding bytes: [UInt8]) throws(KeyFileFault) {
        let found: Nonce
        do {
            var r = CBORReader(bytes)
            var m = try r.map()
            try r.key(1, &m)
            guard try r.int() == Int64(Self.format) else { throw KeyFileFault.unsupported }
            try r.key(2, &m)
            guard let purpose = StoredKey.Purpose(rawValue: try r.int(0...255)) else { throw KeyFileFault.unsupported }
            self.purpose = purpose
            try r.key(3, &m)
            publicKey = try r.fixed()
            try r.key(4, &m)
            if try r.null() {
                cost = nil
                salt = nil
            } else {
                try r.array(of: 4)
                cost = PassphraseCost(
                    log2Rounds: try r.int(0...255), blockSize: try r.int(0...65_535), parallelism: try r.int(0...65_535))
                salt = try r.id()
            }
            try r.key(5, &m)
            content = Array(try r.byteString(most: 1_024))
            try r.key(6, &m)
            found = try r.id()
            try r.end(m)
            try r.finish()
        } catch let fault as KeyFileFault {
            throw fault
        } catch { throw .damaged }
        guard found == checksum else { throw .damaged }
        if let cost, !cost.isBearable { throw .unsupported }
    }
}
