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
