package import BuntanProtocol
package import Replica

extension HTTPTransport {
    /// Seconds within which an ordinary request must be answered.
    package static let answerSeconds = 60

    /// Sends what a sync wants sent, and returns what came of it.
    package func send(_ request: OutgoingRequest, seconds: Int = answerSeconds) async throws -> Reply {
        let (status, body) = try await call(
            request.method.rawValue, body: request.body, token: request.token, timeout: .seconds(seconds))
        if status == 200 { return .answer(body) }
        do throws(DecodingFault) { return .error(try ErrorAnswer(decoding: body)) } catch {
            throw SyncFault.notUnderstood(request.method, error)
        }
    }

    /// Asks a method and decodes its answer.
    package func ask<R: Request>(_ request: R, token: [UInt8]? = nil, seconds: Int = answerSeconds) async throws -> R.Answer {
        switch try await send(OutgoingRequest(method: R.method, body: request.encoded(), token: token), seconds: seconds) {
        case .answer(let bytes):
            do throws(DecodingFault) { return try R.Answer(decoding: bytes) } catch { throw SyncFault.notUnderstood(R.method, error) }
        case .error(let error):
            throw SyncFault.refused(R.method, error.code, detail: error.detail, retryAfterMillis: error.retryAfterMillis)
        }
    }

    /// How often a request is sent again that the server had too much to do for.
    private static let patience = 3

    /// Sends a request, and again where the server is busy: every request may come any number of times.
    ///
    /// What is busy for longer ends the sync; what is to be sent stays in the outbox.
    ///
    /// - Parameter waiting: told how many milliseconds pass before the next try.
    private func sendPatiently(
        _ request: OutgoingRequest, _ random: any RandomPort, waiting: (Int64) -> Void
    ) async throws -> Reply {
        var backoff = Backoff()
        var reply = try await send(request)
        for _ in 0..<Self.patience {
            guard case .error(let error) = reply, error.code == .busy || error.code == .rateLimited else { break }
            let asked = min(Int64(error.retryAfterMillis ?? 0), Backoff.longestMillis)
            let pause = backoff.next(atLeast: asked, random)
            waiting(pause)
            // As long as the server asked for, or longer by chance; cancelled with the sync.
            try await Task.sleep(for: .milliseconds(pause))
            reply = try await send(request)
        }
        return reply
    }

    /// Syncs once: sends, fetches, verifies. Everything done before a failure stays done.
    package func sync(
        _ workspace: Workspace, waiting: (Int64) -> Void = { _ in }, progress: (SyncSession) -> Void = { _ in }
    ) async throws -> SyncReport {
        var session = SyncSession(workspace)
        try await drive(&session, workspace.random, waiting: waiting, progress: progress)
        // An engagement that has just begun learns this organisation's name in the same sync.
        if session.mustConclude, try !workspace.conclude().isEmpty {
            var second = SyncSession(workspace)
            try await drive(&second, workspace.random, waiting: waiting) { _ in }
        }
        return session.report
    }

    private func drive(
        _ session: inout SyncSession, _ random: any RandomPort, waiting: (Int64) -> Void, progress: (SyncSession) -> Void
    ) async throws {
        var request = try session.next()
        var early: Reply?
        while let sending = request {
            try Task.checkCancellation()
            if let beside = session.beside {
                async let other = send(beside.request)
                let reply = try await sendPatiently(sending, random, waiting: waiting)
                // A push that fails goes in its turn.
                try session.take(reply, beside: try? await other)
                (request, early) = (try session.next(), nil)
            } else {
                let reply = if let early { early } else { try await sendPatiently(sending, random, waiting: waiting) }
                (request, early) = try await file(reply, in: &session)
            }
            progress(session)
        }
    }

    /// Files a reply while a request that will come next, where one can be told, is on its way.
    ///
    /// - Returns: the next request, and its answer if that is here already.
    private func file(_ reply: Reply, in session: inout SyncSession) async throws -> (next: OutgoingRequest?, answer: Reply?) {
        guard let ahead = try session.ahead(of: reply) else {
            try session.take(reply)
            return (try session.next(), nil)
        }
        async let early = send(ahead)
        try session.take(reply)
        let next = try session.next()
        guard next == ahead else { return (next, nil) }
        // Whatever else came of it, a server that is busy included, comes of asking in the ordinary way.
        do {
            let answer = try await early
            if case .answer = answer { return (next, answer) }
        } catch {}
        return (next, nil)
    }
}
