import Testing

@testable import Records

@Suite("Days later")
struct CalendarDayTests {
    @Test("A day later by any number is the one from which that number has gone by, over leap years and centuries")
    func adding() throws {
        for start in ["0001-01-01", "1899-12-31", "2000-02-28", "2026-11-27", "2027-12-31", "2028-02-29"] {
            let day = try #require(CalendarDate(canonical: start))
            for days in [0, 1, 27, 28, 29, 30, 31, 58, 59, 60, 61, 364, 365, 366, 367, 730, 1_460, 1_461, 36_524, 36_525, 146_097] {
                let later = try #require(day.adding(days: days), "\(start) + \(days)")
                #expect(later.days(since: day) == days, "\(start) + \(days): \(later.text)")
            }
        }
        #expect(CalendarDate(canonical: "2026-11-27")?.adding(days: 365)?.text == "2027-11-27")
        #expect(CalendarDate(canonical: "2028-02-28")?.adding(days: 1)?.text == "2028-02-29")
    }

    @Test("Beyond the years that there are is no day")
    func ends() throws {
        let last = try #require(CalendarDate(canonical: "9999-12-31"))
        #expect(last.adding(days: 0) == last && last.adding(days: 1) == nil && last.adding(days: .max) == nil)
        let first = try #require(CalendarDate(canonical: "0001-01-01"))
        #expect(first.adding(days: -1) == nil && first.adding(days: last.days(since: first)) == last)
    }
}
