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

/// What else may befall a store while it shows records ahead of their log.
extension FastStartTests {
    /// Lets the engagement's log come one entry a page.
    private func byEntry(_ sides: TwoSides) {
        sides.lie = { request, reply in
            guard request.method == .pull, case let asked = try PullRequest(decoding: request.body), asked.space == sides.engagement else {
                return reply
            }
            let small = PullRequest(space: asked.space, epoch: asked.epoch, size: asked.size, root: asked.root, maxBytes: 1)
            return try sides.honest(OutgoingRequest(method: .pull, body: small.encoded(), token: request.token))
        }
    }

    @Test(
        "What is erased while its log is on its way is gone here, too, at whatever step the word comes and however small the pages",
        arguments: [false, true])
    func erased(isByEntry: Bool) throws {
        let secret = "secret-value-4711"
        var hasEnded = false
        for step in 0..<200 where !hasEnded {
            let (sides, laptop) = try scene(comments: 12)
            try sides.comment(secret, as: sides.provider)
            try sides.comment("last", as: sides.provider)
            try sides.sync(sides.provider)
            if isByEntry { byEntry(sides) }
            let all = try sides.store.read { try $0.records(of: "comment", in: sides.engagement, after: nil, limit: .max) }
            let record = try #require(all.first { $0.shown.text("text") == secret }).id
            var left = step
            hasEnded = true
            try sync(laptop, sides) { _ in
                left -= 1
                hasEnded = left >= 0
                return !hasEnded
            }
            try sides.provider.store.write { transaction in
                let plan = try sides.provider.erasurePlan(of: "text", element: nil, of: record, in: sides.engagement, transaction)
                try sides.provider.erase(plan, transaction)
            }
            try sides.sync(sides.provider)
            try sides.sync(sides.customer)
            let report = try sides.sync(laptop)
            #expect(report.frozen.isEmpty && report.denied.isEmpty, "step \(step)")
            #expect(try laptop.store.read { try laptop.catchingUp($0) } == [], "step \(step)")
            #expect(try sides.comments(laptop) == sides.comments(sides.customer), "step \(step)")
            let memory = try #require(laptop.store as? MemoryStore)
            #expect(!memory.heldBytes.contains { $0.contains(Array(secret.utf8)) }, "step \(step)")
            #expect(try memory.violations.isEmpty && laptop.proveRecords(repairing: false).isEmpty, "step \(step)")
        }
        #expect(hasEnded)
    }

    @Test("An epoch that begins while its records are ahead of the log, at whatever step, leads to the log as it is")
    func reopened() throws {
        var hasEnded = false
        for step in 0..<200 where !hasEnded {
            let (sides, laptop) = try scene(comments: 12)
            let backup = sides.store.clone()
            try sides.comment("lost", as: sides.provider)
            try sides.sync(sides.provider)
            var left = step
            hasEnded = true
            try sync(laptop, sides) { _ in
                left -= 1
                hasEnded = left >= 0
                return !hasEnded
            }
            try sides.restart(on: backup)
            try sides.reopen()
            for workspace in [sides.provider, sides.customer, laptop, sides.provider, sides.customer, laptop] { try sides.sync(workspace) }
            let report = try sides.sync(laptop)
            #expect(report.frozen.isEmpty && report.denied.isEmpty, "step \(step)")
            #expect(try laptop.store.read { try laptop.catchingUp($0) } == [], "step \(step)")
            #expect(try sides.comments(laptop).contains("lost"), "step \(step)")
            #expect(try sides.comments(laptop) == sides.comments(sides.customer), "step \(step)")
            #expect(try sides.standing(sides.engagement, laptop)?.epoch == 1, "step \(step)")
        }
        #expect(hasEnded)
    }

    @Test("A copy of a store that is catching up catches up as well, beside it")
    func cloned() throws {
        let (sides, laptop) = try scene()
        try sync(laptop, sides) { try isVerifying($0, laptop, sides) }
        try sides.comment("from before the copy", as: laptop)
        let copy = Workspace(
            store: try #require(laptop.store as? MemoryStore).clone(), clock: sides.clock, random: sides.random,
            keys: laptop.keys, cores: 1, fastStart: Self.fastStart)
        try sides.comment("from the copy", as: copy)
        for workspace in [laptop, copy, laptop, sides.customer] {
            #expect(try sides.sync(workspace).frozen.isEmpty)
            #expect(try workspace.store.read { try workspace.catchingUp($0) } == [])
        }
        for workspace in [laptop, sides.customer] {
            let comments = try sides.comments(workspace)
            #expect(comments.count { $0 == "from before the copy" } == 1 && comments.contains("from the copy"))
        }
    }

