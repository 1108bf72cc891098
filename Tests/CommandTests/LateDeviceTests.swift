import BuntanProtocol
import Foundation
import Testing

@testable import ClientCLI

@Suite("A device that came after an engagement had ended")
struct LateDeviceTests {
    typealias Agreements = AgreementCommandTests

    /// An agreement of two parties whose engagement has ended since, and a device of the customer that came after that.
    private static func with(_ body: @escaping @Sendable (CommandBench, _ agreement: String) async throws -> Void) async throws {
        try await Agreements.with { bench in
            try await Agreements.signBoth(bench)
            let short = try #require(try await bench.expect("agreements --json", store: "customer").list.first?["short"] as? String)
            await bench.expect("engagement end kaisha -m exit --yes", store: "provider")
            await bench.expect("sync", store: "customer")
            try await bench.furtherDevice("laptop", of: "customer")
            try await body(bench, short)
        }
    }

    @Test("It knows that both have signed, and says that it cannot compare; the device that was there before compares")
    func status() async throws {
        try await Self.with { bench, short in
            #expect(try await Agreements.statuses(bench, "customer") == ["in-force"])
            let known = try #require(try await bench.expect("agreements --json", store: "laptop").list.first)
            #expect(known["status"] as? String == "signed" && known["signedAt"] is String)
            #expect((known["differing"] as? [Any])?.isEmpty == true, "rows that are not here have not changed")
            let signatures = try #require(known["signatures"] as? [[String: Any]])
            #expect(signatures.count == 2 && signatures.allSatisfy { $0["standing"] as? String == "log-missing" })
            let list = await bench.expect("agreements", store: "laptop").output
            #expect(list.contains("both signed") && list.contains("not on this device"), "\(list)")
            #expect(await bench.expect("agreements --lang ja", store: "laptop").output.contains("この端末にない"))
            let status = await bench.expect("status", store: "laptop").output
            #expect(status.contains("both signed 20") && !status.contains("nothing signed"), "\(status)")
            #expect(status.contains("closed the service before this device came") && !status.contains("No release"), "\(status)")
            #expect(!status.contains("Next:"), "\(status)")
            #expect(try await bench.expect("show \(short) --json", store: "laptop").list.first?["status"] as? String == "signed")
        }
    }

    @Test("What needs the rows says why they are not here, and what needs none goes on: the agreement can be ended")
    func refusals() async throws {
        try await Self.with { bench, short in
            for line in ["diff \(short)", "releases", "export json", "export evidence -o \(bench.path)/e.zip", "verify \(short)"] {
                let refused = await bench.expect("\(line) --json", store: "laptop", exit: .refused)
                #expect(try refused.code == "service-closed", "\(line): \(refused.output)")
            }
            let synced = try await bench.expect("sync --json", store: "laptop").item
            #expect(!(synced["events"] as? [[String: Any]] ?? []).contains { $0["event"] as? String == "in-force" })
            #expect((synced["unreachable"] as? [Any])?.isEmpty == true)
            await bench.expect("device set laptop --caps read,write,sign", store: "customer")
            await bench.expect("sync", store: "laptop")
            await bench.expect("agreement end \(short) --on 2090-01-01 -m over --yes", store: "laptop")
            #expect(try await bench.expect("agreements --json", store: "laptop").list.first?["end"] is [String: Any])
        }
    }

    @Test("A service that has not come yet is not said to be closed")
    func notYet() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        #expect(try await bench.expect("releases --json", exit: .usage).code == "no-service")
    }
}
