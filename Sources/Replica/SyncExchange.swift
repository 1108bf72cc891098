package import BuntanProtocol

/// A request that a sync wants sent.
package struct OutgoingRequest: Hashable, Sendable {
    package let method: Method
    package let body: [UInt8]
    /// The session token, for methods that need one.
    package let token: [UInt8]?

    package init(method: Method, body: [UInt8], token: [UInt8]?) {
        self.method = method
        self.body = body
        self.token = token
    }
}

/// What came of a request.
package enum Reply: Sendable {
    case answer([UInt8])
    case error(ErrorAnswer)
}

/// A sync that cannot go on now; everything it had done before stays done.
package enum SyncFault: Error, Hashable, Sendable {
    case noServer
    /// The server answered something that is none of the protocol.
    case notUnderstood(Method, DecodingFault)
    case refused(Method, Code?, detail: String?, retryAfterMillis: Int?)
    /// The server speaks no protocol version that this program does.
    case incompatible(lowest: Int, highest: Int)
    /// The server is not the one this store knows.
    case otherServer(known: String, found: String)
    /// A joining device is not enrolled by the organisation, or not yet.
    case notEnrolled
    /// The server takes this device, which had been enrolled, for one no longer, and proves nothing.
    case disowned
    /// The organisation has ended this device's rights.
    case revoked(OwnRevocation)
    /// The organisation has said more than this store knows, and nobody here may read it.
    case chainOutrun
}
