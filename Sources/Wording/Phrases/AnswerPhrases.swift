/// What `answer` says while it walks through rows.
package enum AnswerPhrases: String, PhraseTable {
    package static let section = "answer"

    case progress, you, controlHolds, countsFor, standApart, reworded, isCut
    case keys, keysAlone, help, unknownKey, whose, why, statement, noteText, noAllocation
    case nothingToAccept, changedMeanwhile, answered, answeredWith, noNote, noted, undone, nothingToUndo, undoBlocked
    case nothingWaits, done, doneWith, skippedLeft, notesWritten, listHeading, followersTake, itemsKept
    case copied, copiedNone, copyQuestion, copyFound, copyChanged, copyWithout, copyRow

    package var phrase: Phrase {
        switch self {
        case .progress: Phrase("{n} of {total}", ja: "{total}行中{n}行目")
        case .you: Phrase("you", ja: "こちら")
        case .controlHolds: Phrase("An item of {row}, for which you hold {allocation}.", ja: "{row}の細目。管理策へのこちらの見解: {allocation}。")
        case .countsFor:
            Phrase("Counts for its items until they are answered themselves: {list}", ja: "細目にも個別に回答するまで適用: {list}")
        case .standApart: Phrase("Not taken over by accepting: {list}", ja: "承諾しても適用されない細目: {list}")
        case .reworded: Phrase("It has changed since you accepted it.", ja: "承諾した後に変わりました。")
        case .isCut: Phrase("Texts are cut; v shows them whole.", ja: "文を途中まで表示しています。vで全文を示します。")
        case .keys:
            Phrase(
                "a accept {allocation}, p propose, n note, s skip, u undo, v whole, ?, q quit:",
                ja: "a 承諾（{allocation}）、p 提案、n メモ、s 後で、u 取消し、v 全文、?、q 終了:")
        case .keysAlone:
            Phrase("p allocate, n note, s skip, u undo, v whole, ?, q quit:", ja: "p 割当て、n メモ、s 後で、u 取消し、v 全文、? 説明、q 終了:")
        case .help:
            Phrase(
                """
                a  your position becomes what they hold to; items of the control that say the same take it over
                p  an own allocation, then a line for the other side (in a draft: your statement); on one line: p shared WHY
                n  a private note; the row waits on
                s  leave the row for later: it comes again when the list is walked anew
                u  take the last answer, note or skip back and return to its row
                v  the row with its texts whole
                q  stop; everything is stored, and 'buntan answer' goes on from here
                """,
                ja: """
                    a  相手方の見解をこちらの見解にする。同じ内容の細目にも適用される
                    p  こちらの割当てと、相手方に見える1行（下書きでは自社の記述）。1行で書くには: p 共有 理由
                    n  組織の外に出ないメモ。行は未回答のまま残る
                    s  後に回す。次に一覧を最初から回るときに再び現れる
                    u  直前の回答、メモ、後回しを取り消し、その行に戻る
                    v  文を省かずに行を示す
                    q  終える。全て保存済みで、次の「buntan answer」はここから続く
                    """)
        case .unknownKey: Phrase("'{key}' is none of the keys; ? explains them.", ja: "「{key}」というキーはありません。?で説明を示します。")
        case .whose:
            Phrase(
                "p provider, c customer, s shared, u supplier, n not applicable:", ja: "p プロバイダ、c カスタマ、s 共有、u 供給者、n 適用外:")
        case .why: Phrase("Why, for the other side (empty for nothing):", ja: "理由（相手方に見える。なければ空行）:")
        case .statement: Phrase("What you do, for your customers (empty for nothing):", ja: "実施内容（カスタマに見える。なければ空行）:")
        case .noteText: Phrase("Note (empty for none):", ja: "メモ（なければ空行）:")
        case .noAllocation: Phrase("'{word}' is no allocation; nothing was written.", ja: "「{word}」という割当てはありません。何も書いていません。")
        case .nothingToAccept: Phrase("There is nothing to accept here; p states your own.", ja: "承諾できる見解がありません。pで示してください。")
        case .changedMeanwhile:
            Phrase("{row} has changed since it was shown; nothing was written.", ja: "表示した後に{row}が変わりました。何も書いていません。")
        case .answered: Phrase("{row}: you hold {allocation}.", ja: "{row}: こちらの見解は{allocation}。")
        case .answeredWith:
            Phrase(
                "{row}: you hold {allocation}; {n} {n|item takes|items take} it over.", ja: "{row}: こちらの見解は{allocation}。{n}件の細目にも適用しました。")
        case .noNote: Phrase("No note written.", ja: "メモは書いていません。")
        case .noted: Phrase("Note on {row} written; it stays in your organisation.", ja: "{row}にメモを付けました。組織の外には出ません。")
        case .undone: Phrase("Taken back: {row}.", ja: "{row}を取り消しました。")
        case .nothingToUndo:
            Phrase("Nothing was done yet; 'buntan undo' takes back earlier work.", ja: "まだ何もしていません。以前の作業は「buntan undo」で取り消せます。")
        case .undoBlocked: Phrase("Something later stands in the way; see 'buntan log'.", ja: "後の変更があるため取り消せません。「buntan log」を参照してください。")
        case .nothingWaits: Phrase("No row waits for an answer of yours.", ja: "こちらの回答を待つ行はありません。")
        case .done: Phrase("{rows} {rows|row|rows} answered, {left} {left|waits|wait}.", ja: "{rows}行に回答しました。残り{left}行。")
        case .doneWith:
            Phrase(
                "{rows} {rows|row|rows} answered, with {n} {n|item|items} that take an answer over; {left} {left|waits|wait}.",
                ja: "{rows}行に回答し、{n}件の細目に適用しました。残り{left}行。")
        case .skippedLeft:
            Phrase("{n} left for later: they come again with the next 'buntan answer'.", ja: "後回し{n}行。次の「buntan answer」で再び現れます。")
        case .notesWritten: Phrase("{n} {n|note|notes} written.", ja: "メモ{n}件を書きました。")
        case .listHeading: Phrase("{rows} {rows|row waits|rows wait} for an answer of yours.", ja: "こちらの回答を待つ行は{rows}行。")
        case .followersTake: Phrase("{n} {n|item takes|items take} the answer over.", ja: "{n}件の細目にも適用しました。")
        case .itemsKept:
            Phrase(
                "{n} {n|item keeps its own answer|items keep their own answers}; name {n|it|them} to answer {n|it|them}, too: {list}",
                ja: "{n}件の細目は独自の回答のままです。回答するには細目を指定します: {list}")
        case .copied: Phrase("{id} {rows} {rows|answer|answers} taken over from {from}.", ja: "{from}から{rows}行の回答を引き継ぎました（{id}）。")
        case .copiedNone: Phrase("No answer of {from} fits a row that waits here.", ja: "{from}に、ここで回答を待つ行に合う回答はありません。")
        case .copyQuestion: Phrase("Take {n} answers over from {from}?", ja: "{from}から{n}行の回答を引き継ぎますか。")
        case .copyFound:
            Phrase(
                "{rows} of {total} {total|row|rows} that wait have an answer in {from} on the same words.",
                ja: "回答を待つ{total}行のうち{rows}行は、{from}に同じ文言への回答があります。")
        case .copyChanged:
            Phrase(
                "{rows} {rows|has|have} an answer there on other words, and {rows|is|are} left to be answered:",
                ja: "{rows}行は文言が異なるため引き継ぎません:")
        case .copyWithout: Phrase("{rows} {rows|has|have} none there.", ja: "{rows}行は回答がありません。")
        case .copyRow: Phrase("{row}  there {before}, here {now}", ja: "{row}  引継元{before}、こちら{now}")
        }
    }
}
