import Interchange
import Wording
import Workbooks

/// Turns what a reader met in a document into sentences.
enum ImportWords {
    /// Where something stands, as people name it: `CRM Worksheet B4`, or `CRM Worksheet, row 4` where a whole sheet is meant and
    /// only its header can be shown.
    static func place(_ diagnostic: ImportDiagnostic) -> Fact {
        cell(diagnostic.sheet, diagnostic.row, diagnostic.column)
    }

    private static func cell(_ origin: ImportOrigin) -> Fact {
        cell(origin.sheet, origin.row, origin.column.map(CellReference.letters(ofColumn:)))
    }

    private static func cell(_ sheet: String, _ row: Int, _ column: String?) -> Fact {
        // What has no rows is named by its path alone.
        if row == 0 { return .text(sheet) }
        return column.map { .text(cellName(sheet, row, $0)) }
            ?? .word(ImportPhrases.rowOfSheet, ["sheet": .text(sheet), "row": .number(row)])
    }

    private static func cellName(_ sheet: String, _ row: Int, _ column: String) -> String { "\(sheet) \(column)\(row)" }

    static func remark(_ diagnostic: ImportDiagnostic) -> Fact {
        var facts: Facts = diagnostic.facts.mapValues { .text($0) }
        for name in ["rows", "filled", "count"] {
            if let count = diagnostic.facts[name].flatMap({ Int($0) }) { facts[name] = .number(count) }
        }
        for name in ["allocation", "parentAllocation", "flag", "expected", "before", "now", "read"] {
            if let code = diagnostic.facts[name] { facts[name] = word(for: code, of: diagnostic.facts["field"] ?? "allocation") }
        }
        if let field = diagnostic.facts["field"] { facts["field"] = fieldName(field) }
        let isFormula = diagnostic.code == .cellError && diagnostic.facts["value"]?.hasPrefix("=") == true
        // In a document of members the first place is a path.
        let isAgain = diagnostic.code == .idRepeated && diagnostic.isOfTree
        return .word(isFormula ? .formulaUnread : isAgain ? .idRepeatedAt : phrase(of: diagnostic.code), facts)
    }

    /// A code of a row's field in the reader's words; a flag of a document's own stands as it is.
    private static func word(for code: String, of field: String) -> Fact {
        .phrase(Phrase(code, ja: CodeLabels.shown(code, of: field, in: "responsibility", .ja)), [:])
    }

    /// What a field of a row is called.
    static func fieldName(_ name: String) -> Fact {
        .phrase(Phrase(name, ja: CodeLabels.field(name, in: "responsibility", .ja)), [:])
    }

    /// Remarks on a whole column or sheet: each is about something of its own.
    private static let eachNamed: Set<ImportDiagnostic.Code> = [
        .columnPrivate, .columnRepeated, .sheetNotUsed, .sheetHidden, .rowsHidden, .columnHidden, .valueRead,
    ]

