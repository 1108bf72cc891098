/// What is wrong with what somebody wants a record to say, or with whose record it is. The name of an entry is the error's code.
package enum RecordErrorPhrases: String, PhraseTable {
    package static let section = "record-error"

    case unknownFieldOfKind, invalidFieldValue, fieldForm, fieldConflicting, theirRecord, writtenOnce, computedField, requiredMissing,
        kindNotWritable, recordDeleted, sharedAtBeginning, otherKind, changedMeanwhile, formKept, formMistake, unknownItem, rowsConflicting,
        deletedAndEdited

    package var phrase: Phrase {
        switch self {
        case .sharedAtBeginning:
            Phrase(
                "who may read {record} was decided when it was made; only a new record can be shared",
                ja: "{record}を誰が読めるかは作成時に決まっています。共有できるのは新しい記録だけです")
        case .otherKind: Phrase("{field} names a {target}; {id} is a {kind}", ja: "{field}が指すのは{target}ですが、{id}は{kind}です")
        case .unknownItem: Phrase("{field} of {record} has no item {id}", ja: "{record}の{field}に{id}という項目はありません")
        case .unknownFieldOfKind: Phrase("{kind} has no field '{field}'", ja: "{kind}に「{field}」という項目はありません")
        case .invalidFieldValue:
            Phrase("'{value}' cannot be {field} of {record}: {reason}", ja: "{record}の{field}に「{value}」は使えません: {reason}")
        case .fieldForm: Phrase("{field} of {record} cannot be set so: {reason}", ja: "{record}の{field}は、この書き方では設定できません: {reason}")
        case .formMistake: Phrase("line {line} of the form: {reason}", ja: "記入の{line}行目: {reason}")
        case .fieldConflicting:
            Phrase(
                "nothing was written: {field} of {record} has several values; choose one first",
                ja: "何も書いていません: {record}の{field}には値が複数あります。先に一つを選んでください")
        case .rowsConflicting:
            Phrase(
                "nothing was written: {n} of these rows hold several values of yours; choose one in each with 'buntan resolve'",
                ja: "何も書いていません: このうち{n}行には自分の値が複数あります。「buntan resolve」で一つずつ選んでください")
        case .deletedAndEdited:
            Phrase(
                "nothing was written: {record} was deleted on one device and edited on another; choose with 'buntan resolve ID --delete' or '--restore'",
                ja: "何も書いていません: {record}は一方の端末で削除され、他方で編集されています。「buntan resolve ID --delete」か「--restore」で選んでください")
        case .theirRecord: Phrase("{record} belongs to {owner}; only they change it", ja: "{record}は{owner}のものです。変えられるのは持ち主だけです")
        case .writtenOnce: Phrase("{field} of {record} keeps its first value for good", ja: "{record}の{field}は最初の値のまま変わりません")
        case .computedField: Phrase("the program alone writes {field} of {record}", ja: "{record}の{field}はプログラムだけが書きます")
        case .requiredMissing: Phrase("a new {kind} needs {field}", ja: "新しい{kind}には{field}が必要です")
        case .kindNotWritable: Phrase("no {kind} is written here by hand", ja: "ここで{kind}を手で書くことはありません")
        case .recordDeleted: Phrase("{record} is deleted already", ja: "{record}は既に削除されています")
        case .changedMeanwhile:
            Phrase(
                "nothing was written: {field} of {record} was changed while the form was open",
                ja: "何も書いていません: 記入の間に{record}の{field}が変わりました")
        case .formKept:
            Phrase("nothing was written; what you typed lies in {path}, for --from", ja: "何も書いていません。記入した内容は{path}にあり、--fromで使えます")
        }
    }
}
