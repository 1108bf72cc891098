import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import Logging
import Storage
import StorageSQLite
import Synchronization
import Syncing
import TestKit
import Testing
import Wire

@testable import ServerApp

/// What one request brought to whoever sent it, to the last byte; the time of day alone is left out.
struct Told: Hashable, Sendable {
    let what: String
    let request: [UInt8]
    let head: String
    let body: [UInt8]
}

/// One world: a server with the clock, the keys and the first tenant that every world has, and another tenant beside it.
struct WorldRun: Sendable {
    /// The tenant that asks, the same in every world.
    static let asking = WorldTenant.Shape(seed: 7, services: 2, changes: 3, words: 5, devices: 2, auditors: 1)

    let other: WorldTenant.Shape
    /// A server that is wrong in one way; `nil` for the real one.
    var leak: Leak?

    /// The ids that the other tenant has here.
    func scouted() async throws -> ForeignIDs {
        let found = Mutex<ForeignIDs?>(nil)
        try await with { scene in
            let tenant = try scene.tenant(other)
            try await tenant.settle()
            found.withLock { $0 = ForeignIDs(of: tenant) }
        }
        return try #require(found.withLock { $0 })
    }

    /// Everything that the asking tenant is told, in order, on a tour of all methods, while the other goes about its business.
    func tour(about foreign: [ForeignIDs]) async throws -> [Told] {
        let told = Mutex<[Told]>([])
        try await with { scene in
            let beside = try scene.tenant(other)
            try await beside.settle()
            let tour = try WorldTour(scene, beside: beside, about: foreign)
            // What a server that leaks has told may lead a client astray.
            do { try await tour.run() } catch  where leak != nil {}
            told.withLock { $0 = tour.told }
        }
        return told.withLock { $0 }
    }

    /// A running server and the ways to it.
    struct Scene {
        let port: Int
        let identity: ServerIdentity
        let store: SQLiteStore
        let methods: any MethodAnswering
        let clock: WorldClock

        /// A tenant that calls the methods past the network, and shares no address with anybody.
        func tenant(_ shape: WorldTenant.Shape) throws -> WorldTenant {
            let (methods, clock) = (methods, clock)
            let tenant = try WorldTenant(shape, at: identity) { method, body, token in
                let answer = await methods.answer(
                    MethodCall(method: method.rawValue, body: body, token: token, remoteAddress: "192.0.2.1", receivedMillis: clock.now))
                return (answer.status, answer.body)
            }
            try admit(tenant)
            return tenant
        }

        func admit(_ tenant: WorldTenant) throws {
            try store.write { writer in
                for nonce in tenant.admissions {
                    try writer.setAdmission(
                        RegisteredAdmission(label: nil, expires: WorldTenant.farAhead), for: Purpose.hash("admission", nonce.bytes))
                }
            }
        }
    }

    /// The time of every world: it goes on by a second with each request of the asking tenant.
    final class WorldClock: Sendable {
        private let millis = Mutex<Int64>(ServedFolder.now)
        var now: Int64 { millis.withLock { $0 } }
        func tick() { millis.withLock { $0 += 1_000 } }
    }

    func with(_ body: @escaping @Sendable (Scene) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("world-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { do { try FileManager.default.removeItem(atPath: path) } catch {} }
        let folder = ServerFolder(path: path)
        var random = SeededRandom(seed: 31)
        let identity = ServerIdentity(name: "sync.example", random: &random)
        let store = try folder.openStore()
        let registrar = Registrar(identity: identity, mark: try FileMark(path: folder.marksPath))
        let clock = WorldClock()
        let logger = Logger.server(format: .text, level: .critical, sink: { _ in })
        let real = ExchangeMethods(registrar: registrar, store: store, logger: logger, waitMillis: { 1 })
        let methods: any MethodAnswering = leak.map { LeakingMethods(real: real, store: store, leak: $0) } ?? real
        try await RunningServer.with(answering: methods, methods: .exchange, nowMillis: { clock.now }) { server in
            try await body(Scene(port: server.port, identity: identity, store: store, methods: methods, clock: clock))
        }
        await real.stop()
        try store.close()
    }
}

/// Ways in which a server would tell one tenant of another.
enum Leak: CaseIterable, Sendable {
    /// Absent and forbidden have two answers.
    case forbiddenIsNotAbsent
    /// A number that all tenants share: how much the server holds.
    case countsSpaces
    /// A list with what is another's in it.
    case listsAll
    /// Who is registered is told to whoever has their chain.
    case tellsRegistered
    /// A refusal whose words are longer the more others have.
    case padsRefusals
}

/// The methods of a server with one leak.
struct LeakingMethods: MethodAnswering {
    let real: ExchangeMethods
    let store: SQLiteStore
    let leak: Leak

    func holder(of token: [UInt8]?, atMillis now: Int64) -> CallHolder? { real.holder(of: token, atMillis: now) }

    func answer(_ call: MethodCall) async -> MethodAnswer {
        let answer = await real.answer(call)
        do { return try leaking(call, answer) } catch { return answer }
    }

    private func leaking(_ call: MethodCall, _ answer: MethodAnswer) throws -> MethodAnswer {
        switch (leak, call.method) {
        case (.forbiddenIsNotAbsent, "pull") where answer.status == 404:
            let space = try PullRequest(decoding: call.body).space
            guard try store.read({ try $0.standing(of: space) }) != nil else { return answer }
            return MethodAnswer(status: 403, body: ErrorAnswer(.noRight).encoded())
        case (.countsSpaces, "hello"):
            let said = try HelloRequest.Answer(decoding: answer.body)
            let spaces = try store.read { try $0.spaces().count }
            return MethodAnswer(
                status: answer.status,
                body: HelloRequest.Answer(
                    lowest: said.lowest, highest: said.highest, schema: said.schema, limits: said.limits, serverName: said.serverName,
                    time: said.time + Int64(spaces), logKey: said.logKey
                ).encoded())
        case (.listsAll, "heads") where answer.status == 200:
            let heads = try store.read { reader in
                try reader.spaces().compactMap { try reader.standing(of: $0) }.map { SpaceHead(space: $0.id, epoch: 0, size: $0.size) }
            }
            return MethodAnswer(status: 200, body: HeadsAnswer(heads: heads).encoded())
        case (.tellsRegistered, "register") where answer.status != 200:
            let request = try RegisterRequest(decoding: call.body)
            guard try store.read({ try $0.organisation(OrganisationID(foundedBy: request.rootKey)) }) != nil else { return answer }
            return MethodAnswer(status: 200, body: EmptyAnswer().encoded())
        case (.padsRefusals, _) where answer.status == 404:
            let spaces = try store.read { try $0.spaces().count }
            return MethodAnswer(status: 404, body: ErrorAnswer(.notFound, detail: String(repeating: ".", count: spaces)).encoded())
        default: return answer
        }
    }
}
