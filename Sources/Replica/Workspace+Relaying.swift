package import BuntanProtocol
import ChangeLog
package import Storage
import Syncing

/// A change of somebody that came by file and is in no log yet: whoever has a network next hands it to the server.
package struct RelayedChange: Hashable, Sendable {
    /// A local number that grows: the order in which a space's came.
    package let number: Int
    package let space: SpaceID
    package let change: ChangeID
    package let signed: SignedChange
}

/// What came by file and waits here for a server (sync.md section 5, check 5: any reader may relay any author's change).
///
/// It is kept apart from the outbox: it is not this device's, is shown as nothing but what it is, and what becomes of it is its
/// author's to know.
extension Workspace {
    /// Everything that came by file for a space, in its order; for every space where none is named.
    package func relayed(in space: SpaceID? = nil, _ reader: any StoreReader) throws -> [RelayedChange] {
        let prefix = space.map { StoredName.relayed($0) } ?? StoredName.relayedPrefix
        return try reader.values(withPrefix: prefix).sorted { $0.key < $1.key }.map { name, bytes in
            let signed = try CBORReader.decode(bytes) { r throws(DecodingFault) in try SignedChange(from: &r) }
            let change = try Change(decoding: signed.bytes)
            return RelayedChange(
                number: Int(name.split(separator: "/").last ?? "", radix: 16) ?? 0, space: change.space, change: change.id, signed: signed)
        }
    }

    func keepRelayed(_ signed: SignedChange, number: Int, in space: SpaceID, _ transaction: any StoreWriter) throws {
        try transaction.setValue(CBORWriter.encode { signed.write(to: &$0) }, for: StoredName.relayed(space, number))
    }

    /// The oldest of a space that fit one push and follow on what is in the log here.
    ///
    /// What still waits for something is not handed over, since the server would refuse it, nor what its device made after that,
    /// which would overtake it. What only a later program knows is: whether it can stand is for the server to say (PROTOCOL.md
    /// section 16).
    func nextRelayed(of space: SpaceID, after sent: Int, _ reader: any StoreReader) throws -> [RelayedChange] {
        let all = try relayed(in: space, reader)
        guard all.contains(where: { $0.number > sent }), try reader.lead(of: space) == nil,
            let standing = try takenStanding(of: space, reader)
        else { return [] }
        let keys = try reader.spaceKeys(of: [space])
        var ledger = Ledger(standing, source: try reader.source(of: space), schema: schema, keepsUnknownSchema: true, keys: keys)
        var bytes = 0
        var batch: [RelayedChange] = []
        var waiting: Set<DeviceID> = []
        for change in all {
            let received: ReceivedChange
            do throws(Refusal) { received = try ReceivedChange(checking: change.signed, keys: keys) } catch { continue }
            guard !waiting.contains(received.change.device) else { continue }
            if case .refused(let code?, _) = try ledger.admit(received, received: 0), code.answerClass != .refuse {
                waiting.insert(received.change.device)
                continue
            }
            guard change.number > sent else { continue }
            bytes += change.signed.size
            guard batch.isEmpty || batch.count < Limits.changesPerPush && bytes <= Self.batchBytes else { break }
            batch.append(change)
        }
        return batch
    }

    /// Files what the server said of changes that came by file: one that it will never take goes.
    func fileRelayed(
        _ verdicts: [Verdict], of batch: [RelayedChange], _ transaction: any StoreWriter, _ report: inout SyncReport
    ) throws {
        for (change, verdict) in zip(batch, verdicts) {
            switch verdict {
            case .accepted: report.relayed[change.space, default: 0] += 1
            case .duplicate: break
            case .refused(let code, let detail):
                guard code?.answerClass ?? .refuse == .refuse else { continue }
                try transaction.setValue(nil, for: StoredName.relayed(change.space, change.number))
                report.relayRefused.append((change.space, code, detail))
            }
        }
    }

    /// Lets go of changes that came by file and that no log may ever take; their authors keep what is theirs. Returns those
    /// that were here.
    package func discardRelayed(_ changes: Set<ChangeID>) throws -> [ChangeID] {
        guard !changes.isEmpty else { return [] }
        return try store.write { transaction in
            let meant = try relayed(transaction).filter { changes.contains($0.change) }
            for change in meant { try transaction.setValue(nil, for: StoredName.relayed(change.space, change.number)) }
            return meant.map(\.change)
        }
    }

    /// Lets go of what came by file and is in the log now.
    func settleRelayed(of space: SpaceID, _ transaction: any StoreWriter) throws {
        for change in try relayed(in: space, transaction) where try transaction.place(of: change.change, in: space) != nil {
            try transaction.setValue(nil, for: StoredName.relayed(space, change.number))
        }
    }

    // MARK: what organisations said

    /// The chains that came by file and that some log here does not hold all of yet.
    package func relayedChains(_ reader: any StoreReader) throws -> [LogBundle.Chain] {
        try reader.values(withPrefix: StoredName.relayedChainPrefix).sorted { $0.key < $1.key }.map { _, bytes in
            try CBORReader.decode(bytes) { r throws(DecodingFault) in try LogBundle.Chain(from: &r) }
        }
    }

    func keepRelayedChain(_ chain: LogBundle.Chain?, of organisation: OrganisationID, _ transaction: any StoreWriter) throws {
        try transaction.setValue(
            chain.map { chain in CBORWriter.encode { chain.write(to: &$0) } }, for: StoredName.relayedChain(organisation))
    }
}

extension StoredName {
    static let relayedPrefix = "relayed/"
    static func relayed(_ space: SpaceID) -> String { "\(relayedPrefix)\(space.hex)/" }
    static func relayed(_ space: SpaceID, _ number: Int) -> String {
        relayed(space) + String(number, radix: 16).leftPadded(to: 8)
    }
    static let relayedChainPrefix = "relayed-chain/"
    static func relayedChain(_ organisation: OrganisationID) -> String { relayedChainPrefix + organisation.hex }
    /// What an organisation's last bundle said that it holds.
    static func heldElsewhere(_ organisation: OrganisationID) -> String { "held-elsewhere/\(organisation.hex)" }
}
