import Testing

@testable import ClientCLI

@Suite("answer by file or pipe")
struct PipedAnswerTests {
    @Test("Where no terminal ends the line of a question, nothing is written behind it", arguments: ["en", "ja"])
    func questionsEnd(language: String) async throws {
        let engaged = try await EngagedBench()
        let told = await engaged.bench.expect(
            "answer --lang \(language)", store: "customer", answers: ["a", "p", "s", "we do it together", "n ask legal", "x", "q"])
        let question = language == "en" ? "q quit:" : "q 終了:"
        let asked = told.errors.split(separator: "\n").filter { $0.contains(question) }
        #expect(asked.count == 5 && asked.allSatisfy { $0.hasSuffix(question + " ") }, "\(told.errors)")
    }
}
