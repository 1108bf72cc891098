/// Help of options and arguments.
package enum OptionPhrases: String, PhraseTable {
    package static let section = "option"

    case store, service, engagement, json, jsonl, plain, fields, lang, utc, wide, noPager, noColor, quiet, verbose, yes
    case noInput, passphraseFile, exitCode, caFile, proxy
    case newPassphraseFile, org, orgJa, orgFingerprint, server, admission, code, caps, label, name, key, value, unset, user, topic, shell,
        model, deployment,
        template
    case storedFramework, files, file, map, saveMap, format, exportFormat, exportID, dryRun, askAgain, audience, previewAudience,
        releaseLabel, message,
        until, on,
        list,
        revoke, rows, controls, rules, ruleGroup, sharedRecord,
        row, ids, id
    case gap, gapAreas, field, whereCondition, group, heatmap, allocation, withdraw, text, kind, setField, from, change, all, take
    case takeValue, editValue, deleteRecord, restoreRecord, seen, limit, after, range, confirm, documentDigest, printDocument, readDocument
    case signIncomplete
    case sheet, columnsOf, framework, encoding, removeAbsent
    case with, except, validRange, at, atNow, atDay, output, trust, evidenceFile, reconcileFiles, sinceFile, exec, retry, discard, reason
    case successor, handoverDay, handoverBack
    case newName, codeFile, keepCode, compromisedAfter, eraseReason, bundleOwn, bundleWhole
    case reportOutput, reportFormat, reportAudience, reportOrganisation
    case answersFrom, onlyList
    case position, edition, applicable, applicableFor, entryReason, implemented, confirmedBy, whereEntry, decision, doneOn, soaForm,
        soaFrom
    case fingerprint, auditorUntil, auditByBoth, auditorName, auditorsAll

    package var phrase: Phrase {
        switch self {
        case .edition:
            Phrase(
                "Edition that the statement rests on, as jisq27001-2023; else the one in force.",
                ja: "適用宣言書が拠る版（jisq27001-2023など）。省略時は現行の版。")
        case .position: Phrase("Position held for the service: provider, customer or both.", ja: "サービスでの立場: provider、customer、both。")
        case .applicable: Phrase("Whether the controls are adopted: yes or no.", ja: "管理策を採用するか: yesかno。")
        case .applicableFor:
            Phrase(
                "Decide on this alone: 27001, 27017, provider or customer; else on all that the control has.",
                ja: "決定の対象: 27001、27017、provider、customer。指定しなければ管理策が持つ全て。")
        case .soaForm: Phrase("Fill the statement in as one form in the editor.", ja: "適用宣言書を一つの様式としてエディタで記入する。")
        case .soaFrom: Phrase("Take a form from this file.", ja: "記入済みの様式をこのファイルから読む。")
        case .entryReason: Phrase("Reason for the decision.", ja: "決定の理由。")
        case .implemented:
            Phrase("How far: implemented, partial, planned, not-implemented.", ja: "実施状況: implemented、partial、planned、not-implemented。")
        case .decision: Phrase("A decision of a review, by the beginning of its id.", ja: "レビューの決定。id番号の先頭で示す。")
        case .doneOn: Phrase("The day on which it was done; today unless said.", ja: "実施した日。省略すると今日。")
        case .confirmedBy: Phrase("Who has confirmed an exclusion.", ja: "除外を確認した者。")
        case .whereEntry:
            Phrase(
                "Entries by a field, by applicable=yes|no|undecided, or by rule=SOA-4.", ja: "項目、applicable=yes|no|undecided、rule=SOA-4で選ぶ。"
            )
        case .answersFrom:
            Phrase(
                "Take over the answers of another engagement, or of a signed agreement or its release.",
                ja: "別の取引関係、又は署名した合意（公開版の名前でもよい）の回答を引き継ぐ。")
        case .onlyList: Phrase("Only list what waits; with --from, what would be taken over.", ja: "待っている行だけを示す。--fromでは、引き継ぐ行だけを示す。")
        case .fingerprint: Phrase("Fingerprint of the auditor's organisation.", ja: "監査人の組織のフィンガープリント。")
        case .auditorName:
            Phrase(
                "What you call the auditor, organisation and person; kept among your own records.",
                ja: "監査人の呼び名（組織と担当者）。自組織の記録に残る。")
        case .auditorsAll: Phrase("List words that hold no longer as well.", ja: "今は有効でない同意も示す。")
        case .auditorUntil:
            Phrase(
                "Last day, as YYYY-MM-DD: 90 days from now where none is named, 399 at most.",
                ja: "最終日。YYYY-MM-DD。指定しなければ90日後。399日後まで指定できる。")
        case .auditByBoth:
            Phrase(
                "In the engagement both parties have to let an auditor in; else one is enough.",
                ja: "その取引関係では、監査人を認めるのに双方の同意を要する。指定しなければ一方で足りる。")
        case .store: Phrase("The store to work on.", ja: "使うストア。")
        case .service: Phrase("The service meant.", ja: "対象のサービス。")
        case .engagement: Phrase("The engagement meant.", ja: "対象の取引関係。")
        case .json: Phrase("Print one JSON object.", ja: "一つのJSONオブジェクトを出力する。")
        case .jsonl: Phrase("Print one JSON object a line.", ja: "1行に一つのJSONオブジェクトを出力する。")
        case .plain: Phrase("Print tab-separated lines.", ja: "タブ区切りの行を出力する。")
        case .fields: Phrase("Members or columns, in this order.", ja: "出力する項目とその順序。")
        case .lang: Phrase("Language: en or ja.", ja: "言語: enかja。")
        case .utc: Phrase("Show times in UTC.", ja: "時刻をUTCで表示する。")
        case .wide: Phrase("Show whole texts, however wide.", ja: "幅にかかわらず全文を表示する。")
        case .noPager: Phrase("Don't use a pager.", ja: "ページャを使わない。")
        case .noColor: Phrase("Don't use colour.", ja: "色を使わない。")
        case .quiet: Phrase("Say nothing but errors.", ja: "誤りのほかは何も言わない。")
        case .verbose: Phrase("Say more about what happens.", ja: "経過を詳しく言う。")
        case .yes: Phrase("Answer yes to questions.", ja: "問いに「はい」と答える。")
        case .noInput: Phrase("Ask nothing; a missing answer is an error.", ja: "何も尋ねない。答えがなければ誤りとする。")
        case .passphraseFile: Phrase("File whose first line is the passphrase of the keys.", ja: "1行目が鍵のパスフレーズであるファイル。")
        case .exitCode: Phrase("End with 1 if the list is not empty.", ja: "一覧が空でなければ1で終わる。")
        case .caFile: Phrase("File with the CA certificates to trust (PEM).", ja: "信頼するCA証明書のファイル（PEM）。")
        case .proxy: Phrase("HTTPS proxy, as http://host:port.", ja: "HTTPSプロキシ。http://ホスト:ポートの形。")
        case .org: Phrase("Name of the organisation.", ja: "組織の名前。")
        case .newPassphraseFile: Phrase("File whose first line is the new passphrase.", ja: "1行目が新しいパスフレーズであるファイル。")
        case .orgJa: Phrase("Its name in Japanese.", ja: "日本語の名前。")
        case .orgFingerprint: Phrase("Fingerprint of the organisation.", ja: "組織のフィンガープリント。")
        case .server: Phrase("Address of the server.", ja: "サーバのアドレス。")
        case .admission: Phrase("Admission code of the server's operator.", ja: "サーバの運用者の許可コード。")
        case .code: Phrase("The code.", ja: "コード。")
        case .caps: Phrase("Rights: read, write, sign, admin.", ja: "権利: read、write、sign、admin。")
        case .label: Phrase("Label of the device.", ja: "端末の呼び名。")
        case .name: Phrase("The name.", ja: "名前。")
        case .key: Phrase("The setting.", ja: "設定の名前。")
        case .newName: Phrase("The new name.", ja: "新しい名前。")
        case .codeFile: Phrase("File that holds the recovery code.", ja: "復旧コードを書いたファイル。")
        case .bundleOwn: Phrase("For another device of your own organisation.", ja: "自組織の別の端末向けに書く。")
        case .bundleWhole:
            Phrase("Write logs from their beginning, whatever the other is known to hold.", ja: "相手が持つものにかかわらず、ログを最初から書く。")
        case .keepCode:
            Phrase("Sign with the root key that is here; the recovery code stays.", ja: "この端末のルート鍵で署名し、復旧コードはそのままにする。")
        case .compromisedAfter:
            Phrase("From this day on, what it signed is open to doubt.", ja: "この日から後の署名には疑義がある。")
        case .value: Phrase("The value.", ja: "値。")
        case .unset: Phrase("Remove the setting.", ja: "設定を消す。")
        case .user: Phrase("Write to the user's file instead of the store's.", ja: "ストアではなくユーザの設定に書く。")
        case .topic: Phrase("What to read about.", ja: "読みたい項目。")
        case .shell: Phrase("bash, zsh or fish.", ja: "bash、zsh、fishのどれか。")
        case .model: Phrase("Service model: iaas, paas or saas.", ja: "サービスモデル: iaas、paas、saas。")
        case .deployment: Phrase("Deployment: public, private, community or hybrid.", ja: "配置モデル: public、private、community、hybrid。")
        case .template:
            Phrase(
                "What it begins with: iso27017, or a framework here or a baseline of it (nist-800-53r5/low), for rows to answer; or a service here whose content it takes over.",
                ja: "最初の内容。回答する行のひな形（iso27017、取り込んだ枠組み、またはそのベースラインnist-800-53r5/low）か、内容を引き継ぐここのサービス。")
        case .storedFramework:
            Phrase(
                "A framework that was taken in by import, or a baseline of it: nist-800-53r5/low.",
                ja: "importで取り込んだ枠組み、またはそのベースライン。nist-800-53r5/lowなど。")
        case .files: Phrase("Files to read; - is standard input.", ja: "読むファイル。-は標準入力。")
        case .file: Phrase("The file.", ja: "ファイル。")
        case .saveMap:
            Phrase("Write down which column was read as which, for --map.", ja: "読み取った列の対応を--map用に書き出すファイル。")
        case .map: Phrase("File that says which column is which.", ja: "列の対応を示すファイル。")
        case .format: Phrase("Format of the file.", ja: "ファイルの形式。")
        case .exportFormat:
            Phrase(
                """
                xlsx, csv or json: the matrix; cis-crm, caiq: its rows of those frameworks as workbooks; oscal: plans of both sides, into a \
                folder; whitepaper: what the provider states, control by control, as HTML or Markdown; soa: the statement of applicability \
                as a workbook; evidence: what proves an agreement, and its ID may follow; kept: a document that import kept, by the name that follows.
                """,
                ja: """
                    xlsx、csv、jsonは責任分担表、cis-crmとcaiqはその枠組みの行のワークブック、oscalは両者のシステムセキュリティ計画（フォルダへ）、\
                    whitepaperは管理策ごとのプロバイダの記述（HTMLまたはMarkdown）、soaは適用宣言書のワークブック、evidenceは合意の証拠\
                    （合意のidを続けられる）、keptはimportが保管した文書（名前を続ける）。
                    """)
        case .sheet: Phrase("Read this sheet; may be repeated.", ja: "このシートを読む。繰り返せる。")
        case .columnsOf:
            Phrase("Where a sheet speaks of several services: a word in the heads of the one to read.", ja: "シートに複数のサービスがあるとき、読む列の見出しにある語。")
        case .framework: Phrase("Framework of the ids, such as nist-800-53r4.", ja: "管理策番号の枠組み。nist-800-53r4など。")
        case .removeAbsent:
            Phrase(
                "Take rows out of the draft that an import brought and the files no longer have.", ja: "取り込んだ行のうち、ファイルからなくなったものを下書きから除く。")
        case .encoding: Phrase("Encoding of the text: utf-8, utf-16 or windows-31j.", ja: "文字コード: utf-8、utf-16、windows-31j。")
        case .askAgain:
            Phrase(
                "Also ask for logs that contradicted what was seen before, and go on where the server shows again what it had signed.",
                ja: "前に見たものと矛盾したログも取り直し、サーバが署名どおりの履歴を再び示したものは続ける。")
        case .dryRun: Phrase("Show what would happen; change nothing.", ja: "何が起きるかだけを示し、何も変えない。")
        case .reportOutput:
            Phrase("File to write, as report.html, report.md or report.json.", ja: "書き出すファイル。report.html、report.md、report.jsonなど。")
        case .reportFormat: Phrase("html, md or json, whatever the file is called.", ja: "形式: html、md、json。ファイル名によらない。")
        case .reportAudience: Phrase("Who is to read it: myself or counterpart.", ja: "読む相手: myself、counterpart。")
        case .reportOrganisation:
            Phrase("The whole organisation: its services, engagements and own records.", ja: "組織の全体。サービス、取引関係、自組織の記録。")
        case .previewAudience: Phrase("Who is to see it: counterpart or public.", ja: "見せる相手: counterpart、public。")
        case .audience: Phrase("Who is meant to see it: myself, counterpart or public.", ja: "見せる相手: myself、counterpart、public。")
        case .releaseLabel: Phrase("Label of the release.", ja: "公開版の名前。")
        case .message: Phrase("Why, in a few words.", ja: "理由を短く。")
        case .until: Phrase("Last day, as YYYY-MM-DD.", ja: "最終日。YYYY-MM-DD。")
        case .successor:
            Phrase(
                "Whoever provides the service from then on: its engagement, its name or its fingerprint, whole.",
                ja: "以後サービスを提供する組織。取引関係の名前、組織名、フィンガープリントのどれか。")
        case .handoverDay: Phrase("The day on which it passes, as YYYY-MM-DD.", ja: "引継ぎの日。YYYY-MM-DD。")
        case .handoverBack: Phrase("Take the handover back, until its day has come.", ja: "引継ぎを取り消す（その日が来るまで）。")
        case .on: Phrase("The day, as YYYY-MM-DD.", ja: "日付。YYYY-MM-DD。")
        case .list: Phrase("List them.", ja: "一覧を表示する。")
        case .revoke: Phrase("Revoke the one with this id.", ja: "このidのものを取り消す。")
        case .rows: Phrase("Rows, such as 12.3.1, ac-2.5, 9 or ac.", ja: "行。12.3.1、ac-2.5、9、acなど。")
        case .row: Phrase("The row.", ja: "行。")
        case .ids: Phrase("Rows or ids.", ja: "行かid。")
        case .id: Phrase("The row or id.", ja: "行かid。")
        case .exportID: Phrase("With evidence: the agreement, where there are several.", ja: "evidenceのとき、合意が複数あればどれか。")
        case .field: Phrase("The field.", ja: "項目。")
        case .sharedRecord:
            Phrase(
                "For others to read: in the engagement, or with the next release; else the record is private.",
                ja: "相手に見せる記録にする（取引関係、または次の公開版）。指定しなければ非公開。")
        case .rules: Phrase("Rules or groups of rules, such as BKP-3 or BKP.", ja: "規則または規則の群。BKP-3やBKPなど。")
        case .ruleGroup: Phrase("Only rules of this group, such as BKP, or this rule.", ja: "この群（BKPなど）の規則、またはこの規則だけ。")
        case .controls:
            Phrase(
                "Controls: 12.3.1, a clause such as 12 or 12.3, a later edition's number, or a text they hold.",
                ja: "管理策。12.3.1、箇条（12、12.3など）、後の版の番号、含まれる文字列。")
        case .whereCondition: Phrase("Only rows with field=value or state=value; may be repeated.", ja: "項目=値、state=値の行だけ。繰り返せる。")
        case .group: Phrase("Group by family.", ja: "区分ごとにまとめる。")
        case .heatmap: Phrase("Show one sign a row.", ja: "1行を1文字で示す。")
        case .allocation:
            Phrase(
                "Who carries the row. What else a position has, as customerStatement, 'buntan edit responsibility-position ROW' sets.",
                ja: "行の割当て。customerStatementなど、見解のほかの項目は「buntan edit responsibility-position 行」で書く。")
        case .withdraw: Phrase("Have no position any more.", ja: "見解を取り下げる。")
        case .text: Phrase("The text; - reads it from standard input.", ja: "本文。-なら標準入力から読む。")
        case .kind: Phrase("Kind of record, or the beginning of its name.", ja: "記録の種類、またはその始まり。")
        case .gap:
            Phrase(
                "The gap that a risk, a treatment, an acceptance or a measure is about, as 'buntan gaps' names it.",
                ja: "リスク、対応、受容、補完策が扱うギャップ。「buntan gaps」が示す名前。")
        case .gapAreas:
            Phrase(
                "What to look at: backup, jurisdictions, monitoring, responsibilities; all without one.",
                ja: "見る分野。backup、jurisdictions、monitoring、responsibilities。なければ全て。")
        case .setField: Phrase("field=value; may be repeated.", ja: "項目=値。繰り返せる。")
        case .from: Phrase("Read the fields from this file.", ja: "項目をこのファイルから読む。")
        case .change: Phrase("The change; without it, the latest of your own.", ja: "変更。なければ自分の最新のもの。")
        case .all: Phrase("All services and engagements of this store.", ja: "このストアの全てのサービスと取引関係。")
        case .take: Phrase("Number of the value to take.", ja: "採る値の番号。")
        case .takeValue: Phrase("Another value.", ja: "別の値。")
        case .editValue: Phrase("Write the value in the editor.", ja: "エディタで値を書く。")
        case .deleteRecord: Phrase("Delete the record.", ja: "記録を削除する。")
        case .restoreRecord: Phrase("Keep the record.", ja: "記録を残す。")
        case .seen: Phrase("The set of values that was shown.", ja: "表示された値の組。")
        case .limit: Phrase("At most so many.", ja: "最大の件数。")
        case .after: Phrase("Go on after this, from 'more'.", ja: "「more」の値の続きから。")
        case .range:
            Phrase(
                "A..B, each a release, an agreement, a file, 'draft' or 'now'; or two days, or a day and now, for every record, one's own too.",
                ja: "A..B。それぞれ公開版、合意、ファイル、draft（下書き）、now（現在）のどれか。日付どうし、または日付とnowなら、自組織の記録も含む全ての記録。")
        case .confirm: Phrase("Name of the counterpart, instead of typing it.", ja: "入力の代わりに示す相手方の名前。")
        case .documentDigest: Phrase("Digest of the document that was shown.", ja: "表示された文書のダイジェスト。")
        case .printDocument: Phrase("Print the document and its digest; sign nothing.", ja: "文書とダイジェストを出力し、署名しない。")
        case .signIncomplete: Phrase("Sign rows that do not say yet all that must be said.", ja: "必要な記載がそろっていない行にも署名する。")
        case .readDocument: Phrase("Print what the document says, by row, to be read; sign nothing.", ja: "文書の内容を行ごとに読める形で出力し、署名しない。")
        case .with: Phrase("Kinds to include.", ja: "含める種類。")
        case .except: Phrase("Rows to leave open.", ja: "未決として残す行。")
        case .validRange: Phrase("First and last day, as A..B.", ja: "最初と最後の日。A..B。")
        case .at: Phrase("Answer for this day.", ja: "この日について答える。")
        case .atNow: Phrase("Judge as of this day; the records are today's.", ja: "この日の時点で判断する。記録は現在のもの。")
        case .atDay:
            Phrase(
                "Show what stood at the end of this day: the entries that whoever keeps the logs had received by then. For a day to come: today's records, judged as of it.",
                ja: "この日の終わりの状態を示す。ログの管理者がそのときまでに受領した記録による。先の日なら、現在の記録をその日の時点で判断する。")
        case .output: Phrase("Where to write.", ja: "書出し先。")
        case .trust: Phrase("Fingerprint of an organisation that is trusted.", ja: "信頼する組織のフィンガープリント。")
        case .evidenceFile: Phrase("File with evidence, or an agreement held here.", ja: "証拠のファイル、またはここにある合意。")
        case .reconcileFiles:
            Phrase(
                "The provider's document (OSCAL), then its customer's; further ones go on down the chain. None: an engagement's sides.",
                ja: "プロバイダの文書（OSCAL）、続いてカスタマの文書。さらに続けると供給網を順に突き合わせる。省略時は取引の両者。")
        case .sinceFile:
            Phrase("The provider's document as it was when the customer answered.", ja: "カスタマが回答した時点のプロバイダの文書。")
        case .exec: Phrase("Command to run once an event.", ja: "出来事ごとに実行するコマンド。")
        case .retry: Phrase("Send refused changes again.", ja: "拒否された変更を送り直す。")
        case .discard: Phrase("Give refused changes up.", ja: "拒否された変更を捨てる。")
        case .eraseReason:
            Phrase(
                "Why (required); kept as a private note, so it must not repeat the value.", ja: "理由（必須）。自組織だけのメモに残る。値そのものは書かない。")
        case .reason: Phrase("Why.", ja: "理由。")
        }
    }
}
