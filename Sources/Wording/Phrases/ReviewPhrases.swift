/// What `review` says of a management review around its inputs.
package enum ReviewPhrases: String, PhraseTable {
    package static let section = "review"

    case heading, headingFirst, line, moreLines, sourcesCut
    case started, filled, startedAlready, done, doneAlready

    package var phrase: Phrase {
        switch self {
        case .heading:
            Phrase("Inputs of a management review on {date}, since that of {before}", ja: "{date}のマネジメントレビューのインプット（前回{before}）")
        case .headingFirst: Phrase("Inputs of a first management review on {date}", ja: "{date}の初回のマネジメントレビューのインプット")
        case .line: Phrase("- {text}", ja: "・{text}")
        case .moreLines: Phrase("- and {n} more", ja: "・ほかに{n}件")
        case .sourcesCut: Phrase("The review names the first {shown} of {n} source records.", ja: "基にした記録{n}件のうち、初めの{shown}件を記しました。")
        case .started:
            Phrase(
                "{id} review {record} of {date} begun: {n} {n|input|inputs} filled, private.",
                ja: "{date}のレビュー{record}を始め、インプット{n}件を記入しました（{id}、非公開）。")
        case .filled:
            Phrase(
                "{id} review {record} of {date}: {n} {n|input|inputs} filled, {kept} left as {kept|it was|they were}.",
                ja: "{date}のレビュー{record}: インプット{n}件を記入し、{kept}件はそのままです（{id}）。")
        case .startedAlready:
            Phrase("Review {record} of {date} has all its inputs.", ja: "{date}のレビュー{record}のインプットは全て記入済みです。")
        case .done: Phrase("{id} done on {date}: {action}", ja: "{date}に完了: {action}（{id}）")
        case .doneAlready: Phrase("It was done on {date} already: {action}", ja: "{date}に完了済みです: {action}")
        }
    }
}