    @Test("Another sync of the store that comes first, whole or in part, freezes nothing, at whatever step", arguments: [true, false])
    func twoSyncs(isWhole: Bool) throws {
        var hasEnded = false
        for step in 0..<200 where !hasEnded {
            let (sides, laptop) = try scene(comments: 12)
            byEntry(sides)
            var late = SyncSession(laptop)
            var number = 0
            hasEnded = true
            while let request = try late.next() {
                let reply = try sides.lie(request, sides.honest(request))
                if number == step {
                    hasEnded = false
                    if isWhole { try sides.sync(laptop) } else { try sync(laptop, sides) { try isVerifying($0, laptop, sides) } }
                }
                number += 1
                #expect(number < 1_000)
                try late.take(reply)
            }
            try laptop.settleIdentity()
            #expect(late.report.frozen.isEmpty, "step \(step)")
            #expect(try sides.sync(laptop).frozen.isEmpty, "step \(step)")
            #expect(try laptop.store.read { try laptop.catchingUp($0) } == [], "step \(step)")
            #expect(try sides.comments(laptop) == sides.comments(sides.customer), "step \(step)")
            #expect(
                try sides.standing(sides.engagement, laptop)?.base == sides.standing(sides.engagement, sides.customer)?.base, "step \(step)"
            )
        }
        #expect(hasEnded)
    }

    @Test("A log that is to be fetched anew goes on without the records ahead of it, and freezes nothing")
    func refetched() throws {
        let (sides, laptop) = try scene()
        try sync(laptop, sides) { try isVerifying($0, laptop, sides) }
        #expect(try laptop.refetch(sides.engagement))
        let report = try sides.sync(laptop)
        #expect(report.frozen.isEmpty)
        #expect(try laptop.store.read { try laptop.catchingUp($0) } == [])
        #expect(try sides.comments(laptop) == sides.comments(sides.customer))
    }

    @Test("Nothing is said of a space for good, nor erased in one, before all of it is verified")
    func unsaid() throws {
        let (sides, laptop) = try scene(ofProvider: true)
        let engagement = try #require(try sides.provider.store.read { try StoreDirectory($0) }.engagements.first)
        _ = try sides.provider.end(engagement, on: "2026-01-31", reason: nil)
        try sides.sync(sides.provider)
        try sync(laptop, sides) { try isVerifying($0, laptop, sides) }
        let behind = try #require(try laptop.store.read { try laptop.catchingUp(in: sides.engagement, $0) })
        let record = try #require(
            try laptop.store.read { try $0.records(of: "comment", in: sides.engagement, after: nil, limit: 1) }.first
        ).id
        #expect(throws: WorkspaceFault.catchingUp(behind)) {
            try laptop.store.read { try laptop.erasurePlan(of: "text", element: nil, of: record, in: sides.engagement, $0) }
        }
        #expect(try laptop.closeEndedServices(today: "2026-02-01") == [])
        #expect(try sides.sync(laptop).verified == [sides.engagement])
        #expect(try laptop.closeEndedServices(today: "2026-02-01") == [sides.engagement])
    }

    @Test("A record too large for any body keeps nobody from the log")
    func tooLarge() throws {
        let (sides, laptop) = try scene()
        let record = RecordID.timeOrdered(millis: sides.clock.now(), random: Nonce(high: 7, low: 7))
        let document = Value.text(String(repeating: "x", count: Limits.documentBytes - 1_000))
        for number in 0..<3 {
            var ops = [Op(cell: CellKey("document"), predecessors: [])]
            // The record begins with the first.
            if number == 0 { ops.insert(Op(cell: .life, predecessors: []), at: 0) }
            let edit = Edit(record: record, kind: "agreement", ops: ops)
            try sides.provider.store.write { transaction in
                let values = number == 0 ? [.bool(true), document] : [document]
                _ = try sides.provider.commit([(edit, values)], in: sides.engagement, transaction)
            }
        }
        try sides.sync(sides.provider)
        try sides.sync(sides.customer)
        var refused = 0
        sides.lie = { request, reply in
            if request.method == .snapshot, case .error(let error) = reply, error.code == .tooLarge { refused += 1 }
            return reply
        }
        #expect(try sides.sync(laptop).frozen.isEmpty)
        #expect(refused == 1)
        #expect(try sides.comments(laptop) == sides.comments(sides.customer))
    }

    @Test("A space that is shown to this device no more is left as far as it was verified, and keeps nothing waiting")
    func gone() throws {
        let (sides, laptop) = try scene()
        try sync(laptop, sides) { try isVerifying($0, laptop, sides) }
        sides.lie = { request, reply in
            guard request.method == .pull, try PullRequest(decoding: request.body).space == sides.engagement else { return reply }
            return .error(ErrorAnswer(.notFound))
        }
        #expect(try sides.sync(laptop).unreachable == [sides.engagement])
        #expect(try laptop.store.read { try laptop.catchingUp($0) } == [])
    }
}
