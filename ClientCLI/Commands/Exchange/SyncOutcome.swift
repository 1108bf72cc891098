import ChangeLog
import Syncing
import StorageSQLite
import BuntanProtocol
import Replica
import Storage
import Wording

/// What a sync did, in the names of this store.
struct SyncOutcome {
    let frozen: [(space: SpaceID, name: String, path: String)]
    private let events: [ArrivedEvent]
    private let arrived: [(space: SpaceID, name: String, entries: Int)]
    private let restored: [(space: SpaceID, name: String, entries: Int)]
    private let restoredThere: [(space: SpaceID, name: String, entries: Int)]
    private let reopened: [(space: SpaceID, name: String, entries: Int)]
    private let salvaged: [(space: SpaceID, name: String, entries: Int)]
    private let orphansRefused: [(space: SpaceID, name: String, entries: Int)]
    private let verified: [(space: SpaceID, name: String, entries: Int)]
    private let compared: [(space: SpaceID, name: String, verdict: StatesCompared)]
    /// Changes that had come by file.
    private let relayed: [(space: SpaceID, name: String, entries: Int)]
    private let relayRefused: [(space: SpaceID, name: String, code: Code?)]
    private let joined: [KnownEngagement]
    /// What the server holds from now on.
    private let moved: [(name: String, entries: Int)]
    private let sync: SyncReport
    private let context: ReportContext
    private let language: String
    private let waiting: Int
    /// Those of them for which the server has no room.
    private let roomless: Int
    private let rejected: Int
    /// Fields with several values of this organisation's own devices, and records deleted here and edited there.
    private let conflicts: Int
    private let denied: [(space: SpaceID, name: String)]
    private let unfrozen: [(space: SpaceID, name: String)]
    private let fellBack: [String]
    private let pending: Int
    private let uncarried: [(lack: UncarriedChain, name: String)]
    private let withheld: [(space: SpaceID, name: String, entries: Int)]
    private let unsaid: [UnsaidWord]
    private let keyAwaited: [(awaited: KeyAwaited, name: String)]
    private let refused: [(phrase: SyncPhrases, space: SpaceID, name: String, failure: CommandFailure)]

    /// Whether something contradicts what was seen before, or what this store had said of its devices.
    var isContradicted: Bool {
        !frozen.isEmpty || !denied.isEmpty || !uncarried.isEmpty || !withheld.isEmpty || !sync.fellBack.isEmpty || !unsaid.isEmpty
            || isUnlike
    }

    /// Whether states were found that a log does not give, here or there, and that are so still.
    private var isUnlike: Bool { compared.contains { $0.verdict.isOpen } }

