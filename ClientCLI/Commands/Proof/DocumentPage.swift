import Agreements
import BuntanProtocol
import Merging
import Records
import Replica
import Wording

/// An agreement's document by row, for people to read: the same values that stand in the text that is signed.
struct DocumentPage {
    let document: AgreementDocument
    let names: [OrganisationID: String]
    let release: String?

    private static let fields = 2
    private static let sides = 40
    /// What a row's heading says already, and what only programs compare.
    private static let unread: Set<String> = ["framework", "controlId", "itemKey", "side", "accepts"]

    func show(_ page: inout Page) {
        heading(&page)
        var rows: [RowKey: [CoveredRecord]] = [:]
        var others: [CoveredRecord] = []
        for record in document.records {
            if let key = RowKey(record) { rows[key, default: []].append(record) } else { others.append(record) }
        }
        for key in RowKey.sorted(rows.keys) {
            page.blank()
            page.line(Span(key.shown, .strong), Span("  \(key.framework)"))
            for record in (rows[key] ?? []).sorted(by: { Self.order($0) < Self.order($1) }) { show(record, &page) }
        }
        for record in others {
            page.blank()
            page.line(Span(String(ShortID.letters(of: record.record).prefix(ShortID.leastLetters)), .strong), Span("  \(record.kind)"))
            show(record, &page)
        }
        page.blank()
        page.say(
            document.except.isEmpty ? AgreementPhrases.exceptedNone(document.scope) : .documentOpen, ["n": .number(document.except.count)])
        page.blank()
    }

    private func heading(_ page: inout Page) {
        func name(_ side: Side) -> Fact {
            let organisation = document.organisation(side)
            return .text(names[organisation].map { "\($0), \(organisation.fingerprint)" } ?? organisation.fingerprint)
        }
        page.say(AgreementPhrases.documentParties, ["provider": name(.provider), "customer": name(.customer)])
        let rows = document.records.count { $0.space == document.service && $0.kind == "responsibility" }
        let digest = String(document.release.digest.hex.prefix(16))
        page.say(AgreementPhrases.documentRelease, ["rows": .number(rows), "release": .text(release ?? digest)])
        page.say(
            document.validTo == nil ? AgreementPhrases.validOpen : .validText,
            [
                "from": .text(document.validFrom?.text ?? "-"), "to": .text(document.validTo?.text ?? "-"),
                "zone": .text(document.terms.timeZone),
            ])
    }

    /// The published row first, then the provider's position and the customer's.
    private static func order(_ record: CoveredRecord) -> Int {
        switch record.text("side") {
        case nil: 0
        case Side.provider.name?: 1
        case _?: 2
        }
    }

    private func show(_ record: CoveredRecord, _ page: inout Page) {
        let side: String
        switch record.text("side").flatMap({ Side(name: $0) }) {
        case .provider?: side = TermPhrases.provider.text(in: page.language)
        case .customer?: side = TermPhrases.customer.text(in: page.language)
        case nil: side = record.kind == "responsibility" ? AgreementPhrases.documentPublished.text(in: page.language) : ""
        }
        let kind = SchemaRegistry.current.kind(record.kind)
        var told: [String: String] = [:]
        let order = kind?.fields.map(\.name) ?? []
        func place(of name: String) -> Int { order.firstIndex(of: name) ?? order.count }
        let fields = Self.fields(record.cells.filter { !Self.unread.contains($0.key.field) })
        for (name, cells) in fields.sorted(by: { (place(of: $0.name), $0.name) < (place(of: $1.name), $1.name) }) {
            let field = kind?.field(name)
            let label = Labels.field(name, of: record.kind, page.language) ?? name
            func place(_ label: String, _ text: String) {
                page.place(.at(Self.fields, Span(label)), .at(Self.sides, Span(side, .faint)))
                page.paragraph(text, indent: Self.fields + 2)
            }
            // The members of a set are one line.
            if cells.allSatisfy({ $0.key.element != nil && $0.value.isTrue }) {
                let members = cells.map { CodeLabels.shown($0.key.elementText ?? "", of: name, in: record.kind, page.language) }
                place(label, members.joined(separator: page.language == .ja ? "、" : ", "))
                continue
            }
            for cell in cells {
                let name = cell.key.elementText.map { "\(label) (\($0))" } ?? label
                let text = cell.value.isNull ? "-" : CodeLabels.printed(cell.value.value, of: field, in: record.kind, page.language)
                // The same text twice is read once.
                if let before = told[text], text.count > Self.shortText {
                    place(name, AgreementPhrases.documentSame.text(in: page.language, ["field": .text(before)]))
                } else {
                    told[text] = name
                    place(name, text)
                }
            }
        }
    }

    private static let shortText = 20

    /// Cells by field, in their order.
    private static func fields(_ cells: [CoveredCell]) -> [(name: String, cells: [CoveredCell])] {
        var found: [(name: String, cells: [CoveredCell])] = []
        for cell in cells {
            if found.last?.name == cell.key.field {
                found[found.count - 1].cells.append(cell)
            } else {
                found.append((cell.key.field, [cell]))
            }
        }
        return found
    }
}
