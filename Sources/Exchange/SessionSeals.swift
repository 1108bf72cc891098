import BuntanProtocol
import Crypto
import FoundationEssentials

/// Challenges and tokens that the server need not remember: it seals what it hands out and knows its own seal again.
///
/// ```
/// nonce = time(8) ‖ HMAC(secret, "challenge" ‖ time ‖ device)[0..<24]      answered within 60 s
/// token = device(32) ‖ expires(8) ‖ HMAC(secret, "token" ‖ device ‖ expires)
/// ```
/// Every process that has the secret accepts what another has handed out.
struct SessionSeals {
    /// A code to which nothing has been added yet: what the key alone decides is worked out once.
    private let keyed: HMAC<SHA256>

    init(secret: BuntanProtocol.Digest) { keyed = HMAC(key: SymmetricKey(data: secret.bytes)) }

    func challenge(for device: DeviceID, at now: Int64) -> BuntanProtocol.Digest {
        let time = Self.bytes(now)
        guard let nonce = BuntanProtocol.Digest(time + seal("challenge", time + device.bytes).prefix(24)) else {
            preconditionFailure("A time and 24 bytes of a code are 32 bytes.")
        }
        return nonce
    }

    /// Whether the nonce was handed to this device within the time it may be answered.
    func isCurrent(_ nonce: BuntanProtocol.Digest, for device: DeviceID, at now: Int64) -> Bool {
        let time = Self.time(nonce.bytes.prefix(8))
        let (age, overflow) = now.subtractingReportingOverflow(time)
        guard !overflow, age >= 0, age <= Limits.challengeMillis else { return false }
        return Self.areEqual(challenge(for: device, at: time).bytes, nonce.bytes)
    }

    func token(for device: DeviceID, expires: Int64) -> [UInt8] {
        let content = device.bytes + Self.bytes(expires)
        return content + seal("token", content)
    }

    /// The device that a token was given to, if it is this server's and has not expired.
    func device(of token: [UInt8], at now: Int64) -> DeviceID? {
        guard token.count == 72, let device = DeviceID(token.prefix(32)) else { return nil }
        let expires = Self.time(token[32..<40])
        guard Self.areEqual(self.token(for: device, expires: expires), token), expires > now else { return nil }
        return device
    }

    private func seal(_ purpose: String, _ content: [UInt8]) -> [UInt8] {
        var code = keyed
        code.update(data: Array(purpose.utf8) + [0])
        code.update(data: content)
        return Array(code.finalize())
    }

    /// Compares in a time that does not tell where the first difference is.
    private static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func bytes(_ time: Int64) -> [UInt8] { withUnsafeBytes(of: time.bigEndian) { Array($0) } }
    private static func time(_ bytes: ArraySlice<UInt8>) -> Int64 {
        Int64(bitPattern: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}
