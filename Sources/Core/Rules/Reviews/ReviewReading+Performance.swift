import Records

// What was found, measured, audited and reached (1 9.3 c)), what is at risk (e)) and what could be better (f)).

extension ReviewReading {
    // MARK: c) 1)

    /// Nonconformities and their corrective actions: what waits, and what was closed since the review before.
    var nonconformities: [Line] {
        let lines = actions.filter { $0.matter != .decision }.compactMap { action -> Line? in
            guard let finding = view.fact(.auditFinding, action.record, .own), finding.isNonconformity else { return nil }
            let words: [String: Word] = [
                "grade": finding.word(.grade, isCode: true), "finding": action.name, "clause": .text(finding.text(.clause) ?? "-"),
                "due": Self.day(action.due), "done": Self.day(action.done),
            ]
            if action.matter == .effectiveness { return Line(.findingUnchecked, words, of: finding.id) }
            if let done = action.done { return isRecent(done) ? Line(.findingClosed, words, of: finding.id) : nil }
            let isLate = action.isLate(on: today)
            return Line(isLate ? .findingLate : .findingOpen, words, of: finding.id, isLate: isLate)
        }
        return lines.isEmpty ? [Line(.noNonconformity)] : lines
    }

    // MARK: c) 2)

    /// What the rules find in the records, and what was verified and tested since the review before.
    var measurements: [Line] {
        let counts = [RuleTable.Outcome.violation, .gap, .advice].map { findings[$0] }
        let checked =
            counts.allSatisfy { $0 == 0 }
            ? Line(.checkedNone, ["date": .date(today)])
            : Line(
                .checked,
                [
                    "date": .date(today), "violations": .number(findings[.violation]), "gaps": .number(findings[.gap]),
                    "advice": .number(findings[.advice]),
                ])
        let verifications = view.all(.verification, .own).filter { recent($0, .verifiedOn) != nil }
        let met = verifications.count { $0.text(.result) == "meets" }
        var lines = [checked]
        if !verifications.isEmpty { lines.append(Line(.verified, ["n": .number(verifications.count), "met": .number(met)])) }
        lines += verifications.filter { $0.text(.result) != "meets" }.map { verification in
            Line(
                .notMet,
                ["result": verification.word(.result, isCode: true), "date": Self.day(verification.date(.verifiedOn))],
                of: verification.id)
        }
        let tests: [(kind: FactKind, whole: FactKind)] = [
            (.backupSpecificationLastRestoreTest, .backupSpecification), (.backupRequirementOwnRestoreTests, .backupRequirement),
        ]
        let restored = tests.flatMap { kind, whole in
            view.all(kind).compactMap { test -> Line? in
                guard let day = recent(test, .testedOn) else { return nil }
                let about = view.fact(whole, test.ref(.parent))
                return Line(
                    .restoreTest,
                    ["service": .service(about?.serviceID), "date": .date(day), "result": test.word(.result, isCode: true)], of: about?.id)
            }
        }
        return lines + (restored.isEmpty && verifications.isEmpty ? [Line(.noMeasurement)] : restored)
    }

    // MARK: c) 3)

    var audits: [Line] {
        let held = view.all(.internalAudit, .own).filter { recent($0, .performedOn) != nil }
        let lines = held.flatMap { audit -> [Line] in
            let findings = view.all(.auditFinding, .own).filter { $0.ref(.parent) == audit.id }
            let services = audit.refs(.coveredServiceIds).map { Word.service($0) }
            let words: [String: Word] = [
                "date": Self.day(audit.date(.performedOn)), "criteria": .codes(.criteria, audit.codes(.criteria)),
                "services": services.isEmpty ? .text("-") : .list(services),
                "reported": Self.day(audit.date(.reportedToManagementOn)),
            ]
            let isReported = audit.done(.reportedToManagementOn, by: today) != nil
            let found = ["major-nonconformity", "minor-nonconformity", "opportunity", "good-practice"].compactMap { grade -> Line? in
                let count = findings.count { $0.text(.grade) == grade }
                let told: [String: Word] = ["date": Self.day(audit.date(.performedOn)), "grade": .code(.grade, grade), "n": .number(count)]
                return count == 0 ? nil : Line(.auditFound, told, of: audit.id)
            }
            return [
                Line(.auditHeld, words, of: audit.id), Line(isReported ? .auditReported : .auditUnreported, words, of: audit.id),
            ] + found
        }
        return lines.isEmpty ? [Line(.noAudit)] : lines
    }

    // MARK: c) 4)

