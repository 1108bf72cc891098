import Agreements
import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Records
import Storage
import Syncing
import TestKit
import Testing

@Suite("What a full quota lets through, and for how long")
struct QuotaTests {
    private struct Scene {
        let bench = Bench()
        var provider: Firm
        var customer: Firm
        let engagement: SpaceID

        init() throws {
            (provider, customer) = (try bench.firm(1), try bench.firm(2))
            engagement = try bench.engaged(provider, customer, on: try bench.service(of: provider).space)
        }

        func push(_ change: SignedChange, as firm: Firm) throws -> Verdict {
            try #require(try bench.call(PushRequest(space: engagement, changes: [change]), as: firm.admin).get().verdicts.first)
        }

        func comment(_ text: String, as firm: Firm) throws -> Verdict {
            try push(try bench.change(in: engagement, by: firm.admin.signing, text), as: firm)
        }

        /// A party's word that an agreement ends; with a comment beside it, where one is given.
        func end(_ message: String, beside comment: String? = nil, as firm: Firm) throws -> Verdict {
            let fields: [(String, Value)] = [
                ("agreement", .id(RecordID.timeOrdered(millis: 1, random: bench.random.nonce()))), ("endsOn", .text("2026-12-31")),
                ("message", .text(message)),
            ]
            var records: [(RecordID, String, [(CellKey, Value)])] = [
                (
                    RecordID.timeOrdered(millis: 1, random: bench.random.nonce()), AgreementEnding.kind,
                    [(.life, .bool(true))] + fields.map { (CellKey($0.0), $0.1) }
                )
            ]
            if let comment {
                let id = RecordID.timeOrdered(millis: 2, random: bench.random.nonce())
                records.append((id, "comment", [(.life, .bool(true)), (CellKey("row"), .id(id)), (CellKey("text"), .text(comment))]))
            }
            records.sort { $0.0 < $1.0 }
            let edits = records.map { record in
                Edit(
                    record: record.0, kind: record.1,
                    ops: record.2.sorted { $0.0 < $1.0 }.map { Op(cell: $0.0, predecessors: []) })
            }
            let values = records.flatMap { $0.2.sorted { $0.0 < $1.0 }.map(\.1.encoded) }
            let change = try ChangeAuthor(space: engagement, key: firm.admin.signing).change(
                edits: edits, values: values, base: try bench.standing(engagement).base, time: 1, schema: 1, random: &bench.random)
            return try push(change, as: firm)
        }

        func say(_ statement: SignedBytes, as firm: Firm) throws -> Verdict {
            try #require(try bench.call(StatementRequest(statements: [statement]), as: firm.admin).get().verdicts.first)
        }

        func setQuota(_ bytes: Int, of firm: Firm) throws {
            #expect(try bench.store.write { try Operating.setQuota(bytes, of: firm.id, $0) })
        }
    }

    private static let refused = Verdict.refused(.quota, detail: nil)
    /// Far more words than any reserve has room for.
    private static let manyTimes = 200

    @Test("A party that fills an engagement fills its own half: the other goes on writing, and ends the agreement")
    func otherPartyFills() throws {
        let scene = try Scene()
        scene.bench.policy.spaceBytes = 64 << 10
        var filled = 0
        while try scene.comment(String(repeating: "x", count: 4_000), as: scene.provider) != Self.refused {
            filled += 1
            try #require(filled < Self.manyTimes)
        }
        #expect(filled > 1)
        #expect(try scene.comment("we see no agreement", as: scene.customer).isTaken)
        #expect(try scene.end("enough", as: scene.customer).isTaken)
        // Its half is no more than a half either.
        var own = 0
        while try scene.comment(String(repeating: "y", count: 4_000), as: scene.customer) != Self.refused {
            own += 1
            try #require(own <= filled)
        }
    }

