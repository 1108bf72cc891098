/// What `soa` says of a statement of applicability.
package enum ApplicabilityPhrases: String, PhraseTable {
    package static let section = "applicability"

    case sheetTitle, heading, counts, countsWithGiven, approved, approvedBefore, approvedAhead,
        notApproved, noneFits, ofWhole, noEntry, head27001,
        headStatus, headReason, headFindings
    case startQuestion, started, startedAlready, decided, setNothing, statementWritten, formHeading, formControls

    package var phrase: Phrase {
        switch self {
        case .sheetTitle: Phrase("Statement of applicability, {service}", ja: "適用宣言書 {service}")
        case .heading:
            Phrase(
                "Statement of applicability, {service}, position {position}: {n} {n|control|controls}",
                ja: "適用宣言書、{service}、立場: {position}、管理策{n}件")
        case .counts:
            Phrase(
                "adopted {adopted}, excluded {excluded}, undecided {open}; {findings} {findings|finding|findings}",
                ja: "採用{adopted}、除外{excluded}、未決定{open}、指摘{findings}件")
        case .countsWithGiven:
            Phrase(
                "adopted {adopted}, excluded {excluded}, undecided {open}, nothing to decide {given}; {findings} {findings|finding|findings}",
                ja: "採用{adopted}、除外{excluded}、未決定{open}、決定不要{given}、指摘{findings}件")
        case .approved: Phrase("by {editions}; approved by {name} on {date}", ja: "{editions}による。{date}に{name}が承認")
        case .approvedBefore:
            Phrase(
                "by {editions}; approved by {name} on {date}, before {n} {n|decision|decisions} of it {n|was|were} written as {n|it stands|they stand}",
                ja: "{editions}による。{date}に{name}が承認、その後{n}件の決定に変更あり")
        case .approvedAhead: Phrase("by {editions}; {name} is to approve it on {date}", ja: "{editions}による。{date}に{name}が承認する予定")
        case .notApproved: Phrase("by {editions}; not approved", ja: "{editions}による。未承認")
        case .noneFits: Phrase("No control fits.", ja: "当てはまる管理策がありません。")
        case .ofWhole: Phrase("The statement as a whole", ja: "適用宣言書全体")
        case .noEntry: Phrase("No entry yet; 'buntan soa start' adds it.", ja: "項目がまだありません。「buntan soa start」で加えます。")
        case .head27001: Phrase("27001", ja: "27001での採否")
        case .headStatus: Phrase("STATUS", ja: "実施状況")
        case .headReason: Phrase("REASON", ja: "理由")
        case .headFindings: Phrase("FINDINGS", ja: "指摘")
        case .startQuestion: Phrase("This makes {n} entries, one for each control. Go ahead?", ja: "管理策ごとに{n}件の項目を作ります。進めますか。")
        case .started:
            Phrase("{id} {service}: {n} {n|entry|entries} to decide on, private.", ja: "{service}: 決定すべき項目{n}件を作りました（{id}、非公開）。")
        case .startedAlready: Phrase("{service} has an entry for every control.", ja: "{service}には全ての管理策の項目があります。")
        case .decided: Phrase("{id} {n} {n|entry|entries} written.", ja: "{n}件の項目を書きました（{id}）。")
        case .statementWritten: Phrase("{id} The statement's own fields were written.", ja: "適用宣言書自身の項目を書きました（{id}）。")
        case .formHeading: Phrase("Statement of applicability, {service}", ja: "適用宣言書、{service}")
        case .formControls: Phrase("Beneath each control:", ja: "各管理策の下に書く項目:")
        case .setNothing: Phrase("Nothing differed from what stood.", ja: "変わった点はありません。")
        }
    }
}
