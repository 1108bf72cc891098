import Foundation
import Testing
import Wording

@testable import ClientCLI

@Suite("Pages for people")
struct PageTests {
    static func statusPage(_ language: Language, columns: Int? = nil) -> Page {
        var page = Page(PageStyle(language: language, columns: columns))
        func say(_ entry: StatusPhrases, _ facts: Facts = [:]) -> Span { Span(entry.text(in: language, facts)) }
        page.place(
            .at(0, say(.parties, ["own": "Kaisha K.K.", "counterpart": "Example Cloud K.K.", "service": "Object Storage"])),
            .at(61, "example-cloud/object-storage"))
        let age = TimeDisplay(zone: .gmt, language: language).age(
            of: FakeConsole.moment.addingTimeInterval(-3 * 3600 - 5), at: FakeConsole.moment)
        page.line(
            say(
                .releaseLine,
                [
                    "label": "2026.2", "rows": 616, "verification": .word(StatusPhrases.verifiedTo, ["entry": 1482]),
                    "sync": .word(StatusPhrases.syncedAgo, ["age": .text(age)]),
                ]))
        page.blank()
        func row(_ label: StatusPhrases, _ count: String, _ text: Span = "", _ command: String = "") {
            page.place(.at(2, say(label)), .upTo(16, Span(count)), .at(19, text), .command(62, command))
        }
        row(.agreed, "598")
        row(.disputed, "13", say(.waitForYou, ["n": 11]), "buntan disputes")
        row(.open, "2", say(.noPositionYet), "buntan answer")
        row(.unsettled, "3", say(.severalValues, ["n": 4]), "buntan conflicts")
        page.blank()
        row(.toSend, "14", say(.changesSinceSync), "buntan sync")
        row(
            .agreement, "7k3q",
            say(.bothSignedStale, ["date": "2026-06-02", "changed": .word(AgreementPhrases.changedRows, ["rows": 22])]), "buntan diff 7k3q")
        page.blank()
        page.next("buntan conflicts")
        return page
    }

