/// What `reconcile` says of two documents, or of the two sides of an engagement.
package enum ReconcilePhrases: String, PhraseTable {
    package static let section = "reconcile"

    case heading, own, unnamed, nothing, nothingAsked, through, further, more, disputed
    case tierInherits, tierSatisfies, tierProvides, tierAsks
    case dangling, wrongKind, unasked, crossed, duplicate, unanswered, stale

    package var phrase: Phrase {
        switch self {
        case .heading:
            Phrase(
                "{provider} provides {provided} and asks for {duties}; {customer} takes over {inherited} and answers {satisfied}.",
                ja: "{provider}の提供は{provided}件、求める対応は{duties}件。{customer}が引き継いだのは{inherited}件、回答したのは{satisfied}件。")
        case .unnamed:
            Phrase(
                "{n} {n|statement does|statements do} not say what {n|it refers|they refer} to.", ja: "参照先を示さない記述: {n}件")
        case .own:
            Phrase("{n} {n|reference leads|references lead} to its own document.", ja: "自分の文書への参照: {n}件")
        case .nothing: Phrase("Everything leads where it should, and everything is answered.", ja: "参照は全て正しく、全てに回答があります。")
        case .nothingAsked:
            Phrase(
                "{provider} provides nothing and asks for nothing: nothing was compared. The provider's document comes first.",
                ja: "{provider}は何も提供せず、何も求めていないため、比べるものがありません。プロバイダの文書を先に指定してください。")
        case .through:
            Phrase("{chain}: {n} {n|statement goes|statements go} all the way.", ja: "{chain}: 全ての段に渡るのは{n}件")
        case .further: Phrase("a further tier in {document}", ja: "{document}内の次の段")
        case .tierInherits: Phrase("takes over", ja: "引継ぎ")
        case .tierSatisfies: Phrase("answers", ja: "回答")
        case .tierProvides: Phrase("provides", ja: "提供")
        case .tierAsks: Phrase("asks", ja: "依頼")
        case .more: Phrase("and {n} more; --wide shows all", ja: "ほかに{n}件。--wideで全て表示")
        case .disputed: Phrase("In dispute: {n} ({list}); 'buntan disputes' shows them", ja: "不一致: {n}件（{list}）。「buntan disputes」で表示します")
        case .dangling: Phrase("Leads nowhere: {n}", ja: "参照先がない: {n}件")
        case .unasked: Phrase("Says what it does where nothing is asked: {n}", ja: "求められていない実施内容の記載: {n}件")
        case .wrongKind: Phrase("Leads to something of another kind: {n}", ja: "参照先の種類が違う: {n}件")
        case .crossed: Phrase("Leads to another statement: {n}", ja: "別の箇所を参照している: {n}件")
        case .duplicate: Phrase("An id that stands twice: {n}", ja: "IDの重複: {n}件")
        case .unanswered: Phrase("Not answered: {n}", ja: "回答がない: {n}件")
        case .stale: Phrase("Answered before its words were changed: {n}", ja: "回答後に文が変わった: {n}件")
        }
    }
}
