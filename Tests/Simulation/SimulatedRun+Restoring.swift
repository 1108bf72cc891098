import BuntanProtocol
import ChangeLog
import Replica
import Storage
import Syncing
import TestKit

/// A server whose disk was lost comes back on a copy of it.
extension SimulatedRun {
    func restoreServer(_ fault: Fault, from copy: MemoryStore?) throws {
        guard let copy, copy.sizes != server.sizes(), try !server.hasLost(), try isHeld(beyond: copy) else { return }
        let lost = server.sizes().reduce(0) { $0 + $1.value - (copy.sizes[$1.key] ?? 0) }
        note(fault, "\(lost) entries ago")
        try server.restore(copy)
        for participant in participants { participant.mayFindLoss = true }
    }

    /// The marks came back with the disk, and the operator lets those sync first who had seen the newest of what they read.
    ///
    /// What others would write before that could not be told from what was lost: nothing but marks that stay helps there.
    func restoreServerWhole() throws {
        let now = server.sizes()
        guard let copy = server.copy, copy.sizes != now, try !server.hasLost(), try isHeld(beyond: copy), try hasSameChains(copy) else {
            return
        }
        let lost = now.filter { copy.sizes[$0.key] != $0.value }
        // Where the copy is from before an epoch, only its own mark could tell where that was cut.
        let epochs = try copy.read { reader in try lost.keys.map { try reader.standing(of: $0)?.epoch } }
        guard
            try server.store.read({ reader in
                try zip(lost.keys, epochs).allSatisfy { try $1 == nil || reader.standing(of: $0)?.epoch == $1 }
            })
        else { return }
        var first: [Participant] = []
        for participant in participants.filter({ !$0.isNew && isDone($0) && !curtailed.contains($0.keys.device) }) {
            // What it was given for others would stand where their own entries stood.
            guard try participant.store.read({ try participant.workspace.relayedChains($0) }).isEmpty else { continue }
            let read = try participant.spaces()
            let holdsAll = try lost.allSatisfy { space, size in
                let epoch = try server.store.read { try $0.standing(of: space)?.epoch }
                return try !read.contains(space) || participant.signed(space, epoch, asParty: copy.sizes[space] == nil) >= size
            }
            if holdsAll, !read.isDisjoint(with: lost.keys) { first.append(participant) }
        }
        let covered = try first.reduce(into: Set<SpaceID>()) { $0.formUnion(try $1.spaces()) }
        guard covered.isSuperset(of: lost.keys) else { return }
        note(.serverRestoredWhole, "\(lost.count) logs, first \(first.map(\.name).joined(separator: ", "))")
        // Nothing that was on its way comes to another server.
        delayed = []
        repeats = []
        while let parcel = network.popLast() { try giveUp(parcel) }
        try server.restore(copy, marks: .comeBackWithIt)
        for participant in participants {
            participant.die()
            participant.mayFindLoss = true
        }
        isQuiet = true
        defer { isQuiet = false }
        for participant in first {
            try beginSync(participant)
            while !network.isEmpty { try deliver(at: 0) }
        }
        for (space, size) in lost where server.sizes()[space, default: 0] < size {
            chronicle.find(.durability, "the server was not given back what it had signed of \(space)")
        }
    }

    /// Once a run: what nobody holds is lost for good then, and everybody goes back to where the logs part.
    func reopenServer(losingMarks: Bool = false) throws {
        guard !hasReopened, let copy = server.copy, copy.sizes != server.sizes(), try !server.hasLost(),
            try isHeld(beyond: copy, whole: false)
        else { return }
        // Without its mark a log of which nothing is left is any that somebody brings.
        if losingMarks { guard copy.sizes.count == server.sizes().count, try hasSameChains(copy) else { return } }
        let losesWords = try !hasSameChains(copy)
        let before = server.store
        try server.restore(copy, marks: losingMarks ? .areLost : .stay)
        let cuts = try server.reopen()
        guard !cuts.isEmpty else { return }
        hasReopened = true
        if losesWords { note(.wordsLost, "") }
        var lost = Set<ChangeID>()
        try before.read { reader in
            for (space, cut) in cuts {
                for stored in try reader.entries(of: space, from: 0, maxBytes: .max) where stored.position >= cut {
                    if let change = names.change(in: stored, of: space) { lost.insert(change) }
                }
            }
        }
        var held = Set<ChangeID>()
        for participant in participants {
            participant.mayFindLoss = true
            if !curtailed.contains(participant.keys.device) { held.formUnion(participant.seen.changes) }
            held.formUnion(try participant.outbox().map(\.item.change))
        }
        chronicle.lose(lost, held: held)
        // What was looked at before stands nowhere as it stood then.
        looks = []
        note(
            losingMarks ? .marksLost : .serverReopened,
            "\(cuts.count) logs, \(lost.count) changes, \(lost.subtracting(held).count) held by nobody")
    }

