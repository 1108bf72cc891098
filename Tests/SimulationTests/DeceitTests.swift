import Simulation
import Testing

/// A server with the log's own key rewrites what it has shown (P10).
@Suite("Whoever has seen what a server takes back or shows otherwise notices it, and keeps what it had")
struct DeceitTests {
    @Test("After any run, whatever the lie", arguments: Deceit.allCases)
    func noticed(deceit: Deceit) throws {
        let world = try FoundedWorld()
        for seed in 1...12 as ClosedRange<UInt64> {
            let run = try SimulatedRun(seed: seed, in: world)
            try run.run(steps: 60, deceivedBy: deceit)
            #expect(run.findings.isEmpty, "seed \(seed): \(run.findings.map(\.description))")
        }
    }
}
