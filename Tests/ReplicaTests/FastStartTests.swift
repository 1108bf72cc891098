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

@Suite("A device that is new to a large space")
struct FastStartTests {
    static let fastStart = FastStart(leastEntries: 8, firstBytes: 1, pageBytes: 600)

    /// An engagement with many comments of the provider's, and a further device of a side's that has fetched nothing.
    func scene(comments: Int = 24, ofProvider: Bool = false) throws -> (sides: TwoSides, laptop: Workspace) {
        let sides = try TwoSides()
        for number in 0..<comments { try sides.comment("comment \(number)", as: sides.provider) }
        try sides.sync(sides.provider)
        try sides.sync(sides.customer)
        let owner = ofProvider ? sides.provider : sides.customer
        let keys = DeviceKeys(drawnBy: 77)
        let organisation = try owner.store.read { try $0.identity().organisation }
        try owner.enrol(keys, as: "laptop")
        try sides.sync(owner)
        let store = MemoryStore(indexing: StateIndexing())
        try Workspace.enter(organisation: organisation, serverAddress: "https://sync.example", keys: keys, store: store)
        return (
            sides, Workspace(store: store, clock: sides.clock, random: sides.random, keys: keys, cores: 1, fastStart: Self.fastStart)
        )
    }

    /// Syncs until `stops` says so, as if its user had ended it there; returns what was asked.
    @discardableResult
    func sync(_ laptop: Workspace, _ sides: TwoSides, until stops: (OutgoingRequest) throws -> Bool) throws -> [OutgoingRequest] {
        var session = SyncSession(laptop)
        var asked: [OutgoingRequest] = []
        while let request = try session.next() {
            if try stops(request) { return asked }
            asked.append(request)
            try session.take(try sides.lie(request, sides.honest(request)))
        }
        try laptop.settleIdentity()
        return asked
    }

    func isVerifying(_ request: OutgoingRequest, _ laptop: Workspace, _ sides: TwoSides) throws -> Bool {
        guard request.method == .pull, case let pull = try PullRequest(decoding: request.body), pull.space == sides.engagement else {
            return false
        }
        return try laptop.store.read { reader in
            guard let lead = try reader.lead(of: pull.space) else { return false }
            return lead.isSettled && pull.size < lead.standing.size
        }
    }

    @Test("It shows every record before it has the log, says that it is catching up, and then that it is verified")
    func whole() throws {
        let (sides, laptop) = try scene()
        try sync(laptop, sides) { try isVerifying($0, laptop, sides) }
        let behind = try #require(try laptop.store.read { try laptop.catchingUp(in: sides.engagement, $0) })
        let size = try #require(try sides.standing(sides.engagement, sides.customer)?.size)
        #expect(behind.size == size && behind.verified < 4)
        #expect(try sides.comments(laptop) == sides.comments(sides.customer))
        #expect(try sides.standing(sides.engagement, laptop)?.rights == sides.standing(sides.engagement, sides.customer)?.rights)

        let report = try sides.sync(laptop)
        #expect(report.verified == [sides.engagement] && report.compared[sides.engagement] == .equal)
        #expect(try laptop.store.read { try laptop.catchingUp($0) } == [])
        for store in [laptop.store, sides.customer.store] {
            let held = try store.read { reader in
                (
                    try reader.entries(of: sides.engagement, from: 0, maxBytes: .max),
                    try reader.states(in: sides.engagement, after: nil, maxBytes: .max).states
                )
            }
            #expect(held.0.count == size)
            #expect(try held.1 == sides.store.read { try $0.states(in: sides.engagement, after: nil, maxBytes: .max).states })
        }
        #expect(try #require(laptop.store as? MemoryStore).violations.isEmpty)
    }

    @Test("It goes on after the last record that came, wherever it was cut short, and asks for none twice")
    func resumed() throws {
        let (sides, laptop) = try scene()
        var afters: [RecordID?] = []
        var hasEnded = false
        for round in 0..<200 where !hasEnded {
            hasEnded = true
            var allowed = round < 2 ? 12 : 1
            for request in try sync(
                laptop, sides,
                until: { request in
                    guard [.snapshot, .pull].contains(request.method) else { return false }
                    allowed -= 1
                    hasEnded = allowed >= 0
                    return !hasEnded
                }) where request.method == .snapshot
            { afters.append(try SnapshotRequest(decoding: request.body).after) }
        }
        #expect(hasEnded && afters.count > 3 && Set(afters).count == afters.count)
        #expect(try laptop.store.read { try laptop.catchingUp($0) } == [])
        #expect(try sides.comments(laptop) == sides.comments(sides.customer))
    }

