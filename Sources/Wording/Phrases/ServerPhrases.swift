/// What `buntan-server` says.
package enum ServerPhrases: String, PhraseTable {
    package static let section = "server"

    case listening, listeningPlain, stopping, stopped, certificateReloaded, certificateReloadFailed, logKey
    case tlsRequired, tlsPair, tlsInvalid, tlsKeyMismatch, addressInvalid, addressInUse, addressNotOurs, configMissing
    case configInvalid, configUnknownKey, configBadValue, dataMissing, dataInUse, dataNewer, dataMigrated, dataDamaged
    case diskFull, cannotWrite, unexpected, unknownOrganisation, ambiguousOrganisation, unknownSpace, spaceNotRecovering
    case lossNotAccepted, reopened
    case admitted, suspended, resumed, quotaSet, quotaNone, organisationsNone
    case checking, checkOk, checkLogBad, checkStateBad, checkTreeBad, checkRegistryBad, checkFailed, backedUp, backupExists
    case optionData, optionConfig, optionListen, optionTLSCert, optionTLSKey, optionInsecure, optionPrintConfig, optionOpen
    case optionLogFormat, optionLogLevel, optionUntil, optionAcceptLoss

    package var phrase: Phrase {
        switch self {
        case .listening: Phrase("Listening on {address}, data in {path}", ja: "{address}で待受け中、データは{path}")
        case .listeningPlain: Phrase("Listening on {address} without TLS", ja: "TLSなしで{address}で待受け中")
        case .stopping: Phrase("Stopping; finishing what was acknowledged", ja: "停止中。受け付けたものを終えています")
        case .stopped: Phrase("Stopped.", ja: "停止しました。")
        case .certificateReloaded: Phrase("Certificate reloaded, valid until {date}", ja: "証明書を読み直しました。{date}まで有効")
        case .certificateReloadFailed:
            Phrase("the certificate was not reloaded, the old one stays: {reason}", ja: "証明書を読み直せません。前のものを使い続けます: {reason}")
        case .logKey: Phrase("Log key: {key}", ja: "ログの鍵: {key}")
        case .tlsRequired:
            Phrase(
                "{address} is not loopback: give --tls-cert and --tls-key, or --insecure if something in front encrypts",
                ja: "{address}はループバックではありません。--tls-certと--tls-keyを指定するか、前段が暗号化するなら--insecureを付けてください")
        case .tlsPair: Phrase("--tls-cert and --tls-key belong together", ja: "--tls-certと--tls-keyは一緒に指定します")
        case .tlsInvalid: Phrase("the certificate {path} cannot be used: {reason}", ja: "証明書{path}を使えません: {reason}")
        case .tlsKeyMismatch: Phrase("the key {key} does not belong to the certificate {path}", ja: "鍵{key}は証明書{path}のものではありません")
        case .addressInvalid: Phrase("'{value}' is no address; write host:port", ja: "「{value}」はアドレスではありません。ホスト:ポートの形で書きます")
        case .addressInUse: Phrase("{address} is in use already", ja: "{address}は既に使われています")
        case .addressNotOurs: Phrase("{address} cannot be listened on: {reason}", ja: "{address}で待受けできません: {reason}")
        case .configMissing: Phrase("the configuration {path} does not exist", ja: "設定{path}がありません")
        case .configInvalid: Phrase("{path} line {line}: {reason}", ja: "{path}の{line}行目: {reason}")
        case .configUnknownKey:
            Phrase("{path}: there is no setting '{key}'; there are {known}", ja: "{path}: 「{key}」という設定はありません。あるのは{known}です")
        case .configBadValue:
            Phrase("{key} cannot be '{value}' ({source}); it is {expected}", ja: "{key}に「{value}」は使えません（{source}）。使えるのは{expected}です")
        case .dataMissing: Phrase("{path} holds no data of buntan-server", ja: "{path}にbuntan-serverのデータがありません")
        case .dataInUse: Phrase("{path} is in use by process {process}", ja: "{path}はプロセス{process}が使用中です")
        case .dataNewer:
            Phrase(
                "{path} is of version {found}; this program knows up to {known}. Nothing was changed",
                ja: "{path}の版は{found}で、このプログラムは{known}までです。何も変えていません")
        case .dataMigrated:
            Phrase(
                "{path} was upgraded from version {from} to {to}; a copy of the old one lies at {copy}",
                ja: "{path}を版{from}から{to}に更新しました。元の写しは{copy}にあります")
        case .dataDamaged: Phrase("{path} is damaged: {detail}", ja: "{path}が壊れています: {detail}")
        case .diskFull: Phrase("the disk of {path} is full; pushes are refused until there is room", ja: "{path}のディスクがいっぱいです。空くまで受付けを断ります")
        case .cannotWrite: Phrase("{path} cannot be written: {reason}", ja: "{path}に書けません: {reason}")
        case .unexpected: Phrase("something unexpected happened: {detail}", ja: "予期しないことが起きました: {detail}")
        case .unknownOrganisation: Phrase("there is no organisation '{name}'", ja: "「{name}」という組織はありません")
        case .ambiguousOrganisation: Phrase("'{name}' fits several organisations", ja: "「{name}」に当てはまる組織が複数あります")
        case .unknownSpace: Phrase("there is no space {space}", ja: "スペース{space}はありません")
        case .spaceNotRecovering: Phrase("space {space} is not recovering; nothing to reopen", ja: "スペース{space}は復旧中ではありません。再開は不要です")
        case .lossNotAccepted:
            Phrase(
                "entries {from} to {to} would be given up; say so with --accept-loss",
                ja: "{from}件目から{to}件目までを諦めることになります。--accept-lossで同意してください")
        case .reopened:
            Phrase("Space {space} is open again, epoch {epoch}, from entry {entry}", ja: "スペース{space}を再開しました。エポック{epoch}、{entry}件目から")
        case .admitted: Phrase("Admission code for {name}, valid once until {date}:", ja: "{name}の許可コード。{date}まで一度だけ有効:")
        case .suspended: Phrase("{name} is suspended.", ja: "{name}を停止しました。")
        case .resumed: Phrase("{name} is no longer suspended.", ja: "{name}の停止を解きました。")
        case .quotaSet: Phrase("{name}: quota {bytes} bytes", ja: "{name}: 上限{bytes}バイト")
        case .quotaNone: Phrase("{name}: no quota of its own", ja: "{name}: 個別の上限はない")
        case .organisationsNone: Phrase("No organisation yet.", ja: "組織はまだありません。")
        case .checking: Phrase("Checking {spaces} {spaces|space|spaces}", ja: "{spaces}スペースを検査しています")
        case .checkOk:
            Phrase(
                "{spaces} {spaces|space|spaces}, {entries} {entries|entry|entries}: every log verifies, every state fits.",
                ja: "{spaces}スペース、{entries}件: 全てのログを検証でき、状態も一致します。")
        case .checkLogBad:
            Phrase("space {space}: the log does not verify at entry {entry}: {detail}", ja: "スペース{space}: {entry}件目でログを検証できません: {detail}")
        case .checkStateBad:
            Phrase("space {space}: record {record} differs from what its log says", ja: "スペース{space}: 記録{record}がログの内容と違います")
        case .checkTreeBad: Phrase("space {space}: the tree node {node} differs from its leaves", ja: "スペース{space}: 木の節{node}が葉と違います")
        case .checkRegistryBad:
            Phrase("registry: the statements of {organisation} do not verify: {detail}", ja: "登録簿: {organisation}の宣言を検証できません: {detail}")
        case .checkFailed: Phrase("{n} {n|finding|findings}", ja: "{n}件の異常")
        case .backedUp:
            Phrase("Written: {path}, {bytes} bytes, {spaces} {spaces|space|spaces}", ja: "{path}に書きました: {bytes}バイト、{spaces}スペース")
        case .backupExists: Phrase("{path} exists already; it was left as it is", ja: "{path}は既にあります。そのままにしました")
        case .optionData: Phrase("Directory of the data.", ja: "データのディレクトリ。")
        case .optionConfig: Phrase("Configuration file.", ja: "設定ファイル。")
        case .optionListen: Phrase("Address to listen on, as host:port.", ja: "待受けのアドレス。ホスト:ポートの形。")
        case .optionTLSCert: Phrase("Certificate chain, PEM.", ja: "証明書の連鎖、PEM。")
        case .optionTLSKey: Phrase("Private key, PEM.", ja: "秘密鍵、PEM。")
        case .optionInsecure:
            Phrase("Listen beyond loopback without TLS, behind something that encrypts.", ja: "暗号化する前段の後ろで、TLSなしでループバック以外でも待ち受ける。")
        case .optionPrintConfig: Phrase("Print each setting and where it comes from, and end.", ja: "設定と出どころを表示して終わる。")
        case .optionOpen: Phrase("Admit any organisation without a code.", ja: "コードなしで組織を受け入れる。")
        case .optionLogFormat: Phrase("Form of the log: text or json.", ja: "ログの形: textかjson。")
        case .optionLogLevel: Phrase("Least severe lines to log.", ja: "記録する最も軽い行。")
        case .optionUntil: Phrase("Last day the code is valid, as YYYY-MM-DD.", ja: "コードが有効な最後の日。YYYY-MM-DD。")
        case .optionAcceptLoss: Phrase("Agree that what nobody has is lost.", ja: "誰も持たないものが失われることに同意する。")
        }
    }
}
