import ArgumentParser
import Foundation
import Testing
import Wording

@testable import ClientCLI

@Suite("Settings and where they come from")
struct SettingsTests {
    @Test(
        "Directories follow XDG; empty and relative values count as unset",
        arguments: [
            (["HOME": "/h"], "/h/.local/share/buntan/default"), (["HOME": "/h", "XDG_DATA_HOME": "/d"], "/d/buntan/default"),
            (["HOME": "/h", "XDG_DATA_HOME": ""], "/h/.local/share/buntan/default"),
            (["HOME": "/h", "XDG_DATA_HOME": "d"], "/h/.local/share/buntan/default"),
        ])
    func directories(environment: [String: String], store: String) {
        #expect(Directories(environment).defaultStore == store)
        #expect(Directories(environment).userSettings == "/h/.config/buntan/config")
    }

    static func settings(_ words: [String], _ environment: [String: String], store: String, user: String) throws -> Settings {
        let scratch = try Scratch()
        _ = try scratch.write("store/config", store)
        let file = try scratch.write("user", user)
        let options = try GlobalOptions.parse(["--store", scratch.path + "/store"] + words)
        return Settings(options: options, environment: environment, directories: Directories(environment), user: .read(file))
    }

    @Test(
        "Flag, environment, store, user, shared variable, default: in this order",
        arguments: [
            (["--lang", "ja"], ["BUNTAN_LANG": "en", "LC_ALL": "en"], "language = en", "language = en", "ja", "flag"),
            ([], ["BUNTAN_LANG": "ja_JP.UTF-8", "LC_ALL": "en"], "language = en", "language = en", "ja", "environment"),
            ([], ["LC_ALL": "en"], "language = ja", "language = en", "ja", "store"),
            ([], ["LC_ALL": "en"], "", "language = ja", "ja", "user"),
            ([], ["BUNTAN_LANG": "", "LC_ALL": "ja"], "", "", "ja", "environment"), ([], [:], "", "", "en", "default"),
            ([], ["LC_ALL": "fr", "LANG": "ja"], "", "", "en", "environment"), ([], [:], "language = fr", "language = ja", "ja", "user"),
        ] as [([String], [String: String], String, String, String, String)])
    func precedence(words: [String], environment: [String: String], store: String, user: String, value: String, source: String) throws {
        let settings = try Self.settings(words, environment, store: store, user: user)
        #expect(settings[.language]?.value == value)
        #expect(settings[.language]?.source.name == source)
        #expect(settings.language.rawValue == value)
    }

    @Test("The store is named by flag, then environment, then lies in the data directory")
    func store() throws {
        let environment = ["HOME": "/h", "BUNTAN_STORE": "/e"]
        func path(_ words: [String], _ environment: [String: String]) throws -> (String, String) {
            let settings = Settings(
                options: try GlobalOptions.parse(words), environment: environment, directories: Directories(environment),
                user: SettingsFile(path: "", text: ""))
            return (settings.storePath, settings.storeSource.name)
        }
        #expect(try path(["--store", "/f"], environment) == ("/f", "flag"))
        #expect(try path([], environment) == ("/e", "environment"))
        #expect(try path([], ["HOME": "/h", "BUNTAN_STORE": ""]) == ("/h/.local/share/buntan/default", "default"))
    }

    @Test("A company's CA and proxy come by flag, environment or file")
    func network() throws {
        let base = try Self.settings(
            [], ["BUNTAN_CA_FILE": "/e.pem", "HTTPS_PROXY": "http://shared:1"], store: "", user: "proxy = http://user:2")
        #expect(base.value(.caFile) == "/e.pem")
        #expect(base.value(.proxy) == "http://user:2")
        let flags = base.applying(try NetworkOptions.parse(["--ca-file", "/f.pem"]))
        #expect(flags[.caFile] == .init(value: "/f.pem", source: .flag("--ca-file")))
        #expect(flags.value(.proxy) == "http://user:2")
        #expect(try Self.settings([], ["https_proxy": "http://shared:1"], store: "", user: "").value(.proxy) == "http://shared:1")
    }

