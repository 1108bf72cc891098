import BuntanProtocol
import ChangeLog
import Storage
import Syncing

extension SyncSession {
    /// A push that may be on its way while the logs are asked for.
    package struct Beside: Sendable {
        package let request: OutgoingRequest
        let space: SpaceID
        let places: [OutboxPlace]
        /// What was held of its log when it was sent.
        let held: Base
    }

    /// The push that comes first after the logs have been asked for, so that a change takes one way to the server and back
    /// instead of two. `nil` where there is much to send, or what waits is to be tried again with it; never of a sealed space,
    /// whose log may say that the key of what waits is lost.
    ///
    /// It may come to the server before or after the question does, and bring less or more than its answer. Where it goes to a
    /// log that turns out to lie, its keeper has the changes a moment before that is known.
    func pushBeside(_ reader: any StoreReader) throws -> Beside? {
        let places = try reader.outboxPlaces(of: nil)
        let open = try Set(places.filter { $0.list == .pending }.map(\.space)).filter {
            try reader.standing(of: $0)?.genesis.policy.isSealed == false
        }
        guard let space = open.max(), !places.contains(where: { $0.list == .waiting }),
            // What a log has lost and this replica keeps comes before what was made on it.
            try !workspace.salvageable(reader).contains(space), let push = try nextPush(of: space, reader), let held = push.request.held,
            // Little comes back with the answer; after a lot, one pull brings what several pushes took there.
            push.places.reduce(0, { $0 + $1.size }) < Limits.broughtBytes
        else { return nil }
        return Beside(request: closed(push.request), space: space, places: push.places, held: held)
    }

    /// Files what came of it, after what came of the question.
    mutating func take(_ bytes: [UInt8], of beside: Beside) throws {
        let space = beside.space
        let answer = try decode(bytes, PushRequest.self)
        let standing = try workspace.store.read { try $0.isFrozen(space) ? nil : $0.standing(of: space) }
        guard let standing else { return }
        try takeVerdicts(answer.verdicts, of: beside.places, in: space)
        // It went before the log's other epoch was heard of, and what was taken then may be lost.
        if answer.verdicts.contains(where: \.isOfAnotherEpoch) || standing.epoch != beside.held.epoch { sentThrough[space] = nil }
        if let page = answer.page {
            // Entries that the other answer brought, too, are here already.
            asked.updateValue(beside.held, forKey: space)
            try takePage(page, of: space)
        } else if !tasks.contains(.pull(space)) {
            tasks.append(.pull(space))
        }
    }

    /// Returns what will be asked next if an answer holds what it should, so that it can be on its way while the answer is
    /// checked and filed: the page of a log that follows on this one. `nil` where nothing can be told.
    ///
    /// Nothing is decided by it. `next` says what is to be sent, and what came back for a request sent ahead is taken only
    /// where the two are the same.
    package func ahead(of reply: Reply) throws -> OutgoingRequest? {
        let space: SpaceID
        switch current {
        case .pull(let pulled)?, .verify(let pulled)?: space = pulled
        default: return nil
        }
        // What is wrong with a page is said where it is taken: nothing is asked for ahead of it.
        guard case .answer(let bytes) = reply, let page = try? LogPage(decoding: bytes), page.more else { return nil }
        let isVerifying = current == .verify(space)
        let standing = try workspace.store.read { isVerifying ? try $0.logStanding(of: space) : try $0.standing(of: space) }
        // Its records may come first.
        guard pageBytes(of: space, held: standing?.size ?? 0) == Limits.pageBytes else { return nil }
        var frontier = standing?.frontier ?? LogFrontier()
        frontier.append(contentsOf: page.entries.map { Entry.leafHash(of: $0.entry) })
        // A page from nothing begins with what says where the log stands.
        guard let epoch = standing?.epoch ?? page.entries.first.flatMap({ try? SpaceStanding.founding(entryBytes: $0.entry).epoch })
        else { return nil }
        return closed(PullRequest(space: space, base: Base(epoch: epoch, size: frontier.size, root: frontier.root)))
    }
}

extension Verdict {
    /// Where the log has the change; `nil` for one that was refused.
    var position: Int? {
        switch self {
        case .accepted(let position), .duplicate(let position): position
        case .refused: nil
        }
    }

    /// Whether a change was made on what a log has lost, and has to wait until that has been given back.
    var isOfAnotherEpoch: Bool { if case .refused(.epochChanged?, _) = self { true } else { false } }
}
