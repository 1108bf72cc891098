import BuntanProtocol
import ChangeLog
import Merging

extension VectorBook {
    /// A message of the story: its layout is its method with "request" or "answer".
    struct Letter {
        let name: String
        let layout: String
        let bytes: [UInt8]
        init(_ name: String, _ layout: String, _ message: some Message) {
            self.name = name
            self.layout = layout
            bytes = message.encoded()
        }
    }

    private var session: SessionRequest { SessionRequest(answering: Cast.digest(0x77), of: cast.server, with: cast.customerDevice) }

    var messageList: [Letter] {
        get throws {
            let service = story.service
            let engagement = story.engagement
            let (note, engagementNote) = (service.note(cast.serverLog), engagement.note(cast.nextLog))
            let heads = [service, story.engagement].map { SpaceHead(space: $0.space, epoch: 0, size: $0.entries.count) }.sorted {
                $0.space < $1.space
            }
            let digest = SpaceHead.digest(of: heads)
            let rest = LogPage(
                entries: service.entries.dropFirst(4).map { CarriedEntry(entry: $0.entry, payload: $0.payload) }, note: note, more: false)
            let limits = Dictionary(Limits.announced.map { ($0.name, $0.limit) }) { first, _ in first }
            return [
                Letter("what a server is", "hello request", HelloRequest()),
                Letter(
                    "what a server is", "hello answer",
                    HelloRequest.Answer(
                        lowest: 1, highest: 1, schema: 1, limits: limits, serverName: cast.server, time: cast.start,
                        logKey: cast.serverLog.publicKey)),
                Letter(
                    "with an operator's admission", "register request",
                    RegisterRequest(
                        statements: Array(story.providerStatements.prefix(2)), rootKey: cast.providerRoot.publicKey,
                        ticket: .admission(Cast.nonce(0x71)))),
                Letter(
                    "with an invitation", "register request",
                    RegisterRequest(
                        statements: story.customerStatements, rootKey: cast.customerRoot.publicKey,
                        ticket: .invitation(Invitation.id(of: cast.invitationKey.publicKey)))),
                Letter(
                    "at an open server", "register request",
                    RegisterRequest(statements: story.customerStatements, rootKey: cast.customerRoot.publicKey, ticket: nil)),
                Letter("admitted", "register answer", EmptyAnswer()),
                Letter("a device wants to sign in", "challenge request", ChallengeRequest(device: cast.customerDevice.publicKey)),
                Letter("what it is to sign", "challenge answer", ChallengeRequest.Answer(nonce: Cast.digest(0x77))),
                Letter("signed", "session request", session),
                Letter(
                    "signed in", "session answer",
                    SessionRequest.Answer(token: [UInt8](repeating: 0x78, count: 32), expires: cast.start + Limits.sessionMillis)),
                Letter(
                    "what a code stands for", "invitation request", InvitationRequest(id: Invitation.id(of: cast.invitationKey.publicKey))),
                Letter(
                    "what a code stands for", "invitation answer",
                    InvitationRequest.Answer(
                        invitation: story.invitation.bytes, signature: story.invitation.signature,
                        statements: Array(story.providerStatements.prefix(2)),
                        rootKey: cast.providerRoot.publicKey)),
                Letter(
                    "an offer", "invite request", InviteRequest(invitation: story.invitation.bytes, signature: story.invitation.signature)),
                Letter("kept", "invite answer", EmptyAnswer()),
                Letter("has anything changed", "heads request", HeadsRequest(digest: digest)),
                Letter(
                    "has anything, and what", "heads request",
                    HeadsRequest(
                        digest: digest,
                        held: [HeldLog(space: service.space, base: Base(epoch: 0, size: 4, root: service.roots[3]))])),
                Letter("nothing has", "heads answer", HeadsAnswer(heads: nil)),
                Letter(
                    "this has", "heads answer", HeadsAnswer(heads: heads, pages: [BroughtPage(space: service.space, page: rest)])),
                Letter("this is how far they are", "heads answer", HeadsAnswer(heads: heads)),
                Letter("tell me when anything changes", "wait request", WaitRequest(digest: digest)),
                Letter("one space has", "wait answer", HeadsAnswer(heads: [heads[0]])),
                Letter("from nothing", "pull request", PullRequest(space: service.space, epoch: 0, size: 0, root: SHA.empty)),
                Letter(
                    "after four entries", "pull request",
                    PullRequest(space: service.space, epoch: 0, size: 4, root: service.roots[3], maxBytes: 65_536)),
                Letter(
                    "the rest of the log", "pull answer",
                    rest),
                Letter(
                    "two changes", "push request",
                    PushRequest(space: story.engagement.space, changes: story.changes[2...3].map(\.change))),
                Letter(
                    "one taken, one known, one refused", "push answer",
                    VerdictsAnswer(
                        verdicts: [.accepted(position: 4), .duplicate(position: 5), .refused(.unknownPredecessor, detail: "allocation")],
                        note: note)),
                Letter(
                    "two changes, and what came meanwhile", "push request",
                    PushRequest(
                        space: engagement.space, changes: story.changes[2...3].map(\.change),
                        held: Base(epoch: 0, size: 4, root: engagement.roots[3]))),
                Letter(
                    "taken, and here they are", "push answer",
                    VerdictsAnswer(
                        verdicts: [.accepted(position: 4), .accepted(position: 5)], note: engagementNote,
                        page: LogPage(
                            entries: engagement.entries.dropFirst(4).map { CarriedEntry(entry: $0.entry, payload: $0.payload) },
                            note: engagementNote, more: false))),
                Letter("an organisation's news", "statement request", StatementRequest(statements: [story.providerStatements[2]])),
                Letter(
                    "a word about it", "statement answer",
                    VerdictsAnswer(verdicts: [.accepted(position: 3), .refused(.invalid, detail: nil)], note: nil)),
                Letter(
                    "a service begins", "create_space request",
                    CreateSpaceRequest(genesis: service.genesis.bytes, signature: service.genesis.signature, acceptance: nil)),
                Letter(
                    "an engagement begins", "create_space request",
                    CreateSpaceRequest(
                        genesis: story.engagement.genesis.bytes, signature: story.engagement.genesis.signature,
                        acceptance: story.engagement.acceptance)),
                Letter("begun", "create_space answer", CreateSpaceRequest.Answer(space: service.space, note: note)),
                Letter(
                    "drafts move to a server", "replay request",
                    ReplayRequest(
                        space: story.draft.space, from: 0,
                        entries: story.draft.entries.map { CarriedEntry(entry: $0.entry, payload: $0.payload) },
                        note: story.draft.localNote(cast.ownLog))),
                Letter(
                    "what a server has lost comes back", "replay request",
                    ReplayRequest(
                        space: service.space, from: 2,
                        entries: service.entries[2..<4].map { CarriedEntry(entry: $0.entry, payload: $0.payload) }, note: note,
                        proof: try service.consistency(from: 4))),
                Letter(
                    "what an ended epoch held comes back", "push request",
                    PushRequest(
                        space: engagement.space,
                        items: [
                            .salvaged(
                                CarriedEntry(entry: engagement.entries[4].entry, payload: engagement.entries[4].payload),
                                proof: SalvageProof(
                                    position: 4, size: engagement.entries.count, path: try engagement.proof(of: 4),
                                    note: engagementNote
                                ).encoded())
                        ])),
                Letter(
                    "the log has lost its end", "error answer",
                    ErrorAnswer(.epochChanged, endedEpochs: [Base(epoch: 0, size: 4, root: engagement.roots[3])])),
                Letter("records of a space", "snapshot request", SnapshotRequest(space: service.space, after: nil, maxBytes: 65_536)),
                Letter(
                    "those that follow", "snapshot request",
                    SnapshotRequest(space: service.space, after: try serviceStates().first?.record, maxBytes: 65_536)),
                Letter("the first page", "snapshot answer", try snapshot(after: nil)),
                Letter("the last page", "snapshot answer", try snapshot(after: serviceStates().first?.record)),
                Letter("what the records come to", "digest request", DigestRequest(space: service.space)),
                Letter("this", "digest answer", try stateDigest()),
                Letter("held", "replay answer", ReplayRequest.Answer(size: story.draft.entries.count)),
                Letter("absent or forbidden", "error answer", ErrorAnswer(.notFound)),
                Letter("later", "error answer", ErrorAnswer(.rateLimited, detail: "address", retryAfterMillis: 1_500)),
                Letter(
                    "rights have ended", "error answer",
                    ErrorAnswer(
                        .noSession, detail: "device_revoked", revocation: story.providerStatements[4],
                        leading: [story.providerStatements[3]])),
                Letter("what was offered", "invitations request", InvitationsRequest()),
                Letter("nothing was", "invitations answer", InvitationsRequest.Answer(invitations: [])),
                Letter(
                    "one was, and taken up", "invitations answer",
                    InvitationsRequest.Answer(
                        invitations: [
                            KeptInvitation(
                                id: Invitation.id(of: cast.invitationKey.publicKey), service: service.space,
                                expires: cast.start + 30 * 86_400_000,
                                isRevoked: false, engagement: story.engagement.space)
                        ])),
                Letter(
                    "an offer taken back", "revoke_invitation request",
                    RevokeInvitationRequest(id: Invitation.id(of: cast.invitationKey.publicKey))),
                Letter("taken back", "revoke_invitation answer", EmptyAnswer()),
            ]
        }
    }

