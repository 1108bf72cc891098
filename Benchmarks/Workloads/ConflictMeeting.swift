import BuntanProtocol
import ClientTransport
import Merging
import Records
import Replica
import Storage
import StorageSQLite

/// Two devices of one organisation meet after both have worked offline.
enum ConflictMeeting: Workload {
    static let name = "conflict"
    static let abstract = "Two devices with 1,000 offline edits each meet, 100 of them on the same fields."
    static let cell = CellKey("customerStatement", "en")

    /// Edits of each device, and how many of them meet the other's: fewer where there are fewer rows.
    static func counts(_ rows: Int) -> (edits: Int, common: Int) {
        let edits = max(1, min(1_000, rows * 10 / 19))
        return (edits, max(1, edits / 10))
    }

    static func measure(_ options: BenchOptions) async throws -> Figures {
        let rows = try SampleRows.make(options)
        let (edits, common) = counts(rows.count)
        return try await Stage.with(options) { stage in
            let (provider, service) = try await stage.provider()
            _ = try provider.workspace.commit(rows.map { $0.draft(in: service.service) }, in: service.service)
            try await provider.sync()
            let office = try stage.found("customer")
            let engagement = try await stage.engage(provider, service, office)
            let keys = rows.map(\.key)
            let positions = keys.prefix(edits * 2).map { key in
                RecordDraft(
                    space: engagement.space, kind: "responsibility-position",
                    key: key.fields + [("side", .text("customer"))],
                    cells: [CellKey("allocation"): .text("shared"), cell: .text("as found")])
            }
            _ = try office.workspace.commit(positions, in: engagement.space)
            let device = try stage.enrolDevice(of: office, label: "laptop")
            try await office.sync()
            let laptop = try stage.enter(device.organisation, device.keys, as: "laptop")
            try await laptop.sync()

            let clock = ContinuousClock()
            let drafts = positions.map(\.record)
            let first = Array(drafts.prefix(edits))
            let second = Array(drafts.dropFirst(edits - common).prefix(edits))
            // Each edit is an action of its own: a change, signed and committed.
            let local = try clock.measure {
                for (peer, records, who) in [(office, first, "office"), (laptop, second, "laptop")] {
                    for record in records {
                        let draft = RecordDraft(
                            record: record, kind: "responsibility-position", cells: [cell: .text("\(who) \(record.hex)")])
                        _ = try peer.workspace.commit([draft], in: engagement.space)
                    }
                }
            }
            let before = (office.transport.traffic, laptop.transport.traffic)
            let duration = try await clock.measure {
                for peer in [office, laptop, office] { _ = try await peer.sync() }
            }
            let after = (office.transport.traffic, laptop.transport.traffic)
            let outcome = try judge(
                [(office, first, "office"), (laptop, second, "laptop")], in: engagement.space, replicas: [office, laptop])
            var figures = Figures(workload: name, rows: rows.count, seconds: duration.seconds)
            figures.localSeconds = local.seconds
            figures.bytesSent = after.0.sent - before.0.sent + after.1.sent - before.1.sent
            figures.bytesReceived = after.0.received - before.0.received + after.1.received - before.1.received
            (figures.shown, figures.merged, figures.lost) = outcome
            figures.details = [("edits", Double(edits * 2)), ("common", Double(common))]
            for peer in [provider, office, laptop] { try await peer.close() }
            return figures
        }
    }

    /// Looks for every edit in every replica's store: beside another value, alone, or nowhere.
    private static func judge(
        _ edits: [(peer: Peer, records: [RecordID], who: String)], in space: SpaceID, replicas: [Peer]
    ) throws -> (shown: Int, merged: Int, lost: Int) {
        var (shown, merged, lost) = (Set<RecordID>(), 0, 0)
        for (_, records, who) in edits {
            for record in records {
                let found = try replicas.map { replica -> Int? in
                    let heads = try replica.store.read { try $0.shown(record, in: space) }?[cell]?.heads ?? []
                    return heads.contains { $0.value?.value == .text("\(who) \(record.hex)") } ? heads.count : nil
                }
                switch found {
                case [1, 1]: merged += 1
                case [2, 2]: shown.insert(record)
                default: lost += 1
                }
            }
        }
        let listed = try replicas.map { try Set($0.store.read { try $0.conflicted(in: space).map(\.id) }) }
        precondition(listed.allSatisfy { $0 == shown }, "both devices list the conflicts that there are")
        return (shown.count, merged, lost)
    }
}
