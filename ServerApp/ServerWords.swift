/// One sentence in both languages; `{name}` stands for a value.
package struct Phrase: Sendable, Hashable {
    package let en: String
    package let ja: String

    package init(en: String, ja: String) {
        self.en = en
        self.ja = ja
    }

    /// Returns the sentence with its values in place.
    package func filled(_ values: [String: String] = [:], inJapanese: Bool = false) -> String {
        values.reduce(inJapanese ? ja : en) { $0.replacing("{\($1.key)}", with: $1.value) }
    }
}

/// Every sentence that the server program says to people.
package enum ServerWords {
    package static let listening = Phrase(en: "Listening on {address}.", ja: "{address} で待ち受けています。")
    package static let stopped = Phrase(en: "Stopped; every acknowledged request is kept.", ja: "停止しました。受け付けた要求はすべて保存されています。")
    package static let addressInUse = Phrase(
        en: "{address} is in use by another program. Choose another with --listen.",
        ja: "{address} は別のプログラムが使用中です。--listen で別のアドレスを指定してください。")
    package static let addressNotAllowed = Phrase(
        en: "This user may not listen on {address}. Choose a port from 1024 with --listen, or grant CAP_NET_BIND_SERVICE.",
        ja: "このユーザーは {address} で待ち受けられません。--listen で 1024 番以上のポートを指定するか、CAP_NET_BIND_SERVICE を与えてください。")
    package static let addressUnknown = Phrase(
        en: "{address} is no address of this machine. Choose another with --listen.",
        ja: "{address} はこのマシンのアドレスではありません。--listen で別のアドレスを指定してください。")
    package static let addressFailed = Phrase(
        en: "Cannot listen on {address}: the system answers with error {number}. Choose another with --listen.",
        ja: "{address} で待ち受けられません。システムのエラー番号は {number} です。--listen で別のアドレスを指定してください。")

    package static let fileUnreadable = Phrase(
        en: "The configuration file {path} cannot be read. Check the path and its permissions.", ja: "設定ファイル {path} を読めません。パスと権限を確認してください。")
    package static let fileMalformed = Phrase(
        en: "{path}, line {line}, column {column}: this is not YAML with one setting a line, such as \"listen: 127.0.0.1:8620\".",
        ja: "{path} の {line} 行 {column} 列: 「listen: 127.0.0.1:8620」のような YAML の設定ではありません。")
    package static let unknownKey = Phrase(
        en: "{path}, line {line}: there is no setting {key}. 'buntan-server serve --print-config' lists them all.",
        ja: "{path} の {line} 行: 設定 {key} はありません。一覧は 'buntan-server serve --print-config' で表示されます。")
    package static let keyTwice = Phrase(
        en: "{path}, line {line}: a setting stands in the file twice. Remove one.", ja: "{path} の {line} 行: 同じ設定が二度書かれています。片方を消してください。")
    package static let notOneValue = Phrase(
        en: "{path}, line {line}: {key} takes one value, not a list.", ja: "{path} の {line} 行: {key} に指定できる値は一つだけです。")
    package static let unknownVariable = Phrase(
        en: "The environment sets {name}, which is no setting. Remove it or correct its name.",
        ja: "環境変数 {name} に対応する設定はありません。削除するか名前を直してください。")
    package static let invalidValue = Phrase(
        en: "{key} cannot be \"{value}\" ({source}).", ja: "{key} に「{value}」は指定できません({source})。")
    package static let tlsRequired = Phrase(
        en:
            "{listen} is reachable from other machines, so TLS is required. Give --tls-cert and --tls-key, or --insecure if a proxy in front does TLS.",
        ja: "{listen} は他のマシンから接続できるため TLS が必要です。--tls-cert と --tls-key を指定するか、前段のプロキシが TLS を行う場合は --insecure を指定してください。")
    package static let tlsIncomplete = Phrase(
        en: "A certificate needs its key and a key its certificate: {key} is missing.", ja: "証明書と鍵は両方必要です。{key} がありません。")
    package static let serverNameRequired = Phrase(
        en:
            "{listen} is reachable from other machines: say with --server-name which name they use. Signatures are bound to it, so choose one that stays.",
        ja: "{listen} は他のマシンから接続できます。接続に使う名前を --server-name で指定してください。署名はこの名前に結び付くため、変わらない名前を選んでください。")

    package static let certificateUnreadable = Phrase(
        en: "The certificate file {path} cannot be read as PEM.", ja: "証明書ファイル {path} を PEM として読めません。")
    package static let certificateMissing = Phrase(en: "{path} holds no certificate.", ja: "{path} に証明書がありません。")
    package static let keyUnreadable = Phrase(
        en: "The key file {path} cannot be read as an unencrypted PEM key.", ja: "鍵ファイル {path} を暗号化されていない PEM の鍵として読めません。")
    package static let pairRefused = Phrase(
        en: "The key in {key} does not belong to the certificate in {certificate}.", ja: "{key} の鍵は {certificate} の証明書のものではありません。")

    package static let fromFlag = Phrase(en: "flag {name}", ja: "フラグ {name}")
    package static let fromVariable = Phrase(en: "environment {name}", ja: "環境変数 {name}")
    package static let fromFile = Phrase(en: "{path}, line {line}", ja: "{path} の {line} 行")
    package static let fromFallback = Phrase(en: "default", ja: "既定値")

    /// For the test that no sentence is missing in a language, and for the table this joins.
    package static let all: [Phrase] = [
        listening, stopped, addressInUse, addressNotAllowed, addressUnknown, addressFailed, fileUnreadable, fileMalformed, unknownKey,
        keyTwice, notOneValue, unknownVariable,
        invalidValue, tlsRequired, tlsIncomplete, serverNameRequired, certificateUnreadable, certificateMissing, keyUnreadable, pairRefused,
        fromFlag, fromVariable, fromFile, fromFallback,
    ]
}
