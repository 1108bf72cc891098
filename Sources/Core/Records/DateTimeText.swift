/// Moments as RFC 3339 in UTC: `2026-03-31T09:12:00Z`, with a fraction only where there is one.
package enum DateTimeText {
    /// Returns the normal form of a moment typed with any offset.
    static func normal(_ text: String) throws(FieldFault) -> String {
        let upper = text.uppercased()
        let parts = upper.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "T" || $0 == " " }
        guard parts.count == 2 else { throw .notADateTime(text) }
        let date = try CalendarDate(typed: String(parts[0]))
        let (clock, offset) = try zone(parts[1], of: text)

        let halves = clock.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fields = halves[0].split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(fields.count), fields.allSatisfy({ $0.count == 2 && $0.allSatisfy(\.isASCIIDigit) }) else {
            throw .notADateTime(text)
        }
        let numbers = fields.compactMap { Int($0) }
        let (hour, minute, second) = (numbers[0], numbers[1], numbers.count == 3 ? numbers[2] : 0)
        guard hour < 24, minute < 60, second < 60 else { throw .noSuchTime(text) }
        var fraction = halves.count == 2 ? halves[1] : ""
        guard halves.count == 1 || (1...9).contains(fraction.count) && fraction.allSatisfy(\.isASCIIDigit) && fields.count == 3 else {
            throw .notADateTime(text)
        }
        while fraction.last == "0" { fraction.removeLast() }

        var minutes = hour * 60 + minute - offset
        var days = 0
        if minutes < 0 { (minutes, days) = (minutes + 1440, -1) } else if minutes >= 1440 { (minutes, days) = (minutes - 1440, 1) }
        guard let day = date.shifted(by: days) else { throw .noSuchTime(text) }
        let tail = fraction.isEmpty ? "" : "." + fraction
        return "\(day.text)T\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2)):\(padded(second, 2))\(tail)Z"
    }

    /// Whether a text is a moment in its normal form.
    package static func isNormal(_ text: String) -> Bool {
        do { return try normal(text) == text } catch { return false }
    }

    /// Splits off the zone; the offset is in minutes east.
    private static func zone(_ text: Substring, of whole: String) throws(FieldFault) -> (clock: Substring, offset: Int) {
        if text.hasSuffix("Z") { return (text.dropLast(), 0) }
        guard let at = text.lastIndex(where: { $0 == "+" || $0 == "-" }) else { throw .missingZone(whole) }
        let digits = text[text.index(after: at)...].filter { $0 != ":" }
        guard digits.count == 4, digits.allSatisfy(\.isASCIIDigit), let number = Int(digits) else { throw .notADateTime(whole) }
        guard number / 100 < 24, number % 100 < 60 else { throw .noSuchTime(whole) }
        let minutes = number / 100 * 60 + number % 100
        return (text[..<at], text[at] == "-" ? -minutes : minutes)
    }
}
