import Agreements
import BuntanProtocol
import ChangeLog
import Foundation
import Merging
import Records
import Replica
import Storage
import Syncing
import Wording

/// Where one engagement or service stands, gathered in one reading and counted from briefs.
struct StandingView {
    let selection: Selection
    let context: ReportContext
    let ownName: [String: String]
    let standing: RowsStanding
    /// Published rows of an engagement; for a service alone those of its draft or its release.
    let rows: Int
    let pending: Int
    let refused: Int
    /// Those of them that wait for the next key of a sealed space.
    private let awaitingKey: Int
    /// Entries of spaces that the server does not hold yet: it takes them over with the next sync.
    let unmoved: Int
    /// When the last sync ended, in milliseconds since 1970.
    let lastSync: Int64?
    /// Whether it shows a day that has passed, of which the last sync says nothing.
    private let isPast: Bool
    let hasServer: Bool
    /// That this device may not sync any more.
    let ended: EndedDevice?
    /// Whether anybody has joined the service.
    private let isEngaged: Bool
    /// Whether somebody may still join by an invitation that was made here.
    private let isInvited: Bool
    let isFrozen: Bool
    let size: Int
    /// How far it is verified what is shown, if not all of it.
    let behind: CatchingUp?
    /// What says where the parties stand, oldest first: see `[KnownAgreement].telling`.
    private let agreements: [StandingAgreement]
    /// Older ones that are stale and cover what no later one does: see `[KnownAgreement].staleBeside`.
    private let beside: [StandingAgreement]
    /// Those that both had signed and whose documents were erased, with nothing signed since.
    private let missed: [(gone: ErasedAgreement, short: String)]
    /// What waits first for a signature of one's own.
    private let signing: SignedPart?
    /// Rows that are unsettled since a value of theirs was erased.
    private let erased: [ErasedField]
    private let today: CalendarDate
    private let language: Language
    /// The own service that an engagement is about, as commands take it.
    private let ownService: String?
    /// How many drafted records of an own service differ from its newest release.
    private let drafted: Int
    /// Whether the service is one of one's own that was retired: nothing more is published there.
    private let isRetired: Bool
    /// Whether several places are told of.
    private let isOneOfSeveral: Bool
    /// Whether the service was closed before this device could fetch it.
    private let isClosedBefore: Bool

