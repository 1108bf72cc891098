package import ArgumentParser

/// The settings as options of a command.
package struct ConfigurationOptions: ParsableArguments {
    @Option(name: .customLong("config"), help: "A YAML file with these settings.", completion: .file(extensions: ["yaml", "yml"]))
    package var config: String?
    @Option(help: "The folder that holds everything the server keeps.", completion: .directory)
    package var data: String?
    @Option(help: "Where to listen, as HOST:PORT.")
    package var listen: String?
    @Option(help: "The name clients know this server by; signatures are bound to it.")
    package var serverName: String?
    @Option(help: "The certificate chain, as a PEM file.", completion: .file())
    package var tlsCert: String?
    @Option(help: "The certificate's key, as a PEM file.", completion: .file())
    package var tlsKey: String?
    @Flag(inversion: .prefixedNo, help: "Serve other machines without TLS.")
    package var insecure: Bool?
    @Flag(inversion: .prefixedNo, help: "Let organisations register without an admission code.")
    package var open: Bool?
    @Option(help: "How logs are written: text or json.", completion: .list(["text", "json"]))
    package var logFormat: String?
    @Option(help: "The least that is logged: trace, debug, info, notice, warning, error, critical.")
    package var logLevel: String?
    @Option(help: "Connections served at once.")
    package var maxConnections: String?
    @Option(help: "Requests answered at once.")
    package var maxRequests: String?
    @Option(name: .customLong("quotas-space-bytes"), help: "What one space may fill, for example 1GiB.")
    package var quotaSpaceBytes: String?
    @Option(name: .customLong("quotas-organisation-bytes"), help: "What one organisation may fill.")
    package var quotaOrganisationBytes: String?
    @Option(name: .customLong("quotas-organisation-spaces"), help: "Spaces of one organisation.")
    package var quotaOrganisationSpaces: String?
    @Option(name: .customLong("quotas-organisation-devices"), help: "Devices of one organisation.")
    package var quotaOrganisationDevices: String?

    package init() {}

    /// The settings that were given as flags.
    package var flags: [ConfigurationKey: String] {
        let given: [(ConfigurationKey, String?)] = [
            (.data, data), (.listen, listen), (.serverName, serverName), (.tlsCert, tlsCert), (.tlsKey, tlsKey),
            (.insecure, insecure.map(String.init)), (.open, open.map(String.init)), (.logFormat, logFormat), (.logLevel, logLevel),
            (.maxConnections, maxConnections), (.maxRequests, maxRequests), (.quotaSpaceBytes, quotaSpaceBytes),
            (.quotaOrganisationBytes, quotaOrganisationBytes), (.quotaOrganisationSpaces, quotaOrganisationSpaces),
            (.quotaDevicesPerOrganisation, quotaOrganisationDevices),
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
