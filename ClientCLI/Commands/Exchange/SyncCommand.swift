import ChangeLog
import Syncing
import StorageSQLite
import ArgumentParser
import BuntanProtocol
import Foundation
import Replica
import Storage
import Wording

/// Sends, fetches and verifies.
struct SyncCommand: NetworkCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "sync", abstract: CommandPhrases.sync.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @OptionGroup var network: NetworkOptions
    @Flag(name: [.customShort("n"), .customLong("dry-run")], help: .spoken(.dryRun)) var dryRun = false
    @Flag(name: .customLong("ask-again"), help: .spoken(.askAgain)) var askAgain = false

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let settings = invocation.settings.applying(network)
        let sync = SyncRun(open, settings)
        if dryRun { return try await look(sync, open, settings) }
        let pending = try open.store.read { try $0.outboxCount() }
        let address = try sync.knownAddress()
        invocation.detail(SyncPhrases.connecting, ["server": .text(address)])
        let report: SyncReport
        let before: EarlierStanding
        do {
            let workspace = try open.writing()
            if askAgain { try workspace.askAgain() }
            (report, before) = try await sync.run(workspace)
        } catch {
            if pending > 0 { invocation.notice(SyncPhrases.pendingKept, ["n": .number(pending)]) }
            throw error
        }
        let outcome = try SyncOutcome(report, since: before, open)
        try invocation.print(outcome.report)
        return outcome.isContradicted ? .unverified : .done
    }

    /// Tells what a sync would do, and leaves store and server as they were.
    private func look(_ sync: SyncRun, _ open: OpenStore, _ settings: Settings) async throws -> CommandExit {
        let invocation = open.invocation
        let selector = try Selector(open)
        let (pending, unmoved, known) = try open.store.read { reader in
            (
                try reader.outbox(of: nil).count { $0.list == .pending },
                selector.directory.named(try open.reading.unmoved(reader)), try reader.knownServer()
            )
        }
        guard let known else { throw CommandFailure(.noServer, next: "buntan config server URL") }
        let waiting: Int
        if known.isRegistered {
            let workspace = try open.writing()
            waiting = try await ServerLink.reaching(try sync.knownAddress(), settings: settings) { link in
                let nonce = try await link.ask(ChallengeRequest(device: try open.store.read { try $0.identity().device })).nonce
                let token = try await link.ask(try workspace.signIn(nonce: nonce)).token
                let held = try open.store.read { try workspace.hostedHeads($0) }
                let heads = try await link.ask(HeadsRequest(digest: SpaceHead.digest(of: held)), token: token).heads ?? []
                let sizes = Dictionary(held.map { ($0.space, $0.size) }) { first, _ in first }
                return heads.reduce(0) { $0 + max(0, $1.size - (sizes[$1.space] ?? 0)) }
            }
        } else {
            waiting = 0
        }
        let item: JSONValue = [
            "toSend": .number(pending), "toMove": .list(unmoved.map { ["name": .text($0.name), "entries": .number($0.entries)] }),
            "toFetch": .number(waiting),
        ]
        let context = try open.store.read { try selector.context(nil, $0) }
        try invocation.print(
            .single("sync-preview/1", context, fields: ["toSend", "toMove", "toFetch"], item) { page in
                page.say(SyncPhrases.dryToSend, ["n": .number(pending)])
                for part in unmoved { page.say(SyncPhrases.dryToMove, ["space": .text(part.name), "n": .number(part.entries)]) }
                page.say(SyncPhrases.dryToFetch, ["n": .number(waiting)])
            })
        return .done
    }
}
