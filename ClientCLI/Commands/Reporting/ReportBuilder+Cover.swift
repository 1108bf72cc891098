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

// The first page: who with whom about what, where it stands, and what a reader has to know.

extension ReportBuilder {
    func facts(_ rows: [MatrixRow]) throws -> [ReportDocument.Line] {
        var lines: [ReportDocument.Line] = []
        func add(_ name: String, _ label: ReportPhrases, _ runs: [ReportDocument.Run], _ value: JSONValue) {
            lines.append(ReportDocument.Line(name: name, label: say(label), runs: runs, value: value))
        }
        func party(_ name: String, _ label: ReportPhrases, _ organisation: OrganisationID, _ texts: [String: String]) {
            add(
                name, label, [spoken(texts) ?? .words("-"), .next, .code(organisation.fingerprint)],
                .members(("fingerprint", .text(organisation.fingerprint)), ("name", .texts(texts))))
        }
        let directory = selector.directory
        if let engagement {
            let (own, theirs) = ((engagement.party, engagement.partyName), (engagement.counterpart, engagement.counterpartName))
            let (provider, customer) = engagement.seat == .provider ? (own, theirs) : (theirs, own)
            party("provider", .factProvider, provider.0, provider.1)
            party("customer", .factCustomer, customer.0, customer.1)
        } else {
            party("organisation", .factOrganisation, directory.identity.organisation, directory.ownName)
        }
        if selection != nil {
            add("service", .factService, [spoken(serviceName) ?? .words("-")], .texts(serviceName))
            lines.append(try release())
        }
        if let engagement {
            lines += try agreementInForce(of: engagement)
            if let end = engagement.end { add("end", .factEnd, [.words(end.text(on: day, in: language))], end.json) }
        }
        add("day", .factDay, [.words(day.text)], .text(day.text))
        add("audience", .factAudience, [.words(audience.phrase.text(in: language))], .text(audience.rawValue))
        let logs = try spaces().compactMap { space in try reader.standing(of: space).map { (space, $0) } }
        add(
            "logs", .factLogs, [.words(say(.logsEntries, ["n": .number(logs.reduce(0) { $0 + $1.1.size })]))],
            .list(
                try logs.map { space, standing in
                    [
                        "epoch": .number(standing.epoch), "size": .number(standing.size),
                        "verified": .bool(try !reader.isFrozen(space) && reader.lead(of: space) == nil),
                    ]
                }))
        return lines
    }

    /// The release that is shown; a draft is told as such.
    func release() throws -> ReportDocument.Line {
        let newest = try scope.service.flatMap { try workspace.releases(of: $0, reader).last }
        let isDraft = rowSpace == scope.draft && rowSpace != nil
        guard let newest else {
            return ReportDocument.Line(name: "release", label: say(.factRelease), runs: [.words(say(.neverReleased))], value: .null)
        }
        var runs: [ReportDocument.Run] = isDraft ? [.words(say(.draftAfter)), .typed(newest.label)] : [.typed(newest.label)]
        if newest.isWithdrawn { runs.append(.mark(say(.withdrawn), .warning)) }
        if !isDraft { runs += [.next, .code("SHA-256 " + newest.documentDigest.hex)] }
        return ReportDocument.Line(
            name: "release", label: say(.factRelease), runs: runs,
            value: .members(
                ("label", .text(newest.label)), ("digest", .text(newest.documentDigest.hex)), ("withdrawn", .bool(newest.isWithdrawn)),
                ("draft", .bool(isDraft))))
    }

    /// What binds both, who signed it and when; that there is nothing, where there is not.
    private func agreementInForce(of engagement: KnownEngagement) throws -> [ReportDocument.Line] {
        let forms = try agreementForms(of: engagement)
        guard let known = forms.known.binding ?? forms.known.last else {
            return [
                ReportDocument.Line(name: "agreement", label: say(.factAgreement), runs: [.words(say(.agreementNone))], value: .null)
            ]
        }
        var runs: [ReportDocument.Run] = [.code(forms.short(known.id)), worth(known, forms)]
        for found in known.content.signatures.filter({ $0.standing.counts }) {
            let signature = found.signature
            runs += [
                .next,
                .typed(
                    say(
                        .signedBy,
                        [
                            "name": .text(signature.name), "title": .text(signature.title),
                            "organisation": .text(forms.name(of: signature.organisation)),
                            "date": .text(date(signature.place?.received)),
                        ])),
            ]
        }
        return [
            ReportDocument.Line(
                name: "agreement", label: say(.factAgreement), runs: runs,
                value: .members(
                    ("id", .text(known.id.uuid)), ("status", .text(known.status.name)), ("document", .text(known.content.digest.hex))))
        ]
    }

