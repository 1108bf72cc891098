import BuntanProtocol
import Records

/// Reads the records for one review: what has been done, what has changed and what was found since the review before.
struct ReviewReading {
    typealias Line = ReviewInputs.Line

    let view: FactView
    let parties: [InterestedParty]
    /// The day of the review before; `nil` for the first one, which is told all there is.
    let since: CalendarDate?
    let previous: FactID?
    let today: CalendarDate
    let actions: [ManagementAction]
    let findings: CheckedCounts

    /// Whether a day lies between the review before and this one.
    func isRecent(_ day: CalendarDate) -> Bool { day <= today && since.map { day >= $0 } ?? true }

    func recent(_ fact: ViewedFact, _ field: FactField) -> CalendarDate? { fact.date(field).flatMap { isRecent($0) ? $0 : nil } }

    static func day(_ day: CalendarDate?) -> Word { day.map { .date($0) } ?? .text("-") }

    // MARK: a)

    /// What earlier reviews have decided: what is open, and what was done since the last one.
    var earlierActions: [Line] {
        guard previous != nil else { return [Line(.noEarlierReview)] }
        let lines = actions.filter { $0.matter == .decision && isEarlier($0) }.compactMap { action -> Line? in
            let words: [String: Word] = [
                "action": action.name, "owner": .text(action.owner ?? "-"), "due": Self.day(action.due), "done": Self.day(action.done),
            ]
            if let done = action.done {
                // What was done before the last review was told there; what that one itself decided is told in any case.
                return isRecent(done) || action.origin == previous ? Line(.actionDone, words, of: action.record) : nil
            }
            let isLate = action.isLate(on: today)
            return Line(isLate ? .actionLate : .actionOpen, words, of: action.record, isLate: isLate)
        }
        return lines.isEmpty ? [Line(.noActions)] : lines
    }

    /// Whether a decision is of a review before this one.
    private func isEarlier(_ action: ManagementAction) -> Bool {
        view.fact(.managementReview, action.origin, .own)?.date(.heldOn).map { $0 < today } ?? false
    }

    // MARK: b)

    /// What has changed around the services, as far as it is recorded.
    var changes: [Line] {
        let lines = engagementChanges + noticedChanges + laws + editions + approvals + themes
        return lines.isEmpty ? [Line(.noChange)] : lines
    }

    private var engagementChanges: [Line] {
        view.all(.engagement).flatMap { engagement -> [Line] in
            let party = parties.first { $0.engagement == engagement.id }
            let service = Word.service(engagement.refs(.serviceIds).first)
            func line(_ matter: ReviewInputs.Matter, _ field: FactField) -> [Line] {
                recent(engagement, field).map { day in
                    [
                        Line(
                            matter,
                            ["party": party.map { .bilingual($0.name) } ?? .kind(.engagement), "service": service, "date": .date(day)],
                            of: engagement.id)
                    ]
                } ?? []
            }
            return line(.engagementBegan, .startDate) + line(.engagementEnded, .endDate)
        }
    }

    /// Changes that providers have given notice of: those that are done since, and those to come.
    private var noticedChanges: [Line] {
        view.all(.changeNotice).compactMap { notice in
            guard let day = notice.date(.completedAt) ?? notice.date(.plannedStart), day >= today || isRecent(day) else { return nil }
            return Line(
                .noticedChange, ["service": .service(notice.serviceID), "change": .name(of: notice), "date": .date(day)], of: notice.id)
        }
    }

    private var laws: [Line] {
        view.all(.jurisdiction).flatMap { law -> [Line] in
            func line(_ matter: ReviewInputs.Matter, _ field: FactField) -> [Line] {
                recent(law, field).map {
                    [Line(matter, ["law": .name(of: law), "service": .service(law.serviceID), "date": .date($0)], of: law.id)]
                } ?? []
            }
            return line(.lawInForce, .lawEffectiveFrom) + line(.lawExpired, .lawExpiredOn)
        }
    }

    /// Editions that own statements rest on and that are superseded.
    private var editions: [Line] {
        view.all(.soa, .own).flatMap { statement in
            [FactField.edition27001, .edition27017].compactMap { field -> Line? in
                guard let edition = statement.text(field),
                    let day = view.facts(.editionTable, where: .editionId, is: .text(edition)).compactMap({ $0.date(.supersededOn) }).min(),
                    day < today
                else { return nil }
                return Line(
                    .editionSuperseded,
                    ["edition": .code(field, edition), "service": .name(of: statement), "date": .date(day)], of: statement.id)
            }
        }
    }

    private var approvals: [Line] {
        func lines(_ kind: FactKind, _ matter: ReviewInputs.Matter) -> [Line] {
            view.all(kind, .own).compactMap { fact in
                recent(fact, .approvedOn).map { Line(matter, ["name": .name(of: fact), "date": .date($0)], of: fact.id) }
            }
        }
        return lines(.scopeStatement, .scopeApproved) + lines(.policy, .policyApproved)
    }

    private var themes: [Line] {
        view.all(.emergingTheme, .own).compactMap { theme in
            guard let use = theme.text(.inUse), use == "yes" || use == "planned" else { return nil }
            return Line(.themeInUse, ["theme": .name(of: theme), "use": .code(.inUse, use)], of: theme.id)
        }
    }

    // MARK: d)

    /// What customers below and providers above have said, by engagement.
    var feedback: [Line] {
        let lines = parties.flatMap { party -> [Line] in
            let words: [String: Word] = [
                "party": .bilingual(party.name), "service": .service(party.service), "n": .number(party.published),
                "agreed": .number(party.agreed), "disputed": .number(party.disputed), "open": .number(party.open),
                "requests": .number(party.requests),
            ]
            let standing = Line(party.side == .customer ? .customerStands : .providerStands, words, of: party.engagement)
            let agreement = Line(party.isAgreed ? .agreementStands : .agreementMissing, words, of: party.engagement)
            return [standing, agreement] + (party.requests > 0 ? [Line(.requestsOpen, words, of: party.engagement)] : [])
        }
        return lines.isEmpty ? [Line(.noParty)] : lines
    }
}
