package import ArgumentParser
import Wording

/// The settings as options of a command.
package struct ConfigurationOptions: ParsableArguments {
    @Option(name: .customLong("config"), help: .spoken(.config), completion: .file(extensions: ["yaml", "yml"]))
    package var config: String?
    @Option(help: .spoken(.data, .data), completion: .directory)
    package var data: String?
    @Option(help: .spoken(.listen, .listen))
    package var listen: String?
    @Option(help: .spoken(.serverName, .serverName))
    package var serverName: String?
    @Option(help: .spoken(.tlsCert), completion: .file())
    package var tlsCert: String?
    @Option(help: .spoken(.tlsKey), completion: .file())
    package var tlsKey: String?
    @Flag(inversion: .prefixedNo, help: .spoken(.insecure, .insecure))
    package var insecure: Bool?
    @Flag(inversion: .prefixedNo, help: .spoken(.open, .open))
    package var open: Bool?
    @Option(help: .spoken(.logFormat, .logFormat), completion: .list(["text", "json"]))
    package var logFormat: String?
    @Option(help: .spoken(.logLevel, .logLevel))
    package var logLevel: String?
    @Option(help: .spoken(.maxConnections, .maxConnections))
    package var maxConnections: String?
    @Option(name: .customLong("max-connections-per-address"), help: .spoken(.maxAddressConnections, .maxAddressConnections))
    package var maxAddressConnections: String?
    @Option(help: .spoken(.maxRequests, .maxRequests))
    package var maxRequests: String?
    @Option(name: .customLong("quotas-space-bytes"), help: .spoken(.quotaSpaceBytes, .quotaSpaceBytes))
    package var quotaSpaceBytes: String?
    @Option(name: .customLong("quotas-organisation-bytes"), help: .spoken(.quotaOrganisationBytes, .quotaOrganisationBytes))
    package var quotaOrganisationBytes: String?
    @Option(name: .customLong("quotas-organisation-spaces"), help: .spoken(.quotaOrganisationSpaces, .quotaOrganisationSpaces))
    package var quotaOrganisationSpaces: String?
    @Option(name: .customLong("quotas-organisation-devices"), help: .spoken(.quotaOrganisationDevices, .quotaDevicesPerOrganisation))
    package var quotaOrganisationDevices: String?
    @Option(name: .customLong("quotas-organisation-waiting"), help: .spoken(.quotaOrganisationWaiting, .quotaOrganisationWaiting))
    package var quotaOrganisationWaiting: String?
    @Option(name: .customLong("quotas-device-waiting"), help: .spoken(.quotaDeviceWaiting, .quotaDeviceWaiting))
    package var quotaDeviceWaiting: String?

    package init() {}

    /// The settings that were given as flags.
    package var flags: [ConfigurationKey: String] {
        let given: [(ConfigurationKey, String?)] = [
            (.data, data), (.listen, listen), (.serverName, serverName), (.tlsCert, tlsCert), (.tlsKey, tlsKey),
            (.insecure, insecure.map(String.init)), (.open, open.map(String.init)), (.logFormat, logFormat), (.logLevel, logLevel),
            (.maxConnections, maxConnections), (.maxAddressConnections, maxAddressConnections), (.maxRequests, maxRequests),
            (.quotaSpaceBytes, quotaSpaceBytes),
            (.quotaOrganisationBytes, quotaOrganisationBytes), (.quotaOrganisationSpaces, quotaOrganisationSpaces),
            (.quotaDevicesPerOrganisation, quotaOrganisationDevices), (.quotaOrganisationWaiting, quotaOrganisationWaiting),
            (.quotaDeviceWaiting, quotaDeviceWaiting),
        ]
        return Dictionary(uniqueKeysWithValues: given.compactMap { key, value in value.map { (key, $0) } })
    }

    /// Returns the settings in force, with the file that a flag or the environment names.
    package func resolved(environment: [String: String]) throws(ConfigurationFault) -> ResolvedConfiguration {
        let path = config ?? environment[ConfigurationKey.fileVariable]
        let file: ConfigurationFile? = if let path { try ConfigurationFile(reading: path) } else { nil }
        return try ServerConfiguration.resolve(file: file, environment: environment, flags: flags)
    }
}
