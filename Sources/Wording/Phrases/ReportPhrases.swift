/// What a report says: its headings, its first page and how to read it.
package enum ReportPhrases: String, PhraseTable {
    package static let section = "report"

    case written, keepPrivate, forThem, skipToContent, contents, figures, ofTotal, madeBy, markPrivate, kickerEngagement, kickerService
    case sectionChanges, changesLead, noRowDiffers, headField, headBefore, headAfter
    case kickerWhitePaper, sectionControls, whitePaperLead, starInPaper, factFramework, headItem, headStated, askedOfProvider, nothingStated
    case kickerOrganisation, notSentYet, factProvider, factCustomer, factOrganisation, factService, factRelease, factAgreement
    case factEnd, factDay, factAudience, factLogs, logsEntries, neverReleased, draftAfter, withdrawn, agreementNone, signedBy
    case noticePrivate, noticeCounterpart, noticeFrozen, noticeUnverified, noticeUnsent, figureAgreed, figureDisputed, figureOpen
    case figureUnsettled, figureAllocated, figureServices, figureEngagements, figureGaps, figureViolations, headFamily, headTotal
    case headAgreed, headRow, headAllocation, headProvider, headCustomer, headState, headStatements, headTurn, headSince
    case headLastWord, headAbout, headBy, headTime, headText, headRule, headSeverity, headFinding, headRequirement, headGap, headFollowed
    case headAgreement, headRelease, headRows, headValid, headSignedBy, headOrganisation, headReceived, headKey, headRecord
    case headWhose, headContents, headControl, headAdopted, headReasons, headWhat, headService, headKind, headRetired
    case headCounterpart, allFamilies, sectionHeatmap, heatmapCaption, heatmapLead, noRows, sectionMatrix, sectionDisputes
    case disputesCaption, disputesLead, noDisputes, nothingSaid, commentsCaption, sectionNotes, notesCaption, noNotes, sectionGaps
    case gapsCaption, gapsLead, gapsCut, uncomparedCaption, noGaps, counted, sectionFindings, findingsLead, inAll, findingsCut, noFindings,
        sectionAgreements
    case agreementsCaption, agreementsLead, signaturesCaption, entryNumber, signatureValid, signatureDoubtful, sectionRecords
    case untitled, noRecords, sectionApplicability, sectionTimeline, timelineCaption, noChanges, timelineCut, sealedChange
    case moreRecords, otherRecords, sectionServices, servicesCaption, noServices, sectionEngagements, engagementsCaption
    case noEngagements, noticeThen, noticeNow, headPlace, ownRecords, placesCaption, placesLead, countsCaption, countsLead

    package var phrase: Phrase {
        switch self {
        case .written: Phrase("Report of {title} for {audience}: {path}.", ja: "{title}の報告書（{audience}向け）を{path}へ書き出しました。")
        case .keepPrivate:
            Phrase("It holds private records: it is for nobody else.", ja: "非公開の記録を含みます。ほかに渡さないでください。")
        case .forThem: Phrase("A report for the other side is written by:", ja: "相手方に渡す報告書は次のコマンドで作ります:")
        case .skipToContent: Phrase("Skip to the content", ja: "本文へ移る")
        case .contents: Phrase("Contents", ja: "目次")
        case .figures: Phrase("Where it stands", ja: "現状の数")
        case .ofTotal: Phrase("of {n}", ja: "／全{n}")
        case .madeBy:
            Phrase(
                "Made by buntan {version} on {time} from one store, without a network.",
                ja: "buntan {version}により{time}に、一つのストアからネットワークを使わずに作成。")
        case .markPrivate: Phrase("private", ja: "非公開")
        case .kickerEngagement: Phrase("Shared responsibility report", ja: "責任分担報告書")
        case .kickerService: Phrase("Service responsibility report", ja: "サービスの責任分担報告書")
        case .sectionChanges: Phrase("Changes from release {from} to {to}", ja: "公開版{from}から{to}までの変更")
        case .changesLead:
            Phrase(
                "{rows} {rows|row differs|rows differ}: {allocations} with another allocation, {words} with other words. {message}",
                ja: "{rows}行に違いがあります。割当ての変更{allocations}行、文言の変更{words}行。{message}")
        case .noRowDiffers: Phrase("No row differs.", ja: "行に違いはありません。")
        case .headField: Phrase("Field", ja: "項目")
        case .headBefore: Phrase("Before", ja: "変更前")
        case .headAfter: Phrase("After", ja: "変更後")
        case .kickerWhitePaper: Phrase("White paper on cloud security responsibilities", ja: "クラウドセキュリティの責任に関するホワイトペーパー")
        case .sectionControls: Phrase("Control by control", ja: "管理策ごとの説明")
        case .whitePaperLead:
            Phrase(
                "For each control that asks something of the provider: what it asks, in our own words, what the provider states, and what remains with the customer. The standard's text is in your own copy.",
                ja: "プロバイダに求めがある管理策ごとに、求めの要旨（規格の文ではなく独自の文）、プロバイダの記述、カスタマに残ることを示す。規格の本文はお手元の規格票を参照。")
        case .starInPaper:
            Phrase("* not yet compared with the text of the standard", ja: "* 規格の本文とまだ照合していない")
        case .factFramework: Phrase("Framework", ja: "枠組み")
        case .headItem: Phrase("Item", ja: "項目")
        case .headStated: Phrase("What is stated", ja: "記述")
        case .askedOfProvider: Phrase("Asked of the provider: {text}", ja: "プロバイダへの求め: {text}")
        case .nothingStated: Phrase("nothing is stated yet", ja: "まだ記述がない")
        case .kickerOrganisation: Phrase("Organisation report", ja: "組織の報告書")
        case .notSentYet: Phrase("not sent yet", ja: "未送信")
        case .factProvider: Phrase("Provider", ja: "プロバイダ")
        case .factCustomer: Phrase("Customer", ja: "カスタマ")
        case .factOrganisation: Phrase("Organisation", ja: "組織")
        case .factService: Phrase("Service", ja: "サービス")
        case .factRelease: Phrase("Release", ja: "公開版")
        case .factAgreement: Phrase("Agreement", ja: "合意")
        case .factEnd: Phrase("End of the engagement", ja: "取引関係の終了")
        case .factDay: Phrase("Answers for", ja: "基準日")
        case .factAudience: Phrase("Written for", ja: "読む人")
        case .factLogs: Phrase("Rests on", ja: "根拠")
        case .logsEntries: Phrase("{n} {n|entry|entries} of signed logs", ja: "署名付きログの{n}件")
        case .neverReleased: Phrase("nothing released yet", ja: "まだ公開していない")
        case .draftAfter: Phrase("draft after", ja: "次の公開版の下書き。直前の公開版:")
        case .withdrawn: Phrase("withdrawn", ja: "取下げ済み")
        case .agreementNone: Phrase("Nothing has been signed.", ja: "署名された合意はありません。")
        case .signedBy: Phrase("{name}, {title}, {organisation}, {date}", ja: "{name}（{title}、{organisation}、{date}署名）")
        case .noticePrivate:
            Phrase(
                "This report holds private records of {name}. It is not for the other side.",
                ja: "この報告書は{name}の非公開の記録を含みます。相手方に渡さないでください。")
        case .noticeCounterpart:
            Phrase(
                "Written for both sides: what one side keeps to itself, its notes and its findings are not in it.",
                ja: "双方が読むための報告書です。一方だけの記録、メモ、指摘は含みません。")
        case .noticeThen:
            Phrase(
                "It shows what stood at the end of {date}: the entries that whoever keeps the logs had received by then. What came later, or had not been sent by then, is not in it.",
                ja: "{date}の終わりの状態を示す。ログの管理者がそのときまでに受領した記録による。それより後の記録と、そのとき未送信だった変更は含まない。")
        case .noticeNow:
            Phrase("The records are today's, judged as of {date}.", ja: "記録は現在のもので、{date}時点で判断した。")
        case .noticeFrozen:
            Phrase("A log does not verify. What is shown here must not be relied upon.", ja: "検証できないログがあります。ここに示す内容に依拠しないでください。")
        case .noticeUnverified: Phrase("{done} of {total} entries are verified so far.", ja: "検証済みは{total}件中{done}件です。")
        case .noticeUnsent:
            Phrase(
                "{n} {n|change has|changes have} not been sent: the other side does not see {n|it|them} yet.",
                ja: "未送信の変更が{n}件あり、相手方にはまだ見えません。")
        case .figureAgreed: Phrase("rows agreed", ja: "合意した行")
        case .figureDisputed: Phrase("rows disputed", ja: "不一致の行")
        case .figureOpen: Phrase("rows open", ja: "未回答の行")
        case .figureUnsettled: Phrase("rows with several values", ja: "値が複数ある行")
        case .figureAllocated: Phrase("rows allocated", ja: "割当て済みの行")
        case .figureServices: Phrase("services", ja: "サービス")
        case .figureEngagements: Phrase("engagements", ja: "取引関係")
        case .figureGaps: Phrase("gaps", ja: "ギャップ")
        case .figureViolations: Phrase("violations of must rules", ja: "必須の規則の違反")
        case .headFamily: Phrase("Family", ja: "分類")
        case .headTotal: Phrase("Rows", ja: "行数")
        case .headAgreed: Phrase("Agreed", ja: "合意")
        case .headRow: Phrase("Row", ja: "行")
        case .headAllocation: Phrase("Allocation", ja: "割当て")
        case .headProvider: Phrase("Provider", ja: "プロバイダ")
        case .headCustomer: Phrase("Customer", ja: "カスタマ")
        case .headState: Phrase("State", ja: "状態")
        case .headStatements: Phrase("What each side says", ja: "双方の記述")
        case .headTurn: Phrase("Turn of", ja: "次に答える側")
        case .headSince: Phrase("Since", ja: "開始日")
        case .headLastWord: Phrase("Last word", ja: "最後の発言")
        case .headAbout: Phrase("About", ja: "対象")
        case .headBy: Phrase("By", ja: "記入者")
        case .headTime: Phrase("Time", ja: "日時")
        case .headText: Phrase("Text", ja: "本文")
        case .headRule: Phrase("Rule", ja: "規則")
        case .headSeverity: Phrase("Severity", ja: "重大度")
        case .headFinding: Phrase("Finding", ja: "指摘")
        case .headRequirement: Phrase("Requirement", ja: "要求")
        case .headGap: Phrase("Required and offered", ja: "要求と提供")
        case .headFollowed: Phrase("Followed through", ja: "対応の状況")
        case .headAgreement: Phrase("Agreement", ja: "合意")
        case .headRelease: Phrase("Release", ja: "公開版")
        case .headRows: Phrase("Rows", ja: "行")
        case .headValid: Phrase("Valid", ja: "有効期間")
        case .headSignedBy: Phrase("Signed by", ja: "署名者")
        case .headOrganisation: Phrase("For", ja: "組織")
        case .headReceived: Phrase("Received", ja: "受領日時")
        case .headKey: Phrase("Device and key", ja: "端末と鍵")
        case .headRecord: Phrase("Record", ja: "記録")
        case .headWhose: Phrase("Whose", ja: "所有者")
        case .headContents: Phrase("Contents", ja: "内容")
        case .headControl: Phrase("Control", ja: "管理策")
        case .headAdopted: Phrase("Annex A", ja: "附属書A")
        case .headReasons: Phrase("Reasons and status", ja: "理由と状況")
        case .headWhat: Phrase("What", ja: "内容")
        case .headService: Phrase("Service", ja: "サービス")
        case .headKind: Phrase("Kind", ja: "種類")
        case .headRetired: Phrase("Retired", ja: "終了日")
        case .headCounterpart: Phrase("Counterpart", ja: "相手方")
        case .allFamilies: Phrase("All", ja: "全体")
        case .sectionHeatmap: Phrase("Heat map", ja: "分担の分布")
        case .heatmapCaption: Phrase("Rows by family and by who carries them", ja: "分類と担う側ごとの行数")
        case .heatmapLead:
            Phrase(
                "Each count is the number of rows that the provider has allocated so. The darker a field, the larger its part of the family.",
                ja: "数字は、プロバイダがその割当てとした行の数。欄が濃いほど、分類の中での割合が大きい。")
        case .noRows: Phrase("There are no rows yet.", ja: "行はまだありません。")
        case .sectionMatrix: Phrase("Responsibility matrix", ja: "責任分担表")
        case .sectionDisputes: Phrase("Disputes", ja: "不一致")
        case .disputesCaption: Phrase("Rows on which the two sides differ", ja: "双方の見解が異なる行")
        case .disputesLead:
            Phrase(
                "A dispute is part of the negotiation: each side holds to its own position until one takes the other's.",
                ja: "不一致は交渉の途中の状態で、どちらかが相手の見解をとるまで、それぞれの見解が残る。")
        case .noDisputes: Phrase("The two sides differ on no row.", ja: "双方の見解が異なる行はありません。")
        case .nothingSaid: Phrase("nothing said", ja: "発言なし")
        case .commentsCaption: Phrase("What was said", ja: "発言")
        case .sectionNotes: Phrase("Private notes", ja: "非公開のメモ")
        case .notesCaption: Phrase("Notes that stay in the organisation", ja: "組織の外に出ないメモ")
        case .noNotes: Phrase("There are no notes.", ja: "メモはありません。")
        case .sectionGaps: Phrase("Gap board", ja: "ギャップの一覧")
        case .gapsCaption: Phrase("What is required and not offered", ja: "要求に足りないもの")
        case .gapsLead:
            Phrase(
                "Each gap leads to a risk, its treatment and an approval; other values open it again.",
                ja: "ギャップはそれぞれ、リスク、対応、承認につながる。値が変わるとやり直しになる。")
        case .gapsCut: Phrase("{n} more rows wait for an answer; the matrix has all of them.", ja: "ほかに{n}行が回答を待っている。全ての行は責任分担表にある。")
        case .uncomparedCaption: Phrase("Not compared", ja: "比較できないもの")
        case .noGaps: Phrase("No gap was found.", ja: "ギャップはありません。")
        case .counted: Phrase("{n}", ja: "{n}件")
        case .sectionFindings: Phrase("Findings by rule", ja: "規則ごとの指摘")
        case .findingsLead: Phrase("What the rules of the standard find in the records on {date}.", ja: "{date}時点の記録に対する、規格の規則による指摘。")
        case .inAll: Phrase("{n} in all", ja: "全{n}件")
        case .findingsCut:
            Phrase("{n} more findings of these rules are listed by {command}.", ja: "同じ規則の指摘がほかに{n}件ある。{command} で表示できる。")
        case .noFindings: Phrase("Nothing was found.", ja: "指摘はありません。")
        case .sectionAgreements: Phrase("Agreements", ja: "合意")
        case .agreementsCaption: Phrase("Agreements, and what each is worth", ja: "合意とその効力")
        case .agreementsLead:
            Phrase("As of {date}. An agreement covers exactly the document whose digest it names.", ja: "{date}時点。合意は、そのダイジェストの文書だけを対象とする。")
        case .signaturesCaption: Phrase("Signatures", ja: "署名")
        case .entryNumber: Phrase("entry {n}", ja: "ログの{n}番")
        case .signatureValid: Phrase("valid", ja: "有効")
        case .signatureDoubtful: Phrase("in doubt", ja: "疑義あり")
        case .sectionRecords: Phrase("Offers, requirements and other records", ja: "提供、要求その他の記録")
        case .untitled: Phrase("without a name", ja: "名前なし")
        case .noRecords: Phrase("There are no records.", ja: "記録はありません。")
        case .sectionApplicability: Phrase("Statement of applicability", ja: "適用宣言書")
        case .sectionTimeline: Phrase("Timeline", ja: "経過")
        case .timelineCaption: Phrase("Changes, newest first", ja: "変更、新しい順")
        case .noChanges: Phrase("Nothing has happened yet.", ja: "変更はまだありません。")
        case .timelineCut:
            Phrase(
                "The {shown} newest changes are shown; {n} earlier entries are listed by buntan log.",
                ja: "新しい{shown}件を表示。それより前のログの{n}件は buntan log で表示できる。")
        case .sealedChange: Phrase("a sealed change", ja: "封じられた変更")
        case .moreRecords: Phrase("and {n} more", ja: "ほか{n}件")
        case .otherRecords: Phrase("with {n} other {n|record|records}", ja: "その他の記録{n}件とともに")
        case .sectionServices: Phrase("Services", ja: "サービス")
        case .servicesCaption: Phrase("Services, offered and used", ja: "提供するサービスと利用するサービス")
        case .noServices: Phrase("There are no services.", ja: "サービスはありません。")
        case .sectionEngagements: Phrase("Engagements", ja: "取引関係")
        case .engagementsCaption: Phrase("With whom, and where it stands", ja: "相手方と現状")
        case .noEngagements: Phrase("There are no engagements.", ja: "取引関係はありません。")
        case .headPlace: Phrase("Engagement or service", ja: "取引関係・サービス")
        case .ownRecords: Phrase("own records", ja: "組織の記録")
        case .placesCaption: Phrase("Rows by engagement or service", ja: "取引関係・サービスごとの行数")
        case .placesLead:
            Phrase(
                "An engagement shows its service as released; a service stands by itself where no engagement is about it.",
                ja: "取引関係の行は公開されたサービスの行。取引関係のないサービスは、それだけで数える。")
        case .countsCaption: Phrase("Findings by engagement or service", ja: "取引関係・サービスごとの指摘の数")
        case .countsLead:
            Phrase(
                "What is found in the organisation's own records is counted there alone. What concerns several engagements is counted with each of them, and once in the figures of the first page.",
                ja: "組織の記録への指摘は、そこだけで数える。複数の取引関係にかかわる指摘は、それぞれに数え、最初のページの数では1件と数える。")
        }
    }
}
