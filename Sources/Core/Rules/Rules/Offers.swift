import BuntanProtocol
import Records

// What the rules ask that hold an offer against what is required.

extension FactView {
    /// Whether a measure that is in place closes the gap in this field of a requirement.
    ///
    /// - Parameter field: The field or item that the gap names; any where it is left out.
    func isSupplemented(_ requirement: ViewedFact, in field: String? = nil) -> Bool {
        facts(.gap, where: .requirementId, is: requirement.id).contains { gap in
            (field == nil || gap.text(.field) == field) && !measures(closing: gap.id).isEmpty
        }
    }

    /// Whether a gap still waits although the parties have agreed: no risk is named, no measure is in place and it is not closed.
    func isLeftOpen(_ gap: ViewedFact, of requirement: ViewedFact) -> Bool {
        guard !gap.isFilled(.riskId), gap.text(.status) != "closed", measures(closing: gap.id).isEmpty else { return false }
        let scopes = [(FactField.serviceId, gap.serviceID ?? requirement.serviceID), (.engagementId, gap.ref(.engagementId))]
        return scopes.contains { field, id in
            facts(.allocationAgreement, where: field, is: id).contains { agreement in
                agreement.date(.effectiveFrom).map { $0 <= today } ?? true
            }
        }
    }

    /// The records of a kind that are about a service.
    func records(_ kind: FactKind, of service: FactID?) -> [ViewedFact] { facts(kind, where: .serviceId, is: service) }

    /// The services of an engagement for which neither the service nor the engagement has a record of a kind.
    func servicesLacking(_ kind: FactKind, of engagement: ViewedFact) -> [FactID] {
        guard facts(kind, where: .engagementId, is: engagement.id).isEmpty else { return [] }
        return engagement.refs(.serviceIds).filter { records(kind, of: $0).isEmpty }
    }
}

extension ViewedFact {
    /// What a field offers, as a word; that it is missing where it is empty.
    func offer(_ field: FactField, isCode: Bool = false) -> Word {
        isFilled(field) ? word(field, isCode: isCode) : .lacking(.field(field))
    }

    /// The failures of the fields of these that are empty, each named by a word of its message.
    func lacking(_ fields: [FactField], as name: String = "item", _ words: [String: Word] = [:], side: Side? = nil) -> [Failure] {
        fields.filter { !isFilled($0) }.map { Failure(at: self, $0, words.merging([name: .field($0)]) { $1 }, side: side) }
    }

    /// Whether a day lies no longer back than a duration, and is not still to come.
    static func isWithin(_ duration: CalendarDuration, of day: CalendarDate, on today: CalendarDate) -> Bool {
        day <= today && today.days(since: day) * 86_400 <= duration.seconds
    }
}
