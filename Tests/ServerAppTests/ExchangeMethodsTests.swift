import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import Logging
import Storage
import StorageSQLite
import Syncing
import Testing
import TestKit

@testable import ServerApp

@Suite("The methods over a store on disk")
struct ExchangeMethodsTests {
    private static let now: Int64 = 1_700_000_000_000

    /// A server on a folder of its own, and an organisation that is signed in.
    private struct Scene {
        let methods: ExchangeMethods
        let store: SQLiteStore
        let firm: FoundedOrganisation
        let identity: ServerIdentity
        let folder: ServerFolder
        var token: [UInt8]?

        init(waitMillis: Int) async throws {
            let path = FileManager.default.temporaryDirectory.appendingPathComponent("server-\(UUID().uuidString)").path
            folder = ServerFolder(path: path)
            identity = try folder.identity(named: "sync.example.jp", orElse: "")
            store = try folder.openStore()
            let registrar = Registrar(identity: identity, policy: RegistrarPolicy(isOpen: true), mark: try FileMark(path: folder.marksPath))
            methods = ExchangeMethods(
                registrar: registrar, store: store, logger: Logger.server(format: .text, level: .critical),
                waitingLimits: WaitingLimits(device: 20),
                waitMillis: { waitMillis })
            var random = SeededRandom(seed: 1)
            firm = try FoundedOrganisation(label: "first", time: 1, random: &random)
            _ = try await call(
                RegisterRequest(statements: Array(firm.statements), rootKey: firm.root.publicKey, ticket: nil))
            let nonce = try await call(ChallengeRequest(device: firm.device.device)).nonce
            token = try await call(SessionRequest(answering: nonce, of: identity.name, with: firm.device.signing)).token
        }

        func call<R: Request>(_ request: R) async throws -> R.Answer {
            let answer = await methods.answer(
                MethodCall(
                    method: R.method.rawValue, body: request.encoded(), token: token, remoteAddress: "local", receivedMillis: now))
            try #require(answer.status == 200)
            return try R.Answer(decoding: answer.body)
        }

        /// A private space with its log up to the move, as one page.
        func ownSpace() throws -> ReplayRequest {
            let logKey = SigningKey(seed: SHA.digest([1]))
            let genesis = Genesis(
                type: .private, parties: [Party(side: .provider, organisation: firm.organisation, rootKey: firm.root.publicKey)],
                serverName: nil, logKey: logKey.publicKey, policy: Policy(), nonce: Nonce(high: 1, low: 1), device: firm.device.device
            ).signed(by: firm.device.signing)
            var ledger = try Ledger(
                founding: Entry(kind: .genesis, received: 1, content: genesis.bytes, signature: genesis.signature).encoded())
            for statement in firm.statements { _ = try ledger.admit(statement, received: 1) }
            let space = ledger.standing.id
            let move = ServerStatement(space: space, act: .move(serverName: identity.name, logKey: identity.logKey.publicKey))
            _ = try ledger.admit(serverStatement: move.signed(by: logKey), received: 1)
            let origin = Checkpoint.origin(server: nil, space: space, epoch: 0)
            return ReplayRequest(
                space: space, from: 0, entries: ledger.update.entries.map { CarriedEntry(entry: $0.bytes, payload: $0.payload) },
                note: Checkpoint(origin: origin, size: ledger.size, root: ledger.standing.frontier.root).signed(by: logKey))
        }

        func end() async throws {
            await methods.stop()
            try store.close()
            try FileManager.default.removeItem(atPath: folder.path)
        }
    }

    @Test("Whoever waits is answered by the change itself", .timeLimit(.minutes(20)))
    func wakes() async throws {
        let scene = try await Scene(waitMillis: 3_600_000)
        let waiting = (0..<20).map { _ in Task { try await scene.call(WaitRequest(digest: SpaceHead.digest(of: []))) } }
        while scene.methods.waiting < 20 { await Task.yield() }
        let page = try scene.ownSpace()
        #expect(try await scene.call(page).size == page.entries.count)
        let expected = [SpaceHead(space: page.space, epoch: 0, size: page.entries.count)]
        for task in waiting { #expect(try await task.value.heads == expected) }
        #expect(scene.methods.waiting == 0)
        try await scene.end()
    }

    @Test("Whoever goes away, or has waited long enough, is forgotten", .timeLimit(.minutes(20)))
    func leaves() async throws {
        let scene = try await Scene(waitMillis: 3_600_000)
        let waiting = Task { try await scene.call(WaitRequest(digest: SpaceHead.digest(of: []))) }
        while scene.methods.waiting < 1 { await Task.yield() }
        waiting.cancel()
        #expect(try await waiting.value.heads == nil)
        #expect(scene.methods.waiting == 0)
        try await scene.end()
        let brief = try await Scene(waitMillis: 1)
        #expect(try await brief.call(WaitRequest(digest: SpaceHead.digest(of: []))).heads == nil)
        try await brief.end()
    }

    @Test("A server keeps its identity, and refuses another name for it")
    func identity() async throws {
        let scene = try await Scene(waitMillis: 1)
        #expect(try scene.folder.identity(named: nil, orElse: "other").logKey.publicKey == scene.identity.logKey.publicKey)
        #expect(throws: ServerFolderFault.otherName(path: scene.folder.path, held: "sync.example.jp", given: "other")) {
            try scene.folder.identity(named: "other", orElse: "")
        }
        let mode = try FileManager.default.attributesOfItem(atPath: scene.folder.identityPath)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        try await scene.end()
    }
}
