package import BuntanProtocol
import ChangeLog
package import Storage
import Syncing

extension Registrar {
    func heads(_ request: HeadsRequest, for caller: Caller, at now: Int64, _ reader: any StoreReader) throws -> Prepared {
        guard let heads = try headsAnswer(unless: request.digest, for: caller, at: now, reader).heads else {
            return .answer(HeadsAnswer(heads: nil).encoded())
        }
        return .answer(HeadsAnswer(heads: heads, pages: try pages(since: request.held, heads, for: caller, at: now, reader)).encoded())
    }

    /// What has come to the logs that a request named, as a pull of each would give it: whole, and no more than little.
    private func pages(
        since held: [HeldLog], _ heads: [SpaceHead], for caller: Caller, at now: Int64, _ reader: any StoreReader
    ) throws -> [BroughtPage] {
        let sizes = Dictionary(heads.map { ($0.space, $0.size) }) { first, _ in first }
        var left = Limits.broughtBytes
        var pages: [BroughtPage] = []
        for log in held where sizes[log.space, default: 0] > log.base.size && left > 0 {
            do {
                let handle = try handle(log.space, for: caller, at: now, reader)
                let page = try page(PullRequest(space: log.space, base: log.base, maxBytes: left), of: handle, reader)
                let bytes = page.entries.reduce(0) { $0 + $1.entry.count + ($1.payload?.count ?? 0) }
                guard !page.more, bytes <= left else { continue }
                left -= bytes
                pages.append(BroughtPage(space: log.space, page: page))
            } catch  where error is Refusal || error is EpochChanged {
                // A pull says why.
                continue
            }
        }
        return pages
    }

    /// The entries since what a client holds, if that is of this log, and they are few and a checkpoint of today covers them.
    func brought(since held: Base, to standing: SpaceStanding, _ reader: any StoreReader) throws -> [CarriedEntry]? {
        guard held.epoch == standing.epoch, held.size <= standing.size else { return nil }
        let source = try reader.source(of: standing.id)
        guard try LogTiles.root(ofSize: held.size, tile: { try source.tile($0) }) == held.root else { return nil }
        guard held.size < standing.size else { return [] }
        guard try FoundersNotes(of: standing, reader).boundary(from: held.size, to: standing.size) == nil else { return nil }
        let entries = try reader.entries(of: standing.id, from: held.size, maxBytes: Limits.broughtBytes)
        let bytes = entries.reduce(0) { $0 + $1.bytes.count + ($1.payload?.count ?? 0) }
        guard held.size + entries.count == standing.size, bytes <= Limits.broughtBytes else { return nil }
        return entries.map { CarriedEntry(entry: $0.bytes, payload: $0.payload) }
    }

    /// What the caller may read, as far as the mark covers it; nothing if the digest says that is known.
    func headsAnswer(unless digest: Digest, for caller: Caller, at now: Int64, _ reader: any StoreReader) throws -> HeadsAnswer {
        let heads = try visibleHeads(for: caller, at: now, reader)
        return HeadsAnswer(heads: SpaceHead.digest(of: heads) == digest ? nil : heads)
    }

    /// The one question across spaces: over the caller's own list.
    package func visibleHeads(for caller: Caller, at now: Int64, _ reader: any StoreReader) throws -> [SpaceHead] {
        guard caller.capabilities.contains(.read) else { return [] }
        return try reader.heads(for: caller.organisation, at: now).compactMap { head in
            if let loss = loss(of: head.space, epoch: head.epoch, size: head.size) {
                return loss.vouched.map { SpaceHead(space: head.space, epoch: $0.epoch, size: $0.size) }
            }
            guard let mark = mark.place(of: head.space) else { return nil }
            return SpaceHead(space: head.space, epoch: head.epoch, size: min(head.size, mark.size))
        }
    }

    /// Heads for a caller that has waited: session and list as they are now.
    package func headsAnswer(
        unless digest: Digest, stillFor caller: Caller, at now: Int64, _ reader: any StoreReader
    ) throws -> HeadsAnswer {
        try headsAnswer(unless: digest, for: try again(caller, reader), at: now, reader)
    }

    func pull(_ request: PullRequest, by caller: Caller, at now: Int64, _ reader: any StoreReader) throws -> Prepared {
        let handle = try handle(request.space, for: caller, at: now, reader)
        return .answer(try page(request, of: handle, reader).encoded())
    }

