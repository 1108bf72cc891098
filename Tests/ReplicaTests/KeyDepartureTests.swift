import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Replica
import Storage
import Syncing
import Testing
import TestKit

@Suite("Nothing leaves a device under a key that a lost device holds, but what had left before")
struct KeyDepartureTests {
    private let sides: TwoSides
    private let home: SpaceID
    private let lost: Workspace
    private let row = RecordID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0001)

    init() throws {
        sides = try TwoSides()
        home = try #require(try sides.customer.store.read { try $0.identity().home })
        lost = try sides.further(91)
        try sides.sync(sides.customer)
    }

    /// A device that writes and admits nobody.
    private func writer(_ seed: UInt64) throws -> Workspace {
        let workspace = try sides.further(seed)
        try sides.customer.set([.read, .write], of: try #require(workspace.keys).device)
        for workspace in [sides.customer, workspace] { try sides.sync(workspace) }
        return workspace
    }

    private func note(_ text: String, _ workspace: Workspace) throws {
        _ = try workspace.commit([workspace.note(on: row, text: text)], in: home)
    }

    private func notes(_ workspace: Workspace) throws -> [String] {
        try workspace.store.read { reader in
            try reader.records(of: "annotation", in: home, after: nil, limit: .max).compactMap { $0.shown.text("text") }.sorted()
        }
    }

    private func revoke(by workspace: Workspace? = nil) throws {
        try (workspace ?? sides.customer).revoke(try #require(lost.keys).device)
    }

    /// The key epochs of the changes that the server's log holds, in their order, from a position on.
    private func epochs(from position: Int = 0) throws -> [Int] {
        try sides.store.read { reader in
            try reader.entries(of: home, from: position, maxBytes: .max).compactMap { stored in
                let entry = try Entry(decoding: stored.bytes)
                return entry.kind == .change ? try Change(decoding: entry.content).sealed?.keyEpoch : nil
            }
        }
    }

    private func size() throws -> Int { try sides.store.read { try $0.standing(of: home)?.size ?? 0 } }

    private func outbox(_ workspace: Workspace) throws -> [OutboxItem] { try workspace.store.read { try $0.outbox(of: home) } }

    private func expectAlike(_ workspaces: [Workspace], _ texts: [String]) throws {
        for workspace in workspaces { try sides.sync(workspace) }
        for workspace in workspaces {
            try #expect(notes(workspace) == texts)
            #expect(try outbox(workspace).isEmpty)
            #expect(try workspace.proveRecords(repairing: false).isEmpty)
        }
    }

    @Test("An admin begins the next key before its outbox goes out, and what waited there keeps its id and order")
    func admin() throws {
        let other = try sides.further(92)
        try note("first", sides.customer)
        let record = try #require(try outbox(sides.customer).first).item.edits[0].record
        _ = try sides.customer.commit(
            [RecordDraft(record: record, kind: "annotation", cells: [CellKey("text"): .text("second")])], in: home)
        let before = try outbox(sides.customer)
        let from = try size()
        try revoke()
        try sides.sync(sides.customer)
        #expect(try epochs(from: from) == [2, 2])
        try expectAlike([sides.customer, other, sides.customer], ["second"])
        let kept = try before.map { item in try sides.customer.store.read { try $0.place(of: item.item.change, in: home) } }
        #expect(kept.allSatisfy { $0 != nil })
    }

    @Test("Another admin that hears of it does the same, before anything of its own leaves")
    func otherAdmin() throws {
        let other = try sides.further(93)
        try note("theirs", other)
        let from = try size()
        var session = SyncSession(sides.customer)
        try revoke()
        // The one that revokes is cut off before it can give the next key.
        while let request = try session.next() {
            if request.method == .statement,
                try StatementRequest(decoding: request.body).statements.contains(where: {
                    try Statement(decoding: $0.bytes).space != nil
                })
            {
                break
            }
            try session.take(try sides.honest(request))
        }
        try sides.sync(other)
        #expect(try epochs(from: from) == [2])
        try expectAlike([other, sides.customer], ["theirs"])
    }

    @Test("A device that admits nobody lets it wait, says who can settle it, and sends it sealed anew once the key has come")
    func waiting() throws {
        let writer = try writer(94)
        let from = try size()
        try note("mine", writer)
        // The admin's word comes, and its next key not yet.
        try revoke()
        sides.intercept = { request in
            guard request.method == .statement,
                try StatementRequest(decoding: request.body).statements.contains(where: { try Statement(decoding: $0.bytes).space != nil })
            else { return nil }
            return .error(ErrorAnswer(.unavailable))
        }
        #expect(throws: (any Error).self) { try sides.sync(sides.customer) }
        let report = try sides.sync(writer)
        #expect(report.keyAwaited.map(\.space) == [home] && report.keyAwaited.map(\.changes) == [1])
        #expect(report.keyAwaited.first?.givers == ["office-pc"])
        try note("later", writer)
        #expect(try sides.sync(writer).keyAwaited.map(\.changes) == [2])
        #expect(try epochs(from: from).isEmpty)
        // Nor does it leave by file.
        let organisation = try writer.store.read { try $0.identity().organisation }
        #expect(try writer.bundle(for: organisation, whole: true).bundle.parts.allSatisfy { $0.changes.isEmpty })
        sides.intercept = { _ in nil }
        try sides.sync(sides.customer)
        #expect(try sides.sync(writer).keyAwaited.isEmpty)
        #expect(try epochs(from: from) == [2, 2])
        try expectAlike([writer, sides.customer], ["later", "mine"])
    }

    @Test("A push without an answer goes again as it is, and what was written after it under the next key")
    func unanswered() throws {
        let other = try sides.further(95)
        let from = try size()
        try note("sent", other)
        sides.intercept = { request in request.method == .push ? .error(ErrorAnswer(.unavailable)) : nil }
        #expect(throws: (any Error).self) { try sides.sync(other) }
        sides.intercept = { _ in nil }
        let sent = try #require(try outbox(other).first).item.signed
        try note("unsent", other)
        try revoke()
        try sides.sync(sides.customer)
        try sides.sync(other)
        #expect(try epochs(from: from) == [1, 2])
        let standing = try other.store.read { reader in
            try reader.place(of: Change(decoding: sent.bytes).id, in: home).flatMap {
                try reader.entries(of: home, from: $0.position, maxBytes: 1).first
            }
        }
        #expect(try standing.map { try Entry(decoding: $0.bytes).content } == sent.bytes)
        try expectAlike([other, sides.customer], ["sent", "unsent"])
    }

    @Test("A revocation that comes with the answer of a push holds back what is left, and a sync that breaks off loses nothing")
    func withTheAnswer() throws {
        let other = try sides.further(96)
        let from = try size()
        try note("one", other)
        try revoke(by: sides.customer)
        var isFirst = true
        sides.intercept = { [unowned sides] request in
            guard isFirst, request.method == .push else { return nil }
            isFirst = false
            sides.intercept = { _ in nil }
            try sides.sync(sides.customer)
            // Written while the first was on its way.
            try note("two", other)
            return nil
        }
        try sides.sync(other)
        #expect(!isFirst)
        try sides.sync(other)
        #expect(try epochs(from: from).sorted() == [1, 2])
        try expectAlike([other, sides.customer], ["one", "two"])
    }

    @Test("A sync that breaks off behind sealing anew goes on with what it had sealed")
    func brokenOff() throws {
        let other = try sides.further(97)
        let from = try size()
        for text in ["a", "b", "c"] { try note(text, other) }
        // What names nothing of a record that it writes to follows on what began that.
        let record = try #require(try outbox(other).first).item.edits[0].record
        _ = try other.commit([RecordDraft(record: record, kind: "annotation", cells: [CellKey("label"): .text("marked")])], in: home)
        let before = try outbox(other).map(\.item)
        try revoke()
        try sides.sync(sides.customer)
        var session = SyncSession(other)
        while let request = try session.next(), request.method != .push { try session.take(try sides.honest(request)) }
        let after = try outbox(other).map(\.item)
        #expect(after.map(\.change) == before.map(\.change) && after.map(\.edits) == before.map(\.edits))
        #expect(after.map(\.payload) == before.map(\.payload) && zip(after, before).allSatisfy { $0.signed != $1.signed })
        let follows = try [before, after].map { try $0.map { try Change(decoding: $0.signed.bytes).sealed?.follows ?? [] } }
        #expect(follows[0] == follows[1] && follows[0].last?.isEmpty == false)
        try sides.sync(other)
        #expect(try epochs(from: from) == [2, 2, 2, 2])
        try expectAlike([other, sides.customer], ["a", "b", "c"])
    }

    @Test("What is undone after it was sealed anew is the whole write that it was")
    func undone() throws {
        let other = try sides.further(98)
        let drafts = (0..<600).map { number in other.note(on: row, text: "n\(number)") }
        let committed = try other.commit(drafts, in: home)
        #expect(committed.changes.count > 1)
        let nonces = try outbox(other).map { try Change(decoding: $0.item.signed.bytes).nonce }
        try revoke()
        try sides.sync(sides.customer)
        try sides.sync(other)
        let stands = try committed.changes.map { id in
            try other.store.read { reader in
                let position = try #require(try reader.place(of: id, in: home)).position
                let stored = try #require(try reader.entries(of: home, from: position, maxBytes: 1).first)
                return try Change(decoding: Entry(decoding: stored.bytes).content)
            }
        }
        #expect(stands.map(\.nonce) == nonces && stands.allSatisfy { $0.sealed?.keyEpoch == 2 })
    }
}
