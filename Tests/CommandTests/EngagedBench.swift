import BuntanProtocol
import ChangeLog
import Exchange
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Syncing
import TestKit
import Testing
import Wording

@testable import ClientCLI

/// A provider and a customer with a published service between them, and the server that carries their changes, in one
/// process: commands work on the stores, `sync` stands in for the network.
final class EngagedBench {
    /// The first moment that the stores' clock shows, in milliseconds since 1970.
    static let start: Int64 = 1_795_300_000_000

    final class Clock: WallClock, @unchecked Sendable {
        // Moved between calls by the one test that holds it.
        var millis = EngagedBench.start
        func now() -> Int64 { millis }
    }

    let bench: CommandBench
    let clock = Clock()
    private let serverStore = MemoryStore(indexing: StateIndexing())
    private let registrar: Registrar
    private(set) var service = ProvidedService(service: SpaceID(high: 0, low: 0), draft: SpaceID(high: 0, low: 0))

    static let rows = ["AC-2", "AC-2(5)", "AU-4", "CA-8"]

    init() async throws {
        bench = try CommandBench()
        var draw = SeededRandom(seed: 11)
        registrar = Registrar(
            identity: ServerIdentity(name: "sync.example", random: &draw), policy: RegistrarPolicy(isOpen: true), mark: MemoryMark())
        _ = await bench.run("init", "--org", "Example Cloud K.K.", "--label", "cloud-pc", store: "provider")
        _ = await bench.run("init", "--org", "Kaisha K.K.", "--label", "office-pc", store: "customer")
        for name in ["provider", "customer"] {
            try open(name).store.write { try $0.setServer(KnownServer(address: "https://sync.example")) }
        }
        let provider = try open("provider")
        service = try provider.addService(name: ["en": "Object Storage"], cells: [:])
        _ = try provider.commit(Self.rows.map(draft), in: service.draft)
        _ = try provider.publish(service, label: "2026.1", message: "first release")
        try engage(service)
    }

    /// A second service of the provider with the same customer: `Mail`, of the rows `AC-2` and `SC-7`.
    func engageForMail() throws {
        let provider = try open("provider")
        let mail = try provider.addService(name: ["en": "Mail"], cells: [:])
        _ = try provider.commit(["AC-2", "SC-7"].map { draft($0, in: mail) }, in: mail.draft)
        _ = try provider.publish(mail, label: "1", message: "first release")
        try engage(mail)
    }

    private func draft(_ control: String) -> RecordDraft { draft(control, in: service) }

    private func draft(_ control: String, in service: ProvidedService) -> RecordDraft {
        RecordDraft(
            space: service.draft, kind: "responsibility", key: RowKey(framework: "nist-800-53r4", controlId: control).fields,
            cells: [
                CellKey("allocation"): .text("customer"), CellKey("providerStatement", "en"): .text("The platform logs \(control)."),
            ])
    }

    /// The workspace of a store, with its keys.
    func open(_ name: String) throws -> Workspace {
        let store = try SQLiteStore.open(at: "\(bench.path)/\(name)/store.db", indexing: StateIndexing())
        let keys = try KeyStorage.read("\(bench.path)/\(name)/keys/device.key").openDevice(passphrase: nil)
        return Workspace(store: store, clock: clock, random: SystemRandomPort(), keys: keys)
    }

    /// The engagement as a store knows it.
    func engagement(_ name: String) throws -> KnownEngagement {
        let directory = try open(name).store.read { try StoreDirectory($0) }
        guard let only = directory.engagements.first else { throw CommandFailure(.noEngagement) }
        return only
    }

    /// Syncs a store with the server over a network without faults.
    func sync(_ name: String) throws {
        let workspace = try open(name)
        var session = SyncSession(workspace)
        while let request = try session.next() { try session.take(try answer(request)) }
        try workspace.settleIdentity()
        if try !workspace.introduce().isEmpty {
            var second = SyncSession(workspace)
            while let request = try second.next() { try second.take(try answer(request)) }
        }
        try workspace.store.write { [now = clock.millis] in
            try $0.setValue(CBORWriter.encode { $0.int(now) }, for: StoredName.lastSync)
        }
    }

    /// Both sides, until each has what the other wrote.
    func syncBoth() throws { for name in ["customer", "provider", "customer"] { try sync(name) } }

    /// A bench on which one device of the customer has deleted the own position on AU-4 and the other has gone on with it.
    static func halved() async throws -> EngagedBench {
        let engaged = try await EngagedBench()
        try engaged.secondDevice()
        await engaged.bench.expect("propose au-4 --allocation shared", store: "customer")
        for store in ["customer", "laptop"] { try engaged.sync(store) }
        await engaged.bench.expect("delete au-4 -m duplicate", store: "customer")
        await engaged.bench.expect("edit responsibility-position au-4 --set customerStatement/en=Ours.", store: "laptop")
        for store in ["laptop", "customer", "laptop", "customer"] { try engaged.sync(store) }
        return engaged
    }

    /// A second device of the customer, in a store named `laptop`.
    func secondDevice() throws {
        let workspace = try open("customer")
        var draw = SeededRandom(seed: 12)
        let keys = DeviceKeys(random: &draw)
        let organisation = try workspace.store.read { try $0.identity().organisation }
        try workspace.enrol(
            device: keys.device, sealingKey: keys.sealing.publicKey, proof: keys.enrolmentProof(for: organisation),
            label: "field-laptop", capabilities: .all)
        try sync("customer")
        try FileManager.default.createDirectory(atPath: bench.path + "/laptop/keys", withIntermediateDirectories: true)
        try KeyStorage.write(KeyStorage.sealed(.device(keys), passphrase: nil), to: bench.path + "/laptop/keys/device.key")
        let store = try SQLiteStore.open(at: bench.path + "/laptop/store.db", indexing: StateIndexing())
        try Workspace.enter(organisation: organisation, serverAddress: "https://sync.example", keys: keys, store: store)
        try sync("laptop")
        try sync("customer")
    }

    private func engage(_ service: ProvidedService) throws {
        try sync("provider")
        let provider = try open("provider")
        let (request, code, _) = try provider.invite(to: service.service, until: clock.millis + 86_400_000)
        _ = try ask(request, token: signIn(provider))
        guard case .invitation(let seed, let organisation, let server) = code else { return }
        let found = try ask(InvitationRequest(id: Invitation.id(of: Invitation.key(of: seed).publicKey)))
        _ = try open("customer").accept(found, seed: seed, provider: organisation, serverAddress: server, now: clock.millis)
        try sync("customer")
        try sync("provider")
        try sync("customer")
    }

    private func answer(_ request: OutgoingRequest) throws -> Reply {
        let (status, body) = try registrar.answer(
            method: request.method.rawValue, body: request.body, token: request.token, now: clock.millis, store: serverStore)
        return status == 200 ? .answer(body) : .error(try ErrorAnswer(decoding: body))
    }

    private func ask<R: Request>(_ request: R, token: [UInt8]? = nil) throws -> R.Answer {
        switch try answer(OutgoingRequest(method: R.method, body: request.encoded(), token: token)) {
        case .answer(let bytes): return try R.Answer(decoding: bytes)
        case .error(let error): throw SyncFault.refused(R.method, error.code, detail: error.detail, retryAfterMillis: nil)
        }
    }

    private func signIn(_ workspace: Workspace) throws -> [UInt8] {
        guard let keys = workspace.keys else { throw WorkspaceFault.keysNeeded }
        let challenge = try ask(ChallengeRequest(device: keys.device))
        return try ask(SessionRequest(answering: challenge.nonce, of: "sync.example", with: keys.signing)).token
    }
}
