import Interchange
import Wording
import Workbooks

/// Turns what a reader met in a document into sentences.
enum ImportWords {
    /// Where something stands, as people name it: `CRM Worksheet B4`.
    static func place(_ diagnostic: ImportDiagnostic) -> String {
        let cell = (diagnostic.column ?? "") + (diagnostic.row.map(String.init) ?? "")
        return [diagnostic.sheet ?? diagnostic.document, cell].filter { !$0.isEmpty }.joined(separator: " ")
    }

    static func remark(_ diagnostic: ImportDiagnostic) -> Fact {
        var facts: Facts = diagnostic.facts.mapValues { .text($0) }
        for name in ["rows", "filled"] {
            if let count = diagnostic.facts[name].flatMap({ Int($0) }) { facts[name] = .number(count) }
        }
        return .word(phrase(of: diagnostic.code), facts)
    }

    /// Remarks on a whole column or sheet: each is about something of its own.
    private static let eachNamed: Set<ImportDiagnostic.Code> = [.columnPrivate, .columnRepeated, .sheetNotUsed, .sheetHidden, .valueRead]

    /// The remarks on a document: each kind once with its first place where it is about rows, or every one.
    static func lines(_ diagnostics: [ImportDiagnostic], all: Bool, in language: Language) -> [String] {
        func line(_ diagnostic: ImportDiagnostic) -> String {
            "  "
                + ImportPhrases.remarkLine.text(
                    in: language, ["place": .text(place(diagnostic)), "remark": remark(diagnostic)])
        }
        if all { return diagnostics.map(line) }
        let byCode = Dictionary(grouping: diagnostics, by: \.code)
        // What weighs most first, then as the codes are listed.
        let codes = ImportDiagnostic.Code.allCases.filter { byCode[$0] != nil }.sorted { $0.severity > $1.severity }
        return codes.flatMap { code -> [String] in
            guard let alike = byCode[code], let first = alike.first else { return [] }
            guard alike.count > 1, !eachNamed.contains(code) else { return alike.map(line) }
            return [line(first), "    " + ImportPhrases.remarkAlike.text(in: language, ["n": .number(alike.count - 1)])]
        }
    }

    private static let namedHeaders = 12

    static func failure(_ fault: ImportFault, file: String) -> CommandFailure {
        let name: Facts = ["file": .text(file)]
        let place = CommandFailure.Place(file: file)
        switch fault {
        case .unreadable(let reason, _): return failure(reason, file: file)
        case .formatNotRead: return CommandFailure(.fileNotRecognised, name.adding("known", "xlsx, csv"), place: place)
        case .noMatrix:
            return CommandFailure(.fileNoHeader, name.merging(["columns": .word(ImportPhrases.wantedColumns)]) { $1 }, place: place)
        case .noHeader(_, let line, let headers):
            let found = headers.prefix(Self.namedHeaders).joined(separator: ", ") + (headers.count > Self.namedHeaders ? ", …" : "")
            return CommandFailure(
                .fileNoHeaderLine,
                name.adding("found", found).merging(["columns": .word(ImportPhrases.wantedColumns), "line": .number(line)]) { $1 },
                next: "buntan help formats", place: .init(file: file, row: line))
        case .noRows: return CommandFailure(.fileNoRows, name, place: place)
        case .severalMatrices(_, let choices):
            return CommandFailure(
                .fileSeveralMatrices, name, next: "buntan import --sheet NAME FILE", place: place,
                candidates: choices.map { .init(name: $0.joined(separator: " + ")) })
        case .sheetNotFound(let sheet, _, let sheets):
            return CommandFailure(
                .fileSheetMissing, name.adding("sheet", sheet), place: place, candidates: sheets.map { .init(name: $0) })
        case .serviceNotFound(let service, _, let headers):
            return CommandFailure(
                .fileServiceMissing, name.adding("word", service), place: place, candidates: headers.map { .init(name: $0) })
        case .columnsMissing(let columns, _, let headers):
            return CommandFailure(
                .fileColumnsMissing, name.adding("columns", columns.joined(separator: ", ")), place: place,
                candidates: headers.map { .init(name: $0) })
        case .frameworkUnknown(_, let example):
            return CommandFailure(.fileFrameworkUnknown, name.adding("id", example), place: place)
        case .rejected(_, let diagnostics):
            let errors = diagnostics.filter { $0.severity == .error }
            guard let first = errors.first ?? diagnostics.first else { return CommandFailure(.fileNoRows, name, place: place) }
            return CommandFailure(
                .importRefused,
                ["file": .text(file), "n": .number(errors.count), "place": .text(Self.place(first)), "reason": remark(first)],
                place: .init(file: file, sheet: first.sheet, row: first.row, column: first.column),
                candidates: errors.dropFirst().prefix(9).map { .init(name: Self.place($0)) }, listing: .further)
        }
    }

