import FoundationEssentials
import Synchronization
package import Logging

#if canImport(Glibc)
    import Glibc
#endif

/// Writes each log line whole, to standard error unless told otherwise.
package struct LineLogHandler: LogHandler {
    package typealias Sink = @Sendable ([UInt8]) -> Void

    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let format: LogFormat
    private let sink: Sink

    package init(format: LogFormat, level: Logger.Level, sink: @escaping Sink = LineLogHandler.standardError) {
        self.format = format
        self.logLevel = level
        self.sink = sink
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let own = event.metadata { all.merge(own) { _, new in new } }
        // An error's type says what kind it is; its description could quote what arrived.
        if let error = event.error { all["error"] = .string(String(reflecting: type(of: error))) }
        let line = LogLine(time: Date(), level: event.level, message: event.message.description, metadata: all)
        sink(line.bytes(as: format))
    }

    /// Writes to standard error; a line that cannot be written is lost, for there is nowhere to say so.
    package static let standardError: Sink = { bytes in _ = StandardStream.write(bytes, to: STDERR_FILENO) }
}

/// A stream of the process, whose reader may leave or have no room: a server goes on without.
enum StandardStream {
    /// Writes all of it.
    /// - Returns: the system's number of what stopped it; `nil` where nothing did.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            if written < 0 && errno == EAGAIN {
                // Whoever gave us a stream that does not wait has it waited for.
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                if poll(&ready, 1, -1) < 0 && errno != EINTR { return errno }
                continue
            }
            guard written > 0 else { return errno }
            rest = rest.dropFirst(written)
        }
        return nil
    }

    /// Whether something that a command had to say had no room. Set once, by whatever thread says it.
    static let lostWords = Mutex(false)
}

extension Logger {
    /// Makes the server's logger.
    package static func server(
        format: LogFormat, level: Logger.Level, sink: @escaping LineLogHandler.Sink = LineLogHandler.standardError
    ) -> Logger {
        Logger(label: "buntan-server") { _ in LineLogHandler(format: format, level: level, sink: sink) }
    }
}
