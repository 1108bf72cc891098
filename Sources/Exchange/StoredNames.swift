import BuntanProtocol
import ChangeLog
import Storage

/// The names under which a server keeps small things beside its tables.
enum StoredNames {
    /// An organisation's chain as it stands, so that no request has to check its signatures again.
    static func chain(_ organisation: OrganisationID) -> String { "chain/\(organisation.hex)" }
    /// What a device may do now; nothing once it is revoked.
    static func capabilities(_ device: DeviceID) -> String { "caps/\(device.hex)" }
    /// Bytes of the entries that an organisation has written.
    static func used(_ organisation: OrganisationID) -> String { "used/\(organisation.hex)" }
    /// Bytes of the changes that an organisation has written in a space.
    static func used(in space: SpaceID, _ organisation: OrganisationID) -> String { "used/\(organisation.hex)/\(space.hex)" }
    /// Bytes that an organisation has taken of its reserve in a space, or of the one for what it says about itself.
    static func reserve(_ space: SpaceID?, _ organisation: OrganisationID) -> String {
        "reserve/\(organisation.hex)" + (space.map { "/\($0.hex)" } ?? "")
    }
    /// How far a log was paid for that has given up its end since.
    static func paid(_ space: SpaceID) -> String { "paid/\(space.hex)" }
    /// The organisation that an invitation has admitted.
    static func invited(_ invitation: InvitationID) -> String { "invited/\(invitation.hex)" }
    /// Where a statement about one space stands in its log.
    static func said(_ space: SpaceID, _ organisation: OrganisationID, _ number: Int) -> String {
        "said/\(space.hex)/\(organisation.hex)/\(number)"
    }
    /// A checkpoint under the key of whoever began the log, at a size it had before it moved here.
    static func note(_ space: SpaceID, size: Int) -> String { notes(space) + String(size) }
    static func notes(_ space: SpaceID) -> String { "note/\(space.hex)/" }
}

extension StoreReader {
    func number(_ name: String) throws -> Int {
        guard let bytes = try value(name) else { return 0 }
        guard let number = Int(String(decoding: bytes, as: UTF8.self)) else { throw StorageFault.damaged(name) }
        return number
    }

    /// An organisation's chain as it stands; `nil` for one that is not registered.
    func chain(of organisation: OrganisationID) throws -> OrganisationChain? {
        if let bytes = try value(StoredNames.chain(organisation)) {
            do { return try OrganisationChain(decoding: bytes) } catch { throw StorageFault.damaged(StoredNames.chain(organisation)) }
        }
        guard let registered = try self.organisation(organisation) else { return nil }
        return try OrganisationChain(foundingRoot: registered.rootKey, statements: try statements(of: organisation))
    }

    func capabilities(of device: DeviceID) throws -> Capabilities {
        Capabilities(rawValue: Int(try value(StoredNames.capabilities(device))?.first ?? 0))
    }
}

extension StoreWriter {
    func setNumber(_ number: Int, for name: String) throws { try setValue(Array(String(number).utf8), for: name) }

    /// Keeps a chain that has grown, and with it what each device may do.
    func setChain(_ chain: OrganisationChain) throws {
        try setValue(chain.encoded(), for: StoredNames.chain(chain.organisation))
        for (device, known) in chain.devices {
            let capabilities = [UInt8(known.capabilities.rawValue)]
            guard try value(StoredNames.capabilities(device)) != capabilities else { continue }
            try setDevice(device, of: chain.organisation)
            try setValue(capabilities, for: StoredNames.capabilities(device))
        }
    }
}
