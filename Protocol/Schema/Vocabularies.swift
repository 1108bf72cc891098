/// Sets of codes that fields share.
package enum Vocabulary {
    package static let allocation = ["provider", "customer", "shared", "supplier", "not-applicable", "unallocated"]
    package static let implementationStatus = ["implemented", "partial", "planned", "not-implemented"]
    package static let side = ["provider", "customer"]
    package static let serviceModel = ["iaas", "paas", "saas", "other"]
    package static let deploymentModel = ["public", "private", "community", "hybrid"]
    package static let capabilityType = ["application", "infrastructure", "platform"]
    package static let partyRole = ["cloud-service-provider", "cloud-service-customer", "cloud-service-partner"]
    package static let partnerKind = [
        "cloud-auditor", "cloud-service-broker", "system-integrator", "reseller", "consultant", "other",
    ]
    package static let dependencyType = ["hosting", "platform", "data-processing", "network", "backup", "support", "other"]
    package static let canFulfil = ["yes", "no", "not-confirmed"]
    /// The status words of a CIS sheet, as found.
    package static let foundStatus = ["implemented", "partially-implemented", "planned", "alternative-implementation", "n-a"]
    /// The origination marks of a CIS sheet, as found.
    package static let foundOrigination = [
        "sp-corporate", "sp-system", "sp-hybrid", "customer-configured", "customer-provided", "shared", "inherited",
    ]
    package static let languages = ["en", "ja"]
}
