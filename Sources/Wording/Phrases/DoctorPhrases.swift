/// The lines of `doctor`, each with its remedy.
package enum DoctorPhrases: String, PhraseTable {
    package static let section = "doctor"

    case ok, warn, fail, allWell, summary
    case storeOk, storeNone, storeNewer, storeDamaged, storeLocked, storeReadOnly, storeNotDurable, diskOk, diskLow, keysOk
    case keysUnsealed, keysMode, keysMissing, keysForeign, deviceRevoked, deviceDisowned, deviceOk, clockOk, clockOff, serverNone, serverOk
    case serverUnreachable, serverNotBuntan, serverOlder, serverNewer, serverLies, serverForgets, certificateOk, certificateSoon
    case serverWithholds
    case certificateBad, certificatePlain, proxyUsed, outboxOk, outboxRefused, outboxOld, unconfirmed, counterpartsOk
    case statesOk, statesDiffer
    case catchingUp, historyOk, versionOk, configUnknownKey, configBadValue
    case serverBehind

    package var phrase: Phrase {
        switch self {
        case .serverBehind:
            Phrase(
                "server: it holds less of {space} than was seen before; tell its operator, and run 'buntan sync' again later",
                ja: "サーバ: {space}の履歴が前より少なくなっています。運用者に知らせ、後で「buntan sync」をもう一度実行してください")
        case .ok: Phrase("ok", ja: "正常")
        case .warn: Phrase("warn", ja: "注意")
        case .fail: Phrase("fail", ja: "異常")
        case .allWell: Phrase("All is well.", ja: "問題ありません。")
        case .summary:
            Phrase("{warnings} {warnings|warning|warnings}, {failures} {failures|failure|failures}", ja: "注意{warnings}件、異常{failures}件")
        case .storeOk:
            Phrase("store: {path}, {entries} {entries|entry|entries}, schema {version}", ja: "ストア: {path}、{entries}件、スキーマ{version}")
        case .storeNone:
            Phrase(
                "store: none at {path}; begin with 'buntan init' or 'buntan join'",
                ja: "ストア: {path}にありません。「buntan init」か「buntan join」で始めてください")
        case .storeNewer:
            Phrase(
                "store: schema {found} is newer than this program ({known}); upgrade buntan",
                ja: "ストア: スキーマ{found}はこのプログラム（{known}）より新しいです。buntanを更新してください")
        case .storeDamaged:
            Phrase(
                "store: damaged at {place}; 'buntan store check' mends it or says what does",
                ja: "ストア: {place}が壊れています。「buntan store check」で修復するか、その方法が分かります")
        case .storeLocked: Phrase("store: in use by process {process}; close it", ja: "ストア: プロセス{process}が使用中です。終了させてください")
        case .storeReadOnly: Phrase("store: {path} cannot be written; check its owner and mode", ja: "ストア: {path}に書き込めません。所有者と権限を確認してください")
        case .storeNotDurable:
            Phrase(
                "store: the setting {name} is {found}, not {expected}; the file was opened by another program",
                ja: "ストア: 設定{name}が{expected}ではなく{found}です。別のプログラムが開いた可能性があります")
        case .diskOk: Phrase("disk: {free} MiB free", ja: "ディスク: 空き{free}MiB")
        case .diskLow: Phrase("disk: only {free} MiB free; make room before the next sync", ja: "ディスク: 空きが{free}MiBしかありません。次の同期の前に空けてください")
        case .keysOk: Phrase("keys: sealed, mode 0600", ja: "鍵: 封あり、モード0600")
        case .keysUnsealed:
            Phrase("keys: no passphrase; run 'buntan key passphrase'", ja: "鍵: パスフレーズがありません。「buntan key passphrase」を実行してください")
        case .keysMode:
            Phrase(
                "keys: {path} can be read by others (mode {mode}); run 'chmod 600 {path}'",
                ja: "鍵: {path}を他の人が読めます（モード{mode}）。「chmod 600 {path}」を実行してください")
        case .keysMissing:
            Phrase(
                "keys: {path} is missing; put it back, or make new ones with the recovery code: 'buntan key recover'",
                ja: "鍵: {path}がありません。元に戻すか、復旧コードで新しく作ってください:「buntan key recover」")
        case .keysForeign:
            Phrase(
                "keys: {path} belongs to another device than the store; restore the one that belongs to it",
                ja: "鍵: {path}はストアと別の端末のものです。対応する鍵を戻してください")
        case .deviceRevoked:
            Phrase(
                "device: revoked on {date} by {label}; take its work over with 'buntan outbox export'",
                ja: "端末: {date}に{label}により取り消されました。「buntan outbox export」で作業を引き継いでください")
        case .deviceDisowned:
            Phrase(
                "device: the server does not take it any more; it may have been revoked, or the organisation suspended; do not add it again without asking an administrator",
                ja: "端末: サーバが受け付けません。権利が取り消されたか、組織が停止された可能性があります。管理者に確認せずに登録し直さないでください")
        case .deviceOk: Phrase("device: {label}, rights {caps}", ja: "端末: {label}、権利{caps}")
        case .clockOk: Phrase("clock: {seconds} s from the server's", ja: "時計: サーバとの差は{seconds}秒")
        case .clockOff:
            Phrase(
                "clock: {seconds} s from the server's; set it, since times shown to others come from it",
                ja: "時計: サーバとの差が{seconds}秒あります。他の人に見える時刻のもとなので合わせてください")
        case .serverNone: Phrase("server: none yet; everything stays in this store", ja: "サーバ: まだありません。全てこのストアの中に留まります")
        case .serverOk:
            Phrase("server: {server}, answers in {milliseconds} ms, version {version}", ja: "サーバ: {server}、応答{milliseconds}ミリ秒、版{version}")
        case .serverUnreachable:
            Phrase(
                "server: {server} does not answer ({reason}); work goes on offline, try 'buntan sync' later",
                ja: "サーバ: {server}が応答しません（{reason}）。作業は続けられます。後で「buntan sync」を試してください")
        case .serverNotBuntan:
            Phrase(
                "server: {server} is not a Buntan server; check the address with 'buntan config server'",
                ja: "サーバ: {server}はBuntanのサーバではありません。「buntan config server」で確認してください")
        case .serverOlder:
            Phrase(
                "server: speaks protocol up to {found}, this program needs {needed}; ask its operator to upgrade",
                ja: "サーバ: プロトコル{found}までしか話せず、{needed}が必要です。運用者に更新を頼んでください")
        case .serverNewer:
            Phrase(
                "server: speaks protocol from {found}, this program knows {known}; upgrade buntan",
                ja: "サーバ: プロトコル{found}以降を話しますが、このプログラムは{known}までです。buntanを更新してください")
        case .serverLies:
            Phrase(
                "server: its history contradicts what was seen in {space}; evidence lies at {path}. Nothing was changed; tell your counterpart. When its operator has put the log right, run 'buntan sync --ask-again'",
                ja:
                    "サーバ: {space}で見た履歴と矛盾します。証拠は{path}にあります。何も変えていません。相手方に知らせてください。運用者がログを正した後は「buntan sync --ask-again」を実行してください"
            )
        case .serverWithholds:
            Phrase(
                "history: {n} {n|entry|entries} of {space} came without values that nobody has erased; sync again, and if this stays run 'buntan store check' and tell the server's operator",
                ja: "履歴: {space}の記録{n}件が、誰も抹消していない値を欠いて届きました。もう一度同期し、続くようなら「buntan store check」を実行してサーバの運用者に知らせてください")
        case .serverForgets:
            Phrase(
                "server: its log of {space} lacks what your organisation has said last; run 'buntan sync', then tell its operator",
                ja: "サーバ: {space}のログに自組織の最新の宣言がありません。「buntan sync」を実行し、続くなら運用者に知らせてください")
        case .statesOk:
            Phrase(
                "records: those of {n} {n|space|spaces} are the same here and on the server", ja: "記録: {n}個のスペースで、この端末とサーバが一致しています")
        case .statesDiffer:
            Phrase(
                "records: those of {space} are other on the server than its log gives; here they are what it gives. Tell the server's operator to run 'buntan-server check'",
                ja: "記録: {space}のサーバ側の記録が、サーバのログどおりではありません。この端末の記録はログどおりです。サーバの運用者に「buntan-server check」の実行を頼んでください")
        case .certificateOk: Phrase("certificate: valid until {date}", ja: "証明書: {date}まで有効です")
        case .certificateSoon: Phrase("certificate: ends on {date}; tell the server's operator", ja: "証明書: {date}に切れます。サーバの運用者に知らせてください")
        case .certificateBad:
            Phrase(
                "certificate: {reason}; behind a company proxy name its CA with 'buntan config caFile FILE'",
                ja: "証明書: {reason}。社内プロキシがあるなら「buntan config caFile FILE」でCAを指定してください")
        case .certificatePlain:
            Phrase(
                "connection: not encrypted, which is fine here: {server} is on this machine, nothing goes over a network",
                ja: "接続: 暗号化していませんが、{server}はこの端末の中にあり、ネットワークを通らないので問題ありません")
        case .proxyUsed: Phrase("proxy: {proxy}", ja: "プロキシ: {proxy}")
        case .outboxOk: Phrase("to send: {n}", ja: "未送信: {n}件")
        case .outboxRefused: Phrase("to send: {n} refused; see 'buntan outbox'", ja: "未送信: 拒否が{n}件あります。「buntan outbox」で見てください")
        case .outboxOld:
            Phrase("to send: {n}, the oldest since {date}; run 'buntan sync'", ja: "未送信: {n}件、最も古いものは{date}からです。「buntan sync」を実行してください")
        case .unconfirmed:
            Phrase(
                "counterparts: {name} is not confirmed; compare the fingerprint, then 'buntan confirm {handle}'",
                ja: "相手方: {name}は未確認です。フィンガープリントを照合し「buntan confirm {handle}」を実行してください")
        case .counterpartsOk: Phrase("counterparts: {n} confirmed", ja: "相手方: {n}件確認済み")
        case .catchingUp:
            Phrase(
                "history: {left} {left|entry|entries} not verified yet; run 'buntan sync'", ja: "履歴: {left}件が未検証です。「buntan sync」を実行してください")
        case .historyOk: Phrase("history: all {n} {n|entry|entries} verified", ja: "履歴: {n}件全て検証済み")
        case .versionOk: Phrase("version: {version}", ja: "版: {version}")
        case .configUnknownKey:
            Phrase(
                "config: {path} line {line}: '{key}' is no setting; known: {known}",
                ja: "設定: {path}の{line}行目: 「{key}」という設定はありません。あるのは{known}です")
        case .configBadValue:
            Phrase("config: {path} line {line}: {key} cannot be '{value}'", ja: "設定: {path}の{line}行目: {key}に「{value}」は使えません")
        }
    }
}
