import BuntanProtocol
import ClientTransport
import Replica
import Synchronization
import TestKit
import Testing

@testable import ServerApp

/// Stands between a client and a real server, passes every request on, and changes answers as it is told.
final class AlteringProxy: MethodAnswering {
    typealias Change = @Sendable (_ asked: MethodCall, _ answer: MethodAnswer) throws -> MethodAnswer

    private let transport: HTTPTransport
    private let change = Mutex<Change>({ _, answer in answer })
    private let prepare = Mutex<@Sendable (MethodCall) throws -> Void>({ _ in })
    private let meanwhile = Mutex<@Sendable (MethodCall) async throws -> Void>({ _ in })
    private let losing = Mutex<@Sendable (MethodCall) throws -> Bool>({ _ in false })
    private let calls = Mutex<[String]>([])
    private let leavesPagesToPulls = Mutex(false)

    private init(_ transport: HTTPTransport) { self.transport = transport }

    /// The methods that were asked for, in order.
    var asked: [String] { calls.withLock { $0 } }

    /// Does something before a request is passed on.
    func before(_ prepare: @escaping @Sendable (MethodCall) throws -> Void) { self.prepare.withLock { $0 = prepare } }

    /// Does something that takes its time before a request is passed on.
    func meanwhile(_ meanwhile: @escaping @Sendable (MethodCall) async throws -> Void) { self.meanwhile.withLock { $0 = meanwhile } }

    func altering(_ change: @escaping Change) { self.change.withLock { $0 = change } }

    /// Answers in the server's stead that it cannot do anything now, to requests that it never hears of.
    func losing(_ losing: @escaping @Sendable (MethodCall) throws -> Bool) { self.losing.withLock { $0 = losing } }

    /// From here on what has come to a log comes with a pull alone.
    func leavePagesToPulls() { leavesPagesToPulls.withLock { $0 = true } }

    /// Changes the pages of one space, all of which come with pulls.
    func altering(_ space: SpaceID, _ change: @escaping @Sendable (PullRequest, LogPage) throws -> LogPage) {
        leavePagesToPulls()
        altering { call, answer in
            guard call.method == "pull", answer.status == 200 else { return answer }
            let asked = try PullRequest(decoding: call.body)
            guard asked.space == space else { return answer }
            return MethodAnswer(status: 200, body: try change(asked, try LogPage(decoding: answer.body)).encoded())
        }
    }

    func answer(_ call: MethodCall) async -> MethodAnswer {
        calls.withLock { $0.append(call.method) }
        do {
            try prepare.withLock { $0 }(call)
            let meanwhile = meanwhile.withLock { $0 }
            try await meanwhile(call)
            guard try !losing.withLock({ $0 })(call) else {
                return MethodAnswer(status: Code.unavailable.httpStatus, body: ErrorAnswer(.unavailable).encoded())
            }
            var (status, body) = try await transport.call(call.method, body: call.body, token: call.token, timeout: .seconds(30))
            if status == 200, leavesPagesToPulls.withLock({ $0 }) { body = leavingPagesOut(of: body, to: call.method) }
            return try change.withLock { $0 }(call, MethodAnswer(status: status, body: body))
        } catch {
            Issue.record(error)
            return MethodAnswer(status: 500, body: ErrorAnswer(.unavailable).encoded())
        }
    }

    /// The server behind says so itself.
    func holder(of token: [UInt8]?, atMillis now: Int64) -> CallHolder? { CallHolder(tenant: [], device: []) }

    /// Runs `body` beside a proxy in front of a server, with the proxy's address.
    static func with(_ server: LoopbackServer, _ body: @escaping @Sendable (AlteringProxy, String) async throws -> Void) async throws {
        let url = try #require(ServerURL(server.address))
        let transport = try HTTPTransport(TransportSettings(server: url))
        let proxy = AlteringProxy(transport)
        do {
            try await LoopbackServer.serving(proxy, now: { 1_795_428_311_000 }) { port in
                try await body(proxy, "http://127.0.0.1:\(port)")
            }
        } catch {
            try await transport.close()
            throw error
        }
        try await transport.close()
    }
}
