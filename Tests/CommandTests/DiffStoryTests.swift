import Foundation
import Testing

@testable import ClientCLI

@Suite("diff: what happened to the rows")
struct DiffStoryTests {
    private static let documents = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared/data/fedramp-cis-crm").standardized
    private static var areDocumentsExpected: Bool {
        FileManager.default.fileExists(atPath: documents.path) || ProcessInfo.processInfo.environment["CI"] != nil
    }

    private func copy(_ names: [String], into bench: CommandBench) throws {
        for (number, name) in names.enumerated() {
            try FileManager.default.copyItem(
                at: Self.documents.appendingPathComponent(name), to: URL(fileURLWithPath: "\(bench.path)/\(number).xlsx"))
        }
    }

    @Test("Between two published versions of a real matrix: 13 flags and 21 texts, by transition", .enabled(if: areDocumentsExpected))
    func transitions() async throws {
        let bench = try CommandBench()
        try copy(["cloudgov-platform_2021-03-15.xlsx", "cloudgov-platform_2021-07-21.xlsx"], into: bench)
        let told = await bench.expect("diff \(bench.path)/0.xlsx..\(bench.path)/1.xlsx")
        for part in [
            "13 rows with another allocation, 21 with other words.", "7 rows: customer to shared", "2 rows: customer to provider",
            "3 rows: shared to customer", "1 row: shared to provider", "9 rows with other words",
        ] { #expect(told.output.contains(part), "\(part)\n\(told.output.prefix(300))") }
        // One allocation changed while its words stayed.
        let list = try await bench.expect("diff \(bench.path)/0.xlsx..\(bench.path)/1.xlsx --json").list
        let alone = list.filter { $0["alone"] as? Bool == true }
        #expect(alone.count == told.output.components(separatedBy: "the allocation changed, its words did not").count - 1)
        #expect(alone.count == 1)
    }

    @Test(
        "Controls that were divided into items are one group, and items that say what their control said are folded",
        .enabled(if: areDocumentsExpected))
    func divided() async throws {
        let bench = try CommandBench()
        try copy(["cloudgov-platform_2018-11-28.xlsx", "cloudgov-platform_2020-12-23.xlsx"], into: bench)
        let told = await bench.expect("diff \(bench.path)/0.xlsx..\(bench.path)/1.xlsx")
        #expect(told.output.contains("split into items: 131 rows to 422, 420 of them as their control said"), "\(told.output.prefix(500))")
        #expect(told.output.contains("CM-5(5)(a)") && !told.output.contains("AC-2(a)"))
        #expect(!told.output.contains("added") && !told.output.contains("removed"))
        let list = try await bench.expect("diff \(bench.path)/0.xlsx..\(bench.path)/1.xlsx --json").list
        #expect(list.count { $0["asParent"] as? Bool == true } == 420)
        let item = try #require(list.first { ($0["row"] as? [String: Any])?["controlId"] as? String == "CM-5(5)(a)" })
        #expect((item["splitFrom"] as? [String: Any])?["controlId"] as? String == "CM-5(5)" && item["asParent"] as? Bool == false)
    }

    @Test("Between two releases, too, once the rows that the newer file lacks went from the draft", .enabled(if: areDocumentsExpected))
    func dividedReleases() async throws {
        let bench = try CommandBench()
        try copy(["cloudgov-platform_2018-11-28.xlsx", "cloudgov-platform_2020-12-23.xlsx"], into: bench)
        await bench.expect("init --org Example")
        await bench.expect("service add Platform")
        await bench.expect("import \(bench.path)/0.xlsx --yes")
        await bench.expect("publish 1 -m first --yes")
        let told = await bench.expect("import \(bench.path)/1.xlsx --remove-absent --yes")
        #expect(told.output.contains("Taken out of the draft, since not in this file: 131 rows"), "\(told.output)")
        await bench.expect("publish 2 -m split --yes")
        let split = await bench.expect("diff 1..2")
        #expect(
            split.output.contains("split into items: 131 rows to 422, 420 of them as their control said"), "\(split.output.prefix(900))")
        #expect(split.output.contains("release 2") && !split.output.contains("removed"))
    }

    @Test("A change of status or marks in the same words is none of words", .enabled(if: areDocumentsExpected))
    func marks() async throws {
        let bench = try CommandBench()
        try copy(["cloudgov-platform_2020-12-23.xlsx", "cloudgov-platform_2021-03-15.xlsx"], into: bench)
        let told = await bench.expect("diff \(bench.path)/0.xlsx..\(bench.path)/1.xlsx")
        #expect(told.output.contains("4 rows with another status or other marks") && !told.output.contains("other words"), "\(told.output)")
    }