    @Test("What comes while its pages are on their way is applied to the records whose page is older, once each")
    func written() throws {
        let (sides, laptop) = try scene()
        var pages = 0
        try sync(laptop, sides) { request in
            if request.method == .snapshot {
                pages += 1
                if pages.isMultiple(of: 2) {
                    try sides.comment("meanwhile \(pages)", as: sides.provider)
                    try sides.sync(sides.provider)
                }
            }
            return try isVerifying(request, laptop, sides)
        }
        #expect(pages > 3)
        try sides.sync(sides.customer)
        #expect(try sides.comments(laptop) == sides.comments(sides.customer))
        #expect(try sides.sync(laptop).verified == [sides.engagement])
    }

    @Test("What is written meanwhile leaves the device once all is verified, and not before")
    func writing() throws {
        let (sides, laptop) = try scene()
        try sync(laptop, sides) { try isVerifying($0, laptop, sides) }
        let base = try #require(try sides.standing(sides.engagement, laptop)?.base)
        try sides.comment("from the laptop", as: laptop)
        let item = try #require(try laptop.store.read { try $0.outbox(of: sides.engagement) }.first)
        #expect(try Change(decoding: item.item.signed.bytes).base == base)
        // It goes on by itself, and pushes only then.
        var isVerified = false
        let asked = try sync(laptop, sides) { request in
            isVerified = try laptop.store.read { try $0.lead(of: sides.engagement) == nil }
            if request.method == .push { #expect(isVerified) }
            return false
        }
        #expect(asked.contains { $0.method == .push })
        try sides.sync(sides.provider)
        #expect(try sides.comments(sides.provider).contains("from the laptop"))
    }

    @Test("Nothing is written before all records are here, and no agreement is signed nor proved before they are verified")
    func refused() throws {
        let (sides, laptop) = try scene()
        var pages = 0
        try sync(laptop, sides) { request in
            if request.method == .snapshot { pages += 1 }
            return pages == 2
        }
        #expect(throws: WorkspaceFault.self) { try sides.comment("too early", as: laptop) }
        try sync(laptop, sides) { try isVerifying($0, laptop, sides) }
        let engagement = try #require(try laptop.store.read { try StoreDirectory($0) }.engagements.first)
        let behind = try #require(try laptop.store.read { try laptop.catchingUp(in: sides.engagement, $0) })
        let wish = AgreementWish(timeZone: "UTC", today: try CalendarDate(typed: "2026-11-26"))
        #expect(throws: WorkspaceFault.catchingUp(behind)) {
            try laptop.sign(wish, expecting: SHA.empty, in: engagement, name: "A", title: "B")
        }
        #expect(throws: WorkspaceFault.catchingUp(behind)) {
            try laptop.store.read { try laptop.evidence(of: RecordID(high: 1, low: 1), in: engagement, $0) }
        }
    }

    enum Lie: CaseIterable { case anotherValue, recordLeftOut, statementLeftOut }

    /// Lets the first page of a snapshot lie, under the log's key.
    func tell(_ lie: Lie, _ sides: TwoSides) {
        sides.lie = { request, reply in
            guard request.method == .snapshot, case .answer(let bytes) = reply else { return reply }
            let page = try SnapshotPage(decoding: bytes)
            var (states, words) = (page.states, page.words)
            let asked = try SnapshotRequest(decoding: request.body)
            if asked.after == nil {
                switch lie {
                case .anotherValue:
                    let state = try RecordState(decoding: states[0].state)
                    let other = RecordState(
                        kind: state.kind, creator: state.creator,
                        cells: state.cells.map { cell in
                            guard cell.key.field == "text" || cell.key.field == "legalName" else { return cell }
                            return Cell(
                                key: cell.key,
                                heads: cell.heads.map {
                                    Head(op: $0.op, position: $0.position, author: $0.author, value: Value.text("lie").encoded)
                                })
                        })
                    #expect(other != state)
                    states[0] = CarriedState(record: states[0].record, state: other.encoded())
                case .recordLeftOut: states.removeFirst()
                case .statementLeftOut: words?.removeLast()
                }
            }
            return .answer(try Self.signed(page, states, words, asked, sides).encoded())
        }
    }

    @Test(
        "A lie in a snapshot is found when the log is verified: the space freezes, shows what the log gives, and keeps the proof",
        arguments: Lie.allCases)
    func lies(lie: Lie) throws {
        let (sides, laptop) = try scene()
        tell(lie, sides)
        try sync(laptop, sides) { try isVerifying($0, laptop, sides) }
        if lie != .statementLeftOut { try sides.comment("on a lie", as: laptop) }
        sides.lie = { $1 }
        let before = sides.asked.count
        let report = try sides.sync(laptop)
        guard case .snapshotDiffers(sides.engagement, _, let records)? = report.frozen.first?.1 else {
            Issue.record("\(report.frozen)")
            return
        }
        #expect(records.isEmpty == (lie == .statementLeftOut))
        let asked = sides.asked[before...].filter { $0.method == .push }
        #expect(asked.isEmpty && report.verified.isEmpty)
        try laptop.store.read { reader in
            #expect(try reader.isFrozen(sides.engagement) && reader.lead(of: sides.engagement) == nil)
            for carried in try sides.store.read({ try $0.states(in: sides.engagement, after: nil, maxBytes: .max).states }) {
                #expect(try reader.record(carried.record, in: sides.engagement)?.encoded() == carried.state)
            }
            // What the key had signed of each page.
            let evidence = try #require(try reader.value(StoredName.evidence(sides.engagement)))
            #expect(evidence.count > 200)
        }
    }

    enum Flaw: CaseIterable { case otherKey, disordered, notItsForm, otherFrontier, noWords, repeated }

    @Test("A page that the log's key may not have signed is refused whole, with proof", arguments: Flaw.allCases)
    func flaws(flaw: Flaw) throws {
        let (sides, laptop) = try scene()
        var first: [CarriedState] = []
        sides.lie = { request, reply in
            guard request.method == .snapshot, case .answer(let bytes) = reply else { return reply }
            let page = try SnapshotPage(decoding: bytes)
            let asked = try SnapshotRequest(decoding: request.body)
            if asked.after == nil { first = page.states }
            switch flaw {
            case .otherKey:
                return .answer(
                    try Self.signed(page, page.states, page.words, asked, sides, by: SigningKey(seed: SHA.digest([9]))).encoded())
            case .disordered: return .answer(try Self.signed(page, page.states.reversed(), page.words, asked, sides).encoded())
            case .notItsForm:
                let other = page.states.map { CarriedState(record: $0.record, state: [0x80]) }
                return .answer(try Self.signed(page, other, page.words, asked, sides).encoded())
            case .otherFrontier:
                let other = SnapshotPage(
                    base: page.base, states: page.states, more: page.more, frontier: page.frontier.map { _ in SHA.digest([1]) },
                    signature: page.signature, words: page.words)
                return .answer(other.encoded())
            case .noWords: return .answer(try Self.signed(page, page.states, nil, asked, sides).encoded())
            case .repeated:
                return asked.after == nil ? reply : .answer(try Self.signed(page, first, page.words, asked, sides).encoded())
            }
        }
        let report = try sides.sync(laptop)
        guard case .badSnapshot(sides.engagement, _)? = report.frozen.first?.1 else {
            Issue.record("\(report.frozen)")
            return
        }
        #expect(try laptop.store.read { try $0.lead(of: sides.engagement) } == nil)
    }

    @Test("A server without snapshots, or one that goes back between two pages, keeps nobody from the log")
    func plainly() throws {
        for isOld in [false, true] {
            let (sides, laptop) = try scene()
            var early: Reply?
            sides.lie = { request, reply in
                guard request.method == .snapshot else { return reply }
                guard isOld else { return .error(ErrorAnswer(.notFound)) }
                let asked = try SnapshotRequest(decoding: request.body)
                guard asked.after != nil, case .answer(let bytes) = reply else { return reply }
                // The page as it was when the log had fewer entries.
                let page = try SnapshotPage(decoding: bytes)
                if early == nil {
                    let log = try #require(try sides.standing(sides.engagement, sides.customer))
                    let source = try sides.store.read {
                        try LogTiles.frontier(ofSize: log.size - 1, tile: $0.source(of: sides.engagement).tile)
                    }
                    let old = SnapshotPage(
                        base: Base(epoch: 0, size: source.size, root: source.root), states: page.states, more: page.more,
                        frontier: source.hashes,
                        signature: page.signature, words: nil)
                    early = .answer(try Self.signed(old, old.states, nil, asked, sides).encoded())
                }
                return early ?? reply
            }
            let report = try sides.sync(laptop)
            #expect(report.frozen.isEmpty)
            #expect(try laptop.store.read { try $0.lead(of: sides.engagement) } == nil)
            #expect(try sides.comments(laptop) == sides.comments(sides.customer))
        }
    }

    static func signed(
        _ page: SnapshotPage, _ states: [CarriedState], _ words: [PlacedEntry]?, _ asked: SnapshotRequest, _ sides: TwoSides,
        by key: SigningKey? = nil
    ) throws -> SnapshotPage {
        let content = SnapshotSeal.content(
            space: asked.space, after: asked.after, base: page.base, states: SnapshotPage.digest(ofStates: states), more: page.more,
            words: words.map(SnapshotPage.digest(ofWords:)))
        return SnapshotPage(
            base: page.base, states: states, more: page.more, frontier: page.frontier,
            signature: (key ?? sides.identity.logKey).sign("snapshot", content), words: words)
    }
}
