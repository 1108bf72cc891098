import BuntanProtocol
import ChangeLog
import Merging
import Records
import Replica
import Storage
import Syncing
import Testing
import TestKit

@Suite("A server that lies about its log")
struct LyingServerTests {
    enum Lie: CaseIterable, Sendable {
        case rewrittenEntry, rewrittenAndSigned, otherPayload, noPayload, droppedEntry, droppedAndSigned, swapped, swappedAndSigned
        case replayedPage, smallerSize, wrongRoot, rewrittenPast, otherKey, otherSpacesNote, otherSpacesPage, largerThanShown, notAnEntry
        case secondGenesis, forkedBranch, strangersChange
    }

    /// A customer with an unsent comment, and two new ones of the provider's on the server; elsewhere a new release.
    private func scene() throws -> TwoSides {
        let sides = try TwoSides()
        try sides.comment("one", "two", as: sides.provider)
        _ = try sides.provider.commit(
            [
                RecordDraft(
                    space: sides.service.draft, kind: "responsibility",
                    key: [("framework", .text("f")), ("controlId", .text("1")), ("itemKey", .text("main"))],
                    cells: [CellKey("allocation"): .text("shared")])
            ], in: sides.service.draft)
        _ = try sides.provider.publish(sides.service, label: "1", message: nil)
        try sides.sync(sides.provider)
        try sides.comment("unsent", as: sides.customer)
        return sides
    }

    /// What the server shows instead of the page it should.
    private func apply(_ lie: Lie, to sides: TwoSides) throws {
        let held = try #require(try sides.standing(sides.engagement, sides.customer))
        let earlier = try sides.ask(
            PullRequest(space: sides.engagement, epoch: 0, size: held.size - 1, root: try root(held.size - 1, sides)),
            token: sides.signIn(sides.customer))
        let foreign = try sides.ask(
            PullRequest(space: sides.service.service, epoch: 0, size: 0, root: SHA.empty), token: sides.signIn(sides.customer))
        let stranger = try foreignChange(sides)
        let fork = try forkedChange(sides)
        sides.lyingAbout(sides.engagement) { asked, page in
            var entries = page.entries
            var note = page.note
            func signed(_ entries: [CarriedEntry]) -> String {
                var frontier = held.frontier
                frontier.append(contentsOf: entries.map { Entry.leafHash(of: $0.entry) })
                return sides.note(size: frontier.size, root: frontier.root)
            }
            switch lie {
            case .rewrittenEntry:
                // What no author has signed: when the server received it.
                let entry = try Entry(decoding: entries[0].entry)
                let later = Entry(kind: entry.kind, received: entry.received + 1, content: entry.content, signature: entry.signature)
                entries[0] = CarriedEntry(entry: later.encoded(), payload: entries[0].payload)
            case .rewrittenAndSigned:
                let (entry, other) = try (Entry(decoding: entries[0].entry), Entry(decoding: entries[1].entry))
                let forged = Entry(kind: entry.kind, received: entry.received, content: entry.content, signature: other.signature)
                entries[0] = CarriedEntry(entry: forged.encoded(), payload: entries[0].payload)
                note = signed(entries)
            case .otherPayload: entries[0] = CarriedEntry(entry: entries[0].entry, payload: entries[1].payload)
            case .noPayload: entries[0] = CarriedEntry(entry: entries[0].entry, payload: nil)
            case .droppedEntry: entries.removeFirst()
            case .droppedAndSigned:
                // Left out and never to come: the next change of its author names it as what it was made on.
                entries.removeFirst()
                entries.append(fork)
                note = signed(entries)
            case .swapped: entries.swapAt(0, 1)
            case .swappedAndSigned:
                entries.swapAt(0, 1)
                entries.append(fork)
                note = signed(entries)
            case .replayedPage:
                entries = earlier.entries
                note = earlier.note
            case .smallerSize:
                entries = []
                note = sides.note(size: held.size - 1, root: try root(held.size - 1, sides))
            case .wrongRoot: note = sides.note(size: asked.size + entries.count, root: SHA.digest([1]))
            case .rewrittenPast:
                // Another history up to here, and everything after it signed on top.
                var frontier = LogFrontier()
                for number in 0..<held.size { frontier.append(SHA.digest([UInt8(number)])) }
                frontier.append(contentsOf: entries.map { Entry.leafHash(of: $0.entry) })
                note = sides.note(size: frontier.size, root: frontier.root)
            case .otherKey:
                note = sides.note(
                    size: asked.size + entries.count, root: try root(asked.size + entries.count, sides),
                    key: SigningKey(seed: SHA.digest([9])))
            case .otherSpacesNote: note = foreign.note
            case .otherSpacesPage:
                entries = foreign.entries
                note = foreign.note
            case .largerThanShown: note = sides.note(size: asked.size + entries.count + 1, root: SHA.digest([2]))
            case .notAnEntry:
                entries[0] = CarriedEntry(entry: [0x80], payload: nil)
                note = signed(entries)
            case .secondGenesis:
                entries = [CarriedEntry(entry: foreign.entries[0].entry, payload: nil)]
                note = signed(entries)
            case .forkedBranch:
                entries = [fork]
                note = signed(entries)
            case .strangersChange:
                entries = [stranger]
                note = signed(entries)
            }
            return LogPage(entries: entries, note: note, more: false)
        }
    }

