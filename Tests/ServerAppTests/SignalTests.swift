import Foundation
import Logging
import ServiceLifecycle
import Testing

@testable import ServerApp

@Suite("Signals", .serialized)
struct SignalTests {
    @Test("SIGTERM and SIGINT end the server gracefully", arguments: [SIGTERM, SIGINT])
    func terminates(signal: Int32) async throws {
        let answers = ScriptedAnswers()
        let logger = Logger.server(format: .text, level: .critical, sink: { _ in })
        let desk = MethodDesk(answering: answers, refusalBody: refusalBody, nowMillis: { 0 }, logger: logger)
        let (ports, portSource) = AsyncStream<Int>.makeStream()
        let server = MethodServer(desk: desk, host: "127.0.0.1", port: 0, identity: nil, logger: logger) { portSource.yield($0) }
        let group = ServerRun(server: server, identity: nil, logger: logger).group()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            tasks.addTask {
                let answer = try await RawClient.post("/v1/push", body: [0xa0], port: port)
                #expect(answer.status == 200)
            }
            await answers.until { $0.calls.contains { $0.method == "push" } }
            #expect(kill(getpid(), signal) == 0)
            // A new connection is refused once the stop has begun; then the call in progress may end.
            while await isAnswering(port) {}
            await answers.release()
            try await tasks.waitForAll()
        }
    }

    private func isAnswering(_ port: Int) async -> Bool {
        let answer = try? await RawClient.with(port: port) { connection in
            try await connection.post("/v1/heads", body: [0xa0])
            return try await connection.answer()
        }
        return answer != nil
    }

    @Test("SIGHUP reloads, again and again, and does not end the process")
    func reloads() async throws {
        let (trapped, trappedSource) = AsyncStream<Void>.makeStream()
        let (reloads, reloadSource) = AsyncStream<Void>.makeStream()
        let service = HangupReload({ reloadSource.yield() }, onTrapped: { trappedSource.yield() })
        let logger = Logger.server(format: .text, level: .critical, sink: { _ in })
        let group = ServiceGroup(configuration: .init(services: [service], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var trappedIterator = trapped.makeAsyncIterator()
            _ = await trappedIterator.next()
            var reloadIterator = reloads.makeAsyncIterator()
            for _ in 0..<2 {
                #expect(kill(getpid(), SIGHUP) == 0)
                #expect(await reloadIterator.next() != nil)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
