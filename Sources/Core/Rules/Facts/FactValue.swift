package import BuntanProtocol
import Records

/// A record's name among the facts; what it is made of is known to whoever gathers them.
package struct FactID: Hashable, Comparable, Sendable {
    /// Most are ids of records, which are compared and hashed as the two words they are.
    private enum Name: Hashable, Sendable {
        case record(RecordID)
        case other(String)
    }

    private let name: Name

    package init(_ id: RecordID) { name = .record(id) }

    package init(_ text: String) {
        // A space is named by the letters of an id without its hyphens: it is no record.
        let record = text.utf8.count == 36 ? RecordID(uuid: text) : nil
        name = record.flatMap { $0.uuid == text ? .record($0) : nil } ?? .other(text)
    }

    package var text: String {
        switch name {
        case .record(let id): id.uuid
        case .other(let text): text
        }
    }

    /// The record that it is the id of; `nil` for any other name.
    package var record: RecordID? { if case .record(let id) = name { id } else { nil } }

    package static func < (a: Self, b: Self) -> Bool {
        if case (.record(let a), .record(let b)) = (a.name, b.name) { return a < b }
        return a.text < b.text
    }
}

/// What a field of a fact holds.
package enum FactValue: Hashable, Sendable {
    /// A text in no particular language, a code, a date or a duration as it was typed.
    case text(String)
    /// A text in the languages that people read; a language without one is empty.
    case bilingual(en: String, ja: String)
    case int(Int)
    case bool(Bool)
    /// The members of a set of codes, ascending.
    case codes([String])
    case id(FactID)
    case ids([FactID])
    /// Filled or not, only the other side knows: a rule that reads it answers *unknown*.
    case unseen

    package var isFilled: Bool {
        switch self {
        case .text(let text): !text.isEmpty
        case .bilingual(let en, let ja): !en.isEmpty || !ja.isEmpty
        case .codes(let codes): !codes.isEmpty
        case .ids(let ids): !ids.isEmpty
        case .int, .bool, .id: true
        case .unseen: false
        }
    }

    /// Whether two names are the same to people: they have a language in common and agree in all that they have in common.
    package func names(_ other: FactValue) -> Bool {
        guard isFilled, other.isFilled else { return false }
        switch (self, other) {
        case (.bilingual(let en, let ja), .bilingual(let otherEn, let otherJa)):
            let pairs = [(en, otherEn), (ja, otherJa)].filter { !$0.isEmpty && !$1.isEmpty }
            return !pairs.isEmpty && pairs.allSatisfy { $0 == $1 }
        case (.bilingual(let en, let ja), .text(let text)), (.text(let text), .bilingual(let en, let ja)): return text == en || text == ja
        default: return self == other
        }
    }

    /// Under which values the facts with this field are found: a set's members each.
    var keys: [FactValue] {
        switch self {
        case .ids(let ids): ids.map(FactValue.id)
        case .codes(let codes): codes.map(FactValue.text)
        case .unseen: []
        default: [self]
        }
    }
}

/// A record as rules see it, whatever store it comes from.
///
/// A kind that both sides write is one fact, as the record kinds show the row. A child's `parent`, the service and engagement that a
/// fact belongs to and the side that made it are fields as any other.
package struct RecordFact: Hashable, Sendable {
    package let id: FactID
    package let kind: FactKind
    package let fields: FactFields

    /// Makes a fact; a value that is not filled is left out, as a record holds none.
    package init(_ kind: FactKind, _ id: FactID, _ fields: FactFields) {
        (self.kind, self.id) = (kind, id)
        let isKept = { (value: FactValue) in value.isFilled || value == .unseen }
        self.fields = fields.allSatisfy { isKept($0.value) } ? fields : fields.filter { isKept($0.value) }
    }

    package subscript(field: FactField) -> FactValue? { fields[field] }
}
