import BuntanProtocol
import Exchange
import Storage
import Syncing
import TestKit
import Testing

/// Cost (P13): a sync is bounded by what is new. Rows are counted by the store in memory; for SQLite the engine counts, in
/// Tests/BenchmarksTests/CostTests.
@Suite("What a change costs")
struct CostTests {
    /// A store that looks through all of its logs for whatever it is asked. Nobody could tell by its answers.
    private struct LookingThrough: SpaceStore {
        let store: MemoryStore

        func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
            try store.read { reader in
                for space in try reader.spaces() { _ = try reader.entries(of: space, from: 0, maxBytes: .max) }
                return try body(reader)
            }
        }

        func write<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result { try store.write(body) }
    }

    private struct Cost {
        var questions: [String: Int] = [:]
        var bytes: [String: Int] = [:]
    }

    /// What one new change costs in a log with so many comments.
    private func cost(comments: Int, through served: (MemoryStore) -> any SpaceStore = { $0 }) throws -> Cost {
        let bench = Bench()
        let (provider, customer) = (try bench.firm(1), try bench.firm(2))
        let space = try bench.engaged(provider, customer, on: bench.service(of: provider).space)
        try bench.comment(0..<comments, in: space, by: customer)
        let token = try bench.signIn(customer.admin).get()
        let held = try bench.standing(space).base
        try bench.comment(comments..<comments + 1, in: space, by: customer)
        let store = served(bench.store)
        var cost = Cost()
        func ask<R: Request>(_ request: R) throws -> R.Answer {
            let name = R.method.rawValue
            let before = bench.store.questions
            let (status, body) = try bench.registrar.answer(
                method: name, body: request.encoded(), token: token, now: bench.now, store: store)
            #expect(status == 200)
            (cost.questions[name], cost.bytes[name]) = (bench.store.questions - before, body.count)
            return try R.Answer(decoding: body)
        }
        #expect(try ask(PullRequest(space: space, base: held)).entries.count == 1)
        let heads = try ask(HeadsRequest(digest: SHA.empty, held: [HeldLog(space: space, base: held)]))
        #expect(heads.pages.map(\.page.entries.count) == [1])
        return cost
    }

    /// What a long log makes dearer, or too dear at all.
    private func excess(of long: Cost, over short: Cost) -> [String] {
        long.questions.filter { $0.value > short.questions[$0.key, default: 0] }.map { "\($0.key): \($0.value) rows" }
            + long.bytes.filter { $0.value > 16 * 1024 }.map { "\($0.key): \($0.value) bytes" }
    }

    @Test("A change pulled from a long log costs what it costs from a short one, in rows and in bytes")
    func change() throws {
        let (short, long) = (try cost(comments: 1_000), try cost(comments: 8_000))
        #expect(excess(of: long, over: short).isEmpty)
        #expect(short.questions.count == 2 && short.questions.values.allSatisfy { $0 < 40 })
    }

    @Test("A store that looks through its logs for each answer is noticed")
    func looksThrough() throws {
        let (short, long) = (
            try cost(comments: 50) { LookingThrough(store: $0) }, try cost(comments: 400) { LookingThrough(store: $0) }
        )
        #expect(excess(of: long, over: short).count == 2)
    }
}
