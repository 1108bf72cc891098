import ArgumentParser
import Foundation
import Testing
import Wording

@testable import ClientCLI

struct Root: ConsoleCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "buntan", abstract: CommandPhrases.root.spoken, version: "1.0",
            subcommands: [Status.self, Service.self, Publish.self, Fail.self])
    }
    @OptionGroup var global: GlobalOptions
    func run(in invocation: Invocation) async throws -> CommandExit {
        try invocation.console.write("ways to begin\n")
        return .done
    }

    struct Status: ConsoleCommand {
        static var configuration: CommandConfiguration { CommandConfiguration(abstract: CommandPhrases.status.spoken, aliases: ["st"]) }
        @OptionGroup var global: GlobalOptions
        @Argument var rows: [String] = []
        func run(in invocation: Invocation) async throws -> CommandExit {
            let options = invocation.options
            let item: JSONValue = [
                "store": .text(invocation.storePath), "engagement": .text(orNull: options.engagement),
                "rows": .list(rows.map { .text($0) }),
                "language": .text(invocation.language.rawValue), "yes": .bool(options.yes), "quiet": .bool(options.quiet),
            ]
            try invocation.print(
                .single("status/1", nil, fields: ["store", "engagement", "rows", "language", "yes", "quiet"], item) {
                    $0.say(StatusPhrases.nothingToDo)
                })
            return invocation.status(ofListWith: rows.count)
        }
    }

    struct Service: ConsoleCommand {
        static var configuration: CommandConfiguration { CommandConfiguration(subcommands: [Add.self]) }
        @OptionGroup var global: GlobalOptions
        func run(in invocation: Invocation) async throws -> CommandExit {
            try invocation.console.write("service alone\n")
            return .done
        }

        struct Add: ConsoleCommand {
            @OptionGroup var global: GlobalOptions
            @Argument var name: String
            @Option var model: Language?
            func run(in invocation: Invocation) async throws -> CommandExit {
                try invocation.console.write("add \(name) \(invocation.options.engagement ?? "-") \(invocation.options.json)\n")
                return .done
            }
        }
    }

    struct Publish: ConsoleCommand {
        @OptionGroup var global: GlobalOptions
        @Option(name: .shortAndLong, transform: { _ in throw CommandFailure(.dateNotInCalendar, ["value": "2026-02-30"]) }) var until:
            String?
        func run(in invocation: Invocation) async throws -> CommandExit { .done }
    }

    struct Fail: ConsoleCommand {
        struct Unforeseen: Error {}
        struct Known: Error {}
        @OptionGroup var global: GlobalOptions
        @Argument var how: String
        func run(in invocation: Invocation) async throws -> CommandExit {
            switch how {
            case "refused": throw CommandFailure(.notConfirmed, ["counterpart": "Kaisha\u{1B}"], next: "buntan confirm kaisha")
            case "known": throw Known()
            case "cancelled": throw CancellationError()
            default: throw Unforeseen()
            }
        }
    }
}

@Suite("A command line from words to exit status")
struct ProgramTests {
    static func run(
        _ words: String, environment: [String: String] = [:], outputFault: SinkFault? = nil
    ) async throws -> (status: CommandExit, output: String, errors: String) {
        let scratch = try Scratch()
        let environment = ["HOME": scratch.path].merging(environment) { $1 }
        let fake = FakeConsole(environment: environment, outputFault: outputFault)
        let program = Program(root: Root.self, console: fake.console) { error in
            error is Root.Fail.Known ? CommandFailure(.connectionLost, ["server": "sync.example"]) : nil
        }
        let status = await program.run(words.split(separator: " ").map(String.init))
        return (status, fake.output.text.replacing(scratch.path, with: "~"), fake.errors.text.replacing(scratch.path, with: "~"))
    }

    @Test(
        "Global flags stand before or after the command",
        arguments: [
            "--json -e kaisha status 12.3.1 -y", "status --json -e kaisha -y 12.3.1", "-y --json --engagement=kaisha status 12.3.1",
            "-y status 12.3.1 -e kaisha --json", "-yq --json -e kaisha st 12.3.1", "--json -y -e kaisha status -- 12.3.1",
        ])
    func anywhere(words: String) async throws {
        let result = try await Self.run(words)
        #expect(result.status == .done, "\(result.errors)")
        #expect(result.output.contains(#""engagement": "kaisha""#))
        #expect(result.output.contains(#""yes": true"#))
        #expect(result.output.contains("[\n      \"12.3.1\"\n    ]"))
    }

    @Test("Flags move behind the last command word, and a flag's value is never taken for one")
    func nested() async throws {
        #expect(try await Self.run("--json service -e kaisha add X").output == "add X kaisha true\n")
        #expect(try await Self.run("-e add service add X").output == "add X add false\n")
        #expect(try await Self.run("service --json").output == "service alone\n")
        #expect(try await Self.run("").output == "ways to begin\n")
        #expect(try await Self.run("service add X --json").output == "add X - true\n")
    }