    /// The records of the service as its log leaves them; its changes are all by the device that its second entry enrols.
    private func serviceStates() throws -> [CarriedState] {
        var states: [RecordID: RecordState] = [:]
        for (position, carried) in story.service.entries.enumerated() {
            let entry = try Entry(decoding: carried.entry)
            guard entry.kind == .change, let bytes = carried.payload else { continue }
            let (change, payload) = (try Change(decoding: entry.content), try Payload(decoding: bytes))
            var first = 0
            for edit in change.edits ?? [] {
                var state = states[edit.record] ?? RecordState(kind: edit.kind, creator: cast.provider)
                let context = OpContext(change: change.id, position: position, author: 1, baseSize: change.base.size)
                state.apply(edit, firstOp: first, values: { payload[$0] }, context: context)
                states[edit.record] = state
                first += edit.ops.count
            }
        }
        return states.sorted { $0.key < $1.key }.map { CarriedState(record: $0.key, state: $0.value.encoded()) }
    }

    /// A page of one record, and one of the rest.
    private func snapshot(after: RecordID?) throws -> SnapshotPage {
        let service = story.service
        var frontier = LogFrontier()
        frontier.append(contentsOf: service.entries.map { Entry.leafHash(of: $0.entry) })
        let base = Base(epoch: 0, size: frontier.size, root: frontier.root)
        let whole = try serviceStates()
        let states = after == nil ? Array(whole.prefix(1)) : Array(whole.dropFirst())
        let more = after == nil && whole.count > 1
        var words: [PlacedEntry]?
        if after == nil {
            words = service.entries.enumerated().filter { $0.element.payload == nil }.map {
                PlacedEntry(position: $0.offset, entry: $0.element.entry)
            }
        }
        let content = SnapshotSeal.content(
            space: service.space, after: after, base: base, states: SnapshotPage.digest(ofStates: states), more: more,
            words: words.map(SnapshotPage.digest(ofWords:)))
        return SnapshotPage(
            base: base, states: states, more: more, frontier: frontier.hashes,
            signature: cast.serverLog.sign("snapshot", content), words: words)
    }

