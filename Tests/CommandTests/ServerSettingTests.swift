import Foundation
import Testing

@testable import ClientCLI

@Suite("The server that a store speaks to")
struct ServerSettingTests {
    private static let nobody = "http://127.0.0.1:1"

    /// What `config server` shows: the address and where it comes from.
    private func shown(_ bench: CommandBench, environment: [String: String] = [:]) async throws -> (value: String?, source: String?) {
        let outcome = await bench.run(["config", "server", "--json"], environment: environment)
        let item = try #require((outcome.json["items"] as? [[String: Any]])?.first)
        return (item["value"] as? String, item["source"] as? String)
    }

    @Test("What config and org show is what sync speaks to: by a join, by the environment, by config")
    func oneTruth() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server async throws -> Void in
            await bench.expect("init --org Kaisha --server \(server.address)")
            #expect(try await shown(bench) == (server.address, "store"))
            await bench.expect("sync")

            let elsewhere = ["BUNTAN_SERVER": Self.nobody]
            #expect(try await shown(bench, environment: elsewhere) == (Self.nobody, "environment"))
            #expect(try await bench.run(["org", "--json"], environment: elsewhere).item["server"] as? String == Self.nobody)
            for words in [["sync", "--json"], ["sync", "-n", "--json"]] {
                #expect(try await bench.run(words, environment: elsewhere).code == "server-unreachable")
            }
            #expect(await bench.run(["doctor"], environment: elsewhere).output.contains(Self.nobody))
            // What holds for one run is not kept.
            #expect(try await shown(bench) == (server.address, "store"))

            await bench.expect("config server \(Self.nobody)")
            #expect(try await shown(bench) == (Self.nobody, "store"))
            #expect(try await bench.expect("sync --json", exit: .network).code == "server-unreachable")
            await bench.expect("config server \(server.address)")
            await bench.expect("sync")
        }
    }

    @Test("Taking the server away says what holds then, and is refused where it keeps spaces and nothing else is set")
    func unsetting() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        await bench.expect("config server \(Self.nobody)")
        await bench.expect("config server --unset")
        #expect(try await shown(bench) == (nil, nil))
        #expect(try await bench.expect("sync --json", exit: .usage).code == "no-server")

        try await LoopbackServer.with(bench.path + "/server") { server async throws -> Void in
            await bench.expect("config --user server \(server.address)")
            await bench.expect("config server \(Self.nobody)")
            let unset = await bench.expect("config server --unset")
            #expect(unset.output.contains(server.address), "\(unset.output)")
            #expect(try await shown(bench) == (server.address, "user"))
            await bench.expect("sync")
            await bench.expect("config --user server --unset")
            let kept = await bench.expect("config server --unset --json", exit: .refused)
            #expect(try kept.code == "server-kept", "\(kept.errors)")
            #expect(kept.errors.contains(ServerLink.short(server.address)), "\(kept.errors)")
            #expect(try await shown(bench) == (server.address, "store"))
        }
    }

    @Test("An address that nothing would be sent to is refused when it is given, and nothing is kept")
    func notEncrypted() async throws {
        let bench = try CommandBench()
        let refused = await bench.expect("init --org Kaisha --server http://example.invalid --json", exit: .usage)
        #expect(try refused.code == "plain-refused")
        #expect(!FileManager.default.fileExists(atPath: bench.path + "/store/store.db"))
        await bench.expect("init --org Kaisha")
        let set = await bench.expect("config server http://example.invalid --json", exit: .usage)
        #expect(try set.code == "invalid-setting" && set.errors.contains("https://"), "\(set.errors)")
        #expect(try await shown(bench) == (nil, nil))
        // One that the environment names stops the sync: it does not go to another one in silence.
        #expect(try await bench.run(["sync", "--json"], environment: ["BUNTAN_SERVER": "http://example.invalid"]).code == "plain-refused")
    }
}
