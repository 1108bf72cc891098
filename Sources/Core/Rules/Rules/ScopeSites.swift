/// Scope and eligibility: the sites (SCOPE-13 to SCOPE-17).
enum ScopeSiteRules {
    static let all = [ownSites, otherClouds, fullyManaged, attended, managedFrom]

    /// SCOPE-13 (G 4.1(4)②)
    static let ownSites = Rule("SCOPE-13", for: .scopeStatementSites) { site, view in
        guard site.text(.siteKind) == "own", !site.is(.inScope), let id = site.value(.siteId) else { return [] }
        let systems = view.facts(.cloudServiceRequiredSystems, where: .siteId, is: id)
        return systems.first.map { system in
            [
                Failure(
                    at: site, .inScope, ["site": .name(of: site), "service": .service(system.ref(.parent))], service: system.ref(.parent))
            ]
        } ?? []
    }

    /// SCOPE-14 (G 4.1(4)①)
    static let otherClouds = Rule("SCOPE-14", for: .scopeStatementSites) { site, view in
        guard site.text(.siteKind) == "other-cloud" else { return [] }
        let words = ["upstream": Word.name(of: site)]
        guard site.is(.supplierControlsApplied) else { return [Failure(at: site, .supplierControlsApplied, words)] }
        let statements = view.facts(.soa, where: .scopeStatementId, is: site.ref(.parent))
        if statements.isEmpty { return [Failure(at: nil, missing: .soa, words)] }
        return statements.flatMap { soa in
            supplierControls.compactMap { control in
                let entries = view.facts(.soaEntry, key: [.id(soa.id), .text(control)])
                if entries.contains(where: { $0.text(.adopted27001) == "adopted" }) { return nil }
                return Failure(at: entries.first ?? soa, missing: .soaEntry, entries.isEmpty ? nil : .adopted27001, words)
            }
        }
    }

    private static let supplierControls = ["15.1.1", "15.1.2", "15.1.3", "15.2.1", "15.2.2"]

    /// SCOPE-15 (G 4.1(4)③)
    static let fullyManaged = Rule("SCOPE-15", for: .scopeStatementSites) { site, _ in
        guard site.text(.dataCentreMode) == "fully-managed", !site.is(.staffAttend), !site.is(.inScope) else { return [] }
        return site.is(.supplierControlsApplied) ? [] : [Failure(at: site, .supplierControlsApplied, ["site": .name(of: site)])]
    }

    /// SCOPE-16 (G 4.1(4)③)
    static let attended = Rule("SCOPE-16", for: .scopeStatementSites) { site, _ in
        guard site.text(.dataCentreMode) == "not-fully-managed" || site.is(.staffAttend) else { return [] }
        return site.is(.inScope) || site.isFilled(.reasonIfOut) ? [] : [Failure(at: site, .inScope, ["site": .name(of: site)])]
    }

    /// SCOPE-17 (G 4.1(4) closing paragraph)
    static let managedFrom = Rule("SCOPE-17", for: .scopeStatementSites) { site, view in
        guard site.is(.managementInterfaceHost) else { return [] }
        let words = ["site": Word.name(of: site)]
        guard site.is(.inScope) else { return [Failure(at: site, .inScope, words)] }
        let listed = view.facts(.scopeStatementIsmsScopeSites, where: .parent, is: site.ref(.parent))
        return site.names(.name, oneOf: listed) ? [] : [Failure(at: site, .name, words)]
    }
}