    @Test("Who has nothing left ends an agreement all the same, by a reserve that does not last, and by nothing else")
    func endBeyondQuota() throws {
        let scene = try Scene()
        try scene.setQuota(0, of: scene.customer)
        #expect(try scene.comment("more", as: scene.customer) == Self.refused)
        #expect(try scene.end("enough", as: scene.customer).isTaken)
        #expect(try scene.end("enough", beside: "a comment that rides along", as: scene.customer) == Self.refused)
        var ends = 0
        while try scene.end(String(repeating: "z", count: 8_000), as: scene.customer) != Self.refused {
            ends += 1
            try #require(ends < Self.manyTimes)
        }
        #expect(ends > 1)
        // The other's is its own.
        try scene.setQuota(0, of: scene.provider)
        #expect(try scene.end("enough", as: scene.provider).isTaken)
    }

    @Test("What protects an organisation passes a full quota, by a reserve; what takes away always passes")
    func protectingWords() throws {
        var scene = try Scene()
        let second = try scene.customer.enrol([.read, .write])
        #expect(try scene.say(second.statement, as: scene.customer).isTaken)
        let changes = try ["a", "b"].map { try scene.bench.change(in: scene.engagement, by: scene.customer.admin.signing, $0) }
        for change in changes { #expect(try scene.push(change, as: scene.customer).isTaken) }
        try scene.setQuota(0, of: scene.customer)
        var own = ChainAboutSpace(scene.engagement, scene.customer)
        func say(_ act: Statement.Act) throws -> Verdict {
            var next = own
            let verdict = try scene.say(next.say(act), as: scene.customer)
            if verdict.isTaken { own = next }
            return verdict
        }
        #expect(try say(.restrict(device: second.keys.device, .read)).isTaken)
        #expect(try say(erasure(of: changes[0])).isTaken)
        // Nobody has made these changes, and anybody can name as many.
        var said = 0
        while true {
            let nothing = (0..<Limits.opsPerChange).map { _ in
                ErasedOps(ChangeID(high: scene.bench.random.next(), low: scene.bench.random.next()), [0])
            }
            let verdict = try say(.erase(nothing.sorted { $0.change < $1.change }))
            guard verdict.isTaken else {
                #expect(verdict == Self.refused)
                break
            }
            said += 1
            try #require(said < Self.manyTimes)
        }
        #expect(said > 1)
        // What is erased already is erased once more by a word that says nothing new.
        for _ in 0..<Self.manyTimes { if try !say(erasure(of: changes[0])).isTaken { break } }
        #expect(try say(erasure(of: changes[0])) == Self.refused)
        #expect(try say(erasure(of: changes[1])).isTaken)
        // The reserve for what is said of the organisation itself is another.
        let known = scene.customer
        let lowered = try scene.customer.say(.setCapabilities(device: second.keys.device, .read))
        #expect(try scene.say(lowered, as: known).isTaken)
        let revoked = try scene.customer.say(.revoke(device: second.keys.device, compromisedAfter: nil))
        #expect(try scene.say(revoked, as: known).isTaken)
    }

    private func erasure(of change: SignedChange) throws -> Statement.Act {
        let made = try Change(decoding: change.bytes)
        let ops = (made.edits ?? []).flatMap(\.ops)
        return .erase([ErasedOps(made.id, ops.indices.filter { ops[$0].cell != .life })])
    }
}

/// What an organisation says about one space, one word after another.
private struct ChainAboutSpace {
    private let space: SpaceID
    private let author: StatementAuthor
    private var head = ChainHead.start

    init(_ space: SpaceID, _ firm: Firm) {
        self.space = space
        author = StatementAuthor(organisation: firm.id, key: firm.admin.signing)
    }

    mutating func say(_ act: Statement.Act) -> SignedBytes {
        let statement = author.sign(act, after: head, about: space, time: 2)
        head = head.advanced(by: statement)
        return statement
    }
}

extension Verdict {
    fileprivate var isTaken: Bool { if case .accepted = self { true } else { false } }
}
