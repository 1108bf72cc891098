package import BuntanProtocol
import ChangeLog
package import Storage
package import Syncing

/// Whose store this is.
package struct Identity: Hashable, Sendable {
    package let organisation: OrganisationID
    package let rootKey: PublicKey
    package let device: DeviceID
    /// The space of the organisation's own records; `nil` on a device that has joined and not yet synced.
    package var home: SpaceID?

    package init(organisation: OrganisationID, rootKey: PublicKey, device: DeviceID, home: SpaceID?) {
        self.organisation = organisation
        self.rootKey = rootKey
        self.device = device
        self.home = home
    }

    func encoded() -> [UInt8] {
        CBORWriter.encode { w in
            w.array(4)
            w.id(organisation)
            w.fixed(rootKey)
            w.fixed(device)
            w.optional(home) { $0.id($1) }
        }
    }

    init(decoding bytes: [UInt8]) throws(DecodingFault) {
        self = try CBORReader.decode(bytes) { r throws(DecodingFault) -> Identity in
            try r.array(of: 4)
            return Identity(
                organisation: try r.id(), rootKey: try r.fixed(), device: try r.fixed(),
                home: try r.optional { r throws(DecodingFault) in try r.id() })
        }
    }
}

/// The server this store talks to, as far as it is known.
package struct KnownServer: Hashable, Sendable {
    package var address: String
    /// What `hello` said; `nil` before the first contact.
    package var name: String?
    package var logKey: PublicKey?
    /// Whether the organisation is registered there.
    package var isRegistered: Bool
    package var admission: Nonce?

    package init(address: String, name: String? = nil, logKey: PublicKey? = nil, isRegistered: Bool = false, admission: Nonce? = nil) {
        self.address = address
        self.name = name
        self.logKey = logKey
        self.isRegistered = isRegistered
        self.admission = admission
    }

    func encoded() -> [UInt8] {
        CBORWriter.encode { w in
            w.array(5)
            w.text(address)
            w.optional(name) { $0.text($1) }
            w.optional(logKey) { $0.fixed($1) }
            w.bool(isRegistered)
            w.optional(admission) { $0.id($1) }
        }
    }

    init(decoding bytes: [UInt8]) throws(DecodingFault) {
        self = try CBORReader.decode(bytes) { r throws(DecodingFault) -> KnownServer in
            try r.array(of: 5)
            return KnownServer(
                address: try r.text(), name: try r.optional { r throws(DecodingFault) in try r.text() },
                logKey: try r.optional { r throws(DecodingFault) in try r.fixed() }, isRegistered: try r.bool(),
                admission: try r.optional { r throws(DecodingFault) in try r.id() })
        }
    }
}

/// The names under which a replica keeps small things beside its logs. None of them travels.
package enum StoredName {
    package static let identity = "identity"
    package static let server = "server"
    package static let session = "session"
    /// The statement that ended this device's rights, as the server gave it, after what led to it.
    static let revocation = "revocation"
    /// The changes that waited here when this store went on under other keys: their ids, one after another.
    static let underLostKeys = "under-lost-keys"
    /// The server's bare word that this device is not enrolled any more.
    static let disowned = "disowned"
    package static func chain(_ number: Int) -> String { "chain/" + String(number, radix: 16).leftPadded(to: 8) }
    package static let chainPrefix = "chain/"
    package static func logKey(_ space: SpaceID) -> String { "log-key/\(space.hex)" }
    package static func spaceKey(_ space: SpaceID, _ epoch: Int) -> String { "space-key/\(space.hex)/\(epoch)" }
    package static func spaceKeyPrefix(_ space: SpaceID) -> String { "space-key/\(space.hex)/" }
    package static func frozen(_ space: SpaceID) -> String { "frozen/\(space.hex)" }
    package static let frozenPrefix = "frozen/"
    /// What a server showed of a space that has been frozen, whole.
    package static func evidence(_ space: SpaceID) -> String { "evidence/\(space.hex)" }
    /// An engagement that an invitation lets this organisation found, until the server has taken it.
    package static func founding(_ space: SpaceID) -> String { "founding/\(space.hex)" }
    package static let foundingPrefix = "founding/"
    /// What a record said once and for all.
    static func said(_ record: RecordID, in space: SpaceID) -> String { "said/\(space.hex)/\(record.hex)" }
    package static let lastSync = "last-sync"
    /// The spaces of which the server had less than was seen before, at the last sync: their ids, one after another.
    static let fellBack = "fell-back"
    /// The name a person gave an engagement in this store.
    package static func handle(_ engagement: SpaceID) -> String { handlePrefix + engagement.hex }
    static let handlePrefix = "handle/"
    /// For whom an invitation was made; empty where nobody was named.
    package static func invitation(_ id: InvitationID) -> String { invitationPrefix + id.hex }
    static let invitationPrefix = "invitation/"
    /// Until when an invitation of a service that was made here can be taken up, in milliseconds since 1970.
    static func invited(_ service: SpaceID) -> String { "invited/\(service.hex)" }
    static func invitation(named name: String) -> InvitationID? {
        Hexadecimal.bytes(String(name.dropFirst(invitationPrefix.count))).flatMap { InvitationID($0) }
    }
}

