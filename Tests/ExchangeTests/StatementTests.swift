import BuntanProtocol
import ChangeLog
import Exchange
import Storage
import Syncing
import Testing
import TestKit

@Suite("Statements")
struct StatementTests {
    @Test("A statement about the organisation reaches every space it is a party to, and no other")
    func fansOut() throws {
        let bench = Bench()
        var provider = try bench.firm(1)
        let (customer, other) = (try bench.firm(2), try bench.firm(3))
        let service = try bench.service(of: provider).space
        let engagement = try bench.engaged(provider, customer, on: service)
        let foreign = try bench.service(of: other).space
        let before = try [service, engagement, foreign].map { try bench.standing($0).size }
        let second = try provider.enrol()
        let answer = try bench.call(StatementRequest(statements: [second.statement]), as: provider.admin).get()
        #expect(answer.verdicts == [.accepted(position: 3)] && answer.note == nil)
        let after = try [service, engagement, foreign].map { try bench.standing($0).size }
        #expect(after == [before[0] + 1, before[1] + 1, before[2]])
        #expect(try bench.standing(engagement).rights.capabilities(of: second.keys.device) == .all)
        #expect(bench.mark.place(of: engagement)?.size == after[1])
        // A customer's statement does not enter the service it reads.
        var joining = customer
        let third = try joining.enrol()
        _ = try bench.call(StatementRequest(statements: [third.statement]), as: customer.admin).get()
        #expect(try [service, engagement].map { try bench.standing($0).size } == [after[0], after[1] + 1])
        #expect(bench.store.violations.isEmpty)
    }

    @Test("A chain stays linear: what is known is a duplicate, what is ahead or beside is refused")
    func linear() throws {
        let bench = Bench()
        var firm = try bench.firm(1)
        var fork = firm
        let (first, second) = (try firm.enrol(), try firm.enrol())
        let beside = try fork.say(.setCapabilities(device: firm.admin.device, [.read, .admin]))
        let call = { (statements: [SignedBytes]) in
            try bench.call(StatementRequest(statements: statements), as: firm.admin).get().verdicts
        }
        #expect(try call([second.statement]) == [.refused(.unknownPredecessor, detail: StatementDetail.gap)])
        #expect(try call([first.statement, second.statement]) == [.accepted(position: 3), .accepted(position: 4)])
        #expect(try call([first.statement, second.statement]) == [.duplicate(position: 3), .duplicate(position: 4)])
        #expect(try call([beside]) == [.refused(.invalid, detail: StatementDetail.fork)])
    }

    @Test("Nobody speaks for another organisation, known here or not")
    func foreign() throws {
        let bench = Bench()
        let firm = try bench.firm(1)
        var (known, unknown) = (try bench.firm(2), try Firm(3))
        let statements = [try known.enrol().statement, try unknown.enrol().statement]
        let verdicts = try bench.call(StatementRequest(statements: statements), as: firm.admin).get().verdicts
        #expect(verdicts == Array(repeating: .refused(.notOwner, detail: "organisation"), count: 2))
    }

    @Test("A device answers to one organisation at a server")
    func oneOrganisation() throws {
        let bench = Bench()
        let first = try bench.firm(1)
        var second = try bench.firm(2)
        let statement = try second.say(.enrolling(first.admin, in: second.id, capabilities: .all, label: "shared"))
        let verdicts = try bench.call(StatementRequest(statements: [statement]), as: second.admin).get().verdicts
        #expect(verdicts == [.refused(.invalid, detail: "device_enrolled")])
        #expect(try bench.store.read { try $0.organisation(ofDevice: first.admin.device) } == first.id)
    }

