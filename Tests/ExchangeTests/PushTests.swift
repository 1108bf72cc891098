import BuntanProtocol
import ChangeLog
import Exchange
import Storage
import Syncing
import Testing
import TestKit

@Suite("Pushing")
struct PushTests {
    @Test("Each change is judged alone, and the answer holds a checkpoint over what was taken")
    func judgedAlone() throws {
        let bench = Bench()
        let firm = try bench.firm(1)
        let space = try bench.service(of: firm).space
        let before = try bench.standing(space)
        let good = [try bench.change(in: space, by: firm.admin.signing, "a"), try bench.change(in: space, by: firm.admin.signing, "b")]
        let bad = try bench.change(in: space, by: firm.admin.signing, "c", kind: "comment")
        let answer = try bench.call(PushRequest(space: space, changes: [good[0], bad, good[1]]), as: firm.admin).get()
        #expect(answer.verdicts[0] == .accepted(position: before.size) && answer.verdicts[2] == .accepted(position: before.size + 1))
        guard case .refused = answer.verdicts[1] else { throw Refusal(.invalid) }
        let after = try bench.standing(space)
        let note = try #require(answer.note)
        let checkpoint = try Checkpoint.open(note, origin: after.rights.origin, key: bench.identity.logKey.publicKey)
        #expect(checkpoint.size == before.size + 2 && checkpoint.root == after.frontier.root)
        #expect(bench.store.violations.isEmpty)
    }

    @Test("A change is taken once, however often it is pushed and by whomever")
    func idempotent() throws {
        let bench = Bench()
        let (provider, customer) = (try bench.firm(1), try bench.firm(2))
        let service = try bench.service(of: provider).space
        let engagement = try bench.engaged(provider, customer, on: service)
        let change = try bench.change(in: engagement, by: customer.admin.signing, "hello")
        let position = try bench.standing(engagement).size
        let push = PushRequest(space: engagement, changes: [change, change])
        // Any reader may relay any author's change.
        let verdicts = try bench.call(push, as: provider.admin).get().verdicts
        #expect(verdicts == [.accepted(position: position), .duplicate(position: position)])
        #expect(try bench.call(push, as: customer.admin).get().verdicts == Array(repeating: .duplicate(position: position), count: 2))
        #expect(try bench.standing(engagement).size == position + 1)
    }

    @Test("The first check that a change fails names the answer", arguments: Fault.allCases)
    func order(_ fault: Fault) throws {
        let bench = Bench()
        let (provider, customer) = (try bench.firm(1), try bench.firm(2))
        let service = try bench.service(of: provider).space
        let engagement = try bench.engaged(provider, customer, on: service)
        let base = try bench.standing(engagement).base
        var change = try bench.change(in: engagement, by: customer.admin.signing, "x")
        switch fault {
        case .malformed: change = SignedChange(bytes: change.bytes + [0], signature: change.signature, payload: change.payload)
        case .signature:
            let other = try bench.change(in: engagement, by: customer.admin.signing, "y")
            change = SignedChange(bytes: change.bytes, signature: other.signature, payload: change.payload)
        case .payload:
            let other = try bench.change(in: engagement, by: customer.admin.signing, "y")
            change = SignedChange(bytes: change.bytes, signature: change.signature, payload: other.payload)
        case .otherSpace: change = try bench.change(in: service, by: provider.admin.signing, "x")
        case .stranger: change = try bench.change(in: engagement, by: try Firm(9).admin.signing, "x")
        case .strangerBase:
            let wrong = Base(epoch: 0, size: 1, root: SHA.empty)
            change = try bench.change(in: engagement, by: try Firm(9).admin.signing, "x", base: wrong)
        case .base:
            change = try bench.change(
                in: engagement, by: customer.admin.signing, "x", base: Base(epoch: 0, size: base.size, root: SHA.empty))
        case .baseBeyond:
            change = try bench.change(
                in: engagement, by: customer.admin.signing, "x", base: Base(epoch: 0, size: base.size + 1, root: base.root))
        case .kind: change = try bench.change(in: engagement, by: customer.admin.signing, "x", kind: "service-dependency")
        case .quota: bench.policy.spaceBytes = 1
        }
        let verdict = try bench.call(PushRequest(space: engagement, changes: [change]), as: customer.admin).get().verdicts[0]
        guard case .refused(let code, _) = verdict else { throw Refusal(.invalid, "taken") }
        #expect(code == fault.code)
        #expect(try bench.standing(engagement).base == base)
    }

