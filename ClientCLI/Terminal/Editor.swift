import Foundation
import Wording

/// Lets the person write in the editor of their choice.
struct Editor: Sendable {
    let console: Console

    /// Returns the command line of the editor: `VISUAL`, then `EDITOR`.
    static func command(_ environment: [String: String]) -> String? {
        ["VISUAL", "EDITOR"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }

    /// Returns the text after the person has edited it.
    ///
    /// It lies in a directory only they can read while it is edited, and nowhere afterwards.
    ///
    /// - Parameter keep: takes what was written although the editor failed.
    func edit(_ text: String, fileName: String, keep: (String) throws -> Void = { _ in }) throws -> String {
        guard let command = Self.command(console.environment) else { throw CommandFailure(.editorMissing) }
        let files = FileManager.default
        let directory = files.temporaryDirectory.appendingPathComponent("buntan-\(UUID().uuidString)", isDirectory: true)
        let file = directory.appendingPathComponent(fileName)
        do {
            try files.createDirectory(at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Data(text.utf8).write(to: file)
        } catch {
            throw CommandFailure(.cannotWrite, ["path": .text(file.path), "reason": .text(SystemReason.of(error))])
        }
        // What remains if this fails is readable by its writer alone.
        defer { do { try files.removeItem(at: directory) } catch {} }

        let status = try console.programs.run(command, arguments: [file.path])
        guard status == 0 else {
            if let written = files.contents(atPath: file.path).map({ String(decoding: $0, as: UTF8.self) }), written != text {
                try keep(written)
            }
            throw CommandFailure(.editorFailed, ["command": .text(command), "status": .number(Int(status))])
        }
        do {
            return try String(decoding: Data(contentsOf: file), as: UTF8.self)
        } catch {
            throw CommandFailure(.cannotReadMachine, ["path": .text(file.path), "reason": .text(SystemReason.of(error))])
        }
    }
}
