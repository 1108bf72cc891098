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
            document.except.isEmpty ? AgreementPhrases.exceptedNone : .documentOpen, ["n": .number(document.except.count)])
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
        for cell in record.cells where !Self.unread.contains(cell.key.field) {
            page.place(.at(Self.fields, Span(cell.key.shown)), .at(Self.sides, Span(side, .faint)))
            page.paragraph(DiffForms.shown(cell.value), indent: Self.fields + 2)
        }
    }
}
