/// What the commands about records say: why a value is not taken, and the form in the editor.
package enum RecordPhrases: String, PhraseTable {
    package static let section = "record"

    case notABool, notAnInt, intTooLarge, notADecimal, notADate, noSuchDate, notADateTime, noSuchTime, missingZone
    case daysOutOfOrder, spansOutOfOrder, unknownControl, unknownRecord, deletedRecord, notALaw, notASubdivision, unknownKind, tooSmall
    case notADuration, ambiguousUnit, unknownCode, unknownCountry, notACode, notAFingerprint, notAnID, notHexadecimal, notOneLine
    case tooLong, notTypeable, elementExpected, elementUnexpected, unknownLanguage, languageMissing, notASet
    case formRecord, formNew, formRule, formEmptied, formWrittenOnce, formSeveral, formOneOf, formMembersOf, formType, formAs, formRecordOf
    case formRequired, formExpected, formList, formItems, formTwice, formNotYAML, formNotFields, formNotText, formValue
    case kindsHeading, recordsHeading, recordsCut, moreDrafted, recordLine, ownerYou, ownerEither, recordDeleted
    case changeLine, changeWaits, changeRefused, changeAt, changeOn, changeSealed, moreFields, logHeading, undoLeft
    case deviceSince, deviceRevokedOn, agreementState
    case eraseHeading, erasePlace, eraseDocument, eraseTheirs, eraseSealed, eraseForGood, eraseQuestion,
        eraseQuestionWithDocuments, eraseKeepsEvidence, eraseTheirValue, eraseTheyAreTold, eraseLeft, eraseNeedsServer, eraseUnsent, erased,
        eraseTraces
    case placeDraft, placeService, placeEngagement, placeOwn

    package var phrase: Phrase {
        switch self {
        case .notABool: Phrase("write true or false", ja: "trueかfalseと書きます")
        case .notAnInt: Phrase("this is no whole number", ja: "整数ではありません")
        case .intTooLarge: Phrase("the number is too large", ja: "数が大きすぎます")
        case .notADecimal: Phrase("this is no number", ja: "数ではありません")
        case .notADate: Phrase("a day is written like 2026-12-31", ja: "日付は2026-12-31のように書きます")
        case .noSuchDate: Phrase("the calendar has no such day", ja: "暦にない日付です")
        case .notADateTime: Phrase("a time is written like 2026-12-31T09:00:00Z", ja: "時刻は2026-12-31T09:00:00Zのように書きます")
        case .noSuchTime: Phrase("there is no such time", ja: "そのような時刻はありません")
        case .missingZone: Phrase("the zone is missing; end with Z or +09:00", ja: "時間帯がありません。末尾にZか+09:00を付けます")
        case .notADuration: Phrase("a length of time is written like 4h, 30d, 7y or PT4H", ja: "期間は4h、30d、7y、PT4Hのように書きます")
        case .ambiguousUnit: Phrase("the unit may be minutes or months; write {instead}", ja: "単位が分か月か分かりません。{instead}と書きます")
        case .unknownCode: Phrase("it is one of {known}", ja: "使えるのは{known}です")
        case .daysOutOfOrder:
            Phrase("{first} ({from}) would be after {last} ({to})", ja: "{first}（{from}）が{last}（{to}）より後になります")
        case .spansOutOfOrder:
            Phrase("{first} ({from}) would be longer than {last} ({to})", ja: "{first}（{from}）が{last}（{to}）より長くなります")
        case .unknownControl:
            Phrase("no edition has such a control; 'buntan controls' lists them", ja: "どの版にもない管理策です。「buntan controls」で一覧できます")
        case .notALaw:
            Phrase(
                "a law is that of a country or a part of one, by its code of ISO 3166, such as JP or US-CA",
                ja: "法はISO 3166の国または行政区画のコードで、JPやUS-CAのように書きます")
        case .notASubdivision:
            Phrase(
                "a part of a country is written as in ISO 3166-2, such as JP-13 or US-CA", ja: "行政区画はISO 3166-2のコードで、JP-13やUS-CAのように書きます")
        case .unknownKind: Phrase("there is no such kind; 'buntan list' shows them", ja: "そのような種類はありません。「buntan list」で一覧できます")
        case .tooSmall: Phrase("{least} is the least", ja: "{least}以上の数を書きます")
        case .unknownRecord: Phrase("no such record is here", ja: "ここにない記録です")
        case .deletedRecord: Phrase("that record was deleted", ja: "その記録は削除されています")
        case .notACode:
            Phrase(
                "a code is one word of letters, digits and signs, such as 12.3.1 or AES-256-GCM",
                ja: "コードは英数字と記号だけの1語で、12.3.1やAES-256-GCMのように書きます")
        case .unknownCountry: Phrase("a country has two letters of ISO 3166-1, such as JP", ja: "国はISO 3166-1の2文字で、JPのように書きます")
        case .notAFingerprint: Phrase("this is no fingerprint of an organisation", ja: "組織のフィンガープリントではありません")
        case .notAnID: Phrase("this is no row, short id or id of a record", ja: "行でも短いidでも記録のidでもありません")
        case .notHexadecimal: Phrase("{bytes} bytes in hexadecimal digits are expected", ja: "16進数で{bytes}バイトが必要です")
        case .notOneLine: Phrase("the field takes one line", ja: "この項目は1行です")
        case .tooLong: Phrase("it has {bytes} bytes, {most} are the limit", ja: "{bytes}バイトあります。上限は{most}です")
        case .notTypeable: Phrase("the program alone writes this field", ja: "この項目はプログラムだけが書きます")
        case .elementExpected: Phrase("this is no member of the set", ja: "この集まりの要素ではありません")
        case .elementUnexpected: Phrase("{field} has neither languages nor members", ja: "{field}に言語や要素はありません")
        case .unknownLanguage: Phrase("the languages are {known}", ja: "言語は{known}です")
        case .languageMissing:
            Phrase("say in which language, like {field}/{language}=…", ja: "どの言語かを{field}/{language}=…のように示します")
        case .notASet: Phrase("{field} is no set; write {field}=value", ja: "{field}は集まりではありません。{field}=値と書きます")
        case .formValue: Phrase("'{value}' cannot be {field}: {reason}", ja: "{field}に「{value}」は使えません: {reason}")
        case .formRecord: Phrase("{kind} {record}", ja: "{kind}の{record}")
        case .formNew: Phrase("{kind}, new", ja: "{kind}、新規")
        case .formRule:
            Phrase(
                "Lines that begin with # say nothing. A field that is not here stays as it is.",
                ja: "#で始まる行は読みません。ここにない項目はそのままです。")
        case .formEmptied: Phrase("To clear a field, leave nothing behind its colon.", ja: "項目を空にするには、コロンの後に何も書きません。")
        case .formWrittenOnce: Phrase("{field} is {value} for good", ja: "{field}は{value}のまま変わりません")
        case .formSeveral:
            Phrase("{field} has several values; see 'buntan conflicts'", ja: "{field}には値が複数あります。「buntan conflicts」を参照してください")
        case .formOneOf: Phrase("one of {known}", ja: "{known}の一つ")
        case .formMembersOf: Phrase("any of {known}", ja: "{known}のうちいくつでも")
        case .formAs: Phrase("type {type}, such as {example}", ja: "型は{type}（例: {example}）")
        case .formRecordOf: Phrase("a record, by its id or name: {kind}", ja: "記録（idか名前）: {kind}")
        case .formType: Phrase("type {type}", ja: "型は{type}")
        case .formRequired: Phrase("required", ja: "必須")
        case .formExpected: Phrase("asked for by the standard", ja: "規格が求める項目")
        case .formList: Phrase("{field}: a list ({name}). Each item holds", ja: "{field}: 一覧（{name}）。各項目の内容")
        case .formItems: Phrase("{field} is a list; write its items beneath, each behind a dash", ja: "{field}は一覧です。項目を下に、それぞれ「-」に続けて書きます")
        case .formTwice: Phrase("{field} stands here again; it is said on line {line} already", ja: "{field}が重複しています。{line}行目に既にあります")
        case .formNotYAML: Phrase("this is not YAML: {detail}", ja: "YAMLとして読めません: {detail}")
        case .formNotFields: Phrase("fields are written like name: value", ja: "項目は「名前: 値」の形で書きます")
        case .formNotText: Phrase("{field} takes a text, or languages, or a list", ja: "{field}は文字列、言語ごとの文字列、一覧のどれかです")
        case .kindsHeading: Phrase("Kinds of records here:", ja: "ここにある記録の種類:")
        case .recordsHeading: Phrase("{n} {n|record|records} of {kind}", ja: "{kind}の記録が{n}件")
        case .recordsCut: Phrase("{shown} of {n} {n|record|records} shown (--limit).", ja: "{n}件中{shown}件を表示（--limit）。")
        case .moreDrafted:
            Phrase(
                "The draft has {n} {n|record|records} of this kind that {n|is|are} not published as {n|it stands|they stand} there: '{command}'.",
                ja: "下書きには、この種類の記録で公開内容と異なるものが{n}件あります。一覧は「{command}」。")
        case .recordLine: Phrase("{visibility}, {owner}", ja: "{visibility}、{owner}")
        case .ownerYou: Phrase("yours", ja: "自組織")
        case .ownerEither: Phrase("each its own", ja: "それぞれ自分のもの")
        case .recordDeleted: Phrase("deleted", ja: "削除済み")
        case .changeLine: Phrase("{time}  {device}, {organisation}", ja: "{time}  {device}（{organisation}）")
        case .changeWaits: Phrase("not sent yet", ja: "未送信")
        case .changeRefused: Phrase("refused by the server", ja: "サーバが拒否")
        case .changeAt: Phrase("entry {entry}", ja: "ログの{entry}件目")
        case .changeOn: Phrase("{place}, made on entry {entry}", ja: "{place}、{entry}件目まで取り込んだ時点の記入")
        case .agreementState: Phrase("state", ja: "状態")
        case .changeSealed: Phrase("sealed; this device has no key for it", ja: "封あり。この端末に鍵がない")
        case .moreFields: Phrase("and {n} more", ja: "ほか{n}件")
        case .logHeading: Phrase("{shown} of {n} {n|change|changes}, newest first", ja: "{n}件の変更のうち{shown}件、新しい順")
        case .undoLeft: Phrase("left: {record} {field}", ja: "そのまま: {record}の{field}")
        case .eraseHeading:
            Phrase("All that {field} of {record} holds and has held will go:", ja: "{record}の{field}の今の値とこれまでの値を全て消去します:")
        case .erasePlace: Phrase("{n} {n|value|values} in {place}", ja: "{place}に{n}件")
        case .eraseDocument:
            Phrase(
                "the whole document of agreement {id} ({status}), which prints it: for both sides the agreement loses its text",
                ja: "これを記した合意{id}（{status}）の文書全体。双方で合意の本文が失われます")
        case .eraseKeepsEvidence:
            Phrase(
                "'buntan export evidence {id} -o FILE' before this keeps what proves it, with the value in it",
                ja: "先に「buntan export evidence {id} -o FILE」を行えば証明は残ります（値も残ります）")
        case .eraseTheirs:
            Phrase(
                "Agreement {id} prints it too; its document is the counterpart's, who alone can erase it.",
                ja: "合意{id}にも記されています。文書は相手方のもので、消去できるのは相手方だけです。")
        case .eraseTheirValue:
            Phrase(
                "{field} of {record} is the counterpart's and says the same; only they can erase it.",
                ja: "相手方の{record}の{field}にも同じ内容があります。消去できるのは相手方だけです。")
        case .eraseTheyAreTold:
            Phrase("Their next sync asks them to, with the command.", ja: "相手方の次の同期で、消去のコマンドとともに知らせます。")
        case .eraseNeedsServer:
            Phrase(
                "Nothing was erased: what the server and the others hold goes only through the server, so it is asked first.",
                ja: "何も消去していません。サーバと相手方にある値はサーバを通してだけ消去できるため、先に接続します。")
        case .eraseUnsent:
            Phrase(
                "The erasure is signed and kept here; the value goes everywhere with the next 'buntan sync'.",
                ja: "消去は署名してここに残してあります。値は次の「buntan sync」で全ての場所から消えます。")
        case .eraseLeft:
            Phrase(
                "The counterpart still holds it in {n} {n|place|places} that only they can erase; their 'buntan todo' says how.",
                ja: "相手方だけが消去できる{n}か所に残っています。相手方の「buntan todo」に方法が表示されます。")
        case .eraseSealed:
            Phrase(
                "In sealed records the other values of the same changes are written anew; their earlier values go too.",
                ja: "封をした記録では、同じ変更のほかの値は書き直されます。その以前の値も消えます。")
        case .eraseForGood:
            Phrase(
                "Nothing brings them back. Exported files, backups and what others have copied are not reached.",
                ja: "元には戻せません。書き出したファイル、バックアップ、ほかの人の写しには及びません。")
        case .eraseQuestion: Phrase("Erase {n} {n|value|values} for good?", ja: "{n}件の値を消去しますか?")
        case .eraseQuestionWithDocuments:
            Phrase(
                "Erase {n} {n|value|values} for good, and with {n|it|them} the {agreements|document|documents} of {agreements} {agreements|agreement|agreements}?",
                ja: "{n}件の値と、合意{agreements}件の文書を消去しますか?")
        case .erased: Phrase("{n} {n|value|values} of {record} {field} erased.", ja: "{record}の{field}の値{n}件を消去しました。")
        case .eraseTraces:
            Phrase(
                "Another program holds the store; its last traces go with the next sync.", ja: "ほかのプログラムがストアを使っています。残りの痕跡は次の同期で消えます。")
        case .placeDraft: Phrase("the draft of {name}", ja: "{name}の下書き")
        case .placeService: Phrase("the service {name}", ja: "サービス{name}")
        case .placeEngagement: Phrase("the engagement {name}", ja: "取引関係{name}")
        case .placeOwn: Phrase("your own records", ja: "自組織の記録")
        case .deviceSince: Phrase("enrolled {date}, rights {caps}", ja: "{date}に登録、権利{caps}")
        case .deviceRevokedOn: Phrase("revoked {date}", ja: "{date}に取消し")
        }
    }
}
