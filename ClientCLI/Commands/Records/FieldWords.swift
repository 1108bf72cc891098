import BuntanProtocol
import Merging
import Records
import Wording

/// Says why a value is not taken.
extension FieldFault {
    var reason: Fact {
        switch self {
        case .notABool: .word(RecordPhrases.notABool)
        case .notAnInt: .word(RecordPhrases.notAnInt)
        case .intTooLarge: .word(RecordPhrases.intTooLarge)
        case .notADecimal: .word(RecordPhrases.notADecimal)
        case .notADate: .word(RecordPhrases.notADate)
        case .noSuchDate: .word(RecordPhrases.noSuchDate)
        case .notADateTime: .word(RecordPhrases.notADateTime)
        case .noSuchTime: .word(RecordPhrases.noSuchTime)
        case .missingZone: .word(RecordPhrases.missingZone)
        case .notADuration: .word(RecordPhrases.notADuration)
        case .ambiguousUnit(_, let instead): .word(RecordPhrases.ambiguousUnit, ["instead": .text(instead.joined(separator: ", "))])
        case .unknownCode(_, let known): .word(RecordPhrases.unknownCode, ["known": .text(known.joined(separator: ", "))])
        case .unknownCountry: .word(RecordPhrases.unknownCountry)
        case .notALaw: .word(RecordPhrases.notALaw)
        case .notASubdivision: .word(RecordPhrases.notASubdivision)
        case .unknownKind: .word(RecordPhrases.unknownKind)
        case .tooSmall(_, let least): .word(RecordPhrases.tooSmall, ["least": .number(least)])
        case .unknownControl: .word(RecordPhrases.unknownControl)
        case .unknownRecord: .word(RecordPhrases.unknownRecord)
        case .deletedRecord: .word(RecordPhrases.deletedRecord)
        case .notACode: .word(RecordPhrases.notACode)
        case .notAFingerprint: .word(RecordPhrases.notAFingerprint)
        case .notAnID: .word(RecordPhrases.notAnID)
        case .notHexadecimal(_, let bytes): .word(RecordPhrases.notHexadecimal, ["bytes": .number(bytes)])
        case .notOneLine: .word(RecordPhrases.notOneLine)
        case .tooLong(let bytes, let most): .word(RecordPhrases.tooLong, ["bytes": .number(bytes), "most": .number(most)])
        case .notTypeable: .word(RecordPhrases.notTypeable)
        case .elementExpected: .word(RecordPhrases.elementExpected)
        case .elementUnexpected(let field): .word(RecordPhrases.elementUnexpected, ["field": .text(field)])
        case .unknownLanguage(_, let known): .word(RecordPhrases.unknownLanguage, ["known": .text(known.joined(separator: ", "))])
        }
    }
}

extension RecordEditFault {
    /// The field that cannot be written.
    var field: String {
        switch self {
        case .unknownField(let field, _), .badValue(let field, _, _), .languageMissing(let field, _), .notASet(let field),
            .writtenOnce(let field), .computed(let field), .otherSide(let field, _), .requiredMissing(let field),
            .outOfOrder(let field, _, _):
            field
        case .conflicting(let cell): cell.shown
        }
    }

