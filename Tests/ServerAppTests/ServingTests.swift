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
        _ served: ServedFolder, wait: Int = 3_600_000, level: Logger.Level = .trace, waitingLimits: WaitingLimits = WaitingLimits(),
        writing: GroupCommitWriter.Limits = .init(), limits: ShellLimits = .patient,
        _ body: @escaping @Sendable (Running) async throws -> Void
    ) async throws {
        let store = try served.folder.openStore()
        let mark = try FileMark(path: served.folder.marksPath)
        let log = LogSink()
        let logger = Logger.server(format: .json, level: level, sink: log.sink)
        let registrar = Registrar(identity: served.identity, policy: RegistrarPolicy(isOpen: true), mark: mark)
        let methods = ExchangeMethods(
            registrar: registrar, store: store, logger: logger, waitingLimits: waitingLimits, writing: writing, waitMillis: { wait })
        let token = try Served(folder: served, store: store, mark: mark).token(served.firm.device)
        let desk = MethodDesk(
            answering: methods, methods: .exchange, limits: limits, refusalBody: { ErrorAnswer($0).encoded() },
            isReady: { methods.isReady },
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
        try await serving(served, level: .warning, waitingLimits: WaitingLimits(organisation: 1_000, device: 1_000)) { running in
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

    @Test("A writer's full queue answers 503 and when to come back; whoever does so loses nothing")
    func fullQueue() async throws {
        let served = try ServedFolder()
        let space = try served.filled()
        var limits = ShellLimits.patient
        limits.deviceAnswers = limits.answers
        try await serving(served, level: .warning, writing: .init(work: 1, milliseconds: 0, waiting: 1), limits: limits) { running in
            let standing = try #require(try running.store.read { try $0.standing(of: space) })
            let (positions, refusals) = try await withThrowingTaskGroup(of: (position: Int, refusals: [ErrorAnswer]).self) { tasks in
                for number in 200..<240 {
                    tasks.addTask {
                        let change = try served.change("row \(number)", in: space, base: standing.base, number: number)
                        var refusals: [ErrorAnswer] = []
                        while true {
                            let answer = try await running.call(PushRequest(space: space, changes: [change]))
                            guard answer.status == 503 else {
                                let verdicts = try VerdictsAnswer(decoding: answer.body).verdicts
                                guard case .accepted(let position)? = verdicts.first else { throw Refusal(.invalid) }
                                return (position, refusals)
                            }
                            refusals.append(try ErrorAnswer(decoding: answer.body))
                        }
                    }
                }
                return try await tasks.reduce(into: ([Int](), [ErrorAnswer]())) {
                    $0.0.append($1.position)
                    $0.1 += $1.refusals
                }
            }
            #expect(!refusals.isEmpty)
            #expect(refusals.allSatisfy { $0 == ErrorAnswer(.busy, retryAfterMillis: 1_000) })
            #expect(positions.sorted() == Array(standing.size..<(standing.size + 40)))
        }
        #expect(await served.run("check").exit == 0)
    }

    @Test("Whose a call is: the devices of one organisation are one tenant, and nobody's token has none")
    func holders() async throws {
        let served = try ServedFolder()
        _ = try served.filled()
        var random = SeededRandom(seed: 46)
        let other = try FoundedOrganisation(label: "other", time: 1, random: &random)
        let token = try served.serving { served in
            try served.register(other)
            return try served.token(other.device)
        }
        try await serving(served, level: .warning) { running in
            let own = try #require(running.methods.holder(of: running.token, atMillis: ServedFolder.now))
            #expect(own == CallHolder(tenant: served.firm.organisation.bytes, device: served.firm.device.device.bytes))
            #expect(running.methods.holder(of: token, atMillis: ServedFolder.now)?.tenant == other.organisation.bytes)
            #expect(running.methods.holder(of: Array(token.reversed()), atMillis: ServedFolder.now) == nil)
            #expect(running.methods.holder(of: token, atMillis: ServedFolder.now + Int64(Limits.sessionMillis)) == nil)
        }
    }

    @Test("One organisation that waits as often as it may, and more, does not keep another from waiting")
    func waitingLimits() async throws {
        let served = try ServedFolder()
        let space = try served.filled()
        var random = SeededRandom(seed: 45)
        let other = try FoundedOrganisation(label: "other", time: 1, random: &random)
        let token = try served.serving { served in
            try served.register(other)
            return try served.token(other.device)
        }
        try await serving(served, level: .warning, waitingLimits: WaitingLimits(organisation: 3, device: 3)) { running in
            let standing = try #require(try running.store.read { try $0.standing(of: space) })
            let known = WaitRequest(digest: SpaceHead.digest(of: [SpaceHead(space: space, epoch: 0, size: standing.size)]))
            try await withThrowingTaskGroup(of: RawClient.Answer.self) { tasks in
                for _ in 0..<3 { tasks.addTask { try await running.call(known) } }
                while running.methods.waiting < 3 { await Task.yield() }
                for _ in 0..<20 {
                    let refused = try await running.call(known)
                    #expect(refused.status == 429)
                    let answer = try ErrorAnswer(decoding: refused.body)
                    #expect(answer == ErrorAnswer(.rateLimited, detail: "waiting", retryAfterMillis: 10_000))
                }
                tasks.addTask { try await running.call(WaitRequest(digest: SpaceHead.digest(of: [])), token: token) }
                while running.methods.waiting < 4 { await Task.yield() }
                let change = try served.change("x", in: space, base: standing.base, number: 93)
                #expect(try await running.call(PushRequest(space: space, changes: [change])).status == 200)
                for _ in 0..<3 { #expect(try await tasks.next()?.status == 200) }
                // Those who were answered have made room.
                tasks.addTask {
                    try await running.call(
                        WaitRequest(digest: SpaceHead.digest(of: [SpaceHead(space: space, epoch: 0, size: standing.size + 1)])))
                }
                while running.methods.waiting < 2 { await Task.yield() }
                tasks.cancelAll()
            }
        }
    }

    @Test("Of the calls an organisation may have waiting, one device takes no more than its own")
    func deviceWaits() throws {
        let calls = WaitingCalls(WaitingLimits(organisation: 4, device: 2))
        let organisation = OrganisationID(high: 1, low: 1)
        var random = SeededRandom(seed: 46)
        let (first, second) = (DeviceKeys(random: &random).device, DeviceKeys(random: &random).device)
        #expect(calls.begin(first, organisation) && calls.begin(first, organisation) && !calls.begin(first, organisation))
        #expect(calls.begin(second, organisation) && calls.begin(second, organisation))
        calls.end(first, organisation)
        #expect(calls.begin(first, organisation))
    }

    @Test("Arrays in arrays without end are malformed to every method, and the server goes on")
    func deepNesting() async throws {
        let served = try ServedFolder()
        try served.filled()
        let deep = [UInt8](repeating: 0x81, count: 1_000_000)
        try await serving(served, level: .warning) { running in
            for method in BuntanProtocol.Method.allCases {
                for body in [deep, [0xa1, 0x01] + deep, [0xa1, 0x02] + deep] {
                    let answer = try await RawClient.post(
                        "/v1/" + method.rawValue, headers: ["authorization: Bearer " + Base64URL.text(running.token)], body: body,
                        port: running.port)
                    #expect(try ErrorAnswer(decoding: answer.body).code == .malformed, "\(method)")
                }
            }
            #expect(try await running.call(HeadsRequest(digest: SHA.empty)).status == 200)
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
            #expect(try LogPage(decoding: await running.call(pull).body).entries.isEmpty)
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
