import Testing

@testable import ClientCLI

extension AnswerCommandTests {
    @Test("The next walk begins behind the last row that was answered or passed over; those before it come last")
    func resumes() async throws {
        let engaged = try await EngagedBench()
        await engaged.bench.expect("answer", store: "customer", answers: ["s", "a", "q"])
        #expect(try await waiting(engaged) == ["AU-4", "CA-8", "AC-2"])
        // The end of what is typed is the end of the walk: nothing of what was answered is lost.
        let item = try await engaged.bench.expect("answer --json", store: "customer", answers: ["a"]).item
        #expect(item["answered"] as? Int == 1 && item["left"] as? Int == 2 && item["skipped"] as? Int == 0)
        #expect(try await waiting(engaged) == ["CA-8", "AC-2"])
        await engaged.bench.expect("answer", store: "customer", answers: ["a", "a"])
        #expect(try await waiting(engaged) == [])
        let done = await engaged.bench.expect("answer", store: "customer")
        #expect(done.output.contains("No row waits for an answer of yours."), "\(done.output)")
    }

    @Test("What was taken back is asked for first in the next walk")
    func resumesAfterUndo() async throws {
        let engaged = try await EngagedBench()
        let all = try await waiting(engaged)
        await engaged.bench.expect("answer", store: "customer", answers: ["a", "u", "q"])
        #expect(try await waiting(engaged) == all)
        await engaged.bench.expect("answer", store: "customer", answers: ["s", "s", "u", "q"])
        #expect(try await waiting(engaged) == Array(all.dropFirst() + all.prefix(1)))
        // A note moves nothing, and taking it back neither.
        await engaged.bench.expect("answer", store: "customer", answers: ["n once", "u", "q"])
        #expect(try await waiting(engaged) == Array(all.dropFirst() + all.prefix(1)))
    }

    @Test("Where each key acts at once, an allocation that is typed on as on a line is that one, with what follows as its reason")
    func typedOn() async throws {
        let engaged = try await EngagedBench()
        let outcome = await engaged.bench.expect(
            "answer --json", store: "customer", answers: ["p", " ", "s", "hared because", "q"], isTerminal: true)
        #expect(try outcome.item["answered"] as? Int == 1 && outcome.item["skipped"] as? Int == 0, "\(outcome.errors)")
        let shown = await engaged.bench.expect("show ac-2", store: "customer").output
        #expect(shown.contains("shared") && shown.contains("because") && !shown.contains("hared because\n"), "\(shown)")
    }

    @Test("A walk asks for as many rows as were meant")
    func walksPart() async throws {
        let engaged = try await EngagedBench()
        let item = try await engaged.bench.expect("answer --limit 2 --json", store: "customer", answers: ["s", "s", "a", "a"]).item
        #expect(item["skipped"] as? Int == 2 && item["answered"] as? Int == 0 && item["left"] as? Int == 4, "\(item)")
        let refused = await engaged.bench.expect("answer --limit 0 --json", store: "customer", answers: ["a"], exit: .usage)
        #expect(try refused.code == "invalid-value")
    }
}
