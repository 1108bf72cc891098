/// A stretch of time in which what an agreement covers was not what both had signed.
package struct StaleSpan: Hashable, Sendable {
    /// When the change that made the difference was received, in milliseconds since 1970.
    package let from: Int64
    /// When the values came back; `nil` where they have not.
    package let to: Int64?

    package init(from: Int64, to: Int64?) {
        self.from = from
        self.to = to
    }
}

/// How one covered record stood after each change since it was signed.
package struct RecordPast: Hashable, Sendable {
    /// In order of the log: when each change was received, and whether the record then was as signed.
    package let steps: [(time: Int64, matches: Bool)]

    package init(steps: [(time: Int64, matches: Bool)]) { self.steps = steps }

    package static func == (a: Self, b: Self) -> Bool { a.steps.elementsEqual(b.steps) { $0 == $1 } }
    package func hash(into hasher: inout Hasher) { for step in steps { hasher.combine(step.time) } }
}

extension StaleSpan {
    /// Returns the stretches in which at least one record differed, in order.
    package static func spans(of pasts: [RecordPast]) -> [StaleSpan] {
        // +1 where a record begins to differ, −1 where it is as signed again; at one instant beginnings come first, so that
        // stretches that touch are one.
        var turns: [(time: Int64, step: Int)] = []
        for past in pasts {
            var matches = true
            for step in past.steps where step.matches != matches {
                turns.append((step.time, step.matches ? -1 : 1))
                matches = step.matches
            }
        }
        turns.sort { ($0.time, -$0.step) < ($1.time, -$1.step) }
        var spans: [StaleSpan] = []
        var differing = 0
        var start: Int64 = 0
        for turn in turns {
            if differing == 0, turn.step > 0 { start = turn.time }
            differing += turn.step
            if differing == 0 { spans.append(StaleSpan(from: start, to: turn.time)) }
        }
        if differing > 0 { spans.append(StaleSpan(from: start, to: nil)) }
        return spans
    }
}
