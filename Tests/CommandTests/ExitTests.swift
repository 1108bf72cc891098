import Foundation
import Testing

@testable import ClientCLI

@Suite("A customer leaves, and its assets are returned and removed (CLD.8.1.5)")
struct ExitTests {
    @Test("What each side says of the removal is found by the record that it is said of, before and after the engagement has ended")
    func removal() async throws {
        try await AgreementCommandTests.with { bench in
            await bench.expect("edit asset-removal -s object-storage --set returnWindow=30d --set removalDeadline=60d", store: "provider")
            await AgreementCommandTests.publish(bench, "2")
            let offered = try #require(try await bench.expect("list asset-removal --json", store: "customer").list.first)
            let short = try #require(offered["short"] as? String)

            let said = await bench.expect("edit asset-removal-position \(short) --set inAgreement=yes", store: "customer")
            #expect(said.output.contains("asset-removal-position"), "\(said.output)")
            await bench.expect("edit asset-removal-position \(short) --set contractEndedOn=2027-03-31", store: "customer")
            #expect(try await bench.expect("list asset-removal-position --json", store: "customer").list.count == 1)

            await bench.expect("engagement end example-cloud --on 2099-03-31 -m moving --yes", store: "customer")
            await AgreementCommandTests.settle(bench)
            let removed = "edit asset-removal-position \(short) -e kaisha --set contractEndedOn=2027-03-31 --set removedOn=2027-05-10"
            await bench.expect(removed, store: "provider")
            await bench.expect("sync", store: "provider")
            await bench.expect("sync", store: "customer")
            await bench.expect("edit asset-removal-position \(short) --set customerConfirmedOn=2027-05-20", store: "customer")
            let shown = try await bench.expect("list asset-removal-position --json", store: "customer").list
            #expect(shown.count == 2)
            let theirs = try #require(shown.first { ($0["fields"] as? [String: Any])?["removedOn"] != nil }?["fields"] as? [String: Any])
            #expect(theirs["removedOn"] as? String == "2027-05-10")
        }
    }

    @Test("A record of another kind is no subject of a position, and is told so")
    func stranger() async throws {
        try await AgreementCommandTests.with { bench in
            await bench.expect("edit backup-specification -s object-storage --set rpo=1d", store: "provider")
            await AgreementCommandTests.publish(bench, "2")
            let short = try #require(
                try await bench.expect("list backup-specification --json", store: "customer").list.first?["short"] as? String)
            let slip = await bench.expect(
                "edit asset-removal-position \(short) --set inAgreement=yes --json", store: "customer", exit: .usage)
            #expect(slip.output.contains("unknown-id"), "\(slip.output)")
        }
    }

    @Test("What a customer has to say of the provider's record is told as what to type, and typed so")
    func decision() async throws {
        try await AgreementCommandTests.with { bench in
            let law = "edit jurisdiction -s object-storage --set country=US --set basis=data-location --set lawName/en=Act"
            await bench.expect(law, store: "provider")
            await AgreementCommandTests.publish(bench, "2")
            await bench.expect("edit jurisdiction-policy --set rejectedCountries=US", store: "customer")
            let found = try #require(try await bench.run("check", "--group", "JUR-4", "--json", store: "customer").list.first)
            let short = try #require(found["short"] as? String)
            #expect(found["next"] as? String == "buntan edit jurisdiction-position \(short)")
            await bench.expect("edit jurisdiction-position \(short) --set customerDecision=accepted-with-conditions", store: "customer")
            #expect(try await bench.expect("check --group JUR-4 --json", store: "customer").list.isEmpty)
        }
    }
}
