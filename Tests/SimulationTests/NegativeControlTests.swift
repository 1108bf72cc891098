import Simulation
import Testing

/// Systems that are wrong in one way each: a checker that does not notice proves nothing.
@Suite("The checker notices each of these mistakes")
struct NegativeControlTests {
    @Test("There is a mistake for every promise")
    func covers() {
        let broken = Sabotage.Kind.allCases.filter { $0 != .none }.reduce(into: Set<Property>()) { $0.formUnion(Sabotage($1).breaks) }
        // What is unforeseen is a mistake by itself.
        #expect(Set(Property.allCases).subtracting(broken) == [.unforeseen])
    }

    @Test("A system with one mistake breaks the properties that forbid it", arguments: Sabotage.Kind.allCases.filter { $0 != .none })
    func notices(kind: Sabotage.Kind) throws {
        var unnoticed = Sabotage(kind).breaks
        let world = try FoundedWorld()
        // A broken system may also fall over; what counts is what the checker has found by then.
        var falls: [String] = []
        // A mistake that needs a publish in two parts is met in one seed of thirty.
        for seed in 0..<200 as Range<UInt64> {
            let run = try SimulatedRun(seed: seed, in: world, sabotage: Sabotage(kind))
            do { try run.run(deceivedBy: Sabotage(kind).deceit) } catch { falls.append("seed \(seed): \(error)") }
            unnoticed.subtract(run.findings.map(\.property))
            if unnoticed.isEmpty { return }
        }
        Issue.record("\(unnoticed.map(\.rawValue)) did not notice \(kind); fell over: \(falls.prefix(3))")
    }
}
