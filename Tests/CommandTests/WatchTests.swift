import BuntanProtocol
import Foundation
import Replica
import Synchronization
import Testing

@testable import ClientCLI

/// Runs no program, but hands on what it would have read.
final class FedPrograms: ProgramRunner {
    private let source: AsyncStream<String>.Continuation
    let fed: AsyncStream<String>
    private let status: Int32

    init(status: Int32 = 0) {
        (fed, source) = AsyncStream<String>.makeStream()
        self.status = status
    }

    func run(_ commandLine: String, arguments: [String]) throws -> Int32 { status }
    func feed(_ input: [UInt8], to commandLine: String) throws -> Int32 {
        source.yield(String(decoding: input, as: UTF8.self))
        return status
    }
}

@Suite("Watching")
struct WatchTests {
    @Test("watch hands each event to a command as JSON, and ends when it is interrupted")
    func events() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            let programs = FedPrograms(status: 3)
            let watching = Task { await bench.run(["watch", "--exec", "./notify"], store: "provider", programs: programs) }
            await bench.expect("comment A-1 please_explain", store: "customer")
            await bench.expect("sync", store: "customer")
            var iterator = programs.fed.makeAsyncIterator()
            let event = try #require(await iterator.next())
            let object = try #require(try JSONSerialization.jsonObject(with: Data(event.utf8)) as? [String: Any])
            #expect(try SchemaBook.read().findings(in: JSONReader.value(event)).isEmpty)
            #expect(object["format"] as? String == "buntan.event/1")
            #expect(object["event"] as? String == "comments")
            #expect(object["engagement"] as? String == "kaisha/object-storage")
            #expect(object["texts"] as? [String] == ["please explain"])
            await bench.expect("accept A-1", store: "customer")
            await bench.expect("sync", store: "customer")
            #expect(try #require(await iterator.next()).contains("\"positions\""))
            watching.cancel()
            let ended = await watching.value
            #expect(ended.exit == .interrupted)
            #expect(ended.output.contains("Kaisha"))
            #expect(ended.errors.contains("'./notify' ended with 3"), "\(ended.errors)")
        }
    }

    @Test("watch prints the members that were picked, a header and a line each where plain ones are wanted")
    func picked() async throws {
        let bench = try CommandBench()
        try await LoopbackServer.with(bench.path + "/server") { server in
            try await bench.engagement(at: server)
            for (form, expected) in [
                ("--jsonl", #"{"event":"comments","texts":["why"]}"# + "\n"), ("--plain", "event\ttexts\ncomments\t[\"why\"]\n"),
            ] {
                let programs = FedPrograms()
                let watching = Task {
                    await bench.run(
                        ["watch", "--exec", "./notify", form, "--fields", "event,texts"], store: "provider", programs: programs)
                }
                await bench.expect("comment A-1 why", store: "customer")
                await bench.expect("sync", store: "customer")
                var iterator = programs.fed.makeAsyncIterator()
                #expect(try #require(await iterator.next()).contains("buntan.event/1"))
                watching.cancel()
                let ended = await watching.value
                #expect(ended.output.hasPrefix(expected), "\(ended.output)")
            }
            #expect(try await bench.expect("watch --json --fields nothing", store: "provider", exit: .usage).code == "unknown-field")
        }
    }

    @Test("Every member of an event that the schema knows can be picked")
    func members() throws {
        let text = try String(contentsOfFile: SchemaBook.folder + "/event.json", encoding: .utf8)
        for name in ArrivedEvent.members { #expect(text.contains("\"\(name)\": {"), "\(name)") }
    }

    @Test("Without a server to reach, watch waits; a failure that no waiting cures ends it")
    func lost() async throws {
        let bench = try CommandBench()
        await bench.expect("init --org Kaisha")
        #expect(try await bench.expect("watch --json", exit: .usage).code == "no-server")
    }

    @Test("A wait is drawn between nothing and a bound that doubles up to the longest, and begins anew after an answer")
    func backoff() {
        struct Fixed: RandomPort {
            let byte: UInt8
            func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: byte, count: count) }
        }
        var backoff = Backoff()
        var bounds: [Int64] = []
        for _ in 0..<12 {
            bounds.append(backoff.bound)
            let bound = backoff.bound
            let pause = backoff.next(Fixed(byte: 0xa7))
            #expect((0...bound).contains(pause))
        }
        #expect(bounds == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300].map { $0 * 1_000 })
        #expect(backoff.next(atLeast: 5_000, Fixed(byte: 0)) == 5_000)
        backoff.reset()
        #expect(backoff.bound == 1_000)
        let drawn = Set(
            (0..<64).map { byte in
                var backoff = Backoff()
                return backoff.next(Fixed(byte: UInt8(byte * 3)))
            })
        #expect(drawn.count > 32)
    }
}
