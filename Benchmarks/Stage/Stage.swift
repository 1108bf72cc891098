import BuntanProtocol
import ChangeLog
import ClientTransport
import Foundation
import Replica
import Storage
import StorageSQLite

enum StageFault: Error {
    case badURL(String)
    case noEngagement
    /// A server in this process did not answer as it must.
    case notTaken
    /// The program refused what it was told.
    case refused(String)
}

/// A folder on the disk that is measured, a server, and a way to make those who use it.
///
/// Everything runs as in production: stores in SQLite with full synchronisation, messages over HTTP on loopback.
struct Stage: Sendable {
    let folder: String
    let url: String
    /// `nil` where the server was there before.
    let server: ServerProcess?

    /// Runs a workload on a fresh stage, and takes the stage down.
    static func with(_ options: BenchOptions, _ body: (Stage) async throws -> Figures) async throws -> Figures {
        try await inFolder(options) { folder in
            let server = options.server == nil ? try ServerProcess(data: folder + "/server") : nil
            defer { server?.stop() }
            guard let url = options.server ?? server?.url else { throw StageFault.badURL("") }
            let stage = Stage(folder: folder, url: url, server: server)
            var figures = try await body(stage)
            figures.serverPeakRSS = server?.peakRSS
            figures.durability = figures.durability ?? server?.durability
            return figures
        }
    }

    static func inFolder(_ options: BenchOptions, _ body: (String) async throws -> Figures) async throws -> Figures {
        let parent = options.folder.map(URL.init(fileURLWithPath:)) ?? FileManager.default.temporaryDirectory
        let folder = parent.appendingPathComponent("buntan-bench-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { do { try FileManager.default.removeItem(atPath: folder) } catch {} }
        return try await body(folder)
    }

    // MARK: those who use it

    /// Founds an organisation in a store of its own.
    func found(_ name: String) throws -> Peer {
        let store = try Peer.store(in: "\(folder)/\(name)")
        let founding = try Workspace.found(
            name: ["en": name], label: "bench", store: store, clock: SystemClock(), random: SystemRandomPort())
        try store.write { try $0.setServer(KnownServer(address: url)) }
        return try Peer(store: store, keys: founding.device, url: url)
    }

    /// Enrols a further device of an organisation. It knows nothing yet, and its store is still to be made.
    func enrolDevice(of peer: Peer, label: String) throws -> (organisation: OrganisationID, keys: DeviceKeys) {
        var random = SystemRandom()
        let keys = DeviceKeys(random: &random)
        let organisation = try peer.store.read { try $0.identity().organisation }
        try peer.workspace.enrol(
            device: keys.device, sealingKey: keys.sealing.publicKey, proof: keys.enrolmentProof(for: organisation), label: label,
            capabilities: .all)
        return (organisation, keys)
    }

    /// Enters a new store as an enrolled device.
    func enter(_ organisation: OrganisationID, _ keys: DeviceKeys, as name: String) throws -> Peer {
        let store = try Peer.store(in: "\(folder)/\(name)")
        try Workspace.enter(organisation: organisation, serverAddress: url, keys: keys, store: store)
        return try Peer(store: store, keys: keys, url: url)
    }

    /// A provider whose service the server keeps, with nothing in it yet.
    func provider() async throws -> (peer: Peer, service: ProvidedService) {
        let provider = try found("provider")
        let service = try provider.workspace.addService(name: ["en": "Bench"], cells: [CellKey("serviceModel"): .text("iaas")])
        do { _ = try await provider.sync() } catch {
            // What a client that was never closed does to the process would hide what went wrong.
            do { try await provider.close() } catch {}
            throw error
        }
        return (provider, service)
    }

    /// Invites and joins, as the two sides do by command, and syncs both until nothing is left.
    func engage(_ provider: Peer, _ service: ProvidedService, _ customer: Peer) async throws -> KnownEngagement {
        let (request, code, _) = try provider.workspace.invite(to: service.service, until: SystemClock().now() + 86_400_000)
        _ = try await provider.transport.ask(request, token: try await provider.signIn())
        guard case .invitation(let seed, let organisation, let server) = code else { throw StageFault.noEngagement }
        let answer = try await customer.transport.ask(InvitationRequest(id: Invitation.id(of: Invitation.key(of: seed).publicKey)))
        _ = try customer.workspace.accept(
            answer, seed: seed, provider: organisation, serverAddress: server, now: SystemClock().now())
        for peer in [customer, provider, customer] { _ = try await peer.sync() }
        return try customer.engagement()
    }

    /// A customer of a service that has everything of it, and a further device of its organisation that has nothing yet.
    ///
    /// - Returns: the device, and how many rows are shared.
    func furtherDevice(
        at provider: Peer, _ service: ProvidedService
    ) async throws -> (device: (organisation: OrganisationID, keys: DeviceKeys), shared: Int) {
        let customer = try found("customer")
        _ = try await engage(provider, service, customer)
        let device = try enrolDevice(of: customer, label: "second")
        try await customer.sync()
        let shared = try customer.count(allocation: "shared", in: service.service)
        try await customer.close()
        return (device, shared)
    }
}