    init(_ sync: SyncReport, since before: EarlierStanding, _ open: OpenStore) throws {
        let selector = try Selector(open)
        let directory = selector.directory
        self.sync = sync
        language = open.invocation.language.rawValue
        let names = directory.spaceNames
        func name(_ space: SpaceID) -> String { names[space] ?? String(space.hex.prefix(8)) }
        func named(_ entries: [SpaceID: Int]) -> [(space: SpaceID, name: String, entries: Int)] {
            entries.filter { $0.value > 0 }.map { ($0.key, name($0.key), $0.value) }.sorted { ($0.name, $0.space) < ($1.name, $1.space) }
        }
        arrived = named(sync.arrived)
        restored = named(sync.restored)
        restoredThere = named(sync.restoredThere)
        reopened = named(Dictionary(sync.reopened.map { ($0.0, $0.lost) }, uniquingKeysWith: +))
        salvaged = named(sync.salvaged)
        relayed = named(sync.relayed)
        relayRefused = sync.relayRefused.map { ($0.0, name($0.0), $0.code) }
        orphansRefused = named(
            try open.store.read { reader in
                Dictionary(try reader.orphanPlaces(of: nil).filter { $0.code != nil }.map { ($0.space, 1) }, uniquingKeysWith: +)
            })
        compared = sync.compared.filter { $0.value != .equal }.map { ($0.key, name($0.key), $0.value) }.sorted {
            ($0.1, $0.0) < ($1.1, $1.0)
        }
        verified = named(
            try open.store.read { reader in
                Dictionary(try sync.verified.map { ($0, try reader.standing(of: $0)?.size ?? 0) }) { first, _ in first }
            })
        denied = sync.denied.map { ($0, name($0)) }
        unfrozen = sync.unfrozen.map { ($0, name($0)) }
        fellBack = sync.fellBack.map { name($0) }
        uncarried = sync.uncarried.map { ($0, name($0.space)) }
        withheld = named(Dictionary(sync.withheld.map { ($0.space, $0.changes) }) { first, _ in first })
        unsaid = try UnsaidWord.all(sync.unsaid, open)
        keyAwaited = sync.keyAwaited.map { ($0, name($0.space)) }
        refused =
            sync.unfounded.map { (.unfounded, $0.0, name($0.0), FaultWords.refused(.createSpace, $0.code, detail: $0.detail)) }
            + sync.unmoved.map { (.unmoved, $0.0, name($0.0), FaultWords.refused(.replay, $0.code, detail: $0.detail)) }
        let new = Set(sync.newSpaces)
        joined = directory.engagements.filter { new.contains($0.space) && $0.side == .provider }
        let workspace = open.reading
        let now = open.invocation.console.now()
        (context, frozen, pending, waiting, roomless, rejected, conflicts, events, moved) = try open.store.read { reader in
            let evidence = EvidenceFolder(layout: open.layout)
            let frozen = try reader.frozenSpaces().map { ($0, name($0), try evidence.path(of: $0, reader)) }
            let outbox = try reader.outbox(of: nil)
            return (
                try selector.context(nil, reader), frozen, outbox.count { $0.list == .pending }, outbox.count { $0.list == .waiting },
                outbox.count { $0.list == .waiting && $0.code == .quota }, outbox.count { $0.list == .rejected },
                try workspace.ownConflicts(in: reader.spaces().filter { $0 != directory.identity.home }, reader).cells,
                try ArrivedEvents.all(of: sync, since: before, directory, workspace, open.invocation.times, now: now, reader),
                directory.named(try sync.moved.map { ($0, try reader.standing(of: $0)?.size ?? 0) })
            )
        }
    }

    private var item: JSONValue {
        [
            "sent": .number(sync.sentChanges), "received": .number(arrived.reduce(0) { $0 + $1.entries }),
            "arrived": Self.json(arrived), "restored": Self.json(restored), "restoredThere": Self.json(restoredThere),
            "reopened": Self.json(reopened), "salvaged": Self.json(salvaged), "orphansRefused": Self.json(orphansRefused),
            "verified": Self.json(verified),
            "compared": .list(
                compared.map {
                    [
                        "space": .text($0.space.hex), "name": .text($0.name), "result": .text($0.verdict.name),
                        "n": .number($0.verdict.count),
                    ]
                }),
            "relayed": Self.json(relayed),
            "relayRefused": .list(
                relayRefused.map {
                    ["space": .text($0.space.hex), "name": .text($0.name), "code": .text(orNull: $0.code?.rawValue)]
                }),
            "events": .list(events.map(\.member)),
            "joined": .list(
                joined.map { engagement in
                    [
                        "engagement": .text(engagement.handle), "counterpart": engagement.counterpartName.languagesJSON,
                        "fingerprint": .text(engagement.counterpart.fingerprint), "isConfirmed": .bool(engagement.isConfirmed),
                    ]
                }),
            "founded": .list(sync.founded.map { .text($0.hex) }), "moved": .list(sync.moved.map { .text($0.hex) }),
            "waiting": .number(waiting), "rejected": .number(rejected), "conflicts": .number(conflicts),
            "frozen": .list(frozen.map { ["space": .text($0.space.hex), "name": .text($0.name), "evidence": .text($0.path)] }),
            "unfrozen": .list(unfrozen.map { ["space": .text($0.space.hex), "name": .text($0.name)] }),
            "denied": .list(denied.map { ["space": .text($0.space.hex), "name": .text($0.name)] }),
            "uncarried": .list(
                uncarried.map {
                    [
                        "space": .text($0.lack.space.hex), "name": .text($0.name), "held": $0.lack.held.map { .number($0) } ?? .null,
                        "known": .number($0.lack.known),
                    ]
                }),
            "withheld": Self.json(withheld),
            "refused": .list(refused.map { ["space": .text($0.space.hex), "name": .text($0.name), "code": .text($0.failure.code)] }),
            "unreachable": .list(sync.unreachable.map { .text($0.hex) }), "fellBack": .list(sync.fellBack.map { .text($0.hex) }),
            "unsaid": .list(unsaid.map(\.member)),
            "keyAwaited": .list(
                keyAwaited.map {
                    [
                        "space": .text($0.awaited.space.hex), "name": .text($0.name), "n": .number($0.awaited.changes),
                        "devices": .list($0.awaited.givers.map { .text($0) }),
                    ]
                }),
        ]
    }

