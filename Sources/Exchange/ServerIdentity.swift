package import BuntanProtocol
package import ChangeLog

/// What makes a server the one that logs and clients know: its name, the key of its logs, and its secret.
package struct ServerIdentity: Sendable {
    /// The name that signatures and checkpoints are bound to.
    package let name: String
    package let logKey: SigningKey
    /// Behind challenges and session tokens; never sent.
    package let secret: Digest

    package init(name: String, logKey: SigningKey, secret: Digest) {
        self.name = name
        self.logKey = logKey
        self.secret = secret
    }

    /// Draws the log key's seed first, then the secret.
    package init(name: String, random: inout some RandomSource) {
        self.init(name: name, logKey: SigningKey(seed: random.seed()), secret: random.seed())
    }

    /// Whether the log of a space is this server's to keep.
    func keeps(_ rights: SpaceRights) -> Bool { rights.serverName == name && rights.logKey == logKey.publicKey }
}

extension ServerIdentity: CustomStringConvertible, CustomReflectable {
    package var description: String { "ServerIdentity(\(name))" }
    package var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}

/// What the operator lays down.
package struct RegistrarPolicy: Sendable, Hashable {
    /// Whether organisations may register without an admission code or invitation.
    package var isOpen: Bool
    package var spaceBytes: Int
    /// Bytes that an organisation's own entries may fill, where the registry names no other figure.
    package var organisationBytes: Int
    package var organisationSpaces: Int
    package var organisationDevices: Int

    package init(
        isOpen: Bool = false, spaceBytes: Int = 1 << 30, organisationBytes: Int = 10 << 30, organisationSpaces: Int = 1_000,
        organisationDevices: Int = 500
    ) {
        self.isOpen = isOpen
        self.spaceBytes = spaceBytes
        self.organisationBytes = organisationBytes
        self.organisationSpaces = organisationSpaces
        self.organisationDevices = organisationDevices
    }
}
