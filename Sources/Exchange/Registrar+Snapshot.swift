import BuntanProtocol
import ChangeLog
import Merging
import Storage
import Syncing

/// States of a space's records for who is new to it, and their digests (PROTOCOL.md sections 11 and 14).
///
/// Both are of the log as it stands, which must be what the mark covers: what is signed is signed as a checkpoint is.
extension Registrar {
    func snapshot(_ request: SnapshotRequest, by caller: Caller, at now: Int64, _ reader: any StoreReader) throws -> Prepared {
        let handle = try opened(request.space, for: caller, at: now, reader)
        if try isVouched(handle) { return .answer(try page(request, of: handle, reader).encoded()) }
        // Somebody's commit is not marked yet. Behind it in the line of those who write there is nothing like that.
        return .work(
            Work(finish: { [self] _, writer in
                let handle = try opened(request.space, for: again(caller, writer), at: now, writer)
                try requireWhole(handle)
                let page = try page(request, of: handle, writer)
                var outcome = Outcome(page)
                outcome.touched[handle.space] = MarkedPlace(handle.standing)
                return outcome
            }))
    }

    func digest(_ request: DigestRequest, by caller: Caller, at now: Int64, _ reader: any StoreReader) throws -> Prepared {
        let handle = try opened(request.space, for: caller, at: now, reader)
        guard try isVouched(handle) else { throw Refusal(.busy) }
        var builder = StateDigest.Builder()
        try reader.eachStateHash(in: handle.space) { builder.add($0, hash: $1) }
        let standing = handle.standing
        return .answer(
            DigestRequest.Answer(epoch: standing.epoch, size: standing.size, buckets: builder.finished().buckets).encoded())
    }

    /// The space, if this server can tell its records at all.
    private func opened(_ space: SpaceID, for caller: Caller, at now: Int64, _ reader: any StoreReader) throws -> SpaceHandle {
        let handle = try handle(space, for: caller, at: now, reader)
        guard !handle.standing.genesis.policy.isSealed else { throw Refusal(.invalid, "sealed") }
        return handle
    }

    /// Whether the mark covers all that stands here; of a log that has fallen back, whether all that is left was signed.
    private func isVouched(_ handle: SpaceHandle) throws -> Bool {
        let size = try vouchedSize(of: handle)
        guard size == handle.standing.size || loss(of: handle.standing) == nil else { throw Refusal(.recovering) }
        return size == handle.standing.size
    }

    /// Room in a body for what places and signs a page.
    private static let sealRoom = 256 * 1024

    private func page(_ request: SnapshotRequest, of handle: SpaceHandle, _ reader: any StoreReader) throws -> SnapshotPage {
        let standing = handle.standing
        var words: [PlacedEntry]?
        if request.after == nil {
            let found = try reader.words(of: handle.space)
            guard found.count <= Limits.wordsPerSnapshot, found.reduce(0, { $0 + $1.entry.count }) <= Limits.wordBytesPerSnapshot else {
                throw Refusal(.tooLarge, "words")
            }
            words = found
        }
        let (states, more) = try reader.states(in: handle.space, after: request.after, maxBytes: request.maxBytes)
        // A record of which not even one fits is told by its log alone.
        let bytes = states.reduce(0) { $0 + $1.state.count } + (words ?? []).reduce(0) { $0 + $1.entry.count }
        guard bytes <= Limits.bodyBytes - Self.sealRoom else { throw Refusal(.tooLarge, "states") }
        let content = SnapshotSeal.content(
            space: handle.space, after: request.after, base: standing.base, states: SnapshotPage.digest(ofStates: states), more: more,
            words: words.map(SnapshotPage.digest(ofWords:)))
        return SnapshotPage(
            base: standing.base, states: states, more: more, frontier: standing.frontier.hashes,
            signature: identity.logKey.sign("snapshot", content), words: words)
    }
}
