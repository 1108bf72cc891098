import BuntanProtocol
import Merging
import Records
import Replica
import Rules
import Storage
import Wording

/// An engagement, or a service that no engagement here is about: what the report of an organisation goes through.
struct ReportPlace {
    /// Where it stands among the others, from 0.
    let number: Int
    let builder: ReportBuilder
    let rows: [MatrixRow]
    let board: GapBoard?
    let checked: CheckedRules

    var isEngagement: Bool { builder.engagement != nil }
    /// With whom and about what, for a column.
    var name: [ReportDocument.Run] { builder.selection.map(builder.name(of:)) ?? [] }
    var json: JSONValue { builder.selection.map(builder.ids(of:)) ?? .null }
}

extension ReportDocument.Row {
    /// The same row as one of a table over all places, which says of which it is.
    func told(_ name: [ReportDocument.Run], of place: Int?) -> ReportDocument.Row {
        ReportDocument.Row(anchor: anchor, cells: cells.prefix(1) + [name] + cells.dropFirst(), value: value, place: place)
    }
}

// An organisation: what its engagements and services have, over all of them.

extension ReportBuilder {
    /// All that the report of an organisation goes through; none for any other report.
    func places() throws -> [ReportPlace] {
        guard selection == nil else { return [] }
        let directory = selector.directory
        let engaged = Set(directory.engagements.map(\.service))
        let selections =
            directory.engagements.map { Selection.engagement($0) }
            + directory.services.filter { !engaged.contains($0.service) }.map { .service($0) }
        return try selections.enumerated().map { number, place in
            let builder = try ReportBuilder(place, number: number, in: self)
            return ReportPlace(
                number: number, builder: builder, rows: try builder.rows(), board: try builder.gapBoard(),
                checked: try builder.checkedRules())
        }
    }

    func sections(of places: [ReportPlace], _ findings: ToldFindings?) throws -> [ReportDocument.Section] {
        var sections = [try services(), try engagements()]
        if !places.isEmpty { sections.append(try heatmap(of: places)) }
        let engaged = places.compactMap { place in place.builder.engagement.map { (place: place, engagement: $0) } }
        sections += try [
            merged(engaged.map { ($0.place, try $0.place.builder.agreements(of: $0.engagement)) }),
            merged(engaged.map { ($0.place, try $0.place.builder.disputes($0.place.rows, in: $0.engagement)) }),
            merged(places.compactMap { place in place.board.map { (place, place.builder.gaps($0)) } }, cut: .gapsCut),
        ].compactMap { $0 }
        if let findings { sections.append(self.findings(findings, in: places)) }
        if !places.isEmpty { sections.append(try matrix(of: places)) }
        sections += try [applicability()].compactMap { $0 }
        return sections + [try records(), try timeline()]
    }

    // MARK: names

    /// With whom and about what, as a cell has it.
    func name(of place: Selection) -> [ReportDocument.Run] {
        let service = spoken(place.serviceName) ?? .words(place.handle)
        guard case .engagement(let engagement) = place else { return [service] }
        return [.typed(others(of: engagement)), .next, service]
    }

    /// The same as a heading has it.
    private func title(of place: Selection) -> String {
        let service = place.serviceName.spoken(language.rawValue) ?? place.handle
        guard case .engagement(let engagement) = place else { return service }
        return "\(others(of: engagement)) – \(service)"
    }

    func others(of engagement: KnownEngagement) -> String {
        engagement.others.map { $0.name.spoken(language.rawValue) ?? $0.organisation.shown }.joined(separator: language == .ja ? "、" : ", ")
    }

    /// The ids of an engagement and its service.
    func ids(of place: Selection) -> JSONValue {
        switch place {
        case .engagement(let engagement): ["engagement": .text(engagement.space.hex), "service": .text(engagement.service.hex)]
        case .service(let service): ["engagement": .null, "service": .text(service.service.hex)]
        }
    }

    /// The columns of a table over all places.
    func told(_ columns: [ReportDocument.Column]) -> [ReportDocument.Column] {
        // Where there are many, each of them gets less.
        columns.prefix(1) + [column(.headPlace, columns.count > 4 ? .mark : .name)] + columns.dropFirst()
    }

    // MARK: sections

