package import Records

/// What a rule reads through: it hands out facts and writes down what was looked at.
///
/// One view serves one run; a rule sees nothing else, so what is written down is all that its answer rests on.
package final class FactView {
    let facts: RecordFacts
    package let catalogue: Catalogue
    private let day: CalendarDate
    private(set) var reads: [FactRead] = []
    /// Whether something was looked for that only the other side can see.
    private(set) var isBlind = false
    private var subject: Int?
    private let notesReads: Bool

    init(_ facts: RecordFacts, today: CalendarDate, catalogue: Catalogue, notesReads: Bool = false) {
        (self.facts, day, self.catalogue, self.notesReads) = (facts, today, catalogue, notesReads)
    }

    private func note(_ read: @autoclosure () -> FactRead) {
        if notesReads { reads.append(read()) }
    }

    /// Starts to write down for another answer about a record of this service and engagement.
    func begin(_ slot: Int?) {
        reads.removeAll(keepingCapacity: true)
        isBlind = false
        subject = slot
    }

    /// What was looked at for this answer, in a space of its own size: one large answer must not make all later ones as large.
    var readsOfThisAnswer: [FactRead] { reads.withUnsafeBufferPointer { Array($0) } }

    /// The service and the engagement that the subject is of.
    private var scopes: Set<FactID> {
        guard let subject, let fact = facts.slots[subject] else { return [] }
        var scopes: Set<FactID> = fact.kind == .cloudService || fact.kind == .engagement ? [fact.id] : []
        for field in [FactField.serviceId, .engagementId] {
            if case .id(let id) = fact[field] { scopes.insert(id) }
        }
        return scopes
    }

    /// The day that the rules are asked about.
    package var today: CalendarDate {
        note(.today)
        return day
    }

    /// Whose records are asked for.
    package enum Whose {
        /// Anyone's: what only the other side can see is missed.
        case anyones
        /// Those of the organisation that asks, which lacks none of its own.
        case own
    }

    /// Says that the answer rests on what cannot be known here.
    package func cannotTell() { isBlind = true }

    /// All records of a kind.
    package func all(_ kind: FactKind, _ whose: Whose = .anyones) -> [ViewedFact] {
        note(.members(kind))
        if whose == .anyones { noteUnseen(kind, sought: nil) }
        return viewed(facts.slots(of: kind), kind)
    }

    /// The records of a kind that have a value in a field, which is a reference or one of those that facts are looked up by.
    package func facts(_ kind: FactKind, where field: FactField, is value: FactValue, _ whose: Whose = .anyones) -> [ViewedFact] {
        note(.lookup(kind, field, value))
        if whose == .anyones { noteUnseen(kind, sought: value) }
        return viewed(facts.slots(of: kind, where: field, is: value), kind)
    }

    package func facts(_ kind: FactKind, where field: FactField, is id: FactID?, _ whose: Whose = .anyones) -> [ViewedFact] {
        id.map { facts(kind, where: field, is: .id($0), whose) } ?? []
    }

    /// The records of a kind with this key, whose values stand in the order of the kind's key fields.
    package func facts(_ kind: FactKind, key: [FactValue?], _ whose: Whose = .anyones) -> [ViewedFact] {
        note(.key(kind, key))
        if whose == .anyones { noteUnseen(kind, sought: nil) }
        return viewed(facts.slots(of: kind, key: key), kind)
    }

    /// The record of this id, if it is of this kind.
    package func fact(_ kind: FactKind, _ id: FactID?, _ whose: Whose = .anyones) -> ViewedFact? {
        guard let id else { return nil }
        note(.lookup(kind, .recordId, .id(id)))
        if let slot = facts.slot(of: id), facts.slots[slot]?.kind == kind { return ViewedFact(slot: slot, kind: kind, id: id, view: self) }
        if whose == .anyones { noteUnseen(kind, sought: nil) }
        return nil
    }

    /// The record of this id, whatever its kind.
    package func fact(among kinds: [FactKind], _ id: FactID?) -> ViewedFact? {
        kinds.lazy.compactMap { self.fact($0, id) }.first
    }

    func value(_ slot: Int, _ field: FactField) -> FactValue? {
        note(.value(slot, field))
        let value = facts.slots[slot]?.fields[field]
        if value == .unseen { isBlind = true }
        return value
    }

    private func noteUnseen(_ kind: FactKind, sought: FactValue?) {
        guard !isBlind, let unseen = facts.unseenScopes(of: kind) else { return }
        if case .id(let id) = sought, isService(id) {
            // Asked of one service or engagement: what is unseen of another is not missed.
            isBlind = unseen.contains(nil) || unseen.contains(id)
        } else {
            let scopes = scopes
            isBlind = scopes.isEmpty || unseen.contains(nil) || scopes.contains { unseen.contains($0) }
        }
    }

    private func isService(_ id: FactID) -> Bool {
        guard let slot = facts.slot(of: id), let kind = facts.slots[slot]?.kind else { return false }
        return kind == .cloudService || kind == .engagement
    }

    func viewed(_ slot: Int) -> ViewedFact? {
        facts.slots[slot].map { ViewedFact(slot: slot, kind: $0.kind, id: $0.id, view: self) }
    }

    private func viewed(_ slots: [Int], _ kind: FactKind) -> [ViewedFact] {
        slots.compactMap { slot in facts.slots[slot].map { ViewedFact(slot: slot, kind: kind, id: $0.id, view: self) } }
    }
}

/// A record seen through a view. What it is called is known; what its fields hold is read, and written down.
package struct ViewedFact {
    let slot: Int
    package let kind: FactKind
    package let id: FactID
    let view: FactView

    package func value(_ field: FactField) -> FactValue? { view.value(slot, field) }
    package func isFilled(_ field: FactField) -> Bool { value(field)?.isFilled ?? false }

    /// The text, code or either language of a field; `nil` where it is empty.
    package func text(_ field: FactField) -> String? {
        switch value(field) {
        case .text(let text) where !text.isEmpty: text
        case .bilingual(let en, let ja): en.isEmpty ? (ja.isEmpty ? nil : ja) : en
        default: nil
        }
    }

    /// A flag; `nil` where nobody has said.
    package func bool(_ field: FactField) -> Bool? {
        if case .bool(let bool) = value(field) { bool } else { nil }
    }

    package func `is`(_ field: FactField) -> Bool { bool(field) == true }

    package func int(_ field: FactField) -> Int? {
        if case .int(let int) = value(field) { int } else { nil }
    }

    package func codes(_ field: FactField) -> [String] {
        if case .codes(let codes) = value(field) { codes } else { [] }
    }

    package func ref(_ field: FactField) -> FactID? {
        if case .id(let id) = value(field) { id } else { nil }
    }

    package func refs(_ field: FactField) -> [FactID] {
        switch value(field) {
        case .ids(let ids): ids
        case .id(let id): [id]
        default: []
        }
    }

    /// A day, or the day of an instant; `nil` where it is empty or none.
    package func date(_ field: FactField) -> CalendarDate? { text(field).flatMap { CalendarDate(canonical: $0.prefix(10)) } }

    package func duration(_ field: FactField) -> CalendarDuration? { text(field).flatMap { CalendarDuration(canonical: $0) } }

    /// The members of a list of this record.
    package func children(_ kind: FactKind) -> [ViewedFact] { view.facts(kind, where: .parent, is: id) }

    /// The record that this one is a member of.
    package func parent(_ kind: FactKind) -> ViewedFact? { view.fact(kind, ref(.parent)) }

    package var serviceID: FactID? { kind == .cloudService ? id : ref(.serviceId) }
}
