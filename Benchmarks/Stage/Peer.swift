import BuntanProtocol
import ChangeLog
import ClientTransport
import Foundation
import Merging
import Replica
import Storage
import StorageSQLite

/// The system's clock, for people to read.
struct SystemClock: WallClock {
    func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
}

/// One installation of the client: its store, its keys, its connections.
struct Peer: Sendable {
    let store: SQLiteStore
    let workspace: Workspace
    let transport: HTTPTransport

    init(store: SQLiteStore, keys: DeviceKeys, url: String) throws {
        self.store = store
        workspace = Workspace(store: store, clock: SystemClock(), random: SystemRandomPort(), keys: keys)
        guard let server = ServerURL(url) else { throw StageFault.badURL(url) }
        transport = try HTTPTransport(TransportSettings(server: server))
    }

    /// Opens a store where the program `buntan` would look for it.
    static func store(in folder: String, _ options: SQLiteStoreOptions = .client) throws -> SQLiteStore {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return try SQLiteStore.open(at: folder + "/store.db", indexing: StateIndexing(), options: options)
    }

    @discardableResult
    func sync(progress: (SyncSession) -> Void = { _ in }) async throws -> SyncReport {
        try await transport.sync(workspace, progress: progress)
    }

    func close() async throws {
        try await transport.close()
        try store.close()
    }

    /// A session of this device's, for methods that no sync calls.
    func signIn() async throws -> [UInt8] {
        guard let keys = workspace.keys else { throw WorkspaceFault.keysNeeded }
        let challenge = try await transport.ask(ChallengeRequest(device: keys.device))
        return try await transport.ask(try workspace.signIn(nonce: challenge.nonce)).token
    }

    func engagement() throws -> KnownEngagement { try store.read { try engagement($0) } }

    func engagement(_ reader: any StoreReader) throws -> KnownEngagement {
        guard let engagement = try StoreDirectory(reader).engagements.first else { throw StageFault.noEngagement }
        return engagement
    }

    /// The rows of a service as this replica holds them, counted by what they allocate as lists count: by their briefs.
    func count(allocation: String, in service: SpaceID) throws -> Int {
        try store.read { reader in
            var found = 0
            try reader.eachBrief(of: "responsibility", in: service) { _, _, bytes in
                if case .row(let row)? = RecordBrief.read(bytes)?.brief, row.rowSide?.allocation == .settled(allocation) { found += 1 }
            }
            return found
        }
    }
}
