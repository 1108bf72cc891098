import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Records
import Replica
import Storage
import Syncing
import Testing
import TestKit

@Suite("A value that is erased")
struct ErasureTests {
    private static let secret = "Taro Yamada, 090-1234-5678"

    /// A comment of the customer with the value, one of the provider and one that stays.
    func scene() throws -> (TwoSides, RecordID) {
        let sides = try TwoSides()
        try sides.comment("one", Self.secret, "two", as: sides.customer)
        try sides.sync(sides.customer)
        try sides.comment("theirs", as: sides.provider)
        try sides.sync(sides.provider)
        try sides.sync(sides.customer)
        return (sides, try comment(Self.secret, sides))
    }

    func comment(_ text: String, _ sides: TwoSides) throws -> RecordID {
        let all = try sides.store.read { try $0.records(of: "comment", in: sides.engagement, after: nil, limit: .max) }
        return try #require(all.first { $0.shown.text("text") == text }).id
    }

    func erase(_ record: RecordID, _ sides: TwoSides, as workspace: Workspace, field: String = "text", in space: SpaceID? = nil)
        throws
    {
        try workspace.store.write { transaction in
            let plan = try workspace.erasurePlan(
                of: field, element: nil, of: record, in: space ?? sides.engagement, transaction)
            try workspace.erase(plan, transaction)
        }
    }

    func holds(_ store: some SpaceStore, _ text: String = secret) throws -> Bool {
        let memory = try #require(store as? MemoryStore)
        let wanted = Array(text.utf8)
        return memory.heldBytes.contains { $0.contains(wanted) }
    }

    func expectGone(_ sides: TwoSides, _ location: SourceLocation = #_sourceLocation) throws {
        try #expect(!holds(sides.store) && !holds(sides.customer.store) && !holds(sides.provider.store), sourceLocation: location)
        try #expect(sides.store.read { try LogRebuild.check(sides.engagement, $0) }.isEmpty, sourceLocation: location)
        #expect(sides.store.violations.isEmpty, sourceLocation: location)
        for workspace in [sides.customer, sides.provider] {
            try #expect(workspace.proveRecords(repairing: false).isEmpty, sourceLocation: location)
            for stored in try sides.store.read({ try $0.records(of: "comment", in: sides.engagement, after: nil, limit: .max) }) {
                let here = try workspace.store.read { try $0.record(stored.id, in: sides.engagement) }
                #expect(here?.encoded() == stored.shown.encoded(), sourceLocation: location)
            }
        }
    }

    @Test("It is gone from the server and both sides, its head stays, and everything still verifies")
    func erased() throws {
        let (sides, record) = try scene()
        try #expect(holds(sides.store) && holds(sides.provider.store))
        try erase(record, sides, as: sides.customer)
        let report = try sides.sync(sides.customer)
        #expect(report.rejected.isEmpty && report.frozen.isEmpty)
        try sides.sync(sides.provider)
        try expectGone(sides)
        let state = try #require(try sides.provider.store.read { try $0.record(record, in: sides.engagement) })
        #expect(state.state(of: "text")?.isSettled == true && state[CellKey("text")]?.isErased == true && state.isAlive)
        try #expect(sides.comments(sides.provider) == ["one", "theirs", "two"])
    }

    @Test("Whoever reads the log from its beginning gets it without, page by page")
    func fresh() throws {
        let (sides, record) = try scene()
        try erase(record, sides, as: sides.customer)
        try sides.sync(sides.customer)
        _ = try sides.provider.refetch(sides.engagement)
        // One entry a page: what is missing is named many pages further on.
        sides.intercept = { request in
            guard request.method == .pull else { return nil }
            let pull = try PullRequest(decoding: request.body)
            let small = PullRequest(space: pull.space, epoch: pull.epoch, size: pull.size, root: pull.root, maxBytes: 1)
            return try sides.honest(OutgoingRequest(method: .pull, body: small.encoded(), token: request.token))
        }
        let report = try sides.sync(sides.provider)
        #expect(report.frozen.isEmpty)
        try expectGone(sides)
    }

