package import BuntanProtocol
package import Records

/// The gaps between what a customer requires of a service and what is offered, from the records as they are on a day.
///
/// What the rules compare is compared by them alone; a measure that is in place does not hide a gap here, but is a part of its chain.
package struct GapAnalysis {
    /// In order of the areas, and of the rules within them.
    package let gaps: [Gap]
    /// What only the other side can do something about, for a provider: the rows that its customer has not answered, and the duties that
    /// are the customer's own.
    package let awaited: [Gap]
    package let uncompared: [Uncompared]

    /// What is asked about.
    package struct Scope: Sendable {
        let service: FactID
        let engagement: FactID?
        /// The side on which whoever asks is; `nil` for a reader who follows nothing through.
        let seat: Side?

        package init(service: FactID, engagement: FactID?, seat: Side?) {
            (self.service, self.engagement, self.seat) = (service, engagement, seat)
        }
    }

    /// Computes the gaps.
    ///
    /// - Parameter naming: The name of a gap's record, of the record that requires and what of it.
    package init(
        _ facts: RecordFacts, _ scope: Scope, today: CalendarDate, catalogue: Catalogue, naming: (FactID, String) -> FactID?
    ) {
        var bare = facts
        for measure in facts.all(.supplementaryMeasure) { bare.remove(measure.id) }
        let run = RuleRun(
            RuleBook.rules.filter { GapArea.rules[$0.id] != nil }, over: bare, today: today, catalogue: catalogue)
        let view = FactView(facts, today: today, catalogue: catalogue)
        let offers = GapOffers(view, scope)

        var gathered = GatheredGaps(scope, hasNoBackup: offers.hasNoBackup, today: today)
        for finding in run.findings where finding.service == nil || finding.service == scope.service {
            gathered.add(finding, facts)
        }
        for law in offers.lawParts { gathered.add(law.part, .jurisdictions, at: law.point, [law.title], side: .provider) }
        for row in offers.unanswered { gathered.add(row.part, .responsibilities, at: row.point, [row.title], side: row.side) }

        let chains = GapChains(view: view)
        let found = gathered.gaps(naming) { facts[$0]?.kind }
        awaited = found.filter { $0.isAwaited(by: scope.seat) }
        gaps = found.filter { !$0.isAwaited(by: scope.seat) }.map { gap in
            guard scope.seat != nil, let id = gap.id else { return gap }
            var gap = gap
            let written = view.facts(.gap, where: .requirementId, is: gap.requirement, .own).filter { record in
                // A requirement may be one of several services: what was written of another service's gap is of that alone.
                let service = record.serviceID ?? view.facts[gap.requirement]?.service
                return record.text(.field) == gap.field && service == scope.service
            }
            // Where the provider stops making backups, what was done about what it offered is opened again by the one gap that is left.
            let replaced = gap.isCustomersDuty ? Self.backupFields.compactMap { naming(gap.requirement, $0) } : []
            gap.chain = chains.chain(of: gap, named: [id] + (written.map(\.id) + replaced).filter { $0 != id })
            return gap
        }
        let unknown = run.unknowns.compactMap { rule, subject -> Uncompared? in
            guard let area = GapArea.rules[rule], let subject, let fact = facts[subject] else { return nil }
            guard fact[.serviceId].map({ $0 == .id(scope.service) }) ?? true else { return nil }
            return Uncompared(area, .valueUnknown, fact.kind, record: subject, rule: rule, side: nil)
        }
        // Where nobody here can see what is required, every comparison rests on that.
        let unseen = Set(offers.uncompared.filter { $0.reason == .requirementUnknown }.map(\.area))
        uncompared = offers.uncompared + unknown.filter { !unseen.contains($0.area) }
    }
}

extension GapAnalysis {
    /// By what gaps between backups that are offered and those that are required are named.
    fileprivate static let backupFields = ["backup-requirement", "backup-specification"].flatMap { name in
        SchemaRegistry.current.kind(name)?.fields.map(\.name) ?? []
    }
}

extension Gap {
    /// Whether whoever is on a side can only wait for the other one.
    fileprivate func isAwaited(by seat: Side?) -> Bool {
        seat == .provider && side == .customer && (area == .responsibilities || isCustomersDuty)
    }
}

extension RecordFact {
    /// The service that it is about, where it says one.
    fileprivate var service: FactID? { if case .id(let service)? = self[.serviceId] { service } else { nil } }
}

/// Findings put together into gaps.
private struct GatheredGaps {
    private let scope: GapAnalysis.Scope
    private let hasNoBackup: Bool
    private let today: CalendarDate
    private var order: [Key] = []
    private var found: [Key: Found] = [:]

    private struct Key: Hashable {
        let area: GapArea
        let requirement: FactID
        let field: String
    }

    private struct Found {
        let title: [Word]
        let side: Side?
        var isCustomersDuty = false
        var parts: [Gap.Part] = []
    }

    init(_ scope: GapAnalysis.Scope, hasNoBackup: Bool, today: CalendarDate) {
        (self.scope, self.hasNoBackup, self.today) = (scope, hasNoBackup, today)
    }

