import Foundation
import Records
import Testing
import Wording

@testable import ClientCLI

@Suite("How a report is written, whatever stands in it")
struct ReportWriterTests {
    /// What could be typed by somebody who means harm, or come from a machine.
    static let hostile = [
        "<script>alert(1)</script><img src=x onerror=alert(1)>", "\"' onmouseover=alert(1) x='", "</td></tr></table><h1>End</h1>",
        "\u{202E}cba\u{2066}\u{7}\u{1B}[31m\u{200B}", String(repeating: "W", count: 300), "👩‍💻🏳️‍🌈 𠮷野家、分担。",
        "| a |\n|---|\n[x](javascript:alert(1)) `code` **b** https://example.invalid www.example.invalid", "]]> &amp; <!-- --> \\| \\",
    ]

    /// A document that has a text wherever one can stand.
    static func document(_ text: String, language: Language = .en, rows: Int = 1, at: Double = 1_795_428_311) throws -> ReportDocument {
        let columns = ["Row", text, "Count"].enumerated().map {
            ReportDocument.Column(title: $1, width: $0 == 2 ? .number : .text)
        }
        let cells: [[ReportDocument.Run]] = [
            [.typed(text), .next, .faint(text)],
            [.words(text), .label(text), .mark(text, .bad), .code(text), .typed(text, language: text), .typed(text, language: "ja")],
            [.heat(3, 5), .link(text, to: "r1")],
        ]
        let table = ReportDocument.Table(
            name: "rows", caption: text, detail: text, form: .scrolled, columns: columns,
            rows: (0..<rows).map { ReportDocument.Row(anchor: "r\($0 + 1)", cells: cells, value: ["text": .text(text)]) })
        var folded = table
        folded.isFolded = true
        return ReportDocument(
            subject: .engagement, audience: .myself, language: language, at: Date(timeIntervalSince1970: at), made: "now",
            day: try #require(CalendarDate(canonical: "2026-11-20")), kicker: text, title: text,
            facts: [ReportDocument.Line(name: "service", label: text, runs: [.typed(text)], value: .text(text))],
            notices: [ReportDocument.Notice(name: "private", text: text)],
            figures: [ReportDocument.Figure(name: "agreed", label: text, count: 1, total: 2, tone: .good, section: .matrix)],
            sections: [
                ReportDocument.Section(name: .matrix, title: text, lead: [text], tables: [table], none: text, left: 2, cut: text),
                ReportDocument.Section(name: .disputes, title: text, tables: [folded], none: text, isPrivate: true),
                ReportDocument.Section(name: .gaps, title: text, none: text),
            ])
    }

