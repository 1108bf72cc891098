import BuntanProtocol
import Merging
import Records
import Replica
import Rules
import Storage
import Wording

// The rows: counted by family, and each with what both sides hold to and say.

extension ReportBuilder {
    struct Family {
        let framework: String
        let name: String
        /// What its framework calls it, where that is known here.
        let title: String?
        var rows: [(index: Int, row: MatrixRow)]
    }

    /// Rows by framework and the first part of their control's id, in the order of the rows.
    func families(_ rows: [MatrixRow]) throws -> [Family] {
        let catalogue = try Catalogue.iso27017()
        var families: [Family] = []
        for (index, row) in rows.enumerated() {
            let name = MatrixPage.family(of: row.key)
            if let last = families.last, last.name == name, last.framework == row.key.framework {
                families[families.count - 1].rows.append((index, row))
            } else {
                let clause = row.key.framework == catalogue.edition.id ? catalogue.clauses.first { $0.id == name } : nil
                families.append(
                    Family(framework: row.key.framework, name: name, title: clause?.title.text(in: language), rows: [(index, row)]))
            }
        }
        return families
    }

    func anchor(_ index: Int) -> String { (number.map { "p\($0 + 1)-" } ?? "") + "r\(index + 1)" }

    // MARK: heat map

    private static let allocations = ["provider", "customer", "shared", "supplier", "not-applicable", "unallocated"]

    /// Whether rows can be agreed in what is shown.
    private var isBetweenTwo: Bool { selection == nil || engagement != nil }

    func heatmap(_ rows: [MatrixRow]) throws -> ReportDocument.Section {
        let families = try families(rows)
        let isOneFramework = Set(families.map(\.framework)).count < 2
        let lines = families.map { family in
            var name: [ReportDocument.Run] = [.typed(family.name)]
            if let title = family.title { name.append(.faint(title)) }
            if !isOneFramework { name.append(.faint(family.framework)) }
            return heat(name, family.rows.map(\.row), [("framework", .text(family.framework)), ("family", .text(family.name))])
        }
        let sum = heat([.words(say(.allFamilies))], rows, [("framework", .null), ("family", .null)], isSum: true)
        let table = ReportDocument.Table(
            name: "families", caption: say(.heatmapCaption), form: .scrolled, columns: heatColumns(.headFamily),
            rows: rows.isEmpty ? [] : lines + (families.count > 1 ? [sum] : []))
        return ReportDocument.Section(
            name: .heatmap, title: say(.sectionHeatmap), lead: rows.isEmpty ? [] : [say(.heatmapLead)], tables: [table],
            none: say(.noRows))
    }

    /// The columns of counts of rows, by who carries them.
    func heatColumns(_ name: ReportPhrases) -> [ReportDocument.Column] {
        var columns = [column(name, .name)]
        columns += Self.allocations.map { ReportDocument.Column(title: Self.capitalised(code($0, of: "allocation")), width: .number) }
        columns.append(column(.headTotal, .number))
        if isBetweenTwo { columns.append(column(.headAgreed, .number)) }
        return columns
    }

    /// How many of some rows are allocated how; a sum is not coloured.
    func heat(_ name: [ReportDocument.Run], _ members: [MatrixRow], _ head: [(String, JSONValue)], isSum: Bool = false)
        -> ReportDocument.Row
    {
        let counts = Self.counts(of: members)
        let agreed = members.count { $0.negotiation.state == .agreed }
        var cells = [name]
        for allocation in Self.allocations {
            let count = counts[allocation, default: 0]
            cells.append([isSum ? .words(String(count)) : .heat(count, (count * 5 + members.count - 1) / max(1, members.count))])
        }
        cells.append([.words(String(members.count))])
        if isBetweenTwo { cells.append([.words(String(agreed))]) }
        let value = JSONValue.object(
            head.map { .init($0.0, $0.1) }
                + [
                    .init("counts", .object(Self.allocations.map { .init($0, .number(counts[$0, default: 0])) })),
                    .init("rows", .number(members.count)),
                ] + (isBetweenTwo ? [.init("agreed", .number(agreed))] : []))
        return ReportDocument.Row(cells: cells, value: value)
    }

    /// What the provider has published, or holds to, of so many rows.
    private static func counts(of rows: [MatrixRow]) -> [String: Int] {
        rows.reduce(into: [:]) { $0[$1.negotiation.provider.text ?? "unallocated", default: 0] += 1 }
    }

    // MARK: matrix