    /// Whether replicas together hold everything that a copy lacks, each log whole and signed, and nothing else was lost with it.
    ///
    /// - Parameter whole: whether the ends of logs count, or only what cannot do without: whole logs and what organisations said.
    private func isHeld(beyond copy: MemoryStore, whole: Bool = true) throws -> Bool {
        let sizes = server.sizes()
        // What only a device has whose rights may end meanwhile comes back from nobody.
        let within = participants.filter { !curtailed.contains($0.keys.device) }
        for (space, size) in sizes where copy.sizes[space] != size {
            let isMissing = copy.sizes[space] == nil
            guard whole || isMissing else { continue }
            let epoch = try server.store.read { try $0.standing(of: space)?.epoch }
            guard try within.contains(where: { try $0.signed(space, epoch, asParty: isMissing) >= size }) else { return false }
        }
        let (now, then) = (try server.store.read { try Registry($0) }, try copy.read { try Registry($0) })
        guard now.invitations == then.invitations else { return false }
        guard whole else { return plan.rate(.wordsLost) > 0 || now.chains == then.chains }
        for (organisation, count) in now.chains where then.chains[organisation] != count {
            let said = try server.store.read { try $0.statements(of: organisation) }
            let isKnown = try within.contains { participant in
                try participant.store.read { reader in
                    // One that has not entered yet has no identity, and no chain.
                    guard try !reader.spaces().isEmpty, try reader.identity().organisation == organisation else { return false }
                    // What it has said and the server has not heard yet is none of that.
                    return try Array(reader.ownChain().prefix(count)) == said
                }
            }
            guard isKnown else { return false }
        }
        return true
    }

    /// Whether organisations have said nothing that a copy lacks.
    private func hasSameChains(_ copy: MemoryStore) throws -> Bool {
        try server.store.read { try Registry($0) }.chains == copy.read { try Registry($0) }.chains
    }

    /// The spaces that a device began on words which its server has lost since, and that others said otherwise: no server takes
    /// them, as their owner is told.
    func stranded(at participant: Participant) throws -> Set<SpaceID> {
        guard fired[.wordsLost] != nil else { return [] }
        return Set(try participant.store.read { try participant.workspace.unmoved($0) }.map(\.space))
    }

    private func isDone(_ participant: Participant) -> Bool { participant.isCutOffUntil <= steps }

    /// What a server knows beside its logs.
    private struct Registry {
        let chains: [OrganisationID: Int]
        let invitations: [InvitationID: SpaceID?]

        init(_ reader: any StoreReader) throws {
            let organisations = try reader.organisations().map(\.id)
            chains = Dictionary(
                uniqueKeysWithValues: try organisations.map { ($0, try reader.statements(of: $0).count) })
            invitations = Dictionary(
                uniqueKeysWithValues: try organisations.flatMap { try reader.invitations(of: $0) }.map { ($0.id, $0.usedBy) })
        }
    }
}

extension Participant {
    /// How many entries of a log this replica holds under its server's signature.
    fileprivate func signed(_ space: SpaceID, _ epoch: Int?, asParty: Bool) throws -> Int {
        try store.read { reader in
            guard let standing = try reader.logStanding(of: space), let note = try reader.checkpoint(of: space),
                standing.rights.serverName != nil, standing.epoch == epoch,
                try !asParty || standing.genesis.party(reader.identity().organisation) != nil
            else { return 0 }
            do { return try Checkpoint.open(note, origin: standing.rights.origin, key: standing.rights.logKey).size } catch {
                // A founder's checkpoint from before the move.
                return 0
            }
        }
    }
}