    @Test("What files do not say of their reading is said on the command line, as for import")
    func readingOptions() async throws {
        let bench = try CommandBench()
        func write(_ name: String, _ owner: String) throws -> String {
            try bench.file(name, "番号,担当,メモ\nA-1,\(owner),x\nA-2,shared,x\n")
        }
        let (one, other) = (try write("a.csv", "provider"), try write("b.csv", "customer"))
        let mapping = try bench.file(
            "map.json",
            #"{"format": "buntan-column-mapping/1", "framework": "ours", "columns": [{"header": "番号", "field": "controlId"}, {"header": "担当", "field": "allocation"}]}"#
        )
        let unread = await bench.run("diff", "\(one)..\(other)")
        #expect(unread.exit == .inputFile && unread.errors.contains("--map"), "\(unread.errors)")
        let told = await bench.run("diff", "--map", mapping, "\(one)..\(other)")
        #expect(told.output.contains("1 row: provider to customer"), "\(told.output)\(told.errors)")
        // What is said of the reading counts for the file that it fits.
        let own = try bench.file("own.csv", "Framework,Control ID,Allocation\nours,A-1,shared\nours,A-2,shared\n")
        #expect(await bench.run("diff", "--map", mapping, "\(one)..\(own)").output.contains("1 row: provider to shared"))
        let neither = await bench.run("diff", "--map", mapping, "\(own)..\(own)")
        #expect(neither.exit == .inputFile && neither.errors.contains("lacks columns"), "\(neither.errors)")
        // Two files are compared with each other, also where a service has rows of another framework.
        await bench.expect("init --org Example")
        await bench.expect("service add Storage")
        await bench.expect("import \(try bench.file("s.csv", "Framework,Control ID,Allocation\ntheirs,B-1,shared\n")) --yes")
        #expect(await bench.run("diff", "--map", mapping, "\(one)..\(other)").output.contains("1 row: provider to customer"))
        let apart = await bench.run("diff", "--map", mapping, one)
        #expect(apart.exit == .inputFile && apart.errors.contains("no row of one is a row of the other"), "\(apart.errors)")
    }

    @Test("Between releases it says in which each went out, why and by whom, and what came back to an earlier one; the report has it, too")
    func releases() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            func publish(_ label: String, _ allocation: String) async {
                await bench.expect("edit responsibility A-1 --set allocation=\(allocation) -s object-storage", store: "provider")
                await bench.expect("publish \(label) -m why_\(label) -s object-storage --yes", store: "provider")
                await AgreementCommandTests.settle(bench)
            }
            let first = try #require(
                try await bench.expect("matrix --json -s object-storage", store: "provider").list.first { row in
                    (row["row"] as? [String: Any])?["controlId"] as? String == "A-1"
                })
            let before = try #require(first["provider"] as? String)
            let other = before == "shared" ? "customer" : "shared"
            await publish("2", other)
            await publish("3", before)
            let told = await bench.expect("diff 2..3 -s object-storage", store: "provider")
            #expect(told.output.contains("back to what release 1 said"), "\(told.output)")
            #expect(told.output.contains("release 3, ") && told.output.contains(": why 3"), "\(told.output)")
            #expect(told.output.contains("the allocation changed, its words did not"))
            let item = try #require(try await bench.expect("diff 2..3 --json", store: "customer").list.first)
            #expect(item["returnsTo"] as? String == "1" && item["release"] as? String == "3" && item["message"] as? String == "why 3")
            #expect(item["device"] != nil && item["receivedAt"] != nil)
            // Of a draft a single cell may have come back, and who wrote it is known before anything is published.
            await bench.expect(
                "edit responsibility A-1 --set allocation=\(other) --set boundaryNote/en=Here. -s object-storage", store: "provider")
            let draft = await bench.expect("diff 3..draft -s object-storage", store: "provider")
            #expect(draft.output.contains("allocation is back to what release 2 said"), "\(draft.output)")
            #expect(draft.output.contains("in no release yet"), "\(draft.output)")
            let cell = try #require(try await bench.expect("diff 3..draft -s object-storage --json", store: "provider").list.first)
            let back = try #require((cell["cells"] as? [[String: Any]])?.first { $0["field"] as? String == "allocation" })
            #expect(back["returnsTo"] as? String == "2" && cell["returnsTo"] == nil && cell["author"] is String, "\(cell)")
            // What differs from the first release to the last is nothing: it came back.
            #expect(await bench.expect("diff 1..3", store: "customer").output.contains("No difference."))
            for audience in ["myself", "counterpart"] {
                let path = "\(bench.path)/\(audience).html"
                await bench.expect("report -e kaisha --audience \(audience) -o \(path)", store: "provider")
                let page = try String(contentsOfFile: path, encoding: .utf8)
                #expect(page.contains("Changes from release 2 to 3") && page.contains("back to what release 1 said"))
                #expect(page.contains("the allocation changed, its words did not") && page.contains("why 3"))
            }
        }
    }
}
