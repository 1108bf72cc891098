import Agreements
import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Rules
import Storage
import Syncing
import Wording

/// One thing that others did, as a sync brought it.
struct ArrivedEvent {
    /// A name for scripts, like `release` or `positions`.
    let name: String
    let service: String?
    let engagement: String?
    /// What else there is to say of it, in the order of its members.
    let facts: [JSONValue.Member]
    let phrase: SyncPhrases
    let words: Facts

    /// The same with the command in it as it is to be typed after the one that ran.
    func words(_ completing: (String) -> String) -> Facts {
        guard case .text(let command)? = words["next"] else { return words }
        return words.merging(["next": .text(completing(command))]) { $1 }
    }

    /// Every member that an event can have, those that all have first.
    static let members = [
        "at", "event", "service", "engagement", "label", "rows", "changed", "endsOn", "message", "counterpart",
        "fingerprint", "isConfirmed", "invited", "agreed", "disputed", "texts", "agreement", "short", "validFrom", "device", "auditor",
        "side", "until", "needsOwn", "cells", "reference", "kind", "field", "gaps", "next",
    ]

    /// As a member of a list of events.
    var member: JSONValue {
        .object(
            [
                .init("event", .text(name)), .init("service", .text(orNull: service)), .init("engagement", .text(orNull: engagement)),
            ] + facts)
    }

    /// `buntan.event/1`: what `watch` gives to a command on standard input.
    func json(at time: Date) -> JSONValue {
        .object(
            [
                .init("format", "buntan.event/1"), .init("at", .text(Timestamp.rfc3339(time))), .init("event", .text(name)),
                .init("service", .text(orNull: service)), .init("engagement", .text(orNull: engagement)),
            ] + facts)
    }

    func text(in language: Language) -> String { phrase.text(in: language, words) }
}

/// Reads out of a sync's report what happened, in the words of this store.
struct ArrivedEvents {
    let report: SyncReport
    let before: EarlierStanding
    private let now: Date
    let directory: StoreDirectory
    let workspace: Workspace
    let language: Language
    private let times: TimeDisplay
    let reader: any StoreReader
    private var events: [ArrivedEvent] = []

    static func all(
        of report: SyncReport, since before: EarlierStanding, _ directory: StoreDirectory, _ workspace: Workspace, _ times: TimeDisplay,
        now: Date, _ reader: any StoreReader
    ) throws -> [ArrivedEvent] {
        var reading = ArrivedEvents(
            report: report, before: before, now: now, directory: directory, workspace: workspace, language: times.language, times: times,
            reader: reader)
        try reading.readDevices()
        for service in directory.services {
            try reading.read(service)
            try reading.readErasures(in: service.service, service.handle, nil)
        }
        for service in directory.services where service.isOwn { try reading.readUpstream(of: service) }
        for engagement in directory.engagements {
            try reading.readChangedAnswers(of: engagement)
            try reading.read(engagement)
            try reading.readAgreements(of: engagement)
            try reading.readGaps(of: engagement)
            try reading.readAuditors(of: engagement)
            try reading.readErasures(
                in: engagement.space, directory.service(of: engagement)?.handle, engagement)
            try reading.readCopies(in: engagement, directory.service(of: engagement)?.handle)
        }
        return reading.events
    }

    mutating func add(
        _ name: String, _ service: String?, _ engagement: KnownEngagement?, _ facts: [JSONValue.Member], _ phrase: SyncPhrases,
        _ words: Facts
    ) {
        events.append(
            ArrivedEvent(name: name, service: service, engagement: engagement?.handle, facts: facts, phrase: phrase, words: words))
    }

    func states(_ space: SpaceID) throws -> [(id: RecordID, state: RecordState)] {
        try (report.touched[space] ?? []).sorted().compactMap { id in try reader.shown(id, in: space).map { (id, $0) } }
    }

    // MARK: the organisation's own

    private mutating func readDevices() throws {
        let this = directory.identity.device
        for device in try ListedDevice.all(reader) where !before.knows(device.id) && device.id != this && device.revoked == nil {
            let short = try reader.shortID(of: .device(device.id))
            add(
                "device", nil, nil,
                [.init("label", .text(device.label)), .init("short", .text(short)), .init("device", .text(device.id.hex))],
                .arrivedDevice, ["label": .text(device.label)])
        }
    }

    // MARK: services

