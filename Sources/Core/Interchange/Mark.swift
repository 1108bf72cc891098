/// What a sign in a cell says, whatever its width: ○ △ × ー, x, yes.
enum Mark {
    case yes, partly, no, notApplicable, blank

    /// Returns `nil` for signs that are none of these.
    init?(_ text: String) {
        switch text.folded {
        case "": self = .blank
        case "x", "yes", "y", "true", "1", "✓", "✔", "☑", "○", "〇", "◯", "●", "◎", "はい", "有", "あり": self = .yes
        case "△", "▲", "partial", "partially", "一部": self = .partly
        case "×", "✕", "✖", "╳", "no", "n", "false", "0", "☐", "いいえ", "無", "なし": self = .no
        case "-", "ー", "―", "—", "–", "−", "─", "n/a", "na", "not applicable", "対象外", "該当なし", "適用外": self = .notApplicable
        default: return nil
        }
    }
}
