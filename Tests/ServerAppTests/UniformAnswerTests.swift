import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import Logging
import Storage
import StorageSQLite
import Syncing
import TestKit
import Testing
import Wire

@testable import ServerApp

@Suite("Absent and forbidden over HTTP, from the real registrar")
struct UniformAnswerTests {
    @Test("Another tenant's space and one that does not exist get one answer to the last header, whatever is asked of them")
    func uniform() async throws {
        let served = try ServedFolder()
        let foreign = try served.filled()
        let store = try served.folder.openStore()
        let scene = Served(folder: served, store: store, mark: try FileMark(path: served.folder.marksPath))
        var random = SeededRandom(seed: 8)
        let stranger = try FoundedOrganisation(label: "stranger", time: 1, random: &random)
        try scene.register(stranger)
        let token = try scene.token(stranger.device)
        let owner = try scene.token(served.firm.device)
        let standing = try #require(try store.read { try $0.standing(of: foreign) })
        let logger = Logger.server(format: .text, level: .critical, sink: { _ in })
        let methods = ExchangeMethods(registrar: scene.registrar, store: store, logger: logger, waitMillis: { 1 })
        let absent = SpaceID(high: 0x1234, low: 0x5678)
        @Sendable func pull(_ space: SpaceID) -> [UInt8] {
            PullRequest(space: space, epoch: 0, size: 0, root: SHA.empty, maxBytes: 100_000).encoded()
        }
        let change = try served.change("theirs", in: foreign, base: standing.base, number: 9)
        let other = try served.change("theirs", in: absent, base: standing.base, number: 9)
        let pairs: [(String, [UInt8], [UInt8])] = [
            ("pull", pull(foreign), pull(absent)),
            (
                "push", PushRequest(space: foreign, changes: [change]).encoded(), PushRequest(space: absent, changes: [other]).encoded()
            ),
        ]
        try await RunningServer.with(answering: methods, methods: .exchange, nowMillis: { ServedFolder.now }) { server in
            func ask(_ method: String, _ body: [UInt8], _ token: [UInt8]) async throws -> RawClient.Answer {
                try await RawClient.post(
                    "/v1/\(method)", headers: ["authorization: Bearer \(Base64URL.text(token))"], body: body, port: server.port)
            }
            for (method, theirs, nobodys) in pairs {
                let forbidden = try await ask(method, theirs, token)
                let missing = try await ask(method, nobodys, token)
                #expect(forbidden.status == 404 && forbidden.timelessHead == missing.timelessHead, "\(forbidden.head)\n\(missing.head)")
                #expect(forbidden.body == missing.body)
                #expect(try ErrorAnswer(decoding: forbidden.body).code == .notFound)
            }
            // The same requests are answered to whom the space belongs.
            #expect(try await ask("pull", pull(foreign), owner).status == 200)
        }
        await methods.stop()
        try store.close()
    }
}
