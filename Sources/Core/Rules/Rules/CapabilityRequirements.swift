import BuntanProtocol
import Records

/// Other capabilities of 27017: what the customer requires of them (CAP-1 to CAP-4).
///
/// What a requirement measures names a field of the capability (`metric`) and what it has to hold (`value`, codes separated by commas). One
/// without is a text for people: it asks for the capability's record, and for what its rule states.
enum CapabilityRequirementRules {
    static let all = [administrators, cryptography, keys, logging]

    /// CAP-1 (17 9.2.3)
    ///
    /// `mfa` is met by any second factor, other values by the method of that name.
    static let administrators = rule("CAP-1", ["access"], .accessCapability, .adminAuthentication, as: "method") { measured, offer, _ in
        guard let measured, measured.metric == .adminAuthentication else { return [] }
        let wanted = measured.codes.flatMap { $0 == "mfa" ? ["fido2", "sms", "third-party-mfa", "totp"] : [$0] }
        let offered = offer.codes(.adminAuthentication)
        if wanted.contains(where: offered.contains) { return [] }
        return [Difference(.codes(.adminAuthentication, measured.codes), offer.offer(.adminAuthentication))]
    }

    /// CAP-2 (17 10.1.1)
    ///
    /// A requirement that measures nothing asks for all that the rule states. Of the algorithms offered, one that is accepted is enough.
    static let cryptography = rule("CAP-2", ["cryptography"], .cryptoCapability, .atRest, as: "item") { measured, offer, _ in
        let flags: [FactField] = [.atRest, .inTransitExternal, .inTransitInternal]
        if let measured, measured.metric == .algorithms {
            let offered = offer.codes(.algorithms)
            if measured.codes.contains(where: offered.contains) { return [] }
            return [Difference(.codes(.algorithms, measured.codes), offer.offer(.algorithms))]
        }
        let required = measured.map { measured in flags.filter { $0 == measured.metric && measured.codes != ["false"] } } ?? flags
        return required.filter { !offer.is($0) }.map { Difference(.field($0), .lacking(.field($0))) }
    }

    /// CAP-3 (17 10.1.2)
    static let keys = rule("CAP-3", ["key-management"], .cryptoCapability, .keyManagement, as: nil) { measured, offer, _ in
        guard let measured, measured.metric == .keyManagement, measured.codes.contains("customer-held") else { return [] }
        if offer.text(.keyManagement) == "customer-held" { return [] }
        return [Difference(.code(.keyManagement, "customer-held"), offer.offer(.keyManagement, isCode: true))]
    }

    /// CAP-4 (17 12.4.1, 12.4.3)
    ///
    /// The customer's own log of privileged operations is a measure for the requirement's gap.
    static let logging = rule("CAP-4", ["logging", "privileged-log"], .loggingCapability, .eventTypes, as: nil) { measured, offer, need in
        if need.text(.topic) == "privileged-log" || measured?.metric == .privilegedOperations {
            return offer.is(.privilegedOperations)
                ? [] : [Difference(.field(.privilegedOperations), .lacking(.field(.privilegedOperations)))]
        }
        switch measured?.metric {
        case .eventTypes:
            let offered = offer.codes(.eventTypes)
            return measured?.codes.filter { !offered.contains($0) }.map { code in
                Difference(.code(.eventTypes, code), .lacking(.code(.eventTypes, code)))
            } ?? []
        case .retention:
            guard let least = measured?.duration else { return [] }
            if let kept = offer.duration(.retention), kept.seconds >= least.seconds { return [] }
            return [Difference(.duration(least), offer.offer(.retention))]
        default: return []
        }
    }

    /// Where a capability differs from a requirement.
    private struct Difference {
        let required: Word
        let offered: Word

        init(_ required: Word, _ offered: Word) { (self.required, self.offered) = (required, offered) }
    }

    /// What a requirement measures.
    private struct Measured {
        let metric: FactField?
        let codes: [String]
        let duration: CalendarDuration?

        init(_ fact: ViewedFact) {
            metric = fact.text(.metric).flatMap(FactField.named)
            let value = fact.text(.value) ?? fact.int(.value).map(String.init) ?? ""
            codes = value.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
            let typed = value + (fact.text(.unit) ?? "")
            // What is no length of time measures none: the requirement may be about codes or a number.
            duration = try? CalendarDuration(typed: typed)
        }
    }

    /// A rule that holds each capability of the service against a requirement on a topic.
    ///
    /// - Parameters:
    ///   - field: What is told of where no capability is recorded.
    ///   - name: The word of the message for what differs.
    private static func rule(
        _ id: String, _ topics: [String], _ kind: FactKind, _ field: FactField, as name: String?,
        _ differences: @escaping @Sendable (Measured?, ViewedFact, ViewedFact) -> [Difference]
    ) -> Rule {
        Rule(id, for: .securityRequirement) { need, view in
            guard let topic = need.text(.topic), topics.contains(topic) else { return [] }
            let measures = need.children(.securityRequirementMeasurable).map(Measured.init)
            if kind == .cryptoCapability, topic == "key-management", !measures.contains(where: { $0.codes.contains("customer-held") }) {
                return []
            }
            func failure(_ difference: Difference, at offer: ViewedFact?) -> Failure {
                var words = ["service": Word.service(need.serviceID), "requirement": need.word(.requirement)]
                if let name { words[name] = difference.required }
                return Failure(
                    at: need, missing: offer == nil ? kind : nil, offer == nil ? nil : .requirement, words, side: .customer,
                    required: difference.required, offered: difference.offered)
            }
            let offers = view.records(kind, of: need.serviceID)
            let found: [Failure]
            if offers.isEmpty {
                found = [failure(Difference(.field(measures.first?.metric ?? field), .lacking(.kind(kind))), at: nil)]
            } else {
                found = offers.flatMap { offer in
                    let differing = measures.isEmpty ? differences(nil, offer, need) : measures.flatMap { differences($0, offer, need) }
                    return differing.map { failure($0, at: offer) }
                }
            }
            return found.isEmpty || (kind == .loggingCapability && view.isSupplemented(need)) ? [] : found
        }
    }
}
