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

    /// Syncs once: sends, fetches, verifies. Everything done before a failure stays done.
    package func sync(_ workspace: Workspace, progress: (SyncSession) -> Void = { _ in }) async throws -> SyncReport {
        var session = try SyncSession(workspace)
        while let request = try session.next() {
            try Task.checkCancellation()
            try session.take(try await send(request))
            progress(session)
        }
        try workspace.settleIdentity()
        try workspace.followOwnChain()
        // An engagement that has just begun learns this organisation's name in the same sync.
        if try !workspace.introduce().isEmpty {
            var second = try SyncSession(workspace)
            while let request = try second.next() { try second.take(try await send(request)) }
        }
        return session.report
    }
}
