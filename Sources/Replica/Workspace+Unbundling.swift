package import BuntanProtocol
import ChangeLog
import Storage
package import Syncing

/// Why a bundle is refused whole.
package enum BundleFault: Error, Hashable, Sendable {
    case forOther(OrganisationID)
    /// A space in which this organisation has no part.
    case foreign(SpaceID)
    /// Pages that are not what their log's key signed, or may admit.
    case page(LogFault)
    /// The log's key has signed something else than what is held here at this place.
    case contradicts(space: SpaceID, size: Int)
    /// A change that is not what its author signed, or a chain that is nobody's.
    case change(Refusal)
    case chain(Refusal)
    /// More changes of others than a store keeps for a server.
    case tooMany(space: SpaceID)
}

/// What came of a bundle.
package struct BundleOutcome: Sendable {
    package struct Reached: Hashable, Sendable {
        package let space: SpaceID
        package let from: Int
        package let to: Int
    }
    /// Entries that have to come before those of the file.
    package struct Gap: Hashable, Sendable {
        package let space: SpaceID
        package let held: Int
        package let offered: Int
    }

    /// As after a sync: what arrived and whom it touches.
    package var report = SyncReport()
    /// How far each log of the file has come.
    package var reached: [Reached] = []
    package var missing: [Gap] = []
    /// Changes that wait here for a server now, and those that were here or in a log already.
    package var kept = 0
    package var known = 0
    /// Changes that no server would take, by what is known here.
    package var refused: [Refusal] = []
    /// Logs that take nothing since they contradicted what was seen.
    package var frozen: [SpaceID] = []
}

extension Workspace {
    /// Takes what a bundle brings, all of it in one transaction: pages by the checks of a pull, changes by those of a push.
    ///
    /// - Throws: `BundleFault`, and nothing is changed then.
    package func apply(_ bundle: LogBundle) throws -> BundleOutcome {
        let spaces = bundle.parts.map(\.space)
        let keys = try store.read { try $0.spaceKeys(of: spaces) }
        let pieces = bundle.parts.map { PageCheck.pieces(of: $0.entries, keys: keys, cores: cores) }
        let outcome = try store.write { transaction in
            let own = try transaction.identity().organisation
            guard bundle.to == own else { throw BundleFault.forOther(bundle.to) }
            var outcome = BundleOutcome()
            // Who may have a service is told by engagements, and what a device may open by the organisation's own log.
            let epochs = Dictionary(bundle.held.map { ($0.space, $0.base.epoch) }) { first, _ in first }
            for (part, pieces) in try zip(bundle.parts, pieces).sorted(by: { try Self.rank($0.0) < Self.rank($1.0) }) {
                try take(part, pieces, of: epochs[part.space], own, transaction, &outcome)
            }
            for chain in bundle.chains { try take(chain, own, transaction) }
            let chains = Set(bundle.chains.map(\.organisation))
            for part in bundle.parts where !outcome.frozen.contains(part.space) {
                try keep(part, chains, transaction, &outcome)
            }
            try noteHeld(bundle.held, by: bundle.from, transaction)
            return outcome
        }
        _ = try conclude()
        return outcome
    }

    private static func rank(_ part: LogBundle.Part) throws -> Int {
        // Only the order is found here: what is wrong with a part is said where it is taken.
        guard part.from == nil, let first = part.entries.first, let entry = try? Entry(decoding: first.entry),
            let genesis = try? Genesis(decoding: entry.content)
        else { return 0 }
        return genesis.type == .service ? 2 : 1
    }

    // MARK: pages

