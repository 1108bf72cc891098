import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import Testing

@testable import ServerApp

/// A real server on loopback for the length of one test.
struct RunningServer: Sendable {
    let port: Int
    let answers: ScriptedAnswers
    let desk: MethodDesk
    let log: LogSink
    private let stopGroup: @Sendable () async -> Void

    func stop() async { await stopGroup() }

    /// Runs `body` beside a server, and ends when both have ended.
    static func with(
        limits: ShellLimits = .patient, identity: TLSIdentity? = nil, isReady: @escaping @Sendable () async -> Bool = { true },
        answering: (any MethodAnswering)? = nil, methods: ServedMethods = .all,
        nowMillis: @escaping @Sendable () -> Int64 = { 1_800_000_000_000 }, logLevel: Logger.Level = .trace, graceSeconds: Int = 120,
        _ body: @escaping @Sendable (RunningServer) async throws -> Void
    ) async throws {
        let answers = ScriptedAnswers()
        let log = LogSink()
        let logger = Logger.server(format: .json, level: logLevel, sink: log.sink)
        let desk = MethodDesk(
            answering: answering ?? answers, methods: methods, limits: limits, refusalBody: refusalBody, isReady: isReady,
            nowMillis: nowMillis, logger: logger)
        let (ports, portSource) = AsyncStream<Int>.makeStream()
        let server = MethodServer(desk: desk, host: "127.0.0.1", port: 0, identity: identity, logger: logger) { portSource.yield($0) }
        let group = ServerRun(server: server, identity: identity, logger: logger).group(trappingSignals: false, graceSeconds: graceSeconds)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { portSource.finish() }
                try await group.run()
            }
            tasks.addTask {
                var iterator = ports.makeAsyncIterator()
                let port = try #require(await iterator.next())
                let running = RunningServer(
                    port: port, answers: answers, desk: desk, log: log, stopGroup: { await group.triggerGracefulShutdown() })
                do { try await body(running) } catch {
                    await answers.release()
                    await group.triggerGracefulShutdown()
                    throw error
                }
                await answers.release()
                await group.triggerGracefulShutdown()
            }
            try await tasks.waitForAll()
        }
    }
}

/// Log lines, kept for the test to read.
final class LogSink: Sendable {
    private let kept = Mutex<[UInt8]>([])

    var sink: LineLogHandler.Sink { { bytes in self.kept.withLock { $0 += bytes } } }
    var text: String { kept.withLock { String(decoding: $0, as: UTF8.self) } }
}

extension ShellLimits {
    /// As they ship, but for connections that wait: on a machine with much to do a test leaves one alone for longer than anybody would.
    static var patient: ShellLimits {
        var limits = ShellLimits()
        (limits.idleSeconds, limits.bodySeconds) = (3_600, 3_600)
        return limits
    }
}
