/// What `buntan-server` says about its settings, its certificate and its address.
package enum ServerConfigPhrases: String, PhraseTable {
    package static let section = "serverConfig"

    case fileUnreadable, fileMalformed, unknownKey, keyTwice, notOneValue, unknownVariable, invalidValue
    case tlsRequired, tlsIncomplete, serverNameRequired
    case certificateUnreadable, certificateMissing, keyUnreadable, pairRefused
    case addressInUse, addressNotAllowed, addressUnknown, addressFailed
    case fromFlag, fromVariable, fromFile, fromFallback

    package var phrase: Phrase {
        switch self {
        case .fileUnreadable:
            Phrase("the configuration {path} cannot be read: check the path and its permissions", ja: "設定ファイル{path}を読めません。パスと権限を確かめてください")
        case .fileMalformed:
            Phrase(
                "{path} line {line}, column {column}: this is not YAML with one setting a line, such as listen: 127.0.0.1:8620",
                ja: "{path}の{line}行{column}列: 「listen: 127.0.0.1:8620」のような、1行に1つの設定のYAMLではありません")
        case .unknownKey:
            Phrase(
                "{path} line {line}: there is no setting '{key}'; 'buntan-server serve --print-config' lists them all",
                ja: "{path}の{line}行目: 「{key}」という設定はありません。一覧は'buntan-server serve --print-config'で見られます")
        case .keyTwice: Phrase("{path} line {line}: a setting stands here twice; remove one", ja: "{path}の{line}行目: 同じ設定が2つあります。片方を消してください")
        case .notOneValue: Phrase("{path} line {line}: '{key}' takes one value, not a list", ja: "{path}の{line}行目: 「{key}」の値は1つです。一覧は使えません")
        case .unknownVariable:
            Phrase(
                "the environment sets {name}, which is no setting: remove it or correct its name",
                ja: "環境変数{name}に当たる設定はありません。消すか名前を直してください")
        case .invalidValue: Phrase("{key} cannot be '{value}' ({source})", ja: "{key}に「{value}」は使えません（{source}）")
        case .tlsRequired:
            Phrase(
                "{listen} can be reached from other machines: give --tls-cert and --tls-key, or --insecure if something in front encrypts",
                ja: "{listen}にはほかのマシンから届きます。--tls-certと--tls-keyを指定するか、前段が暗号化するなら--insecureを付けてください")
        case .tlsIncomplete:
            Phrase("--tls-cert and --tls-key belong together; {key} is missing", ja: "--tls-certと--tls-keyは一緒に指定します。{key}がありません")
        case .serverNameRequired:
            Phrase(
                "{listen} can be reached from other machines: say with --server-name which name they use. Signatures are bound to it, so choose one that stays",
                ja: "{listen}にはほかのマシンから届きます。使われる名前を--server-nameで指定してください。署名がその名前に結び付くので、変わらない名前を選びます")
        case .certificateUnreadable: Phrase("the certificate {path} cannot be read as PEM", ja: "証明書{path}をPEMとして読めません")
        case .certificateMissing: Phrase("{path} holds no certificate", ja: "{path}に証明書がありません")
        case .keyUnreadable: Phrase("the key {path} cannot be read as a PEM key without a passphrase", ja: "鍵{path}をパスフレーズのないPEMの鍵として読めません")
        case .pairRefused: Phrase("the key {key} does not belong to the certificate {path}", ja: "鍵{key}は証明書{path}のものではありません")
        case .addressInUse:
            Phrase("{address} is in use already: choose another with --listen", ja: "{address}は既に使われています。--listenで別のものを選んでください")
        case .addressNotAllowed:
            Phrase(
                "this user may not listen on {address}: choose a port from 1024 with --listen, or grant CAP_NET_BIND_SERVICE",
                ja: "このユーザは{address}で待ち受けられません。--listenで1024以上のポートを選ぶか、CAP_NET_BIND_SERVICEを与えてください")
        case .addressUnknown:
            Phrase(
                "{address} is no address of this machine: choose another with --listen",
                ja: "{address}はこのマシンのアドレスではありません。--listenで別のものを選んでください")
        case .addressFailed: Phrase("{address} cannot be listened on: {reason}", ja: "{address}で待ち受けられません: {reason}")
        case .fromFlag: Phrase("flag {name}", ja: "フラグ{name}")
        case .fromVariable: Phrase("environment {name}", ja: "環境変数{name}")
        case .fromFile: Phrase("{path} line {line}", ja: "{path}の{line}行目")
        case .fromFallback: Phrase("default", ja: "既定値")
        }
    }
}
