/// One request as it arrived.
package struct MethodCall: Sendable {
    /// The name from the path `/v1/<method>`.
    package let method: String
    /// The message, unfolded and within limits.
    package let body: [UInt8]
    /// What `Authorization: Bearer` carried, or `nil` if there was none that can be read.
    package let token: [UInt8]?
    /// The peer's address as the socket names it; what a proxy in between claims is not believed.
    package let remoteAddress: String
    package let receivedMillis: Int64

    package init(method: String, body: [UInt8], token: [UInt8]?, remoteAddress: String, receivedMillis: Int64) {
        self.method = method
        self.body = body
        self.token = token
        self.remoteAddress = remoteAddress
        self.receivedMillis = receivedMillis
    }
}

/// What goes back.
package struct MethodAnswer: Sendable {
    /// The HTTP status.
    package let status: Int
    /// A message in canonical CBOR.
    package let body: [UInt8]

    package init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}

/// Whoever answers the methods.
///
/// A waiting method is cancelled when its client goes away or the server stops, and then returns soon with any
/// answer that is true; every other method runs to its end.
package protocol MethodAnswering: Sendable {
    func answer(_ call: MethodCall) async -> MethodAnswer

    /// Whose calls are counted together for this token, if it can be one of ours that has not run out; `nil` for any other.
    ///
    /// Asked before the body of a method that needs a session; what the token stands for is found out by `answer`.
    func holder(of token: [UInt8]?, atMillis now: Int64) -> CallHolder?
}

/// Whose a call is, as far as sharing a server goes; which of its answers anybody gets does not follow from it.
package struct CallHolder: Hashable, Sendable {
    package let tenant: [UInt8]
    package let device: [UInt8]

    package init(tenant: [UInt8], device: [UInt8]) {
        self.tenant = tenant
        self.device = device
    }
}
