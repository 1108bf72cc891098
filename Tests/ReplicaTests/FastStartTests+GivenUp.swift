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

/// What is shown ahead of a log is given up for what the log's key has signed, and for nothing else.
extension FastStartTests {
    /// A device that shows a lie which the log's key has signed, and has written on it; the server speaks the truth from now on.
    private func deceived() throws -> (sides: TwoSides, laptop: Workspace) {
        let (sides, laptop) = try scene()
        tell(.anotherValue, sides)
        try sync(laptop, sides) { try isVerifying($0, laptop, sides) }
        try sides.comment("on a lie", as: laptop)
        sides.lie = { $1 }
        return (sides, laptop)
    }

    /// Requires the lie to be told with its proof, and nothing that was made on it to have left.
    private func expectFrozen(_ sides: TwoSides, _ laptop: Workspace, _ reports: [SyncReport]) throws {
        #expect(try laptop.store.read { try $0.isFrozen(sides.engagement) })
        guard case .snapshotDiffers(sides.engagement, _, _)? = reports.flatMap(\.frozen).first?.1 else {
            Issue.record("\(reports.flatMap(\.frozen))")
            return
        }
        let evidence = try #require(try laptop.store.read { try $0.value(StoredName.evidence(sides.engagement)) })
        #expect(evidence.count > 200)
        try sides.sync(sides.provider)
        #expect(try !sides.comments(sides.provider).contains("on a lie"))
    }

    @Test(
        "An answer of another epoch, which nobody has signed, lets go of nothing: the lie is found all the same", arguments: [true, false])
    func unsignedEpoch(isPlausible: Bool) throws {
        let (sides, laptop) = try deceived()
        let size = try #require(try sides.standing(sides.engagement, sides.customer)?.size)
        sides.lie = { request, reply in
            guard request.method == .pull, try PullRequest(decoding: request.body).space == sides.engagement else { return reply }
            let ended = Base(epoch: 0, size: isPlausible ? 1 : size - 1, root: SHA.digest([3]))
            return .error(ErrorAnswer(.epochChanged, endedEpochs: [ended]))
        }
        var reports = [try sides.sync(laptop)]
        #expect(try laptop.store.read { try $0.lead(of: sides.engagement) != nil } && reports[0].frozen.isEmpty)
        sides.lie = { $1 }
        reports += [try sides.sync(laptop), try sides.sync(laptop)]
        try expectFrozen(sides, laptop, reports)
    }

    @Test("An erasure in the log's tail lets go of nothing, and is carried out once the log has come to it")
    func erasedInTail() throws {
        for isLie in [true, false] {
            let (sides, laptop) = isLie ? try deceived() : try scene()
            if !isLie {
                try sync(laptop, sides) { try isVerifying($0, laptop, sides) }
                try sides.comment("on what is so", as: laptop)
            }
            let all = try sides.store.read { try $0.records(of: "comment", in: sides.engagement, after: nil, limit: .max) }
            let record = try #require(all.last).id
            try sides.provider.store.write { transaction in
                let plan = try sides.provider.erasurePlan(of: "text", element: nil, of: record, in: sides.engagement, transaction)
                try sides.provider.erase(plan, transaction)
            }
            try sides.sync(sides.provider)
            try sync(laptop, sides) { try isVerifying($0, laptop, sides) }
            #expect(try laptop.store.read { try $0.lead(of: sides.engagement) != nil })
            let reports = [try sides.sync(laptop), try sides.sync(laptop)]
            guard !isLie else {
                try expectFrozen(sides, laptop, reports)
                continue
            }
            #expect(reports.flatMap(\.frozen).isEmpty && reports.flatMap(\.verified) == [sides.engagement])
            try sides.sync(sides.provider)
            try sides.sync(sides.customer)
            #expect(try sides.comments(sides.provider).contains("on what is so"))
            #expect(try sides.comments(laptop) == sides.comments(sides.customer))
            #expect(try laptop.store.read { try $0.record(record, in: sides.engagement) }?.text("text") == nil)
        }
    }

    @Test("What was made on it waits where the space is shown no more, and goes on with it")
    func goneWithWriting() throws {
        let (sides, laptop) = try deceived()
        sides.lie = { request, reply in
            guard request.method == .pull, try PullRequest(decoding: request.body).space == sides.engagement else { return reply }
            return .error(ErrorAnswer(.notFound))
        }
        #expect(try sides.sync(laptop).unreachable == [sides.engagement])
        sides.lie = { $1 }
        try expectFrozen(sides, laptop, [try sides.sync(laptop)])
    }

