/// What `agree` and `agreements` say.
package enum AgreementPhrases: String, PhraseTable {
    package static let section = "agreement"

    case unsaid, unsaidRows, moreOfRule, moreRules, oursToMend, theirsToMend
    case aboutToSign, covers, changed, excepted, lookAt, valid, signedBy, document
    case coversText, changedText, changedFirst, changedErased, changedLapsed, exceptedNone, exceptedRows, lookAtMerged, lookAtNone
    case validText, validOpen, signedByText, documentCut
    case lookAtMore, newBecauseAsked, coversPart, coversTaken, coversWith, partCount, proposed, unsentYet, statusLine, documentIs,
        staleFromTo,
        staleSince
    case review, reviewText
    case statusProposed, statusHalfSigned, statusNotYetValid, statusExpired, compromisedAfter
    case typeName, documentAsked, signedFirst, signedBoth, signingTheirs, newDocument, newBecauseChanged
    case agreementsNone, halfSignedYou, halfSignedThem, inForce, inForceStale, contested, superseded, ended, notYetValid
    case inForceUnsent, inForceStaleUnsent, notYetValidStale, supersededUnsent, signedBothLater
    case documentParties, documentRelease, documentPublished, documentOverruled, documentOpen, documentExcepted
    case changedRows, changedRecordCount, changedBoth, changedRecords, lookAtWithdrawn
    case exceptedDropped, changedNewly, changedNoLonger, changedWithout
    case expired, withdrawnRelease, endQuestion, endedNow, exportedEvidence, exportedHalf
    case signedUnseen, documentErased, documentErasedBy, documentErasedFor, documentErasedByOrder, erasedSigned, erasedSigner
    case statusErased
    case statusUntil, inForceStaleSince, offerWithdrawn, offerDeclined, withdrawQuestion, withdrawnNow, declineQuestion, declinedNow
    case exceptedNoneComments, coversBelow, documentSame, termsDiffer, termRelease, termFrom, termTo, termZone, termReview

    package var phrase: Phrase {
        switch self {
        case .aboutToSign:
            Phrase(
                "You are about to sign for {own} with {counterpart} ({fingerprint}).",
                ja: "{own}として、{counterpart}（{fingerprint}）との合意に署名しようとしています。")
        case .covers: Phrase("covers", ja: "対象")
        case .changed: Phrase("changed", ja: "変更")
        case .excepted: Phrase("excepted", ja: "除外")
        case .unsaid: Phrase("unsaid", ja: "未記入")
        case .unsaidRows: Phrase("{rows} {rows|row|rows} without all that {rules} ask for", ja: "{rules}の求める記載がない{rows}行")
        case .moreOfRule: Phrase("{n} more of {rule}.", ja: "{rule}はほかに{n}件あります。")
        case .moreRules: Phrase("{n} other {n|rule|rules} too ('buntan check').", ja: "ほかに{n}件の規則にも反しています（「buntan check」）。")
        case .oursToMend: Phrase("it is for you to put right", ja: "こちらで直すものです")
        case .theirsToMend: Phrase("it is for {counterpart} to put right", ja: "{counterpart}が直すものです")
        case .lookAt: Phrase("look at", ja: "要確認")
        case .valid: Phrase("valid", ja: "有効期間")
        case .review: Phrase("review", ja: "見直し")
        case .reviewText: Phrase("every {interval}, as they wrote it", ja: "{interval}ごと（相手方の記載どおり）")
        case .signedBy: Phrase("signed by", ja: "署名者")
        case .document: Phrase("document", ja: "文書")
        case .coversText:
            Phrase(
                "{rows} {rows|row|rows} of release {label}: provider {provider}, customer {customer}, shared {shared}",
                ja: "公開版{label}の{rows}行: プロバイダ{provider}、カスタマ{customer}、共有{shared}")
        case .changedText: Phrase("{rows} {rows|row|rows} since {id} of {date}", ja: "{date}の{id}から{rows}行")
        case .changedRows: Phrase("{rows} {rows|row|rows}", ja: "{rows}行")
        case .changedRecordCount: Phrase("{n} {n|record|records}", ja: "記録{n}件")
        case .changedBoth: Phrase("{rows} {rows|row|rows} and {n} {n|record|records}", ja: "{rows}行と記録{n}件")
        case .changedRecords: Phrase("{list}, {n} {n|record|records} since {id} of {date}", ja: "{date}の{id}から{list}の記録{n}件")
        case .lookAtWithdrawn: Phrase("release {label} was withdrawn: {reason}", ja: "公開版{label}は取り下げられた: {reason}")
        case .changedFirst: Phrase("first agreement with this counterpart", ja: "この相手方との最初の合意")
        case .changedErased:
            Phrase("not known: the document of {id}, which both had signed, was erased", ja: "不明: 双方が署名した{id}の文書が消去されている")
        case .changedLapsed:
            Phrase("no agreement stands that it would change; the last was {id} of {date}", ja: "変更の対象となる合意はない。最後の合意は{date}の{id}")
        case .exceptedNone: Phrase("none; notes, comments and drafts are never part of it", ja: "なし。メモ、コメント、下書きが含まれることはない")
        case .exceptedNoneComments: Phrase("none; notes and drafts are never part of it", ja: "なし。メモと下書きが含まれることはない")
        case .exceptedRows: Phrase("{rows} {rows|row|rows}, listed in it as left open: {list}", ja: "{rows}行。未決として文書に記載: {list}")
        case .lookAtMerged: Phrase("{row}, put together from edits of two devices", ja: "{row}、2台の端末の編集を合わせたもの")
        case .lookAtNone: Phrase("nothing in particular", ja: "特になし")
        case .coversTaken:
            Phrase(
                "{n} {n|answer was|answers were} taken over from the control (buntan agree --read)",
                ja: "{n}件の回答は管理策の回答を適用したもの（buntan agree --read）")
        case .coversPart: Phrase("only these rows: {list}", ja: "次の行だけ: {list}")
        case .coversBelow: Phrase("everything below {control}", ja: "{control}の下の全て")
        case .coversWith: Phrase("with {list}", ja: "ほかに{list}")
        case .lookAtMore: Phrase("and {rows} more {rows|row|rows}", ja: "ほか{rows}行")
        case .newBecauseAsked:
            Phrase("you asked for other rows or days than {counterpart} signed in {id}.", ja: "{counterpart}が{id}で署名した行や日付と違うものを求めました。")
        case .partCount: Phrase("{n} {state}", ja: "{state}{n}")
        case .proposed: Phrase("nobody has signed it", ja: "誰も署名していない")
        case .signedUnseen:
            Phrase(
                "both signed {date}; whether it still fits cannot be told here: the rows of the service are not on this device",
                ja: "{date}に双方が署名。サービスの行がこの端末にないため、いまも合っているかは判断できない")
        case .documentErased: Phrase("its document was erased", ja: "文書は消去された")
        case .documentErasedBy:
            Phrase("its document was erased by {organisation} on {date}", ja: "文書は{date}に{organisation}が消去した")
        case .documentErasedFor:
            Phrase(
                "its document was erased by {organisation} on {date}: {reason}", ja: "文書は{date}に{organisation}が消去した（理由: {reason}）")
        case .documentErasedByOrder:
            Phrase(
                "its document was erased by the server on {date}, by order: {reason}", ja: "文書は{date}に命令によりサーバが消去した（{reason}）")
        case .erasedSigned: Phrase("was signed by {list}", ja: "過去の署名: {list}")
        case .erasedSigner: Phrase("{name} ({organisation}), {date}", ja: "{name}（{organisation}）、{date}に署名")
        case .statusErased: Phrase("document erased", ja: "文書は消去済み")
        case .statusLine: Phrase("{status}", ja: "{status}")
        case .documentIs: Phrase("document {digest}; nothing was signed", ja: "文書{digest}。何も署名していません")
        case .unsentYet: Phrase("not sent yet", ja: "未送信")
        case .staleFromTo: Phrase("was stale from {from} to {to}", ja: "{from}から{to}まで要更新だった")
        case .staleSince: Phrase("stale since {from}", ja: "{from}から要更新")
        case .statusProposed: Phrase("proposed", ja: "未署名")
        case .statusHalfSigned: Phrase("half-signed", ja: "片方だけ署名")
        case .statusNotYetValid: Phrase("not yet valid", ja: "有効期間の前")
        case .statusExpired: Phrase("expired", ja: "期間満了")
        case .compromisedAfter: Phrase("the device of {organisation} was marked as compromised", ja: "{organisation}の端末に侵害の印がある")
        case .validText: Phrase("{from} to {to}, {zone}", ja: "{from}から{to}まで、{zone}")
        case .validOpen: Phrase("from {from}, no end, {zone}", ja: "{from}から、終わりなし、{zone}")
        case .signedByText: Phrase("{name}, {title}, on {device}", ja: "{name}、{title}、端末{device}")
        case .documentCut: Phrase("{id}, {digest}...", ja: "{id}、{digest}...")
        case .typeName: Phrase("Type the counterpart's name to sign: {counterpart}", ja: "署名するには相手方の名前を入力してください: {counterpart}")
        case .documentAsked: Phrase("Which document was read, by its digest?", ja: "読んだ文書のダイジェストはどれですか。")
        case .signedFirst: Phrase("Signed {id}. {counterpart} has not signed yet.", ja: "{id}に署名しました。{counterpart}はまだ署名していません。")
        case .signedBoth: Phrase("Signed {id}. Both have signed: it is in force.", ja: "{id}に署名しました。双方が署名し、効力があります。")
        case .signedBothLater:
            Phrase("Signed {id}. Both have signed: it is valid from {date}.", ja: "{id}に署名しました。双方が署名し、{date}から有効です。")
        case .documentParties:
            Phrase("Between {provider} (provider) and {customer} (customer)", ja: "{provider}（プロバイダ）と{customer}（カスタマ）の合意")
        case .documentRelease: Phrase("{rows} {rows|row|rows} of release {release}", ja: "公開版{release}の{rows}行")
        case .documentPublished: Phrase("as published", ja: "公開されたもの")
        case .documentOverruled: Phrase("as published; overruled by a position", ja: "公開されたもの（見解が優先）")
        case .documentSame: Phrase("the same text as: {field}", ja: "{field}と同じ文")
        case .termsDiffer: Phrase("The two documents say different things beside the rows:", ja: "行のほかに、2つの文書で違うもの:")
        case .termRelease: Phrase("release", ja: "公開版")
        case .termFrom: Phrase("first day", ja: "最初の日")
        case .termTo: Phrase("last day", ja: "最後の日")
        case .termZone: Phrase("time zone", ja: "タイムゾーン")
        case .termReview: Phrase("review every", ja: "見直しの間隔")
        case .documentExcepted: Phrase("excepted: {list}", ja: "除外: {list}")
        case .documentOpen:
            Phrase("{n} {n|record is|records are} listed as left open", ja: "未決として{n}件の記録を記載")
        case .exceptedDropped:
            Phrase("of these, no release has any more: {list}", ja: "うち、もう公開版にないもの: {list}")
        case .changedNewly: Phrase("{rows} {rows|row|rows} that {id} does not cover", ja: "{id}の対象でなかった行が{rows}行")
        case .changedNoLonger: Phrase("{rows} {rows|row|rows} of {id} no longer covered", ja: "{id}の対象から外れる行が{rows}行")
        case .changedWithout: Phrase("{list}: signed with {id}, not with this", ja: "{list}は{id}では署名済み、今回は対象外")
        case .signingTheirs:
            Phrase(
                "{counterpart} signed this document on {date}; you are signing the same.",
                ja: "{counterpart}は{date}にこの文書に署名しました。同じ文書に署名します。")
        case .newDocument: Phrase("A new document: {reason}", ja: "新しい文書を作ります: {reason}")
        case .newBecauseChanged:
            Phrase("{rows} {rows|row|rows} changed since {counterpart} signed {id}.", ja: "{counterpart}が{id}に署名した後に{rows}行が変わりました。")
        case .agreementsNone: Phrase("No agreement yet.", ja: "合意はまだありません。")
        case .halfSignedYou: Phrase("signed by you; waits for {counterpart}", ja: "こちらが署名済み。{counterpart}を待っている")
        case .halfSignedThem: Phrase("signed by {counterpart}; waits for you", ja: "{counterpart}が署名済み。こちらの番")
        case .inForce: Phrase("in force since {date}", ja: "{date}から効力がある")
        case .inForceStale: Phrase("in force since {date}; stale, {changed}", ja: "{date}から効力がある。{changed}が変わり要更新")
        case .inForceStaleSince:
            Phrase("in force since {date}; stale since {from}, {changed}", ja: "{date}から効力がある。{from}から{changed}が変わり要更新")
        case .statusUntil:
            Phrase("{status}; until {date}, ended by {organisation}: {reason}", ja: "{status}。{date}まで、{organisation}が終了させた: {reason}")
        case .offerWithdrawn:
            Phrase("signed by {organisation} alone, which took it back: {reason}", ja: "{organisation}だけが署名し、取り下げた: {reason}")
        case .offerDeclined: Phrase("turned down by {organisation}: {reason}", ja: "{organisation}が断った: {reason}")
        case .inForceUnsent: Phrase("signed by both; yours is not sent yet", ja: "双方が署名済み。こちらの署名は未送信")
        case .inForceStaleUnsent:
            Phrase("signed by both, yours not sent yet; stale, {changed}", ja: "双方が署名済み、こちらは未送信。{changed}が変わり要更新")
        case .notYetValidStale: Phrase("valid from {date}; stale, {changed}", ja: "{date}から有効。{changed}が変わり要更新")
        case .supersededUnsent: Phrase("superseded by {id}, not sent yet", ja: "{id}に置き換えられた（未送信）")
        case .contested: Phrase("contested: {reason}", ja: "疑義あり: {reason}")
        case .superseded: Phrase("superseded by {id} on {date}", ja: "{date}に{id}に置き換えられた")
        case .ended: Phrase("ended on {date}: {reason}", ja: "{date}に終了: {reason}")
        case .notYetValid: Phrase("valid from {date}", ja: "{date}から有効")
        case .expired: Phrase("expired on {date}", ja: "{date}に期間満了")
        case .withdrawnRelease: Phrase("release {label} under it was withdrawn: {reason}", ja: "対象の公開版{label}は取り下げられた: {reason}")
        case .endQuestion: Phrase("End agreement {id} with {counterpart} on {date}?", ja: "{counterpart}との合意{id}を{date}に終了しますか。")
        case .endedNow: Phrase("{id} ends on {date}.", ja: "{id}は{date}に終了します。")
        case .withdrawQuestion:
            Phrase(
                "Take back your signature under {id}, which {counterpart} has not signed?", ja: "{counterpart}がまだ署名していない{id}への署名を取り下げますか。")
        case .withdrawnNow: Phrase("Your signature under {id} is taken back.", ja: "{id}への署名を取り下げました。")
        case .declineQuestion:
            Phrase("Turn down {id}, which {counterpart} has signed?", ja: "{counterpart}が署名した{id}を断りますか。")
        case .declinedNow: Phrase("{id} is turned down.", ja: "{id}を断りました。")
        case .exportedHalf:
            Phrase(
                "{id} is signed by one side only: this is evidence of that signature, and 'verify' finds that the other is missing.",
                ja: "{id}は片方だけが署名しています。その署名の証拠にはなりますが、「verify」はもう一方の署名がないと報告します。")
        case .exportedEvidence:
            Phrase(
                "Written: {path}, agreement {id} ({status}). Anybody can check it with 'buntan verify {file} --trust {fingerprint}'.",
                ja: "{path}に合意{id}（{status}）の証拠を書きました。誰でも「buntan verify {file} --trust {fingerprint}」で検証できます。")
        }
    }
}
