import Foundation
import Wording

/// Asks the person at the terminal; questions go to standard error, so that results stay clean.
struct Prompt: Sendable {
    let console: Console
    let language: Language
    /// Whether `--yes` answers what can be answered with yes.
    var assumesYes = false
    /// Whether `--no-input` forbids to ask.
    var mayAsk = true
    var passphraseFile: String?

    private static let passphraseFileLimit = 4096

    /// Whether somebody sees a question and can answer it: one that goes into a file or pipe would be waited for unseen.
    var canAsk: Bool { mayAsk && console.inputIsTerminal && console.errorsAreTerminal }

    /// Asks a question of yes or no; no is what an empty answer means.
    ///
    /// Without anybody to ask it throws an error that names the flag.
    func confirms(_ question: some PhraseTable, _ facts: Facts = [:], flag: String = "--yes") throws -> Bool {
        if assumesYes { return true }
        guard canAsk else { throw unasked(.word(question, facts), flag) }
        while true {
            try ask(PromptPhrases.yesNo.text(in: language, ["question": .word(question, facts)]) + " ")
            guard let answer = try console.input.line() else { return false }
            switch answer.trimmingCharacters(in: .whitespaces).lowercased() {
            case "y", "yes", "はい", "ｙ": return true
            case "n", "no", "いいえ", "ｎ", "": return false
            default: console.complain(PromptPhrases.yesNoAgain.text(in: language) + "\n")
            }
        }
    }

    /// Asks before a change touches more than 20 records.
    func confirmsMany(_ count: Int) throws { try confirmsMany(count, PromptPhrases.touchesMany, ["n": .number(count)]) }

    /// Asks a question of its own before a change touches more than 20 records; an error without anybody to ask says it.
    func confirmsMany(_ count: Int, _ question: some PhraseTable, _ facts: Facts) throws {
        guard count > Self.fewRecords, !assumesYes else { return }
        guard canAsk else { throw CommandFailure(.tooMany, ["question": .word(question, facts)]) }
        guard try confirms(question, facts) else { throw CommandFailure(.declined) }
    }

    /// Records that a change may touch without being asked about (commands.md section 1).
    static let fewRecords = 20

    private func unasked(_ question: Fact, _ flag: String) -> CommandFailure {
        CommandFailure(.answerMissing, ["question": question, "flag": .text(flag)])
    }

    /// Asks for a name to be typed before something severe; `given` is the value of `--confirm`. `--yes` does not answer this.
    ///
    /// - Parameter accepts: whether what was typed names the thing.
    func typesName(
        _ name: String, given: String?, asking question: some PhraseTable, _ facts: Facts = [:], flag: String = "--confirm",
        accepts: (String) -> Bool
    ) throws {
        let typed: String
        if let given {
            typed = given
        } else {
            guard canAsk else { throw unasked(.word(question, facts), flag) }
            try ask(question.text(in: language, facts) + "\n> ")
            guard let answer = try console.input.line() else { throw CommandFailure(.declined) }
            typed = answer.trimmingCharacters(in: .whitespaces)
        }
        guard accepts(typed) else { throw CommandFailure(.nameDiffers, ["given": .text(typed), "expected": .text(name)]) }
    }

    /// Asks a question with an answer of one word, such as a number, and returns what was typed.
    func choice(_ question: some PhraseTable, _ facts: Facts = [:], flag: String) throws -> String {
        guard canAsk else { throw unasked(.word(question, facts), flag) }
        try ask(question.text(in: language, facts) + " ")
        return try console.input.line()?.trimmingCharacters(in: .whitespaces) ?? ""
    }

    /// Returns the passphrase of the keys: from `--passphrase-file`, or typed without being shown.
    func passphrase() throws -> [UInt8] {
        if let passphraseFile { return try read(passphraseFile) }
        return try typed(.passphrase)
    }

    /// Returns a new passphrase, typed twice; `flag` names the file it could come from.
    func newPassphrase(flag: String = "--passphrase-file") throws -> [UInt8] {
        if let passphraseFile { return try read(passphraseFile) }
        let first = try typed(.passphraseNew, flag: flag)
        guard !first.isEmpty else { throw CommandFailure(.passphraseEmpty) }
        guard try typed(.passphraseAgain, flag: flag) == first else { throw CommandFailure(.passphraseDiffers) }
        return first
    }

    /// Returns something secret, typed without being shown; `flag` names the file it could come from.
    func secret(_ prompt: PromptPhrases, flag: String) throws -> String {
        guard canAsk else { throw unasked(.word(prompt), flag) }
        try ask(prompt.text(in: language) + " ")
        let answer = try console.input.secret()
        console.complain("\n")
        guard let answer else { throw CommandFailure(.declined) }
        return answer
    }

    /// Returns a line that was typed; nothing for an empty one.
    func line(_ question: some PhraseTable, _ facts: Facts = [:], flag: String) throws -> String? {
        let typed = try choice(question, facts, flag: flag)
        return typed.isEmpty ? nil : typed
    }

    /// Whether a passphrase can be had without an error: from a file or a person.
    var canGetPassphrase: Bool { passphraseFile != nil || canAsk }

    /// Puts a question after what it is about: results are collected, questions are not.
    private func ask(_ question: String) throws {
        try console.output.flush()
        console.complain(question)
    }

    private func typed(_ prompt: PromptPhrases, flag: String = "--passphrase-file") throws -> [UInt8] {
        Array(try secret(prompt, flag: flag).utf8)
    }

    private func read(_ path: String) throws -> [UInt8] {
        let bytes: [UInt8]
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { handle.closeFile() }
            bytes = try Array(handle.read(upToCount: Self.passphraseFileLimit) ?? Data())
        } catch {
            throw CommandFailure(.passphraseFileUnreadable, ["path": .text(path), "reason": .text(SystemReason.of(error))])
        }
        // What some editors put before the first line is no part of it.
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        var line = bytes.dropFirst(bytes.starts(with: mark) ? mark.count : 0).prefix { $0 != UInt8(ascii: "\n") }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard !line.isEmpty else { throw CommandFailure(.passphraseEmpty) }
        return Array(line)
    }
}
