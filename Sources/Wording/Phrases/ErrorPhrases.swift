/// What went wrong: the sentence of each error of `buntan`. The name of an entry is the error's code.
package enum ErrorPhrases: String, PhraseTable {
    package static let section = "error"

    case unknownCommand, unknownOption, missingArgument, emptyInput, missingOptionValue, valueForFlag, unexpectedArgument, invalidValue
    case invalidValueOf, optionsExclude, wrongUsage, unknownShell, unknownTopic, unknownField, unknownKind, ambiguousKind
    case unknownSetting, invalidSetting, invalidDate, dateNotInCalendar, dateInPast, dateOrder, invalidDuration, invalidWhere
    case invalidSet
    case noStatement, severalStatements, statementStands, statementApproved
    case answersByKey, answerMissing, nameDiffers, declined, passphraseDiffers, passphraseEmpty,
        passphraseWrong
    case noStore, storeExists, noCurrent, noEngagement, noService, needsEngagement, unknownName, ambiguousName, nameInPart, nothingBefore,
        nothingThen
    case unknownRow, unknownControl, unknownRule, ambiguousRow, unknownID, ambiguousID, unknownRelease, releaseExists,
        unknownDevice
    case reasonMissing, tooMany, editorMissing, editorFailed, seenMissing
    case seenChanged, noSuchValue, notConflicting, lifeSettled, spanExpected
    case deviceEnrolledAlready
    case notEnrolled, chainOutrun
    case deviceDisowned, serverKept, storeUnreadable
    case theirField, ownFieldOnly, notProvider, noRight, deviceRevoked, lastAdmin, keyNotGiven, notConfirmed, rowsNotReady, offerOutgrown,
        rulesViolated, rowsIncomplete,
        notVerifiedYet
    case documentChanged, signatoryMissing, nothingToSign, documentTooLarge, evidenceTooLarge, engagementEnded, serviceClosed,
        serviceRetired, successorNotEngaged, successorUnconfirmed, handoverNone
    case unsentUnderLostKeys
    case rowsUnsent, rowsUnreleased, rowsErased, rowsUnknown, recordsUnsettled, alreadySigned, agreementNotStanding, agreementNotSent,
        agreementErased
    case agreementEndsEarlier
    case noAgreement, releaseUnsigned
    case releaseUnsettled, draftEmpty
    case nothingPublished, publishChanged, noMapping
    case noServer
    case plainRefused, caFileInvalid, caFileUnreadable
    case pageDoesNotVerify, storeDamaged, evidenceInvalid, bundleInvalid
    case idNeeded, homeNotArrived, admittedAlready
    case interrupted, interruptedNothing
    case serviceExists, inviteUsed, nameTaken, releaseWithdrawnAlready, deviceRevokedAlready, chainOutspoken, deviceOutspoken
    case spaceFrozen, nothingToTake, theirsUnsettled, severalRows, notShared
    case organisationFirst, backupDamaged, joinedAlready
    case auditorReads, auditorIsParty, auditorOfTheirs, unknownAuditor, dateTooLate
    case nothingToAttach

    package var phrase: Phrase {
        switch self {
        case .auditorReads:
            Phrase(
                "you read {engagement} as an auditor; only its parties write there",
                ja: "{engagement}は監査人として読んでいます。書き込めるのは当事者だけです")
        case .auditorIsParty:
            Phrase("{auditor} is a party of {engagement} and reads it anyway", ja: "{auditor}は{engagement}の当事者で、もともと読めます")
        case .auditorOfTheirs:
            Phrase(
                "only {counterpart} has let {auditor} in, and alone can end that",
                ja: "{auditor}を認めたのは{counterpart}だけで、終えられるのも{counterpart}だけです")
        case .unknownAuditor: Phrase("{engagement} has no auditor '{name}'", ja: "{engagement}に監査人「{name}」はいません")
        case .dateTooLate: Phrase("{value} is too late: {date} is the last day that can be named", ja: "{value}は遅すぎます。指定できるのは{date}までです")
        case .organisationFirst:
            Phrase(
                "an organisation takes up an invitation, and there is none at {path} yet; make yours first, then give this code again",
                ja: "招待に応じるのは組織ですが、{path}にはまだありません。先に組織を作り、このコードをもう一度指定してください")
        case .backupDamaged:
            Phrase(
                "the copy {file} is damaged ({detail}); nothing was restored, take another",
                ja: "写し{file}が壊れています（{detail}）。何も戻していません。別の写しを使ってください")
        case .unknownCommand: Phrase("there is no command '{word}'", ja: "「{word}」というコマンドはありません")
        case .unknownOption: Phrase("there is no option '{option}'", ja: "「{option}」というオプションはありません")
        case .missingArgument: Phrase("{argument} is missing", ja: "{argument}がありません")
        case .emptyInput:
            Phrase("standard input names nothing; nothing was done", ja: "標準入力で何も指定されていません。何も行いませんでした")
        case .missingOptionValue: Phrase("{option} needs a value", ja: "{option}には値が必要です")
        case .valueForFlag: Phrase("{option} takes no value, but '{value}' was given", ja: "{option}は値をとりませんが、「{value}」が指定されました")
        case .unexpectedArgument: Phrase("'{value}' is one argument too many", ja: "引数「{value}」が余分です")
        case .invalidValue: Phrase("'{value}' cannot be {option}", ja: "{option}に「{value}」は使えません")
        case .invalidValueOf: Phrase("'{value}' cannot be {option}; it is one of {known}", ja: "{option}に「{value}」は使えません。使えるのは{known}です")
        case .optionsExclude: Phrase("{first} and {second} exclude each other", ja: "{first}と{second}は同時に使えません")
        case .wrongUsage: Phrase("wrong usage: {detail}", ja: "使い方が違います: {detail}")
        case .unknownShell:
            Phrase("no completion for '{value}'; there is one for bash, zsh and fish", ja: "「{value}」の補完はありません。あるのはbash、zsh、fishです")
        case .unknownTopic: Phrase("there is no help on '{topic}'", ja: "「{topic}」のヘルプはありません")
        case .unknownField: Phrase("there is no field '{field}' here; there are {known}", ja: "ここに「{field}」という項目はありません。あるのは{known}です")
        case .unknownKind: Phrase("there is no kind '{kind}' of record", ja: "「{kind}」という種類の記録はありません")
        case .ambiguousKind: Phrase("'{kind}' is the beginning of several kinds", ja: "「{kind}」で始まる種類が複数あります")
        case .unknownSetting: Phrase("there is no setting '{key}'; there are {known}", ja: "「{key}」という設定はありません。あるのは{known}です")
        case .invalidSetting: Phrase("{key} cannot be '{value}': {reason}", ja: "{key}に「{value}」は使えません: {reason}")
        case .invalidDate: Phrase("'{value}' is not a day; days are written like 2026-12-31", ja: "「{value}」は日付ではありません。2026-12-31のように書きます")
        case .dateNotInCalendar: Phrase("{value} does not exist in the calendar", ja: "{value}は暦にない日付です")
        case .dateInPast: Phrase("{value} is in the past", ja: "{value}は過去の日付です")
        case .dateOrder: Phrase("{from} is after {to}", ja: "{from}は{to}より後です")
        case .invalidDuration:
            Phrase("'{value}' is no length of time; write 4h, 30d, 7y or PT4H", ja: "「{value}」は期間ではありません。4h、30d、7y、PT4Hのように書きます")
        case .invalidSet: Phrase("'{value}' sets nothing; write field=value", ja: "「{value}」では何も設定できません。項目=値の形で書きます")
        case .invalidWhere: Phrase("'{value}' is no condition; write field=value", ja: "「{value}」は条件ではありません。項目=値の形で書きます")
        case .noStatement: Phrase("there is no statement of applicability of {service} yet", ja: "{service}の適用宣言書はまだありません")
        case .statementStands:
            Phrase(
                "the statement of {service} has {field} {value}; beginning it again changes nothing that it says",
                ja: "「{service}」の適用宣言書の{field}は{value}です。改めて始めても、書かれていることは変わりません")
        case .statementApproved:
            Phrase(
                "the statement of {service}, approved by {person} on {date}, has {field} {value}; beginning it again changes nothing that it says",
                ja: "「{service}」の適用宣言書（{date}、{person}が承認）の{field}は{value}です。改めて始めても、書かれていることは変わりません")
        case .severalStatements:
            Phrase(
                "there are {n} statements of applicability of {service}; delete those that are not meant",
                ja: "{service}の適用宣言書が{n}件あります。余分なものを削除してください")
        case .answersByKey:
            Phrase(
                "answers are typed row by row, and --no-input forbids that; use 'buntan accept' and 'buntan propose', or list the rows",
                ja: "回答は1行ずつ入力しますが、--no-inputのため尋ねられません。「buntan accept」「buntan propose」を使うか、行を一覧してください")
        case .answerMissing:
            Phrase(
                "nobody can be asked here; give {flag} to answer this: {question}",
                ja: "次の問いへの答えが必要ですが、ここでは尋ねられません。{flag}を指定してください: {question}")
        case .nameDiffers: Phrase("'{given}' is not '{expected}'; nothing was done", ja: "「{given}」は「{expected}」と違います。何もしていません")
        case .declined: Phrase("nothing was done", ja: "何もしていません")
        case .passphraseDiffers: Phrase("the two passphrases differ; nothing was done", ja: "2つのパスフレーズが違います。何もしていません")
        case .passphraseEmpty: Phrase("an empty passphrase seals nothing", ja: "空のパスフレーズでは封ができません")
        case .passphraseWrong: Phrase("the passphrase does not open the keys of this device", ja: "パスフレーズがこの端末の鍵と合いません")
        case .noStore: Phrase("there is no store at {path}", ja: "{path}にストアがありません")
        case .storeExists: Phrase("there is a store at {path} already; it belongs to {name}", ja: "{path}には既に{name}のストアがあります")
        case .noCurrent:
            Phrase("this store holds several; say which one with -e or -s, or choose one", ja: "このストアには複数あります。-eか-sで示すか、一つを選んでください")
        case .noEngagement: Phrase("this store holds no engagement yet", ja: "このストアに取引関係はまだありません")
        case .noService: Phrase("this store holds no service yet", ja: "このストアにサービスはまだありません")
        case .needsEngagement: Phrase("this needs an engagement; {name} is a service", ja: "これには取引関係が必要です。{name}はサービスです")
        case .unknownName: Phrase("nothing here is called '{name}'", ja: "「{name}」という名前のものはここにありません")
        case .nameInPart:
            Phrase("'{name}' is a part of {whole}; what is to end is typed whole", ja: "「{name}」は{whole}の一部です。終わらせるものは名前を全て書きます")
        case .ambiguousName: Phrase("'{name}' fits several", ja: "「{name}」に当てはまるものが複数あります")
        case .nothingThen: Phrase("nothing of that was here at the end of {date}", ja: "{date}の終わりの時点で、該当するものはここにありません")
        case .nothingBefore: Phrase("nothing was chosen before", ja: "前に選んだものがありません")
        case .unknownRow: Phrase("there is no row {row}", ja: "{row}という行はありません")
        case .unknownRule: Phrase("there is no rule or group {rule}", ja: "規則または群「{rule}」はありません")
        case .unknownControl: Phrase("{framework} has no control {control}", ja: "{framework}に管理策{control}はありません")
        case .ambiguousRow:
            Phrase(
                "{row} stands in several frameworks; write it with its framework, like {example}",
                ja: "{row}は複数の枠組みにあります。{example}のように枠組みを付けて書きます")
        case .severalRows:
            Phrase(
                "{row} stands for {n} rows, and this is about one; name it, like {example}",
                ja: "{row}は{n}行に当たります。1行だけを、{example}のように示してください")
        case .notShared:
            Phrase(
                "{record} is your organisation's own, and the counterpart does not see it; a note stays here",
                ja: "{record}は自組織だけのもので、相手方には見えません。メモなら付けられます")
        case .unknownID: Phrase("nothing here has the id {id}", ja: "{id}というidのものはここにありません")
        case .ambiguousID: Phrase("{id} is the beginning of several ids", ja: "{id}で始まるidが複数あります")
        case .unknownRelease: Phrase("there is no release {label}", ja: "{label}という公開版はありません")
        case .releaseExists: Phrase("there is a release {label} already ({date})", ja: "{label}という公開版は既にあります（{date}）")
        case .unknownDevice: Phrase("there is no device '{label}'", ja: "「{label}」という端末はありません")
        case .reasonMissing: Phrase("say why with -m", ja: "理由を-mで示してください")
        case .tooMany:
            Phrase(
                "nobody can be asked here, and --yes was not given: {question}",
                ja: "ここでは尋ねられず、--yesも指定されていません: {question}")
        case .editorMissing:
            Phrase(
                "no editor is set; set VISUAL or EDITOR, or type the text in the command",
                ja: "エディタが設定されていません。VISUALかEDITORを設定するか、コマンドに内容を書いてください")
        case .editorFailed:
            Phrase("the editor '{command}' ended with {status}; nothing was changed", ja: "エディタ「{command}」が{status}で終わりました。何も変えていません")
        case .seenMissing:
            Phrase(
                "without --seen this command must ask; show the values with 'buntan conflicts' first",
                ja: "--seenを指定してください。値は「buntan conflicts」で確認できます")
        case .seenChanged:
            Phrase(
                "nothing was written: the values of {field} in {row} changed since {seen} was shown",
                ja: "何も書いていません: {seen}を表示した後に{row}の{field}の値が変わりました")
        case .noSuchValue:
            Phrase("{row} {field} has no value number {number}; there are {count}", ja: "{row}の{field}に{number}番の値はありません。{count}個あります")
        case .notConflicting: Phrase("{row} {field} has one value only; nothing to choose", ja: "{row}の{field}の値は一つだけです。選ぶ必要はありません")
        case .lifeSettled:
            Phrase(
                "{record} was not deleted on one device and edited on another: there is nothing to delete or restore here",
                ja: "{record}は、一方の端末で削除され他方で編集された記録ではありません。ここで削除や復元を選ぶ必要はありません")
        case .spanExpected:
            Phrase(
                "'{value}' is one day; write the first and the last, like {first}..{value}, or {value}.. for no end",
                ja: "「{value}」は1日です。{first}..{value}のように最初と最後の日を書きます。終わりがないなら{value}..と書きます")
        case .deviceEnrolledAlready: Phrase("{label} is enrolled already; nothing was done", ja: "{label}は既に登録されています。何もしていません")
        case .notEnrolled:
            Phrase(
                "this device is not enrolled yet; an admin device runs 'buntan device add' first",
                ja: "この端末はまだ登録されていません。先にadmin端末で「buntan device add」を実行してください")
        case .serverKept:
            Phrase(
                "spaces of this store are kept by {server}, and no other address is set; give the one to use instead",
                ja: "このストアのスペースは{server}にあり、ほかのアドレスは設定されていません。代わりに使うアドレスを指定してください")
        case .deviceDisowned:
            Phrase(
                "the server does not take this device any more: it may have been revoked, or its organisation suspended; do not add it again without asking an administrator",
                ja: "サーバがこの端末を受け付けません。権利が取り消されたか、組織が停止された可能性があります。管理者に確認せずに登録し直さないでください")
        case .chainOutrun:
            Phrase(
                "the organisation has said more than this store knows, so the server does not take its root's word; restore a newer backup",
                ja: "組織はこのストアが知るより後のことも述べているため、サーバはそのルート鍵の言葉を受け付けません。より新しいバックアップを戻してください")
        case .theirField: Phrase("row {row} is the provider's; state your own position", ja: "行{row}はプロバイダのものです。こちらの見解を示してください")
        case .ownFieldOnly: Phrase("{field} of {record} is written by the {side}", ja: "{record}の{field}を書くのは{side}です")
        case .notProvider: Phrase("only the provider of {service} can do this", ja: "{service}のプロバイダだけが行えます")
        case .noRight: Phrase("this device has no right '{right}'", ja: "この端末に「{right}」の権利がありません")
        case .deviceRevoked:
            Phrase(
                "this device was revoked on {date} by {label}; its work can be taken over by another one",
                ja: "この端末の権利は{date}に{label}により取り消されています。作業は別の端末で引き継げます")
        case .keyNotGiven:
            Phrase(
                "no other device with the right 'admin' has been given the keys of the organisation's own records yet",
                ja: "組織自身の記録の鍵が、「admin」の権利があるほかの端末にまだ渡っていません")
        case .unsentUnderLostKeys:
            Phrase(
                "nothing was written: a change of {record} that was made under the earlier keys is still to be sent",
                ja: "何も書いていません。以前の鍵で行った{record}の変更がまだ送信されていません")
        case .lastAdmin: Phrase("{label} is the last device with the right 'admin'", ja: "{label}は「admin」の権利がある最後の端末です")
        case .notConfirmed:
            Phrase(
                "{counterpart} is not confirmed; nobody signs before its fingerprint was compared",
                ja: "{counterpart}は未確認です。フィンガープリントを照合するまで署名できません")
        case .rulesViolated:
            Phrase(
                "nothing was signed. {rule} must be met in what would be signed, and is not: {message}\n{place}; {whose}.{more}",
                ja: "何も署名していません。署名の対象が規則{rule}に反しています: {message}\n{place}。{whose}。{more}")
        case .rowsIncomplete:
            Phrase(
                "nothing was signed. {rows} {rows|row does|rows do} not say yet what {rules} ask for, and that must be said.\n'buntan check --group {group}' lists it; --incomplete signs {rows|the row|the rows} as {rows|it stands|they stand}.",
                ja: "何も署名していません。{rules}が求める記載がそろっていない行が{rows}行あります。\n「buntan check --group {group}」で一覧でき、--incompleteでそのまま署名できます。")
        case .offerOutgrown:
            Phrase(
                "nothing was signed: what {counterpart} signed, {id}, no longer fits what stands now; they sign again what is meant",
                ja: "署名していません: {counterpart}が署名した{id}は現在の内容と合いません。相手に署名し直してもらう必要があります")
        case .rowsNotReady:
            Phrase(
                "nothing was signed. {n} of {total} rows are not ready: {list}.\nSettle them ('buntan todo'), or name them with --except: the document then lists them as left open.",
                ja:
                    "何も署名していません。{total}行のうち{n}行は用意ができていません: {list}。\n「buntan todo」で片付けるか、--exceptで示してください。その行は未決として文書に載ります。"
            )
        case .rowsUnsent:
            Phrase(
                "nothing was signed: {n} of {total} rows hold changes made here that were not sent yet",
                ja: "何も署名していません。{total}行のうち{n}行に、まだ送っていないこちらの変更があります")
        case .rowsUnreleased:
            Phrase(
                "nothing was signed: {n} of {total} rows are not as in release {label}; a publish is under way",
                ja: "何も署名していません。{total}行のうち{n}行が公開版{label}と違います。公開の途中です")
        case .rowsErased:
            Phrase(
                "nothing was signed: {n} of {total} rows hold an erased value; write the field anew or use --except",
                ja: "何も署名していません。{total}行のうち{n}行に消去済みの値があります。書き直すか、--exceptを使ってください")
        case .rowsUnknown:
            Phrase(
                "nothing was signed: {n} of {total} rows hold kinds or fields this program does not know; upgrade buntan",
                ja: "何も署名していません。{total}行のうち{n}行に、このプログラムが知らない種類か項目があります。buntanを更新してください")
        case .recordsUnsettled:
            Phrase("nothing was signed: {n} records in scope have several values", ja: "何も署名していません。対象の記録{n}件に値が複数あります")
        case .alreadySigned:
            Phrase(
                "nothing to sign: you signed {id}, and {counterpart} has not yet", ja: "署名するものはありません。{id}には署名済みで、{counterpart}はまだ署名していません")
        case .agreementNotStanding: Phrase("{id} cannot be ended: it is {status}", ja: "{id}は終了できません: {status}")
        case .agreementEndsEarlier:
            Phrase("{id} ends on {date} already; a later day changes nothing", ja: "{id}は既に{date}で終わります。後の日を言っても何も変わりません")
        case .agreementNotSent: Phrase("nothing was written: no signature under {id} has been sent yet", ja: "何も書いていません。{id}の署名がまだ送られていません")
        case .agreementErased:
            Phrase(
                "{id} cannot be compared or proved from the log: {reason}. Evidence that was exported before still proves it ('buntan verify FILE')",
                ja: "{id}はログからは比較も証明もできません。{reason}。それ以前に書き出した証拠があれば「buntan verify FILE」で証明できます")
        case .releaseUnsigned:
            Phrase("no agreement with {counterpart} is about {label}", ja: "{counterpart}との合意に{label}を対象とするものはありません")
        case .noAgreement: Phrase("there is no agreement with {counterpart} yet", ja: "{counterpart}との合意はまだありません")
        case .notVerifiedYet:
            Phrase(
                "the history is not verified yet: {left} {left|entry is|entries are} left; nothing was signed or written",
                ja: "履歴の検証があと{left}件残っています。何も署名せず、書いてもいません")
        case .documentChanged:
            Phrase(
                "nothing was signed: the document is now {now}, not {given}; look at it again",
                ja: "何も署名していません。文書は{given}ではなく、いまは{now}です。見直してください")
        case .signatoryMissing:
            Phrase(
                "nothing was signed: it is not set who signs; set signatory.name and signatory.title",
                ja: "何も署名していません。署名者が未設定です。signatory.nameとsignatory.titleを設定してください")
        case .nothingToSign:
            Phrase("nothing to sign: both have signed {id} and nothing it covers changed", ja: "署名するものはありません。{id}は双方が署名済みで、対象は変わっていません")
        case .documentTooLarge:
            Phrase(
                "nothing was signed: the document would have {size} bytes, {limit} are the limit; sign by family",
                ja: "何も署名していません。文書が{size}バイトになり、上限{limit}を超えます。区分ごとに署名してください")
        case .evidenceTooLarge:
            Phrase(
                "no evidence was written: that of {id} would be more than the {files} files and {bytes} bytes that a reader takes",
                ja: "証拠を書き出していません。{id}の証拠が、読み取れる上限の{files}ファイル、{bytes}バイトを超えます")
        case .serviceClosed:
            Phrase(
                "the rows of {engagement} are not on this device: its service was closed before this device came, and nobody can fetch it any more; your other devices keep it",
                ja: "{engagement}の行はこの端末にありません。この端末が加わる前にサービスが閉じられ、もう取得できません。自組織のほかの端末には残っています")
        case .engagementEnded: Phrase("this engagement ended on {date}", ja: "この取引関係は{date}に終了しました")
        case .serviceRetired:
            Phrase(
                "this service was retired on {date}; it takes no further invitations and releases",
                ja: "このサービスは{date}に終了しています。招待と公開はできません")
        case .successorNotEngaged:
            Phrase(
                "no engagement of {service} is called '{name}', whole; whoever takes a service over joins it first, with an invitation",
                ja: "{service}に「{name}」という取引関係（全体の名前）はありません。引き継ぐ組織は、まず招待を受けて参加します")
        case .handoverNone:
            Phrase("nothing was taken back: this service is handed over to nobody", ja: "取り消すものがありません。このサービスに引継ぎはありません")
        case .successorUnconfirmed:
            Phrase(
                "nothing was said: customers are told the fingerprint {fingerprint} of {handle}, and nobody has compared it yet",
                ja: "何も伝えていません。カスタマに伝える{handle}のフィンガープリント{fingerprint}が、まだ照合されていません")
        case .releaseUnsettled:
            Phrase("nothing was published: {n} fields of the draft have several values", ja: "公開していません。下書きの{n}項目に値が複数あります")
        case .draftEmpty: Phrase("nothing was published: the draft holds no row", ja: "公開していません。下書きに行がありません")
        case .nothingToAttach:
            Phrase("there is nothing of {kind} here to sign", ja: "署名の対象となる{kind}の記録がここにありません")
        case .joinedAlready:
            Phrase(
                "{service} of {counterpart} is joined already, as {name}; nothing was done, and the code is still unused. --yes joins a second time, with positions and agreements of its own",
                ja: "{counterpart}の{service}には既に参加しています（ここでの名前は{name}）。何もしていません。コードは未使用のままです。--yesを付けると、見解も合意も別の取引関係としてもう一度参加します")
        case .serviceExists:
            Phrase(
                "there is a service {name} already, called {handle} here; --yes makes another of the same name",
                ja: "{name}というサービスは既にあります（ここでの名前は{handle}）。--yesを付けると同じ名前でもう一つ作ります")
        case .inviteUsed:
            Phrase(
                "the invitation {id} has been taken up; an engagement is ended, not revoked",
                ja: "招待{id}は使用済みです。取引関係は、取り消すのではなく終了します")
        case .nameTaken: Phrase("{name} is the name of something else here", ja: "{name}はここで別のものの名前です")
        case .releaseWithdrawnAlready: Phrase("{label} is withdrawn already", ja: "{label}は既に取り下げられています")
        case .chainOutspoken:
            Phrase(
                "another device spoke for the organisation at the same time; the root key and the recovery code are as they were",
                ja: "別の端末が同時に組織の決定を伝えました。ルート鍵も復旧コードも元のままです")
        case .deviceOutspoken:
            Phrase(
                "another device spoke for the organisation at the same time; nothing was changed of {label}",
                ja: "別の端末が同時に組織の決定を伝えました。{label}については何も変わっていません")
        case .deviceRevokedAlready: Phrase("{label} is revoked already", ja: "{label}の権利は既に取り消されています")
        case .spaceFrozen:
            Phrase(
                "nothing was written: the server's history of this contradicts what was seen before; evidence lies in {path}/evidence",
                ja: "何も書いていません。サーバの履歴が前に見たものと矛盾します。証拠は{path}/evidenceにあります")
        case .nothingToTake: Phrase("they have no value for {row} that could be accepted", ja: "{row}に、承諾できる相手方の値がありません")
        case .theirsUnsettled:
            Phrase("they have several values for {row}; they choose one first", ja: "{row}の相手方の値が複数あります。先に相手方が選びます")
        case .noMapping:
            Phrase("{file} has columns that are fixed by its format; there is nothing to save", ja: "{file}の列は形式で決まっているため、保存する対応はありません")
        case .nothingPublished:
            Phrase(
                "nothing of {name} is published yet, so there is nothing to give to others",
                ja: "{name}はまだ何も公開していないため、他の人に渡すものがありません")
        case .noServer: Phrase("no server is set; join one with a code, or set it", ja: "サーバが未設定です。コードで参加するか、設定してください")
        case .plainRefused:
            Phrase("{server} is not encrypted; http:// is for loopback only", ja: "{server}は暗号化されていません。http://はループバックだけで使えます")
        case .caFileUnreadable: Phrase("the CA file {path} cannot be read: {reason}", ja: "CAファイル{path}を読めません: {reason}")
        case .caFileInvalid: Phrase("the CA file {path} holds no certificate", ja: "CAファイル{path}に証明書がありません")
        case .pageDoesNotVerify:
            Phrase(
                "what {server} sent does not fit its signed checkpoint (entry {entry}). Nothing was changed; evidence lies at {path}",
                ja: "{server}が送ったものが署名済みチェックポイントと合いません（{entry}件目）。何も変えていません。証拠は{path}にあります")
        case .storeUnreadable:
            Phrase(
                "the database of the store {path} is damaged and cannot be mended here ({detail}); move store.db aside, keep the folder keys, and bring a backup back with 'buntan store restore FILE', or join as a new device",
                ja:
                    "ストア{path}のデータベースが壊れていて、ここでは修復できません（{detail}）。store.dbを別の場所に移し、keysフォルダは残して、「buntan store restore FILE」でバックアップを戻すか、新しい端末として参加してください"
            )
        case .storeDamaged:
            Phrase(
                "the store {path} is damaged ({detail}); 'buntan store check' says what can be repaired",
                ja: "ストア{path}が壊れています（{detail}）。修復できるかは「buntan store check」で分かります")
        case .evidenceInvalid: Phrase("{file} does not verify: {finding}", ja: "{file}を検証できません: {finding}")
        case .bundleInvalid: Phrase("{file} does not verify: {finding}; nothing was changed", ja: "{file}を検証できません: {finding}。何も変えていません")
        case .homeNotArrived:
            Phrase("what your organisation holds has not arrived on this device yet", ja: "自組織の記録がまだこの端末に届いていません")
        case .admittedAlready: Phrase("{server} has admitted your organisation already", ja: "{server}は自組織を既に受け入れています")
        case .publishChanged:
            Phrase(
                "nothing was published: {fields} would leave as well, written since the list was shown",
                ja: "何も公開していません。一覧を示した後に書かれた{fields}も外に出るところでした")
        case .idNeeded: Phrase("say which {kind}: a row or an id", ja: "どの{kind}か、行かidで示してください")
        case .interrupted: Phrase("interrupted; {kept}", ja: "中断しました。{kept}")
        case .interruptedNothing: Phrase("interrupted; nothing was changed", ja: "中断しました。何も変えていません")
        }
    }
}
