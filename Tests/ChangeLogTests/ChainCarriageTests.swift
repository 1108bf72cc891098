import BuntanProtocol
import ChangeLog
import Testing

@Suite("Whether a log carries what its party has said")
struct ChainCarriageTests {
    @Test("A log carries everything, or a beginning of it, and says how much")
    func prefix() throws {
        var customer = try Organisation(2)
        let log = try EngagementGenesis(provider: try Organisation(1), customer: customer).log()
        #expect(log.rights.carriage(of: customer.statements, by: customer.id) == .complete)
        #expect(log.rights.carriage(of: [], by: customer.id) == .complete)
        let device = try customer.enrol([.read])
        try customer.say(.revoke(device: device.device, compromisedAfter: nil))
        #expect(log.rights.carriage(of: customer.statements, by: customer.id) == .lacking(held: 2))
        // What is known to have been taken is what counts; the log may hold more.
        #expect(log.rights.carriage(of: Array(customer.statements.prefix(2)), by: customer.id) == .complete)
        var grown = log
        try grown.append(Array(customer.statements.suffix(2)))
        #expect(grown.rights.carriage(of: customer.statements, by: customer.id) == .complete)
        #expect(grown.rights.carriage(of: Array(customer.statements.prefix(3)), by: customer.id) == .complete)
    }

    @Test("A log that has the party say something else is neither behind nor complete")
    func fork() throws {
        let provider = try Organisation(1)
        var customer = try Organisation(2)
        var other = customer
        let log = try EngagementGenesis(provider: provider, customer: customer).log()
        _ = try customer.enrol([.read])
        _ = try other.enrol([.read], label: "another")
        var forked = log
        try forked.append(other.statements.suffix(1).map { $0 })
        #expect(forked.rights.carriage(of: customer.statements, by: customer.id) == .other)
        // Beyond the fork as well.
        _ = try customer.enrol([.read])
        #expect(forked.rights.carriage(of: customer.statements, by: customer.id) == .other)
    }

    @Test("A log of others carries nothing of a stranger")
    func stranger() throws {
        let log = try EngagementGenesis(provider: try Organisation(1), customer: try Organisation(2)).log()
        let stranger = try Organisation(3)
        #expect(log.rights.carriage(of: stranger.statements, by: stranger.id) == .lacking(held: 0))
    }
}