    /// How far what was decided is implemented: by statement of applicability, measure, and objective that suppliers were given.
    var objectives: [Line] {
        let statements = view.all(.soa, .own).map { statement in
            let entries = view.facts(.soaEntry, where: .soaId, is: statement.id, .own)
            let adopted = entries.filter { entry in
                [FactField.adopted27001, .adoptedProvider, .adoptedCustomer].contains { entry.text($0) == "adopted" }
            }
            func count(_ status: String) -> Word { .number(adopted.count { $0.text(.implementationStatus) == status }) }
            return Line(
                .statementStands,
                [
                    "service": .name(of: statement), "n": .number(adopted.count), "implemented": count("implemented"),
                    "partial": count("partial"), "planned": count("planned"), "missing": count("not-implemented"),
                ], of: statement.id)
        }
        let measures = view.all(.supplementaryMeasure, .own).map { measure in
            let day = measure.date(.inPlaceFrom)
            let isInPlace = day.map { $0 <= today } ?? false
            return Line(
                isInPlace ? .measureInPlace : .measureToCome,
                ["measure": measure.word(.measure), "service": .service(measure.serviceID), "date": Self.day(day)], of: measure.id)
        }
        let objectives = view.all(.serviceDependencySecurityObjectives).compactMap { objective -> Line? in
            guard let dependency = view.fact(.serviceDependency, objective.ref(.parent)) else { return nil }
            let upstream = dependency.ref(.upstreamServiceId).map { Word.service($0) } ?? dependency.word(.upstreamName)
            return Line(.objectiveOfSupplier, ["supplier": upstream, "objective": objective.word(.text)], of: dependency.id)
        }
        let lines = statements + measures + objectives
        return lines.isEmpty ? [Line(.noObjective)] : lines
    }

    // MARK: e)

    /// What is above the level that is accepted, how far it is treated, and what the gaps of engagements have come to.
    var risks: [Line] {
        let risks = view.all(.risk, .own)
        let gaps = parties.filter { $0.gaps > 0 }.map { party in
            Line(
                .gapsStand,
                [
                    "party": .bilingual(party.name), "service": .service(party.service), "n": .number(party.gaps),
                    "open": .number(party.openGaps),
                ], of: party.engagement)
        }
        guard !risks.isEmpty else { return [Line(.noRisk)] + gaps }
        let above = risks.filter { risk in
            guard let level = risk.int(.level), let accepted = risk.int(.acceptanceLevel) else { return false }
            return level > accepted
        }
        var lines = [
            Line(
                .riskCounts,
                [
                    "n": .number(risks.count), "above": .number(above.count),
                    "open": .number(risks.count { !$0.isFilled(.level) || !$0.isFilled(.acceptanceLevel) }),
                ])
        ]
        lines += above.map { risk in
            Line(
                .riskAbove,
                [
                    "risk": .name(of: risk), "level": .number(risk.int(.level) ?? 0), "accepted": .number(risk.int(.acceptanceLevel) ?? 0),
                    "owner": .text(risk.text(.ownerName) ?? "-"),
                ], of: risk.id)
        }
        let reopened = parties.reduce(into: Set<FactID>()) { $0.formUnion($1.reopenedRisks) }
        lines += above.compactMap { risk in
            let approvals = view.facts(.riskAcceptance, where: .riskId, is: risk.id, .own)
            guard
                let approval = approvals.last(where: {
                    RiskRules.isApproval($0, of: risk, by: today) && $0.done(.approvedOn, by: today) != nil
                })
            else { return nil }
            return Line(
                reopened.contains(risk.id) ? .riskApprovedBefore : .riskApproved,
                [
                    "risk": .name(of: risk), "residual": approval.int(.residualLevel).map { .number($0) } ?? .text("-"),
                    "owner": .text(approval.text(.approvedByOwner) ?? "-"), "date": Self.day(approval.date(.approvedOn)),
                ], of: approval.id)
        }
        lines += risks.compactMap { risk in
            guard let due = risk.date(.reassessDue), due < today else { return nil }
            return Line(.riskToReassess, ["risk": .name(of: risk), "date": .date(due)], of: risk.id, isLate: true)
        }
        lines += view.all(.riskTreatment, .own).map(treatment)
        return lines + gaps
    }

    private func treatment(_ treatment: ViewedFact) -> Line {
        let due = treatment.date(.dueOn)
        let isDone = treatment.text(.progress) == "done"
        let isLate = !isDone && due.map { $0 < today } ?? false
        return Line(
            isDone ? .treatmentDone : isLate ? .treatmentLate : .treatmentPlanned,
            [
                "treatment": .name(of: treatment), "risk": treatment.ref(.riskId).map { .record($0, .risk) } ?? .kind(.risk),
                "due": Self.day(due), "owner": .text(treatment.text(.ownerName) ?? "-"),
                "progress": treatment.isFilled(.progress) ? treatment.word(.progress, isCode: true) : .text("-"),
            ], of: treatment.id, isLate: isLate)
    }

    // MARK: f)

    var opportunities: [Line] {
        let found = view.all(.auditFinding, .own).filter { $0.text(.grade) == "opportunity" && $0.done(.closedOn, by: today) == nil }
            .map { Line(.findingOfOpportunity, ["finding": .name(of: $0)], of: $0.id) }
        let ofRisks = view.all(.risk, .own).filter { $0.isFilled(.opportunity) }.map {
            Line(.opportunityOfRisk, ["risk": .name(of: $0), "opportunity": $0.word(.opportunity)], of: $0.id)
        }
        let ofThemes = view.all(.emergingTheme, .own).filter { $0.isFilled(.opportunityText) }.map {
            Line(.opportunityOfTheme, ["theme": .name(of: $0), "opportunity": $0.word(.opportunityText)], of: $0.id)
        }
        let advice = findings[.advice] == 0 ? [] : [Line(.advised, ["n": .number(findings[.advice])])]
        let lines = found + ofRisks + ofThemes + advice
        return lines.isEmpty ? [Line(.noOpportunity)] : lines
    }
}