    mutating func add(_ finding: Finding, _ facts: RecordFacts) {
        guard let area = GapArea.rules[finding.rule], let record = finding.record else { return }
        guard finding.rule != "JUR-3" else { return addExpiry(of: record, finding, facts) }
        guard let required = finding.required, let offered = finding.offered else { return }
        let point = finding.gap ?? GapPoint(record, finding.field ?? .itemKey)
        // Without a provider's function all that is required of backups is one duty of the customer's own (17 12.3.1).
        if area == .backup, hasNoBackup, point.offer == nil, facts[point.requirement]?.kind == .backupRequirement {
            add(
                parts(finding.rule, required, offered, nil), area, GapPoint(point.requirement, "backup", offer: nil),
                [.field(.providesBackup)], side: .customer, isCustomersDuty: true)
            return
        }
        add(parts(finding.rule, required, offered, point.offer), area, point, title(of: point, area), side: finding.side)
    }

    /// What is compared item by item is measured so.
    private func parts(_ rule: String, _ required: Word, _ offered: Word, _ offer: FactID?) -> [Gap.Part] {
        if case .list(let needs) = required, case .list(let gives) = offered, needs.count == gives.count, rule == "MON-4" {
            return zip(needs, gives).map { need, gift in
                Gap.Part(
                    rule: rule, required: need, offered: gift, offer: offer,
                    difference: GapDifference(required: need, offered: gift, on: today))
            }
        }
        return [
            Gap.Part(
                rule: rule, required: required, offered: offered, offer: offer,
                difference: GapDifference(required: required, offered: offered, on: today))
        ]
    }

    /// A law on which the provider relies has to be in force on the day that is asked about (JUR-3).
    private mutating func addExpiry(of record: FactID, _ finding: Finding, _ facts: RecordFacts) {
        guard let field = finding.field, case .text(let text)? = facts[record]?[field], let day = CalendarDate(canonical: text) else {
            return
        }
        let days = today.days(since: day)
        let part = Gap.Part(
            rule: finding.rule, required: .date(today), offered: .date(day), offer: record,
            difference: field == .lawExpiredOn ? .expired(days: days) : .notYetInForce(days: -days))
        add([part], .jurisdictions, GapPoint(record, field, offer: record), [.record(record, .jurisdiction)], side: .provider)
    }

    mutating func add(_ part: Gap.Part, _ area: GapArea, at point: GapPoint, _ title: [Word], side: Side?) {
        add([part], area, point, title, side: side)
    }

    private mutating func add(
        _ parts: [Gap.Part], _ area: GapArea, _ point: GapPoint, _ title: [Word], side: Side?, isCustomersDuty: Bool = false
    ) {
        let key = Key(area: area, requirement: point.requirement, field: point.field)
        if found[key] == nil {
            order.append(key)
            found[key] = Found(title: title, side: side, isCustomersDuty: isCustomersDuty)
        }
        for part in parts where found[key]?.parts.contains(part) == false { found[key]?.parts.append(part) }
    }

    /// What people call what a gap is about.
    private func title(of point: GapPoint, _ area: GapArea) -> [Word] {
        let names = point.field.split(separator: "/", maxSplits: 1).map(String.init)
        guard let base = names.first else { return [] }
        if area == .monitoring { return [.code(.itemKey, base)] }
        let named = FactField.named(base)
        let head = named.map(Word.field) ?? FactKind.named("backup-requirement." + base).map(Word.kind) ?? .text(base)
        guard names.count > 1 else { return [head] }
        if let member = FactField.named(names[1]) { return [.field(member)] }
        return [head, named.map { .code($0, names[1]) } ?? .text(names[1])]
    }

    /// - Parameter kind: The kind of a record: it tells gaps apart that would go by one name.
    func gaps(_ naming: (FactID, String) -> FactID?, kind: (FactID) -> FactKind?) -> [Gap] {
        let places = GapArea.allCases
        let alike = found.reduce(into: [:]) { $0[$1.value.title, default: Set()].insert($1.key.requirement) }
        func title(_ key: Key, _ found: Found) -> [Word] {
            guard let others = alike[found.title], others.count > 1, let own = kind(key.requirement) else { return found.title }
            let isAloneOfKind = others.count { kind($0) == own } == 1
            return found.title + [.text("·"), isAloneOfKind ? .kind(own) : .record(key.requirement, own)]
        }
        return order.enumerated().sorted { a, b in
            let (first, second) = (places.firstIndex(of: a.element.area) ?? 0, places.firstIndex(of: b.element.area) ?? 0)
            return (first, a.offset) < (second, b.offset)
        }.compactMap { _, key in
            found[key].map { found in
                Gap(
                    id: naming(key.requirement, key.field), area: key.area, requirement: key.requirement, field: key.field,
                    title: title(key, found), service: scope.service, parts: found.parts, side: found.side,
                    isCustomersDuty: found.isCustomersDuty, chain: nil)
            }
        }
    }
}
