import ChangeLog
import Syncing
import StorageSQLite
import ArgumentParser
import BuntanProtocol
import Foundation
import Records
import Replica
import Storage
import Wording

/// Shows what waits to be sent or was refused.
struct OutboxCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "outbox", abstract: CommandPhrases.outbox.spoken,
            subcommands: [
                OutboxListCommand.self, OutboxRetryCommand.self, OutboxDiscardCommand.self, OutboxExportCommand.self,
                OutboxImportCommand.self,
            ],
            defaultSubcommand: OutboxListCommand.self)
    }

    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit { try OutboxListCommand.show(cut, invocation) }
}

struct OutboxListCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "list", abstract: CommandPhrases.outbox.spoken)
    }

    @OptionGroup var cut: CutOptions
    @OptionGroup var global: GlobalOptions

    func run(in invocation: Invocation) async throws -> CommandExit { try Self.show(cut, invocation) }

    static func show(_ cut: CutOptions, _ invocation: Invocation) throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let (items, more, received, shorts, unmoved, views, context) = try open.store.read { reader in
            let (items, more) = try cut.part(of: try reader.outbox(of: nil)) { Hexadecimal.text($0.item.change.bytes) }
            // What came by file is nobody's here: it follows on the last of the own ones.
            let received = more == nil ? try open.reading.relayed(reader) : []
            let names = ShortNames(reader)
            let shorts = Dictionary(try items.map { ($0.item.change, try names.of($0.item.change)) }) { first, _ in first }
            // Without a server everything stays in this store, and nothing waits.
            let unmoved = try reader.knownServer() == nil ? [] : open.reading.unmoved(reader)
            return (
                items, more, received, shorts, selector.directory.named(unmoved), try ReceivedViews(received, selector, reader),
                try selector.context(nil, reader)
            )
        }
        let names = selector.directory.spaceNames
        let values = items.map { item -> JSONValue in
            [
                "number": .number(item.number), "change": .text(Hexadecimal.text(item.item.change.bytes)),
                "short": .text(orNull: shorts[item.item.change]),
                "state": .text(item.list.name), "in": .text(names[item.item.space] ?? item.item.space.hex),
                "kinds": .list(item.kinds.map { .text($0) }), "code": .text(orNull: item.code?.rawValue),
                "detail": .text(orNull: item.detail),
            ]
        }
        let relayed = received.map { change -> JSONValue in
            [
                "number": .number(change.number), "change": .text(Hexadecimal.text(change.change.bytes)),
                "short": .text(change.change.shortInOutbox),
                "state": "received", "in": .text(names[change.space] ?? change.space.hex),
                "kinds": .list(change.kinds.map { .text($0) }), "code": .null, "detail": .null, "edits": views.edits(change.change),
            ]
        }
        func count(_ list: OutboxItem.List) -> Fact { .number(items.count { $0.list == list }) }
        let fields = ["number", "change", "short", "state", "in", "kinds", "code", "detail", "edits"]
        try invocation.print(
            .list("outbox/1", context, fields: fields, values + relayed, more: more) { page in
                for part in unmoved { page.say(SyncPhrases.stillHere, ["space": .text(part.name), "n": .number(part.entries)]) }
                guard !(items.isEmpty && received.isEmpty) else {
                    return unmoved.isEmpty ? page.say(SyncPhrases.outboxEmpty) : page.next("buntan sync")
                }
                if !items.isEmpty {
                    page.say(
                        SyncPhrases.outboxHeading, ["pending": count(.pending), "waiting": count(.waiting), "refused": count(.rejected)])
                }
                if !received.isEmpty { page.say(BundlePhrases.received, ["n": .number(received.count)]) }
                page.blank()
                var table = Table(
                    columns: [
                        Column(title: ""), Column(title: ""), Column(title: "", fit: .cut), Column(title: "", fit: .cut),
                        Column(title: "", fit: .wrapped),
                    ], hasHeads: false)
                for item in items {
                    let reason = item.code.flatMap { RefusalPhrases(rawValue: $0.rawValue) }?.text(in: page.language)
                    table.rows.append([
                        Span(shorts[item.item.change] ?? ""), Span(item.list.phrase.text(in: page.language)),
                        Span(names[item.item.space] ?? ""),
                        Span(item.kinds.joined(separator: ", ")), Span(reason ?? item.detail ?? ""),
                    ])
                }
                for change in received {
                    table.rows.append([
                        Span(change.change.shortInOutbox),
                        Span(BundlePhrases.stateReceived.text(in: page.language)), Span(names[change.space] ?? ""),
                        Span(change.kinds.joined(separator: ", ")), Span(""),
                    ])
                }
                page.table(table)
                if !received.isEmpty {
                    page.blank()
                    views.show(received, &page, invocation.times)
                }
                if items.contains(where: { $0.list == .rejected }) { page.next("buntan outbox retry") }
            })
        return invocation.status(ofListWith: items.count + received.count)
    }
}

/// Sends refused changes again with the next sync.
struct OutboxRetryCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "retry", abstract: CommandPhrases.outboxRetry.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.ids)) var ids: [String] = []

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let chosen = try OutboxChoice.items(ids, in: open)
        let workspace = try open.store.read { try open.reading.mustWriteAnew(chosen, $0) } ? open.writing() : open.reading
        let numbers = try workspace.retry(chosen.map(\.number))
        let item: JSONValue = ["retried": .list(numbers.map { .number($0) })]
        try invocation.print(
            .change("outbox-retry/1", nil, fields: ["retried"], item) { page in
                let left = chosen.count - numbers.count
                if left == 0 || !numbers.isEmpty { page.say(SyncPhrases.outboxRetried, ["n": .number(numbers.count)]) }
                if left > 0 {
                    page.say(SyncPhrases.outboxStillRefused, ["n": .number(left)], .warning)
                    page.next("buntan outbox")
                }
                if !numbers.isEmpty { page.next("buntan sync") }
            })
        return .done
    }
}

