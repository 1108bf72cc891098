import Interchange
import Wording

/// The heads, values and encodings that `import` knows, as `help formats` lists them.
enum TableHelp {
    static func show(_ page: inout Page) {
        page.blank()
        page.say(HelpPhrases.matrixFormats)
        page.blank()
        page.say(HelpPhrases.otherFormats)
        page.blank()
        let separator = page.language == .ja ? "、" : ", "
        page.say(
            HelpPhrases.writtenFormats,
            ["formats": .text((ExportFormat.allCases.map(\.rawValue) + [ExportCommand.kept]).joined(separator: separator))])
        page.blank()
        page.say(HelpPhrases.tableColumns)
        page.blank()
        list(TableWords.columns, &page)
        page.blank()
        page.say(HelpPhrases.tableAllocations)
        page.blank()
        list(TableWords.allocations, &page)
        page.blank()
        page.say(HelpPhrases.tableStatuses)
        page.blank()
        list(TableWords.statuses, &page)
        page.blank()
        page.say(HelpPhrases.tableMapping)
        page.blank()
        for line in mapping { page.place(.at(2, Span(line))) }
        page.blank()
        page.say(HelpPhrases.tableEncodings, ["known": .text(TableWords.encodings.joined(separator: ", "))])
    }

    /// A column mapping with everything it may hold.
    static let mapping = [
        #"{"framework": "nist-800-53r4", "encoding": "windows-31j","#,
        #" "columns": [{"header": "Nr", "field": "controlId"},"#,
        #"             {"header": "Who", "field": "allocation"},"#,
        #"             {"header": "We do", "field": "providerStatement", "language": "en"}],"#,
        #" "values": {"allocation": {"both of us": "shared", "you": "customer"}}}"#,
    ]

    private static func list(_ words: [TableWords], _ page: inout Page) {
        let column = 26
        for word in words {
            page.place(.at(2, Span(word.name, .strong)), .at(column, Span(word.english.joined(separator: ", "))))
            if !word.japanese.isEmpty { page.place(.at(column, Span(word.japanese.joined(separator: "、")))) }
        }
    }
}
