package import BuntanProtocol

/// What a gap is about.
package enum GapArea: String, CaseIterable, Sendable {
    case backup, jurisdictions, monitoring, responsibilities

    /// Where a risk that comes of such a gap has its source (G 4.2.1).
    package var riskSource: String {
        switch self {
        case .backup: "backup-deficient"
        case .jurisdictions: "applicable-law"
        case .monitoring: "monitoring-deficient"
        case .responsibilities: "roles-missing"
        }
    }

    /// The rules whose comparisons are the area's gaps.
    static let rules: [String: GapArea] = Dictionary(
        uniqueKeysWithValues: [
            (
                GapArea.backup,
                [
                    "BKP-5", "BKP-6", "BKP-7", "BKP-8", "BKP-9", "BKP-10", "BKP-11", "BKP-12", "BKP-14", "BKP-15", "BKP-19", "BKP-20",
                    "BKP-21",
                ]
            ),
            (.jurisdictions, ["JUR-3", "JUR-4", "JUR-6", "JUR-9", "JUR-10"]), (.monitoring, ["MON-3", "MON-4", "MON-5"]),
        ].flatMap { area, rules in rules.map { ($0, area) } })
}

/// What is offered less than is required, computed from the records as they are; and how far it was followed through.
package struct Gap: Sendable {
    /// The name of its record, whether or not anybody has written one; `nil` where nobody here keeps records.
    package let id: FactID?
    package let area: GapArea
    /// The record that requires, and what of it.
    package let requirement: FactID
    package let field: String
    /// What people call it.
    package let title: [Word]
    package let service: FactID?
    /// What was compared; a gap has at least one.
    package let parts: [Part]
    /// The side whose offer or answer it is.
    package let side: Side?
    /// Whether it is the customer's own to arrange, since the provider has no function for it (17 12.3.1).
    package let isCustomersDuty: Bool
    package internal(set) var chain: GapChain?

    /// Names it for good, whatever is offered against it.
    package var key: String { "\(requirement.text)/\(field)" }

    /// One comparison.
    package struct Part: Hashable, Sendable {
        /// The rule that compares so; `nil` for what a policy says and no rule asks.
        package let rule: String?
        package let required: Word
        package let offered: Word
        /// The record that offers; `nil` where none does.
        package let offer: FactID?
        package let difference: GapDifference

        init(rule: String?, required: Word, offered: Word, offer: FactID? = nil, difference: GapDifference) {
            (self.rule, self.required, self.offered, self.offer, self.difference) = (rule, required, offered, offer, difference)
        }
    }

    /// What is required and offered, as an assessment and an approval write it down.
    package struct Values: Hashable, Sendable {
        package let required: String
        package let offered: String
    }

    /// The same values whatever record offers them, and in whatever order: only a change of what is required or offered changes them.
    package var values: Values {
        let pairs = Set(parts.map { Values(required: Self.required($0), offered: $0.offered.canonical) })
            .sorted { ($0.required, $0.offered) < ($1.required, $1.offered) }
        return Values(required: pairs.map(\.required).joined(separator: ";"), offered: pairs.map(\.offered).joined(separator: ";"))
    }

    /// A law is required to be in force on whatever day is asked about.
    private static func required(_ part: Part) -> String { if case .date = part.required { "in-force" } else { part.required.canonical } }
}

/// What could not be compared, and why: it is no less open than a gap.
package struct Uncompared: Hashable, Sendable {
    package enum Reason: String, Sendable {
        /// The customer has not said what it requires.
        case requirementMissing = "requirement-missing"
        /// What it requires is its own to see.
        case requirementUnknown = "requirement-unknown"
        /// The provider has published nothing.
        case offerMissing = "offer-missing"
        /// A value in it is in conflict, or only the other side can see it.
        case valueUnknown = "value-unknown"
        /// The provider has no function for it: it is the customer's own (17 12.3.1).
        case customersDuty = "customers-duty"
    }

    package let area: GapArea
    package let reason: Reason
    /// The kind of what is missing or not to be seen.
    package let kind: FactKind
    /// The record in which something cannot be told.
    package let record: FactID?
    package let rule: String?
    /// The side that can put it right.
    package let side: Side?

    init(_ area: GapArea, _ reason: Reason, _ kind: FactKind, record: FactID? = nil, rule: String? = nil, side: Side?) {
        (self.area, self.reason, self.kind, self.record, self.rule, self.side) = (area, reason, kind, record, rule, side)
    }
}
