import BuntanProtocol

/// Statement of applicability: whether it agrees with the scope, the treatments and the catalogue (SOA-10 to SOA-16).
enum ApplicabilityCheckRules {
    static let all = [fewExclusions, treatmentControls, readAsShall, noGuidance, planned, sameName, samePosition]

    /// SOA-10 (J 4.2.2 note 3; G 4.2.2④c)
    static let fewExclusions = Rule("SOA-10", for: .soaEntry) { entry, view in
        guard let control = ApplicabilityRules.control(of: entry, view) else { return [] }
        let excluded = Side.allCases.first { control.guidance(for: $0) != nil && entry.text($0.adopted) == "excluded" }
        guard let excluded, !entry.isFilled(.exclusionConfirmedBy) else { return [] }
        return [Failure(at: entry, excluded.adopted, ["control": .name(of: entry)])]
    }

    /// SOA-11 (1 6.1.3 b), c); G 4.2.2②③)
    static let treatmentControls = Rule("SOA-11", for: .riskTreatment) { treatment, view in
        let controls = treatment.codes(.controlIds)
        guard !controls.isEmpty, let risk = view.fact(.risk, treatment.ref(.riskId), .own) else { return [] }
        return view.facts(.soa, where: .serviceId, is: risk.ref(.serviceId), .own).flatMap { soa in
            controls.compactMap { control in
                let entries = ApplicabilityRules.entries(of: soa, control, view)
                guard !entries.contains(where: ApplicabilityRules.isAdopted) else { return nil }
                return Failure(
                    at: entries.first ?? soa, missing: .soaEntry, ["treatment": .name(of: treatment), "control": .text(control)])
            }
        }
    }

    /// SOA-12 (G 4.2.2③)
    static let readAsShall = Rule("SOA-12", for: .soa) { soa, _ in
        soa.text(.comparisonMode) == "shall" ? [] : [Failure(at: soa, .comparisonMode)]
    }

    /// SOA-13 (17 (guidance tables); G 2.2)
    static let noGuidance = Rule("SOA-13", for: .soaEntry) { entry, view in
        guard let control = ApplicabilityRules.control(of: entry, view) else { return [] }
        return Side.allCases.filter { control.guidance(for: $0) == nil && ApplicabilityRules.isDecided(entry, $0) }.map {
            Failure(at: entry, $0.adopted, ["control": .name(of: entry), "position": .side($0)])
        }
    }

    /// SOA-14 (1 6.1.3 d), e))
    static let planned = Rule("SOA-14", for: .soaEntry) { entry, view in
        // Without a status it is SOA-5's to tell of.
        guard let status = entry.text(.implementationStatus), status != "implemented", ApplicabilityRules.isAdopted(entry) else {
            return []
        }
        let isPlanned = entry.refs(.treatmentIds).contains { id in
            view.fact(.riskTreatment, id, .own).map { $0.isFilled(.ownerName) && $0.isFilled(.dueOn) } ?? false
        }
        return isPlanned ? [] : [Failure(at: entry, .treatmentIds, ["control": .name(of: entry)])]
    }

    /// SOA-15 (J 4.1; G 4.2.2④c)
    static let sameName = Rule("SOA-15", for: .soa) { soa, view in
        let service = soa.ref(.serviceId)
        let name = soa.value(.serviceName)
        let entries = view.facts(.scopeStatementServices, where: .serviceId, is: service, .own).map { ($0, FactField.serviceName) }
        let others = entries + [view.fact(.cloudService, service)].compactMap { $0 }.map { ($0, .name) }
        // A name that nobody gave is no other name: that it lacks is told of the scope.
        let other = others.first { fact, field in fact.isFilled(field) && !(fact.value(field).map { name?.names($0) ?? false } ?? false) }
        return other.map { fact, field in
            [Failure(at: soa, .serviceName, ["a": soa.word(.serviceName), "b": fact.word(field)])]
        } ?? []
    }

    /// SOA-16 (J 4.1; G 4.2.2④a)
    static let samePosition = Rule("SOA-16", for: .soa) { soa, view in
        let service = soa.ref(.serviceId)
        let position = soa.text(.position)
        return view.facts(.scopeStatementServices, where: .serviceId, is: service, .own).filter { $0.text(.position) != position }.map {
            Failure(
                at: soa, .position,
                ["a": soa.word(.position, isCode: true), "b": $0.word(.position, isCode: true), "service": .service(service)])
        }
    }
}
