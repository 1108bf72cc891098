import FoundationEssentials
import Logging

/// How a log line is written.
package enum LogFormat: String, Sendable, CaseIterable {
    case text, json
}

/// One log line, without contents: a constant message, and values as metadata.
struct LogLine {
    let time: Date
    let level: Logger.Level
    let message: String
    let metadata: Logger.Metadata

    func bytes(as format: LogFormat) -> [UInt8] {
        switch format {
        case .text: Array(text.utf8)
        case .json: Array(json.utf8)
        }
    }

    private var stamp: String { time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }
    private var sorted: [(key: String, value: String)] {
        metadata.map { ($0.key, $0.value.description) }.sorted { $0.0 < $1.0 }
    }

    private var text: String {
        var line = "\(stamp) \(level.rawValue) \(Self.oneLine(message))"
        for (key, value) in sorted {
            let isPlain =
                !value.isEmpty && value.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "\"" && $0 != "=" && $0.value != 0x7f }
            line += " \(Self.oneLine(key))=" + (isPlain ? value : Self.quoted(value))
        }
        return line + "\n"
    }

    private var json: String {
        var line = "{\"time\":\(Self.quoted(stamp)),\"level\":\(Self.quoted(level.rawValue)),\"message\":\(Self.quoted(message))"
        for (key, value) in sorted where !["time", "level", "message"].contains(key) {
            line += ",\(Self.quoted(key)):\(Self.quoted(value))"
        }
        return line + "}\n"
    }

    /// Whatever arrives in a value, it stays within its line.
    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }))
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
