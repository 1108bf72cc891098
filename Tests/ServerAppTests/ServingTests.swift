import BuntanProtocol
import ChangeLog
import Exchange
import FaultyDisks
import Foundation
import Logging
import ServiceLifecycle
import Storage
import StorageSQLite
import Syncing
import Testing
import TestKit
import Wire

@testable import ServerApp

@Suite("The server over sockets, on a store on disk")
struct ServingTests {
    /// A server on loopback over the methods of a folder.
    private struct Running: Sendable {
        let port: Int
        let methods: ExchangeMethods
        let store: SQLiteStore
        let log: LogSink
        let token: [UInt8]

        func call<R: Request>(_ request: R, token: [UInt8]? = nil) async throws -> RawClient.Answer {
            try await RawClient.post(
                "/v1/" + R.method.rawValue, headers: ["authorization: Bearer " + Base64URL.text(token ?? self.token)],
                body: request.encoded(), port: port)
        }
    }

    private func serving(
        _ served: ServedFolder, wait: Int = 3_600_000, level: Logger.Level = .trace,
        _ body: @escaping @Sendable (Running) async throws -> Void
    ) async throws {
        let store = try served.folder.openStore()
        let mark = try FileMark(path: served.folder.marksPath)
        let log = LogSink()
        let logger = Logger.server(format: .json, level: level, sink: log.sink)
        let registrar = Registrar(identity: served.identity, policy: RegistrarPolicy(isOpen: true), mark: mark)
        let methods = ExchangeMethods(registrar: registrar, store: store, logger: logger, waitMillis: { wait })
        let token = try Served(folder: served, store: store, mark: mark).token(served.firm.device)
        let desk = MethodDesk(
            answering: methods, methods: .exchange, refusalBody: { ErrorAnswer($0).encoded() }, isReady: { methods.isReady },
            nowMillis: { ServedFolder.now }, logger: logger)
        let (ports, portSource) = AsyncStream<Int>.makeStream()
        let server = MethodServer(desk: desk, host: "127.0.0.1", port: 0, identity: nil, logger: logger) { portSource.yield($0) }
        let group = ServerRun(
            server: server, beneath: [StoreService(methods: methods, store: store)], identity: nil, logger: logger
        ).group(trappingSignals: false)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            do { try await body(Running(port: port, methods: methods, store: store, log: log, token: token)) } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test("A thousand who wait read the store once each, whatever happens elsewhere, and once more when it is theirs")
    func waiting() async throws {
        let served = try ServedFolder()
        let space = try served.filled()
        var random = SeededRandom(seed: 44)
        let other = try FoundedOrganisation(label: "other", time: 1, random: &random)
        try served.serving { try $0.register(other) }
        try await serving(served, level: .warning) { running in
            let standing = try #require(try running.store.read { try $0.standing(of: space) })
            let known = WaitRequest(digest: SpaceHead.digest(of: [SpaceHead(space: space, epoch: 0, size: standing.size)]))
            try await withThrowingTaskGroup(of: [UInt8].self) { tasks in
                for _ in 0..<1_000 { tasks.addTask { try await running.call(known).body } }
                // Each look is a request of its own, so that nobody spins.
                while running.methods.waiting < 1_000 || running.methods.waitingReads < 1_000 {
                    #expect(try await running.call(HeadsRequest(digest: SHA.empty)).status == 200)
                }
                #expect(running.methods.waitingReads == 1_000)
                // Another organisation is busy: nobody who waits is woken.
                let nonce = try ChallengeRequest.Answer(decoding: await running.call(ChallengeRequest(device: other.device.device)).body)
                    .nonce
                let session = SessionRequest(answering: nonce, of: served.identity.name, with: other.device.signing)
                let token = try SessionRequest.Answer(decoding: await running.call(session).body).token
                for _ in 0..<50 { #expect(try await running.call(HeadsRequest(digest: SHA.empty), token: token).status == 200) }
                #expect(running.methods.waitingReads == 1_000 && running.methods.waiting == 1_000)
                let change = try served.change("x", in: space, base: standing.base, number: 90)
                #expect(try await running.call(PushRequest(space: space, changes: [change])).status == 200)
                let heads = [SpaceHead(space: space, epoch: 0, size: standing.size + 1)]
                for try await body in tasks { #expect(try HeadsAnswer(decoding: body).heads == heads) }
                #expect(running.methods.waitingReads == 2_000 && running.methods.waiting == 0)
            }
        }
    }

    @Test("Logs hold no contents, no tokens and no ids, at the most talkative level")
    func silent() async throws {
        let served = try ServedFolder()
        let space = try served.filled()
        let secret = "himitsu-zaimei-7734"
        try await serving(served) { running in
            let standing = try #require(try running.store.read { try $0.standing(of: space) })
            let change = try served.change(secret, in: space, base: standing.base, number: 91)
            #expect(try await running.call(PushRequest(space: space, changes: [change])).status == 200)
            let pull = PullRequest(space: space, epoch: 0, size: 0, root: SHA.empty)
            #expect(try await running.call(pull).status == 200)
            // What is refused is no more talked about than what is taken.
            let broken = SignedChange(bytes: change.bytes + Array(secret.utf8), signature: change.signature, payload: change.payload)
            #expect(try await running.call(PushRequest(space: space, changes: [broken])).status == 200)
            for path in ["/v1/\(secret)", "/\(secret)", "/v1/push?\(secret)"] {
                let answer = try await RawClient.post(
                    path, headers: ["x-\(secret): \(secret)"], body: Array(secret.utf8), port: running.port)
                #expect(answer.status >= 400)
            }
            for (type, body) in [(secret, [0xa0]), ("application/cbor", Array(secret.utf8))] {
                let answer = try await RawClient.post(
                    "/v1/push", headers: ["content-type: \(type)", "authorization: Bearer \(secret)"], body: body, port: running.port)
                #expect(answer.status >= 400)
            }
            let token = Base64URL.text(running.token)
            let text = running.log.text
            #expect(text.contains("\"method\":\"push\"") && text.contains("request refused"))
            for forbidden in [secret, token, space.hex, served.firm.organisation.hex, served.firm.device.device.hex, "row 0"] {
                #expect(!text.contains(forbidden), "\(forbidden)")
            }
        }
    }

    @Test("A full disk answers 503 and acknowledges nothing; once there is room the same push is taken")
    func fullDisk() async throws {
        let served = try ServedFolder()
        let space = try served.filled()
        let disk = FaultyDisk(folder: served.path)
        try await serving(served) { running in
            let standing = try #require(try running.store.read { try $0.standing(of: space) })
            let change = try served.change("x", in: space, base: standing.base, number: 92)
            let push = PushRequest(space: space, changes: [change])
            disk.arm(.full, at: 1)
            let refused = try await running.call(push)
            #expect(disk.hasFired)
            disk.disarm()
            #expect(refused.status == 503)
            #expect(try ErrorAnswer(decoding: refused.body).code == .unavailable)
            #expect(running.log.text.contains("disk_full"))
            #expect(try running.store.read { try $0.standing(of: space) }?.size == standing.size)
            let pull = PullRequest(space: space, epoch: 0, size: standing.size, root: standing.frontier.root)
            #expect(try PullRequest.Answer(decoding: await running.call(pull).body).entries.isEmpty)
            let taken = try await running.call(push)
            #expect(try VerdictsAnswer(decoding: taken.body).verdicts == [.accepted(position: standing.size)])
        }
        #expect(await served.run("check").exit == 0)
    }

    @Test("Health says alive while it lives, and ready while the store can be read")
    func health() async throws {
        let served = try ServedFolder()
        try served.filled()
        try await serving(served) { running in
            func status(_ path: String) async throws -> Int? {
                try await RawClient.with(port: running.port) { connection in
                    try await connection.send(RawClient.head("GET", path, length: nil))
                    return try await connection.answer()?.status
                }
            }
            #expect(try await status("/health/live") == 200)
            #expect(try await status("/health/ready") == 200)
            try running.store.close()
            #expect(try await status("/health/ready") == 503)
            #expect(try await status("/health/live") == 200)
        }
    }
}
