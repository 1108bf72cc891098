import Agreements
import Testing

@Suite("When an agreement was stale")
struct StaleSpanTests {
    @Test(
        "Stretches begin where the first record differs and end where none does",
        arguments: [
            ([[]], []), ([[(5, false), (9, true)]], [StaleSpan(from: 5, to: 9)]), ([[(5, false)]], [StaleSpan(from: 5, to: nil)]),
            ([[(5, false), (7, false), (9, true)]], [StaleSpan(from: 5, to: 9)]),
            ([[(5, false), (9, true)], [(7, false), (12, true)]], [StaleSpan(from: 5, to: 12)]),
            ([[(5, false), (9, true)], [(9, false), (12, true)]], [StaleSpan(from: 5, to: 12)]),
            ([[(1, true), (5, false), (6, true), (8, false)]], [StaleSpan(from: 5, to: 6), StaleSpan(from: 8, to: nil)]),
        ] as [([[(Int64, Bool)]], [StaleSpan])])
    func spans(pasts: [[(Int64, Bool)]], expected: [StaleSpan]) {
        #expect(StaleSpan.spans(of: pasts.map { RecordPast(steps: $0.map { (time: $0.0, matches: $0.1) }) }) == expected)
    }
}
