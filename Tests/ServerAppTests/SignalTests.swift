import Foundation
import Logging
import ServiceLifecycle
import Testing

@testable import ServerApp

@Suite("Signals", .serialized)
struct SignalTests {
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
