import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite

/// `buntan status` as a process, on the store of a customer that has every row and two agreements: one that stands, and
/// one that has gone stale.
enum StatusRun: Workload {
    static let name = "status"
    static let abstract = "The command buntan status as a process."

    static func measure(_ options: BenchOptions) async throws -> Figures {
        let rows = try SampleRows.make(options)
        return try await Stage.with(options) { stage in
            let (provider, service) = try await stage.provider()
            _ = try provider.workspace.commit(rows.map { $0.draft(in: service.draft) }, in: service.draft)
            try Publish.release(rows, of: service, by: provider)
            try await provider.sync()
            let customer = try stage.found("customer")
            let engagement = try await stage.engage(provider, service, customer)
            let agreed = try await agreements(of: rows, provider, service, customer, engagement)
            try await provider.close()
            try await customer.close()

            var durations = Durations()
            let status = ProgramRun("--store", "\(stage.folder)/customer", "status", "--json")
            // The first run warms the page cache; it is made and not counted.
            for number in 0...(options.cycles ?? 20) {
                let duration = try status.measure { try look(at: $0, for: rows.count) }
                if number > 0 { durations.add(duration) }
            }
            var figures = Figures(workload: name, rows: rows.count, seconds: durations.seconds.reduce(0, +))
            figures.p50Ms = durations.millis(0.5)
            figures.p99Ms = durations.millis(0.99)
            var starts = Durations()
            for _ in 0..<10 { starts.add(try ProgramRun("--version").measure()) }
            figures.details = [
                ("runs", Double(durations.seconds.count)), ("versionP50Ms", starts.millis(0.5) ?? 0), ("agreedRows", Double(agreed)),
            ]
            return figures
        }
    }

    /// The controls of which each agreement is about a part of the matrix: a document of 4 MiB holds some 3,000 rows.
    private static let parts = [["5.", "6."], ["7.", "8."]]

    /// Has both sides sign two parts of the matrix, and changes a row of the second. Returns how many rows are covered.
    private static func agreements(
        of rows: [SampleRow], _ provider: Peer, _ service: ProvidedService, _ customer: Peer, _ engagement: KnownEngagement
    ) async throws -> Int {
        try provider.store.write { transaction in
            guard let home = try StoreDirectory(transaction).home(transaction) else { throw StageFault.noEngagement }
            try provider.workspace.confirm(try provider.engagement(transaction).counterpart, in: home, transaction)
        }
        func covered(_ controls: [String]) -> [SampleRow] {
            rows.filter { row in controls.contains { row.key.controlId.hasPrefix($0) } }
        }
        for controls in parts {
            try customer.store.write { transaction in
                _ = try customer.workspace.commit(
                    try covered(controls).map { try customer.workspace.acceptance(of: $0.key, in: engagement, transaction) },
                    in: engagement.space, transaction)
            }
            let prefixes = covered(controls).first.map { row in controls.map { [row.key.framework, $0] } }
            guard let today = CalendarDate(canonical: "2026-11-01"), let prefixes else { continue }
            let wish = AgreementWish(keys: prefixes, timeZone: "Asia/Tokyo", today: today)
            for peer in [customer, provider] {
                // Settled first: what is signed must have reached the log.
                for other in [customer, provider, customer] { try await other.sync() }
                let own = try peer.store.read { try peer.engagement($0) }
                guard let digest = try peer.store.read({ try peer.workspace.agreementPreview(wish, in: own, $0).digest }) else {
                    throw AgreementFault.notReady
                }
                _ = try peer.workspace.sign(wish, expecting: digest, in: own, name: "Bench", title: "")
            }
        }
        // A word of the second part changes, and is published.
        if let row = parts.last.flatMap({ covered($0).first }) {
            _ = try provider.workspace.commit(
                [
                    RecordDraft(
                        space: service.draft, kind: "responsibility", key: row.key.fields,
                        cells: [CellKey("boundaryNote", "en"): .text("another word")])
                ], in: service.draft)
            _ = try provider.workspace.publish(service, label: "2", message: nil)
        }
        for peer in [customer, provider, customer] { try await peer.sync() }
        return parts.reduce(0) { $0 + covered($1).count }
    }

    private static func look(at answer: Data, for rows: Int) throws {
        let object = try JSONSerialization.jsonObject(with: answer) as? [String: Any]
        let item = object?["item"] as? [String: Any]
        precondition(item?["rows"] as? Int == rows, "the status counts every row")
    }
}
