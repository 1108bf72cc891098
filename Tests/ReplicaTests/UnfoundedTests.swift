import BuntanProtocol
import ChangeLog
import Replica
import Storage
import Syncing
import Testing
import TestKit

@Suite("Engagements that a server does not begin")
struct UnfoundedTests {
    @Test(
        "An invitation that is used, expired or revoked by the time of the sync is told of, given up, and holds up nothing",
        arguments: ["invitation_used", "invitation_expired", "invitation_revoked"])
    func givenUp(detail: String) throws {
        let sides = try TwoSides()
        let space = try sides.invited()
        try sides.comment("unsent", as: sides.customer)
        sides.intercept = { $0.method == .createSpace ? .error(ErrorAnswer(.invalid, detail: detail)) : nil }
        let report = try sides.sync(sides.customer)
        #expect(report.unfounded.map { "\($0.0.hex) \($0.detail ?? "")" } == ["\(space.hex) \(detail)"])
        #expect(report.sentChanges == 1)
        sides.intercept = { _ in nil }
        let asked = sides.asked.count
        #expect(try sides.sync(sides.customer).unfounded.isEmpty)
        #expect(!sides.asked[asked...].contains { $0.method == .createSpace })
    }

    @Test("One that waits for room is kept, and begins once there is some")
    func kept() throws {
        let sides = try TwoSides()
        let space = try sides.invited()
        sides.intercept = { $0.method == .createSpace ? .error(ErrorAnswer(.quota, detail: "spaces")) : nil }
        #expect(try sides.sync(sides.customer).unfounded.count == 1)
        sides.intercept = { _ in nil }
        #expect(try sides.sync(sides.customer).founded == [space])
        #expect(try sides.standing(space, sides.customer) != nil)
    }

    @Test("A server that says it has begun one and has not is asked again")
    func pretended() throws {
        let sides = try TwoSides()
        let space = try sides.invited()
        sides.intercept = { request in
            request.method == .createSpace ? .answer(CreateSpaceRequest.Answer(space: space, note: "").encoded()) : nil
        }
        #expect(try sides.sync(sides.customer).unreachable == [space])
        #expect(try sides.standing(space, sides.customer) == nil)
        sides.intercept = { _ in nil }
        #expect(try sides.sync(sides.customer).founded == [space])
        #expect(try sides.standing(space, sides.customer) != nil)
        let asked = sides.asked.count
        try sides.sync(sides.customer)
        #expect(!sides.asked[asked...].contains { $0.method == .createSpace })
    }
}