    private func page(_ request: PullRequest, of handle: SpaceHandle, _ reader: any StoreReader) throws -> LogPage {
        let standing = handle.standing
        // What another transaction has committed and the mark does not cover yet is nobody's to see.
        let size = try vouchedSize(of: handle)
        guard request.size > 0 || request.epoch == 0 else { throw Refusal(.malformed, "epoch") }
        if request.size > 0, request.epoch != standing.epoch {
            // The caller has heard of an epoch whose beginning is lost here.
            guard request.epoch < standing.epoch else { throw Refusal(isWhole(standing) ? .behindYou : .recovering) }
            // What an epoch that has ended has in common with this one goes on like any beginning.
            let shared = standing.rights.cut(of: request.epoch)?.size ?? 0
            if request.size > shared {
                // That its epoch has ended is said only where what begins the next can be shown.
                guard shared < size else { throw Refusal(isWhole(standing) ? .behindYou : .recovering) }
                throw EpochChanged(ended: standing.rights.endedEpochs.suffix(Limits.endedEpochs))
            }
        }
        // Nothing is signed beyond it either, whatever the caller may know of what stands there.
        guard request.size <= size else { throw Refusal(isWhole(standing) ? .behindYou : .recovering) }
        let source = try reader.source(of: handle.space)
        let root = { (size: Int) throws in
            size == standing.size ? standing.frontier.root : try LogTiles.root(ofSize: size) { try source.tile($0) }
        }
        guard try root(request.size) == request.root else { throw Refusal(.baseMismatch, "root") }
        guard request.size < size else {
            return LogPage(
                entries: [], note: try note(of: standing, size: request.size, root: root(request.size)), more: false)
        }

        var entries = Array(
            try reader.entries(of: handle.space, from: request.size, maxBytes: request.maxBytes).prefix(size - request.size))
        var end = request.size + entries.count
        let boundary = try FoundersNotes(of: standing, reader).boundary(from: request.size, to: end)
        if let boundary, boundary.size != end {
            if boundary.size > end {
                entries = try reader.entries(of: handle.space, from: request.size, maxBytes: Limits.bodyBytes)
            }
            entries = Array(entries.prefix(boundary.size - request.size))
            end = request.size + entries.count
        }
        let note: String
        if let boundary, boundary.size == end, let founders = boundary.note {
            note = founders
        } else {
            note = try self.note(of: standing, size: end, root: root(end))
        }
        return LogPage(
            entries: entries.map { CarriedEntry(entry: $0.bytes, payload: $0.payload) }, note: note, more: end < size)
    }
}

/// Why a log does not go on from where the caller is: what it holds was lost, and the log has gone on without.
struct EpochChanged: Error {
    let ended: ArraySlice<Base>
}

/// The checkpoints that came with a log when it moved here, signed by the key that held before the move.
///
/// A page that ends before the move cannot be vouched for by this server's key, which its reader has not met yet; so such
/// a page ends where a page of the founder's ended.
struct FoundersNotes {
    private let notes: [(size: Int, note: String)]

    init(of standing: SpaceStanding, _ reader: any StoreReader) throws {
        guard standing.genesis.serverName == nil else {
            notes = []
            return
        }
        let prefix = StoredNames.notes(standing.id)
        let kept: [(size: Int, note: String)] = try reader.values(withPrefix: prefix).compactMap { name, note in
            Int(name.dropFirst(prefix.count)).map { ($0, String(decoding: note, as: UTF8.self)) }
        }
        // Of a log that was given back whole nobody has them any more: its first page must reach the move.
        notes = try kept.isEmpty ? Self.move(in: reader.words(of: standing.id)).map { [($0, "")] } ?? [] : kept.sorted { $0.size < $1.size }
    }

    /// The size of the log with its move.
    private static func move(in words: [PlacedEntry]) throws -> Int? {
        try words.last { word in
            let entry = try Entry(decoding: word.entry)
            guard entry.kind == .server, case .move = try ServerStatement(decoding: entry.content).act else { return false }
            return true
        }.map { $0.position + 1 }
    }

    /// Where a page has to end, and its note; without one where the page ends in the move, which names this server's key.
    ///
    /// `nil` where the page goes beyond the move anyway.
    func boundary(from start: Int, to end: Int) -> (size: Int, note: String?)? {
        guard let move = notes.last?.size, end < move else { return nil }
        let later = notes.filter { $0.size > start }
        let found = later.last { $0.size <= end } ?? later.first
        return found.map { ($0.size, $0.size == move ? nil : $0.note) }
    }
}
