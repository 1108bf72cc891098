/// Every setting of the server, under the name that the file, the environment and the flags derive theirs from.
package enum ConfigurationKey: String, CaseIterable, Sendable, Hashable {
    case data, listen
    case serverName = "server-name"
    case tlsCert = "tls-cert"
    case tlsKey = "tls-key"
    case insecure, open
    case logFormat = "log-format"
    case logLevel = "log-level"
    case maxConnections = "max-connections"
    case maxAddressConnections = "max-connections-per-address"
    case maxRequests = "max-requests"
    case quotaSpaceBytes = "quotas.space-bytes"
    case quotaOrganisationBytes = "quotas.organisation-bytes"
    case quotaOrganisationSpaces = "quotas.organisation-spaces"
    case quotaDevicesPerOrganisation = "quotas.organisation-devices"
    case quotaOrganisationWaiting = "quotas.organisation-waiting"
    case quotaDeviceWaiting = "quotas.device-waiting"

    /// The flag, such as `--tls-cert` or `--quotas-space-bytes`.
    package var flag: String { "--" + rawValue.replacing(".", with: "-") }

    /// The variable, such as `BUNTAN_SERVER_TLS_CERT` or `BUNTAN_SERVER_QUOTAS_SPACE_BYTES`.
    package var variable: String {
        Self.variablePrefix + String(rawValue.map { $0 == "-" || $0 == "." ? "_" : $0 }).uppercased()
    }

    package static let variablePrefix = "BUNTAN_SERVER_"
    /// Names the configuration file; not a setting itself, for a file cannot name itself.
    package static let fileVariable = "BUNTAN_SERVER_CONFIG"

    package var fallback: String {
        switch self {
        case .data: "./data"
        case .listen: "127.0.0.1:8620"
        case .serverName, .tlsCert, .tlsKey: ""
        case .insecure, .open: "false"
        case .logFormat: "text"
        case .logLevel: "info"
        case .maxConnections: "10000"
        case .maxAddressConnections: "2500"
        case .maxRequests: "256"
        case .quotaSpaceBytes: "1GiB"
        case .quotaOrganisationBytes: "10GiB"
        case .quotaOrganisationSpaces: "1000"
        case .quotaDevicesPerOrganisation, .quotaOrganisationWaiting: "500"
        case .quotaDeviceWaiting: "8"
        }
    }
}

/// Where the value in force comes from, the strongest first.
package enum ConfigurationSource: Hashable, Sendable {
    case flag(String)
    case variable(String)
    case file(path: String, line: Int)
    case fallback
}
