import BuntanProtocol
import ChangeLog
import ChildProcesses
import Exchange
import Foundation
import NIOCore
import NIOSSL
import Storage
import StorageSQLite
import Synchronization
import Syncing
import TestPeers
import Testing
import TestKit
import Wire

@testable import ServerApp

@Suite("The program as a process", .serialized)
struct ProcessTests {
    /// `buntan-server serve` on a folder, told to listen where the system lets it.
    private final class ServerProcess {
        private let process: ChildProcess
        /// Its log.
        let log: PipeLines
        let port: Int

        init(_ served: ServedFolder, _ arguments: [String] = ["--log-level", "warning"]) throws {
            let (output, errors) = (Pipe(), Pipe())
            log = PipeLines(errors)
            process = try ChildProcess(
                ServerProgramFile.url.path, ["serve", "--data", served.path, "--listen", "127.0.0.1:0", "--open"] + arguments,
                environment: ["LANG": "C"], output: .pipe(output), errors: .pipe(errors))
            let line = try #require(PipeLines(output).next(), "the server ended before it listened")
            port = try #require(line.firstMatch(of: /127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) }, "\(line)")
        }

        func signal(_ number: Int32) { process.signal(number) }

        func end() -> Int32 { process.end() }
    }

    /// Positions that a server has acknowledged, and who waits for a number of them.
    private actor Acknowledged {
        private(set) var positions: [Int: ChangeID] = [:]
        private var watchers: [(least: Int, resume: CheckedContinuation<Void, Never>)] = []

        func add(_ change: ChangeID, at position: Int) {
            #expect(positions.updateValue(change, forKey: position) == nil, "two changes at \(position)")
            for watcher in watchers where positions.count >= watcher.least { watcher.resume.resume() }
            watchers.removeAll { positions.count >= $0.least }
        }

        func until(_ least: Int) async {
            if positions.count >= least { return }
            await withCheckedContinuation { watchers.append((least, $0)) }
        }
    }

    /// A connection that ended before an answer came.
    private struct Gone: Error {}

    private func call<R: Request>(
        _ request: R, port: Int, token: [UInt8]? = nil, tls: NIOSSLContext? = nil
    ) async throws -> R.Answer {
        let headers = token.map { ["authorization: Bearer " + Base64URL.text($0)] } ?? []
        let answer = try await RawClient.with(port: port, tls: tls) { connection in
            try await connection.post("/v1/" + R.method.rawValue, headers: headers, body: request.encoded())
            return try await connection.answer()
        }
        guard let answer else { throw Gone() }
        guard answer.status == 200 else { throw Refusal(try ErrorAnswer(decoding: answer.body).code ?? .invalid) }
        return try R.Answer(decoding: answer.body)
    }

    private func signIn(_ served: ServedFolder, port: Int) async throws -> [UInt8] {
        // On a loaded machine a minute may lie between a challenge and its answer: it is asked anew then, as a client does.
        for _ in 0..<5 {
            let nonce = try await call(ChallengeRequest(device: served.firm.device.device), port: port).nonce
            let request = SessionRequest(answering: nonce, of: served.identity.name, with: served.firm.device.signing)
            do { return try await call(request, port: port).token } catch let refusal as Refusal where refusal.code == .noSession {
                continue
            }
        }
        throw Refusal(.noSession)
    }

    /// Pushes changes one after another until the server is gone; returns the positions it acknowledged.
    private func pushing(
        _ served: ServedFolder, _ space: SpaceID, port: Int, from first: Int, acknowledged: Acknowledged
    ) async throws {
        let token = try await signIn(served, port: port)
        let base = try await call(
            PullRequest(space: space, epoch: 0, size: 0, root: SHA.empty), port: port, token: token)
        var frontier = LogFrontier()
        frontier.append(contentsOf: base.entries.map { Entry.leafHash(of: $0.entry) })
        let view = Base(epoch: 0, size: frontier.size, root: frontier.root)
        for number in first..<(first + 5_000) {
            let change = try served.change("row \(number)", in: space, base: view, number: number)
            do {
                let verdicts = try await call(PushRequest(space: space, changes: [change]), port: port, token: token).verdicts
                guard case .accepted(let position)? = verdicts.first else { throw Refusal(.invalid) }
                await acknowledged.add(try Change(decoding: change.bytes).id, at: position)
            } catch { return }
        }
    }

