import Agreements
import BuntanProtocol
import ChangeLog
package import Merging
package import Records
package import Rules
package import Storage
import Syncing

/// Something that waits for this organisation, and since when.
package struct Waiting: Hashable, Sendable {
    package enum Matter: Hashable, Sendable {
        case confirm
        case answer(rows: Int)
        case reread(rows: Int)
        case dispute(rows: Int)
        case choose(fields: Int)
        case sign(SignedPart)
        /// What was signed covers rows that have changed since.
        case signAgain(rows: Int, SignedPart)
        /// What was signed covers records beside the rows, which have changed since.
        case signRecordsAgain(records: Int, SignedPart)
        /// What both had signed cannot be told any more: the documents were erased, and nothing new was signed since.
        case documentErased(agreements: Int)
        /// A value of this organisation's own record was erased and leaves its row unsettled.
        case rewrite(ErasedField)
        /// An own record still holds what another has erased.
        case eraseCopy(HeldCopy)
        /// Drafted records that differ from the newest release: rows, and others beside them.
        case publish(rows: Int, others: Int)
        /// The newest release of an own service was withdrawn, and nothing has come after it.
        case publishAgain
        /// Rows of an own service that rest on what has changed since it was signed with the provider above.
        case reviewUpstream(rows: Int)
        /// Gaps that no risk names and no measure closes.
        case assessGaps(gaps: Int)
        /// Gaps that were assessed, approved or closed for other values than are required and offered now.
        case reassessGaps(gaps: Int)
        /// Gaps whose risk is not assessed, not treated, or not approved by its owner yet.
        case followGaps(gaps: Int)
        case send(changes: Int)
        case refused(changes: Int)
        /// What a management review has decided, or an audit has found.
        case act(ManagementAction)
    }

    package let matter: Matter
    /// Milliseconds since 1970; `nil` where nobody can tell.
    package let since: Int64?

    package init(_ matter: Matter, since: Int64?) {
        self.matter = matter
        self.since = since
    }
}

/// Where a row last moved: by a position in its engagement's log, by a publication in its service's.
package struct MovedPlaces: Hashable {
    private let position: Int?
    private let publication: Int?

    package init(_ negotiation: Negotiation) {
        let positions = [negotiation.providerPosition, negotiation.customerPosition].compactMap { $0 }
        // A position that waits to be sent has no place yet.
        position = positions.contains { $0.moved == nil } ? .max : positions.compactMap(\.moved).max()
        publication = negotiation.row?.moved
    }

    /// The later of the two by the clocks of whoever keeps the logs, in milliseconds since 1970; `nil` for a move that waits to
    /// be sent: it was made just now, as far as the others know.
    package func latest(_ talk: SpaceHistory?, _ service: SpaceHistory?) throws -> Int64? {
        if position == .max { return nil }
        let times = try [position.flatMap { try talk?.received(at: $0) }, publication.flatMap { try service?.received(at: $0) }]
        return times.compactMap { $0 }.max()
    }
}

/// Drafted records that differ from what is published.
package struct Drafted: Hashable, Sendable {
    /// How many of each kind.
    private let kinds: [String: Int]

    init(_ kinds: [String]) { self.kinds = Dictionary(kinds.map { ($0, 1) }, uniquingKeysWith: +) }

    package var count: Int { kinds.values.reduce(0, +) }
    package var rows: Int { kinds["responsibility"] ?? 0 }
    package var others: Int { count - rows }

    /// The records of a kind, with the items of its lists.
    package func count(of kind: String) -> Int {
        kinds.filter { $0.key == kind || $0.key.hasPrefix(kind + ".") }.values.reduce(0, +)
    }
}