    @Test("The status looks as designed in English")
    func english() {
        #expect(
            Self.statusPage(.en).text == """
                Kaisha K.K. with Example Cloud K.K., Object Storage          example-cloud/object-storage
                Release 2026.2, 616 rows, verified to entry 1482, synced 3 h ago

                  agreed     598
                  disputed    13   11 wait for you                            buntan disputes
                  open         2   no position of yours, or left to nobody    buntan answer
                  unsettled    3   4 fields with several values of yours      buntan conflicts

                  to send     14   changes made here since the last sync      buntan sync
                  agreement 7k3q   both signed 2026-06-02; stale, 22 rows     buntan diff 7k3q

                Next: buntan conflicts

                """)
    }

    @Test("The status looks as designed in Japanese")
    func japanese() {
        #expect(
            Self.statusPage(.ja).text == """
                Kaisha K.K.とExample Cloud K.K.、Object Storage              example-cloud/object-storage
                公開版2026.2、616行、1482件目まで検証済み、3時間前に同期

                  一致       598
                  不一致      13   うち11行はこちらの番                       buntan disputes
                  未回答       2   こちらの見解がないか、未割当てのまま       buntan answer
                  未確定       3   4項目にこちらの値が複数ある                buntan conflicts

                  未送信      14   前回の同期の後にここで行った変更           buntan sync
                  合意      7k3q   2026-06-02に双方が署名、22行が変わり要更新 buntan diff 7k3q

                次: buntan conflicts

                """)
    }

    @Test("Both languages put counts, texts and commands into the same columns")
    func sameColumns() {
        func columns(_ language: Language) -> [[Int]] {
            Self.statusPage(language).text.split(separator: "\n").filter { $0.hasPrefix("  ") }.map { line in
                ["buntan", "598", "13 ", "7k3q "].compactMap { mark in
                    line.range(of: mark).map { DisplayWidth.standard(line[..<$0.lowerBound]) }
                }
            }
        }
        #expect(columns(.en) == columns(.ja))
    }

    @Test("No line leaves the terminal, and no command is broken", arguments: [40, 60, 72, 80], Language.allCases)
    func narrow(columns: Int, language: Language) {
        let text = Self.statusPage(language, columns: columns).text
        for line in text.split(separator: "\n") { #expect(DisplayWidth.standard(line) <= columns, "\(line)") }
        for command in ["buntan disputes", "buntan answer", "buntan conflicts", "buntan sync", "buntan diff 7k3q"] {
            #expect(text.contains(command))
        }
    }

    @Test("The table of disputes looks as designed")
    func disputes() {
        var page = Page(PageStyle(columns: 96))
        func head(_ entry: TermPhrases) -> String { entry.text(in: .en) }
        page.table(
            Table(
                columns: [
                    Column(title: head(.headRow), minimum: 8), Column(title: head(.headTheirs), minimum: 8),
                    Column(title: head(.headYours), minimum: 8), Column(title: head(.headTurn), minimum: 4),
                    Column(title: head(.headSince)), Column(title: head(.headLastWord), fit: .cut),
                ],
                rows: [
                    ["AC-2(5)", "customer", "shared", "you", "3 days", #"them: "Idle logout is for you to set.""#],
                    ["CA-8", "customer", "shared", "you", "3 days", "-"],
                    ["IA-2(3)", "customer", "provider", "them", "9 days", #"you: "MFA ends at your console.""#],
                ]))
        #expect(
            page.text == """
                ROW       THEIRS    YOURS     TURN  SINCE   LAST WORD
                AC-2(5)   customer  shared    you   3 days  them: "Idle logout is for you to set."
                CA-8      customer  shared    you   3 days  -
                IA-2(3)   customer  provider  them  9 days  you: "MFA ends at your console."

                """)
    }

    @Test(
        "A column gives way to others only as far as its head goes: what does not fit then stands on a line of its own", arguments: 40...82)
    func headsAreWhole(columns: Int) {
        var page = Page(PageStyle(columns: columns))
        page.table(
            Table(
                columns: [
                    Column(title: "NAME"), Column(title: "COUNTERPART", fit: .cut), Column(title: "SERVICE", fit: .cut),
                    Column(title: "ROWS", fit: .wrapped), Column(title: "SINCE"), Column(title: "STATE"),
                ],
                rows: [
                    [
                        "example-cloud/object-storage", "Example Cloud K.K.", "Object Storage", "12 open, 3 agreed", "2026-11-27",
                        "confirmed",
                    ]
                ]))
        for head in ["NAME", "COUNTERPART", "SERVICE", "ROWS", "SINCE", "STATE"] { #expect(page.text.contains(head), "\(page.text)") }
        for line in page.text.split(separator: "\n") { #expect(DisplayWidth.standard(line) <= columns, "\(line)") }
    }

    static let wordy = Table(
        columns: [
            Column(title: "ROW"), Column(title: "N", alignment: .right), Column(title: "TOPIC", fit: .cut),
            Column(title: "TEXT", fit: .wrapped),
        ],
        rows: [
            ["AC-2(5)", "7", "Inactivity logout of users", "セッションは30分で終了し、利用者は再び認証を行う。"], ["12.3.1", "12", "情報のバックアップの取得と試験", "short"],
        ])

    @Test("A table fits the terminal at every width that can hold it", arguments: [24, 30, 40, 60, 80])
    func fitting(columns: Int) {
        var page = Page(PageStyle(columns: columns))
        page.table(Self.wordy)
        for line in page.text.split(separator: "\n") { #expect(DisplayWidth.standard(line) <= columns, "\(line)") }
        #expect(page.text.contains("AC-2(5)"))
        #expect(page.text.filter { !$0.isWhitespace }.contains("30分"))
    }

    @Test(
        "What has to be typed is never cut: what does not fit beside the rest goes to a line of its own",
        arguments: [24, 40, 60, 80], [true, false])
    func typed(columns: Int, hasHeads: Bool) {
        let handle = "example-cloud/object-storage"
        let fingerprint = "kqt7-3m2x-fhba-w5hc-rjz2-ney4-vq"
        var page = Page(PageStyle(columns: columns))
        page.table(
            Table(
                columns: [
                    Column(title: "NAME"), Column(title: "STATE"), Column(title: "KEY"), Column(title: "TEXT", fit: .wrapped),
                ],
                rows: [[Span(handle), "confirmed", Span(fingerprint), "ends on 2027-03-31"], [Span(handle), "-", Span(fingerprint), ""]],
                hasHeads: hasHeads))
        for line in page.text.split(separator: "\n") { #expect(DisplayWidth.standard(line) <= columns, "\(line)") }
        let all = page.text.filter { !$0.isWhitespace }
        #expect(all.ranges(of: handle).count == 2 && all.ranges(of: fingerprint).count == 2, "\(page.text)")
        // Only what alone is wider than the terminal is broken.
        #expect(page.text.contains(handle) == (columns >= handle.count), "\(page.text)")
        #expect(page.text.contains(fingerprint) == (columns >= fingerprint.count + 4), "\(page.text)")
        #expect(!page.text.contains("…"))
        #expect(hasHeads == page.text.hasPrefix("NAME"))
    }

    @Test("Whole texts are shown with --wide, and where there is no terminal", arguments: [(Int?.none, false), (30, true)])
    func wide(columns: Int?, isWide: Bool) {
        var page = Page(PageStyle(columns: columns, isWide: isWide))
        page.table(Self.wordy)
        #expect(page.text.contains("情報のバックアップの取得と試験"))
        #expect(page.text.split(separator: "\n").count == 3)
    }

    @Test("A counterpart's text cannot command the terminal or fake a line")
    func hostile() {
        var page = Page(PageStyle(columns: 80, usesColor: true))
        page.table(Table(columns: [Column(title: "T")], rows: [[Span("\u{1B}[2J\u{9B}1mok\nNext: rm", .bad)]]))
        page.say(StatusPhrases.syncedAgo, ["age": "a\nb\u{1B}"])
        #expect(page.lines.count == 3)
        #expect(page.text.split(separator: "\n").count == 3)
        let escapes = page.text.split(separator: "\u{1B}").dropFirst()
        #expect(escapes.allSatisfy { $0.wholeMatch(of: /\[[0-9]*m[^\u{1B}]*/) != nil })
        #expect(page.text.contains("\\u{1b}[2J\\u{9b}1mok\\nNext: rm"))
        #expect(page.text.contains("a\\nb\\u{1b}"))
    }

    @Test(
        "Colour follows flag, environment and terminal",
        arguments: [
            (false, [:], true, true), (false, [:], false, false), (true, ["CLICOLOR_FORCE": "1"], true, false),
            (false, ["NO_COLOR": "1"], true, false),
            (false, ["NO_COLOR": ""], true, true), (false, ["NO_COLOR": "1", "CLICOLOR_FORCE": "1"], true, false),
            (false, ["CLICOLOR_FORCE": "1"], false, true),
            (false, ["CLICOLOR_FORCE": "0"], false, false), (false, ["CLICOLOR": "0"], true, false), (false, ["TERM": "dumb"], true, false),
            (false, ["TERM": "xterm"], true, true),
        ] as [(Bool, [String: String], Bool, Bool)])
    func color(flag: Bool, environment: [String: String], isTerminal: Bool, expected: Bool) {
        #expect(ColorChoice.isOn(noColorFlag: flag, environment: environment, isTerminal: isTerminal) == expected)
    }

    @Test("A command that is too long for its line keeps its place, and no empty line comes before it")
    func longCommand() {
        var page = Page(PageStyle(columns: 20))
        page.place(.command(2, "buntan init --org Kaisha"))
        #expect(page.text == "  buntan init --org Kaisha\n")
    }

    @Test("A command for another machine stands as it is, one for this as it has to be typed here")
    func elsewhere() {
        var page = Page(PageStyle(command: { "\($0) --store x" }))
        page.place(.elsewhere(2, "buntan join CODE"))
        page.place(.command(2, "buntan sync"))
        #expect(page.text == "  buntan join CODE\n  buntan sync --store x\n")
    }

    @Test(
        "The pager follows flag, environment and terminal",
        arguments: [
            (false, ["PAGER": "less"], true, "less"), (false, ["PAGER": "less", "BUNTAN_PAGER": "lv"], true, "lv"),
            (false, ["PAGER": "less", "BUNTAN_PAGER": ""], true, nil),
            (false, ["PAGER": "cat"], true, nil), (true, ["PAGER": "less"], true, nil), (false, ["PAGER": "less"], false, nil),
            (false, [:], true, nil),
            (false, ["PAGER": "less", "TERM": "dumb"], true, nil),
        ] as [(Bool, [String: String], Bool, String?)])
    func pager(flag: Bool, environment: [String: String], isTerminal: Bool, expected: String?) {
        #expect(PagerChoice.command(noPagerFlag: flag, environment: environment, isTerminal: isTerminal) == expected)
    }
}
