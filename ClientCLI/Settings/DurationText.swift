import Wording

/// A length of time as records keep it: ISO 8601, in the unit its author used.
struct DurationText: Sendable, Equatable {
    enum Unit: Sendable, CaseIterable {
        case seconds, minutes, hours, days, weeks, months, years
    }

    var count: Int
    var unit: Unit

    static let largestCount = 1_000_000

    /// Reads `4h`, `30d`, `7y`, or ISO 8601 with one unit such as `PT4H`.
    init(reading text: String) throws {
        let trimmed = text.lowercased().filter { $0 != " " }
        guard let found = Self.iso(trimmed) ?? Self.short(trimmed) else { throw CommandFailure(.invalidDuration, ["value": .text(text)]) }
        self = found
    }

    init(count: Int, unit: Unit) {
        self.count = count
        self.unit = unit
    }

    /// The duration in ISO 8601.
    var iso: String {
        switch unit {
        case .seconds: "PT\(count)S"
        case .minutes: "PT\(count)M"
        case .hours: "PT\(count)H"
        case .days: "P\(count)D"
        case .weeks: "P\(count)W"
        case .months: "P\(count)M"
        case .years: "P\(count)Y"
        }
    }

    func text(in language: Language) -> String {
        let phrase: TimePhrases =
            switch unit {
            case .seconds: .seconds
            case .minutes: .minutes
            case .hours: .hours
            case .days: .days
            case .weeks: .weeks
            case .months: .months
            case .years: .years
            }
        return phrase.text(in: language, ["n": .number(count)])
    }

    private static func short(_ text: String) -> DurationText? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = number(digits) else { return nil }
        let unit: Unit
        switch text.dropFirst(digits.count) {
        case "s", "sec": unit = .seconds
        case "min": unit = .minutes
        case "h": unit = .hours
        case "d": unit = .days
        case "w": unit = .weeks
        case "mo", "month", "months": unit = .months
        case "y": unit = .years
        default: return nil  // a bare "m" could be minutes or months
        }
        return DurationText(count: count, unit: unit)
    }

    private static func iso(_ text: String) -> DurationText? {
        guard text.hasPrefix("p"), let letter = text.last else { return nil }
        let isTime = text.hasPrefix("pt")
        guard let count = number(text.dropFirst(isTime ? 2 : 1).dropLast()) else { return nil }
        let unit: Unit
        switch (isTime, letter) {
        case (true, "s"): unit = .seconds
        case (true, "m"): unit = .minutes
        case (true, "h"): unit = .hours
        case (false, "d"): unit = .days
        case (false, "w"): unit = .weeks
        case (false, "m"): unit = .months
        case (false, "y"): unit = .years
        default: return nil
        }
        return DurationText(count: count, unit: unit)
    }

    private static func number(_ digits: Substring) -> Int? {
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let count = Int(digits), count <= largestCount else {
            return nil
        }
        return count
    }
}