extension String {
    func leftPadded(to width: Int) -> String { String(repeating: "0", count: max(0, width - utf8.count)) + self }
}

extension StoreReader {
    package func identity() throws -> Identity {
        guard let bytes = try value(StoredName.identity) else { throw WorkspaceFault.notInitialised }
        return try Identity(decoding: bytes)
    }

    package func knownServer() throws -> KnownServer? {
        try value(StoredName.server).map { try KnownServer(decoding: $0) }
    }

    /// The organisation's own chain of statements, in order.
    package func ownChain() throws -> [SignedBytes] {
        try values(withPrefix: StoredName.chainPrefix).sorted { $0.key < $1.key }.map { _, bytes in
            try CBORReader.decode(bytes) { r throws(DecodingFault) in try SignedBytes(from: &r) }
        }
    }

    /// The keys of a sealed space that are here.
    package func spaceKeys(of spaces: [SpaceID]) throws -> SpaceKeys {
        var keys = SpaceKeys()
        for space in spaces {
            for (name, bytes) in try values(withPrefix: StoredName.spaceKeyPrefix(space)) {
                guard let epoch = Int(name.split(separator: "/").last ?? ""), let secret = Digest(bytes) else { continue }
                keys[space, epoch] = SpaceKey(epoch: epoch, key: secret)
            }
        }
        return keys
    }

    /// For whom an invitation of this store was made; `nil` where nobody was named, and for another's.
    package func invitedName(_ invitation: InvitationID) throws -> String? {
        try value(StoredName.invitation(invitation)).flatMap { $0.isEmpty ? nil : String(decoding: $0, as: UTF8.self) }
    }

    /// When the last sync of this store ended by its own clock, in milliseconds since 1970; `nil` before the first.
    package func lastSync() throws -> Int64? {
        try value(StoredName.lastSync).map { bytes in try CBORReader.decode(bytes) { r throws(DecodingFault) in try r.int() } }
    }

    /// Until when somebody may join a service by an invitation that was made here, in milliseconds since 1970.
    package func invited(to service: SpaceID) throws -> Int64? {
        try value(StoredName.invited(service)).map { bytes in try CBORReader.decode(bytes) { r throws(DecodingFault) in try r.int() } }
    }

    /// The spaces of which the server had less than was seen before, when it was last asked.
    package func fallenBack() throws -> [SpaceID] {
        let bytes = try value(StoredName.fellBack) ?? []
        return stride(from: 0, to: bytes.count, by: 16).compactMap { SpaceID(Array(bytes[$0..<min($0 + 16, bytes.count)])) }
    }

    package func isFrozen(_ space: SpaceID) throws -> Bool { try value(StoredName.frozen(space)) != nil }

    package func frozenSpaces() throws -> [SpaceID] {
        try values(withPrefix: StoredName.frozenPrefix).keys
            .compactMap { key in Hexadecimal.bytes(key.dropFirst(StoredName.frozenPrefix.utf8.count)).flatMap { SpaceID($0) } }.sorted()
    }
}

extension StoreWriter {
    func setIdentity(_ identity: Identity) throws { try setValue(identity.encoded(), for: StoredName.identity) }
    /// Points this store to another address.
    ///
    /// What a server has said of itself is asked again. Its name stays while it keeps a space of this store, so that another
    /// server at the new address is told apart; otherwise any server may be there.
    package func moveServer(to address: String) throws {
        guard var server = try knownServer() else { return try setServer(KnownServer(address: address)) }
        guard server.address != address else { return }
        server =
            try keepsSpaces()
            ? KnownServer(address: address, name: server.name, isRegistered: server.isRegistered) : KnownServer(address: address)
        try setServer(server)
        try setValue(nil, for: StoredName.session)
    }

    /// Keeps which spaces the server had less of than was seen before.
    package func noteFallenBack(_ spaces: [SpaceID]) throws {
        guard try spaces != fallenBack() else { return }
        try setValue(spaces.isEmpty ? nil : spaces.flatMap(\.bytes), for: StoredName.fellBack)
    }

    /// Whether a server keeps a space of this store.
    private func keepsSpaces() throws -> Bool { try spaces().contains { try standing(of: $0)?.rights.serverName != nil } }

    /// Lets this store know no server any more; `false`, and nothing is changed, where one keeps a space of it.
    package func forgetServer() throws -> Bool {
        guard try !keepsSpaces() else { return false }
        for name in [StoredName.server, StoredName.session] { try setValue(nil, for: name) }
        return true
    }

    package func setServer(_ server: KnownServer) throws { try setValue(server.encoded(), for: StoredName.server) }
    func appendToOwnChain(_ statement: SignedBytes, number: Int) throws {
        try setValue(CBORWriter.encode { statement.write(to: &$0) }, for: StoredName.chain(number))
    }

    /// Keeps until when somebody may join a service by an invitation that was made here; `nil` where all were taken back.
    package func setInvited(to service: SpaceID, until expires: Int64?) throws {
        try setValue(expires.map { expires in CBORWriter.encode { $0.int(expires) } }, for: StoredName.invited(service))
    }
}
