/// What `import` says about a document: why it cannot be taken, and what a person should look at in one that can.
///
/// The remarks are named as the codes of their diagnostics.
package enum ImportPhrases: String, PhraseTable {
    package static let section = "import"

    // The document as a whole.
    case sheetHidden, sheetNotUsed, rowsHidden, columnHidden, severalServices, columnPrivate, columnRepeated, frameworkAssumed
    // Documents of nested members.
    case versionUnknown, uuidRepeated, uuidMalformed, linkDangling, linkCrossed, linkOfOtherKind, recordsLeft, placesNamed
    case codeUnknown, choiceUnresolved, takeQuestion, takenFramework, takenProfile, takenMapping, takenKept, takenTooLarge
    case takenChange, takenAbsent, takenWhole, takenWholeDry, takenWholeTooLarge
    case heldSets, heldRules
    case askColumns, askControl, askOwner, askProvider, askCustomer, askItem, askStatus, askFramework, askSign, askKeep, askAgain
    case notATree, treeTooLarge, treeTooDeep, treeTooMany, treeAliases, figures, heldControls, heldGroups, heldMaps, heldComponents,
        heldImports,
        heldElse
    // Rows.
    case idRepeated, idUnreadable, idMissing, headingLeft, idCarried, idUnknown, referenceUnknown, onlyOneSheet
    // Cells.
    case cellError, formulaUnread, idRepeatedAt, textTooLong, flagUnknown, markUnknown, valueUnknown, valueRead
    // What the matrix says.
    case flagAgainstMarks, noMark, severalStatuses, customerDutyInProviderText, textMissing, parentContradicted, splitAsked
    case reasonAsked, allocationDerived, flagChangedAlone
    // How remarks are listed.
    case remarks, remarksOnChanges, remarkLine, remarkAlike, remarksMore, repeatedUnmeant, wantedColumns, changedLine, changedMore,
        absentRows, absentStay, removedRows, keptEdits,
        notCompared
    // Where something stands.
    case rowOfSheet, line, placeIn, reasonAt
    // Why a document cannot be taken.
    case empty, notAnArchive, oldOrEncrypted, missingPart, damagedPart, declaresTypes, partEncoding, limitCrossed
    case malformedReference, unknownSharedString, undecodable, encodingUnavailable, unclosedQuote
    case mappingNoJSON, mappingUnreadable, mappingVersion, mappingWithoutID, mappingRepeats, mappingSaved

    package var phrase: Phrase {
        switch self {
        case .sheetHidden: Phrase("the sheet is hidden and was left out; name it with --sheet", ja: "非表示のシートなので読みませんでした。--sheetで指定できます")
        case .sheetNotUsed:
            Phrase("{rows} {rows|row|rows} of this sheet {rows|is|are} not part of the matrix", ja: "このシートの{rows}行は分担表に使っていません")
        case .rowsHidden:
            Phrase(
                "{rows} {rows|row|rows} of this sheet {rows|is|are} hidden and {rows|was|were} read all the same",
                ja: "このシートの非表示の{rows}行も読みました")
        case .columnHidden:
            Phrase(
                "column {column} is hidden; hidden columns are read like any other ({filled} {filled|cell|cells})",
                ja: "{column}列は非表示ですが、ほかの列と同じに扱います（{filled}セル）")
        case .severalServices:
            Phrase(
                "the sheet speaks of several services; '{used}' was read ({services}); --columns-of chooses",
                ja: "シートに複数のサービスがあります。「{used}」を読みました（{services}）。--columns-ofで選べます")
        case .columnPrivate:
            Phrase(
                "the column '{header}' is kept as private notes ({filled} {filled|cell|cells})",
                ja: "「{header}」の列は非公開のメモとして保存します（{filled}セル）")
        case .columnRepeated: Phrase("the column '{header}' stands here twice; the first counts", ja: "「{header}」の列が2度あります。初めの列を読みます")
        case .frameworkAssumed:
            Phrase(
                "the ids are taken for those of {framework}; --framework says otherwise",
                ja: "管理策番号を{framework}のものとみなします。違う場合は--frameworkで指定してください")
        case .idRepeated:
            Phrase(
                "{id} stands here again, first in row {first}; taken as {id}/{itemKey}",
                ja: "{id}は{first}行目に続く再度の出現です。{id}/{itemKey}として取り込みます")
        case .repeatedUnmeant:
            Phrase(
                "If a control was not meant to stand there twice: correct the file and import it again; 'buntan undo' takes back what went in.",
                ja: "同じ管理策を2度書くつもりでなかった場合は、ファイルを直して再度importしてください。取り込んだ後なら「buntan undo」で取り消せます。")
        case .idUnreadable: Phrase("'{value}' is no control id; the row was left out", ja: "「{value}」は管理策番号ではありません。この行は取り込みません")
        case .idMissing: Phrase("the row has no control id and was left out", ja: "管理策番号がないため、この行は取り込みません")
        case .idCarried:
            Phrase("the row has no control id; it is taken for an item of {id}, which stands above", ja: "管理策番号がないため、上の{id}の項目として取り込みます")
        case .headingLeft: Phrase("{id} heads other rows and says nothing itself; it was left out", ja: "{id}はほかの行の見出しで内容がないため、取り込みません")
        case .versionUnknown: Phrase("OSCAL {version} is read like version 1", ja: "OSCAL {version}を版1として読みます")
        case .uuidRepeated: Phrase("the id {id} stands at {first} already", ja: "ID {id}は{first}にもあります")
        case .uuidMalformed:
            Phrase(
                "{id} is no UUID as OSCAL asks ({count} {count|such id|such ids} in the document)",
                ja: "{id}はOSCALの求めるUUIDではありません（文書全体で{count}件）")
        case .linkDangling: Phrase("{member} {id} leads nowhere in the document", ja: "{member} {id}の参照先が文書にありません")
        case .linkCrossed: Phrase("{member} {id} leads to another statement, {first}", ja: "{member} {id}は別の箇所{first}を指しています")
        case .linkOfOtherKind: Phrase("{member} {id} leads to something else", ja: "{member} {id}の参照先は別の種類です")
        case .recordsLeft:
            Phrase("{count} {count|record|records} of other kinds {count|is|are} left in the document", ja: "行以外の記録{count}件は読みません")
        case .placesNamed:
            Phrase(
                "it is provided in {count} {count|place|places} ({places}); 'buntan edit jurisdiction' records where your data is",
                ja: "{count}か所で提供されています（{places}）。データの所在地は「buntan edit jurisdiction」で記録してください")
        case .codeUnknown:
            Phrase("{field} is '{value}', which is none of {known}; read without it", ja: "{field}の「{value}」は{known}のどれでもないため、これを除いて読みます")
        case .choiceUnresolved:
            Phrase(
                "{member}: what the profile imports is not here; import that first, or the catalog that the profile resolves into",
                ja: "{member}: プロファイルの取込み元がありません。それを先に取り込むか、プロファイルを解決したカタログを取り込んでください")
        case .takeQuestion:
            Phrase(
                "Take {n} {n|record|records} of {files} into your organisation's own?", ja: "{files}の{n}件を自組織の記録に取り込みますか。")
        case .takenFramework:
            Phrase(
                "{framework}: {title}; {n} {n|control|controls}, {withdrawn} of them withdrawn.",
                ja: "{framework}: {title}。管理策{n}件、うち取下げ{withdrawn}件。")
        case .takenProfile: Phrase("{framework}: {title}; {n} {n|control|controls} chosen.", ja: "{framework}: {title}。選んだ管理策{n}件。")
        case .takenMapping: Phrase("{file}: {n} {n|pair|pairs} of controls.", ja: "{file}: 管理策の対応{n}組。")
        case .takenKept:
            Phrase(
                "{file} is a {model} ({held}): it says nothing of responsibilities and is kept as it is.",
                ja: "{file}は{model}（{held}）です。責任分担の記載がないので、そのまま保管します。")
        case .takenTooLarge:
            Phrase(
                "{file} is a {model} ({held}): it says nothing of responsibilities, and is too large to be kept.",
                ja: "{file}は{model}（{held}）です。責任分担の記載がなく、大きすぎるため保管しません。")
        case .takenChange: Phrase("new {added}, changed {changed}, as before {same}", ja: "新規{added}、変更{changed}、同じ{same}")
        case .takenAbsent:
            Phrase(
                "{n} {n|control|controls} that {n|is|are} here {n|is|are} not in it and {n|stays|stay}: {controls}",
                ja: "この文書にない管理策{n}件は残ります: {controls}")
        case .takenWhole:
            Phrase(
                "It says more than that: all of it is kept as it is (buntan export kept {file}).",
                ja: "それ以外の内容もあるため、全体をそのまま残します（buntan export kept {file}）。")
        case .takenWholeDry:
            Phrase("It says more than that: all of it would be kept as it is.", ja: "それ以外の内容もあるため、取り込むと全体をそのまま残します。")
        case .takenWholeTooLarge:
            Phrase(
                "{file} says more than that, and is too large to be kept: keep the file.",
                ja: "{file}にはそれ以外の内容もありますが、大きすぎるため残せません。ファイルを保管してください。")
        case .heldSets: Phrase("{n} {n|set|sets} of values", ja: "値の一覧{n}件")
        case .heldRules: Phrase("{n} {n|rule|rules}", ja: "規則{n}件")
        case .askColumns:
            Phrase(
                "Nothing in {file} says which column is which. These stand in row {row} of {sheet}; answer with a number, or with nothing for none:",
                ja: "{file}には、どの列が何かを示すものがありません。{sheet}の{row}行目の列は次のとおりです。番号で答えてください。無ければ空のままで構いません。")
        case .askControl: Phrase("The ids of the controls:", ja: "管理策番号の列:")
        case .askOwner:
            Phrase(
                "Who is responsible; two where the provider and the customer have a column each (4,5):",
                ja: "割当ての列。プロバイダとカスタマの列が別なら二つ（4,5）:")
        case .askProvider: Phrase("What the provider does:", ja: "プロバイダの対応の列:")
        case .askCustomer: Phrase("What the customer has to do:", ja: "カスタマの対応の列:")
        case .askItem: Phrase("Items of a control:", ja: "項目の列:")
        case .askStatus: Phrase("How far it is implemented:", ja: "実施状況の列:")
        case .askFramework:
            Phrase(
                "The framework of ids such as {id}, for example iso27017 or nist-800-53r5:",
                ja: "{id}のような番号の枠組み（iso27017、nist-800-53r5など）:")
        case .askSign:
            Phrase(
                "'{value}' in {field} of {file} ({rows} {rows|row|rows}) is none of {known}. It stands for:",
                ja: "{file}の{field}にある「{value}」（{rows}行）は、{known}のどれでもありません。意味は:")
        case .askKeep: Phrase("Keep the answers for --map in a file of this name:", ja: "回答を--map用に残すファイル名:")
        case .askAgain: Phrase("Numbers from 1 to {n} that are not taken yet.", ja: "1から{n}までの、まだ使っていない番号で答えてください。")
        case .mappingSaved:
            Phrase("How the columns were read is in {path}; --map reads others alike.", ja: "列の対応を{path}に書きました。--mapで同じように読めます。")
        case .notATree: Phrase("it is no JSON or YAML: {detail}", ja: "JSONまたはYAMLとして読めません: {detail}")
        case .treeTooLarge: Phrase("it has {found} bytes, {allowed} are the limit", ja: "{found}バイトあります。上限は{allowed}です")
        case .treeTooDeep: Phrase("it is nested more than {allowed} deep", ja: "入れ子が{allowed}段を超えています")
        case .treeTooMany: Phrase("it holds more than {allowed} values", ja: "値が{allowed}個を超えています")
        case .treeAliases: Phrase("it refers to itself more than {allowed} times", ja: "文書内の別名参照が{allowed}回を超えています")
        case .figures: Phrase("{first}, {second}", ja: "{first}と{second}")
        case .heldControls: Phrase("{n} {n|control|controls}", ja: "管理策{n}件")
        case .heldGroups: Phrase("{n} {n|group|groups}", ja: "グループ{n}件")
        case .heldMaps: Phrase("{n} {n|map|maps}", ja: "対応付け{n}件")
        case .heldComponents: Phrase("{n} {n|component|components}", ja: "コンポーネント{n}件")
        case .heldImports: Phrase("{n} {n|reference|references} to other documents", ja: "他の文書への参照{n}件")
        case .heldElse: Phrase("other things", ja: "その他")
        case .idUnknown: Phrase("{framework} has no {id}", ja: "{framework}に{id}はありません")
        case .referenceUnknown: Phrase("{id} is referred to and has no row", ja: "参照されている{id}の行がありません")
        case .onlyOneSheet: Phrase("{id} stands in one of the two sheets only", ja: "{id}は2枚のシートの一方にしかありません")
        case .cellError: Phrase("the cell holds the error {value}", ja: "セルがエラー値{value}です")
        case .formulaUnread:
            Phrase(
                "the cell holds a formula without its result: open the file in a spreadsheet program and save it there ({value})",
                ja: "数式の計算結果がありません。表計算ソフトで開いて保存し直してください（{value}）")
        case .idRepeatedAt:
            Phrase(
                "{id} stands here again, first at {first}; taken as {id}/{itemKey}",
                ja: "{id}は再度の出現です（最初は{first}）。{id}/{itemKey}として取り込みます")
        case .textTooLong: Phrase("the text has {bytes} bytes; {allowed} are the most", ja: "文が{bytes}バイトあります。上限は{allowed}です")
        case .flagUnknown:
            Phrase("'{value}' is neither Yes, Partial nor No; kept as found", ja: "「{value}」はYes、Partial、Noのどれでもありません。そのまま残します")
        case .markUnknown: Phrase("'{value}' is no mark that is known; kept as found", ja: "「{value}」は知られた印ではありません。そのまま残します")
        case .valueUnknown: Phrase("'{value}' is no value of {field}; it takes {known}", ja: "「{value}」は{field}の値ではありません。使えるのは{known}です")
        case .valueRead:
            Phrase(
                "'{value}' read as {read} in {field} ({rows} {rows|row|rows})", ja: "{field}の「{value}」を{read}と読みました（{rows}行）")
        case .wantedColumns: Phrase("Control ID and Allocation", ja: "管理策番号（Control ID）と割当て（Allocation）")
        case .flagAgainstMarks:
            Phrase(
                "{id} is flagged {flag}, where its marks say {expected} ({marks}); the flag holds",
                ja: "{id}の区分は{flag}ですが、印からは{expected}です（{marks}）。区分に従います")
        case .noMark: Phrase("{id} has no origination mark", ja: "{id}に実施主体の印がありません")
        case .severalStatuses: Phrase("{id} has several statuses: {statuses}", ja: "{id}に実施状況が複数あります: {statuses}")
        case .customerDutyInProviderText:
            Phrase(
                "{id} is the provider's alone, yet its text says '{word}'",
                ja: "{id}はプロバイダだけの責任ですが、文に「{word}」とあります")
        case .textMissing: Phrase("{id} is flagged {flag} without a text that says why", ja: "{id}の区分は{flag}ですが、理由の文がありません")
        case .parentContradicted:
            Phrase(
                "{id} is {allocation}, {parent} above it {parentAllocation}",
                ja: "{id}は{allocation}、上位の{parent}は{parentAllocation}です")
        case .splitAsked: Phrase("{id} is shared: a boundaryNote should say who does what", ja: "{id}は共有です。「責任分界」に誰が何をするかを書くことを勧めます")
        case .reasonAsked:
            Phrase("{id} does not apply: a notApplicableReason should say why", ja: "{id}は適用外です。「適用外の理由」に書くことを勧めます")
        case .allocationDerived:
            Phrase("{id} has no flag; {allocation} was concluded from its marks", ja: "{id}に区分がないため、印から{allocation}としました")
        case .flagChangedAlone:
            Phrase("{id} went from {before} to {now} and its text stayed the same", ja: "{id}は{before}から{now}に変わりましたが、文は同じままです")
        case .remarks: Phrase("{n} {n|remark|remarks}; the file can be taken", ja: "注意{n}件。取り込めます")
        case .remarksOnChanges: Phrase("{n} {n|remark|remarks} on what changes", ja: "変わる箇所についての注意{n}件")
        case .remarkLine: Phrase("{place}: {remark}", ja: "{place}: {remark}")
        case .remarkAlike: Phrase("and {n} more alike", ja: "同様のものがほかに{n}件")
        case .remarksMore: Phrase("-v lists every one.", ja: "-vで全てを表示します。")
        case .changedLine: Phrase("{row}: {fields}", ja: "{row}: {fields}")
        case .changedMore: Phrase("and {n} more rows", ja: "ほかに{n}行")
        case .absentRows:
            Phrase(
                "{n} {n|row|rows} of the draft {n|is|are} not in this file and {n|stays|stay} (--remove-absent takes {n|it|them} out): {rows}",
                ja: "下書きの{n}行はこのファイルになく、そのまま残します（--remove-absentで除けます）: {rows}")
        case .absentStay:
            Phrase(
                "{n} {n|row|rows} of the draft {n|is|are} not in this file and {n|stays|stay}, since {n|it|they} did not come with its other rows or {n|has|have} several values: {rows}",
                ja: "下書きの{n}行はこのファイルにありませんが、このファイルの行と共に取り込まれていないか値が複数あるため残します: {rows}")
        case .removedRows:
            Phrase(
                "Taken out of the draft, since not in this file: {n} {n|row|rows}: {rows}",
                ja: "このファイルにないため下書きから除く行は{n}行: {rows}")
        case .keptEdits:
            Phrase("{n} {n|cell|cells} edited here {n|stays as it is|stay as they are}: {rows}", ja: "ここで編集した{n}項目はそのまま残します: {rows}")
        case .notCompared:
            Phrase("{rows} {rows|row|rows}; there is no service here to compare them with", ja: "{rows}行。比べるサービスがここにはありません")
        case .empty: Phrase("it is empty", ja: "空のファイルです")
        case .notAnArchive: Phrase("it is no workbook, or was cut short", ja: "ワークブックではないか、途中で切れています")
        case .oldOrEncrypted:
            Phrase(
                "it is in the format of before 2007, or has a password; save it as .xlsx without one",
                ja: "2007年より前の形式か、パスワード付きです。パスワードなしの.xlsxで保存してください")
        case .rowOfSheet: Phrase("{sheet}, row {row}", ja: "{sheet} {row}行目")
        case .line: Phrase("line {line}", ja: "{line}行目")
        case .placeIn: Phrase("{place}, {more}", ja: "{place}、{more}")
        case .reasonAt: Phrase("{reason} ({place})", ja: "{reason}（{place}）")
        case .missingPart: Phrase("one of its parts is missing", ja: "必要な部分がありません")
        case .damagedPart: Phrase("one of its parts is damaged", ja: "一部が壊れています")
        case .declaresTypes: Phrase("one of its parts declares a document type, as only an attack would", ja: "文書型宣言があり、攻撃の疑いがあります")
        case .partEncoding: Phrase("one of its parts is not in UTF-8", ja: "UTF-8ではない部分があります")
        case .limitCrossed:
            Phrase("{limit} is {found}, where {allowed} are the most", ja: "{limit}が{found}あり、上限の{allowed}を超えています")
        case .malformedReference: Phrase("'{value}' is no cell", ja: "「{value}」はセルの番地ではありません")
        case .unknownSharedString: Phrase("a cell names the text {value}, which is not there", ja: "セルが指す文{value}がありません")
        case .undecodable: Phrase("it is not in {encoding} from byte {byte} on", ja: "{byte}バイト目から{encoding}ではありません")
        case .encodingUnavailable: Phrase("this system cannot read {encoding}", ja: "このシステムでは{encoding}を読めません")
        case .unclosedQuote: Phrase("a quoted field never ends", ja: "引用符が閉じていません")
        case .mappingNoJSON: Phrase("is not JSON", ja: "JSONとして読めません")
        case .mappingUnreadable: Phrase("cannot be read at '{at}'", ja: "「{at}」を読めません")
        case .mappingVersion: Phrase("is of version {version}", ja: "版が{version}です")
        case .mappingWithoutID: Phrase("names no column for controlId or statementId", ja: "controlIdかstatementIdの列がありません")
        case .mappingRepeats: Phrase("names the column '{header}' twice", ja: "「{header}」の列を2度指しています")
        }
    }
}
