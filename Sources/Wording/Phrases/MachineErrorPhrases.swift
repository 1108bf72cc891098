/// What this machine does not let a command do with its own files, or what nobody foresaw: each ends a command of `buntan` with the
/// same status. The name of an entry is the error's code.
package enum MachineErrorPhrases: String, PhraseTable {
    package static let section = "machine"

    case passphraseFileUnreadable, diskFull, noPermission, cannotWrite, cannotReadMachine, fileExists, storeInUse
    case storeInUseUnnamed, storeNewer, storeNotOurs, keysMissing, keysDamaged, keysForeign, unexpected, unexpectedUnlogged

    package var phrase: Phrase {
        switch self {
        case .passphraseFileUnreadable:
            Phrase("the passphrase file {path} cannot be read: {reason}", ja: "パスフレーズのファイル{path}を読めません: {reason}")
        case .diskFull: Phrase("the disk of {path} is full; nothing was changed", ja: "{path}のディスクがいっぱいです。何も変えていません")
        case .noPermission: Phrase("no permission for {path}", ja: "{path}の権限がありません")
        case .cannotWrite: Phrase("{path} cannot be written: {reason}", ja: "{path}に書けません: {reason}")
        case .cannotReadMachine: Phrase("{path} cannot be read: {reason}", ja: "{path}を読めません: {reason}")
        case .fileExists: Phrase("{path} exists already; it was left as it is", ja: "{path}は既にあります。そのままにしました")
        case .storeInUse:
            Phrase(
                "the store {path} has been in use by process {process} for more than {seconds} s",
                ja: "ストア{path}はプロセス{process}が{seconds}秒より長く使っています")
        case .storeInUseUnnamed:
            Phrase(
                "the store {path} has been in use by another process for more than {seconds} s",
                ja: "ストア{path}は別のプロセスが{seconds}秒より長く使っています")
        case .storeNewer:
            Phrase(
                "the store {path} is of version {found}; this program knows up to {known}. Nothing was changed; upgrade buntan",
                ja: "ストア{path}の版は{found}で、このプログラムは{known}までです。何も変えていません。buntanを更新してください")
        case .storeNotOurs: Phrase("{path} is not a Buntan store", ja: "{path}はBuntanのストアではありません")
        case .keysMissing: Phrase("the keys of this device are not at {path}", ja: "この端末の鍵が{path}にありません")
        case .keysDamaged: Phrase("the key file {path} cannot be read", ja: "鍵のファイル{path}を読めません")
        case .keysForeign:
            Phrase(
                "the key file {path} holds the keys of another device than this store's; nothing was changed",
                ja: "鍵のファイル{path}は、このストアの端末のものではありません。何も変えていません")
        case .unexpected:
            Phrase(
                "something unexpected happened ({detail}). Details lie in {path}; please send them with a report",
                ja: "予期しないことが起きました（{detail}）。詳細は{path}にあります。報告に添えてください")
        case .unexpectedUnlogged:
            Phrase("something unexpected happened ({detail}); please report it", ja: "予期しないことが起きました（{detail}）。報告してください")
        }
    }
}
