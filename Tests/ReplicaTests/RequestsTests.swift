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
}