    @Test(
        "SIGTERM and SIGINT under load end it well, and everything it acknowledged is there", .timeLimit(.minutes(20)),
        arguments: [SIGTERM, SIGINT])
    func terminates(signal: Int32) async throws {
        let served = try ServedFolder()
        let space = try served.filled()
        let server = try ServerProcess(served)
        let acknowledged = Acknowledged()
        let port = server.port
        await withTaskGroup(of: Void.self) { tasks in
            for writer in 0..<4 {
                tasks.addTask {
                    do {
                        try await pushing(served, space, port: port, from: 10_000 * (writer + 1), acknowledged: acknowledged)
                    } catch { Issue.record(error) }
                }
            }
            await acknowledged.until(40)
            server.signal(signal)
            await tasks.waitForAll()
        }
        #expect(server.end() == 0)
        let positions = await acknowledged.positions
        #expect(positions.count >= 40)
        try served.serving { served in
            let places = try served.store.read { reader in
                try positions.mapValues { try reader.place(of: $0, in: space)?.position }
            }
            for (position, place) in places { #expect(place == position) }
        }
        #expect(await served.run("check").exit == 0)
    }

    @Test("A server whose output nobody reads any more, or that has no room for it, goes on and ends well", arguments: [true, false])
    func unheard(isPipe: Bool) async throws {
        let served = try ServedFolder()
        let (gone, errors) = (Pipe(), Pipe())
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        try gone.fileHandleForReading.close()
        let process = try ChildProcess(
            ServerProgramFile.url.path,
            ["serve", "--data", served.path, "--listen", "127.0.0.1:0", "--open", "--log-level", "notice"], environment: ["LANG": "C"],
            output: isPipe ? .pipe(gone) : .file(full), errors: .pipe(errors))
        let log = PipeLines(errors)
        let line = try #require(log.next(with: "listening"), "the server ended before it listened")
        let port = try #require(line.firstMatch(of: /127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) }, "\(line)")
        #expect(try await call(HelloRequest(), port: port).serverName == served.identity.name)
        process.signal(SIGTERM)
        #expect(process.end() == 0)
        var isTold = false
        while let line = log.next() { isTold = isTold || line.contains("No space left") }
        #expect(isTold != isPipe)
    }

    @Test("A command whose words have no room says so and ends with 7")
    func unheardCommand() throws {
        let served = try ServedFolder()
        _ = try served.filled()
        let errors = Pipe()
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let words = ["backup", served.path + "/copy.db", "--data", served.path]
        let process = try ChildProcess(
            ServerProgramFile.url.path, words, environment: ["LANG": "C"], output: .file(full), errors: .pipe(errors))
        let said = String(decoding: try errors.fileHandleForReading.everything(), as: UTF8.self)
        #expect(process.end() == 7 && said.contains("No space left"), "\(said)")
    }

    @Test("A server with too much to do says so, and whoever asks again loses nothing", .timeLimit(.minutes(20)))
    func busy() async throws {
        let served = try ServedFolder()
        let space = try served.filled()
        let server = try ServerProcess(served, ["--max-requests", "1", "--log-level", "warning"])
        let port = server.port
        let token = try await signIn(served, port: port)
        let base = try await call(PullRequest(space: space, epoch: 0, size: 0, root: SHA.empty), port: port, token: token)
        var frontier = LogFrontier()
        frontier.append(contentsOf: base.entries.map { Entry.leafHash(of: $0.entry) })
        let view = Base(epoch: 0, size: frontier.size, root: frontier.root)
        let (positions, busy) = try await withThrowingTaskGroup(of: (positions: [Int], busy: Int).self) { tasks in
            for writer in 1...8 {
                tasks.addTask {
                    var (positions, busy): ([Int], Int) = ([], 0)
                    while positions.count < 20 {
                        let number = writer * 1_000 + positions.count
                        let change = try served.change("row \(number)", in: space, base: view, number: number)
                        do {
                            let answer = try await call(PushRequest(space: space, changes: [change]), port: port, token: token)
                            guard case .accepted(let position)? = answer.verdicts.first else { throw Refusal(.invalid) }
                            positions.append(position)
                        } catch let refusal as Refusal where refusal.code == .busy { busy += 1 }
                    }
                    return (positions, busy)
                }
            }
            return try await tasks.reduce(into: ([Int](), 0)) {
                $0.0 += $1.positions
                $0.1 += $1.busy
            }
        }
        #expect(busy > 0)
        #expect(positions.sorted() == Array(view.size..<(view.size + 160)))
        server.signal(SIGTERM)
        #expect(server.end() == 0)
        #expect(await served.run("check").exit == 0)
    }

    @Test(
        "SIGHUP: new connections get the new certificate, open ones go on, and a broken file keeps the old one and is logged",
        .timeLimit(.minutes(20)))
    func renews() async throws {
        try await TestCertificates.with { made in
            try made.place(made.certificate("first", host: "localhost", signedBy: "ca"))
            let second = try made.certificate("second", host: "localhost", signedBy: "ca2")
            let (trustsFirst, trustsSecond) = (try made.clientContext(trusting: "ca"), try made.clientContext(trusting: "ca2"))
            let served = try ServedFolder()
            let server = try ServerProcess(
                served, ["--tls-cert", made.path("live.pem"), "--tls-key", made.path("live.key"), "--log-level", "info"])
            let port = server.port
            try await RawClient.with(port: port, tls: trustsFirst) { old in
                func ask() async throws -> Int? {
                    try await old.post("/v1/hello", body: HelloRequest().encoded())
                    return try await old.answer()?.status
                }
                #expect(try await ask() == 200)
                try made.place(second)
                server.signal(SIGHUP)
                let reloaded = try #require(server.log.next(with: "certificate"))
                #expect(reloaded.contains("certificate reloaded"), "\(reloaded)")
                #expect(try await call(HelloRequest(), port: port, tls: trustsSecond).serverName == served.identity.name)
                await #expect(throws: (any Error).self) { try await call(HelloRequest(), port: port, tls: trustsFirst) }
                #expect(try await ask() == 200)

                try made.write("live.pem", "no certificate")
                server.signal(SIGHUP)
                let line = try #require(server.log.next(with: "certificate"))
                #expect(line.contains("certificate not reloaded"), "\(line)")
                #expect(try await call(HelloRequest(), port: port, tls: trustsSecond).serverName == served.identity.name)
                #expect(try await ask() == 200)
            }
            server.signal(SIGTERM)
            #expect(server.end() == 0)
        }
    }

    @Test("A backup taken under load opens clean and is a prefix of the log; a check beside it finds nothing", .timeLimit(.minutes(20)))
    func backup() async throws {
        let served = try ServedFolder()
        let space = try served.filled()
        let server = try ServerProcess(served)
        let acknowledged = Acknowledged()
        let port = server.port
        let copies = try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                try await pushing(served, space, port: port, from: 50_000, acknowledged: acknowledged)
            }
            var copies: [(path: String, least: Int)] = []
            for number in 1...3 {
                await acknowledged.until(number * 15)
                let least = await acknowledged.positions.count
                let path = served.path + "/copy\(number).db"
                let outcome = await served.run("backup", path)
                #expect(outcome.exit == 0, "\(outcome.errors)")
                copies.append((path, least))
            }
            let check = await served.run("check")
            #expect(check.exit == 0, "\(check.output)")
            server.signal(SIGTERM)
            try await tasks.waitForAll()
            return copies
        }
        #expect(server.end() == 0)
        let whole = try served.serving { try $0.store.read { try $0.entries(of: space, from: 0, maxBytes: .max) } }
        for copy in copies {
            let store = try SQLiteStore.open(at: copy.path, indexing: ServerIndexing())
            #expect(try store.check().isEmpty)
            #expect(try store.read { try LogRebuild.check(space, $0) }.isEmpty)
            let entries = try store.read { try $0.entries(of: space, from: 0, maxBytes: .max) }
            #expect(entries == Array(whole.prefix(entries.count)))
            #expect(entries.count >= copy.least)
            try store.close()
        }
    }
}
