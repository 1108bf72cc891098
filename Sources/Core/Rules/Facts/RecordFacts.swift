/// The records that rules read, found by kind, by key and by what their fields refer to.
///
/// A value: the store behind it is read by whoever gathers the facts. A record keeps its place when it changes, so that what was read
/// of it can be told from what was not.
package struct RecordFacts: Sendable {
    private(set) var slots: [RecordFact?] = []
    private var slotByID: [FactID: Int] = [:]
    private var slotsByKind: [FactKind: [Int]] = [:]
    private var slotsByValue: [Lookup: [Int]] = [:]
    private var slotsByKey: [Key: [Int]] = [:]
    private var unseen: [FactKind: Set<FactID?>] = [:]

    private struct Lookup: Hashable {
        let kind: FactKind
        let field: FactField
        let value: FactValue
    }

    private struct Key: Hashable {
        let kind: FactKind
        let values: [FactValue?]
    }

    package init() {}

    package init(_ facts: some Sequence<RecordFact>, unseen: [Unseen] = []) {
        for fact in facts { add(fact) }
        for part in unseen { conceal(part) }
    }

    /// Records that are private to the other side: those of a kind about one service or engagement, or all of the kind.
    package struct Unseen: Hashable, Sendable {
        package let kind: FactKind
        /// The service or engagement; `nil` for all.
        package let scope: FactID?

        package init(_ kind: FactKind, of scope: FactID? = nil) { (self.kind, self.scope) = (kind, scope) }
    }

    package var count: Int { slotByID.count }

    package subscript(id: FactID) -> RecordFact? { slotByID[id].flatMap { slots[$0] } }

    package func all(_ kind: FactKind) -> [RecordFact] { slots(of: kind).compactMap { slots[$0] } }

    /// The kinds of which some records are private to the other side.
    package var kindsUnseen: Set<FactKind> { Set(unseen.keys) }
}

extension RecordFacts {
    /// Adds a record, or gives it other values, for whoever asks no rule again: what may be read otherwise is not told.
    package mutating func add(_ fact: RecordFact) {
        guard slotByID[fact.id] == nil else {
            put(fact)
            return
        }
        place(fact)
    }

    /// Gives a record that is new a place.
    @discardableResult
    private mutating func place(_ fact: RecordFact) -> Int {
        let slot = slots.count
        slots.append(fact)
        slotByID[fact.id] = slot
        index(fact, at: slot)
        return slot
    }

    /// Adds a record, or gives it other values, and returns what a rule may have read otherwise.
    @discardableResult
    package mutating func put(_ fact: RecordFact) -> FactChanges {
        var changes = FactChanges()
        if let slot = slotByID[fact.id], let old = slots[slot] {
            guard old != fact else { return changes }
            guard old.kind == fact.kind else {
                changes.formUnion(remove(fact.id))
                changes.formUnion(put(fact))
                return changes
            }
            for field in Set(old.fields.keys).union(fact.fields.keys) where old[field] != fact[field] {
                changes.reads.insert(.value(slot, field))
                for value in Set(old[field]?.keys ?? []).symmetricDifference(fact[field]?.keys ?? []) {
                    changes.reads.insert(.lookup(fact.kind, field, value))
                }
            }
            if Self.key(of: old) != Self.key(of: fact) { changes.reads.formUnion([old, fact].compactMap(Self.keyRead)) }
            unindex(old, at: slot)
            slots[slot] = fact
            index(fact, at: slot)
            return changes
        }
        return Self.appearance(of: fact, at: place(fact))
    }

    @discardableResult
    package mutating func remove(_ id: FactID) -> FactChanges {
        guard let slot = slotByID.removeValue(forKey: id), let old = slots[slot] else { return FactChanges() }
        unindex(old, at: slot)
        slots[slot] = nil
        return Self.appearance(of: old, at: slot)
    }

    /// Holds from now on exactly these records, and returns what a rule may have read otherwise.
    package mutating func replaceAll(with facts: some Sequence<RecordFact>) -> FactChanges {
        var changes = FactChanges()
        var kept = Set<FactID>()
        for fact in facts {
            kept.insert(fact.id)
            changes.formUnion(put(fact))
        }
        for id in slotByID.keys where !kept.contains(id) { changes.formUnion(remove(id)) }
        return changes
    }