    private func take(
        _ part: LogBundle.Part, _ pieces: [PageCheck.Piece], of epoch: Int?, _ own: OrganisationID, _ transaction: any StoreWriter,
        _ outcome: inout BundleOutcome
    ) throws {
        let space = part.space
        guard try !transaction.isFrozen(space) else { return outcome.frozen.append(space) }
        // Its log comes behind what is shown, from the server.
        if try transaction.lead(of: space) != nil { return }
        let standing = try takenStanding(of: space, transaction)
        let (held, begins) = (standing?.size ?? 0, part.from?.size ?? 0)
        guard let note = part.note else {
            if standing == nil { outcome.missing.append(BundleOutcome.Gap(space: space, held: 0, offered: 0)) }
            return
        }
        guard begins <= held else {
            return outcome.missing.append(BundleOutcome.Gap(space: space, held: held, offered: begins))
        }
        if let standing {
            // Whoever wrote it has not heard that an epoch has ended, and will be told.
            if let epoch, epoch < standing.epoch {
                return outcome.reached.append(BundleOutcome.Reached(space: space, from: held, to: held))
            }
            guard try meets(part, standing, transaction) else {
                return outcome.missing.append(BundleOutcome.Gap(space: space, held: 0, offered: begins))
            }
        } else if try !isOurs(part, own, transaction) {
            throw BundleFault.foreign(space)
        }
        let (parting, passed) = try meeting(part, standing, transaction)
        let end = begins + part.entries.count
        guard passed <= part.entries.count else {
            // All of it is here, as it must be.
            if let standing { try requireSame(part, note, standing, end, transaction) }
            return outcome.reached.append(BundleOutcome.Reached(space: space, from: held, to: held))
        }
        let page = LogPage(entries: Array(part.entries[passed...]), note: note, more: false)
        do {
            _ = try takePage(page, Array(pieces[passed...]), of: space, from: parting, transaction, &outcome.report)
        } catch let fault as LogFault {
            if case .rootMismatch(let space, let size, _, _) = fault { throw BundleFault.contradicts(space: space, size: size) }
            throw BundleFault.page(fault)
        }
        outcome.reached.append(BundleOutcome.Reached(space: space, from: held, to: end))
    }

    /// Requires a part to begin with what is held here; `false` where it goes on in an epoch that has not been heard of here,
    /// which began below: the entry that says so has to come first, and then shows where the two logs part.
    private func meets(_ part: LogBundle.Part, _ standing: SpaceStanding, _ transaction: any StoreWriter) throws -> Bool {
        guard let from = part.from else { return true }
        let source = try transaction.source(of: part.space)
        guard try LogTiles.root(ofSize: from.size, tile: { try source.tile($0) }) != from.root else { return true }
        guard from.epoch > standing.epoch else { throw BundleFault.contradicts(space: part.space, size: from.size) }
        return false
    }

    /// Where a part goes on from what is held: how many of its entries are here already, and where the log here has gone
    /// another way, since an epoch has ended.
    private func meeting(
        _ part: LogBundle.Part, _ standing: SpaceStanding?, _ transaction: any StoreWriter
    ) throws -> (parting: Base?, passed: Int) {
        guard let standing else { return (nil, 0) }
        let begins = part.from?.size ?? 0
        for (index, carried) in part.entries.enumerated() {
            let position = begins + index
            // Other entries, and what are none, are judged with their page.
            guard position > 0, position < standing.size, let entry = try? Entry(decoding: carried.entry), entry.kind == .server,
                case .epoch(let ended, _, _)? = try? ServerStatement(decoding: entry.content).act, ended >= standing.epoch
            else { continue }
            let source = try transaction.source(of: part.space)
            let root = try LogTiles.root(ofSize: position) { try source.tile($0) }
            return (Base(epoch: standing.epoch, size: position, root: root), index)
        }
        return (nil, standing.size - begins)
    }

    /// Requires what ends below what is held to be the beginning of it.
    private func requireSame(
        _ part: LogBundle.Part, _ note: String, _ standing: SpaceStanding, _ end: Int, _ transaction: any StoreWriter
    ) throws {
        let rights = standing.rights
        guard let checkpoint = try? Checkpoint.open(note, origin: rights.origin, key: rights.logKey), checkpoint.size == end else {
            // Of an epoch that has ended, or under a key that another has followed: it says nothing of what is here.
            return
        }
        let source = try transaction.source(of: part.space)
        guard try LogTiles.root(ofSize: end, tile: { try source.tile($0) }) == checkpoint.root else {
            throw BundleFault.contradicts(space: part.space, size: end)
        }
    }

