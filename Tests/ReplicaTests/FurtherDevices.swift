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
