/// Runs seeds on several threads, each with a world of its own: what they share they would wait for.
package enum Lanes {
    /// Runs the seeds of `pieces`, and tells of each piece when it is done.
    ///
    /// - Parameters:
    ///   - steps: how many a run has; what its seed draws where nothing is said.
    ///   - sparing: faults that do not come to pass in seeds of these.
    package static func run(
        _ pieces: [ClosedRange<UInt64>], lanes: Int, steps: @escaping @Sendable (UInt64) -> Int? = { _ in nil },
        sparing: @escaping @Sendable (UInt64) -> Set<Fault> = { _ in [] },
        done: @escaping @Sendable (ClosedRange<UInt64>, Summary) throws -> Void
    ) async throws {
        let next = Box(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<lanes {
                group.addTask {
                    let world = try FoundedWorld()
                    while let piece = next.with({ Self.take(pieces, &$0) }) {
                        var summary = Summary()
                        for seed in piece { summary.run(seed, in: world, steps: steps(seed), sparing: sparing(seed)) }
                        try done(piece, summary)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func take(_ pieces: [ClosedRange<UInt64>], _ next: inout Int) -> ClosedRange<UInt64>? {
        guard next < pieces.count else { return nil }
        defer { next += 1 }
        return pieces[next]
    }
}
