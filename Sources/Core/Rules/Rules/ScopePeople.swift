/// Scope and eligibility: activities, people and approval (SCOPE-18 to SCOPE-24).
enum ScopePeopleRules {
    static let all = [activities, withinISMSPersonnel, incidentAndContinuity, mark, withoutActivity, approved, customerRelations]

    /// SCOPE-18 (G 4.1(3))
    static let activities = Rule("SCOPE-18", for: .scopeStatement) { statement, _ in
        let listed = Set(statement.codes(.activities))
        if listed.isEmpty {
            return [Failure(at: statement, .activities, ["group": .kind(.scopeStatementPersonnel), "activity": .field(.activities)])]
        }
        return statement.children(.scopeStatementPersonnel).compactMap { group in
            let performed = group.codes(.activities).filter(listed.contains)
            guard !performed.isEmpty, !group.is(.cloudSecurityPersonnel) else { return nil }
            return Failure(at: group, .cloudSecurityPersonnel, ["group": .name(of: group), "activity": .codes(.activities, performed)])
        }
    }

    /// SCOPE-19 (G 4.1(4) closing paragraph)
    static let withinISMSPersonnel = Rule("SCOPE-19", for: .scopeStatementPersonnel) { group, _ in
        guard group.is(.cloudSecurityPersonnel), !group.is(.ismsPersonnel) else { return [] }
        return [Failure(at: group, .ismsPersonnel, ["group": .name(of: group)])]
    }

    /// SCOPE-20 (G 4.1(3))
    static let incidentAndContinuity = Rule("SCOPE-20", for: .scopeStatement) { statement, _ in
        let listed = statement.codes(.activities).filter { $0 == "incident-response" || $0 == "continuity" }
        guard !listed.isEmpty else { return [] }
        let groups = statement.children(.scopeStatementPersonnel).map { ($0, $0.codes(.activities)) }
        return listed.flatMap { activity -> [Failure] in
            let words = ["activity": Word.code(.activities, activity)]
            let performing = groups.filter { $0.1.contains(activity) }.map(\.0)
            if performing.isEmpty { return [Failure(at: statement, missing: .scopeStatementPersonnel, words)] }
            return performing.filter { !$0.is(.cloudSecurityPersonnel) }.map { Failure(at: $0, .cloudSecurityPersonnel, words) }
        }
    }

    /// SCOPE-21 (G 4.1(3))
    static let mark = Rule("SCOPE-21", for: .scopeStatementPersonnel) { group, _ in
        guard group.is(.usesMark), !group.is(.cloudSecurityPersonnel) else { return [] }
        return [Failure(at: group, .usesMark, ["group": .name(of: group)])]
    }

    /// SCOPE-22 (G 4.1(3)①②)
    static let withoutActivity = Rule("SCOPE-22", for: .scopeStatementPersonnel) { group, _ in
        guard group.is(.cloudSecurityPersonnel), !group.codes(.activities).contains(where: { $0 != "customer-contact" }) else { return [] }
        return [Failure(at: group, .activities, ["group": .name(of: group)])]
    }

    /// SCOPE-23 (J 4.1; 1 4.3, 7.5)
    static let approved = Rule("SCOPE-23", for: .scopeStatement) { statement, view in
        // A private record has no status of its own beyond that of a draft: approval is what its fields say.
        let status = statement.text(.status)
        guard status == nil || status == "agreed" else { return [Failure(at: statement, .status)] }
        let fields: [FactField] = [.boundaryText, .approvedBy, .approvedOn]
        let isApproved = statement.deed(.approvedOn, by: view.today) != nil
        return fields.first { !statement.isFilled($0) || ($0 == .approvedOn && !isApproved) }.map { [Failure(at: statement, $0)] } ?? []
    }

    /// SCOPE-24 (J 4.1 note)
    static let customerRelations = Rule("SCOPE-24", for: .scopeStatement) { statement, _ in
        guard statement.children(.scopeStatementServices).contains(where: { Position.isProvider($0.text(.position)) }) else { return [] }
        return statement.is(.customerRelationInRisk) ? [] : [Failure(at: statement, .customerRelationInRisk)]
    }
}
