@testable import Rules

/// The examples of SOA.
enum ApplicabilityExamples {
    private static func soa(_ fields: FactFields = [:]) -> Fact {
        fact(.soa, "soa", ([.serviceId: ref("service")] as FactFields).merging(fields) { $1 })
    }
    private static func entry(_ control: String, _ fields: FactFields = [:]) -> Fact {
        fact(.soaEntry, "entry \(control)", ([.soaId: ref("soa"), .controlId: .text(control)] as FactFields).merging(fields) { $1 })
    }
    private static func scoped(_ name: FactValue, _ id: String, service: String, _ fields: FactFields = [:]) -> Fact {
        fact(.scopeStatementServices, id, ([.serviceId: ref(service), .serviceName: name] as FactFields).merging(fields) { $1 })
    }
    private static func treatment(_ fields: FactFields) -> Fact {
        fact(.riskTreatment, "treatment", ([.planText: both("T-3", "対応3")] as FactFields).merging(fields) { $1 })
    }
    private static let crm = fact(.cloudService, "service", [.name: both("Hoshi CRM", "星CRM")])
    private static let decided: FactFields = [
        .adoptedProvider: "adopted", .adoptedCustomer: "adopted", .evaluatedOn: "2026-03-10",
    ]
    /// Every control of the standard.
    // Its own tests tell why a catalogue is unreadable; an example without its controls fails.
    private static let controls = (try? Catalogue.iso27017())?.controls ?? []

    static let all: [RuleExample] = [
        RuleExample(
            "SOA-1", passing: [crm, soa()] + controls.filter { !$0.isExtended }.map { entry($0.id, [.adopted27001: "adopted"]) },
            breaking: .remove("entry 12.3.1")),
        RuleExample(
            "SOA-2", passing: [soa([.position: "both"]), entry("12.3.1", decided)],
            breaking: .set("entry 12.3.1", .adoptedCustomer, "")),
        RuleExample(
            "SOA-3", passing: [soa([.position: "both"])] + controls.filter(\.isExtended).map { entry($0.id, decided) },
            breaking: .remove("entry CLD.12.4.5")),
        RuleExample(
            "SOA-4",
            passing: [entry("14.2.7", [.adopted27001: "excluded", .reason27001: both("no outsourced development", "外部委託の開発はない")])],
            breaking: .set("entry 14.2.7", .reason27001, "")),
        RuleExample(
            "SOA-5",
            passing: [
                entry("12.3.1", [.adopted27001: "adopted", .reason27001: both("risk R-7", "リスクR-7"), .implementationStatus: "implemented"])
            ],
            breaking: .set("entry 12.3.1", .implementationStatus, "")),
        RuleExample(
            "SOA-6", passing: [entry("10.1.1", [.adopted27001: "adopted", .adoptedProvider: "adopted"])],
            breaking: .set("entry 10.1.1", .adopted27001, "excluded")),
        RuleExample("SOA-7", passing: [crm, soa([.position: "both"])], breaking: .set("soa", .position, "")),
        RuleExample(
            "SOA-8", passing: [soa([.position: "both"]), entry("12.4.1", decided)],
            breaking: .set("entry 12.4.1", .adoptedCustomer, "")),
        RuleExample(
            "SOA-9",
            passing: [
                scoped("Hoshi CRM", "crm", service: "service"), soa(), scoped("Hoshi Mail", "mail", service: "mail service"),
                fact(.soa, "soa of mail", [.serviceId: ref("mail service")]),
            ],
            breaking: .set("soa of mail", .serviceId, ""), .set("soa of mail", .serviceName, "all services")),
        RuleExample(
            "SOA-10",
            passing: [
                entry(
                    "CLD.9.5.2",
                    [
                        .adoptedCustomer: "excluded", .reasonCustomer: both("no virtual machines", "仮想マシンはない"),
                        .exclusionConfirmedBy: "internal audit",
                    ])
            ],
            breaking: .set("entry CLD.9.5.2", .exclusionConfirmedBy, ""), .set("entry CLD.9.5.2", .reasonCustomer, "not needed")),
        RuleExample(
            "SOA-11",
            passing: [
                soa(), entry("15.1.2", [.adopted27001: "adopted"]), fact(.risk, "risk", [.serviceId: ref("service")]),
                treatment([.riskId: ref("risk"), .controlIds: ["15.1.2"]]),
            ],
            breaking: .set("entry 15.1.2", .adopted27001, "excluded")),
        RuleExample(
            "SOA-12", passing: [soa([.comparisonMode: "shall"])], breaking: .set("soa", .comparisonMode, "should")),
        RuleExample(
            "SOA-13", passing: [entry("9.2.1", [.adoptedProvider: "adopted", .adoptedCustomer: "no-guidance"])],
            breaking: .set("entry 9.2.1", .adoptedCustomer, "adopted")),
        RuleExample(
            "SOA-14",
            passing: [
                entry("12.4.1", [.adopted27001: "adopted", .implementationStatus: "planned", .treatmentIds: refs("treatment")]),
                treatment([.dueOn: "2026-12-31", .ownerName: "CIO"]),
            ],
            breaking: .set("entry 12.4.1", .treatmentIds, "")),
        RuleExample(
            "SOA-15",
            passing: [
                soa([.serviceName: "Kumo DB"]), scoped("Kumo DB", "scoped", service: "service"),
                fact(.cloudService, "service", [.name: both("Kumo DB", "雲DB")]),
            ],
            breaking: .set("soa", .serviceName, "Kumo Database Plus")),
        RuleExample(
            "SOA-16",
            passing: [crm, soa([.position: "both"]), scoped("Hoshi CRM", "scoped", service: "service", [.position: "both"])],
            breaking: .set("soa", .position, "customer")),
    ]
}
