import BuntanProtocol
import Foundation
import Wording

/// Writes a report as one HTML file: no script, nothing from elsewhere, to be read, printed and heard.
struct ReportHTML {
    private let document: ReportDocument
    private var out = Markup()

    static func bytes(of document: ReportDocument) -> [UInt8] {
        var writer = ReportHTML(document: document)
        writer.write()
        return writer.out.bytes
    }

    private init(document: ReportDocument) { self.document = document }

    private var language: Language { document.language }
    private func words(_ entry: ReportPhrases, _ facts: Facts = [:]) -> String { entry.text(in: language, facts) }

    private mutating func write() {
        head()
        out.raw("<a class=\"skip\" href=\"#content\">")
        out.text(words(.skipToContent))
        out.raw("</a>\n")
        cover()
        out.raw("<main id=\"content\" tabindex=\"-1\">\n")
        for section in document.sections { write(section) }
        out.raw("</main>\n<footer><p>")
        out.text(words(.madeBy, ["version": .text(ProgramVersion.text), "time": .text(document.made)]))
        out.raw("</p></footer>\n</body>\n</html>\n")
    }

    /// The styles are all that the page may use, by their digest; nothing is fetched, sent, framed or run.
    private mutating func head() {
        let style = ReportStyle.text
        let digest = Data(SHA.digest(Array(style.utf8)).bytes).base64EncodedString()
        out.raw("<!doctype html>\n<html lang=\"\(language.rawValue)\">\n<head>\n<meta charset=\"utf-8\">\n")
        out.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-\(digest)'; ")
        out.raw("base-uri 'none'; form-action 'none'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n")
        out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        out.raw("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n<title>")
        out.attribute("\(document.title) – \(document.kicker)")
        out.raw("</title>\n<style>\(style)</style>\n</head>\n<body>\n")
    }

    // MARK: the first page

    private mutating func cover() {
        out.raw("<header class=\"cover\">\n<p class=\"kicker\">")
        out.text(document.kicker)
        out.raw("</p>\n<h1 dir=\"auto\">")
        out.text(document.title)
        out.raw("</h1>\n")
        for notice in document.notices {
            out.raw("<p class=\"notice\" role=\"note\"><span aria-hidden=\"true\">!</span> ")
            out.text(notice.text)
            out.raw("</p>\n")
        }
        if !document.figures.isEmpty {
            out.raw("<ul class=\"figures\" aria-label=\"")
            out.attribute(words(.figures))
            out.raw("\">\n")
            for figure in document.figures { write(figure) }
            out.raw("</ul>\n")
        }
        out.raw("<dl class=\"facts\">\n")
        for line in document.facts {
            out.raw("<div><dt>")
            out.text(line.label)
            out.raw("</dt><dd>")
            write(line.runs)
            out.raw("</dd></div>\n")
        }
        out.raw("</dl>\n</header>\n<nav class=\"contents\" aria-labelledby=\"contents\">\n<h2 id=\"contents\">")
        out.text(words(.contents))
        out.raw("</h2>\n<ol>\n")
        for section in document.sections {
            out.raw("<li><a href=\"#\(section.name.rawValue)\">")
            out.text(section.title)
            out.raw("</a></li>\n")
        }
        out.raw("</ol>\n</nav>\n")
    }

    private mutating func write(_ figure: ReportDocument.Figure) {
        out.raw("<li class=\"t-\(figure.tone.rawValue)\"><a href=\"#\(figure.section.rawValue)\"><span class=\"count\">\(figure.count)")
        if let total = figure.total {
            out.raw("<small> ")
            out.text(words(.ofTotal, ["n": .number(total)]))
            out.raw("</small>")
        }
        out.raw("</span> <span class=\"what\">")
        if figure.count > 0, let sign = figure.tone.sign { out.raw("<span aria-hidden=\"true\">\(sign)</span> ") }
        out.text(figure.label)
        out.raw("</span></a></li>\n")
    }

    // MARK: sections

    private mutating func write(_ section: ReportDocument.Section) {
        let name = section.name.rawValue
        out.raw("<section id=\"\(name)\" aria-labelledby=\"h-\(name)\">\n<h2 id=\"h-\(name)\">")
        out.text(section.title)
        if section.isPrivate {
            out.raw(" <span class=\"mark t-warning\">")
            out.text(words(.markPrivate))
            out.raw("</span>")
        }
        out.raw("</h2>\n")
        for line in section.lead { paragraph(line, "lead") }
        if section.isEmpty { paragraph(section.none, "none") }
        var index = 0
        var group: String?
        for table in section.tables where !table.rows.isEmpty {
            index += 1
            if let heading = table.group, heading != group {
                out.raw("<h3 class=\"group\">")
                out.text(heading)
                out.raw("</h3>\n")
            }
            group = table.group
            write(table, id: "\(name)-\(index)")
        }
        if let cut = section.cut, section.left > 0 { paragraph(cut, "cut") }
        out.raw("</section>\n")
    }

