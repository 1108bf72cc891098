import Merging
import Records
import Replica
import Wording

/// The matrix as people read it: a table, grouped by family if asked for, or one sign a row.
struct MatrixPage {
    /// The rows that are shown.
    let rows: [MatrixRow]
    /// All that were asked for, of which a limit may have left some out: they are counted.
    let all: [MatrixRow]
    /// Whether both sides are shown, or a service alone.
    let isEngagement: Bool
    /// The newest release of the service; `nil` for a draft.
    let release: String?
    let service: String

    func table(_ page: inout Page, grouped: Bool) {
        heading(&page)
        if grouped {
            for (family, members) in families {
                page.blank()
                page.line(Span(family, .strong), Span("  " + Self.counts(members, page.language)))
                page.table(Self.table(of: members, isEngagement: isEngagement, page.language))
            }
            page.blank()
        } else {
            page.table(Self.table(of: rows, isEngagement: isEngagement, page.language))
        }
        ending(&page)
    }

    /// One sign a row, a line a family: a capital once both sides agree.
    func heatmap(_ page: inout Page) {
        heading(&page)
        let width = families.map { page.style.measure($0.family) }.max() ?? 0
        for (family, members) in families {
            page.place(.at(0, Span(family, .strong)), .at(width + 2, Span(members.map(sign).joined())))
        }
        page.blank()
        page.say(isEngagement ? RowPhrases.heatmapLegend : .heatmapServiceLegend)
        ending(&page)
    }

    /// What all of the rows come to, and how many of them are shown.
    private func ending(_ page: inout Page) {
        page.paragraph(Self.counts(all, page.language))
        if rows.count < all.count { page.say(RowPhrases.cutOff, ["shown": .number(rows.count), "total": .number(all.count)]) }
    }

    private func heading(_ page: inout Page) {
        let facts: Facts = ["rows": .number(all.count), "service": .text(service), "label": .text(release ?? "")]
        page.say(release == nil ? RowPhrases.matrixDraftHeading : .matrixHeading, facts)
    }

    // MARK: families

    /// Rows by the first part of their control's id: `AC`, `9`, `CLD`.
    private var families: [(family: String, rows: [MatrixRow])] {
        var result: [(family: String, rows: [MatrixRow])] = []
        for row in rows {
            let family = Self.family(of: row.key)
            if result.last?.family == family { result[result.count - 1].rows.append(row) } else { result.append((family, [row])) }
        }
        return result
    }

    static func family(of key: RowKey) -> String {
        switch RowToken.tokens(key.controlId).first {
        case .word(let word)?: word.uppercased()
        case .number(let number)?: number
        case nil: key.controlId
        }
    }

    // MARK: forms

    /// The rows with what each side holds to, where both are shown.
    static func table(of rows: [MatrixRow], isEngagement: Bool, _ language: Language) -> Table {
        var columns = [Column(title: TermPhrases.headRow.text(in: language))]
        if isEngagement {
            columns += [
                Column(title: RowPhrases.sideProvider.text(in: language).uppercased()),
                Column(title: RowPhrases.sideCustomer.text(in: language).uppercased()),
                Column(title: TermPhrases.headState.text(in: language)),
            ]
        } else {
            columns.append(Column(title: TermPhrases.headAllocation.text(in: language)))
        }
        columns.append(Column(title: TermPhrases.headStatement.text(in: language), fit: .cut, minimum: 10))
        var table = Table(columns: columns)
        for row in rows {
            var cells = [Span(row.key.shown, .strong), row.negotiation.provider.span(language)]
            if isEngagement {
                cells += [
                    row.customerSpan(language),
                    Span(row.negotiation.state.phrase.text(in: language), row.negotiation.state.style),
                ]
            }
            table.rows.append(cells + [Span(row.words(language.rawValue))])
        }
        return table
    }

    private func sign(_ row: MatrixRow) -> String {
        let letter =
            switch row.negotiation.provider.text {
            case "provider"?: "p"
            case "customer"?: "c"
            case "shared"?: "s"
            case "supplier"?: "u"
            case "not-applicable"?: "n"
            default: "-"
            }
        return !isEngagement || row.negotiation.state == .agreed ? letter.uppercased() : letter
    }

    static func counts(_ rows: [MatrixRow], _ language: Language) -> String {
        var counts: [String: Int] = [:]
        for row in rows { counts[row.negotiation.provider.text ?? "unallocated", default: 0] += 1 }
        func number(_ code: String) -> Fact { .number(counts[code] ?? 0) }
        var text = RowPhrases.counts.text(
            in: language, ["provider": number("provider"), "customer": number("customer"), "shared": number("shared")])
        let others = ["supplier", "not-applicable", "unallocated"]
        if others.contains(where: { counts[$0] != nil }) {
            text +=
                (language == .ja ? "、" : ", ")
                + RowPhrases.othersCount.text(
                    in: language,
                    ["supplier": number(others[0]), "notApplicable": number(others[1]), "unallocated": number(others[2])])
        }
        return text
    }
}

extension RowSide.Allocation {
    /// The value in the colour of whoever carries it; the word says the same.
    func span(_ language: Language) -> Span {
        switch text {
        case "provider"?: Span(shown(language), .provider)
        case "customer"?: Span(shown(language), .customer)
        case "shared"?: Span(shown(language), .shared)
        default: Span(shown(language))
        }
    }
}

extension MatrixRow {
    /// What the customer holds to; of an item also that it was taken over.
    func customerSpan(_ language: Language) -> Span {
        let span = negotiation.customer.span(language)
        guard followsControl, negotiation.customer != .empty else { return span }
        return Span(RowPhrases.takenOver.text(in: language, ["allocation": .text(span.text)]), span.style)
    }
}

extension RowState {
    var style: Style {
        switch self {
        case .agreed: .good
        case .disputed, .unsettled: .bad
        case .reworded: .warning
        case .open, .unpublished: .plain
        }
    }
}
