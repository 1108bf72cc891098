import BuntanProtocol
import Foundation
import Records
import Testing

@testable import ClientCLI

@Suite("Lists of a record: items are records of their own, written and shown with what they are part of")
struct RecordListTests {
    private func lists(_ bench: CommandBench, _ address: String, store: String = "store") async throws -> [String: [[String: Any]]] {
        let shown = await bench.run("show", address, "--json", store: store)
        #expect(shown.exit == .done, "\(shown.errors)")
        let item = try #require((try shown.json["items"] as? [[String: Any]])?.first)
        return item["lists"] as? [String: [[String: Any]]] ?? [:]
    }

    private func values(_ items: [[String: Any]]?, _ field: String) -> [String] {
        (items ?? []).compactMap { ($0["fields"] as? [String: Any])?[field] as? String }
    }

    private func made(_ outcome: Outcome) throws -> String {
        #expect(outcome.exit == .done, "\(outcome.errors)")
        return try #require(try outcome.item["id"] as? String)
    }

    @Test("--set adds an item and takes one away; delete takes the items along, undo brings them back")
    func settings() async throws {
        let bench = try await CommandBench.drafting()
        let id = try made(
            await bench.run(
                "edit", "backup-sp", "--set", "rpo=1h", "--set", "schedule+={backupType: full, interval: 1d}", "--set",
                "schedule+=[{backupType: incremental, interval: 1h, window: nights}]", "--json"))
        let schedule = try await lists(bench, id)["schedule"]
        #expect(values(schedule, "interval") == ["P1D", "PT1H"])
        #expect(values(schedule, "backupType") == ["full", "incremental"])
        let full = try #require(schedule?.first?["short"] as? String)
        let removed = await bench.run("edit", "backup-sp", id, "--set", "schedule-=\(full)")
        #expect(removed.output.contains("schedule changed"), "\(removed.output)\(removed.errors)")
        #expect(values(try await lists(bench, id)["schedule"], "interval") == ["PT1H"])
        #expect(try await bench.run("edit", "backup-sp", id, "--set", "schedule-=\(full)", "--json").code == "unknown-item")
        #expect(await bench.run("delete", id, "-m", "wrong service").exit == .done)
        #expect(await bench.run("list", "backup-specification.schedule").output == "No records of this kind.\n")
        #expect(await bench.run("undo").exit == .done)
        #expect(values(try await lists(bench, id)["schedule"], "interval") == ["PT1H"])
        // Nothing is listed twice: items stand with what they are part of.
        #expect(await bench.run("list").output.contains("backup-specification.schedule") == false)
        #expect(await bench.run("show", id).output.contains("incremental"))
        #expect(await bench.run("show", id, "--lang", "ja").output.contains("増分"))
    }

    @Test("A file says which items there are: read twice it changes nothing, and an item that it lacks goes")
    func file() async throws {
        let bench = try await CommandBench.drafting()
        let text = """
            country: JP
            lawName: {ja: 個人情報の保護に関する法律}
            dataLocations:
              - {country: JP, purpose: primary}
              - country: SG
                purpose: backup
            """
        let path = try bench.file("law.yaml", text)
        let id = try made(await bench.run("edit", "jurisdiction", "--from", path, "--json"))
        #expect(await bench.run("edit", "jurisdiction", id, "--from", path).output == "Nothing changed.\n")
        let first = try await lists(bench, id)["dataLocations"]
        let fewer = try bench.file("fewer.yaml", text.replacingOccurrences(of: "  - {country: JP, purpose: primary}\n", with: ""))
        #expect(await bench.run("edit", "jurisdiction", id, "--from", fewer).exit == .done)
        let second = try await lists(bench, id)["dataLocations"]
        #expect(values(second, "country") == ["SG"])
        #expect(second?.first?["id"] as? String == first?.last?["id"] as? String)
        let none = try bench.file("none.yaml", "dataLocations: []\n")
        #expect(await bench.run("edit", "jurisdiction", id, "--from", none).exit == .done)
        #expect(try await lists(bench, id).isEmpty)
    }

