import Foundation
import Testing

@testable import ClientCLI

@Suite("A service that begins with what another says")
struct ServiceCopyTests {
    private static func rows(_ bench: CommandBench, _ service: String) async throws -> [String] {
        try await bench.expect("matrix -s \(service) --json", store: "customer").list.map {
            "\(($0["row"] as? [String: Any])?["controlId"] as? String ?? "?") \($0["provider"] as? String ?? "-")"
        }
    }

    @Test("Rows, records and lists of a subscribed service become a draft of one's own, what they refer to with them")
    func subscribed() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("edit cloud-service --set serviceModel=paas --set providesBackup=yes", store: "provider")
            let specified = await bench.expect(
                "edit backup-specification --set rpo=1d --set schedule+={backupType:_full,_interval:_1d} --json", store: "provider")
            let original = try #require(try specified.item["id"] as? String)
            await bench.expect(
                "edit change-notice --set changeCategory=feature --set affectedRecordIds=\(original)", store: "provider")
            await AgreementCommandTests.publish(bench, "2")

            let made = await bench.expect("service add Store_Two --template object-storage", store: "customer")
            #expect(made.output.contains("3 rows and ") && made.output.contains("buntan matrix -s store-two"), "\(made.output)")
            #expect(try await Self.rows(bench, "store-two") == Self.rows(bench, "object-storage"))
            let copied = try #require(
                try await bench.expect("list backup-specification -s store-two --json", store: "customer").list.first)
            let copy = try #require(copied["id"] as? String)
            #expect(copy != original)
            let notice = try await bench.expect("list change-notice -s store-two --json", store: "customer").list.first?["fields"]
            #expect((notice as? [String: Any])?["affectedRecordIds"] as? [String] == [copy], "\(String(describing: notice))")
            let shown = await bench.expect("show \(try #require(copied["short"] as? String)) -s store-two --json", store: "customer")
            let lists = try #require(try shown.list.first?["lists"] as? [String: Any])
            #expect((lists["schedule"] as? [Any])?.count == 1, "\(lists)")
            // The service itself is described as the other was, under its own name, and what was typed stands before that.
            let page = await bench.expect("show store-two --json", store: "customer").output
            #expect(!page.contains("Object Storage"), "\(page)")
            await bench.expect("publish 1 -m ours -s store-two", store: "customer")

            let typed = await bench.expect("service add Third --model saas --template store-two", store: "customer")
            #expect(typed.exit == .done)
            let service = try await bench.expect("list cloud-service -s third --json", store: "customer").list.first
            #expect((service?["fields"] as? [String: Any])?["serviceModel"] as? String == "saas")
            #expect((service?["fields"] as? [String: Any])?["providesBackup"] as? Bool == true)
        }
    }

    @Test("What was written in an engagement refers to published rows; its copy refers to the copied ones")
    func fromEngagement() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("edit change-notice -e kaisha --set changeCategory=feature --set affectedRecordIds=A-1", store: "provider")
            await bench.expect("service add Second --template object-storage", store: "provider")
            let rows = try await bench.expect("list responsibility -s second --json", store: "provider").list
            let row = try #require(rows.first { ($0["row"] as? [String: Any])?["controlId"] as? String == "A-1" }?["id"] as? String)
            let notice = try await bench.expect("list change-notice -s second --json", store: "provider").list.first?["fields"]
            #expect((notice as? [String: Any])?["affectedRecordIds"] as? [String] == [row], "\(String(describing: notice))")
        }
    }

    @Test("A template that is neither rows nor a service is refused with those there are; a field in conflict is chosen first")
    func refused() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        await bench.expect("service add Mail")
        let slip = await bench.expect("service add Chat --template mial --json", exit: .usage)
        #expect(slip.output.contains("iso27017, mail"), "\(slip.output)")
        #expect(try await bench.expect("services --json").list.count == 1)
        await bench.expect("service add Chat --template mail")
        #expect(try await bench.expect("services --json").list.count == 2)
        // With two services in the store, a record of the organisation as a whole needs neither.
        await bench.expect("edit internal-audit --set performedOn=2026-11-20")
        #expect(try await bench.expect("list internal-audit --json").list.count == 1)
        await bench.expect("edit backup-specification --set rpo=1d", exit: .usage)
        await bench.expect("list backup-specification", exit: .usage)
    }
}
