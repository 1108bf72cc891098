import Rules
import Wording

/// What the signs before clauses stand for, each that is used once.
struct ClauseLegend {
    private let sources: [ClauseSource]

    init(_ entries: some Sequence<RuleTable.Entry>) {
        let used = Set(entries.flatMap(\.sources))
        sources = ClauseSource.allCases.filter(used.contains)
    }

    /// `nil` where there is nothing to tell.
    func text(in language: Language) -> String? {
        guard !sources.isEmpty else { return nil }
        let all = sources.map { "\($0.rawValue) = \($0.name(in: language))" }
        return RulePhrases.sources.text(in: language, ["sources": .text(all.joined(separator: language == .ja ? "、" : ", "))])
    }

    func show(_ page: inout Page) {
        guard let text = text(in: page.language) else { return }
        page.blank()
        page.paragraph(text, .faint)
    }
}

extension ClauseSource {
    fileprivate func name(in language: Language) -> String {
        if let title { return title }
        return (self == .guide ? RulePhrases.sourceGuide : .sourceProduct).text(in: language)
    }
}
