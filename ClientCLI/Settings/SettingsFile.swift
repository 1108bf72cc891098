import Foundation
import Wording

/// A file of settings: one `key = value` a line, `#` begins a comment line.
///
/// Writing one keeps comments, order and what it does not know, so that a person and the program can share it.
struct SettingsFile: Sendable, Equatable {
    /// What is wrong with a line; the line is passed over.
    enum Fault: Sendable, Equatable {
        case notASetting(line: Int, text: String)
        case unknownKey(line: Int, key: String)
        case badValue(line: Int, key: SettingKey, value: String)
    }

    let path: String
    private(set) var lines: [String]
    private(set) var values: [SettingKey: String] = [:]
    private(set) var faults: [Fault] = []

    init(path: String, text: String) {
        self.path = path
        var lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init)
        if lines.last == "" { lines.removeLast() }
        self.lines = lines
        for (index, line) in lines.enumerated() {
            guard let (name, value) = Self.entry(line) else {
                let text = line.trimmingCharacters(in: .whitespaces)
                if !text.isEmpty, !text.hasPrefix("#") { faults.append(.notASetting(line: index + 1, text: text)) }
                continue
            }
            guard let key = SettingKey(rawValue: name) else {
                faults.append(.unknownKey(line: index + 1, key: name))
                continue
            }
            guard key.problem(with: value) == nil else {
                faults.append(.badValue(line: index + 1, key: key, value: value))
                // One that cannot be used stops what would use it: nobody goes around a proxy in silence.
                if key == .proxy, !value.isEmpty { values[key] = value }
                continue
            }
            values[key] = value
        }
    }

    /// Reads a file; one that is missing is empty.
    static func read(_ path: String) -> SettingsFile {
        guard let bytes = FileManager.default.contents(atPath: path) else { return SettingsFile(path: path, text: "") }
        return SettingsFile(path: path, text: String(decoding: bytes, as: UTF8.self))
    }

    var text: String { lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n" }

    /// Returns the file with one key set, or removed if `value` is `nil`. Other lines stay as they are.
    func setting(_ key: SettingKey, to value: String?) -> SettingsFile {
        let line = value.map { "\(key.rawValue) = \($0)" }
        var result: [String] = []
        var isPlaced = false
        for old in lines {
            guard Self.entry(old)?.0 == key.rawValue else {
                result.append(old)
                continue
            }
            if let line, !isPlaced { result.append(line) }
            isPlaced = true
        }
        if let line, !isPlaced { result.append(line) }
        return SettingsFile(path: path, text: result.joined(separator: "\n") + "\n")
    }

    /// Writes the file as a whole: a reader sees the old one or the new one.
    func write() throws {
        let directory = (path as NSString).deletingLastPathComponent
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandFailure(.cannotWrite, ["path": .text(path), "reason": .text(SystemReason.of(error))])
        }
    }

    private static func entry(_ line: String) -> (String, String)? {
        guard let equals = line.firstIndex(of: "="), !line.trimmingCharacters(in: .whitespaces).hasPrefix("#") else { return nil }
        let name = line[..<equals].trimmingCharacters(in: .whitespaces)
        let value = line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces)
        return name.isEmpty || name.contains(" ") ? nil : (name, value)
    }
}
