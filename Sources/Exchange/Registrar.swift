package import BuntanProtocol
package import ChangeLog
package import Storage
package import Syncing

/// The server's judge: who may register, read and write, and what enters a log.
///
/// Functions of a request, a moment and a store; the clock is handed in, nothing is logged. A request goes through three
/// steps, so that the dear part needs no lock:
/// ```
/// prepare   on a reading transaction: session, access, form → an answer, or work to do
/// check     no store: signatures and payloads, each piece alone, in parallel if one likes
/// finish    on the writing transaction: session and access again, then the verdict of the ledger
/// ```
/// What `finish` leaves may be answered once it is durable and the high-water mark covers it.
package struct Registrar: Sendable {
    package let identity: ServerIdentity
    package let policy: RegistrarPolicy
    package private(set) var mark: any HighWaterMark
    let losses: Losses
    let schema: SchemaRegistry
    let seals: SessionSeals

    package init(
        identity: ServerIdentity, policy: RegistrarPolicy = RegistrarPolicy(), mark: any HighWaterMark, frozen: FallenBack = FallenBack(),
        schema: SchemaRegistry = .current
    ) {
        self.identity = identity
        self.policy = policy
        self.mark = mark
        losses = Losses(frozen)
        self.schema = schema
        seals = SessionSeals(secret: identity.secret)
    }
}

/// One request as it reached the server.
package struct IncomingCall: Sendable {
    package let method: String
    package let body: [UInt8]
    package let token: [UInt8]?
    /// By the server's clock, in milliseconds since 1970.
    package let now: Int64

    package init(method: String, body: [UInt8], token: [UInt8]?, now: Int64) {
        self.method = method
        self.body = body
        self.token = token
        self.now = now
    }
}

/// What the first step of a request comes to.
package enum Prepared: Sendable {
    case answer([UInt8])
    case work(Work)
    /// Answered once the caller's heads are other than these.
    case wait(Caller, Digest)
}

/// A request that will write.
package struct Work: Sendable {
    /// A change found sound by itself, `nil` for what is no change; or why it is not.
    package typealias Piece = Result<ReceivedChange?, Refusal>

    /// How many pieces there are to check.
    package let count: Int
    /// Checks one piece; needs nothing but itself.
    package let check: @Sendable (Int) -> Piece
    /// Judges all on the writing transaction; what it throws leaves no trace.
    package let finish: @Sendable ([Piece], any StoreWriter) throws -> Outcome

    init(
        count: Int = 0, check: @escaping @Sendable (Int) -> Piece = { _ in .success(nil) },
        finish: @escaping @Sendable ([Piece], any StoreWriter) throws -> Outcome
    ) {
        self.count = count
        self.check = check
        self.finish = finish
    }
}

/// What a write has come to.
package struct Outcome: Sendable {
    /// Logs that have grown.
    package var touched: [SpaceID: MarkedPlace] = [:]
    /// Organisations whose list of spaces has changed.
    package var listed: Set<OrganisationID> = []
    package var chains: [OrganisationID: ChainHead] = [:]
    /// Makes the answer: to be called once the mark covers what was written, since it may sign a checkpoint.
    package var answer: @Sendable () -> [UInt8]

    init(_ answer: some Message) { self.answer = { answer.encoded() } }
    init(answer: @escaping @Sendable () -> [UInt8]) { self.answer = answer }
}

extension Registrar {
    /// What the server has lost, whether it has come back since or not.
    package var frozen: FallenBack { losses.known }

    /// The same judge, to whom a log need have come no further than a mark that was set before now.
    func holding(_ view: ViewBehindMark) -> Registrar {
        var registrar = self
        registrar.mark = HeldMark(space: view.space, place: view.mark, others: mark)
        return registrar
    }

    /// A checkpoint over a log as it stands.
    func note(over standing: SpaceStanding) -> String { note(of: standing, size: standing.size, root: standing.frontier.root) }

    func note(of standing: SpaceStanding, size: Int, root: Digest) -> String {
        Checkpoint(origin: standing.rights.origin(ofSize: size), size: size, root: root).signed(by: identity.logKey)
    }

    /// Does the first step of a request.
    ///
    /// - Throws: `Refusal` for what is answered with a code; the store's faults.
    package func prepare(_ call: IncomingCall, _ reader: any StoreReader) throws -> Prepared {
        guard let method = Method(rawValue: call.method) else { throw Refusal(.notFound) }
        let caller = method.isOpen ? nil : try self.caller(token: call.token, at: call.now, reader)
        if let caller, method != .replay { try requireWholeChain(of: caller, reader) }
        switch (method, caller) {
        case (.hello, _): return try hello(decoded(call), at: call.now)
        case (.register, _): return try register(decoded(call), at: call.now, reader)
        case (.challenge, _): return try challenge(decoded(call), at: call.now)
        case (.session, _): return try session(decoded(call), at: call.now, reader)
        case (.invitation, _): return try invitation(decoded(call), reader)
        case (.invite, let caller?): return try invite(decoded(call), by: caller, at: call.now, reader)
        case (.invitations, let caller?):
            let _: InvitationsRequest = try decoded(call)
            return try invitations(of: caller, reader)
        case (.revokeInvitation, let caller?): return try revoke(decoded(call), by: caller)
        case (.heads, let caller?): return try heads(decoded(call), for: caller, at: call.now, reader)
        case (.wait, let caller?):
            let request: WaitRequest = try decoded(call)
            let answer = try headsAnswer(unless: request.digest, for: caller, at: call.now, reader)
            return answer.heads == nil ? .wait(caller, request.digest) : .answer(answer.encoded())
        case (.pull, let caller?): return try pull(decoded(call), by: caller, at: call.now, reader)
        case (.push, let caller?): return try push(decoded(call), by: caller, at: call.now, reader)
        case (.statement, let caller?): return try statement(decoded(call), by: caller, at: call.now)
        case (.replay, let caller?): return try replay(decoded(call), by: caller, at: call.now, reader)
        case (.snapshot, let caller?): return try snapshot(decoded(call), by: caller, at: call.now, reader)
        case (.digest, let caller?): return try digest(decoded(call), by: caller, at: call.now, reader)
        case (.createSpace, let caller?): return try createSpace(decoded(call), by: caller, at: call.now)
        case (_, nil): throw Refusal(.noSession)
        }
    }

    private func decoded<R: Request>(_ call: IncomingCall) throws -> R {
        guard call.body.count <= Limits.bodyBytes else { throw Refusal(.tooLarge, "body") }
        do { return try R(decoding: call.body) } catch { throw Refusal(.malformed, "body") }
    }
}
