import BuntanProtocol
import ChangeLog
import Storage
import Syncing

/// What a sync says for its organisation beside changes: the chain, keys of sealed spaces, and spaces that begin or move.
extension SyncSession {
    /// Says what could not be said before the logs had been read: statements that another device's came before, and the
    /// keys of sealed spaces for devices that have none.
    mutating func tend() throws {
        let (isUnsent, missing) = try workspace.store.read { reader in
            (try !workspace.unsentChain(reader).isEmpty, try workspace.missingKeys(reader))
        }
        // Most syncs leave nothing to say, and then nothing is written.
        if !missing.isEmpty { try workspace.store.write { try workspace.give(missing, $0) } }
        tasks = missing.map { .sendStatements($0.space) }
        if isUnsent { tasks.append(.sendChain) }
    }

    /// Sees to it that every log carries what the organisation had said, and the server taken, when this sync asked for the
    /// logs (sync.md section 5).
    mutating func checkChain() throws {
        guard let chainTaken else { return }
        let excused = Set(report.fellBack + report.unreachable + report.denied)
        report.uncarried = try workspace.store.read { try workspace.uncarriedChains(known: chainTaken, $0) }
            .filter { !excused.contains($0.space) }
    }

    mutating func insertLocalWork(before index: Int) throws {
        // Most syncs have nothing of this to do, and should not take the store for writing.
        let workspace = workspace
        func waiting(_ reader: any StoreReader) throws -> (foundings: [SpaceID], statements: [SpaceID]) {
            (
                try workspace.foundings(reader).map { Genesis.space(of: $0.genesis) },
                try reader.spaces().filter { try !workspace.pendingStatements(of: $0, reader).isEmpty }
            )
        }
        var (mustMove, mustSpeak, found) = try workspace.store.read { reader in
            (try workspace.hasMoves(reader), try !workspace.chainToSend(reader).isEmpty, try waiting(reader))
        }
        var moving: [SpaceID] = []
        if mustMove {
            (moving, found) = try workspace.store.write { (try workspace.announceMoves($0), try waiting($0)) }
            mustSpeak = true
        }
        // The stack runs from its end: heads last, then what needs the spaces, then the spaces, the chain first of all.
        var work: [Task] = found.statements.map { .sendStatements($0) }
        work += found.foundings.map { .found($0) }
        work += moving.map { .replay($0, from: 0) }
        if mustSpeak { work.append(.sendChain) }
        tasks.insert(contentsOf: work, at: index + 1)
    }

    mutating func takeChain(_ answer: VerdictsAnswer) throws {
        let taken = answer.verdicts.prefix { if case .refused = $0 { false } else { true } }.count
        try workspace.store.write { transaction in
            // No more than was sent, whatever the server counts and whatever has been said meanwhile: a later revocation must
            // not be taken for sent.
            let known = min(max(try workspace.chainSent(transaction), chainSaidFrom + taken), try transaction.ownChain().count)
            try workspace.markChainSent(known, transaction)
        }
        // What is refused may only come after another device's words, which the pulls will bring: in this sync, or in the
        // next one where such words have come again meanwhile.
        guard taken < answer.verdicts.count, case .refused(let code, let detail) = answer.verdicts[taken] else { return }
        guard isTended, detail != StatementDetail.fork, detail != StatementDetail.gap else { return }
        throw SyncFault.refused(.statement, code, detail: detail, retryAfterMillis: nil)
    }
}
