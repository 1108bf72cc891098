/// The lines of `doctor`, each with its remedy.
package enum DoctorPhrases: String, PhraseTable {
    package static let section = "doctor"

    case ok, warn, fail, allWell, summary
    case storeOk, storeNone, storeNewer, storeDamaged, storeLocked, storeReadOnly, storeNotDurable, diskOk, diskLow, keysOk
    case keysUnsealed, keysMode, keysMissing, keysForeign, deviceRevoked, deviceOk, clockOk, clockOff, serverNone, serverOk
    case serverUnreachable, serverNotBuntan, serverOlder, serverNewer, serverLies, serverForgets, certificateOk, certificateSoon
    case certificateBad, certificatePlain, proxyUsed, outboxOk, outboxRefused, outboxOld, unconfirmed, counterpartsOk
    case catchingUp, historyOk, versionOk, configUnknownKey, configBadValue

    package var phrase: Phrase {
        switch self {
        case .ok: Phrase("ok", ja: "正常")
        case .warn: Phrase("warn", ja: "注意")
        case .fail: Phrase("fail", ja: "異常")
        case .allWell: Phrase("All is well.", ja: "問題ありません。")
        case .summary:
            Phrase("{warnings} {warnings|warning|warnings}, {failures} {failures|failure|failures}", ja: "注意{warnings}件、異常{failures}件")
        case .storeOk:
            Phrase("store: {path}, {entries} {entries|entry|entries}, schema {version}", ja: "ストア: {path}、{entries}件、スキーマ{version}")
        case .storeNone:
            Phrase("store: none at {path}; begin with 'buntan init' or 'buntan join'", ja: "ストア: {path}にない。「buntan init」か「buntan join」で始める")
        case .storeNewer:
            Phrase(
                "store: schema {found} is newer than this program ({known}); upgrade buntan",
                ja: "ストア: スキーマ{found}はこのプログラム（{known}）より新しい。buntanを更新する")
        case .storeDamaged:
            Phrase(
                "store: damaged at {place}; run 'buntan store check', then 'buntan sync'",
                ja: "ストア: {place}が壊れている。「buntan store check」の後に「buntan sync」を実行する")
        case .storeLocked: Phrase("store: in use by process {process}; close it", ja: "ストア: プロセス{process}が使用中。終了させる")
        case .storeReadOnly: Phrase("store: {path} cannot be written; check its owner and mode", ja: "ストア: {path}に書き込めない。所有者と権限を確認する")
        case .storeNotDurable:
            Phrase(
                "store: the setting {name} is {found}, not {expected}; the file was opened by another program",
                ja: "ストア: 設定{name}が{expected}ではなく{found}。別のプログラムが開いた可能性がある")
        case .diskOk: Phrase("disk: {free} MiB free", ja: "ディスク: 空き{free}MiB")
        case .diskLow: Phrase("disk: only {free} MiB free; make room before the next sync", ja: "ディスク: 空きが{free}MiBしかない。次の同期の前に空ける")
        case .keysOk: Phrase("keys: sealed, mode 0600", ja: "鍵: 封あり、モード0600")
        case .keysUnsealed: Phrase("keys: no passphrase; run 'buntan key passphrase'", ja: "鍵: パスフレーズがない。「buntan key passphrase」を実行する")
        case .keysMode:
            Phrase(
                "keys: {path} can be read by others (mode {mode}); run 'chmod 600 {path}'",
                ja: "鍵: {path}を他の人が読める（モード{mode}）。「chmod 600 {path}」を実行する")
        case .keysMissing:
            Phrase(
                "keys: {path} is missing; put it back, or make new ones with the recovery code: 'buntan key recover'",
                ja: "鍵: {path}がない。元に戻すか、復旧コードで新しく作る:「buntan key recover」")
        case .keysForeign:
            Phrase(
                "keys: {path} belongs to another device than the store; restore the one that belongs to it",
                ja: "鍵: {path}はストアと別の端末のもの。対応する鍵を戻す")
        case .deviceRevoked:
            Phrase(
                "device: revoked on {date} by {label}; take its work over with 'buntan outbox export'",
                ja: "端末: {date}に{label}により取り消された。「buntan outbox export」で作業を引き継ぐ")
        case .deviceOk: Phrase("device: {label}, rights {caps}", ja: "端末: {label}、権利{caps}")
        case .clockOk: Phrase("clock: {seconds} s from the server's", ja: "時計: サーバとの差は{seconds}秒")
        case .clockOff:
            Phrase(
                "clock: {seconds} s from the server's; set it, since times shown to others come from it",
                ja: "時計: サーバとの差が{seconds}秒。他の人に見える時刻のもとなので合わせる")
        case .serverNone: Phrase("server: none yet; everything stays in this store", ja: "サーバ: まだない。全てこのストアの中に留まる")
        case .serverOk:
            Phrase("server: {server}, answers in {milliseconds} ms, version {version}", ja: "サーバ: {server}、応答{milliseconds}ミリ秒、版{version}")
        case .serverUnreachable:
            Phrase(
                "server: {server} does not answer ({reason}); work goes on offline, try 'buntan sync' later",
                ja: "サーバ: {server}が応答しない（{reason}）。作業は続けられる。後で「buntan sync」を試す")
        case .serverNotBuntan:
            Phrase(
                "server: {server} is not a Buntan server; check the address with 'buntan config server'",
                ja: "サーバ: {server}はBuntanのサーバではない。「buntan config server」で確認する")
        case .serverOlder:
            Phrase(
                "server: speaks protocol up to {found}, this program needs {needed}; ask its operator to upgrade",
                ja: "サーバ: プロトコル{found}までしか話せず、{needed}が必要。運用者に更新を頼む")
        case .serverNewer:
            Phrase(
                "server: speaks protocol from {found}, this program knows {known}; upgrade buntan",
                ja: "サーバ: プロトコル{found}以降を話すが、このプログラムは{known}まで。buntanを更新する")
        case .serverLies:
            Phrase(
                "server: its history contradicts what was seen in {space}; evidence lies at {path}. Nothing was changed; tell your counterpart. When the server's log is right again, go on from a copy of this store from before ('buntan store restore'), or with a new device",
                ja: "サーバ: {space}で見た履歴と矛盾する。証拠は{path}にある。何も変えていない。相手方に知らせる。サーバのログが正された後は、その前のストアの写し（「buntan store restore」）か新しい端末で続ける")
        case .serverForgets:
            Phrase(
                "server: its log of {space} lacks what your organisation has said last; run 'buntan sync', then tell its operator",
                ja: "サーバ: {space}のログに自組織の最新の宣言がない。「buntan sync」を実行し、続くなら運用者に知らせる")
        case .certificateOk: Phrase("certificate: valid until {date}", ja: "証明書: {date}まで有効")
        case .certificateSoon: Phrase("certificate: ends on {date}; tell the server's operator", ja: "証明書: {date}に切れる。サーバの運用者に知らせる")
        case .certificateBad:
            Phrase(
                "certificate: {reason}; behind a company proxy name its CA with 'buntan config caFile FILE'",
                ja: "証明書: {reason}。社内プロキシがあるなら「buntan config caFile FILE」でCAを指定する")
        case .certificatePlain:
            Phrase("certificate: none, the connection to {server} is not encrypted", ja: "証明書: ない。{server}への接続は暗号化されていない")
        case .proxyUsed: Phrase("proxy: {proxy}", ja: "プロキシ: {proxy}")
        case .outboxOk: Phrase("to send: {n}", ja: "未送信: {n}件")
        case .outboxRefused: Phrase("to send: {n} refused; see 'buntan outbox'", ja: "未送信: 拒否が{n}件。「buntan outbox」を参照")
        case .outboxOld:
            Phrase("to send: {n}, the oldest since {date}; run 'buntan sync'", ja: "未送信: {n}件、最も古いものは{date}から。「buntan sync」を実行する")
        case .unconfirmed:
            Phrase(
                "counterparts: {name} is not confirmed; compare the fingerprint, then 'buntan confirm {handle}'",
                ja: "相手方: {name}が未確認。フィンガープリントを照合し「buntan confirm {handle}」を実行する")
        case .counterpartsOk: Phrase("counterparts: {n} confirmed", ja: "相手方: {n}件確認済み")
        case .catchingUp:
            Phrase("history: {left} {left|entry|entries} not verified yet; run 'buntan sync'", ja: "履歴: {left}件が未検証。「buntan sync」を実行する")
        case .historyOk: Phrase("history: all {n} {n|entry|entries} verified", ja: "履歴: {n}件全て検証済み")
        case .versionOk: Phrase("version: {version}", ja: "版: {version}")
        case .configUnknownKey:
            Phrase(
                "config: {path} line {line}: '{key}' is no setting; known: {known}",
                ja: "設定: {path}の{line}行目: 「{key}」という設定はない。あるのは{known}")
        case .configBadValue:
            Phrase("config: {path} line {line}: {key} cannot be '{value}'", ja: "設定: {path}の{line}行目: {key}に「{value}」は使えない")
        }
    }
}
