import BuntanProtocol
import Merging
import Records
import Replica
import Rules
import Storage
import Wording

// The white paper (ホワイトペーパー): what a provider says of its service, control by control, beside what the standard asks of it.

extension ReportBuilder {
    /// A white paper of the service: for others what is published, for oneself the draft.
    func whitePaper() throws -> ReportDocument {
        let now = invocation.console.now()
        let told = try controlTables()
        let rest = try otherRecords(besides: told.kinds)
        let controls = ReportDocument.Section(
            name: .matrix, title: say(.sectionControls), lead: told.tables.isEmpty ? [] : [say(.whitePaperLead), say(.starInPaper)],
            tables: told.tables,
            none: say(.noRows))
        return ReportDocument(
            subject: .service, audience: audience, language: language, at: now, made: times.stamp(now), day: day,
            records: invocation.asOf?.records ?? .now, kicker: say(.kickerWhitePaper), title: serviceName.spoken(language.rawValue) ?? "-",
            facts: try whitePaperFacts(), notices: [], figures: [], sections: [controls] + (rest.isEmpty ? [] : [rest]))
    }

    private func whitePaperFacts() throws -> [ReportDocument.Line] {
        var lines: [ReportDocument.Line] = []
        if let name = spoken(serviceName) {
            lines.append(.init(name: "service", label: say(.factService), runs: [name], value: .texts(serviceName)))
        }
        lines.append(try release())
        lines.append(.init(name: "day", label: say(.factDay), runs: [.words(day.text)], value: .text(day.text)))
        let edition = try Catalogue.iso27017().edition
        lines.append(
            .init(
                name: "framework", label: say(.factFramework), runs: [.words(edition.name.text(in: language))], value: .text(edition.id)))
        return lines
    }

    /// The rows as the audience may see them, by control.
    private var rowsByControl: [(key: RowKey, rows: [(key: RowKey, state: RecordState)])] {
        var groups: [(key: RowKey, rows: [(key: RowKey, state: RecordState)])] = []
        for (key, record) in view?.rows ?? [] {
            if let last = groups.last, last.key.framework == key.framework, last.key.controlId == key.controlId {
                groups[groups.count - 1].rows.append((key, record.state))
            } else {
                groups.append((RowKey(framework: key.framework, controlId: key.controlId), [(key, record.state)]))
            }
        }
        return groups
    }

    /// A table for each control, with the kinds of records that were told in one: what the standard asks of the provider, and what is said
    /// of it. Controls of other frameworks follow, with what is said.
    private func controlTables() throws -> (tables: [ReportDocument.Table], kinds: Set<String>) {
        let catalogue = try Catalogue.iso27017()
        let all = rowsByControl
        let known = Dictionary(
            all.filter { $0.key.framework == catalogue.edition.id }.map { ($0.key.controlId, $0.rows) },
            uniquingKeysWith: { first, _ in first })
        var tables: [ReportDocument.Table] = []
        var told: Set<String> = []
        for control in catalogue.controls {
            let guidance = control.guidance(for: .provider)
            let rows = known[control.id] ?? []
            guard guidance != nil || !rows.isEmpty else { continue }
            var lines = rows.map { row($0.key, $0.state) }
            // A record that several controls ask for stands with the first of them.
            if let kind = guidance?.kind, !Self.notInWhitePaper.contains(kind), told.insert(kind).inserted {
                lines += try records(of: kind).map(line)
            }
            if lines.isEmpty {
                lines.append(.init(cells: [[.faint("–")], [], [.faint(say(.nothingStated))]], value: .text(control.id)))
            }
            let view = ControlView(control: control, catalogue: catalogue)
            let numbers = view.numbers(in: language).map { language == .ja ? "（\($0)）" : " (\($0))" } ?? ""
            let asked = guidance.map { say(.askedOfProvider, ["text": .text(control.listed(guidance: $0.text.text(in: language)))]) } ?? ""
            tables.append(
                table(
                    "\(control.id) \(control.listedTitle(language))\(numbers)", asked, lines,
                    group: catalogue.path(of: control).first.map { "\($0.id) \($0.title.text(in: language))" }))
        }
        for (key, rows) in all where key.framework != catalogue.edition.id {
            tables.append(table(key.controlId, "", rows.map { row($0.key, $0.state) }, group: key.framework))
        }
        return (tables, told)
    }

    private func table(_ caption: String, _ detail: String, _ rows: [ReportDocument.Row], group: String?) -> ReportDocument.Table {
        ReportDocument.Table(
            name: "controls", caption: caption, detail: detail, form: .stacked,
            columns: [column(.headItem, .name), column(.headAllocation, .mark), column(.headStated, .text)], rows: rows, group: group)
    }

    private func row(_ key: RowKey, _ state: RecordState) -> ReportDocument.Row {
        var title: [ReportDocument.Run] = [spoken(state.texts("topic")) ?? .typed(key.itemKey == "main" ? key.controlId : key.itemKey)]
        if key.itemKey != "main", !state.texts("topic").isEmpty { title += [.next, .faint(key.itemKey)] }
        var runs: [ReportDocument.Run] = []
        for field in ["providerStatement", "customerAction", "boundaryNote", "notApplicableReason"] {
            guard let text = spoken(state.texts(field)) else { continue }
            if !runs.isEmpty { runs.append(.next) }
            runs += [.label(heading(field: field, of: "responsibility")), text]
        }
        if let status = state.text("implementationStatus") {
            if !runs.isEmpty { runs.append(.next) }
            let name = "implementationStatus"
            runs += [.label(heading(field: name, of: "responsibility")), .words(code(status, of: name, in: "responsibility"))]
        }
        if runs.isEmpty { runs = [.faint(say(.nothingStated))] }
        let allocation: [ReportDocument.Run] =
            state.text("allocation").map { value in
                [.mark(code(value, of: "allocation"), ReportDocument.Tone(allocation: value))]
            } ?? []
        return ReportDocument.Row(cells: [title, allocation, runs], value: key.json)
    }

    private func line(_ record: ToldRecord) -> ReportDocument.Row {
        ReportDocument.Row(
            cells: [[.faint(heading(kind: record.kind)), .next, .typed(record.title)], [], record.contents], value: .text(record.kind))
    }

    /// What the service publishes beside its rows that no control asked for.
    private func otherRecords(besides told: Set<String>) throws -> ReportDocument.Section {
        let kinds = words.schema.kinds.filter { kind in
            kind.list == nil && kind.spaces.contains(.service) && !told.contains(kind.name) && !Self.notInWhitePaper.contains(kind.name)
        }
        let tables = try kinds.map { kind in
            let rows = try records(of: kind.name).map { record in
                ReportDocument.Row(cells: [[.typed(record.title)], record.contents], value: .text(record.kind))
            }
            return ReportDocument.Table(
                name: "records", caption: heading(kind: kind.name), form: .stacked,
                columns: [column(.headRecord, .name), column(.headContents, .text)], rows: rows)
        }
        return ReportDocument.Section(name: .records, title: say(.sectionRecords), tables: tables, none: say(.noRecords))
    }

    /// What says nothing of the service to a reader, or is told elsewhere.
    private static let notInWhitePaper: Set = [
        "responsibility", "release", "release-withdrawal", "handover", "known-organisation", "party",
    ]
}
