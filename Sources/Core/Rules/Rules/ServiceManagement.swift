import BuntanProtocol
import Records

/// IT service management (ITS-1 to ITS-3).
enum ServiceManagementRules {
    static let all = [operation, managedServices, quality]

    /// ITS-1 (G 3.3)
    static let operation = Rule("ITS-1", for: .businessActivity) { activity, _ in
        guard ["integrates-for-customer", "operates-for-customer"].contains(activity.text(.activity)),
            !considered.contains(activity.text(.itsmConsidered))
        else { return [] }
        return [Failure(at: activity, .itsmConsidered, ["activity": .name(of: activity)])]
    }

    private static let considered: [String?] = ["certified", "adopted", "considered"]

    /// ITS-2 (G 3.2, 3.3)
    ///
    /// The record kinds have no place for a reason, so that the scope alone is asked. An activity that names no service is scoped by any
    /// managed service in the customer's position.
    static let managedServices = Rule("ITS-2", for: .businessActivity) { activity, view in
        guard activity.text(.activity) == "managed-service-using-cloud" else { return [] }
        let scoped = view.all(.scopeStatementServices, .own).filter { Position.isCustomer($0.text(.position)) }
        let services = activity.refs(.usesServiceIds)
        if services.isEmpty {
            return scoped.contains { $0.text(.activity) == "managed-service-using-cloud" }
                ? [] : [Failure(at: activity, missing: .scopeStatementServices, ["service": .name(of: activity)])]
        }
        return services.filter { id in !scoped.contains { $0.ref(.serviceId) == id } }.map { id in
            Failure(at: activity, missing: .scopeStatementServices, ["service": .service(id)], service: id)
        }
    }

    /// ITS-3 (G 0.6, 4.2.2①b)
    static let quality = Rule("ITS-3", for: .cloudService) { service, view in
        guard let provider = service.ref(.providerPartyId) else { return [] }
        let isConsidered = view.facts(.businessActivity, where: .partyId, is: provider).contains { activity in
            considered.contains(activity.text(.itsmConsidered))
        }
        let isCertified = view.facts(.partyCertifications, where: .parent, is: provider).contains { certificate in
            certificate.text(.scheme).map { $0.contains("20000") || $0.contains("9001") } ?? false
        }
        return isConsidered || isCertified
            ? [] : [Failure(at: service, missing: .businessActivity, ["service": .name(of: service)], side: .provider)]
    }
}
