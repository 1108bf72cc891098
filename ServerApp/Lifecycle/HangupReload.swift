import ServiceLifecycle
import UnixSignals

/// Does something each time the process is told to read its files again (SIGHUP), and is not ended by it.
package struct HangupReload: Service {
    private let action: @Sendable () async -> Void
    private let onTrapped: @Sendable () -> Void

    /// - Parameter onTrapped: told once the signal no longer ends the process.
    package init(_ action: @escaping @Sendable () async -> Void, onTrapped: @escaping @Sendable () -> Void = {}) {
        self.action = action
        self.onTrapped = onTrapped
    }

    package func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        onTrapped()
        for await _ in signals.cancelOnGracefulShutdown() {
            await action()
        }
    }
}
