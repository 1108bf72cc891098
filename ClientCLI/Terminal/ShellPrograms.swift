import Foundation
import Glibc

/// Why another program could not be run.
struct ProgramFault: Error, Equatable {
    var commandLine: String
    var errno: Int32
}

/// Runs programs through `sh`, in the foreground of our terminal.
///
/// Foundation's `Process` puts a child into a process group of its own; an editor there would be stopped at its
/// first read from the terminal.
struct ShellPrograms: ProgramRunner {
    func run(_ commandLine: String, arguments: [String]) throws -> Int32 {
        try wait(for: spawn(commandLine, arguments: arguments, standardInput: nil), commandLine)
    }

    @discardableResult
    func feed(_ input: [UInt8], to commandLine: String) throws -> Int32 {
        guard let ends = PipeEnds.open() else { throw ProgramFault(commandLine: commandLine, errno: errno) }
        let child: pid_t
        do {
            child = try spawn(commandLine, arguments: [], standardInput: ends.reading)
        } catch {
            close(ends.reading)
            close(ends.writing)
            throw error
        }
        close(ends.reading)
        let sink = DescriptorSink(ends.writing, capacity: 0)
        do {
            try sink.write(input)
        } catch {
            // Its reader has seen enough and left.
        }
        close(ends.writing)
        return try wait(for: child, commandLine)
    }

    private func spawn(_ commandLine: String, arguments: [String], standardInput: Int32?) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let standardInput { posix_spawn_file_actions_adddup2(&actions, standardInput, STDIN_FILENO) }

        // The child hears Ctrl-C and broken pipes as any program does, although we don't.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&defaults, number) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))

        var environment = ProcessInfo.processInfo.environment
        if environment["LESS"] == nil { environment["LESS"] = "FRX" }
        if environment["LV"] == nil { environment["LV"] = "-c" }
        let words = ["sh", "-c", arguments.isEmpty ? commandLine : commandLine + " \"$@\"", commandLine] + arguments
        var child = pid_t()
        let failure = withCStrings(words) { words in
            withCStrings(environment.map { "\($0)=\($1)" }) { variables in
                posix_spawn(&child, "/bin/sh", &actions, &attributes, words, variables)
            }
        }
        guard failure == 0 else { throw ProgramFault(commandLine: commandLine, errno: failure) }
        return child
    }

    private func wait(for child: pid_t, _ commandLine: String) throws -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            if errno != EINTR { throw ProgramFault(commandLine: commandLine, errno: errno) }
        }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    private func withCStrings<Result>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
        let pointers = strings.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        return body(pointers + [nil])
    }
}

/// A pipe whose ends no program we run inherits.
enum PipeEnds {
    static func open() -> (reading: Int32, writing: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}
