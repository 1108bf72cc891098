/// What is said of the controls of a standard and of what they ask of each side.
package enum CataloguePhrases: String, PhraseTable {
    package static let section = "catalogue"

    case headingStored, headBaselines, withdrawn, mapsTo
    case heading, part, extended, numbered, noNumber, asks, recordedAs, noGuidance, noGuidanceForEither, unverified, starred, starredHere
    case headControl, headTitle, headAsks, both, customer, provider
    case define, agree, verify, perform, document, notify, provideInformation, provideFunction
    case guidanceByElimination, guidanceNotRead, titleUnchecked, numberNearest, numberUnconfirmed
    case guidance

    package var phrase: Phrase {
        switch self {
        case .heading:
            Phrase(
                "{edition}: {n} {n|control|controls}, {provider} with guidance for the provider, {customer} for the customer.",
                ja: "{edition}: 管理策{n}件。プロバイダ向けの手引があるもの{provider}件、カスタマ向け{customer}件。")
        case .headingStored:
            Phrase(
                "{framework} {version}: {n} {n|control|controls}, {withdrawn} withdrawn.",
                ja: "{framework} {version}: 管理策{n}件、取下げ{withdrawn}件。")
        case .headBaselines: Phrase("BASELINES", ja: "ベースライン")
        case .withdrawn: Phrase("withdrawn", ja: "取下げ")
        case .mapsTo: Phrase("{control}: {relationship} {other} ({framework})", ja: "{control}: {framework}の{other}と{relationship}")
        case .part: Phrase("{shown} of {n} controls.", ja: "{n}件中{shown}件。")
        case .extended: Phrase("extended control", ja: "拡張管理策")
        case .numbered: Phrase("{edition}: {ids}", ja: "{edition}では{ids}")
        case .noNumber: Phrase("{edition}: none", ja: "{edition}にはない")
        case .asks: Phrase("{side}: {act}", ja: "{side}が{act}こと")
        case .recordedAs: Phrase("Recorded as {kind}.", ja: "記録の種類は{kind}。")
        case .noGuidance: Phrase("{side}: no cloud guidance beyond ISO/IEC 27002", ja: "{side}: ISO/IEC 27002以外の手引なし")
        case .noGuidanceForEither:
            Phrase("No cloud guidance beyond ISO/IEC 27002 for either side.", ja: "どちらの側にも、ISO/IEC 27002以外の手引はありません。")
        case .unverified: Phrase("Unverified: {what}", ja: "未確認: {what}")
        case .starred: Phrase("{detail}; * not verified against the text of the standard", ja: "{detail}。*は規格の本文と照合していないもの")
        case .starredHere:
            Phrase("* not verified; 'buntan controls ID' says what", ja: "* 未確認。「buntan controls ID」で内容を示します")
        case .headControl: Phrase("CONTROL", ja: "管理策")
        case .headTitle: Phrase("TITLE", ja: "標題")
        case .headAsks: Phrase("GUIDANCE", ja: "手引")
        case .both: Phrase("both", ja: "双方")
        case .customer: Phrase("customer", ja: "カスタマ")
        case .provider: Phrase("provider", ja: "プロバイダ")
        case .define: Phrase("to define", ja: "定める")
        case .agree: Phrase("to agree", ja: "合意する")
        case .verify: Phrase("to verify", ja: "確かめる")
        case .perform: Phrase("to carry out", ja: "実施する")
        case .document: Phrase("to document", ja: "文書にする")
        case .notify: Phrase("to notify", ja: "知らせる")
        case .provideInformation: Phrase("to give information", ja: "情報を提供する")
        case .provideFunction: Phrase("to offer a function", ja: "機能を提供する")
        case .guidanceByElimination:
            Phrase("that there is no guidance follows from the published total alone", ja: "手引がないことは、公表された総数からの推定です")
        case .guidanceNotRead:
            Phrase("which side has guidance was not read in the standard itself", ja: "どちらの側に手引があるかは、規格の本文では確かめていません")
        case .titleUnchecked: Phrase("the Japanese title was not compared with the JIS", ja: "日本語の標題はJISの本文と照合していません")
        case .numberNearest:
            Phrase("the later number is the nearest match, not an official correspondence", ja: "後の版の番号は最も近いもので、公式の対応ではありません")
        case .numberUnconfirmed: Phrase("the later number has one source only", ja: "後の版の番号の出典は一つだけです")
        case .guidance: Phrase("Guidance", ja: "手引")
        }
    }
}