    @Test(
        "Wrong usage ends with 2 and says what was meant",
        arguments: [
            ("statsu", "unknown-command", "there is no command 'statsu'\nDid you mean 'status'?"),
            ("--json statsu --all", "unknown-command", "there is no command 'statsu'"),
            ("service ad X", "unknown-command", "Did you mean 'add'?"),
            ("status --jsno", "unknown-option", "Did you mean '--json'?"), ("service add", "missing-argument", "<name> is missing"),
            ("service add A B", "unexpected-argument", "'B' is one argument too many"),
            ("status --store", "missing-option-value", "needs a value"),
            ("status --lang fr", "invalid-value-of", "'fr' cannot be --lang <language>; it is one of en, ja"),
            ("status --json=x", "value-for-flag", "takes no value"),
            ("status --json --plain", "options-exclude", "--json and --plain exclude each other"),
            ("status --fields nope", "unknown-field", "no field 'nope'"),
            ("publish --until 2026-02-30", "date-not-in-calendar", "2026-02-30 does not exist"), ("status -Z", "unknown-option", "'-Z'"),
        ])
    func usage(words: String, code: String, sentence: String) async throws {
        let result = try await Self.run(words)
        #expect(result.status == .usage)
        #expect(result.errors.hasPrefix("buntan: "))
        #expect(result.errors.contains(sentence), "\(result.errors)")
        let json = try await Self.run("--json " + words.replacing("--json ", with: ""))
        #expect(json.status == .usage)
        if !words.contains("--plain"), !words.contains("--json") {
            #expect(json.output.contains("\"code\": \"\(code)\""), "\(json.output)")
        }
    }

    @Test(
        "The parser's own errors speak Japanese too",
        arguments: ["statsu", "status --jsno", "service add", "status --store", "status --lang fr"])
    func japaneseUsage(words: String) async throws {
        let result = try await Self.run(words, environment: ["LC_ALL": "ja_JP.UTF-8"])
        #expect(result.status == .usage)
        #expect(result.errors.unicodeScalars.contains { (0x3040...0x30FF).contains($0.value) }, "\(result.errors)")
        #expect(!result.errors.contains("Unknown") && !result.errors.contains("Missing"))
    }

    @Test("Help and version are results, in the language of the user")
    func help() async throws {
        let help = try await Self.run("status --help")
        #expect(help.status == .done && help.errors.isEmpty)
        #expect(help.output.hasPrefix("Show where you stand") && help.output.contains("USAGE:\n  buntan status"), "\(help.output)")
        #expect(help.output.contains("--passphrase-file"))
        let japanese = try await Self.run("--lang ja --help")
        #expect(japanese.output.contains("使い方:\n") && japanese.output.contains("現状と、次に行うこと"))
        #expect(!japanese.output.contains("OPTIONS:") && !japanese.output.contains("Show"), "\(japanese.output)")
        #expect(try await Self.run("--version").output == "1.0\n")
    }

    @Test("A failure ends with its status, its sentence and the next command")
    func failure() async throws {
        let result = try await Self.run("fail refused")
        #expect(result.status == .refused && result.output.isEmpty)
        #expect(
            result.errors == """
                buntan: Kaisha\\u{1b} is not confirmed; nobody signs before its fingerprint was compared
                Next: buntan confirm kaisha

                """)
        let json = try await Self.run("fail refused --json --lang ja")
        #expect(json.output.contains("\"format\": \"buntan.error/1\"") && json.output.contains("\"exit\": 4"))
        #expect(json.errors.contains("未確認"))
        #expect(try await Self.run("fail known").status == .network)
        #expect(try await Self.run("fail cancelled").status == .interrupted)
    }

    @Test("An error that nobody foresaw says where its details lie, and they lie there")
    func unforeseen() async throws {
        let scratch = try Scratch()
        let fake = FakeConsole(environment: ["HOME": "/nowhere", "XDG_STATE_HOME": scratch.path])
        let status = await Program(root: Root.self, console: fake.console).run(["fail", "other"])
        #expect(status == .machine)
        #expect(fake.errors.text.contains(scratch.path + "/buntan/errors.log"))
        let kept = try String(contentsOfFile: scratch.path + "/buntan/errors.log", encoding: .utf8)
        #expect(kept.hasPrefix("2026-11-23T10:05:11Z Unforeseen ") && kept.hasSuffix("\n"))
        let mode = try FileManager.default.attributesOfItem(atPath: scratch.path + "/buntan/errors.log")[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test(
        "A closed pipe ends quietly, a full disk does not",
        arguments: [
            (SinkFault.closed, CommandExit.done, ""),
            (.failed(errno: 28), .machine, "buntan: - cannot be written: No space left on device\n"),
        ])
    func pipes(fault: SinkFault, status: CommandExit, errors: String) async throws {
        let result = try await Self.run("status", outputFault: fault)
        #expect(result.status == status)
        #expect(result.errors == errors)
    }

    @Test("Only --exit-code makes a list end with 1")
    func exitCode() async throws {
        #expect(try await Self.run("status 1").status == .done)
        #expect(try await Self.run("status 1 --exit-code").status == .found)
        #expect(try await Self.run("status --exit-code").status == .done)
    }

    @Test("Writing into a pipe that nobody reads is a closed sink, not a death")
    func brokenPipe() throws {
        Interruption.install()
        let ends = try #require(PipeEnds.open())
        close(ends.reading)
        let sink = DescriptorSink(ends.writing)
        try sink.write([1, 2, 3])
        #expect(throws: SinkFault.closed) { try sink.flush() }
        close(ends.writing)
    }
}