    enum Fault: CaseIterable {
        case malformed, signature, payload, otherSpace, stranger, strangerBase, base, baseBeyond, kind, quota

        var code: Code {
            switch self {
            case .malformed, .otherSpace: .malformed
            case .signature, .payload: .badSignature
            case .stranger, .strangerBase: .noRight
            case .base, .baseBeyond: .baseMismatch
            case .kind: .invalid
            case .quota: .quota
            }
        }
    }

    @Test("A device that may read and not write is refused, and so is one that was revoked")
    func rights() throws {
        let bench = Bench()
        var firm = try bench.firm(1)
        let space = try bench.service(of: firm).space
        let (reader, writer) = (try firm.enrol([.read]), try firm.enrol([.read, .write]))
        _ = try bench.call(StatementRequest(statements: [reader.statement, writer.statement]), as: firm.admin).get()
        let early = try bench.change(in: space, by: writer.keys.signing, "early")
        let read = try bench.change(in: space, by: reader.keys.signing, "read")
        let revocation = try firm.say(.revoke(device: writer.keys.device, compromisedAfter: nil))
        _ = try bench.call(StatementRequest(statements: [revocation]), as: firm.admin).get()
        let verdicts = try bench.call(PushRequest(space: space, changes: [early, read]), as: firm.admin).get().verdicts
        #expect(verdicts == [.refused(.noRight, detail: nil), .refused(.noRight, detail: nil)])
    }

    @Test("An organisation pays for what it wrote, and not for the other party's entries")
    func quotaPerAuthor() throws {
        let bench = Bench()
        let (provider, customer) = (try bench.firm(1), try bench.firm(2))
        let service = try bench.service(of: provider).space
        let engagement = try bench.engaged(provider, customer, on: service)
        _ = try bench.store.write { try Operating.setQuota(1, of: provider.id, $0) }
        let changes = [
            try bench.change(in: engagement, by: provider.admin.signing, "p"),
            try bench.change(in: engagement, by: customer.admin.signing, "c"),
        ]
        let verdicts = try bench.call(PushRequest(space: engagement, changes: changes), as: provider.admin).get().verdicts
        #expect(verdicts[0] == .refused(.quota, detail: nil))
        guard case .accepted = verdicts[1] else { throw Refusal(.invalid) }
        let used = try bench.store.read { try Operating.list($0) }.first { $0.organisation.id == customer.id }?.usedBytes
        #expect(used ?? 0 > 0)
    }

    @Test("A push may hold four mebibytes and not a byte more, unless it is one change")
    func pushBytes() throws {
        let bench = Bench()
        let firm = try bench.firm(1)
        let space = try bench.service(of: firm).space
        let signature = try #require(Signature([UInt8](repeating: 0, count: 64)))
        func push(_ sizes: [Int]) throws -> Refusal? {
            let changes = sizes.map { SignedChange(bytes: [UInt8](repeating: 0, count: $0 - 80), signature: signature, payload: []) }
            return refusal(try bench.call(PushRequest(space: space, changes: changes), as: firm.admin))
        }
        let half = Limits.pushBytes / 2
        #expect(try push([half, half]) == nil)
        #expect(try push([half, half + 1]) == Refusal(.tooLarge, "push"))
        #expect(try push([Limits.pushBytes + 1]) == nil)
    }
}
