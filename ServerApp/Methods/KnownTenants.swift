import BuntanProtocol
import Synchronization

/// The organisations of devices that have called, so that not every call asks the store: a device belongs to one for good.
final class KnownTenants: Sendable {
    private static let most = 10_000
    private let known = Mutex<[DeviceID: OrganisationID]>([:])

    /// The organisation of a device; what `look` does not know is asked again.
    func organisation(of device: DeviceID, otherwise look: (DeviceID) -> OrganisationID?) -> OrganisationID? {
        if let organisation = known.withLock({ $0[device] }) { return organisation }
        guard let organisation = look(device) else { return nil }
        known.withLock { known in
            if known.count >= Self.most { known.removeAll() }
            known[device] = organisation
        }
        return organisation
    }
}
