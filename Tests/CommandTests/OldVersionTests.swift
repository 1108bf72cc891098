import ChildProcesses
import Foundation
import Testing

@testable import ClientCLI

/// What earlier versions left behind, each as one archive that says what it said of it then (Tests/Fixtures/versions).
@Suite("Stores, changes and evidence of each version are opened by this one")
struct OldVersionTests {
    static let archives: [String] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../Fixtures/versions").standardized
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".tar.gz") }.sorted().map { folder.appendingPathComponent($0).path }
    }()

    /// A bench with the version's files in it.
    private func unpacked(_ archive: String) throws -> (bench: CommandBench, facts: [String: Any]) {
        let bench = try CommandBench()
        #expect(try ChildProcess.run("/bin/tar", ["--strip-components=1", "-xzf", archive, "-C", bench.path]).status == 0)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: bench.path + "/facts.json"))
        return (bench, try JSONSerialization.jsonObject(with: bytes) as? [String: Any] ?? [:])
    }

    /// Whether all that was said is said still; more may be said beside it.
    private func says(_ new: Any?, whatWas old: Any?) -> Bool {
        switch (old, new) {
        case (let old as [String: Any], let new as [String: Any]): old.allSatisfy { says(new[$0.key], whatWas: $0.value) }
        case (let old as [Any], let new as [Any]): old.count == new.count && zip(new, old).allSatisfy { says($0, whatWas: $1) }
        default: (old as? NSObject) == (new as? NSObject)
        }
    }

    @Test("There is one for the first version")
    func first() { #expect(Self.archives.contains { $0.hasSuffix("/0.1.0.tar.gz") }) }

    @Test("A store is brought up to date, is sound, and says what it said", arguments: archives)
    func stores(archive: String) async throws {
        let (bench, facts) = try unpacked(archive)
        for who in ["provider", "office"] {
            let then = try #require(facts[who] as? [String: Any])
            await bench.expect("store check", store: who)
            let rows = try await bench.expect("matrix --json", store: who).list
            #expect(says(rows, whatWas: then["rows"]), "\(rows)")
            func texts(_ kind: String) async throws -> [String] {
                try await bench.expect("list \(kind) --json", store: who).list
                    .compactMap { ($0["fields"] as? [String: Any])?["text"] as? String }.sorted()
            }
            #expect(try await texts("comment") == then["comments"] as? [String])
            if let notes = then["notes"] as? [String] { #expect(try await texts("annotation") == notes) }
            let agreements = try await bench.expect("agreements --json", store: who).list
            #expect(agreements.compactMap { $0["status"] as? String } == then["agreements"] as? [String])
            #expect(try await bench.expect("outbox --json", store: who).list.count == then["waiting"] as? Int)
            #expect(try await bench.expect("conflicts --json", store: who).list.count == then["conflicts"] as? Int)
            // It is a store like any other.
            await bench.expect("comment 12.3 added", store: who)
            #expect(try await texts("comment").contains("added"))
        }
    }

    @Test("Changes that waited in a file are taken, and evidence verifies", arguments: archives)
    func files(archive: String) async throws {
        let (bench, facts) = try unpacked(archive)
        let waiting = try #require((facts["office"] as? [String: Any])?["waiting"] as? Int)
        await bench.expect("outbox import \(bench.path)/changes.buntan", store: "office")
        #expect(try await bench.expect("outbox --json", store: "office").list.count > waiting)
        await bench.expect("verify \(bench.path)/evidence.zip", store: "office")
    }
}