extension Workspace {
    /// What waits in an engagement, in no order.
    ///
    /// - Parameters:
    ///   - today: the day in the zone of whoever works here: after the end of an engagement nothing in it waits any more.
    ///   - day: the day it is in a zone, for agreements.
    package func waiting(
        in engagement: KnownEngagement, today: CalendarDate, day: (String) -> CalendarDate, _ reader: any StoreReader
    ) throws -> [Waiting] {
        // Nothing waits for whoever only reads.
        guard let side = engagement.side else { return [] }
        if engagement.end?.hasCome(by: today) == true { return try conflictsWaiting(in: [engagement.space], reader) }
        var waiting: [Waiting] = []
        let talk = try SpaceHistory(engagement.space, reader)
        let service = try SpaceHistory(engagement.service, reader)
        if !engagement.isConfirmed { waiting.append(Waiting(.confirm, since: try talk?.received(at: 0))) }
        var (open, reread, disputed) = (0, 0, 0)
        var (openSince, rereadSince) = (Int.max, Int.max)
        var disputes = Set<MovedPlaces>()
        var (published, agreed, unsettled) = (0, 0, 0)
        try eachRow(of: engagement, reader) { row in
            guard !row.isUnreleased else { return }
            let negotiation = row.negotiation
            let state = negotiation.state
            let publishedAt = negotiation.row?.moved ?? .max
            if negotiation.row != nil { published += 1 }
            if state == .agreed { agreed += 1 }
            if state == .unsettled { unsettled += 1 }
            guard negotiation.turn(in: state) == side else { return }
            switch state {
            case .open:
                open += 1
                openSince = min(openSince, publishedAt)
            case .reworded:
                reread += 1
                rereadSince = min(rereadSince, publishedAt)
            case .disputed:
                disputed += 1
                disputes.insert(MovedPlaces(negotiation))
            case .agreed, .unpublished, .unsettled: break
            }
        }
        if open > 0 { waiting.append(Waiting(.answer(rows: open), since: try service?.received(at: openSince))) }
        if reread > 0 { waiting.append(Waiting(.reread(rows: reread), since: try service?.received(at: rereadSince))) }
        if disputed > 0 {
            waiting.append(Waiting(.dispute(rows: disputed), since: try disputes.compactMap { try $0.latest(talk, service) }.min()))
        }
        waiting += try conflictsWaiting(in: [engagement.space], reader)
        let isSettled = published > 0 && agreed == published
        if unsettled > 0 {
            waiting += try erasedFields(of: engagement, reader).filter { $0.side == side }.map { Waiting(.rewrite($0), since: $0.erased) }
        }
        waiting += try heldCopies(of: engagement, reader).map { Waiting(.eraseCopy($0), since: $0.erased) }
        let missed = try erasedAgreements(of: engagement, reader).filter(\.isMissed)
        if !missed.isEmpty {
            waiting.append(Waiting(.documentErased(agreements: missed.count), since: missed.compactMap { $0.erasure?.received }.min()))
        }
        // That something is to be signed in its place says that line already.
        let agreements =
            try reader.kinds(in: engagement.space)["agreement"] ?? 0 > 0 ? agreements(of: engagement, day: day, reader) : []
        waiting += try signaturesWaiting(in: engagement, agreements, isSettled: isSettled, reader).filter { sign in
            missed.isEmpty || sign.since != nil
        }
        return try waiting + gapsWaiting(in: engagement, side: side, today: today, reader)
    }

    /// What waits in a service of one's own, in no order.
    ///
    /// - Parameters:
    ///   - today: the day in the zone of whoever works here.
    ///   - day: the day it is in a zone, for agreements with those that the service builds on.
    package func waiting(
        in service: KnownService, _ directory: StoreDirectory, today: CalendarDate, day: (String) -> CalendarDate, _ reader: any StoreReader
    ) throws -> [Waiting] {
        guard let draft = service.draft else { return [] }
        var waiting = try conflictsWaiting(in: [draft, service.service], reader)
        if let publication = try publicationWaiting(of: service, today: today, reader) { waiting.append(publication) }
        if let review = try upstreamWaiting(of: service, directory, day: day, reader) { waiting.append(review) }
        return waiting
    }