/// Gives changes up: refused ones, and those of others that came by file and that no server takes.
struct OutboxDiscardCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "discard", abstract: CommandPhrases.outboxDiscard.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.ids)) var ids: [String] = []

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let (own, received) = try OutboxChoice.discardable(ids, in: open)
        let count = own.count + received.count
        guard try count == 0 || invocation.prompt.confirms(SyncPhrases.outboxDiscardQuestion, ["n": .number(count)]) else {
            throw CommandFailure(.declined)
        }
        let numbers = try open.reading.discard(own.map(\.number))
        let left = try open.reading.discardRelayed(Set(received.map(\.change)))
        let item: JSONValue = [
            "discarded": .list(numbers.map { .number($0) }), "received": .list(left.map { .text(Hexadecimal.text($0.bytes)) }),
        ]
        try invocation.print(
            .change("outbox-discard/1", nil, fields: ["discarded", "received"], item) { page in
                page.say(SyncPhrases.outboxDiscarded, ["n": .number(numbers.count + left.count)])
            })
        return .done
    }
}

/// The changes of the outbox that a command means, each by its id or the beginning of its short one.
enum OutboxChoice {
    /// Refused changes; without ids, all of them.
    static func items(_ ids: [String], in open: OpenStore) throws -> [OutboxItem] {
        let refused = try refused(in: open)
        guard !ids.isEmpty else { return refused }
        let meant = try changes(ids, among: refused.map { ($0.item.change, $0.kinds) })
        return refused.filter { meant.contains($0.item.change) }
    }

    /// Refused changes, and those of others that came by file; these are meant by name alone.
    static func discardable(_ ids: [String], in open: OpenStore) throws -> (own: [OutboxItem], received: [RelayedChange]) {
        let refused = try refused(in: open)
        guard !ids.isEmpty else { return (refused, []) }
        let received = try open.store.read { try open.reading.relayed($0) }
        let meant = try changes(ids, among: refused.map { ($0.item.change, $0.kinds) } + received.map { ($0.change, $0.kinds) })
        return (refused.filter { meant.contains($0.item.change) }, received.filter { meant.contains($0.change) })
    }

    private static func refused(in open: OpenStore) throws -> [OutboxItem] {
        try open.store.read { try $0.outbox(of: nil) }.filter { $0.list == .rejected }
    }

    private static func changes(_ ids: [String], among known: [(change: ChangeID, kinds: [String])]) throws -> Set<ChangeID> {
        Set(
            try ids.map { id in
                let found = known.filter {
                    ShortID.letters(of: $0.change.bytes).hasPrefix(id.lowercased()) || Hexadecimal.text($0.change.bytes) == id
                }
                guard id.count >= ShortID.leastLetters || found.count == 1, let first = found.first else {
                    throw CommandFailure(.unknownID, ["id": .text(id)], next: "buntan outbox")
                }
                guard found.count == 1 else {
                    throw CommandFailure(
                        .ambiguousID, ["id": .text(id)],
                        candidates: found.map {
                            CommandFailure.Candidate(name: $0.change.shortInOutbox, detail: $0.kinds.joined(separator: ", "))
                        })
                }
                return first.change
            })
    }
}

extension ChangeID {
    /// What it is called where changes stand that no log has: they have no short id of their own.
    var shortInOutbox: String { String(ShortID.letters(of: bytes).prefix(6)) }
}

extension OutboxItem {
    /// The kinds of records it touches, each once.
    var kinds: [String] { Set(item.edits.map(\.kind)).sorted() }
}

extension RelayedChange {
    /// The kinds of records it touches, each once; none where it is sealed.
    var kinds: [String] {
        // What is no change any more has no kinds to tell, and is listed all the same.
        let change = try? Change(decoding: signed.bytes)
        return Set(change?.edits?.map(\.kind) ?? []).sorted()
    }
}

extension OutboxItem.List {
    var name: String {
        switch self {
        case .pending: "pending"
        case .waiting: "waiting"
        case .rejected: "refused"
        }
    }
    var phrase: SyncPhrases {
        switch self {
        case .pending: .statePending
        case .waiting: .stateWaiting
        case .rejected: .stateRefused
        }
    }
}

extension StoreDirectory {
    /// What each space is called in this store.
    var spaceNames: [SpaceID: String] {
        var names: [SpaceID: String] = [:]
        if let home = identity.home { names[home] = "organisation" }
        for service in services {
            names[service.service] = service.handle
            if let draft = service.draft { names[draft] = service.handle }
        }
        for engagement in engagements { names[engagement.space] = engagement.handle }
        return names
    }

    /// Spaces by what they are called, in their order; a service and its draft are one.
    func named(_ spaces: [(space: SpaceID, entries: Int)]) -> [(name: String, entries: Int)] {
        let names = spaceNames
        var sizes: [String: Int] = [:]
        for part in spaces { sizes[names[part.space] ?? String(part.space.hex.prefix(8)), default: 0] += part.entries }
        return sizes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