    func matrix(_ rows: [MatrixRow]) throws -> ReportDocument.Section {
        let forms = try rowSpace.map { try RowForms(published: $0, positions: engagement?.space, reader) }
        let families = try families(rows)
        let isOneFramework = Set(families.map(\.framework)).count < 2
        var columns = [column(.headRow, .name)]
        if engagement == nil {
            columns.append(column(.headAllocation, .mark))
        } else {
            columns += [column(.headProvider, .mark), column(.headCustomer, .mark), column(.headState, .mark)]
        }
        columns.append(column(.headStatements, .text))
        let tables = try families.map { family in
            let name = [family.name, family.title, isOneFramework ? nil : family.framework].compactMap { $0 }.joined(separator: " ")
            return ReportDocument.Table(
                name: "rows", caption: name,
                detail: starred(
                    MatrixPage.counts(family.rows.map(\.row), language),
                    try family.rows.compactMap { try ControlView(of: $0.row.key)?.control }), form: .stacked, columns: columns,
                rows: try family.rows.map { index, row in
                    ReportDocument.Row(
                        anchor: anchor(index), cells: try cells(of: row), value: try forms?.json(row) ?? .null)
                }, isFolded: true)
        }
        return ReportDocument.Section(name: .matrix, title: say(.sectionMatrix), tables: tables, none: say(.noRows))
    }

    /// What stands above a table of controls: that a star marks those whose titles or numbers nobody has verified, where there are.
    func starred(_ detail: String, _ controls: [Control]) -> String {
        guard controls.contains(where: { $0.isStarred(language) }) else { return detail }
        return CataloguePhrases.starred.text(in: language, ["detail": .text(detail)])
    }

    private func cells(of row: MatrixRow) throws -> [[ReportDocument.Run]] {
        var title: [ReportDocument.Run] = [.typed(row.key.shown)]
        if let control = try ControlView(of: row.key) {
            title += [.next, .faint(control.control.listedTitle(language))]
            if let numbers = control.numbers(in: language) { title += [.next, .faint(numbers)] }
        }
        var cells = [title, [allocation(row.negotiation.provider, of: (row.providerPosition ?? row.row)?.creator)]]
        if engagement != nil {
            let state = row.negotiation.state
            cells += [
                [allocation(row.negotiation.customer, of: row.customerPosition?.creator)],
                [.mark(state.phrase.text(in: language), state.tone)],
            ]
        }
        return cells + [statements(of: row)]
    }

    func allocation(_ allocation: RowSide.Allocation, of creator: OrganisationID?) -> ReportDocument.Run {
        switch allocation {
        case .empty: .faint(RowPhrases.noneYet.text(in: language))
        case .settled(let value): .mark(code(value, of: "allocation"), ReportDocument.Tone(allocation: value))
        case .unsettled: .mark(words.several(of: creator, in: language), .bad)
        }
    }

    /// What each side says it does, and how; a side's own position before what was published.
    private func statements(of row: MatrixRow) -> [ReportDocument.Run] {
        var runs: [ReportDocument.Run] = []
        var seen = Set<String>()
        for state in [row.providerPosition, row.customerPosition, row.row].compactMap({ $0 }) {
            for field in words.schema.kind(state.kind)?.fields ?? []
            where field.type == .text && disclosure.reason(holding: field.name, of: state.kind) == nil {
                let cells = state.cells(of: field.name)
                let texts = state.texts(field.name)
                let isSeveral = cells.contains(where: \.isConflicted)
                guard isSeveral || !texts.isEmpty, seen.insert("\(state.creator.hex) \(field.name)").inserted else { continue }
                if !runs.isEmpty { runs.append(.next) }
                runs.append(.label(heading(field: field.name, of: state.kind)))
                if isSeveral {
                    runs.append(.mark(words.several(of: state.creator, in: language), .bad))
                } else if let text = spoken(texts) {
                    runs.append(text)
                }
            }
        }
        return runs
    }
}

extension ReportDocument.Tone {
    /// The colour of whoever carries a row.
    init(allocation: String) {
        switch allocation {
        case "provider": self = .provider
        case "customer": self = .customer
        case "shared": self = .shared
        case "supplier": self = .supplier
        default: self = .none
        }
    }
}

extension RowState {
    var tone: ReportDocument.Tone {
        switch self {
        case .agreed: .good
        case .disputed, .reworded: .warning
        case .unsettled: .bad
        case .open, .unpublished: .plain
        }
    }
}