    @Test("A chain that goes on from the known one is taken from anybody, at a server that is not open too: the root enrols alone")
    func rootEnrols() throws {
        let bench = Bench()
        var firm = try bench.firm(1)
        let service = try bench.service(of: firm).space
        let before = try bench.standing(service).size
        bench.policy = RegistrarPolicy()
        // Whoever shows what the logs hold learns nothing; whoever makes something up neither.
        #expect(refusal(try bench.call(firm.registering())) == Refusal(.noRight, "admission_needed"))
        #expect(refusal(try bench.call(try Firm(2).registering())) == Refusal(.noRight, "admission_needed"))
        let forged = firm.draft(.revoke(device: firm.admin.device, compromisedAfter: nil), by: try Firm(2).root)
        let forging = RegisterRequest(statements: firm.statements + [forged], rootKey: firm.root.publicKey, ticket: nil)
        #expect(refusal(try bench.call(forging)) == Refusal(.noRight, "admin"))
        #expect(try bench.standing(service).size == before)
        // The admin's keys are gone: the root says the next word.
        let keys = DeviceKeys(random: &firm.random)
        let enrolment = firm.draft(.enrolling(keys, in: firm.id, capabilities: .all, label: "new"), by: firm.root)
        try firm.chain.append(enrolment)
        firm.statements.append(enrolment)
        _ = try bench.call(firm.registering()).get()
        #expect(refusal(try bench.call(firm.registering())) == Refusal(.noRight, "admission_needed"))
        #expect(try bench.standing(service).size == before + 1)
        #expect(try bench.standing(service).rights.capabilities(of: keys.device) == .all)
        #expect(try bench.heads(keys).map(\.space).contains(service))
        #expect(bench.store.violations.isEmpty)
    }

    @Test("Where the root has been replaced the new one enrols, in every log, and the old one is refused, whoever hands its word over")
    func rootReplaced() throws {
        let bench = Bench()
        let provider = try bench.firm(1)
        var customer = try bench.firm(2)
        let engagement = try bench.engaged(provider, customer, on: try bench.service(of: provider).space)
        let new = SigningKey(seed: customer.random.seed())
        let rotation = customer.draft(.rotatingRoot(to: new, of: customer.id), by: customer.root)
        try customer.chain.append(rotation)
        customer.statements.append(rotation)
        #expect(
            try bench.call(StatementRequest(statements: [rotation]), as: customer.admin).get().verdicts == [.accepted(position: 3)])
        let keys = DeviceKeys(random: &customer.random)
        let enrolment = Statement.Act.enrolling(keys, in: customer.id, capabilities: .all, label: "thief")
        let stolen = customer.draft(enrolment, by: customer.root)
        let before = try bench.standing(engagement)
        #expect(
            try bench.call(StatementRequest(statements: [stolen]), as: customer.admin).get().verdicts
                == [.refused(.noRight, detail: "admin")])
        let shown = RegisterRequest(statements: customer.statements + [stolen], rootKey: customer.root.publicKey, ticket: nil)
        #expect(refusal(try bench.call(shown)) == Refusal(.noRight, "admin"))
        #expect(try bench.standing(engagement).size == before.size)
        // The organisation is still that of its first root.
        #expect(before.rights.chain(of: customer.id)?.rootKey == new.publicKey)
        #expect(before.genesis.party(customer.id)?.rootKey == customer.root.publicKey)
        let right = customer.draft(enrolment, by: new)
        #expect(
            try bench.call(StatementRequest(statements: [right]), as: customer.admin).get().verdicts == [.accepted(position: 4)])
        #expect(try bench.standing(engagement).rights.capabilities(of: keys.device) == .all)
        #expect(bench.store.violations.isEmpty)
    }

    @Test("An organisation has as many devices as it may, and not one more")
    func deviceLimit() throws {
        let bench = Bench(policy: RegistrarPolicy(isOpen: true, organisationDevices: 2))
        var firm = try bench.firm(1)
        let (second, third) = (try firm.enrol(), try firm.enrol())
        let verdicts = try bench.call(StatementRequest(statements: [second.statement, third.statement]), as: firm.admin).get().verdicts
        #expect(verdicts == [.accepted(position: 3), .refused(.quota, detail: "devices")])
    }
}
