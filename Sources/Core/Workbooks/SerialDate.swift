/// Returns the day and time that a spreadsheet stores as a count of days, or `nil` outside of its calendar.
///
/// Day 60 of the 1900 calendar is 29 February 1900, which never was; days before it are one off, as in Excel.
func calendarText(ofSerial serial: Double, countsFrom1904: Bool) -> String? {
    guard serial >= 0, serial < 2_958_466 else { return nil }
    var day = Int(serial.rounded(.down))
    var second = Int(((serial - Double(day)) * 86_400).rounded())
    if second == 86_400 {
        day += 1
        second = 0
    }
    let time = "\(padded(second / 3_600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
    if day == 0, !countsFrom1904 { return time }
    // Days since 1970-01-01.
    let date: String
    if countsFrom1904 {
        date = civilDate(ofDay: day - 24_107)
    } else if day == 60 {
        date = "1900-02-29"
    } else {
        date = civilDate(ofDay: day - 25_569 + (day < 60 ? 1 : 0))
    }
    return second == 0 ? date : "\(date)T\(time)"
}

private func civilDate(ofDay day: Int) -> String {
    // Years begin in March here, so that the leap day is the last of its year.
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
    let civilMonth = month < 10 ? month + 3 : month - 9
    let year = yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0)
    return "\(year)-\(padded(civilMonth))-\(padded(dayOfMonth))"
}

private func padded(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
}
