package import BuntanProtocol
import ChangeLog
package import Storage

extension StoredName {
    static let unsaidPrefix = "unsaid/"
    static func unsaid(_ statement: SignedBytes) -> String { unsaidPrefix + SHA.digest(statement.bytes).hex }
}

/// What was said here for the organisation and is in no log: another device's words came first, and this device may not
/// sign the same again, as where the root key had signed it.
///
/// It is kept until somebody has been told: a sync may break off between finding it out and its end.
extension Workspace {
    /// The acts that somebody has to say again, in no order; none that other words have made pointless since.
    package func unsaid(_ reader: any StoreReader) throws -> [Statement.Act] {
        let kept = try reader.values(withPrefix: StoredName.unsaidPrefix)
        guard !kept.isEmpty else { return [] }
        let chain = try ownOrganisationChain(reader)
        return try kept.sorted { $0.key < $1.key }.map { try Statement(decoding: $0.value).act }.filter { !$0.isPointless(in: chain) }
    }

    /// Files that somebody has been told what is unsaid.
    package func forgetUnsaid(_ transaction: any StoreWriter) throws {
        for name in try transaction.values(withPrefix: StoredName.unsaidPrefix).keys { try transaction.setValue(nil, for: name) }
    }

    func keepUnsaid(_ statement: SignedBytes, _ transaction: any StoreWriter) throws {
        try transaction.setValue(statement.bytes, for: StoredName.unsaid(statement))
    }

    /// Whether the organisation's statements as they stand here, after the first so many, hold an act.
    package func holds(_ act: Statement.Act, after count: Int, _ reader: any StoreReader) throws -> Bool {
        try reader.ownChain().dropFirst(count).contains { try Statement(decoding: $0.bytes).act == act }
    }
}

extension Statement.Act {
    /// Whether nobody needs to say it: it is so already, what it was about has gone, or it is told of elsewhere.
    func isPointless(in chain: OrganisationChain) -> Bool {
        switch self {
        case .enrol(let device, _, _, _, _): chain.devices[device] != nil
        case .revoke(let device, _): chain.devices[device]?.isRevoked ?? true
        case .setCapabilities(let device, let capabilities):
            chain.devices[device].map { $0.isRevoked || $0.capabilities == capabilities } ?? false
        // A root key that did not become one lies beside the old, and whoever finds it there says so.
        case .rotateRoot, .addRecovery: true
        // None of the organisation's own chain.
        case .restrict, .grantReader, .endReader, .endService, .policy, .erase, .spaceKey: true
        }
    }
}
