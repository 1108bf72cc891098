import ArgumentParser
import BuntanProtocol
import Foundation
import Records
import Wording

/// The day that a view answers for: of one that has passed it shows what stood at its end, of one to come what is signed, due and
/// ended by then of the records of now (commands.md section 6).
struct DayOption: ParsableArguments {
    @Option(name: .long, help: .spoken(.atDay)) var at: String?
}

/// The same where the records of now are judged as of a day that has passed, too: the minutes of a review are written after it was held.
struct JudgedDayOption: ParsableArguments {
    @Option(name: .long, help: .spoken(.atNow)) var at: String?
}

/// A day that was asked for, and what is shown of it.
struct AskedDay: Equatable, Sendable {
    /// Of when the records are.
    enum Records: String, Sendable {
        /// As the logs held them at the end of the day.
        case then
        /// As they are now, judged as of the day.
        case now
    }

    let day: CalendarDate
    let records: Records

    /// Says for which day a page answers, and of when its records are.
    func say(_ page: inout Page) {
        page.say(records == .then ? StatusPhrases.asOfThen : .asOfNow, ["date": .text(day.text)], .faint)
    }

    var json: JSONValue { ["day": .text(day.text), "records": .text(records.rawValue)] }
}

extension Invocation {
    /// The end of the day whose records are shown, in milliseconds since 1970; `nil` where those of now are.
    var pastMoment: Int64? {
        guard let asOf, asOf.records == .then else { return nil }
        return end(of: asOf.day)
    }

    /// The moment that a view answers for, in milliseconds since 1970: the end of the day that was asked for, else now.
    var moment: Int64 {
        let now = Int64(console.now().timeIntervalSince1970 * 1_000)
        guard let asOf, asOf.day.text != times.day(console.now()).text else { return now }
        return end(of: asOf.day) ?? now
    }

    /// The last moment of a day, in milliseconds since 1970.
    func end(of day: CalendarDate) -> Int64? {
        CalendarDay(year: day.year, month: day.month, day: day.day).map { times.end(of: $0) + 999 }
    }

    /// The day on which something ends: today, unless another was typed that is still to come.
    func dayToCome(_ typed: String?) throws -> CalendarDate {
        let day = try typed.map { try ZonedDays.day(reading: $0) } ?? today
        guard day >= today else { throw CommandFailure(.dateInPast, ["value": .text(day.text)]) }
        return day
    }

    /// Why there is nothing to show of a day that has passed; `nil` where the records of now are shown.
    var nothingThen: CommandFailure? {
        guard let asOf, asOf.records == .then else { return nil }
        return CommandFailure(.nothingThen, ["date": .text(asOf.day.text)])
    }
}
