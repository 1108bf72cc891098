import BuntanProtocol
import ChangeLog
import Foundation
import Records
import Replica
import Storage
import StorageSQLite

/// `buntan check` as a process, on the store of a customer that has every row, has answered each, and keeps records of every kind
/// beside them, as its provider does.
enum CheckRun: Workload {
    static let name = "check"
    static let abstract =
        "The command buntan check as a process, with records of every kind; its parts, and the rules after one changed field."

    static func measure(_ options: BenchOptions) async throws -> Figures {
        let rows = try SampleRows.make(options)
        return try await Stage.with(options) { stage in
            let (provider, service) = try await stage.provider()
            _ = try provider.workspace.commit(rows.map { $0.draft(in: service.draft) }, in: service.draft)
            var published = SampleRecords(of: try organisation(provider), .provider, service: KnownService.record(in: service.service))
            _ = try provider.workspace.commit(published.drafted(in: service.draft), in: service.draft)
            try Publish.release(rows, of: service, by: provider)
            try await provider.sync()
            let customer = try stage.found("customer")
            let engagement = try await stage.engage(provider, service, customer)
            let records = try await fill(rows, &published, provider, customer, engagement)
            try await provider.close()
            try await customer.close()

            let cycles = options.cycles ?? 10
            let (keys, folder) = (customer.workspace.keys, "\(stage.folder)/customer")
            let program = ProgramRun("--store", folder, "check")
            let listing = ProgramRun("--store", folder, "check", "--json")
            // The first run warms the page cache; it is made and not counted.
            let findings = try found(try listing.output())
            var (whole, listed) = (Durations(), Durations())
            let start = ProgramRun.processorSeconds
            for _ in 0..<cycles { whole.add(try program.measure { precondition(!$0.isEmpty, "it says what it found") }) }
            let used = (ProgramRun.processorSeconds - start) / Double(cycles)

            for _ in 0..<cycles { listed.add(try listing.measure { _ = try found($0) }) }
            var figures = Figures(workload: name, rows: rows.count, seconds: whole.seconds.reduce(0, +))
            figures.p50Ms = whole.millis(0.5)
            figures.p99Ms = whole.millis(0.99)
            let parts = try CheckParts(of: engagement, in: folder, keys) { workspace in
                try change(rows[min(2, rows.count - 1)], engagement, workspace)
            }
            let floor = try await Floor.measure(options)
            figures.details = [
                ("runs", Double(cycles)), ("cpuMs", used * 1_000), ("jsonP50Ms", listed.millis(0.5) ?? 0), ("findings", Double(findings)),
                ("records", Double(records)), ("floorSeconds", floor.seconds),
            ]
            figures.details += parts.details
            return figures
        }
    }

    private static func organisation(_ peer: Peer) throws -> OrganisationID { try peer.store.read { try $0.identity().organisation } }

    /// Writes what both sides keep and share, the customer an answer to each row. Returns how many records its store then shows.
    private static func fill(
        _ rows: [SampleRow], _ published: inout SampleRecords, _ provider: Peer, _ customer: Peer, _ engagement: KnownEngagement
    ) async throws -> Int {
        _ = try provider.workspace.commit(published.shared(in: engagement.space), in: engagement.space)
        var own = SampleRecords(of: try organisation(customer), .customer, service: published.service)
        own.records = published.records
        let home = try customer.store.read { try StoreDirectory($0).home($0) }
        if let home { _ = try customer.workspace.commit(own.kept(in: home), in: home) }
        _ = try customer.workspace.commit(own.shared(in: engagement.space), in: engagement.space)
        try customer.store.write { transaction in
            _ = try customer.workspace.commit(
                try rows.enumerated().map { number, row in
                    var draft = try customer.workspace.acceptance(of: row.key, in: engagement, transaction)
                    draft.cells.merge(answer(number, own)) { first, _ in first }
                    return draft
                }, in: engagement.space, transaction)
        }
        for peer in [customer, provider, customer] { try await peer.sync() }
        return try customer.store.read { reader in
            try reader.spaces().reduce(0) { count, space in try reader.kinds(in: space).values.reduce(count, +) }
        }
    }

    /// What a customer says to a row beside its allocation.
    private static func answer(_ number: Int, _ own: SampleRecords) -> [CellKey: Value] {
        var words = Words(seed: UInt64(number))
        var cells: [CellKey: Value] = [
            CellKey("customerStatement", "en"): .text(words.english(20)), CellKey("customerStatement", "ja"): .text(words.japanese(8)),
            CellKey("canFulfil"): .text("yes"), CellKey("implementationStatus"): .text("implemented"),
        ]
        for party in own.records["party"]?.prefix(1) ?? [] {
            cells[CellKey("accountable")] = .id(party)
            cells[CellKey("responsible", .id(party.bytes))] = .bool(true)
        }
        return cells
    }

    /// Changes one field of the customer's answer to a row, of which the third is shared: a rule reads it there.
    private static func change(_ row: SampleRow, _ engagement: KnownEngagement, _ workspace: Workspace) throws {
        let draft = RecordDraft(
            record: row.key.position(of: .customer, in: engagement.space), kind: "responsibility-position",
            cells: [CellKey("canFulfil"): .text("no")])
        _ = try workspace.commit([draft], in: engagement.space)
    }

    /// How many findings were told; there are some, since made-up records keep few rules.
    private static func found(_ answer: Data) throws -> Int {
        let object = try JSONSerialization.jsonObject(with: answer) as? [String: Any]
        let count = (object?["items"] as? [Any])?.count ?? 0
        precondition(count > 0, "the rules find something")
        return count
    }
}
