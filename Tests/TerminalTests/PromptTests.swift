import Foundation
import Synchronization
import Testing
import Wording

@testable import ClientCLI

@Suite("Questions, progress and editors")
struct PromptTests {
    static func prompt(_ fake: FakeConsole, yes: Bool = false, mayAsk: Bool = true, file: String? = nil) -> Prompt {
        Prompt(console: fake.console, language: .en, assumesYes: yes, mayAsk: mayAsk, passphraseFile: file)
    }

    @Test(
        "A question is repeated until it is answered, and means no by itself",
        arguments: [
            (["y"], true), (["YES "], true), (["はい"], true), (["n"], false), ([""], false), (["maybe", "y"], true), ([], false),
        ])
    func yesNo(answers: [String], expected: Bool) throws {
        let fake = FakeConsole(answers: answers, isTerminal: true)
        #expect(try Self.prompt(fake).confirms(EngagementPhrases.confirmQuestion) == expected)
        #expect(fake.output.text.isEmpty)
        #expect(fake.errors.text.hasPrefix("Is it the same? [y/N] "))
    }

    /// Collects what is written until it is flushed, as a terminal's output does, and keeps one record with other ends.
    private final class CollectingSink: ByteSink {
        let pending = Mutex<[UInt8]>([])
        let shown: MemorySink
        init(shownIn shown: MemorySink) { self.shown = shown }
        func write(_ bytes: [UInt8]) throws(SinkFault) { pending.withLock { $0 += bytes } }
        func flush() throws(SinkFault) {
            let bytes = pending.withLock { pending in
                defer { pending = [] }
                return pending
            }
            try shown.write(bytes)
        }
    }

    @Test("Whatever is asked stands after what it is about")
    func order() throws {
        let questions: [(Prompt) throws -> Void] = [
            { _ = try $0.confirms(EngagementPhrases.confirmQuestion) },
            { try $0.typesName("y", given: nil, asking: AgreementPhrases.typeName) { $0 == "y" } },
            { _ = try $0.choice(ConflictPhrases.askWhich, flag: "--take") }, { _ = try $0.passphrase() },
        ]
        for question in questions {
            let fake = FakeConsole(answers: ["y"], isTerminal: true)
            var console = fake.console
            console.output = CollectingSink(shownIn: fake.errors)
            let prompt = Prompt(console: console, language: .en)
            try console.write("What it is about.\n")
            try question(prompt)
            #expect(fake.errors.text.hasPrefix("What it is about.\n"), "\(fake.errors.text)")
            #expect(fake.errors.text.count > "What it is about.\n".count)
        }
    }

