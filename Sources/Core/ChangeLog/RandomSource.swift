package import BuntanProtocol

/// Where chance comes from: handed in, so that a simulation can repeat every run.
///
/// Two things draw from the libraries instead and cannot be handed a source: HPKE makes its own ephemeral key,
/// and Ed25519 draws nothing at all.
package protocol RandomSource {
    /// Returns `count` bytes that nobody can foresee.
    mutating func bytes(_ count: Int) -> [UInt8]
}

extension RandomSource {
    /// Returns 16 fresh bytes: a change's nonce, the seed of its salts, an invitation's seed.
    package mutating func nonce() -> Nonce {
        guard let nonce = Nonce(bytes(16)) else { preconditionFailure("A random source returned another count than it was asked for.") }
        return nonce
    }

    /// Returns 32 fresh bytes: the seed of a key, or a space key.
    package mutating func seed() -> Digest {
        guard let seed = Digest(bytes(32)) else { preconditionFailure("A random source returned another count than it was asked for.") }
        return seed
    }
}

/// Draws from the operating system: the one source that cannot be repeated.
package struct SystemRandom: RandomSource, Sendable {
    package init() {}

    package mutating func bytes(_ count: Int) -> [UInt8] {
        var system = SystemRandomNumberGenerator()
        var result: [UInt8] = []
        result.reserveCapacity(count + 7)
        while result.count < count { withUnsafeBytes(of: system.next()) { result.append(contentsOf: $0) } }
        result.removeLast(result.count - count)
        return result
    }
}
