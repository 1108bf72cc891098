/// Reads the values of settings; a value that does not read names its key and source.
struct SettingReader {
    private let settings: [ConfigurationKey: ResolvedConfiguration.Setting]

    init(_ settings: [ResolvedConfiguration.Setting]) {
        self.settings = Dictionary(settings.map { ($0.key, $0) }) { first, _ in first }
    }

    func value<Value>(_ key: ConfigurationKey, _ read: (String) -> Value?) throws(ConfigurationFault) -> Value {
        guard let value = read(raw(key)) else { throw invalid(key) }
        return value
    }

    func text(_ key: ConfigurationKey) throws(ConfigurationFault) -> String { try value(key) { $0.isEmpty ? nil : $0 } }

    func optionalText(_ key: ConfigurationKey) -> String? { raw(key).isEmpty ? nil : raw(key) }

    func flag(_ key: ConfigurationKey) throws(ConfigurationFault) -> Bool {
        try value(key) { text in
            switch text.lowercased() {
            case "true", "yes", "on", "1": true
            case "false", "no", "off", "0": false
            default: nil
            }
        }
    }

    /// A whole number from 1.
    func count(_ key: ConfigurationKey) throws(ConfigurationFault) -> Int {
        try value(key) { text in Int(text).flatMap { $0 > 0 ? $0 : nil } }
    }

    /// A number of bytes, with KiB, MiB, GiB or TiB if wanted.
    func bytes(_ key: ConfigurationKey) throws(ConfigurationFault) -> Int {
        try value(key) { text in
            let units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40)]
            let unit = units.first { text.hasSuffix($0.0) }
            let digits = unit.map { text.dropLast($0.0.count) } ?? text[...]
            guard let count = Int(digits), count > 0 else { return nil }
            let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << (unit?.1 ?? 0))
            return overflow ? nil : bytes
        }
    }

    func invalid(_ key: ConfigurationKey) -> ConfigurationFault {
        .invalid(key, value: raw(key), source: settings[key]?.source ?? .fallback)
    }

    private func raw(_ key: ConfigurationKey) -> String { settings[key]?.value ?? key.fallback }
}
