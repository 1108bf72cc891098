package import Logging

/// What an organisation or a space may fill.
package struct Quotas: Sendable, Hashable {
    package let spaceBytes: Int
    package let organisationBytes: Int
    package let organisationSpaces: Int
    package let organisationDevices: Int
}

/// The settings of one run, checked against each other.
package struct ServerConfiguration: Sendable, Hashable {
    /// Certificate chain and key, as PEM files.
    package struct TLSFiles: Sendable, Hashable {
        package let certificate: String
        package let key: String
    }

    package let data: String
    package let listen: ListenAddress
    /// The name signatures are bound to; `nil` on loopback without one, where the address in use stands for it.
    package let serverName: String?
    package let tls: TLSFiles?
    package let insecure: Bool
    /// Whether organisations may register without an admission code.
    package let open: Bool
    package let logFormat: LogFormat
    package let logLevel: Logger.Level
    package let maxConnections: Int
    package let maxAddressConnections: Int
    package let maxRequests: Int
    package let waiting: WaitingLimits
    package let quotas: Quotas
}

/// A configuration, and for each setting its value and where it comes from.
package struct ResolvedConfiguration: Sendable, Hashable {
    package struct Setting: Sendable, Hashable {
        package let key: ConfigurationKey
        package let value: String
        package let source: ConfigurationSource
    }

    package let configuration: ServerConfiguration
    /// In the order of `ConfigurationKey.allCases`.
    package let settings: [Setting]
}

extension ServerConfiguration {
    /// Returns the settings in force: a flag before the environment, the environment before the file, the file before the default.
    package static func resolve(
        file: ConfigurationFile?, environment: [String: String], flags: [ConfigurationKey: String]
    ) throws(ConfigurationFault) -> ResolvedConfiguration {
        let variables = Set(ConfigurationKey.allCases.map(\.variable) + [ConfigurationKey.fileVariable])
        let strangers = environment.keys.filter { $0.hasPrefix(ConfigurationKey.variablePrefix) && !variables.contains($0) }
        if let stranger = strangers.min() { throw .unknownVariable(stranger) }

        let settings = ConfigurationKey.allCases.map { key -> ResolvedConfiguration.Setting in
            if let value = flags[key] { return .init(key: key, value: value, source: .flag(key.flag)) }
            if let value = environment[key.variable] { return .init(key: key, value: value, source: .variable(key.variable)) }
            if let file, let setting = file.settings[key] {
                return .init(key: key, value: setting.value, source: .file(path: file.path, line: setting.line))
            }
            return .init(key: key, value: key.fallback, source: .fallback)
        }
        return ResolvedConfiguration(configuration: try ServerConfiguration(SettingReader(settings)), settings: settings)
    }

    private init(_ read: SettingReader) throws(ConfigurationFault) {
        data = try read.text(.data)
        listen = try read.value(.listen) { ListenAddress($0) }
        let name = read.optionalText(.serverName)
        if let name, name.utf8.count > 255 || !name.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x2b }) {
            throw read.invalid(.serverName)
        }
        insecure = try read.flag(.insecure)
        open = try read.flag(.open)
        logFormat = try read.value(.logFormat) { LogFormat(rawValue: $0) }
        logLevel = try read.value(.logLevel) { Logger.Level(rawValue: $0) }
        maxConnections = try read.count(.maxConnections)
        maxAddressConnections = try read.count(.maxAddressConnections)
        maxRequests = try read.count(.maxRequests)
        waiting = WaitingLimits(
            organisation: try read.count(.quotaOrganisationWaiting), device: try read.count(.quotaDeviceWaiting))
        quotas = Quotas(
            spaceBytes: try read.bytes(.quotaSpaceBytes), organisationBytes: try read.bytes(.quotaOrganisationBytes),
            organisationSpaces: try read.count(.quotaOrganisationSpaces), organisationDevices: try read.count(.quotaDevicesPerOrganisation))
        switch (read.optionalText(.tlsCert), read.optionalText(.tlsKey)) {
        case (let certificate?, let key?): tls = TLSFiles(certificate: certificate, key: key)
        case (nil, nil): tls = nil
        case (nil, _): throw .tlsIncomplete(missing: .tlsCert)
        case (_, nil): throw .tlsIncomplete(missing: .tlsKey)
        }
        guard tls != nil || insecure || listen.isLoopback else { throw .tlsRequired(listen: listen.description) }
        guard name != nil || listen.isLoopback else { throw .serverNameRequired(listen: listen.description) }
        serverName = name
    }
}
