/// What `conflicts` and `resolve` say: several values of one's own side.
package enum ConflictPhrases: String, PhraseTable {
    package static let section = "conflict"

    case erasedHeading, erasedWaits
    case heading, none, before, beforeNone, empty, thisDevice, asTheirs, lifeOpen, deleted, kept, setChanged
    case resolved, resolvedDeleted, resolvedRestored, remaining, allResolved, askWhich, askTake, askDelete, askRestore

    package var phrase: Phrase {
        switch self {
        case .heading:
            Phrase(
                "{fields} {fields|field|fields} in {rows} {rows|row|rows} {fields|has|have} several values from your own devices. All are kept until one is chosen.",
                ja: "{rows}行の{fields}項目に、自分の端末で書いた値が複数あります。一つを選ぶまで、全て残ります。")
        case .erasedHeading:
            Phrase(
                "{rows} {rows|row is|rows are} unsettled since a value was erased, until it is written anew.",
                ja: "値を消去した{rows}行が未確定です。書き直すまで続きます。")
        case .erasedWaits: Phrase("waits for {organisation}", ja: "{organisation}の対応待ち")
        case .none: Phrase("No field has several values.", ja: "値が複数ある項目はありません。")
        case .before: Phrase("before: {value}", ja: "以前: {value}")
        case .beforeNone: Phrase("before: none", ja: "以前: なし")
        case .empty: Phrase("none", ja: "なし")
        case .thisDevice: Phrase("{device} (this device)", ja: "{device}（この端末）")
        case .asTheirs: Phrase("{value}, as theirs", ja: "{value}（相手方と同じ）")
        case .lifeOpen: Phrase("deleted on one device, edited on another", ja: "一方の端末で削除、他方で編集")
        case .deleted: Phrase("deleted", ja: "削除")
        case .kept: Phrase("kept", ja: "存続")
        case .setChanged: Phrase("Other values stand there now:", ja: "いまは次の値になっています:")
        case .resolved: Phrase("{id} {field} of {row} is now {value}.", ja: "{row}の{field}を{value}にしました（{id}）。")
        case .resolvedDeleted: Phrase("{id} {row} is deleted.", ja: "{row}を削除しました（{id}）。")
        case .resolvedRestored: Phrase("{id} {row} is kept.", ja: "{row}を残しました（{id}）。")
        case .remaining: Phrase("{n} more {n|field waits|fields wait} for a choice.", ja: "あと{n}項目で選択が必要です。")
        case .allResolved: Phrase("No more values to choose.", ja: "選ぶ値はもうありません。")
        case .askWhich:
            Phrase(
                "Which value? Type its number, 'e' to write another, or nothing to leave it:",
                ja: "どの値にしますか。番号、別の値を書くなら「e」、そのままにするなら何も入力しないでください:")
        case .askTake: Phrase("Write {value} in place of all of them?", ja: "これら全てを{value}で置き換えますか。")
        case .askDelete: Phrase("Delete it, with what was edited?", ja: "編集された内容とともに削除しますか。")
        case .askRestore: Phrase("Keep it, with what it held before?", ja: "前の内容とともに残しますか。")
        }
    }
}
