import BuntanProtocol
import ChangeLog
import Exchange
import Records
import Replica
import Storage
import Syncing
import TestKit

/// The organisations of a simulation.
enum Firm: Int, CaseIterable, Sendable {
    case provider, ichi, ni
    /// Comes during a run.
    case san

    var name: String { ["Example Cloud K.K.", "Kaisha Ichi K.K.", "Kaisha Ni K.K.", "Kaisha San K.K."][rawValue] }
    /// What everything this organisation types begins with, so that a search finds where it has come to.
    var mark: String { ["words-of-provider", "words-of-ichi", "words-of-ni", "words-of-san"][rawValue] }
    var isCustomer: Bool { self != .provider }
}

/// What every run begins with: three organisations founded, a service published, two engagements, all in sync.
///
/// Founding costs far more than a run, so it is done once a thread and each run takes copies of the stores.
package struct FoundedWorld: Sendable {
    struct Device: Sendable {
        let name: String
        let firm: Firm
        let keys: DeviceKeys
        let store: MemoryStore
    }

    static let controls = ["9.2.1", "12.3.1", "18.1.1"]

    let identity: ServerIdentity
    let serverStore: MemoryStore
    let places: [SpaceID: MarkedPlace]
    let chains: [OrganisationID: ChainHead]
    let devices: [Device]
    var organisations: [Firm: OrganisationID]
    var homes: [Firm: SpaceID]
    let service: ProvidedService
    /// As the customers know them, and as the provider does.
    var engagements: [Firm: KnownEngagement]
    var providerEngagements: [SpaceID: KnownEngagement]
    /// An organisation that has nothing to do with the others until they let it read.
    let auditor: Device
    let auditorsID: OrganisationID
    /// The keys of the sealed spaces, with which a checker reads their logs.
    let spaceKeys: SpaceKeys
    let time: Int64
    /// The root keys and recovery codes there have been.
    var secrets: [OrganisationID: OrganisationSecrets]
    /// The signatures of everything that a run begins with.
    let signatures: SignatureMemory

    package init() throws {
        let signatures = SignatureMemory()
        self = try SignatureMemory.$current.withValue(signatures) { try FoundedWorld(signatures) }
    }

    private init(_ signatures: SignatureMemory) throws {
        self.signatures = signatures
        let world = World(seed: 0xb07a)
        let provider = try world.found(Firm.provider.name)
        let service = try provider.addService(name: ["en": "Object Storage"], cells: [CellKey("serviceModel"): .text("iaas")])
        let rows = Self.controls.map { control in
            RecordDraft(
                space: service.draft, kind: "responsibility", key: RowKey(framework: "iso27017-2015", controlId: control).fields,
                cells: [CellKey("allocation"): .text("shared"), CellKey("customerAction", "en"): .text("Do \(control).")])
        }
        _ = try provider.commit(rows, in: service.draft)
        _ = try provider.publish(service, label: "1", message: nil)
        try world.sync(provider)
        var customers: [Firm: Workspace] = [:]
        for firm in [Firm.ichi, .ni] {
            let customer = try world.found(firm.name)
            try world.engage(provider, service, customer)
            customers[firm] = customer
        }
        var devices: [(String, Firm, Workspace)] = [("provider-1", .provider, provider)]
        devices.append(("provider-2", .provider, try world.furtherDevice(of: provider, label: "provider-2")))
        for (firm, count) in [(Firm.ichi, 3), (.ni, 1)] {
            guard let first = customers[firm] else { continue }
            devices.append(("\(firm)-1", firm, first))
            for number in 2..<max(2, count + 1) {
                devices.append(("\(firm)-\(number)", firm, try world.furtherDevice(of: first, label: "\(firm)-\(number)")))
            }
        }
        for _ in 0..<2 { for (_, _, workspace) in devices { try world.sync(workspace) } }

        let auditor = try world.found("Kensa Audit")
        try world.sync(auditor)
        auditorsID = try auditor.store.read { try $0.identity().organisation }
        guard let auditorsKeys = auditor.keys, let auditorsStore = auditor.store as? MemoryStore else { throw WorkspaceFault.keysNeeded }
        // It is none of the firms; what it is called by as a device is never asked for.
        self.auditor = Device(name: "auditor", firm: .san, keys: auditorsKeys, store: auditorsStore)

        identity = world.identity
        serverStore = world.serverStore
        places = world.mark.places()
        chains = world.mark.chains()
        time = world.clock.now()
        secrets = world.secrets
        self.service = service
        var organisations: [Firm: OrganisationID] = [:]
        var homes: [Firm: SpaceID] = [:]
        var engagements: [Firm: KnownEngagement] = [:]
        var providerEngagements: [SpaceID: KnownEngagement] = [:]
        var keys = SpaceKeys()
        for (_, firm, workspace) in devices {
            try workspace.store.read { reader in
                let directory = try StoreDirectory(reader)
                organisations[firm] = directory.identity.organisation
                homes[firm] = try directory.home(reader)
                if firm.isCustomer {
                    engagements[firm] = directory.engagements.first
                } else {
                    for engagement in directory.engagements { providerEngagements[engagement.space] = engagement }
                }
                for space in try reader.spaces() {
                    if let key = try reader.spaceKeys(of: [space]).newest(of: space) { keys[space, key.epoch] = key }
                }
            }
        }
        try auditorsStore.read { reader in
            for space in try reader.spaces() {
                if let key = try reader.spaceKeys(of: [space]).newest(of: space) { keys[space, key.epoch] = key }
            }
        }
        self.organisations = organisations
        self.homes = homes
        self.engagements = engagements
        self.providerEngagements = providerEngagements
        spaceKeys = keys
        self.devices = try devices.map { name, firm, workspace in
            guard let keys = workspace.keys, let store = workspace.store as? MemoryStore else { throw WorkspaceFault.keysNeeded }
            return Device(name: name, firm: firm, keys: keys, store: store)
        }
    }
}

extension FoundedWorld {
    var sealed: Set<SpaceID> { Set(homes.values).union([service.draft]) }
}
