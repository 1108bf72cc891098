/// A length of time in the units it was typed in.
///
/// `P1M` and `P30D` are different values that compare alike: what somebody typed is kept, and only comparisons convert,
/// a month counting as 30 days and a year as 365.
package struct CalendarDuration: Hashable, Sendable {
    package enum Unit: Int, CaseIterable, Sendable {
        case years, months, weeks, days, hours, minutes, seconds

        fileprivate var letter: Character { Array("YMWDHMS")[rawValue] }

        /// As English writes it behind a number: `h`.
        package var mark: String {
            switch self {
            case .years: "y"
            case .months: "mo"
            case .weeks: "w"
            case .days: "d"
            case .hours: "h"
            case .minutes: "min"
            case .seconds: "s"
            }
        }

        /// As Japanese writes it behind a number: `時間`.
        package var word: String {
            switch self {
            case .years: "年"
            case .months: "か月"
            case .weeks: "週間"
            case .days: "日"
            case .hours: "時間"
            case .minutes: "分"
            case .seconds: "秒"
            }
        }

        fileprivate var seconds: Int {
            switch self {
            case .years: 365 * 86_400
            case .months: 30 * 86_400
            case .weeks: 7 * 86_400
            case .days: 86_400
            case .hours: 3_600
            case .minutes: 60
            case .seconds: 1
            }
        }
    }

    /// One part a unit, from years down.
    package let parts: [Part]

    package struct Part: Hashable, Sendable {
        package let count: Int
        package let unit: Unit
    }

    /// The largest count of one unit: centuries in seconds, and no overflow.
    package static let mostCount = 9_999_999_999

    private init?(_ parts: [Part]) {
        // ISO 8601 keeps weeks alone.
        let isOrdered = zip(parts, parts.dropFirst()).allSatisfy { $0.unit.rawValue < $1.unit.rawValue }
        guard !parts.isEmpty, isOrdered, parts.count == 1 || !parts.contains(where: { $0.unit == .weeks }) else { return nil }
        guard parts.allSatisfy({ $0.count <= Self.mostCount }) else { return nil }
        let filled = parts.filter { $0.count > 0 }
        self.parts = filled.isEmpty ? Array(parts.suffix(1)) : filled
    }

    /// Reads ISO 8601 (`PT4H`) and what people write: `4h`, `7y`, `1d12h`, `90 minutes`, `30日`, `2か月`.
    package init(typed text: String) throws(FieldFault) {
        let compact = text.filter { !$0.isWhitespace }
        let read = compact.first == "P" || compact.first == "p" ? Self.iso(compact.uppercased()) : try Self.words(compact.lowercased())
        guard let read, let duration = CalendarDuration(read) else { throw .notADuration(text) }
        self = duration
    }

    /// Reads the normal form and nothing else.
    package init?(canonical text: String) {
        guard let parts = Self.iso(text), let duration = CalendarDuration(parts), duration.text == text else { return nil }
        self = duration
    }

    /// ISO 8601: `P7Y`, `PT4H`, `P1DT12H`.
    package var text: String {
        var result = "P"
        var isTime = false
        for part in parts {
            if part.unit.rawValue >= Unit.hours.rawValue, !isTime {
                result.append("T")
                isTime = true
            }
            result.append("\(part.count)\(part.unit.letter)")
        }
        return result
    }

    /// What people read, and can type again: `1d 12h`, and `1日12時間` in Japanese.
    package func spoken(inJapanese isJapanese: Bool) -> String {
        parts.map { "\($0.count)\(isJapanese ? $0.unit.word : $0.unit.mark)" }.joined(separator: isJapanese ? "" : " ")
    }

    /// The length in seconds, for comparison alone.
    package var seconds: Int { parts.reduce(0) { $0 + $1.count * $1.unit.seconds } }
    package var minutes: Double { Double(seconds) / 60 }
    package var days: Double { Double(seconds) / 86_400 }

    private static func iso(_ text: String) -> [Part]? {
        guard text.first == "P" else { return nil }
        var parts: [Part] = []
        var digits = ""
        var isTime = false
        for character in text.dropFirst() {
            if character.isASCIIDigit {
                digits.append(character)
                continue
            }
            if character == "T", !isTime, digits.isEmpty {
                isTime = true
                continue
            }
            let unit = Unit.allCases.first { $0.letter == character && ($0.rawValue >= Unit.hours.rawValue) == isTime }
            guard let unit, let count = Int(digits) else { return nil }
            parts.append(Part(count: count, unit: unit))
            digits = ""
        }
        guard digits.isEmpty, text.last != "T" else { return nil }
        return parts
    }

    private static func words(_ text: String) throws(FieldFault) -> [Part]? {
        var parts: [Part] = []
        var rest = text[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCIIDigit }
            let word = rest.dropFirst(digits.count).prefix { !$0.isASCIIDigit }
            if word == "m" { throw .ambiguousUnit(text, instead: ["\(digits)min", "\(digits)mo"]) }
            guard let count = Int(digits), let unit = units[String(word)] else { return nil }
            parts.append(Part(count: count, unit: unit))
            rest = rest.dropFirst(digits.count + word.count)
        }
        return parts
    }

    private static let units: [String: Unit] = {
        let words: [(Unit, [String])] = [
            (.years, ["y", "yr", "yrs", "year", "years", "年", "年間"]),
            (.months, ["mo", "month", "months", "か月", "カ月", "ヶ月", "ケ月", "箇月", "か月間", "カ月間", "ヶ月間", "ケ月間"]),
            (.weeks, ["w", "week", "weeks", "週", "週間"]),
            (.days, ["d", "day", "days", "日", "日間"]),
            (.hours, ["h", "hr", "hrs", "hour", "hours", "時間"]),
            (.minutes, ["min", "mins", "minute", "minutes", "分", "分間"]),
            (.seconds, ["s", "sec", "secs", "second", "seconds", "秒", "秒間"]),
        ]
        return Dictionary(uniqueKeysWithValues: words.flatMap { unit, names in names.map { ($0, unit) } })
    }()
}
