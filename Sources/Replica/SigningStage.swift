import Agreements
import BuntanProtocol
import ChangeLog
import Merging
import Records
import Storage

/// What is in scope now, read once, to be judged with one set of exceptions or another.
struct SigningStage {
    private let schema: SchemaRegistry
    private let engagement: KnownEngagement
    private let matrix: [MatrixRow]
    private let sceneRows: [SigningScene.Row]
    private let records: [SigningScene.Record]
    private let missing: [RecordID]
    private let release: Release
    /// Rows that no release holds any more, and rows without a word of anybody: what is left of them are positions about
    /// nothing, which no signature has to wait for.
    let dropped: [RowKey]

    init(
        workspace: Workspace, engagement: KnownEngagement, scope: [ScopePart], rows: [MatrixRow], release: Release,
        _ reader: any StoreReader
    ) throws {
        schema = workspace.schema
        self.engagement = engagement
        self.release = release
        let parts = scope.filter { $0.space == engagement.service && $0.includes(kind: "responsibility") }
        let rows = rows.filter { row in parts.contains { $0.includes(key: row.key.texts) } }
        matrix = rows
        sceneRows = rows.map { row in
            SigningScene.Row(
                record: row.rowID,
                members: [row.rowID] + Side.allCases.map { row.key.position(of: $0, in: engagement.space) }, state: row.negotiation.state)
        }
        // A release that cannot be read has released nothing.
        let manifest = release.manifest
        let released = manifest?.digests ?? [:]
        var records: [SigningScene.Record] = []
        var alive = Set<RecordID>()
        var gone = Set<RecordID>()
        for place in workspace.scopedKinds(scope) {
            let (space, kind) = (place.space, place.kind)
            for stored in try reader.records(of: kind, in: space, after: nil, limit: .max) {
                if let key = RowKey(stored.shown),
                    !scope.contains(where: { $0.space == space && $0.includes(kind: kind) && $0.includes(key: key.texts) })
                {
                    continue
                }
                if stored.shown.standing != .deleted, stored.shown.standing != .absent {
                    alive.insert(stored.id)
                } else if released[stored.id] == nil {
                    gone.insert(stored.id)
                }
                records.append(
                    SigningScene.Record(
                        record: stored.id, space: space, state: stored.shown,
                        publication: space == engagement.service ? .released(released[stored.id]) : .none))
            }
        }
        self.records = records
        dropped = rows.filter { row in
            row.negotiation.state == .unpublished && (gone.contains(row.rowID) || row.negotiation.customer == .empty)
        }.map(\.key)
        // Without keys the scope is the whole kind, and what the release has of it must be there.
        missing =
            scope.contains { $0.space == engagement.service && $0.keys == nil }
            ? (manifest?.items ?? []).filter { item in
                !alive.contains(item.record)
                    && scope.contains { $0.space == engagement.service && $0.keys == nil && $0.includes(kind: item.kind) }
            }.map(\.record) : []
    }

    func judged(excepted: [RowKey]) -> SigningScene.Judgement {
        SigningScene(
            rows: sceneRows, records: records, missing: missing,
            excepted: Set(excepted.map { $0.responsibility(in: engagement.service) })
        ).judged(schema: schema)
    }

    /// The rows among some records.
    func rows(excepted records: Set<RecordID>) -> [RowKey] { matrix.filter { records.contains($0.rowID) }.map(\.key) }

    /// Whether the release that a document names is here, and holds what the document covers of it.
    func honours(_ document: AgreementDocument, releases: [Release]) -> Bool {
        guard let named = releases.first(where: { $0.id == document.release.record }), named.documentDigest == document.release.digest
        else {
            return false
        }
        let digests = named.manifest?.digests ?? [:]
        return document.records.allSatisfy { $0.space != engagement.service || digests[$0.record] == $0.digest }
    }

    func preview(
        _ document: AgreementDocument?, origin: AgreementPreview.Origin, excepted: [RowKey], judgement: SigningScene.Judgement,
        previous: KnownAgreement?, release named: Release? = nil
    ) -> AgreementPreview {
        let keys = Dictionary(
            matrix.flatMap { row in
                [(row.rowID, row.key)] + Side.allCases.map { (row.key.position(of: $0, in: engagement.space), row.key) }
            }
        ) { first, _ in first }
        let bytes = document?.encoded() ?? []
        let seams = Set(judgement.records.filter(\.hasSeam).compactMap { keys[$0.covered.record] })
        let open = Set(excepted)
        var allocations: [String: Int] = [:]
        for row in matrix where !open.contains(row.key) {
            if case .settled(let value) = row.negotiation.provider { allocations[value, default: 0] += 1 }
        }
        let covered = Set(judgement.records.compactMap { keys[$0.covered.record] })
        let before = previous?.content.outline.rows ?? []
        let changed = Set(previous?.differingRows ?? [])
        return AgreementPreview(
            origin: origin, document: document, bytes: bytes, digest: document.map { _ in SHA.digest(bytes) },
            obstacles: judgement.obstacles.map { AgreementPreview.Obstacle(row: keys[$0.record], obstacle: $0) }, rowCount: matrix.count,
            rows: covered, records: Set(judgement.records.map(\.covered.record)), allocations: allocations, seams: RowKey.sorted(seams),
            excepted: RowKey.sorted(excepted),
            dropped: dropped.filter(open.contains), release: named ?? release, previous: previous,
            newlyCovered: previous == nil ? [] : RowKey.sorted(covered.subtracting(before).subtracting(changed)),
            noLongerCovered: document == nil ? [] : RowKey.sorted(before.subtracting(covered).subtracting(changed)))
    }
}