    /// The failure of a command that names the record so and would resolve its conflicts at `address`.
    func failure(record: String, kind: String, address: String) -> CommandFailure {
        let place = CommandFailure.Place(record: record, field: field)
        switch self {
        case .unknownField(let field, let known):
            let lists = SchemaRegistry.current.lists(of: kind).compactMap { $0.list?.name }
            let known = known + lists
            let near = Nearest.words(to: field.split(separator: "/").first.map(String.init) ?? field, among: known).map {
                CommandFailure.Candidate(name: $0)
            }
            return CommandFailure(
                .unknownFieldOfKind, ["kind": .text(kind), "field": .text(field)], place: place,
                candidates: near.isEmpty ? known.map { CommandFailure.Candidate(name: $0) } : near)
        case .badValue(let field, let typed, let fault):
            return CommandFailure(
                .invalidFieldValue, ["value": .text(typed), "field": .text(field), "record": .text(record), "reason": fault.reason],
                place: place)
        case .languageMissing(let field, let known):
            return CommandFailure(
                .fieldForm,
                [
                    "field": .text(field), "record": .text(record),
                    "reason": .word(RecordPhrases.languageMissing, ["field": .text(field), "language": .text(known.last ?? "")]),
                ], place: place)
        case .notASet(let field):
            return CommandFailure(
                .fieldForm,
                [
                    "field": .text(field), "record": .text(record),
                    "reason": .word(RecordPhrases.notASet, ["field": .text(field)]),
                ], place: place)
        case .writtenOnce(let field):
            return CommandFailure(.writtenOnce, ["field": .text(field), "record": .text(record)], place: place)
        case .computed(let field):
            return CommandFailure(.computedField, ["field": .text(field), "record": .text(record)], place: place)
        case .otherSide(let field, let side):
            return CommandFailure(
                .ownFieldOnly,
                ["field": .text(field), "record": .text(record), "side": .word(side == .provider ? TermPhrases.provider : .customer)],
                place: place)
        case .conflicting(.life):
            return CommandFailure(.deletedAndEdited, ["record": .text(record)], next: "buntan conflicts \(address)", place: place)
        case .conflicting(let cell):
            return CommandFailure(
                .fieldConflicting, ["field": .text(cell.shown), "record": .text(record)], next: "buntan conflicts \(address)", place: place)
        case .outOfOrder(let field, let first, let last):
            let typed = field == first.field ? first : last
            return CommandFailure(
                .invalidFieldValue,
                [
                    "value": Self.value(typed, kind), "field": .text(field), "record": .text(record),
                    "reason": Self.disorder(first, last, kind),
                ], place: place)
        case .requiredMissing(let field):
            return CommandFailure(.requiredMissing, ["field": .text(field), "kind": .text(kind)], place: place)
        }
    }

    /// Both fields with what they say: days that do not follow each other, or a least that is more than the most.
    private static func disorder(_ first: FieldText, _ last: FieldText, _ kind: String) -> Fact {
        let isSpan = CalendarDuration(canonical: first.text) != nil
        return .word(
            isSpan ? RecordPhrases.spansOutOfOrder : .daysOutOfOrder,
            ["first": name(first, kind), "from": value(first, kind), "last": name(last, kind), "to": value(last, kind)])
    }

    private static func name(_ typed: FieldText, _ kind: String) -> Fact {
        .phrase(Phrase(typed.field, ja: CodeLabels.field(typed.field, in: kind, .ja)), [:])
    }

    private static func value(_ typed: FieldText, _ kind: String) -> Fact {
        let field = SchemaRegistry.current.kind(kind)?.field(typed.field)
        func printed(_ language: Language) -> String { CodeLabels.printed(.text(typed.text), of: field, in: kind, language) }
        return .phrase(Phrase(printed(.en), ja: printed(.ja)), [:])
    }

    /// The same in a few words, for a line of a form.
    func reason(kind: String) -> Fact { failure(record: kind, kind: kind, address: "").lineReason }
}

extension CommandFailure {
    /// What is wrong in a line that is named already: the field, as it is called in either language, with what was typed, where it is
    /// about one.
    var lineReason: Fact {
        guard facts["value"] != nil, facts["reason"] != nil, case .text(let field)? = facts["field"],
            case .text(let kind)? = facts["record"]
        else { return facts["reason"] ?? .phrase(phrase, facts) }
        let name = field.split(separator: "/").first.map(String.init) ?? field
        let called = Fact.phrase(Phrase(field, ja: CodeLabels.field(name, in: kind, .ja)), [:])
        return .word(RecordPhrases.formValue, facts.merging(["field": called]) { $1 })
    }
}