    @Test("Only the organisation whose record it is may say so, and never whether a record lives")
    func others() throws {
        let (sides, record) = try scene()
        #expect(throws: ErasureFault.notOwn(try sides.customer.store.read { try $0.identity().organisation })) {
            try erase(record, sides, as: sides.provider)
        }
        #expect(throws: ErasureFault.keyField("@life")) { try erase(record, sides, as: sides.customer, field: "@life") }
        let standing = try #require(try sides.standing(sides.engagement, sides.provider))
        let state = try #require(try sides.store.read { try $0.record(record, in: sides.engagement) })
        func say(_ op: OpID, as workspace: Workspace) throws -> Verdict {
            let organisation = try workspace.store.read { try $0.identity().organisation }
            let key = try #require(workspace.keys).signing
            let word = StatementAuthor(organisation: organisation, key: key).sign(
                .erase([ErasedOps(op.change, [op.index])]), after: standing.rights.head(ofOwnChain: organisation), about: sides.engagement,
                time: 1)
            let answer = try sides.ask(StatementRequest(statements: [word]), token: sides.signIn(workspace))
            return try #require(answer.verdicts.first)
        }
        let text = try #require(state[CellKey("text")]?.heads.first?.op)
        let life = try #require(state[.life]?.heads.first?.op)
        #expect(try say(text, as: sides.provider) == .refused(Refusal(.notOwner, "record")))
        #expect(try say(life, as: sides.customer) == .refused(Refusal(.invalid, "erase")))
        #expect(try say(OpID(text.change, 400), as: sides.customer) == .refused(Refusal(.invalid, "erase")))
        try #expect(holds(sides.store))
    }

    @Test("The old payload is never taken again: pushed once more, it is known already")
    func pushedAgain() throws {
        let (sides, record) = try scene()
        let change = try #require(
            try sides.store.read { try $0.record(record, in: sides.engagement)?[CellKey("text")]?.heads.first?.op.change })
        let place = try #require(try sides.store.read { try $0.place(of: change, in: sides.engagement) })
        let stored = try #require(
            try sides.store.read { try $0.entries(of: sides.engagement, from: place.position, maxBytes: 1) }.first)
        let entry = try Entry(decoding: stored.bytes)
        let old = SignedChange(bytes: entry.content, signature: try #require(entry.signature), payload: try #require(stored.payload))
        try erase(record, sides, as: sides.customer)
        try sides.sync(sides.customer)
        let answer = try sides.ask(
            PushRequest(space: sides.engagement, changes: [old], held: nil), token: sides.signIn(sides.customer))
        #expect(answer.verdicts == [.duplicate(position: stored.position)])
        try sides.sync(sides.provider)
        try expectGone(sides)
    }

    @Test("What the field held before goes with what it holds now, and an outbox that would bring it back is emptied first")
    func history() throws {
        let sides = try TwoSides()
        let organisation = try sides.customer.store.read { try $0.identity().organisation }
        let record = RecordID.natural(space: sides.engagement, kind: "party", key: [.bytes(organisation.bytes)])
        for name in ["Kaisha Tanaka", "Kaisha Suzuki"] {
            _ = try sides.customer.commit(
                [
                    RecordDraft(
                        record: record, kind: "party", cells: [CellKey("registrationNumber"): .text(name)],
                        key: [("org", .bytes(organisation.bytes))])
                ], in: sides.engagement)
            if name == "Kaisha Suzuki" {
                #expect(throws: ErasureFault.waiting(1)) { try erase(record, sides, as: sides.customer, field: "registrationNumber") }
            }
            try sides.sync(sides.customer)
        }
        try sides.sync(sides.provider)
        try erase(record, sides, as: sides.customer, field: "registrationNumber")
        try sides.sync(sides.customer)
        try sides.sync(sides.provider)
        for store in [sides.store, sides.customer.store, sides.provider.store] as [any SpaceStore] {
            let memory = try #require(store as? MemoryStore)
            for name in ["Kaisha Tanaka", "Kaisha Suzuki"] { #expect(!memory.heldBytes.contains { $0.contains(Array(name.utf8)) }) }
        }
        #expect(throws: ErasureFault.nothing) { try erase(record, sides, as: sides.customer, field: "registrationNumber") }
        // The field is written anew like any other.
        _ = try sides.customer.commit(
            [RecordDraft(record: record, kind: "party", cells: [CellKey("registrationNumber"): .text("T1")])], in: sides.engagement)
        #expect(try sides.sync(sides.customer).rejected.isEmpty)
    }

    @Test("A legal order erases in the server's own name, with its reference in the log")
    func order() throws {
        let (sides, record) = try scene()
        let ops = try sides.store.read { try $0.standingOps(on: "text", element: nil, of: record, in: sides.engagement) }
        let place = try sides.store.write { try sides.registrar.erase(ops, in: sides.engagement, reference: "2026 (wa) 123", at: 1, $0) }
        sides.mark.advance([sides.engagement: place], chains: [:])
        try sides.sync(sides.customer)
        try sides.sync(sides.provider)
        try expectGone(sides)
        let last = try #require(
            try sides.customer.store.read { try $0.entries(of: sides.engagement, from: place.size - 1, maxBytes: 1) }.first)
        let word = try ServerStatement(decoding: Entry(decoding: last.bytes).content)
        #expect(word.act == .erase(ops, reference: "2026 (wa) 123"))
    }

    // MARK: after a loss

    /// A server that comes back as it was before the value was written, or between that and its erasure.
    @Test("After a loss the erasure comes back with its proof, and the value with nobody", arguments: [false, true])
    func restored(holdsValue: Bool) throws {
        let sides = try TwoSides()
        try sides.comment("one", as: sides.customer)
        try sides.sync(sides.customer)
        var backup = sides.store.clone()
        try sides.comment(Self.secret, "two", as: sides.customer)
        try sides.sync(sides.customer)
        if holdsValue { backup = sides.store.clone() }
        try erase(try comment(Self.secret, sides), sides, as: sides.customer)
        try sides.sync(sides.customer)
        try sides.restart(on: backup)
        try #expect(holds(sides.store) == holdsValue)
        let report = try sides.sync(sides.customer)
        #expect(report.fellBack.isEmpty && report.restoredThere[sides.engagement] ?? 0 > 0)
        try sides.sync(sides.provider)
        try expectGone(sides)
    }

    enum Blanking: CaseIterable { case noProof, proofOfAnother, otherPath, moreThanNamed }

    @Test("Whoever leaves values out that nobody has erased gives nothing back", arguments: Blanking.allCases)
    func blanked(_ blanking: Blanking) throws {
        let sides = try TwoSides()
        let backup = sides.store.clone()
        try sides.comment("one", Self.secret, "two", as: sides.customer)
        try sides.sync(sides.customer)
        let (other, kept) = (try comment(Self.secret, sides), try comment("one", sides))
        try erase(other, sides, as: sides.customer)
        try sides.sync(sides.customer)
        let held = try #require(try sides.standing(sides.engagement, sides.customer)).size
        let victim = try #require(
            try sides.customer.store.read {
                try $0.record(blanking == .moreThanNamed ? other : kept, in: sides.engagement)?[.life]?.heads.first?.op.change
            })
        try sides.restart(on: backup)
        sides.intercept = { request in
            guard request.method == .replay else { return nil }
            let page = try ReplayRequest(decoding: request.body)
            var erasures = page.erasures
            switch blanking {
            case .noProof: erasures = []
            case .proofOfAnother, .moreThanNamed: break
            case .otherPath: erasures = erasures.map { ProvenEntry(position: $0.position, entry: $0.entry, path: [SHA.empty]) }
            }
            let blanked = ReplayRequest(
                space: page.space, from: page.from,
                entries: try page.entries.map { carried in
                    guard let entry = try? Entry(decoding: carried.entry), entry.kind == .change, let payload = carried.payload,
                        try Change(decoding: entry.content).id == victim
                    else { return carried }
                    return CarriedEntry(
                        entry: carried.entry, payload: ValuesRoot.erasing([0, 1, 2], from: try Payload(decoding: payload)).encoded())
                }, note: page.note, proof: page.proof, erasures: erasures)
            return try sides.honest(OutgoingRequest(method: .replay, body: blanked.encoded(), token: request.token))
        }
        _ = try? sides.sync(sides.customer)
        try #expect(sides.store.read { try $0.standing(of: sides.engagement)?.size ?? 0 } < held)
        // The honest one finds everything as it was left.
        sides.intercept = { _ in nil }
        try sides.sync(sides.customer)
        try sides.sync(sides.provider)
        try expectGone(sides)
        try #expect(sides.comments(sides.provider).contains("one"))
    }

    @Test("In a new epoch the word that erased comes first, and then what lacks its value")
    func salvaged() throws {
        let sides = try TwoSides()
        let backup = sides.store.clone()
        try sides.comment("one", Self.secret, "two", as: sides.customer)
        try sides.sync(sides.customer)
        try sides.sync(sides.provider)
        // The provider has all of it whole and does not hear of the erasure in time.
        try erase(try comment(Self.secret, sides), sides, as: sides.customer)
        try sides.sync(sides.customer)
        try sides.restart(on: backup)
        try sides.reopen()
        for _ in 0..<2 {
            for workspace in [sides.customer, sides.provider] {
                let report = try sides.sync(workspace)
                #expect(report.frozen.isEmpty && report.denied.isEmpty)
            }
        }
        try sides.sync(sides.customer)
        try expectGone(sides)
        try #expect(sides.comments(sides.provider) == ["one", "two"])
        for workspace in [sides.provider, sides.customer] { try #expect(workspace.store.read { try $0.orphans(of: nil) }.isEmpty) }
    }

    @Test("One who salvages it whole brings nothing back, and one who blanks what nobody erased is refused")
    func salvagedOtherwise() throws {
        let sides = try TwoSides()
        let backup = sides.store.clone()
        try sides.comment("one", Self.secret, as: sides.customer)
        try sides.sync(sides.customer)
        try sides.sync(sides.provider)
        try erase(try comment(Self.secret, sides), sides, as: sides.customer)
        try sides.sync(sides.customer)
        try sides.restart(on: backup)
        try sides.reopen()
        // The provider comes first, with the value; the erasure follows.
        try sides.sync(sides.provider)
        try sides.sync(sides.customer)
        try sides.sync(sides.provider)
        try expectGone(sides)
    }

    @Test("What followed on a word that was said otherwise in the new epoch is said again after that, and the value stays away")
    func stranded() throws {
        let sides = try TwoSides()
        try sides.comment("one", Self.secret, "two", as: sides.customer)
        try sides.sync(sides.customer)
        try sides.sync(sides.provider)
        let backup = sides.store.clone()
        let (first, second) = (try comment("one", sides), try comment(Self.secret, sides))
        // A copy of the customer's store, which hears of neither erasure.
        let old = try #require(sides.customer.store as? MemoryStore)
        let copy = Workspace(store: old.clone(), clock: sides.clock, random: sides.random, keys: sides.customer.keys)
        for record in [first, second] {
            try erase(record, sides, as: sides.customer)
            try sides.sync(sides.customer)
        }
        try sides.restart(on: backup)
        try sides.reopen()
        try sides.sync(copy)
        try erase(first, sides, as: copy)
        try sides.sync(copy)
        // The first of the two is done, by another word than the one on which the second followed.
        for workspace in [sides.customer, sides.customer, sides.provider, copy] {
            let report = try sides.sync(workspace)
            #expect(report.frozen.isEmpty && report.denied.isEmpty)
        }
        try expectGone(sides)
        try #expect(!holds(copy.store))
        try #expect(sides.comments(sides.provider) == ["two"])
        for workspace in [sides.customer, copy] { try #expect(workspace.store.read { try $0.orphans(of: nil) }.isEmpty) }
    }

    // MARK: sealed

    @Test("A note in a sealed space goes with its whole payload, what stood beside it is written anew")
    func sealed() throws {
        let sides = try TwoSides()
        let home = try #require(try sides.customer.store.read { try $0.identity().home })
        let row = RecordID.timeOrdered(millis: 1, random: Nonce(high: 7, low: 7))
        let note = sides.customer.note(on: row, text: Self.secret, label: "private")
        let committed = try sides.customer.commit([note], in: home)
        try sides.sync(sides.customer)
        try erase(try #require(committed.records.first), sides, as: sides.customer, in: home)
        #expect(try sides.sync(sides.customer).rejected.isEmpty)
        try sides.sync(sides.customer)
        let state = try #require(try sides.customer.store.read { try $0.record(note.record, in: home) })
        #expect(state[CellKey("text")]?.isErased == true && state.text("label") == "private" && state.isAlive)
        #expect(state.value("row") == .bytes(row.bytes))
        try #expect(!holds(sides.customer.store))
        try #expect(sides.store.read { try LogRebuild.check(home, $0) }.isEmpty)
        #expect(try sides.customer.proveRecords(repairing: false).isEmpty)
        // Whoever reads it all again comes to the same.
        _ = try sides.customer.refetch(home)
        #expect(try sides.sync(sides.customer).frozen.isEmpty)
        try #expect(sides.customer.store.read { try $0.record(note.record, in: home) }?.encoded() == state.encoded())
    }
}
