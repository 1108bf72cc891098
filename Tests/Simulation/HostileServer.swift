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
    /// The end never was: what was signed then is shown again.
    case forgets
    /// What somebody wrote says something else.
    case alters
    /// An entry comes once more.
    case repeats
    /// Some are shown a log in which what the others have seen last stands otherwise; later both meet in one change.
    case forks
    /// What an organisation has said of a device of its own is kept from the others, while their log goes on.
    case withholds
    /// Checkpoints, pages of records and proofs are made up by somebody who does not have what would sign them.
    case forges

    /// The lie with which a seed's run ends, if it ends with one. Those that came later are told where there was none before.
    static func told(in seed: UInt64) -> Deceit? {
        let lies: [Deceit]
        switch seed % 8 {
        case 7: lies = [.rewrites, .drops, .reorders, .forgets, .forks]
        case 3: lies = [.withholds, .forges]
        case 5: lies = [.alters, .repeats]
        default: return nil
        }
        return lies[Int(seed / 8) % lies.count]
    }
}

/// A server that shows one log other than it is, and signs what it shows; or, where it is forged, somebody between.
final class HostileServer {
    let space: SpaceID
    let epoch: Int
    let origin: String
    let key: SigningKey
    /// The log as it is shown; as it is where there is none.
    let shown: [StoredEntry]?
    let forgery: Forgery?
    /// Whether clients look at no proof: to them all is as if the log's key had signed it.
    let isBelieved: Bool
    /// Who was shown something forged.
    private(set) var met: Set<ObjectIdentifier> = []
    /// Who has told that the log lacks what its organisation has said.
    var lacking: Set<ObjectIdentifier> = []

    init(
        space: SpaceID, standing: SpaceStanding, key: SigningKey, shown: [StoredEntry]?, forgery: Forgery? = nil, isBelieved: Bool = false
    ) {
        self.space = space
        epoch = standing.epoch
        origin = standing.rights.origin
        self.key = key
        self.shown = shown
        self.forgery = forgery
        self.isBelieved = isBelieved
    }

    /// Its answer where it lies; `nil` where it does as any server.
    func answer(_ request: OutgoingRequest, from participant: Participant, _ server: SimulatedServer) throws -> Reply? {
        switch request.method {
        case .heads:
            guard let shown else { return nil }
            let asked = HeadsRequest(digest: SHA.empty)
            let honest = try server.answer(OutgoingRequest(method: .heads, body: asked.encoded(), token: request.token))
            guard case .answer(let bytes) = honest else { return honest }
            let heads = try HeadsAnswer(decoding: bytes).heads?.map {
                $0.space == space ? SpaceHead(space: space, epoch: epoch, size: shown.count) : $0
            }
            return .answer(HeadsAnswer(heads: heads).encoded())
        case .pull:
            let pull = try PullRequest(decoding: request.body)
            guard let shown, pull.space == space else { return nil }
            var frontier = LogFrontier()
            frontier.append(contentsOf: shown.map { Entry.leafHash(of: $0.bytes) })
            let checkpoint = Checkpoint(origin: origin, size: frontier.size, root: frontier.root)
            var note = checkpoint.signed(by: key)
            if let forgery {
                met.insert(ObjectIdentifier(participant))
                if !isBelieved { note = try forgery.note(over: checkpoint, signed: note, key: key) }
            }
            let entries = shown.dropFirst(pull.size).map { CarriedEntry(entry: $0.bytes, payload: $0.payload) }
            return .answer(LogPage(entries: entries, note: note, more: false).encoded())
        case .snapshot:
            let asked = try SnapshotRequest(decoding: request.body)
            guard let forgery, shown == nil, asked.space == space, case .answer(let bytes) = try server.answer(request) else { return nil }
            met.insert(ObjectIdentifier(participant))
            let page = forgery.page(like: try SnapshotPage(decoding: bytes))
            return .answer((isBelieved ? page.signed(by: key, for: asked) : page).encoded())
        default: return nil
        }
    }
}

extension SimulatedRun {
    /// At the end of a run, when everything has come to rest: the server lies about one engagement's log.
    func deceive(_ deceit: Deceit) throws {
        switch deceit {
        case .withholds: try withhold()
        case .forges: try forge()
        case .rewrites, .drops, .reorders, .forgets, .forks, .alters, .repeats: try alter(deceit)
        }
    }

    /// An engagement, and those who have all of its log and may still sync.
    func audience(_ chance: inout some RandomNumberGenerator) throws -> (space: SpaceID, readers: [Participant])? {
        let spaces = [Firm.ichi, .ni].compactMap { world.engagements[$0]?.space }
        let space = spaces[Int.random(in: 0..<spaces.count, using: &chance)]
        let readers = try participants.filter { try !$0.isNew && !curtailed.contains($0.keys.device) && $0.spaces().contains(space) }
        return readers.count > 1 ? (space, readers) : nil
    }

