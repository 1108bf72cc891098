import BuntanProtocol
import ChangeLog
import Exchange
import Storage
import Testing
import TestKit

@Suite("Registering and sessions")
struct SessionTests {
    @Test("A session lasts fifteen minutes, to the millisecond")
    func sessionEnds() throws {
        let bench = Bench()
        let firm = try bench.firm(1)
        let token = try bench.signIn(firm.admin).get()
        let heads = HeadsRequest(digest: SHA.empty).encoded()
        bench.now += Limits.sessionMillis - 1
        #expect(try bench.raw("heads", heads, token: token).status == 200)
        bench.now += 1
        #expect(try bench.raw("heads", heads, token: token).status == 401)
    }

    @Test(
        "A challenge may be answered for sixty seconds, once its time has come",
        arguments: [(0, true), (60_000, true), (60_001, false), (-1, false)])
    func challengeEnds(after millis: Int64, isAnswered: Bool) throws {
        let bench = Bench()
        let firm = try bench.firm(1)
        let nonce = try bench.call(ChallengeRequest(device: firm.admin.device)).get().nonce
        bench.now += millis
        let result = try bench.call(SessionRequest(answering: nonce, of: bench.identity.name, with: firm.admin.signing))
        #expect(refusal(result) == (isAnswered ? nil : Refusal(.noSession)))
    }

    @Test("A challenge is for one device, a signature for one server, a token for one secret")
    func sealsAreBound() throws {
        let bench = Bench()
        var firm = try bench.firm(1)
        let other = try firm.enrol()
        _ = try bench.call(StatementRequest(statements: [other.statement]), as: firm.admin).get()
        let nonce = try bench.call(ChallengeRequest(device: other.keys.device)).get().nonce
        let swapped = SessionRequest(answering: nonce, of: bench.identity.name, with: firm.admin.signing)
        #expect(refusal(try bench.call(swapped)) == Refusal(.noSession))
        #expect(refusal(try bench.signIn(firm.admin, serverName: "other.example")) == Refusal(.noSession))
        let stranger = Bench(seed: 5)
        _ = try stranger.firm(1)
        let token = try stranger.signIn(firm.admin).get()
        #expect(try bench.raw("heads", HeadsRequest(digest: SHA.empty).encoded(), token: token).status == 401)
        var altered = try bench.signIn(firm.admin).get()
        altered[39] ^= 1
        #expect(try bench.raw("heads", HeadsRequest(digest: SHA.empty).encoded(), token: altered).status == 401)
    }

    @Test("Unknown and suspended devices and whoever names a revoked one get one answer, byte for byte")
    func uniformRefusal() throws {
        let bench = Bench()
        var firm = try bench.firm(1)
        let revoked = try firm.enrol()
        let revocation = try firm.say(.revoke(device: revoked.keys.device, compromisedAfter: nil))
        _ = try bench.call(StatementRequest(statements: [revoked.statement, revocation]), as: firm.admin).get()
        let suspended = try bench.firm(2)
        #expect(try bench.store.write { try Operating.suspend(suspended.id, true, $0) })
        let stranger = try Firm(3)
        let answers =
            try [suspended.admin, stranger.admin].map { try Self.session(bench, $0, of: bench.identity.name) }
            + [Self.session(bench, revoked.keys, of: "other.example")]
        #expect(answers.allSatisfy { $0.status == 401 && $0.body == answers[0].body })
    }

    @Test("A revoked device that shows its key, and nobody else, is given the word that ended its rights")
    func revokedIsTold() throws {
        let bench = Bench()
        var firm = try bench.firm(1)
        let revoked = try firm.enrol()
        let revocation = try firm.say(.revoke(device: revoked.keys.device, compromisedAfter: nil))
        _ = try bench.call(StatementRequest(statements: [revoked.statement, revocation]), as: firm.admin).get()
        let answer = try Self.session(bench, revoked.keys, of: bench.identity.name)
        let error = try ErrorAnswer(decoding: answer.body)
        #expect(answer.status == 401 && error.code == .noSession && error.detail == "device_revoked" && error.revocation == revocation)
        #expect(error.leading.isEmpty)
        // The operator's word comes before the organisation's.
        #expect(try bench.store.write { try Operating.suspend(firm.id, true, $0) })
        #expect(try ErrorAnswer(decoding: Self.session(bench, revoked.keys, of: bench.identity.name).body).revocation == nil)
    }

    @Test("What led to a revocation comes with it, from the enrolment on, as far as an answer may hold it")
    func leadingStatements() throws {
        let bench = Bench()
        var firm = try bench.firm(1)
        let lost = try firm.enrol()
        var statements = [lost.statement]
        for _ in 0..<Limits.leadingStatements {
            statements.append(try firm.say(.setCapabilities(device: lost.keys.device, statements.count % 2 == 0 ? .all : .read)))
        }
        let leading = Array(statements.dropFirst())
        var early = firm
        let revocation = try early.say(.revoke(device: lost.keys.device, compromisedAfter: nil))
        _ = try bench.call(StatementRequest(statements: statements + [revocation]), as: firm.admin).get()
        var error = try ErrorAnswer(decoding: Self.session(bench, lost.keys, of: bench.identity.name).body)
        #expect(error.revocation == revocation && error.leading == leading && leading.count == Limits.leadingStatements)

        let late = Bench()
        var other = try late.firm(1)
        let second = try other.enrol()
        var more = [second.statement]
        for _ in 0...Limits.leadingStatements {
            more.append(try other.say(.setCapabilities(device: second.keys.device, more.count % 2 == 0 ? .all : .read)))
        }
        let end = try other.say(.revoke(device: second.keys.device, compromisedAfter: nil))
        _ = try late.call(StatementRequest(statements: more + [end]), as: other.admin).get()
        error = try ErrorAnswer(decoding: Self.session(late, second.keys, of: late.identity.name).body)
        #expect(error.revocation == end && error.leading.isEmpty)
    }

