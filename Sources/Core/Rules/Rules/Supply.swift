import BuntanProtocol
import Records

/// Supply chain (SUP).
enum SupplyRules {
    static let all = [objectives, promises, supplierPolicy, topics, dutiesUpstream]

    /// SUP-1 (17 15.1.3; G 2.3)
    static let objectives = Rule("SUP-1", for: .serviceDependency) { dependency, _ in
        let words = ["upstream": dependency.upstream]
        guard dependency.children(.serviceDependencySecurityObjectives).contains(where: { $0.isFilled(.text) }) else {
            return [Failure(at: dependency, missing: .serviceDependencySecurityObjectives, words)]
        }
        return dependency.is(.riskManagementRequired) ? [] : [Failure(at: dependency, .riskManagementRequired, words)]
    }

    /// SUP-2 (17 15.1.3; P)
    static let promises = Rule("SUP-2", for: .serviceDependency) { dependency, view in
        guard dependency.text(.dependencyType) == "backup", let service = dependency.ref(.downstreamServiceId) else { return [] }
        let upstream = view.facts(.backupSpecification, where: .serviceId, is: dependency.ref(.upstreamServiceId))
        return view.facts(.backupSpecification, where: .serviceId, is: service).flatMap { own in
            upstream.flatMap { other in
                [FactField.rpo, .rto, .restoreTimescale].compactMap { field in
                    guard let promised = own.duration(field), let supported = other.duration(field), promised.seconds < supported.seconds,
                        !isSupplemented(field, of: other, view)
                    else { return nil }
                    return Failure(
                        at: own, field,
                        [
                            "service": .service(service), "offered": .duration(promised), "upstream": dependency.upstream,
                            "upstreamValue": .duration(supported),
                        ], required: .duration(promised), offered: .duration(supported))
                }
            }
        }
    }

    private static func isSupplemented(_ field: FactField, of specification: ViewedFact, _ view: FactView) -> Bool {
        view.facts(.gap, where: .capabilityId, is: specification.id).contains { gap in
            gap.text(.field) == field.rawValue && !view.measures(closing: gap.id).isEmpty
        }
    }

    /// SUP-3 (17 15.1.1)
    static let supplierPolicy = Rule("SUP-3", for: .engagement) { engagement, view in
        let policies = view.facts(.policy, where: .policyKind, is: .text("supplier"))
        if policies.contains(where: { $0.codes(.topicsCovered).contains("provider-access") }) { return [] }
        return [
            policies.first.map { Failure(at: $0, .topicsCovered, side: .customer) }
                ?? Failure(at: engagement, missing: .policy, [:], side: .customer)
        ]
    }

    /// SUP-4 (17 15.1.2)
    static let topics = Rule("SUP-4", for: .engagement) { engagement, view in
        let services = engagement.refs(.serviceIds)
        let rows = view.facts(.responsibility, where: .controlId, is: .text("15.1.2")).filter { row in
            row.ref(.engagementId) == engagement.id || row.ref(.serviceId).map(services.contains) ?? false
        }
        let settled = Set(rows.compactMap { $0.text(.itemKey) }.map { $0.hasPrefix("15.1.2/") ? $0 : "15.1.2/\($0)" })
        return items.filter { !settled.contains($0) }.map {
            Failure(at: engagement, missing: .responsibility, ["topic": .code(.itemKey, $0)], service: services.first)
        }
    }

    /// The topics of 15.1.2, as items of its rows; a row may leave its control's id out.
    static let items = [
        "malware", "backup", "cryptography", "vulnerability", "incident", "technical-compliance", "security-testing", "audit",
        "evidence-and-logs", "information-at-exit", "authentication-and-access", "identity",
    ].map { "15.1.2/\($0)" }

    /// SUP-5 (G 4.2.1(2)2); 17 6.1.1)
    static let dutiesUpstream = Rule("SUP-5", for: .serviceDependency) { dependency, view in
        guard dependency.is(.customerDataFlows) else { return [] }
        let service = dependency.ref(.downstreamServiceId)
        let supplied = view.facts(.responsibility, where: .supplierPartyId, is: dependency.ref(.upstreamPartyId)).filter {
            $0.ref(.serviceId) == service
        }
        let rows = view.facts(.responsibility, where: .dependencyId, is: dependency.id) + supplied
        let isSplit = rows.contains { ["supplier", "shared"].contains($0.text(.allocation)) && $0.text(.status) == "agreed" }
        return isSplit ? [] : [Failure(at: dependency, missing: .responsibility, ["upstream": dependency.upstream], service: service)]
    }
}
