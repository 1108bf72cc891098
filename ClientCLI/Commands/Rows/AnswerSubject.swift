import BuntanProtocol
import Merging
import Records
import Replica
import Storage
import Wording

/// What is answered: the rows of an engagement that wait for one's own side, or those of one's own draft that nobody has
/// allocated yet.
enum AnswerSubject {
    case engagement(KnownEngagement)
    case draft(KnownService, SpaceID)

    init(_ selector: Selector) throws {
        switch try selector.either() {
        case .engagement(let engagement): self = .engagement(try selector.requireParty(of: engagement))
        case .service(let service):
            if let draft = service.draft {
                self = .draft(service, draft)
            } else {
                self = .engagement(try selector.ownEngagement())
            }
        }
    }

    var selection: Selection {
        switch self {
        case .engagement(let engagement): .engagement(engagement)
        case .draft(let service, _): .service(service)
        }
    }

    /// Where answers are written.
    var space: SpaceID {
        switch self {
        case .engagement(let engagement): engagement.space
        case .draft(_, let draft): draft
        }
    }

    /// Where the rows themselves are.
    var rowSpace: SpaceID {
        switch self {
        case .engagement(let engagement): engagement.service
        case .draft(_, let draft): draft
        }
    }

    /// What a private remark on a row is about: the row as published, which a draft becomes.
    func remarked(_ row: MatrixRow) -> RecordID {
        switch self {
        case .engagement: row.rowID
        case .draft(let service, _): row.key.responsibility(in: service.service)
        }
    }

    /// Says that the engagement is over, so that nothing comes of an answer any more.
    func sayOver(_ invocation: Invocation) {
        guard let end = engagement?.end, end.hasCome(by: invocation.today) else { return }
        invocation.notice(EngagementPhrases.positionAfterEnd, ["date": .text(end.day ?? "-")])
    }

    var engagement: KnownEngagement? { if case .engagement(let engagement) = self { engagement } else { nil } }

    /// The side one answers for.
    var seat: Side { engagement?.seat ?? .provider }

    func row(_ key: RowKey, _ workspace: Workspace, _ reader: any StoreReader) throws -> MatrixRow {
        try Matrix.row(key, of: selection, workspace, reader)
    }

    /// Whether a row is to be answered: in a draft one that has no allocation, or the word for none.
    func waits(_ row: MatrixRow) -> Bool { waits(row.negotiation, row: row.row) }

    private func waits(_ negotiation: Negotiation, row: RecordState?) -> Bool {
        switch self {
        case .engagement(let engagement): negotiation.waits(for: engagement.seat)
        case .draft:
            switch negotiation.provider {
            case .empty: row != nil
            case .settled(let value): value == "unallocated"
            case .unsettled: false
            }
        }
    }

    /// The rows that wait among those that are named, in order from where somebody stopped: rows before that place come last.
    func waiting(
        _ words: [String], _ conditions: RowConditions, _ workspace: Workspace, _ reader: any StoreReader
    ) throws -> (rows: [RowKey], items: RowItems) {
        let keys: [RowKey]
        var waiting: Set<RowKey> = []
        switch self {
        case .engagement(let engagement):
            let outlines = try workspace.rowOutlines(of: engagement, reader)
            keys = outlines.map(\.key)
            for outline in outlines where outline.negotiation.waits(for: engagement.seat) { waiting.insert(outline.key) }
        case .draft(_, let draft):
            let rows = try workspace.rows(in: draft, reader)
            keys = rows.map(\.key)
            for (key, state) in rows where waits(MatrixRow(key, state, in: draft)) { waiting.insert(key) }
        }
        let named = try RowSelection(keys).rows(words).filter { waiting.contains($0) }
        let meant = conditions.isEmpty ? named : try named.filter { conditions.hold(for: try row($0, workspace, reader)) }
        let sorted = RowKey.sorted(meant)
        guard let place = try workspace.answeringPlace(in: space, reader),
            let next = sorted.firstIndex(where: { RowOrder(place) < RowOrder($0) })
        else { return (sorted, RowItems(keys)) }
        return (Array(sorted[next...] + sorted[..<next]), RowItems(keys))
    }
}
