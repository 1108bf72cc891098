package import Wire

/// Why no answer came back from a server.
package enum TransportFault: Error, Hashable, Sendable {
    case cannotResolve(host: String)
    case refused(host: String, port: Int)
    /// The network has no way there, or it broke on the way.
    case unreachable(host: String, port: Int)
    case timedOut(Phase)
    case certificate(CertificateProblem, host: String)
    /// The other side does not speak TLS, or none that we speak.
    case noTLS(host: String, port: Int)
    /// Something answers there, but it is no server of ours: a web page, a portal, another program.
    case notThisServer(status: Int, contentType: String?)
    case proxyUnreachable(host: String, port: Int, Obstacle)
    /// The proxy wants a name and password, did not take those it was given, or does not let this connection through.
    case proxyRefused(Refusal, host: String, port: Int)
    case answerTooLarge(limit: Int)
    case answerBroken(BodyFault)
    /// The connection ended before an answer began.
    case connectionLost
    /// The connection ended before its answer did.
    case answerCut
    case cancelled
    /// The file of certificates that a person named holds none; or cannot be read, for the system's reason.
    case trustFileUnreadable(path: String, errno: Int32?)

    package enum Phase: Hashable, Sendable { case connecting, answering }
    package enum Refusal: Hashable, Sendable { case authentication, credentials, connection }
    /// What stood in the way to a proxy.
    package enum Obstacle: Hashable, Sendable { case name, refused, noWay, tooSlow }
}

/// Why a certificate does not verify.
package enum CertificateProblem: Hashable, Sendable {
    case expired(sinceMillis: Int64)
    case notYetValid(untilMillis: Int64)
    /// The names it is for, as far as they could be seen.
    case otherHost(names: [String])
    /// Nobody whom this machine or the given file trusts has signed it.
    case untrusted
}
