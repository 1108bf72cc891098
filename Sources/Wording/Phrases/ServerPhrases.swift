/// What `buntan-server` says.
package enum ServerPhrases: String, PhraseTable {
    package static let section = "server"

    case listening, stopped, dataMissing, dataInUse, dataNewer, dataDamaged, diskFull, cannotWrite, unexpected
    case otherName, identityUnreadable, marksDamaged
    case unknownOrganisation, ambiguousOrganisation, organisationDefaultQuota, organisationSuspended, organisationServed, organisationsNone
    case headFingerprint, headSpaces, headBytes, headQuota
    case admitted, daysInvalid, labelTooLong, suspended, resumed, quotaSet, quotaNone, quotaInvalid
    case checking, checkOk, checkLogBad, checkStateBad, checkTreeBad, checkReaderBad, checkRegistryBad, fallenBack, chainsFallenBack,
        checkFailed
    case repairNone, repairNotNeeded, repairStates, repairLog, repairHow, repairNext, repairedStates, repairedLog
    case backedUp, backupExists
    case unknownSpace, oneOrAll, spaceNotRecovering, lossNotAccepted, reopened, nothingLeft, nothingSigned, cutNotAccepted, chainFirst,
        statementsLine, statementsGivenUp, statementsWhole, noneRecovering, recoveringLine, unknownLine, unknownNotAccepted, marksLost
    case dataInUseUnnamed
    case referenceLength, nothingToErase, eraseNotAgreed, eraseNotWhole, erased

    package var phrase: Phrase {
        switch self {
        case .dataInUseUnnamed:
            Phrase("{path} is in use by another process; stop it first", ja: "{path}は別のプロセスが使用中です。先に停止してください")
        case .listening: Phrase("Listening on {address}, data in {path}", ja: "{address}で待受け中、データは{path}")
        case .stopped: Phrase("Stopped.", ja: "停止しました。")
        case .dataMissing: Phrase("{path} holds no data of buntan-server", ja: "{path}にbuntan-serverのデータがありません")
        case .dataInUse: Phrase("{path} is in use by process {process}", ja: "{path}はプロセス{process}が使用中です")
        case .dataNewer:
            Phrase(
                "{path} is of version {found}; this program knows up to {known}. Nothing was changed",
                ja: "{path}の版は{found}で、このプログラムは{known}までです。何も変えていません")
        case .dataDamaged: Phrase("{path} is damaged: {detail}", ja: "{path}が壊れています: {detail}")
        case .diskFull: Phrase("the disk of {path} is full; nothing was changed", ja: "{path}のディスクがいっぱいです。何も変えていません")
        case .cannotWrite: Phrase("{path} cannot be written: {reason}", ja: "{path}に書けません: {reason}")
        case .unexpected: Phrase("something unexpected happened: {detail}", ja: "予期しないことが起きました: {detail}")
        case .unknownOrganisation: Phrase("there is no organisation '{name}'", ja: "「{name}」という組織はありません")
        case .ambiguousOrganisation: Phrase("'{name}' fits several organisations", ja: "「{name}」に当てはまる組織が複数あります")
        case .referenceLength:
            Phrase("--reference names the order, in up to {limit} bytes", ja: "--referenceには命令を示すものを{limit}バイトまでで書きます")
        case .nothingToErase:
            Phrase("space {space} holds no such value of {record}", ja: "スペース{space}に{record}のそのような値はありません")
        case .eraseNotAgreed:
            Phrase(
                "{n} {n|value|values} of {record} in space {space} would go for good, everywhere; say so with --for-good",
                ja: "スペース{space}の{record}の値{n}件が全ての場所から消え、戻りません。消す場合は--for-goodで同意してください")
        case .eraseNotWhole:
            Phrase(
                "space {space} waits for entries that were lost, or is kept elsewhere; nothing was erased",
                ja: "スペース{space}は失われた項目を待っているか、ほかで保管されています。何も消去していません")
        case .erased:
            Phrase(
                "{n} {n|value|values} of {record} erased, by entry {entry} of space {space}",
                ja: "スペース{space}の{entry}番の項目により、{record}の値{n}件を消去しました")
        case .unknownSpace: Phrase("there is no space {space}", ja: "スペース{space}はありません")
        case .oneOrAll:
            Phrase(
                "space {space} and --all are two different orders; give one of them",
                ja: "スペース{space}と--allは別々の指示です。どちらか一方だけを指定してください")
        case .spaceNotRecovering: Phrase("space {space} is not recovering; nothing to reopen", ja: "スペース{space}は復旧中ではありません。再開は不要です")
        case .lossNotAccepted:
            Phrase(
                "entries {from} to {to} of space {space} would be given up, unless clients that hold them sync first; say so with --accept-loss",
                ja: "スペース{space}の{from}番から{to}番までを諦めることになります。持っているクライアントが先に同期すれば戻ります。諦める場合は--accept-lossで同意してください")
        case .nothingLeft:
            Phrase(
                "nothing of space {space} is left here; it comes back when a client of its parties syncs",
                ja: "スペース{space}はここに何も残っていません。当事者のクライアントが同期すれば戻ります")
        case .nothingSigned:
            Phrase(
                "space {space} holds something else than this server signed, and no signed place is left to go back to",
                ja: "スペース{space}には、このサーバが署名したものと違う内容があり、戻れる署名済みの位置がありません")
        case .cutNotAccepted:
            Phrase(
                "space {space} holds something else than was signed; entries {from} to {to} would be given up; say so with --accept-loss",
                ja: "スペース{space}には署名したものと違う内容があります。{from}番から{to}番までを諦めることになります。--accept-lossで同意してください")
        case .chainFirst:
            Phrase(
                "what {organisation} said last is lost here, and may end a device's rights; a device of it that has this must sync first. If none has it any more: --accept-lost-statements {organisation}",
                ja:
                    "{organisation}の最後の宣言がここで失われています。端末の権利を終えるものかもしれません。それを持つ端末が先に同期する必要があります。もうどの端末にもなければ --accept-lost-statements {organisation}"
            )
        case .statementsLine:
            Phrase(
                "{organisation}: {held} of {n} statements about itself are here; a device of it that has the rest must sync",
                ja: "{organisation}: 自組織についての宣言{n}件のうち{held}件があります。残りを持つ端末の同期が必要です")
        case .statementsGivenUp:
            Phrase(
                "{organisation} goes on without {n} {n|statement|statements} about itself. Its administrators should look at 'buntan devices' and end again what has to end.",
                ja: "{organisation}は、自組織についての宣言{n}件なしで続きます。管理者は「buntan devices」を確かめ、終えるべき権利を改めて終えてください。")
        case .statementsWhole:
            Phrase(
                "nothing is lost of what {organisation} said about itself",
                ja: "{organisation}が自組織について宣言したものは失われていません")
        case .noneRecovering: Phrase("No space is recovering.", ja: "復旧中のスペースはありません。")
        case .recoveringLine:
            Phrase(
                "{space}: {held} of {size} entries that were signed are here (epoch {epoch})",
                ja: "{space}: 署名した{size}件のうち{held}件があります（エポック{epoch}）")
        case .unknownLine:
            Phrase(
                "{space}: {held} entries are here; how many were signed went with the marks (epoch {epoch})",
                ja: "{space}: {held}件があります。署名した件数はmarksとともに失われました（エポック{epoch}）")
        case .unknownNotAccepted:
            Phrase(
                "space {space} goes on from entry {from}; what was signed beyond is given up, unless clients that hold it sync first; say so with --accept-loss",
                ja: "スペース{space}は{from}件目から続きます。その先で署名したものは、持っているクライアントが先に同期しなければ諦めることになります。--accept-lossで同意してください")
        case .marksLost:
            Phrase(
                "{n} {n|space waits|spaces wait}: the file 'marks' is lost, and nothing else tells whether they are whole; 'buntan-server reopen' goes on",
                ja: "{n}スペースが待っています。marksファイルが失われ、全部が揃っているかを示すものがありません。buntan-server reopenで続けられます")
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
        case .checkReaderBad:
            Phrase(
                "space {space}: what {organisation} may read differs from what the logs say",
                ja: "スペース{space}: {organisation}の閲覧範囲がログの内容と違います")
        case .checkRegistryBad:
            Phrase("registry: the statements of {organisation} do not verify: {detail}", ja: "登録簿: {organisation}の宣言を検証できません: {detail}")
        case .checkFailed: Phrase("{n} {n|finding|findings}", ja: "{n}件の異常")
        case .repairNone: Phrase("Every log holds, and all that is kept of it: nothing to repair.", ja: "全てのログと、そこから作ったものは正常です。修復は不要です。")
        case .repairNotNeeded:
            Phrase("{space}: the log holds, and all that is kept of it: nothing to repair", ja: "{space}: ログと、そこから作ったものは正常です。修復は不要です")
        case .repairStates:
            Phrase("{space}: the log holds; what is kept of it would be made anew", ja: "{space}: ログは正常です。そこから作ったものを作り直します")
        case .repairLog:
            Phrase(
                "{space}: {whole} of {size} entries hold; the other {n} would be given up until those who hold them sync",
                ja: "{space}: {size}件のうち{whole}件は正常です。残り{n}件は、持っている人が同期するまで手放します")
        case .repairHow:
            Phrase(
                "Stop the server and make a copy (buntan-server backup FILE), then: buntan-server repair --all",
                ja: "サーバを止めて写しを取り(buntan-server backup ファイル)、その後: buntan-server repair --all")
        case .repairNext: Phrase("Next: buntan-server repair", ja: "次: buntan-server repair")
        case .repairedStates:
            Phrase("{space}: made anew from its {whole} {whole|entry|entries}", ja: "{space}: {whole}件から作り直しました")
        case .repairedLog:
            Phrase(
                "{space}: made anew from {whole} {whole|entry|entries}; start the server: the other {n} come back as those who hold them sync",
                ja: "{space}: {whole}件から作り直しました。サーバを起動してください。残り{n}件は、持っている人が同期すると戻ります")
        case .backedUp:
            Phrase("Written: {path}, {bytes} bytes, {spaces} {spaces|space|spaces}", ja: "{path}に書きました: {bytes}バイト、{spaces}スペース")
        case .backupExists: Phrase("{path} exists already; it was left as it is", ja: "{path}は既にあります。そのままにしました")
        case .otherName:
            Phrase(
                "the data in {path} belongs to a server named {held}, not {given}: signatures are bound to that name. Start with --server-name {held}",
                ja: "{path}のデータは{given}ではなく{held}という名前のサーバのものです。署名がその名前に結び付いています。--server-name {held}で起動してください")
        case .identityUnreadable:
            Phrase(
                "{path} holds the server's keys and cannot be read. Without it no log here can go on: bring it back from your backup",
                ja: "サーバの鍵{path}を読めません。これがないとどのログも続けられません。写しから戻してください")
        case .fallenBack:
            Phrase(
                "{n} {n|space holds|spaces hold} less than this server has signed, as after restoring a backup; they answer 'recovering'",
                ja: "{n}スペースの内容が、このサーバが署名したものより古くなっています（写しから戻した後など）。それらは「recovering」と答えます")
        case .chainsFallenBack:
            Phrase(
                "registry: {n} {n|organisation has|organisations have} fewer statements than this server has vouched for",
                ja: "登録簿: {n}組織の宣言が、このサーバが保証したものより少なくなっています")
        case .marksDamaged: Phrase("{path} is damaged at line {line}", ja: "{path}の{line}行目が壊れています")
        case .headFingerprint: Phrase("FINGERPRINT", ja: "フィンガープリント")
        case .headSpaces: Phrase("SPACES", ja: "スペース数")
        case .headBytes: Phrase("BYTES", ja: "バイト数")
        case .headQuota: Phrase("QUOTA", ja: "上限")
        case .organisationDefaultQuota: Phrase("the server's", ja: "サーバの上限")
        case .organisationSuspended: Phrase("suspended", ja: "停止中")
        case .organisationServed: Phrase("served", ja: "利用中")
        case .quotaInvalid: Phrase("'{value}' is no size; write for example 5GiB, or none", ja: "「{value}」は大きさではありません。例: 5GiB、none")
        case .daysInvalid: Phrase("'{value}' days are no validity; write 1 to 3650", ja: "「{value}」日は使えません。1から3650までです")
        case .labelTooLong: Phrase("the label is longer than {limit} bytes", ja: "名前が{limit}バイトを超えています")
        }
    }
}