    func notices() throws -> [ReportDocument.Notice] {
        var notices: [ReportDocument.Notice] = []
        func add(_ name: String, _ phrase: ReportPhrases, _ facts: Facts = [:]) {
            notices.append(ReportDocument.Notice(name: name, text: say(phrase, facts)))
        }
        if let asOf = invocation.asOf {
            add(asOf.records.rawValue, asOf.records == .then ? .noticeThen : .noticeNow, ["date": .text(asOf.day.text)])
        }
        if isForMyself {
            add(
                "private", .noticePrivate,
                [
                    "name": .text(selector.directory.ownName.spoken(language.rawValue) ?? "-"),
                    "command": .text(command("report --audience counterpart")),
                ])
        } else {
            add("held-back", .noticeCounterpart)
        }
        let spaces = try spaces()
        if try spaces.contains(where: { try reader.isFrozen($0) }) {
            add("frozen", .noticeFrozen)
        } else if let behind = try spaces.compactMap({ try workspace.catchingUp(in: $0, reader) }).first {
            add("unverified", .noticeUnverified, ["done": .number(behind.verified), "total": .number(behind.size)])
        }
        // What waits to be sent is nobody else's to know.
        guard isForMyself else { return notices }
        let shown = Set(spaces)
        let waiting =
            try reader.outboxCount() == 0 ? 0 : reader.outbox(of: nil).count { shown.contains($0.item.space) && $0.list != .rejected }
        if waiting > 0 { add("unsent", .noticeUnsent, ["n": .number(waiting)]) }
        return notices
    }

    /// The counts that tell in a minute where it stands.
    func figures(_ rows: [MatrixRow], _ findings: ToldFindings?, _ board: GapBoard?, _ sections: [ReportDocument.Section])
        -> [ReportDocument.Figure]
    {
        var figures: [ReportDocument.Figure] = []
        func add(
            _ name: String, _ label: ReportPhrases, _ count: Int, total: Int? = nil, _ tone: ReportDocument.Tone,
            _ section: ReportDocument.SectionName
        ) {
            figures.append(
                ReportDocument.Figure(name: name, label: say(label), count: count, total: total, tone: tone, section: section))
        }
        func count(_ states: RowState...) -> Int { rows.count { states.contains($0.negotiation.state) } }
        if selection == nil {
            add("services", .figureServices, selector.directory.services.count, .plain, .services)
            add("engagements", .figureEngagements, selector.directory.engagements.count, .plain, .engagements)
        }
        if engagement != nil || selection == nil && !rows.isEmpty {
            let (agreed, disputed) = (count(.agreed), count(.disputed))
            let (open, unsettled) = (count(.open, .unpublished, .reworded), count(.unsettled))
            add("agreed", .figureAgreed, agreed, total: rows.count, agreed == rows.count ? .good : .plain, .matrix)
            add("disputed", .figureDisputed, disputed, disputed > 0 ? .warning : .plain, .disputes)
            add("open", .figureOpen, open, .plain, .matrix)
            if unsettled > 0 { add("unsettled", .figureUnsettled, unsettled, .bad, .matrix) }
        } else if selection != nil {
            let allocated = rows.count { !["", "unallocated"].contains($0.negotiation.provider.text ?? "") }
            add("rows", .figureAllocated, allocated, total: rows.count, allocated == rows.count ? .good : .plain, .heatmap)
        }
        if let findings {
            let violated = findings.violatedMusts
            if selection != nil || !selector.directory.engagements.isEmpty {
                let gaps = board?.open ?? findings.gaps
                add("gaps", .figureGaps, gaps, gaps > 0 ? .warning : .good, board == nil ? .findings : .gaps)
            }
            add("violatedMusts", .figureViolations, violated, violated > 0 ? .bad : .good, .findings)
        }
        let named = Set(sections.map(\.name))
        return figures.filter { named.contains($0.section) }
    }
}