    private static func session(_ bench: Bench, _ device: DeviceKeys, of server: String) throws -> (status: Int, body: [UInt8]) {
        let nonce = try bench.call(ChallengeRequest(device: device.device)).get().nonce
        return try bench.raw("session", SessionRequest(answering: nonce, of: server, with: device.signing).encoded(), token: nil)
    }

    @Test("A revocation and a suspension end a session that is open")
    func revocationIsImmediate() throws {
        let bench = Bench()
        var firm = try bench.firm(1)
        let second = try firm.enrol()
        _ = try bench.call(StatementRequest(statements: [second.statement]), as: firm.admin).get()
        #expect(try bench.heads(second.keys).isEmpty)
        let revocation = try firm.say(.revoke(device: second.keys.device, compromisedAfter: nil))
        _ = try bench.call(StatementRequest(statements: [revocation]), as: firm.admin).get()
        #expect(refusal(try bench.call(HeadsRequest(digest: SHA.empty), as: second.keys)) == Refusal(.noSession))
        #expect(try bench.store.write { try Operating.suspend(firm.id, true, $0) })
        #expect(refusal(try bench.call(HeadsRequest(digest: SHA.empty), as: firm.admin)) == Refusal(.noSession))
        #expect(try bench.store.write { try Operating.suspend(firm.id, false, $0) })
        #expect(refusal(try bench.call(HeadsRequest(digest: SHA.empty), as: firm.admin)) == nil)
    }

    @Test("An admission code lets one organisation in, however often it asks")
    func admissionCode() throws {
        let bench = Bench(policy: RegistrarPolicy())
        let firm = try Firm(1)
        #expect(refusal(try bench.call(firm.registering())) == Refusal(.noRight, "admission_needed"))
        #expect(refusal(try bench.call(firm.registering(.admission(Nonce(high: 1, low: 1))))) == Refusal(.noRight, "admission_unknown"))
        let code = try bench.store.write {
            try Operating.admit(label: "Kaisha", expires: bench.now + 10, random: &bench.random, $0)
        }
        guard case .admission(let nonce) = code else { throw Refusal(.invalid) }
        bench.now += 10
        #expect(refusal(try bench.call(firm.registering(.admission(nonce)))) == Refusal(.noRight, "admission_expired"))
        bench.now -= 1
        _ = try bench.call(firm.registering(.admission(nonce))).get()
        bench.now += 1_000
        _ = try bench.call(firm.registering(.admission(nonce))).get()
        #expect(refusal(try bench.call(try Firm(2).registering(.admission(nonce)))) == Refusal(.noRight, "admission_used"))
        let listed = try bench.store.read { try Operating.list($0) }
        #expect(listed.map(\.organisation.id) == [firm.id])
        #expect(listed.first?.organisation.label == "Kaisha")
    }

    @Test("An organisation registers with its whole chain or not at all")
    func chainIsChecked() throws {
        let bench = Bench()
        let firm = try Firm(1)
        let other = try Firm(2)
        let foreign = RegisterRequest(statements: firm.statements, rootKey: other.root.publicKey, ticket: nil)
        #expect(refusal(try bench.call(foreign)) == Refusal(.notOwner, "organisation"))
        let headless = RegisterRequest(statements: Array(firm.statements.dropFirst()), rootKey: firm.root.publicKey, ticket: nil)
        #expect(refusal(try bench.call(headless)) == Refusal(.unknownPredecessor, StatementDetail.gap))
        let empty = RegisterRequest(statements: [], rootKey: firm.root.publicKey, ticket: nil)
        #expect(refusal(try bench.call(empty)) == Refusal(.invalid, "device_unknown"))
        #expect(try bench.store.read { try $0.organisations().isEmpty })
    }

    @Test("Hello names the server, its log key and the limits")
    func hello() throws {
        let bench = Bench()
        let answer = try bench.call(HelloRequest()).get()
        #expect(answer.serverName == bench.identity.name && answer.logKey == bench.identity.logKey.publicKey && answer.time == bench.now)
        #expect(answer.limits["push_bytes"] == Limits.pushBytes && answer.limits.count == Limits.announced.count)
    }

    @Test("Without a session every other method gives one answer, whatever it is asked")
    func sessionComesFirst() throws {
        let bench = Bench()
        let bodies = try Method.allCases.filter { !$0.isOpen }.map { try bench.raw($0.rawValue, [0xff], token: nil) }
        #expect(bodies.count == 12)
        #expect(bodies.allSatisfy { $0.status == 401 && $0.body == bodies[0].body })
    }
}
