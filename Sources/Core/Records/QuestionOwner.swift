/// Who owns a question of a CAIQ, by the words of its publisher.
///
/// The AI-CAIQ names places in a chain of services. They are read as the cloud service provider at its end sees them: who provides models,
/// orchestrates or makes the application is a supplier, the customer of the AI is the customer.
package struct QuestionOwner: Hashable, Sendable {
    /// A code of an allocation.
    package let allocation: String
    /// Whether the provider shares in a supplier's duty.
    package let providerShares: Bool
    /// Whether it is a place in a chain.
    package let isActor: Bool

    private static let all: [String: QuestionOwner] = [
        "csp-owned": .init("provider"), "csc-owned": .init("customer"), "shared csp and csc": .init("shared"),
        "3rd-party outsourced": .init("supplier"), "3rd party outsourced": .init("supplier"), "third-party outsourced": .init("supplier"),
        "shared csp and 3rd-party": .init("supplier", shares: true), "shared csp and 3rd party": .init("supplier", shares: true),
        "shared csp and third-party": .init("supplier", shares: true),
        "n/a": .init("not-applicable"), "na": .init("not-applicable"), "nd": .init("unallocated"),
        "mp-owned": .init("supplier", isActor: true), "osp-owned": .init("supplier", isActor: true),
        "ap-owned": .init("supplier", isActor: true), "aic-owned": .init("customer", isActor: true),
        "shared csp-mp": .init("supplier", shares: true, isActor: true), "shared mp-osp": .init("supplier", isActor: true),
        "shared osp-ap": .init("supplier", isActor: true), "shared ap-aic": .init("shared", isActor: true),
        "shared across the supply chain": .init("shared", isActor: true),
    ]

    private init(_ allocation: String, shares: Bool = false, isActor: Bool = false) {
        (self.allocation, providerShares, self.isActor) = (allocation, shares, isActor)
    }

    /// - Parameter folded: the word in small letters and with single blanks; `nil` for one that names no owner.
    package init?(folded: String) {
        guard let known = Self.all[folded] else { return nil }
        self = known
    }
}