    private func root(_ size: Int, _ sides: TwoSides) throws -> Digest {
        try sides.store.read { reader in
            let source = try reader.source(of: sides.engagement)
            return try LogTiles.root(ofSize: size) { try source.tile($0) }
        }
    }

    /// A change of the provider on a view that the customer was never shown.
    private func forkedChange(_ sides: TwoSides) throws -> CarriedEntry {
        let held = try #require(try sides.standing(sides.engagement, sides.customer))
        return try carried(
            sides, by: try #require(sides.provider.keys).signing, base: Base(epoch: 0, size: held.size, root: SHA.digest([3])))
    }

    /// A change of a device that nobody has enrolled.
    private func foreignChange(_ sides: TwoSides) throws -> CarriedEntry {
        let held = try #require(try sides.standing(sides.engagement, sides.customer))
        return try carried(sides, by: SigningKey(seed: SHA.digest([4])), base: held.base)
    }

    private func carried(_ sides: TwoSides, by key: SigningKey, base: Base) throws -> CarriedEntry {
        var random = SeededRandom(seed: 77)
        let record = RecordID.timeOrdered(millis: 1, random: random.nonce())
        let cells: [(CellKey, Value)] = [(.life, .bool(true)), (CellKey("row"), .id(record)), (CellKey("text"), .text("forged"))]
        let sorted = cells.sorted { $0.0 < $1.0 }
        let change = try ChangeAuthor(space: sides.engagement, key: key).change(
            edits: [Edit(record: record, kind: "comment", ops: sorted.map { Op(cell: $0.0, predecessors: []) })],
            values: sorted.map(\.1.encoded), base: base, time: 1, schema: 1, random: &random)
        return CarriedEntry(
            entry: Entry(kind: .change, received: 1, content: change.bytes, signature: change.signature).encoded(), payload: change.payload)
    }

    @Test(
        "The page is refused whole, the space is frozen with its proof, and everything else goes on", arguments: Lie.allCases,
        [true, false])
    func refused(_ lie: Lie, inPull: Bool) throws {
        let sides = try scene()
        sides.leavesPagesToPulls = inPull
        let before = try #require(try sides.standing(sides.engagement, sides.customer))
        let service = try #require(try sides.standing(sides.service.service, sides.customer))
        try apply(lie, to: sides)
        let report = try sides.sync(sides.customer)

        #expect(report.frozen.map(\.0) == [sides.engagement])
        let after = try #require(try sides.standing(sides.engagement, sides.customer))
        #expect(after.size == before.size && after.frontier == before.frontier)
        #expect(try sides.comments(sides.customer) == ["unsent"])
        #expect(try sides.customer.store.read { try $0.outboxCount() } == 1)
        #expect(try #require(try sides.standing(sides.service.service, sides.customer)).size > service.size)

        // The proof holds what was signed before and what was shown now.
        let evidence = try #require(try sides.customer.store.read { try $0.value(StoredName.evidence(sides.engagement)) })
        let held = try #require(try sides.customer.store.read { try $0.checkpoint(of: sides.engagement) })
        #expect(evidence.count > held.utf8.count)
        #expect(String(decoding: evidence, as: UTF8.self).contains(held))

        // A server that tells the truth again gets nothing for that space, and gives nothing.
        sides.lie = { $1 }
        let asked = sides.asked.count
        let second = try sides.sync(sides.customer)
        #expect(second.frozen.isEmpty && second.sentChanges == 0)
        #expect(!sides.asked[asked...].contains { $0.method == .push || $0.method == .pull })
        #expect(throws: WorkspaceFault.frozen(sides.engagement)) { try sides.comment("more", as: sides.customer) }
        #expect(try sides.customer.store.read { try $0.outboxCount() } == 1)

        // Asked again it is held to what it had signed: the same lie freezes anew, and until it has spoken nothing is written there.
        try apply(lie, to: sides)
        try sides.customer.askAgain()
        #expect(throws: WorkspaceFault.frozen(sides.engagement)) { try sides.comment("more", as: sides.customer) }
        let third = try sides.sync(sides.customer)
        #expect(third.frozen.map(\.0) == [sides.engagement] && third.unfrozen.isEmpty && third.sentChanges == 0)
        #expect(try #require(try sides.standing(sides.engagement, sides.customer)).frontier == before.frontier)

        // The truth goes on from what was held, and what waited is sent.
        sides.lie = { $1 }
        try sides.customer.askAgain()
        let fourth = try sides.sync(sides.customer)
        #expect(fourth.unfrozen == [sides.engagement] && fourth.frozen.isEmpty && fourth.sentChanges == 1)
        #expect(try sides.comments(sides.customer) == ["one", "two", "unsent"])
        try sides.comment("more", as: sides.customer)
    }

    @Test("A log that its server denies when it is asked again stays frozen")
    func askedAgainAndDenied() throws {
        let sides = try scene()
        try apply(.rewrittenAndSigned, to: sides)
        try sides.sync(sides.customer)
        sides.lie = { request, reply in
            guard request.method == .pull, try PullRequest(decoding: request.body).space == sides.engagement else { return reply }
            return .error(ErrorAnswer(.baseMismatch, detail: "root"))
        }
        try sides.customer.askAgain()
        let report = try sides.sync(sides.customer)
        #expect(report.denied == [sides.engagement] && report.unfrozen.isEmpty && report.sentChanges == 0)
        #expect(throws: WorkspaceFault.frozen(sides.engagement)) { try sides.comment("more", as: sides.customer) }
    }

    @Test("A lie that comes with a push's answer is refused like any other; what was pushed waits until a log shows it")
    func withPush() throws {
        let sides = try TwoSides()
        try sides.comment("unsent", as: sides.customer)
        let before = try #require(try sides.standing(sides.engagement, sides.customer))
        sides.lyingAbout(sides.engagement) { asked, page in
            LogPage(entries: page.entries, note: sides.note(size: asked.size + page.entries.count, root: SHA.digest([1])), more: false)
        }
        let report = try sides.sync(sides.customer)
        #expect(sides.asked.map(\.method).suffix(2) == [.heads, .push])
        #expect(report.frozen.map(\.0) == [sides.engagement])
        #expect(try #require(try sides.standing(sides.engagement, sides.customer)).frontier == before.frontier)
        #expect(try sides.customer.store.read { try $0.outboxCount() } == 1)
        #expect(try sides.comments(sides.customer) == ["unsent"])
    }

    @Test("The same pages untouched are taken, and the unsent comment arrives", arguments: [true, false])
    func truth(inPull: Bool) throws {
        let sides = try scene()
        sides.leavesPagesToPulls = inPull
        sides.lyingAbout(sides.engagement) { $1 }
        let report = try sides.sync(sides.customer)
        #expect(report.frozen.isEmpty && report.sentChanges == 1)
        #expect(try sides.comments(sides.customer) == ["one", "two", "unsent"])
        #expect(try sides.customer.store.read { try $0.outboxCount() } == 0)
    }

    @Test(
        "A server that denies the log it signed is told of, and holds up nothing else",
        arguments: [Code.baseMismatch, .epochChanged])
    func denied(code: Code) throws {
        let sides = try scene()
        sides.leavesPagesToPulls = true
        sides.lie = { request, reply in
            guard request.method == .pull, try PullRequest(decoding: request.body).space == sides.engagement else { return reply }
            return .error(ErrorAnswer(code, detail: "root"))
        }
        let service = try #require(try sides.standing(sides.service.service, sides.customer))
        let report = try sides.sync(sides.customer)
        #expect(report.denied.contains(sides.engagement) && report.frozen.isEmpty)
        #expect(try #require(try sides.standing(sides.service.service, sides.customer)).size > service.size)
        #expect(try sides.customer.store.read { try $0.outboxCount() } == 1)
    }

    @Test("Pages without entries that promise more end all the same")
    func endless() throws {
        let sides = try scene()
        let held = try #require(try sides.standing(sides.engagement, sides.customer))
        sides.leavesPagesToPulls = true
        sides.lyingAbout(sides.engagement) { _, _ in
            LogPage(entries: [], note: sides.note(size: held.size, root: held.frontier.root), more: true)
        }
        let report = try sides.sync(sides.customer)
        #expect(report.frozen.isEmpty)
        #expect(sides.asked.count { $0.method == .pull } < 10)
    }

    @Test("A private space of somebody else is not taken in")
    func foreignSpace() throws {
        let sides = try scene()
        let drafts = sides.service.draft
        let theirs = try sides.ask(PullRequest(space: drafts, epoch: 0, size: 0, root: SHA.empty), token: sides.signIn(sides.provider))
        sides.lie = { request, reply in
            switch request.method {
            case .heads:
                guard case .answer(let bytes) = reply else { return reply }
                let heads = try HeadsAnswer(decoding: bytes).heads ?? []
                return .answer(
                    HeadsAnswer(heads: (heads + [SpaceHead(space: drafts, epoch: 0, size: 9)]).sorted { $0.space < $1.space }).encoded())
            case .pull:
                guard try PullRequest(decoding: request.body).space == drafts else { return reply }
                return .answer(theirs.encoded())
            default: return reply
            }
        }
        let report = try sides.sync(sides.customer)
        #expect(report.frozen.map(\.0) == [drafts])
        #expect(!report.newSpaces.contains(drafts))
        #expect(try sides.standing(drafts, sides.customer) == nil)
    }
}