    @Test("A settings file keeps what it does not know, and names what is wrong in it")
    func file() {
        let file = SettingsFile(
            path: "/c", text: "# mine\n\nlanguage = ja\ncolour=red\nnonsense\n timeZone=Asia/Nowhere\nsignatory.name = A = B \n")
        #expect(file.values == [.language: "ja", .signatoryName: "A = B"])
        #expect(
            file.faults == [
                .unknownKey(line: 4, key: "colour"), .notASetting(line: 5, text: "nonsense"),
                .badValue(line: 6, key: .timeZone, value: "Asia/Nowhere"),
            ])
        let changed = file.setting(.language, to: "en").setting(.server, to: "https://sync.example")
        #expect(changed.text.hasPrefix("# mine\n\nlanguage = en\ncolour=red\nnonsense\n"))
        #expect(changed.text.hasSuffix("signatory.name = A = B \nserver = https://sync.example\n"))
        #expect(changed.setting(.language, to: nil).values[.language] == nil)
        #expect(SettingsFile(path: "/c", text: "language=en\nlanguage=ja").setting(.language, to: "en").text == "language = en\n")
    }

    @Test("A settings file is written as a whole and read back")
    func writing() throws {
        let scratch = try Scratch()
        let path = scratch.path + "/deep/er/config"
        #expect(SettingsFile.read(path).lines.isEmpty)
        try SettingsFile.read(path).setting(.timeZone, to: "Asia/Tokyo").write()
        #expect(SettingsFile.read(path).values == [.timeZone: "Asia/Tokyo"])
        #expect(SettingsFile.read(path).text == "timeZone = Asia/Tokyo\n")
        let blocked = SettingsFile(path: path + "/x", text: "")
        #expect(throws: CommandFailure.self) { try blocked.write() }
    }

    @Test(
        "Values are checked before they are taken",
        arguments: [
            (SettingKey.language, "ja", true), (.language, "fr", false), (.timeZone, "Asia/Tokyo", true), (.timeZone, "Tokyo", false),
            (.timeZone, "GMT-00:50", false),
            (.timeZone, "UTC", true), (.timeZone, "Etc/GMT+5", true), (.timeZone, "Asia/Calcutta", true), (.timeZone, "EST5", false),
            (.server, "https://sync.example", true), (.server, "http://127.0.0.1:8080", true), (.server, "sync.example", false),
            (.server, "ftp://x", false),
            (.server, "https://u:p@x", false), (.proxy, "http://p:3128", true), (.proxy, "socks5://p", false), (.signatoryName, "", false),
            (.signatoryName, "a\nb", false), (.signatoryTitle, "部長", true), (.caFile, "/x.pem", true),
        ])
    func values(key: SettingKey, value: String, isTaken: Bool) {
        #expect((key.problem(with: value) == nil) == isTaken)
    }
}

@Suite("Days, times and lengths of time")
struct TimeTests {
    @Test(
        "A day is written as YYYY-MM-DD and must exist",
        arguments: [
            ("2026-11-23", nil), ("2024-02-29", nil), ("2000-02-29", nil), ("2026-12-31", nil), ("2026-02-29", "date-not-in-calendar"),
            ("1900-02-29", "date-not-in-calendar"), ("2026-02-30", "date-not-in-calendar"), ("2026-04-31", "date-not-in-calendar"),
            ("2026-13-01", "date-not-in-calendar"),
            ("2026-00-01", "date-not-in-calendar"), ("2026-01-00", "date-not-in-calendar"), ("0000-01-01", "date-not-in-calendar"),
            ("2026-1-1", "invalid-date"),
            ("26-01-01", "invalid-date"), ("2026/01/01", "invalid-date"), ("2026-01-01T00:00", "invalid-date"), ("", "invalid-date"),
            ("２０２６-01-01", "invalid-date"),
            ("+026-01-01", "invalid-date"),
        ] as [(String, String?)])
    func days(text: String, code: String?) throws {
        if let code {
            let failure = #expect(throws: CommandFailure.self) { try CalendarDay(reading: text) }
            #expect(failure?.code == code)
        } else {
            #expect(try CalendarDay(reading: text).text == text)
        }
    }

    @Test("Counting days and naming them are each other's inverse over four hundred years and more")
    func counting() throws {
        var day = try CalendarDay(reading: "1899-12-31")
        #expect(day.daysSince1970 == -25_568)
        #expect(CalendarDay(daysSince1970: 0).text == "1970-01-01")
        var broken: [Int] = []
        for number in -25_567 ..< -25_567 + 150_000 {
            let next = CalendarDay(daysSince1970: number)
            let named = CalendarDay(year: next.year, month: next.month, day: next.day)
            if next <= day || next.daysSince1970 != number || named != next { broken.append(number) }
            day = next
        }
        #expect(broken.isEmpty)
    }

