/// What `engagements`, `disputes`, `accept`, `propose` and `confirm` say.
package enum EngagementPhrases: String, PhraseTable {
    package static let section = "engagement"

    case disputesHeading, disputesNone, lastWordThem, lastWordYou, turnYou, turnThem, toAgree, toAnswer
    case accepted, acceptedOne, acceptedAlready, acceptNothing, proposed, proposedMany, proposalWithdrawn
    case proposalAsPublished, commented, noted
    case engagementsNone, renamed, ended, endKept, endQuestion
    case fingerprintTheirs, fingerprintCompare, confirmQuestion, confirmed, confirmedAlready, notConfirmed, isConfirmed
    case endedByCustomer, closesLater, hasEnded, endsOn, passesTo, passesToOn, successorKey, successorNamed, successorDiffers
    case positionAfterEnd, endsEarlier, agreementWorth

    package var phrase: Phrase {
        switch self {
        case .positionAfterEnd:
            Phrase(
                "This engagement ended on {date}: it is kept and sent, but nothing is signed here any more.",
                ja: "この取引関係は{date}に終了しています。記録して送りますが、ここで署名することはもうありません。")
        case .disputesHeading:
            Phrase(
                "{rows} {rows|row|rows} on which you and {counterpart} differ; {turn} {turn|waits|wait} for you.",
                ja: "{counterpart}と見解が異なる行は{rows}行、うち{turn}行はこちらの番。")
        case .disputesNone: Phrase("You and {counterpart} differ on no row.", ja: "{counterpart}と見解が異なる行はありません。")
        case .lastWordThem: Phrase("them: \"{text}\"", ja: "相手方: 「{text}」")
        case .lastWordYou: Phrase("you: \"{text}\"", ja: "こちら: 「{text}」")
        case .turnYou: Phrase("you", ja: "こちら")
        case .turnThem: Phrase("them", ja: "相手方")
        case .toAgree: Phrase("Agree:", ja: "承諾:")
        case .toAnswer: Phrase("Answer:", ja: "回答:")
        case .accepted: Phrase("{id} {rows} {rows|row|rows} accepted: {list}.", ja: "{rows}行を承諾しました: {list}（{id}）。")
        case .acceptedOne: Phrase("{id} {row} accepted as {allocation}.", ja: "{row}を{allocation}として承諾しました（{id}）。")
        case .acceptedAlready: Phrase("{rows} {rows|row was|rows were} accepted already.", ja: "{rows}行は承諾済みでした。")
        case .acceptNothing:
            Phrase("Nothing to accept: none of these rows has a position of theirs that differs.", ja: "承諾する行がありません。相手方の見解と異なる行はありません。")
        case .proposed: Phrase("{id} {row}: you propose {allocation}.", ja: "{row}: {allocation}を提案しました（{id}）。")
        case .proposedMany: Phrase("{id} {rows} {rows|row|rows}: you propose {allocation}.", ja: "{rows}行: {allocation}を提案しました（{id}）。")
        case .proposalWithdrawn: Phrase("{id} {row}: you have no position any more.", ja: "{row}: こちらの見解を取り下げました（{id}）。")
        case .proposalAsPublished: Phrase("{id} {row}: as published again.", ja: "{row}: 公開版どおりに戻しました（{id}）。")
        case .commented:
            Phrase(
                "{id} commented on {row}; {counterpart} sees it after the next sync.",
                ja: "{row}にコメントしました（{id}）。次の同期の後に{counterpart}に見えます。")
        case .noted: Phrase("{id} note on {row}; it stays in your organisation.", ja: "{row}にメモを付けました（{id}）。組織の外には出ません。")
        case .engagementsNone: Phrase("No engagement yet.", ja: "取引関係はまだありません。")
        case .renamed: Phrase("{id} {old} is now called {new} in this store.", ja: "このストアでの名前を{old}から{new}に変えました（{id}）。")
        case .ended:
            Phrase(
                "{id} the engagement {name} ends on {date}. It stays readable and can be exported.",
                ja: "取引関係{name}は{date}に終了します（{id}）。その後も読め、書き出せます。")
        case .endKept:
            Phrase(
                "{id} the engagement {name} ends on {date}: this is written here, and {counterpart} hears of it with the next 'buntan sync'.",
                ja: "取引関係{name}は{date}に終了します（{id}）。手元に記録しました。次の「buntan sync」で{counterpart}に届きます。")
        case .endedByCustomer:
            Phrase(
                "{counterpart} reads this after the sync; releases go on arriving until it closes the service on its side.",
                ja: "同期の後に{counterpart}に見えます。相手方がサービスを閉じるまで、公開版は届き続けます。")
        case .endsEarlier:
            Phrase(
                "{counterpart} ends it on that day; the day that you said, {said}, is kept beside it.",
                ja: "その日に終えるのは{counterpart}です。こちらが言った{said}も記録に残ります。")
        case .agreementWorth: Phrase("{id} {status}", ja: "{status}（{id}）")
        case .closesLater:
            Phrase("The service is closed to them by the first sync on {date}.", ja: "{date}の最初の同期で、相手方に対してサービスを閉じます。")
        case .hasEnded: Phrase("ended {date}", ja: "{date}に終了")
        case .endsOn: Phrase("ends on {date}", ja: "{date}に終了予定")
        case .passesTo: Phrase("passes to {successor}", ja: "{successor}へ引継ぎ")
        case .passesToOn: Phrase("passes to {successor} on {date}", ja: "{date}に{successor}へ引継ぎ")
        case .successorKey:
            Phrase(
                "{engagement} passes to {successor} on {date}, whose fingerprint is {fingerprint}: {reason}",
                ja: "{engagement}は{date}に{successor}へ引継ぎ（フィンガープリント{fingerprint}）: {reason}")
        case .successorNamed:
            Phrase(
                "{provider} names this fingerprint as that of {successor}, to whom {service} passes.",
                ja: "このフィンガープリントは、{service}を引き継ぐ{successor}のものとして{provider}が示したものと一致します。")
        case .successorDiffers:
            Phrase(
                "Take care: {provider} names another fingerprint, {fingerprint}, as that of {successor}, to whom {service} passes. Ask both before you rely on this one.",
                ja: "注意: {provider}は、{service}を引き継ぐ{successor}のものとして別のフィンガープリント{fingerprint}を示しています。頼る前に両者に確かめてください。")
        case .endQuestion: Phrase("End the engagement with {counterpart} on {date}?", ja: "{counterpart}との取引関係を{date}に終了しますか。")
        case .fingerprintTheirs: Phrase("Fingerprint of {counterpart}: {fingerprint}", ja: "{counterpart}のフィンガープリント: {fingerprint}")
        case .fingerprintCompare:
            Phrase(
                "Compare it with them by telephone or in person, not by a message through this server.",
                ja: "このサーバを通る連絡ではなく、電話か対面で相手と照合してください。")
        case .confirmQuestion: Phrase("Is it the same?", ja: "同じですか。")
        case .confirmed: Phrase("{counterpart} is confirmed. You can sign with it.", ja: "{counterpart}を確認しました。合意に署名できます。")
        case .confirmedAlready: Phrase("{counterpart} is confirmed already.", ja: "{counterpart}は確認済みです。")
        case .notConfirmed: Phrase("not confirmed", ja: "未確認")
        case .isConfirmed: Phrase("confirmed", ja: "確認済み")
        }
    }
}
