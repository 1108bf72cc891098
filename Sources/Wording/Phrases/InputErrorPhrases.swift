/// What is wrong with a file that `buntan` was given: each ends a command with the same status, and nothing was changed. The name of
/// an entry is the error's code.
package enum InputErrorPhrases: String, PhraseTable {
    package static let section = "input"

    case fileNotStore, outboxOtherOrganisation, fileMissing, fileUnreadable, fileNotRecognised, fileDamaged
    case fileNoOutbox, fileNoBundle, bundleVersion, bundleForOther, fileTooLarge, fileHostile, textEncoding, fileNoRows
    case fileNoHeader, fileNoHeaderLine, fileCell, mappingInvalid, fileSeveralMatrices
    case fileSheetMissing, fileServiceMissing, fileColumnsMissing, fileFrameworkUnknown, importRefused, filesOfTwoKinds,
        fileNoResponsibilities, fileNotAllRead, fileNoPlan, fileCustomersPlan, fileStatement, frameworksDiffer

    package var phrase: Phrase {
        switch self {
        case .fileNotStore:
            Phrase("{file} is not a copy of a Buntan store; nothing was restored", ja: "{file}はBuntanのストアの写しではありません。何も戻していません")
        case .outboxOtherOrganisation:
            Phrase("{file} is of another organisation; nothing was changed", ja: "{file}は別の組織のものです。何も変えていません")
        case .fileMissing: Phrase("{file} does not exist", ja: "{file}がありません")
        case .fileUnreadable: Phrase("{file} cannot be read: {reason}", ja: "{file}を読めません: {reason}")
        case .fileNotRecognised: Phrase("{file} is none of the formats that can be read: {known}", ja: "{file}は読める形式のどれでもありません: {known}")
        case .fileNotAllRead:
            Phrase(
                "{n} {n|line|lines} or sheets of {file} {n|was|were} not read: what it no longer has can't be told; correct it, name hidden sheets with --sheet, or import without --remove-absent",
                ja: "{file}には読めなかった行またはシートが{n}件あり、なくなった行を判断できません。直すか、非表示のシートを--sheetで指定するか、--remove-absentなしで取り込んでください")
        case .fileNoPlan:
            Phrase(
                "{file} is no OSCAL plan: reconcile follows the ids by which plans answer each other; diff compares matrices of any format",
                ja: "{file}はOSCALの計画書ではありません。reconcileは計画書どうしの参照をたどります。責任分担表の比較にはdiffを使ってください")
        case .fileCustomersPlan:
            Phrase(
                "{file} is a customer's answers to a matrix and no matrix itself; reconcile compares it with the provider's plan",
                ja: "{file}はカスタマの回答であり、責任分担表ではありません。reconcileでプロバイダの計画書と比べられます")
        case .frameworksDiffer:
            Phrase(
                "{first} is about {one}, {second} about {other}: no row of one is a row of the other",
                ja: "{first}は{one}、{second}は{other}についての表なので、比べられる行がありません")
        case .fileStatement:
            Phrase(
                "{file} is a statement of applicability and no matrix; 'buntan soa --from' takes its decisions in",
                ja: "{file}は適用宣言書であり、責任分担表ではありません。「buntan soa --from」で取り込めます")
        case .filesOfTwoKinds:
            Phrase(
                "{first} holds a matrix and {second} none; import them one after the other. Nothing was changed",
                ja: "{first}には責任分担表があり、{second}にはありません。一つずつ取り込んでください。何も変えていません")
        case .fileNoResponsibilities:
            Phrase(
                "{file} holds a {model} ({held}); it does not say who does what, and nothing was changed",
                ja: "{file}は{model}（{held}）です。責任分担の記載がないので、何も変えていません")
        case .fileDamaged: Phrase("{file} is damaged: {reason}; nothing was changed", ja: "{file}が壊れています: {reason}。何も変えていません")
        case .fileNoOutbox:
            Phrase(
                "{file} was not written by 'buntan outbox export'; nothing was changed",
                ja: "{file}は「buntan outbox export」で書き出したものではありません。何も変えていません")
        case .fileNoBundle:
            Phrase(
                "{file} was not written by 'buntan bundle create'; nothing was changed",
                ja: "{file}は「buntan bundle create」で書き出したものではありません。何も変えていません")
        case .bundleVersion:
            Phrase(
                "{file} is of another version than this program reads; nothing was changed",
                ja: "{file}はこのプログラムが読める版ではありません。何も変えていません")
        case .bundleForOther:
            Phrase(
                "{file} is for another organisation ({fingerprint}); nothing was changed",
                ja: "{file}は別の組織（{fingerprint}）に宛てたものです。何も変えていません")
        case .fileTooLarge:
            Phrase(
                "{file} is too large: {size}, {limit} are the limit; nothing was changed",
                ja: "{file}が大きすぎます: {size}、上限は{limit}です。何も変えていません")
        case .fileHostile: Phrase("{file} was refused: {reason}; nothing was changed", ja: "{file}を拒否しました: {reason}。何も変えていません")
        case .textEncoding:
            Phrase("{file} is not UTF-8 at line {line}; nothing was changed", ja: "{file}の{line}行目はUTF-8ではありません。何も変えていません")
        case .fileNoRows: Phrase("{file} holds no row that is recognised; nothing was changed", ja: "{file}に認識できる行がありません。何も変えていません")
        case .fileNoHeader:
            Phrase(
                "{file}: no sheet has the columns {columns}. Rename the columns, or say which is which with --map; nothing was changed",
                ja: "{file}: {columns}の列を持つシートがありません。見出しを直すか、--mapで対応を示してください。何も変えていません")
        case .fileNoHeaderLine:
            Phrase(
                "{file} has no header line with {columns}; line {line} has: {found}. Rename the columns, or say which is which with --map; nothing was changed",
                ja: "{file}に{columns}を持つ見出し行がありません。{line}行目の見出し: {found}。見出しを直すか、--mapで対応を示してください。何も変えていません")
        case .fileCell: Phrase("{place}: {reason}; nothing was changed", ja: "{place}: {reason}。何も変えていません")
        case .mappingInvalid: Phrase("the mapping {file} {reason}", ja: "対応表{file}: {reason}")
        case .fileSeveralMatrices:
            Phrase("{file} holds several matrices; say which with --sheet", ja: "{file}に分担表が複数あります。--sheetで選んでください")
        case .fileSheetMissing: Phrase("{file} has no sheet '{sheet}'", ja: "{file}に「{sheet}」というシートがありません")
        case .fileServiceMissing: Phrase("no column of {file} speaks of '{word}' ({place})", ja: "{file}に「{word}」についての列がありません（{place}）")
        case .fileColumnsMissing: Phrase("{file} lacks columns of the mapping: {columns}", ja: "{file}に対応表の列がありません: {columns}")
        case .fileFrameworkUnknown:
            Phrase(
                "the ids of {file}, such as {id} ({place}), belong to no framework known here; say which with --framework",
                ja: "{file}の管理策番号（{place}の{id}など）の枠組みが分かりません。--frameworkで指定してください")
        case .importRefused:
            Phrase(
                "{file} cannot be taken: {n} {n|error|errors}, the first at {place}: {reason}; nothing was changed",
                ja: "{file}を取り込めません。誤りが{n}件、最初は{place}: {reason}。何も変えていません")
        }
    }
}