    private mutating func read(_ service: KnownService) throws {
        let touched = try states(service.service)
        guard !touched.isEmpty else { return }
        let engaged = directory.engagements.first { $0.service == service.service && $0.side != .provider }
        let who = engaged?.providerName.spoken(language.rawValue) ?? directory.ownName.spoken(language.rawValue) ?? service.handle
        let releases = try workspace.releases(of: service.service, reader)
        for (index, release) in releases.enumerated() where touched.contains(where: { $0.id == release.id }) {
            let rows = release.rows
            // The first of a service changes nothing.
            let before = index > 0 ? releases[index - 1].manifest : nil
            let changes = before.flatMap { before in release.manifest?.changes(since: before) }
            let changed = changes.map { $0["responsibility"] ?? 0 }
            let others = changes.map { $0.values.reduce(0, +) - (changed ?? 0) }
            add(
                "release", service.handle, nil,
                [
                    .init("label", .text(release.label)), .init("rows", .number(rows)),
                    .init("changed", changed.map { .number($0) } ?? .null), .init("others", others.map { .number($0) } ?? .null),
                ],
                changed == nil ? .arrivedFirstRelease : others ?? 0 > 0 ? .arrivedReleaseBeside : .arrivedRelease,
                [
                    "counterpart": .text(who), "label": .text(release.label), "rows": .number(rows), "changed": .number(changed ?? 0),
                    "n": .number(others ?? 0),
                ])
        }
        for (_, state) in touched where state.kind == "release-withdrawal" {
            guard let id = state.value("release")?.bytes.flatMap({ RecordID($0) }), let release = releases.first(where: { $0.id == id })
            else {
                continue
            }
            let reason = state.text("message") ?? "-"
            add(
                "withdrawal", service.handle, nil, [.init("label", .text(release.label)), .init("message", .text(reason))],
                .arrivedWithdrawn, ["counterpart": .text(who), "label": .text(release.label), "reason": .text(reason)])
        }
    }

    /// Rows of an own service beneath which the provider above has changed its own.
    private mutating func readUpstream(of service: KnownService) throws {
        let rows = RowKey.sorted(try before.newlyTouched(service, directory, workspace, now, reader))
        guard !rows.isEmpty else { return }
        let next = "buntan trace -s \(service.handle)"
        add(
            "upstream-changed", service.handle, nil, [.init("rows", .list(rows.map(\.json))), .init("next", .text(next))],
            .arrivedUpstream,
            ["rows": .number(rows.count), "service": .text(service.name.spoken(language.rawValue) ?? service.handle), "next": .text(next)])
    }

    // MARK: engagements

    /// For whom the invitation was made with which an engagement began, if this store has made it for somebody.
    private func invited(to engagement: KnownEngagement) throws -> String? {
        guard let bytes = try reader.standing(of: engagement.space)?.genesis.invitation else { return nil }
        return try reader.invitedName(Invitation(decoding: bytes).id)
    }

    private mutating func read(_ engagement: KnownEngagement) throws {
        let service = directory.service(of: engagement)?.handle
        let who = engagement.counterpartName.spoken(language.rawValue) ?? engagement.handle
        if report.newSpaces.contains(engagement.space), engagement.side == .provider {
            let invited = try invited(to: engagement)
            let isOther = invited.map { !engagement.counterpartName.values.contains($0) } ?? false
            add(
                "joined", service, engagement,
                [
                    .init("counterpart", .texts(engagement.counterpartName)),
                    .init("fingerprint", .text(engagement.counterpart.fingerprint)),
                    .init("isConfirmed", .bool(engagement.isConfirmed)), .init("invited", .text(orNull: invited)),
                ], isOther ? .arrivedJoinFor : .arrivedJoin,
                [
                    "name": .text(who), "fingerprint": .text(engagement.counterpart.fingerprint), "invited": .text(invited ?? ""),
                ])
        }
        try readIdentity(of: engagement, service, who)
        let touched = try states(engagement.space)
        for other in engagement.others {
            try read(
                engagement, service, other.organisation, other.name.spoken(language.rawValue) ?? engagement.handle,
                touched.filter { $0.state.creator == other.organisation })
        }
    }

