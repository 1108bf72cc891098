import BuntanProtocol
import Records

/// Monitoring (MON-1 to MON-10).
enum MonitoringRules {
    static let all = [set, documented, offered, asStrong, keptAsLong, ownInstances, consistent, hostBased, userActivity, open]

    /// MON-1 (G 4.2.1(2)4))
    static let set = Rule("MON-1", for: .engagement) { engagement, view in
        engagement.refs(.serviceIds).compactMap { id in
            let needs = view.records(.monitoringRequirement, of: id)
            let isSet = needs.contains { $0.children(.monitoringRequirementRequiredItems).contains { $0.isFilled(.method) } }
            guard !isSet else { return nil }
            let kind: FactKind = needs.isEmpty ? .monitoringRequirement : .monitoringRequirementRequiredItems
            return Failure(at: needs.first ?? engagement, missing: kind, ["service": .service(id)], side: .customer, service: id)
        }
    }

    /// MON-2 (17 CLD.12.4.5)
    static let documented = Rule("MON-2", for: .cloudService) { service, view in
        let words = ["service": Word.name(of: service)]
        let capabilities = view.records(.monitoringCapability, of: service.id)
        if capabilities.isEmpty { return [Failure(at: service, missing: .monitoringCapability, words, side: .provider)] }
        return capabilities.flatMap { capability -> [Failure] in
            if capability.children(.monitoringCapabilityItems).isEmpty {
                return [Failure(at: capability, missing: .monitoringCapabilityItems, words, side: .provider)]
            }
            return capability.isFilled(.documentation) ? [] : [Failure(at: capability, .documentation, words, side: .provider)]
        }
    }

    /// MON-3 (G 4.2.1(2)4); 17 CLD.12.4.5)
    static let offered = Rule("MON-3", for: .monitoringRequirementRequiredItems) { item, view in
        let meeting = Meeting(item, view)
        guard meeting.offers.isEmpty, !meeting.isSupplemented else { return [] }
        return [meeting.failure(.itemKey, required: meeting.item, offered: .lacking(.kind(.monitoringCapabilityItems)))]
    }

    /// MON-4 (G 4.2.1(2)4))
    ///
    /// A method that is required has to be offered itself, since none is a stronger one. Of several offers of an item, one that is
    /// strong enough is enough.
    static let asStrong = Rule("MON-4", for: .monitoringRequirementRequiredItems) { item, view in
        let meeting = Meeting(item, view)
        let weaker = meeting.offers.map { offer -> [(required: Word, offered: Word)] in
            var differences: [(required: Word, offered: Word)] = []
            if let most = item.duration(.maxInterval), offer.duration(.interval).map({ $0.seconds > most.seconds }) ?? true {
                differences.append((.duration(most), offer.offer(.interval)))
            }
            if item.is(.alertingRequired), !offer.is(.alerting) {
                differences.append((.field(.alerting), .lacking(.field(.alerting))))
            }
            if let method = item.text(.method), offer.text(.method) != method {
                differences.append((.code(.method, method), offer.offer(.method, isCode: true)))
            }
            return differences
        }
        guard let least = weaker.min(by: { $0.count < $1.count }), !least.isEmpty, !meeting.isSupplemented else { return [] }
        return [meeting.failure(.maxInterval, required: .list(least.map(\.required)), offered: .list(least.map(\.offered)))]
    }

    /// MON-5 (G 4.2.1(2)4))
    static let keptAsLong = Rule("MON-5", for: .monitoringRequirementRequiredItems) { item, view in
        guard let least = item.duration(.minRetention) else { return [] }
        let meeting = Meeting(item, view)
        let kept = meeting.offers.map { (offer: $0, retention: $0.duration(.retention)) }
        guard let longest = kept.max(by: { ($0.retention?.seconds ?? -1) < ($1.retention?.seconds ?? -1) }) else { return [] }
        if let retention = longest.retention, retention.seconds >= least.seconds { return [] }
        return meeting.isSupplemented
            ? [] : [meeting.failure(.minRetention, required: .duration(least), offered: longest.offer.offer(.retention))]
    }

