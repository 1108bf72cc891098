import Logging
import ServerApp
import ServiceLifecycle
import Testing

/// How long an answer may take that has to come: on a machine with much else to do, long.
let patience = Duration.seconds(120)

/// Answers every method with the message it got; `wait` waits until its call is cancelled.
actor Echo: MethodAnswering {
    private(set) var calls: [MethodCall] = []
    private var waiting = 0
    private var watchers: [(count: Int, resume: CheckedContinuation<Void, Never>)] = []

    nonisolated func holder(of token: [UInt8]?, atMillis now: Int64) -> CallHolder? { CallHolder(tenant: [], device: []) }

    func answer(_ call: MethodCall) async -> MethodAnswer {
        calls.append(call)
        if call.method == "wait" {
            change(by: 1)
            let (never, source) = AsyncStream<Void>.makeStream()
            for await _ in never {}
            source.finish()
            change(by: -1)
        }
        return MethodAnswer(status: 200, body: call.body)
    }

    func untilWaiting(_ count: Int) async {
        guard waiting != count else { return }
        await withCheckedContinuation { watchers.append((count, $0)) }
    }

    private func change(by step: Int) {
        waiting += step
        for watcher in watchers where watcher.count == waiting { watcher.resume.resume() }
        watchers.removeAll { $0.count == waiting }
    }
}

/// A real server on loopback that echoes.
struct EchoServer: Sendable {
    let port: Int
    let echo: Echo

    static func with(identity: TLSIdentity? = nil, _ body: @escaping @Sendable (EchoServer) async throws -> Void) async throws {
        let echo = Echo()
        let logger = Logger.server(format: .text, level: .critical, sink: { _ in })
        let desk = MethodDesk(answering: echo, refusalBody: { _ in [0xa0] }, nowMillis: { 0 }, logger: logger)
        let (ports, portSource) = AsyncStream<Int>.makeStream()
        let server = MethodServer(desk: desk, host: "127.0.0.1", port: 0, identity: identity, logger: logger) { portSource.yield($0) }
        let group = ServerRun(server: server, identity: identity, logger: logger).group(trappingSignals: false)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { portSource.finish() }
                try await group.run()
            }
            tasks.addTask {
                var iterator = ports.makeAsyncIterator()
                let port = try #require(await iterator.next())
                do { try await body(EchoServer(port: port, echo: echo)) } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
                await group.triggerGracefulShutdown()
            }
            try await tasks.waitForAll()
        }
    }
}
