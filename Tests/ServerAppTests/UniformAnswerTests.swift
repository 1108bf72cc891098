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
    /// A server that keeps another tenant's service, and somebody whom it does not concern.
    private struct Scene {
        let served: ServedFolder
        let foreign: SpaceID
        let foreignInvitation: InvitationID
        let base: Base
        let stranger: FoundedOrganisation
        let accomplice: FoundedOrganisation
        /// Asks the server for a nonce that a device is to sign.
        let challenge: (DeviceID) throws -> Digest
        let absent = SpaceID(high: 0x1234, low: 0x5678)

        /// Bodies of a method with ids of the other tenant's, each beside one with ids that nobody has.
        ///
        /// `hello`, `heads`, `wait` and `invitations` name nobody; an invitation's id is the code's own secret, which opens
        /// that invitation to whoever knows it.
        func pairs(_ method: BuntanProtocol.Method) throws -> [(theirs: [UInt8], nobodys: [UInt8])] {
            func both(_ body: (SpaceID) throws -> [UInt8]) rethrows -> (theirs: [UInt8], nobodys: [UInt8]) {
                (try body(foreign), try body(absent))
            }
            var random = SeededRandom(seed: 21)
            let nobody = try FoundedOrganisation(label: "first", time: 1, random: &random)
            let ours = stranger.device
            switch method {
            case .hello, .heads, .wait, .invitations, .invitation: return []
            case .register:
                // Somebody registered here shows its chain to its counterparts: who has it can hand it over.
                return [served.firm, nobody].map { firm in
                    RegisterRequest(
                        statements: Array(firm.statements), rootKey: firm.root.publicKey, ticket: .admission(Nonce(high: 3, low: 3))
                    )
                    .encoded()
                }.paired
            case .challenge: return [served.firm, nobody].map { ChallengeRequest(device: $0.device.device).encoded() }.paired
            case .session:
                return try [served.firm, nobody].map { firm in
                    let nonce = try challenge(firm.device.device)
                    let proof = SessionRequest(answering: nonce, of: served.identity.name, with: ours.signing)
                    return SessionRequest(device: firm.device.device, nonce: nonce, signature: proof.signature).encoded()
                }.paired
            case .pull:
                return [
                    both { PullRequest(space: $0, epoch: 0, size: 0, root: SHA.empty, maxBytes: 100_000).encoded() },
                    both { PullRequest(space: $0, epoch: 0, size: base.size, root: base.root, maxBytes: 100_000).encoded() },
                ]
            case .snapshot:
                return [nil, RecordID(high: 1, low: 1)].map { after in
                    both { SnapshotRequest(space: $0, after: after, maxBytes: 1_000).encoded() }
                }
            case .digest: return [both { DigestRequest(space: $0).encoded() }]
            case .push:
                return [
                    try both { PushRequest(space: $0, changes: [try served.change("theirs", in: $0, base: base, number: 9)]).encoded() },
                    both { PushRequest(space: $0, changes: []).encoded() },
                ]
            case .statement:
                return [
                    both { space in
                        let author = StatementAuthor(organisation: stranger.organisation, key: ours.signing)
                        return StatementRequest(statements: [author.sign(.policy(leastSchema: 2), after: .start, about: space, time: 1)])
                            .encoded()
                    }
                ]
            case .replay:
                let own = try served.ownSpace()
                return [0, 1].map { from in
                    both { ReplayRequest(space: $0, from: from, entries: own.entries, note: own.note).encoded() }
                }
            case .invite:
                return [
                    both { space in
                        let invitation = invitation(to: space, by: stranger)
                        return InviteRequest(invitation: invitation.bytes, signature: invitation.signature).encoded()
                    }
                ]
            case .createSpace:
                return [both { founding(on: $0) }]
            case .revokeInvitation:
                return [foreignInvitation, InvitationID(high: 5, low: 5)].map { RevokeInvitationRequest(id: $0).encoded() }.paired
            }
        }

        func invitation(to space: SpaceID, by firm: FoundedOrganisation, seed: Nonce = Nonce(high: 4, low: 4)) -> SignedBytes {
            Invitation(
                service: space, organisation: firm.organisation, serverName: served.identity.name,
                logKey: served.identity.logKey.publicKey, policy: Policy(), key: Invitation.key(of: seed).publicKey,
                expires: ServedFolder.now + 1_000_000, device: firm.device.device
            ).signed(by: firm.device.signing)
        }

        /// An engagement on a service that neither of the two has anything to do with.
        private func founding(on space: SpaceID) -> [UInt8] {
            let seed = Nonce(high: 4, low: 4)
            let invitation = invitation(to: space, by: accomplice, seed: seed)
            let genesis = Genesis(
                type: .engagement,
                parties: [
                    Party(side: .provider, organisation: accomplice.organisation, rootKey: accomplice.root.publicKey),
                    Party(side: .customer, organisation: stranger.organisation, rootKey: stranger.root.publicKey),
                ], serverName: served.identity.name, logKey: served.identity.logKey.publicKey, policy: Policy(),
                nonce: Nonce(high: 8, low: 8), device: stranger.device.device, service: space, invitation: invitation.bytes,
                invitationSignature: invitation.signature
            ).signed(by: stranger.device.signing)
            return CreateSpaceRequest(
                genesis: genesis.bytes, signature: genesis.signature,
                acceptance: Genesis.acceptance(of: genesis.bytes, with: Invitation.key(of: seed))
            ).encoded()
        }
    }

    @Test(
        "Another tenant's ids and ids that nobody has get one answer to the last header, whatever method they come with",
        arguments: BuntanProtocol.Method.allCases)
    func uniform(method: BuntanProtocol.Method) async throws {
        let served = try ServedFolder()
        let foreign = try served.filled()
        let store = try served.folder.openStore()
        let running = Served(folder: served, store: store, mark: try FileMark(path: served.folder.marksPath))
        var random = SeededRandom(seed: 8)
        let stranger = try FoundedOrganisation(label: "stranger", time: 1, random: &random)
        let accomplice = try FoundedOrganisation(label: "accomplice", time: 1, random: &random)
        for firm in [stranger, accomplice] { try running.register(firm) }
        let token = try running.token(stranger.device)
        let owner = try running.token(served.firm.device)
        let base = try #require(try store.read { try $0.standing(of: foreign) }).base
        let seed = Nonce(high: 2, low: 2)
        let scene = Scene(
            served: served, foreign: foreign, foreignInvitation: Invitation.id(of: Invitation.key(of: seed).publicKey), base: base,
            stranger: stranger, accomplice: accomplice,
            challenge: { try running.call(ChallengeRequest(device: $0)).nonce })
        let given = scene.invitation(to: foreign, by: served.firm, seed: seed)
        _ = try running.call(InviteRequest(invitation: given.bytes, signature: given.signature), as: served.firm.device)
        let logger = Logger.server(format: .text, level: .critical, sink: { _ in })
        let methods = ExchangeMethods(registrar: running.registrar, store: store, logger: logger, waitMillis: { 1 })
        let pairs = try scene.pairs(method)
        try await RunningServer.with(answering: methods, methods: .exchange, nowMillis: { ServedFolder.now }) { server in
            func ask(_ method: BuntanProtocol.Method, _ body: [UInt8], _ token: [UInt8]) async throws -> RawClient.Answer {
                let headers = method.isOpen ? [] : ["authorization: Bearer \(Base64URL.text(token))"]
                return try await RawClient.post("/v1/\(method.rawValue)", headers: headers, body: body, port: server.port)
            }
            for (theirs, nobodys) in pairs {
                let forbidden = try await ask(method, theirs, token)
                let missing = try await ask(method, nobodys, token)
                #expect(forbidden.timelessHead == missing.timelessHead, "\(forbidden.head)\n\(missing.head)")
                switch method {
                // A nonce is another each time it is asked for.
                case .challenge: #expect(forbidden.status == 200 && forbidden.body.count == missing.body.count)
                default: #expect(forbidden.body == missing.body)
                }
                switch method {
                case .pull, .push, .replay, .invite, .revokeInvitation, .snapshot, .digest:
                    #expect(try forbidden.status == 404 && ErrorAnswer(decoding: forbidden.body).code == .notFound)
                case .statement:
                    #expect(try VerdictsAnswer(decoding: forbidden.body).verdicts == [.refused(.notFound, detail: nil)])
                default: break
                }
            }
            // The same request is answered to whom the space belongs.
            if method == .pull {
                let answer = try await ask(.pull, try #require(pairs.first).theirs, owner)
                #expect(answer.status == 200)
            }
        }
        await methods.stop()
        try store.close()
    }
}

extension [[UInt8]] {
    /// The first beside the second.
    fileprivate var paired: [(theirs: [UInt8], nobodys: [UInt8])] { [(self[0], self[1])] }
}