    static func failure(_ fault: MappingFault, file: String) -> CommandFailure {
        let reason: Fact =
            switch fault {
            case .unreadable(at: ""): .word(ImportPhrases.mappingNoJSON)
            case .unreadable(let at): .word(ImportPhrases.mappingUnreadable, ["at": .text(at)])
            case .versionUnknown(let version): .word(ImportPhrases.mappingVersion, ["version": .number(version)])
            case .noIDColumn: .word(ImportPhrases.mappingWithoutID)
            case .columnRepeated(let header): .word(ImportPhrases.mappingRepeats, ["header": .text(header)])
            }
        return CommandFailure(
            .mappingInvalid, ["file": .text(file), "reason": reason], next: "buntan help formats", place: .init(file: file))
    }

    private static func failure(_ fault: WorkbookFault, file: String) -> CommandFailure {
        var place = CommandFailure.Place(file: file)
        func set(_ at: WorkbookPlace) {
            place.sheet = at.sheet
            place.row = at.row
            place.column = at.column.map(CellReference.letters(ofColumn:))
        }
        var error = InputErrorPhrases.fileDamaged
        let reason: Fact
        switch fault {
        case .empty: reason = .word(ImportPhrases.empty)
        case .unreadableArchive: reason = .word(ImportPhrases.notAnArchive)
        case .oldOrEncrypted: reason = .word(ImportPhrases.oldOrEncrypted)
        case .missingPart(let part): reason = .word(ImportPhrases.missingPart, ["part": .text(part)])
        case .damagedPart(let part, _): reason = .word(ImportPhrases.damagedPart, ["part": .text(part)])
        case .unsupportedEncoding(let part): reason = .word(ImportPhrases.partEncoding, ["part": .text(part)])
        case .forbiddenDeclaration(let part):
            error = .fileHostile
            reason = .word(ImportPhrases.declaresTypes, ["part": .text(part)])
        case .limitExceeded(let limit, let allowed, let found, let at):
            error = .fileHostile
            set(at)
            reason = .word(
                ImportPhrases.limitCrossed, ["limit": .text(limit.rawValue), "allowed": .number(allowed), "found": .number(found)])
        case .malformedReference(let text, let at):
            set(at)
            reason = .word(ImportPhrases.malformedReference, ["value": .text(text)])
        case .unknownSharedString(let text, let at):
            set(at)
            reason = .word(ImportPhrases.unknownSharedString, ["value": .text(text)])
        case .undecodableText(let encoding, let byte):
            reason = .word(ImportPhrases.undecodable, ["encoding": .text(encoding.rawValue), "byte": .number(byte)])
        case .encodingUnavailable(let encoding):
            reason = .word(ImportPhrases.encodingUnavailable, ["encoding": .text(encoding.rawValue)])
        case .unclosedQuote(let at):
            set(at)
            reason = .word(ImportPhrases.unclosedQuote, ["row": .number(at.row ?? 0)])
        }
        return CommandFailure(error, ["file": .text(file), "reason": reason], place: place)
    }

    private static func phrase(of code: ImportDiagnostic.Code) -> ImportPhrases {
        switch code {
        case .sheetHidden: .sheetHidden
        case .sheetNotUsed: .sheetNotUsed
        case .severalServices: .severalServices
        case .columnPrivate: .columnPrivate
        case .columnRepeated: .columnRepeated
        case .frameworkAssumed: .frameworkAssumed
        case .idRepeated: .idRepeated
        case .idUnreadable: .idUnreadable
        case .idMissing: .idMissing
        case .idUnknown: .idUnknown
        case .referenceUnknown: .referenceUnknown
        case .onlyOneSheet: .onlyOneSheet
        case .cellError: .cellError
        case .textTooLong: .textTooLong
        case .flagUnknown: .flagUnknown
        case .markUnknown: .markUnknown
        case .valueUnknown: .valueUnknown
        case .valueRead: .valueRead
        case .flagAgainstMarks: .flagAgainstMarks
        case .noMark: .noMark
        case .severalStatuses: .severalStatuses
        case .customerDutyInProviderText: .customerDutyInProviderText
        case .textMissing: .textMissing
        case .parentContradicted: .parentContradicted
        case .splitAsked: .splitAsked
        case .reasonAsked: .reasonAsked
        case .allocationDerived: .allocationDerived
        case .flagChangedAlone: .flagChangedAlone
        }
    }
}

extension Facts {
    fileprivate func adding(_ name: String, _ text: String) -> Facts { merging([name: .text(text)]) { _, new in new } }
}