    /// What one party of an engagement has written.
    private mutating func read(
        _ engagement: KnownEngagement, _ service: String?, _ party: OrganisationID, _ who: String,
        _ touched: [(id: RecordID, state: RecordState)]
    ) throws {
        guard !touched.isEmpty else { return }
        let rows = touched.filter { $0.state.kind == "responsibility-position" }.compactMap { RowKey($0.state) }
        if !rows.isEmpty {
            let standings = try rows.map { try workspace.row($0, of: engagement, reader).negotiation.state }
            let agreed = standings.count { $0 == .agreed }
            let disputed = standings.count { $0 == .disputed }
            add(
                "positions", service, engagement,
                [
                    .init("rows", .list(RowKey.sorted(rows).map(\.json))), .init("agreed", .number(agreed)),
                    .init("disputed", .number(disputed)),
                ], .arrivedPositions,
                ["counterpart": .text(who), "rows": .number(rows.count), "list": .text(standings.counted(in: language))])
        }
        let comments = touched.filter { $0.state.kind == "comment" && $0.state.standing != .deleted }
        if !comments.isEmpty {
            add(
                "comments", service, engagement,
                [.init("texts", .list(comments.compactMap { $0.state.text("text").map { .text($0) } }))], .arrivedComments,
                ["n": .number(comments.count), "counterpart": .text(who)])
        }
        for (id, state) in touched where state.kind == "agreement-signature" {
            let agreement = state.value("agreement")?.bytes.flatMap { RecordID($0) } ?? id
            let short = try reader.shortID(of: .record(agreement))
            add(
                "signature", service, engagement, [.init("agreement", .text(agreement.uuid)), .init("short", .text(short))],
                .arrivedSignature, ["counterpart": .text(who), "id": .text(short)])
        }
        try readAgreementEnds(of: engagement, service, party, who, touched)
        for (_, state) in touched where state.kind == "engagement" {
            guard let day = state.text("endDate") else { continue }
            add(
                "end", service, engagement, [.init("endsOn", .text(day)), .init("message", .text(orNull: state.text("endReason")))],
                .arrivedEnd, ["counterpart": .text(who), "date": .text(day), "engagement": .text(engagement.handle)])
        }
        if touched.contains(where: { $0.1.kind == Handover.kind }) {
            var facts: Facts = ["counterpart": .text(who), "engagement": .text(engagement.handle)]
            if let handover = engagement.end?.handover {
                facts.merge(handover.facts(language)) { first, _ in first }
                add("handover", service, engagement, [.init("handover", handover.json)], .arrivedHandover, facts)
            } else {
                add("handover-withdrawn", service, engagement, [], .arrivedHandoverBack, facts)
            }
        }
    }
}

extension ArrivedEvents {
    /// Another name of the counterpart, and another root key.
    private mutating func readIdentity(of engagement: KnownEngagement, _ service: String?, _ who: String) throws {
        if let old = before.formerName(of: engagement) {
            add(
                "renamed", service, engagement, [.init("counterpart", .texts(engagement.counterpartName))], .arrivedRename,
                ["old": .text(old.spoken(language.rawValue) ?? engagement.handle), "counterpart": .text(who)])
        }
        if before.hadRoot(otherThan: try reader.rootKey(of: engagement.counterpart, in: engagement.space), engagement) {
            let fingerprint = engagement.counterpart.fingerprint
            add(
                "root-replaced", service, engagement,
                [.init("counterpart", .texts(engagement.counterpartName)), .init("fingerprint", .text(fingerprint))], .arrivedRoot,
                ["counterpart": .text(who), "fingerprint": .text(fingerprint)])
        }
    }

    /// The counterpart's words that an agreement ends, or that an offer is taken back or turned down.
    private mutating func readAgreementEnds(
        of engagement: KnownEngagement, _ service: String?, _ party: OrganisationID, _ who: String,
        _ touched: [(id: RecordID, state: RecordState)]
    ) throws {
        let ends = touched.filter { $0.state.kind == AgreementEnding.kind }
        guard !ends.isEmpty else { return }
        let known = try workspace.agreements(of: engagement, day: { [now] in ZonedDays.day(of: now, zone: $0) }, reader)
        for agreement in known {
            for ending in agreement.content.endings where ends.contains(where: { $0.id == ending.record }) {
                let short = try reader.shortID(of: .record(agreement.id))
                let phrase: SyncPhrases =
                    agreement.content.isWhole
                    ? .arrivedAgreementEnd : agreement.isOffered(by: party) ? .arrivedWithdrawal : .arrivedRefusal
                add(
                    "agreement-end", service, engagement,
                    [
                        .init("endsOn", .text(ending.endsOn.text)), .init("message", .text(orNull: ending.message)),
                        .init("agreement", .text(agreement.id.uuid)), .init("short", .text(short)),
                    ], phrase,
                    [
                        "counterpart": .text(who), "id": .text(short), "date": .text(ending.endsOn.text),
                        "reason": .text(ending.message ?? "-"),
                    ])
            }
        }
    }

    /// Gaps that had been assessed, approved or closed for other values than are required and offered now.
    private mutating func readGaps(of engagement: KnownEngagement) throws {
        let touched = [engagement.service, engagement.space, try directory.home(reader)].compactMap { $0 }.contains { space in
            report.touched[space]?.isEmpty == false
        }
        guard touched else { return }
        let gaps = try before.newlyReopened(engagement, workspace, reader)
        guard !gaps.isEmpty else { return }
        let next = "buntan gaps -e \(engagement.handle)"
        add(
            "gaps-reopened", directory.service(of: engagement)?.handle, engagement,
            [.init("gaps", .list(gaps.map { .text($0.key) })), .init("next", .text(next))], .arrivedGaps,
            ["n": .number(gaps.count), "engagement": .text(engagement.handle), "next": .text(next)])
    }

