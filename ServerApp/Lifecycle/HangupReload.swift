import ServiceLifecycle
import UnixSignals

/// Does something each time the process is told to read its files again (SIGHUP), and is not ended by it.
package struct HangupReload: Service {
    private let action: @Sendable () async -> Void

    package init(_ action: @escaping @Sendable () async -> Void) { self.action = action }

    package func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            await action()
        }
    }
}
