import BuntanProtocol
import Foundation
import Merging
import Records
import Replica
import Storage
import StorageSQLite
import Wording

/// Asks for one row after the other. Every answer is stored before the next row is shown: whoever stops has lost nothing.
struct AnswerWalk {
    private enum Step {
        /// The row stands as it was.
        case stay
        case onward
        case quit
    }

    private let open: OpenStore
    private let subject: AnswerSubject
    private let home: SpaceID?
    private let queue: [RowKey]
    private let items: RowItems
    private(set) var acts: AnswerActs
    /// The row whose screen stands above the question.
    private var shown: Int?

    init(_ open: OpenStore, _ subject: AnswerSubject, _ queue: [RowKey], _ items: RowItems, home: SpaceID?) throws {
        (self.open, self.subject, self.queue, self.items, self.home) = (open, subject, queue, items, home)
        acts = try AnswerActs(open, subject, items)
    }

    private var invocation: Invocation { open.invocation }
    private var language: Language { invocation.language }

    mutating func run() throws {
        var at = 0
        while at < queue.count {
            let row = try open.store.read { try subject.row(queue[at], open.reading, $0) }
            // Its control was answered meanwhile, or another device has said it.
            guard subject.waits(row) else {
                at += 1
                continue
            }
            if shown != at { try show(row, at, isWhole: false) }
            guard let typed = try key(row) else { return }
            let step: Step
            switch typed.key {
            case "a": step = try accept(row, at)
            case "p": step = try propose(row, typed.rest, at)
            case "n": step = try note(row, typed.rest, at)
            case "s":
                try acts.pass(row, at: at)
                step = .onward
            case "u":
                if let index = try undo() { at = index }
                step = .stay
            case "v":
                try show(row, at, isWhole: true)
                step = .stay
            case "q": step = .quit
            case "?":
                say { $0.say(AnswerPhrases.help) }
                step = .stay
            default:
                say { $0.say(AnswerPhrases.unknownKey, ["key": .text(typed.key)], .warning) }
                step = .stay
            }
            switch step {
            case .stay: break
            case .onward: at += 1
            case .quit: return
            }
        }
    }

    private mutating func show(_ row: MatrixRow, _ index: Int, isWhole: Bool) throws {
        let screen = try open.store.read { reader in
            try acts.see(row, reader)
            return try AnswerScreen(row, subject, items, open.reading, reader)
        }
        say { page in
            page.blank()
            screen.show(&page, number: index + 1, of: queue.count, isWhole: isWhole)
        }
        shown = index
    }

    // MARK: what is typed

    /// The next key, and what follows it on its line; `nil` at the end of what is typed.
    private func key(_ row: MatrixRow) throws -> (key: String, rest: String)? {
        let theirs = offered(row)
        let facts: Facts = ["allocation": .text(theirs.map { CodeLabels.shown($0, language) } ?? "-")]
        guard let line = try read(theirs == nil ? .keysAlone : .keys, facts, asKey: true) else { return nil }
        return (Self.plain(line.prefix(1)), line.dropFirst().trimmingCharacters(in: .whitespaces))
    }

    /// What is typed after a question, without blanks around it: one key at a keyboard, a line elsewhere.
    private func read(_ question: AnswerPhrases, _ facts: Facts = [:], asKey: Bool = false) throws -> String? {
        let console = invocation.console
        try console.output.flush()
        console.complain(question.text(in: language, facts) + " ")
        guard asKey, console.inputIsTerminal, console.errorsAreTerminal else {
            let line = try console.input.line()
            // At a terminal whoever types ends the line of the question too; what comes by file or pipe is not seen.
            if !console.inputIsTerminal { console.complain("\n") }
            return line?.trimmingCharacters(in: .whitespaces)
        }
        // Where each key acts at once, somebody may type on as on a line: a blank between two words is no answer.
        var key = try console.input.key()
        while key == " " { key = try console.input.key() }
        console.complain((key?.visible ?? "") + "\n")
        return key?.trimmingCharacters(in: .whitespaces)
    }

