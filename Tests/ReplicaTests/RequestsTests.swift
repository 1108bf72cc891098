import BuntanProtocol
import Replica
import Storage
import Syncing
import Testing
import TestKit

@Suite("What a sync asks for")
struct RequestsTests {
    private func asked(_ sides: TwoSides, by workspace: Workspace) throws -> [Method] {
        let before = sides.asked.count
        try sides.sync(workspace)
        return sides.asked[before...].map(\.method)
    }

    @Test("One change takes the writer two requests and the reader one, and whoever has nothing to ask one")
    func few() throws {
        let sides = try TwoSides()
        try sides.sync(sides.provider)
        try sides.comment("one", as: sides.customer)
        #expect(try asked(sides, by: sides.customer) == [.heads, .push])
        #expect(try sides.customer.store.read { try $0.outboxCount() } == 0)
        #expect(try asked(sides, by: sides.provider) == [.heads])
        #expect(try sides.comments(sides.provider) == ["one"])
        #expect(try asked(sides, by: sides.customer) == [.heads])
    }

    /// Syncs with pushes on their way beside the question for the logs; returns what was asked.
    private func syncBeside(_ sides: TwoSides, by workspace: Workspace, pushFirst: Bool) throws -> (asked: [Method], report: SyncReport) {
        var session = SyncSession(workspace)
        var asked: [Method] = []
        while let request = try session.next() {
            let beside = session.beside?.request
            asked += [request.method] + (beside.map { [$0.method] } ?? [])
            let early = pushFirst ? try beside.map(sides.honest) : nil
            let reply = try sides.honest(request)
            try session.take(reply, beside: try early ?? beside.map(sides.honest))
        }
        return (asked, session.report)
    }

    @Test(
        "A push beside the question for the logs comes to the same, whichever the server sees first and whatever came meanwhile",
        arguments: [true, false], [true, false])
    func beside(pushFirst: Bool, bringsPages: Bool) throws {
        let sides = try TwoSides()
        sides.leavesPagesToPulls = !bringsPages
        try sides.sync(sides.provider)
        try sides.comment("one", as: sides.customer)
        let first = try syncBeside(sides, by: sides.customer, pushFirst: pushFirst)
        #expect(first.asked.prefix(2) == [.heads, .push] && first.report.sentChanges == 1)
        if bringsPages { #expect(first.asked.count == 2) }
        // The other side's words stand in the log before the next ones.
        try sides.sync(sides.provider)
        try sides.comment("two", "three", as: sides.provider)
        try sides.sync(sides.provider)
        try sides.comment("four", as: sides.customer)
        let second = try syncBeside(sides, by: sides.customer, pushFirst: pushFirst)
        #expect(second.asked.count { $0 == .push } == 1 && second.report.sentChanges == 1)
        #expect(second.report.arrived[sides.engagement] == 2)
        try sides.sync(sides.provider)
        for side in [sides.provider, sides.customer] {
            #expect(try sides.comments(side) == ["four", "one", "three", "two"])
            #expect(try side.store.read { try $0.outboxCount() } == 0)
        }
        #expect(try sides.standing(sides.engagement, sides.provider)?.base == sides.standing(sides.engagement, sides.customer)?.base)
    }

    @Test("A push that was lost beside the question goes in its turn; one whose answer was lost is not counted twice")
    func besideLost() throws {
        for reaches in [true, false] {
            let sides = try TwoSides()
            try sides.sync(sides.provider)
            try sides.comment("one", as: sides.customer)
            var session = SyncSession(sides.customer)
            while let request = try session.next() {
                if reaches, let beside = session.beside { _ = try sides.honest(beside.request) }
                try session.take(try sides.honest(request))
            }
            #expect(session.report.arrived[sides.engagement, default: 0] == 0)
            try sides.sync(sides.provider)
            #expect(try sides.comments(sides.provider) == ["one"])
            #expect(try sides.customer.store.read { try $0.outboxCount() } == 0)
        }
    }

    @Test("A server that brings nothing is asked with pulls, and both come to the same")
    func pulls() throws {
        let sides = try TwoSides()
        try sides.sync(sides.provider)
        sides.leavesPagesToPulls = true
        try sides.comment("one", as: sides.customer)
        #expect(try asked(sides, by: sides.customer) == [.heads, .push, .pull])
        #expect(try asked(sides, by: sides.provider) == [.heads, .pull])
        #expect(try sides.comments(sides.provider) == ["one"])
        let standings = try [sides.provider, sides.customer].map { try sides.standing(sides.engagement, $0)?.base }
        #expect(standings[0] == standings[1])
    }

    @Test("Whoever has more logs than a request may name asks for each that changed")
    func many() throws {
        let sides = try TwoSides()
        for number in 0..<Limits.heldPerRequest { _ = try sides.provider.addService(name: ["en": "s\(number)"], cells: [:]) }
        try sides.sync(sides.provider)
        try sides.comment("one", as: sides.customer)
        try sides.sync(sides.customer)
        #expect(try asked(sides, by: sides.provider) == [.heads, .pull])
        #expect(try sides.comments(sides.provider) == ["one"])
    }

    @Test("What can be sent ahead of a page is what is asked for next, from nothing and further on; nothing is, of the last one")
    func ahead() throws {
        let sides = try TwoSides()
        sides.leavesPagesToPulls = true
        let pages = Limits.pageBytes
        func sync(_ workspace: Workspace) throws -> (foretold: Int, last: Int) {
            var session = SyncSession(workspace)
            var (early, foretold, last): (OutgoingRequest?, Int, Int) = (nil, 0, 0)
            while let request = try session.next() {
                if let early {
                    #expect(request == early)
                    foretold += 1
                }
                var small = request
                if request.method == .pull {
                    let whole = try PullRequest(decoding: request.body)
                    #expect(whole.maxBytes == pages)
                    let cut = PullRequest(space: whole.space, epoch: whole.epoch, size: whole.size, root: whole.root, maxBytes: 1)
                    small = OutgoingRequest(method: .pull, body: cut.encoded(), token: request.token)
                }
                let reply = try sides.honest(small)
                early = try session.ahead(of: reply)
                if request.method == .pull, case .answer(let bytes) = reply {
                    let more = try LogPage(decoding: bytes).more
                    #expect((early != nil) == more)
                    if !more { last += 1 }
                } else {
                    #expect(early == nil)
                }
                try session.take(reply)
            }
            #expect(try session.next() == nil)
            return (foretold, last)
        }
        // A log that the provider has nothing of yet.
        let second = try sides.invited()
        try sides.sync(sides.customer)
        for number in 0..<3 { try sides.comment("\(number)", as: sides.customer) }
        try sides.sync(sides.customer)
        let (foretold, last) = try sync(sides.provider)
        #expect(foretold >= 4 && last >= 1)
        #expect(try sides.standing(second, sides.provider)?.base == sides.standing(second, sides.customer)?.base)
        #expect(try sides.comments(sides.provider) == ["0", "1", "2"])
    }
}
