import ChangeLog
import Syncing
import StorageSQLite
import BuntanProtocol
import ClientTransport
import Foundation
import Replica
import Storage
import Wording

/// One sync of a store with its server, with what people are shown while it runs.
struct SyncRun {
    let open: OpenStore
    private let settings: Settings
    /// The server that a code names, before any that is set.
    private let named: String?
    /// Whether a root key that waits for the organisation's word takes its place, or goes; who replaces it does that itself.
    private let settlesRoot: Bool
    /// Whether what was overtaken by another device's words is told; who says such a word itself looks again at its end.
    private let tellsUnsaid: Bool

    init(_ open: OpenStore, _ settings: Settings, at named: String? = nil, settlesRoot: Bool = true, tellsUnsaid: Bool = true) {
        self.open = open
        self.settings = settings
        self.named = named
        self.settlesRoot = settlesRoot
        self.tellsUnsaid = tellsUnsaid
    }

    /// Sends, fetches and verifies; keeps the proof where a log contradicted what was seen.
    ///
    /// - Returns: what came and went, and what stood before, for whoever tells what the sync changed.
    func run(_ workspace: Workspace) async throws -> (report: SyncReport, before: EarlierStanding) {
        let address = try knownAddress()
        let now = open.invocation.console.now()
        let before = try open.store.read { try EarlierStanding(StoreDirectory($0), workspace, now, today: open.invocation.today, $0) }
        // A provider's engagements that end today or have ended: what closes their services goes out with this sync.
        _ = try workspace.closeEndedServices(today: open.invocation.times.day(open.invocation.console.now()).text)
        let progress = open.invocation.progress(SyncPhrases.fetching)
        let verification = open.invocation.progress(SyncPhrases.verifying)
        defer {
            progress.finish()
            verification.finish()
        }
        let report: SyncReport
        do {
            report = try await ServerLink.reaching(address, settings: settings) { link in
                let waiting: (Int64) -> Void = { millis in
                    open.invocation.notice(SyncPhrases.retrying, ["seconds": .number(Int((millis + 999) / 1_000))])
                }
                var hasSaid = false
                return try await link.sync(workspace, waiting: waiting) { session in
                    if let behind = session.verifying {
                        if !hasSaid {
                            hasSaid = true
                            progress.finish()
                            open.invocation.notice(SyncPhrases.catchingUp, ["left": .number(behind.size - behind.verified)])
                        }
                        return verification.update(behind.verified, of: behind.size)
                    }
                    let expected = session.expected.values.reduce(0, +)
                    progress.update(session.report.arrived.values.reduce(0, +), of: expected == 0 ? nil : expected)
                }
            }
        } catch {
            // What was found out before the sync broke off is proof all the same.
            try EvidenceFolder(layout: open.layout).keep(open.file)
            throw error
        }
        let ended = Int64(open.invocation.console.now().timeIntervalSince1970 * 1_000)
        try open.store.write { transaction in
            try transaction.setValue(CBORWriter.encode { $0.int(ended) }, for: StoredName.lastSync)
            try transaction.noteFallenBack(report.fellBack)
            try workspace.keepHandles(transaction)
        }
        try EvidenceFolder(layout: open.layout).keep(open.file)
        if settlesRoot, try open.settleRootKey() { open.invocation.notice(SyncPhrases.rotationLost) }
        if tellsUnsaid { try tell(report.unsaid, workspace) }
        // What another has erased leaves no trace in the files either; while somebody else holds the store it waits.
        try open.file.scrubIfDue()
        return (report, before)
    }

    /// The server that this store is to speak to now; one that is only a setting becomes its server.
    func knownAddress() throws -> String {
        let known = try open.store.read { try $0.knownServer() }
        if let named { return named }
        guard let set = settings.server(known: known?.address) else { throw CommandFailure(.noServer, next: "buntan config server URL") }
        let address = try ServerLink.address(set.value)
        if known == nil { try open.store.write { try $0.setServer(KnownServer(address: address)) } }
        return address
    }
}

extension ServerLink {
    /// An address as it is kept: with scheme, without what is usual.
    static func address(_ text: String) throws -> String {
        guard let url = ServerURL(text) else {
            throw CommandFailure(.invalidValue, ["value": .text(text), "option": "--server"])
        }
        // Refused here already: nothing would ever be sent there.
        guard url.isSecure || url.isLoopback else { throw CommandFailure(.plainRefused, ["server": .text(text)]) }
        return url.description
    }

    /// An address as it stands in a code: the usual scheme is left out.
    static func short(_ address: String) -> String { address.hasPrefix("https://") ? String(address.dropFirst(8)) : address }

    /// Runs `body` with a link, and names the server in whatever goes wrong on the way.
    static func reaching<Result>(
        _ address: String, settings: Settings, _ body: (ServerLink) async throws -> Result
    ) async throws -> Result {
        do {
            return try await with(address, settings: settings, body)
        } catch {
            guard !(error is CancellationError), var failure = error as? CommandFailure ?? FaultWords.failure(error) else { throw error }
            if case TransportFault.connectionLost = error, ServerURL(address)?.isSecure == false {
                failure = CommandFailure(.serverSpeaksTLS, failure.facts)
            }
            if failure.facts["server"] == .text("") { failure.facts["server"] = .text(short(address)) }
            throw failure
        }
    }
}
