/// What is said of the supply chain behind a row.
package enum ChainPhrases: String, PhraseTable {
    package static let section = "chain"

    case notHere, noRow, everyCustomer, signedOtherwise
    case noOwnService, touched, touchedHeading, touchedNone, noUpstream, reliesElsewhere, unsigned, signedSince, unrecorded, upstreamEnds

    package var phrase: Phrase {
        switch self {
        case .notHere: Phrase("not to be seen from here", ja: "ここからは見えない")
        case .noRow: Phrase("no row of this control", ja: "この管理策の行はない")
        case .everyCustomer: Phrase("every customer", ja: "全カスタマ")
        case .signedOtherwise: Phrase("{id}, changed since", ja: "{id}、以後変更あり")
        case .noOwnService:
            Phrase(
                "No service of your own is here that could rest on another; 'buntan trace ROW' follows a row.",
                ja: "ほかのサービスをよりどころとする自組織のサービスはありません。行をたどるには「buntan trace ROW」。")
        case .touched:
            Phrase(
                "{upstream} has changed since {id}, on which {row} of {service} rests.",
                ja: "「{service}」の{row}がよりどころとする{id}の後に、{upstream}の内容が変わりました。")
        case .touchedHeading:
            Phrase(
                "{n} {n|row|rows} of {service} {n|rests|rest} on what has changed upstream since it was signed.",
                ja: "「{service}」の{n}行は、署名の後に変わった上流の内容をよりどころにしています。")
        case .touchedNone:
            Phrase(
                "Nothing that {service} rests on has changed since it was signed.", ja: "「{service}」がよりどころとする内容に、署名後の変更はありません。")
        case .noUpstream:
            Phrase("{service} is not said to build on another service.", ja: "「{service}」の上流のサービスは登録されていません。")
        case .reliesElsewhere:
            Phrase(
                "{service} is said to rely on an agreement with {upstream} that is not here ({digest}).",
                ja: "「{service}」がよりどころとする{upstream}との合意（{digest}）は、ここにありません。")
        case .unsigned:
            Phrase(
                "Nothing is signed with {upstream} yet: what it changes cannot be told from what {service} relied on.",
                ja: "{upstream}との合意がまだないため、「{service}」がよりどころとした内容からの変更は判定できません。")
        case .unrecorded:
            Phrase(
                "Nobody has recorded that {service} relies on {id} with {upstream}: once that is, a later agreement leaves the rows marked until they are looked at:",
                ja: "「{service}」が{upstream}との{id}をよりどころとすることは未記録です。記録しておくと、次の合意の後も行の見直しまで印が残ります。")
        case .upstreamEnds: Phrase("The engagement with {upstream}: {end}.", ja: "{upstream}との取引関係: {end}。")
        case .signedSince:
            Phrase(
                "{id} has been signed with {upstream} since. Once the rows fit it, say that {service} relies on it:",
                ja: "その後、{upstream}と{id}に署名しています。行を見直したら、「{service}」のよりどころとして記録してください。")
        }
    }
}
