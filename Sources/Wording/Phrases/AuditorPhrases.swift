/// What `auditors` and `auditor` say, and what an auditor is told of how it reads.
package enum AuditorPhrases: String, PhraseTable {
    package static let section = "auditor"

    case none, addQuestion, added, addedHalf, keptUnsent, endQuestion, ended, endedHalf
    case heldFromTo, reads, waitsForSide, waitsToBeSent, ranOut
    case grantedBy, you
    case standing, standingEnded, isAuditor, isNoLonger, halfSigned, differing, differNone, wordOf

    package var phrase: Phrase {
        switch self {
        case .none: Phrase("No auditor has been let in.", ja: "監査人に閲覧を認めたものはありません。")
        case .addQuestion:
            Phrase(
                "Let {auditor} read everything in {engagement}, yours and theirs, and the service, until {date}?",
                ja: "{auditor}に、{date}まで{engagement}の内容（双方の記録とサービス）を読むことを認めますか。")
        case .added:
            Phrase(
                "{auditor} may read {engagement} and its service until {date}; {counterpart} sees that with its next sync.",
                ja: "{auditor}は{date}まで{engagement}とそのサービスを読めます。{counterpart}には次の同期で見えます。")
        case .addedHalf:
            Phrase(
                "{auditor} may read {engagement} until {date} once {counterpart} has let it in as well: both sides' word is needed here.",
                ja: "ここでは双方の同意が必要です。{counterpart}も認めると、{auditor}は{date}まで{engagement}を読めます。")
        case .keptUnsent:
            Phrase(
                "This is signed here and not sent: it goes out with the next 'buntan sync'.",
                ja: "署名して手元に置きました。まだ送っていません。次の「buntan sync」で送られます。")
        case .endQuestion: Phrase("End the reading of {engagement} by {auditor}?", ja: "{auditor}による{engagement}の閲覧を終えますか。")
        case .ended:
            Phrase(
                "{auditor} may read {engagement} no longer. What it has read it keeps.",
                ja: "{auditor}は{engagement}をもう読めません。既に読んだものは手元に残ります。")
        case .endedHalf:
            Phrase(
                "Your word for {auditor} is ended; {counterpart} lets it read {engagement} until {date} still.",
                ja: "{auditor}へのこちらの同意を終えました。{counterpart}の同意により、{date}まで{engagement}を読めます。")
        case .reads: Phrase("reads until {date}", ja: "{date}まで閲覧できる")
        case .waitsForSide: Phrase("waits for the word of {counterpart}", ja: "{counterpart}の同意待ち")
        case .waitsToBeSent: Phrase("not sent yet", ja: "未送信")
        case .heldFromTo: Phrase("held from {from} to {to}", ja: "{from}から{to}まで有効だった")
        case .ranOut: Phrase("ended {date}", ja: "{date}に終了")
        case .grantedBy: Phrase("{name}, until {date}", ja: "{name}、{date}まで")
        case .you: Phrase("you", ja: "自組織")
        case .standing:
            Phrase(
                "You read this as an auditor until {date}: nothing can be written here.",
                ja: "監査人として{date}まで閲覧できます。ここには書き込めません。")
        case .standingEnded:
            Phrase(
                "You read this as an auditor and cannot follow it any more: it stays here as it was read last.",
                ja: "監査人としての閲覧は終わりました。最後に読んだ内容がここに残っています。")
        case .isAuditor: Phrase("auditor until {date}", ja: "監査人、{date}まで")
        case .isNoLonger: Phrase("auditor, no longer followed", ja: "監査人、閲覧は終了")
        case .halfSigned: Phrase("signed by {organisation}; waits for {counterpart}", ja: "{organisation}が署名済み。{counterpart}を待っている")
        case .differing:
            Phrase(
                "{rows} {rows|row|rows} on which {provider} and {customer} differ.", ja: "{provider}と{customer}の見解が異なる行は{rows}行。")
        case .differNone: Phrase("{provider} and {customer} differ on no row.", ja: "{provider}と{customer}の見解が異なる行はありません。")
        case .wordOf: Phrase("{name}: \"{text}\"", ja: "{name}の発言: 「{text}」")
        }
    }
}
