package import Records

/// What the rules say against signing: a violation of what must be, in a record that the signature would cover.
///
/// Gaps and advice never stand in the way, nor what cannot be told here, nor what one side keeps to itself.
package struct SigningRules {
    /// What blocks, in the order of the rules.
    package let blocking: [Finding]
    /// What rows still have to say. It blocks, too, unless whoever signs wants the rows as they are: an imported matrix of hundreds says
    /// none of it.
    package let unsaid: [Finding]

    /// The groups about what the two sides share; all others are about records of one side alone.
    private static let groups: Set = ["ROLE", "BKP", "JUR", "MON", "AST", "CAP", "SUP", "ED", "DATA"]

    /// Rules that never block: those about what was signed before, which signing anew meets, and ROLE-14, about what another service's
    /// parties have signed, which is not here to be read in every engagement.
    private static let neverBlocking: Set = ["ROLE-3", "ROLE-12", "ROLE-16", "BKP-17", "MON-10", "ROLE-14"]

    /// Rules that ask every row for statements, suppliers, confirmations and roles. What a row says against them blocks whatever anybody wants.
    private static let askingForMore: Set = ["ROLE-2", "ROLE-4", "ROLE-6", "ROLE-9"]

    /// Asks the rules.
    ///
    /// - Parameter covered: The records that would be signed, rows by the record that is published of them.
    package init(_ facts: RecordFacts, covering covered: Set<FactID>, table: RuleTable, today: CalendarDate, catalogue: Catalogue) {
        let rules = RuleBook.rules.filter { rule in
            guard let entry = table[rule.id], !Self.neverBlocking.contains(rule.id) else { return false }
            return entry.severity == .must && entry.outcome == .violation && Self.groups.contains(entry.group)
        }
        let run = RuleRun(rules, over: facts, today: today, catalogue: catalogue)
        let found = run.findings.filter { finding in
            guard let record = finding.record, let fact = facts[record] else { return false }
            // A record that is missing beside a covered one is not covered itself.
            guard finding.kind.map({ Self.head(of: $0) == Self.head(of: fact.kind) }) ?? true else { return false }
            if covered.contains(record) { return true }
            if fact.kind.rawValue.contains("."), case .id(let whole)? = fact[.parent] { return covered.contains(whole) }
            return false
        }
        func isUnsaid(_ finding: Finding) -> Bool {
            guard Self.askingForMore.contains(finding.rule), let record = finding.record, let field = finding.field else { return false }
            return facts[record]?[field] == nil
        }
        (blocking, unsaid) = (found.filter { !isUnsaid($0) }, found.filter(isUnsaid))
    }

    private static func head(of kind: FactKind) -> Substring { kind.rawValue.prefix { $0 != "." } }
}
