import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Replica
import Storage
import Syncing
import Testing
import TestKit

@Suite("A server that has lost the end of its logs")
struct RecoveryTests {
    /// A server with two comments, a copy of its disk, and two more comments.
    func scene() throws -> (TwoSides, backup: MemoryStore) {
        let sides = try TwoSides()
        try sides.comment("one", "two", as: sides.customer)
        try sides.sync(sides.customer)
        let backup = sides.store.clone()
        try sides.comment("three", as: sides.customer)
        try sides.sync(sides.customer)
        return (sides, backup)
    }

    func entries(_ store: some SpaceStore, _ space: SpaceID) throws -> [StoredEntry] {
        try store.read { try $0.entries(of: space, from: 0, maxBytes: .max) }
    }

    func expectWhole(_ sides: TwoSides, _ comments: [String], location: SourceLocation = #_sourceLocation) throws {
        let held = try entries(sides.store, sides.engagement)
        for workspace in [sides.provider, sides.customer] {
            try #expect(entries(workspace.store, sides.engagement) == held, sourceLocation: location)
            try #expect(sides.comments(workspace) == comments, sourceLocation: location)
            for state in try sides.store.read({ try $0.records(of: "comment", in: sides.engagement, after: nil, limit: .max) }) {
                let here = try workspace.store.read { try $0.record(state.id, in: sides.engagement) }
                #expect(here?.encoded() == state.shown.encoded(), sourceLocation: location)
            }
        }
        try #expect(sides.store.read { try LogRebuild.check(sides.engagement, $0) }.isEmpty, sourceLocation: location)
        #expect(sides.store.violations.isEmpty, sourceLocation: location)
    }

    @Test("It is given back what it had signed, byte for byte, by whoever syncs first, and nobody is told of anything lost")
    func restored() throws {
        let (sides, backup) = try scene()
        let before = try entries(sides.store, sides.engagement)
        try sides.restart(on: backup)
        try #expect(entries(sides.store, sides.engagement).count == before.count - 1)
        let report = try sides.sync(sides.customer)
        #expect(report.restoredThere == [sides.engagement: 1] && report.fellBack.isEmpty && report.reopened.isEmpty)
        try #expect(entries(sides.store, sides.engagement) == before)
        // It is a server like any other again.
        try sides.comment("four", as: sides.provider)
        let second = try sides.sync(sides.provider)
        #expect(second.sentChanges == 1 && second.fellBack.isEmpty)
        try sides.sync(sides.customer)
        try expectWhole(sides, ["four", "one", "three", "two"])
    }