    /// The rows of all places by family, and those of each place.
    private func heatmap(of places: [ReportPlace]) throws -> ReportDocument.Section {
        var section = try heatmap(RowKey.sorted(places.flatMap(\.rows)) { $0.key })
        let lines = places.map { place in
            heat(place.name, place.rows, [("place", place.json)])
        }
        section.tables.append(
            ReportDocument.Table(
                name: "places", caption: say(.placesCaption), form: .scrolled, columns: heatColumns(.headPlace), rows: lines))
        section.lead.append(say(.placesLead))
        return section
    }

    /// The matrix of each place under its name.
    private func matrix(of places: [ReportPlace]) throws -> ReportDocument.Section {
        var tables: [ReportDocument.Table] = []
        for place in places {
            guard let selection = place.builder.selection else { continue }
            for var table in try place.builder.matrix(place.rows).tables {
                table.group = title(of: selection)
                table.rows = table.rows.map { row in
                    var row = row
                    row.place = place.number
                    return row
                }
                tables.append(table)
            }
        }
        return ReportDocument.Section(name: .matrix, title: say(.sectionMatrix), tables: tables, none: say(.noRows), isByPlace: true)
    }

    /// The same section of several places as one, whose tables say of each row of which it is; `nil` where there is no place.
    private func merged(_ parts: [(place: ReportPlace, section: ReportDocument.Section)], cut: ReportPhrases? = nil)
        -> ReportDocument.Section?
    {
        guard let first = parts.first?.section else { return nil }
        let tables = first.tables.enumerated().map { index, table in
            ReportDocument.Table(
                name: table.name, caption: table.caption, detail: table.detail, form: table.form, columns: told(table.columns),
                rows: parts.flatMap { part in part.section.tables[index].rows.map { $0.told(part.place.name, of: part.place.number) } })
        }
        // How to read what there is: what stands in the first table is what the section is about.
        let telling = parts.first { !($0.section.tables.first?.rows.isEmpty ?? true) } ?? parts.first { !$0.section.isEmpty }
        let left = Dictionary(uniqueKeysWithValues: parts.map { ($0.place.number, $0.section.left) })
        let sum = left.values.reduce(0, +)
        return ReportDocument.Section(
            name: first.name, title: first.title, lead: telling?.section.lead ?? [], tables: tables, none: first.none, left: sum,
            leftOf: left, cut: cut.map { say($0, ["n": .number(sum)]) }, isPrivate: first.isPrivate, isByPlace: true)
    }

    /// What the rules find in each place, in numbers: what is found in several counts with each.
    func counts(_ findings: ToldFindings, in places: [ReportPlace]) -> ReportDocument.Table {
        func line(_ name: [ReportDocument.Run], _ found: [FindingView], _ board: GapBoard?, _ place: JSONValue) -> ReportDocument.Row {
            let musts = found.count(where: \.isViolatedMust)
            func count(_ outcome: RuleTable.Outcome) -> Int { found.count { $0.entry.outcome == outcome } }
            let (violations, advice, gaps) = (count(.violation), count(.advice), board?.open ?? count(.gap))
            return ReportDocument.Row(
                cells: [name, [musts > 0 ? .mark(String(musts), .bad) : .words("0")]]
                    + [violations, gaps, advice].map { [.words(String($0))] },
                value: .members(
                    ("place", place), ("violatedMusts", .number(musts)), ("violations", .number(violations)), ("gaps", .number(gaps)),
                    ("advice", .number(advice))))
        }
        let own = findings.found.filter { $0.place == nil }.map(\.view)
        let shared = Set(own.map(\.finding))
        var rows = [line([.words(Self.capitalised(say(.ownRecords)))], own, nil, .null)]
        rows += places.map { place in
            line(place.name, place.checked.found.filter { !shared.contains($0.finding) }, place.board, place.json)
        }
        func mark(_ title: String) -> ReportDocument.Column { ReportDocument.Column(title: Self.capitalised(title), width: .mark) }
        return ReportDocument.Table(
            name: "counts", caption: say(.countsCaption), form: .stacked,
            columns: [
                column(.headPlace, .text), mark(say(.figureViolations)), mark(RulePhrases.sectionViolations.text(in: language)),
                mark(say(.figureGaps)), mark(RulePhrases.sectionAdvice.text(in: language)),
            ], rows: rows)
    }
}
