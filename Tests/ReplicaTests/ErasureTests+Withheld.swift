import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Replica
import Storage
import Syncing
import Testing
import TestKit

/// Values that a log is shown without, and that none of its entries has erased.
extension ErasureTests {
    @Test("A server that withholds a value which nobody has erased is told of, until it shows it", arguments: [false, true])
    func withheld(erasesAnother: Bool) throws {
        let (sides, record) = try scene()
        if erasesAnother {
            try erase(try comment("one", sides), sides, as: sides.customer)
            try sides.sync(sides.customer)
        }
        let change = try #require(
            try sides.store.read { try $0.record(record, in: sides.engagement)?[CellKey("text")]?.heads.first?.op.change })
        _ = try sides.provider.refetch(sides.engagement)
        sides.lyingAbout(sides.engagement) { _, page in
            LogPage(
                entries: try page.entries.map { carried in
                    guard case let entry = try Entry(decoding: carried.entry), entry.kind == .change, let payload = carried.payload,
                        try Change(decoding: entry.content).id == change
                    else { return carried }
                    return CarriedEntry(
                        entry: carried.entry, payload: ValuesRoot.erasing([0, 1, 2], from: try Payload(decoding: payload)).encoded())
                }, note: page.note, more: page.more)
        }
        for _ in 0..<2 {
            let report = try sides.sync(sides.provider)
            #expect(report.frozen.isEmpty && report.withheld.map(\.space) == [sides.engagement] && report.withheld.map(\.changes) == [1])
        }
        // The log holds less than it should, which its check finds and mends.
        sides.lyingAbout(sides.engagement) { _, page in page }
        #expect(try !sides.provider.store.read { try LogRebuild.check(sides.engagement, $0) }.isEmpty)
        _ = try sides.provider.refetch(sides.engagement)
        #expect(try sides.sync(sides.provider).withheld.isEmpty)
        try #expect(holds(sides.provider.store))
    }

    @Test("Where the word that erased a value is lost with an epoch, the value comes again, and goes with the word")
    func lostWord() throws {
        let (sides, record) = try scene()
        let backup = sides.store.clone()
        try erase(record, sides, as: sides.customer)
        try sides.sync(sides.customer)
        let end = try #require(try sides.standing(sides.engagement, sides.customer)).size
        _ = try sides.provider.refetch(sides.engagement)
        // The connection breaks before the last entry.
        sides.intercept = { request in
            guard request.method == .pull else { return nil }
            let pull = try PullRequest(decoding: request.body)
            guard pull.space != sides.engagement || pull.size < end - 1 else { return .error(ErrorAnswer(.unavailable)) }
            let small = PullRequest(space: pull.space, epoch: pull.epoch, size: pull.size, root: pull.root, maxBytes: 1)
            return try sides.honest(OutgoingRequest(method: .pull, body: small.encoded(), token: request.token))
        }
        #expect(throws: SyncFault.self) { try sides.sync(sides.provider) }
        sides.intercept = { _ in nil }
        try #expect(!holds(sides.provider.store))
        #expect(try sides.provider.store.read { try sides.provider.withheld($0) }.map(\.changes) == [1])

        try sides.restart(on: backup)
        try sides.reopen()
        let report = try sides.sync(sides.provider)
        #expect(report.frozen.isEmpty && report.withheld.isEmpty && report.denied.isEmpty)
        try #expect(holds(sides.provider.store))
        try sides.sync(sides.customer)
        try sides.sync(sides.provider)
        try expectGone(sides)
    }
}
