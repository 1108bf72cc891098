package import BuntanProtocol
import Records

/// One check that the standards imply for the records (rules.tsv has its words).
///
/// It is asked about each record of its subject's kind, or once about all. It reads through a view and answers with what is wrong, in
/// an order of its own that only the facts decide; nothing wrong is passed.
package struct Rule: Sendable {
    package let id: String
    /// The kinds of records that it is asked about; none for a rule about the whole.
    package let subjects: [FactKind]
    let check: @Sendable (ViewedFact?, FactView) -> [Failure]

    /// A rule that is asked about each record of a kind.
    package init(_ id: String, for kind: FactKind, _ check: @escaping @Sendable (ViewedFact, FactView) -> [Failure]) {
        self.init(id, forEach: [kind], check)
    }

    /// A rule that is asked about each record of several kinds.
    package init(_ id: String, forEach kinds: [FactKind], _ check: @escaping @Sendable (ViewedFact, FactView) -> [Failure]) {
        (self.id, subjects) = (id, kinds)
        self.check = { fact, view in fact.map { check($0, view) } ?? [] }
    }

    /// A rule that is asked once.
    package init(_ id: String, _ check: @escaping @Sendable (FactView) -> [Failure]) {
        (self.id, subjects) = (id, [])
        self.check = { _, view in check(view) }
    }
}

/// One thing that a rule found wrong.
package struct Failure {
    let record: FactID?
    let kind: FactKind?
    let field: FactField?
    let words: [String: Word]
    let side: Side?
    let service: FactID?
    let required: Word?
    let offered: Word?
    let gap: GapPoint?
    let isMissing: Bool

    /// Makes a failure.
    ///
    /// - Parameters:
    ///   - fact: The record to put right; `nil` where one is missing.
    ///   - kind: The kind of the missing record.
    ///   - field: The field to put right, if it is one.
    ///   - words: What fills each placeholder of the rule's message.
    ///   - side: The side that is to act; that of the record's author where it is left out.
    ///   - service: The service that it is about; the record's own where it is left out.
    ///   - required: What a gap's customer needs.
    ///   - offered: What a gap's provider offers.
    ///   - gap: Which gap it is a part of; one of the record and field where it is left out.
    package init(
        at fact: ViewedFact?, missing kind: FactKind? = nil, _ field: FactField? = nil, _ words: [String: Word] = [:], side: Side? = nil,
        service: FactID? = nil, required: Word? = nil, offered: Word? = nil, gap: GapPoint? = nil
    ) {
        (record, self.kind, self.field, self.words) = (fact?.id, kind ?? fact?.kind, field, words)
        isMissing = kind != nil
        self.side = side ?? fact?.text(.authorSide).flatMap { Side(name: $0) }
        self.service = service ?? fact?.serviceID
        (self.required, self.offered, self.gap) = (required, offered, gap)
    }

    /// Makes a failure of a record that is missing, beside the one that calls for it.
    package init(
        at fact: ViewedFact?, missing kind: FactKind, _ words: [String: Word], side: Side? = nil, service: FactID? = nil,
        required: Word? = nil, offered: Word? = nil, gap: GapPoint? = nil
    ) {
        self.init(at: fact, missing: kind, nil, words, side: side, service: service, required: required, offered: offered, gap: gap)
    }
}

/// Where a gap is: in what a record requires, whoever offers what against it.
package struct GapPoint: Hashable, Sendable {
    /// The record that requires.
    package let requirement: FactID
    /// What of it, by the name of what is offered; behind a stroke the member of a list. The gap's record holds it as `field`.
    package let field: String
    /// The record that offers; `nil` where none does.
    package let offer: FactID?

    init(_ requirement: FactID, _ field: FactField, _ member: String? = nil, offer: FactID? = nil) {
        self.init(requirement, field.rawValue + (member.map { "/" + $0 } ?? ""), offer: offer)
    }

    init(_ requirement: FactID, _ field: String, offer: FactID?) {
        (self.requirement, self.field, self.offer) = (requirement, field, offer)
    }
}

/// What a rule found wrong, with what is needed to tell of it.
package struct Finding: Hashable, Sendable {
    package let rule: String
    /// The record that the rule was asked about; `nil` for a rule about the whole.
    package let subject: FactID?
    /// The record to put right; `nil` where one of `kind` is missing.
    package let record: FactID?
    package let kind: FactKind?
    package let field: FactField?
    /// The side that is to act; `nil` if either may.
    package let side: Side?
    package let service: FactID?
    /// What a gap's customer needs and its provider offers.
    package let required: Word?
    package let offered: Word?
    /// Which gap it is a part of, where the rule says so.
    package let gap: GapPoint?
    /// Whether a record of `kind` is missing.
    package let isMissing: Bool
    /// What fills the placeholders of the rule's message.
    package let words: [String: Word]

    init(_ failure: Failure, rule: String, subject: FactID?) {
        (self.rule, self.subject, record, kind, field) = (rule, subject, failure.record, failure.kind, failure.field)
        (side, service, required, offered, words) = (failure.side, failure.service, failure.required, failure.offered, failure.words)
        (gap, isMissing) = (failure.gap, failure.isMissing)
    }
}

/// A rule's answer about one record, or about the whole.
package enum RuleResult: Hashable, Sendable {
    case passed
    case failed([Finding])
    /// It rests on records that only the other side can see.
    case unknown
}