    /// - Parameter names: what things of this store go by, where several are told of.
    init(
        _ selection: Selection, _ selector: Selector, _ workspace: Workspace, naming names: ShortNames? = nil, _ reader: any StoreReader
    ) throws {
        self.selection = selection
        isOneOfSeveral = names != nil
        ownName = selector.directory.ownName
        context = try selector.context(selection, reader)
        let space: SpaceID
        let today = selector.invocation.today
        (self.today, language) = (today, selector.invocation.language)
        switch selection {
        case .engagement(let engagement):
            let known: [KnownAgreement]
            (standing, known) = try workspace.standing(of: engagement, day: { selector.invocation.day(in: $0) }, reader)
            let forms = try AgreementForms(engagement, selector.directory, workspace, known, selector.invocation, naming: names, reader)
            let isOver = engagement.end?.hasCome(by: today) ?? false
            agreements = known.telling.map { StandingAgreement($0, side: engagement.side, forms, isOver: isOver) }
            beside = known.staleBeside.map { StandingAgreement($0, side: engagement.side, forms, isOver: isOver) }
            missed = forms.erased.filter(\.isMissed).map { ($0, forms.short($0.id)) }
            signing =
                try workspace.signaturesWaiting(in: engagement, known, isSettled: standing.counts.isSettled, reader).first?.signedPart
            erased = standing.counts[.unsettled] > 0 ? try workspace.erasedFields(of: engagement, reader) : []
            rows = standing.counts.published
            space = engagement.space
            isRetired = false
            isClosedBefore = selector.directory.isClosedBefore(engagement)
            let service = selector.directory.service(of: engagement).flatMap { $0.isOwn ? $0 : nil }
            let own = try service.flatMap { try workspace.isRetired($0, by: today, reader) ? nil : $0 }
            ownService = own?.handle
            // Where several are told of, the service is one of them.
            drafted = try standing.release == nil || names != nil ? 0 : own.flatMap { try workspace.drafted(in: $0, reader)?.count } ?? 0
        case .service(let service):
            (rows, standing) = try workspace.standing(of: service, reader)
            (agreements, beside, missed, erased, signing) = ([], [], [], [], nil)
            space = service.service
            isRetired = try workspace.isRetired(service, by: today, reader)
            drafted = standing.release == nil || isRetired ? 0 : try workspace.drafted(in: service, reader)?.count ?? 0
            isClosedBefore = false
            ownService = nil
        }
        let waiting = try reader.outboxCount() == 0 ? [] : reader.outbox(of: nil)
        pending = waiting.count { $0.list != .rejected }
        refused = waiting.count { $0.list == .rejected }
        awaitingKey = waiting.isEmpty ? 0 : try workspace.keyAwaited(reader).reduce(0) { $0 + $1.changes }
        isEngaged = selector.directory.engagements.contains { engagement in
            if case .service(let service) = selection { engagement.service == service.service } else { true }
        }
        isInvited =
            try reader.invited(to: space).map { $0 > Int64(selector.invocation.console.now().timeIntervalSince1970 * 1_000) } ?? false
        isPast = selector.invocation.pastMoment != nil
        lastSync = isPast ? nil : try reader.lastSync()
        hasServer = try reader.knownServer() != nil
        unmoved = hasServer ? try workspace.unmoved(reader).reduce(0) { $0 + $1.entries } : 0
        ended = try EndedDevice(workspace, times: selector.invocation.times, reader)
        isFrozen = try reader.isFrozen(space)
        size = try reader.standing(of: space)?.size ?? 0
        behind = try Self.spaces(of: selection).compactMap { try workspace.catchingUp(in: $0, reader) }.first
    }

    /// The logs on which rests what is told: those of an engagement and of its service.
    private static func spaces(of selection: Selection) -> [SpaceID] {
        switch selection {
        case .engagement(let engagement): [engagement.space, engagement.service]
        case .service(let service): [service.draft, service.service].compactMap(\.self)
        }
    }

    // MARK: lines

    /// The rows by state; those of nobody are left out.
    var stateLines: [Line] {
        guard case .engagement(let engagement) = selection else {
            if standing.conflictedCells > 0 { return [conflictLine(standing.conflictedRecords)] }
            return draftLine
        }
        let counts = standing.counts
        // An auditor waits for nobody and nobody for it.
        let waitForThem: StatusPhrases = engagement.side == nil ? .waitForOne : .waitForThem
        // Without the rows nothing is told of what they are.
        if isClosedBefore {
            return counts[.unpublished] > 0 ? [Line(.unpublished, String(counts[.unpublished]), .rowsElsewhere)] : []
        }
        var lines = [Line(.agreed, String(counts[.agreed]))]
        if counts[.disputed] > 0 {
            let mine = engagement.side.map { counts.waiting(for: $0, in: .disputed) } ?? 0
            lines.append(
                Line(.disputed, String(counts[.disputed]), mine > 0 ? .waitForYou : waitForThem, ["n": .number(mine)], "buntan disputes"))
        }
        let isCustomer = engagement.side == .customer
        if counts[.open] > 0 {
            let nobody = engagement.side == .provider ? counts.unallocated : 0
            lines.append(
                isCustomer
                    ? Line(.open, String(counts[.open]), .noPositionYet, [:], Self.openCommand)
                    : nobody > 0
                        ? Line(.open, String(counts[.open]), .leftToNobody, ["n": .number(nobody)], Self.unallocatedCommand)
                        : Line(.open, String(counts[.open]), waitForThem))
        }
        if counts[.reworded] > 0 {
            lines.append(
                Line(
                    .reworded, String(counts[.reworded]), isCustomer ? .rewordedSince : waitForThem, [:],
                    isCustomer ? Self.rewordedCommand : nil))
        }
        if standing.conflictedCells > 0 {
            // What is no row of the matrix, a note for one, is none of its states.
            lines.append(conflictLine(counts[.unsettled]))
        } else if counts[.unsettled] > 0 {
            let own = Set(erased.filter { $0.side == engagement.side }.map(\.row)).count
            let (hint, n) = own > 0 ? (StatusPhrases.erasedByYou, own) : (.erasedByThem, Set(erased.map(\.row)).count)
            lines.append(
                erased.isEmpty || engagement.side == nil
                    ? Line(.unsettled, String(counts[.unsettled]), waitForThem)
                    : Line(.unsettled, String(counts[.unsettled]), hint, ["n": .number(n)], "buntan conflicts"))
        }
        if counts.unreleased > 0 { lines.append(Line(.unreleased, String(counts.unreleased), .arrivingRelease, [:], "buntan sync")) }
        if counts[.unpublished] > 0 {
            lines.append(Line(.unpublished, String(counts[.unpublished]), .inNoRelease, [:], Self.unpublishedCommand))
        }
        return lines + draftLine
    }

