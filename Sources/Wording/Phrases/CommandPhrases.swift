/// One line about each command.
package enum CommandPhrases: String, PhraseTable {
    package static let section = "command"

    case root, groupStart, groupProvider, groupEngagement, groupRows, groupRecords, groupStanding, groupExchange, groupProof
    case initialise, join, confirm, use, config, org, orgRename, devices, device, deviceRequest, deviceAdd, deviceSet
    case deviceRevoke, key, keyPassphrase, keyRecover, keyRotate, store, storeBackup, storeRestore, storeCheck, doctor, help
    case completion
    case services, service, serviceAdd, serviceRename, serviceHandover, serviceRetire, importFiles, preview, publish, releases, withdraw
    case invite
    case engagements, engagement, engagementRename, engagementEnd, auditors, auditor, auditorAdd, auditorEnd
    case matrix, show, controls, find, answer, accept, propose, comment, note, list, soa, soaList, soaStart, soaSet, edit, delete, undo,
        erase
    case status, todo, conflicts, resolve, disputes, check, gaps, rules, trace, diff, log
    case review, reviewList, reviewStart, reviewDone
    case sync, watch, outbox, outboxRetry, outboxDiscard, outboxExport, outboxImport, bundle, bundleCreate, bundleApply, agree, agreements,
        agreement
    case agreementEnd, export, verify, report, reconcile
    package var phrase: Phrase {
        switch self {
        case .root:
            Phrase(
                "One agreed record of who is responsible for what, between a cloud provider and its customers.",
                ja: "クラウドサービスのプロバイダとカスタマの間で、誰が何に責任を持つかを一つの記録にする。")
        case .groupStart: Phrase("START", ja: "始める")
        case .groupProvider: Phrase("PROVIDER", ja: "プロバイダ")
        case .groupEngagement: Phrase("ENGAGEMENT", ja: "取引関係")
        case .groupRows: Phrase("ROWS", ja: "行")
        case .groupRecords: Phrase("RECORDS", ja: "記録")
        case .groupStanding: Phrase("STANDING", ja: "現状")
        case .groupExchange: Phrase("EXCHANGE", ja: "やり取り")
        case .groupProof: Phrase("PROOF", ja: "証明")
        case .initialise: Phrase("Make the organisation: root key, recovery code, first device.", ja: "組織を作る: ルート鍵、復旧コード、最初の端末。")
        case .join: Phrase("Take up an invitation, or enter your own organisation on a new device.", ja: "招待に応じる。または新しい端末で自分の組織に入る。")
        case .confirm: Phrase("Confirm a counterpart after comparing fingerprints.", ja: "フィンガープリントを照合した相手方を確認済みにする。")
        case .use: Phrase("Show or choose the current service or engagement.", ja: "対象のサービスか取引関係を表示する、選ぶ。")
        case .config: Phrase("Show or change settings, and where each value comes from.", ja: "設定を表示する、変える。値の出どころも示す。")
        case .org: Phrase("Own name and fingerprint, and what counterparts see.", ja: "自組織の名前とフィンガープリント、相手方に見えるもの。")
        case .orgRename: Phrase("Change the organisation's name.", ja: "組織の名前を変える。")
        case .devices: Phrase("List the devices.", ja: "端末の一覧。")
        case .device: Phrase("Enrol, change or revoke a device.", ja: "端末を登録する、変える、取り消す。")
        case .deviceRequest: Phrase("Make this device's keys and print them as a code.", ja: "この端末の鍵を作り、コードで表示する。")
        case .deviceAdd: Phrase("Enrol the device whose code this is.", ja: "このコードの端末を登録する。")
        case .deviceSet: Phrase("Change the rights of a device.", ja: "端末の権利を変える。")
        case .deviceRevoke: Phrase("End the rights of a device.", ja: "端末の権利を取り消す。")
        case .key: Phrase("Seal, recover or replace keys.", ja: "鍵を封じる、戻す、置き換える。")
        case .keyPassphrase: Phrase("Seal this device's keys with a passphrase.", ja: "この端末の鍵をパスフレーズで封じる。")
        case .keyRecover: Phrase("Restore the root key from the recovery code.", ja: "復旧コードからルート鍵を戻す。")
        case .keyRotate: Phrase("Replace the root key and the recovery code.", ja: "ルート鍵と復旧コードを置き換える。")
        case .store: Phrase("Path, size and version of the store.", ja: "ストアの場所、大きさ、版。")
        case .storeBackup: Phrase("Write a consistent copy of the store.", ja: "ストアの整合した写しを書く。")
        case .storeRestore: Phrase("Bring a copy back.", ja: "写しを戻す。")
        case .storeCheck: Phrase("Verify everything, and repair what the log proves.", ja: "全てを検証し、ログから直せるものを直す。")
        case .doctor: Phrase("Check store, keys, clock, server, certificate and versions.", ja: "ストア、鍵、時計、サーバ、証明書、版を調べる。")
        case .help: Phrase("Explain a topic.", ja: "項目を説明する。")
        case .completion: Phrase("Print the completion script of a shell.", ja: "シェルの補完スクリプトを出力する。")
        case .services:
            Phrase(
                "List services and what they build on, which edit service-dependency records.",
                ja: "自社と利用中のサービス、その上流の一覧（上流はedit service-dependencyで記録）。")
        case .service: Phrase("Add, rename, hand over or retire a service.", ja: "サービスを加える、名前を変える、引き継ぐ、終了する。")
        case .serviceAdd: Phrase("Make a new service.", ja: "サービスを作る。")
        case .serviceRename: Phrase("Give the service a new name from the next release on.", ja: "次の公開版からの名前を変える。")
        case .serviceHandover:
            Phrase("Tell every customer to whom a service passes, and end it here on that day.", ja: "サービスの引継ぎ先を全カスタマに伝え、その日にこちらでの提供を終える。")
        case .serviceRetire: Phrase("Take no further invitations and releases.", ja: "招待と公開を終える。")
        case .importFiles:
            Phrase(
                "Read workbooks, tables and OSCAL into the draft, whole; see help formats.",
                ja: "ブック、表、OSCALを下書きに読み込む。一部だけ取り込むことはない。help formatsを参照。")
        case .preview: Phrase("Show exactly what the others would see.", ja: "他の人に見える内容をそのまま示す。")
        case .publish: Phrase("Make the draft a numbered release.", ja: "下書きを番号付きの公開版にする。")
        case .releases: Phrase("List the releases.", ja: "公開版の一覧。")
        case .withdraw: Phrase("Mark a release withdrawn.", ja: "公開版を取り下げる。")
        case .invite: Phrase("Make a code with which one customer joins.", ja: "カスタマ1社が参加するためのコードを作る。")
        case .engagements: Phrase("List the engagements.", ja: "取引関係の一覧。")
        case .engagement: Phrase("Rename or end an engagement.", ja: "取引関係の名前を変える、終える。")
        case .engagementRename: Phrase("Change the name of an engagement in this store.", ja: "このストアでの取引関係の名前を変える。")
        case .engagementEnd: Phrase("End an engagement; it stays readable.", ja: "取引関係を終える。その後も読める。")
        case .auditors: Phrase("List who may read what until when.", ja: "誰がいつまで何を読めるかの一覧。")
        case .auditor: Phrase("Give or end an auditor's right to read.", ja: "監査人が読む権利を与える、終える。")
        case .auditorAdd:
            Phrase("Let an organisation read an engagement for a time; both parties see it.", ja: "ある組織に取引関係を期間を定めて読ませる。双方に見える。")
        case .auditorEnd: Phrase("End an auditor's reading of an engagement.", ja: "監査人による取引関係の閲覧を終える。")
        case .matrix: Phrase("Show the responsibility matrix.", ja: "責任分担表を表示する。")
        case .show: Phrase("Print one of anything.", ja: "何でも一つを表示する。")
        case .controls: Phrase("Show the catalogue of controls.", ja: "管理策の目録を表示する。")
        case .find: Phrase("Find a text in rows, notes, comments and records.", ja: "行、メモ、コメント、記録から文字列を探す。")
        case .soa: Phrase("Statement of applicability of a service.", ja: "サービスの適用宣言書。")
        case .soaList: Phrase("Show the statement by control, with what the rules find.", ja: "管理策ごとに、規則の指摘とともに示す。")
        case .soaStart: Phrase("Begin the statement with an entry for every control.", ja: "全ての管理策の項目を作って始める。")
        case .review: Phrase("Management review: its inputs, its record, what it decided.", ja: "マネジメントレビューのインプット、記録、決定。")
        case .reviewList: Phrase("Compile the inputs a) to f) from the records.", ja: "インプットa)～f)を記録から集める。")
        case .reviewStart: Phrase("Begin the record of a review with its inputs filled in.", ja: "インプットを記入してレビューの記録を始める。")
        case .reviewDone: Phrase("Mark what a review decided as done.", ja: "レビューで決めたことを実施済みにする。")
        case .soaSet: Phrase("Decide on controls: applicable or not, why, how far implemented.", ja: "管理策の採否、理由、実施状況を書く。")
        case .answer: Phrase("Walk through what is not answered.", ja: "未回答のものを順に回る。")
        case .accept: Phrase("Make their position your own.", ja: "相手方の見解を自分の見解にする。")
        case .propose: Phrase("State your own position.", ja: "自分の見解を示す。")
        case .comment: Phrase("Write a remark both sides see.", ja: "双方に見えるコメントを書く。")
        case .note: Phrase("Write a remark that stays in your organisation.", ja: "組織の外に出ないメモを書く。")
        case .list: Phrase("List records of a kind.", ja: "ある種類の記録の一覧。")
        case .edit: Phrase("Change a record.", ja: "記録を変える。")
        case .delete: Phrase("Mark a record deleted.", ja: "記録を削除する。")
        case .undo: Phrase("Restore the values before a change of your own.", ja: "自分の変更の前の値に戻す。")
        case .erase:
            Phrase(
                "Remove all that a field holds and has held, for good; this needs the server.",
                ja: "項目の値をこれまでの値とともに全ての場所から消去する。サーバに接続する。")
        case .status: Phrase("Show where you stand and what to do next.", ja: "現状と、次に行うことを示す。")
        case .todo: Phrase("List what waits for you, oldest first.", ja: "こちらを待っていることの一覧。古い順。")
        case .conflicts: Phrase("List fields for which your own devices wrote several values.", ja: "自分の端末で書いた値が複数ある項目の一覧。")
        case .resolve: Phrase("Choose the value of a field that has several.", ja: "値が複数ある項目の値を選ぶ。")
        case .disputes: Phrase("List rows on which the two sides differ.", ja: "双方の見解が異なる行の一覧。")
        case .check: Phrase("List violations, gaps and advice by rule.", ja: "規則ごとの違反、ギャップ、助言の一覧。")
        case .gaps: Phrase("List what is required and not offered, and what was done about it.", ja: "要求に足りないものと、その対応状況の一覧。")
        case .rules: Phrase("List the rules.", ja: "規則の一覧。")
        case .trace: Phrase("Follow a row down the supply chain.", ja: "行を供給網に沿ってたどる。")
        case .diff: Phrase("Show what differs between two states.", ja: "二つの状態の違いを示す。")
        case .log: Phrase("Show who changed what when.", ja: "誰がいつ何を変えたかを示す。")
        case .sync: Phrase("Send, fetch and verify.", ja: "送り、受け取り、検証する。")
        case .watch: Phrase("Stay connected and sync as things happen.", ja: "つないだまま、起きるたびに同期する。")
        case .outbox: Phrase("Show what waits to be sent, or was refused.", ja: "未送信と拒否された変更を示す。")
        case .outboxRetry: Phrase("Send refused changes again.", ja: "拒否された変更を送り直す。")
        case .outboxDiscard: Phrase("Give changes up.", ja: "変更を捨てる。")
        case .outboxExport: Phrase("Write the waiting changes to a file.", ja: "未送信の変更をファイルに書く。")
        case .outboxImport: Phrase("Take over changes from a file.", ja: "ファイルの変更を引き継ぐ。")
        case .bundle: Phrase("Exchange by file.", ja: "ファイルでやり取りする。")
        case .bundleCreate:
            Phrase("Write what another may read and does not have, for places without a network.", ja: "相手が読めてまだ持たないものを書く。ネットワークのない場所向け。")
        case .bundleApply: Phrase("Take what such a file brings, checked as a sync checks.", ja: "そのファイルの内容を、同期と同じく検証して取り込む。")
        case .agree: Phrase("Show exactly what will be signed, ask, and sign.", ja: "署名する内容をそのまま示し、確かめてから署名する。")
        case .agreements: Phrase("List the agreements.", ja: "合意の一覧。")
        case .agreement: Phrase("End an agreement.", ja: "合意を終える。")
        case .agreementEnd: Phrase("End an agreement on a day.", ja: "合意を日付を決めて終える。")
        case .export: Phrase("Write a file for others or for yourself.", ja: "他の人や自分のためにファイルを書く。")
        case .verify: Phrase("Check evidence without server or store.", ja: "サーバもストアもなしに証拠を検証する。")
        case .report:
            Phrase(
                "Write an engagement, a service or the organisation as one file that prints.",
                ja: "取引関係、サービス又は組織の報告書を、印刷できる一つのファイルに書く。")
        case .reconcile: Phrase("Compare a provider's and a customer's file.", ja: "プロバイダとカスタマのファイルを突き合わせる。")
        }
    }
}
