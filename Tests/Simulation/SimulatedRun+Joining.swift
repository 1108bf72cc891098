import BuntanProtocol
import ChangeLog
import Exchange
import Replica
import Storage
import TestKit

/// An organisation that comes during a run: invited, founded, registered, and engaged, under every fault.
extension SimulatedRun {
    /// Has a provider invite a third customer, which takes the invitation up; its own syncs then register it and begin the
    /// engagement.
    func welcome(by provider: Participant) throws {
        let isKnown = participants.contains { $0.firm == .san }
        // One that begins anew may have had its log by file, and not have spoken to the server yet.
        guard !isKnown, try provider.store.read({ try $0.identity().home != nil && $0.knownServer()?.logKey != nil }) else { return }
        // Clocks jump by decades, and whether an invitation has expired is not the question here.
        let century: Int64 = 3_153_600_000_000
        let (request, code, id) = try provider.workspace.invite(to: world.service.service, until: provider.clock.now() + century)
        guard case .invitation(let seed, let organisation, let server) = code, let token = try signIn(provider),
            case .answer? = try carry(request, token: token, for: provider)
        else { return say("\(provider.name) gives up inviting") }
        let store = MemoryStore(indexing: StateIndexing())
        let clock = SimulatedClock(provider.clock.now())
        let founded = try Workspace.found(name: ["en": Firm.san.name], label: "san-1", store: store, clock: clock, random: random)
        let customer = Participant(
            name: "san-1", firm: .san, keys: founded.device, store: store, clock: clock, random: random, isNew: true,
            fastStart: fastStart)
        guard case .answer(let bytes)? = try carry(InvitationRequest(id: id), token: nil, for: customer) else {
            return say("san gives up looking at its invitation")
        }
        let answer = try InvitationRequest.Answer(decoding: bytes)
        for _ in 0..<3 where try store.read({ try customer.workspace.begunEngagement(by: id, $0) }) == nil {
            try founding(customer, "accepts") {
                _ = try customer.workspace.accept(answer, seed: seed, provider: organisation, serverAddress: server, now: clock.now())
            }
        }
        guard let engagement = try store.read({ try customer.workspace.begunEngagement(by: id, $0) }) else { return }
        join(customer, founded, engagement)
        // It cannot wait to begin, and neither can what goes wrong.
        for _ in 0..<below(40) {
            if customer.session == nil { try beginSync(customer) }
            if let index = network.firstIndex(where: { $0.from === customer }) { try deliver(at: index) }
        }
    }

    private func join(_ customer: Participant, _ founded: Founding, _ engagement: SpaceID) {
        participants.append(customer)
        // Whoever loses that step is not there yet, and takes it again.
        customer.beforeLast = nil
        world.organisations[.san] = founded.organisation
        world.secrets[founded.organisation] = OrganisationSecrets(roots: [founded.root], codes: [founded.recoveryCode])
        world.homes[.san] = founded.home
        typist.world = world
        eavesdropper.guardOrganisation(founded, engagement, as: .san)
        say("san joins")
    }

    /// Files the engagement of an organisation that has come, as soon as its log is with either side.
    func fileEngagement(of participant: Participant) throws {
        switch participant.firm {
        case .san where world.engagements[.san] == nil:
            world.engagements[.san] = try participant.store.read { try StoreDirectory($0).engagements.first }
        case .provider:
            guard let space = world.engagements[.san]?.space, world.providerEngagements[space] == nil else { return }
            world.providerEngagements[space] = try participant.store.read { try StoreDirectory($0).engagements.first { $0.space == space } }
        default: return
        }
        typist.world = world
    }

    // MARK: requests outside a sync

    /// Sends a request as a person at a command does who tries again; `nil` when that person gives up.
    private func carry(_ request: some Request, token: [UInt8]?, for participant: Participant) throws -> Reply? {
        let outgoing = OutgoingRequest(method: type(of: request).method, body: request.encoded(), token: token)
        for _ in 0..<3 {
            if happens(.requestLost) {
                note(.requestLost, "\(outgoing.method.rawValue) of \(participant.name)")
                continue
            }
            if happens(.lateRepeat) { repeats.append((outgoing, participant)) }
            let reply = try serve(outgoing, from: participant)
            if happens(.requestTwice) {
                note(.requestTwice, "\(outgoing.method.rawValue) of \(participant.name)")
                _ = try serve(outgoing, from: participant)
            }
            guard let reply else { continue }
            if happens(.answerLost) {
                note(.answerLost, "\(outgoing.method.rawValue) of \(participant.name)")
                continue
            }
            eavesdropper.overhear(reply, by: participant.firm)
            if case .error(let error) = reply, error.code?.answerClass == .retry { continue }
            return reply
        }
        return nil
    }

    private func signIn(_ participant: Participant) throws -> [UInt8]? {
        guard case .answer(let challenge)? = try carry(ChallengeRequest(device: participant.keys.device), token: nil, for: participant)
        else { return nil }
        let nonce = try ChallengeRequest.Answer(decoding: challenge).nonce
        let proof = SessionRequest(answering: nonce, of: world.identity.name, with: participant.keys.signing)
        guard case .answer(let session)? = try carry(proof, token: nil, for: participant) else { return nil }
        return try SessionRequest.Answer(decoding: session).token
    }
}
