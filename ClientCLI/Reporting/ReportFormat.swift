import Foundation
import Wording

/// The forms in which a report is written, by the word that is typed.
enum ReportFormat: String, CaseIterable {
    case html
    case markdown = "md"
    case json

    /// The form that the ending of a file's name stands for; `nil` for any other ending.
    init?(endingOf path: String) {
        switch URL(fileURLWithPath: path).pathExtension.lowercased() {
        case "html", "htm": self = .html
        case "md", "markdown": self = .markdown
        case "json": self = .json
        default: return nil
        }
    }

    func bytes(of document: ReportDocument) -> [UInt8] {
        switch self {
        case .html: ReportHTML.bytes(of: document)
        case .markdown: ReportMarkdown.bytes(of: document)
        case .json: Array((JSONWriter.text(document.json, .indented) + "\n").utf8)
        }
    }
}