    /// That a release of an own service is due: its draft says something else, or the newest one was withdrawn. While values wait to be
    /// chosen there is none.
    ///
    /// - Parameter today: the day in the zone of whoever works here.
    package func publicationWaiting(
        of service: KnownService, today: CalendarDate, _ reader: any StoreReader
    ) throws -> Waiting? {
        guard let draft = service.draft, try !isRetired(service, by: today, reader),
            try ownConflicts(in: [draft, service.service], reader).cells == 0
        else { return nil }
        if let drafted = try drafted(in: service, reader), drafted.count > 0 {
            return Waiting(.publish(rows: drafted.rows, others: drafted.others), since: try newestChange(in: draft, reader))
        }
        let newest = try newestRelease(of: service.service, reader)?.id
        guard let withdrawal = try withdrawal(of: newest, in: service.service, reader) else { return nil }
        let history = try SpaceHistory(service.service, reader)
        let changes = withdrawal.shown.cells.flatMap(\.heads).map(\.op.change)
        return Waiting(.publishAgain, since: try changes.compactMap { try history?.change($0)?.time }.min())
    }

    /// The rows that rest on something that has changed, since the first of the changes was published.
    private func upstreamWaiting(
        of service: KnownService, _ directory: StoreDirectory, day: (String) -> CalendarDate, _ reader: any StoreReader
    ) throws -> Waiting? {
        var rows: Set<RowKey> = []
        var published: [Int64] = []
        for reliance in try reliances(of: service, directory, day: day, reader) {
            let touched = try touchedRows(by: reliance, reader)
            guard !touched.isEmpty else { continue }
            rows.formUnion(touched.map(\.key))
            let space = reliance.engagement.service
            let history = try SpaceHistory(space, reader)
            published += try Set(touched.flatMap(\.changed)).compactMap { key in
                let id = key.responsibility(in: space)
                let moved = try reader.shown(id, in: space).flatMap { RowSide($0, record: id, space: space) }?.moved
                return try moved.flatMap { try history?.received(at: $0) }
            }
        }
        return rows.isEmpty ? nil : Waiting(.reviewUpstream(rows: rows.count), since: published.min())
    }

    /// What waits in the outbox of the whole store.
    package func waitingOutbox(_ reader: any StoreReader) throws -> [Waiting] {
        let items = try reader.outbox(of: nil)
        func oldest(_ items: [OutboxItem]) throws -> Int64? { try items.first.map { try Change(decoding: $0.item.signed.bytes).time } }
        let pending = items.filter { $0.list != .rejected }
        let refused = items.filter { $0.list == .rejected }
        return (pending.isEmpty ? [] : [Waiting(.send(changes: pending.count), since: try oldest(pending))])
            + (refused.isEmpty ? [] : [Waiting(.refused(changes: refused.count), since: try oldest(refused))])
    }

    private func newestChange(in space: SpaceID, _ reader: any StoreReader) throws -> Int64? {
        try SpaceHistory(space, reader)?.newest(of: reader.identity().device)?.time
    }

    private func conflictsWaiting(in spaces: [SpaceID], _ reader: any StoreReader) throws -> [Waiting] {
        let (cells, _) = try ownConflicts(in: spaces, reader)
        guard cells > 0 else { return [] }
        let own = try reader.identity().organisation
        var oldest: Int64?
        for space in try withHome(spaces, reader) {
            guard let history = try SpaceHistory(space, reader) else { continue }
            for brief in try reader.conflicted(in: space) {
                guard let state = try reader.shown(brief.id, in: space), state.creator == own else { continue }
                // A conflict is as old as the later of its values.
                let times = try state.conflicts.compactMap { cell in
                    try cell.heads.compactMap { try history.change($0.op.change)?.time }.max()
                }
                if let earliest = times.min() { oldest = min(oldest ?? .max, earliest) }
            }
        }
        return [Waiting(.choose(fields: cells), since: oldest)]
    }
}
