/// What `init`, `join`, `org`, `device`, `key`, `config`, `store` and `use` say.
package enum StartPhrases: String, PhraseTable {
    package static let section = "start"

    case organisationMade, fingerprintOwn, recoveryCode, recoveryKeep, serverOwn, firstDevice, keysUnsealed, keysSealed, noServerYet
    case joined, joinedConfirmed, joinedDevice, joinGoesOn, admitted, deviceRequested, deviceAsk, deviceAdded, deviceChanged, deviceRevoked
    case deviceRevokeQuestion, deviceThis, deviceIsRevoked, devicesNone
    case orgRenamed, orgSeenBy, passphraseSet, keyRecovered, deviceReplaced, keyRotated, recoveryRenewed, recoveryStays
    case valueEmpty, valueLineBreak, valueNoLanguage, valueNoTimeZone, valueNoAddress, valueNotEncrypted
    case configSet, configUnset, configLeft, configEmpty, sourceFlag, sourceEnvironment, sourceStore, sourceUser, sourceDefault
    case storePath, storeBackedUp, storeRestored, storeChecked, storeMigrated, storeRepaired
    case storeDamagedAt, storeRefetch, storeLost
    case restoreKeys, restoreSettings

    package var phrase: Phrase {
        switch self {
        case .restoreKeys:
            Phrase(
                "First copy the keys of this store back to {path}, if you have them; without them 'buntan key recover' makes it a new device.",
                ja: "このストアの鍵があれば、まず{path}に戻してください。なければ「buntan key recover」で新しい端末になります。")
        case .restoreSettings:
            Phrase(
                "A copy holds no settings (signatory, time zone, language): copy the old {path} back, or set them with 'buntan config'.",
                ja: "写しに設定（署名者、時間帯、言語）は含まれません。元の{path}を戻すか、「buntan config」で設定してください。")
        case .organisationMade: Phrase("{name} is made. Store: {path}", ja: "{name}を作りました。ストア: {path}")
        case .fingerprintOwn: Phrase("Fingerprint: {fingerprint}", ja: "フィンガープリント: {fingerprint}")
        case .recoveryCode: Phrase("Recovery code, shown this once:", ja: "復旧コード（表示はこの一度だけ）:")
        case .recoveryKeep:
            Phrase(
                "Write it down and keep it away from this device. Whoever holds it can replace your organisation's key; without it a lost key stays lost.",
                ja: "書き留めて、この端末とは別の場所に保管してください。これを持つ人は組織の鍵を置き換えられます。失うと、鍵を失ったときに戻せません。")
        case .serverOwn: Phrase("Server: {server}", ja: "サーバ: {server}")
        case .firstDevice: Phrase("This device is '{device}', with the rights {caps}.", ja: "この端末は「{device}」、権利は{caps}です。")
        case .keysUnsealed:
            Phrase(
                "The keys were written without a passphrase: anybody who reads {path} can sign for you. 'buntan key passphrase' seals them.",
                ja: "鍵をパスフレーズなしで書きました。{path}を読める人は誰でも署名できます。「buntan key passphrase」で封をしてください。")
        case .keysSealed: Phrase("The keys are sealed with your passphrase.", ja: "鍵をパスフレーズで封じました。")
        case .noServerYet:
            Phrase(
                "No server yet: everything stays in this store until 'buntan join' or 'buntan config server URL'.",
                ja: "サーバはまだありません。「buntan join」か「buntan config server URL」まで、全てこのストアの中に留まります。")
        case .joined:
            Phrase(
                "Joined: {counterpart}, {service}. This engagement is called {name} here.",
                ja: "{counterpart}の{service}に参加しました。ここでの取引関係の名前は{name}です。")
        case .joinedConfirmed:
            Phrase("{counterpart} ({fingerprint}) is confirmed by the code.", ja: "{counterpart}（{fingerprint}）はコードによって確認済みです。")
        case .admitted: Phrase("{server} has admitted {name}.", ja: "{server}に{name}が受け入れられました。")
        case .joinGoesOn:
            Phrase(
                "This device belongs to its organisation now, and what has come is kept; 'buntan sync' goes on with the rest.",
                ja: "この端末は組織の端末になり、受け取った分は保存されています。残りは「buntan sync」で続けられます。")
        case .joinedDevice: Phrase("This device now belongs to {name}.", ja: "この端末は{name}の端末になりました。")
        case .deviceRequested:
            Phrase(
                "Give this code to a device with the right 'admin'. It holds public keys only, nothing secret:",
                ja: "このコードを「admin」の権利がある端末に渡してください。公開鍵だけで、秘密は含みません:")
        case .deviceAsk:
            Phrase("Enrol '{label}' with the rights {caps}? Key {fingerprint}", ja: "「{label}」を権利{caps}で登録しますか。鍵 {fingerprint}")
        case .deviceAdded: Phrase("{label} is enrolled. On it, run:", ja: "{label}を登録しました。その端末で次を実行してください:")
        case .deviceChanged: Phrase("{label} now has the rights {caps}.", ja: "{label}の権利を{caps}にしました。")
        case .deviceRevoked:
            Phrase(
                "{label} is revoked. What it sends from now on is refused; what was accepted before stays.",
                ja: "{label}の権利を取り消しました。これから送られるものは拒否し、それまでに受け付けたものは残ります。")
        case .deviceRevokeQuestion: Phrase("End all rights of '{label}'?", ja: "「{label}」の権利を全て取り消しますか。")
        case .deviceThis: Phrase("this device", ja: "この端末")
        case .deviceIsRevoked: Phrase("revoked {date}", ja: "{date}に取消し")
        case .devicesNone: Phrase("No device yet.", ja: "端末はまだありません。")
        case .orgRenamed:
            Phrase(
                "The organisation is now called {name} ({id}). Counterparts read it after a sync; what was signed keeps the old name.",
                ja: "組織の名前を{name}に変えました（{id}）。相手方には同期の後に見えます。署名済みのものは前の名前のままです。")
        case .orgSeenBy: Phrase("Counterparts see:", ja: "相手方に見えるもの:")
        case .passphraseSet: Phrase("The keys of this device are sealed with the new passphrase.", ja: "この端末の鍵を新しいパスフレーズで封じました。")
        case .keyRecovered: Phrase("The root key is restored on this device.", ja: "ルート鍵をこの端末に戻しました。")
        case .deviceReplaced:
            Phrase(
                "This store is now device '{label}', with every right. {lost} stays enrolled until it is revoked.",
                ja: "このストアは端末「{label}」となり、全ての権利を持ちます。{lost}は取り消すまで登録されたままです。")
        case .keyRotated:
            Phrase(
                "The root key is replaced; the old one speaks for nobody any more. The fingerprint stays {fingerprint}.",
                ja: "ルート鍵を置き換えました。前の鍵では何も述べられません。フィンガープリントは{fingerprint}のままです。")
        case .recoveryRenewed:
            Phrase("New recovery code, shown this once; the old one opens nothing any more:", ja: "新しい復旧コード（表示はこの一度だけ。前のコードは使えません）:")
        case .recoveryStays: Phrase("The recovery code stays as it was.", ja: "復旧コードはそのままです。")
        case .valueEmpty: Phrase("it is empty", ja: "空です")
        case .valueLineBreak: Phrase("it holds a line break", ja: "改行を含みます")
        case .valueNoLanguage: Phrase("the languages are en and ja", ja: "言語はenかjaです")
        case .valueNoTimeZone: Phrase("a time zone is written like Asia/Tokyo", ja: "時間帯はAsia/Tokyoのように書きます")
        case .valueNoAddress: Phrase("an address is written like https://host:port", ja: "アドレスはhttps://ホスト:ポートのように書きます")
        case .valueNotEncrypted:
            Phrase("http:// is not encrypted and for loopback only; write https://", ja: "http://は暗号化されず、ループバック専用です。https://で書いてください")
        case .configLeft: Phrase("What holds now is {value} ({place}).", ja: "今は{value}が有効です（{place}）。")
        case .configSet: Phrase("{key} is now {value} ({place}).", ja: "{key}を{value}にしました（{place}）。")
        case .configUnset: Phrase("{key} is not set any more ({place}).", ja: "{key}の設定を消しました（{place}）。")
        case .configEmpty: Phrase("not set", ja: "未設定")
        case .sourceFlag: Phrase("flag {name}", ja: "オプション{name}")
        case .sourceEnvironment: Phrase("environment {name}", ja: "環境変数{name}")
        case .sourceStore: Phrase("store, {path}", ja: "ストア、{path}")
        case .sourceUser: Phrase("user file, {path}", ja: "ユーザの設定、{path}")
        case .sourceDefault: Phrase("default", ja: "既定値")
        case .storePath: Phrase("Store {path}, {size} bytes, schema {version}", ja: "ストア{path}、{size}バイト、スキーマ{version}")
        case .storeBackedUp:
            Phrase(
                "Written: {path}, {size} bytes. It holds no keys; keep those of {keys} as well.",
                ja: "{path}に書きました（{size}バイト）。鍵は含みません。{keys}の鍵も保管してください。")
        case .storeRestored: Phrase("Restored from {path}. Sync to fetch what happened since.", ja: "{path}から戻しました。その後の分は同期で取得してください。")
        case .storeChecked:
            Phrase(
                "{entries} {entries|entry|entries} in {spaces} {spaces|space|spaces} checked: all as signed.",
                ja: "{spaces}スペースの{entries}件を検査しました。全て署名どおりです。")
        case .storeMigrated:
            Phrase(
                "The store was of an older version ({from}) and is now of version {to}. A copy of the old one lies at {path}.",
                ja: "ストアの形式を{from}から{to}に更新しました。元の写しは{path}にあります。")
        case .storeDamagedAt: Phrase("Damaged: {place}", ja: "破損: {place}")
        case .storeRefetch:
            Phrase(
                "A server keeps {space}: the next sync fetches its log again. What waits to be sent stays.",
                ja: "{space}はサーバにあります。次の同期で履歴を取り直します。未送信の変更は残ります。")
        case .storeLost:
            Phrase(
                "What is damaged there is in no log that could be fetched again. Save what was not sent with 'buntan outbox export FILE', move {path} aside, keep the folder keys, and bring a backup back with 'buntan store restore FILE'.",
                ja:
                    "壊れたものは取り直せる履歴にありません。「buntan outbox export FILE」で未送信の変更を保存し、{path}を別の場所に移し、keysフォルダは残して、「buntan store restore FILE」でバックアップを戻してください。"
            )
        case .storeRepaired: Phrase("{n} derived {n|value was|values were} rebuilt from the log.", ja: "ログから{n}件の値を作り直しました。")
        }
    }
}
