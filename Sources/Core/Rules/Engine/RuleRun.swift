package import Records

/// The answers of rules about facts, kept with what each rests on.
///
/// After a change only those are asked again whose reads meet it; the answers are the same as those of a run anew.
package struct RuleRun: Sendable {
    package let rules: [Rule]
    private let catalogue: Catalogue
    private var today: CalendarDate
    /// For each rule, its answers by the place of the record it was asked about.
    private var answers: [[Int: Answer]]
    /// How many times a rule was asked about a record, by the last run or update.
    package private(set) var evaluated = 0

    private struct Answer {
        let subject: FactID?
        let reads: [FactRead]
        let result: RuleResult
    }

    /// The place that stands for the whole.
    private static let whole = -1

    /// Asks every rule about every record.
    package init(_ rules: [Rule], over facts: RecordFacts, today: CalendarDate, catalogue: Catalogue) {
        (self.rules, self.today, self.catalogue) = (rules, today, catalogue)
        answers = Array(repeating: [:], count: rules.count)
        let view = FactView(facts, today: today, catalogue: catalogue)
        for (index, rule) in rules.enumerated() {
            let slots = rule.subjects.isEmpty ? [Self.whole] : rule.subjects.flatMap { facts.slots(of: $0) }
            answers[index].reserveCapacity(slots.count)
            for slot in slots { answers[index][slot] = Self.answer(of: rule, at: slot, through: view) }
            evaluated += slots.count
        }
    }

    /// Asks again what the changes may have changed.
    ///
    /// - Parameters:
    ///   - facts: The facts as they are now.
    ///   - changes: All that differs from the facts of the last run or update.
    package mutating func update(to facts: RecordFacts, changes: FactChanges, today: CalendarDate) {
        update(to: facts, changes: changes, today: today, forgetting: { _ in false })
    }

    /// - Parameter isForgotten: For a control alone: changes that are passed over.
    mutating func update(
        to facts: RecordFacts, changes: FactChanges, today: CalendarDate, forgetting isForgotten: (FactRead) -> Bool
    ) {
        var changed = changes.reads.filter { !isForgotten($0) }
        if today != self.today { changed.insert(.today) }
        self.today = today
        evaluated = 0
        let filter = ReadFilter(changed)
        let view = FactView(facts, today: today, catalogue: catalogue)
        for (index, rule) in rules.enumerated() {
            for slot in changes.slots { answers[index][slot] = nil }
            var again = answers[index].compactMap { slot, answer in
                answer.reads.contains { filter.contains($0) || isOf(changes.kinds, $0) } ? slot : nil
            }
            again += changes.slots.filter { facts.slots[$0].map { rule.subjects.contains($0.kind) } ?? false }
            for slot in again { answers[index][slot] = Self.answer(of: rule, at: slot, through: view) }
            evaluated += again.count
        }
    }

    private func isOf(_ kinds: Set<FactKind>, _ read: FactRead) -> Bool {
        guard !kinds.isEmpty, let kind = read.kindSought else { return false }
        return kinds.contains(kind)
    }

    private static func answer(of rule: Rule, at slot: Int, through view: FactView) -> Answer {
        view.begin(slot == whole ? nil : slot)
        let subject = slot == whole ? nil : view.viewed(slot)
        let failures = rule.check(subject, view)
        let result: RuleResult =
            view.isBlind
            ? .unknown : failures.isEmpty ? .passed : .failed(failures.map { Finding($0, rule: rule.id, subject: subject?.id) })
        return Answer(subject: subject?.id, reads: view.readsOfThisAnswer, result: result)
    }
}

extension RuleRun {
    /// What was found wrong: by rule, and by the place of the record among the facts.
    package var findings: [Finding] {
        answers.flatMap { byPlace in
            byPlace.compactMap { slot, answer in
                if case .failed(let findings) = answer.result { (slot, findings) } else { nil }
            }.sorted { $0.0 < $1.0 }.flatMap { $0.1 }
        }
    }

    /// What cannot be answered here, by rule and by the place of the record that it was asked about.
    package var unknowns: [(rule: String, subject: FactID?)] {
        zip(rules, answers).flatMap { rule, byPlace in
            byPlace.filter { $0.value.result == .unknown }.sorted { $0.key < $1.key }.map { (rule.id, $0.value.subject) }
        }
    }

    /// The answers of one rule by the place of the record.
    func results(of id: String) -> [Int: RuleResult] {
        rules.firstIndex { $0.id == id }.map { answers[$0].mapValues(\.result) } ?? [:]
    }

    /// What the answers of one rule rest on.
    func reads(of id: String) -> Set<FactRead> {
        Set(rules.firstIndex { $0.id == id }.map { answers[$0].values.flatMap(\.reads) } ?? [])
    }

    /// How a rule stands over all that it was asked about.
    package struct Standing: Hashable, Sendable {
        package var passed = 0
        package var failed = 0
        package var unknown = 0
    }

    /// How each rule stands, in order of the rules; one whose subjects the other side alone can see has an unknown.
    package func standings(over facts: RecordFacts) -> [(rule: Rule, standing: Standing)] {
        let unseen = facts.kindsUnseen
        return zip(rules, answers).map { rule, byPlace in
            var standing = Standing()
            for answer in byPlace.values {
                switch answer.result {
                case .passed: standing.passed += 1
                case .failed: standing.failed += 1
                case .unknown: standing.unknown += 1
                }
            }
            if byPlace.isEmpty, rule.subjects.contains(where: unseen.contains) { standing.unknown = 1 }
            return (rule, standing)
        }
    }
}