    /// Whom the parties let read since, and whom no longer; for an auditor, that it may or cannot any more.
    private mutating func readAuditors(of engagement: KnownEngagement) throws {
        let service = directory.service(of: engagement)?.handle
        func day(_ millis: Int64) -> Fact { .text(times.day(Date(milliseconds: millis)).text) }
        if let audit = engagement.audit, report.newSpaces.contains(engagement.space) {
            add(
                "reading", service, engagement, [.init("until", .text(Timestamp.rfc3339(milliseconds: audit.until)))], .arrivedReading,
                ["engagement": .text(engagement.handle), "date": day(audit.until)])
        }
        if report.unfollowed.contains(engagement.space) {
            add("reading-ended", service, engagement, [], .arrivedReadingEnd, ["engagement": .text(engagement.handle)])
        }
        guard let before = before.grants(in: engagement.space) else { return }
        let known = try workspace.auditors(of: engagement, reader)
        let now = try SaidGrant.all(of: engagement, workspace, reader)
        func told(_ said: SaidGrant, _ name: String, _ phrase: SyncPhrases, _ facts: [JSONValue.Member]) {
            let party = said.grant.side == engagement.seat ? engagement.partyName : engagement.counterpartName
            add(
                name, service, engagement,
                [.init("auditor", .text(said.auditor.fingerprint)), .init("side", .text(said.grant.side.name))] + facts, phrase,
                [
                    "counterpart": .text(party.spoken(language.rawValue) ?? engagement.handle), "auditor": .text(said.auditor.fingerprint),
                    "engagement": .text(engagement.handle), "date": day(said.grant.until),
                ])
        }
        let order: (SaidGrant, SaidGrant) -> Bool = { ($0.auditor, $0.grant.side.rawValue) < ($1.auditor, $1.grant.side.rawValue) }
        for said in now.subtracting(before).sorted(by: order) {
            let isAsked = engagement.side.map { side in known.contains { $0.auditor == said.auditor && $0.missing == side } } ?? false
            told(
                said, "auditor", isAsked ? .arrivedAuditorAsks : .arrivedAuditor,
                [.init("until", .text(Timestamp.rfc3339(milliseconds: said.grant.until))), .init("needsOwn", .bool(isAsked))])
        }
        for said in before.sorted(by: order)
        where !now.contains(where: { $0.auditor == said.auditor && $0.grant.side == said.grant.side }) {
            told(said, "auditor-end", .arrivedAuditorEnd, [])
        }
    }

    /// Agreements that both have signed now, and those that went stale, whoever made them so.
    private mutating func readAgreements(of engagement: KnownEngagement) throws {
        let service = directory.service(of: engagement)?.handle
        for known in try workspace.agreements(of: engagement, day: { [now] in ZonedDays.day(of: now, zone: $0) }, reader) {
            let (completes, makesStale) = (before.completes(known), before.makesStale(known))
            guard completes || makesStale else { continue }
            let short = try reader.shortID(of: .record(known.id))
            let facts: [JSONValue.Member] = [.init("agreement", .text(known.id.uuid)), .init("short", .text(short))]
            if completes {
                var later: CalendarDate?
                if case .notYetValid(let from) = known.status { later = from }
                add(
                    "in-force", service, engagement, facts + [.init("validFrom", .text(orNull: known.head.validFrom?.text))],
                    later == nil ? .arrivedInForce : .arrivedValidLater, ["id": .text(short), "date": .text(later?.text ?? "")])
            }
            if makesStale {
                let rows = known.differingRows.count
                add(
                    "stale", service, engagement, [.init("rows", .number(rows))] + facts, rows == 0 ? .arrivedStaleRecords : .arrivedStale,
                    ["id": .text(short), "rows": .number(rows), "n": .number(known.differences.count)])
            }
        }
    }
}

extension [RowState] {
    /// How many rows are in which state, the states that want something done first: `1 disputed, 2 agreed`.
    func counted(in language: Language) -> String {
        let order: [RowState] = [.disputed, .open, .unsettled, .reworded, .unpublished, .agreed]
        let parts = order.compactMap { state -> String? in
            let count = self.count { $0 == state }
            return count == 0 ? nil : AgreementPhrases.partCount.text(in: language, ["n": .number(count), "state": .word(state.phrase)])
        }
        return parts.joined(separator: language == .ja ? "、" : ", ")
    }
}
