/// What `buntan-server --help` says of its commands and their options.
package enum ServerHelpPhrases: String, PhraseTable {
    package static let section = "serverHelp"

    case program, serve, check, backup, org, orgList, orgAdmit, orgSuspend, orgQuota
    case data, config, listen, serverName, tlsCert, tlsKey, insecure, open, logFormat, logLevel, maxConnections, maxAddressConnections,
        maxRequests
    case quotaSpaceBytes, quotaOrganisationBytes, quotaOrganisationSpaces, quotaOrganisationDevices, quotaOrganisationWaiting,
        quotaDeviceWaiting
    case repair, repairAll, reopen, reopenSpace, reopenAll, acceptLoss, acceptLostStatements, erase, eraseRecord, eraseField, reference,
        eraseForGood
    case printConfig, backupFile, label, days, organisation, resume, bytes
    case withDefault

    package var phrase: Phrase {
        switch self {
        case .withDefault: Phrase("{help} Default: {value}.", ja: "{help}既定値: {value}。")
        case .program:
            Phrase(
                "The server of Buntan: keeps logs, orders entries, keeps organisations apart.", ja: "Buntanのサーバ。ログを保管し、順序を決め、組織どうしを隔てる。")
        case .serve: Phrase("Serve organisations until stopped.", ja: "停止されるまで組織に応じる。")
        case .check: Phrase("Verify every log, build all state again from it in memory, and compare.", ja: "全てのログを検証し、状態をメモリ上で作り直して比べる。")
        case .backup: Phrase("Write a consistent copy of the store while it is in use.", ja: "使用中のストアの整合した写しを書き出す。")
        case .reopen:
            Phrase(
                "Go on without what a restored backup lacks and nobody has given back; without a space, list those that wait.",
                ja: "復元したバックアップに欠け、誰も戻さなかったものなしで先へ進む。スペースの指定がなければ、待っているものを一覧する。")
        case .repair:
            Phrase(
                "Make what a disk has changed anew from what of the logs holds; without a space, list what that would be.",
                ja: "ディスクで変わってしまったものを、ログの検証できる部分から作り直す。スペースの指定がなければ、対象を一覧する。")
        case .repairAll: Phrase("Every space that needs it.", ja: "必要な全てのスペース。")
        case .reopenSpace: Phrase("The space, as 32 hexadecimal digits.", ja: "スペース。16進数32桁。")
        case .reopenAll: Phrase("Every space that is recovering.", ja: "復旧中の全てのスペース。")
        case .acceptLostStatements:
            Phrase(
                "Go on without what an organisation said last, where none of its devices has it any more: a device whose rights it ended there may act until that is said anew. Named by its fingerprint; may be repeated.",
                ja: "組織の最後の宣言を、その組織のどの端末にもない場合に限り、諦めて続ける。そこで権利を失った端末は、改めて宣言されるまで動ける。指紋で指定し、繰り返せる。")
        case .acceptLoss: Phrase("Agree that what nobody has is lost.", ja: "誰も持たないものが失われることに同意する。")
        case .erase:
            Phrase(
                "Erase values by a legal order, in the server's own name; the server must be stopped.",
                ja: "法的な命令により、サーバの名で値を消去する。サーバは停止しておく。")
        case .eraseRecord:
            Phrase(
                "The record's id; without a field, the id of a change, all of whose values go.",
                ja: "記録のid。項目の指定がなければ変更のidで、その値を全て消去する。")
        case .eraseField: Phrase("The field; all it has held goes.", ja: "項目。これまでの値も全て消去する。")
        case .reference:
            Phrase(
                "What names the order, such as its file number; whoever reads the space reads it.",
                ja: "命令を示すもの。事件番号など。スペースを読める人は皆これを読める。")
        case .eraseForGood: Phrase("Agree that the values cannot be brought back.", ja: "値が戻らないことに同意する。")
        case .org: Phrase("Let organisations in, stop them, and limit what they fill.", ja: "組織を受け入れ、停止し、使える量を決める。")
        case .orgList: Phrase("List the organisations that are registered.", ja: "登録された組織を一覧する。")
        case .orgAdmit: Phrase("Print a code that lets one organisation register, once.", ja: "1つの組織が一度だけ登録できるコードを表示する。")
        case .orgSuspend: Phrase("Refuse an organisation's devices, or take that back with --resume.", ja: "組織の端末を断る。--resumeで元に戻す。")
        case .orgQuota: Phrase("Set what an organisation's entries may fill, 'none' for the default.", ja: "組織が使える量を決める。noneで既定値に戻す。")
        case .data: Phrase("The directory that holds everything the server keeps.", ja: "サーバが保管する全てのもののディレクトリ。")
        case .config: Phrase("A YAML file with these settings.", ja: "これらの設定を書いたYAMLファイル。")
        case .listen: Phrase("Where to listen, as host:port.", ja: "待受けの場所。ホスト:ポートの形。")
        case .serverName:
            Phrase("The name clients know this server by; signatures are bound to it.", ja: "利用側から見たサーバの名前。署名がこの名前に結び付く。")
        case .tlsCert: Phrase("The certificate chain, as a PEM file.", ja: "証明書の連鎖のPEMファイル。")
        case .tlsKey: Phrase("The certificate's key, as a PEM file.", ja: "証明書の鍵のPEMファイル。")
        case .insecure:
            Phrase(
                "Serve other machines without TLS, behind something that encrypts, or not.", ja: "暗号化する前段の後ろで、TLSなしでほかのマシンに応じる。または応じない。")
        case .open: Phrase("Let organisations register without an admission code, or not.", ja: "許可コードなしで組織の登録を受け入れる。またはコードを求める。")
        case .logFormat: Phrase("How logs are written: text or json.", ja: "ログの形。textかjson。")
        case .logLevel:
            Phrase(
                "The least severe lines that are logged: trace, debug, info, notice, warning, error, critical.",
                ja: "記録する最も軽い行。trace、debug、info、notice、warning、error、critical。")
        case .maxConnections: Phrase("Connections served at once.", ja: "同時に応じる接続の数。")
        case .maxAddressConnections:
            Phrase(
                "Connections served at once from one address; all behind a proxy have one.",
                ja: "1つのアドレスから同時に応じる接続の数。プロキシの後ろは全て1つのアドレス。")
        case .maxRequests: Phrase("Requests answered at once.", ja: "同時に答える要求の数。")
        case .quotaSpaceBytes: Phrase("What one space may fill, for example 1GiB.", ja: "1つのスペースが使える量。例: 1GiB。")
        case .quotaOrganisationBytes: Phrase("What one organisation may fill.", ja: "1つの組織が使える量。")
        case .quotaOrganisationSpaces: Phrase("Spaces of one organisation.", ja: "1つの組織のスペースの数。")
        case .quotaOrganisationDevices: Phrase("Devices of one organisation.", ja: "1つの組織の端末の数。")
        case .quotaOrganisationWaiting:
            Phrase("Calls of one organisation that wait for changes at once.", ja: "1つの組織が変更を同時に待つ呼出しの数。")
        case .quotaDeviceWaiting: Phrase("Calls of one device that wait for changes at once.", ja: "1つの端末が変更を同時に待つ呼出しの数。")
        case .printConfig: Phrase("Print each setting and where it comes from, and end.", ja: "設定と出どころを表示して終わる。")
        case .backupFile: Phrase("The file to write; it must not exist.", ja: "書き出すファイル。まだないもの。")
        case .label: Phrase("Your own label for the organisation; nobody else sees it.", ja: "組織に付ける自分用の名前。ほかの人には見えない。")
        case .days: Phrase("How many days the code is valid.", ja: "コードが有効な日数。")
        case .organisation: Phrase("The beginning of its fingerprint, or its label.", ja: "指紋の初めの部分、または自分用の名前。")
        case .resume: Phrase("Serve it again.", ja: "再び応じる。")
        case .bytes: Phrase("A number of bytes such as 5GiB, or none.", ja: "バイト数。例: 5GiB。またはnone。")
        }
    }
}
