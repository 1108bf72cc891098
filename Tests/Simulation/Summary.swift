/// What came of many runs.
package struct Summary: Codable, Sendable {
    /// A seed that broke a promise, and the first sentences about it.
    package struct Failure: Codable, Sendable {
        package let seed: UInt64
        package let sentences: [String]
    }

    /// So many runs meet every fault and every row of the tables; fewer need not.
    package static let whole = 300

    package private(set) var runs = 0
    package private(set) var changes = 0
    package private(set) var failures: [Failure] = []
    private var faults: [Fault: Int] = [:]
    private var rows: [TableRow: Int] = [:]
    private var refusals: [String: Int] = [:]

    package init() {}

    /// - Parameters:
    ///   - steps: how many; what the seed draws where nothing is said.
    ///   - sparing: faults that do not come to pass.
    package mutating func run(_ seed: UInt64, in world: FoundedWorld, steps: Int? = nil, sparing: Set<Fault> = []) {
        runs += 1
        do {
            let run = try SimulatedRun(seed: seed, in: world, sparing: sparing)
            try run.run(steps: steps)
            faults.merge(run.fired, uniquingKeysWith: +)
            rows.merge(run.reach.rows, uniquingKeysWith: +)
            refusals.merge(run.reach.refusals, uniquingKeysWith: +)
            changes += run.chronicle.order.count
            guard !run.findings.isEmpty else { return }
            failures.append(Failure(seed: seed, sentences: Array(Set(run.findings.map(\.description)).sorted().prefix(5))))
        } catch {
            failures.append(Failure(seed: seed, sentences: ["the run ended: \(error)"]))
        }
    }

    package mutating func add(_ other: Summary) {
        runs += other.runs
        changes += other.changes
        failures = (failures + other.failures).sorted { $0.seed < $1.seed }
        faults.merge(other.faults, uniquingKeysWith: +)
        rows.merge(other.rows, uniquingKeysWith: +)
        refusals.merge(other.refusals, uniquingKeysWith: +)
    }

    /// The faults and the rows of the tables that no run has met, though enough were run to meet them all.
    package var unmet: [String] {
        guard runs >= Self.whole else { return [] }
        return Fault.allCases.filter { faults[$0, default: 0] == 0 }.map(\.rawValue)
            + TableRow.allCases.filter { rows[$0, default: 0] == 0 }.map(\.rawValue)
    }

    /// How often each fault happened, each row was met and each refusal was given.
    package var table: String {
        func lines(_ title: String, _ counts: [(name: String, count: Int)]) -> [String] {
            let width = counts.map(\.name.count).max() ?? 0
            return ["\(title):"] + counts.map { "  \($0.name.padded(to: width)) \($0.count)" }
        }
        return
            (lines("faults", Fault.allCases.map { ($0.rawValue, faults[$0, default: 0]) })
            + lines("rows of the tables", TableRow.allCases.map { ($0.rawValue, rows[$0, default: 0]) })
            + lines("refusals", refusals.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })).joined(separator: "\n")
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