    private static func json(_ spaces: [(space: SpaceID, name: String, entries: Int)]) -> JSONValue {
        .list(spaces.map { ["space": .text($0.space.hex), "name": .text($0.name), "entries": .number($0.entries)] })
    }

    var report: Report {
        .change(
            "sync/1", context,
            fields: [
                "sent", "received", "arrived", "restored", "restoredThere", "reopened", "salvaged", "orphansRefused", "verified",
                "compared", "relayed", "relayRefused", "events", "joined",
                "founded", "moved", "waiting", "rejected", "conflicts",
                "frozen", "unfrozen",
                "denied", "uncarried", "withheld", "refused",
                "unreachable", "fellBack", "unsaid", "keyAwaited",
            ],
            item
        ) { page in
            for space in frozen {
                page.say(SyncPhrases.frozenKept, ["space": .text(space.name), "path": .text(space.path)], .bad)
            }
            for space in unfrozen { page.say(SyncPhrases.unfrozen, ["space": .text(space.name)]) }
            for space in denied { page.say(SyncPhrases.denied, ["space": .text(space.name)], .bad) }
            for space in uncarried { page.say(SyncPhrases.uncarried, ["space": .text(space.name)], .bad) }
            for space in withheld {
                page.say(SyncPhrases.withheld, ["space": .text(space.name), "n": .number(space.entries)], .bad)
            }
            for part in refused {
                let reason = Fact.phrase(part.failure.phrase, part.failure.facts)
                page.say(
                    part.phrase, part.phrase == .unmoved ? ["space": .text(part.name), "reason": reason] : ["reason": reason], .warning)
            }
            func say(_ phrase: SyncPhrases, _ parts: [(space: SpaceID, name: String, entries: Int)], _ style: Style = .plain) {
                for part in parts { page.say(phrase, ["n": .number(part.entries), "space": .text(part.name)], style) }
            }
            say(.restoredThere, restoredThere)
            say(.reopened, reopened, .warning)
            say(.salvaged, salvaged)
            say(.orphansRefused, orphansRefused, .warning)
            say(.restoredEntries, restored)
            say(.arrivedEntries, arrived)
            say(.verified, verified)
            for part in compared {
                let facts: Facts = ["space": .text(part.name), "n": .number(part.verdict.count)]
                page.say(part.verdict.phrase, facts, part.verdict.isOpen ? .bad : .warning)
            }
            for event in events { page.say(event.phrase, event.words(page.style.command)) }
            if conflicts > 0, !arrived.isEmpty { page.say(SyncPhrases.arrivedConflicts, ["n": .number(conflicts)]) }
            for engagement in joined {
                if !engagement.isConfirmed { page.place(.command(2, "buntan confirm \(engagement.handle)")) }
            }
            for part in moved { page.say(SyncPhrases.movedThere, ["space": .text(part.name), "n": .number(part.entries)]) }
            if sync.sentChanges > 0 { page.say(SyncPhrases.sent, ["n": .number(sync.sentChanges)]) }
            for part in relayed { page.say(BundlePhrases.handedOver, ["n": .number(part.entries), "space": .text(part.name)]) }
            for part in relayRefused {
                let reason = part.code.flatMap { RefusalPhrases(rawValue: $0.rawValue) }.map { Fact.word($0) } ?? .text("-")
                page.say(BundlePhrases.notHandedOver, ["reason": reason, "space": .text(part.name)], .warning)
            }
            if waiting > roomless { page.say(SyncPhrases.waitingKept, ["n": .number(waiting - roomless)]) }
            if roomless > 0 { page.say(SyncPhrases.roomlessKept, ["n": .number(roomless)], .warning) }
            for part in keyAwaited { page.say(keyAwaited: part.awaited, in: part.name) }
            if rejected > 0 { page.say(SyncPhrases.refusedKept, ["n": .number(rejected)], .warning) }
            for space in fellBack { page.say(SyncPhrases.serverBehind, ["space": .text(space)], .warning) }
            if !fellBack.isEmpty, pending > 0 { page.say(SyncPhrases.pendingKept, ["n": .number(pending)]) }
            let isQuiet =
                arrived.isEmpty && restored.isEmpty && restoredThere.isEmpty && reopened.isEmpty && salvaged.isEmpty && joined.isEmpty
                && moved.isEmpty && sync.sentChanges == 0 && relayed.isEmpty && relayRefused.isEmpty && !isContradicted
                && refused.isEmpty && verified.isEmpty && compared.isEmpty && keyAwaited.isEmpty
                && unfrozen.isEmpty
            if isQuiet { page.say(SyncPhrases.upToDate) }
            if compared.contains(where: { $0.verdict == .brokenLog }) {
                page.next("buntan store check")
            } else if !frozen.isEmpty || isUnlike {
                page.next("buntan doctor")
            } else if rejected > 0 {
                page.next("buntan outbox")
            } else if conflicts > 0, !arrived.isEmpty {
                page.next("buntan conflicts")
            } else if let stale = events.last(where: { $0.name == "stale" }),
                case .text(let id)? = stale.facts.first(where: { $0.name == "short" })?.value
            {
                page.next("buntan diff \(id)")
            }
        }
    }
}

extension StatesCompared {
    /// Whether it is so still.
    fileprivate var isOpen: Bool {
        switch self {
        case .equal, .healed: false
        case .brokenLog, .otherThere: true
        }
    }

    fileprivate var name: String {
        switch self {
        case .equal: "equal"
        case .healed: "healed"
        case .brokenLog: "broken-log"
        case .otherThere: "other-there"
        }
    }

    /// Records that were healed, or digests in which the server differs.
    fileprivate var count: Int {
        switch self {
        case .equal, .brokenLog: 0
        case .healed(let records): records
        case .otherThere(let buckets): buckets
        }
    }

    fileprivate var phrase: SyncPhrases {
        switch self {
        case .equal, .healed: .statesHealed
        case .brokenLog: .statesBroken
        case .otherThere: .statesDiffer
        }
    }
}

extension Page {
    /// Tells of what waits for a key of a sealed space, and who can give it.
    mutating func say(keyAwaited part: KeyAwaited, in space: String) {
        say(
            part.givers.isEmpty ? SyncPhrases.keyAwaitedRoot : .keyAwaited,
            ["n": .number(part.changes), "space": .text(space), "devices": .text(part.givers.joined(separator: ", "))], .warning)
    }
}
