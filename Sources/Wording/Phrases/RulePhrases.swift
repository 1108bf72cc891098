/// What is said of rules, and of what they find.
package enum RulePhrases: String, PhraseTable {
    package static let section = "rule"

    case rulesHeading, headRule, headSeverity, headOutcome, headClause, headStatement, told, predicate, reads, inputEveryRecord,
        inputCatalogue
    case sources, sourceGuide, sourceProduct
    case must, should, violation, gap, advice, unknown
    case checkedNone, checked, sectionViolations, sectionGaps, sectionAdvice, sectionUnknown, sectionNotBegun
    case compared, unknownLine, moreAlike, findingsCut, rulesCut, checkedPublished

    package var phrase: Phrase {
        switch self {
        case .rulesHeading: Phrase("{n} {n|rule|rules}, {musts} of them must be met.", ja: "規則{n}件。うち必須{musts}件。")
        case .headRule: Phrase("RULE", ja: "規則")
        case .headSeverity: Phrase("SEVERITY", ja: "重大度")
        case .headOutcome: Phrase("OUTCOME", ja: "結果の種類")
        case .headClause: Phrase("CLAUSE", ja: "箇条")
        case .headStatement: Phrase("STATEMENT", ja: "内容")
        case .told: Phrase("Told as: {message}", ja: "指摘の文: {message}")
        case .predicate: Phrase("Holds when: {check}", ja: "成立の条件: {check}")
        case .reads: Phrase("Reads: {inputs}", ja: "読む項目: {inputs}")
        case .inputEveryRecord: Phrase("every record", ja: "全ての記録")
        case .inputCatalogue: Phrase("the catalogue", ja: "管理策の一覧")
        case .sources: Phrase("Clauses: {sources}", ja: "箇条: {sources}")
        case .sourceGuide: Phrase("the ISMS user guide's supplement of 2018", ja: "ISMSユーザガイド追補（2018年）")
        case .sourceProduct: Phrase("needed for sound records", ja: "記録の整合のためのもの")
        case .must: Phrase("must", ja: "必須")
        case .should: Phrase("should", ja: "推奨")
        case .violation: Phrase("violation", ja: "違反")
        case .gap: Phrase("gap", ja: "ギャップ")
        case .advice: Phrase("advice", ja: "助言")
        case .unknown: Phrase("unknown", ja: "判定できない")
        case .checkedNone: Phrase("Nothing found on {date}.", ja: "{date}時点で指摘はありません。")
        case .checked:
            Phrase(
                "On {date}: {violations} {violations|violation|violations}, {gaps} {gaps|gap|gaps}, {advice} advised, {unknown} unknown.",
                ja: "{date}時点: 違反{violations}件、ギャップ{gaps}件、助言{advice}件、判定できないもの{unknown}件。")
        case .sectionViolations: Phrase("Violations", ja: "違反")
        case .sectionGaps: Phrase("Gaps between offer and requirement", ja: "提供と要求のギャップ")
        case .sectionAdvice: Phrase("Advice", ja: "助言")
        case .sectionUnknown: Phrase("Unknown here", ja: "ここでは判定できないもの")
        case .sectionNotBegun: Phrase("Not begun", ja: "まだ始めていないもの")
        case .compared: Phrase("required {required}, offered {offered}", ja: "要求 {required}、提供 {offered}")
        case .moreAlike: Phrase("{n} more of these, all shown by:", ja: "同じ指摘がほかに{n}件。次のコマンドで全て表示:")
        case .findingsCut: Phrase("{shown} of {n} {n|line|lines} shown (--limit).", ja: "全{n}件中{shown}件を表示（--limit）。")
        case .checkedPublished:
            Phrase(
                "This checks release {label} as the customer has it; {n} {n|record|records} of the draft {n|differs|differ} from it."
                    + " '{command}' checks the draft.",
                ja: "カスタマに届いている公開版{label}を検査しています。下書きには異なる記録が{n}件あります。下書きの検査は「{command}」。")
        case .rulesCut: Phrase("{shown} of {n} {n|rule|rules} shown (--limit).", ja: "規則{n}件中{shown}件を表示（--limit）。")
        case .unknownLine:
            Phrase("{statement}  (only the other side can tell)", ja: "{statement}（相手側にしか判定できません）")
        }
    }
}
