package import BuntanProtocol
package import ChangeLog
package import Exchange
import Foundation
package import Replica
import Storage
import Synchronization
package import TestKit

/// A clock that only the simulation moves; it may jump by years either way.
package final class SimulatedClock: WallClock {
    private let millis: Mutex<Int64>
    package init(_ start: Int64 = 1_790_000_000_000) { millis = Mutex(start) }
    package func now() -> Int64 { millis.withLock { $0 } }
    package func jump(by delta: Int64) { millis.withLock { $0 += delta } }
}

/// One source of chance for everything in a world, so that a seed repeats it.
package final class SimulatedRandom: RandomPort {
    /// The generator's state; taken by one caller at a time.
    private let generator: Mutex<SeededRandom>
    package init(seed: UInt64) { generator = Mutex(SeededRandom(seed: seed)) }
    package func bytes(_ count: Int) -> [UInt8] { generator.withLock { $0.bytes(count) } }
    package func below(_ bound: Int) -> Int { generator.withLock { Int($0.next() % UInt64(bound)) } }
    package func chance(_ probability: Double) -> Bool { Double(below(1 << 30)) < probability * Double(1 << 30) }
}

/// Every root key and recovery code that an organisation ever had, the newest last.
package struct OrganisationSecrets: Sendable {
    package var roots: [SigningKey]
    package var codes: [RecoveryCode]
}

/// A server and the replicas that talk to it, in one process and without time.
package final class World {
    package let random: SimulatedRandom
    package let clock = SimulatedClock()
    package let serverStore = MemoryStore(indexing: StateIndexing())
    package let identity: ServerIdentity
    package let mark = MemoryMark()
    package let registrar: Registrar
    /// What lies in the safes of the organisations that were founded here.
    package private(set) var secrets: [OrganisationID: OrganisationSecrets] = [:]

    package init(seed: UInt64) {
        random = SimulatedRandom(seed: seed)
        var draw = SeededRandom(seed: seed ^ 0x5eed)
        identity = ServerIdentity(name: "sync.example", random: &draw)
        registrar = Registrar(identity: identity, policy: RegistrarPolicy(isOpen: true), mark: mark)
    }

    package func answer(_ request: OutgoingRequest) throws -> Reply {
        let (status, body) = try registrar.answer(
            method: request.method.rawValue, body: request.body, token: request.token, now: clock.now(), store: serverStore)
        return status == 200 ? .answer(body) : .error(try ErrorAnswer(decoding: body))
    }

    package func ask<R: Request>(_ request: R, token: [UInt8]? = nil) throws -> R.Answer {
        switch try answer(OutgoingRequest(method: R.method, body: request.encoded(), token: token)) {
        case .answer(let bytes): return try R.Answer(decoding: bytes)
        case .error(let error): throw SyncFault.refused(R.method, error.code, detail: error.detail, retryAfterMillis: nil)
        }
    }

    /// Founds an organisation in a store of its own.
    package func found(_ name: String) throws -> Workspace {
        let store = MemoryStore(indexing: StateIndexing())
        let founding = try Workspace.found(name: ["en": name], label: "office-pc", store: store, clock: clock, random: random)
        secrets[founding.organisation] = OrganisationSecrets(roots: [founding.root], codes: [founding.recoveryCode])
        try store.write { try $0.setServer(KnownServer(address: "https://sync.example")) }
        return Workspace(store: store, clock: clock, random: random, keys: founding.device, cores: 1)
    }

    /// Syncs over a network without faults.
    @discardableResult
    package func sync(_ workspace: Workspace) throws -> SyncReport {
        var session = SyncSession(workspace)
        while let request = try session.next() { try session.take(try answer(request)) }
        try workspace.settleIdentity()
        if try !workspace.introduce().isEmpty {
            var second = SyncSession(workspace)
            while let request = try second.next() { try second.take(try answer(request)) }
        }
        return session.report
    }

    /// Invites and joins, as the two sides would by command.
    package func engage(_ provider: Workspace, _ service: ProvidedService, _ customer: Workspace) throws {
        try sync(provider)
        let (request, code, _) = try provider.invite(to: service.service, until: clock.now() + 86_400_000)
        let token = try signIn(provider)
        _ = try ask(request, token: token)
        guard case .invitation(let seed, let organisation, let server) = code else { return }
        let answer = try ask(InvitationRequest(id: Invitation.id(of: Invitation.key(of: seed).publicKey)))
        _ = try customer.accept(answer, seed: seed, provider: organisation, serverAddress: server, now: clock.now())
        try sync(customer)
        try sync(provider)
        try sync(customer)
    }

    package func signIn(_ workspace: Workspace) throws -> [UInt8] {
        let keys = workspace.keys
        guard let keys else { throw WorkspaceFault.keysNeeded }
        let challenge = try ask(ChallengeRequest(device: keys.device))
        return try ask(SessionRequest(answering: challenge.nonce, of: "sync.example", with: keys.signing)).token
    }

    /// A further device of a workspace's organisation.
    package func furtherDevice(of workspace: Workspace, label: String) throws -> Workspace {
        var draw = SeededRandom(seed: UInt64(random.below(1 << 40)))
        let keys = DeviceKeys(random: &draw)
        let organisation = try workspace.store.read { try $0.identity().organisation }
        try workspace.enrol(
            device: keys.device, sealingKey: keys.sealing.publicKey, proof: keys.enrolmentProof(for: organisation), label: label,
            capabilities: .all)
        try sync(workspace)
        let store = MemoryStore(indexing: StateIndexing())
        try Workspace.enter(organisation: organisation, serverAddress: "https://sync.example", keys: keys, store: store)
        let device = Workspace(store: store, clock: clock, random: random, keys: keys, cores: 1)
        try sync(device)
        return device
    }
}
