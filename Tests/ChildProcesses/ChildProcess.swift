import CSpawn
package import Foundation
import Glibc
import Synchronization

/// A program that runs beside ours, and that we started.
///
/// Foundation's `Process` looks through the open descriptors with a copy that reads past the end of the system's buffer, and
/// now and then ends the process that starts one; here the C library closes them in the child.
package final class ChildProcess: Sendable {
    /// Where one of its three standard streams leads.
    package enum Stream: Sendable {
        /// To wherever ours does.
        case ours
        /// To nothing.
        case null
        case file(FileHandle)
        /// To the far end of a pipe, which is closed here once the program has it.
        case pipe(Pipe)
    }

    /// The program could not be started, with the reason that the system gives.
    package struct NotStarted: Error, CustomStringConvertible {
        package let path: String
        let number: Int32

        package var description: String { "\(path): \(String(cString: strerror(number)))" }
    }

    package let number: Int32
    /// How it ended, as the system says it. Guards as well that one thread alone waits: a process has one end.
    private let ending = Mutex<Int32?>(nil)

    /// Starts a program in a group of its own.
    ///
    /// - Parameter environment: ours where it is `nil`.
    /// - Throws: `NotStarted`.
    package init(
        _ path: String, _ arguments: [String], environment: [String: String]? = nil, input: Stream = .null, output: Stream = .ours,
        errors: Stream = .ours
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var handedOver: [FileHandle] = []
        for (stream, descriptor) in [(input, STDIN_FILENO), (output, STDOUT_FILENO), (errors, STDERR_FILENO)] {
            let isInput = descriptor == STDIN_FILENO
            switch stream {
            case .ours: break
            case .null: posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", isInput ? O_RDONLY : O_WRONLY, 0)
            case .file(let file): posix_spawn_file_actions_adddup2(&actions, file.fileDescriptor, descriptor)
            case .pipe(let pipe):
                let far = isInput ? pipe.fileHandleForReading : pipe.fileHandleForWriting
                posix_spawn_file_actions_adddup2(&actions, far.fileDescriptor, descriptor)
                if !handedOver.contains(where: { $0 === far }) { handedOver.append(far) }
            }
        }
        posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        // Whatever tests do to their own: it hears signals as any program does.
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0)=\($1)" }
        var child = pid_t()
        let failure = Self.withCStrings([path] + arguments) { words in
            Self.withCStrings(variables) { posix_spawn(&child, path, &actions, &attributes, words, $0) }
        }
        number = child
        for file in handedOver { try file.close() }
        guard failure == 0 else { throw NotStarted(path: path, number: failure) }
    }

    /// Waits for its end.
    /// - Returns: its exit status; with a signal that it did not catch, that signal's number and 128.
    @discardableResult
    package func end() -> Int32 {
        let status = wait()
        return Self.signal(in: status).map { 128 + $0 } ?? (status >> 8) & 0xFF
    }

    /// Waits for its end: whether a signal ended it that it did not catch.
    package var wasKilled: Bool { Self.signal(in: wait()) != nil }

    /// Whether it has not ended yet.
    package var isRunning: Bool {
        ending.withLock { ending in
            if ending != nil { return false }
            var status: Int32 = 0
            let found = waitpid(number, &status, WNOHANG)
            if found == 0 { return true }
            ending = found == number ? status : Self.lost
            return false
        }
    }

    package func signal(_ signal: Int32) {
        // Its number may be another's once its end was told.
        let hasEnded = ending.withLockIfAvailable { $0 != nil } ?? false
        if !hasEnded { _ = kill(number, signal) }
    }

    private func wait() -> Int32 {
        ending.withLock { ending in
            if let ending { return ending }
            var status: Int32 = 0
            var found: pid_t
            repeat { found = waitpid(number, &status, 0) } while found < 0 && errno == EINTR
            let end = found == number ? status : Self.lost
            ending = end
            return end
        }
    }

    /// How a process ends whose end nobody can tell: not well.
    private static let lost: Int32 = 127 << 8

    private static func signal(in status: Int32) -> Int32? { status & 0x7F == 0 ? nil : status & 0x7F }

    private static func withCStrings<Result>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
        let pointers = strings.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        return body(pointers + [nil])
    }
}

extension ChildProcess {
    /// Runs a program to its end.
    /// - Returns: its exit status, as `end()` does, and what it said, on both its streams unless `errors` leads elsewhere.
    package static func run(_ path: String, _ arguments: [String], environment: [String: String]? = nil, errors: Stream? = nil) throws -> (
        status: Int32, said: String
    ) {
        let said = Pipe()
        let child = try ChildProcess(path, arguments, environment: environment, output: .pipe(said), errors: errors ?? .pipe(said))
        let words = try said.fileHandleForReading.everything()
        return (child.end(), String(decoding: words, as: UTF8.self))
    }
}

extension FileHandle {
    /// What comes until the end.
    ///
    /// Read from the descriptor itself: Foundation ends the process when a signal interrupts it in reading.
    package func everything() throws -> [UInt8] {
        var (all, buffer): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 1 << 16))
        while true {
            let count = Glibc.read(fileDescriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
            guard count > 0 else { return all }
            all += buffer[..<count]
        }
    }
}
