import ArgumentParser
import BuntanProtocol
import ChangeLog
import Foundation
import Replica
import Storage
import StorageSQLite
import Syncing
import Wording

/// Exchange by file, for places without a network.
struct BundleCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "bundle", abstract: CommandPhrases.bundle.spoken,
            subcommands: [BundleCreateCommand.self, BundleApplyCommand.self])
    }
}

/// Writes what another organisation, or another device of one's own, may read and is not known to have.
struct BundleCreateCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "create", abstract: CommandPhrases.bundleCreate.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.file)) var file: String
    @Flag(name: .customLong("own"), help: .spoken(.bundleOwn)) var isOwn = false
    @Flag(name: .long, help: .spoken(.bundleWhole)) var whole = false

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let selector = try Selector(open)
        let directory = selector.directory
        let recipient = isOwn ? directory.identity.organisation : try Self.counterpart(selector, invocation)
        let output = OutputFile(file, invocation)
        try output.requireFree()
        let seals = try isOwn && open.store.read { try open.reading.mustSealAnew(open.reading.readable(by: recipient, $0), $0) }
        let draft = try (seals ? open.writing() : open.reading).bundle(for: recipient, whole: whole)
        let awaited = isOwn ? try open.store.read { try open.reading.keyAwaited($0) } : []
        let bytes = draft.bundle.encoded(.compressed)
        try output.write(bytes)
        guard output.path != nil else { return .done }
        let names = directory.spaceNames
        func name(_ space: SpaceID) -> String { names[space] ?? String(space.hex.prefix(8)) }
        let (context, logs) = try open.store.read { reader in
            (try selector.context(nil, reader), try LogSize.all(directory, reader))
        }
        let shown = Dictionary(logs.map { ($0.space, $0.name) }) { first, _ in first }
        let changes = draft.bundle.parts.reduce(0) { $0 + $1.changes.count }
        let item: JSONValue = [
            "path": .text(file), "bytes": .number(bytes.count), "to": directory.party(recipient),
            "logs": .list(
                draft.bundle.parts.map { part in
                    [
                        "space": .text(part.space.hex), "name": .text(name(part.space)), "from": .number(part.from?.size ?? 0),
                        "entries": .number(part.entries.count), "changes": .number(part.changes.count),
                    ]
                }),
            "changes": .number(changes), "tooLarge": .list(draft.tooLarge.map { .text($0.hex) }),
        ]
        try invocation.print(
            .change("bundle-create/1", context, fields: ["path", "bytes", "to", "logs", "changes", "tooLarge"], item) { page in
                let who: Fact = .text(directory.name(of: recipient, page.language))
                page.say(BundlePhrases.written, ["path": .text(file), "name": who, "bytes": .number(bytes.count)])
                if draft.bundle.parts.isEmpty { page.say(BundlePhrases.nothingNew, ["name": who]) }
                var table = Table(
                    columns: [Column(title: "", fit: .cut), Column(title: ""), Column(title: "", fit: .wrapped)], hasHeads: false)
                for part in draft.bundle.parts {
                    let begins = part.from?.size ?? 0
                    let entries =
                        part.entries.isEmpty
                        ? ""
                        : BundlePhrases.entries.text(
                            in: page.language, ["from": .number(begins), "to": .number(begins + part.entries.count)])
                    let unsent =
                        part.changes.isEmpty ? "" : BundlePhrases.changes.text(in: page.language, ["n": .number(part.changes.count)])
                    let title = BundlePhrases.log.text(in: page.language, ["space": shown[part.space] ?? .text(name(part.space))])
                    table.rows.append([Span(title), Span(entries), Span(unsent)])
                }
                if !table.rows.isEmpty { page.table(table) }
                for space in draft.tooLarge { page.say(BundlePhrases.tooLarge, ["space": .text(name(space))], .warning) }
                for part in awaited { page.say(keyAwaited: part, in: name(part.space)) }
                page.say(BundlePhrases.readableByAll)
                page.say(BundlePhrases.applyThere)
                page.place(.elsewhere(2, "buntan bundle apply \(file)"))
            })
        return .done
    }

    /// The other side of the engagement that is meant, which need not be told where all are with one organisation.
    private static func counterpart(_ selector: Selector, _ invocation: Invocation) throws -> OrganisationID {
        let all = Set(selector.directory.engagements.map(\.counterpart))
        if invocation.options.engagement == nil, all.count == 1, let only = all.first { return only }
        return try selector.engagement().counterpart
    }
}

