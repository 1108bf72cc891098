import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Replica
import Storage
import Syncing
import Testing
import TestKit

/// Stores and logs from before an epoch, which that has cut back.
extension RecoveryTests {
    @Test("A backup from before an epoch, longer than that was cut and with marks of its own time, is mended by whoever knows better")
    func longerBackup() throws {
        let (sides, backup) = try scene()
        try sides.sync(sides.provider)
        // The whole folder: what was given up later is in it, and nothing tells that.
        let (longer, marks) = (sides.store.clone(), MemoryMark())
        marks.advance(sides.mark.places(), chains: sides.mark.chains())
        try sides.restart(on: backup)
        try sides.reopen()
        try sides.sync(sides.customer)
        try sides.comment("four", as: sides.customer)
        try sides.sync(sides.customer)
        let held = try entries(sides.customer.store, sides.engagement)
        let late = sides.provider.store
        try sides.restart(on: longer, marks: marks)
        #expect(sides.registrar.frozen.isEmpty)

        let report = try sides.sync(sides.customer)
        #expect(report.fellBack.isEmpty && report.denied.isEmpty && report.frozen.isEmpty)
        #expect(try entries(sides.store, sides.engagement) == held)
        // Nobody else is shut out, and what each of them had comes again.
        #expect(try late.read { try $0.standing(of: sides.engagement)?.epoch } == 0)
        try sides.comment("five", as: sides.provider)
        let second = try sides.sync(sides.provider)
        #expect(second.fellBack.isEmpty && second.denied.isEmpty && second.frozen.isEmpty)
        try sides.sync(sides.customer)
        try expectWhole(sides, ["five", "four", "one", "three", "two"])
        #expect(try sides.standing(sides.engagement, sides.provider)?.epoch == 1)
        #expect(try sides.store.read { try FallenBack.reconcile($0, with: sides.mark) }.isEmpty)
    }

    @Test("A page that begins another epoch, and goes on with what this server has not signed, cuts nothing")
    func forgedBeginning() throws {
        let (sides, backup) = try scene()
        let (longer, marks) = (sides.store.clone(), MemoryMark())
        marks.advance(sides.mark.places(), chains: sides.mark.chains())
        try sides.restart(on: backup)
        try sides.reopen()
        try sides.sync(sides.customer)
        try sides.comment("four", as: sides.customer)
        try sides.sync(sides.customer)
        try sides.restart(on: longer, marks: marks)
        let before = try entries(sides.store, sides.engagement)
        let known = try #require(try sides.standing(sides.engagement, sides.customer))
        let cut = try #require(known.rights.endedEpochs.last).size
        let note = try #require(try sides.customer.store.read { try $0.checkpoint(of: sides.engagement) })
        let log = try entries(sides.customer.store, sides.engagement)
        // The last of them as its author signed it, and received at another time than this server says it was.
        let end = try #require(log.last)
        let last = try Entry(decoding: end.bytes)
        let altered = Entry(
            kind: last.kind, received: last.received + 1, content: last.content, signature: last.signature, proof: last.proof)
        let page =
            log[cut..<(log.count - 1)].map { CarriedEntry(entry: $0.bytes, payload: $0.payload) }
            + [CarriedEntry(entry: altered.encoded(), payload: end.payload)]
        let token = try sides.signIn(sides.customer)
        _ = try sides.ask(ReplayRequest(space: sides.engagement, from: known.size, entries: [], note: note), token: token)
        let request = ReplayRequest(space: sides.engagement, from: cut, entries: page, note: note)
        #expect(throws: SyncFault.refused(.replay, .baseMismatch, detail: "root", retryAfterMillis: nil)) {
            try sides.ask(request, token: token)
        }
        #expect(try entries(sides.store, sides.engagement) == before)
        #expect(try sides.sync(sides.customer).fellBack.isEmpty)
        #expect(try sides.comments(sides.customer).contains("four"))
    }

    @Test("That an epoch has ended, said without the entry that begins the next, is told and cuts nothing")
    func unproven() throws {
        let sides = try TwoSides()
        try sides.comment("one", "two", as: sides.customer)
        try sides.sync(sides.customer)
        let held = try #require(try sides.standing(sides.engagement, sides.customer))
        try sides.comment("three", as: sides.provider)
        try sides.sync(sides.provider)
        let note = try #require(try sides.customer.store.read { try $0.checkpoint(of: sides.engagement) })
        sides.leavesPagesToPulls = true
        sides.intercept = { request in
            guard request.method == .pull, case let pull = try PullRequest(decoding: request.body), pull.space == sides.engagement else {
                return nil
            }
            guard pull.size == held.size else { return .answer(LogPage(entries: [], note: note, more: false).encoded()) }
            return .error(ErrorAnswer(.epochChanged, endedEpochs: [Base(epoch: 0, size: held.size - 1, root: SHA.empty)]))
        }
        let report = try sides.sync(sides.customer)
        #expect(report.denied == [sides.engagement] && report.frozen.isEmpty && report.reopened.isEmpty)
        #expect(try sides.standing(sides.engagement, sides.customer)?.base == held.base)
    }

    @Test("A client that comes back from a backup longer than the cut goes on with the epoch that has begun, and loses nothing")
    func longerClient() throws {
        let (sides, backup) = try scene()
        let keys = sides.customer.keys
        let copy = try #require(sides.customer.store as? MemoryStore).clone()
        try sides.restart(on: backup)
        try sides.reopen()
        try sides.sync(sides.customer)
        try sides.comment("four", as: sides.customer)
        try sides.sync(sides.customer)
        let restored = Workspace(store: copy, clock: sides.clock, random: sides.random, keys: keys)
        try sides.comment("from the backup", as: restored)
        for workspace in [restored, sides.customer, sides.provider, restored] {
            let report = try sides.sync(workspace)
            #expect(report.fellBack.isEmpty && report.denied.isEmpty && report.frozen.isEmpty)
        }
        try expectWhole(sides, ["four", "from the backup", "one", "three", "two"])
        #expect(try sides.comments(restored) == sides.comments(sides.customer))
        #expect(try copy.read { try $0.orphans(of: nil) }.isEmpty)
    }

    @Test("A log that is to be fetched anew comes as its next epoch has it, longer than it was or shorter", arguments: [true, false])
    func refetchedBeyondAnEpoch(isLonger: Bool) throws {
        let (sides, backup) = try scene()
        try sides.sync(sides.provider)
        #expect(try sides.customer.refetch(sides.engagement))
        try sides.restart(on: backup)
        try sides.reopen()
        if isLonger {
            // Its other holder gives back what was lost.
            try sides.sync(sides.provider)
            try sides.comment("four", "five", as: sides.provider)
            try sides.sync(sides.provider)
        }
        let report = try sides.sync(sides.customer)
        #expect(report.frozen.isEmpty && report.denied.isEmpty && report.fellBack.isEmpty)
        #expect(try sides.standing(sides.engagement, sides.customer)?.epoch == 1)
        try sides.sync(sides.provider)
        try sides.sync(sides.customer)
        try expectWhole(sides, isLonger ? ["five", "four", "one", "three", "two"] : ["one", "three", "two"])
    }
}
