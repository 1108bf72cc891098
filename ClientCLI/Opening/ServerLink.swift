import BuntanProtocol
import Foundation
import Replica
import Storage
import Wire
import Wording

/// A connection to the server of a store, for the time of one command.
struct ServerLink: Sendable {
    private let transport: HTTPTransport
    let address: String

    /// Seconds within which an ordinary request must be answered.
    static let answerSeconds = 60

    init(_ address: String, settings: Settings) throws {
        guard let url = ServerURL(address) else {
            throw CommandFailure(.invalidValue, ["value": .text(address), "option": .text("--server")])
        }
        guard url.isSecure || Self.isLoopback(url.host) else { throw CommandFailure(.plainRefused, ["server": .text(address)]) }
        var transportSettings = TransportSettings(server: url)
        if let file = settings.value(.caFile) { transportSettings.trust = .systemAnd(file: file) }
        if let proxy = settings.value(.proxy) { transportSettings.proxy = ProxyAddress(proxy) }
        self.address = url.description
        transport = try HTTPTransport(transportSettings)
    }

    private static func isLoopback(_ host: String) -> Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    func close() async throws { try await transport.close() }

    /// Runs `body` with a link and closes it, whatever happens.
    static func with<Result>(
        _ address: String, settings: Settings, _ body: (ServerLink) async throws -> Result
    ) async throws -> Result {
        let link = try ServerLink(address, settings: settings)
        do {
            let result = try await body(link)
            try await link.close()
            return result
        } catch {
            // The first failure is the one to tell; the connection ends with the process at the latest.
            do { try await link.close() } catch {}
            throw error
        }
    }

    func send(_ request: OutgoingRequest) async throws -> Reply {
        let (status, body) = try await transport.call(
            request.method.rawValue, body: request.body, token: request.token, timeout: .seconds(Self.answerSeconds))
        if status == 200 { return .answer(body) }
        do throws(DecodingFault) { return .error(try ErrorAnswer(decoding: body)) } catch {
            throw SyncFault.notUnderstood(request.method, error)
        }
    }

    /// Asks a method that needs no session.
    func ask<R: Request>(_ request: R, token: [UInt8]? = nil) async throws -> R.Answer {
        switch try await send(OutgoingRequest(method: R.method, body: request.encoded(), token: token)) {
        case .answer(let bytes):
            do throws(DecodingFault) { return try R.Answer(decoding: bytes) } catch { throw SyncFault.notUnderstood(R.method, error) }
        case .error(let error):
            throw SyncFault.refused(R.method, error.code, detail: error.detail, retryAfterMillis: error.retryAfterMillis)
        }
    }

    /// Syncs once: sends, fetches, verifies. Everything done before a failure stays done.
    func sync(_ workspace: Workspace, progress: (SyncSession) -> Void = { _ in }) async throws -> SyncReport {
        var session = try SyncSession(workspace)
        while let request = try session.next() {
            try Task.checkCancellation()
            try session.take(try await send(request))
            progress(session)
        }
        try workspace.settleIdentity()
        // An engagement that has just begun learns this organisation's name in the same sync.
        if try !workspace.introduce().isEmpty {
            var second = try SyncSession(workspace)
            while let request = try second.next() { try second.take(try await send(request)) }
        }
        return session.report
    }
}
