package import Wire

/// How a client reaches its server.
package struct TransportSettings: Sendable, Hashable {
    /// Whose signatures on a server's certificate count.
    package enum Trust: Sendable, Hashable {
        case system
        /// The system's and those in a PEM file, as in a company with a proxy that opens TLS.
        case systemAnd(file: String)
        case only(file: String)
    }

    package var server: ServerURL
    package var trust: Trust
    package var proxy: ProxyAddress?
    package var connectSeconds: Int
    package var limits: BodyLimits
    /// The address that connections come from, on a machine with several; the system's choice where it is `nil`.
    package var localAddress: String?

    package init(
        server: ServerURL, trust: Trust = .system, proxy: ProxyAddress? = nil, connectSeconds: Int = 10, limits: BodyLimits = .protocolBody
    ) {
        self.server = server
        self.trust = trust
        self.proxy = proxy
        self.connectSeconds = connectSeconds
        self.limits = limits
    }
}
