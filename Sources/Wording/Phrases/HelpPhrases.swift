/// Headings of help texts, and the frame of errors.
package enum HelpPhrases: String, PhraseTable {
    package static let section = "help"

    case overview, examples, usage, arguments, options, globalOptions, subcommands, subcommandsOf, seeDetails, seeMore, showHelp,
        showVersion
    case showSubcommandHelp, topics, defaultValue, values
    case didYouMean, didYouMeanOne, candidates, errorLine, serverErrorLine, nextLine, warningLine, deprecated, recordPlace
    case filePlace, sheetPlace, rowPlace, linePlace

    package var phrase: Phrase {
        switch self {
        case .overview: Phrase("OVERVIEW:", ja: "概要:")
        case .examples: Phrase("EXAMPLES:", ja: "例:")
        case .usage: Phrase("USAGE:", ja: "使い方:")
        case .arguments: Phrase("ARGUMENTS:", ja: "引数:")
        case .options: Phrase("OPTIONS:", ja: "オプション:")
        case .globalOptions: Phrase("GLOBAL OPTIONS:", ja: "全てのコマンドのオプション:")
        case .subcommands: Phrase("SUBCOMMANDS:", ja: "コマンド:")
        case .subcommandsOf: Phrase("{group} SUBCOMMANDS:", ja: "{group}:")
        case .seeDetails: Phrase("See '{command}' for detailed help.", ja: "詳しくは「{command}」を参照。")
        case .seeMore: Phrase("See '{command}' for more information.", ja: "詳しくは「{command}」を参照。")
        case .showHelp: Phrase("Show help information.", ja: "ヘルプを表示する。")
        case .showVersion: Phrase("Show the version.", ja: "版を表示する。")
        case .showSubcommandHelp: Phrase("Show subcommand help information.", ja: "コマンドのヘルプを表示する。")
        case .topics: Phrase("Topics: {topics}", ja: "項目: {topics}")
        case .defaultValue: Phrase("default: {value}", ja: "既定値: {value}")
        case .values: Phrase("values: {values}", ja: "値: {values}")
        case .didYouMean: Phrase("Did you mean '{word}'?", ja: "「{word}」のことですか。")
        case .didYouMeanOne: Phrase("Did you mean one of these?", ja: "次のどれかですか。")
        case .candidates: Phrase("It could be:", ja: "次のどれかです:")
        case .errorLine: Phrase("buntan: {message}", ja: "buntan: {message}")
        case .serverErrorLine: Phrase("buntan-server: {message}", ja: "buntan-server: {message}")
        case .nextLine: Phrase("Next: {command}", ja: "次: {command}")
        case .warningLine: Phrase("buntan: warning: {message}", ja: "buntan: 注意: {message}")
        case .deprecated: Phrase("{old} will go; use {new}", ja: "{old}はなくなります。{new}を使ってください")
        case .recordPlace: Phrase("record {record}", ja: "記録{record}")
        case .filePlace: Phrase("{file}", ja: "{file}")
        case .sheetPlace: Phrase("{file}, sheet {sheet}, row {row}, column {column}", ja: "{file}、シート{sheet}、{row}行目、列{column}")
        case .rowPlace: Phrase("{file}, row {row}, column {column}", ja: "{file}、{row}行目、列{column}")
        case .linePlace: Phrase("{file}, line {row}", ja: "{file}の{row}行目")
        }
    }
}
