import ArgumentParser
import BuntanProtocol
import ClientTransport
import Foundation
import Replica
import Storage
import StorageSQLite
import Wording

/// Stays connected, syncs when something changes, and tells each event: to people, or to a command's standard input.
struct WatchCommand: NetworkCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "watch", abstract: CommandPhrases.watch.spoken)
    }

    @OptionGroup var global: GlobalOptions
    @OptionGroup var network: NetworkOptions
    @Option(name: .long, help: .spoken(.exec)) var exec: String?

    func run(in invocation: Invocation) async throws -> CommandExit {
        let open = try OpenStore.existing(invocation)
        let settings = invocation.settings.applying(network)
        try ReportPrinter.check(invocation.options.fieldNames, among: ArrivedEvent.members)
        let workspace = try open.writing()
        let sync = SyncRun(open, settings)
        let address = try sync.knownAddress()
        invocation.notice(SyncPhrases.watchStarted)
        if invocation.mode == .plain { try invocation.console.write(PlainText.line(Self.columns(invocation))) }
        var backoff = Backoff()
        var isLost = false
        var hasNews = false
        // Ends by being cancelled: what the last sync has stored is kept.
        while true {
            try Task.checkCancellation()
            do {
                let (report, before) = try await sync.run(workspace)
                if isLost { invocation.notice(SyncPhrases.watchReconnected) }
                isLost = false
                try tell(report, since: before, open, workspace)
                // A server that has news and then none has lost its way, or we have: asking at once would never end.
                let isIdle = hasNews && !report.hasNews
                if !isIdle { backoff.reset() }
                hasNews = try await ServerLink.reaching(address, settings: settings) { link in try await link.waitForNews(workspace) }
                if hasNews && isIdle { try await Task.sleep(for: .milliseconds(backoff.next(workspace.random))) }
            } catch {
                let pause = try Self.pause(after: error, &backoff, workspace.random)
                isLost = true
                invocation.notice(SyncPhrases.watchLost, ["server": .text(ServerLink.short(address)), "seconds": .number(pause.seconds)])
                try await Task.sleep(for: .milliseconds(pause.millis))
            }
        }
    }

    /// Whoever answers there is not who was meant: what mends that is a person, and waiting would not tell any.
    private static let lasting = Set(
        [NetworkErrorPhrases.certificateExpired, .certificateNotYet, .certificateOtherName, .certificateUnknownIssuer].map(\.code))

    /// How long to wait after a failure that another try can cure; throws any other again.
    private static func pause(
        after error: any Error, _ backoff: inout Backoff, _ random: any RandomPort
    ) throws -> (millis: Int64, seconds: Int) {
        if error is CancellationError { throw error }
        if case TransportFault.cancelled = error { throw CancellationError() }
        let failure = error as? CommandFailure ?? FaultWords.failure(error)
        if failure?.code == ErrorPhrases.interruptedNothing.code { throw CancellationError() }
        guard let failure, failure.exit == .network, !Self.lasting.contains(failure.code) else { throw error }
        let asked = if case SyncFault.refused(_, _, _, let millis?) = error { min(Int64(millis), Backoff.longestMillis) } else { Int64(0) }
        let millis = backoff.next(atLeast: asked, random)
        return (millis, Int((millis + 999) / 1_000))
    }

    private static func columns(_ invocation: Invocation) -> [String] { invocation.options.fieldNames ?? ArrivedEvent.members }

    private func tell(_ report: SyncReport, since before: EarlierStanding, _ open: OpenStore, _ workspace: Workspace) throws {
        let invocation = open.invocation
        let directory = try Selector(open).directory
        let now = invocation.console.now()
        let events = try open.store.read {
            try ArrivedEvents.all(of: report, since: before, directory, workspace, invocation.times, now: now, $0)
        }
        for event in events {
            let object = event.json(at: now)
            switch invocation.mode {
            case .json, .jsonLines:
                let picked = invocation.options.fieldNames.map { object.picking($0) } ?? object
                try invocation.console.write(JSONWriter.text(picked) + "\n")
            case .plain:
                let cells = Self.columns(invocation).map { PlainText.cell(object[path: $0]) }
                try invocation.console.write(PlainText.line(cells))
            case .human:
                let line = SyncPhrases.watchEvent.text(
                    in: invocation.language,
                    [
                        "time": .text(invocation.times.stamp(now)),
                        "event": .phrase(event.phrase.phrase, event.words(invocation.retyped.completing)),
                    ])
                try invocation.console.write(line + "\n")
            }
            try invocation.console.output.flush()
            guard let exec else { continue }
            let status: Int32
            do { status = try invocation.console.programs.feed(Array((JSONWriter.text(object) + "\n").utf8), to: exec) } catch {
                status = 127
            }
            if status != 0 {
                invocation.notice(SyncPhrases.watchCommandFailed, ["command": .text(exec), "status": .number(Int(status))])
            }
        }
    }
}

extension SyncReport {
    /// Whether anything came or went.
    var hasNews: Bool { sentChanges > 0 || !newSpaces.isEmpty || arrived.values.contains { $0 > 0 } }
}

extension ServerLink {
    /// Asks the server to answer once anything has changed, or after a while in which nothing has.
    ///
    /// - Returns: whether the server holds other than this replica.
    func waitForNews(_ workspace: Workspace) async throws -> Bool {
        let digest = try workspace.store.read { SpaceHead.digest(of: try workspace.hostedHeads($0)) }
        return try await ask(WaitRequest(digest: digest), token: try await signIn(workspace), seconds: Self.waitSeconds).heads != nil
    }

    /// Seconds within which `wait` is answered: the server takes up to 55.
    static let waitSeconds = 90
}
