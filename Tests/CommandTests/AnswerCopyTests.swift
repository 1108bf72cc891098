import Foundation
import Testing

@testable import ClientCLI

@Suite("answer --from: answers that were given elsewhere")
struct AnswerCopyTests {
    /// Another service of the same provider, of which one row is as in the first, one is worded otherwise, and one is its own.
    private static func second(_ bench: CommandBench) async throws {
        let table = try bench.file(
            "archive.csv",
            "Framework,Control ID,Allocation,Customer action (en)\nf,A-1,shared,Keep a copy.\nf,A-2,provider,\nf,A-3,customer,Do it twice.\nf,B-1,customer,\n"
        )
        await bench.expect("service add Archive", store: "provider")
        await bench.expect("import \(table) -s archive", store: "provider")
        await bench.expect("publish 1 -m first -s archive", store: "provider")
        await bench.expect("sync", store: "provider")
        let invited = await bench.expect("invite Kaisha --json -s archive", store: "provider")
        await bench.expect("join \(try #require(try invited.item["code"] as? String))", store: "customer")
        for store in ["provider", "customer"] { await bench.expect("sync", store: store) }
    }

    private static func states(_ bench: CommandBench, _ engagement: String) async throws -> [String: Int]? {
        try await bench.expect("status --json -e \(engagement)", store: "customer").item["states"] as? [String: Int]
    }

    @Test("Answers on the same words are taken over in one step that can be undone; other words are left to be read")
    func fromEngagement() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            try await Self.second(bench)
            await bench.expect("accept A-1 A-3 -e object-storage", store: "customer")
            await bench.expect("propose A-2 --allocation shared -e object-storage", store: "customer")
            await bench.expect(
                "edit responsibility-position A-1 --set customerStatement/en=Ours. -e object-storage", store: "customer")
            let line = "answer --from object-storage -e archive"

            let looked = await bench.expect(line + " -n", store: "customer")
            #expect(looked.output.contains("2 of 4 rows that wait have an answer in example-cloud/object-storage"), "\(looked.output)")
            #expect(looked.output.contains("1 has an answer there on other words"), "\(looked.output)")
            #expect(looked.output.contains("A-3  there customer, here customer"), "\(looked.output)")
            #expect(looked.output.contains("1 has none there."), "\(looked.output)")
            let unasked = await bench.expect(line + " --json", store: "customer", exit: .usage)
            #expect(try unasked.code == "answer-missing")
            await bench.expect(line, store: "customer", answers: ["n"], isTerminal: true, exit: .usage)
            #expect(try await Self.states(bench, "archive")?["open"] == 4)

            let item = try await bench.expect(line + " --json --yes", store: "customer").item
            #expect(item["taken"] as? Int == 2 && item["without"] as? Int == 1 && (item["changed"] as? [Any])?.count == 1)
            let change = try #require(item["short"] as? String)
            let states = try await Self.states(bench, "archive")
            #expect(states?["open"] == 2 && states?["agreed"] == 1 && states?["disputed"] == 1, "\(String(describing: states))")
            let copied = try #require(try await bench.expect("show A-1 --json -e archive", store: "customer").list.first)
            #expect((copied["customerStatement"] as? [String: String])?["en"] == "Ours.")
            await bench.expect("undo \(change) -e archive", store: "customer")
            #expect(try await Self.states(bench, "archive")?["open"] == 4)

            let japanese = await bench.expect(line + " -n --lang ja", store: "customer")
            #expect(japanese.output.contains("回答を待つ4行のうち2行は"), "\(japanese.output)")
        }
    }

    @Test("What a signed agreement holds is taken over by its id and by its release, where the words are the same still")
    func fromAgreement() async throws {
        try await AgreementCommandTests.with { bench in
            try await AgreementCommandTests.signBoth(bench)
            await bench.expect("propose A-1 A-2 A-3 --withdraw", store: "customer")
            let table = try bench.file("rows2.csv", "Framework,Control ID,Allocation,Customer action (en)\nf,A-3,customer,Do it twice.\n")
            await bench.expect("import \(table) -s object-storage", store: "provider")
            await bench.expect("publish 2 -m second -s object-storage", store: "provider")
            await AgreementCommandTests.settle(bench)
            let agreement = try #require(
                try await bench.expect("agreements --json", store: "customer").list.first?["short"] as? String)
            for source in ["1", agreement] {
                let item = try await bench.expect("answer --from \(source) -n --json", store: "customer").item
                #expect(item["taken"] as? Int == 2 && (item["changed"] as? [Any])?.count == 1, "\(source): \(item)")
                #expect(item["dryRun"] as? Bool == true && item["change"] is NSNull)
            }
            await bench.expect("answer --from 1 --yes", store: "customer")
            #expect(try await Self.states(bench, "object-storage")?["agreed"] == 2)
            let never = await bench.expect("answer --from 2 --json", store: "customer", exit: .usage)
            #expect(try never.code == "release-unsigned" && never.errors.contains("is about 2"), "\(never.errors)")
            let unknown = await bench.expect("answer --from nowhere --json", store: "customer", exit: .usage)
            #expect(try unknown.code == "unknown-name")
        }
    }
}
