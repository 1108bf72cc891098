import BuntanProtocol
import Records

/// Record integrity (DATA).
enum IntegrityRules {
    static let all = [wellFormed, recipients, revisions]

    /// DATA-1 (P; 1 7.5.2)
    static let wellFormed = Rule("DATA-1", forEach: FactKind.allCases.filter { isRecord($0) || fields[$0] != nil }) { fact, view in
        let (durations, dates) = fields[fact.kind] ?? ([], [])
        let everywhere: [FactField] = isRecord(fact.kind) ? [.effectiveFrom, .effectiveTo, .reviewDue] : []
        let malformed =
            durations.filter { fact.text($0) != nil && fact.duration($0) == nil }
            + (dates + everywhere).filter { fact.text($0) != nil && fact.date($0) == nil }
        let known = Set(durations + dates + everywhere)
        let unordered = ranges.filter { from, to in
            guard known.contains(from), known.contains(to) else { return false }
            guard let first = fact.text(from), let last = fact.text(to) else { return false }
            return FieldOrder.isBroken(first, last)
        }
        let dangling = references[fact.kind, default: []].filter { field, target in
            fact.refs(field).contains { view.fact(target, $0, .own) == nil }
        }
        // What others wrote, they put right: what they say of days to come is not held against whoever reads it.
        let undone =
            !own.contains(fact.kind)
            ? [] : dates.filter { deeds.contains($0) && fact.date($0) != nil && fact.deed($0, by: view.today) == nil }
        func failure(_ field: FactField, _ reason: Word) -> Failure {
            Failure(at: fact, field, ["field": .field(field), "reason": reason])
        }
        let unreadable = BilingualText(en: "it cannot be read", ja: "読めない値")
        let gone = BilingualText(
            en: "the record that it names is gone, or deleted here and edited there", ja: "参照先の記録がないか、削除と編集が競合している")
        let stillToCome = BilingualText(en: "this day is still to come", ja: "まだ来ていない日付")
        let tooEarly = BilingualText(en: "it is before the contract began", ja: "契約の開始より前")
        return malformed.map { failure($0, .bilingual(unreadable)) } + undone.map { failure($0, .bilingual(stillToCome)) }
            + dangling.map { failure($0.field, .bilingual(gone)) }
            + unordered.map { from, to in
                failure(
                    to,
                    .phrase([
                        fact.word(to), .bilingual(BilingualText(en: "against", ja: "、")), .field(from),
                        .bilingual(BilingualText(en: "of", ja: "は")), fact.word(from),
                    ]))
            } + (endsBeforeItsStart(fact, view) ? [failure(.contractEndedOn, .bilingual(tooEarly))] : [])
    }

    /// What nobody can write, and a day for the next assessment that a new one has overtaken.
    private static let ranges: [(FactField, FactField)] =
        FieldOrder.pairs.compactMap { first, last in
            guard let first = FactField.named(first), let last = FactField.named(last) else { return nil }
            return (first, last)
        } + [(.assessedOn, .reassessDue)]

    /// The fields by which records that an organisation keeps to itself name one another: what one of them names is here, or is gone.
    static let references: [FactKind: [(field: FactField, target: FactKind)]] = {
        let schema = SchemaRegistry.current
        var found: [FactKind: [(FactField, FactKind)]] = [:]
        for known in own {
            guard let kind = schema.kind(known.rawValue) else { continue }
            // What belongs to another record by its key goes unseen with it.
            let named = kind.fields.filter { !(kind.key?.contains($0.name) ?? false) }
            found[known] = named.compactMap { field in
                guard field.type == .record, let target = field.target, schema.kind(target)?.spaces == [.private],
                    let name = FactField.named(field.name), name != .parent, let meant = FactKind.named(target), meant != .gap
                else { return nil }
                return (name, meant)
            }
        }
        return found
    }()

    /// The kinds of which an organisation keeps all records to itself.
    private static let own = Set(
        SchemaRegistry.current.kinds.filter { $0.spaces == [.private] }.compactMap { FactKind.named($0.name) })

    /// Days on which something has been done.
    static let deeds = Set(FieldOrder.deeds.compactMap { FactField.named($0) })

    /// Whether a contract is said to have ended before it began.
    private static func endsBeforeItsStart(_ removal: ViewedFact, _ view: FactView) -> Bool {
        guard removal.kind == .assetRemoval, let ended = removal.date(.contractEndedOn) else { return false }
        // What a service says of all its contracts is put beside the engagement that is asked about.
        let engagements =
            view.fact(.engagement, removal.ref(.engagementId), .own).map { [$0] }
            ?? view.facts(.engagement, where: .serviceIds, is: removal.serviceID, .own)
        return engagements.compactMap { $0.date(.startDate) }.min().map { ended < $0 } ?? false
    }

