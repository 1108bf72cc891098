import BuntanProtocol
import Exchange
import Foundation
import Logging
import ServiceLifecycle
import StorageSQLite
import Synchronization
import Testing

@testable import ClientCLI
@testable import ServerApp

/// A real server on loopback with a store of its own, for the length of one test.
struct LoopbackServer: Sendable {
    let port: Int
    let store: SQLiteStore
    private let clock: ServerClock

    var address: String { "http://127.0.0.1:\(port)" }

    /// Moves the server's clock on: invitations expire, sessions end.
    func pass(days: Int) { clock.days.withLock { $0 += days } }

    private final class ServerClock: Sendable {
        let days = Mutex(0)
        var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) + Int64(days.withLock { $0 }) * 86_400_000 }
    }

    /// Signs what this server never would, for servers that lie.
    let identity: ServerIdentity

    /// Runs `body` beside a server in a folder, and ends when both have ended.
    static func with(
        _ folder: String, named name: String = "sync.example", tls: TLSIdentity? = nil, isOpen: Bool = true,
        answering: @Sendable (ExchangeMethods) -> any MethodAnswering = { $0 },
        _ body: @escaping @Sendable (LoopbackServer) async throws -> Void
    ) async throws {
        let logger = Logger.server(format: .text, level: .critical, sink: { _ in })
        let files = ServerFolder(path: folder)
        let identity = try files.identity(named: name, orElse: "")
        let store = try files.openStore()
        let mark = try FileMark(path: files.marksPath)
        let registrar = Registrar(
            identity: identity, policy: RegistrarPolicy(isOpen: isOpen), mark: mark,
            frozen: try store.read { try FallenBack.reconcile($0, with: mark) })
        let methods = ExchangeMethods(registrar: registrar, store: store, logger: logger, waitMillis: { 50 })
        let clock = ServerClock()
        try await serving(answering(methods), tls: tls, now: { clock.now }) { port in
            try await body(LoopbackServer(port: port, store: store, clock: clock, identity: identity))
        }
        await methods.stop()
        try store.close()
    }

    /// Runs `body` beside a listener that lets somebody answer the methods.
    static func serving(
        _ methods: any MethodAnswering, tls: TLSIdentity? = nil, now: @escaping @Sendable () -> Int64,
        _ body: @escaping @Sendable (_ port: Int) async throws -> Void
    ) async throws {
        let logger = Logger.server(format: .text, level: .critical, sink: { _ in })
        let desk = MethodDesk(
            answering: methods, methods: .exchange, refusalBody: { ErrorAnswer($0).encoded() }, nowMillis: now, logger: logger)
        let (ports, portSource) = AsyncStream<Int>.makeStream()
        let server = MethodServer(desk: desk, host: "127.0.0.1", port: 0, identity: tls, logger: logger) { portSource.yield($0) }
        let group = ServerRun(server: server, identity: tls, logger: logger).group(trappingSignals: false, graceSeconds: 5)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { portSource.finish() }
                try await group.run()
            }
            tasks.addTask {
                var iterator = ports.makeAsyncIterator()
                let port = try #require(await iterator.next())
                do { try await body(port) } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
                await group.triggerGracefulShutdown()
            }
            try await tasks.waitForAll()
        }
    }
}

/// Runs commands until one of them says what it must not, so that a test reads as what people type.
extension CommandBench {
    /// Runs a command line of words without blanks; fails unless it ends as expected.
    @discardableResult
    func expect(
        _ line: String, store: String = "store", answers: [String] = [], isTerminal: Bool = false, exit: CommandExit = .done,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async -> Outcome {
        let words = line.split(separator: " ").map { String($0.map { $0 == "_" ? " " : $0 }) }
        let outcome = await run(words, store: store, answers: answers, isTerminal: isTerminal)
        #expect(outcome.exit == exit, "\(line): \(outcome.errors)\(outcome.output)", sourceLocation: sourceLocation)
        return outcome
    }

    /// Makes an organisation, and keeps its recovery code in the file `STORE.code`.
    func found(_ line: String, store: String) async throws {
        let made = await expect(line + " --json", store: store)
        _ = try file(store + ".code", try #require(try made.item["recoveryCode"] as? String))
    }

    /// Another device of a store's organisation, enrolled and joined, in a store of its label.
    func furtherDevice(_ label: String, of store: String) async throws {
        let fingerprint = try #require(try await expect("org --json", store: store).item["fingerprint"] as? String)
        let request = await expect("device request \(label) --org \(fingerprint) --json", store: label)
        let code = try #require(try request.item["code"] as? String)
        let added = await expect("device add \(code) --yes --json", store: store)
        await expect("join \(try #require(try added.item["code"] as? String))", store: label)
    }

    /// A provider with a published service of three rows, and a customer that has joined it. The recovery code of each lies in
    /// a file of its name.
    func engagement(at server: LoopbackServer) async throws {
        let table = try file(
            "rows.csv",
            "Framework,Control ID,Allocation,Customer action (en)\nf,A-1,shared,Keep a copy.\nf,A-2,provider,\nf,A-3,customer,Do it.\n")
        try await found("init --org Example_Cloud --server \(server.address)", store: "provider")
        await expect("service add Object_Storage", store: "provider")
        await expect("import \(table)", store: "provider")
        await expect("publish 1 -m first", store: "provider")
        await expect("sync", store: "provider")
        let invited = await expect("invite Kaisha --json", store: "provider")
        let code = try #require(try invited.item["code"] as? String)
        try await found("init --org Kaisha", store: "customer")
        await expect("join \(code)", store: "customer")
        await expect("sync", store: "provider")
        await expect("sync", store: "customer")
    }
}