    private func stateDigest() throws -> DigestRequest.Answer {
        var builder = StateDigest.Builder()
        for carried in try serviceStates() { builder.add(carried.record, hash: SHA.digest(carried.state)) }
        return DigestRequest.Answer(epoch: 0, size: story.service.entries.count, buckets: builder.finished().buckets)
    }

    var messages: VectorFile {
        get throws {
            let laterAnswer = CBORWriter.encode { w in
                w.map(2)
                w.key(1)
                w.int(7)
                w.key(9)
                w.text("from a later version")
            }
            return VectorFile(
                "messages", "The body of every request and answer.",
                [
                    ("messages", .list(try messageList.map { layout($0.name, $0.layout, $0.bytes) })),
                    (
                        "sessionProof",
                        .members([
                            ("serverName", .text(cast.server)), ("nonce", .hex(Cast.digest(0x77))),
                            ("device", .hex(cast.customerDevice.publicKey)),
                            (
                                "hex",
                                .hex(
                                    SessionRequest.proof(
                                        serverName: cast.server, nonce: Cast.digest(0x77), device: cast.customerDevice.publicKey))
                            ), ("label", .text("session")), ("key", .hex(cast.customerDevice.publicKey)),
                            ("signature", .hex(session.signature)),
                        ])
                    ),
                    (
                        "unknownKeysInAnswers",
                        .list([
                            layout(
                                "a key of a later version", "replay answer", laterAnswer,
                                [("known", .hex(ReplayRequest.Answer(size: 7).encoded()))])
                        ])
                    ),
                ])
        }
    }
}
