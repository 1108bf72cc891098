import Testing

@testable import ClientCLI

@Suite("Agreements that cover what a provider offers beside the rows")
struct AgreementSpecificationTests {
    @Test("--with backup signs the specification with the items of its lists; an item that changes makes the agreement stale")
    func backup() async throws {
        try await AgreementCommandTests.with { bench in
            let made = await bench.expect("edit backup-specification --set rpo=1h --set schedule+={interval:_1h} --json", store: "provider")
            let id = try #require(try made.item["id"] as? String)
            await bench.expect("publish 2 -m backups --yes", store: "provider")
            await AgreementCommandTests.settle(bench)
            let printed = await bench.expect("agree --with backup --print", store: "provider").output
            #expect(printed.contains("backup-specification.schedule") && printed.contains("PT1H"), "\(printed)")
            try await AgreementCommandTests.signBoth(bench, "--with backup")
            #expect(try await AgreementCommandTests.statuses(bench, "customer") == ["in-force"])
            await bench.expect("edit backup-specification \(id) --set schedule=[{interval:_30min}]", store: "provider")
            await bench.expect("publish 3 -m less --yes", store: "provider")
            await AgreementCommandTests.settle(bench)
            #expect(try await AgreementCommandTests.statuses(bench, "customer") == ["stale"])
            // Signing without it anew is nothing that happens unnoticed.
            let less = await bench.run("agree", store: "customer", answers: ["no"], isTerminal: true).output
            #expect(less.contains("signed with") && less.contains("buntan agree --with backup-specification"), "\(less)")
            let same = await bench.run("agree", "--with", "backup", store: "customer", answers: ["no"], isTerminal: true).output
            #expect(!same.contains("signed with") && same.contains("agree --with backup --read"), "\(same)")
        }
    }
}
