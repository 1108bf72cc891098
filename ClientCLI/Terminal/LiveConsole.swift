import Foundation
import Glibc
import Synchronization

extension Console {
    /// Returns the console of this process.
    static func live() -> Console {
        let start = ContinuousClock.now
        return Console(
            output: DescriptorSink(STDOUT_FILENO), errors: DescriptorSink(STDERR_FILENO, capacity: 0), input: Keyboard(),
            programs: ShellPrograms(), inputIsTerminal: isatty(STDIN_FILENO) == 1, outputIsTerminal: isatty(STDOUT_FILENO) == 1,
            errorsAreTerminal: isatty(STDERR_FILENO) == 1, columns: terminalColumns(), environment: ProcessInfo.processInfo.environment,
            now: { Date() }, ticks: { ContinuousClock.now - start })
    }

    /// The terminal's width; elsewhere lines are as long as they are, unless `COLUMNS` is handed down.
    private static func terminalColumns() -> Int? {
        let wanted = getenv("COLUMNS").flatMap { Int(String(cString: $0)) }.flatMap { $0 >= 40 ? $0 : nil }
        guard isatty(STDOUT_FILENO) == 1 else { return wanted }
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return wanted ?? 80
    }
}

/// Writes to a file descriptor, in blocks of `capacity` bytes.
final class DescriptorSink: ByteSink {
    private let descriptor: Int32
    private let capacity: Int
    private let pending = Mutex<[UInt8]>([])

    init(_ descriptor: Int32, capacity: Int = 32 * 1024) {
        self.descriptor = descriptor
        self.capacity = capacity
    }

    func write(_ bytes: [UInt8]) throws(SinkFault) {
        let block: [UInt8] = pending.withLock { pending in
            pending += bytes
            guard pending.count > capacity else { return [] }
            defer { pending.removeAll(keepingCapacity: true) }
            return pending
        }
        try send(block)
    }

    func flush() throws(SinkFault) {
        let block: [UInt8] = pending.withLock { pending in
            defer { pending.removeAll(keepingCapacity: true) }
            return pending
        }
        try send(block)
    }

    private func send(_ block: [UInt8]) throws(SinkFault) {
        var sent = 0
        while sent < block.count {
            let count = block.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress?.advanced(by: sent), block.count - sent) }
            if count >= 0 {
                sent += count
            } else if errno == EPIPE {
                throw .closed
            } else if errno != EINTR {
                throw .failed(errno: errno)
            }
        }
    }
}

/// Reads standard input. A wait for the person ends when the process is interrupted.
struct Keyboard: LineSource {
    private static let lineLimit = 64 * 1024

    func line() throws -> String? {
        var bytes: [UInt8] = []
        while true {
            guard let byte = try nextByte() else { return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self) }
            if byte == UInt8(ascii: "\n") {
                if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
                return String(decoding: bytes, as: UTF8.self)
            }
            if bytes.count < Self.lineLimit { bytes.append(byte) }
        }
    }

    func secret() throws -> String? {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return try line() }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0 else { return try line() }
        // The echo comes back whatever happens, or the shell after us would be blind.
        defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
        return try line()
    }

    func key() throws -> String? {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return try line() }
        var single = before
        single.c_lflag &= ~tcflag_t(ECHO | ICANON)
        // What was typed ahead counts: whoever answers hundreds of rows does not wait for each screen.
        guard tcsetattr(STDIN_FILENO, TCSADRAIN, &single) == 0 else { return try line() }
        defer { tcsetattr(STDIN_FILENO, TCSADRAIN, &before) }
        guard let first = try nextByte(), first != Self.endOfInput else { return nil }
        var bytes = [first]
        if first == Self.escape {
            // An arrow or a function key is several bytes and no letter.
            while try isWaiting() { _ = try nextByte() }
        }
        let length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1
        while bytes.count < length, let byte = try nextByte() { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let endOfInput: UInt8 = 4
    private static let escape: UInt8 = 0x1b

    /// Whether more was typed already.
    private func isWaiting() throws -> Bool {
        var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, 0) > 0
    }

    func everything(limit: Int) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        while let byte = try nextByte() {
            if bytes.count == limit { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private func nextByte() throws -> UInt8? {
        var byte: UInt8 = 0
        while true {
            var waiting = [
                pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
                pollfd(fd: Interruption.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            if poll(&waiting, nfds_t(waiting.count), -1) < 0 {
                if errno == EINTR { continue }
                throw SinkFault.failed(errno: errno)
            }
            if waiting[1].revents != 0 { throw CancellationError() }
            let count = read(STDIN_FILENO, &byte, 1)
            if count == 1 { return byte }
            if count == 0 { return nil }
            if errno != EINTR { throw SinkFault.failed(errno: errno) }
        }
    }
}
