import Wording

/// Writes a report as Markdown with tables: to be read as it is, kept beside other documents and compared line by line.
struct ReportMarkdown {
    private let document: ReportDocument
    private var out: [UInt8] = []

    static func bytes(of document: ReportDocument) -> [UInt8] {
        var writer = ReportMarkdown(document: document)
        writer.write()
        return writer.out
    }

    private init(document: ReportDocument) { self.document = document }

    private var language: Language { document.language }
    private func words(_ entry: ReportPhrases, _ facts: Facts = [:]) -> String { entry.text(in: language, facts) }
    private mutating func line(_ text: String = "") {
        out += text.utf8
        out.append(UInt8(ascii: "\n"))
    }

    private mutating func write() {
        line("# \(Self.escaped(document.title))")
        line()
        line(Self.escaped(document.kicker))
        for notice in document.notices {
            line()
            line("> **!** \(Self.escaped(notice.text))")
        }
        line()
        for fact in document.facts { line("- \(Self.escaped(fact.label)): \(Self.text(fact.runs))") }
        if !document.figures.isEmpty { line() }
        for figure in document.figures {
            let total = figure.total.map { " " + words(.ofTotal, ["n": .number($0)]) } ?? ""
            let label = figure.label.prefix(1).uppercased() + figure.label.dropFirst()
            line("- \(Self.escaped(label)): **\(figure.count)**\(total)")
        }
        for section in document.sections { write(section) }
        line()
        line("---")
        line()
        line(Self.escaped(words(.madeBy, ["version": .text(ProgramVersion.text), "time": .text(document.made)])))
    }

    private mutating func write(_ section: ReportDocument.Section) {
        line()
        let mark = section.isPrivate ? " (\(words(.markPrivate)))" : ""
        line("## \(Self.escaped(section.title + mark))")
        for text in section.lead + (section.isEmpty ? [section.none] : []) {
            line()
            line(Self.escaped(text))
        }
        var group: String?
        for table in section.tables where !table.rows.isEmpty {
            if let heading = table.group, heading != group {
                line()
                line("### \(Self.escaped(heading))")
            }
            group = table.group
            write(table)
        }
        if let cut = section.cut, section.left > 0 {
            line()
            line(Self.escaped(cut))
        }
    }

    private mutating func write(_ table: ReportDocument.Table) {
        line()
        line("\(table.group == nil ? "###" : "####") \(Self.escaped(table.caption))")
        if !table.detail.isEmpty {
            line()
            line(Self.escaped(table.detail))
        }
        line()
        line("| " + table.columns.map { Self.escaped($0.title) }.joined(separator: " | ") + " |")
        line("| " + table.columns.map { $0.width == .number ? "---:" : "---" }.joined(separator: " | ") + " |")
        for row in table.rows { line("| " + row.cells.map(Self.text).joined(separator: " | ") + " |") }
    }

    // MARK: runs

    private static func text(_ runs: [ReportDocument.Run]) -> String {
        var text = ""
        for (index, run) in runs.enumerated() {
            if index > 0, run != .next, runs[index - 1] != .next { text += " " }
            switch run {
            case .words(let words), .typed(let words, _), .faint(let words), .mark(let words, _), .link(let words, _):
                text += escaped(words)
            case .label(let words): text += "**\(escaped(words)):**"
            case .code(let code): text += escaped(code)
            case .heat(let count, _): text += String(count)
            case .next: text += "<br>"
            }
        }
        return text
    }

    /// The text as Markdown shows it: nothing in it makes a table, a link, an emphasis or a tag.
    ///
    /// An address in it is not made a link either: whoever follows one has read it.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\n": result += "<br>"
            case "\r": continue
            case "\t": result += " "
            case "\\", "`", "*", "_", "{", "}", "[", "]", "|", "#", "~", "$", "!", "@": result += "\\" + String(scalar)
            case ":", ".": result += isAddress(result) ? "\\" + String(scalar) : String(scalar)
            case _ where scalar.isHazardous: result += "\\" + scalar.writtenOut.replacing("{", with: "\\{").replacing("}", with: "\\}")
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Whether what was written so far ends in what readers of Markdown take for the beginning of an address.
    private static func isAddress(_ text: String) -> Bool {
        ["http", "https", "ftp", "mailto", "xmpp", "www"].contains { text.suffix(6).lowercased().hasSuffix($0) }
    }
}
