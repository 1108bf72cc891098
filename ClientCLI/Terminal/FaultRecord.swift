import Foundation
import Wording

/// Keeps the details of an error that nobody foresaw, for a report.
struct FaultRecord {
    let directory: String
    let time: Date

    private static let detailLimit = 4000

    /// Writes the details beside those of earlier ones, and returns the sentence that says where.
    func failure(for error: any Error) -> CommandFailure {
        let kind = String(describing: type(of: error))
        let path = directory + "/errors.log"
        let line = "\(Timestamp.rfc3339(time)) \(kind) \(String(reflecting: error).prefix(Self.detailLimit))"
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            if !FileManager.default.fileExists(atPath: path) {
                try Data().write(to: URL(fileURLWithPath: path))
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            }
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            defer { handle.closeFile() }
            try handle.seekToEnd()
            try handle.write(contentsOf: Data(line.visible.utf8) + [UInt8(ascii: "\n")])
        } catch {
            return CommandFailure(.unexpectedUnlogged, ["detail": .text(kind)])
        }
        return CommandFailure(.unexpected, ["detail": .text(kind), "path": .text(path)])
    }
}