    /// The server shows what it has signed otherwise than it was.
    private func alter(_ deceit: Deceit) throws {
        guard let (space, readers) = try audience(&draw) else { return }
        let author = readers[below(readers.count)]
        var remarks = [try say(in: space, by: author)]
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
        // Whoever has not seen the entry notices it, too: its author's signature is of something else.
        case .alters: lie = try log.dropLast() + [altered(log[seen])]
        case .repeats: lie = log + [log[place]]
        case .withholds, .forges: return
        }
        say("the server \(deceit.rawValue) entry \(place) of \(log.count) of \(space)")
        let held = Dictionary(uniqueKeysWithValues: try readers.map { (ObjectIdentifier($0), try $0.size(of: space)) })
        try show(lie, of: space, to: readers)
        for reader in readers where held[ObjectIdentifier(reader), default: 0] != lie.count {
            let hasSeen = [.alters, .repeats].contains(deceit) || held[ObjectIdentifier(reader), default: 0] > place
            if hasSeen != told.contains(ObjectIdentifier(reader)) {
                chronicle.find(
                    .tamperEvidence,
                    "the server \(deceit.rawValue) entry \(place), \(reader.name) held \(held[ObjectIdentifier(reader)] ?? 0) of \(log.count)"
                        + (hasSeen ? " and says nothing" : " and takes it for a lie"))
            }
        }
        // An author that asked for the log since it had more to say has met the lie itself.
        guard deceit == .forks, !told.contains(ObjectIdentifier(author)) else { return try tellTruth(of: space, to: readers, remarks) }
        // What the author writes now covers the log as it has seen it.
        remarks.append(try say(in: space, by: author))
        let crossing = try entries(of: space).suffix(1)
        let others = readers.filter { $0 !== author }
        try show(lie + crossing, of: space, to: others)
        for reader in others where !told.contains(ObjectIdentifier(reader)) {
            chronicle.find(
                .tamperEvidence, "\(reader.name) was shown another log than \(author.name), and both have met in one change unnoticed")
        }
        try tellTruth(of: space, to: readers, remarks)
    }

    /// Lets some sync with a server that shows another log than it has, or forges.
    ///
    /// - Returns: who has noticed what of it, beside those who were told of a log that does not hold.
    @discardableResult
    func show(
        _ lie: [StoredEntry]?, of space: SpaceID, to readers: [Participant], forgedAs forgery: Forgery? = nil, rounds: Int = 1
    ) throws -> HostileServer? {
        guard let standing = try server.store.read({ try $0.standing(of: space) }) else { return nil }
        let liar = HostileServer(
            space: space, standing: standing, key: world.identity.logKey, shown: lie, forgery: forgery,
            isBelieved: sabotage.kind == .takesForged)
        hostile = liar
        defer { hostile = nil }
        for _ in 0..<rounds {
            for reader in readers {
                try syncAlone(reader)
                try watch(reader, whole: true)
            }
        }
        return liar
    }

    func syncAlone(_ participant: Participant) throws {
        try beginSync(participant)
        while !network.isEmpty { try deliver() }
    }

    /// Has somebody write a remark, and the server take it, all honestly.
    func say(in space: SpaceID, by author: Participant) throws -> Remark {
        let remark = try jot(in: space, by: author)
        for _ in 0..<2 { try syncAlone(author) }
        return remark
    }

    func entries(of space: SpaceID) throws -> [StoredEntry] {
        try server.store.read { try $0.entries(of: space, from: 0, maxBytes: .max) }
    }

    /// The same entry with one bit of its content another.
    private func altered(_ stored: StoredEntry) throws -> StoredEntry {
        let entry = try Entry(decoding: stored.bytes)
        var content = entry.content
        content[below(content.count)] ^= 1 << UInt8(below(8))
        let other = Entry(
            kind: entry.kind, received: entry.received, content: content, signature: entry.signature, proof: entry.proof)
        return StoredEntry(position: stored.position, bytes: other.encoded(), payload: stored.payload)
    }

    /// The same entry, received at another time: nobody but the server has signed when.
    func retimed(_ stored: StoredEntry) throws -> StoredEntry {
        let entry = try Entry(decoding: stored.bytes)
        let other = Entry(
            kind: entry.kind, received: entry.received + 1, content: entry.content, signature: entry.signature, proof: entry.proof)
        return StoredEntry(position: stored.position, bytes: other.encoded(), payload: stored.payload)
    }
}

extension Participant {
    fileprivate func size(of space: SpaceID) throws -> Int { try store.read { try $0.standing(of: space)?.size ?? 0 } }
}