    @Test("A page of a log that has grown since, under a key that only the rest of it tells, is no lie")
    func otherKey() throws {
        let (sides, laptop) = try scene()
        sides.lie = { request, reply in
            guard request.method == .snapshot, case .answer(let bytes) = reply else { return reply }
            let asked = try SnapshotRequest(decoding: request.body)
            if asked.after == nil {
                // Before the next one is asked for.
                try sides.comment("meanwhile", as: sides.provider)
                try sides.sync(sides.provider)
                return reply
            }
            let page = try SnapshotPage(decoding: bytes)
            return .answer(
                try Self.signed(page, page.states, page.words, asked, sides, by: SigningKey(seed: SHA.digest([9]))).encoded())
        }
        #expect(try sides.sync(laptop).frozen.isEmpty)
        try sides.sync(sides.customer)
        #expect(try sides.comments(laptop) == sides.comments(sides.customer))
        #expect(try laptop.store.read { try laptop.catchingUp($0) } == [])
    }

    @Test("A server that has lost what it signed of the records shown here is shown that")
    func showsItsNote() throws {
        let (sides, laptop) = try scene()
        try sync(laptop, sides) { try isVerifying($0, laptop, sides) }
        let (backup, marks) = (sides.store.clone(), MemoryMark())
        marks.advance(sides.mark.places(), chains: sides.mark.chains())
        // Only this device has been given a checkpoint over it.
        try sides.comment("lost", as: sides.provider)
        try sides.sync(sides.provider)
        try sync(laptop, sides) { try isVerifying($0, laptop, sides) }
        let size = try #require(try laptop.store.read { try $0.lead(of: sides.engagement) }).standing.size
        try sides.restart(on: backup, marks: marks)
        #expect(sides.registrar.frozen.isEmpty)
        let report = try sides.sync(laptop)
        #expect(report.fellBack == [sides.engagement] && report.frozen.isEmpty)
        #expect(sides.registrar.frozen.spaces[sides.engagement]?.mark.size == size)
        #expect(try sides.sync(sides.provider).restoredThere == [sides.engagement: 1])
        #expect(try sides.sync(laptop).verified == [sides.engagement])
        #expect(try sides.comments(laptop).contains("lost"))
    }

    @Test("An own change that the log has taken already is not shown beside what has replaced it since")
    func ownChanges() throws {
        let (sides, laptop) = try scene()
        try sync(laptop, sides) { try isVerifying($0, laptop, sides) }
        let organisation = try laptop.store.read { try $0.identity().organisation }
        let cell = CellKey("legalName", "en")
        func write(_ name: String) throws -> RecordID {
            let draft = RecordDraft(
                space: sides.engagement, kind: "party", key: [("org", .id(organisation))], cells: [cell: .text(name)])
            return try #require(try laptop.commit([draft], in: sides.engagement).records.first)
        }
        let record = try write("first")
        let copy = Workspace(
            store: try #require(laptop.store as? MemoryStore).clone(), clock: sides.clock, random: sides.random,
            keys: laptop.keys, cores: 1, fastStart: Self.fastStart)
        try sides.sync(laptop)
        #expect(try write("second") == record)
        try sides.sync(laptop)
        try sync(copy, sides) { try isVerifying($0, copy, sides) }
        func shown() throws -> [EncodedValue?] {
            try copy.store.read { try $0.shown(record, in: sides.engagement) }?[cell]?.heads.map(\.value) ?? []
        }
        #expect(try copy.store.read { try $0.lead(of: sides.engagement) != nil && !$0.outboxPlaces(of: sides.engagement).isEmpty })
        #expect(try shown() == [Value.text("second").encoded])
        #expect(try sides.sync(copy).frozen.isEmpty)
        #expect(try shown() == [Value.text("second").encoded])
        #expect(try copy.store.read { try $0.outboxPlaces(of: sides.engagement) }.isEmpty)
    }

    @Test("A server cannot show an auditor an engagement that its parties have not let it read, not even ahead of its log")
    func auditor() throws {
        let (sides, _) = try scene()
        let stranger = try sides.stranger("Kensa Audit")
        let auditor = Workspace(
            store: stranger.store, clock: sides.clock, random: sides.random, keys: stranger.keys, cores: 1, fastStart: Self.fastStart)
        let head = try #require(try sides.standing(sides.engagement, sides.customer))
        let token = try sides.signIn(sides.customer)
        sides.lie = { request, reply in
            // As if its server took it for somebody who may.
            if request.method == .heads {
                let more = SpaceHead(space: sides.engagement, epoch: head.epoch, size: head.size)
                guard case .answer(let bytes) = reply, case let answer = try HeadsAnswer(decoding: bytes) else { return reply }
                return .answer(HeadsAnswer(heads: (answer.heads ?? []) + [more], pages: answer.pages).encoded())
            }
            guard [.pull, .snapshot].contains(request.method) else { return reply }
            return try sides.honest(OutgoingRequest(method: request.method, body: request.body, token: token))
        }
        var isShown = false
        var session = SyncSession(auditor)
        while let request = try session.next() {
            try session.take(try sides.lie(request, sides.honest(request)))
            if try auditor.store.read({ try $0.lead(of: sides.engagement) != nil }) { isShown = true }
        }
        #expect(!isShown)
        guard case .notForThisReader(sides.engagement)? = session.report.frozen.first?.1 else {
            Issue.record("\(session.report.frozen)")
            return
        }
    }
}
