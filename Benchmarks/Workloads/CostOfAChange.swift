import BuntanProtocol
import ChangeLog
import Storage
import StorageSQLite
import Syncing

/// One change, pushed and pulled, in a short log and in a long one: what the engine counts for it (sync.md section 13, P13).
enum CostOfAChange: Workload {
    static let name = "cost"
    static let abstract = "What one change costs the stores of both sides, from a log of 1,000 entries and from a long one."

    static let short = 1_000

    /// What is done with a change.
    enum Part: String, CaseIterable {
        /// The server takes it.
        case push
        /// The server says what has come, and brings it.
        case heads
        /// The server hands it over.
        case pull
        /// The customer's device files it: a whole sync.
        case file
        /// The customer's device shows its record and what has been done to that.
        case read
        /// The customer's device writes one of its own, and sends it: a whole sync.
        case write
    }

    /// What a part took the two stores together: of several changes the most.
    struct Cost {
        var work = EngineWork()
        /// Bodies both ways, before they are packed.
        var bytes = 0
        var times = Durations()
    }

    static func measure(_ options: BenchOptions) async throws -> Figures {
        let clock = ContinuousClock()
        return try await Stage.inFolder(options) { folder in
            let cycles = options.cycles ?? 20
            let long = options.changes ?? 1_000_000
            var costs: [[Part: Cost]] = []
            var durability: String?
            let start = clock.now
            for (name, entries) in [("short", short), ("long", long)] {
                let log = try LongLog(in: "\(folder)/\(name)", entries: entries)
                costs.append(try Self.costs(in: log, cycles: cycles))
                let kept = try log.server.durability()
                durability = "\(kept.journal)/\(kept == .full ? "FULL" : "not FULL")"
                try log.close()
            }
            var figures = Figures(workload: name, rows: long, seconds: (clock.now - start).seconds)
            figures.durability = durability
            let pulls = costs[1][.pull]?.times
            (figures.p50Ms, figures.p99Ms) = (pulls?.millis(0.5), pulls?.millis(0.99))
            for part in Part.allCases {
                for (index, suffix) in ["Short", "Long"].enumerated() {
                    guard let cost = costs[index][part] else { continue }
                    figures.details += [
                        ("\(part)Steps\(suffix)", Double(cost.work.steps)), ("\(part)Scanned\(suffix)", Double(cost.work.scanned)),
                        ("\(part)Pages\(suffix)", Double(cost.work.pages)), ("\(part)Bytes\(suffix)", Double(cost.bytes)),
                        ("\(part)Ms\(suffix)", cost.times.millis(0.5) ?? 0),
                    ]
                }
            }
            return figures
        }
    }

    /// Does everything with one new change after another, and says what the dearest of each took.
    static func costs(in log: LongLog, cycles: Int) throws -> [Part: Cost] {
        var costs: [Part: Cost] = [:]
        for number in 0..<cycles {
            let base = try log.standing().base
            let change = try log.change("change \(number)")
            func took(_ part: Part, _ body: () throws -> Int) throws {
                try costs[part, default: Cost()].add(in: log, body)
            }
            try took(.push) {
                let push = try log.push(change)
                precondition(push.answer.verdicts == [.accepted(position: base.size)], "the change is taken")
                return push.count
            }
            try took(.heads) {
                let heads = try log.heads(since: base)
                precondition(heads.answer.pages.map(\.page.entries.count) == [1], "the change is brought")
                return heads.count
            }
            try took(.pull) {
                let pull = try log.pull(since: base)
                precondition(pull.answer.entries.count == 1, "the change comes")
                return pull.count
            }
            try took(.file, log.syncCustomer)
            let record = try Change(decoding: change.bytes).edits?.first?.record
            try took(.read) {
                try log.customer.read { reader in
                    let state = try record.flatMap { try reader.shown($0, in: log.space) }
                    let history = try record.map { try reader.history(of: $0, in: log.space) }
                    precondition(state != nil && history == [base.size], "the change has been filed")
                    return 0
                }
            }
            try took(.write) {
                try log.write("answer \(number)")
                let bytes = try log.syncCustomer()
                let size = try log.standing().size
                precondition(size == base.size + 2, "the customer's change is taken")
                return bytes
            }
        }
        return costs
    }
}

extension CostOfAChange.Cost {
    fileprivate mutating func add(in log: LongLog, _ body: () throws -> Int) throws {
        let before = [try log.server.work(), try log.customer.work()]
        let clock = ContinuousClock()
        let start = clock.now
        let bytes = try body()
        times.add(clock.now - start)
        let (server, customer) = (try log.server.work() - before[0], try log.customer.work() - before[1])
        work.steps = max(work.steps, server.steps + customer.steps)
        work.scanned = max(work.scanned, server.scanned + customer.scanned)
        work.pages = max(work.pages, server.pages + customer.pages)
        self.bytes = max(self.bytes, bytes)
    }
}
