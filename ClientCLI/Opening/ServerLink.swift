import BuntanProtocol
import ClientTransport
import Foundation
import Replica
import Wording

/// A connection to the server of a store, for the time of one command.
struct ServerLink: Sendable {
    private let transport: HTTPTransport
    let address: String

    init(_ address: String, settings: Settings) throws {
        guard let url = ServerURL(address) else {
            throw CommandFailure(.invalidValue, ["value": .text(address), "option": .text("--server")])
        }
        guard url.isSecure || url.isLoopback else { throw CommandFailure(.plainRefused, ["server": .text(address)]) }
        var transportSettings = TransportSettings(server: url)
        if let file = settings.value(.caFile) { transportSettings.trust = .systemAnd(file: file) }
        if let proxy = settings.proxy(to: url) {
            guard let address = ProxyAddress(proxy) else {
                throw CommandFailure(.invalidValue, ["value": .text(proxy), "option": "--proxy"])
            }
            transportSettings.proxy = address
        }
        self.address = url.description
        transport = try HTTPTransport(transportSettings)
    }

    /// When the server's certificate ends, in seconds since 1970, if it can be looked at.
    static func certificateEnd(_ address: String, settings: Settings) async -> Int64? {
        do { return try await with(address, settings: settings) { await $0.transport.certificateEnd() } } catch { return nil }
    }

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

    func send(_ request: OutgoingRequest) async throws -> Reply { try await transport.send(request) }

    /// Asks a method that needs no session.
    func ask<R: Request>(_ request: R, token: [UInt8]? = nil, seconds: Int = HTTPTransport.answerSeconds) async throws -> R.Answer {
        try await transport.ask(request, token: token, seconds: seconds)
    }

    /// Syncs once: sends, fetches, verifies. Everything done before a failure stays done.
    func sync(
        _ workspace: Workspace, waiting: (Int64) -> Void = { _ in }, progress: (SyncSession) -> Void = { _ in }
    ) async throws -> SyncReport {
        try await transport.sync(workspace, waiting: waiting, progress: progress)
    }
}
