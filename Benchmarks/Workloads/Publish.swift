import BuntanProtocol
import ClientTransport
import Replica
import Storage
import StorageSQLite

/// A matrix goes from a provider's outbox to the server.
enum Publish: Workload {
    static let name = "publish"
    static let abstract = "From an outbox that is ready to the server's last acknowledgement."

    static func measure(_ options: BenchOptions) async throws -> Figures {
        let rows = try SampleRows.make(options)
        return try await Stage.with(options) { stage in
            let (provider, service) = try await stage.provider()
            let clock = ContinuousClock()
            let imported = try clock.measure {
                _ = try provider.workspace.commit(rows.map { $0.draft(in: service.draft) }, in: service.draft)
            }
            // The draft, which is sealed, goes out on its own before: what is measured is what a release sends.
            let drafted = try await clock.measure { _ = try await provider.sync() }
            let local = try clock.measure { try release(rows, of: service, by: provider) }
            let changes = try provider.store.read { try $0.outbox(of: service.service).count }

            let before = provider.transport.traffic
            let processor = ProcessorTime(stage.server)
            let start = clock.now
            var acknowledged = start
            var sent = 0
            var traffic = before
            var used = processor
            let report = try await provider.sync { session in
                guard session.report.sentChanges > sent else { return }
                sent = session.report.sentChanges
                acknowledged = clock.now
                used = ProcessorTime(stage.server)
                traffic = provider.transport.traffic
            }
            let whole = clock.now - start
            precondition(report.sentChanges >= changes && report.rejected.isEmpty, "every change was accepted")
            let left = try provider.store.read { try $0.outboxCount() }
            precondition(left == 0, "what was accepted came back")
            try await provider.close()
            var figures = Figures(workload: name, rows: rows.count, seconds: (acknowledged - start).seconds)
            figures.localSeconds = local.seconds
            figures.bytesSent = traffic.sent - before.sent
            figures.bytesReceived = traffic.received - before.received
            figures.details = [
                ("changes", Double(changes)), ("importSeconds", imported.seconds), ("draftSyncSeconds", drafted.seconds),
                ("syncSeconds", whole.seconds),
                ("bytesPerRow", (Double(rows.reduce(0) { $0 + $1.bytes }) / Double(rows.count)).rounded()),
            ]
            figures.details += used.details(since: processor)
            return figures
        }
    }

    /// The rows whose release still fits one document.
    static let mostReleased = 30_000

    /// Puts the draft into the outbox as `buntan publish` does; more rows than a release can name go out without one.
    static func release(_ rows: [SampleRow], of service: ProvidedService, by provider: Peer) throws {
        if rows.count <= mostReleased {
            _ = try provider.workspace.publish(service, label: "1", message: nil)
        } else {
            _ = try provider.workspace.commit(rows.map { $0.draft(in: service.service) }, in: service.service)
        }
    }
}
