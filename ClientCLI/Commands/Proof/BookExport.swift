import Agreements
import BuntanProtocol
import Foundation
import Interchange
import Merging
import Records
import Replica
import Rules
import Spreadsheets
import Storage
import Wording

/// Writes the rows of a matrix as a workbook, as far as an audience may see them.
struct BookExport {
    /// What a workbook of rows can be.
    enum Form: String {
        /// The 責任分担表.
        case matrix = "xlsx"
        case cisCRM = "cis-crm"
        case caiq
    }

    let form: Form
    let audience: Audience
    let file: OutputFile

    func run(_ invocation: Invocation) throws -> CommandExit {
        guard file.isAsked else {
            throw CommandFailure(.missingOptionValue, ["option": "--output"], next: "buntan export \(form.rawValue) -o FILE.xlsx")
        }
        let source = try ExportSource(for: audience, file, invocation)
        try source.requireRows()
        let writing = try BookWriting(source)
        let (sheets, leftOut) = try sheets(writing)
        let bytes = try BookExport.bytes(of: sheets, title: writing.title, made: writing.made, invocation)
        return try source.write(
            bytes, as: form.rawValue, rows: writing.rows.count - leftOut, .writtenTable, leftOut: leftOut)
    }

    private func sheets(_ writing: BookWriting) throws -> (sheets: [SheetDraft], leftOut: Int) {
        switch form {
        case .matrix:
            return ([MatrixBook.sheet(writing.rows, title: writing.title, lead: writing.lead, language: writing.heads)], 0)
        case .cisCRM:
            let book = ControlMatrixBook(writing.rows)
            guard book.count > 0 else { throw writing.source.noRows(for: form.rawValue) }
            return (book.sheets(provider: writing.provider, service: writing.service, changes: writing.changes), book.leftOut.count)
        case .caiq:
            let book = QuestionnaireBook(writing.rows)
            guard book.count > 0 else { throw writing.source.noRows(for: form.rawValue) }
            let lead = [ExportPhrases.questionsLeftOut.text(in: writing.language)]
            return ([book.sheet(title: writing.title, lead: writing.lead + lead)], book.leftOut.count)
        }
    }

    /// The bytes of a workbook; an error that names the row where a cell cannot hold a text.
    static func bytes(of sheets: [SheetDraft], title: String, made: Int64, _ invocation: Invocation) throws -> [UInt8] {
        let book = SheetBook(title: title, language: invocation.language == .ja ? .ja : .en, made: made, sheets: sheets)
        do { return try book.xlsx(working: FileManager.default.temporaryDirectory) } catch SheetBookFault.textTooLong(
            let sheet, let row, let column, let signs)
        {
            let cells = sheets.first { $0.name == sheet }?.rows[row - 1]
            let head = sheets.first { $0.name == sheet }.flatMap { $0.rows[$0.headRow ?? 0].dropFirst(column - 1).first }
            throw CommandFailure(
                .cellTooLong,
                [
                    "row": .text(cells?.first?.text ?? String(row)), "column": .text(head?.text ?? String(column)), "signs": .number(signs),
                    "allowed": .number(SheetBook.cellLimit),
                ], next: "buntan export csv -o FILE.csv")
        } catch SheetBookFault.cannotWrite(let reason) {
            throw CommandFailure(.cannotWrite, ["path": .text(FileManager.default.temporaryDirectory.path), "reason": .text(reason)])
        }
    }
}

extension ExportSource {
    /// That a format has no place for any of the rows.
    func noRows(for format: String) -> CommandFailure {
        CommandFailure(
            .noRowsOfFormat, ["name": .text(scope.service.handle), "format": .text(format), "rows": .number(view.rows.count)],
            next: "buntan export xlsx -o FILE.xlsx")
    }
}

/// What workbooks say of a matrix beside its rows.
struct BookWriting {
    let source: ExportSource
    let rows: [BookRow]
    let provider: String
    let service: String
    let changes: [ControlMatrixBook.Change]
    /// Seconds since 1970: when the release was received, else now.
    let made: Int64

    var language: Language { source.invocation.language }
    var heads: MatrixTable.HeaderLanguage { language == .ja ? .ja : .en }

    var title: String {
        ExportPhrases.matrixOf.text(in: language, ["service": .text(service)])
    }

    /// What the rows are of: a release, or a draft; and between whom.
    var lead: [String] {
        let release = source.view.release
        var lead = [
            release.map { ExportPhrases.ofRelease.text(in: language, ["label": .text($0.label), "date": .text(day(made))]) }
                ?? ExportPhrases.ofDraft.text(in: language, ["date": .text(day(made))])
        ]
        if let engagement = source.engagement {
            let names = [engagement.partyName, engagement.counterpartName].map { $0.spoken(language.rawValue) ?? "-" }
            let (provider, customer) = engagement.seat == .provider ? (names[0], names[1]) : (names[1], names[0])
            lead.append(ExportPhrases.between.text(in: language, ["provider": .text(provider), "customer": .text(customer)]))
        }
        if let asOf = source.invocation.asOf {
            let phrase = asOf.records == .then ? StatusPhrases.asOfThen : .asOfNow
            lead.append(phrase.text(in: language, ["date": .text(asOf.day.text)]))
        }
        return lead
    }