    private mutating func paragraph(_ text: String, _ style: String) {
        out.raw("<p class=\"\(style)\">")
        out.text(text)
        out.raw("</p>\n")
    }

    private mutating func write(_ table: ReportDocument.Table, id: String) {
        if table.isFolded {
            let heading = table.group == nil ? "h3" : "h4"
            out.raw("<details open>\n<summary><\(heading)>")
            out.text(table.caption)
            out.raw("</\(heading)> <span class=\"detail\">")
            out.text(table.detail)
            out.raw("</span></summary>\n")
        }
        let isScrolled = table.form == .scrolled
        if isScrolled { out.raw("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"c-\(id)\">\n") }
        out.raw("<table class=\"\(isScrolled ? "wide" : "stack")\" role=\"table\">\n<caption id=\"c-\(id)\"")
        // Where a heading says the same it is there for those who hear the table alone.
        out.raw(table.isFolded ? " class=\"heard\">" : ">")
        out.text(table.caption)
        if !table.isFolded, !table.detail.isEmpty {
            out.raw(" <span class=\"detail\">")
            out.text(table.detail)
            out.raw("</span>")
        }
        out.raw("</caption>\n<colgroup>")
        for column in table.columns { out.raw("<col class=\"w-\(column.width.rawValue)\">") }
        out.raw("</colgroup>\n<thead role=\"rowgroup\"><tr role=\"row\">")
        for column in table.columns {
            out.raw("<th scope=\"col\" role=\"columnheader\"\(column.width == .number ? " class=\"n\"" : "")>")
            out.text(column.title)
            out.raw("</th>")
        }
        out.raw("</tr></thead>\n<tbody role=\"rowgroup\">\n")
        let titles = table.columns.map { column in
            var title = Markup()
            title.attribute(column.title)
            return String(decoding: title.bytes, as: UTF8.self)
        }
        for row in table.rows { write(row, of: table, titles) }
        out.raw("</tbody>\n</table>\n")
        if isScrolled { out.raw("</div>\n") }
        if table.isFolded { out.raw("</details>\n") }
    }

    private mutating func write(_ row: ReportDocument.Row, of table: ReportDocument.Table, _ titles: [String]) {
        out.raw("<tr role=\"row\"")
        if let anchor = row.anchor { out.raw(" id=\"\(anchor)\"") }
        out.raw(">")
        for (index, (cell, column)) in zip(row.cells, table.columns).enumerated() {
            var style = column.width == .number ? "n" : ""
            if case .heat(_, let level)? = cell.first { style += " h\(level)" }
            let mark = style.isEmpty ? "" : " class=\"\(style)\""
            if index == 0 {
                out.raw("<th scope=\"row\" role=\"rowheader\"\(mark)>")
            } else {
                out.raw("<td role=\"cell\"\(mark) data-l=\"\(titles[index])\">")
            }
            // A cell without a word would be none to whoever reads by columns.
            if cell.allSatisfy(\.isBlank) { out.raw("<span class=\"faint\">–</span>") } else { write(cell) }
            out.raw(index == 0 ? "</th>" : "</td>")
        }
        out.raw("</tr>\n")
    }

    // MARK: runs

    private mutating func write(_ runs: [ReportDocument.Run]) {
        let isSeveral = runs.contains(.next)
        if isSeveral { out.raw("<div>") }
        for (index, run) in runs.enumerated() {
            if index > 0, run != .next, runs[index - 1] != .next { out.raw(" ") }
            write(run)
        }
        if isSeveral { out.raw("</div>") }
    }

    private mutating func write(_ run: ReportDocument.Run) {
        switch run {
        case .words(let text): out.text(text)
        case .typed(let text, let language):
            // A language that the element of a field names is one of two or three letters; anything else is not one.
            let isNamed = language.map { $0.utf8.count < 4 && $0.utf8.allSatisfy { (97...122).contains($0) } } ?? false
            out.raw(isNamed ? "<bdi lang=\"\(language ?? "")\">" : "<bdi>")
            out.text(text)
            out.raw("</bdi>")
        case .code(let text): wrapped(text, "code", nil)
        case .label(let text): wrapped(text + ":", "span", "label")
        case .faint(let text): wrapped(text, "span", "faint")
        case .mark(let text, let tone):
            out.raw("<span class=\"mark t-\(tone.rawValue)\">")
            if let sign = tone.sign { out.raw("<span aria-hidden=\"true\">\(sign)</span> ") }
            out.text(text)
            out.raw("</span>")
        case .link(let text, let anchor):
            out.raw("<a href=\"#\(anchor)\">")
            out.text(text)
            out.raw("</a>")
        case .heat(let count, _): out.raw(String(count))
        case .next: out.raw("</div><div>")
        }
    }

    private mutating func wrapped(_ text: String, _ tag: String, _ style: String?) {
        out.raw(style.map { "<\(tag) class=\"\($0)\">" } ?? "<\(tag)>")
        out.text(text)
        out.raw("</\(tag)>")
    }
}
