import Wording

/// What the server's commands say beyond the common table.
enum OperatorPhrases: String, PhraseTable {
    static let section = "operator"

    case otherName, identityUnreadable, fallenBack, marksDamaged, organisationLine, organisationSuspended, quotaInvalid

    var phrase: Wording.Phrase {
        switch self {
        case .otherName:
            Wording.Phrase(
                "the data in {path} belongs to a server named {held}, not {given}: signatures are bound to that name. Start with --server-name {held}",
                ja: "{path}のデータは{given}ではなく{held}という名前のサーバーのものです。署名はその名前に結び付いています。--server-name {held}で起動してください")
        case .identityUnreadable:
            Wording.Phrase(
                "{path} holds the server's keys and cannot be read. Without it no log here can go on: bring it back from your backup",
                ja: "サーバーの鍵{path}を読めません。これがないとどのログも続けられません。バックアップから戻してください")
        case .fallenBack:
            Wording.Phrase(
                "{n} {n|space holds|spaces hold} less than this server has signed, as after restoring a backup; they answer 'recovering'",
                ja: "{n}スペースの内容が、このサーバーが署名したものより古くなっています（バックアップの復元など）。それらは「recovering」と答えます")
        case .marksDamaged: Wording.Phrase("{path} is damaged at line {line}", ja: "{path}の{line}行目が壊れています")
        case .organisationLine:
            Wording.Phrase(
                "{fingerprint}  {spaces} {spaces|space|spaces}  {bytes} bytes of {quota}  {label}",
                ja: "{fingerprint}  {spaces}スペース  {quota}中{bytes}バイト  {label}")
        case .organisationSuspended: Wording.Phrase("suspended", ja: "停止中")
        case .quotaInvalid: Wording.Phrase("'{value}' is no size; write for example 5GiB, or none", ja: "「{value}」は大きさではありません。例: 5GiB、none")
        }
    }
}
