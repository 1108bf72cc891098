import BuntanProtocol
import Records

/// Other capabilities of 27017: what the provider can do and what is recorded about it (CAP-5 to CAP-14).
enum CapabilityRules {
    static let all =
        CapabilityRequirementRules.all + [
            incidents, notification, evidenceRequests, changeNotices, impact, criticalOperations, evidence, requests, inventory, training,
        ]

    /// CAP-5 (17 16.1.1, 16.1.2)
    static let incidents = Rule("CAP-5", forEach: [.incidentProcedure, .engagement]) { subject, view in
        guard subject.kind == .incidentProcedure else {
            return view.servicesLacking(.incidentProcedure, of: subject).map { id in
                Failure(at: subject, missing: .incidentProcedure, ["service": .service(id)], side: .provider, service: id)
            }
        }
        let fields: [FactField] = [
            .reportableScope, .disclosureLevel, .targetNotificationTime, .notificationProcedure, .contactPointIds, .remedies,
            .customerReportChannel, .providerReportChannel, .statusTracking,
        ]
        return subject.lacking(fields, ["service": .service(subject.serviceID)], side: .provider)
    }

    /// CAP-6 (17 16.1.1)
    static let notification = Rule("CAP-6", for: .incidentProcedure) { procedure, _ in
        guard let most = procedure.duration(.customerMaxNotificationTime) else { return [] }
        if let target = procedure.duration(.targetNotificationTime), target.seconds <= most.seconds { return [] }
        let offered = procedure.offer(.targetNotificationTime)
        return [
            Failure(
                at: procedure, .targetNotificationTime,
                ["service": .service(procedure.serviceID), "offered": offered, "required": .duration(most)], side: .customer,
                required: .duration(most), offered: offered)
        ]
    }

    /// CAP-7 (17 16.1.7)
    static let evidenceRequests = Rule("CAP-7", for: .incidentProcedure) { procedure, _ in
        if !procedure.isFilled(.evidenceRequestProcedure) { return [Failure(at: procedure, .evidenceRequestProcedure)] }
        return procedure.text(.status) == "agreed" ? [] : [Failure(at: procedure, .status)]
    }

    /// CAP-8 (17 12.1.2)
    ///
    /// A notice has no planned end: start and completion are looked for a week after the change was to start or has started. A change
    /// of supplier names the dependency it comes from.
    static let changeNotices = Rule("CAP-8", for: .changeNotice) { notice, view in
        func isPast(_ field: FactField) -> Bool { notice.date(field).map { view.today.days(since: $0) >= 7 } ?? false }
        var fields: [FactField] = [.changeCategory, .plannedStart, .technicalDescription]
        if notice.text(.changeCategory) == "supplier" { fields.append(.causedByUpstream) }
        if notice.isFilled(.completedAt) || isPast(.plannedStart) { fields.append(.startedAt) }
        if isPast(.startedAt) { fields.append(.completedAt) }
        return notice.lacking(fields, side: .provider)
    }

    /// CAP-9 (17 12.1.2)
    static let impact = Rule("CAP-9", for: .changeNotice) { notice, _ in
        guard notice.is(.reopensAgreement), !notice.isFilled(.customerImpact) else { return [] }
        return [Failure(at: notice, .customerImpact, ["notice": .name(of: notice)], side: .customer)]
    }

    /// CAP-10 (17 CLD.12.1.5)
    ///
    /// The supervisor is the customer's to name, so that a provider's record has none.
    static let criticalOperations = Rule("CAP-10", for: .criticalOperation) { operation, _ in
        let fields: [FactField] = operation.text(.authorSide) == "provider" ? [.procedure] : [.procedure, .supervisorRoleId]
        return operation.lacking(fields, ["operation": .name(of: operation)])
    }

    /// CAP-11 (17 18.2.1)
    ///
    /// A customer's audit is refused where its request under 18.2.1 was declined.
    static let evidence = Rule("CAP-11", for: .cloudService) { service, view in
        let words = ["service": Word.name(of: service)]
        let claims = view.facts(.evidence, where: .coveredServiceIds, is: service.id).filter { $0.text(.authorSide) != "customer" }
        if claims.isEmpty { return [Failure(at: service, missing: .evidence, words, side: .provider)] }
        let current = claims.filter { claim in claim.date(.periodTo).map { $0 >= view.today } ?? true }
        if current.isEmpty { return [Failure(at: claims[0], .periodTo, words, side: .provider)] }
        let isRefused = view.records(.informationRequest, of: service.id).contains { request in
            request.text(.controlId) == "18.2.1" && request.text(.outcome) == "declined"
        }
        if !isRefused || current.contains(where: { $0.is(.independent) }) { return [] }
        return [Failure(at: current[0], .independent, words, side: .provider)]
    }

    /// CAP-12 (17 14.2.1, 18.1.3, 12.4.4)
    static let requests = Rule("CAP-12", for: .informationRequest) { request, view in
        guard let due = request.date(.dueOn), due < view.today, request.text(.outcome) != "answered" else { return [] }
        let isDeclined = request.text(.outcome) == "declined"
        if isDeclined, request.isFilled(.declineReason) { return [] }
        let side = request.text(.authorSide).flatMap { Side(name: $0) }?.other
        return [Failure(at: request, isDeclined ? .declineReason : .outcome, ["request": .name(of: request)], side: side)]
    }

    /// CAP-13 (17 8.1.1)
    ///
    /// The customer's inventory is asked for with each engagement, the provider's where it keeps one.
    static let inventory = Rule("CAP-13", forEach: [.engagement, .cloudService]) { subject, view in
        if subject.kind == .engagement {
            return subject.refs(.serviceIds).filter { id in
                !view.facts(.asset, where: .heldIn, is: id).contains { $0.text(.authorSide) != "provider" }
            }.map { Failure(at: subject, missing: .asset, ["service": .service($0)], side: .customer, service: $0) }
        }
        let kept = view.facts(.asset, where: .authorSide, is: .text("provider")).filter { asset in
            asset.ref(.heldIn).map { $0 == subject.id } ?? true
        }
        guard !kept.isEmpty else { return [] }
        let types = Set(kept.compactMap { $0.text(.assetType) })
        return types.isSuperset(of: ["customer-data", "derived-data"])
            ? [] : [Failure(at: subject, missing: .asset, ["service": .name(of: subject)], side: .provider)]
    }

    /// CAP-14 (17 7.2.2)
    ///
    /// A position is held where the scope or a training says so. A training that names no audience has reached nobody.
    static let training = Rule("CAP-14") { view in
        let positions = view.all(.scopeStatementServices, .own).map { $0.text(.position) }
        let trainings = view.all(.trainingRecord, .own)
        return [Side.customer, .provider].flatMap { side -> [Failure] in
            let own = trainings.filter { $0.text(.authorSide) == side.name }
            let isHeld = positions.contains(where: side == .customer ? Position.isCustomer : Position.isProvider)
            guard isHeld || !own.isEmpty else { return [] }
            let covered = own.filter { training in
                guard training.isFilled(.audience), let held = training.date(.heldOn) else { return false }
                return (0...365).contains(view.today.days(since: held))
            }.flatMap { $0.codes(.topics) }
            let topics = side == .customer ? ["cloud-rules", "cloud-risks", "environment-risks", "legal"] : ["customer-data-handling"]
            return topics.filter { !covered.contains($0) }.map { topic in
                Failure(at: nil, missing: .trainingRecord, ["topic": .code(.topics, topic)], side: side)
            }
        }
    }
}