    /// That the draft of an own service differs from its newest release.
    private var draftLine: [Line] {
        drafted > 0 ? [Line(.drafted, String(drafted), .draftDiffers, ["n": .number(drafted)], Self.publishCommand)] : []
    }

    private func conflictLine(_ rows: Int) -> Line {
        Line(.unsettled, rows == 0 ? "" : String(rows), .severalValues, ["n": .number(standing.conflictedCells)], "buntan conflicts")
    }

    /// What waits in the outbox; and, once there are agreements, where the newest stands.
    var listLines: [Line] {
        var lines: [Line] = []
        if awaitingKey > 0 { lines.append(Line(.toSend, String(awaitingKey), .changesAwaitKey, [:], "buntan sync")) }
        if pending > awaitingKey {
            lines.append(
                Line(.toSend, String(pending - awaitingKey), .changesSinceSync, [:], ended == nil ? "buntan sync" : EndedDevice.next))
        }
        if unmoved > 0 { lines.append(Line(.toSend, String(unmoved), .entriesToMove, [:], "buntan sync")) }
        if refused > 0 { lines.append(Line(.refused, String(refused), .refusedByServer, [:], "buntan outbox")) }
        let erased = missed.map { Line(.agreement, $0.short, .documentErased, [:], "buntan agreements") }
        return lines + erased + (agreements + beside).flatMap { $0.lines } + endLine
    }

    /// That the engagement is over, or will be.
    private var endLine: [Line] {
        guard case .engagement(let engagement) = selection, let end = engagement.end else { return [] }
        var facts: Facts = ["date": .text(end.day ?? "-")]
        let handover = end.handover.flatMap { $0.day.text == end.day ? $0 : nil }
        if let handover { facts["successor"] = .text(handover.successorName.spoken(language.rawValue) ?? "-") }
        let hint: StatusPhrases =
            switch end.side {
            case nil: .endedByLog
            case _ where handover != nil: .endedByHandover
            case .provider?, .customer?: engagement.side == nil ? .endedByOne : end.side == engagement.side ? .endedByYou : .endedByThem
            }
        return [Line(end.hasCome(by: today) ? .ended : .ends, "", hint, facts, "buntan engagements")]
    }

    /// The next command to type.
    var next: String? { placed(asked) }

    /// A command with what it is for, where several places are told of; what is of the whole store needs none.
    private func placed(_ command: String?) -> String? {
        // What is published is the service, whichever of its engagements is told of.
        if command == Self.publishCommand, let ownService { return RetypedFlags.naming(Self.publishCommand, "-s \(ownService)") }
        return isOneOfSeveral ? command.map { RetypedFlags.naming($0, selection.option) } : command
    }

