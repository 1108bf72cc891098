/// Scope and eligibility: what a scope statement names (SCOPE-1 to SCOPE-12).
enum ScopeRules {
    static let all =
        [
            withinISMS, namesServices, statesPosition, bothPositions, noResale, noConsulting, noIntegration, characteristics, oneByOne,
            pattern,
            indispensableSystems, announcedFunctions,
        ] + ScopeSiteRules.all + ScopePeopleRules.all

    /// SCOPE-1 (G 3.2; G 4.1(4) closing paragraphs)
    static let withinISMS = Rule("SCOPE-1", for: .scopeStatement) { statement, _ in
        func outside(
            _ members: FactKind, _ name: FactField, of listed: FactKind, where isMeant: (ViewedFact) -> Bool = { _ in true }
        ) -> [Failure] {
            let names = statement.children(listed)
            return statement.children(members).filter { isMeant($0) && $0.isFilled(name) && !$0.names(name, oneOf: names) }.map {
                Failure(at: $0, name, ["item": $0.word(name)])
            }
        }
        return outside(.scopeStatementServices, .serviceName, of: .scopeStatementIsmsScopeServices)
            + outside(.scopeStatementSites, .name, of: .scopeStatementIsmsScopeSites) { $0.is(.inScope) }
            + outside(.scopeStatementPersonnel, .department, of: .scopeStatementIsmsScopeDepartments)
    }

    /// SCOPE-2 (J 4.1; G 4.1(1))
    static let namesServices = Rule("SCOPE-2", for: .scopeStatement) { statement, view in
        let entries = statement.children(.scopeStatementServices)
        if entries.isEmpty {
            return [Failure(at: statement, missing: .scopeStatementServices, ["service": .kind(.cloudService)])]
        }
        return entries.filter { entry in
            guard let name = entry.value(.serviceName), name.isFilled else { return true }
            // A service that nobody has a record of is SCOPE-9's to tell of.
            guard let service = view.fact(.cloudService, entry.ref(.serviceId)) else { return false }
            return !(service.value(.name)?.names(name) ?? false)
        }.map { Failure(at: $0, .serviceName, ["service": .service($0.ref(.serviceId))]) }
    }

    /// SCOPE-3 (J 4.1; G 4.1(1))
    static let statesPosition = Rule("SCOPE-3", for: .scopeStatementServices) { entry, _ in
        if let position = entry.text(.position), Position.all.contains(position) { return [] }
        return [Failure(at: entry, .position, ["service": .name(of: entry)])]
    }

    /// SCOPE-4 (J 4.1; G 2.3, 4.1(1)c)
    static let bothPositions = Rule("SCOPE-4", for: .scopeStatementServices) { entry, view in
        let dependencies = view.facts(.serviceDependency, where: .downstreamServiceId, is: entry.ref(.serviceId))
        guard let dependency = dependencies.first, entry.text(.position) != "both" else { return [] }
        return [Failure(at: entry, .position, ["service": .name(of: entry), "upstream": dependency.upstream])]
    }

    /// SCOPE-5 (G 3.2, 4.1(1)c①)
    static let noResale = notAsProvider("SCOPE-5", activity: "resells")

    /// SCOPE-6 (G 4.1(1)c①)
    static let noConsulting = notAsProvider("SCOPE-6", activity: "consults")

    /// SCOPE-7 (G 3.3, 4.1(1)c②)
    static let noIntegration = notAsProvider("SCOPE-7", activity: "integrates-for-customer")

    private static func notAsProvider(_ id: String, activity: String) -> Rule {
        Rule(id, for: .scopeStatementServices) { entry, _ in
            guard entry.text(.activity) == activity, Position.isProvider(entry.text(.position)) else { return [] }
            return [Failure(at: entry, .position, ["service": .name(of: entry)])]
        }
    }

    /// SCOPE-8 (G 1.1, 3.2; N; X)
    static let characteristics = Rule("SCOPE-8", for: .scopeStatementServices) { entry, view in
        guard Position.isProvider(entry.text(.position)), let service = view.fact(.cloudService, entry.ref(.serviceId)) else { return [] }
        let flags: [FactField] = [.selfService, .broadNetworkAccess, .resourcePooling, .rapidElasticity, .measuredService]
        let missing = flags.filter { !service.is($0) } + [.definedInterface].filter { !service.isFilled($0) }
        guard !missing.isEmpty, !service.isFilled(.characteristicsNote) else { return [] }
        return [Failure(at: service, .characteristicsNote, ["service": .name(of: service), "missing": .fields(missing)])]
    }

    /// SCOPE-9 (G 4.1(1)a)
    static let oneByOne = Rule("SCOPE-9", for: .scopeStatementServices) { entry, view in
        view.fact(.cloudService, entry.ref(.serviceId)) == nil
            ? [Failure(at: entry, .serviceId, ["name": entry.word(.serviceName)])] : []
    }

    /// SCOPE-10 (G 3.2, 4.1(1))
    static let pattern = Rule("SCOPE-10", for: .scopeStatement) { statement, view in
        let entries = statement.children(.scopeStatementServices)
        let positions = entries.compactMap { $0.text(.position) }
        let holds =
            switch statement.text(.pattern) {
            case "a":
                positions.allSatisfy { $0 == "provider" }
                    && entries.allSatisfy { view.facts(.serviceDependency, where: .downstreamServiceId, is: $0.ref(.serviceId)).isEmpty }
            case "b": positions.allSatisfy { $0 == "customer" }
            case "c": positions.contains("both") || (positions.contains("provider") && positions.contains("customer"))
            default: false
            }
        return holds ? [] : [Failure(at: statement, .pattern, ["pattern": statement.word(.pattern, isCode: true)])]
    }

    /// SCOPE-11 (G 4.1(2), figure 4-2)
    static let indispensableSystems = Rule("SCOPE-11", for: .scopeStatementServices) { entry, view in
        guard Position.isProvider(entry.text(.position)) else { return [] }
        let needed = view.facts(.cloudServiceRequiredSystems, where: .parent, is: entry.ref(.serviceId)).filter { $0.is(.indispensable) }
        guard !needed.isEmpty else { return [] }
        let inScope = systemsInScope(beside: entry, view)
        return needed.filter { $0.text(.systemId).map { !inScope.contains($0) } ?? true }.map {
            Failure(
                at: $0, .systemId, ["system": .name(of: $0), "service": .service(entry.ref(.serviceId))], service: entry.ref(.serviceId))
        }
    }

    /// SCOPE-12 (G 4.1(2))
    static let announcedFunctions = Rule("SCOPE-12", for: .scopeStatementServices) { entry, view in
        guard Position.isProvider(entry.text(.position)) else { return [] }
        let announced = view.facts(.cloudServiceAnnouncedFunctions, where: .parent, is: entry.ref(.serviceId))
        guard !announced.isEmpty else { return [] }
        let inScope = systemsInScope(beside: entry, view)
        return announced.filter { $0.text(.systemId).map { !inScope.contains($0) } ?? false }.map {
            Failure(
                at: $0, .systemId, ["function": $0.word(.functionName), "system": $0.word(.systemId)], service: entry.ref(.serviceId))
        }
    }

    private static func systemsInScope(beside entry: ViewedFact, _ view: FactView) -> Set<String> {
        let systems = view.facts(.scopeStatementSystems, where: .parent, is: entry.ref(.parent))
        return Set(systems.filter { $0.is(.inScope) }.compactMap { $0.text(.systemId) })
    }
}
