import BuntanProtocol
import Foundation
import Interchange
import Merging
import Records
import Replica
import Rules
import Storage
import StorageSQLite
import Wording

/// Writes a statement of applicability as a workbook. It is an organisation's own record: nobody else is shown it.
struct ApplicabilityExport {
    let audience: Audience
    let file: OutputFile

    func run(_ invocation: Invocation) throws -> CommandExit {
        guard file.isAsked else {
            throw CommandFailure(.missingOptionValue, ["option": "--output"], next: "buntan export soa -o FILE.xlsx")
        }
        guard audience == .myself else {
            throw CommandFailure(.ownRecordOnly, ["kind": .text(CodeLabels.field(nil, of: "soa", invocation.language))])
        }
        try file.requireFree()
        let place = try SoaPlace(invocation)
        let (statement, context) = try place.open.store.read { reader in
            (try place.statement(reader), try place.selector.context(place.selection, reader))
        }
        let sheet = ApplicabilitySheet(statement: statement, service: place.name, language: invocation.language).sheet
        let made = Int64(invocation.console.now().timeIntervalSince1970)
        let bytes = try BookExport.bytes(of: [sheet], title: place.name, made: made, invocation)
        try file.write(bytes)
        guard let path = file.path else { return .done }
        let lines = statement.lines.count
        return try WrittenFile(path: path, format: ExportFormat.soa.rawValue, records: lines, bytes: bytes.count).report(
            context, invocation
        ) {
            $0.say(ExportPhrases.writtenStatement, ["path": .text(path), "n": .number(lines)])
        }
    }
}

/// A statement of applicability as a sheet: a line for each control, with what each position decided and why.
private struct ApplicabilitySheet {
    let statement: ApplicabilityStatement
    let service: String
    let language: Language

    private static let kind = "soa-entry"

    var sheet: SheetDraft {
        let decisions = ["adopted27001", "reason27001"] + statement.sides.flatMap { [$0.applicability.adopted, $0.applicability.reason] }
        let fields = decisions + ["implementationStatus", "evaluatedOn"]
        let later = statement.catalogue.later
        let widths = fields.map { $0.hasPrefix("reason") ? 44.0 : 16 }
        var sheet = SheetDraft(
            name: String(CodeLabels.field(nil, of: "soa", language).prefix(31)), widths: [14] + later.map { _ in 14 } + [40] + widths)
        sheet.rows.append([.init(ApplicabilityPhrases.sheetTitle.text(in: language, ["service": .text(service)]), .title)])
        sheet.rows += lead.map { [.init($0, .lead)] }
        sheet.headRow = sheet.rows.count
        sheet.keptColumns = 1
        var heads = [CataloguePhrases.headControl.text(in: language)] + later.map { $0.short.text(in: language) }
        heads += [CataloguePhrases.headTitle.text(in: language)] + fields.map { CodeLabels.field($0, in: Self.kind, language) }
        sheet.rows.append(heads.map { .init($0, .head) })
        for line in statement.lines {
            var cells: [SheetDraft.Cell] = [.init(line.control.id, .key)]
            cells += line.control.numbers.map { .init(line.control.listed($0), .key) }
            cells.append(.init(line.control.listedTitle(language)))
            cells += fields.map { cell($0, of: line) }
            sheet.rows.append(cells)
        }
        return sheet
    }

    /// The statement's own fields, a line each, and what a star means where there is one.
    private var lead: [String] {
        let shown = ["position", "edition27001", "edition27017", "approvedBy", "approvedOn"]
        let kind = SchemaRegistry.current.kind("soa")
        var lead = shown.compactMap { name in
            statement.state.value(name).map { value in
                "\(CodeLabels.field(name, in: "soa", language)): \(CodeLabels.printed(value, of: kind?.field(name), in: "soa", language))"
            }
        }
        if statement.lines.contains(where: { $0.control.isStarred(language) }) {
            lead.append(CataloguePhrases.starredHere.text(in: language))
        }
        return lead
    }

    private func cell(_ name: String, of line: ApplicabilityStatement.Line) -> SheetDraft.Cell {
        let field = SchemaRegistry.current.kind(Self.kind)?.field(name)
        guard let entry = line.entry, let field else { return .init("", .key) }
        if field.type == .text { return .init(entry.texts(name).spoken(language.rawValue) ?? "") }
        guard let value = entry.value(name) else { return .init("", .key) }
        let style: SheetDraft.Style = value.text == "adopted" ? .supplier : value.text == "excluded" ? .customer : .key
        return .init(CodeLabels.printed(value, of: field, in: Self.kind, language), style)
    }
}
