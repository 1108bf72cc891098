import BuntanProtocol
import ChangeLog
import Storage
import Syncing

/// What a sync asks for spaces that are shown ahead of their logs, and how it compares states.
extension SyncSession {
    /// What follows on a page of a log after which there is more.
    mutating func goOn(_ space: SpaceID) throws {
        let wants = try workspace.store.read { reader in
            try !plain.contains(space) && workspace.wantsSnapshot(of: space, head: expected[space] ?? 0, reader)
        }
        tasks.append(wants ? .snapshot(space) : .pull(space))
    }

    /// How much of a log the next page may bring: of a large one that is new here little, since its records come first.
    func pageBytes(of space: SpaceID, held: Int) -> Int {
        let isLarge = held == 0 && !plain.contains(space) && workspace.fastStart.isWorthwhile(held: 0, head: expected[space] ?? 0)
        return isLarge ? workspace.fastStart.firstBytes : Limits.pageBytes
    }

    mutating func takeSnapshot(_ page: SnapshotPage, of space: SpaceID) throws {
        let question = askedAhead.removeValue(forKey: space)
        let accepted = acceptedAt[space] ?? [:]
        try filing(
            space, offered: LogPage(entries: [], note: "", more: false), snapshot: page,
            while: { .records(pages: try $0.lead(of: space)?.seals.count ?? 0) == question }, else: [.pull(space), .snapshot(space)]
        ) { workspace, transaction, report in
            try workspace.takeSnapshot(page, of: space, accepted: accepted, transaction, &report)
        } then: { session, lead in
            if !lead.isComplete {
                session.tasks.append(.snapshot(space))
            } else if !lead.isSettled || session.expected[space] ?? 0 > lead.standing.size {
                session.tasks.append(.pull(space))
            }
        }
    }

    /// Takes the log's tail into what is shown ahead of it.
    mutating func follow(_ page: LogPage, of space: SpaceID) throws {
        let pieces = PageCheck.pieces(of: page.entries, keys: .none, cores: workspace.cores)
        let question = asked.removeValue(forKey: space)
        try filing(
            space, offered: page, while: { reader in try question.map { try reader.lead(of: space)?.standing.base == $0 } ?? true },
            else: [.pull(space)]
        ) { workspace, transaction, report in
            try workspace.follow(page, pieces, of: space, transaction, &report)
        } then: { session, arrived in
            if page.more, arrived > 0 { session.tasks.append(.pull(space)) }
        }
    }

    /// Takes the next page of a log behind what is shown of its space.
    mutating func verify(_ page: LogPage, of space: SpaceID) throws {
        let pieces = PageCheck.pieces(of: page.entries, keys: .none, cores: workspace.cores)
        let question = askedAhead.removeValue(forKey: space)
        let parting = partings.removeValue(forKey: space)
        if parting != nil, page.entries.isEmpty { return noteDenied(space) }
        try filing(
            space, offered: page, while: { reader in try reader.logStanding(of: space).map { .entries($0.base) } == question },
            else: [.verify(space)]
        ) { workspace, transaction, report in
            try workspace.verify(page, pieces, of: space, from: parting, transaction, &report)
        } then: { session, behind in
            session.verifying = behind
            if parting != nil {
                // The log has begun another epoch, and goes on as any.
                session.sentThrough[space] = nil
                session.tasks += [.push(space), .salvage(space), .pull(space)]
                return
            }
            // What was made meanwhile may leave once all is verified.
            guard behind == nil else {
                session.tasks += page.entries.isEmpty ? [] : [.verify(space)]
                return
            }
            session.tasks += [.digest(space), .push(space)]
            if session.stalled.remove(space) != nil { session.tasks.append(.pull(space)) }
        }
    }

    /// Files what came of one space in one transaction. A lie is kept with its proof and nothing more is taken of the space;
    /// where the lead can only not be joined, the log is loaded as any.
    ///
    /// - Parameters:
    ///   - holds: whether what was asked for is what is wanted still: another sync of this store may have filed as much.
    ///   - tasks: what is to be done instead where it does not.
    private mutating func filing<Result>(
        _ space: SpaceID, offered page: LogPage, snapshot: SnapshotPage? = nil, while holds: (any StoreReader) throws -> Bool,
        else tasks: [Task],
        _ body: (Workspace, any StoreWriter, inout SyncReport) throws -> Result, then: (inout SyncSession, Result) -> Void
    ) throws {
        do {
            // What comes to nothing is not told.
            var told = report
            let result = try workspace.store.write { transaction in
                try holds(transaction) ? try body(workspace, transaction, &told) : nil
            }
            report = told
            if let result { then(&self, result) } else { self.tasks += tasks }
        } catch let parted as SnapshotParted {
            // What is shown whole waits for its log, which will tell: given up, it would be compared with nothing.
            if try parted.isErasure && isSettled(space) {
                stalled.insert(space)
                return
            }
            try goPlainly(space)
        } catch let fault as LogFault {
            try workspace.store.write { transaction in
                let lead = try transaction.lead(of: space)
                try workspace.freeze(
                    space, fault, page: page, seals: lead?.seals ?? [], leadNote: lead?.note, snapshot: snapshot, transaction)
            }
            report.frozen.append((space, fault))
        }
    }

    /// Loads a log as any, without its records first.
    mutating func goPlainly(_ space: SpaceID) throws {
        plain.insert(space)
        _ = try workspace.store.write { try workspace.abandonLead(of: space, $0) }
        tasks.append(.pull(space))
    }

    /// Whether all that is shown of a space ahead of its log is as one place of that leaves it.
    func isSettled(_ space: SpaceID) throws -> Bool { try workspace.store.read { try $0.lead(of: space)?.isSettled == true } }

    /// Whether a space is shown ahead of its log.
    func isLed(_ space: SpaceID) throws -> Bool { try workspace.store.read { try $0.lead(of: space) != nil } }

    /// What is left once all else has been said: logs to be verified, states to be compared.
    func verifications(_ reader: any StoreReader) throws -> [Task] {
        let led = try reader.leadSpaces().filter { try !reader.isFrozen($0) && reader.lead(of: $0)?.isSettled == true }
        return try workspace.dueComparisons(reader).map { .digest($0) } + led.map { .verify($0) }
    }

    mutating func take(_ error: ErrorAnswer, verifying space: SpaceID) throws {
        switch error.code {
        // Nobody has signed that answer: what begins the other epoch must come before what is shown is let go of.
        case .epochChanged? where partings[space] == nil && !error.endedEpochs.isEmpty:
            partings[space] = try workspace.store.read { try workspace.parting(of: space, from: error.endedEpochs, $0) }
            if partings[space] != nil { tasks.append(.verify(space)) } else { noteDenied(space) }
        case .epochChanged?, .baseMismatch?:
            partings[space] = nil
            noteDenied(space)
        case .notFound?:
            // Nobody will ever show the rest of it: what was verified is what is left, unless something waits that was made on it.
            try workspace.store.write { transaction in
                if try transaction.outboxPlaces(of: space).isEmpty { try workspace.abandonLead(of: space, transaction) }
            }
            report.unreachable.append(space)
        default: noteFallenBack(space)
        }
    }

    mutating func noteDenied(_ space: SpaceID) {
        if !report.denied.contains(space) { report.denied.append(space) }
    }

    mutating func takeDigest(_ answer: DigestRequest.Answer, of space: SpaceID) throws {
        guard let verdict = try workspace.compareStates(of: space, with: answer) else { return }
        report.compared[space] = verdict
    }
}
