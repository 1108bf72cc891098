import Dispatch
import Glibc
import Synchronization

/// Ctrl-C: the first one cancels what runs and wakes every prompt, the second one ends the process at once.
enum Interruption {
    /// Readable for good once the process was interrupted; -1 before `install()`, which `poll` passes over.
    static var descriptor: Int32 { Int32(readEnd.load(ordering: .acquiring)) }

    private static let readEnd = Atomic<Int>(-1)
    private static let writeEnd = Atomic<Int>(-1)
    private static let count = Atomic<Int>(0)

    /// Begins to catch SIGINT and SIGTERM, and makes a closed pipe an error of the write rather than a death.
    static func install() {
        signal(SIGPIPE, SIG_IGN)
        // A file that may not grow is an error of the write as well.
        signal(SIGXFSZ, SIG_IGN)
        guard let ends = PipeEnds.open() else { return }
        readEnd.store(Int(ends.reading), ordering: .releasing)
        writeEnd.store(Int(ends.writing), ordering: .releasing)
        _ = count.load(ordering: .relaxed)
        for number in [SIGINT, SIGTERM] { signal(number, Self.handle) }
    }

    // Runs inside the signal: nothing but atomics, write and _exit is allowed here.
    private static let handle: @convention(c) (Int32) -> Void = { _ in
        if Interruption.count.add(1, ordering: .relaxed).oldValue > 0 { _exit(CommandExit.interrupted.rawValue) }
        var byte: UInt8 = 1
        _ = Glibc.write(Int32(Interruption.writeEnd.load(ordering: .relaxed)), &byte, 1)
    }

    /// Runs `body` and cancels it at the first interruption. Nothing waits for one when `body` has ended.
    static func cancelling<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let task = Task { try await body() }
        let source = descriptor < 0 ? nil : DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: waiting)
        source?.setEventHandler {
            task.cancel()
            // The descriptor stays readable: once is enough.
            source?.cancel()
        }
        source?.activate()
        defer { source?.cancel() }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    // Its own thread: the others may all be blocked when the signal comes.
    private static let waiting = DispatchQueue(label: "interruption")
}
