package import BuntanProtocol

/// The 16 bytes that are printed once, when an organisation is founded, and stand for its recovery key.
///
/// `base32(seed ‖ H("recovery-code", seed)[0..<2])` in groups of four letters: the check is not that of other codes, so
/// none of them passes for this one.
package struct RecoveryCode: Hashable, Sendable {
    package enum Fault: Error, Hashable, Sendable { case mistyped, notACode }

    private let seed: Nonce

    package init(seed: Nonce) { self.seed = seed }

    package init(random: inout some RandomSource) { seed = random.nonce() }

    package init(reading text: String) throws(Fault) {
        let letters = String(text.filter { !$0.isWhitespace })
        // 29 letters and seven hyphens: about that many are a slip of the fingers, anything else was never a code.
        guard (24...44).contains(letters.utf8.count) else { throw .notACode }
        guard let bytes = Base32.bytes(letters), bytes.count == 18, let seed = Nonce(bytes.prefix(16)),
            bytes.suffix(2).elementsEqual(Self.check(seed))
        else { throw .mistyped }
        self.seed = seed
    }

    package var text: String { Base32.grouped(Base32.text(seed.bytes + Self.check(seed))) }

    /// The recovery key, from the Ed25519 seed H("recovery-seed", seed).
    package var key: SigningKey { SigningKey(seed: Purpose.hash("recovery-seed", seed.bytes)) }

    private static func check(_ seed: Nonce) -> ArraySlice<UInt8> { Purpose.hash("recovery-code", seed.bytes).bytes.prefix(2) }
}

extension RecoveryCode: CustomStringConvertible, CustomReflectable {
    package var description: String { "RecoveryCode" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A new organisation: what its first device keeps, prints and registers.
package struct FoundedOrganisation: Sendable {
    package let root: SigningKey
    package let device: DeviceKeys
    /// Printed once and kept nowhere.
    package let recoveryCode: RecoveryCode
    package let chain: OrganisationChain
    /// The first two: the root enrols the device with every capability, then names the recovery key.
    package let statements: [SignedBytes]

    package var organisation: OrganisationID { chain.organisation }

    package init(label: String, time: Int64, random: inout some RandomSource) throws(Refusal) {
        root = SigningKey(seed: random.seed())
        device = DeviceKeys(random: &random)
        recoveryCode = RecoveryCode(random: &random)
        var chain = OrganisationChain(foundingRoot: root.publicKey)
        let author = StatementAuthor(organisation: chain.organisation, key: root)
        var statements: [SignedBytes] = []
        for act in [
            Statement.Act.enrolling(device, in: chain.organisation, capabilities: .all, label: label),
            .addingRecovery(recoveryCode.key, to: chain.organisation),
        ] {
            let statement = author.sign(act, after: chain.head, time: time)
            try chain.append(statement)
            statements.append(statement)
        }
        self.chain = chain
        self.statements = statements
    }
}