    init(_ source: ExportSource) throws {
        self.source = source
        let language = source.invocation.language
        func spoken(_ names: [String: String]) -> String { names.spoken(language.rawValue) ?? "-" }
        let names = source.view.records.first { $0.kind == "cloud-service" }?.state.texts("name") ?? [:]
        service = names.isEmpty ? source.scope.service.handle : spoken(names)
        if let engagement = source.scope.engagement {
            provider = spoken(engagement.seat == .provider ? engagement.partyName : engagement.counterpartName)
        } else {
            provider = spoken(source.selector.directory.ownName)
        }
        let isPublishedOnly = !source.audience.seesOwn || source.view.release != nil
        let (provider, scope, workspace) = (provider, source.scope, source.open.reading)
        (changes, made, rows) = try source.open.store.read { reader in
            let agreed = try Self.agreedOn(source, reader)
            // What others are called by one's own records is nobody else's.
            let known =
                !source.audience.seesOwn ? [:] : try StoredFramework.titles(of: Set(source.view.rows.map(\.key.framework)), reader)
            // A statement is called as its control is.
            func titles(_ key: Records.RowKey) -> [String: String]? {
                known[Records.RowKey(framework: key.framework, controlId: key.controlId)]
                    ?? controlHolding(key.controlId).flatMap { known[Records.RowKey(framework: key.framework, controlId: $0)] }
            }
            let states = Dictionary(
                source.states.map { ($0.key, $0.negotiation.state.phrase.text(in: language)) }, uniquingKeysWith: { first, _ in first })
            let evidence = CitedEvidence(source.view, language)
            let rows = try source.document.table.rows.map { row in
                let key = Records.RowKey(framework: row.key.framework, controlId: row.key.controlId, itemKey: row.key.itemKey)
                let control = try ControlView(of: key)?.control
                return BookRow(
                    row, title: control.map { $0.title.text(in: language) } ?? titles(key)?.spoken(language.rawValue) ?? "",
                    agreedOn: agreed[key] ?? "",
                    state: states[key] ?? "", evidence: evidence.named(for: key.controlId))
            }
            var changes: [ControlMatrixBook.Change] = []
            for release in try workspace.releases(of: scope.service.service, reader) where !release.isWithdrawn {
                let received = try reader.received(release.position, in: scope.service.service)
                changes.append(
                    ControlMatrixBook.Change(
                        date: received.map { source.day($0 / 1000) } ?? "", version: release.label, author: provider,
                        description: release.message ?? ""))
            }
            let received = try isPublishedOnly ? reader.received(source.view.release?.position, in: scope.service.service) : nil
            return (changes, received.map { $0 / 1000 } ?? Int64(source.invocation.console.now().timeIntervalSince1970), rows)
        }
    }

    private func day(_ seconds: Int64) -> String { source.day(seconds) }

    /// The days since which both sides have signed rows as they stand.
    private static func agreedOn(_ source: ExportSource, _ reader: any StoreReader) throws -> [Records.RowKey: String] {
        guard let engagement = source.engagement, !source.states.isEmpty else { return [:] }
        let forms = try AgreementForms(engagement, source.selector.directory, source.open.reading, source.invocation, reader)
        guard let standing = forms.known.last(where: { $0.status.isStanding }), let since = forms.since(standing) else { return [:] }
        let parts = standing.head.scope.filter { $0.kind == "responsibility" && $0.space == engagement.service }
        let (open, differing) = (Set(standing.head.except), Set(standing.differingRows))
        var days: [Records.RowKey: String] = [:]
        for row in source.states where row.negotiation.state == .agreed && !open.contains(row.rowID) && !differing.contains(row.key) {
            let key = [row.key.framework, row.key.controlId, row.key.itemKey]
            if parts.contains(where: { $0.includes(key: key) }) { days[row.key] = since }
        }
        return days
    }
}

/// The evidence of a view, by the controls that it says it covers.
private struct CitedEvidence {
    private var names: [[RowToken]: [String]] = [:]
    private let separator: String

    init(_ view: DisclosedView, _ language: Language) {
        separator = language == .ja ? "、" : ", "
        for record in view.records where record.kind == "evidence" {
            let state = record.state
            let kind = state.text("evidenceType").map { CodeLabels.shown($0, of: "evidenceType", in: record.kind, language) }
            let period = [state.text("periodFrom"), state.text("periodTo")].compactMap(\.self).joined(separator: "/")
            let name = [state.text("issuer"), kind, period].compactMap { $0?.isEmpty == false ? $0 : nil }.joined(separator: " ")
            for cell in state.cells(of: "coveredControlIds") where cell.state.filled?.isTrue == true {
                guard case .code(let control)? = cell.key.element else { continue }
                names[RowToken.tokens(control), default: []].append(name)
            }
        }
    }

    /// What covers a control, or the control that a statement is of.
    func named(for control: String) -> String {
        let ids = [control, controlHolding(control) ?? control].map(RowToken.tokens)
        let all = (ids[0] == ids[1] ? [ids[0]] : ids).flatMap { names[$0] ?? [] }
        return all.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.joined(separator: separator)
    }
}

extension ExportSource {
    /// The day of a moment, in seconds since 1970, as its reader counts days.
    func day(_ seconds: Int64) -> String {
        invocation.times.day(Date(timeIntervalSince1970: Double(seconds))).text
    }
}
