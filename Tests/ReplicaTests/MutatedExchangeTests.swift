import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Mutations
import Records
import Replica
import Storage
import Syncing
import Testing
import TestKit

@Suite("Answers, requests and packages with mistakes drawn at random")
struct MutatedExchangeTests {
    /// A copy of a workspace, so that each seed begins where all do.
    private func copy(_ workspace: Workspace, _ sides: TwoSides) throws -> Workspace {
        let store = try #require(workspace.store as? MemoryStore).clone()
        return Workspace(store: store, clock: sides.clock, random: sides.random, keys: workspace.keys)
    }

    /// A customer with an unsent comment; two new ones of the provider's, and a release, are on the server.
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

    @Test("A sync whose answers are damaged ends in a fault or goes on; what was typed is never lost, and nothing forged is shown")
    func answers() throws {
        let sides = try scene()
        var (faults, frozen, whole) = (0, 0, 0)
        for seed in 0..<120 as Range<UInt64> {
            let customer = try copy(sides.customer, sides)
            var mutations = Mutations(seed: seed)
            sides.leavesPagesToPulls = seed.isMultiple(of: 2)
            let victim = mutations.below(sides.leavesPagesToPulls ? 8 : 3)
            var answered = 0
            sides.lie = { _, reply in
                defer { answered += 1 }
                guard answered == victim, case .answer(let bytes) = reply else { return reply }
                return .answer(mutations.damaged(bytes))
            }
            do {
                let report = try sides.sync(customer)
                if report.frozen.isEmpty { whole += 1 } else { frozen += 1 }
            } catch is SyncFault { faults += 1 }
            sides.lie = { $1 }
            let shown = Set(try sides.comments(customer))
            #expect(shown.isSubset(of: ["one", "two", "unsent"]) && shown.contains("unsent"), "seed \(seed): \(shown)")
            // A server that tells the truth again: what is not frozen is whole, and what was typed has arrived.
            do { try sides.sync(customer) } catch {
                // A name or a key that a damaged greeting brought is no other server's to be trusted.
                guard case .otherServer = error as? SyncFault else {
                    Issue.record("seed \(seed): \(error)")
                    continue
                }
            }
            let isFrozen = try customer.store.read { try $0.isFrozen(sides.engagement) }
            if !isFrozen {
                #expect(try Set(sides.comments(customer)) == ["one", "two", "unsent"], "seed \(seed)")
                #expect(try customer.store.read { try $0.outboxCount() } == 0, "seed \(seed)")
            } else {
                #expect(try customer.store.read { try $0.outboxCount() } <= 1, "seed \(seed)")
            }
        }
        #expect(faults > 8 && frozen > 2 && whole > 2, "\(faults) faults, \(frozen) frozen, \(whole) whole")
    }

    @Test("A damaged request gets an answer or a refusal, and changes nothing that an honest one does not")
    func requests() throws {
        let sides = try scene()
        var refused = 0
        for seed in 0..<120 as Range<UInt64> {
            var mutations = Mutations(seed: seed)
            let customer = try copy(sides.customer, sides)
            sides.leavesPagesToPulls = seed.isMultiple(of: 2)
            sides.intercept = { [unowned sides] request in
                let damaged = OutgoingRequest(method: request.method, body: mutations.damaged(request.body), token: request.token)
                if case .error = try sides.honest(damaged) { refused += 1 }
                let noToken = OutgoingRequest(
                    method: request.method, body: request.body, token: request.token.map { mutations.damaged($0) })
                _ = try sides.honest(noToken)
                return nil
            }
            try sides.sync(customer)
            sides.intercept = { _ in nil }
            #expect(try sides.comments(customer) == ["one", "two", "unsent"], "seed \(seed)")
            #expect(sides.store.violations.isEmpty)
        }
        #expect(refused > 150)
        try sides.sync(sides.provider)
        #expect(try sides.comments(sides.provider) == ["one", "two", "unsent"])
    }

    @Test("A package of changes with mistakes is refused or is the package it was; what is taken from a damaged one is what was signed")
    func packages() throws {
        let sides = try scene()
        try sides.comment("more", as: sides.customer)
        let package = try sides.customer.store.read { reader in
            try sides.customer.outboxPackage(try reader.outbox(of: nil), reader)
        }
        let bytes = package.encoded()
        for seed in 0..<800 as Range<UInt64> {
            var mutations = Mutations(seed: seed)
            let damaged = mutations.damaged(bytes)
            guard let read = try? OutboxPackage(decoding: damaged) else { continue }
            #expect(read.encoded() == damaged, "seed \(seed)")
            guard read.changes.count < 50 else { continue }
            let taker = try copy(sides.customer, sides)
            try taker.store.write { transaction in
                for item in try transaction.outbox(of: nil) { try transaction.removeFromOutbox(item.number) }
            }
            var session = TakeoverSession(taker)
            for change in read.changes { _ = try session.take(change) }
            let texts = Set(try sides.comments(taker))
            #expect(texts.isSubset(of: ["unsent", "more"]), "seed \(seed): \(texts)")
        }
    }
}
