import BuntanProtocol
import ChangeLog
import Storage
import Syncing

extension SyncSession {
    /// Returns what will be asked next if an answer holds what it should, so that it can be on its way while the answer is
    /// checked and filed: the page of a log that follows on this one. `nil` where nothing can be told.
    ///
    /// Nothing is decided by it. `next` says what is to be sent, and what came back for a request sent ahead is taken only
    /// where the two are the same.
    package func ahead(of reply: Reply) throws -> OutgoingRequest? {
        guard case .pull(let space)? = current, case .answer(let bytes) = reply, let page = try? LogPage(decoding: bytes), page.more else {
            return nil
        }
        let standing = try workspace.store.read { try $0.standing(of: space) }
        var frontier = standing?.frontier ?? LogFrontier()
        frontier.append(contentsOf: page.entries.map { Entry.leafHash(of: $0.entry) })
        // A page from nothing begins with what says where the log stands.
        guard let epoch = standing?.epoch ?? page.entries.first.flatMap({ try? SpaceStanding.founding(entryBytes: $0.entry).epoch })
        else { return nil }
        return closed(PullRequest(space: space, base: Base(epoch: epoch, size: frontier.size, root: frontier.root)))
    }
}