    /// Letters in whatever width and case they were typed.
    private static func plain(_ typed: some StringProtocol) -> String {
        String(typed).precomposedStringWithCompatibilityMapping.lowercased()
    }

    private func say(_ words: (inout Page) -> Void) {
        var style = invocation.pageStyle
        style.usesColor = style.usesColor && invocation.console.errorsAreTerminal
        var page = Page(style)
        words(&page)
        invocation.console.complain(page.text)
    }

    /// What the other side offers to be accepted: that nobody has the row leaves it as open as it is.
    private func offered(_ row: MatrixRow) -> String? {
        guard subject.engagement != nil, let theirs = row.theirs(for: subject.seat).text, theirs != "unallocated" else {
            return nil
        }
        return theirs
    }

    // MARK: answers

    private mutating func accept(_ row: MatrixRow, _ index: Int) throws -> Step {
        guard let theirs = offered(row) else {
            say { $0.say(AnswerPhrases.nothingToAccept, [:], .warning) }
            return .stay
        }
        return tell(row, theirs, try acts.answer(.acceptance, row, words: "", at: index))
    }

    /// Asks for an allocation and a reason, where these do not stand on the line already.
    private mutating func propose(_ row: MatrixRow, _ typed: String, _ index: Int) throws -> Step {
        let parts = typed.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
        guard let word = try parts.first ?? read(.whose, asKey: true) else { return .quit }
        guard let allocation = Self.allocation(Self.plain(word)) else {
            say { $0.say(AnswerPhrases.noAllocation, ["word": .text(word)], .warning) }
            return .stay
        }
        // Where what is typed ends here, the answer stands without a reason.
        var words = try parts.isEmpty ? read(subject.engagement == nil ? .statement : .why) ?? "" : parts.dropFirst().first ?? ""
        // And the rest of the allocation's own word is no reason.
        if parts.isEmpty, word.count == 1, case let rest = allocation.dropFirst(), words == rest || words.hasPrefix(rest + " ") {
            words = String(words.dropFirst(rest.count).drop(while: \.isWhitespace))
        }
        return tell(row, allocation, try acts.answer(.proposal(allocation), row, words: words, at: index))
    }

    private static let allocations = [
        "p": "provider", "c": "customer", "s": "shared", "u": "supplier", "n": "not-applicable",
    ]

    /// The allocation of a key, or of its word in either language.
    private static func allocation(_ word: String) -> String? {
        allocations[word] ?? CodeLabels.code(word, among: Array(allocations.values))
    }

    private mutating func tell(_ row: MatrixRow, _ allocation: String, _ followers: Int?) -> Step {
        guard let followers else {
            say { $0.say(AnswerPhrases.changedMeanwhile, ["row": .text(row.key.shown)], .warning) }
            shown = nil
            return .stay
        }
        say {
            $0.say(
                followers == 0 ? AnswerPhrases.answered : .answeredWith,
                [
                    "row": .text(row.key.shown), "allocation": .text(CodeLabels.shown(allocation, language)),
                    "n": .number(followers),
                ], .good)
        }
        return .onward
    }

    private mutating func note(_ row: MatrixRow, _ typed: String, _ index: Int) throws -> Step {
        guard let home else { throw CommandFailure(.notEnrolled) }
        guard let text = try typed.isEmpty ? read(.noteText) : typed else { return .quit }
        if text.isEmpty {
            say { $0.say(AnswerPhrases.noNote) }
        } else {
            try acts.note(text, on: row, home: home, at: index)
            say { $0.say(AnswerPhrases.noted, ["row": .text(row.key.shown)], .good) }
        }
        return .stay
    }

    /// Takes the last act back and returns where it was done; `nil` where there is none, or something later stands in its way.
    private mutating func undo() throws -> Int? {
        do {
            guard let act = try acts.undo() else {
                say { $0.say(AnswerPhrases.nothingToUndo, [:], .warning) }
                return nil
            }
            say { $0.say(AnswerPhrases.undone, ["row": .text(queue[act.index].shown)]) }
            shown = nil
            return act.index
        } catch is UndoFault {
            say { $0.say(AnswerPhrases.undoBlocked, [:], .warning) }
            return nil
        }
    }
}
