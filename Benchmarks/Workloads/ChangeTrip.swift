import BuntanProtocol
import ClientTransport
import Merging
import Records
import Replica
import Storage
import StorageSQLite

/// One field changed on one side, until the other side's store shows it: both directions in turn.
enum ChangeTrip: Workload {
    static let name = "change"
    static let abstract = "One field changed on one side and seen on the other."

    static func measure(_ options: BenchOptions) async throws -> Figures {
        let rows = try SampleRows.make(options)
        return try await Stage.with(options) { stage in
            let (provider, service) = try await stage.provider()
            // Straight into the service space: what is measured does not depend on drafts and releases.
            _ = try provider.workspace.commit(rows.map { $0.draft(in: service.service) }, in: service.service)
            try await provider.sync()
            let customer = try stage.found("customer")
            let engagement = try await stage.engage(provider, service, customer)
            let key = rows[rows.count / 2].key

            let cycles = options.cycles ?? 200
            var toCustomer = Durations()
            var toProvider = Durations()
            let before = (provider.transport.traffic, customer.transport.traffic)
            let clock = ContinuousClock()
            let processor = ProcessorTime(stage.server)
            let start = clock.now
            // The first trip opens connections and files; it is made and not counted.
            for number in 0...cycles {
                let there = try await clock.measure {
                    let text = "statement \(number)"
                    let draft = RecordDraft(
                        space: service.service, kind: "responsibility", key: key.fields,
                        cells: [CellKey("providerStatement", "en"): .text(text)])
                    try await trip(draft, in: service.service, from: provider, to: customer, sees: CellKey("providerStatement", "en"), text)
                }
                let back = try await clock.measure {
                    let text = "answer \(number)"
                    let draft = try customer.store.read { reader in
                        customer.workspace.position(
                            key, in: engagement, row: try customer.workspace.row(key, of: engagement, reader),
                            cells: [CellKey("customerStatement", "en"): .text(text)])
                    }
                    try await trip(
                        draft, in: engagement.space, from: customer, to: provider, sees: CellKey("customerStatement", "en"), text)
                }
                if number > 0 {
                    toCustomer.add(there)
                    toProvider.add(back)
                }
            }
            let used = ProcessorTime(stage.server)
            let after = (provider.transport.traffic, customer.transport.traffic)
            var both = toCustomer
            both.add(contentsOf: toProvider)
            var figures = Figures(workload: name, rows: rows.count, seconds: (clock.now - start).seconds)
            figures.bytesSent = after.0.sent - before.0.sent + after.1.sent - before.1.sent
            figures.bytesReceived = after.0.received - before.0.received + after.1.received - before.1.received
            figures.cyclesPerSecond = Double(cycles * 2) / both.seconds.reduce(0, +)
            figures.p50Ms = both.millis(0.5)
            figures.p99Ms = both.millis(0.99)
            figures.details = [
                ("cycles", Double(cycles)), ("toCustomerP50Ms", toCustomer.millis(0.5) ?? 0),
                ("toProviderP50Ms", toProvider.millis(0.5) ?? 0),
            ]
            figures.details += used.details(since: processor)
            try await provider.close()
            try await customer.close()
            return figures
        }
    }

    /// Writes on one side, syncs both, and reads on the other.
    private static func trip(
        _ draft: RecordDraft, in space: SpaceID, from writer: Peer, to reader: Peer, sees cell: CellKey, _ text: String
    ) async throws {
        _ = try writer.workspace.commit([draft], in: space)
        try await writer.sync()
        try await reader.sync()
        let seen = try reader.store.read { try $0.shown(draft.record, in: space) }?[cell]?.heads
        precondition(seen?.count == 1 && seen?[0].value?.value == .text(text), "the other side sees what was written")
    }
}