    /// A required item, and what the provider offers under its key.
    private struct Meeting {
        let need: ViewedFact
        let requirement: ViewedFact?
        let service: FactID?
        let offers: [ViewedFact]
        let view: FactView

        init(_ need: ViewedFact, _ view: FactView) {
            (self.need, self.view) = (need, view)
            requirement = need.parent(.monitoringRequirement)
            service = requirement?.serviceID
            let key = need.text(.itemKey)
            offers = view.records(.monitoringCapability, of: service).flatMap { $0.children(.monitoringCapabilityItems) }.filter {
                key != nil && $0.text(.itemKey) == key
            }
        }

        var item: Word { need.word(.itemKey, isCode: true) }

        /// Whether a measure is in place for the item's gap, which names it by its key.
        var isSupplemented: Bool {
            guard let requirement, let key = need.text(.itemKey) else { return false }
            return view.isSupplemented(requirement, in: key) || view.isSupplemented(need)
        }

        /// The item's gap is one, whatever of it falls short.
        func failure(_ field: FactField, required: Word, offered: Word) -> Failure {
            let gap = GapPoint(requirement?.id ?? need.id, need.text(.itemKey) ?? "", offer: offers.first?.ref(.parent))
            let words = ["item": item, "service": .service(service), "required": required, "offered": offered]
            return Failure(
                at: need, missing: offers.isEmpty ? .monitoringCapabilityItems : nil, field, words, side: .customer, service: service,
                required: required, offered: offered, gap: gap)
        }
    }

    /// MON-6 (17 CLD.12.4.5)
    static let ownInstances = Rule("MON-6", for: .monitoringCapability) { capability, _ in
        let words = ["service": Word.service(capability.serviceID)]
        if !capability.is(.ownInstancesOnly) { return [Failure(at: capability, .ownInstancesOnly, words, side: .provider)] }
        return capability.isFilled(.accessControl) ? [] : [Failure(at: capability, .accessControl, words, side: .provider)]
    }

    /// MON-7 (17 CLD.12.4.5, 12.4.1)
    static let consistent = Rule("MON-7", for: .monitoringCapability) { capability, _ in
        let words = ["service": Word.service(capability.serviceID)]
        return [FactField.eventLogConsistency, .slaLink].filter { !capability.isFilled($0) }.map {
            Failure(at: capability, $0, words, side: .provider)
        }
    }

    /// MON-8 (G 4.2.1(2)4))
    static let hostBased = Rule("MON-8", for: .monitoringCapability) { capability, _ in
        guard capability.is(.hostBased), !capability.isFilled(.performanceImpact) else { return [] }
        return [Failure(at: capability, .performanceImpact, ["service": .service(capability.serviceID)], side: .provider)]
    }

    /// MON-9 (G 4.2.1(2)4))
    static let userActivity = Rule("MON-9", for: .monitoringRequirement) { need, _ in
        let flags: [FactField] = [.recordTypesConfirmed, .recordDisplayConfirmed, .recordRetentionConfirmed]
        let missing = [.userActivityProcedure].filter { !need.isFilled($0) } + flags.filter { !need.is($0) }
        guard let first = missing.first else { return [] }
        return [Failure(at: need, first, ["missing": .fields(missing)], side: .customer)]
    }

    /// MON-10 (G 2.4, 4.2.1(2)4); 1 6.1.2)
    static let open = Rule("MON-10", for: .gap) { gap, view in
        let id = gap.ref(.requirementId)
        let item = view.fact(.monitoringRequirementRequiredItems, id)
        let need = view.fact(.monitoringRequirement, id) ?? item?.parent(.monitoringRequirement)
        guard let need, view.isLeftOpen(gap, of: need) else { return [] }
        let service = gap.serviceID ?? need.serviceID
        return [
            Failure(
                at: gap, .riskId, ["item": .name(of: gap), "service": .service(service)], side: .customer, service: service)
        ]
    }
}
