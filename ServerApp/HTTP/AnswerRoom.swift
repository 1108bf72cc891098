/// The methods that are being answered at once: in all, and of one tenant and one device, so that one that sends very many at
/// once is told that it is too much, and the others are served.
///
/// Calls without a session are counted with all alone: addresses have a rate.
final class AnswerRoom: Sendable {
    private let all: Allowance
    private let tenants: SharedAllowance<[UInt8]>
    private let devices: SharedAllowance<[UInt8]>

    init(all: Int, perTenant: Int, perDevice: Int) {
        self.all = Allowance(all)
        tenants = SharedAllowance(perTenant)
        devices = SharedAllowance(perDevice)
    }

    var inUse: Int { all.inUse }

    /// Takes room for one call, or none and returns `false`.
    func take(for holder: CallHolder?) -> Bool {
        guard let holder else { return all.take() }
        guard devices.take(for: holder.device) else { return false }
        guard tenants.take(for: holder.tenant) else {
            devices.giveBack(for: holder.device)
            return false
        }
        guard all.take() else {
            tenants.giveBack(for: holder.tenant)
            devices.giveBack(for: holder.device)
            return false
        }
        return true
    }

    func giveBack(for holder: CallHolder?) {
        all.giveBack()
        guard let holder else { return }
        tenants.giveBack(for: holder.tenant)
        devices.giveBack(for: holder.device)
    }
}
