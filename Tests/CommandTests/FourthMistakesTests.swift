import ClientTransport
import Foundation
import Testing
import Wording

@testable import ClientCLI

@Suite("What a fourth new user stumbled over")
struct FourthMistakesTests {
    typealias Agreements = AgreementCommandTests

    private static func code(_ bench: CommandBench, _ options: String = "") async throws -> String {
        try #require(try await bench.expect("invite Kaisha --json \(options)", store: "provider").item["code"] as? String)
    }

    /// A second service of the provider, which the customer has joined; neither has chosen anything.
    private static func archive(_ bench: CommandBench) async throws {
        let table = try bench.file("archive.csv", "Framework,Control ID,Allocation\nf,C-1,provider\n")
        await bench.expect("service add Archive", store: "provider")
        await bench.expect("import \(table) -s archive", store: "provider")
        await bench.expect("publish 1 -m first -s archive", store: "provider")
        await bench.expect("join \(try await code(bench, "-s archive"))", store: "customer")
    }

    @Test("Nobody joins a service twice unasked, and the code is not used up; another service is joined as ever")
    func joinedTwice() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let code = try await Self.code(bench)
            let refused = await bench.expect("join \(code)", store: "customer", exit: .refused)
            for words in ["Object Storage of Example Cloud", "example-cloud/object-storage", "--yes"] {
                #expect(refused.errors.contains(words), "\(words): \(refused.errors)")
            }
            let told = try await bench.expect("join \(code) --json", store: "customer", exit: .refused).json
            #expect(told["code"] as? String == "joined-already")
            #expect(told["next"] as? String == "buntan status -e example-cloud/object-storage")
            #expect(try await bench.expect("engagements --json", store: "customer").list.count == 1)
            try await Self.archive(bench)
            #expect(try await bench.expect("engagements --json", store: "customer").list.count == 2)
            await bench.expect("join \(code) --yes", store: "customer")
            #expect(try await bench.expect("engagements --json", store: "customer").list.count == 3)
        }
    }

    @Test("An engagement that is over is followed by another without a question")
    func joinedAfterEnd() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("engagement end example-cloud -m exit --yes", store: "customer")
            await bench.expect("join \(try await Self.code(bench, "-s object-storage"))", store: "customer")
            #expect(try await bench.expect("engagements --json", store: "customer").list.count == 2)
        }
    }

    @Test("An id says what is meant, whatever is chosen; a row does not")
    func idsDecide() async throws {
        try await Agreements.with { bench in
            let signed = try await Agreements.sign(bench, "customer")
            let short = try #require(try signed.item["agreementShort"] as? String)
            let remark = await bench.expect("comment A-1 hello --json", store: "customer")
            await Agreements.settle(bench)
            try await Self.archive(bench)
            let change = try #require(try remark.item["short"] as? String)
            #expect(try await bench.expect("status --json", store: "customer", exit: .usage).code == "no-current")
            for chosen in [nil, "example-cloud/archive"] {
                if let chosen { await bench.expect("use \(chosen)", store: "customer") }
                for line in ["show \(short)", "log \(short)", "verify \(short)", "diff \(short)"] {
                    // One signature proves no agreement.
                    let exit: CommandExit = line.hasPrefix("verify") ? .found : .done
                    #expect(!(await bench.expect(line, store: "customer", exit: exit).output.isEmpty), "\(line)")
                }
                let file = "\(bench.path)/\(chosen == nil ? 1 : 2).zip"
                let exported = try await bench.expect("export evidence \(short) -o \(file) --json", store: "customer").item
                #expect(exported["short"] as? String == short)
            }
            await bench.expect("use -", store: "customer", exit: .usage)
            await bench.expect("show \(change)", store: "customer")
            // One that was named with the command is meant, and has no such agreement.
            let other = await bench.expect(
                "export evidence \(short) -o \(bench.path)/3.zip -e archive --json", store: "customer", exit: .usage)
            #expect(try other.code == "unknown-id")
            let ended = await bench.expect("agreement end \(short) -m mistake --yes --json", store: "customer")
            #expect(try ended.item["agreement"] as? String == signed.item["agreement"] as? String)
        }
    }

    @Test("Rows are asked about as ever where several engagements could be meant, and remarks on an id are not")
    func rowsAsk() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            await bench.expect("comment A-1 hello", store: "customer")
            let comment = try #require(try await bench.expect("list comment --json", store: "customer").list.first?["short"] as? String)
            try await Self.archive(bench)
            for line in ["show A-1", "comment A-1 more", "log C-1", "show A-1 \(comment)"] {
                #expect(try await bench.expect("\(line) --json", store: "customer", exit: .usage).code == "no-current", "\(line)")
            }
            await bench.expect("comment \(comment) again", store: "customer")
            await bench.expect("delete \(comment) -m slip", store: "customer")
            #expect(try await bench.expect("show object-storage --json", store: "customer").list.count == 1)
        }
    }

    @Test("buntan alone tells of everything where several are there and none is chosen, and what to do next")
    func overview() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            try await Self.archive(bench)
            await bench.expect("accept A-1 -e object-storage", store: "customer")
            await bench.expect("sync", store: "customer")
            let page = await bench.expect("here", store: "customer").output
            #expect(page.dropLast().split(separator: "\n", omittingEmptySubsequences: false).count == 10, "\(page)")
            #expect(page.contains("example-cloud/archive         agreed 0, open 1\n"), "\(page)")
            #expect(page.contains("example-cloud/object-storage  agreed 1, open 2\n"), "\(page)")
            #expect(page.contains("Next: buntan answer -e example-cloud/archive\n"), "\(page)")
            #expect(page.contains("buntan use NAME"))
            let item = try await bench.expect("here --json", store: "customer").item
            let standings = try #require(item["standings"] as? [[String: Any]])
            #expect(standings.compactMap { $0["rows"] as? Int } == [1, 3])
            #expect(item["next"] as? String == "buntan answer -e example-cloud/archive")
            #expect(standings.last?["next"] as? String == "buntan answer -e example-cloud/object-storage")

            // So is each where all are told of.
            let all = await bench.expect("status --all", store: "customer").output
            for place in ["archive", "object-storage"] {
                #expect(all.contains("Next: buntan answer -e example-cloud/\(place)"), "\(all)")
            }
            #expect(!all.split(separator: "\n").contains { $0.hasSuffix(" buntan answer") }, "\(all)")
            #expect(!(await bench.expect("status", store: "customer", exit: .usage).output.contains(" -e ")))

            for name in ["One", "Two", "Three"] { await bench.expect("service add \(name)", store: "customer") }
            let many = await bench.expect("here", store: "customer").output
            #expect(many.dropLast().split(separator: "\n", omittingEmptySubsequences: false).count == 10, "\(many)")
            #expect(many.contains("and 2 more: 'buntan status --all'"), "\(many)")
            await bench.expect("use archive", store: "customer")
            #expect(try await bench.expect("here --json", store: "customer").item["standings"] is NSNull)
        }
    }

    @Test("Evidence of what was ended says until when it held, and what was signed as signed")
    func endedEvidence() async throws {
        try await Agreements.with { bench in
            try await Agreements.signBoth(bench)
            let short = try #require(try await bench.expect("agreements --json", store: "customer").list.first?["short"] as? String)
            let file = bench.path + "/before.zip"
            await bench.expect("export evidence -o \(file)", store: "customer")
            #expect(await bench.expect("verify \(file)", store: "nowhere").output.contains("\n  valid from "))
            await bench.expect("agreement end \(short) --on 2030-12-31 -m exit --yes", store: "provider")
            await Agreements.settle(bench)
            let after = bench.path + "/after.zip"
            await bench.expect("export evidence -o \(after)", store: "customer")
            let page = await bench.expect("verify \(after)", store: "nowhere").output
            let line = try #require(page.split(separator: "\n").first { $0.contains("no end") })
            #expect(line.contains("to 2030-12-31, the day that ended it; as signed: from"), "\(page)")
            let japanese = await bench.expect("verify \(after) --lang ja", store: "nowhere").output
            #expect(japanese.contains("終了させた日の2030-12-31まで"), "\(japanese)")
        }
    }

    @Test("agreements leads to the evidence of what is in force, not of what both signed for a later day")
    func evidenceInForce() async throws {
        try await Agreements.with { bench in
            try await Agreements.signBoth(bench)
            let first = try #require(try await bench.expect("agreements --json", store: "customer").list.first?["short"] as? String)
            #expect(await bench.expect("agreements", store: "customer").output.hasSuffix("Next: buntan export evidence -o evidence.zip\n"))
            try await Agreements.signBoth(bench, "--valid 2030-01-01..")
            #expect(try await Agreements.statuses(bench, "customer").sorted() == ["in-force", "not-yet-valid"])
            let page = await bench.expect("agreements", store: "customer").output
            #expect(page.hasSuffix("Next: buntan export evidence \(first) -o evidence.zip\n"), "\(page)")
            let unnamed = try await bench.expect("export evidence -o \(bench.path)/e.zip --json", store: "customer").item
            #expect(unnamed["short"] as? String == first && unnamed["status"] as? String == "in-force")
        }
    }

    @Test("Where one side has written several values the other is told who chooses, and sent nowhere")
    func theirConflict() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            try await bench.furtherDevice("laptop", of: "customer")
            for (store, side) in [("customer", "shared"), ("laptop", "customer")] {
                await bench.expect("propose A-2 --allocation \(side) -m why", store: store)
                await bench.expect("sync", store: store)
            }
            for store in ["customer", "provider"] { await bench.expect("sync", store: store) }
            let theirs = await bench.expect("show A-2 -e kaisha", store: "provider").output
            #expect(theirs.contains("several values, for Kaisha to choose from") && !theirs.contains("buntan conflicts"), "\(theirs)")
            #expect(await bench.expect("show A-2", store: "customer").output.contains("several values, see 'buntan conflicts'"))
            let position = try #require(
                try await bench.expect("list responsibility-position -e kaisha --json", store: "provider").list.first?["short"] as? String)
            let record = await bench.expect("show \(position) -e kaisha --lang ja", store: "provider").output
            #expect(record.contains("Kaishaの選択待ち"), "\(record)")
        }
    }

    @Test("A server without TLS on this machine is named as it has to be typed; elsewhere nothing is sent in the open")
    func withoutTLS() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let fingerprint = try #require(try await bench.expect("org --json", store: "provider").item["fingerprint"] as? String)
            await bench.expect("device request laptop --org \(fingerprint)", store: "laptop")
            let refused = await bench.expect("join \(fingerprint)@127.0.0.1:\(server.port)", store: "laptop", exit: .network)
            #expect(refused.errors.contains("FINGERPRINT@http://127.0.0.1:\(server.port)"), "\(refused.errors)")
        }
        let far = FaultWords.failure(TransportFault.noTLS(host: "sync.example", port: 443))
        #expect(far?.code == "server-no-tls" && far?.text(in: .en).contains("http://") == false)
        let near = FaultWords.failure(TransportFault.noTLS(host: "::1", port: 8620))
        #expect(near?.code == "plain-server-here" && near?.text(in: .en).contains("http://[::1]:8620") == true)
    }

    @Test("Who has just invited somebody is not told to invite; who took every invitation back is")
    func invited() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            await bench.expect("init --org Example --server \(server.address)", store: "provider")
            let table = try bench.file("rows.csv", "Framework,Control ID,Allocation\nf,A-1,provider\n")
            await bench.expect("service add Storage", store: "provider")
            await bench.expect("import \(table)", store: "provider")
            await bench.expect("publish 1 -m first", store: "provider")
            await bench.expect("sync", store: "provider")
            func next() async throws -> String? { try await bench.expect("status --json", store: "provider").item["next"] as? String }
            #expect(try await next() == "buntan invite NAME")
            let first = try #require(try await bench.expect("invite A --json", store: "provider").item["short"] as? String)
            let second = try #require(try await bench.expect("invite B --json", store: "provider").item["short"] as? String)
            #expect(try await next() == "buntan sync")
            await bench.expect("invite --revoke \(first)", store: "provider")
            #expect(try await next() == "buntan sync")
            await bench.expect("invite --revoke \(second)", store: "provider")
            #expect(try await next() == "buntan invite NAME")
        }
    }

    @Test("The help of export names its formats, and that of propose how the other fields of a position are set")
    func helps() async throws {
        let bench = try CommandBench()
        let export = await bench.expect("export --help").output
        for format in ["json", "csv", "evidence"] { #expect(export.contains(format)) }
        #expect(await bench.expect("propose --help").output.contains("customerStatement"))
        for command in ["services", "edit"] {
            #expect(await bench.expect("\(command) --help").output.contains("edit service-dependency"), "\(command)")
        }
    }
}
