import FoundationEssentials
import Yams

/// The settings that a YAML file gives, each with its line.
package struct ConfigurationFile: Sendable, Hashable {
    package struct Setting: Sendable, Hashable {
        package let value: String
        package let line: Int
    }

    package let path: String
    package let settings: [ConfigurationKey: Setting]

    /// The longest file that is read.
    private static let mostBytes = 256 * 1024

    package init(reading path: String) throws(ConfigurationFault) {
        let content: Data
        do { content = try Data(contentsOf: URL(filePath: path)) } catch { throw .fileUnreadable(path: path) }
        guard content.count <= Self.mostBytes, let text = String(bytes: content, encoding: .utf8) else {
            throw .fileMalformed(path: path, line: 1, column: 1)
        }
        try self.init(parsing: text, path: path)
    }

    package init(parsing text: String, path: String) throws(ConfigurationFault) {
        self.path = path
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch { throw Self.fault(error, path: path) }
        var settings: [ConfigurationKey: Setting] = [:]
        if let root, root.null == nil {
            guard let mapping = root.mapping else {
                throw .fileMalformed(path: path, line: root.mark?.line ?? 1, column: root.mark?.column ?? 1)
            }
            try Self.collect(mapping, prefix: "", path: path, into: &settings)
        }
        self.settings = settings
    }

    private static func collect(
        _ mapping: Node.Mapping, prefix: String, path: String, into settings: inout [ConfigurationKey: Setting]
    ) throws(ConfigurationFault) {
        for (key, value) in mapping {
            let line = key.mark?.line ?? 1
            guard let name = key.scalar?.string else { throw .fileMalformed(path: path, line: line, column: key.mark?.column ?? 1) }
            let full = prefix + name
            if let inner = value.mapping, prefix.isEmpty, ConfigurationKey.allCases.contains(where: { $0.rawValue.hasPrefix(full + ".") }) {
                try collect(inner, prefix: full + ".", path: path, into: &settings)
                continue
            }
            guard let known = ConfigurationKey(rawValue: full) else { throw .unknownKey(full, path: path, line: line) }
            guard let scalar = value.scalar else { throw .notOneValue(full, path: path, line: line) }
            guard settings.updateValue(Setting(value: scalar.string, line: line), forKey: known) == nil else {
                throw .keyTwice(path: path, line: line)
            }
        }
    }

    private static func fault(_ error: any Error, path: String) -> ConfigurationFault {
        switch error as? YamlError {
        case .duplicatedKeysInMapping(_, let context): .keyTwice(path: path, line: context.mark.line)
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
            .fileMalformed(path: path, line: mark.line, column: mark.column)
        default: .fileMalformed(path: path, line: 1, column: 1)
        }
    }
}