    private static func isRecord(_ kind: FactKind) -> Bool { !kind.rawValue.contains(".") }

    /// The durations and the dates of each kind, beside those of every record.
    private static let fields: [FactKind: (durations: [FactField], dates: [FactField])] = [
        .engagement: ([], [.startDate, .endDate]),
        .responsibility: ([], [.lastReviewedOn]),
        .sharedRole: ([], [.communicatedOn]),
        .allocationAgreement: ([.reviewInterval], []),
        .backupSpecification: (
            [.retention, .immutability, .integrityCheckInterval, .restoreTimescale, .restoreTestInterval, .rpo, .rto, .deletionAfterExit],
            []
        ),
        .backupRequirement: ([.maxRpo, .maxRto, .minRetention, .maxRetention, .maxRestoreTestInterval, .maxIntegrityCheckInterval], []),
        .jurisdiction: ([], [.lawEffectiveFrom, .lawExpiredOn, .lastCheckedOn]),
        .supplementaryMeasure: ([], [.inPlaceFrom]),
        .verification: ([], [.verifiedOn]),
        .informationRequest: ([], [.requestedOn, .dueOn]),
        .evidence: ([], [.periodFrom, .periodTo]),
        .assetRemoval: ([.returnWindow, .removalDeadline], [.contractEndedOn, .removedOn, .customerConfirmedOn]),
        .incidentProcedure: ([.targetNotificationTime, .customerMaxNotificationTime], []),
        .changeNotice: ([], [.plannedStart, .startedAt, .completedAt]),
        .policy: ([], [.ismsConformityCheckedOn, .approvedOn]),
        .trainingRecord: ([], [.heldOn]),
        .scopeStatement: ([], [.approvedOn]),
        .soa: ([], [.approvedOn]),
        .soaEntry: ([], [.evaluatedOn]),
        .risk: ([], [.assessedOn, .fedBackOn, .reassessDue]),
        .riskTreatment: ([], [.dueOn]),
        .riskAcceptance: ([], [.approvedOn, .validTo]),
        .internalAudit: ([.plannedInterval], [.performedOn, .reportedToManagementOn]),
        .auditFinding: ([], [.dueOn, .closedOn, .effectivenessCheckedOn]),
        .managementReview: ([.plannedInterval], [.heldOn]),
        .emergingTheme: ([], [.reviewedOn]),
        .editionTable: ([], [.publishedOn, .supersededOn]),
        .loggingCapability: ([.retention], []),
        .serviceCapability: ([.targetRemediation], []),
        .partyCertifications: ([], [.validFrom, .validTo]),
        .partySignatories: ([], [.validFrom, .validTo]),
        .backupSpecificationSchedule: ([.interval], []),
        .backupSpecificationLastRestoreTest: ([], [.testedOn]),
        .backupRequirementOwnRestoreTests: ([.measuredRto], [.testedOn]),
        .monitoringCapabilityItems: ([.interval, .retention], []),
        .monitoringRequirementRequiredItems: ([.maxInterval, .minRetention], []),
        .managementReviewOutputImprovements: ([], [.dueOn, .doneOn]),
        .managementReviewOutputChanges: ([], [.dueOn, .doneOn]),
        .allocationAgreementSignatures: ([], [.signedAt]),
    ]

    /// DATA-2 (1 A.13.2.2; P)
    static let recipients = Rule("DATA-2", forEach: FactKind.allCases.filter(isRecord)) { fact, view in
        guard let recipient = fact.ref(.recipientPartyId) else { return [] }
        let isAllowed =
            switch fact.text(.visibility) {
            case "public": true
            case "counterpart":
                view.fact(.engagement, fact.ref(.engagementId)).map { engagement in
                    [engagement.ref(.providerPartyId), engagement.ref(.customerPartyId)].contains(recipient)
                } ?? false
            default: recipient == fact.ref(.authorPartyId)
            }
        return isAllowed ? [] : [Failure(at: fact, .visibility, ["record": .name(of: fact), "party": .record(recipient, .party)])]
    }

    /// DATA-3 (1 7.5.3; P)
    static let revisions = Rule("DATA-3", forEach: FactKind.allCases.filter(isRecord)) { fact, _ in
        guard let revision = fact.int(.revision), revision > 1 else { return [] }
        if let replaced = fact.text(.supersedes), replaced == fact.text(.currentHash) { return [] }
        return [Failure(at: fact, .supersedes, ["record": .name(of: fact)])]
    }
}
