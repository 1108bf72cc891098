@testable import Rules

/// The examples of SCOPE.
enum ScopeExamples {
    private static func statement(_ fields: FactFields = [:]) -> Fact { fact(.scopeStatement, "scope", fields) }
    private static func entry(_ name: FactValue, _ fields: FactFields, id: String = "entry", service: String = "service")
        -> Fact
    {
        fact(
            .scopeStatementServices, id,
            ([.parent: ref("scope"), .serviceId: ref(service), .serviceName: name] as FactFields).merging(fields) { $1 })
    }
    private static func site(_ name: FactValue, _ fields: FactFields) -> Fact {
        fact(.scopeStatementSites, "site", ([.parent: ref("scope"), .name: name] as FactFields).merging(fields) { $1 })
    }
    private static func group(_ name: FactValue, _ fields: FactFields) -> Fact {
        fact(.scopeStatementPersonnel, "group", ([.parent: ref("scope"), .group: name] as FactFields).merging(fields) { $1 })
    }
    private static func dependency() -> Fact {
        fact(.serviceDependency, "dependency", [.downstreamServiceId: ref("service"), .upstreamName: "Kumo IaaS"])
    }
    private static let crm = fact(.cloudService, "service", [.name: both("Hoshi CRM", "星CRM")])

    static let all: [RuleExample] = [
        RuleExample(
            "SCOPE-1",
            passing: [
                statement(), site("Tokyo DC", [.inScope: true]),
                fact(.scopeStatementIsmsScopeSites, "hq", [.parent: ref("scope"), .text: "HQ"]),
                fact(.scopeStatementIsmsScopeSites, "tokyo", [.parent: ref("scope"), .text: "Tokyo DC"]),
            ],
            breaking: .set("site", .name, "Osaka DC")),
        RuleExample(
            "SCOPE-2",
            passing: [statement(), entry("Kumo DB", [:]), fact(.cloudService, "service", [.name: both("Kumo DB", "雲DB")])],
            breaking: .set("entry", .serviceName, "our hosting business")),
        RuleExample(
            "SCOPE-3", passing: [entry("Kumo DB", [.position: "provider"])],
            breaking: .set("entry", .position, "")),
        RuleExample(
            "SCOPE-4", passing: [entry("Hoshi CRM", [.position: "both"]), dependency()],
            breaking: .set("entry", .position, "provider")),
        RuleExample(
            "SCOPE-5", passing: [entry("Hoshi CRM", [.activity: "builds-and-provides", .position: "provider"])],
            breaking: .set("entry", .activity, "resells")),
        RuleExample(
            "SCOPE-6", passing: [entry("Kumo DB", [.activity: "consults", .position: "customer"])],
            breaking: .set("entry", .position, "provider")),
        RuleExample(
            "SCOPE-7", passing: [entry("Kumo IaaS", [.activity: "integrates-for-customer", .position: "customer"])],
            breaking: .set("entry", .position, "provider")),
        RuleExample(
            "SCOPE-8",
            passing: [
                entry("Hoshi CRM", [.position: "provider"]),
                fact(
                    .cloudService, "service",
                    [
                        .name: both("Hoshi CRM", "星CRM"), .selfService: true, .broadNetworkAccess: true, .resourcePooling: true,
                        .rapidElasticity: true, .measuredService: true, .definedInterface: both("REST API, browser", "REST API、ブラウザ"),
                    ]),
            ],
            breaking: .set("service", .resourcePooling, false)),
        RuleExample(
            "SCOPE-9",
            passing: [
                entry("Hoshi CRM", [:]), crm, entry("Hoshi Mail", [:], id: "other", service: "mail"),
                fact(.cloudService, "mail", [.name: both("Hoshi Mail", "星メール")]),
            ],
            breaking: .remove("other"), .set("entry", .serviceName, "Hoshi cloud suite"), .set("entry", .serviceId, ""),
            correcting: .set("entry", .serviceId, ref("service"))),
        RuleExample(
            "SCOPE-10", passing: [statement([.pattern: "c"]), entry("Hoshi CRM", [.position: "both"]), dependency()],
            breaking: .set("scope", .pattern, "a")),
        RuleExample(
            "SCOPE-11",
            passing: [
                statement(), entry("Hoshi CRM", [.position: "provider"]), crm,
                fact(
                    .cloudServiceRequiredSystems, "db",
                    [.parent: ref("service"), .systemId: "S-1", .name: "on-premises DB server", .indispensable: true]),
                fact(.scopeStatementSystems, "system", [.parent: ref("scope"), .systemId: "S-1", .inScope: true]),
            ],
            breaking: .set("system", .inScope, false)),
        RuleExample(
            "SCOPE-12",
            passing: [
                statement(), entry("Hoshi CRM", [.position: "provider"]), crm,
                fact(
                    .cloudServiceAnnouncedFunctions, "function",
                    [.parent: ref("service"), .functionName: both("backup", "バックアップ"), .systemId: "S-2", .deployedAt: "on-premises"]),
                fact(.scopeStatementSystems, "system", [.parent: ref("scope"), .systemId: "S-2", .inScope: true]),
            ],
            breaking: .set("system", .inScope, false)),
        RuleExample(
            "SCOPE-13",
            passing: [
                site("server room", [.siteKind: "own", .siteId: "T-1", .inScope: true]), crm,
                fact(.cloudServiceRequiredSystems, "db", [.parent: ref("service"), .systemId: "S-1", .siteId: "T-1"]),
            ],
            breaking: .set("site", .inScope, false)),
        RuleExample(
            "SCOPE-14",
            passing: [
                statement(), site("Kumo IaaS", [.siteKind: "other-cloud", .supplierControlsApplied: true]),
                fact(.soa, "soa", [.scopeStatementId: ref("scope")]),
            ]
                + ["15.1.1", "15.1.2", "15.1.3", "15.2.1", "15.2.2"].map {
                    fact(.soaEntry, "entry-\($0)", [.soaId: ref("soa"), .controlId: .text($0), .adopted27001: "adopted"])
                },
            breaking: .set("entry-15.2.1", .adopted27001, "excluded")),
        RuleExample(
            "SCOPE-15",
            passing: [
                site("DC-1", [.dataCentreMode: "fully-managed", .staffAttend: false, .inScope: false, .supplierControlsApplied: true])
            ],
            breaking: .set("site", .supplierControlsApplied, false)),
        RuleExample(
            "SCOPE-16", passing: [site("DC-2", [.dataCentreMode: "not-fully-managed", .staffAttend: true, .inScope: true])],
            breaking: .set("site", .inScope, false),
            correcting: .set("site", .reasonIfOut, both("escorted visits only", "立会いのある訪問のみ"))),
        RuleExample(
            "SCOPE-17",
            passing: [
                statement(), site("DC-2", [.managementInterfaceHost: true, .inScope: true]),
                fact(.scopeStatementIsmsScopeSites, "listed", [.parent: ref("scope"), .text: "DC-2"]),
            ],
            breaking: .remove("listed")),
        RuleExample(
            "SCOPE-18",
            passing: [
                statement([.activities: ["operation"]]),
                group(both("operations team", "運用チーム"), [.activities: ["operation"], .cloudSecurityPersonnel: true]),
            ],
            breaking: .set("group", .cloudSecurityPersonnel, false)),
        RuleExample(
            "SCOPE-19", passing: [group("operations team", [.ismsPersonnel: true, .cloudSecurityPersonnel: true])],
            breaking: .set("group", .ismsPersonnel, false)),
        RuleExample(
            "SCOPE-20",
            passing: [
                statement([.activities: ["operation", "incident-response"]]),
                group("CSIRT", [.activities: ["incident-response"], .cloudSecurityPersonnel: true]),
            ],
            breaking: .remove("group")),
        RuleExample(
            "SCOPE-21", passing: [group("operations team", [.usesMark: true, .cloudSecurityPersonnel: true])],
            breaking: .set("group", .cloudSecurityPersonnel, false)),
        RuleExample(
            "SCOPE-22", passing: [group("sales desk", [.activities: ["customer-contact"], .cloudSecurityPersonnel: false])],
            breaking: .set("group", .cloudSecurityPersonnel, true), .set("group", .group, "ISMS office"), .set("group", .activities, [])),
        RuleExample(
            "SCOPE-23",
            passing: [
                statement([
                    .boundaryText: both("the CRM and its sites", "CRM及びその拠点"), .approvedBy: "CISO", .approvedOn: "2026-04-01",
                    .status: "agreed",
                ])
            ],
            breaking: .set("scope", .approvedBy, "")),
        RuleExample(
            "SCOPE-24", passing: [statement([.customerRelationInRisk: true]), entry("Hoshi CRM", [.position: "provider"])],
            breaking: .set("scope", .customerRelationInRisk, false)),
    ]
}
