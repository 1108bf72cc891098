package import Wire

/// What the shell takes on at once.
package struct ShellLimits: Sendable, Hashable {
    package var body: BodyLimits
    /// What a body may measure whose sender has shown no session.
    package var openBody: BodyLimits
    /// Connections beyond this wait in the kernel's queue.
    package var connections: Int
    /// Connections of one address; those beyond it are closed.
    package var addressConnections: Int
    /// Methods being answered at once, waiting ones aside.
    package var answers: Int
    /// The same of one tenant, so that it leaves the others theirs.
    package var tenantAnswers: Int
    /// The same of one device.
    package var deviceAnswers: Int
    /// Bytes of bodies that are arriving, being answered or being sent, all requests together.
    package var bodyBytes: Int
    /// The same of one address.
    package var addressBodyBytes: Int
    /// How long a body may take to arrive.
    package var bodySeconds: Int
    /// How long a client may take to read its answer.
    package var answerSeconds: Int
    /// How long a connection may be silent between requests or within one, and how long a request's head may take.
    package var idleSeconds: Int
    package var addressRate: AddressRate

    package init(
        body: BodyLimits = .protocolBody, openBody: BodyLimits = .openBody, connections: Int = 10_000, addressConnections: Int = 2_500,
        answers: Int = 256, tenantAnswers: Int = 64, deviceAnswers: Int = 16, bodyBytes: Int = 256 << 20, addressBodyBytes: Int = 64 << 20,
        bodySeconds: Int = 120,
        answerSeconds: Int = 120, idleSeconds: Int = 75, addressRate: AddressRate = AddressRate()
    ) {
        self.body = body
        self.openBody = openBody
        self.connections = connections
        self.addressConnections = addressConnections
        self.answers = answers
        self.tenantAnswers = tenantAnswers
        self.deviceAnswers = deviceAnswers
        self.bodyBytes = bodyBytes
        self.addressBodyBytes = addressBodyBytes
        self.bodySeconds = bodySeconds
        self.answerSeconds = answerSeconds
        self.idleSeconds = idleSeconds
        self.addressRate = addressRate
    }
}
