/// Pairs of fields of one record of which the first is not beyond the second: days in their order, a least and a most.
package enum FieldOrder {
    /// By the names of the fields; it holds wherever a record has both.
    package static let pairs: [(first: String, last: String)] = [
        ("effectiveFrom", "effectiveTo"), ("minRetention", "maxRetention"), ("requestedOn", "dueOn"), ("startDate", "endDate"),
        ("validFrom", "validTo"), ("periodFrom", "periodTo"), ("lawEffectiveFrom", "lawExpiredOn"),
        // What follows on something is not before it.
        ("startedAt", "completedAt"), ("removedOn", "customerConfirmedOn"), ("performedOn", "reportedToManagementOn"),
        ("closedOn", "effectivenessCheckedOn"), ("contractEndedOn", "removedOn"), ("approvedOn", "validTo"),
        ("publishedOn", "supersededOn"),
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
