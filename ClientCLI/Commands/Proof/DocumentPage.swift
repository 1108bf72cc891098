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
            let records = (rows[key] ?? []).sorted { Self.order($0) < Self.order($1) }
            // Where the provider's own position names somebody, that counts and not what was published.
            let own = records.first { $0.text("side") == Side.provider.name }?.text("allocation")
            for record in records {
                show(record, isOverruled: own != nil && own != "" && own != record.text("allocation"), &page)
            }
        }
        for record in others {
            page.blank()
            let name = Self.name(of: record, page.language).map { "  " + $0 } ?? ""
            page.line(Span(Self.short(record.record), .strong), Span("  \(record.kind)" + name))
            show(record, &page)
        }
        page.blank()
        let excepted =
            (document.except.isEmpty ? AgreementPhrases.exceptedNone(document.scope) : .documentOpen).text(
                in: page.language, ["n": .number(document.except.count)])
        page.line(Span(AgreementPhrases.documentExcepted.text(in: page.language, ["list": .text(excepted)])))
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

    private func show(_ record: CoveredRecord, isOverruled: Bool = false, _ page: inout Page) {
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
            let side = isOverruled && name == "allocation" ? AgreementPhrases.documentOverruled.text(in: page.language) : side
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
                let text =
                    cell.value.isNull
                    ? "-"
                    : named(cell, field, page.language) ?? CodeLabels.printed(cell.value.value, of: field, in: record.kind, page.language)
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

    /// What a record is called that a field names: by its own words where the document covers it, else by its short id.
    private func named(_ cell: CoveredCell, _ field: Field?, _ language: Language) -> String? {
        guard field?.type == .record, let id = cell.value.value.bytes.flatMap({ RecordID($0) }) else { return nil }
        let record = document.records.first { $0.record == id }
        return record.flatMap { Self.name(of: $0, language) } ?? Self.short(id)
    }

    private static func name(of record: CoveredRecord, _ language: Language) -> String? {
        if let row = RowKey(record) { return row.shown }
        for field in RecordWords.names {
            let texts = record.cells.filter { $0.key.field == field }
            let own = texts.first { $0.key.elementText == language.rawValue } ?? texts.first
            if let text = own?.value.value.text, !text.isEmpty { return text }
        }
        return nil
    }

    private static func short(_ id: RecordID) -> String { String(ShortID.letters(of: id).prefix(ShortID.leastLetters)) }

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
