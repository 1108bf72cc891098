/// What is wrong with what somebody wants a record to say or to say no more, or with whose record it is. The name of an entry is the error's code.
package enum RecordErrorPhrases: String, PhraseTable {
    package static let section = "record-error"

    case unknownFieldOfKind, invalidFieldValue, fieldForm, fieldConflicting, theirRecord, writtenOnce, computedField, requiredMissing,
        kindNotWritable, recordDeleted, sharedAtBeginning, otherKind, otherRisk, changedMeanwhile, formKept, formMistake, unknownItem,
        rowsConflicting,
        deletedAndEdited
    case undoBlocked, undoChoice, undoNotOwn, undoPublished, undoWithdrawn, undoSigned, undoHandover, undoErased
    case eraseKeyField, eraseNothing, eraseWaiting, eraseNotTaken

    package var phrase: Phrase {
        switch self {
        case .sharedAtBeginning:
            Phrase(
                "who may read {record} was decided when it was made; only a new record can be shared",
                ja: "{record}を誰が読めるかは作成時に決まっています。共有できるのは新しい記録だけです")
        case .otherKind: Phrase("{field} names a {target}; {id} is a {kind}", ja: "{field}が指すのは{target}ですが、{id}は{kind}です")
        case .otherRisk:
            Phrase("{record} is about {risk}, which does not name this gap", ja: "{record}は{risk}についてのもので、このリスクはこのギャップを挙げていません")
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
        case .undoBlocked:
            Phrase("{change} cannot be undone: {n} {n|field was|fields were} changed later", ja: "{change}は取り消せません。{n}項目が後で変えられています")
        case .undoChoice:
            Phrase(
                "{change} chose among several values, which cannot come back side by side; write the one that is meant",
                ja: "{change}は複数の値から一つを選んだもので、元の並びには戻せません。正しい値を書いてください")
        case .undoNotOwn: Phrase("{change} is not a change of this organisation", ja: "{change}は自組織の変更ではありません")
        case .undoHandover:
            Phrase(
                "{change} hands a service over, which stands in every engagement of it; it is taken back in all of them at once",
                ja: "{change}はサービスの引継ぎで、全ての取引関係に記録されています。取消しはまとめて行います")
        case .undoPublished:
            Phrase(
                "{change} published a release, which stands; a release is withdrawn, or the next one says otherwise",
                ja: "{change}は公開版の公開で、取り消せません。公開版は取り下げるか、次の公開版で改めます")
        case .undoWithdrawn:
            Phrase(
                "{change} withdrew a release, which stays withdrawn; the next release says what holds",
                ja: "{change}は公開版の取下げで、取り消せません。次の公開版で改めます")
        case .undoSigned:
            Phrase(
                "{change} is a signature or an end, which stands as signed; an agreement is ended on a day",
                ja: "{change}は署名または終了で、取り消せません。合意は日付を決めて終了します")
        case .undoErased:
            Phrase(
                "nothing was undone: {change} says why something was erased, which nothing brings back; name another change to undo that",
                ja: "何も戻していません。{change}は消去の理由で、消去した値は戻りません。ほかの変更を戻すには、その変更を指定してください")
        case .eraseKeyField:
            Phrase(
                "{record} goes by {field}, which cannot be erased; delete the record instead",
                ja: "{field}は{record}を示すもので、消去できません。記録の削除を検討してください")
        case .eraseNothing:
            Phrase("{field} of {record} holds nothing that could be erased", ja: "{record}の{field}に消去できる値はありません")
        case .eraseWaiting:
            Phrase(
                "nothing was erased: {n} {n|change|changes} of {field} of {record} {n|waits|wait} here and would bring it back; send or discard {n|it|them} first",
                ja: "何も消去していません: {record}の{field}の変更が{n}件ここで待っていて、後から値を戻します。先に送信するか破棄してください")
        case .eraseNotTaken:
            Phrase(
                "the server has not taken the erasure of {field} of {record} yet; the values are still there",
                ja: "{record}の{field}の消去をサーバがまだ受け入れていません。値は残っています")
        }
    }
}
