/// What fields of one record hold to: days in their order, a least that is not beyond its most, deeds that are done.
package enum FieldOrder {
    /// Pairs of which the first is not beyond the second, by the names of the fields; it holds wherever a record has both.
    package static let pairs: [(first: String, last: String)] = [
        ("effectiveFrom", "effectiveTo"), ("minRetention", "maxRetention"), ("requestedOn", "dueOn"), ("startDate", "endDate"),
        ("validFrom", "validTo"), ("periodFrom", "periodTo"), ("lawEffectiveFrom", "lawExpiredOn"),
        // What follows on something is not before it.
        ("startedAt", "completedAt"), ("removedOn", "customerConfirmedOn"), ("performedOn", "reportedToManagementOn"),
        ("closedOn", "effectivenessCheckedOn"), ("contractEndedOn", "removedOn"), ("approvedOn", "validTo"),
        ("publishedOn", "supersededOn"),
    ]

    /// Days on which something has been done, by the names of their fields: none of them is still to come.
    ///
    /// A review or an audit may be written down before it is held, and a contract may be known to end.
    package static let deeds = [
        "approvedOn", "assessedOn", "closedOn", "communicatedOn", "completedAt", "customerConfirmedOn", "doneOn",
        "effectivenessCheckedOn", "evaluatedOn", "fedBackOn", "ismsConformityCheckedOn", "lastCheckedOn", "lastReviewedOn",
        "removedOn", "reportedToManagementOn", "requestedOn", "reviewedOn", "startedAt", "testedOn", "verifiedOn",
    ]

    /// Whether two canonical values stand in the wrong order; what is neither two days nor two durations stands in any.
    package static func isBroken(_ first: String, _ last: String) -> Bool {
        if let from = CalendarDate(canonical: first.prefix(10)), let to = CalendarDate(canonical: last.prefix(10)) { return from > to }
        if let least = CalendarDuration(canonical: first), let most = CalendarDuration(canonical: last) {
            return least.seconds > most.seconds
        }
        return false
    }
}
