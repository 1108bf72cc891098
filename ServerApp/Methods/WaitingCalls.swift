import BuntanProtocol

/// How many calls may wait at once.
package struct WaitingLimits: Sendable, Hashable {
    package var organisation: Int
    package var device: Int

    package init(organisation: Int = 500, device: Int = 8) {
        self.organisation = organisation
        self.device = device
    }
}

/// Counts the calls that wait, so that one organisation's leave the others their connections and wake-ups.
final class WaitingCalls: Sendable {
    private let organisations: SharedAllowance<OrganisationID>
    private let devices: SharedAllowance<DeviceID>

    init(_ limits: WaitingLimits) {
        organisations = SharedAllowance(limits.organisation)
        devices = SharedAllowance(limits.device)
    }

    /// Lets a device wait, or returns `false` if it or its organisation has as many calls waiting as it may.
    func begin(_ device: DeviceID, _ organisation: OrganisationID) -> Bool {
        guard devices.take(for: device) else { return false }
        guard organisations.take(for: organisation) else {
            devices.giveBack(for: device)
            return false
        }
        return true
    }

    func end(_ device: DeviceID, _ organisation: OrganisationID) {
        devices.giveBack(for: device)
        organisations.giveBack(for: organisation)
    }

    /// What a call beyond the limits is answered: one that waits there now is answered within a minute.
    static let refusal = ErrorAnswer(.rateLimited, detail: "waiting", retryAfterMillis: 10_000)
}