    /// The remarks on a document: each kind once with its first place where it is about rows, or every one.
    static func lines(_ diagnostics: [ImportDiagnostic], all: Bool, in language: Language) -> [String] {
        func line(_ diagnostic: ImportDiagnostic) -> String {
            "  "
                + ImportPhrases.remarkLine.text(
                    in: language, ["place": place(diagnostic), "remark": remark(diagnostic)])
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

    /// - Parameter sheets: the command that names the sheets to read.
    static func failure(
        _ fault: ImportFault, file: String, naming sheets: String = "buntan import --sheet NAME FILE"
    ) -> CommandFailure {
        let name: Facts = ["file": .text(file)]
        let place = CommandFailure.Place(file: file)
        switch fault {
        case .unreadable(let reason, _): return failure(reason, file: file)
        case .formatNotRead:
            return CommandFailure(
                .fileNotRecognised, name.adding("known", "xlsx, csv, json, oscal, opencontrol"), next: "buntan help formats", place: place)
        case .unreadableTree(let reason, _): return failure(reason, file: file)
        case .noResponsibilities(let model, let figures, _):
            return CommandFailure(
                .fileNoResponsibilities, name.adding("model", model).merging(["held": held(figures)]) { $1 }, next: "buntan help formats",
                place: place)
        case .customersPlan:
            return CommandFailure(.fileCustomersPlan, name, next: "buntan reconcile PROVIDER-FILE CUSTOMER-FILE", place: place)
        case .noMatrix:
            return CommandFailure(.fileNoHeader, name.merging(["columns": .word(ImportPhrases.wantedColumns)]) { $1 }, place: place)
        case .noHeader(_, let line, let headers):
            let found = headers.prefix(Self.namedHeaders).joined(separator: ", ") + (headers.count > Self.namedHeaders ? ", …" : "")
            return CommandFailure(
                .fileNoHeaderLine,
                name.adding("found", found).merging(["columns": .word(ImportPhrases.wantedColumns), "line": .number(line)]) { $1 },
                next: "buntan help formats", place: .init(file: file, row: line))
        case .noRows(_, let sheets):
            // Of several sheets none is the one that lacks rows.
            return CommandFailure(.fileNoRows, name, place: .init(file: file, sheet: sheets.count == 1 ? sheets.first : nil))
        case .severalMatrices(_, let choices):
            return CommandFailure(
                .fileSeveralMatrices, name, next: sheets, place: place,
                candidates: choices.map { .init(name: $0.joined(separator: ImportFault.betweenSheets)) })
        case .sheetNotFound(let sheet, _, let sheets):
            return CommandFailure(
                .fileSheetMissing, name.adding("sheet", sheet), place: place, candidates: sheets.map { .init(name: $0) })
        case .serviceNotFound(let service, _, let headers, let at):
            return CommandFailure(
                .fileServiceMissing, name.adding("word", service).merging(["place": cell(at)]) { $1 }, place: .init(file: file, at),
                candidates: headers.map { .init(name: $0) })
        case .columnsMissing(let columns, _, let headers, let at):
            let missing = Fact.text(columns.joined(separator: ", "))
            return CommandFailure(
                .fileColumnsMissing, name.merging(["columns": reason(missing, at.map { cell($0) })]) { $1 },
                place: at.map { .init(file: file, $0) } ?? place, candidates: headers.map { .init(name: $0) })
        case .frameworkUnknown(_, let example, let at):
            return CommandFailure(
                .fileFrameworkUnknown, name.adding("id", example).merging(["place": cell(at)]) { $1 }, place: .init(file: file, at))
        case .rejected(_, let diagnostics):
            let errors = diagnostics.filter { $0.severity == .error }
            guard let first = errors.first ?? diagnostics.first else { return CommandFailure(.fileNoRows, name, place: place) }
            return CommandFailure(
                .importRefused,
                ["file": .text(file), "n": .number(errors.count), "place": Self.place(first), "reason": remark(first)],
                place: .init(file: file, ImportOrigin(sheet: first.sheet, row: first.row, column: nil), column: first.column),
                candidates: errors.dropFirst().prefix(9).map {
                    .init(name: $0.isOfTree ? $0.sheet : cellName($0.sheet, $0.row, $0.column ?? ""))
                }, listing: .further
            )
        }
    }

    private static func figure(_ name: String) -> ImportPhrases? {
        [
            "controls": .heldControls, "groups": .heldGroups, "maps": .heldMaps, "components": .heldComponents, "imports": .heldImports,
            "sets": .heldSets, "rules": .heldRules,
        ][name]
    }

    /// What a document holds, counted.
    static func held(_ figures: [String: Int]) -> Fact {
        let parts = figures.sorted { $0.key < $1.key }.compactMap { name, count in
            Self.figure(name).map { Fact.word($0, ["n": .number(count)]) }
        }
        let held = parts.dropFirst().reduce(parts.first) { sum, part in
            sum.map { .word(ImportPhrases.figures, ["first": $0, "second": part]) }
        }
        return held ?? .word(ImportPhrases.heldElse)
    }

    private static func failure(_ fault: TreeFault, file: String) -> CommandFailure {
        var error = InputErrorPhrases.fileHostile
        var at: Int?
        let reason: Fact
        switch fault {
        case .malformed(let line, let detail):
            error = .fileDamaged
            at = line
            let words = detail.hasSuffix(".") ? String(detail.dropLast()) : detail
            reason = .word(ImportPhrases.notATree, ["detail": .text(words)])
        case .tooLarge(let allowed, let found):
            reason = .word(ImportPhrases.treeTooLarge, ["allowed": .number(allowed), "found": .number(found)])
        case .tooDeep(let allowed): reason = .word(ImportPhrases.treeTooDeep, ["allowed": .number(allowed)])
        case .tooManyAliases(let allowed): reason = .word(ImportPhrases.treeAliases, ["allowed": .number(allowed)])
        case .tooMany(let allowed): reason = .word(ImportPhrases.treeTooMany, ["allowed": .number(allowed)])
        }
        return CommandFailure(
            error, ["file": .text(file), "reason": Self.reason(reason, at.map { .word(ImportPhrases.line, ["line": .number($0)]) })],
            place: .init(file: file, line: at))
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
        var error = InputErrorPhrases.fileDamaged
        var at = WorkbookPlace.document
        let reason: Fact
        switch fault {
        case .empty: reason = .word(ImportPhrases.empty)
        case .unreadableArchive: reason = .word(ImportPhrases.notAnArchive)
        case .oldOrEncrypted: reason = .word(ImportPhrases.oldOrEncrypted)
        case .missingPart(let part, let place):
            at = place
            at.part = part
            reason = .word(ImportPhrases.missingPart)
        case .damagedPart(let place):
            at = place
            reason = .word(ImportPhrases.damagedPart)
        case .unsupportedEncoding(let place):
            at = place
            reason = .word(ImportPhrases.partEncoding)
        case .forbiddenDeclaration(let place):
            error = .fileHostile
            at = place
            reason = .word(ImportPhrases.declaresTypes)
        case .limitExceeded(let limit, let allowed, let found, let place):
            error = .fileHostile
            at = place
            reason = .word(
                ImportPhrases.limitCrossed, ["limit": .text(limit.rawValue), "allowed": .number(allowed), "found": .number(found)])
        case .malformedReference(let text, let place):
            at = place
            reason = .word(ImportPhrases.malformedReference, ["value": .text(text)])
        case .unknownSharedString(let text, let place):
            at = place
            reason = .word(ImportPhrases.unknownSharedString, ["value": .text(text)])
        case .undecodableText(let encoding, let byte, let place):
            at = place
            reason = .word(ImportPhrases.undecodable, ["encoding": .text(encoding.rawValue), "byte": .number(byte)])
        case .encodingUnavailable(let encoding):
            reason = .word(ImportPhrases.encodingUnavailable, ["encoding": .text(encoding.rawValue)])
        case .unclosedQuote(let place):
            at = place
            reason = .word(ImportPhrases.unclosedQuote)
        }
        return CommandFailure(
            error, ["file": .text(file), "reason": Self.reason(reason, places(at))],
            place: .init(
                file: file, part: at.part, line: at.line, sheet: at.sheet, row: at.row,
                column: at.column.map(CellReference.letters(ofColumn:))))
    }

    private static func reason(_ reason: Fact, _ place: Fact?) -> Fact {
        place.map { .word(ImportPhrases.reasonAt, ["reason": reason, "place": $0]) } ?? reason
    }

    /// Names a place in a document from the outside in: the sheet and what is known of the cell, the part, the line.
    private static func places(_ at: WorkbookPlace) -> Fact? {
        let sheet: Fact? = at.sheet.map { sheet in
            at.row.map { cell(sheet, $0, at.column.map(CellReference.letters(ofColumn:))) } ?? .text(sheet)
        }
        let line: Fact? = at.line.map { .word(ImportPhrases.line, ["line": .number($0)]) }
        let known = [sheet, at.part.map { .text($0) }, line].compactMap(\.self)
        guard let first = known.first else { return nil }
        return known.dropFirst().reduce(first) { .word(ImportPhrases.placeIn, ["place": $0, "more": $1]) }
    }

    private static func phrase(of code: ImportDiagnostic.Code) -> ImportPhrases {
        switch code {
        case .sheetHidden: .sheetHidden
        case .sheetNotUsed: .sheetNotUsed
        case .rowsHidden: .rowsHidden
        case .headingLeft: .headingLeft
        case .placesNamed: .placesNamed
        case .idCarried: .idCarried
        case .columnHidden: .columnHidden
        case .severalServices: .severalServices
        case .columnPrivate: .columnPrivate
        case .columnRepeated: .columnRepeated
        case .frameworkAssumed: .frameworkAssumed
        case .versionUnknown: .versionUnknown
        case .uuidRepeated: .uuidRepeated
        case .uuidMalformed: .uuidMalformed
        case .linkDangling: .linkDangling
        case .linkCrossed: .linkCrossed
        case .linkOfOtherKind: .linkOfOtherKind
        case .recordsLeft: .recordsLeft
        case .codeUnknown: .codeUnknown
        case .choiceUnresolved: .choiceUnresolved
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

extension CommandFailure.Place {
    fileprivate init(file: String, _ origin: ImportOrigin) {
        self.init(file: file, origin, column: origin.column.map(CellReference.letters(ofColumn:)))
    }

    /// A path in a document of nested members is a part of it.
    fileprivate init(file: String, _ origin: ImportOrigin, column: String?) {
        if origin.row == 0 {
            self.init(file: file, part: origin.sheet)
        } else {
            self.init(file: file, sheet: origin.sheet, row: origin.row, column: column)
        }
    }
}
