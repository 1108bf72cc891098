import Agreements
import BuntanProtocol
import Records
import Replica
import Wording

/// Something that two documents say differently beside their rows: it is part of what is signed.
struct TermChange {
    /// As the document calls it.
    let field: String
    let label: AgreementPhrases
    let before: String?
    let after: String?

    /// What differs between two documents, in the order in which they are read.
    static func all(from before: KnownAgreement, to after: KnownAgreement) -> [TermChange] {
        zip(terms(of: before), terms(of: after)).filter { $0.value != $1.value }.map {
            TermChange(field: $0.field, label: $0.label, before: $0.value, after: $1.value)
        }
    }

    private static func terms(of agreement: KnownAgreement) -> [(field: String, label: AgreementPhrases, value: String?)] {
        let head = agreement.head
        let scope = head.scope.map { part in ([part.kind] + (part.keys ?? []).map { $0.joined(separator: ":") }).joined(separator: " ") }
        return [
            ("release", .termRelease, agreement.release?.label ?? head.release.digest.hex), ("validFrom", .termFrom, head.validFrom?.text),
            ("validTo", .termTo, head.validTo?.text), ("timeZone", .termZone, head.terms.timeZone),
            ("reviewInterval", .termReview, head.terms.reviewInterval), ("scope", .covers, scope.joined(separator: ", ")),
        ]
    }

    var json: JSONValue {
        .members(("field", .text(field)), ("element", .null), ("before", .text(orNull: before)), ("after", .text(orNull: after)))
    }

    func show(_ page: inout Page) {
        page.place(.at(2, Span(label.text(in: page.language))))
        page.paragraph("- " + (before ?? "-"), .bad, indent: 4)
        page.paragraph("+ " + (after ?? "-"), .good, indent: 4)
    }
}
