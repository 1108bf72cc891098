import BuntanProtocol
import ChangeLog
import Exchange
import Records
import Replica
import Storage
import Syncing
import TestKit

/// What a server does to a log that it has signed, with the log's own key at hand (P10).
package enum Deceit: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
    /// An entry is another, or came at another time.
    case rewrites
    case drops
    case reorders
    /// The end never was.
    case forgets
    /// Some are shown a log in which what the others have seen last stands otherwise; later both meet in one change.
    case forks
}

/// A server that shows one log other than it is, and signs what it shows.
struct HostileServer {
    let space: SpaceID
    let epoch: Int
    let origin: String
    let key: SigningKey
    let shown: [StoredEntry]

    /// Its answer where it lies; `nil` where it does as any server.
    func answer(_ request: OutgoingRequest, _ server: SimulatedServer) throws -> Reply? {
        switch request.method {
        case .heads:
            let asked = HeadsRequest(digest: SHA.empty)
            let honest = try server.answer(OutgoingRequest(method: .heads, body: asked.encoded(), token: request.token))
            guard case .answer(let bytes) = honest else { return honest }
            let heads = try HeadsAnswer(decoding: bytes).heads?.map {
                $0.space == space ? SpaceHead(space: space, epoch: epoch, size: shown.count) : $0
            }
            return .answer(HeadsAnswer(heads: heads).encoded())
        case .pull:
            let pull = try PullRequest(decoding: request.body)
            guard pull.space == space else { return nil }
            var frontier = LogFrontier()
            frontier.append(contentsOf: shown.map { Entry.leafHash(of: $0.bytes) })
            let note = Checkpoint(origin: origin, size: frontier.size, root: frontier.root).signed(by: key)
            let entries = shown.dropFirst(pull.size).map { CarriedEntry(entry: $0.bytes, payload: $0.payload) }
            return .answer(LogPage(entries: entries, note: note, more: false).encoded())
        default: return nil
        }
    }
}

extension SimulatedRun {
    /// At the end of a run, when everything has come to rest: the server lies about one engagement's log.
    func deceive(_ deceit: Deceit) throws {
        let spaces = [Firm.ichi, .ni].compactMap { world.engagements[$0]?.space }
        let space = spaces[below(spaces.count)]
        let readers = try participants.filter { try !$0.isNew && !curtailed.contains($0.keys.device) && $0.spaces().contains(space) }
        guard readers.count > 1 else { return }
        let author = readers[below(readers.count)]
        try say(in: space, by: author)
        let log = try entries(of: space)
        let lie: [StoredEntry]
        // Everybody has seen all but the last entry, which only its author has.
        let seen = log.count - 1
        let place = deceit == .forks ? seen : 1 + below(seen - 1)
        switch deceit {
        case .rewrites, .forks: lie = try log.enumerated().map { try $0.offset == place ? retimed($0.element) : $0.element }
        case .drops: lie = log[..<place] + log[(place + 1)...] + [log[place]]
        case .reorders: lie = log[..<place] + [log[place + 1], log[place]] + log[(place + 2)...]
        case .forgets: lie = Array(log[..<place])
        }
        say("the server \(deceit.rawValue) entry \(place) of \(log.count) of \(space)")
        let held = Dictionary(uniqueKeysWithValues: try readers.map { (ObjectIdentifier($0), try $0.size(of: space)) })
        try show(lie, of: space, to: readers)
        for reader in readers where held[ObjectIdentifier(reader), default: 0] != lie.count {
            let hasSeen = held[ObjectIdentifier(reader), default: 0] > place
            if hasSeen != told.contains(ObjectIdentifier(reader)) {
                chronicle.find(
                    .tamperEvidence,
                    "the server \(deceit.rawValue) entry \(place), \(reader.name) held \(held[ObjectIdentifier(reader)] ?? 0) of \(log.count)"
                        + (hasSeen ? " and says nothing" : " and takes it for a lie"))
            }
        }
        // An author that asked for the log since it had more to say has met the lie itself.
        guard deceit == .forks, !told.contains(ObjectIdentifier(author)) else { return }
        // What the author writes now covers the log as it has seen it.
        try say(in: space, by: author)
        let crossing = try entries(of: space).suffix(1)
        let others = readers.filter { $0 !== author }
        try show(lie + crossing, of: space, to: others)
        for reader in others where !told.contains(ObjectIdentifier(reader)) {
            chronicle.find(
                .tamperEvidence, "\(reader.name) was shown another log than \(author.name), and both have met in one change unnoticed")
        }
    }

    private func show(_ lie: [StoredEntry], of space: SpaceID, to readers: [Participant]) throws {
        guard let standing = try server.store.read({ try $0.standing(of: space) }) else { return }
        hostile = HostileServer(
            space: space, epoch: standing.epoch, origin: standing.rights.origin, key: world.identity.logKey, shown: lie)
        defer { hostile = nil }
        for reader in readers {
            try beginSync(reader)
            while !network.isEmpty { try deliver() }
            try watch(reader, whole: true)
        }
    }

    /// Has somebody write a remark, and the server take it, all honestly.
    private func say(in space: SpaceID, by author: Participant) throws {
        let row = RecordID.timeOrdered(millis: author.clock.now(), random: Nonce(high: 1, low: UInt64(steps)))
        _ = try author.workspace.commit([author.workspace.comment(on: row, text: "said")], in: space)
        for _ in 0..<2 {
            try beginSync(author)
            while !network.isEmpty { try deliver() }
        }
    }

    private func entries(of space: SpaceID) throws -> [StoredEntry] {
        try server.store.read { try $0.entries(of: space, from: 0, maxBytes: .max) }
    }

    /// The same entry, received at another time: nobody but the server has signed when.
    private func retimed(_ stored: StoredEntry) throws -> StoredEntry {
        let entry = try Entry(decoding: stored.bytes)
        let other = Entry(
            kind: entry.kind, received: entry.received + 1, content: entry.content, signature: entry.signature, proof: entry.proof)
        return StoredEntry(position: stored.position, bytes: other.encoded(), payload: stored.payload)
    }
}

extension Participant {
    fileprivate func size(of space: SpaceID) throws -> Int { try store.read { try $0.standing(of: space)?.size ?? 0 } }
}
