import BuntanProtocol
import Merging
import Records
import Replica
import Rules
import Wording

/// The statement of applicability as people and programs read it.
struct ApplicabilityPage {
    let statement: ApplicabilityStatement
    let lines: [ApplicabilityStatement.Line]
    let service: String
    let approval: StatementApproval
    /// The statement as commands name it.
    let short: String

    static let fields = [
        "id", "short", "controlId", "title", "clause", "extended", "numbers", "guidance", "unverified", "fields", "findings",
    ]
    private static let entryFields = RecordFields(omitting: ["soaId", "controlId"])

    static func json(_ line: ApplicabilityStatement.Line, _ shorts: ShortNames) throws -> JSONValue {
        .members(
            ("id", line.entry == nil ? .null : .text(line.id.uuid)),
            ("short", line.entry == nil ? .null : .text(try shorts.of(line.id))),
            ("controlId", .text(line.control.id)), ("title", line.control.title.json), ("clause", .text(line.control.clause)),
            ("extended", .bool(line.control.isExtended)),
            ("numbers", line.control.numbersJSON),
            ("guidance", .list(Side.allCases.filter { line.control.guidance(for: $0) != nil }.map { .text($0.name) })),
            ("unverified", line.control.unverifiedJSON),
            ("fields", line.entry.map { entryFields.json($0) } ?? .null), ("findings", .list(line.findings.map(\.json))))
    }

    func show(_ page: inout Page, total: Int) {
        let language = page.language
        page.say(
            ApplicabilityPhrases.heading,
            [
                "service": .text(service), "n": .number(total),
                "position": .text(
                    statement.state.text("position").map { CodeLabels.shown($0, of: "position", in: "soa", language) } ?? "-"),
            ], .strong)
        counts(&page)
        page.line(Span(approval.text(language)))
        guard !lines.isEmpty else { return page.say(ApplicabilityPhrases.noneFits) }
        page.blank()
        if total == 1, let line = lines.first { detail(line, &page) } else { table(&page) }
        if lines.count < total { page.say(RowPhrases.cutOff, ["shown": .number(lines.count), "total": .number(total)]) }
        guard total > 1 else { return }
        if !statement.findings.isEmpty {
            page.blank()
            page.say(ApplicabilityPhrases.ofWhole, [:], .strong)
            for finding in statement.findings.prefix(Self.most) { finding.show(&page) }
            if statement.findings.count > Self.most {
                page.say(RecordPhrases.moreFields, ["n": .number(statement.findings.count - Self.most)], indent: 2)
            }
        }
        // Whoever has decided on everything approves it next.
        if !approval.holds, statement.lines.allSatisfy({ Self.verdict($0, statement.sides) != "undecided" }) {
            page.blank()
            page.next("buntan edit soa \(short) --set approvedBy=NAME --set approvedOn=\(approval.today.text)")
        }
    }

    private static let most = 5

    private func counts(_ page: inout Page) {
        var (adopted, excluded, open, given) = (0, 0, 0, 0)
        for line in statement.lines {
            switch Self.verdict(line, statement.sides) {
            case "adopted": adopted += 1
            case "excluded": excluded += 1
            case "undecided": open += 1
            default: given += 1
            }
        }
        page.say(
            given > 0 ? ApplicabilityPhrases.countsWithGiven : .counts,
            [
                "adopted": .number(adopted), "excluded": .number(excluded), "open": .number(open), "given": .number(given),
                "findings": .number(statement.lines.reduce(statement.findings.count) { $0 + $1.findings.count }),
            ])
    }

    /// A control as a whole: adopted where any of its decisions says so, undecided while one is missing; of some controls the standard
    /// leaves this position nothing to decide.
    static func verdict(_ line: ApplicabilityStatement.Line, _ sides: [Side]) -> String {
        let fields = ["adopted27001"] + sides.map(\.applicability.adopted)
        let values = fields.map { line.entry?.text($0) }
        if values.contains(nil) { return "undecided" }
        return values.contains("adopted") ? "adopted" : values.contains("excluded") ? "excluded" : "given"
    }

