import Synchronization
import Wording

/// A bar on standard error for work that takes longer than a moment.
///
/// It appears after 100 ms, at most twenty times a second, only on a terminal, and leaves no trace.
final class Progress: Sendable {
    private struct State {
        var shown: Duration?
        var isVisible = false
    }

    private static let delay = Duration.milliseconds(100)
    private static let interval = Duration.milliseconds(50)
    private static let barColumns = 24

    private let console: Console
    private let language: Language
    private let label: any PhraseTable
    private let facts: Facts
    private let isOn: Bool
    private let began: Duration
    private let state = Mutex(State())

    init(_ label: any PhraseTable, _ facts: Facts = [:], on console: Console, language: Language, isQuiet: Bool) {
        self.console = console
        self.language = language
        self.label = label
        self.facts = facts
        isOn = console.errorsAreTerminal && !isQuiet && console.environment["TERM"] != "dumb"
        began = console.ticks()
    }

    /// Shows how far the work is; `total` may be unknown.
    func update(_ done: Int, of total: Int?) {
        guard isOn else { return }
        let now = console.ticks()
        let isDue = state.withLock { state in
            if now - began < Self.delay { return false }
            if let shown = state.shown, now - shown < Self.interval { return false }
            state.shown = now
            state.isVisible = true
            return true
        }
        if isDue {
            console.complain(
                "\r" + Self.line(label.text(in: language, facts), done, of: total, columns: console.columns ?? 80) + "\u{1B}[K")
        }
    }

    /// Takes the bar away.
    func finish() {
        let wasVisible = state.withLock { state in
            defer { state.isVisible = false }
            return state.isVisible
        }
        if wasVisible { console.complain("\r\u{1B}[K") }
    }

    /// Returns the line of the bar, one column short of the terminal so that it never wraps.
    static func line(_ label: String, _ done: Int, of total: Int?, columns: Int) -> String {
        let measure = DisplayWidth.standard
        guard let total, total > 0 else { return measure.cut("\(label)  \(done)", to: columns - 1) }
        let part = min(max(done, 0), total)
        let filled = part * barColumns / total
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: barColumns - filled)
        let percent = measure.padded(String(part * 100 / total), to: 3, .right)
        return measure.cut("\(label)  [\(bar)] \(percent) %  \(part)/\(total)", to: columns - 1)
    }
}
