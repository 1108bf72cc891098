import Foundation
import Synchronization
import Wording

/// How a command of the server ends when it does not end well; the codes are those of the client.
enum ServerExit: Int32 {
    case found = 1
    case usage = 2
    case damaged = 5
    case machine = 7
}

/// Where the commands say what they have to say, and in which language.
struct Speaker: Sendable {
    typealias Sink = @Sendable (String) -> Void

    /// The speaker of the command that runs.
    @TaskLocal static var current = Speaker(environment: ProcessInfo.processInfo.environment)

    let language: Language
    let environment: [String: String]
    private let output: Sink
    private let errors: Sink

    init(environment: [String: String], output: @escaping Sink = Speaker.standardOutput, errors: @escaping Sink = Speaker.standardError) {
        language = Language.ofLocale(environment) ?? .en
        self.environment = environment
        self.output = output
        self.errors = errors
    }

    func say(_ text: String) { write(text + "\n") }
    /// Says text that has its line breaks already.
    func write(_ text: String) { output(text) }
    func say(_ entry: some PhraseTable, _ facts: Facts = [:]) { say(entry.text(in: language, facts)) }

    /// Says on standard error what is not part of the result.
    func tell(_ entry: some PhraseTable, _ facts: Facts = [:]) { errors(entry.text(in: language, facts) + "\n") }

    /// Says on standard error what went wrong.
    func complain(_ entry: some PhraseTable, _ facts: Facts = [:]) { complain(Fact.word(entry, facts)) }
    func complain(_ message: Fact) { tell(HelpPhrases.serverErrorLine, ["message": message]) }

    /// What nobody reads any more is not said; what has no room is said to be lost.
    static let standardOutput: Sink = { text in
        guard let fault = StandardStream.write(Array(text.utf8), to: STDOUT_FILENO), fault != EPIPE else { return }
        StandardStream.lostWords.withLock { $0 = true }
        standardError("buntan-server: standard output: \(String(cString: strerror(fault)))\n")
    }
    static let standardError: Sink = { LineLogHandler.standardError(Array($0.utf8)) }
}