    @discardableResult
    package mutating func conceal(_ part: Unseen) -> FactChanges {
        guard unseen[part.kind, default: []].insert(part.scope).inserted else { return FactChanges() }
        return FactChanges(reads: [], slots: [], kinds: [part.kind])
    }

    @discardableResult
    package mutating func reveal(_ part: Unseen) -> FactChanges {
        guard unseen[part.kind]?.remove(part.scope) != nil else { return FactChanges() }
        if unseen[part.kind]?.isEmpty == true { unseen[part.kind] = nil }
        return FactChanges(reads: [], slots: [], kinds: [part.kind])
    }

    private static func appearance(of fact: RecordFact, at slot: Int) -> FactChanges {
        var changes = FactChanges(reads: [.members(fact.kind)], slots: [slot], kinds: [])
        for (field, value) in fact.fields {
            changes.reads.insert(.value(slot, field))
            for key in value.keys { changes.reads.insert(.lookup(fact.kind, field, key)) }
        }
        changes.reads.insert(.lookup(fact.kind, .recordId, .id(fact.id)))
        if let read = keyRead(of: fact) { changes.reads.insert(read) }
        return changes
    }

    private static func key(of fact: RecordFact) -> Key? {
        let fields = fact.kind.keyFields
        return fields.isEmpty ? nil : Key(kind: fact.kind, values: fields.map { fact[$0] })
    }

    private static func keyRead(of fact: RecordFact) -> FactRead? { key(of: fact).map { .key(fact.kind, $0.values) } }

    private static func isLookedUp(_ field: FactField, _ value: FactValue) -> Bool {
        switch value {
        case .id, .ids: true
        default: FactField.lookedUp.contains(field)
        }
    }

    private mutating func index(_ fact: RecordFact, at slot: Int) {
        slotsByKind[fact.kind, default: []].insertInOrder(slot)
        for (field, value) in fact.fields where Self.isLookedUp(field, value) {
            for key in value.keys { slotsByValue[Lookup(kind: fact.kind, field: field, value: key), default: []].insertInOrder(slot) }
        }
        if let key = Self.key(of: fact) { slotsByKey[key, default: []].insertInOrder(slot) }
    }

    private mutating func unindex(_ fact: RecordFact, at slot: Int) {
        slotsByKind[fact.kind]?.removeOrdered(slot)
        for (field, value) in fact.fields where Self.isLookedUp(field, value) {
            for key in value.keys { slotsByValue[Lookup(kind: fact.kind, field: field, value: key)]?.removeOrdered(slot) }
        }
        if let key = Self.key(of: fact) { slotsByKey[key]?.removeOrdered(slot) }
    }
}

// What a view asks for.
extension RecordFacts {
    func slot(of id: FactID) -> Int? { slotByID[id] }
    func slots(of kind: FactKind) -> [Int] { slotsByKind[kind] ?? [] }
    func slots(of kind: FactKind, where field: FactField, is value: FactValue) -> [Int] {
        slotsByValue[Lookup(kind: kind, field: field, value: value)] ?? []
    }
    func slots(of kind: FactKind, key: [FactValue?]) -> [Int] { slotsByKey[Key(kind: kind, values: key)] ?? [] }
    func unseenScopes(of kind: FactKind) -> Set<FactID?>? { unseen[kind] }
}

/// What differs between two states of the facts, as a rule would have read it.
package struct FactChanges: Sendable {
    var reads: Set<FactRead> = []
    /// The places of records that appeared or went.
    var slots: Set<Int> = []
    /// The kinds of which other records than before are unseen.
    var kinds: Set<FactKind> = []

    package init() {}

    init(reads: Set<FactRead>, slots: Set<Int>, kinds: Set<FactKind>) { (self.reads, self.slots, self.kinds) = (reads, slots, kinds) }

    package var isEmpty: Bool { reads.isEmpty && slots.isEmpty && kinds.isEmpty }

    package mutating func formUnion(_ other: FactChanges) {
        reads.formUnion(other.reads)
        slots.formUnion(other.slots)
        kinds.formUnion(other.kinds)
    }
}

extension [Int] {
    /// Records are found in the order of their places, however often they changed.
    fileprivate mutating func insertInOrder(_ slot: Int) {
        if let last, last > slot { insert(slot, at: place(of: slot)) } else { append(slot) }
    }

    fileprivate mutating func removeOrdered(_ slot: Int) {
        let place = place(of: slot)
        if place < count, self[place] == slot { remove(at: place) }
    }

    private func place(of slot: Int) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < slot { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