    private func table(_ page: inout Page) {
        let language = page.language
        var columns = [
            Column(title: CataloguePhrases.headControl.text(in: language))
        ]
        columns += statement.catalogue.later.map { Column(title: $0.short.text(in: language)) }
        columns += [
            Column(title: CataloguePhrases.headTitle.text(in: language), fit: .cut, minimum: 12),
            Column(title: ApplicabilityPhrases.head27001.text(in: language)),
        ]
        columns += statement.sides.map { Column(title: Self.name($0, language).uppercased()) }
        columns += [
            Column(title: ApplicabilityPhrases.headStatus.text(in: language)),
            Column(title: ApplicabilityPhrases.headReason.text(in: language), fit: .cut, minimum: 8),
            Column(title: ApplicabilityPhrases.headFindings.text(in: language), fit: .wrapped, minimum: 6),
        ]
        var table = Table(columns: columns)
        var clause = ""
        for line in lines {
            if line.control.clause != clause, let path = statement.catalogue.path(of: line.control).last {
                clause = line.control.clause
                let between = statement.catalogue.later.map { _ in Span("") }
                table.rows.append([Span(path.id, .strong)] + between + [Span(path.title.text(in: language), .strong)])
            }
            func code(_ field: String) -> Span {
                guard let value = line.entry?.text(field) else { return Span("-", .faint) }
                return Span(CodeLabels.shown(value, of: field, in: "soa-entry", language), value == "excluded" ? .warning : .plain)
            }
            let reasons = (["reason27001"] + statement.sides.map(\.applicability.reason)).compactMap {
                line.entry?.texts($0).spoken(language.rawValue)
            }
            let rules = line.findings.map(\.entry.id).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            table.rows.append(
                [Span(line.control.id)] + line.control.numbers.map { Span($0.ids.isEmpty ? "-" : line.control.listed($0)) }
                    + [Span(line.control.listedTitle(language)), code("adopted27001")]
                    + statement.sides.map { code($0.applicability.adopted) }
                    + [
                        code("implementationStatus"), Span((reasons.first ?? "-").replacing("\n", with: " ")),
                        Span(rules.joined(separator: " "), .bad),
                    ])
        }
        page.table(table)
        if lines.contains(where: { $0.control.isStarred(language) }) { page.say(CataloguePhrases.starredHere, [:], .faint) }
    }

    private static func name(_ side: Side, _ language: Language) -> String {
        (side == .provider ? RowPhrases.sideProvider : .sideCustomer).text(in: language)
    }

    /// One control whole: what is asked, what was decided and why, and what the rules say of it.
    private func detail(_ line: ApplicabilityStatement.Line, _ page: inout Page) {
        let language = page.language
        let view = ControlView(control: line.control, catalogue: statement.catalogue)
        page.line(Span(line.control.id, .strong), Span("  " + line.control.title.text(in: language)))
        view.showNumbers(&page)
        view.showGuidance(&page, indent: 2)
        if let entry = line.entry {
            let kind = SchemaRegistry.current.kind("soa-entry")
            for field in kind?.fields ?? [] where !["soaId", "controlId"].contains(field.name) {
                for cell in entry.cells(of: field.name) {
                    let label = CodeLabels.field(cell.key, in: "soa-entry", language)
                    if cell.isConflicted { page.paragraph("\(label): \(RowPhrases.severalHeads.text(in: language))", .warning, indent: 2) }
                    guard let value = cell.state.filled, field.merge != .set else { continue }
                    page.paragraph("\(label): \(CodeLabels.printed(value.value, of: field, in: "soa-entry", language))", indent: 2)
                }
            }
        } else {
            page.say(ApplicabilityPhrases.noEntry, [:], .warning, indent: 2)
        }
        for finding in line.findings { finding.show(&page) }
    }
}
