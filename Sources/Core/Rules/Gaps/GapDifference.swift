package import Records

/// By how much an offer falls short of what is required, in the unit in which it is measured.
package enum GapDifference: Hashable, Sendable {
    /// What is offered takes longer, or is kept longer, than is required; in seconds.
    case tooLong(seconds: Int)
    /// It is kept for less time than is required; in seconds.
    case tooShort(seconds: Int)
    /// It is so many steps less strong.
    case weaker(steps: Int)
    /// It was last done so many days before it was due again.
    case overdue(days: Int)
    /// A law that has not been in force for so many days, or is not yet for so many.
    case expired(days: Int)
    case notYetInForce(days: Int)
    /// Nothing is offered.
    case missing
    /// What is offered is not among what is accepted.
    case notAccepted
    /// It is something else, and no unit measures by how much.
    case differs

    /// Measures what a rule has compared.
    ///
    /// - Parameter today: The day on which it is compared: what was done last on a day is due again after what is required.
    init(required: Word, offered: Word, on today: CalendarDate) {
        switch (required, offered) {
        case (_, .lacking): self = .missing
        case (.duration(let most), .duration(let length)):
            let over = length.seconds - most.seconds
            self = over > 0 ? .tooLong(seconds: over) : .tooShort(seconds: -over)
        case (.duration(let most), .date(let last)):
            self = .overdue(days: today.days(since: last) - most.seconds / 86_400)
        case (.code(.encryptionRequired, let required), .code(.encryptionAtRest, let offered)):
            self = .weaker(steps: EncryptionStrength.rank(of: required) - EncryptionStrength.rank(of: offered))
        case (.list, .code), (.field(.rejectedCountries), .code), (.code(.customerDecision, _), .code): self = .notAccepted
        default: self = .differs
        }
    }
}

extension CalendarDuration {
    /// Seconds in days, hours, minutes and seconds.
    package init?(seconds: Int) {
        let clock = [(seconds % 86_400 / 3_600, "H"), (seconds % 3_600 / 60, "M"), (seconds % 60, "S")].filter { $0.0 > 0 }
        let time = clock.map { "\($0.0)\($0.1)" }.joined()
        let days = seconds / 86_400
        self.init(canonical: "P" + (days > 0 || clock.isEmpty ? "\(days)D" : "") + (time.isEmpty ? "" : "T" + time))
    }
}
