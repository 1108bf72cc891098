/// What is wrong with what is to be written for others, or with what was taken in beside the rows. The name of an entry is the error's
/// code.
package enum ExportErrorPhrases: String, PhraseTable {
    package static let section = "export-error"

    case noRowsToExport, noRowsOfFormat, cellTooLong, ownRecordOnly, keptIncomplete
    case unknownFramework, unknownBaseline

    package var phrase: Phrase {
        switch self {
        case .noRowsToExport: Phrase("{name} has no rows to write", ja: "{name}には書き出す行がありません")
        case .noRowsOfFormat:
            Phrase(
                "none of the {rows} {rows|row|rows} of {name} has a place in the format {format}: its ids are of another framework",
                ja: "{name}の{rows}行のうち、形式{format}に置き場所のある行がありません。idが別の枠組みのものです")
        case .unknownFramework:
            Phrase("no framework {framework} was taken in here", ja: "枠組み{framework}は取り込まれていません")
        case .unknownBaseline: Phrase("{framework} has no baseline {baseline} here", ja: "{framework}にベースライン{baseline}はありません")
        case .keptIncomplete:
            Phrase(
                "{name} is not here as it was imported: a part of it is missing or was changed",
                ja: "{name}は取り込んだときのままではありません。一部が欠けているか変わっています")
        case .cellTooLong:
            Phrase(
                "{row}: {column} has {signs} signs, and a cell of a workbook holds {allowed}; nothing was written",
                ja: "{row}: {column}は{signs}文字あり、ワークブックのセルに入るのは{allowed}文字までです。何も書き出していません")
        case .ownRecordOnly:
            Phrase("{kind} is a record of your own organisation and is written for nobody else", ja: "{kind}は自組織の記録であり、他の人向けには書き出せません")
        }
    }
}
