import BuntanProtocol
import Foundation
import Testing

@testable import ClientCLI

@Suite("Engagements: own names, ends, what arrives")
struct EngagementCommandTests {
    @Test("An engagement's own name is this store's alone, stays chosen, and is nobody else's")
    func renaming() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("use kaisha", store: "provider")
            await bench.expect("engagement rename kaisha Big_Customer", store: "provider")
            #expect(await bench.expect("engagements --plain --fields handle", store: "provider").output == "handle\nbig-customer\n")
            #expect(try await bench.expect("use --json", store: "provider").item["current"] as? String == "big-customer")
            await bench.expect("matrix", store: "provider")
            #expect(
                try await bench.expect("engagement rename big object-storage --json", store: "provider", exit: .usage).code == "name-taken")
            #expect(try await bench.expect("engagement rename big /// --json", store: "provider", exit: .usage).code == "invalid-value")
            await bench.expect("sync", store: "customer")
            #expect(
                await bench.expect("engagements --plain --fields handle", store: "customer").output
                    == "handle\nexample-cloud/object-storage\n")
        }
    }

    @Test("An engagement that its provider ends brings no later release, and stays to be read and exported")
    func ending() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            #expect(try await bench.expect("engagement end kaisha --json", store: "provider", exit: .usage).code == "reason-missing")
            #expect(
                try await bench.expect("engagement end kaisha --on 2020-01-01 -m x --json", store: "provider", exit: .usage).code
                    == "date-in-past")
            let planned = await bench.expect("engagement end kaisha --on 2100-01-01 -m exit --yes --json", store: "provider")
            #expect(try planned.item["isClosed"] as? Bool == false)
            let heard = await bench.expect("sync", store: "customer")
            #expect(heard.output.contains("2100-01-01") && !heard.output.contains("ended"))
            let planning = await bench.expect("status", store: "customer").output
            #expect(planning.contains("ends") && planning.contains("on 2100-01-01, said by them"), "\(planning)")
            let ended = await bench.expect("engagement end kaisha -m earlier --yes --json", store: "provider")
            #expect(try ended.item["isClosed"] as? Bool == true)
            await bench.expect("sync", store: "customer")
            // Nothing waits for anybody any more, and both are told why.
            for (store, words) in [("customer", "said by them"), ("provider", "said by you")] {
                let over = await bench.expect("status -e storage", store: store).output
                #expect(over.contains("ended") && over.contains(words) && !over.contains("Next: buntan agree"), "\(over)")
                #expect(!(await bench.expect("todo -e storage", store: store).output.contains("answer")))
            }

            let table = try bench.file("more.csv", "Framework,Control ID,Allocation,Customer action (en)\nf,A-9,customer,Later.\n")
            await bench.expect("import \(table)", store: "provider")
            await bench.expect("publish 2 -m second", store: "provider")
            await bench.expect("sync", store: "provider")
            let quiet = await bench.expect("sync --json", store: "customer")
            #expect((try quiet.item["unreachable"] as? [Any])?.isEmpty == true)
            #expect(await bench.expect("releases --plain --fields label", store: "customer").output == "label\n1\n")
            #expect(await bench.expect("engagements", store: "customer").output.contains("ended"))
            let kept = await bench.expect("export json", store: "customer")
            #expect(kept.output.contains("Keep a copy.") && !kept.output.contains("Later."))
            #expect(
                try await bench.expect("engagement end kaisha -m x --yes --json", store: "provider", exit: .refused).code
                    == "engagement-ended")
            #expect(try await bench.expect("agree --json", store: "customer", exit: .refused).code == "engagement-ended")
            // Nothing is left to fetch: whoever waits is not answered at once for ever.
            #expect(try await bench.expect("sync -n --json", store: "customer").item["toFetch"] as? Int == 0)
        }
    }

    @Test("What is to end is named whole, by its handle or the counterpart's name; a part of it ends nothing")
    func partsOfNames() async throws {
        let engaged = try await EngagedBench()
        let bench = engaged.bench
        let handle = "example-cloud/object-storage"
        for part in ["example", "object-storage", "cloud/object", "Cloud K.K."] {
            let refused = await bench.expect(
                "engagement end \(part.replacing(" ", with: "_")) -m x --yes --json", store: "customer", exit: .usage)
            let code = try refused.code
            #expect(code == "name-in-part" || code == "unknown-name", "\(part): \(refused.output)")
            if code == "name-in-part" {
                #expect(try refused.json["next"] as? String == "buntan engagement end \(handle) -m WHY")
            }
        }
        #expect(await bench.expect("engagement end example -m x --yes --lang ja", store: "customer", exit: .usage).errors.contains(handle))
        #expect(try await bench.expect("engagements --json", store: "customer").list.first?["end"] is NSNull)
        // No server is there to hear of it, but it is written.
        for (store, whole) in [("customer", handle), ("provider", "Kaisha_K.K.")] {
            await bench.expect("config server http://127.0.0.1:1", store: store)
            let ended = await bench.expect("engagement end \(whole) -m x --yes", store: store, exit: .network)
            #expect(ended.errors.contains("this is written here"), "\(ended.errors)")
        }
    }

    @Test("A customer's end is a word to the provider, who closes the service")
    func customerEnds() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let said = await bench.expect("engagement end example-cloud -m leaving --yes --json", store: "customer")
            #expect(try said.item["isClosed"] as? Bool == false)
            let heard = await bench.expect("sync --json", store: "provider")
            let events = try #require(try heard.item["events"] as? [[String: Any]])
            #expect(events.contains { $0["event"] as? String == "end" && $0["message"] as? String == "leaving" })
            await bench.expect("engagement end kaisha -m agreed --yes", store: "provider")
            #expect(await bench.expect("engagements --json", store: "provider").output.contains("\"isClosed\": true"))
        }
    }

    @Test("The day that is told is the one that holds: the earlier of the two that the sides have said")
    func laterEnd() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("engagement end example-cloud --on 2100-01-01 -m leaving --yes", store: "customer")
            await bench.expect("sync", store: "provider")
            let said = await bench.expect("engagement end kaisha --on 2100-06-30 -m later --yes", store: "provider").output
            #expect(said.contains("ends on 2100-01-01") && said.contains("Kaisha") && said.contains("2100-06-30"), "\(said)")
            let moved = await bench.expect("engagement end kaisha --on 2099-06-30 -m sooner --yes", store: "provider").output
            #expect(moved.contains("ends on 2099-06-30") && !moved.contains("2100"), "\(moved)")
        }
    }

    @Test("A sync says what the other side did: positions, comments, releases, withdrawals")
    func arrivals() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let took = await bench.expect("accept A-1 A-2", store: "customer")
            #expect(took.output.contains("2 rows accepted: provider 1, shared 1."), "\(took.output)")
            let again = await bench.expect("accept A-1 A-3 --lang ja", store: "customer")
            #expect(again.output.contains("A-3をカスタマとして承諾しました") && again.output.contains("1行は承諾済み"), "\(again.output)")
            #expect(await bench.expect("accept A-1", store: "customer").output.contains("Nothing to accept"))
            await bench.expect("propose A-3 --allocation shared -m both", store: "customer")
            await bench.expect("comment A-3 why", store: "customer")
            await bench.expect("sync", store: "customer")
            let heard = await bench.expect("sync", store: "provider")
            #expect(heard.output.contains("Kaisha moved on 3 rows; now 1 disputed, 2 agreed."), "\(heard.output)")
            #expect(heard.output.contains("comment"))
            await bench.expect("withdraw 1 -m wrong", store: "provider")
            #expect(await bench.expect("releases -s object", store: "provider").output.contains("withdrawn, not sent yet: wrong"))
            await bench.expect("publish 2 -m better", store: "provider")
            await bench.expect("sync", store: "provider")
            let told = await bench.expect("sync --lang ja", store: "customer")
            #expect(told.output.contains("Example Cloudが2を公開") && told.output.contains("取り下げ"), "\(told.output)")
        }
    }

    @Test("Each organisation introduces itself once, from one device")
    func introductions() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let fingerprint = try #require(try await bench.expect("org --json", store: "provider").item["fingerprint"] as? String)
            let request = await bench.expect("device request laptop --org \(fingerprint) --json", store: "laptop")
            let code = try #require(try request.item["code"] as? String)
            let added = await bench.expect("device add \(code) --yes --json --caps read,write,admin", store: "provider")
            await bench.expect("join \(try #require(try added.item["code"] as? String))", store: "laptop")
            let table = "invite Other --json"
            let offered = try #require(try await bench.expect(table, store: "provider").item["code"] as? String)
            await bench.expect("init --org Second", store: "second")
            await bench.expect("join \(offered)", store: "second")
            // The laptop sees the new engagement first, and leaves the introduction to the device that invited.
            let early = await bench.expect("sync --json", store: "laptop")
            #expect(try early.item["sent"] as? Int == 0)
            let joined = await bench.expect("sync", store: "provider").output
            #expect(joined.contains("with the invitation you made for Other"), "\(joined)")
            await bench.expect("sync", store: "second")
            #expect(await bench.expect("engagements", store: "second").output.contains("example-cloud"))
        }
    }
}