    @Test(
        "A mistake in an item is named with its line, and nothing is written",
        arguments: [
            ("  - {country: JP, purpose: primary}\n  - country: Japan\n", 3, "ISO 3166-1"),
            ("  - {country: JP, nation: JP}\n", 2, "nation"), ("  - {purpose: primary}\n", 2, "country"),
            ("  - JP\n  - {country: JP}\n", 2, "dataLocations"),
            ("  - {id: zzzz, country: JP}\n", 0, "zzzz"),
        ])
    func mistakes(items: String, line: Int, words: String) async throws {
        let bench = try await CommandBench.drafting()
        let path = try bench.file("law.yaml", "dataLocations:\n\(items)country: JP\n")
        let refused = await bench.run("edit", "jurisdiction", "--from", path, "--json")
        #expect(refused.exit != .done)
        #expect(refused.errors.contains(words), "\(refused.errors)")
        if line > 0 { #expect(refused.errors.contains("law.yaml") && refused.errors.contains("\(line)"), "\(refused.errors)") }
        #expect(await bench.run("list", "jurisdiction").output == "No records of this kind.\n")
    }

    @Test("The form shows the items with their ids; what another added meanwhile stays, what the form lacks goes")
    func form() async throws {
        let bench = try await CommandBench.drafting()
        let id = try made(
            await bench.run("edit", "monitoring-c", "--set", "items+={itemKey: availability, method: api, interval: 5min}", "--json"))
        let seen = Captured()
        let same = await bench.run(
            list: ["edit", "monitoring-c", id],
            editor: { text in
                // Memory takes everything; what was not written would be missed below.
                do { try seen.write(Array(text.utf8)) } catch {}
                return text
            })
        #expect(same.output == "Nothing changed.\n", "\(same.errors)")
        #expect(seen.text.contains("    itemKey: availability\n") && seen.text.contains("one of availability"), "\(seen.text)")
        let changed = await bench.run(
            list: ["edit", "monitoring-c", id],
            editor: {
                $0.replacingOccurrences(of: "interval: 5min", with: "interval: 1min").replacingOccurrences(
                    of: "items:\n", with: "items:\n  - {itemKey: login, method: log-export, retention: 1y}\n")
            })
        #expect(changed.exit == .done, "\(changed.errors)")
        let items = try await lists(bench, id)["items"]
        #expect(values(items, "itemKey") == ["availability", "login"])
        #expect(values(items, "interval") == ["PT1M"])
        let emptied = await bench.run(
            list: ["edit", "monitoring-c", id],
            editor: { text in
                String(text[..<(text.range(of: "\nitems:\n")?.lowerBound ?? text.endIndex)]) + "\nitems: []\n"
            })
        #expect(emptied.exit == .done, "\(emptied.errors)")
        #expect(try await lists(bench, id).isEmpty)
    }

    @Test("What is private and about a service says about which, unless somebody says otherwise")
    func presets() async throws {
        let bench = try await CommandBench.drafting()
        let id = try made(await bench.run("edit", "backup-requirement", "--set", "maxRpo=4h", "--json"))
        #expect(await bench.run("show", id).output.contains("Object Storage"))
        let other = try made(await bench.run("edit", "backup-requirement", "--set", "serviceId=", "--set", "maxRpo=4h", "--json"))
        #expect(await bench.run("show", other).output.contains("Object Storage") == false)
    }

    @Test("A release brings the items of its records, which name what they are part of as it is published")
    func published() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        await bench.expect("edit cloud-service --set announcedFunctions+={functionName:_{en:_Backup},_systemId:_bk-1}", store: "provider")
        await bench.expect("edit backup-specification --set rpo=1h --set scope+={dataSet:_customer-data,_included:_yes}", store: "provider")
        await bench.expect("publish 2 -m functions --yes", store: "provider")
        try engaged.syncBoth()
        let function = try #require(
            try await bench.run("list", "cloud-service.announcedFunctions", "--json", store: "customer").json["items"] as? [[String: Any]])
        let service = try #require(
            try await bench.run("list", "cloud-service", "--json", store: "customer").json["items"] as? [[String: Any]])
        #expect((function.first?["fields"] as? [String: Any])?["parent"] as? String == service.first?["id"] as? String)
        let id = try #require(service.first?["short"] as? String)
        #expect(values(try await lists(bench, id, store: "customer")["announcedFunctions"], "systemId") == ["bk-1"])
        // Published again it is the same: nothing is left to publish.
        await bench.expect("publish 3 -m again --yes", store: "provider")
        try engaged.syncBoth()
        #expect(try await lists(bench, id, store: "customer")["announcedFunctions"]?.count == 1)
    }
}