    /// Whether a log that is not here yet is one that this organisation has a part in.
    private func isOurs(_ part: LogBundle.Part, _ own: OrganisationID, _ reader: any StoreReader) throws -> Bool {
        guard let first = part.entries.first, let entry = try? Entry(decoding: first.entry), entry.kind == .genesis,
            Genesis.space(of: entry.content) == part.space, let genesis = try? Genesis(decoding: entry.content)
        else { throw BundleFault.page(.notTheGenesis(space: part.space)) }
        if genesis.party(own) != nil { return true }
        guard genesis.type == .service else { return false }
        // Another device of this organisation may have heard first that the engagement has begun which was begun here.
        if try foundings(reader).contains(where: { try Genesis(decoding: $0.genesis).service == part.space }) { return true }
        return try reader.spaces().contains { try reader.standing(of: $0)?.genesis.service == part.space }
    }

    // MARK: changes and chains

    /// Keeps what no log here holds yet, judged as a server would judge it over the log that is here.
    private func keep(
        _ part: LogBundle.Part, _ chains: Set<OrganisationID>, _ transaction: any StoreWriter, _ outcome: inout BundleOutcome
    ) throws {
        guard !part.changes.isEmpty else { return }
        let space = part.space
        let keys = try transaction.spaceKeys(of: [space])
        let received = try part.changes.map { signed in
            do throws(Refusal) {
                let received = try ReceivedChange(checking: signed, keys: keys)
                guard received.change.space == space else { throw Refusal(.malformed, "space") }
                return received
            } catch { throw BundleFault.change(error) }
        }
        guard try transaction.lead(of: space) == nil, let standing = try takenStanding(of: space, transaction) else { return }
        let waiting = try relayed(in: space, transaction)
        var here = Set(waiting.map(\.change)).union(try transaction.outboxPlaces(of: space).map(\.change))
        var ledger = Ledger(standing, source: try transaction.source(of: space), schema: schema, keepsUnknownSchema: true, keys: keys)
        // What came before may be what this follows on.
        for earlier in waiting {
            // One that holds no longer is nothing to build on; its own turn to be handed over says so.
            if let earlier = try? ReceivedChange(checking: earlier.signed, keys: keys) { _ = try ledger.admit(earlier, received: 0) }
        }
        // A log that lacks entries, or what somebody has said about its devices, cannot tell who may write.
        let isBehind = outcome.missing.contains { $0.space == space } || !chains.isEmpty
        var (number, count) = ((waiting.last?.number ?? 0) + 1, waiting.count)
        for received in received {
            guard !here.contains(received.change.id) else {
                outcome.known += 1
                continue
            }
            switch try ledger.admit(received, received: 0) {
            case .duplicate: outcome.known += 1
            case .refused(.cidReused?, let detail): throw BundleFault.change(Refusal(.cidReused, detail))
            case .refused(let code?, let detail) where code.answerClass == .refuse && !(isBehind && code == .noRight):
                outcome.refused.append(Refusal(code, detail))
            case .accepted, .refused:
                guard count < Limits.bundleChanges else { throw BundleFault.tooMany(space: space) }
                try keepRelayed(received.signed, number: number, in: space, transaction)
                here.insert(received.change.id)
                number += 1
                count += 1
                outcome.kept += 1
            }
        }
    }

    /// Keeps what an organisation has said about itself, where it is more than a log here has.
    private func take(_ chain: LogBundle.Chain, _ own: OrganisationID, _ transaction: any StoreWriter) throws {
        let whole: OrganisationChain
        do throws(Refusal) {
            whole = try OrganisationChain(foundingRoot: chain.rootKey, statements: chain.statements)
        } catch { throw BundleFault.chain(error) }
        let carried = try transaction.spaces().compactMap { space -> OrganisationChain? in
            try transaction.standing(of: space)?.rights.chain(of: whole.organisation)
        }
        // One that is in no log here is of no use here yet. Of two that have gone another way one comes too late, and the logs say which.
        guard let longest = carried.max(by: { $0.head.number < $1.head.number }), whole.head.number > longest.head.number,
            whole.agrees(with: longest)
        else { return }
        try keepRelayedChain(chain, of: whole.organisation, transaction)
    }
}
