/// All rules that have code, in the order of the table.
package enum RuleBook {
    package static let rules: [Rule] = ScopeRules.all
}

// What rules of several groups ask.

/// The position that a service's scope or statement of applicability gives.
enum Position {
    static func isProvider(_ position: String?) -> Bool { position == "provider" || position == "both" }
    static func isCustomer(_ position: String?) -> Bool { position == "customer" || position == "both" }
    static let all: Set = ["provider", "customer", "both"]
}

extension ViewedFact {
    /// Whether a field's name is among the texts of a list of names.
    func names(_ field: FactField, oneOf listed: [ViewedFact]) -> Bool {
        guard let name = value(field) else { return false }
        return listed.contains { $0.value(.text)?.names(name) ?? false }
    }

    /// What a dependency's upstream service is called.
    var upstream: Word {
        if let id = ref(.upstreamServiceId) { return .service(id) }
        return word(.upstreamName)
    }
}
