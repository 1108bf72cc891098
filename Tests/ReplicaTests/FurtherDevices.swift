import BuntanProtocol
import ChangeLog
import Replica
import Storage
import TestKit

extension DeviceKeys {
    /// The same for the same seed.
    init(drawnBy seed: UInt64) {
        var draw = SeededRandom(seed: seed)
        self.init(random: &draw)
    }
}

extension Workspace {
    /// Enrols a further device of this organisation.
    func enrol(_ keys: DeviceKeys, as label: String, _ capabilities: Capabilities = .all) throws {
        let organisation = try store.read { try $0.identity().organisation }
        try enrol(
            device: keys.device, sealingKey: keys.sealing.publicKey, proof: keys.enrolmentProof(for: organisation), label: label,
            capabilities: capabilities)
    }
}

extension TwoSides {
    /// A further device of the customer's that has synced, and been given what the customer gives.
    func further(_ seed: UInt64) throws -> Workspace {
        let keys = DeviceKeys(drawnBy: seed)
        let organisation = try customer.store.read { try $0.identity().organisation }
        try customer.enrol(keys, as: "d\(seed)")
        try sync(customer)
        let store = MemoryStore(indexing: StateIndexing())
        try Workspace.enter(organisation: organisation, serverAddress: "https://sync.example", keys: keys, store: store)
        let workspace = Workspace(store: store, clock: clock, random: random, keys: keys)
        try sync(workspace)
        try workspace.settleIdentity()
        try sync(workspace)
        return workspace
    }
}
