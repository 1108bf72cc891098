/// What the commands about rows and records say.
package enum RowPhrases: String, PhraseTable {
    package static let section = "row"

    case heatmapLegend, heatmapServiceLegend
    case matrixHeading, matrixDraftHeading, matrixEmpty, matrixNoMatch, counts, othersCount, cutOff
    case sideProvider, sideCustomer, sectionStatements, sectionComments, sectionNotes, sectionHistory
    case commentBy, asPublished, publishedOther, fromControl, takenOver, noneYet, returnedValue, erasedValue, severalHeads,
        theirSeveralHeads
    case changed, changedMany, createdNamed, othersOfKind, otherLanguageStands, rewordedHint, deleted, deletedSaid, deletedNoted,
        deletedNamed, undone, undoneRows, undoneBoth
    case redoHint, undoBlocked, undoNothing, nothingChanged, findHeading, findNone
    case listNone, logNone, diffNone, diffHeading, diffAdded, diffRemoved, diffAllocation, diffReworded, diffMarks, diffConflicted,
        diffErased,
        diffNow, diffDraft, diffHeadingRecords, diffHeadingBoth, diffRecordsChanged, diffRecordsAdded, diffRecordsRemoved,
        diffRecordsConflicted, diffRecordsErased
    case diffCounts, diffDivided, diffAlone, diffReturned, diffReturnedField, diffReleased, diffUnreleased
    case diffAnswered, diffWithdrawn, diffNoRows, diffAccepts, diffAcceptsNow, diffAcceptsNone

    package var phrase: Phrase {
        switch self {
        case .heatmapLegend:
            Phrase(
                "p provider, c customer, s shared, u supplier, n not applicable, - none; a capital where both sides agree",
                ja: "p プロバイダ、c カスタマ、s 共有、u 供給者、n 適用外、- なし。双方が一致した行は大文字")
        case .heatmapServiceLegend:
            Phrase(
                "P provider, C customer, S shared, U supplier, N not applicable, - none",
                ja: "P プロバイダ、C カスタマ、S 共有、U 供給者、N 適用外、- なし")
        case .matrixHeading: Phrase("{rows} {rows|row|rows} of {service}, release {label}", ja: "{service}、公開版{label}、{rows}行")
        case .matrixDraftHeading: Phrase("{rows} {rows|row|rows} of {service}, draft", ja: "{service}、下書き、{rows}行")
        case .matrixEmpty: Phrase("No rows.", ja: "行がありません。")
        case .matrixNoMatch: Phrase("No row matches.", ja: "当てはまる行がありません。")
        case .counts: Phrase("provider {provider}, customer {customer}, shared {shared}", ja: "プロバイダ{provider}、カスタマ{customer}、共有{shared}")
        case .othersCount:
            Phrase(
                "supplier {supplier}, not applicable {notApplicable}, unallocated {unallocated}",
                ja: "供給者{supplier}、適用外{notApplicable}、未割当て{unallocated}")
        case .cutOff: Phrase("{shown} of {total} {total|row|rows} shown (--limit).", ja: "{total}行中{shown}行を表示（--limit）。")
        case .sideProvider: Phrase("Provider", ja: "プロバイダ")
        case .sideCustomer: Phrase("Customer", ja: "カスタマ")
        case .sectionStatements: Phrase("Statements", ja: "記述")
        case .sectionComments: Phrase("Comments", ja: "コメント")
        case .sectionNotes: Phrase("Notes, private", ja: "メモ（非公開）")
        case .sectionHistory: Phrase("History", ja: "履歴")
        case .commentBy: Phrase("{author}, {time}", ja: "{author}、{time}")
        case .asPublished: Phrase("as published", ja: "公開版どおり")
        case .publishedOther: Phrase("own position; published: {allocation}", ja: "自らの見解。公開版は{allocation}")
        case .fromControl: Phrase("taken over from {row}", ja: "{row}の回答を適用")
        case .takenOver: Phrase("{allocation} (control)", ja: "{allocation}（管理策）")
        case .noneYet: Phrase("none yet", ja: "まだない")
        case .returnedValue: Phrase("returned to an earlier value", ja: "前の値に戻った")
        case .erasedValue: Phrase("erased", ja: "消去済み")
        case .severalHeads: Phrase("several values, see 'buntan conflicts'", ja: "値が複数ある。「buntan conflicts」を参照")
        case .theirSeveralHeads: Phrase("several values, for {organisation} to choose from", ja: "値が複数ある。{organisation}の選択待ち")
        case .changed: Phrase("{id} {row}: {field} changed.", ja: "{row}: {field}を変えました（{id}）。")
        case .changedMany:
            Phrase("{id} {fields} {fields|field|fields} in {rows} {rows|row|rows} changed.", ja: "{rows}行の{fields}項目を変えました（{id}）。")
        case .othersOfKind:
            Phrase(
                "{n} {n|other|others} of {kind} {n|is|are} here already: {command}", ja: "{kind}はほかに{n}件あります: {command}")
        case .otherLanguageStands:
            Phrase("{field} stands as it was: see whether both languages still say the same.", ja: "{field}は元のままです。両言語の内容が合うか確かめてください。")
        case .createdNamed: Phrase("{id} {kind} {row} made.", ja: "{kind}「{row}」を作りました（{id}）。")
        case .deleted: Phrase("{id} {record} deleted; 'buntan undo' brings it back.", ja: "{record}を削除しました（{id}）。「buntan undo」で戻せます。")
        case .rewordedHint:
            Phrase(
                "It has changed since the customer accepted it. 'buntan log {row}' shows how; the customer's 'buntan accept {row}' accepts that.",
                ja: "カスタマが承諾した後に変わりました。「buntan log {row}」で違いが分かり、カスタマの「buntan accept {row}」で承諾できます。")
        case .deletedSaid:
            Phrase(
                "The reason stands as a comment, which {counterpart} sees: {reason}", ja: "理由はコメントとして残り、{counterpart}にも見えます: {reason}")
        case .deletedNoted:
            Phrase("The reason stands as a private note: {reason}", ja: "理由は自組織だけのメモとして残ります: {reason}")
        case .deletedNamed:
            Phrase(
                "{n} {n|record|records} still {n|names|name} it; {n|change it|change them} too, or take the deletion back:",
                ja: "{n}件の記録がまだこれを参照しています。併せて変更するか、削除を取り消してください:")
        case .undone: Phrase("{id} undoes {change}: {fields} {fields|field|fields} restored.", ja: "{change}を取り消し、{fields}項目を戻しました（{id}）。")
        case .undoneRows:
            Phrase("{id} undoes {change}: {rows} {rows|record|records} removed.", ja: "{change}を取り消し、{rows}件の記録をなくしました（{id}）。")
        case .undoneBoth:
            Phrase(
                "{id} undoes {change}: {rows} {rows|record|records} removed, {fields} {fields|field|fields} restored.",
                ja: "{change}を取り消し、{rows}件の記録をなくし、{fields}項目を戻しました（{id}）。")
        case .redoHint:
            Phrase("Do it again: {command}", ja: "やり直すには: {command}")
        case .undoBlocked:
            Phrase("{fields} {fields|field was|fields were} left: later changes stand in the way.", ja: "{fields}項目は後の変更があるため、そのままです。")
        case .undoNothing: Phrase("Nothing to undo.", ja: "取り消す変更がありません。")
        case .nothingChanged: Phrase("Nothing changed.", ja: "変更はありません。")
        case .findHeading: Phrase("{n} {n|place holds|places hold} \"{text}\"", ja: "「{text}」は{n}か所")
        case .findNone: Phrase("Nothing holds \"{text}\".", ja: "「{text}」はどこにもありません。")
        case .listNone: Phrase("No records of this kind.", ja: "この種類の記録はありません。")
        case .logNone: Phrase("No changes yet.", ja: "変更はまだありません。")
        case .diffNoRows: Phrase("No row differs.", ja: "行に違いはありません。")
        case .diffAccepts: Phrase("accepted other words of the provider than before", ja: "前とは別の、プロバイダの文言を承諾した")
        case .diffAcceptsNow: Phrase("accepted the provider's words as they stood", ja: "その時点のプロバイダの文言を承諾した")
        case .diffAcceptsNone: Phrase("no longer says which words of the provider were accepted", ja: "承諾した文言の記載がなくなった")
        case .diffNone: Phrase("No difference.", ja: "違いはありません。")
        case .diffHeading: Phrase("From {from} to {to}: {rows} {rows|row differs|rows differ}.", ja: "{from}から{to}まで: {rows}行に違いがあります。")
        case .diffHeadingRecords:
            Phrase("From {from} to {to}: {n} {n|record differs|records differ}.", ja: "{from}から{to}まで: 記録{n}件に違いがあります。")
        case .diffHeadingBoth:
            Phrase(
                "From {from} to {to}: {rows} {rows|row|rows} and {n} other {n|record|records} differ.",
                ja: "{from}から{to}まで: {rows}行とほかの記録{n}件に違いがあります。")
        case .diffRecordsChanged: Phrase("{n} other {n|record|records} changed", ja: "ほかの記録{n}件の変更")
        case .diffRecordsAdded: Phrase("{n} other {n|record|records} added", ja: "ほかの記録{n}件の追加")
        case .diffRecordsRemoved: Phrase("{n} other {n|record|records} removed", ja: "ほかの記録{n}件の削除")
        case .diffRecordsConflicted:
            Phrase("{n} other {n|record|records} with several values now", ja: "ほかの記録{n}件で値が複数になった")
        case .diffRecordsErased: Phrase("{n} other {n|record|records} with an erased value now", ja: "ほかの記録{n}件で値が消去された")
        case .diffCounts:
            Phrase(
                "{allocations} {allocations|row|rows} with another allocation, {words} with other words.",
                ja: "割当ての変更{allocations}行、文言の変更{words}行。")
        case .diffDivided:
            Phrase(
                "split into items: {before} {before|row|rows} to {after}, {same} of them as their control said",
                ja: "項目への分割: {before}行から{after}行へ、うち{same}行は管理策の記述のまま")
        case .diffAlone: Phrase("the allocation changed, its words did not", ja: "割当てだけが変わり、文言は変わっていない")
        case .diffReturned: Phrase("back to what release {label} said", ja: "公開版{label}の内容に戻った")
        case .diffReturnedField: Phrase("{field} is back to what release {label} said", ja: "{field}は公開版{label}の内容に戻った")
        case .diffReleased: Phrase("release {label}, {date}, {device}: {message}", ja: "公開版{label}、{date}、{device}: {message}")
        case .diffUnreleased: Phrase("{date}, {device}, in no release yet", ja: "{date}、{device}、未公開")
        case .diffAdded: Phrase("{rows} {rows|row|rows} added", ja: "{rows}行の追加")
        case .diffRemoved: Phrase("{rows} {rows|row|rows} removed", ja: "{rows}行の削除")
        case .diffAnswered: Phrase("{rows} {rows|row|rows} with an answer that was not there", ja: "{rows}行に新たな回答")
        case .diffWithdrawn: Phrase("{rows} {rows|row|rows} without an answer that was there", ja: "{rows}行で回答の取下げ")
        case .diffAllocation: Phrase("{rows} {rows|row|rows}: {before} to {after}", ja: "{rows}行: {before}から{after}へ")
        case .diffConflicted: Phrase("{rows} {rows|row|rows} with several values now", ja: "{rows}行で値が複数になった")
        case .diffErased: Phrase("{rows} {rows|row|rows} with an erased value now", ja: "{rows}行で値が消去された")
        case .diffDraft: Phrase("the draft", ja: "下書き")
        case .diffNow: Phrase("now", ja: "現在")
        case .diffMarks:
            Phrase("{rows} {rows|row|rows} with another status or other marks", ja: "{rows}行の実施状況や印の変更")
        case .diffReworded: Phrase("{rows} {rows|row|rows} with other words", ja: "{rows}行の文言の変更")
        }
    }
}