    @Test("A range has both its days, in their order")
    func ranges() throws {
        let range = try CalendarDay.range(reading: "2026-12-01..2027-11-30")
        #expect(range.lowerBound.text == "2026-12-01" && range.upperBound.text == "2027-11-30")
        #expect(throws: CommandFailure.self) { try CalendarDay.range(reading: "2026-12-02..2026-12-01") }
        #expect(throws: CommandFailure.self) { try CalendarDay.range(reading: "2026-12-02") }
        #expect(try CalendarDay.range(reading: "2026-12-02..2026-12-02").lowerBound.text == "2026-12-02")
    }

    @Test("Machines read UTC, people their own zone")
    func zones() throws {
        let time = FakeConsole.moment
        #expect(Timestamp.rfc3339(time) == "2026-11-23T10:05:11Z")
        #expect(Timestamp.rfc3339(milliseconds: 1_795_428_311_999) == "2026-11-23T10:05:11Z")
        #expect(Timestamp.rfc3339(Date(timeIntervalSince1970: -1)) == "1969-12-31T23:59:59Z")
        let tokyo = try #require(TimeZone(identifier: "Asia/Tokyo"))
        #expect(TimeDisplay(zone: tokyo, language: .ja).stamp(time) == "2026-11-23 19:05")
        #expect(TimeDisplay(zone: tokyo, language: .ja).day(time.addingTimeInterval(5 * 3600)).text == "2026-11-24")
        let newYork = try #require(TimeZone(identifier: "America/New_York"))
        #expect(TimeDisplay(zone: newYork, language: .en).stamp(time) == "2026-11-23 05:05")
        #expect(Timestamp.rfc3339(.distantFuture).count == 20)
        #expect(Timestamp.rfc3339(Date(timeIntervalSince1970: 1e18)).hasPrefix("9999-"))
        #expect(Timestamp.rfc3339(Date(timeIntervalSince1970: -1e18)) == "0001-01-01T00:00:00Z")
    }

    @Test(
        "Ages are said in the largest unit that fits",
        arguments: [
            (0, "just now", "たった今"), (9, "just now", "たった今"), (10, "10 s ago", "10秒前"), (59, "59 s ago", "59秒前"), (60, "1 min ago", "1分前"),
            (3599, "59 min ago", "59分前"), (3600, "1 h ago", "1時間前"), (3 * 3600, "3 h ago", "3時間前"), (86_399, "23 h ago", "23時間前"),
            (86_400, "1 day ago", "1日前"),
            (9 * 86_400, "9 days ago", "9日前"), (-120, "just now", "たった今"), (-121, "in the future", "未来の時刻"),
        ])
    func ages(seconds: Int, english: String, japanese: String) {
        let then = FakeConsole.moment.addingTimeInterval(-Double(seconds))
        #expect(TimeDisplay(zone: .gmt, language: .en).age(of: then, at: FakeConsole.moment) == english)
        #expect(TimeDisplay(zone: .gmt, language: .ja).age(of: then, at: FakeConsole.moment) == japanese)
    }

    @Test(
        "Lengths of time are read in short and ISO form and kept in their unit",
        arguments: [
            ("4h", "PT4H", "4 h", "4時間"), ("PT4H", "PT4H", "4 h", "4時間"), ("30d", "P30D", "30 days", "30日"), ("1 d", "P1D", "1 day", "1日"),
            ("7y", "P7Y", "7 years", "7年"),
            ("P1Y", "P1Y", "1 year", "1年"), ("15min", "PT15M", "15 min", "15分"), ("pt15m", "PT15M", "15 min", "15分"),
            ("3mo", "P3M", "3 months", "3か月"), ("2w", "P2W", "2 weeks", "2週間"),
            ("0s", "PT0S", "0 s", "0秒"), ("1000000h", "PT1000000H", "1000000 h", "1000000時間"),
        ])
    func durations(text: String, iso: String, english: String, japanese: String) throws {
        let duration = try DurationText(reading: text)
        #expect(duration.iso == iso)
        #expect(duration.text(in: .en) == english)
        #expect(duration.text(in: .ja) == japanese)
        #expect(try DurationText(reading: duration.iso) == duration)
    }

    @Test(
        "What is no length of time, or could be two, is an error",
        arguments: ["5m", "h", "", "-1h", "4", "P", "PT", "P1H", "PT1D", "1.5h", "1000001h", "P1DT2H", "４h", "99999999999999999999h"])
    func wrongDurations(text: String) {
        #expect(throws: CommandFailure.self) { try DurationText(reading: text) }
    }
}
