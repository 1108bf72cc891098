package import BuntanProtocol
package import Records

/// What fills a placeholder of a rule's message: facts, which are put into words when somebody reads them.
package indirect enum Word: Hashable, Sendable {
    case text(String)
    case bilingual(BilingualText)
    case number(Int)
    case date(CalendarDate)
    case duration(CalendarDuration)
    /// A code of a field, for which a label is asked.
    case code(FactField, String)
    case field(FactField)
    case kind(FactKind)
    case side(Side)
    /// A record by its name; a renamed one is told of by its new name, and no rule is asked again for that.
    case record(FactID, FactKind)
    /// Several, in order.
    case list([Word])
    /// One behind another: with a blank between them in English, without one in Japanese.
    case phrase([Word])
    /// That something is missing: no backup specification.
    case lacking(Word)

    /// A record by its name.
    package static func name(of fact: ViewedFact) -> Word { .record(fact.id, fact.kind) }

    /// The service of this id by its name.
    package static func service(_ id: FactID?) -> Word { id.map { .record($0, .cloudService) } ?? .kind(.cloudService) }

    /// Codes of a field.
    package static func codes(_ field: FactField, _ codes: some Sequence<String>) -> Word { .list(codes.map { .code(field, $0) }) }

    /// The same in every language, to be compared later; what is missing is `none`, whatever it is.
    package var canonical: String {
        switch self {
        case .text(let text): text
        case .bilingual(let text): text.en
        case .number(let number): String(number)
        case .date(let date): date.text
        case .duration(let duration): duration.text
        case .code(_, let code): code
        case .field(let field): field.rawValue
        case .kind(let kind): kind.rawValue
        case .side(let side): side.name
        case .record(let id, _): id.text
        case .list(let words), .phrase(let words): words.map(\.canonical).joined(separator: ",")
        case .lacking: "none"
        }
    }

    /// Fields.
    package static func fields(_ fields: some Sequence<FactField>) -> Word { .list(fields.map(Word.field)) }
}

extension ViewedFact {
    /// What a field holds, as a word; a code where the field has codes, and what the field is called where it is empty.
    package func word(_ field: FactField, isCode: Bool = false) -> Word {
        switch value(field) {
        case .text(let text) where isCode: return .code(field, text)
        case .text(let text):
            if let date = CalendarDate(canonical: text) { return .date(date) }
            if let duration = CalendarDuration(canonical: text) { return .duration(duration) }
            return text.isEmpty ? .field(field) : .text(text)
        case .bilingual(let en, let ja):
            return en.isEmpty && ja.isEmpty ? .field(field) : .bilingual(BilingualText(en: en.isEmpty ? ja : en, ja: ja.isEmpty ? en : ja))
        case .int(let int): return .number(int)
        case .codes(let codes) where !codes.isEmpty: return .codes(field, codes)
        case .id, .ids, .bool, .codes, .unseen, nil: return .field(field)
        }
    }
}

/// Puts words into the languages that people read.
package struct WordPrinter {
    /// What a label is asked for.
    package enum Label: Hashable, Sendable {
        case code(FactField, String), field(FactField), kind(FactKind), side(Side)
    }

    let facts: RecordFacts
    let label: (Label) -> BilingualText?

    /// - Parameter label: what people call a code, a field, a kind or a side; what has no label is shown by its code.
    package init(_ facts: RecordFacts, label: @escaping (Label) -> BilingualText? = { _ in nil }) {
        (self.facts, self.label) = (facts, label)
    }

    package func text(_ word: Word) -> BilingualText {
        switch word {
        case .text(let text): return same(text)
        case .bilingual(let text): return text
        case .number(let number): return same(String(number))
        case .date(let date): return same(date.text)
        case .duration(let duration): return duration.words
        case .code(let field, let code): return label(.code(field, code)) ?? same(code)
        case .field(let field): return label(.field(field)) ?? same(field.rawValue)
        case .kind(let kind): return label(.kind(kind)) ?? same(kind.rawValue)
        case .side(let side): return label(.side(side)) ?? same(side.name)
        case .record(let id, let kind): return name(id, kind)
        case .lacking(let word):
            let missing = text(word)
            return BilingualText(en: "no \(missing.en)", ja: "\(missing.ja)なし")
        case .phrase(let words):
            let texts = words.map(text)
            return BilingualText(en: texts.map(\.en).joined(separator: " "), ja: texts.map(\.ja).joined())
        case .list(let words):
            let texts = words.map(text)
            return BilingualText(en: texts.map(\.en).joined(separator: ", "), ja: texts.map(\.ja).joined(separator: "、"))
        }
    }

    /// Whether a word is shown by a label, and not by what somebody has typed.
    func isLabel(_ word: Word) -> Bool {
        switch word {
        case .code, .field, .kind, .side, .lacking: return true
        case .text, .bilingual, .number, .date, .duration: return false
        case .list(let words), .phrase(let words): return words.first.map(isLabel) ?? false
        case .record(let id, let kind):
            let (id, kind) = named(id, kind)
            guard let field = kind.namingField, let value = facts[id]?[field] else { return true }
            switch value {
            case .bilingual: return false
            case .text(let text): return label(.code(field, text)) != nil
            default: return true
            }
        }
    }

    private func name(_ id: FactID, _ kind: FactKind) -> BilingualText {
        let (id, kind) = named(id, kind)
        guard let field = kind.namingField, let value = facts[id]?[field] else { return text(.kind(kind)) }
        switch value {
        case .bilingual(let en, let ja): return BilingualText(en: en.isEmpty ? ja : en, ja: ja.isEmpty ? en : ja)
        case .text(let text): return kind == .gap ? ofGap(text) : label(.code(field, text)) ?? same(text)
        default: return text(.kind(kind))
        }
    }

    /// The record whose name is told: one without a name of its own that is about a service goes by the name of that.
    private func named(_ id: FactID, _ kind: FactKind) -> (FactID, FactKind) {
        guard kind == .scopeStatementServices || kind == .soa, let field = kind.namingField, facts[id]?[field] == nil,
            case .id(let service)? = facts[id]?[.serviceId], facts[service] != nil
        else { return (id, kind) }
        return (service, .cloudService)
    }

    /// What people call that of which a gap is: a field, a kind or an item that is monitored; behind a stroke the member of a list.
    private func ofGap(_ point: String) -> BilingualText {
        let names = point.split(separator: "/", maxSplits: 1).map(String.init)
        guard let base = names.first else { return same(point) }
        let field = FactField.named(base)
        let head =
            field.map { text(.field($0)) } ?? label(.code(.itemKey, base)) ?? FactKind.named("backup-requirement." + base).map {
                text(.kind($0))
            }
            ?? same(base)
        guard names.count > 1 else { return head }
        let member = FactField.named(names[1]).map { text(.field($0)) } ?? field.flatMap { label(.code($0, names[1])) } ?? same(names[1])
        return BilingualText(en: "\(head.en) \(member.en)", ja: "\(head.ja) \(member.ja)")
    }

    private func same(_ text: String) -> BilingualText { BilingualText(en: text, ja: text) }
}

extension CalendarDuration {
    /// What people read: `4 h` and `4時間`, in the units that were typed.
    package var words: BilingualText {
        BilingualText(
            en: parts.map { "\($0.count) \($0.unit.mark)" }.joined(separator: " "),
            ja: parts.map { "\($0.count)\($0.unit.word)" }.joined())
    }
}
