import Foundation
import Wording

/// Times for machines: RFC 3339 in UTC, whole seconds.
enum Timestamp {
    static func rfc3339(_ time: Date) -> String {
        let (day, seconds) = split(time, offset: 0)
        return day.text + "T" + clock(seconds, withSeconds: true) + "Z"
    }

    /// Returns the time of milliseconds since 1970, as changes carry it.
    static func rfc3339(milliseconds: Int64) -> String { rfc3339(Date(timeIntervalSince1970: Double(milliseconds / 1000))) }

    /// Returns the day and the seconds of the day at an offset from UTC.
    static func split(_ time: Date, offset: Int) -> (day: CalendarDay, seconds: Int) {
        // A clock may say anything; what a calendar cannot show is shown as its edge.
        let bounded = min(max(time.timeIntervalSince1970, -62_135_596_800), 253_402_300_799 - 86_400)
        let seconds = Int(bounded.rounded(.down)) + offset
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        return (CalendarDay(daysSince1970: days), seconds - days * 86_400)
    }

    static func clock(_ seconds: Int, withSeconds: Bool) -> String {
        let minutes = CalendarDay.padded(seconds / 3600, 2) + ":" + CalendarDay.padded(seconds / 60 % 60, 2)
        return withSeconds ? minutes + ":" + CalendarDay.padded(seconds % 60, 2) : minutes
    }
}

/// Times for people: in their zone and language.
struct TimeDisplay: Sendable {
    var zone: TimeZone
    var language: Language

    /// The day and minute, like `2026-11-21 09:12`.
    func stamp(_ time: Date) -> String {
        let (day, seconds) = Timestamp.split(time, offset: zone.secondsFromGMT(for: time))
        return day.text + " " + Timestamp.clock(seconds, withSeconds: false)
    }

    /// The day in this zone, like `2026-11-21`.
    func day(_ time: Date) -> CalendarDay { Timestamp.split(time, offset: zone.secondsFromGMT(for: time)).day }

    /// The last second of a day in this zone, in milliseconds since 1970.
    func end(of day: CalendarDay) -> Int64 {
        let next = Date(timeIntervalSince1970: Double(day.daysSince1970 + 1) * 86_400)
        return (Int64(next.timeIntervalSince1970) - Int64(zone.secondsFromGMT(for: next)) - 1) * 1_000
    }

    /// How long ago a time is, like `3 h ago`.
    func age(of time: Date, at now: Date) -> String {
        let seconds = Int(min(max(now.timeIntervalSince(time), -1e12), 1e12))
        // Two clocks differ by a little; only a time well ahead is worth a word.
        if seconds < -120 { return TimePhrases.ahead.text(in: language) }
        switch seconds {
        case ..<10: return TimePhrases.now.text(in: language)
        case ..<60: return TimePhrases.secondsAgo.text(in: language, ["n": .number(seconds)])
        case ..<3600: return TimePhrases.minutesAgo.text(in: language, ["n": .number(seconds / 60)])
        case ..<86_400: return TimePhrases.hoursAgo.text(in: language, ["n": .number(seconds / 3600)])
        default: return TimePhrases.daysAgo.text(in: language, ["n": .number(seconds / 86_400)])
        }
    }

    /// How long something lasts already, like `3 days`.
    func span(from time: Date, to now: Date) -> String {
        let seconds = max(0, Int(min(now.timeIntervalSince(time), 1e12)))
        switch seconds {
        case ..<60: return TimePhrases.seconds.text(in: language, ["n": .number(seconds)])
        case ..<3600: return TimePhrases.minutes.text(in: language, ["n": .number(seconds / 60)])
        case ..<86_400: return TimePhrases.hours.text(in: language, ["n": .number(seconds / 3600)])
        default: return TimePhrases.days.text(in: language, ["n": .number(seconds / 86_400)])
        }
    }
}
