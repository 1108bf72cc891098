import BuntanProtocol
import Records

/// Risk assessment and treatment: whether all was considered (RISK-7 to RISK-15).
enum RiskCoverageRules {
    static let all = [
        guideSources, cloudSources, customerRelations, bothPositions, supplierControls, disclosure, properties, reassessed, strengthened,
    ]

    /// RISK-7 (G 4.2.1; 17 4.4)
    static let guideSources = Rule("RISK-7", for: .soa) { soa, view in
        let risks = risks(of: soa, view).map { (source: $0.text(.riskSource), position: $0.text(.position)) }
        let sides = Position.sides(soa.text(.position))
        let sources = [
            "business-policy", "applicable-law", "policy-missing", "roles-missing", "backup-deficient", "monitoring-deficient",
        ]
        return sources.filter { source in
            !sides.allSatisfy { side in risks.contains { $0.source == source && $0.position == side.name } }
        }.map { missing($0, for: soa) }
    }

    /// RISK-8 (17 4.4; G 2.5)
    static let cloudSources = Rule("RISK-8", for: .soa) { soa, view in
        let assessed = Set(risks(of: soa, view).compactMap { $0.text(.riskSource) })
        let sources = [
            "network", "scalability-elasticity", "resource-sharing", "self-service-provisioning", "on-demand-administration",
            "cross-jurisdiction", "limited-visibility",
        ]
        return sources.filter { !assessed.contains($0) }.map { missing($0, for: soa) }
    }

    private static func risks(of soa: ViewedFact, _ view: FactView) -> [ViewedFact] {
        view.facts(.risk, where: .serviceId, is: soa.ref(.serviceId), .own)
    }

    private static func missing(_ source: String, for soa: ViewedFact) -> Failure {
        Failure(
            at: soa, missing: .risk, ["source": .code(.riskSource, source), "service": .service(soa.ref(.serviceId))])
    }

    /// RISK-9 (J 4.1 note)
    static let customerRelations = Rule("RISK-9", for: .scopeStatement) { statement, view in
        guard statement.children(.scopeStatementServices).contains(where: { Position.isProvider($0.text(.position)) }) else { return [] }
        let concernsCustomers = view.all(.risk, .own).contains { risk in
            risk.text(.position) == "provider"
                && (!risk.refs(.gapIds).isEmpty || risk.text(.riskSource).map(sourcesOfCustomers.contains) ?? false)
        }
        return concernsCustomers ? [] : [Failure(at: statement, missing: .risk, [:])]
    }

    /// The sources whose risks concern what customers entrust, see or do.
    private static let sourcesOfCustomers: Set = [
        "roles-missing", "backup-deficient", "monitoring-deficient", "resource-sharing", "self-service-provisioning",
        "on-demand-administration", "cross-jurisdiction", "limited-visibility",
    ]

    /// RISK-10 (J 4.1; G 2.5, 4.2.2)
    static let bothPositions = Rule("RISK-10", for: .soa) { soa, view in
        guard soa.text(.position) == "both" else { return [] }
        let lacking = Side.allCases.filter { side in !risks(of: soa, view).contains { $0.text(.position) == side.name } }
        guard !lacking.isEmpty else { return [] }
        return [Failure(at: soa, missing: .risk, ["position": .list(lacking.map(Word.side)), "service": .service(soa.ref(.serviceId))])]
    }

    /// RISK-11 (G 4.2.2①b)
    static let supplierControls = Rule("RISK-11", for: .riskTreatment) { treatment, view in
        guard treatment.text(.option) == "share", let risk = view.fact(.risk, treatment.ref(.riskId), .own),
            risk.text(.position) == "customer", !risk.refs(.gapIds).isEmpty,
            !treatment.codes(.controlIds).contains(where: { $0.hasPrefix("15.") })
        else { return [] }
        return [Failure(at: treatment, .controlIds, ["risk": .name(of: risk)])]
    }

    /// RISK-12 (G 4.2.2①b)
    static let disclosure = Rule("RISK-12", for: .riskTreatment) { treatment, view in
        guard view.fact(.risk, treatment.ref(.riskId), .own)?.text(.position) == "provider", !treatment.isFilled(.disclosedToCustomers)
        else {
            return []
        }
        return [Failure(at: treatment, .disclosedToCustomers, ["treatment": .name(of: treatment)])]
    }

    /// RISK-13 (G 0.6, 4.3)
    static let properties = Rule("RISK-13", for: .cloudService) { service, view in
        let risks = view.facts(.risk, where: .serviceId, is: service.id, .own)
        let properties = Set(risks.flatMap { $0.codes(.properties) })
        guard !properties.isEmpty, !properties.isSuperset(of: ["availability", "integrity"]) else { return [] }
        return [
            Failure(
                at: service, missing: .risk,
                ["service": .name(of: service), "properties": .codes(.properties, properties.sorted())])
        ]
    }

    /// RISK-14 (1 8.2)
    static let reassessed = Rule("RISK-14", for: .risk) { risk, view in
        func words(_ en: String, _ ja: String) -> [String: Word] {
            ["risk": .name(of: risk), "why": .bilingual(BilingualText(en: en, ja: ja))]
        }
        guard let due = risk.date(.reassessDue) else {
            return [Failure(at: risk, .reassessDue, words("no day is set for it", "予定日が未設定"))]
        }
        guard view.today <= due else {
            return [Failure(at: risk, .reassessDue, words("it was due on \(due.text)", "期限は\(due.text)でした"))]
        }
        let assessed = risk.deed(.assessedOn, by: view.today)
        let capabilities = risk.refs(.gapIds).compactMap { view.fact(.gap, $0, .own)?.ref(.capabilityId) }
        let notices = ([risk.id] + capabilities).flatMap { view.facts(.changeNotice, where: .affectedRecordIds, is: $0) }
        let isOutdated = notices.contains { notice in
            guard let changed = notice.date(.startedAt) ?? notice.date(.plannedStart), changed <= view.today else { return false }
            return assessed.map { $0 < changed } ?? true
        }
        return isOutdated ? [Failure(at: risk, .assessedOn, words("a change has come since the last one", "前回の評価の後に変更がありました"))] : []
    }

    /// RISK-15 (G 4.2.2②)
    static let strengthened = Rule("RISK-15", for: .riskTreatment) { treatment, _ in
        treatment.isFilled(.strengthens27001Controls)
            ? [] : [Failure(at: treatment, .strengthens27001Controls, ["treatment": .name(of: treatment)])]
    }
}
