import Foundation
import Testing

@testable import ClientCLI

@Suite("Rows along the supply chain")
struct TraceCommandTests {
    private static let edit = "edit service-dependency -s mail"

    /// A provider whose service the customer builds another on, `mail`, with both sides of the first having signed its three rows.
    private static func with(_ body: @escaping @Sendable (CommandBench) async throws -> Void) async throws {
        try await AgreementCommandTests.with { bench in
            try await AgreementCommandTests.signBoth(bench)
            let table = try bench.file(
                "mail.csv", "Framework,Control ID,Allocation\nf,A-1,supplier\nf,A-2,provider\nf,B-1,customer\n")
            await bench.expect("service add Mail", store: "customer")
            await bench.expect("import \(table) -s mail", store: "customer")
            try await body(bench)
        }
    }

    private static func dependency(_ bench: CommandBench, _ more: String = "") async throws -> String {
        let made = await bench.expect("\(edit) --set upstreamServiceId=object-storage \(more) --json", store: "customer")
        return try #require(try made.item["id"] as? String)
    }

    private static func trace(_ bench: CommandBench, _ words: String = "", store: String = "customer") async throws -> [[String: Any]] {
        try await bench.expect("trace \(words) --json", store: store).list
    }

    private static func chain(_ item: [String: Any]?) throws -> [[String: Any]] { try #require(item?["chain"] as? [[String: Any]]) }

    private static func touched(_ bench: CommandBench) async throws -> [String] {
        try await trace(bench, "-s mail").compactMap { ($0["row"] as? [String: Any])?["controlId"] as? String }
    }

    /// The provider publishes another word about a row, and both sync.
    private static func change(_ bench: CommandBench, _ row: String, _ label: String) async {
        await bench.expect("edit responsibility \(row) -s object-storage --set providerStatement/en=Word_\(label)", store: "provider")
        await AgreementCommandTests.publish(bench, label)
    }

    @Test("A row is shown from the service above down to every customer below, with what each side holds to and has signed")
    func chain() async throws {
        try await Self.with { bench in
            _ = try await Self.dependency(bench)
            let links = try Self.chain(try await Self.trace(bench, "A-1 -s mail").first)
            #expect(links.map { $0["depth"] as? Int } == [-1, 0])
            #expect(links.map { $0["service"] as? String } == ["object-storage", "mail"])
            let above = try #require((links[0]["rows"] as? [[String: Any]])?.first)
            #expect(above["provider"] as? String == "shared" && above["state"] as? String == "agreed")
            #expect(above["engagement"] as? String == "example-cloud/object-storage")
            #expect((above["agreement"] as? [String: Any])?["isStale"] as? Bool == false)
            let own = try #require((links[1]["rows"] as? [[String: Any]])?.first)
            #expect(own["provider"] as? String == "supplier" && own["engagement"] is NSNull && own["agreement"] is NSNull)
            // What the service above has no row of is said so, and from above the same chain is seen downwards.
            let alone = try Self.chain(try await Self.trace(bench, "B-1 -s mail").first)
            #expect((alone[0]["rows"] as? [Any])?.isEmpty == true && (alone[1]["rows"] as? [Any])?.count == 1)
            let down = try Self.chain(try await Self.trace(bench, "A-1 -e object-storage").first)
            #expect(down.map { $0["depth"] as? Int } == [0, 1] && down.map { $0["service"] as? String } == ["object-storage", "mail"])

            let page = await bench.expect("trace A-1 B-1 -s mail", store: "customer").output
            for word in [
                "Example Cloud", "Object Storage", "Kaisha", "Mail", "supplier", "agreed", "every customer", "no row of this control",
            ] {
                #expect(page.contains(word), "\(word): \(page)")
            }
            let japanese = await bench.expect("trace A-1 B-1 -s mail --lang ja", store: "customer").output
            #expect(japanese.contains("全カスタマ") && japanese.contains("この管理策の行はない"), "\(japanese)")
            let slip = await bench.expect("trace Z-9 -s mail --json", store: "customer", exit: .usage)
            #expect(slip.output.contains("unknown-row"), "\(slip.output)")
        }
    }

    @Test("A service that is known by name alone is named and not seen; services that build on each other end")
    func bounds() async throws {
        try await Self.with { bench in
            await bench.expect("\(Self.edit) --set upstreamName=Post", store: "customer")
            let links = try Self.chain(try await Self.trace(bench, "A-1 -s mail").first)
            #expect(links.count == 2 && links[0]["service"] is NSNull && (links[0]["rows"] as? [Any])?.isEmpty == true)
            #expect(links[0]["name"] as? [String: String] == ["en": "Post"])
            #expect(await bench.expect("trace A-1 -s mail", store: "customer").output.contains("not to be seen from here"))

            await bench.expect("service add Chat", store: "customer")
            await bench.expect("\(Self.edit) --set upstreamServiceId=chat", store: "customer")
            await bench.expect("edit service-dependency -s chat --set upstreamServiceId=mail", store: "customer")
            let round = try Self.chain(try await Self.trace(bench, "A-1 -s mail").first)
            #expect(round.map { $0["service"] as? String } == [nil, "chat", "mail"])
        }
    }

    @Test("What the provider above changes marks the rows that rest on it, until the service relies on what was signed anew")
    func touches() async throws {
        try await Self.with { bench in
            #expect(await bench.expect("trace -e kaisha", store: "provider").output.contains("is not said to build"))
            #expect(await bench.expect("trace -s mail", store: "customer").output.contains("buntan edit service-dependency -s mail"))
            let short = try await Self.dependency(bench)
            #expect(try await Self.touched(bench).isEmpty)
            let untouched = await bench.expect("trace -s mail", store: "customer").output
            #expect(untouched.contains("has changed since it was signed") && untouched.contains("upstreamMatrixRevision="), "\(untouched)")

            // A row of the same control is touched, and no other.
            await bench.expect("edit responsibility A-1 -s object-storage --set providerStatement/en=Other", store: "provider")
            await bench.expect("publish 2 -m changed -s object-storage", store: "provider")
            await bench.expect("sync", store: "provider")
            let sync = try await bench.expect("sync --json", store: "customer").item
            let event = try #require((sync["events"] as? [[String: Any]])?.first { $0["event"] as? String == "upstream-changed" })
            #expect(event["service"] as? String == "mail" && event["next"] as? String == "buntan trace -s mail")
            #expect(try await Self.touched(bench) == ["A-1"])
            let item = try #require(try await Self.trace(bench, "-s mail").first)
            #expect(item["isTouched"] as? Bool == true)
            let touch = try #require((try Self.chain(item).last?["touches"] as? [[String: Any]])?.first)
            let signed = try #require(touch["short"] as? String)
            let page = await bench.expect("trace -s mail", store: "customer").output
            #expect(
                page.contains("1 row of Mail rests") && page.contains("buntan diff \(signed) -e example-cloud/object-storage"), "\(page)")
            await bench.expect("diff \(signed) -e example-cloud/object-storage", store: "customer")
            let todo = try await bench.expect("todo -s mail --json", store: "customer").list
            let review = try #require(todo.first { $0["matter"] as? String == "review-upstream" })
            #expect(review["count"] as? Int == 1 && review["next"] as? String == "buntan trace" && !(review["since"] is NSNull))

            // Relying on what was signed first, it stays marked when both sign anew; then it is told what to record.
            await bench.expect("accept A-1 -e object-storage", store: "customer")
            await AgreementCommandTests.settle(bench)
            let first = try await Self.agreement(bench)
            await bench.expect("\(Self.edit) \(short) --set upstreamMatrixRevision=\(first)", store: "customer")
            await bench.expect("use object-storage", store: "customer")
            try await AgreementCommandTests.signBoth(bench)
            #expect(try await Self.touched(bench) == ["A-1"])
            let told = await bench.expect("trace -s mail", store: "customer").output
            let next = try #require(told.split(separator: "\n").first { $0.contains("upstreamMatrixRevision=") })
            await bench.expect(String(try #require(next.split(separator: "buntan ", maxSplits: 1).last)), store: "customer")
            #expect(try await Self.touched(bench).isEmpty)
            #expect(
                try await !bench.expect("todo -s mail --json", store: "customer").list.contains {
                    $0["matter"] as? String == "review-upstream"
                })

            // An agreement that nobody has here is said to be missing.
            await bench.expect("\(Self.edit) \(short) --set upstreamMatrixRevision=\(String(repeating: "0", count: 64))", store: "customer")
            #expect(await bench.expect("trace -s mail", store: "customer").output.contains("(0000000000000000)"))
        }
    }

    /// The short id of the one agreement over the service above.
    private static func agreement(_ bench: CommandBench) async throws -> String {
        try #require(try await bench.expect("agreements -e object-storage --json", store: "customer").list.first?["short"] as? String)
    }

    @Test("A duty that is handed to a service above is accepted there once both have signed it there as the provider's (ROLE-14)")
    func accepted() async throws {
        try await Self.with { bench in
            let short = try await Self.dependency(bench)
            await bench.expect("edit responsibility A-1 -s mail --set dependencyId=\(short)", store: "customer")
            await bench.expect("edit responsibility B-1 -s mail --set allocation=supplier --set dependencyId=\(short)", store: "customer")
            func failing() async throws -> [String] {
                try await bench.run("check", "--group", "ROLE-14", "-s", "mail", "--json", store: "customer").list
                    .filter { $0["result"] as? String != "unknown" }
                    .compactMap { $0["short"] as? String }
            }
            // A-1 is shared above and signed; of B-1 the service above has no row.
            let found = try await failing()
            #expect(found == ["b-1"], "\(found)")
            await Self.change(bench, "A-1", "2")
            #expect(try await failing().count == 2)
            // Where the agreement is another that is not here, nobody here can tell.
            let elsewhere = String(repeating: "0", count: 64)
            await bench.expect("edit service-dependency \(short) -s mail --set upstreamMatrixRevision=\(elsewhere)", store: "customer")
            #expect(try await failing().isEmpty)
            let unknown = try await bench.run("check", "--group", "ROLE-14", "-s", "mail", "--json", store: "customer").list
            #expect(unknown.contains { $0["result"] as? String == "unknown" && $0["rule"] as? String == "ROLE-14" }, "\(unknown)")
        }
    }
}
