/// What `export` and `preview` say.
package enum ExportPhrases: String, PhraseTable {
    package static let section = "export"

    case written, writtenTable, writtenFolder, heldBack, audienceMyself, audienceCounterpart, audiencePublic
    case notesGiven, leftOut, writtenStatement, writtenKept, matrixOf, ofRelease, ofDraft, between, questionsLeftOut
    case heldPrivateKind, heldPrivateField, heldBetweenParties, heldUndisclosed, heldUnknown

    package var phrase: Phrase {
        switch self {
        case .written:
            Phrase(
                "Written for {audience}: {path}, {rows} {rows|row|rows}, {records} other {records|record|records}.",
                ja: "{audience}向けに{path}へ書き出しました: {rows}行、その他の記録{records}件。")
        case .writtenTable:
            Phrase("Written for {audience}: {path}, {rows} {rows|row|rows}.", ja: "{audience}向けに{path}へ書き出しました: {rows}行。")
        case .writtenFolder:
            Phrase(
                "Written for {audience}: {files} in {path}, {rows} {rows|row|rows}, {records} other {records|record|records}.",
                ja: "{audience}向けに{path}へ書き出しました: {files}、{rows}行、ほかの記録{records}件。")
        case .notesGiven:
            Phrase(
                "{n} private {n|note|notes} of its rows {n|is|are} in it: it is for you alone. --audience counterpart leaves them out.",
                ja: "行の非公開のメモ{n}件を含むため、自組織だけのものです。--audience counterpartでは含みません。")
        case .leftOut:
            Phrase(
                "{n} {n|row has|rows have} no place in this format and {n|is|are} not in it.", ja: "この形式に置き場所のない行が{n}行あり、書き出していません。")
        case .writtenStatement: Phrase("Written: {path}, {n} {n|control|controls}.", ja: "{path}へ書き出しました: 管理策{n}件。")
        case .writtenKept: Phrase("Written as it was imported: {path}, {bytes} bytes.", ja: "取り込んだときのまま{path}へ書き出しました: {bytes}バイト。")
        case .matrixOf: Phrase("Responsibility matrix, {service}", ja: "責任分担表 {service}")
        case .ofRelease: Phrase("Release {label}, {date}", ja: "公開版{label}、{date}")
        case .ofDraft: Phrase("Draft, {date}", ja: "下書き、{date}")
        case .between: Phrase("Provider: {provider}; customer: {customer}", ja: "プロバイダ: {provider}、カスタマ: {customer}")
        case .questionsLeftOut:
            Phrase(
                "The questions are their publisher's: read them in your own copy, by their ids.",
                ja: "質問文は発行元の著作物です。お手元の原本を質問のidで参照してください。")
        case .heldBack: Phrase("{n} {what}: {reason}", ja: "{what} {n}件: {reason}")
        case .audienceMyself: Phrase("your own organisation", ja: "自組織")
        case .audienceCounterpart: Phrase("the counterpart", ja: "相手方")
        case .audiencePublic: Phrase("everybody", ja: "一般")
        case .heldPrivateKind: Phrase("stays in your organisation", ja: "組織の外に出ない")
        case .heldPrivateField: Phrase("a private field", ja: "非公開の項目")
        case .heldBetweenParties: Phrase("between the two of you only", ja: "双方の間だけ")
        case .heldUndisclosed: Phrase("marked as not for customers", ja: "カスタマに開示しない印がある")
        case .heldUnknown: Phrase("not known to this program", ja: "このプログラムが知らないもの")
        }
    }
}
