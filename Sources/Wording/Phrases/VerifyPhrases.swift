/// The lines of `verify`.
package enum VerifyPhrases: String, PhraseTable {
    package static let section = "verify"

    case reading, documentOk, documentChanged, signatureOk, signatureBad, signatureMissing, signatureContested, keyOk
    case keyNoRight, keyRevoked, keyUnknown, logOk, logBad, inclusionOk, inclusionBad, trustOk, trustMissing, trustBad
    case releaseOk, releaseBad, rowsOk, rowsErased, validOn, notValidOn, verified, notVerified

    package var phrase: Phrase {
        switch self {
        case .reading: Phrase("{file}: evidence for {count} {count|agreement|agreements}", ja: "{file}: 合意{count}件の証拠")
        case .documentOk: Phrase("document {digest}: as signed", ja: "文書{digest}: 署名したとおり")
        case .documentChanged: Phrase("document {digest}: differs from what was signed ({found})", ja: "文書{digest}: 署名したものと違う（{found}）")
        case .signatureOk:
            Phrase(
                "signed by {name}, {title}, for {organisation} on {time} with key {key}, entry {position}",
                ja: "{organisation}の{title}、{name}が{time}に鍵{key}で署名、{position}件目")
        case .signatureBad:
            Phrase("signature of {organisation} with key {key}: does not fit the document", ja: "{organisation}の鍵{key}による署名: 文書と合わない")
        case .signatureMissing:
            Phrase("signature of {organisation}: missing; the agreement is half-signed", ja: "{organisation}の署名: ない。片方だけが署名した合意")
        case .signatureContested:
            Phrase(
                "signature of {organisation}: contested, key {key} was marked compromised after {date}",
                ja: "{organisation}の署名: 疑義あり。鍵{key}は{date}より後に侵害の印がある")
        case .keyOk:
            Phrase(
                "key {key}: enrolled by {organisation} at entry {position}, right to sign held",
                ja: "鍵{key}: {organisation}が{position}件目で登録、署名の権利あり")
        case .keyNoRight: Phrase("key {key}: had no right to sign at entry {position}", ja: "鍵{key}: {position}件目の時点で署名の権利がない")
        case .keyRevoked: Phrase("key {key}: revoked before entry {position}", ja: "鍵{key}: {position}件目より前に取り消されていた")
        case .keyUnknown: Phrase("key {key}: no statement of {organisation} enrols it", ja: "鍵{key}: {organisation}の登録がない")
        case .logOk:
            Phrase(
                "log {space}: {entries} {entries|entry|entries}, root {root} signed by the server key {key}",
                ja: "ログ{space}: {entries}件、ルート{root}にサーバの鍵{key}の署名")
        case .logBad:
            Phrase(
                "log {space}: the root computed ({found}) is not the one signed ({expected})",
                ja: "ログ{space}: 計算したルート（{found}）が署名されたもの（{expected}）と違う")
        case .inclusionOk: Phrase("entry {position}: included in the signed log", ja: "{position}件目: 署名されたログに含まれる")
        case .inclusionBad: Phrase("entry {position}: not included in the signed log", ja: "{position}件目: 署名されたログに含まれない")
        case .trustOk:
            Phrase("{organisation}: root key {fingerprint}, as given with --trust", ja: "{organisation}: ルート鍵{fingerprint}、--trustの値と同じ")
        case .trustMissing:
            Phrase(
                "{organisation}: root key {fingerprint} is not compared; give its fingerprint with --trust",
                ja: "{organisation}: ルート鍵{fingerprint}は未照合。--trustでフィンガープリントを与える")
        case .trustBad:
            Phrase(
                "{organisation}: root key {fingerprint} is none of those given with --trust",
                ja: "{organisation}: ルート鍵{fingerprint}は--trustのどれとも違う")
        case .releaseOk: Phrase("release {label}: digest {digest} fits its rows", ja: "公開版{label}: ダイジェスト{digest}は行と一致")
        case .releaseBad:
            Phrase("release {label}: digest {digest} does not fit its rows ({found})", ja: "公開版{label}: ダイジェスト{digest}が行と一致しない（{found}）")
        case .rowsOk: Phrase("{rows} {rows|row|rows} shown by the changes that made them", ja: "{rows}行が、それを作った変更によって示されている")
        case .rowsErased: Phrase("{rows} {rows|value|values} erased since; the proof stays", ja: "{rows}個の値はその後に消去された。証明は残る")
        case .validOn: Phrase("valid on {date}", ja: "{date}に有効")
        case .notValidOn: Phrase("not valid on {date}", ja: "{date}には有効でない")
        case .verified: Phrase("Verified.", ja: "検証できました。")
        case .notVerified: Phrase("Does not verify: {n} {n|finding|findings}.", ja: "検証できません: {n}件。")
        }
    }
}
