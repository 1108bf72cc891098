package import Wire

/// What the shell takes on at once.
package struct ShellLimits: Sendable, Hashable {
    package var body: BodyLimits
    /// Connections beyond this wait in the kernel's queue.
    package var connections: Int
    /// Methods being answered at once, waiting ones aside.
    package var answers: Int
    /// Bytes of bodies that are arriving or being answered, all requests together.
    package var bodyBytes: Int
    /// How long a body may take to arrive.
    package var bodySeconds: Int
    /// How long a connection may be silent between requests or within one.
    package var idleSeconds: Int
    package var addressRate: AddressRate

    package init(
        body: BodyLimits = .protocolBody, connections: Int = 10_000, answers: Int = 256, bodyBytes: Int = 256 * 1024 * 1024,
        bodySeconds: Int = 120, idleSeconds: Int = 75, addressRate: AddressRate = AddressRate()
    ) {
        self.body = body
        self.connections = connections
        self.answers = answers
        self.bodyBytes = bodyBytes
        self.bodySeconds = bodySeconds
        self.idleSeconds = idleSeconds
        self.addressRate = addressRate
    }
}
