import BuntanProtocol
import ChangeLog
import Storage
import Syncing

/// What a sync does where it is refused: what can be mended is, and what one log suffers keeps no other waiting.
extension SyncSession {
    /// Whether this store has anything of what its organisation has said: one that is only entering waits for those that have.
    private func hasChain() throws -> Bool { try workspace.store.read { try !$0.ownChain().isEmpty } }

    mutating func take(_ error: ErrorAnswer, for task: Task) throws {
        switch (error.code, task) {
        case (.noSession?, .session) where error.revocation != nil:
            let kept = try error.revocation.flatMap { try workspace.keepRevocation($0, leading: error.leading) }
            guard let kept else { throw try workspace.disowning() }
            throw SyncFault.revoked(kept)
        // An answer that took too long, or met a server's clock that was put right meanwhile, is asked for once more.
        case (.noSession?, .session) where signedIn < 2:
            signedIn += 1
            tasks.append(.challenge)
        case (.noSession?, .challenge), (.noSession?, .session):
            // A server that came back from a backup may have forgotten what it was told.
            let (isUnsaid, isEnrolled) = try workspace.store.read { (try workspace.isEnrolledUnsaid($0), try workspace.isEnrolled($0)) }
            guard !hasPresented, isEnrolled else { throw isUnsaid ? SyncFault.chainOutrun : try workspace.disowning() }
            hasPresented = true
            signedIn = isUnsaid ? 0 : 2
            tasks += [.challenge, .presentChain]
        case (.noSession?, _) where signedIn < 2:
            signedIn += 1
            token = nil
            tasks.append(task)
            tasks.append(.challenge)
        // The server lacks what this organisation said last, which only it can have signed.
        case (.recovering?, .heads) where try !hasPresented && hasChain(), (.recovering?, .sendChain) where !hasPresented:
            hasPresented = true
            tasks += [task, .presentChain]
        // What was lost may be the entry that let this device in.
        case (.notFound?, .pull(let space))
        where try !hasRestored.contains(space) && workspace.store.read { try workspace.isOwn(space, $0) }:
            hasRestored.insert(space)
            tasks.append(.restore(space, from: nil))
        case (.notFound?, .pull(let space)), (.notFound?, .push(let space)), (.notFound?, .restore(let space, _)):
            report.unreachable.append(space)
        // What is shown ahead of a log goes with what that has lost, once the log itself has shown it: see `verifications`.
        case (.epochChanged?, .pull(let space)) where try isLed(space):
            if try isSettled(space) { stalled.insert(space) } else { try goPlainly(space) }
        // Whoever has no records to give keeps nobody from the log.
        case (let code, .snapshot(let space)) where code?.isOfTheMoment != true: try goPlainly(space)
        case (let code, .verify(let space)) where code?.isOfTheMoment != true: try take(error, verifying: space)
        case (_, .digest): break
        case (.epochChanged?, .pull(let space)) where partings[space] == nil && !error.endedEpochs.isEmpty:
            partings[space] = try workspace.store.read { try workspace.parting(of: space, from: error.endedEpochs, $0) }
            if partings[space] != nil { tasks.append(.pull(space)) } else { report.denied.append(space) }
        // It may not know yet what it has lost: its own signature shows it.
        case (.recovering?, .pull(let space)) where !hasRestored.contains(space),
            (.behindYou?, .pull(let space)) where !hasRestored.contains(space):
            hasRestored.insert(space)
            tasks.append(.restore(space, from: nil))
        case (.behindYou?, .push(let space)) where !hasRestored.contains(space): tasks += [.push(space), .pull(space)]
        // Whatever keeps a log from healing, the others are not kept waiting.
        case (.notFound?, .salvage(let space)), (.notFound?, .relay(let space)): report.unreachable.append(space)
        case (let code, .relay) where code?.isOfTheMoment != true: break
        // What nobody takes now nobody will: the organisation itself has gone another way, or is not known there.
        case (let code, .relayChain(let organisation)) where code?.answerClass != .retry:
            try workspace.store.write { try workspace.keepRelayedChain(nil, of: organisation, $0) }
        case (.recovering?, .relayChain): break
        case (let code, .restore(let space, _)) where code?.isOfTheMoment != true: noteFallenBack(space)
        case (let code, .salvage(let space)) where code?.isOfTheMoment != true: noteFallenBack(space)
        case (.baseMismatch?, .pull(let space)), (.epochChanged?, .pull(let space)):
            // Asked again after what was sent, it says so again.
            if !report.denied.contains(space) { report.denied.append(space) }
        case (.behindYou?, .pull(let space)), (.behindYou?, .push(let space)), (.recovering?, .pull(let space)),
            (.recovering?, .push(let space)):
            noteFallenBack(space)
        case (.recovering?, .found(let space)), (.recovering?, .sendStatements(let space)), (.recovering?, .replay(let space, _)):
            noteFallenBack(space)
        case (.notFound?, .session), (.badSignature?, .session): throw try workspace.disowning()
        case (let code, .register) where code?.answerClass != .retry:
            // The ticket will not be taken the next time either; another may be.
            try workspace.store.write { try workspace.dropTicket($0) }
            throw SyncFault.refused(.register, code, detail: error.detail, retryAfterMillis: error.retryAfterMillis)
        case (let code, .found(let space)) where code?.answerClass != .retry:
            // An invitation that has been used, revoked or has expired since: nothing else has to wait for that.
            report.unfounded.append((space, code, error.detail))
            if code?.answerClass ?? .refuse == .refuse {
                try workspace.store.write { try $0.setValue(nil, for: StoredName.founding(space)) }
            }
        // Whatever keeps a space from moving, a copy of this store that has gone another way with it included: the others are
        // not kept waiting.
        case (let code, .replay(let space, _)) where code?.answerClass != .retry: report.unmoved.append((space, code, error.detail))
        default:
            throw SyncFault.refused(task.method ?? .heads, error.code, detail: error.detail, retryAfterMillis: error.retryAfterMillis)
        }
    }
}

extension Code {
    /// Whether the same request may pass in a while, whatever it is about.
    fileprivate var isOfTheMoment: Bool { answerClass == .retry && self != .recovering }
}
