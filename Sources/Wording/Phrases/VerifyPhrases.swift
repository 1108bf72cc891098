/// The lines of `verify`.
package enum VerifyPhrases: String, PhraseTable {
    package static let section = "verify"

    case reading, documentOk, documentChanged, documentElsewhere, documentBroken, rowsOk
    case formTooLarge, formNotCanonical, formMember, formUnsorted, formDigest, formKey, formScope
    case trustOk, trustMissing, trustBad
    case genesisBad, statementBad, logOk, logBad, noteMalformed, noteUnsigned, noteBadSignature, noteOtherOrigin, noteNotIncluded
    case inclusionOk, inclusionBad, entryBad, entryUnreadable, entryNoRight, entryOnWhatIsToCome, fileUnneeded
    case signatureOk, signatureBad, signatureForeign, signatureMissing, signatureContested, signaturePassedOver
    case keyOk, keyNoRight, keyRevoked, keyUnknown, viewsOk, viewMissing, viewBad, viewForeign
    case releaseOk, releaseMissing, releaseChanged, releaseBad, validOn, notValidOn, ended
    case verified, verifiedUnnamed, verifiedPartly, verifiedNotValid, notVerified, party
    case notZip, notOurZip, zipDamaged, zipTooLarge, notEvidence, partMissing, partUnknown, partMalformed, partDiffers
    case statedParty, validity, validityEnded

    package var phrase: Phrase {
        switch self {
        case .reading: Phrase("{file}: evidence for agreement {id}", ja: "{file}: 合意{id}の証拠")
        case .documentOk: Phrase("document {digest}: as signed", ja: "文書{digest}: 署名したとおり")
        case .documentChanged: Phrase("document {digest}: differs from what was signed ({found})", ja: "文書{digest}: 署名したものと違う（{found}）")
        case .documentElsewhere:
            Phrase("document: of another agreement, or of other parties, than the evidence says", ja: "文書: 証拠が示すものとは別の合意か、別の当事者のもの")
        case .documentBroken: Phrase("document: {reason}", ja: "文書: {reason}")
        case .rowsOk:
            Phrase(
                "{rows} {rows|row|rows}, {records} {records|record|records}: each digest is that of the values in the document",
                ja: "{rows}行、記録{records}件: 各ダイジェストは文書にある値のもの")
        case .formTooLarge: Phrase("it has {size} bytes, more than any document", ja: "{size}バイトあり、文書の上限を超える")
        case .formNotCanonical: Phrase("it is not canonical JSON at byte {offset}", ja: "{offset}バイト目で正規のJSONではない")
        case .formMember: Phrase("its member '{member}' is missing or of another form", ja: "「{member}」がないか、形が違う")
        case .formUnsorted: Phrase("its member '{member}' is out of order", ja: "「{member}」の順序が違う")
        case .formDigest:
            Phrase(
                "the values of record {record} give the digest {found}, not the one printed ({digest})",
                ja: "記録{record}の値のダイジェストは{found}で、印字された{digest}ではない")
        case .formKey:
            Phrase("the id of record {record} is not the one that its key gives", ja: "記録{record}のIDは、そのキーから決まるIDと違う")
        case .formScope: Phrase("record {record} is no part of its scope", ja: "記録{record}は範囲の外にある")
        case .trustOk: Phrase("{organisation}: {fingerprint}, as given with --trust", ja: "{organisation}: {fingerprint}、--trustの値と同じ")
        case .trustMissing:
            Phrase(
                "{organisation}: {fingerprint} is not compared; give its fingerprint with --trust",
                ja: "{organisation}: {fingerprint}は未照合。--trustでフィンガープリントを与える")
        case .trustBad:
            Phrase("{organisation}: {fingerprint} is none of those given with --trust", ja: "{organisation}: {fingerprint}は--trustのどれとも違う")
        case .genesisBad: Phrase("log {space}: does not begin with its own genesis", ja: "ログ{space}: 自身の起点から始まっていない")
        case .statementBad:
            Phrase(
                "entry {position} of log {log}: this statement cannot stand there ({code})",
                ja: "{log}ログの{position}件目: この宣言はここに置けない（{code}）")
        case .logOk:
            Phrase(
                "log {space}: {entries} {entries|entry|entries}, root {root} signed by the server key {key}",
                ja: "ログ{space}: {entries}件、ルート{root}にサーバの鍵{key}の署名")
        case .logBad: Phrase("log {space}: its checkpoint {reason}", ja: "ログ{space}: チェックポイントが{reason}")
        case .noteMalformed: Phrase("is none", ja: "読めない")
        case .noteUnsigned: Phrase("is not signed by the log's key", ja: "ログの鍵で署名されていない")
        case .noteBadSignature: Phrase("has a signature that does not verify", ja: "検証できない署名を持つ")
        case .noteOtherOrigin: Phrase("is of the log {found}, not {expected}", ja: "ログ{expected}ではなく{found}のもの")
        case .noteNotIncluded: Phrase("does not hold the entry", ja: "記録を含まない")
        case .inclusionOk: Phrase("entry {position} of log {log}: included in the signed log", ja: "{log}ログの{position}件目: 署名されたログに含まれる")
        case .inclusionBad:
            Phrase("entry {position} of log {log}: not included in the signed log", ja: "{log}ログの{position}件目: 署名されたログに含まれない")
        case .entryBad:
            Phrase("entry {position} of log {log}: not what its author signed ({code})", ja: "{log}ログの{position}件目: 作成者が署名したものではない（{code}）")
        case .entryUnreadable:
            Phrase(
                "entry {position} of log {log}: a field of this agreement is missing, erased or of another form",
                ja: "{log}ログの{position}件目: この合意に必要な項目がないか、消去されたか、形が違う")
        case .entryNoRight:
            Phrase(
                "entry {position} of log {log}: the device that wrote it had no right to write there",
                ja: "{log}ログの{position}件目: 書いた端末に、そこへ書く権利がない")
        case .entryOnWhatIsToCome:
            Phrase(
                "entry {position} of log {log}: made on a log that was still to come",
                ja: "{log}ログの{position}件目: まだなかったログの上で作られている")
        case .fileUnneeded:
            Phrase(
                "{file}: nothing of this agreement needs it; ask for the file as it was exported",
                ja: "{file}: この合意には不要なもの。書き出したままのファイルを求める")
        case .signatureOk:
            Phrase(
                "signed by {name}, {title}, for {organisation} on {time} with key {key}, entry {position}",
                ja: "{organisation}の{title}、{name}が{time}に鍵{key}で署名、{position}件目")
        case .signatureBad:
            Phrase("signature of {organisation} with key {key}: does not fit the document", ja: "{organisation}の鍵{key}による署名: 文書と合わない")
        case .signatureForeign:
            Phrase(
                "signature of {organisation}, entry {position}: put there by somebody else",
                ja: "{organisation}の署名、{position}件目: 別の組織が書いたもの")
        case .signatureMissing:
            Phrase("signature of {organisation}: missing; the agreement is half-signed", ja: "{organisation}の署名: ない。片方だけが署名した合意")
        case .signatureContested:
            Phrase(
                "signature of {organisation}: contested, key {key} was marked compromised after {date}",
                ja: "{organisation}の署名: 疑義あり。鍵{key}は{date}より後に侵害の印がある")
        case .signaturePassedOver:
            Phrase("passed over, since another signature of the same party counts: {finding}", ja: "同じ当事者の別の署名が有効なので数えない: {finding}")
        case .keyOk:
            Phrase(
                "key {key}: enrolled by {organisation} at entry {position}, right to sign held",
                ja: "鍵{key}: {organisation}が{position}件目で登録、署名の権利あり")
        case .keyNoRight: Phrase("key {key}: had no right to sign at entry {position}", ja: "鍵{key}: {position}件目の時点で署名の権利がない")
        case .keyRevoked: Phrase("key {key}: revoked before entry {position}", ja: "鍵{key}: {position}件目より前に取り消されていた")
        case .keyUnknown: Phrase("key {key}: no statement of {organisation} enrols it", ja: "鍵{key}: {organisation}の登録がない")
        case .viewsOk:
            Phrase(
                "{organisation} signed on {engagement} {engagement|entry|entries} of the engagement and {service} of the service",
                ja: "{organisation}は取引関係の{engagement}件、サービスの{service}件を見て署名")
        case .viewMissing:
            Phrase("{organisation}: the signature does not say on which log {space} it was made", ja: "{organisation}: 署名にログ{space}の時点がない")
        case .viewBad: Phrase("{organisation}: the log {space} it signed on is not this one", ja: "{organisation}: 署名の時点のログ{space}がこのログと違う")
        case .viewForeign:
            Phrase(
                "{organisation}: the signature is also over log {space}, which has no part in this agreement",
                ja: "{organisation}: 署名がこの合意と関係のないログ{space}にも及んでいる")
        case .releaseOk: Phrase("release {label}: digest {digest} fits its rows", ja: "公開版{label}: ダイジェスト{digest}は行と一致")
        case .releaseMissing: Phrase("release with digest {digest}: not in the evidence", ja: "ダイジェスト{digest}の公開版: 証拠にない")
        case .releaseChanged:
            Phrase("release {label}: its digest is {found}, the document names {digest}", ja: "公開版{label}: ダイジェストは{found}で、文書の{digest}と違う")
        case .releaseBad:
            Phrase(
                "release {label}: digest {digest} does not hold {records} of the covered {records|record|records}",
                ja: "公開版{label}: ダイジェスト{digest}に対象の記録{records}件がない")
        case .validOn: Phrase("valid on {date}", ja: "{date}に有効")
        case .notValidOn: Phrase("not valid on {date}", ja: "{date}には有効でない")
        case .ended: Phrase("ended by {organisation} on {date}", ja: "{organisation}が{date}に終了させた")
        case .verified: Phrase("Verified.", ja: "検証できました。")
        case .verifiedUnnamed:
            Phrase(
                "Everything fits together, but no fingerprint was compared: anybody could have made it.",
                ja: "全て整合していますが、フィンガープリントを照合していません。誰にでも作れます。")
        case .verifiedPartly:
            Phrase(
                "Everything fits together, but the fingerprint of {organisation} was not compared: anybody could have taken its part.",
                ja: "全て整合していますが、{organisation}のフィンガープリントを照合していません。その署名は誰にでも作れます。")
        case .verifiedNotValid:
            Phrase("Verified as signed; it is not valid on {date}.", ja: "署名のとおりと検証できましたが、{date}には有効ではありません。")
        case .party: Phrase("the {side} {fingerprint}", ja: "{side}側（{fingerprint}）")
        case .notVerified:
            Phrase(
                "Does not verify: {n} {n|finding|findings}. Do not rely on it; show these lines to whoever gave it to you.",
                ja: "検証できません: {n}件。これに依拠せず、以下の行を渡した相手に示してください。")
        case .notZip: Phrase("it is no archive of evidence", ja: "証拠の書庫ではありません")
        case .notOurZip:
            Phrase(
                "it is a ZIP archive, but not as it was exported: packed again, added to or cut off. Ask for the file itself",
                ja: "ZIP書庫ですが書き出したままではありません。詰め直されたか、足されたか、欠けています。元のファイルを求めてください")
        case .zipDamaged: Phrase("{part} is damaged", ja: "{part}が壊れています")
        case .zipTooLarge: Phrase("it is too large", ja: "大きすぎます")
        case .notEvidence: Phrase("it is an archive of something else, or of a later version", ja: "別のものか、新しい版の書庫です")
        case .partMissing: Phrase("{part} is missing in it", ja: "{part}がありません")
        case .partUnknown: Phrase("{part} belongs to no evidence", ja: "{part}は証拠の一部ではありません")
        case .partDiffers: Phrase("{part} is not the one that the proofs beside it are for", ja: "{part}が、隣の証明の対象と違います")
        case .statedParty: Phrase("{side}, in its own words {name}", ja: "{side}（自称: {name}）")
        case .validity: Phrase("valid {days}", ja: "有効期間: {days}")
        case .validityEnded:
            Phrase(
                "valid from {from} to {date}, the day that ended it; as signed: {days}",
                ja: "有効期間: {from}から、終了させた日の{date}まで。署名時の記載: {days}")
        case .partMalformed: Phrase("{part} cannot be read", ja: "{part}を読めません")
        }
    }
}
