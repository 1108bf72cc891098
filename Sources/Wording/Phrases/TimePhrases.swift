/// Ages and lengths of time.
package enum TimePhrases: String, PhraseTable {
    package static let section = "time"

    case now, secondsAgo, minutesAgo, hoursAgo, daysAgo, ahead, seconds, minutes, hours, days, weeks, months, years

    package var phrase: Phrase {
        switch self {
        case .now: Phrase("just now", ja: "たった今")
        case .secondsAgo: Phrase("{n} s ago", ja: "{n}秒前")
        case .minutesAgo: Phrase("{n} min ago", ja: "{n}分前")
        case .hoursAgo: Phrase("{n} h ago", ja: "{n}時間前")
        case .daysAgo: Phrase("{n} {n|day|days} ago", ja: "{n}日前")
        case .ahead: Phrase("in the future", ja: "未来の時刻")
        case .seconds: Phrase("{n} s", ja: "{n}秒")
        case .minutes: Phrase("{n} min", ja: "{n}分")
        case .hours: Phrase("{n} h", ja: "{n}時間")
        case .days: Phrase("{n} {n|day|days}", ja: "{n}日")
        case .weeks: Phrase("{n} {n|week|weeks}", ja: "{n}週間")
        case .months: Phrase("{n} {n|month|months}", ja: "{n}か月")
        case .years: Phrase("{n} {n|year|years}", ja: "{n}年")
        }
    }
}
