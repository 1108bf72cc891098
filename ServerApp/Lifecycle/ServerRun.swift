package import Logging
package import ServiceLifecycle
import UnixSignals

/// One run of the server, from its first connection to its graceful end.
package struct ServerRun: Sendable {
    /// Longer than any honest request takes; systemd waits longer still.
    package static let graceSeconds = 20

    private let server: MethodServer
    private let beneath: [any Service]
    private let identity: TLSIdentity?
    private let logger: Logger

    /// - Parameter beneath: what the server stands on, started before it and stopped after it.
    package init(server: MethodServer, beneath: [any Service] = [], identity: TLSIdentity?, logger: Logger) {
        self.server = server
        self.beneath = beneath
        self.identity = identity
        self.logger = logger
    }

    /// Returns the services as one group; the caller runs it.
    ///
    /// SIGTERM and SIGINT, or `triggerGracefulShutdown`, end it: waiting calls are told, calls in progress are
    /// answered, and only then does what lies beneath stop. A client that neither reads nor leaves is cut off
    /// after `graceSeconds`.
    package func group(trappingSignals: Bool = true, graceSeconds: Int = ServerRun.graceSeconds) -> ServiceGroup {
        var services = beneath
        if trappingSignals { services.append(HangupReload { reload() }) }
        services.append(server)
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                .init(
                    service: $0, successTerminationBehavior: .gracefullyShutdownGroup, failureTerminationBehavior: .gracefullyShutdownGroup)
            },
            gracefulShutdownSignals: trappingSignals ? [.sigterm, .sigint] : [],
            logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(graceSeconds)
        return ServiceGroup(configuration: configuration)
    }

    /// Reads certificate and key again; a pair that cannot be used is logged and the old one stays.
    package func reload() {
        guard let identity else {
            logger.info("nothing to reload")
            return
        }
        do throws(TLSIdentityFault) {
            try identity.reload()
            logger.info("certificate reloaded", metadata: ["file": .string(identity.certificateFile)])
        } catch {
            let facts: Logger.Metadata = ["reason": .string(error.logName), "file": .string(identity.certificateFile)]
            logger.error("certificate not reloaded, the old one stays in use", metadata: facts)
        }
    }
}

extension TLSIdentityFault {
    var logName: String {
        switch self {
        case .certificateUnreadable: "certificate_unreadable"
        case .certificateMissing: "certificate_missing"
        case .keyUnreadable: "key_unreadable"
        case .pairRefused: "pair_refused"
        }
    }
}
