package import Records

/// The answers of rules about facts, kept with what each rests on.
///
/// After a change only those are asked again whose reads meet it; the answers are the same as those of a run anew.
package struct RuleRun: Sendable {
    package let rules: [Rule]
    private let catalogue: Catalogue
    private var today: CalendarDate
    /// For each rule, its answers about records.
    private var answers: [RuleAnswers]
    /// Whether it is written down what the answers rest on: who asks once needs it not.
    private let keepsReads: Bool
    /// How many times a rule was asked about a record, by the last run or update.
    package private(set) var evaluated = 0

    /// The place that stands for the whole.
    private static let whole = -1

    /// Asks every rule about every record.
    ///
    /// - Parameter keepsReads: Whether it will be updated; one that is not kept for that asks everything again.
    package init(
        _ rules: [Rule], over facts: RecordFacts, today: CalendarDate, catalogue: Catalogue, keepsReads: Bool = false
    ) {
        (self.rules, self.today, self.catalogue, self.keepsReads) = (rules, today, catalogue, keepsReads)
        answers = []
        askAll(facts)
    }

    private mutating func askAll(_ facts: RecordFacts) {
        // Rules know nothing of each other: each is asked by itself, through a view of its own.
        answers = Cores.map(rules[...], few: 1, share: 1) { [today, catalogue, keepsReads] rule in
            let view = FactView(facts, today: today, catalogue: catalogue, notesReads: keepsReads)
            var slots = rule.subjects.isEmpty ? [Self.whole] : rule.subjects.flatMap { facts.slots(of: $0) }
            if rule.subjects.count > 1 { slots.sort() }
            return RuleAnswers(slots) { Self.answer(of: rule, at: $0, through: view) }
        }
        evaluated = answers.reduce(0) { $0 + $1.slots.count }
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
        guard keepsReads else { return askAll(facts) }
        evaluated = 0
        let filter = ReadFilter(changed)
        let view = FactView(facts, today: today, catalogue: catalogue, notesReads: true)
        for (index, rule) in rules.enumerated() {
            let begun = changes.slots.filter { facts.slots[$0].map { rule.subjects.contains($0.kind) } ?? false }
            evaluated += answers[index].update(
                without: changes.slots, with: begun,
                isMet: { reads in reads.contains { filter.contains($0) || Self.isOf(changes.kinds, $0) } },
                ask: { Self.answer(of: rule, at: $0, through: view) })
        }
    }

    private static func isOf(_ kinds: Set<FactKind>, _ read: FactRead) -> Bool {
        guard !kinds.isEmpty, let kind = read.kindSought else { return false }
        return kinds.contains(kind)
    }

    private static func answer(of rule: Rule, at slot: Int, through view: FactView) -> RuleAnswer {
        view.begin(slot == whole ? nil : slot)
        let subject = slot == whole ? nil : view.viewed(slot)
        let failures = rule.check(subject, view)
        if view.isBlind { return RuleAnswer(reads: view.readsOfThisAnswer, result: .unknown, blind: subject?.id) }
        let result =
            failures.isEmpty ? RuleResult.passed : .failed(failures.map { Finding($0, rule: rule.id, subject: subject?.id) })
        return RuleAnswer(reads: view.readsOfThisAnswer, result: result, blind: nil)
    }
}

extension RuleRun {
    /// What was found wrong: by rule, and by the place of the record among the facts.
    package var findings: [Finding] {
        answers.flatMap { answers in
            answers.list.flatMap { answer in if case .failed(let findings) = answer.result { findings } else { [Finding]() } }
        }
    }

    /// What cannot be answered here, by rule and by the place of the record that it was asked about.
    package var unknowns: [(rule: String, subject: FactID?)] {
        zip(rules, answers).flatMap { rule, answers in
            answers.list.filter { $0.result == .unknown }.map { (rule.id, $0.blind) }
        }
    }

    /// The answers of one rule by the place of the record.
    func results(of id: String) -> [Int: RuleResult] {
        guard let index = rules.firstIndex(where: { $0.id == id }) else { return [:] }
        return Dictionary(uniqueKeysWithValues: zip(answers[index].slots, answers[index].list.map(\.result)))
    }

    /// What the answers of one rule rest on.
    func reads(of id: String) -> Set<FactRead> {
        Set(rules.firstIndex { $0.id == id }.map { answers[$0].list.flatMap(\.reads) } ?? [])
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
        return zip(rules, answers).map { rule, answers in
            var standing = Standing()
            for answer in answers.list {
                switch answer.result {
                case .passed: standing.passed += 1
                case .failed: standing.failed += 1
                case .unknown: standing.unknown += 1
                }
            }
            if answers.list.isEmpty, rule.subjects.contains(where: unseen.contains) { standing.unknown = 1 }
            return (rule, standing)
        }
    }
}

/// A rule's answer about one record, or about the whole.
private struct RuleAnswer {
    let reads: [FactRead]
    let result: RuleResult
    /// The record about which nothing can be told here.
    let blind: FactID?
}

/// The answers of one rule, in the order of the places of the records that it was asked about.
private struct RuleAnswers {
    private(set) var slots: [Int]
    private(set) var list: [RuleAnswer]

    init(_ slots: [Int], ask: (Int) -> RuleAnswer) {
        self.slots = slots
        list = slots.map(ask)
    }

    /// Asks again where the reads are met, and about what has begun; drops what went. Returns how often it asked.
    mutating func update(
        without gone: Set<Int>, with begun: Set<Int>, isMet: ([FactRead]) -> Bool, ask: (Int) -> RuleAnswer
    ) -> Int {
        var asked = 0
        if !gone.isEmpty, slots.contains(where: gone.contains) {
            let kept = slots.indices.filter { !gone.contains(slots[$0]) }
            (slots, list) = (kept.map { slots[$0] }, kept.map { list[$0] })
        }
        for index in list.indices where isMet(list[index].reads) {
            list[index] = ask(slots[index])
            asked += 1
        }
        guard !begun.isEmpty else { return asked }
        let all = zip(slots, list) + begun.map { ($0, ask($0)) }
        let sorted = all.sorted { $0.0 < $1.0 }
        (slots, list) = (sorted.map(\.0), sorted.map(\.1))
        return asked + begun.count
    }
}
