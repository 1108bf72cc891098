/// Sets of codes that fields share.
package enum Vocabulary {
    package static let allocation = ["provider", "customer", "shared", "supplier", "not-applicable", "unallocated"]
    package static let implementationStatus = ["implemented", "partial", "planned", "not-implemented"]
    /// How one control stands to another in a mapping (OSCAL mapping collection).
    package static let mappingRelationship = [
        "equivalent-to", "equal-to", "subset-of", "superset-of", "intersects-with", "no-relationship",
    ]
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
    /// Kinds of data that a backup may hold.
    package static let dataSet = [
        "system-information", "software", "customer-data", "derived-data", "configuration", "logs",
        "keys",
    ]
    /// How a backup is made.
    package static let backupMethod = [
        "snapshot", "image", "file", "database-dump", "log-shipping", "replication-only",
        "export",
    ]
    /// Who holds the keys of a backup.
    package static let encryptionAtRest = [
        "none", "provider-managed-key", "customer-managed-key", "customer-held-key",
    ]
    /// The smallest part that can be restored by itself.
    package static let restoreGranularity = [
        "whole-service", "instance", "database", "table", "file", "object",
        "record",
    ]
    /// How a test went.
    package static let testResult = [
        "passed", "failed", "partial",
    ]
    /// What a law is about.
    package static let lawCategory = [
        "personal-data", "government-access", "export-control", "sector", "records-retention", "cryptography",
        "consumer", "other",
    ]
    /// Why a law applies.
    package static let lawBasis = [
        "provider-establishment", "data-location", "customer-establishment", "data-subject-location", "contract", "upstream",
    ]
    /// What can be watched (CLD.12.4.5).
    package static let monitoringItem = [
        "availability", "performance", "capacity", "security-event", "abuse-outbound", "data-leakage",
        "login", "privileged-operation", "configuration-change", "cost", "malware",
    ]
    /// How it is watched.
    package static let monitoringMethod = [
        "console", "api", "log-export", "notification", "agent",
    ]
    /// To whom a description is open.
    package static let disclosureLevel = [
        "public", "under-nda", "on-request", "not-disclosed",
    ]
    /// What a description of a service is about.
    package static let serviceTopic = [
        "labelling", "utility-program", "resource-disposal", "capacity", "clock-synchronisation", "vulnerability",
        "segregation", "hardening", "development", "record-protection", "general",
    ]
    /// What a requirement is about.
    package static let requirementTopic = [
        "access", "cryptography", "key-management", "logging", "privileged-log", "segregation",
        "capacity", "clock-synchronisation", "vulnerability", "general",
    ]
    /// The life of a key (10.1.2).
    package static let keyStage = [
        "generation", "change", "storage", "retirement", "retrieval", "retention",
        "destruction",
    ]
    /// What is given back or removed when a contract ends (CLD.8.1.5).
    package static let removedAsset = [
        "customer-data", "derived-data", "configuration", "backup", "key", "log",
        "software",
    ]
    /// What a change is about (12.1.2).
    package static let changeCategory = [
        "feature", "infrastructure", "security", "location", "supplier", "terms",
        "deprecation", "emergency",
    ]
    /// Operations that cannot be taken back (CLD.12.1.5).
    package static let criticalOperation = [
        "install-virtual-device", "change-virtual-device", "delete-virtual-device", "terminate-service", "backup", "restore",
        "key-operation", "other",
    ]
    /// What a contact is for.
    package static let contactPurpose = [
        "support", "incident", "change", "legal", "authority", "data-protection",
        "exit",
    ]
    /// What something is proved by.
    package static let evidenceType = [
        "certificate", "audit-report", "test-record", "self-assessment", "policy", "screenshot",
        "log-extract", "contract-clause", "other",
    ]
    /// What a policy is about.
    package static let policyKind = [
        "cloud-use", "cloud-provision", "access", "supplier", "licence", "ip-complaint",
        "backup", "virtual-network", "business",
    ]
    /// What a policy speaks of (5.1.1).
    package static let policyTopic = [
        "provider-held-data", "provider-access", "multi-tenancy", "users", "administrators", "geography",
        "insider", "virtualisation", "account-lifecycle", "change-communication", "breach-communication", "administrator-authentication",
        "baseline",
    ]
    /// Who was trained (7.2.2).
    package static let trainingAudience = [
        "business-manager", "administrator", "integrator", "user", "management", "contractor",
    ]
    /// In what somebody was trained.
    package static let trainingTopic = [
        "cloud-rules", "cloud-risks", "environment-risks", "legal", "customer-data-handling", "roles",
    ]
    /// Kinds of assets (8.1.1).
    package static let assetType = [
        "information", "software", "virtual-device", "derived-data", "customer-data",
    ]
    /// The side that an organisation takes in a service.
    package static let heldPosition = [
        "provider", "customer", "both",
    ]
    /// What an organisation does with a service in its scope.
    package static let serviceActivity = [
        "builds-and-provides", "uses", "managed-service-using-cloud", "resells", "consults", "integrates-for-customer",
    ]
    /// What is provided and is no cloud service by itself.
    package static let businessActivity = [
        "resells", "consults", "integrates-for-customer", "operates-for-customer", "managed-service-using-cloud",
    ]
    /// Work that a scope covers.
    package static let scopeActivity = [
        "operation", "development", "support", "incident-response", "continuity", "configuration-management",
        "customer-contact",
    ]
    /// Whether a side's guidance on a control is followed.
    package static let adoption = [
        "adopted", "excluded", "no-guidance",
    ]
    /// What a risk springs from (guide 4.2.1; 27017 4.4).
    package static let riskSource = [
        "business-policy", "applicable-law", "policy-missing", "roles-missing", "backup-deficient", "monitoring-deficient",
        "network", "scalability-elasticity", "resource-sharing", "self-service-provisioning", "on-demand-administration",
        "cross-jurisdiction",
        "limited-visibility", "supplier-control-loss", "telework", "byod", "iot", "ai",
        "other",
    ]
    /// How grave a finding is.
    package static let findingGrade = [
        "major-nonconformity", "minor-nonconformity", "opportunity", "good-practice",
    ]
    package static let languages = ["en", "ja"]
}
