/// Headings of help texts, and the frame of errors.
package enum HelpPhrases: String, PhraseTable {
    package static let section = "help"

    case examples, usage, arguments, options, globalOptions, subcommands, showHelp, showVersion
    case topics, defaultValue
    case didYouMean, candidates, further, errorLine, serverErrorLine, nextLine
    case linePlace, bytePlace
    case matrixFormats, otherFormats, writtenFormats, tableColumns, tableAllocations, tableStatuses, tableMapping, tableEncodings

    package var phrase: Phrase {
        switch self {
        case .examples: Phrase("EXAMPLES:", ja: "例:")
        case .usage: Phrase("USAGE:", ja: "使い方:")
        case .arguments: Phrase("ARGUMENTS:", ja: "引数:")
        case .options: Phrase("OPTIONS:", ja: "オプション:")
        case .globalOptions: Phrase("GLOBAL OPTIONS:", ja: "全てのコマンドのオプション:")
        case .subcommands: Phrase("SUBCOMMANDS:", ja: "コマンド:")
        case .showHelp: Phrase("Show help information.", ja: "ヘルプを表示する。")
        case .showVersion: Phrase("Show the version.", ja: "版を表示する。")
        case .topics: Phrase("Topics: {topics}", ja: "項目: {topics}")
        case .defaultValue: Phrase("default: {value}", ja: "既定値: {value}")
        case .didYouMean: Phrase("Did you mean '{word}'?", ja: "「{word}」のことですか。")
        case .further: Phrase("Also here:", ja: "ほかの箇所:")
        case .candidates: Phrase("It could be:", ja: "次のどれかです:")
        case .errorLine: Phrase("buntan: {message}", ja: "buntan: {message}")
        case .serverErrorLine: Phrase("buntan-server: {message}", ja: "buntan-server: {message}")
        case .nextLine: Phrase("Next: {command}", ja: "次: {command}")
        case .bytePlace: Phrase("at byte {n}", ja: "{n}バイト目")
        case .linePlace: Phrase("{file}, line {row}", ja: "{file}の{row}行目")
        case .matrixFormats:
            Phrase(
                "'buntan import' tells what a file is by what it holds: a CIS/CRM workbook (cis-crm), a CAIQ (caiq: each question is an item of its control, 'A&A-01.1' is 'aa-01/1'; the questions themselves are their publisher's and are not stored), any other workbook or table (xlsx, csv), an OSCAL plan, component definition or shared-responsibility statement in JSON or YAML (oscal), a component of OpenControl (opencontrol), or what 'buntan export json' wrote (json). What a component says is an item of its control by the component's name; what a plan keeps for its author stays private.",
                ja:
                    "「buntan import」は中身からファイルの種類を見分けます。CIS/CRMブック（cis-crm）、CAIQ（caiq。質問は管理策の項目になり、「A&A-01.1」は「aa-01/1」。質問文は発行者のものなので保存しません）、その他のブックや表（xlsx、csv）、JSONまたはYAMLのOSCAL文書（oscal。システムセキュリティ計画、コンポーネント定義、責任分担文書）、OpenControlのコンポーネント（opencontrol）、「buntan export json」の出力（json）です。コンポーネントの記述は、その名前の細目になります。計画の作成者だけの記述は非公開のままです。"
            )
        case .otherFormats:
            Phrase(
                "What says nothing of responsibilities is taken in, too: catalogs of OSCAL become frameworks with their controls, profiles their baselines, mapping collections pairs of controls. Anything else, such as lists of values, is kept as it is, and so is a document of others that says more than its rows: 'buntan export kept NAME' writes it back.",
                ja:
                    "責任分担の記載がない文書も取り込みます。OSCALのカタログは枠組みとその管理策、プロファイルはベースライン、マッピング集は管理策の対応になります。値の一覧などその他の文書と、行に入らない内容のある文書はそのまま保管し、「buntan export kept 名前」で元のとおり書き出せます。"
            )
        case .writtenFormats:
            Phrase(
                "'buntan export' writes: {formats}. '--audience myself, counterpart or public' says for whom; nothing enters that they may not see.",
                ja: "「buntan export」で書き出せる形式: {formats}。--audience（myself、counterpart、public）で誰に渡すかを指定し、その相手が見てよい内容だけを書きます。")
        case .tableColumns:
            Phrase(
                "It knows these heads of columns; letter case, width and blanks don't count. A language may stand behind a head, as in (en) or (ja). The names on the left are known, too. Any other column stays private.",
                ja: "列の見出しとして知る語。大文字と小文字、全角と半角、空白は区別しません。見出しの後に（en）（ja）のように言語を付けられます。左の名前も見出しに使えます。ほかの列は非公開です。")
        case .tableAllocations:
            Phrase(
                "Values of an allocation; yes, partial and no in a column of one side are understood as well.",
                ja: "割当ての値。片方の側の列では、○、△、×も読みます。")
        case .tableStatuses: Phrase("Values of an implementation status.", ja: "実施状況の値。")
        case .tableMapping:
            Phrase(
                "'buntan import --map FILE' reads a file whose heads are others: it says which column is which, and which word stands for which value. 'columns' alone is needed, and in it one for controlId. --save-map writes one down as the columns were read.",
                ja:
                    "見出しが上と違うファイルは「buntan import --map FILE」で読みます。どの列が何か、どの語がどの値かを書いたファイルです。必要なのはcolumnsと、その中のcontrolIdだけです。--save-mapは読み取ったとおりの対応を書き出します。"
            )
        case .tableEncodings:
            Phrase(
                "Encodings of a CSV file, told from its bytes or named with --encoding: {known}.",
                ja: "CSVの文字コード。自動で判別し、--encodingでも指定できます: {known}。")
        }
    }
}
