/// What `status`, `todo` and the first ten lines say.
package enum StatusPhrases: String, PhraseTable {
    package static let section = "status"

    case moreAfter
    case parties, organisation, serviceLine, releaseLine, releaseThen, draftLine, draftNeverReleased, noRelease, verifiedTo, catchingUp
    case notVerified, syncedAgo, neverSynced, localOnly
    case agreed, disputed, open, unsettled, unreleased, unpublished, inNoRelease, reworded, toSend, agreement, refused
    case waitForYou, waitForThem, noPositionYet, severalValues, changesSinceSync, changesAwaitKey, entriesToMove, refusedByServer,
        arrivingRelease
    case closedBefore, rowsElsewhere, bothSignedUnseen
    case rewordedSince, leftToNobody, bothSigned, bothSignedStale, youSigned, theySigned, noAgreement, contestedSince
    case bothSignedUnsent, bothSignedStaleUnsent, youSignedUnsent, youSignedStale, theySignedStale, bothSignedFrom, bothSignedFromStale
    case signedByOne, agreementEndsByYou, agreementEndsByThem, agreementEndsByOne, agreementEnded, agreementExpired, ended, ends,
        endedByYou, endedByThem, endedByOne, waitForOne,
        endedByHandover, endedByLog, withdrawnLabel
    case next, nothingToDo, todoHeading, todoAnswer, todoDispute, todoConflict, todoSign, todoSignAgain, todoConfirm
    case todoReview, todoReviewUpstream, todoSend, todoPublish, todoPublishRecords, todoPublishBoth, todoPublishAgain, drafted,
        draftDiffers, todoReread,
        todoRefused, todoDocumentErased, documentErased, todoRewrite,
        todoEraseCopy, todoAssessGaps, todoReassessGaps, todoFollowGaps, todoSignRecordsAgain,
        todoEraseOrdered, erasedByYou, erasedByThem, todoHeadingLate, todoLate, todoDecision, todoCorrection, todoEffect, todoAudit,
        todoTreatment, todoTreatmentOfNobody, todoReassess, todoReassessOfNobody
    case asOfThen, asOfNow
    case noStore, beginInit, beginJoin, beginRestore, oftenUsed, currentEngagement, currentChosen, currentNone
    case candidates, furtherPlaces, deviceWaits
    case deviceRevoked, deviceDisowned
    case beginJoinAfter

    package var phrase: Phrase {
        switch self {
        case .beginJoinAfter:
            Phrase("take up an invitation after init, or enter your organisation here", ja: "initの後に招待に応じる。または、ここで自分の組織に入る")
        case .deviceRevoked:
            Phrase(
                "This device was revoked on {date} by {label}: nothing written here is sent any more.",
                ja: "この端末の権利は{date}に{label}により取り消されました。ここで書いたものはもう送られません。")
        case .deviceDisowned:
            Phrase(
                "The server does not take this device any more, it may have been revoked or its organisation suspended: nothing written here is sent.",
                ja: "サーバがこの端末を受け付けません。権利が取り消されたか、組織が停止された可能性があります。ここで書いたものは送られません。")
        case .parties: Phrase("{own} with {counterpart}, {service}", ja: "{own}と{counterpart}、{service}")
        case .organisation: Phrase("{own}", ja: "{own}")
        case .serviceLine: Phrase("{own}, {service}", ja: "{own}、{service}")
        case .releaseLine:
            Phrase("Release {label}, {rows} {rows|row|rows}, {verification}, {sync}", ja: "公開版{label}、{rows}行、{verification}、{sync}")
        case .releaseThen: Phrase("Release {label}, {rows} {rows|row|rows}, {verification}", ja: "公開版{label}、{rows}行、{verification}")
        case .draftLine: Phrase("Draft, {rows} {rows|row|rows}, last release {label}", ja: "下書き、{rows}行、最新の公開版は{label}")
        case .draftNeverReleased: Phrase("Draft, {rows} {rows|row|rows}, nothing published yet", ja: "下書き、{rows}行、公開はまだない")
        case .noRelease: Phrase("No release received yet", ja: "公開版はまだ届いていない")
        case .verifiedTo: Phrase("verified to entry {entry}", ja: "{entry}件目まで検証済み")
        case .catchingUp: Phrase("catching up, {done} of {total} entries verified", ja: "追い付き中、{total}件中{done}件を検証済み")
        case .notVerified: Phrase("not verified", ja: "未検証")
        case .syncedAgo: Phrase("synced {age}", ja: "{age}に同期")
        case .neverSynced: Phrase("never synced", ja: "まだ同期していない")
        case .localOnly: Phrase("in this store only", ja: "このストアの中だけ")
        case .moreAfter: Phrase("There is more: --after {key}", ja: "続きがあります: --after {key}")
        case .agreed: Phrase("agreed", ja: "一致")
        case .disputed: Phrase("disputed", ja: "不一致")
        case .open: Phrase("open", ja: "未回答")
        case .unsettled: Phrase("unsettled", ja: "未確定")
        case .unreleased: Phrase("unreleased", ja: "公開途中")
        case .unpublished: Phrase("unpublished", ja: "公開なし")
        case .inNoRelease: Phrase("positions on rows that no release has", ja: "公開版にない行への見解")
        case .reworded: Phrase("reworded", ja: "文言変更")
        case .toSend: Phrase("to send", ja: "未送信")
        case .agreement: Phrase("agreement", ja: "合意")
        case .refused: Phrase("refused", ja: "拒否")
        case .waitForYou: Phrase("{n} {n|waits|wait} for you", ja: "うち{n}行はこちらの番")
        case .waitForThem: Phrase("all wait for them", ja: "相手方の対応待ち")
        case .noPositionYet: Phrase("no position of yours, or left to nobody", ja: "こちらの見解がないか、未割当てのまま")
        case .severalValues: Phrase("{n} {n|field|fields} with several values of yours", ja: "{n}項目にこちらの値が複数ある")
        case .changesSinceSync: Phrase("changes made here since the last sync", ja: "前回の同期の後にここで行った変更")
        case .entriesToMove: Phrase("not on the server yet; the next sync hands them over", ja: "まだサーバにない。次の同期で渡す")
        case .changesAwaitKey:
            Phrase("kept here until the next key of your sealed notes or drafts comes", ja: "メモや下書きの次の鍵が届くまで、ここに保管")
        case .refusedByServer: Phrase("refused by the server; kept here", ja: "サーバが拒否、ここに保管")
        case .arrivingRelease: Phrase("rows of a publish under way", ja: "公開の途中にある行")
        case .leftToNobody: Phrase("{n} of them {n|names|name} nobody yet", ja: "うち{n}行は担当が未割当て")
        case .rewordedSince: Phrase("changed since you accepted", ja: "承諾した後に変わった")
        case .bothSignedUnseen: Phrase("both signed {date}; its rows are not here", ja: "{date}に双方が署名、対象の行はここにない")
        case .rowsElsewhere: Phrase("positions on rows that are not on this device", ja: "この端末にない行への見解")
        case .closedBefore:
            Phrase(
                "The rows are not here: the provider had closed the service before this device came. Your other devices keep them.",
                ja: "行はここにありません。この端末が加わる前に、プロバイダがサービスを閉じました。自組織のほかの端末には残っています。")
        case .bothSigned: Phrase("both signed {date}", ja: "{date}に双方が署名")
        case .bothSignedStale: Phrase("both signed {date}; stale, {changed}", ja: "{date}に双方が署名、{changed}が変わり要更新")
        case .bothSignedUnsent: Phrase("both signed; yours is not sent yet", ja: "双方が署名、こちらの署名は未送信")
        case .bothSignedStaleUnsent: Phrase("both signed, not sent; stale, {changed}", ja: "双方が署名、未送信。{changed}が変わり要更新")
        case .bothSignedFrom: Phrase("both signed; valid from {date}", ja: "双方が署名、{date}から有効")
        case .bothSignedFromStale: Phrase("valid from {date}; stale, {changed}", ja: "{date}から有効、{changed}が変わり要更新")
        case .youSignedUnsent: Phrase("signed by you, not sent yet", ja: "こちらが署名、未送信")
        case .youSignedStale: Phrase("signed by you {date}; stale, {changed}", ja: "{date}にこちらが署名、{changed}が変わり要更新")
        case .theySignedStale: Phrase("signed by them {date}; stale, {changed}", ja: "{date}に相手方が署名、{changed}が変わり要更新")
        case .signedByOne: Phrase("signed {date} by one side only", ja: "{date}に片方だけが署名")
        case .agreementEndsByYou: Phrase("on {date}, said by you", ja: "{date}、こちらの申し出")
        case .agreementEndsByThem: Phrase("on {date}, said by them", ja: "{date}、相手方の申し出")
        case .agreementEndsByOne: Phrase("on {date}, said by one side", ja: "{date}、片方の申し出")
        case .endedByOne: Phrase("on {date}, said by one side; stays to be read", ja: "{date}、片方の申し出。記録は残る")
        case .waitForOne: Phrase("wait for one of the parties", ja: "当事者の対応待ち")
        case .agreementEnded: Phrase("ended {date}", ja: "{date}に終了")
        case .agreementExpired: Phrase("expired {date}", ja: "{date}に期間満了")
        case .ended: Phrase("ended", ja: "終了")
        case .ends: Phrase("ends", ja: "終了予定")
        case .endedByYou: Phrase("on {date}, said by you; stays to be read", ja: "{date}、こちらの申し出。記録は残る")
        case .endedByThem: Phrase("on {date}, said by them; stays to be read", ja: "{date}、相手方の申し出。記録は残る")
        case .endedByHandover: Phrase("on {date}, passes to {successor}; stays to be read", ja: "{date}、{successor}へ引継ぎ。記録は残る")
        case .endedByLog: Phrase("the service is closed; stays to be read", ja: "サービスの提供は終わった。記録は残る")
        case .withdrawnLabel: Phrase("{label} (withdrawn)", ja: "{label}（取り下げ）")
        case .youSigned: Phrase("signed by you {date}; waits for them", ja: "{date}にこちらが署名、相手方を待っている")
        case .theySigned: Phrase("signed by them {date}; waits for you", ja: "{date}に相手方が署名、こちらの番")
        case .noAgreement: Phrase("nothing signed yet", ja: "まだ何も署名していない")
        case .contestedSince: Phrase("contested: signed by a device whose rights were withdrawn", ja: "疑義あり。権利を取り消した端末の署名がある")
        case .next: Phrase("Next: {command}", ja: "次: {command}")
        case .nothingToDo: Phrase("Nothing waits for you.", ja: "いま行うことはありません。")
        case .todoHeading: Phrase("{n} {n|thing waits|things wait} for {own}, oldest first.", ja: "{own}が行うことが{n}件、古い順。")
        case .todoHeadingLate:
            Phrase(
                "{n} {n|thing waits|things wait} for {own}: {late} late, then the oldest first.", ja: "{own}が行うことが{n}件。期限超過{late}件、続いて古い順。")
        case .todoLate: Phrase("late: {what}", ja: "期限超過: {what}")
        case .todoDecision: Phrase("what a review decided: {record} ({owner})", ja: "レビューの決定を実施する: {record}（{owner}）")
        case .todoCorrection: Phrase("correct what an audit found: {record}", ja: "監査の指摘を是正する: {record}")
        case .todoEffect: Phrase("check that what was corrected works: {record}", ja: "是正処置の有効性を確認する: {record}")
        case .todoTreatment: Phrase("do what is planned against a risk: {record} ({owner})", ja: "計画したリスク対応を実施する: {record}（{owner}）")
        case .todoTreatmentOfNobody: Phrase("do what is planned against a risk: {record}", ja: "計画したリスク対応を実施する: {record}")
        case .todoReassess: Phrase("assess this risk again: {record} ({owner})", ja: "リスクを再評価する: {record}（{owner}）")
        case .todoReassessOfNobody: Phrase("assess this risk again: {record}", ja: "リスクを再評価する: {record}")
        case .todoAnswer: Phrase("answer {rows} {rows|row|rows}", ja: "{rows}行に回答する")
        case .todoDispute: Phrase("{rows} disputed {rows|row|rows}, your turn", ja: "不一致の{rows}行、こちらの番")
        case .todoConflict: Phrase("choose a value in {fields} {fields|field|fields}", ja: "{fields}項目で値を選ぶ")
        case .todoSign: Phrase("sign with {counterpart}", ja: "{counterpart}との合意に署名する")
        case .todoSignAgain:
            Phrase("sign again with {counterpart}: {rows} {rows|row|rows} changed", ja: "{counterpart}との合意に署名し直す（{rows}行が変わった）")
        case .todoSignRecordsAgain:
            Phrase("sign again with {counterpart}: {n} {n|record|records} changed", ja: "{counterpart}との合意に署名し直す（{n}件の記録が変わった）")
        case .todoDocumentErased:
            Phrase(
                "sign anew with {counterpart}: {n} signed {n|document was|documents were} erased",
                ja: "{counterpart}と署名し直す（署名済みの文書{n}件が消去された）")
        case .todoRewrite:
            Phrase("write {field} of {record} anew: it was erased", ja: "消去した{record}の{field}を書き直す")
        case .todoEraseCopy:
            Phrase("erase {field} of {record} too: it holds what {counterpart} erased", ja: "{counterpart}が消去した値を含む{record}の{field}も消去する")
        case .todoEraseOrdered:
            Phrase(
                "erase {field} of {record} too: it holds what the server erased by order", ja: "命令により消去された値を含む{record}の{field}も消去する")
        case .erasedByYou: Phrase("{n} {n|row|rows} with a value that you erased", ja: "こちらが値を消去した行が{n}行")
        case .erasedByThem: Phrase("{n} {n|row|rows} with a value that they erased", ja: "相手方が値を消去した行が{n}行")
        case .documentErased: Phrase("signed by both; its document was erased", ja: "双方が署名。文書は消去済み")
        case .todoConfirm: Phrase("compare the fingerprint of {counterpart} and confirm it", ja: "{counterpart}のフィンガープリントを照合して確認する")
        case .todoReview: Phrase("hold the next management review", ja: "次のマネジメントレビューを行う")
        case .todoAudit: Phrase("hold the next internal audit", ja: "次の内部監査を行う")
        case .todoReviewUpstream:
            Phrase("review {rows} {rows|row that rests|rows that rest} on what has changed upstream", ja: "上流の変更の影響を受ける{rows}行を見直す")
        case .todoAssessGaps:
            Phrase("assess {n} {n|gap that no risk names|gaps that no risk names} yet", ja: "リスクを特定していないギャップ{n}件を評価する")
        case .todoFollowGaps:
            Phrase(
                "follow {n} {n|gap|gaps} through: {n|its|their} {n|risk|risks} {n|waits|wait} to be assessed, treated or approved",
                ja: "評価、対応又は承認の済んでいないギャップ{n}件のリスク対応を進める")
        case .todoReassessGaps:
            Phrase("assess {n} {n|gap|gaps} anew: {n|it is|they are} open again", ja: "再開したギャップ{n}件を改めて評価する")
        case .todoSend: Phrase("send {n} {n|change|changes}", ja: "{n}件の変更を送る")
        case .todoPublish: Phrase("publish {rows} changed {rows|row|rows} of the draft", ja: "下書きで変わった{rows}行を公開する")
        case .todoPublishRecords: Phrase("publish {n} changed {n|record|records} of the draft", ja: "下書きで変わった{n}件の記録を公開する")
        case .todoPublishBoth:
            Phrase(
                "publish {rows} changed {rows|row|rows} and {n} other {n|record|records} of the draft",
                ja: "下書きで変わった{rows}行とその他{n}件の記録を公開する")
        case .todoPublishAgain:
            Phrase("publish a release in place of the one that was withdrawn", ja: "取り下げた公開版に代わる公開版を公開する")
        case .drafted: Phrase("draft", ja: "下書き")
        case .draftDiffers: Phrase("not as in the newest release", ja: "最新の公開版と異なる")
        case .todoReread: Phrase("read {rows} reworded {rows|row|rows} again", ja: "文言が変わった{rows}行を読み直す")
        case .todoRefused: Phrase("{n} refused {n|change|changes}: send again or give up", ja: "拒否された{n}件の変更を送り直すか捨てる")
        case .asOfThen:
            Phrase("As it stood at the end of {date}, by what the logs had received:", ja: "{date}の終わりの状態（ログがそのときまでに受領した記録による）:")
        case .asOfNow: Phrase("The records are today's, judged as of {date}:", ja: "記録は現在のもので、{date}時点で判断:")
        case .noStore: Phrase("There is no store at {path} yet. Ways to begin:", ja: "{path}にはまだストアがありません。始め方:")
        case .deviceWaits:
            Phrase(
                "This device has its keys and waits at {path}: once an admin device has added it, it joins.",
                ja: "{path}に端末の鍵があり、登録を待っています。管理端末が追加したら、次の命令で入ります。")
        case .beginInit: Phrase("make your organisation", ja: "自分の組織を作る")
        case .beginJoin: Phrase("take up an invitation, or enter your organisation on this device", ja: "招待に応じる。または、この端末で自分の組織に入る")
        case .beginRestore: Phrase("bring back a copy made with 'store backup'", ja: "「store backup」で作った写しから戻す")
        case .oftenUsed: Phrase("Used most:", ja: "よく使うもの:")
        case .currentEngagement: Phrase("Working on {name}", ja: "対象は{name}")
        case .currentChosen: Phrase("{name} is now the current one.", ja: "対象を{name}にしました。")
        case .currentNone: Phrase("Nothing is chosen.", ja: "対象は選ばれていません。")
        case .candidates: Phrase("Choose one of:", ja: "次の中から選んでください:")
        case .furtherPlaces: Phrase("and {n} more: 'buntan status --all'", ja: "ほか{n}件。「buntan status --all」で表示できます")
        }
    }
}