    /// The same without what it is for.
    private var asked: String? {
        if ended != nil { return pending > 0 ? EndedDevice.next : nil }
        if standing.conflictedCells > 0 { return "buntan conflicts" }
        if case .engagement(let engagement) = selection, erased.contains(where: { $0.side == engagement.side }) {
            return "buntan conflicts"
        }
        if refused > 0 { return "buntan outbox" }
        if pending > 0, hasServer { return "buntan sync" }
        guard case .engagement(let engagement) = selection else {
            guard case .service(let service) = selection, service.isOwn, !isRetired else {
                return hasServer ? "buntan sync" : nil
            }
            if rows == 0 { return "buntan import FILE" }
            if standing.release == nil || standing.isReleaseWithdrawn || drafted > 0 { return Self.publishCommand }
            if unmoved > 0 { return "buntan sync" }
            // Whoever takes up an invitation is heard of by a sync.
            return isEngaged ? "buntan engagements" : isInvited ? "buntan sync" : "buntan invite NAME"
        }
        if engagement.end?.hasCome(by: today) == true {
            let isProvable = !isClosedBefore && agreements.contains { $0.known.content.signedAt != nil }
            return isProvable ? "buntan export evidence -o evidence.zip" : nil
        }
        guard let side = engagement.side else {
            return agreements.contains { $0.known.content.signedAt != nil }
                ? "buntan agreements" : engagement.audit?.isFollowed == true ? "buntan sync" : nil
        }
        let counts = standing.counts
        if counts.waiting(for: side, in: .disputed) > 0 { return "buntan disputes" }
        if side == .customer, counts[.open] > 0 { return Self.openCommand }
        if side == .customer, counts[.reworded] > 0 { return Self.rewordedCommand }
        if !engagement.isConfirmed { return "buntan confirm \(engagement.handle)" }
        if let signing { return signing.command }
        if standing.isReleaseWithdrawn || drafted > 0, ownService != nil { return Self.publishCommand }
        return hasServer ? "buntan sync" : nil
    }

    // MARK: words

    func show(_ page: inout Page, now: Date, times: TimeDisplay) {
        heading(&page, times: times)
        page.line(Span(summary(page.language, now: now, times: times)))
        page.blank()
        let states = stateLines
        for line in states { place(line, &page) }
        if !states.isEmpty, !listLines.isEmpty { page.blank() }
        for line in listLines { place(line, &page) }
        if !states.isEmpty || !listLines.isEmpty { page.blank() }
        if let next { page.next(next) } else if ended == nil { page.say(StatusPhrases.nothingToDo) }
    }

    func heading(_ page: inout Page, times: TimeDisplay) {
        let language = page.language.rawValue
        let own: Fact = .text(ownName.spoken(language) ?? "-")
        let text: String
        switch selection {
        case .engagement(let engagement):
            text = StatusPhrases.parties.text(
                in: page.language,
                [
                    "own": .text(engagement.partyName.spoken(language) ?? "-"),
                    "counterpart": .text(engagement.counterpartName.spoken(language) ?? "-"),
                    "service": .text(engagement.serviceName.spoken(language) ?? "-"),
                ])
        case .service(let service):
            text = StatusPhrases.serviceLine.text(
                in: page.language, ["own": own, "service": .text(service.name.spoken(language) ?? service.handle)])
        }
        page.place(.at(0, Span(text, .strong)), Placed(column: 61, span: Span(selection.handle), isWhole: true))
        if let ended { page.say(ended.phrase, ended.facts, .bad) }
        if case .engagement(let engagement) = selection { engagement.audit?.say(&page, times) }
    }

