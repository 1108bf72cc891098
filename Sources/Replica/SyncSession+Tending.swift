import BuntanProtocol
import ChangeLog
import Storage
import Syncing

/// What a sync says for its organisation beside changes: the chain, keys of sealed spaces, and spaces that begin or move.
extension SyncSession {
    /// Says what could not be said before the logs had been read: statements that another device's came before, and the
    /// keys of sealed spaces for devices that have none.
    mutating func tend(_ reader: any StoreReader) throws -> Chore? {
        let missing = try workspace.missingKeys(reader)
        // What waited for the next key goes once it has come.
        let begun = Set(missing.filter(\.isNext).map(\.space)).sorted()
        for space in begun { sentThrough[space] = nil }
        tasks = begun.map { .push($0) } + missing.map { .sendStatements($0.space) }
        if try !workspace.unsentChain(reader).isEmpty { tasks.append(.sendChain) }
        // Most syncs leave nothing to say, and then nothing is written.
        return missing.isEmpty ? nil : .give(missing)
    }

    /// Says once more what logs lack of the organisation where this sync has found that an epoch began: a log that it had read before
    /// that carries no more than the server had left.
    mutating func saysAgain(_ reader: any StoreReader) throws -> Bool {
        guard !report.begunEpochs.isEmpty, !hasSaidAgain, try !workspace.chainToSend(reader).isEmpty else { return false }
        hasSaidAgain = true
        tasks = try workspace.uncarriedChains(reader).map { .pull($0.space) } + [.sendChain]
        return true
    }

    /// Sees to it that every log carries what the organisation had said, and the server taken, when this sync asked for the
    /// logs (sync.md section 5).
    mutating func checkChain(_ reader: any StoreReader) throws {
        guard let chainTaken else { return }
        let excused = Set(report.fellBack + report.unreachable + report.denied)
        report.uncarried = try workspace.uncarriedChains(known: chainTaken, reader).filter { !excused.contains($0.space) }
    }

    /// Tells what the server has not shown of the logs that have come to their end.
    mutating func checkValues(_ reader: any StoreReader) throws {
        let excused = Set(report.fellBack + report.unreachable + report.denied)
        report.withheld = try workspace.withheld(reader).filter { !excused.contains($0.space) }
    }

    /// Whether the logs are looked at before anything is said: a statement goes into every log, and a server that has lost the end
    /// of one without knowing it is shown that first.
    mutating func looksFirst(_ reader: any StoreReader) throws -> Bool {
        // It had to sign in anew for that: what is to be said waits below.
        if looking == .underWay, tasks.contains(.heads), tasks.contains(.localWork) { return true }
        guard looking == .open else { return false }
        let speaks = try !workspace.chainToSend(reader).isEmpty || !workspace.spacesWithStatements(reader).isEmpty
        guard try speaks && !workspace.hostedHeads(reader).isEmpty else { return false }
        looking = .underWay
        tasks += [.localWork, .heads]
        return true
    }

    /// The stack runs from its end: what needs the spaces comes last, then the spaces, the chain first of all.
    mutating func insertLocalWork(moving: [SpaceID], saysChain: Bool, _ reader: any StoreReader) throws {
        tasks += try workspace.spacesWithStatements(reader).map { .sendStatements($0) }
        tasks += try workspace.foundings(reader).map { .found(Genesis.space(of: $0.genesis)) }
        tasks += moving.map { .replay($0, from: 0) }
        if saysChain { tasks.append(.sendChain) }
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
