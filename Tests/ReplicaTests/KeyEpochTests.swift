import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Replica
import Storage
import Syncing
import Testing
import TestKit

@Suite("The keys of a sealed space once a device has been revoked")
struct KeyEpochTests {
    private func note(_ text: String, _ workspace: Workspace) throws {
        let home = try #require(try workspace.store.read { try $0.identity().home })
        let row = RecordID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0001)
        _ = try workspace.commit([workspace.note(on: row, text: text)], in: home)
    }

    private func notes(_ workspace: Workspace) throws -> [String] {
        let home = try #require(try workspace.store.read { try $0.identity().home })
        return try workspace.store.read { reader in
            try reader.records(of: "annotation", in: home, after: nil, limit: .max).compactMap { $0.shown.text("text") }.sorted()
        }
    }

    /// What a device that has been revoked could read if somebody handed it the server's whole disk: the notes that open with
    /// the keys it holds or that were ever wrapped for it.
    private func readable(by lost: Workspace, _ sides: TwoSides) throws -> Int {
        let keys = try #require(lost.keys)
        let home = try #require(try lost.store.read { try $0.identity().home })
        return try sides.store.read { reader in
            let standing = try #require(try reader.standing(of: home))
            var held = SpaceKeys()
            for epoch in 1...standing.rights.keyEpoch {
                guard let wrapped = standing.rights.wrappedKey(for: keys.device, epoch: epoch) else { continue }
                held[home, epoch] = try SpaceKey(opening: wrapped, with: keys.sealing, space: home, epoch: epoch)
            }
            var count = 0
            for stored in try reader.entries(of: home, from: 0, maxBytes: .max) {
                let entry = try Entry(decoding: stored.bytes)
                guard entry.kind == .change, case let change = try Change(decoding: entry.content),
                    let key = held.key(of: change),
                    let (edits, _) = try? SealedSpace.open(change, payload: stored.payload ?? [], key: key)
                else { continue }
                count += edits.count { $0.kind == "annotation" }
            }
            return count
        }
    }

    @Test("What is written after the revocation is not for the device that was revoked, and everybody else reads all of it")
    func revoked() throws {
        let sides = try TwoSides()
        let (lost, other) = (try sides.further(21), try sides.further(22))
        try note("before", sides.customer)
        for workspace in [sides.customer, lost, other] { try sides.sync(workspace) }
        try #expect(notes(lost) == ["before"] && readable(by: lost, sides) == 1)
        try sides.customer.revoke(try #require(lost.keys).device)
        try sides.sync(sides.customer)
        let home = try #require(try sides.customer.store.read { try $0.identity().home })
        #expect(try sides.standing(home, sides.customer)?.rights.keyEpoch == 2)
        try note("after", sides.customer)
        try sides.sync(sides.customer)
        try sides.sync(other)
        try note("theirs", other)
        for workspace in [other, sides.customer] { try sides.sync(workspace) }
        try #expect(readable(by: lost, sides) == 1)
        for workspace in [sides.customer, other] {
            try #expect(notes(workspace) == ["after", "before", "theirs"])
            #expect(try workspace.proveRecords(repairing: false).isEmpty)
        }
        // Once is enough: nothing more is said.
        let size = try sides.standing(home, sides.customer)?.size
        try sides.sync(sides.customer)
        #expect(try sides.standing(home, sides.customer)?.size == size)
    }

    @Test("However full its organisation is, the next key comes with the revocation")
    func full() throws {
        let sides = try TwoSides()
        let (lost, other) = (try sides.further(23), try sides.further(24))
        for workspace in [sides.customer, lost, other] { try sides.sync(workspace) }
        let (organisation, home) = try sides.customer.store.read { reader in
            (try reader.identity().organisation, try #require(try reader.identity().home))
        }
        #expect(try sides.store.write { try Operating.setQuota(1, of: organisation, $0) })
        try sides.customer.revoke(try #require(lost.keys).device)
        try sides.sync(sides.customer)
        #expect(try sides.standing(home, sides.customer)?.rights.keyEpoch == 2)
        // Nothing else passes.
        try note("after", sides.customer)
        #expect(try sides.sync(sides.customer).waiting.map(\.code) == [.quota])
    }

    @Test("A next key that leaves another one due passes no full quota: it could be said for ever")
    func dueAgain() throws {
        let sides = try TwoSides()
        let (lost, writer) = (try sides.further(28), try sides.further(29))
        let (own, other) = (try #require(sides.customer.keys), try #require(writer.keys))
        try sides.customer.set([.read, .write], of: other.device)
        for workspace in [sides.customer, lost, writer] { try sides.sync(workspace) }
        let (organisation, home) = try sides.customer.store.read { reader in
            (try reader.identity().organisation, try #require(try reader.identity().home))
        }
        #expect(try sides.store.write { try Operating.setQuota(1, of: organisation, $0) })
        try sides.customer.revoke(try #require(lost.keys).device)
        var verdict: Verdict?
        sides.intercept = { [unowned sides] request in
            guard verdict == nil, request.method == .statement,
                try StatementRequest(decoding: request.body).statements.contains(where: { try Statement(decoding: $0.bytes).space != nil })
            else { return nil }
            let rights = try #require(try sides.store.read { try $0.standing(of: home) }).rights
            var random = SeededRandom(seed: 30)
            // Nobody would have it who could give it to the rest.
            let act = try Statement.Act.giving(
                SpaceKey(epoch: 2, random: &random), to: [(other.device, other.sealing.publicKey)], space: home)
            let word = StatementAuthor(organisation: organisation, key: own.signing).sign(
                act, after: rights.head(ofOwnChain: organisation), about: home, time: 0)
            let request = OutgoingRequest(
                method: .statement, body: StatementRequest(statements: [word]).encoded(), token: request.token)
            if case .answer(let bytes) = try sides.honest(request) { verdict = try StatementRequest.Answer(decoding: bytes).verdicts.first }
            return nil
        }
        try sides.sync(sides.customer)
        #expect(verdict == .refused(.quota, detail: nil))
        #expect(try sides.standing(home, sides.customer)?.rights.keyEpoch == 2)
    }

    @Test("A device that has lost the right to read gets no key, and no other until it may read again")
    func unread() throws {
        let sides = try TwoSides()
        let (closed, other) = (try sides.further(25), try sides.further(26))
        let device = try #require(closed.keys).device
        for workspace in [sides.customer, closed, other] { try sides.sync(workspace) }
        let home = try #require(try sides.customer.store.read { try $0.identity().home })
        func rights() throws -> SpaceRights { try #require(try sides.standing(home, sides.customer)).rights }
        try sides.customer.set([.write], of: device)
        try sides.sync(sides.customer)
        #expect(try rights().keyEpoch == 2)
        #expect(try rights().wrappedKey(for: device, epoch: 2) == nil)
        try note("after", sides.customer)
        for workspace in [sides.customer, other] { try sides.sync(workspace) }
        try #expect(readable(by: closed, sides) == 0 && notes(other) == ["after"])
        // Once is enough.
        #expect(try rights().keyEpoch == 2)
        // Other rights that come and go begin no key, and the right to read brings back what was written meanwhile.
        try sides.customer.set([.read], of: device)
        for workspace in [sides.customer, closed] { try sides.sync(workspace) }
        try #expect(rights().keyEpoch == 2 && notes(closed) == ["after"])
        try sides.customer.set([.read, .write], of: device)
        try sides.sync(sides.customer)
        #expect(try rights().keyEpoch == 2)
    }

    @Test("A device enrolled without the right to read is given no key")
    func enrolledUnread() throws {
        let sides = try TwoSides()
        let keys = DeviceKeys(drawnBy: 27)
        let organisation = try sides.customer.store.read { try $0.identity().organisation }
        let home = try #require(try sides.customer.store.read { try $0.identity().home })
        try sides.customer.enrol(keys, as: "writer", [.write])
        for _ in 0..<2 { try sides.sync(sides.customer) }
        let rights = try #require(try sides.standing(home, sides.customer)).rights
        #expect(rights.chain(of: organisation)?.devices[keys.device] != nil)
        #expect(rights.keyEpoch == 1 && rights.wrappedKey(for: keys.device, epoch: 1) == nil)
    }

    @Test("A device that comes after it reads what was written before and after")
    func later() throws {
        let sides = try TwoSides()
        let lost = try sides.further(31)
        try note("before", sides.customer)
        try sides.sync(sides.customer)
        try sides.customer.revoke(try #require(lost.keys).device)
        try sides.sync(sides.customer)
        try note("after", sides.customer)
        try sides.sync(sides.customer)
        let new = try sides.further(32)
        try sides.sync(sides.customer)
        try sides.sync(new)
        try #expect(notes(new) == ["after", "before"])
        #expect(try new.proveRecords(repairing: false).isEmpty)
    }

    @Test("Two admins that hear of it at once end with one new key, whoever comes first")
    func together() throws {
        let sides = try TwoSides()
        let (lost, other) = (try sides.further(41), try sides.further(42))
        try sides.sync(sides.customer)
        try sides.customer.revoke(try #require(lost.keys).device)
        var isFirst = true
        sides.intercept = { [unowned sides] request in
            guard isFirst, request.method == .statement,
                try StatementRequest(decoding: request.body).statements.contains(where: { try Statement(decoding: $0.bytes).space != nil })
            else { return nil }
            isFirst = false
            sides.intercept = { _ in nil }
            try sides.sync(other)
            return nil
        }
        for workspace in [sides.customer, other, sides.customer] { try sides.sync(workspace) }
        let home = try #require(try sides.customer.store.read { try $0.identity().home })
        #expect(!isFirst)
        #expect(try sides.standing(home, sides.customer)?.rights.keyEpoch == 2)
        try note("after", other)
        for workspace in [other, sides.customer] { try sides.sync(workspace) }
        try #expect(notes(sides.customer) == ["after"] && readable(by: lost, sides) == 0)
    }

    @Test("Nobody gives up its own rights while it alone has the keys that the other admins wait for")
    func keysNotGiven() throws {
        let sides = try TwoSides()
        try note("before", sides.customer)
        try sides.sync(sides.customer)
        let own = try #require(sides.customer.keys).device
        let home = try #require(try sides.customer.store.read { try $0.identity().home })
        let keys = DeviceKeys(drawnBy: 51)
        try sides.customer.enrol(keys, as: "next")
        #expect(throws: DeviceFault.keyNotGiven(home)) { try sides.customer.revoke(own) }
        #expect(throws: DeviceFault.keyNotGiven(home)) { try sides.customer.set([.read, .write], of: own) }
        try sides.customer.set([.read, .write, .admin], of: own)
        // The sync after the enrolment gives them.
        try sides.sync(sides.customer)
        try sides.customer.revoke(own)
    }

    @Test("What follows on a refused change waits for it: nobody else could tell in a sealed space, and all would pass over it")
    func followers() throws {
        let sides = try TwoSides()
        let other = try sides.further(61)
        let device = try #require(other.keys).device
        let home = try #require(try other.store.read { try $0.identity().home })
        try note("first", other)
        let record = try #require(try other.store.read { try $0.records(of: "annotation", in: home, after: nil, limit: 1).first }).id
        _ = try other.commit(
            [RecordDraft(record: record, kind: "annotation", cells: [CellKey("text"): .text("second")])], in: home)
        try sides.customer.set([.read], of: device)
        try sides.sync(sides.customer)
        try sides.sync(other)
        let refused = try other.store.read { try $0.outbox(of: home) }
        #expect(refused.map(\.code) == [.noRight, .noRight])

        try sides.customer.set(.all, of: device)
        try sides.sync(sides.customer)
        _ = try other.retry(refused.suffix(1).map(\.number))
        for workspace in [other, sides.customer, other] { try sides.sync(workspace) }
        let waiting = try other.store.read { try $0.outbox(of: home) }
        #expect(waiting.map(\.list) == [.rejected, .waiting])
        #expect(waiting.last?.code == .unknownPredecessor)
        try #expect(notes(sides.customer).isEmpty)

        _ = try other.retry(refused.prefix(1).map(\.number))
        for workspace in [other, sides.customer, other] { try sides.sync(workspace) }
        try #expect(notes(sides.customer) == ["second"] && notes(other) == ["second"])
        #expect(try other.store.read { try $0.outbox(of: home) }.isEmpty)
    }

    @Test("What was said of a space after a word that is refused is said again after what was taken")
    func saidAgain() throws {
        let sides = try TwoSides()
        for text in ["stays", "goes"] { try note(text, sides.customer) }
        try sides.sync(sides.customer)
        let home = try #require(try sides.customer.store.read { try $0.identity().home })
        let keys = DeviceKeys(drawnBy: 71)
        // The key that is prepared for it here is refused, since it is revoked by then.
        try sides.customer.enrol(keys, as: "lost")
        try sides.customer.store.write { transaction in
            let records = try transaction.records(of: "annotation", in: home, after: nil, limit: .max)
            let record = try #require(records.first { $0.shown.text("text") == "goes" }).id
            let plan = try sides.customer.erasurePlan(of: "text", element: nil, of: record, in: home, transaction)
            try sides.customer.erase(plan, transaction)
        }
        try sides.customer.revoke(keys.device)
        for _ in 0..<3 { try sides.sync(sides.customer) }
        let new = try sides.further(72)
        for workspace in [sides.customer, new] { try sides.sync(workspace) }
        try #expect(notes(sides.customer) == ["stays"] && notes(new) == ["stays"])
    }
}
