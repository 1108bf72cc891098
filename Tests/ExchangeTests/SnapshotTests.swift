import BuntanProtocol
import ChangeLog
import Exchange
import Merging
import Storage
import Syncing
import Testing
import TestKit

@Suite("Snapshots and state digests")
struct SnapshotTests {
    private func scene(comments: Int) throws -> (bench: Bench, customer: Firm, space: SpaceID) {
        let bench = Bench()
        let (provider, customer) = (try bench.firm(1), try bench.firm(2))
        let service = try bench.service(of: provider).space
        let space = try bench.engaged(provider, customer, on: service)
        try bench.comment(0..<comments, in: space, by: customer)
        return (bench, customer, space)
    }

    private func page(_ space: SpaceID, after: RecordID? = nil, maxBytes: Int = Limits.pageBytes, as firm: Firm, _ bench: Bench) throws
        -> SnapshotPage
    {
        try bench.call(SnapshotRequest(space: space, after: after, maxBytes: maxBytes), as: firm.admin).get()
    }

    @Test("Pages hold every record once in order of id, each page signed at the size that its log then has")
    func pages() throws {
        let (bench, customer, space) = try scene(comments: 12)
        let first = try page(space, maxBytes: 600, as: customer, bench)
        let log = try bench.standing(space)
        #expect(first.base == log.base && first.frontier == log.frontier.hashes && first.more)
        #expect(try first.words == bench.store.read { try $0.words(of: space) })
        // What is written meanwhile makes the next page newer.
        try bench.comment(12..<13, in: space, by: customer)
        var (pages, after) = ([first], first.states.last?.record)
        while pages.last?.more == true {
            let next = try page(space, after: after, maxBytes: 600, as: customer, bench)
            #expect(next.base.size == log.size + 1 && next.words == nil)
            #expect(
                SignatureCheck.isValid(
                    next.signature, by: bench.identity.logKey.publicKey, label: "snapshot",
                    content: next.seal(after: after).content(in: space)))
            pages.append(next)
            after = next.states.last?.record
        }
        #expect(pages.count > 3)
        let records = pages.flatMap(\.states)
        #expect(zip(records, records.dropFirst()).allSatisfy { $0.record < $1.record })
        let whole = try page(space, as: customer, bench)
        #expect(!whole.more && Set(whole.states.map(\.record)).isSuperset(of: records.map(\.record)))
        for carried in whole.states {
            #expect(try bench.store.read { try $0.record(carried.record, in: space) }?.encoded() == carried.state)
        }
    }

    @Test("A page costs what it holds, however many records there are")
    func cost() throws {
        let questions = try [20, 400].map { count in
            let (bench, customer, space) = try scene(comments: count)
            let token = try bench.signIn(customer.admin).get()
            return try bench.answered(
                "snapshot", SnapshotRequest(space: space, after: RecordID(high: 0, low: 0), maxBytes: 600).encoded(), token: token
            )
            .questions
        }
        #expect(questions[0] == questions[1])
    }

    @Test("The digests are those of the states, at their size")
    func digests() throws {
        let (bench, customer, space) = try scene(comments: 5)
        let answer = try bench.call(DigestRequest(space: space), as: customer.admin).get()
        var contents = [[UInt8]](repeating: [], count: 1_024)
        for carried in try page(space, as: customer, bench).states {
            let hash = SHA.digest(carried.record.bytes).bytes
            contents[(Int(hash[0]) * 256 + Int(hash[1])) / 64] += carried.record.bytes + SHA.digest(carried.state).bytes
        }
        #expect(answer.buckets == contents.map { SHA.digest(Array("buntan.bucket.v1".utf8) + [0] + $0) })
        #expect(answer.size == (try bench.standing(space).size))
    }

    @Test("Nothing is told of a sealed space's records, nor of a space to whom it is not shown")
    func refused() throws {
        let (bench, _, space) = try scene(comments: 1)
        let stranger = try bench.firm(7)
        for space in [space, SpaceID(high: 9, low: 9)] {
            #expect(try refusal(bench.call(SnapshotRequest(space: space, after: nil), as: stranger.admin))?.code == .notFound)
            #expect(try refusal(bench.call(DigestRequest(space: space), as: stranger.admin))?.code == .notFound)
        }
        var random = SeededRandom(seed: 3)
        var own = try OwnSpace(.private, of: stranger, isSealed: true, random: &random)
        try own.move(to: bench.identity)
        try bench.hand(over: own, as: stranger.admin)
        #expect(try refusal(bench.call(SnapshotRequest(space: own.space, after: nil), as: stranger.admin)) == Refusal(.invalid, "sealed"))
        #expect(try refusal(bench.call(DigestRequest(space: own.space), as: stranger.admin)) == Refusal(.invalid, "sealed"))
    }

    @Test("What is committed and not marked is told to nobody before the mark covers it")
    func unmarked() throws {
        let (bench, customer, space) = try scene(comments: 1)
        let marked = try bench.standing(space)
        // Another process has committed and is about to mark.
        let change = try bench.change(in: space, by: customer.admin.signing, "later")
        try bench.store.write { writer in
            var ledger = Ledger(marked, source: try writer.source(of: space))
            _ = try ledger.admit(try ReceivedChange(checking: change), received: 1)
            try writer.apply(try ledger.finished())
        }
        #expect(bench.mark.place(of: space)?.size == marked.size)
        let page = try page(space, as: customer, bench)
        #expect(page.base.size == marked.size + 1 && bench.mark.place(of: space)?.size == marked.size + 1)
    }

    @Test("A server that fell back tells states only of a place that it had signed")
    func fallenBack() throws {
        let (bench, customer, space) = try scene(comments: 2)
        let signed = try bench.standing(space)
        let backup = bench.store.clone()
        try bench.comment(2..<4, in: space, by: customer)
        let frozen = try backup.read { try FallenBack.reconcile($0, with: bench.mark) }
        let registrar = Registrar(identity: bench.identity, policy: bench.policy, mark: bench.mark, frozen: frozen)
        let token = try bench.signIn(customer.admin).get()
        let request = SnapshotRequest(space: space, after: nil)
        let (status, body) = try registrar.answer(method: "snapshot", body: request.encoded(), token: token, now: bench.now, store: backup)
        #expect(status == 200)
        #expect(try SnapshotPage(decoding: body).base == signed.base)
    }
}
