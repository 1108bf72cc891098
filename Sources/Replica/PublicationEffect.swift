import Agreements
import BuntanProtocol
import Merging
package import Records
package import Storage

/// What a publication would do to what is said and signed in one engagement, looked at before it is done.
package struct PublicationEffect: Sendable {
    package let engagement: KnownEngagement
    /// Rows whose allocation would change, while this organisation's own position there names somebody else and goes on to count.
    package let overruled: [RowKey]
    /// What has been signed there and would no longer fit, oldest first, with how many of the covered records would change.
    package let outgrown: [(agreement: KnownAgreement, records: Int)]
}

extension Workspace {
    /// What a publish would do now in each engagement of a service.
    ///
    /// - Parameters:
    ///   - drafts: the records that it would change.
    ///   - day: the day it is in a zone, for agreements.
    package func publicationEffects(
        changing drafts: [RecordDraft], of service: ProvidedService, _ directory: StoreDirectory, day: (String) -> CalendarDate,
        _ reader: any StoreReader
    ) throws -> [PublicationEffect] {
        let engagements = directory.engagements.filter { $0.service == service.service && $0.side == .provider }
        guard !engagements.isEmpty, !drafts.isEmpty else { return [] }
        let changed = Set(drafts.map(\.record))
        var allocations: [(row: RowKey, value: String)] = []
        for draft in drafts where draft.kind == "responsibility" {
            guard let value = draft.cells[CellKey("allocation")]?.text, let row = try rowKey(of: draft, in: service, reader),
                try reader.shown(draft.record, in: service.service)?.text("allocation") != value
            else { continue }
            allocations.append((row, value))
        }
        return try engagements.map { engagement in
            let overruled = try allocations.filter { row, value in
                let position = try reader.shown(row.position(of: .provider, in: engagement.space), in: engagement.space)
                return position?.isAlive == true && position?.text("allocation").map { $0 != value } ?? false
            }
            let signed = try agreements(of: engagement, day: day, reader).filter { agreement in
                agreement.differences.isEmpty && agreement.status.isSigned
            }
            let outgrown = signed.map { ($0, $0.content.outline.digests.keys.count(where: changed.contains)) }.filter { $0.1 > 0 }
            return PublicationEffect(engagement: engagement, overruled: RowKey.sorted(overruled.map(\.row)), outgrown: outgrown)
        }
    }

    private func rowKey(of draft: RecordDraft, in service: ProvidedService, _ reader: any StoreReader) throws -> RowKey? {
        if let published = try reader.shown(draft.record, in: service.service).flatMap({ RowKey($0) }) { return published }
        let values = draft.key.compactMap(\.value.text)
        return values.count == 3 ? RowKey(framework: values[0], controlId: values[1], itemKey: values[2]) : nil
    }
}

extension AgreementStatus {
    /// Whether a side has signed it, and it holds or can still be signed by the other.
    fileprivate var isSigned: Bool { if case .halfSigned = self { true } else { isBinding } }
}
