/// What `bundle` says, and what others say of changes that came by file.
package enum BundlePhrases: String, PhraseTable {
    package static let section = "bundle"

    case written, log, entries, changes, nothingNew, tooLarge, applyThere, readableByAll
    case applied, taken, here, missing, missingAll, kept, known, refused, frozen
    case handedOver, notHandedOver, received, stateReceived
    case findsPage, findsOther, findsChange, findsChain, findsForeign, findsMany

    package var phrase: Phrase {
        switch self {
        case .written: Phrase("Wrote {path} for {name}: {bytes} bytes.", ja: "{name}向けに{path}を書きました（{bytes}バイト）。")
        case .log: Phrase("log of {space}", ja: "{space}のログ")
        case .entries: Phrase("entries {from} to {to}", ja: "{from}件目から{to}件目まで")
        case .changes: Phrase("{n} {n|change that is|changes that are} in no log yet", ja: "まだログにない変更{n}件")
        case .nothingNew:
            Phrase(
                "There is nothing that {name} is not known to have; the file only says what this store holds.",
                ja: "{name}が持っていないと分かるものはありません。ファイルはこのストアが持つものを伝えるだけです。")
        case .tooLarge:
            Phrase(
                "{space} is too large for a file and was left out: it takes a network.", ja: "{space}は大きすぎてファイルに入らないため除きました。ネットワークが必要です。")
        case .applyThere: Phrase("There, run:", ja: "受け取る側で次を実行してください:")
        case .readableByAll: Phrase("Whoever gets the file can read it.", ja: "ファイルを手にした人は誰でも内容を読めます。")
        case .applied: Phrase("{file} says it is from {name}, written {date}.", ja: "{file}は{name}が{date}に書いたとあります。")
        case .taken: Phrase("{n} {n|entry|entries} taken, verified to entry {to}: {space}", ja: "{n}件を取り込み、{to}件目まで検証済み: {space}")
        case .here: Phrase("Nothing new: {space}", ja: "新しいものはありません: {space}")
        case .missing:
            Phrase(
                "{space} is missing entries {from} to {to}: sync, apply the file that has them first, or ask for one made with --whole.",
                ja: "{space}の{from}件目から{to}件目までがありません。同期するか、それを含むファイルを先に取り込むか、--wholeで作り直してもらってください。")
        case .missingAll:
            Phrase(
                "{space} is not here yet: sync, or ask for a file made with --whole.", ja: "{space}はまだありません。同期するか、--wholeで作り直してもらってください。")
        case .kept:
            Phrase(
                "{n} {n|change|changes} received by file, in no log yet: the next sync hands {n|it|them} to the server.",
                ja: "ファイルで受け取った、まだログにない変更が{n}件あります。次の同期でサーバに渡します。")
        case .known: Phrase("{n} {n|change was|changes were} here already.", ja: "{n}件の変更は既にあります。")
        case .refused: Phrase("A change was not taken: {reason} ({detail}).", ja: "取り込まなかった変更があります: {reason}（{detail}）。")
        case .frozen: Phrase("{space} takes nothing: its log contradicted what was seen.", ja: "{space}には何も取り込みません。ログが以前の内容と矛盾しています。")
        case .handedOver:
            Phrase("Handed over {n} {n|change|changes} of others that came by file: {space}", ja: "ファイルで受け取った他の端末の変更{n}件を渡しました: {space}")
        case .notHandedOver:
            Phrase("The server refused a change that came by file: {reason} ({space})", ja: "ファイルで受け取った変更をサーバが拒否しました: {reason}（{space}）")
        case .received:
            Phrase(
                "{n} {n|change of others came|changes of others came} by file and {n|is|are} in no log yet.",
                ja: "他の端末の変更{n}件をファイルで受け取り、まだログにありません。")
        case .stateReceived: Phrase("by file", ja: "ファイルで受領")
        case .findsPage: Phrase("entry {entry} of {space} is not what its log may hold", ja: "{space}の{entry}件目がログとして正しくありません")
        case .findsOther:
            Phrase(
                "at entry {entry} of {space} it has another history than the one verified here",
                ja: "{space}の{entry}件目で、ここで検証済みの履歴と異なります")
        case .findsChange: Phrase("a change is not what its author signed: {reason}", ja: "署名どおりでない変更があります: {reason}")
        case .findsChain: Phrase("what an organisation says about itself does not hold: {reason}", ja: "組織の決定が正しくありません: {reason}")
        case .findsForeign: Phrase("it holds a space in which you have no part", ja: "関係のないスペースが含まれています")
        case .findsMany: Phrase("more changes than a store keeps for {space}", ja: "{space}について保管できる数を超える変更があります")
        }
    }
}
