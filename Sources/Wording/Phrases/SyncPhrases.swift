/// What `sync`, `watch`, `outbox` and progress bars say.
package enum SyncPhrases: String, PhraseTable {
    package static let section = "sync"

    case connecting, fetching, sealing
    case upToDate, sent, catchingUp, verified, arrivedRelease, arrivedReleaseBeside, arrivedFirstRelease, arrivedPositions, arrivedComments,
        arrivedSignature
    case arrivedAnswersChanged
    case arrivedInForce, arrivedValidLater, arrivedStale, arrivedStaleRecords, arrivedUpstream, arrivedGaps, arrivedJoin, arrivedJoinFor,
        arrivedEntries, restoredEntries,
        restoredThere,
        reopened, salvaged, orphansRefused, frozenKept, unfrozen, denied,
        uncarried, withheld,
        nameUnknown,
        unfounded, unmoved,
        serverBehind,
        arrivedConflicts, arrivedErased, arrivedDocumentErased, serverByOrder, arrivedEraseAsked,
        arrivedEnd, arrivedHandover, arrivedHandoverBack, arrivedAgreementEnd, arrivedWithdrawal, arrivedRefusal,
        arrivedWithdrawn, arrivedDevice, arrivedRename, arrivedRoot,
        arrivedAuditor, arrivedAuditorAsks, arrivedAuditorEnd, arrivedReading, arrivedReadingEnd
    case dryToSend, dryToMove, dryToFetch, movedThere, stillHere, pendingKept, refusedKept, waitingKept, roomlessKept, retrying, sentLater
    case keyAwaited, keyAwaitedRoot
    case rotationLost, revocationLost, rightsLost, enrolmentLost
    case watchStarted, watchEvent, watchReconnected, watchCommandFailed
    case statePending, stateWaiting, stateRefused
    case outboxEmpty, outboxHeading, outboxRetried, outboxStillRefused, outboxDiscarded, outboxDiscardQuestion, outboxExported,
        outboxImportElsewhere,
        outboxImported
    case homeLog, draftLog
    case outboxKnown, outboxNotTaken, watchLost
    case statesHealed, statesBroken, statesDiffer, verifying

    package var phrase: Phrase {
        switch self {
        case .connecting: Phrase("Connecting to {server}", ja: "{server}に接続しています")
        case .fetching: Phrase("Fetching", ja: "受信中")
        case .sealing: Phrase("Sealing the keys", ja: "鍵を封じています")
        case .upToDate: Phrase("Nothing new.", ja: "新しいものはありません。")
        case .sent: Phrase("Sent {n} {n|change|changes}.", ja: "{n}件の変更を送りました。")
        case .catchingUp:
            Phrase("Catching up: usable now, {left} {left|entry|entries} still to verify.", ja: "追い付き中: もう使えます。あと{left}件を検証します。")
        case .verified: Phrase("Verified to entry {n}: {space}", ja: "{n}件目まで検証済み: {space}")
        case .verifying: Phrase("Verifying", ja: "検証中")
        case .statesHealed:
            Phrase(
                "{n} {n|record|records} of {space} here {n|was|were} not what the log gives; built again from the log, and equal to the server's now.",
                ja: "手元の{space}の記録{n}件がログと違っていました。ログから作り直し、いまはサーバと同じです。")
        case .statesBroken:
            Phrase(
                "Records of {space} differ from the server's, and the log here does not hold; nothing was changed.",
                ja: "{space}の記録がサーバと違い、手元のログも整合しません。何も変えていません。")
        case .statesDiffer:
            Phrase(
                "The server's records of {space} are not what its own log gives. Those here are, and stay; tell the server's operator.",
                ja: "サーバの{space}の記録が、サーバ自身のログと違います。手元の記録はログどおりで、そのままです。サーバの運用者に知らせてください。")
        case .homeLog: Phrase("your organisation's own records", ja: "自組織の記録")
        case .draftLog: Phrase("{service}, draft", ja: "{service}の下書き")
        case .arrivedRelease:
            Phrase(
                "{counterpart} published {label}: {rows} {rows|row|rows}, {changed} changed.",
                ja: "{counterpart}が{label}を公開: {rows}行、うち{changed}行に変更。")
        case .arrivedReleaseBeside:
            Phrase(
                "{counterpart} published {label}: {rows} {rows|row|rows}, {changed} changed, and {n} other {n|record|records}.",
                ja: "{counterpart}が{label}を公開: {rows}行、うち{changed}行に変更。その他{n}件の記録に変更。")
        case .arrivedFirstRelease:
            Phrase("{counterpart} published {label}: {rows} {rows|row|rows}.", ja: "{counterpart}が{label}を公開: {rows}行。")
        case .arrivedPositions:
            Phrase(
                "{counterpart} moved on {rows} {rows|row|rows}; now {list}.", ja: "{counterpart}が{rows}行の見解を変更。いまは{list}。")
        case .arrivedComments: Phrase("{n} {n|comment|comments} from {counterpart}.", ja: "{counterpart}からコメント{n}件。")
        case .arrivedSignature: Phrase("{counterpart} signed {id}.", ja: "{counterpart}が{id}に署名。")
        case .arrivedInForce: Phrase("{id} is in force: both signed.", ja: "{id}は双方が署名し、効力があります。")
        case .arrivedValidLater: Phrase("{id} is signed by both and valid from {date}.", ja: "{id}は双方が署名し、{date}から有効です。")
        case .arrivedStale:
            Phrase("{id} is stale now: {rows} {rows|row differs|rows differ} from what was signed.", ja: "{id}は要更新: 署名した内容と{rows}行が違います。")
        case .arrivedStaleRecords:
            Phrase("{id} is stale now: {n} {n|record differs|records differ} from what was signed.", ja: "{id}は要更新: 署名した内容と{n}件の記録が違います。")
        case .arrivedGaps:
            Phrase("{n} {n|gap|gaps} opened again in {engagement}: {next}", ja: "「{engagement}」でギャップ{n}件が再開しました: {next}")
        case .arrivedAnswersChanged:
            Phrase(
                "{counterpart} changed {rows} {rows|row|rows} that you had answered, {list}: {next}",
                ja: "{counterpart}が、回答済みの{rows}行（{list}）を変更: {next}")
        case .arrivedUpstream:
            Phrase(
                "{rows} {rows|row|rows} of {service} {rows|rests|rest} on what has changed upstream: {next}",
                ja: "「{service}」の{rows}行が上流の変更の影響を受けます: {next}")
        case .arrivedJoin: Phrase("{name} joined, fingerprint {fingerprint}.", ja: "{name}が参加、フィンガープリント{fingerprint}。")
        case .arrivedJoinFor:
            Phrase(
                "{name} joined, fingerprint {fingerprint}, with the invitation you made for {invited}.",
                ja: "{name}が、{invited}への招待コードで参加しました。フィンガープリント{fingerprint}。")
        case .arrivedEntries: Phrase("{n} new {n|entry|entries} in {space}.", ja: "{space}に新しい記録{n}件。")
        case .restoredEntries:
            Phrase(
                "{n} {n|entry|entries} of {space} fetched again: all as verified before.", ja: "{space}の記録{n}件を取得し直しました。前に検証したとおりです。")
        case .restoredThere:
            Phrase(
                "The server had lost {n} {n|entry|entries} of {space}, and has {n|it|them} back from here.",
                ja: "サーバが失っていた{space}の記録{n}件を、ここから戻しました。")
        case .reopened:
            Phrase(
                "The server's operator has gone on with {space} without {n} {n|entry|entries} that {n|was|were} here. {n|It is|They are} kept, and sent again with proof.",
                ja: "サーバの運用者が、ここにある{n}件なしで{space}を再開しました。それらは残してあり、証明を付けて送り直します。")
        case .salvaged: Phrase("{n} lost {n|entry|entries} of {space} taken in again.", ja: "失われていた{space}の記録{n}件が、再び受け入れられました。")
        case .orphansRefused:
            Phrase(
                "{n} lost {n|entry|entries} of {space} refused by the server; kept here.",
                ja: "失われていた{space}の記録{n}件をサーバが拒みました。ここに残してあります。")
        case .frozenKept:
            Phrase(
                "The server's history of {space} contradicts what was seen before. Nothing more is taken from it; evidence lies at {path}",
                ja: "{space}のサーバの履歴が、前に見たものと矛盾します。これ以上は受け取りません。証拠は{path}にあります")
        case .unfrozen:
            Phrase(
                "The server's history of {space} follows again on what was seen before: it goes on. The evidence stays.",
                ja: "{space}のサーバの履歴が、前に見たものに再びつながりました。続けます。証拠は残してあります。")
        case .denied:
            Phrase(
                "The server says that its log of {space} is another than the one it signed before. What is here stays.",
                ja: "サーバは、{space}のログが前に署名したものと違うと言っています。手元のものは残ります。")
        case .uncarried:
            Phrase(
                "The server's log of {space} lacks what your organisation has said last: whoever lost a right may still use it there. It is sent again with the next sync; if this stays, tell the server's operator.",
                ja: "サーバにある{space}のログに、自組織の最新の宣言がありません。失効した端末がそこでまだ書ける恐れがあります。次の同期で再び送ります。続くようならサーバの運用者に知らせてください。")
        case .withheld:
            Phrase(
                "The server shows {n} {n|entry|entries} of {space} without values that nobody has erased. They may come with the next sync; if this stays, run 'buntan store check' and tell the server's operator.",
                ja: "サーバが{space}の記録{n}件を、誰も抹消していない値を欠いたまま見せています。次の同期で届くことがあります。続くようなら「buntan store check」を実行し、サーバの運用者に知らせてください。")
        case .nameUnknown: Phrase("there is no such name", ja: "その名前はありません")
        case .unfounded: Phrase("An engagement was not begun: {reason}", ja: "取引関係を始められませんでした: {reason}")
        case .unmoved: Phrase("{space} was not taken over by the server: {reason}", ja: "サーバが{space}を引き受けませんでした: {reason}")
        case .serverBehind:
            Phrase(
                "The server holds less of {space} than was seen before; it may be recovering from a backup. What is here stays.",
                ja: "サーバにある{space}の履歴が前より少なくなっています。復旧の途中かもしれません。手元のものは残ります。")
        case .arrivedErased:
            Phrase(
                "{counterpart} erased {n} {n|field|fields} for good: {list}.", ja: "{counterpart}が{n}項目を消去: {list}。")
        case .arrivedDocumentErased:
            Phrase(
                "{counterpart} erased the document of agreement {id}: only evidence that was exported before proves it now.",
                ja: "{counterpart}が合意{id}の文書を消去。以後は先に書き出した証拠でだけ証明できます。")
        case .arrivedEraseAsked:
            Phrase(
                "Your {field} of {record} still holds what was erased; only you can erase it: {command}",
                ja: "消去された内容がこちらの{record}の{field}に残っています。消去できるのはこちらだけです: {command}")
        case .serverByOrder: Phrase("The server, by order {reference},", ja: "サーバ（命令{reference}）")
        case .arrivedConflicts: Phrase("{n} {n|field has|fields have} several values from your devices.", ja: "{n}項目に自分の端末の値が複数あります。")
        case .arrivedAuditor:
            Phrase(
                "{counterpart} lets {auditor} read {engagement} until {date}.",
                ja: "{counterpart}が、{auditor}に{date}まで{engagement}を読むことを認めた。")
        case .arrivedAuditorAsks:
            Phrase(
                "{counterpart} would let {auditor} read {engagement} until {date}; your word is needed too: 'buntan auditor add'.",
                ja: "{counterpart}が、{auditor}に{date}まで{engagement}を読ませたいとしている。こちらの同意も必要です（「buntan auditor add」）。")
        case .arrivedAuditorEnd:
            Phrase("{counterpart} no longer lets {auditor} read {engagement}.", ja: "{counterpart}が、{auditor}による{engagement}の閲覧を終えた。")
        case .arrivedReading:
            Phrase("You may read {engagement} as an auditor until {date}.", ja: "監査人として{engagement}を{date}まで読めます。")
        case .arrivedReadingEnd:
            Phrase(
                "{engagement} cannot be followed any more: what was read of it stays here.",
                ja: "{engagement}の閲覧は終わりました。読んだ内容はここに残ります。")
        case .arrivedEnd: Phrase("{counterpart} set the end of {engagement}: {date}.", ja: "{counterpart}が{engagement}の終了日を{date}とした。")
        case .arrivedHandover:
            Phrase(
                "{counterpart} hands the service of {engagement} over to {successor} ({fingerprint}) on {date}: {reason}",
                ja: "{counterpart}が{engagement}のサービスを{date}に{successor}（{fingerprint}）へ引き継ぐとした: {reason}")
        case .arrivedHandoverBack:
            Phrase("{counterpart} takes the handover of {engagement} back.", ja: "{counterpart}が{engagement}の引継ぎを取り消した。")
        case .arrivedAgreementEnd:
            Phrase("{counterpart} ended agreement {id} on {date}: {reason}", ja: "{counterpart}が合意{id}を{date}に終了とした: {reason}")
        case .arrivedWithdrawal:
            Phrase("{counterpart} took back its signature under {id}: {reason}", ja: "{counterpart}が{id}への署名を取り下げた: {reason}")
        case .arrivedRefusal:
            Phrase("{counterpart} turned down {id}: {reason}", ja: "{counterpart}が{id}を断った: {reason}")
        case .arrivedWithdrawn: Phrase("{counterpart} withdrew {label}: {reason}", ja: "{counterpart}が{label}を取り下げ: {reason}")
        case .arrivedDevice: Phrase("New device of yours: {label}.", ja: "自組織の新しい端末: {label}。")
        case .dryToSend: Phrase("Would send {n} {n|change|changes}.", ja: "送る変更は{n}件。")
        case .dryToMove:
            Phrase("Would hand {space} to the server: {n} {n|entry|entries}.", ja: "サーバに渡すもの: {space}（{n}件）。")
        case .movedThere: Phrase("{space} is on the server now: {n} {n|entry|entries}.", ja: "{space}をサーバに渡しました: {n}件。")
        case .stillHere:
            Phrase(
                "{space} is not on the server yet; the next sync hands over {n} {n|entry|entries}.",
                ja: "{space}はまだサーバにありません。次の同期で{n}件を渡します。")
        case .dryToFetch: Phrase("Would fetch {n} {n|entry|entries}.", ja: "受け取る記録は{n}件。")
        case .sentLater: Phrase("The next sync sends it, since this one did not: {reason}.", ja: "次の同期で送ります。今回は送れませんでした: {reason}。")
        case .rotationLost:
            Phrase(
                "The root key was not replaced: another device spoke for the organisation first. The root key and the recovery code from before are good, the new ones are not; `buntan key rotate` tries again.",
                ja: "ルート鍵は替わっていません。別の端末が先に組織の決定を伝えました。前のルート鍵と復旧コードが有効で、新しいものは無効です。`buntan key rotate`でやり直してください。")
        case .revocationLost:
            Phrase(
                "{label} is not revoked: another device spoke for the organisation first. Once more: `{command}`.",
                ja: "{label}の権利は取り消されていません。別の端末が先に組織の決定を伝えました。もう一度: `{command}`")
        case .rightsLost:
            Phrase(
                "The rights of {label} are not changed: another device spoke for the organisation first. Once more: `{command}`.",
                ja: "{label}の権利は変わっていません。別の端末が先に組織の決定を伝えました。もう一度: `{command}`")
        case .enrolmentLost:
            Phrase(
                "{label} is not added: another device spoke for the organisation first. Once more: `{command}`.",
                ja: "{label}は追加されていません。別の端末が先に組織の決定を伝えました。もう一度: `{command}`")
        case .arrivedRename: Phrase("{old} is now called {counterpart}.", ja: "{old}は{counterpart}に名前を変えました。")
        case .arrivedRoot:
            Phrase(
                "{counterpart} has replaced its root key; its fingerprint stays {fingerprint}.",
                ja: "{counterpart}はルート鍵を置き換えました。フィンガープリントは{fingerprint}のままです。")
        case .pendingKept: Phrase("{n} {n|change stays|changes stay} pending; nothing is lost.", ja: "{n}件の変更は未送信のまま残り、失われていません。")
        case .refusedKept:
            Phrase(
                "{n} {n|change was|changes were} refused and kept; 'buntan outbox' says why.",
                ja: "{n}件の変更は拒否され、手元に残っています。理由は「buntan outbox」で分かります。")
        case .waitingKept:
            Phrase("{n} {n|change waits|changes wait} for something that has not arrived.", ja: "{n}件の変更は、まだ届いていないものを待っています。")
        case .roomlessKept:
            Phrase(
                "{n} {n|change waits|changes wait} here: the server has no room left for {n|it|them}; ask its operator.",
                ja: "{n}件の変更は手元に残っています。サーバの容量が足りません。運用者に相談してください。")
        case .keyAwaited:
            Phrase(
                "{n} {n|change|changes} in {space} {n|stays|stay} here until the next key of what is written there comes. The next sync of {devices} gives it.",
                ja: "{space}の{n}件の変更は、次の鍵が届くまで手元に残ります。{devices}の次の同期で鍵が届きます。")
        case .keyAwaitedRoot:
            Phrase(
                "{n} {n|change|changes} in {space} {n|stays|stay} here until the next key of what is written there comes. No device is left that may give it; the root key adds one ('buntan key recover').",
                ja: "{space}の{n}件の変更は、次の鍵が届くまで手元に残ります。鍵を出せる端末が残っていないので、ルート鍵で追加してください（「buntan key recover」）。")
        case .retrying: Phrase("The server is busy; trying again in {seconds} s.", ja: "サーバが混んでいます。{seconds}秒後にやり直します。")
        case .watchStarted: Phrase("Watching; Ctrl-C ends it.", ja: "監視を始めました。Ctrl-Cで終わります。")
        case .watchEvent: Phrase("{time} {event}", ja: "{time} {event}")
        case .outboxKnown: Phrase("{n} {n|was|were} known already.", ja: "{n}件は既にあります。")
        case .outboxNotTaken: Phrase("One was not taken: {reason} ({detail})", ja: "1件は引き継げません: {reason}（{detail}）")
        case .watchLost: Phrase("{server} does not answer; trying again in {seconds} s.", ja: "{server}が応答しません。{seconds}秒後にやり直します。")
        case .watchReconnected: Phrase("Connected again.", ja: "再び接続しました。")
        case .watchCommandFailed: Phrase("'{command}' ended with {status}.", ja: "「{command}」は{status}で終わりました。")
        case .statePending: Phrase("pending", ja: "未送信")
        case .stateWaiting: Phrase("waiting", ja: "待ち")
        case .stateRefused: Phrase("refused", ja: "拒否")
        case .outboxEmpty: Phrase("Nothing waits to be sent.", ja: "送るものはありません。")
        case .outboxHeading: Phrase("{pending} pending, {waiting} waiting, {refused} refused", ja: "未送信{pending}、待ち{waiting}、拒否{refused}")
        case .outboxRetried: Phrase("{n} {n|change goes|changes go} out with the next sync.", ja: "{n}件の変更を次の同期で送ります。")
        case .outboxStillRefused:
            Phrase(
                "{n} {n|change|changes} would be refused again as things stand and {n|stays|stay} here.",
                ja: "{n}件の変更は今の状態ではまた拒否されるため、手元に残ります。")
        case .outboxDiscarded: Phrase("{n} {n|change|changes} discarded.", ja: "{n}件の変更を捨てました。")
        case .outboxDiscardQuestion: Phrase("Discard {n} {n|change|changes} for good?", ja: "{n}件の変更を捨てますか。元には戻せません。")
        case .outboxImportElsewhere: Phrase("On another device of your organisation:", ja: "組織の別の端末で:")
        case .outboxExported: Phrase("{n} {n|change|changes} written to {path}.", ja: "{n}件の変更を{path}に書きました。")
        case .outboxImported: Phrase("{n} {n|change|changes} taken over, signed by this device.", ja: "{n}件の変更を引き継ぎ、この端末で署名しました。")
        }
    }
}
