import BuntanProtocol
import ChangeLog
package import Storage
import Syncing

/// The organisation's own chain of statements: several admin devices go on with it, each offline, and one order holds.
///
/// ```
/// here    1  2  3a 4a        3a and 4a were said offline
/// log     1  2  3b           another device's 3b came first
/// here    1  2  3b 4a' 5a'   the same words signed again after it, to be sent
/// ```
/// So it is, too, where the server had taken 3a and lost it with an epoch: the log's own key says that it has (sync.md section 10).
extension Workspace {
    /// How many of the organisation's statements here the server has taken.
    package func chainSent(_ reader: any StoreReader) throws -> Int {
        try reader.value(StoredName.chainSent).map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 } ?? 0
    }

    /// Whether the server has taken everything that the organisation has said here.
    package func hasSaidAll(_ reader: any StoreReader) throws -> Bool { try unsentChain(reader).isEmpty }

    func markChainSent(_ number: Int, _ transaction: any StoreWriter) throws {
        try transaction.setValue(Array(String(number).utf8), for: StoredName.chainSent)
    }

    func unsentChain(_ reader: any StoreReader) throws -> [SignedBytes] {
        Array(try reader.ownChain().dropFirst(try chainSent(reader)))
    }

    /// The statements that a log begun here may carry: what the server holds, since another device's words may yet come
    /// before the rest. Before there is a server all of them are in their order.
    ///
    /// A log that moves to the server is brought up to date there.
    func settledChain(_ reader: any StoreReader) throws -> [SignedBytes] {
        let sent = try chainSent(reader)
        return sent == 0 ? try reader.ownChain() : Array(try reader.ownChain().prefix(sent))
    }

    /// Brings the own chain to where a log carries it; what this device has said and the log has not is said again after it.
    func followChain(of space: SpaceID, _ transaction: any StoreWriter) throws {
        let identity = try transaction.identity()
        var sent = try chainSent(transaction)
        guard identity.home != nil, let rights = try transaction.logStanding(of: space)?.rights,
            let carried = rights.chain(of: identity.organisation)
        else { return }
        let own = try transaction.ownChain()
        let isLost = !rights.endedEpochs.isEmpty && rights.carriage(of: Array(own.prefix(sent)), by: identity.organisation) == .other
        guard carried.head.number > sent || isLost else { return }
        let logged = try Self.statements(of: identity.organisation, in: space, transaction)
        if isLost { sent = min(sent, zip(own, logged).prefix { $0.bytes == $1.bytes }.count) }
        var chain = carried
        var unsent: [SignedBytes] = []
        for statement in own.dropFirst(sent) where !carried.holds(statement) {
            let again = try keys.map {
                StatementAuthor(organisation: identity.organisation, key: $0.signing).sign(
                    try Statement(decoding: statement.bytes).act, after: chain.head, time: clock.now())
            }
            // What another key than the device's must sign is told of; what the other words have made pointless is found so then.
            guard let again, (try? chain.append(again)) != nil else {
                try keepUnsaid(statement, transaction)
                continue
            }
            unsent.append(again)
        }
        let whole = logged + unsent
        for (index, statement) in whole.enumerated() where index >= sent { try transaction.appendToOwnChain(statement, number: index + 1) }
        for number in whole.count..<max(whole.count, own.count) { try transaction.setValue(nil, for: StoredName.chain(number + 1)) }
        try markChainSent(logged.count, transaction)
    }

    /// An organisation's statements about itself, in the order of a log that carries them.
    static func statements(of organisation: OrganisationID, in space: SpaceID, _ reader: any StoreReader) throws -> [SignedBytes] {
        var found: [SignedBytes] = []
        var position = 0
        let size = try reader.logStanding(of: space)?.size ?? 0
        while position < size {
            for stored in try reader.entries(of: space, from: position, maxBytes: Limits.pageBytes) {
                position = stored.position + 1
                let entry = try Entry(decoding: stored.bytes).unwrapped()
                guard entry.kind == .statement, let signature = entry.signature else { continue }
                let statement = try Statement(decoding: entry.content)
                guard statement.space == nil, statement.organisation == organisation else { continue }
                found.append(SignedBytes(bytes: entry.content, signature: signature))
            }
        }
        return found
    }

    // MARK: keys of sealed spaces

    static func givesKey(_ statement: SignedBytes) -> Bool {
        guard case .spaceKey? = try? Statement(decoding: statement.bytes).act else { return false }
        return true
    }

    /// The keys of sealed spaces that some of the organisation's devices lack and this one can give: those enrolled by
    /// another device while this one began the space, or given a key by words that the log did not take.
    ///
    /// A device that may not read is given none. Where one that has been revoked, or may not read any more, holds the newest key,
    /// everybody else lacks the next one, which this device makes, whether or not it holds an earlier one: what is written from
    /// then on is not for the one that was lost (sync.md section 5). It does the same where nobody is left who could give it the
    /// newest key.
    ///
    /// - Parameter nextOnly: whether the keys alone are meant that are still to be made.
    func missingKeys(nextOnly: Bool = false, _ reader: any StoreReader) throws -> [MissingKey] {
        guard let keys else { return [] }
        let organisation = try reader.identity().organisation
        return try reader.spaces().flatMap { space -> [MissingKey] in
            guard let standing = try reader.standing(of: space), standing.genesis.policy.isSealed, case let rights = standing.rights,
                rights.serverName != nil, rights.mayGiveKeys(keys.device), rights.keyEpoch > 0, !nextOnly || rights.isNextKeyDue,
                case let held = try nextOnly ? SpaceKeys() : reader.spaceKeys(of: [space]),
                try pendingStatements(of: space, reader).isEmpty
            else { return [] }
            let all = (rights.chain(of: organisation)?.devices ?? [:]).sorted { $0.key < $1.key }
            let devices = all.filter { rights.capabilities(of: $0.key).contains(.read) }.map {
                (device: $0.key, sealingKey: $0.value.sealingKey)
            }
            // Whoever came later reads what was written under earlier keys, too, and what the log has lost of them is given again.
            var missing = held.all(of: space).filter { $0.epoch < rights.nextKeyEpoch }.map { key in
                MissingKey(
                    space: space, key: key, isNext: false,
                    devices: devices.filter { rights.wrappedKey(for: $0.device, epoch: key.epoch) == nil })
            }.filter { !$0.devices.isEmpty }
            if rights.isNextKeyDue {
                var random = draw
                let key = SpaceKey(epoch: rights.nextKeyEpoch, random: &random)
                missing.append(MissingKey(space: space, key: key, isNext: true, devices: devices))
            }
            return missing
        }
    }

    /// Prepares the statements that give keys, to be sent.
    func give(_ missing: [MissingKey], _ transaction: any StoreWriter) throws {
        guard let keys else { return }
        let author = StatementAuthor(organisation: try transaction.identity().organisation, key: keys.signing)
        for lack in missing {
            guard var head = try transaction.standing(of: lack.space)?.rights.head(ofOwnChain: author.organisation) else { continue }
            for pending in try pendingStatements(of: lack.space, transaction) { head = head.advanced(by: pending) }
            let statement = author.sign(
                try .giving(lack.key, to: lack.devices, space: lack.space), after: head, about: lack.space, time: clock.now())
            try transaction.setValue(
                CBORWriter.encode { statement.write(to: &$0) }, for: StoredName.statement(lack.space, head.number + 1))
        }
    }
}

/// A sealed space's key that some devices lack.
struct MissingKey {
    let space: SpaceID
    let key: SpaceKey
    /// Whether it begins the next key epoch.
    let isNext: Bool
    let devices: [(device: DeviceID, sealingKey: SealingKey)]
}
