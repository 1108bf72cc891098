/// A day of the Gregorian calendar without a zone.
package struct CalendarDate: Hashable, Comparable, Sendable {
    package let year: Int
    package let month: Int
    package let day: Int

    /// Makes a date, or returns `nil` if the calendar has no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Reads `2026-03-31`, `2026/3/31` and `2026年3月31日`.
    package init(typed text: String) throws(FieldFault) {
        var text = text
        if text.hasSuffix("日") { text.removeLast() }
        let parts = text.split(omittingEmptySubsequences: false) { "-/年月".contains($0) }
        let isWellFormed =
            parts.count == 3 && parts[0].count == 4 && parts.allSatisfy { (1...4).contains($0.count) && $0.allSatisfy(\.isASCIIDigit) }
        guard isWellFormed, let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]) else { throw .notADate(text) }
        guard let date = CalendarDate(year: year, month: month, day: day) else {
            throw .noSuchDate(year: year, month: month, day: day)
        }
        self = date
    }

    /// Reads `YYYY-MM-DD` and nothing else.
    package init?(canonical text: some StringProtocol) {
        let utf8 = Array(text.utf8)
        guard utf8.count == 10, utf8[4] == 0x2d, utf8[7] == 0x2d else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            utf8[range].reduce(Int?.some(0)) { sum, c in
                guard let sum, (0x30...0x39).contains(c) else { return nil }
                return sum * 10 + Int(c - 0x30)
            }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
        self.init(year: year, month: month, day: day)
    }

    package var text: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }

    package static func < (a: Self, b: Self) -> Bool { (a.year, a.month, a.day) < (b.year, b.month, b.day) }

    static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The day before or after, `nil` beyond the years 1 to 9999.
    func shifted(by days: Int) -> CalendarDate? {
        switch days {
        case 1:
            if let next = CalendarDate(year: year, month: month, day: day + 1) { return next }
            return CalendarDate(year: year, month: month + 1, day: 1) ?? CalendarDate(year: year + 1, month: 1, day: 1)
        case -1:
            if day > 1 { return CalendarDate(year: year, month: month, day: day - 1) }
            let (y, m) = month > 1 ? (year, month - 1) : (year - 1, 12)
            return CalendarDate(year: y, month: m, day: Self.days(in: m, of: y))
        default: return days == 0 ? self : nil
        }
    }
}

func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

extension Character {
    var isASCIIDigit: Bool { isASCII && isNumber }
}

extension CalendarDate {
    /// The days from the first of January of the year 1 to this one, for comparison.
    package var dayNumber: Int {
        let before = year - 1
        let leapDays = before / 4 - before / 100 + before / 400
        return before * 365 + leapDays + (1..<month).reduce(0) { $0 + Self.days(in: $1, of: year) } + day - 1
    }

    /// The days that have gone by since another day; below zero where it is still to come.
    package func days(since other: CalendarDate) -> Int { dayNumber - other.dayNumber }

    /// The day that is so many days later; `nil` beyond the years 1 to 9999.
    package func adding(days: Int) -> CalendarDate? {
        let (number, overflows) = dayNumber.addingReportingOverflow(days)
        guard number >= 0, !overflows, number / 366 < 9_999 else { return nil }
        // No year is longer than 366 days: this one is the year or somewhat before it.
        var first = CalendarDate(year: number / 366 + 1, month: 1, day: 1)
        while let next = first.flatMap({ CalendarDate(year: $0.year + 1, month: 1, day: 1) }), next.dayNumber <= number { first = next }
        guard let year = first?.year else { return nil }
        let month = (2...12).last { month in CalendarDate(year: year, month: month, day: 1).map { $0.dayNumber <= number } ?? false } ?? 1
        guard let start = CalendarDate(year: year, month: month, day: 1) else { return nil }
        return CalendarDate(year: year, month: month, day: number - start.dayNumber + 1)
    }
}