    /// The tags of a text, each as its name and its attributes' names; `nil` where a sign stands that begins no tag.
    private static func tags(_ html: String) -> [(name: String, isEnd: Bool, attributes: [String])]? {
        var tags: [(String, Bool, [String])] = []
        var rest = Substring(html)
        while let open = rest.firstIndex(of: "<") {
            rest = rest[open...]
            if let whole = rest.prefixMatch(of: /<!doctype html>/) {
                rest = rest[whole.range.upperBound...]
            } else if let tag = rest.prefixMatch(of: /<(\/?)([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"<>]*")?)*)>/) {
                let attributes = String(tag.3).replacing(/="[^"]*"/, with: "").split(separator: " ").map(String.init)
                tags.append((String(tag.2), !tag.1.isEmpty, attributes))
                rest = rest[tag.range.upperBound...]
            } else {
                return nil
            }
        }
        return tags
    }

    /// Whether each tag that is opened is closed, in order.
    private static func isBalanced(_ tags: [(name: String, isEnd: Bool, attributes: [String])]) -> Bool {
        var open: [String] = []
        for tag in tags where !["meta", "br", "col"].contains(tag.name) {
            if !tag.isEnd { open.append(tag.name) } else if open.popLast() != tag.name { return false }
        }
        return open.isEmpty
    }

    private static let attributes: Set<String> = [
        "lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "tabindex", "role", "aria-label", "aria-labelledby",
        "aria-hidden", "dir", "scope", "data-l", "open",
    ]

    @Test("Nothing that was typed becomes a tag, an attribute or a sign that hides, in HTML", arguments: hostile)
    func html(text: String) throws {
        for language in Language.allCases {
            let bytes = ReportHTML.bytes(of: try Self.document(text, language: language))
            let html = String(decoding: bytes, as: UTF8.self)
            let plain = String(decoding: ReportHTML.bytes(of: try Self.document("plain", language: language)), as: UTF8.self)
            let tags = try #require(Self.tags(html), "\(html)")
            #expect(Self.isBalanced(tags))
            #expect(tags.allSatisfy { Self.attributes.isSuperset(of: $0.attributes) })
            // The same tags as for a text without any sign, but for line breaks.
            #expect(tags.filter { $0.name != "br" }.map(\.name) == Self.tags(plain)?.map(\.name))
            #expect(!html.unicodeScalars.contains { $0.isHazardous && $0 != "\n" })
            #expect(!html.contains("<script") && html.contains("default-src 'none'"))
        }
    }

    @Test("A text that is put in as it is would be found out")
    func control() throws {
        let html = String(decoding: ReportHTML.bytes(of: try Self.document("plain")), as: UTF8.self)
        let naive = html.replacing("plain", with: Self.hostile[0])
        let tags = Self.tags(naive)
        #expect(tags == nil || tags?.contains { $0.name == "script" } == true)
        #expect(!Self.isBalanced(Self.tags("<p><b></p></b>") ?? []) && Self.tags("a < b") == nil)
    }

    @Test("Nothing that was typed makes a table, a link, an emphasis or a tag, in Markdown", arguments: hostile)
    func markdown(text: String) throws {
        let lines = String(decoding: ReportMarkdown.bytes(of: try Self.document(text)), as: UTF8.self).split(separator: "\n")
        let plain = String(decoding: ReportMarkdown.bytes(of: try Self.document("plain")), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == plain.count)
        for (line, other) in zip(lines, plain) {
            // What has no backslash before it works as markup.
            let bare = String(line).replacing(/\\./, with: "")
            func count(_ sign: Character, _ text: some StringProtocol) -> Int { text.count { $0 == sign } }
            #expect(count("|", bare) == count("|", other), "\(line)")
            #expect(count("*", bare) == count("*", other) && count("[", bare) == 0 && count("`", bare) == 0, "\(line)")
            #expect(!bare.replacing("<br>", with: "").contains("<") && !bare.contains("://"), "\(line)")
        }
    }

    @Test("JSON has each text as it was typed", arguments: hostile)
    func json(text: String) throws {
        let document = try JSONReader.value(String(decoding: ReportFormat.json.bytes(of: try Self.document(text)), as: UTF8.self))
        guard case .list(let rows)? = document[path: "sections.matrix.rows"] else { throw ReportFault() }
        #expect(rows == [["text": .text(text)]] && document[path: "sections.matrix.left"] == 2)
        #expect(document[path: "summary.facts.service"] == .text(text) && document[path: "summary.counts.agreed"] == 1)
    }

    struct ReportFault: Error {}

    @Test("A document is written the same twice, and differs by nothing but when it was made", arguments: ReportFormat.allCases)
    func deterministic(format: ReportFormat) throws {
        let first = format.bytes(of: try Self.document("a"))
        #expect(first == format.bytes(of: try Self.document("a")))
        let later = String(decoding: format.bytes(of: try Self.document("a", at: 1_800_000_000)), as: UTF8.self).split(separator: "\n")
        let lines = String(decoding: first, as: UTF8.self).split(separator: "\n")
        #expect(zip(lines, later).filter { $0 != $1 }.count <= 1 && lines.count == later.count)
    }

    @Test("What has a language says so, and a table has its heads, its caption and a region that can be reached")
    func structure() throws {
        let html = String(decoding: ReportHTML.bytes(of: try Self.document("語", language: .en)), as: UTF8.self)
        for part in [
            "<html lang=\"en\">", "<bdi lang=\"ja\">語</bdi>", "<caption id=\"c-matrix-1\">", "<th scope=\"col\"", "<th scope=\"row\"",
            "role=\"region\" tabindex=\"0\" aria-labelledby=\"c-matrix-1\"", "<a class=\"skip\" href=\"#content\">", "<main id=\"content\"",
            "<details open>", "<nav class=\"contents\"", "href=\"#r1\"",
        ] {
            #expect(html.contains(part), "\(part)")
        }
        // The policy names the styles that there are.
        let style = try #require(html.firstMatch(of: /<style>([\s\S]*)<\/style>/))
        #expect(String(style.1) == ReportStyle.text)
    }

    @Test(
        "A form is known by the ending of a file",
        arguments: [("a.HTML", ReportFormat.html), ("a.b.md", .markdown), ("/x/a.json", .json), ("a.htm", .html)])
    func endings(file: String, format: ReportFormat) {
        #expect(ReportFormat(endingOf: file) == format)
        #expect(ReportFormat(endingOf: file + ".pdf") == nil)
    }
}