    @Test("Where nobody can be asked, the flag is named", arguments: [(true, false), (false, true)])
    func nobody(isTerminal: Bool, mayAsk: Bool) throws {
        let prompt = Self.prompt(FakeConsole(answers: ["y"], isTerminal: isTerminal), mayAsk: mayAsk)
        let failures: [CommandFailure?] = [
            #expect(throws: CommandFailure.self) { try prompt.confirms(EngagementPhrases.confirmQuestion) },
            #expect(throws: CommandFailure.self) {
                try prompt.typesName("A", given: nil, asking: AgreementPhrases.typeName) { $0 == "A" }
            },
            #expect(throws: CommandFailure.self) { try prompt.passphrase() },
        ]
        #expect(failures.map { $0?.code } == ["answer-missing", "answer-missing", "answer-missing"])
        #expect(failures.map { $0?.facts["flag"] } == ["--yes", "--confirm", "--passphrase-file"])
        #expect(failures.allSatisfy { $0?.exit == .usage })
    }

    @Test("A question that would go into a file or a pipe is not asked: the error says it")
    func hidden() throws {
        let fake = FakeConsole(answers: ["y"], isTerminal: true)
        var console = fake.console
        console.errorsAreTerminal = false
        let prompt = Prompt(console: console, language: .en)
        let refused = #expect(throws: CommandFailure.self) { try prompt.confirms(EngagementPhrases.confirmQuestion) }
        #expect(refused?.message(in: .en).contains("Is it the same?") == true)
        #expect(refused?.message(in: .ja).contains("同じですか。") == true)
        #expect(fake.errors.text.isEmpty)
        let many = #expect(throws: CommandFailure.self) { try prompt.confirmsMany(21) }
        #expect(many?.message(in: .en).contains("This touches 21 records.") == true)
    }

    @Test("More than 20 records are asked about, 20 are not", arguments: [(20, true), (21, false)])
    func many(count: Int, passes: Bool) throws {
        let silent = Self.prompt(FakeConsole())
        if passes {
            try silent.confirmsMany(count)
        } else {
            #expect(throws: CommandFailure.self) { try silent.confirmsMany(count) }
        }
        try Self.prompt(FakeConsole(), yes: true).confirmsMany(count)
        try Self.prompt(FakeConsole(answers: ["y"], isTerminal: true)).confirmsMany(count)
    }

    @Test("A name has to be typed or given exactly; yes to all does not type it")
    func names() throws {
        func type(_ answers: [String], given: String?, yes: Bool = false, isTerminal: Bool = true) throws {
            try Self.prompt(FakeConsole(answers: answers, isTerminal: isTerminal), yes: yes)
                .typesName("Example Cloud K.K.", given: given, asking: AgreementPhrases.typeName) { $0 == "Example Cloud K.K." }
        }
        try type([" Example Cloud K.K. "], given: nil)
        try type([], given: "Example Cloud K.K.", isTerminal: false)
        for (answers, given) in [(["Example"], nil), (["y"], nil), ([], nil), ([], "Kaisha")] as [([String], String?)] {
            #expect(throws: CommandFailure.self) { try type(answers, given: given) }
        }
        #expect(throws: CommandFailure.self) { try type([], given: nil, yes: true, isTerminal: false) }
    }

    @Test("A passphrase is typed unseen, twice when it is new, or read from the first line of a file")
    func passphrases() throws {
        let fake = FakeConsole(answers: ["分担 1", "分担 1"], isTerminal: true)
        #expect(try Self.prompt(fake).newPassphrase() == Array("分担 1".utf8))
        #expect(fake.input.secretCount == 2)
        #expect(!fake.errors.text.contains("分担"))
        #expect(throws: CommandFailure.self) { try Self.prompt(FakeConsole(answers: ["a", "b"], isTerminal: true)).newPassphrase() }
        #expect(throws: CommandFailure.self) { try Self.prompt(FakeConsole(answers: [""], isTerminal: true)).newPassphrase() }

        let scratch = try Scratch()
        for (text, expected) in [("secret\nmore", "secret"), ("secret\r\n", "secret"), ("secret", "secret"), (" a b ", " a b ")] {
            let file = try scratch.write("p", text)
            #expect(try Self.prompt(FakeConsole(), file: file).passphrase() == Array(expected.utf8))
        }
        let empty = try scratch.write("p", "\n")
        #expect(throws: CommandFailure.self) { try Self.prompt(FakeConsole(), file: empty).passphrase() }
        let missing = #expect(throws: CommandFailure.self) { try Self.prompt(FakeConsole(), file: scratch.path + "/none").passphrase() }
        #expect(missing?.exit == .machine)
    }

    @Test("Progress appears after 100 ms, at most every 50 ms, and leaves no trace")
    func progress() {
        let fake = FakeConsole(isTerminal: true, columns: 60)
        let progress = Progress(SyncPhrases.fetching, on: fake.console, language: .en, isQuiet: false)
        fake.ticks.advance(milliseconds: 99)
        progress.update(1, of: 4)
        #expect(fake.errors.text.isEmpty)
        fake.ticks.advance(milliseconds: 1)
        progress.update(2, of: 4)
        #expect(fake.errors.text == "\rFetching  [############............]  50 %  2/4\u{1B}[K")
        fake.ticks.advance(milliseconds: 49)
        progress.update(3, of: 4)
        #expect(!fake.errors.text.contains("3/4"))
        fake.ticks.advance(milliseconds: 1)
        progress.update(4, of: 4)
        #expect(fake.errors.text.contains("100 %  4/4"))
        progress.finish()
        #expect(fake.errors.text.hasSuffix("\r\u{1B}[K"))
        #expect(fake.output.text.isEmpty)
    }

    @Test(
        "Progress that was never shown, or may not be, writes nothing",
        arguments: [(true, false, 50), (false, false, 500), (true, true, 500)])
    func silentProgress(isTerminal: Bool, isQuiet: Bool, milliseconds: Int) {
        let fake = FakeConsole(isTerminal: isTerminal)
        let progress = Progress(SyncPhrases.fetching, on: fake.console, language: .ja, isQuiet: isQuiet)
        fake.ticks.advance(milliseconds: milliseconds)
        progress.update(1, of: 2)
        progress.finish()
        #expect(fake.errors.text.isEmpty)
    }

    @Test("A bar never wraps and bears any count", arguments: [(0, 10), (10, 10), (11, 10), (-1, 10), (5, nil), (5, 0)] as [(Int, Int?)])
    func bars(done: Int, total: Int?) {
        for columns in [20, 40, 80] {
            #expect(DisplayWidth.standard(Progress.line("取込み中", done, of: total, columns: columns)) < columns)
        }
    }

    @Test("The editor is VISUAL, then EDITOR; what it leaves is taken, and its file is gone afterwards")
    func editor() throws {
        #expect(Editor.command(["VISUAL": "", "EDITOR": "vi"]) == "vi")
        #expect(Editor.command(["VISUAL": "code -w", "EDITOR": "vi"]) == "code -w")
        let programs = FakePrograms(writing: "after\n分担")
        let fake = FakeConsole(environment: ["EDITOR": "ed"], programs: programs)
        #expect(try Editor(console: fake.console).edit("before", fileName: "comment.txt") == "after\n分担")
        let call = try #require(programs.calls.first)
        #expect(call.hasPrefix("ed ") && call.hasSuffix("/comment.txt"))
        #expect(!FileManager.default.fileExists(atPath: String(call.dropFirst(3))))

        let none = #expect(throws: CommandFailure.self) { try Editor(console: FakeConsole().console).edit("", fileName: "x") }
        #expect(none?.code == "editor-missing")
        let failing = FakeConsole(environment: ["EDITOR": "ed"], programs: FakePrograms(status: 1))
        let failed = #expect(throws: CommandFailure.self) { try Editor(console: failing.console).edit("", fileName: "x") }
        #expect(failed?.code == "editor-failed")
    }

    @Test("Programs run through the shell with their arguments, and a pager that leaves early is no error")
    func shell() throws {
        let scratch = try Scratch()
        let file = scratch.path + "/a b'c"
        #expect(try ShellPrograms().run("printf x >", arguments: [file]) == 0)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "x")
        #expect(try ShellPrograms().run("exit 7; :", arguments: ["x"]) == 7)
        try ShellPrograms().feed(Array("page".utf8), to: "cat > '\(scratch.path)/page'")
        #expect(try String(contentsOfFile: scratch.path + "/page", encoding: .utf8) == "page")
    }
}
