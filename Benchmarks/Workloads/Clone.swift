import BuntanProtocol
import ClientTransport
import Replica

/// A further device of a customer gets everything its organisation has.
enum Clone: Workload {
    static let name = "clone"
    static let abstract = "From nothing to a store that answers how many rows are shared."

    static func measure(_ options: BenchOptions) async throws -> Figures {
        let rows = try SampleRows.make(options)
        return try await Stage.with(options) { stage in
            let (provider, service) = try await stage.provider()
            _ = try provider.workspace.commit(rows.map { $0.draft(in: service.draft) }, in: service.draft)
            try Publish.release(rows, of: service, by: provider)
            try await provider.sync()
            let (device, expected) = try await stage.furtherDevice(at: provider, service)
            precondition(expected == rows.count { $0.cells[CellKey("allocation")] == .text("shared") }, "the customer has every row")
            try await provider.close()

            let clock = ContinuousClock()
            let processor = ProcessorTime(stage.server)
            let start = clock.now
            let newcomer = try stage.enter(device.organisation, device.keys, as: "newcomer")
            try await newcomer.sync()
            let synced = clock.now
            let shared = try newcomer.count(allocation: "shared", in: service.service)
            let end = clock.now
            let used = ProcessorTime(stage.server)
            precondition(shared == expected, "the newcomer has every row")
            let traffic = newcomer.transport.traffic
            try await newcomer.close()
            var figures = Figures(workload: name, rows: rows.count, seconds: (end - start).seconds)
            figures.bytesSent = traffic.sent
            figures.bytesReceived = traffic.received
            figures.details = [("shared", Double(shared)), ("countSeconds", (end - synced).seconds)]
            figures.details += used.details(since: processor)
            return figures
        }
    }
}