    /// The release, what of it is verified, and how old the picture is.
    func summary(_ language: Language, now: Date, times: TimeDisplay) -> String {
        if case .service(let service) = selection, service.isOwn {
            return releaseName(language).map {
                StatusPhrases.draftLine.text(in: language, ["rows": .number(rows), "label": .text($0)])
            } ?? StatusPhrases.draftNeverReleased.text(in: language, ["rows": .number(rows)])
        }
        if isClosedBefore { return StatusPhrases.closedBefore.text(in: language) }
        guard let label = releaseName(language) else { return StatusPhrases.noRelease.text(in: language) }
        let facts: Facts = ["label": .text(label), "rows": .number(rows), "verification": verification]
        guard !isPast else { return StatusPhrases.releaseThen.text(in: language, facts) }
        let sync: Fact =
            if let lastSync {
                .word(
                    StatusPhrases.syncedAgo,
                    ["age": .text(times.age(of: Date(timeIntervalSince1970: Double(lastSync) / 1000), at: now))])
            } else {
                hasServer ? .word(StatusPhrases.neverSynced) : .word(StatusPhrases.localOnly)
            }
        return StatusPhrases.releaseLine.text(in: language, facts.merging(["sync": sync]) { $1 })
    }

    private var verification: Fact {
        if isFrozen { return .word(StatusPhrases.notVerified) }
        guard let behind else { return .word(StatusPhrases.verifiedTo, ["entry": .number(size)]) }
        return .word(StatusPhrases.catchingUp, ["done": .number(behind.verified), "total": .number(behind.size)])
    }

    /// The newest release by its label, and whether it was withdrawn.
    private func releaseName(_ language: Language) -> String? {
        guard let label = standing.release else { return nil }
        return standing.isReleaseWithdrawn ? StatusPhrases.withdrawnLabel.text(in: language, ["label": .text(label)]) : label
    }

    /// The same columns in every language.
    private func place(_ line: Line, _ page: inout Page) {
        var pieces: [Placed] = [.at(2, Span(line.label.text(in: page.language))), .upTo(16, Span(line.count))]
        if let hint = line.hint { pieces.append(.at(19, Span(hint.phrase.text(in: page.language, hint.facts)))) }
        if let command = placed(line.command) { pieces.append(.command(62, command)) }
        page.place(pieces)
    }

    // MARK: JSON

    static let fields = [
        "service", "engagement", "rows", "release", "states", "unreleased", "waiting", "conflicts", "drafted", "pending", "refused",
        "unmoved",
        "lastSync", "agreement", "agreements", "isVerified", "device", "next",
    ]

    var json: JSONValue {
        let counts = standing.counts
        let side: Side? = if case .engagement(let engagement) = selection { engagement.side } else { nil }
        let told =
            (agreements + beside).map { $0.json }
            + missed.map { gone, short in
                .members(
                    ("id", .text(gone.id.uuid)), ("short", .text(short)), ("status", .text(ErasedAgreement.status)),
                    ("differs", .number(0)))
            }
        return [
            "service": .text(orNull: context.service), "engagement": .text(orNull: context.engagement), "rows": .number(rows),
            "release": .text(orNull: standing.release),
            "states": .object(RowState.allCases.map { .init($0.rawValue, .number(counts[$0])) }),
            "unreleased": .number(counts.unreleased),
            "waiting": .object(
                [RowState.open, .disputed, .reworded].map { state in
                    .init(state.rawValue, .number(side.map { counts.waiting(for: $0, in: state) } ?? 0))
                }),
            "conflicts": .number(standing.conflictedCells), "drafted": .number(drafted), "pending": .number(pending),
            "refused": .number(refused),
            "unmoved": .number(unmoved),
            "lastSync": .text(orNull: lastSync.map { Timestamp.rfc3339(milliseconds: $0) }),
            "agreement": told.first ?? .null, "agreements": .list(told),
            "isVerified": .bool(!isFrozen && behind == nil), "device": .text(ended?.name ?? "enrolled"),
            "next": .text(orNull: next),
        ]
    }
}
