import BuntanProtocol
import ClientTransport
import Records
import Replica
import Storage
import StorageSQLite
import Syncing

/// A further device of a customer where rows are few beside what became of them: it shows them before it has their log.
enum Start: Workload {
    static let name = "start"
    static let abstract = "From nothing to a store that answers, before a log that is long; then until all of it is verified."

    /// Changes that are signed in one transaction, and in one sync.
    private static let (batch, sent) = (1_000, 50_000)

    static func measure(_ options: BenchOptions) async throws -> Figures {
        let rows = try SampleRows.make(options)
        let changes = options.changes ?? 10 * rows.count
        return try await Stage.with(options) { stage in
            let (provider, service) = try await stage.provider()
            _ = try provider.workspace.commit(rows.map { $0.draft(in: service.service) }, in: service.service)
            try await provider.sync()
            for first in stride(from: 0, to: changes, by: sent) {
                try write(changes: first..<min(first + sent, changes), on: rows, of: service, by: provider)
                try await provider.sync()
            }
            let (device, expected) = try await stage.furtherDevice(at: provider, service)
            let size = try provider.store.read { try $0.standing(of: service.service)?.size ?? 0 }

            let clock = ContinuousClock()
            let processor = ProcessorTime(stage.server)
            let start = clock.now
            let newcomer = try stage.enter(device.organisation, device.keys, as: "newcomer")
            var shown: (at: ContinuousClock.Instant, rows: Int, traffic: HTTPTransport.Traffic)?
            var failure: (any Error)?
            let report = try await newcomer.sync { session in
                guard shown == nil, failure == nil, session.verifying != nil else { return }
                do {
                    let found = try newcomer.count(allocation: "shared", in: service.service)
                    shown = (clock.now, found, newcomer.transport.traffic)
                } catch { failure = error }
            }
            let end = clock.now
            if let failure { throw failure }
            let used = ProcessorTime(stage.server)
            precondition(report.frozen.isEmpty, "nothing contradicts what was shown")
            let found = try newcomer.count(allocation: "shared", in: service.service)
            precondition(found == expected, "the newcomer has every row")
            precondition(shown?.rows ?? expected == expected, "every row was shown before the log was there")
            // One more change costs what it is, however long the log has become.
            try write(changes: changes..<(changes + 1), on: rows, of: service, by: provider)
            try await provider.sync()
            let before = newcomer.transport.traffic.received
            let next = try await clock.measure { try await newcomer.sync() }
            let nextBytes = newcomer.transport.traffic.received - before
            try await provider.close()
            try await newcomer.close()
            var figures = Figures(workload: name, rows: rows.count, seconds: ((shown?.at ?? end) - start).seconds)
            let traffic = shown?.traffic ?? newcomer.transport.traffic
            figures.bytesSent = traffic.sent
            figures.bytesReceived = traffic.received
            figures.details = [
                ("entries", Double(size)), ("isAhead", shown == nil ? 0 : 1), ("verifiedSeconds", (end - start).seconds),
                ("nextBytes", Double(nextBytes)), ("nextMs", next.seconds * 1_000),
            ]
            figures.details += used.details(since: processor)
            return figures
        }
    }

    /// One field of one row after another, each by a change of its own.
    private static func write(changes: Range<Int>, on rows: [SampleRow], of service: ProvidedService, by provider: Peer) throws {
        for first in stride(from: changes.lowerBound, to: changes.upperBound, by: batch) {
            try provider.store.write { transaction in
                for number in first..<min(first + batch, changes.upperBound) {
                    let draft = RecordDraft(
                        space: service.service, kind: "responsibility", key: rows[number % rows.count].key.fields,
                        cells: [CellKey("boundaryNote", "en"): .text("boundary \(number)")])
                    _ = try provider.workspace.commit([draft], in: service.service, transaction)
                }
            }
        }
    }
}
