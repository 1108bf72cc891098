/// What a server's refusal means; the raw values are the codes of the protocol.
package enum RefusalPhrases: String, PhraseTable {
    package static let section = "refusal"

    case unavailable
    case busy
    case rateLimited = "rate_limited"
    case recovering
    case noSession = "no_session"
    case baseMismatch = "base_mismatch"
    case epochChanged = "epoch_changed"
    case behindYou = "behind_you"
    case tooManyHeads = "too_many_heads"
    case unknownPred = "unknown_pred"
    case unknownRecord = "unknown_record"
    case schemaUnknown = "schema_unknown"
    case quota
    case malformed
    case badSignature = "bad_signature"
    case cidReused = "cid_reused"
    case notOwner = "not_owner"
    case noRight = "no_right"
    case invalid
    case tooLarge = "too_large"
    case notFound = "not_found"

    package var phrase: Phrase {
        switch self {
        case .unavailable:
            Phrase("the server cannot answer now; nothing is lost, try again later", ja: "サーバがいま応答できません。失われたものはありません。後でやり直してください")
        case .busy: Phrase("the server is busy; nothing is lost, try again later", ja: "サーバが混んでいます。失われたものはありません。後でやり直してください")
        case .rateLimited: Phrase("too many requests; nothing is lost, try again later", ja: "要求が多すぎます。失われたものはありません。後でやり直してください")
        case .recovering:
            Phrase(
                "the server was restored from a backup and waits for what it lost; your copy helps it at the next sync",
                ja: "サーバはバックアップから戻され、失った分を待っています。次の同期で手元の写しが役立ちます")
        case .noSession: Phrase("the session ended; sign in again by the next sync", ja: "セッションが切れました。次の同期で入り直します")
        case .baseMismatch: Phrase("this was made on a history that the server does not have", ja: "サーバにない履歴の上で作られた変更です")
        case .epochChanged: Phrase("the server lost entries and began a new epoch", ja: "サーバが記録を失い、新しいエポックを始めました")
        case .behindYou: Phrase("you hold entries that the server lost", ja: "サーバが失った記録が手元にあります")
        case .tooManyHeads:
            Phrase("this field has too many values; choose one with 'buntan resolve'", ja: "この項目の値が多すぎます。「buntan resolve」で一つを選んでください")
        case .unknownPred: Phrase("this follows a value that the server has not received yet", ja: "サーバがまだ受け取っていない値に続く変更です")
        case .unknownRecord: Phrase("this concerns a record that the server has not received yet", ja: "サーバがまだ受け取っていない記録の変更です")
        case .schemaUnknown:
            Phrase(
                "the server does not know this kind of record or field yet; it waits for an upgrade",
                ja: "サーバがまだ知らない種類か項目です。サーバの更新を待ちます")
        case .quota:
            Phrase("the space or organisation has no room left on this server; ask its operator", ja: "このサーバの容量を使い切りました。運用者に相談してください")
        case .malformed: Phrase("the server cannot read it", ja: "サーバが読めない形です")
        case .badSignature: Phrase("its signature does not verify", ja: "署名を検証できません")
        case .cidReused: Phrase("another change has the same id", ja: "同じidの別の変更があります")
        case .notOwner: Phrase("it changes a record of the other side", ja: "相手方の記録を変えようとしています")
        case .noRight: Phrase("the device has no right to do this here", ja: "端末にここで行う権利がありません")
        case .invalid: Phrase("it does not fit the rules of its kind", ja: "その種類の規則に合いません")
        case .tooLarge: Phrase("it is larger than the server takes", ja: "サーバの上限より大きいです")
        case .notFound: Phrase("it does not exist there, or may not be seen", ja: "そこにないか、見ることができません")
        }
    }
}
