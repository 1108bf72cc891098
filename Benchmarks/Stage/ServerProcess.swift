import ChildProcesses
import Foundation

enum ServerProcessFault: Error {
    /// No `buntan-server` stands beside this program.
    case noProgram(path: String)
    /// The server ended before it listened; what it said last.
    case ended(String)
}

/// The program `buntan-server` in a process of its own, as an operator starts it, but open to registration.
final class ServerProcess: Sendable {
    let url: String
    /// `journal/synchronous` as the server read them back from its writing connection.
    let durability: String?
    private let process: ChildProcess

    /// Starts a server on a folder that it makes, and returns once it listens.
    init(data: String) throws {
        let program = Programs.path(of: "buntan-server")
        guard FileManager.default.isExecutableFile(atPath: program) else { throw ServerProcessFault.noProgram(path: program) }
        let log = Pipe()
        process = try ChildProcess(
            program,
            [
                "serve", "--data", data, "--listen", "127.0.0.1:0", "--server-name", "bench.example", "--open", "--log-format", "json",
                "--log-level", "notice",
            ], environment: ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("BUNTAN_") }, output: .null,
            errors: .pipe(log))
        let lines = LogLines(log.fileHandleForReading)
        var durability: String?
        while true {
            guard let line = lines.next() else { throw ServerProcessFault.ended(lines.last) }
            if let journal = Self.member("journal", of: line), let synchronous = Self.member("synchronous", of: line) {
                durability = "\(journal)/\(synchronous)"
            }
            if line.contains("\"listening\""), let address = Self.member("address", of: line) {
                url = "http://\(address)"
                break
            }
        }
        self.durability = durability
        // A pipe that nobody empties would stop the server one day.
        Thread { while lines.next() != nil {} }.start()
    }

    private static func member(_ name: String, of line: String) -> String? {
        (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?[name] as? String
    }

    var number: Int32 { process.number }

    /// The largest resident set so far, in bytes.
    var peakRSS: Int? {
        let status = try? String(contentsOfFile: "/proc/\(number)/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 << 10 }
    }

    /// Ends it gracefully.
    func stop() {
        process.signal(SIGTERM)
        process.end()
    }
}

/// The project's programs that stand beside this one.
enum Programs {
    static func path(of name: String) -> String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(name).path
    }
}

/// Lines of a log as they arrive.
// Used by one thread, and then by another alone.
private final class LogLines: @unchecked Sendable {
    private let file: FileHandle
    private var unread: [UInt8] = []
    private(set) var last = ""

    init(_ file: FileHandle) { self.file = file }

    /// The next line, waiting for it; `nil` at the end.
    func next() -> String? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                last = String(decoding: unread[..<end], as: UTF8.self)
                unread.removeFirst(end + 1)
                return last
            }
            let data = file.availableData
            guard !data.isEmpty else { return nil }
            unread += data
        }
    }
}