/// Takes what a bundle brings, checked as if it came over the network.
struct BundleApplyCommand: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "apply", abstract: CommandPhrases.bundleApply.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @Argument(help: .spoken(.file)) var file: String

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let bundle = try read()
        let workspace = try open.writing()
        let now = invocation.console.now()
        let before = try open.store.read { try EarlierStanding(StoreDirectory($0), workspace, now, today: invocation.today, $0) }
        let names = try open.store.read { try StoreDirectory($0) }.spaceNames
        let outcome: BundleOutcome
        do { outcome = try workspace.apply(bundle) } catch let fault as BundleFault { throw BundleWords.failure(fault, file, names) }
        try open.store.write { try workspace.keepHandles($0) }
        // What another has erased leaves no trace in the files either.
        try open.file.scrubIfDue()

        let selector = try Selector(open)
        let directory = selector.directory
        let brought = Set(bundle.parts.flatMap(\.changes).map { SHA.digest($0.bytes) })
        let (context, events, logs, received, views) = try open.store.read { reader in
            let received = try open.reading.relayed(reader).filter { brought.contains(SHA.digest($0.signed.bytes)) }
            return (
                try selector.context(nil, reader),
                try ArrivedEvents.all(
                    of: outcome.report, since: before, directory, workspace, invocation.times, now: now, reader),
                try LogSize.all(directory, reader), received, try ReceivedViews(received, selector, reader)
            )
        }
        let shown = Dictionary(logs.map { ($0.space, $0.name) }) { first, _ in first }
        func name(_ space: SpaceID) -> Fact { shown[space] ?? .text(String(space.hex.prefix(8))) }
        let item: JSONValue = [
            "file": .text(file), "from": directory.party(bundle.from), "written": .text(Timestamp.rfc3339(milliseconds: bundle.time)),
            "logs": .list(
                outcome.reached.map { ["space": .text($0.space.hex), "from": .number($0.from), "to": .number($0.to)] }),
            "missing": .list(
                outcome.missing.map { ["space": .text($0.space.hex), "held": .number($0.held), "offered": .number($0.offered)] }),
            "kept": .number(outcome.kept), "known": .number(outcome.known),
            "refused": .list(
                outcome.refused.map { .members(("code", .text($0.code.rawValue)), ("detail", .text(orNull: $0.detail))) }),
            "frozen": .list(outcome.frozen.map { .text($0.hex) }), "events": .list(events.map { $0.member }),
            "received": .list(
                received.map { change in
                    ["change": .text(Hexadecimal.text(change.change.bytes)), "edits": views.edits(change.change)]
                }),
        ]
        let fields = ["file", "from", "written", "logs", "missing", "kept", "known", "refused", "frozen", "events", "received"]
        try invocation.print(
            .change("bundle-apply/1", context, fields: fields, item) { page in
                page.say(
                    BundlePhrases.applied,
                    [
                        "file": .text(file), "name": .text(directory.name(of: bundle.from, page.language)),
                        "date": .text(invocation.times.stamp(Date(milliseconds: bundle.time))),
                    ])
                for reached in outcome.reached {
                    let facts: Facts = [
                        "n": .number(reached.to - reached.from), "to": .number(reached.to), "space": name(reached.space),
                    ]
                    page.say(reached.to > reached.from ? BundlePhrases.taken : .here, facts)
                }
                for event in events { page.say(event.phrase, event.words(page.style.command)) }
                for gap in outcome.missing {
                    page.say(
                        gap.offered == 0 ? BundlePhrases.missingAll : .missing,
                        ["space": name(gap.space), "from": .number(gap.held), "to": .number(gap.offered)], .warning)
                }
                for space in outcome.frozen { page.say(BundlePhrases.frozen, ["space": name(space)], .warning) }
                if outcome.kept > 0 { page.say(BundlePhrases.kept, ["n": .number(outcome.kept)]) }
                views.show(received, &page, invocation.times)
                if outcome.known > 0 { page.say(BundlePhrases.known, ["n": .number(outcome.known)]) }
                for refusal in outcome.refused {
                    page.say(
                        BundlePhrases.refused, ["reason": BundleWords.reason(refusal), "detail": .text(refusal.detail ?? "-")], .warning)
                }
                page.next(outcome.kept > 0 ? "buntan sync" : "buntan status")
            })
        return .done
    }

    private func read() throws -> LogBundle {
        let place = CommandFailure.Place(file: file)
        let bytes = try InputFile.bytes(file, limit: Limits.bundleBytes)
        guard LogBundle.begins(bytes) else { throw CommandFailure(.fileNoBundle, ["file": .text(file)], place: place) }
        do throws(DecodingFault) { return try LogBundle(decoding: bytes, .compressed) } catch {
            guard error.reason != .unknownFormat else { throw CommandFailure(.bundleVersion, ["file": .text(file)], place: place) }
            throw CommandFailure(
                .fileDamaged, ["file": .text(file), "reason": .word(HelpPhrases.bytePlace, ["n": .number(error.offset)])], place: place)
        }
    }
}
