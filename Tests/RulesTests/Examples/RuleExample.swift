import BuntanProtocol
import Records

@testable import Rules

/// A rule's passing example of the rules' document, and what makes it the failing one.
struct RuleExample: Sendable {
    let rule: String
    let passing: [Fact]
    let failing: [Fact]
    /// Put right in one place, the failing example passes.
    let corrected: [Fact]
    let today: String

    /// One thing that differs.
    enum Edit: Sendable {
        case set(String, FactField, FactValue)
        case add(Fact)
        case remove(String)

        func applied(to facts: [Fact]) -> [Fact] {
            switch self {
            case .set(let id, let field, let value):
                facts.map { fact in
                    guard fact.id.text == id else { return fact }
                    return Fact(fact.kind, fact.id, fact.fields.merging([field: value]) { $1 })
                }
            case .add(let fact): facts + [fact]
            case .remove(let id): facts.filter { $0.id.text != id }
            }
        }
    }

    /// - Parameters:
    ///   - passing: The passing example.
    ///   - breaking: What makes it the failing one.
    ///   - correcting: What puts the failing one right; where it is left out, the first of `breaking` taken back.
    init(
        _ rule: String, today: String = "2026-06-01", passing: [Fact], breaking: Edit..., correcting: Edit? = nil
    ) {
        (self.rule, self.today, self.passing) = (rule, today, passing)
        failing = breaking.reduce(passing) { $1.applied(to: $0) }
        if let correcting {
            corrected = correcting.applied(to: failing)
        } else {
            switch breaking[0] {
            case .set(let id, let field, _):
                let value = passing.first { $0.id.text == id }?[field] ?? ""
                corrected = RuleExample.Edit.set(id, field, value).applied(to: failing)
            case .add(let fact): corrected = RuleExample.Edit.remove(fact.id.text).applied(to: failing)
            case .remove(let id): corrected = failing + passing.filter { $0.id.text == id }
            }
        }
    }

    /// The same with every id prefixed, so that examples can stand side by side.
    func facts(_ facts: [Fact], prefix: String) -> [Fact] {
        func moved(_ value: FactValue) -> FactValue {
            switch value {
            case .id(let id): .id(FactID(prefix + id.text))
            case .ids(let ids): .ids(ids.map { FactID(prefix + $0.text) })
            default: value
            }
        }
        return facts.map { Fact($0.kind, FactID(prefix + $0.id.text), FactFields($0.fields.map { ($0, moved($1)) })) }
    }

    var day: CalendarDate { CalendarDate(canonical: today) ?? CalendarDate.distant }
}

extension CalendarDate {
    static let distant = CalendarDate(year: 9999, month: 12, day: 31).unsafelyUnwrapped
}

/// A fact that reads like the examples of the rules' document.
func fact(_ kind: FactKind, _ id: String, _ fields: FactFields = [:]) -> Fact { Fact(kind, FactID(id), fields) }

/// A reference to a fact.
func ref(_ id: String) -> FactValue { .id(FactID(id)) }
func refs(_ ids: String...) -> FactValue { .ids(ids.map { FactID($0) }) }

/// A text in both languages.
func both(_ en: String, _ ja: String) -> FactValue { .bilingual(en: en, ja: ja) }

extension FactValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
    public init(stringLiteral text: String) { self = .text(text) }
    public init(booleanLiteral bool: Bool) { self = .bool(bool) }
    public init(integerLiteral int: Int) { self = .int(int) }
    /// A set of codes.
    public init(arrayLiteral codes: String...) { self = .codes(codes.sorted()) }
}

typealias Fact = RecordFact
typealias Facts = RecordFacts