    @Test("A device that is only entering while statements are lost is told to wait, and is in once others have given them back")
    func entering() throws {
        let sides = try TwoSides()
        let organisation = try sides.customer.store.read { try $0.identity().organisation }
        var draw = SeededRandom(seed: 81)
        func enrolled(_ label: String) throws -> DeviceKeys {
            let keys = DeviceKeys(random: &draw)
            try sides.customer.enrol(keys, as: label)
            try sides.sync(sides.customer)
            return keys
        }
        let keys = try enrolled("second")
        let backup = sides.store.clone()
        _ = try enrolled("third")
        try sides.restart(on: backup)
        let store = MemoryStore(indexing: StateIndexing())
        try Workspace.enter(organisation: organisation, serverAddress: "https://sync.example", keys: keys, store: store)
        let entering = Workspace(store: store, clock: sides.clock, random: sides.random, keys: keys)
        #expect {
            try sides.sync(entering)
        } throws: { error in
            guard case .refused(.heads, .recovering?, _, _)? = error as? SyncFault else { return false }
            return true
        }
        try sides.sync(sides.customer)
        try sides.sync(entering)
        try entering.settleIdentity()
        #expect(try store.read { try $0.identity().home } != nil)
    }

    @Test("What waited to be sent goes in the same sync")
    func outbox() throws {
        let (sides, backup) = try scene()
        try sides.restart(on: backup)
        try sides.comment("four", as: sides.customer)
        let report = try sides.sync(sides.customer)
        #expect(report.restoredThere == [sides.engagement: 1] && report.sentChanges == 1)
        try sides.sync(sides.provider)
        try expectWhole(sides, ["four", "one", "three", "two"])
    }

    @Test("Whoever holds less than was lost changes nothing; the space waits for one who holds it")
    func less() throws {
        let (sides, backup) = try scene()
        try sides.sync(sides.provider)
        try sides.comment("four", as: sides.customer)
        try sides.sync(sides.customer)
        try sides.restart(on: backup)
        let first = try sides.sync(sides.provider)
        #expect(first.restoredThere == [sides.engagement: 1] && first.fellBack == [sides.engagement])
        #expect(try sides.sync(sides.provider).fellBack == [sides.engagement])
        let second = try sides.sync(sides.customer)
        #expect(second.restoredThere == [sides.engagement: 1] && second.fellBack.isEmpty)
        try sides.sync(sides.provider)
        try expectWhole(sides, ["four", "one", "three", "two"])
    }

    @Test("An engagement that began after the backup comes back from its genesis, and both may read it")
    func missing() throws {
        let sides = try TwoSides()
        let backup = sides.store.clone()
        let second = try sides.invited()
        try sides.sync(sides.customer)
        try sides.sync(sides.provider)
        let before = try entries(sides.store, second)
        try sides.restart(on: backup)
        try #expect(entries(sides.store, second).isEmpty)
        #expect(try sides.sync(sides.customer).restoredThere == [second: before.count])
        try #expect(entries(sides.store, second) == before)
        let report = try sides.sync(sides.provider)
        #expect(report.fellBack.isEmpty && report.unreachable.isEmpty)
    }

    @Test("Once its operator has said that the rest is lost, a new epoch begins, and what a replica kept goes into it with its proof")
    func reopened() throws {
        let (sides, backup) = try scene()
        // Another one's change on top, which the customer has not seen; and one that waits at the provider.
        try sides.sync(sides.provider)
        try sides.comment("four", as: sides.provider)
        try sides.sync(sides.provider)
        try sides.comment("five", as: sides.provider)
        try sides.restart(on: backup)
        let reopening = try sides.reopen()
        #expect(reopening.lost == 2 && reopening.cut == 0 && reopening.ended.epoch == 0)
        // The customer held one of the two.
        let first = try sides.sync(sides.customer)
        #expect(first.reopened.map(\.lost) == [1] && first.salvaged == [sides.engagement: 1])
        #expect(first.fellBack.isEmpty && first.denied.isEmpty && first.frozen.isEmpty)
        let second = try sides.sync(sides.provider)
        #expect(second.reopened.map(\.lost) == [2] && second.salvaged == [sides.engagement: 1] && second.sentChanges == 1)
        try sides.sync(sides.customer)
        try expectWhole(sides, ["five", "four", "one", "three", "two"])
        let kinds = try entries(sides.store, sides.engagement).suffix(4).map { try Entry(decoding: $0.bytes).kind }
        #expect(kinds == [.server, .salvaged, .salvaged, .change])
        for workspace in [sides.provider, sides.customer] { try #expect(workspace.store.read { try $0.orphans(of: nil) }.isEmpty) }
        #expect(try sides.standing(sides.engagement, sides.customer)?.epoch == 1)
    }

    @Test("A log may be lost a second time: what was salvaged comes again with its first proof")
    func twice() throws {
        let (sides, backup) = try scene()
        try sides.sync(sides.provider)
        for epoch in 1...2 {
            try sides.restart(on: backup.clone())
            let reopening = try sides.reopen()
            #expect(reopening.place.epoch == epoch)
            try sides.comment("epoch \(epoch)", as: sides.customer)
            #expect(try sides.sync(sides.customer).denied.isEmpty)
            #expect(try sides.sync(sides.provider).denied.isEmpty)
        }
        try sides.sync(sides.customer)
        try expectWhole(sides, ["epoch 1", "epoch 2", "one", "three", "two"])
    }

    @Test("What an earlier epoch had beyond its cut does not come back as if it had been lost with a later one")
    func givenUp() throws {
        let (sides, backup) = try scene()
        let old = try #require(sides.customer.store as? MemoryStore)
        let offline = Workspace(store: old.clone(), clock: sides.clock, random: sides.random, keys: sides.customer.keys)
        try sides.restart(on: backup.clone())
        try sides.reopen()
        try sides.comment("after the loss", as: sides.provider)
        try sides.sync(sides.provider)
        try sides.restart(on: backup.clone())
        // The disk was lost again; who has been away since before the first loss syncs first.
        let report = try sides.sync(offline)
        #expect(report.restoredThere.isEmpty && report.fellBack == [sides.engagement])
        let second = try sides.sync(sides.provider)
        #expect(second.restoredThere[sides.engagement] ?? 0 > 0 && second.denied.isEmpty && second.fellBack.isEmpty)
        try sides.sync(sides.customer)
        try sides.sync(sides.provider)
        try expectWhole(sides, ["after the loss", "one", "three", "two"])
    }

    @Test("A server that dies between an epoch's beginning and its mark begins with it, however little was lost")
    func diedBeforeMark() throws {
        let (sides, backup) = try scene()
        try sides.restart(on: backup)
        let registrar = sides.registrar
        let reopening = try sides.store.write { try registrar.reopen(sides.engagement, at: 1, $0) }
        #expect(reopening.lost == 1)
        try sides.restart(on: sides.store)
        #expect(try sides.store.read { try FallenBack.reconcile($0, with: sides.mark) }.isEmpty)
        #expect(sides.mark.place(of: sides.engagement) == reopening.place)
        #expect(try sides.sync(sides.customer).salvaged == [sides.engagement: 1])
        try sides.sync(sides.provider)
        try expectWhole(sides, ["one", "three", "two"])
    }

    @Test("Whatever stood behind an epoch's beginning when its server died unmarked, a backup from before is cut where the log was")
    func diedBeforeMarkWithMore() throws {
        let (sides, backup) = try scene()
        try sides.restart(on: backup)
        let registrar = sides.registrar
        let reopening = try sides.store.write { try registrar.reopen(sides.engagement, at: 1, $0) }
        let marks = sides.mark.places()
        // More was committed with it than its beginning, and none of it was marked.
        let other = MemoryMark()
        other.advance(marks, chains: sides.mark.chains())
        try sides.sync(sides.customer)
        let standing = try #require(try sides.store.read { try $0.standing(of: sides.engagement) })
        #expect(standing.size > reopening.place.size)
        #expect(try sides.store.read { try FallenBack.reconcile($0, with: other) }.isEmpty)
        let history = other.history(of: sides.engagement)
        #expect(history.contains(reopening.beginning) && history.last == MarkedPlace(standing))
        #expect(history.first { $0.epoch == standing.epoch } == reopening.beginning)
    }

    @Test("A server that speaks of another epoch and cannot show the log's own word for it takes nothing from anybody")
    func pretended() throws {
        let (sides, _) = try scene()
        try sides.sync(sides.provider)
        let before = try entries(sides.provider.store, sides.engagement)
        let standing = try #require(try sides.standing(sides.engagement, sides.provider))
        let source = try sides.store.read { reader in
            try LogTiles.root(ofSize: standing.size - 1) { try reader.source(of: sides.engagement).tile($0) }
        }
        try sides.comment("four", as: sides.customer)
        try sides.sync(sides.customer)
        var isFirst = true
        sides.lie = { request, reply in
            guard request.method == .pull, isFirst, try PullRequest(decoding: request.body).space == sides.engagement else { return reply }
            isFirst = false
            return .error(
                ErrorAnswer(.epochChanged, endedEpochs: [Base(epoch: 0, size: standing.size - 1, root: source)]))
        }
        sides.leavesPagesToPulls = true
        let report = try sides.sync(sides.provider)
        #expect(report.frozen.map(\.0) == [sides.engagement] && report.reopened.isEmpty)
        try #expect(entries(sides.provider.store, sides.engagement) == before)
        try #expect(sides.provider.store.read { try $0.orphans(of: nil) }.isEmpty)
    }

    /// What is handed over with a proof that is not one.
    enum Forgery: CaseIterable {
        case otherPlace, otherSize, otherPath, otherEntry, noteOfToday, noteOfAnother, blankValues
    }

    @Test("An old entry whose proof does not hold is refused, and stays where it is with the reason", arguments: Forgery.allCases)
    func forged(_ forgery: Forgery) throws {
        let (sides, backup) = try scene()
        try sides.restart(on: backup)
        let reopening = try sides.reopen()
        sides.intercept = { request in
            guard request.method == .push, case .salvaged(let carried, let bytes)? = try PushRequest(decoding: request.body).items.first
            else { return nil }
            let item = try Self.forge(forgery, carried, SalvageProof(decoding: bytes), reopening, sides)
            let push = PushRequest(space: sides.engagement, items: [item])
            return try sides.honest(OutgoingRequest(method: .push, body: push.encoded(), token: request.token))
        }
        let report = try sides.sync(sides.customer)
        #expect(report.salvaged.isEmpty)
        let orphans = try sides.customer.store.read { try $0.orphans(of: sides.engagement) }
        // What lacks values waits for the word that erased them.
        #expect(orphans.map(\.code) == [forgery == .blankValues ? nil : .badSignature])
        try #expect(entries(sides.store, sides.engagement).count == reopening.place.size)
    }

    private static func forge(
        _ forgery: Forgery, _ carried: CarriedEntry, _ proof: SalvageProof, _ reopening: Reopening, _ sides: TwoSides
    ) throws -> PushedItem {
        var (position, size, path, note, entry) = (proof.position, proof.size, proof.path, proof.note, carried.entry)
        var payload = carried.payload
        switch forgery {
        case .otherPlace: position -= 1
        case .otherSize: size += 1
        case .otherPath: path[0] = SHA.empty
        case .otherEntry:
            let old = try Entry(decoding: entry)
            entry = Entry(kind: old.kind, received: old.received + 1, content: old.content, signature: old.signature).encoded()
        case .noteOfToday:
            let origin = Checkpoint.origin(server: sides.identity.name, space: sides.engagement, epoch: 1)
            note = try Checkpoint(origin: origin, size: size, root: Checkpoint(parsing: SignedNote(parsing: note).text).root)
                .signed(by: sides.identity.logKey)
        case .noteOfAnother:
            let text = try SignedNote(parsing: note).text
            let checkpoint = try Checkpoint(parsing: text)
            note = checkpoint.signed(by: SigningKey(seed: SHA.digest([9])))
        case .blankValues:
            // The form after an erasure, which fits the signed root as well as the values do.
            let whole = try Payload(decoding: try #require(payload))
            payload = Payload.partial(ValuesRoot.commitments(of: whole).map(Payload.Slot.erased)).encoded()
        }
        let forged = SalvageProof(position: position, size: size, path: path, note: note)
        return .salvaged(CarriedEntry(entry: entry, payload: payload), proof: forged.encoded())
    }
}
